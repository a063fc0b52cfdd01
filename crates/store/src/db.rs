//! The database as the rest of the program sees it.

use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use crate::companion::Companion;
use crate::held::{AnyWork, Held};
use crate::lite::Lite;
use crate::meter::Meter;
use crate::pg::{Address, Postgres};
use crate::{Engine, Result, Work};

/// How long one statement may run before it is stopped with [`crate::Error::Timeout`].
const STATEMENT_LIMIT: Duration = Duration::from_secs(30);

/// Where the data is.
#[derive(Clone, PartialEq, Eq)]
pub enum DbConfig {
    /// One file beside the program; made when it does not exist.
    Sqlite {
        /// The database file; `-wal` and `-shm` files appear beside it.
        path: PathBuf,
    },
    /// A PostgreSQL server, shared by several nodes.
    Postgres {
        /// `postgres://user:password@host:port/database`; several hosts of a cluster with commas, of which the one that
        /// takes writes is used; `?sslrootcert=/path/ca.pem` encrypts and checks the server's certificate.
        url: String,
        /// Connections this process may hold.
        pool: usize,
    },
}

impl DbConfig {
    /// Whether nobody on a network can listen in on it: it never leaves this machine, or it is encrypted to a server whose
    /// certificate is checked.
    ///
    /// # Errors
    /// When the address cannot be understood.
    pub fn is_private(&self) -> Result<bool> {
        match self {
            Self::Sqlite { .. } => Ok(true),
            Self::Postgres { url, .. } => Ok(Address::parse(url)?.is_private()),
        }
    }
}

impl std::fmt::Debug for DbConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite { path } => f.debug_struct("Sqlite").field("path", path).finish(),
            // The address may hold a password.
            Self::Postgres { pool, .. } => {
                f.debug_struct("Postgres").field("pool", pool).finish_non_exhaustive()
            }
        }
    }
}

/// A handle to the database; clones share it, and the last one dropped closes it.
#[derive(Debug, Clone)]
pub struct Db {
    inner: Inner,
    companion: Option<Arc<dyn Companion>>,
}

#[derive(Debug, Clone)]
enum Inner {
    Lite(Arc<Lite>),
    Pg(Postgres),
}

impl Db {
    /// Opens the database. On PostgreSQL the first connection is made when it is first needed.
    pub fn open(config: &DbConfig) -> Result<Self> {
        Self::open_with_limit(config, STATEMENT_LIMIT)
    }

    /// Opens it with another limit on how long one statement may run.
    pub fn open_with_limit(config: &DbConfig, limit: Duration) -> Result<Self> {
        let inner = match config {
            DbConfig::Sqlite { path } => Inner::Lite(Arc::new(Lite::open(path, limit)?)),
            DbConfig::Postgres { url, pool } => Inner::Pg(Postgres::open(url, *pool, limit)?),
        };
        Ok(Self { inner, companion: None })
    }

    /// The same database, whose writes through this handle are accompanied: what the companion notes is kept exactly when
    /// the write is.
    #[must_use]
    pub fn accompanied(&self, companion: Arc<dyn Companion>) -> Self {
        Self { inner: self.inner.clone(), companion: Some(companion) }
    }

    /// Which engine it is.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match self.inner {
            Inner::Lite(_) => Engine::Sqlite,
            Inner::Pg(_) => Engine::Postgres,
        }
    }

    /// Runs the work in one transaction and answers after it is on the disk. Once begun it is finished, even when the
    /// caller stops waiting.
    pub async fn write<W: Work>(&self, work: W) -> Result<W::Out, W::Err> {
        let held = Arc::new(Held::new(work, self.companion.clone()));
        self.run(held.clone(), true).await?;
        held.take()
    }

    /// Runs the work on one unchanging snapshot; it cannot write.
    pub async fn read<W: Work>(&self, work: W) -> Result<W::Out, W::Err> {
        let held = Arc::new(Held::new(work, None));
        self.run(held.clone(), false).await?;
        held.take()
    }

    /// Boxed, so that its state is not a part of every future that awaits a work.
    fn run(
        &self,
        work: Arc<dyn AnyWork>,
        writes: bool,
    ) -> Pin<Box<dyn Future<Output = Result<()>> + Send + '_>> {
        Box::pin(async move {
            match (&self.inner, writes) {
                (Inner::Lite(lite), true) => lite.write(work).await,
                (Inner::Lite(lite), false) => lite.read(work).await,
                (Inner::Pg(pg), true) => pg.write(work).await,
                (Inner::Pg(pg), false) => pg.read(work).await,
            }
        })
    }

    /// What it is doing at this moment.
    #[must_use]
    pub fn meter(&self) -> Meter {
        match &self.inner {
            Inner::Lite(lite) => lite.meter(),
            Inner::Pg(pg) => pg.meter(),
        }
    }

    /// Refuses new writes and answers when those that waited are on the disk; closes pooled connections.
    pub async fn close(&self) {
        match &self.inner {
            Inner::Lite(lite) => lite.close().await,
            Inner::Pg(pg) => pg.close(),
        }
    }
}
