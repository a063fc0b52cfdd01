//! From the configuration to the context: the database, the city, the clock.

use crate::config::Config;
use crate::keys;
use crate::press::Press;
use crate::world::{SystemClock, SystemEntropy};
use anyhow::{Context, bail, ensure};
use app::cases::Tallies;
use app::catalogue::Catalogue;
use app::city::City;
use app::web::Ops;
use app::web::metrics::Access;
use app::{Clock as _, Ctx, Live, MIGRATIONS, Parts, Site};
use jiff::{SignedDuration, Timestamp};
use std::path::Path;
use std::sync::Arc;
use store::seal::{Keys, Sealer};
use store::{Db, DbConfig, Tx, Work};

/// Figures of supervision may be so old; the page says of when they are.
const COUNTS_KEPT: SignedDuration = SignedDuration::from_secs(10);

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

/// How far the journal may be ahead of the machine's clock at a start: nodes differ by that much.
const AHEAD: SignedDuration = SignedDuration::from_mins(1);

struct Newest;

impl Work for Newest {
    type Out = Option<Timestamp>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Option<Timestamp>> {
        store::journal::newest_entry(tx).await
    }
}

/// Refuses a clock that was set back while nothing was serving: receipts and limits of the law would bear false dates.
///
/// # Errors
/// When the newest entry of the journal lies ahead of the clock, with both and what to do.
pub async fn refuse_clock_set_back(config: &Config, db: &Db, clock: &SystemClock) -> anyhow::Result<()> {
    let Some(newest) = db.read(Newest).await.context("The database does not answer")? else { return Ok(()) };
    let now = clock.now();
    if config.accept_earlier_clock {
        return Ok(());
    }
    ensure!(
        newest.duration_since(now) <= AHEAD,
        "The clock of this machine says {now:.0}, but the newest entry of the journal was made at {newest:.0}. Set the clock \
         right. If it is right and the entries were made under a wrong one, start with `accept_earlier_clock = true`."
    );
    clock.not_before(newest);
    Ok(())
}

/// The context over a database whose tables are up to date.
///
/// # Errors
/// When the data of the city or the keys cannot be read.
pub fn context(config: &Config, db: Db, clock: SystemClock, demo: bool) -> anyhow::Result<Ctx> {
    let city = match &config.city {
        Some(folder) => City::from_folder(folder),
        None => City::embedded(),
    }
    .context("The data of the city cannot be read")?;
    let keys = match &config.keys {
        Some(file) => Keys::read(file)?,
        None => own_keys(&config.keys_file())?,
    };
    let access = match &config.metrics_token {
        Some(token) => Access::Token(token.clone()),
        None if demo => Access::Open,
        None => Access::Closed,
    };
    Ok(Ctx::new(Parts {
        ops: Arc::new(Ops::new(clock.now(), access)),
        quotas: Arc::default(),
        tallies: Arc::new(Tallies::kept_for(COUNTS_KEPT)),
        drawn: Arc::default(),
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
    }))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::serve::block_on;
    use store::journal::{NewEvent, Stamp, Stream, append};
    use uuid::Uuid;

    /// An event that was entered at this instant.
    struct Entered(Timestamp);

    impl Work for Entered {
        type Out = i64;
        type Err = store::Error;

        async fn run(&self, tx: &Tx) -> store::Result<i64> {
            let stamp = Stamp { actor: "system".into(), org: None, trace: String::new(), entered_at: self.0 };
            let event = NewEvent {
                kind: "submitted".into(),
                body_json: "{}".into(),
                happened_at: self.0,
                ground: None,
            };
            append(tx, Stream { kind: "case", id: Uuid::from_u128(1) }, 0, &stamp, &[event]).await
        }
    }

    #[test]
    fn a_start_is_refused_while_the_journal_is_ahead_of_the_clock_unless_the_operator_takes_it_upon_them() {
        for (ahead, refused) in [(-3600, false), (30, false), (3600, true)] {
            let folder = tempfile::tempdir().unwrap();
            let config = Config { data: folder.path().to_owned(), ..Config::default() };
            let newest = SystemClock::default().now().checked_add(SignedDuration::from_secs(ahead)).unwrap();
            let (answer, taken, started) = block_on(async {
                let db = database(&config)?;
                migrate(&db).await?;
                db.write(Entered(newest)).await?;
                let clock = SystemClock::default();
                let answer = refuse_clock_set_back(&config, &db, &clock).await;
                let taken = Config { accept_earlier_clock: true, ..config.clone() };
                Ok((answer, refuse_clock_set_back(&taken, &db, &SystemClock::default()).await, clock.now()))
            })
            .unwrap();
            assert_eq!(answer.is_err(), refused, "{ahead} s");
            assert!(taken.is_ok());
            if refused {
                assert!(answer.unwrap_err().to_string().contains("accept_earlier_clock = true"));
            } else {
                let (started, newest) = (started.as_microsecond(), newest.as_microsecond());
                assert!(started >= newest, "time goes on from the newest entry");
            }
        }
    }
}
