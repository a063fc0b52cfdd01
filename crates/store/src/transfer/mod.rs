//! Moving everything 搬迁: all tables of one database into an empty one, on either engine, in one snapshot, and the proof
//! that nothing is missing or different. Backups are made and read with it. It knows no table by name: what the schema
//! has is moved.

mod rows;
mod shape;
#[cfg(test)]
mod tests;

use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sm3::{Digest as _, Sm3};

use crate::files::{Digest, Files};
use crate::lite::Session;
use crate::pg::Postgres;
use crate::{DbConfig, Engine, Error, Result, Tx};

pub use rows::TableSum;

/// A page of a long snapshot may take its time; nobody waits for it on a page.
const LIMIT: Duration = Duration::from_secs(600);
/// Files looked up at a time.
const FILES: u32 = 200;
/// Looks at whether the last connection has closed, 50 ms apart.
const SETTLING: u32 = 200;

crate::statements! {
    FILES_AFTER = "SELECT digest FROM file WHERE digest > $1 ORDER BY digest LIMIT $2";
    NEWEST_BLOCK = "SELECT no FROM journal_block ORDER BY no DESC LIMIT 1";
}

/// One connection inside one transaction, for as long as the move takes.
struct Open {
    tx: Tx,
    end: End,
}

enum End {
    Lite(Arc<Session>),
    Pg(Arc<deadpool_postgres::Object>),
}

impl Open {
    /// An unchanging view of the whole database, which goes on serving.
    async fn snapshot(config: &DbConfig) -> Result<Self> {
        Self::begin(config, true).await
    }

    async fn begin(config: &DbConfig, read_only: bool) -> Result<Self> {
        match config {
            DbConfig::Sqlite { path } => {
                let session = Arc::new(Session::open(path, read_only, LIMIT)?);
                session.script(if read_only { "BEGIN" } else { "BEGIN IMMEDIATE" })?;
                Ok(Self { tx: Tx::lite(Arc::clone(&session)), end: End::Lite(session) })
            }
            DbConfig::Postgres { url, .. } => {
                let client = Arc::new(Postgres::open(url, 1, LIMIT)?.connection().await?);
                let begin = if read_only { crate::pg::READ } else { crate::pg::WRITE };
                client.batch_execute(begin).await?;
                Ok(Self { tx: Tx::pg(Arc::clone(&client), None), end: End::Pg(client) })
            }
        }
    }

    /// Keeps what was written. A transaction that is not ended so leaves nothing behind: its connection closes.
    async fn commit(self) -> Result<()> {
        match self.end {
            End::Lite(session) => session.script("COMMIT"),
            End::Pg(client) => Ok(client.batch_execute("COMMIT").await?),
        }
    }
}

/// Moves all rows of `from` into `to`, which has the same tables without rows (migrate it first), and compares both
/// afterwards. Answers what each table holds. Either all of it is there afterwards or nothing.
///
/// # Errors
/// [`Error::Conflict`] when `to` is not empty or its tables differ; [`Error::Corrupt`] when the copy is not the same.
pub async fn copy(from: &DbConfig, to: &DbConfig) -> Result<Vec<TableSum>> {
    let source = Open::snapshot(from).await?;
    let target = Open::begin(to, false).await?;
    let tables = shape::matching(&source.tx, &target.tx).await?;
    for table in &tables {
        shape::refuse_rows(&target.tx, table).await?;
    }
    let mut sums = Vec::with_capacity(tables.len());
    for table in &tables {
        let sum = rows::copy(&source.tx, &target.tx, table).await?;
        tracing::info!(table = sum.table, rows = sum.rows, "copied");
        sums.push(sum);
    }
    shape::carry_counters(&source.tx, &target.tx).await?;
    let arrived = sums_of(&target.tx, &tables).await?;
    if let Some((sent, _)) = sums.iter().zip(&arrived).find(|(sent, arrived)| sent != arrived) {
        return Err(Error::Corrupt(format!("table {} did not arrive as it was sent", sent.table)));
    }
    target.commit().await?;
    Ok(sums)
}

/// What each table holds: its rows, and a digest of them in which their order does not matter.
pub async fn sums(config: &DbConfig) -> Result<Vec<TableSum>> {
    let source = Open::snapshot(config).await?;
    let tables = shape::tables(&source.tx).await?;
    sums_of(&source.tx, &tables).await
}

async fn sums_of(tx: &Tx, tables: &[shape::Table]) -> Result<Vec<TableSum>> {
    let mut sums = Vec::with_capacity(tables.len());
    for table in tables {
        sums.push(rows::sum(tx, table).await?);
    }
    Ok(sums)
}

