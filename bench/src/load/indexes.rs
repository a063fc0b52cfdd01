//! A load on SQLite leaves aside the indexes that only lists and searches read, and builds them at its end, sorted: what an
//! import of a city's old cases would do too.

use super::sql;
use rusqlite::Connection;
use std::path::Path;

/// The indexes that were left aside.
pub struct Aside {
    statements: Vec<String>,
}

/// Takes the indexes of the database away.
///
/// # Errors
/// When somebody else writes to it.
pub fn put_aside(database: &Path) -> rusqlite::Result<Aside> {
    let db = Connection::open(database)?;
    let found = db
        .prepare(sql::OF_LISTS)?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<Vec<(String, String)>>>()?;
    for (name, _) in &found {
        db.execute_batch(&sql::drop(name))?;
    }
    Ok(Aside { statements: found.into_iter().map(|(_, statement)| statement).collect() })
}

impl Aside {
    /// Builds them again.
    ///
    /// # Errors
    /// When the disk is full.
    pub fn build(self, database: &Path) -> rusqlite::Result<()> {
        let db = Connection::open(database)?;
        db.execute_batch(sql::SORTING)?;
        self.statements.iter().try_for_each(|statement| db.execute_batch(statement))
    }
}
