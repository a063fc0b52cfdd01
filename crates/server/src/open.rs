//! From the configuration to the context: the database, the city, the clock.

use crate::config::Config;
use crate::keys;
use crate::press::Press;
use crate::world::{SystemClock, SystemEntropy};
use anyhow::{Context, bail};
use app::catalogue::Catalogue;
use app::city::City;
use app::web::Ops;
use app::web::metrics::Access;
use app::{Clock as _, Ctx, Live, MIGRATIONS, Site};
use std::path::Path;
use std::sync::Arc;
use store::seal::{Keys, Sealer};
use store::{Db, DbConfig};

/// Where the database is.
pub fn place(config: &Config) -> DbConfig {
    match &config.database {
        Some(url) => DbConfig::Postgres { url: url.clone(), pool: config.pool },
        None => DbConfig::Sqlite { path: config.data.join("jinban.db") },
    }
}

/// Opens the database; nothing is read or written yet.
///
/// # Errors
/// When the data folder cannot be made or the database cannot be opened.
pub fn database(config: &Config) -> anyhow::Result<Db> {
    if config.database.is_none() {
        make_private(&config.data)?;
    }
    Db::open(&place(config)).context("The database cannot be opened")
}

/// Brings the tables up to date.
///
/// # Errors
/// When the database does not answer or was changed by a newer program.
pub async fn migrate(db: &Db) -> anyhow::Result<usize> {
    let pending = store::pending(db, MIGRATIONS).await.context("The database does not answer")?;
    store::migrate(db, MIGRATIONS).await.context("The tables cannot be brought up to date")?;
    Ok(pending.len())
}

/// Refuses a database whose tables are older than the program: several nodes may be serving from it.
///
/// # Errors
/// When something is missing, with the command that adds it.
pub async fn refuse_outdated(db: &Db) -> anyhow::Result<()> {
    let pending = store::pending(db, MIGRATIONS).await.context("The database does not answer")?;
    if let Some(first) = pending.first() {
        bail!(
            "The tables are older than this program ({} changes from {:04}_{} on are missing). \
             Back the data up and run `jinban migrate` with the same configuration.",
            pending.len(),
            first.no,
            first.name
        );
    }
    Ok(())
}

/// The context over a database whose tables are up to date.
///
/// # Errors
/// When the data of the city or the keys cannot be read.
pub fn context(config: &Config, db: Db, demo: bool) -> anyhow::Result<Ctx> {
    let city = match &config.city {
        Some(folder) => City::from_folder(folder),
        None => City::embedded(),
    }
    .context("The data of the city cannot be read")?;
    let keys = match &config.keys {
        Some(file) => Keys::read(file)?,
        None => own_keys(&config.keys_file())?,
    };
    let clock = SystemClock;
    let access = match &config.metrics_token {
        Some(token) => Access::Token(token.clone()),
        None if demo => Access::Open,
        None => Access::Closed,
    };
    Ok(Ctx {
        ops: Arc::new(Ops::new(clock.now(), access)),
        quotas: Arc::default(),
        db,
        sealer: Arc::new(Sealer::new(keys)),
        files: config.files()?,
        publishing: config.publishing()?.map(Arc::new),
        typeset: Arc::new(Press::new(config.data.join("fonts"))),
        catalogue: Arc::new(Live::new(Catalogue::from_city(&city))),
        city: Arc::new(Live::new(city)),
        clock: Arc::new(clock),
        entropy: Arc::new(SystemEntropy),
        site: Arc::new(Site { https: config.https(), demo, url: config.url() }),
    })
}

/// The keys of the demo, beside its data; made the first time. `serve` refuses to go without a keys file of its own.
fn own_keys(file: &Path) -> anyhow::Result<Keys> {
    if !file.exists() {
        keys::new(file)?;
    }
    Ok(Keys::read(file)?)
}

/// Makes the folder if it is not there; nobody else on the machine may look into it.
///
/// # Errors
/// When it cannot be made or belongs to another account.
pub fn make_private(folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)
        .with_context(|| format!("The data folder {} cannot be made", folder.display()))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700)).with_context(|| {
            format!("The data folder {} does not belong to this account", folder.display())
        })?;
    }
    Ok(())
}
