//! The statements of the floors.

use super::rows::Row;

/// The connection as safe as the product's.
pub const SAFE: &str = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=20000; \
    PRAGMA cache_size=-32768;";
pub const BEGIN: &str = "BEGIN";
pub const COMMIT: &str = "COMMIT";
pub const UPDATE: &str = "UPDATE case_record SET version = version + 1, status = $2, is_open = $3, handling_org = $4, \
    due_on = $5, state = $6 WHERE id = $1";
pub const DROP: &str = "DELETE FROM case_task WHERE case_id = $1";
pub const SERIAL: &str = "INSERT INTO serial (scope, last) VALUES ($1, 1) \
    ON CONFLICT (scope) DO UPDATE SET last = serial.last + 1 RETURNING last";

/// All columns of the rows with this key.
pub fn rows_of(table: &str, by: &str) -> String {
    format!("SELECT * FROM {table} WHERE {by} = ?1")
}

/// The statement that writes a row.
pub fn insert(row: &Row) -> String {
    let places: Vec<String> = (1..=row.columns.len()).map(|n| format!("${n}")).collect();
    format!("INSERT INTO {} ({}) VALUES ({})", row.table, row.columns.join(", "), places.join(", "))
}
