//! SQLite: one writer thread that commits waiting works in groups, readers bounded to the cores, checkpoints on a timer.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags, Statement};
use tokio::sync::{Semaphore, mpsc, oneshot};

use crate::tx::{lock, run_now};
use crate::{Error, FromRow, Result, Row, Tx, Val, Work};

/// Works committed together: beyond a few hundred the gain is gone and the first caller only waits longer.
const GROUP: usize = 256;
/// Works that may wait for the writer before a caller is told that the database is busy.
const QUEUE: usize = 4096;
/// How long a caller waits for a place in the queue, and a connection for the database's lock.
const PATIENCE: Duration = Duration::from_secs(5);
/// Time between checkpoints; the automatic one, at 80 MB of log, is the fallback.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(5);
/// A work is run again in another group this often after its group was lost through no fault of its own.
const GROUP_TRIES: u8 = 3;
/// Virtual machine steps between two looks at the clock.
const STEPS: i32 = 20_000;

/// One connection and the limit on how long its statements may run.
#[derive(Debug)]
pub(crate) struct Session {
    conn: Mutex<Connection>,
    clock: Instant,
    deadline_ms: Arc<AtomicU64>,
    limit: Duration,
}

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
        conn.execute_batch(
            "PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=20000; PRAGMA mmap_size=0;
             PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-32768;",
        )?;
        let clock = Instant::now();
        let deadline_ms = Arc::new(AtomicU64::new(u64::MAX));
        let seen = Arc::clone(&deadline_ms);
        conn.progress_handler(STEPS, Some(move || elapsed_ms(clock) > seen.load(Ordering::Relaxed)))?;
        Ok(Self { conn: Mutex::new(conn), clock, deadline_ms, limit })
    }

    fn timed<T>(&self, f: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let conn = lock(&self.conn);
        let limit = u64::try_from(self.limit.as_millis()).unwrap_or(u64::MAX);
        self.deadline_ms.store(elapsed_ms(self.clock).saturating_add(limit), Ordering::Relaxed);
        let done = f(&conn);
        self.deadline_ms.store(u64::MAX, Ordering::Relaxed);
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

    /// Outside the time limit: a migration may rebuild a large index.
    pub(crate) fn script(&self, sql: &str) -> Result<()> {
        Ok(lock(&self.conn).execute_batch(sql)?)
    }

    pub(crate) fn prepare(&self, sql: &str) -> Result<()> {
        Ok(lock(&self.conn).prepare(sql).map(drop)?)
    }

    /// Whether no transaction is open: SQLite itself rolls back the whole one when the disk is full or fails.
    fn is_autocommit(&self) -> bool {
        lock(&self.conn).is_autocommit()
    }
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

fn elapsed_ms(clock: Instant) -> u64 {
    u64::try_from(clock.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// A work waiting for the writer, whatever its types.
trait Job: Send {
    /// Runs it; false when it is to be rolled back.
    fn attempt(&mut self, session: &Arc<Session>) -> bool;
    /// Whether it may go into another group, its own having been lost.
    fn may_try_again(&mut self) -> bool;
    /// Tells the caller, once the group is on the disk or known to be lost.
    fn answer(self: Box<Self>, committed: &Result<()>);
}

struct Waiting<W: Work> {
    work: W,
    tries: u8,
    result: Option<Result<W::Out, W::Err>>,
    caller: oneshot::Sender<Result<W::Out, W::Err>>,
}

impl<W: Work> Job for Waiting<W> {
    fn attempt(&mut self, session: &Arc<Session>) -> bool {
        let result = run_now(&self.work, &Tx::lite(Arc::clone(session)));
        let ok = result.is_ok();
        self.result = Some(result);
        ok
    }

    fn may_try_again(&mut self) -> bool {
        self.tries += 1;
        self.tries < GROUP_TRIES
    }

    fn answer(self: Box<Self>, committed: &Result<()>) {
        let result = match committed {
            Ok(()) => self.result.unwrap_or_else(|| Err(Error::Unavailable("never run".into()).into())),
            Err(e) => Err(e.clone().into()),
        };
        // The caller may have gone away; the work is done all the same.
        let _ = self.caller.send(result);
    }
}

/// The embedded database of one process.
#[derive(Debug)]
pub(crate) struct Lite {
    queue: mpsc::Sender<Box<dyn Job>>,
    readers: Arc<Readers>,
}

#[derive(Debug)]
struct Readers {
    idle: Mutex<Vec<Arc<Session>>>,
    places: Arc<Semaphore>,
}

impl Lite {
    pub(crate) fn open(path: &Path, limit: Duration) -> Result<Self> {
        let writer = Arc::new(Session::open(path, false, limit)?);
        let checkpoints = Session::open(path, false, limit)?;
        let cores = std::thread::available_parallelism().map_or(2, usize::from).max(2);
        let idle =
            (0..cores).map(|_| Session::open(path, true, limit).map(Arc::new)).collect::<Result<Vec<_>>>()?;
        let (queue, waiting) = mpsc::channel(QUEUE);
        let (alive, closed) = std::sync::mpsc::channel::<()>();
        let unavailable = |e: std::io::Error| Error::Unavailable(e.to_string());
        std::thread::Builder::new()
            .name("sqlite-writer".into())
            .spawn(move || {
                Writer { session: writer, waiting, again: Vec::new() }.run();
                drop(alive);
            })
            .map_err(unavailable)?;
        std::thread::Builder::new()
            .name("sqlite-checkpoint".into())
            .spawn(move || checkpoint(&checkpoints, &closed))
            .map_err(unavailable)?;
        let places = Arc::new(Semaphore::new(cores));
        Ok(Self { queue, readers: Arc::new(Readers { idle: Mutex::new(idle), places }) })
    }

    pub(crate) async fn write<W: Work>(&self, work: W) -> Result<W::Out, W::Err> {
        let (caller, answer) = oneshot::channel();
        let job = Box::new(Waiting { work, tries: 0, result: None, caller });
        match tokio::time::timeout(PATIENCE, self.queue.send(job)).await {
            Err(_) => return Err(Error::Busy.into()),
            Ok(Err(_)) => return Err(stopped().into()),
            Ok(Ok(())) => {}
        }
        answer.await.unwrap_or_else(|_| Err(stopped().into()))
    }

    /// Runs on a blocking thread: a long report must not hold up the threads that answer requests.
    pub(crate) async fn read<W: Work>(&self, work: W) -> Result<W::Out, W::Err> {
        let place = Arc::clone(&self.readers.places).acquire_owned().await.map_err(|_| stopped())?;
        let readers = Arc::clone(&self.readers);
        let reading = tokio::task::spawn_blocking(move || {
            let _place = place;
            let session = lock(&readers.idle).pop().ok_or_else(stopped)?;
            let result = read_on(&session, &work);
            lock(&readers.idle).push(session);
            result
        });
        reading.await.unwrap_or_else(|_| Err(stopped().into()))
    }
}

fn stopped() -> Error {
    Error::Unavailable("the database has been closed".into())
}

fn read_on<W: Work>(session: &Arc<Session>, work: &W) -> Result<W::Out, W::Err> {
    session.script("BEGIN")?;
    let result = run_now(work, &Tx::lite(Arc::clone(session)));
    if !session.is_autocommit() {
        session.script("ROLLBACK")?;
    }
    result
}

/// A second connection that checkpoints: safe since SQLite 3.51.3; the bundled one is newer.
fn checkpoint(session: &Session, closed: &std::sync::mpsc::Receiver<()>) {
    while closed.recv_timeout(CHECKPOINT_EVERY) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
        if let Err(e) = session.script("PRAGMA wal_checkpoint(PASSIVE)") {
            tracing::warn!(error = %e, "checkpoint failed; it will be tried again");
        }
    }
}

struct Writer {
    session: Arc<Session>,
    waiting: mpsc::Receiver<Box<dyn Job>>,
    /// Works whose group was lost through another's fault; they go first.
    again: Vec<Box<dyn Job>>,
}

impl Writer {
    fn run(mut self) {
        loop {
            let first = match self.again.pop() {
                Some(job) => job,
                None => match self.waiting.blocking_recv() {
                    Some(job) => job,
                    None => return,
                },
            };
            self.group(first);
        }
    }

    /// Runs one group, each work under a savepoint, and answers its callers after the commit.
    fn group(&mut self, first: Box<dyn Job>) {
        if let Err(e) = self.session.script("BEGIN IMMEDIATE") {
            return first.answer(&Err(e));
        }
        let mut done: Vec<Box<dyn Job>> = Vec::new();
        let mut next = Some(first);
        while let Some(mut job) = next.take() {
            if let Err(e) = self.one(&mut *job) {
                job.answer(&Err(e));
                self.lost(done);
                return;
            }
            done.push(job);
            if done.len() < GROUP {
                next = self.again.pop().or_else(|| self.waiting.try_recv().ok());
            }
        }
        let committed = self.session.script("COMMIT");
        if committed.is_err() {
            self.roll_back();
        }
        for job in done {
            job.answer(&committed);
        }
    }

    /// One work under its savepoint; an error means that the whole group is lost.
    fn one(&self, job: &mut dyn Job) -> Result<()> {
        self.session.script("SAVEPOINT w")?;
        let ok = job.attempt(&self.session);
        if self.session.is_autocommit() {
            return Err(Error::Unavailable(
                "the database rolled back the transaction (disk full or timed out)".into(),
            ));
        }
        self.session.script(if ok { "RELEASE w" } else { "ROLLBACK TO w; RELEASE w" })
    }

    fn lost(&mut self, done: Vec<Box<dyn Job>>) {
        self.roll_back();
        for mut job in done.into_iter().rev() {
            if job.may_try_again() {
                self.again.push(job);
            } else {
                job.answer(&Err(Error::Unavailable("the group it was written in was lost".into())));
            }
        }
    }

    fn roll_back(&self) {
        if !self.session.is_autocommit()
            && let Err(e) = self.session.script("ROLLBACK")
        {
            tracing::error!(error = %e, "the writer could not roll back");
        }
    }
}