/// The number of the newest block of the journal.
///
/// # Errors
/// When the database cannot be read.
pub async fn newest_block(config: &DbConfig) -> Result<Option<i64>> {
    let open = Open::snapshot(config).await?;
    Ok(open.tx.opt::<(i64,)>(NEWEST_BLOCK, &[]).await?.map(|row| row.0))
}

/// Whether a database holds nothing yet: no tables, or none with a row. A SQLite file that is not there is empty.
pub async fn is_empty(config: &DbConfig) -> Result<bool> {
    if let DbConfig::Sqlite { path } = config {
        return Ok(!path.exists());
    }
    let open = Open::snapshot(config).await?;
    for table in shape::tables(&open.tx).await? {
        match shape::refuse_rows(&open.tx, &table).await {
            Err(Error::Conflict(_)) => return Ok(false),
            other => other?,
        }
    }
    Ok(true)
}

/// Copies a SQLite database page by page while it is in use, as it is at one moment. The copy is on the disk when this
/// answers. It waits on the disk: call it where waiting is allowed.
///
/// # Errors
/// When there is such a file already, or one of the two cannot be read or written.
pub fn online_copy(from: &Path, to: &Path) -> Result<()> {
    if to.exists() {
        return Err(Error::Conflict(format!("{} exists already", to.display())));
    }
    Session::open(from, true, LIMIT)?.copy_to(to)
}

/// Copies every file that the database at `config` refers to, and answers how many and how many bytes. Each is checked
/// against its digest on the way.
///
/// # Errors
/// [`Error::Corrupt`] with the digest of the first file that is missing or damaged.
pub async fn copy_files(config: &DbConfig, from: &Files, to: &Files) -> Result<(u64, u64)> {
    let open = Open::snapshot(config).await?;
    let (mut count, mut bytes, mut after) = (0, 0, Vec::new());
    loop {
        let page: Vec<(Digest,)> = open.tx.all(FILES_AFTER, &[(&after).into(), FILES.into()]).await?;
        for (digest,) in &page {
            let content = from.get(digest).await.map_err(|e| match e {
                Error::NotFound => Error::Corrupt(format!("file {digest} is missing")),
                e => e,
            })?;
            bytes += content.len() as u64;
            if to.put(content).await? != *digest {
                return Err(Error::Corrupt(format!("file {digest} did not arrive as it was sent")));
            }
            count += 1;
        }
        match page.last() {
            Some((last,)) if page.len() == FILES as usize => after = last.as_bytes().to_vec(),
            _ => return Ok((count, bytes)),
        }
    }
}

/// Makes a SQLite database that has just been closed one single file, to be copied and kept.
///
/// # Errors
/// [`Error::Busy`] when somebody still has it open after some seconds.
pub async fn settle(path: &Path) -> Result<()> {
    let mut last = Ok(());
    for _ in 0..SETTLING {
        last = crate::lite::settle(path);
        match last {
            Err(Error::Busy) => tokio::time::sleep(Duration::from_millis(50)).await,
            done => return done,
        }
    }
    last
}

/// The size of a file and its SM3 digest in hexadecimal digits, however large it is.
///
/// # Errors
/// When it cannot be read.
pub fn digest_of_file(path: &Path) -> Result<(u64, String)> {
    let failed = |e: std::io::Error| Error::Unavailable(format!("{}: {e}", path.display()));
    let mut file = std::fs::File::open(path).map_err(failed)?;
    let (mut hasher, mut size, mut piece) = (Sm3::new(), 0, vec![0; 1 << 20]);
    loop {
        match file.read(&mut piece).map_err(failed)? {
            0 => return Ok((size, crate::hex::encode(&hasher.finalize()))),
            n => {
                hasher.update(&piece[..n]);
                size += n as u64;
            }
        }
    }
}

/// The first file that the database refers to and that is missing or damaged, and how many were looked at.
///
/// # Errors
/// When the database or the store of files cannot be read.
pub async fn damaged_file(config: &DbConfig, files: &Files) -> Result<(u64, Option<Digest>)> {
    let open = Open::snapshot(config).await?;
    let (mut count, mut after) = (0, Vec::new());
    loop {
        let page: Vec<(Digest,)> = open.tx.all(FILES_AFTER, &[(&after).into(), FILES.into()]).await?;
        for (digest,) in &page {
            count += 1;
            match files.get(digest).await {
                Ok(_) => {}
                Err(Error::NotFound | Error::Corrupt(_)) => return Ok((count, Some(*digest))),
                Err(e) => return Err(e),
            }
        }
        match page.last() {
            Some((last,)) if page.len() == FILES as usize => after = last.as_bytes().to_vec(),
            _ => return Ok((count, None)),
        }
    }
}

/// An engine's name, in errors.
fn engine_name(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "SQLite",
        Engine::Postgres => "PostgreSQL",
    }
}
