//! PostgreSQL: each work on a pooled connection, in a task of its own, so that a caller who goes away cannot leave a
//! transaction open on a connection that another will get.

mod address;
#[cfg(test)]
mod away_tests;
mod reach;
mod tls;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime};
use futures_util::FutureExt;
use tokio_postgres::NoTls;

use crate::held::AnyWork;
use crate::meter::{Gauges, Meter};
use crate::tx::{heard, panicked};
use crate::{Error, Result, Tx};
pub(crate) use address::Address;
use reach::Reach;
use tls::Encrypted;

/// How often a work is run again after a serialization failure (40001) or a deadlock (40P01).
const TRIES: u32 = 8;
/// How long a caller waits for a free connection.
const PATIENCE: Duration = Duration::from_secs(5);

/// Works that may wait for each connection; the next caller is told at once that the database is busy.
const WAITING: usize = 64;

pub(crate) const READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
pub(crate) const WRITE: &str = "BEGIN";
/// Without a limit: a commit that waits for its standby and is cancelled counts as done on the primary alone, and would
/// be gone with it. The caller is told after its own time limit that it did not succeed for certain.
const COMMIT: &str = "SET LOCAL statement_timeout = 0; COMMIT";

/// A pool of connections to one server.
#[derive(Debug, Clone)]
pub(crate) struct Postgres {
    pool: Pool,
    gauges: Arc<Gauges>,
    /// Works that may wait for a connection.
    bound: usize,
    /// A server that says nothing for so long hangs: it would have stopped the statement itself.
    silence: Duration,
}

impl Postgres {
    pub(crate) fn open(url: &str, connections: usize, limit: Duration) -> Result<Self> {
        let Address { mut config, authority } = Address::parse(url)?;
        let asked = config.get_options().unwrap_or_default().to_owned();
        let ms = limit.as_millis();
        config.options(format!(
            "{asked} -c statement_timeout={ms} -c idle_in_transaction_session_timeout={ms}"
        ));
        let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = match authority {
            Some(file) => {
                Manager::from_connect(config, Reach { tls: Encrypted::signed_by(&file)? }, recycling)
            }
            None => Manager::from_connect(config, Reach { tls: NoTls }, recycling),
        };
        let pool = Pool::builder(manager)
            .max_size(connections.max(1))
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(PATIENCE))
            .create_timeout(Some(PATIENCE))
            .build()
            .map_err(|e| Error::Unavailable(e.to_string()))?;
        let bound = connections.max(1) * WAITING;
        Ok(Self { pool, gauges: Arc::new(Gauges::default()), bound, silence: limit + PATIENCE })
    }

    pub(crate) fn close(&self) {
        self.pool.close();
    }

    /// A connection for something longer than a work.
    pub(crate) async fn connection(&self) -> Result<Object> {
        Ok(self.pool.get().await?)
    }

    pub(crate) fn meter(&self) -> Meter {
        let status = self.pool.status();
        Meter {
            waiting: status.waiting,
            bound: self.bound,
            refused: self.gauges.refused.load(Ordering::Relaxed),
            connections: status.size,
            busy: status.size.saturating_sub(status.available),
            limit: status.max_size,
            batches: None,
        }
    }

    pub(crate) async fn write(&self, work: Arc<dyn AnyWork>) -> Result<()> {
        self.run(work, WRITE).await
    }

    pub(crate) async fn read(&self, work: Arc<dyn AnyWork>) -> Result<()> {
        self.run(work, READ).await
    }

    async fn run(&self, work: Arc<dyn AnyWork>, begin: &'static str) -> Result<()> {
        if self.pool.status().waiting >= self.bound {
            self.gauges.refused.fetch_add(1, Ordering::Relaxed);
            return Err(Error::Busy);
        }
        let (pool, silence) = (self.pool.clone(), self.silence);
        let running = tokio::spawn(async move {
            for attempt in 1.. {
                let (done, again) = attempt_on(&pool, &*work, begin, silence).await;
                if !again || matches!(done, Ok(true)) || attempt == TRIES {
                    return done.map(drop);
                }
                tokio::time::sleep(Duration::from_millis(2 << attempt)).await;
            }
            Err(Error::Busy)
        });
        running.await.unwrap_or_else(|_| Err(Error::Unavailable("the runtime is shutting down".into())))
    }
}

/// A connection inside a transaction. Dropped before it is settled, it is closed and not handed back to the pool.
struct Open {
    client: Option<Arc<Object>>,
}

impl Drop for Open {
    fn drop(&mut self) {
        if let Some(client) = self.client.take().and_then(Arc::into_inner) {
            drop(Object::take(client));
        }
    }
}

/// Runs the work once: whether it succeeded, or how the engine failed. The flag says whether running it again can cure the
/// failure.
async fn attempt_on(pool: &Pool, work: &dyn AnyWork, begin: &str, silence: Duration) -> (Result<bool>, bool) {
    let client = match pool.get().await {
        Ok(client) => Arc::new(client),
        Err(e) => return (Err(Error::from(e)), false),
    };
    let mut open = Open { client: Some(Arc::clone(&client)) };
    if let Err(e) = heard(PATIENCE, client.batch_execute(begin)).await {
        drop(client);
        // Nothing was done yet: a connection that died in the pool is replaced by another.
        let again = matches!(e, Error::Unavailable(_));
        return (Err(e), again);
    }
    let tx = Tx::pg(client, Some(silence));
    let done = AssertUnwindSafe(work.attempt(&tx)).catch_unwind().await.unwrap_or_else(|_| {
        work.fail(panicked());
        false
    });
    let (contended, lost) = (tx.is_contended(), tx.is_lost());
    drop(tx);
    if lost && !done {
        // Closed and not handed back: the server ends the transaction.
        return (Ok(false), contended);
    }
    let end = if done { COMMIT } else { "ROLLBACK" };
    let ended = match &open.client {
        // A commit that nobody confirmed is told as one that did not succeed for certain.
        Some(client) => heard(silence, client.batch_execute(end)).await,
        None => Ok(()),
    };
    match ended {
        Ok(()) => {
            if !lost {
                // Settled: the connection goes back to the pool. One that leads to a server which has ceased to be the
                // primary does not.
                drop(open.client.take());
            }
            (Ok(done), contended)
        }
        Err(e) if done => {
            let again = matches!(e, Error::Conflict(_));
            (Err(e), again)
        }
        Err(_) => (Ok(false), false),
    }
}
