//! One connection to SQLite, and the limit on how long its statements may run.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rusqlite::backup::{Backup, StepResult};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, Statement};

use super::PATIENCE;
use crate::tx::lock;
use crate::{Error, FromRow, Result, Row, Val};

/// Virtual machine steps between two looks at the clock.
const STEPS: i32 = 20_000;

/// One connection and the limit on how long its statements may run.
#[derive(Debug)]
pub(crate) struct Session {
    conn: Mutex<Connection>,
    clock: Instant,
    /// When the running statement is cut short, in microseconds of the clock.
    deadline: Arc<AtomicU64>,
    /// When a brief read is cut short; [`NEVER`] outside one.
    brief: AtomicU64,
    /// A brief read was cut short.
    cut: AtomicBool,
    limit: Duration,
}

const NEVER: u64 = u64::MAX;

impl Session {
    pub(crate) fn open(path: &Path, read_only: bool, limit: Duration) -> Result<Self> {
        let base = OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut conn = if read_only {
            Connection::open_with_flags(path, base | OpenFlags::SQLITE_OPEN_READ_ONLY)?
        } else {
            let flags = base | OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
            let conn = Connection::open_with_flags(path, flags)?;
            conn.execute_batch("PRAGMA journal_mode=WAL;")?;
            conn
        };
        conn.busy_timeout(PATIENCE)?;
        conn.set_prepared_statement_cache_capacity(512);
        // Otherwise a statement is prepared anew whenever a value is bound that might deserve another plan. Ours never do:
        // each has the index it was written for.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        conn.execute_batch(
            "PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=20000; PRAGMA mmap_size=0;
             PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-32768;",
        )?;
        let clock = Instant::now();
        let deadline = Arc::new(AtomicU64::new(NEVER));
        let seen = Arc::clone(&deadline);
        conn.progress_handler(STEPS, Some(move || elapsed(clock) > seen.load(Ordering::Relaxed)))?;
        Ok(Self {
            conn: Mutex::new(conn),
            clock,
            deadline,
            brief: AtomicU64::new(NEVER),
            cut: AtomicBool::new(false),
            limit,
        })
    }

    /// From here on everything must be done within this time.
    pub(super) fn be_brief(&self, within: Duration) {
        self.brief.store(after(elapsed(self.clock), within), Ordering::Relaxed);
    }

    /// Ends what had to be brief, and says whether it was cut short and is to be done again with more time.
    pub(super) fn was_cut_short(&self) -> bool {
        self.brief.store(NEVER, Ordering::Relaxed);
        self.cut.swap(false, Ordering::Relaxed)
    }

    fn timed<T>(&self, f: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let conn = lock(&self.conn);
        let (now, brief) = (elapsed(self.clock), self.brief.load(Ordering::Relaxed));
        self.deadline.store(after(now, self.limit).min(brief), Ordering::Relaxed);
        let done = if now > brief { Err(Error::Timeout) } else { f(&conn) };
        self.deadline.store(NEVER, Ordering::Relaxed);
        if brief != NEVER && matches!(done, Err(Error::Timeout)) {
            self.cut.store(true, Ordering::Relaxed);
        }
        done
    }

    pub(crate) fn exec(&self, sql: &str, params: &[Val<'_>]) -> Result<u64> {
        self.timed(|c| {
            let mut statement = c.prepare_cached(sql)?;
            bind(&mut statement, params)?;
            Ok(statement.raw_execute()? as u64)
        })
    }

    pub(crate) fn all<T: FromRow>(&self, sql: &str, params: &[Val<'_>]) -> Result<Vec<T>> {
        self.timed(|c| {
            let mut statement = c.prepare_cached(sql)?;
            bind(&mut statement, params)?;
            let mut rows = statement.raw_query();
            let mut all = Vec::new();
            while let Some(row) = rows.next()? {
                all.push(T::from_row(&Row::Lite(row))?);
            }
            Ok(all)
        })
    }

    /// Copies the whole database as it is now into a new file, page by page; writers go on meanwhile.
    pub(crate) fn copy_to(&self, path: &Path) -> Result<()> {
        let source = lock(&self.conn);
        let mut copy = Connection::open(path)?;
        copy.execute_batch("PRAGMA synchronous=FULL;")?;
        // One step for all pages: it reads one snapshot, where several steps would begin anew after each write.
        let done = Backup::new(&source, &mut copy)?.step(-1)?;
        match done {
            StepResult::Done => alone(&copy),
            other => Err(Error::Unavailable(format!("the copy did not end: {other:?}"))),
        }
    }

    /// Outside the time limit: a migration may rebuild a large index.
    pub(crate) fn script(&self, sql: &str) -> Result<()> {
        Ok(lock(&self.conn).execute_batch(sql)?)
    }

    /// A statement of the transaction itself, outside the time limit and prepared once.
    pub(super) fn frame(&self, sql: &str) -> Result<()> {
        let conn = lock(&self.conn);
        let mut statement = conn.prepare_cached(sql)?;
        Ok(statement.raw_execute().map(drop)?)
    }

    pub(crate) fn prepare(&self, sql: &str) -> Result<()> {
        Ok(lock(&self.conn).prepare(sql).map(drop)?)
    }

    /// Whether no transaction is open: SQLite itself rolls back the whole one when the disk is full or fails.
    pub(super) fn is_autocommit(&self) -> bool {
        lock(&self.conn).is_autocommit()
    }
}

/// Makes a database that nobody else has open one single file, to be copied and kept.
pub(crate) fn settle(path: &Path) -> Result<()> {
    let conn = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    alone(&conn)
}

fn alone(conn: &Connection) -> Result<()> {
    let mode: String = conn.query_row("PRAGMA journal_mode=DELETE", [], |row| row.get(0))?;
    if mode == "delete" { Ok(()) } else { Err(Error::Busy) }
}

/// SQLite counts `$2` as a name, in order of first appearance; here the number decides, as on PostgreSQL.
fn bind(statement: &mut Statement<'_>, params: &[Val<'_>]) -> Result<()> {
    for i in 1..=statement.parameter_count() {
        let number = statement.parameter_name(i).and_then(|n| n.get(1..)?.parse::<usize>().ok()).unwrap_or(i);
        let value = params.get(number.wrapping_sub(1));
        let value = value.ok_or_else(|| Error::Other(format!("parameter ${number} was not given")))?;
        statement.raw_bind_parameter(i, value)?;
    }
    Ok(())
}

fn elapsed(clock: Instant) -> u64 {
    u64::try_from(clock.elapsed().as_micros()).unwrap_or(NEVER)
}

fn after(now: u64, time: Duration) -> u64 {
    now.saturating_add(u64::try_from(time.as_micros()).unwrap_or(NEVER))
}
