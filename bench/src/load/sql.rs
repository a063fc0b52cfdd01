//! The statements of a load.

/// The indexes that only lists and searches of what is loaded read.
pub const OF_LISTS: &str = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql LIKE 'CREATE INDEX%' \
    AND tbl_name IN ('journal', 'case_record', 'case_task', 'application') ORDER BY name";
/// A connection that sorts on disk.
pub const SORTING: &str = "PRAGMA temp_store=FILE; PRAGMA cache_size=-262144;";

/// Takes this index away.
pub fn drop(index: &str) -> String {
    format!("DROP INDEX {index}")
}
