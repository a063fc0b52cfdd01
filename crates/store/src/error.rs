//! One error for both engines, so that callers never look at a driver's own codes.

use tokio_postgres::error::SqlState;

/// What can go wrong while keeping data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The queue of writers or the database's lock stayed full for too long.
    #[error("the database is busy")]
    Busy,
    /// Somebody else changed the same thing first: load it anew and decide again.
    #[error("somebody else changed it first: {0}")]
    Conflict(String),
    /// A unique index refused the row. SQLite names `table.column`, PostgreSQL the index (which opens with the table).
    #[error("such a row exists already: {constraint}")]
    Unique {
        /// What refused it, opening with the table's name on both engines.
        constraint: String,
    },
    /// The work awaited something that is not its transaction; input and output belong before or after it.
    #[error("the work awaited something other than its transaction")]
    Suspended,
    /// A statement ran longer than the configured limit.
    #[error("the statement took too long")]
    Timeout,
    /// The database cannot be reached or written: no connection, disk full, shutting down.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// Files cannot be kept or read at the moment: their store or the scanner of uploads is away.
    #[error("files cannot be kept or read: {0}")]
    Files(String),
    /// Stored data is damaged or does not have the shape the program expects.
    #[error("stored data is damaged: {0}")]
    Corrupt(String),
    /// A row or file that had to exist does not.
    #[error("not found")]
    NotFound,
    /// Anything else, mostly a mistake in a statement.
    #[error("{0}")]
    Other(String),
}

impl Error {
    /// Whether the same work, started again from loading its data, may succeed.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Busy | Self::Conflict(_) | Self::Unavailable(_) | Self::Files(_))
    }
}

impl From<rusqlite::Error> for Error {
    fn from(e: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as C;
        let rusqlite::Error::SqliteFailure(code, text) = e else {
            return match e {
                rusqlite::Error::QueryReturnedNoRows => Self::NotFound,
                other => Self::Other(other.to_string()),
            };
        };
        let text = text.unwrap_or_else(|| code.to_string());
        match code.code {
            C::DatabaseBusy | C::DatabaseLocked => Self::Busy,
            C::OperationInterrupted => Self::Timeout,
            C::DatabaseCorrupt | C::NotADatabase => Self::Corrupt(text),
            C::DiskFull | C::SystemIoFailure | C::CannotOpen | C::ReadOnly | C::OutOfMemory => {
                Self::Unavailable(text)
            }
            C::ConstraintViolation if matches!(code.extended_code, 2067 | 1555) => {
                let constraint = text.strip_prefix("UNIQUE constraint failed: ").unwrap_or(&text).to_owned();
                Self::Unique { constraint }
            }
            _ => Self::Other(text),
        }
    }
}

impl From<tokio_postgres::Error> for Error {
    fn from(e: tokio_postgres::Error) -> Self {
        let Some(db) = e.as_db_error() else {
            let text = e.to_string();
            return if e.is_closed()
                || text.contains("connect")
                || text.contains("communicating")
                || text.contains("timeout")
            {
                Self::Unavailable(text)
            } else {
                Self::Other(format!("{text}: {:?}", std::error::Error::source(&e).map(ToString::to_string)))
            };
        };
        let code = db.code();
        let text = db.message().to_owned();
        if *code == SqlState::UNIQUE_VIOLATION {
            return Self::Unique { constraint: db.constraint().unwrap_or_default().to_owned() };
        }
        if *code == SqlState::T_R_SERIALIZATION_FAILURE || *code == SqlState::T_R_DEADLOCK_DETECTED {
            return Self::Conflict(text);
        }
        match code.code() {
            "57014" => Self::Timeout,
            "55P03" => Self::Busy,
            // The server has become a standby: the primary is elsewhere.
            "25006" => Self::Unavailable(text),
            c if c.starts_with("53") || c.starts_with("08") || c.starts_with("57P") => {
                Self::Unavailable(text)
            }
            c if c.starts_with("XX") => Self::Corrupt(text),
            c => Self::Other(format!("{text} ({c})")),
        }
    }
}

impl From<deadpool_postgres::PoolError> for Error {
    fn from(e: deadpool_postgres::PoolError) -> Self {
        match e {
            deadpool_postgres::PoolError::Backend(e) => e.into(),
            deadpool_postgres::PoolError::Timeout(_) => Self::Busy,
            other => Self::Unavailable(other.to_string()),
        }
    }
}
