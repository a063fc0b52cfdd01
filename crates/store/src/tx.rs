//! One transaction, and the work that runs inside it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use futures_util::{TryStreamExt, future::try_join_all};

use crate::lite::Session;
use crate::{Engine, Error, FromRow, Result, Row, Val};

/// What is done in one transaction. It may be run more than once (a serialization failure on PostgreSQL, a lost group
/// on SQLite), so it changes nothing but the database, and it awaits nothing but its transaction.
pub trait Work: Send + Sync + 'static {
    /// What it yields once committed.
    type Out: Send + 'static;
    /// Why it may refuse; a refusal rolls back everything it did.
    type Err: From<Error> + Send + 'static;
    /// Does it.
    fn run(&self, tx: &Tx) -> impl Future<Output = Result<Self::Out, Self::Err>> + Send;
}

/// A running transaction. Statements are `$1…$n` with the same text on both engines.
#[derive(Debug)]
pub struct Tx {
    inner: Inner,
    /// A statement has failed: PostgreSQL then refuses the rest, so neither engine commits it.
    failed: AtomicBool,
    /// The failure was one that running again can cure (40001, 40P01).
    contended: AtomicBool,
    /// The failure was one of the connection or its server.
    lost: AtomicBool,
    /// How long the server may say nothing.
    silence: Duration,
}

#[derive(Debug)]
enum Inner {
    Lite(Arc<Session>),
    Pg(Arc<deadpool_postgres::Object>),
}

impl Tx {
    pub(crate) fn lite(session: Arc<Session>) -> Self {
        Self::new(Inner::Lite(session))
    }

    /// With `silence`, a server that says nothing for so long counts as lost.
    pub(crate) fn pg(client: Arc<deadpool_postgres::Object>, silence: Option<Duration>) -> Self {
        Self { silence: silence.unwrap_or(Duration::MAX), ..Self::new(Inner::Pg(client)) }
    }

    fn new(inner: Inner) -> Self {
        Self {
            inner,
            failed: AtomicBool::new(false),
            contended: AtomicBool::new(false),
            lost: AtomicBool::new(false),
            silence: Duration::MAX,
        }
    }

