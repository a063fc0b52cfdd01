//! Taking work that several workers want: PostgreSQL passes over rows another one is taking, on SQLite the writer is
//! alone. Otherwise the two texts are one.

use super::Engine;

/// The oldest due jobs of a queue: `$1` queue, `$2` now, `$3` how many, `$4` end of the lease.
macro_rules! jobs {
    ($lock:literal) => {
        concat!(
            "WITH due AS MATERIALIZED (SELECT id FROM job WHERE queue = $1 AND state = 'waiting' AND run_at <= $2
            ORDER BY run_at, id LIMIT $3",
            $lock,
            ") UPDATE job SET state = 'running', tries = tries + 1, leased_until = $4 WHERE id IN (SELECT id FROM due)
            RETURNING id, queue, key, body, tries, run_at, leased_until"
        )
    };
}

/// The messages due longest: `$1` now, `$2` how many, `$3` end of the lease, which is when they are due again.
macro_rules! messages {
    ($lock:literal) => {
        concat!(
            "WITH due AS MATERIALIZED (SELECT position FROM outbox WHERE poisoned = 0 AND due_at <= $1
            ORDER BY due_at, position LIMIT $2",
            $lock,
            ") UPDATE outbox SET tries = tries + 1, due_at = $3 WHERE position IN (SELECT position FROM due)
            RETURNING position, topic, key, body, tries, due_at"
        )
    };
}

crate::statements! {
    JOBS_LITE = jobs!(""), only: Sqlite;
    JOBS_PG = jobs!(" FOR UPDATE SKIP LOCKED"), only: Postgres;
    MESSAGES_LITE = messages!(""), only: Sqlite;
    MESSAGES_PG = messages!(" FOR UPDATE SKIP LOCKED"), only: Postgres;
}

/// Claims jobs; they come in any order.
pub(crate) fn jobs(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => JOBS_LITE,
        Engine::Postgres => JOBS_PG,
    }
}

/// Takes messages; they come in any order.
pub(crate) fn messages(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => MESSAGES_LITE,
        Engine::Postgres => MESSAGES_PG,
    }
}
