//! Keeping and moving data: `backup`, `restore`, `export`, `import`. A backup is a folder with one SQLite file, the files
//! and a manifest, whatever the database was; what comes back is compared with the manifest and proven.

use crate::config::{Config, FOLDER as FILES};
use crate::open;
use crate::serve::{block_on, say};
use crate::world::SystemClock;
use anyhow::{Context, bail, ensure};
use app::{Clock as _, MIGRATIONS};
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use store::files::Files;
use store::transfer::{self, TableSum};
use store::{Db, DbConfig};

/// The database of a backup, and of a data folder.
const DATABASE: &str = "jinban.db";
/// Written last: a folder without it is not a whole backup.
const MANIFEST: &str = "manifest.json";
/// The layout of the folder that this program writes and reads.
const FORMAT: u32 = 1;

/// What a backup holds.
#[derive(Serialize, Deserialize)]
struct Manifest {
    format: u32,
    program: String,
    made_at: String,
    /// Where it came from: `sqlite` or `postgresql`.
    engine: String,
    /// Bytes of the database file, and their SM3 digest.
    size: u64,
    sm3: String,
    tables: Vec<Sum>,
    files: u64,
    file_bytes: u64,
    /// Number of the newest block of the journal.
    journal_block: Option<i64>,
}

#[derive(Serialize, Deserialize, PartialEq)]
struct Sum {
    table: String,
    rows: u64,
    sm3: String,
}

impl From<TableSum> for Sum {
    fn from(sum: TableSum) -> Self {
        Self { table: sum.table, rows: sum.rows, sm3: sum.digest }
    }
}

/// Writes a backup into a new folder while the program goes on serving.
///
/// # Errors
/// When the folder is not new, or something cannot be read or written.
pub fn backup(config: &Config, to: &Path) -> anyhow::Result<()> {
    new_folder(to)?;
    let manifest = block_on(save(config, to))?;
    let mut file = File::create_new(to.join(MANIFEST)).context("The manifest cannot be written")?;
    let text = serde_json::to_string_pretty(&manifest)?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        .context("The manifest cannot be written")?;
    File::open(to).and_then(|folder| folder.sync_all()).context("The folder cannot be written through")?;
    let rows: u64 = manifest.tables.iter().map(|sum| sum.rows).sum();
    say(&format!(
        "The backup in {} is whole: {} tables with {rows} rows, {} files.\n\
         The keys file is not in it; without the keys nobody can read the sealed fields. Keep its copy in a safe.",
        to.display(),
        manifest.tables.len(),
        manifest.files
    ));
    Ok(())
}

async fn save(config: &Config, to: &Path) -> anyhow::Result<Manifest> {
    let (from, copy) = (open::place(config), to.join(DATABASE));
    let kept = DbConfig::Sqlite { path: copy.clone() };
    let engine = match &from {
        DbConfig::Sqlite { path } => {
            ensure!(path.is_file(), "There is no database {}.", path.display());
            let (path, copy) = (path.clone(), copy.clone());
            tokio::task::spawn_blocking(move || transfer::online_copy(&path, &copy)).await??;
            "sqlite"
        }
        DbConfig::Postgres { .. } => {
            open::refuse_outdated(&open::database(config)?).await?;
            close(prepared(&kept).await?).await;
            transfer::copy(&from, &kept).await.context("The database cannot be copied")?;
            transfer::settle(&copy).await?;
            "postgresql"
        }
    };
    let tables = transfer::sums(&kept).await.context("The copy cannot be read")?;
    let (files, file_bytes) = copy_files(&kept, &config.files()?, &in_backup(to)?).await?;
    let newest = transfer::newest_block(&kept).await?;
    let (size, sm3) = transfer::digest_of_file(&copy)?;
    Ok(Manifest {
        format: FORMAT,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: SystemClock::default().now().to_string(),
        engine: engine.to_owned(),
        size,
        sm3,
        tables: tables.into_iter().map(Sum::from).collect(),
        files,
        file_bytes,
        journal_block: newest,
    })
}

/// Brings a backup back into an empty database and proves it.
///
/// # Errors
/// When the target is not empty, the backup is not whole, or what came back is not what was saved.
pub fn restore(config: &Config, from: &Path) -> anyhow::Result<()> {
    let manifest = read_manifest(from)?;
    block_on(bring_back(config, from, &manifest))?;
    say(&format!(
        "The backup of {} is back: {} tables, {} files, and the journal is whole up to block {}.",
        manifest.made_at,
        manifest.tables.len(),
        manifest.files,
        manifest.journal_block.map_or_else(|| "none".to_owned(), |no| no.to_string())
    ));
    Ok(())
}

fn read_manifest(from: &Path) -> anyhow::Result<Manifest> {
    let path = from.join(MANIFEST);
    let text = fs::read_to_string(&path).with_context(|| {
        format!(
            "{} cannot be read; a backup without it was not finished and must not be used",
            path.display()
        )
    })?;
    let manifest: Manifest = serde_json::from_str(&text).context("The manifest cannot be understood")?;
    ensure!(
        manifest.format == FORMAT,
        "The backup has format {}, this program reads format {FORMAT}; use jinban {}.",
        manifest.format,
        manifest.program
    );
    let (size, sm3) = transfer::digest_of_file(&from.join(DATABASE))?;
    ensure!(
        (size, &sm3) == (manifest.size, &manifest.sm3),
        "{} is not what was saved; use another copy of this backup.",
        from.join(DATABASE).display()
    );
    Ok(manifest)
}

