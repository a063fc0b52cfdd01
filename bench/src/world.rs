//! The data folder of a server that is not running, opened the way the server opens it.

use anyhow::Context;
use app::catalogue::Catalogue;
use app::city::City;
use app::web::Ops;
use app::web::metrics::Access;
use app::{Clock, Ctx, Entropy, Live, Parts, Site, Typeset, TypesetError};
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use jiff::civil::Date;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::files::Files;
use store::seal::{Keys, Sealer};
use store::{Db, DbConfig};

/// The data and the days of its year.
#[derive(Clone)]
pub struct World {
    /// What the functions of the product are given.
    pub ctx: Ctx,
    /// The folder.
    pub data: PathBuf,
    /// The first day of the year.
    pub first: Date,
    /// The last day.
    pub last: Date,
}

struct Now;

impl Clock for Now {
    #[expect(clippy::disallowed_methods, reason = "a benchmark lives in real time")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

struct Chance;

impl Entropy for Chance {
    #[expect(clippy::disallowed_methods, reason = "nonces of sealed fields must never repeat")]
    fn fill(&self, into: &mut [u8]) {
        while getrandom::fill(into).is_err() {}
    }
}

/// Loading issues no papers.
struct NoPapers;

impl Typeset for NoPapers {
    fn pdf(&self, _: papers::Paper) -> BoxFuture<'static, Result<Vec<u8>, TypesetError>> {
        Box::pin(std::future::ready(Err(TypesetError("the loader sets no papers".to_owned()))))
    }
}

/// Opens the database of a data folder, or the PostgreSQL database of that address with the folder's keys. Tables and
/// keys must be there: the demo or `jinban migrate` makes them. The year ends yesterday.
///
/// # Errors
/// When something is missing or cannot be read.
pub fn open(data: &Path, database: Option<&str>) -> anyhow::Result<World> {
    let place = match database {
        Some(url) => DbConfig::Postgres { url: url.to_owned(), pool: 16 },
        None => DbConfig::Sqlite { path: data.join("jinban.db") },
    };
    let city = City::embedded().context("The data of the city cannot be read")?;
    let today = Now.now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let last = today.yesterday()?;
    let first = last.checked_sub(jiff::ToSpan::days(364))?;
    let ctx = Ctx::new(Parts {
        ops: Arc::new(Ops::new(Now.now(), Access::Closed)),
        quotas: Arc::default(),
        tallies: Arc::default(),
        drawn: Arc::default(),
        db: Db::open(&place).context("The database cannot be opened")?,
        sealer: Arc::new(Sealer::new(Keys::read(&data.join("keys"))?)),
        files: Files::local(&data.join("files"))?,
        publishing: None,
        typeset: Arc::new(NoPapers),
        catalogue: Arc::new(Live::new(Catalogue::from_city(&city))),
        city: Arc::new(Live::new(city)),
        clock: Arc::new(Now),
        entropy: Arc::new(Chance),
        site: Arc::new(Site::default()),
    });
    Ok(World { ctx, data: data.to_owned(), first, last })
}
