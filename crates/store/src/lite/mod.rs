//! SQLite: one writer thread that commits waiting works in groups, readers bounded to the cores, checkpoints on a timer.

mod session;
#[cfg(test)]
mod tests;
mod writer;

use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{Semaphore, mpsc, oneshot};

use crate::held::{AnyWork, run_now};
use crate::meter::{Gauges, Meter};
use crate::tx::lock;
use crate::{Error, Result, Tx};
pub(crate) use session::{Session, settle};
use writer::{Waiting, Writer};

/// Works that may wait for the writer; the next caller is told at once that the database is busy. A few full groups:
/// a longer queue would only make everybody wait longer than a person does.
const QUEUE: usize = 1024;
/// How long a connection waits for the database's lock.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a read may hold up a thread that answers requests.
const BRIEF: Duration = Duration::from_millis(2);
/// Time between checkpoints; the automatic one, at 80 MB of log, is the fallback.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(5);

/// The embedded database of one process.
#[derive(Debug)]
pub(crate) struct Lite {
    /// None once the database has been closed.
    queue: RwLock<Option<mpsc::Sender<Waiting>>>,
    writer: Mutex<Option<JoinHandle<()>>>,
    readers: Arc<Readers>,
    gauges: Arc<Gauges>,
}

#[derive(Debug)]
struct Readers {
    idle: Mutex<Vec<Arc<Session>>>,
    places: Arc<Semaphore>,
    limit: usize,
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
        let gauges = Arc::new(Gauges::default());
        let counted = Arc::clone(&gauges);
        let writer = std::thread::Builder::new()
            .name("sqlite-writer".into())
            .spawn(move || {
                Writer { session: writer, waiting, again: Vec::new(), gauges: counted }.run();
                drop(alive);
            })
            .map_err(unavailable)?;
        std::thread::Builder::new()
            .name("sqlite-checkpoint".into())
            .spawn(move || checkpoint(&checkpoints, &closed))
            .map_err(unavailable)?;
        let places = Arc::new(Semaphore::new(cores));
        Ok(Self {
            queue: RwLock::new(Some(queue)),
            writer: Mutex::new(Some(writer)),
            readers: Arc::new(Readers { idle: Mutex::new(idle), places, limit: cores }),
            gauges,
        })
    }

    /// Takes no more works, finishes those that wait, and answers when the last is on the disk.
    pub(crate) async fn close(&self) {
        drop(self.queue.write().unwrap_or_else(PoisonError::into_inner).take());
        let writer = lock(&self.writer).take();
        if let Some(writer) = writer {
            let joined = tokio::task::spawn_blocking(move || writer.join()).await;
            if !matches!(joined, Ok(Ok(()))) {
                tracing::error!("the writer did not end as it should");
            }
        }
    }

    pub(crate) fn meter(&self) -> Meter {
        let queue = self.queue();
        let (bound, free) = queue.as_ref().map_or((QUEUE, QUEUE), |q| (q.max_capacity(), q.capacity()));
        let readers = self.readers.limit;
        Meter {
            waiting: bound.saturating_sub(free),
            bound,
            refused: self.gauges.refused.load(Ordering::Relaxed),
            connections: readers,
            busy: readers.saturating_sub(self.readers.places.available_permits()),
            limit: readers,
            batches: Some(self.gauges.batches.read()),
        }
    }

    fn queue(&self) -> Option<mpsc::Sender<Waiting>> {
        self.queue.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) async fn write(&self, work: Arc<dyn AnyWork>) -> Result<()> {
        let (caller, answer) = oneshot::channel();
        let queue = self.queue().ok_or_else(stopped)?;
        match queue.try_send(Waiting::new(work, caller)) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => {
                self.gauges.refused.fetch_add(1, Ordering::Relaxed);
                return Err(Error::Busy);
            }
            Err(TrySendError::Closed(_)) => return Err(stopped()),
        }
        drop(queue);
        answer.await.unwrap_or_else(|_| Err(stopped()))
    }

    /// Reads by key, which are nearly all, are done sooner than another thread is woken: they run where they are asked for. One
    /// that takes longer is begun anew on a blocking thread: a report must not hold up the threads that answer requests.
    pub(crate) async fn read(&self, work: Arc<dyn AnyWork>) -> Result<()> {
        if let Some(done) = self.read_briefly(&*work) {
            return done;
        }
        let place = Arc::clone(&self.readers.places).acquire_owned().await.map_err(|_| stopped())?;
        let readers = Arc::clone(&self.readers);
        let reading = tokio::task::spawn_blocking(move || {
            let _place = place;
            readers.with(|session| read_on(session, &*work))
        });
        reading.await.unwrap_or_else(|_| Err(stopped()))
    }

    /// The read at once, unless all readers are busy or it was cut short.
    fn read_briefly(&self, work: &dyn AnyWork) -> Option<Result<()>> {
        let _place = self.readers.places.try_acquire().ok()?;
        let mut cut = false;
        let done = self.readers.with(|session| {
            session.be_brief(BRIEF);
            let done = read_on(session, work);
            cut = session.was_cut_short();
            done
        });
        if cut { None } else { Some(done) }
    }
}

impl Readers {
    /// Does something with a reader; whoever calls has a place.
    fn with(&self, read: impl FnOnce(&Arc<Session>) -> Result<()>) -> Result<()> {
        let session = lock(&self.idle).pop().ok_or_else(stopped)?;
        let done = read(&session);
        lock(&self.idle).push(session);
        done
    }
}

fn stopped() -> Error {
    Error::Unavailable("the database has been closed".into())
}

fn read_on(session: &Arc<Session>, work: &dyn AnyWork) -> Result<()> {
    session.script("BEGIN")?;
    run_now(work, &Tx::lite(Arc::clone(session)));
    if !session.is_autocommit() {
        session.script("ROLLBACK")?;
    }
    Ok(())
}

/// A second connection that checkpoints: safe since SQLite 3.51.3; the bundled one is newer.
fn checkpoint(session: &Session, closed: &std::sync::mpsc::Receiver<()>) {
    while closed.recv_timeout(CHECKPOINT_EVERY) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
        if let Err(e) = session.script("PRAGMA wal_checkpoint(PASSIVE)") {
            tracing::warn!(error = %e, "checkpoint failed; it will be tried again");
        }
    }
}