    /// Which engine this runs on; for `dialect/` and the few statements that must differ.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match self.inner {
            Inner::Lite(_) => Engine::Sqlite,
            Inner::Pg(_) => Engine::Postgres,
        }
    }

    /// Runs a statement and says how many rows it changed.
    pub async fn exec(&self, sql: &str, params: &[Val<'_>]) -> Result<u64> {
        let done = match &self.inner {
            Inner::Lite(s) => s.exec(sql, params),
            Inner::Pg(c) => heard(self.silence, pg_exec(c, sql, params)).await,
        };
        self.noted(done)
    }

    /// All rows of a query. Lists are to be paged: this holds every row in memory.
    pub async fn all<T: FromRow>(&self, sql: &str, params: &[Val<'_>]) -> Result<Vec<T>> {
        let done = match &self.inner {
            Inner::Lite(s) => s.all(sql, params),
            Inner::Pg(c) => heard(self.silence, pg_all(c, sql, params)).await,
        };
        self.noted(done)
    }

    /// The first row of a query, if there is one.
    pub async fn opt<T: FromRow>(&self, sql: &str, params: &[Val<'_>]) -> Result<Option<T>> {
        Ok(self.all(sql, params).await?.into_iter().next())
    }

    /// The first row of a query that must have one; [`Error::NotFound`] otherwise.
    pub async fn one<T: FromRow>(&self, sql: &str, params: &[Val<'_>]) -> Result<T> {
        self.opt(sql, params).await?.ok_or(Error::NotFound)
    }

    /// Runs statements in this order, none of which needs the answer of another: one round trip on PostgreSQL. Says the
    /// rows each changed.
    pub async fn batch(&self, list: &[(&str, &[Val<'_>])]) -> Result<Vec<u64>> {
        match &self.inner {
            Inner::Lite(_) => {
                let mut changed = Vec::with_capacity(list.len());
                for (sql, params) in list {
                    changed.push(self.exec(sql, params).await?);
                }
                Ok(changed)
            }
            Inner::Pg(c) => {
                let done = heard(self.silence, pg_batch(c, list)).await;
                self.noted(done)
            }
        }
    }

    /// Runs several statements without parameters, as migrations have them.
    pub(crate) async fn script(&self, sql: &str) -> Result<()> {
        let done = match &self.inner {
            Inner::Lite(s) => s.script(sql),
            Inner::Pg(c) => heard(self.silence, c.batch_execute(sql)).await,
        };
        self.noted(done)
    }

    /// Lets the engine parse and plan a statement without running it.
    pub async fn prepare(&self, sql: &str) -> Result<()> {
        let done = match &self.inner {
            Inner::Lite(s) => s.prepare(sql),
            Inner::Pg(c) => c.prepare(sql).await.map(drop).map_err(Error::from),
        };
        self.noted(done)
    }

    fn noted<T>(&self, done: Result<T>) -> Result<T> {
        if let Err(e) = &done {
            self.failed.store(true, Ordering::Relaxed);
            self.contended.fetch_or(matches!(e, Error::Conflict(_)), Ordering::Relaxed);
            self.lost.fetch_or(matches!(e, Error::Unavailable(_)), Ordering::Relaxed);
        }
        done
    }

    /// Whether a statement failed in a way that running the work again can cure.
    pub(crate) fn is_contended(&self) -> bool {
        self.contended.load(Ordering::Relaxed)
    }

    /// Whether the connection is not worth keeping.
    pub(crate) fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Relaxed)
    }

    /// A work that returns success after a failed statement would commit on SQLite and vanish on PostgreSQL: refused.
    pub(crate) fn settle<T, E: From<Error>>(&self, result: Result<T, E>) -> Result<T, E> {
        if result.is_ok() && self.failed.load(Ordering::Relaxed) {
            return Err(Error::Other("the work went on after a failed statement".into()).into());
        }
        result
    }
}

async fn pg_exec(c: &deadpool_postgres::Object, sql: &str, params: &[Val<'_>]) -> Result<u64> {
    let statement = c.prepare_cached(sql).await?;
    Ok(c.execute_raw(&statement, params).await?)
}

/// Sends all before it waits for the first. Each is sent when it is first polled, which happens in order; what has to be
/// prepared is prepared before, so that none overtakes another.
async fn pg_batch(c: &deadpool_postgres::Object, list: &[(&str, &[Val<'_>])]) -> Result<Vec<u64>> {
    let mut ready = Vec::with_capacity(list.len());
    for (sql, params) in list {
        ready.push((c.prepare_cached(sql).await?, *params));
    }
    let sent = ready.iter().map(|(statement, params)| c.execute_raw(statement, *params));
    Ok(try_join_all(sent).await?)
}

async fn pg_all<T: FromRow>(c: &deadpool_postgres::Object, sql: &str, params: &[Val<'_>]) -> Result<Vec<T>> {
    let statement = c.prepare_cached(sql).await?;
    let rows: Vec<tokio_postgres::Row> = c.query_raw(&statement, params).await?.try_collect().await?;
    rows.iter().map(|row| T::from_row(&Row::Pg(row))).collect()
}

/// What was asked of a server, or that it says nothing: one whose disk hangs keeps its connections open and answers nothing.
pub(crate) async fn heard<T, E>(
    silence: Duration,
    asked: impl Future<Output = std::result::Result<T, E>>,
) -> Result<T>
where
    Error: From<E>,
{
    match tokio::time::timeout(silence, asked).await {
        Ok(answer) => answer.map_err(Error::from),
        Err(_) => Err(Error::Unavailable("the server says nothing".into())),
    }
}

/// The error of a work that panicked.
pub(crate) fn panicked() -> Error {
    Error::Other("the work panicked; its transaction was rolled back".into())
}

/// Locks even after a panic elsewhere: what is guarded is a connection whose transaction is rolled back anyway.
pub(crate) fn lock<T>(mutex: &std::sync::Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
