//! Loading a year into the database of a data folder: people first, then cases with their whole past, by the same
//! functions and statements that serve the city.

mod indexes;
mod sql;

use crate::life::Life;
use crate::population::{Somebody, somebody};
use crate::sample::{self, Sample, stride};
use crate::world::World;
use crate::year::Year;
use anyhow::{Context, ensure};
use app::cases::{
    ActError, Answer, Application, FORM_FIELD, History, PARTY_FIELD, Party, add_application, enter_history,
    query_index,
};
use app::identity::persons::{Assurance, NewPerson, register};
use domain::cases::Happened;
use domain::kernel::CitizenId;
use domain::kernel::numbers::QueryCode;
use futures_util::future::try_join_all;
use std::sync::Arc;
use std::time::Instant;
use store::{Engine, Tx, Work, journal};

/// Cases lived while others are written.
const BATCH: u64 = 1000;
/// Cases of one work; the works of a batch are committed in groups. SQLite keeps what a work might have to undo in a list
/// that each serial number walks, so a long work costs more than several short ones.
const AT_A_TIME: usize = 10;
/// People made known at the same time; they are committed in groups.
const AT_ONCE: u64 = 128;
/// Each person has about so many cases.
const CASES_EACH: u64 = 10;

/// What was loaded.
#[derive(Debug, Default, Clone, Copy)]
pub struct Loaded {
    /// Cases.
    pub cases: u64,
    /// Their events.
    pub events: u64,
    /// People.
    pub people: u64,
    /// Seconds that the cases took.
    pub seconds: f64,
}

/// Lives `count` cases of the year through the law on one thread and keeps none; cases a second.
///
/// # Errors
/// When the law refused what the generator did.
pub fn live_only(world: &World, seed: u64, count: u64) -> anyhow::Result<f64> {
    let city = world.ctx.city();
    let people: Vec<CitizenId> = (0..1000).map(|n| CitizenId(uuid::Uuid::from_u128(n))).collect();
    let year = Year::new(&city, seed, world.first, world.last, &people);
    let begun = Instant::now();
    for n in 0..count {
        std::hint::black_box(year.case(n).map_err(anyhow::Error::msg)?);
    }
    Ok(count as f64 / begun.elapsed().as_secs_f64())
}

/// Loads `count` cases of the year with this seed.
///
/// # Errors
/// When the database cannot be written, or the law refused what the generator did.
pub async fn load(world: &World, seed: u64, count: u64) -> anyhow::Result<Loaded> {
    let people = Arc::new(people(world, (count / CASES_EACH).max(1)).await?);
    let begun = Instant::now();
    let database = Some(world.data.join("jinban.db"));
    let database = database.filter(|file| world.ctx.db.engine() == Engine::Sqlite && file.exists());
    let aside = database.as_deref().map(indexes::put_aside).transpose()?;
    let mut loaded = Loaded { people: people.len() as u64, ..Loaded::default() };
    let (mut from, mut samples) = (0, Vec::new());
    // While one batch is written, the next one is lived.
    let mut ahead = live(world, seed, &people, 0..BATCH.min(count));
    while from < count {
        let until = (from + BATCH).min(count);
        let batch = ahead.await.context("a thread of the generator died")??;
        let next = until..(until + BATCH).min(count);
        ahead = live(world, seed, &people, next);
        loaded.cases += batch.len() as u64;
        loaded.events += batch.iter().map(|case| case.history.events.len() as u64).sum::<u64>();
        let entered = enter(world, batch).await?;
        let kept = (from..).zip(entered).filter(|(n, _)| n % stride(count) == 0);
        samples.extend(kept.map(|(_, sample)| sample));
        from = until;
    }
    seal(world).await?;
    if let Some((aside, database)) = aside.zip(database) {
        aside.build(&database)?;
    }
    sample::keep(&world.data, &samples)?;
    loaded.seconds = begun.elapsed().as_secs_f64();
    Ok(loaded)
}

/// Makes the people known.
async fn people(world: &World, count: u64) -> anyhow::Result<Vec<(CitizenId, Somebody)>> {
    let mut known = Vec::with_capacity(usize::try_from(count)?);
    for from in (0..count).step_by(usize::try_from(AT_ONCE)?) {
        let group = (from..(from + AT_ONCE).min(count)).map(|n| {
            let ctx = world.ctx.clone();
            tokio::spawn(async move {
                let one = somebody(n).context("there are no more people")?;
                let new = NewPerson {
                    document: one.document.clone(),
                    name: one.name.clone(),
                    phone: Some(one.phone.clone()),
                    address: None,
                    handler: None,
                    assurance: Assurance::Declared,
                    as_issued: None,
                };
                let by = app::identity::By::system("load");
                let view = register(&ctx, &new, by).await.map_err(|e| anyhow::anyhow!("{e}"))?;
                anyhow::Ok((CitizenId(view.id), one))
            })
        });
        for task in group.collect::<Vec<_>>() {
            known.push(task.await??);
        }
    }
    Ok(known)
}

/// A case ready to be entered.
struct Ready {
    application: Application,
    history: History,
    code: QueryCode,
}