async fn bring_back(config: &Config, from: &Path, manifest: &Manifest) -> anyhow::Result<()> {
    let target = open::place(config);
    refuse_full(&target).await?;
    open::make_private(&config.data)?;
    // On PostgreSQL the file is a stop on the way: an older backup is brought up to date in it.
    let path = match &target {
        DbConfig::Sqlite { path } => path.clone(),
        DbConfig::Postgres { .. } => config.data.join("restoring.db"),
    };
    fs::copy(from.join(DATABASE), &path).with_context(|| format!("{} cannot be written", path.display()))?;
    File::open(&path).and_then(|file| file.sync_all())?;
    let landed = DbConfig::Sqlite { path: path.clone() };
    let sums: Vec<Sum> = transfer::sums(&landed).await?.into_iter().map(Sum::from).collect();
    ensure!(sums == manifest.tables, "The rows that came back are not those that were saved.");
    copy_files(&landed, &in_backup(from)?, &config.files()?).await?;
    let db = prepared(&landed).await?;
    if let DbConfig::Postgres { .. } = target {
        close(db).await;
        let db = prepared(&target).await?;
        transfer::copy(&landed, &target).await.context("The database cannot be filled")?;
        transfer::settle(&path).await?;
        fs::remove_file(&path)?;
        return prove(db).await;
    }
    prove(db).await
}

/// Moves everything into a new data folder with a SQLite database, ready to be served.
///
/// # Errors
/// As [`import`].
pub fn export(config: &Config, to: &Path) -> anyhow::Result<()> {
    new_folder(to)?;
    let target = Config { data: to.to_owned(), database: None, ..config.clone() }.with_files_in_folder();
    let moved = block_on(transplant(config, &target))?;
    say(&format!(
        "{} is a data folder with the same {moved}. Serve it with the same keys file.",
        to.display()
    ));
    Ok(())
}

/// Moves everything from another installation (its configuration file or its data folder) into the empty database of
/// this one.
///
/// # Errors
/// When the target is not empty, the source is outdated, or what arrived is not the same.
pub fn import(config: &Config, from: &Path) -> anyhow::Result<()> {
    let source = if from.is_dir() {
        ensure!(
            from.join(DATABASE).is_file(),
            "{} holds no {DATABASE}; give a data folder or a configuration file.",
            from.display()
        );
        Config { data: from.to_owned(), database: None, ..config.clone() }.with_files_in_folder()
    } else {
        crate::config::load(from, None, None)?
    };
    let moved = block_on(transplant(&source, config))?;
    say(&format!(
        "Everything has arrived and was compared: {moved}. Serve it with the keys file of the old one."
    ));
    Ok(())
}

async fn transplant(from: &Config, to: &Config) -> anyhow::Result<String> {
    let (source, target) = (open::place(from), open::place(to));
    ensure!(source != target, "Source and target are the same database.");
    let old = open::database(from)?;
    open::refuse_outdated(&old).await.context("The source is not up to date")?;
    refuse_full(&target).await?;
    open::make_private(&to.data)?;
    let db = prepared(&target).await?;
    let sums = transfer::copy(&source, &target).await.context("The database cannot be moved")?;
    let (files, _) = copy_files(&target, &from.files()?, &to.files()?).await?;
    close(old).await;
    prove(db).await?;
    let rows: u64 = sums.iter().map(|sum| sum.rows).sum();
    let newest = transfer::newest_block(&target).await?;
    let block = newest.map_or_else(|| "none".to_owned(), |no| no.to_string());
    Ok(format!("{} tables with {rows} rows, {files} files, the journal up to block {block}", sums.len()))
}

async fn refuse_full(target: &DbConfig) -> anyhow::Result<()> {
    if transfer::is_empty(target).await.context("The target cannot be read")? {
        return Ok(());
    }
    bail!(
        "The target already holds data; nothing is written over. Give an empty data folder or an empty database."
    )
}

/// The database with its tables up to date.
async fn prepared(place: &DbConfig) -> anyhow::Result<Db> {
    let db = Db::open(place).context("The database cannot be opened")?;
    store::migrate(&db, MIGRATIONS).await.context("The tables cannot be brought up to date")?;
    Ok(db)
}

/// Everything is on the disk and nobody holds it any more.
async fn close(db: Db) {
    db.close().await;
    drop(db);
}

/// The files in the folder of a backup.
fn in_backup(folder: &Path) -> anyhow::Result<Files> {
    Ok(Files::local(&folder.join(FILES))?)
}

async fn copy_files(database: &DbConfig, from: &Files, to: &Files) -> anyhow::Result<(u64, u64)> {
    from.reach().await.context("The store of files does not answer")?;
    transfer::copy_files(database, from, to).await.context("The files cannot be copied")
}

async fn prove(db: Db) -> anyhow::Result<()> {
    let report = app::proof::prove(&db).await.context("The data cannot be read")?;
    close(db).await;
    ensure!(
        report.holds(),
        "What arrived is not whole; `jinban verify` names the first thing that is wrong."
    );
    Ok(())
}

/// Makes the folder; one that has something in it is left alone.
fn new_folder(path: &Path) -> anyhow::Result<()> {
    let used: Vec<PathBuf> =
        fs::read_dir(path).map(|list| list.flatten().map(|entry| entry.path()).collect()).unwrap_or_default();
    ensure!(used.is_empty(), "{} is not empty; nothing is written over. Give a new folder.", path.display());
    open::make_private(path)
}

#[cfg(test)]
mod tests;
