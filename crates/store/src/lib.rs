//! How data is kept: one `Db` over SQLite or PostgreSQL, and the things every capability shares: the tamper-evident
//! journal (留痕), the outbox, background jobs, sealed personal fields (密封) and files. No capability's table lives here.
//!
//! A command is a [`Work`], written once for both engines. On SQLite one writer thread commits waiting commands in
//! groups; on PostgreSQL each command runs on a pooled connection and is run again after a serialization failure.

mod companion;
mod db;
mod dialect;
mod error;
pub mod figures;
pub mod files;
mod held;
mod hex;
#[cfg(test)]
mod isolation_tests;
pub mod jobs;
pub mod journal;
mod lite;
pub mod meter;
mod migrate;
pub mod outbox;
mod pg;
mod private_file;
mod retries;
pub mod scan;
pub mod seal;
pub mod sign;
mod statements;
#[cfg(any(test, feature = "testing"))]
#[allow(clippy::expect_used, reason = "a test stops where its database cannot be made")]
pub mod testing;
#[cfg(test)]
mod tests;
pub mod transfer;
mod tx;
mod value;

pub use companion::{Companion, Noting};
pub use db::{Db, DbConfig};
pub use dialect::Engine;
pub use error::Error;
pub use migrate::{BASE_MIGRATION, HEADS_MIGRATION, JOURNAL_MIGRATION, Migration, migrate, pending};
pub use retries::Retries;
pub use statements::Statement;
pub use tx::{Tx, Work};
pub use value::{Cell, Column, FromRow, Row, Val};

/// The tables that the statements of this crate are tested with.
#[cfg(test)]
const MIGRATIONS: &[Migration] = &[BASE_MIGRATION, JOURNAL_MIGRATION, HEADS_MIGRATION];

/// The result of everything in this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;