/// Enters cases in works of a few; answers in their order.
async fn enter(world: &World, mut cases: Vec<Ready>) -> anyhow::Result<Vec<Sample>> {
    // Works that go side by side on PostgreSQL would wait for one another's serial numbers in a circle.
    let at_a_time = if world.ctx.db.engine() == Engine::Sqlite { AT_A_TIME } else { cases.len() };
    let mut works = Vec::with_capacity(cases.len() / AT_A_TIME + 1);
    while !cases.is_empty() {
        let rest = cases.split_off(cases.len().min(at_a_time));
        works.push(world.ctx.db.write(Few { cases, world: world.clone() }));
        cases = rest;
    }
    let entered = try_join_all(works).await.map_err(|e| anyhow::anyhow!("{e}"))?;
    Ok(entered.into_iter().flatten().collect())
}

/// Cases that are entered together.
struct Few {
    cases: Vec<Ready>,
    world: World,
}

impl Work for Few {
    type Out = Vec<Sample>;
    type Err = ActError;

    async fn run(&self, tx: &Tx) -> Result<Vec<Sample>, ActError> {
        let city = self.world.ctx.city();
        let mut samples = Vec::new();
        for ready in &self.cases {
            add_application(tx, &ready.application).await?;
            let record = enter_history(tx, &city, &ready.history).await?;
            let code = ready.code.as_str().to_owned();
            samples.push(Sample { case: record.id.uuid(), number: record.number, code });
        }
        Ok(samples)
    }
}

/// Lives these cases on a thread of its own and seals what people said.
fn live(
    world: &World,
    seed: u64,
    people: &Arc<Vec<(CitizenId, Somebody)>>,
    range: std::ops::Range<u64>,
) -> tokio::task::JoinHandle<anyhow::Result<Vec<Ready>>> {
    let (world, people) = (world.clone(), Arc::clone(people));
    tokio::task::spawn_blocking(move || {
        let city = world.ctx.city();
        let ids: Vec<CitizenId> = people.iter().map(|(id, _)| *id).collect();
        let year = Year::new(&city, seed, world.first, world.last, &ids);
        let cases = range.map(|n| {
            let life = year.case(n).map_err(anyhow::Error::msg)?;
            let (_, who) = &people[life.citizen];
            ready(&world, &life, who, n)
        });
        cases.collect()
    })
}

/// What stands beside the events of a case.
fn ready(world: &World, life: &Life, who: &Somebody, n: u64) -> anyhow::Result<Ready> {
    let ctx = &world.ctx;
    let first = life.events.first().context("a life without events")?;
    let Happened::Submitted { case, application, applicant, channel, .. } = &first.what else {
        anyhow::bail!("a life that does not begin with a submission")
    };
    let party = Party {
        firm: false,
        name: who.name.clone(),
        document_kind: "居民身份证".to_owned(),
        document: who.document.as_str().to_owned(),
        contact: who.name.clone(),
        phone: who.phone.as_str().to_owned(),
    };
    let answer = |name: &str, label: &str, value: &str, personal| Answer {
        name: name.to_owned(),
        label: label.to_owned(),
        value: value.to_owned(),
        personal,
    };
    let form = [
        answer("name", "姓名", &who.name, true),
        answer("document", "证件号码", who.document.as_str(), true),
        answer("phone", "手机号码", who.phone.as_str(), true),
        answer("address", "联系地址", "青龙街道", true),
    ];
    let code = QueryCode::from_random(n.to_le_bytes());
    let query_index = query_index(ctx, *case, &code);
    Ok(Ready {
        code,
        application: Application {
            id: *application,
            applicant: *applicant,
            channel: *channel,
            party: ctx.seal(PARTY_FIELD, &serde_json::to_string(&party)?),
            form: ctx.seal(FORM_FIELD, &serde_json::to_string(&form)?),
            submitted_at: first.at,
            entered_at: first.entered_at,
        },
        history: History { events: life.events.clone(), query_index, origin: "load".to_owned() },
    })
}

struct Seal(jiff::Timestamp);

impl Work for Seal {
    type Out = Option<i64>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Option<i64>> {
        journal::seal_block(tx, self.0).await
    }
}

/// Takes everything into blocks, as the running program does.
async fn seal(world: &World) -> anyhow::Result<()> {
    while world.ctx.db.write(Seal(world.ctx.now())).await?.is_some() {}
    ensure!(world.ctx.db.write(Seal(world.ctx.now())).await?.is_none(), "something was left unsealed");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use std::path::PathBuf;

    #[tokio::test]
    async fn a_loaded_year_is_proven_as_if_it_had_been_lived_here() {
        app::testing::on_both(|there| async move {
            let folder: PathBuf = std::env::temp_dir().join(format!("jinban-load-{}", there.new_uuid()));
            std::fs::create_dir_all(&folder).unwrap();
            let (first, last) = (date(2025, 3, 1), date(2026, 2, 28));
            let world = World { ctx: there.ctx.clone(), data: folder.clone(), first, last };
            let loaded = load(&world, 7, 300).await.unwrap();
            assert_eq!((loaded.cases, loaded.people), (300, 30));
            assert!(loaded.events > 1500, "{loaded:?}");
            let report = app::proof::prove(&there.db).await.unwrap();
            assert!(report.holds());
            assert!(report.kinds.iter().any(|(kind, found)| *kind == "case" && found.rows == 300));
            assert_eq!(sample::kept(&folder).unwrap().len(), 300);
            let followed = app::worker::run_due(&there.ctx).await.unwrap();
            assert_eq!(followed, 30, "people have messages, old events of cases have none");
            std::fs::remove_dir_all(&folder).unwrap();
        })
        .await;
    }
}
