//! Killing the program at random instants under load, again and again, and comparing what is there afterwards with what it
//! had acknowledged.

mod book;
mod check;
mod load;
mod site;

use crate::dice::Dice;
use crate::server::Server;
use anyhow::{Context, ensure};
use book::Count;
use site::Site;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// In so many rounds of a thousand the program is also killed while it starts.
const WHILE_STARTING: u64 = 333;
/// The load lasts so long before the kill: enough for every step to be under way.
const SHORTEST: u64 = 100;
const LONGEST: u64 = 1500;

/// What is to be done.
pub struct Plan {
    /// The program.
    pub program: PathBuf,
    /// Where it may write; emptied first.
    pub folder: PathBuf,
    /// A PostgreSQL server, without the name of a database.
    pub postgres: String,
    /// How often the program is killed under load, on the two engines in turn.
    pub rounds: u64,
    /// Chance.
    pub seed: u64,
}

/// What happened in one round.
struct Round {
    while_starting: Option<Duration>,
    ready: f64,
    settled: u64,
    compared: usize,
    lived: Duration,
    answers: Count,
    open: usize,
    verified: f64,
}

/// Runs the rounds and prints a line for each.
///
/// # Errors
/// With the first thing that was lost, given twice, or altered.
pub async fn run(plan: &Plan) -> anyhow::Result<()> {
    if plan.folder.exists() {
        std::fs::remove_dir_all(&plan.folder)?;
    }
    let sites = set_up(plan).await?;
    let mut dice = Dice::for_case(plan.seed, 0);
    eprintln!("seed {}, {} rounds", plan.seed, plan.rounds);
    let (mut begun, mut starting) = (Instant::now(), 0);
    for no in 1..=plan.rounds {
        let site = &sites[usize::try_from(no).unwrap_or(0) % sites.len()];
        let round = one(site, &mut dice).await.with_context(|| {
            format!(
                "round {no} on {} (seed {}); its data stays in {}",
                site.name,
                plan.seed,
                plan.folder.display()
            )
        })?;
        starting += u64::from(round.while_starting.is_some());
        eprintln!("{}", line(no, site, &round));
    }
    let killing = begun.elapsed();
    begun = Instant::now();
    let mut total = Count::default();
    for site in &sites {
        last(site).await.with_context(|| format!("the end on {}", site.name))?;
        let count = site.load.book().count;
        total.begun += count.begun;
        total.files += count.files;
        total.cases += count.cases;
        total.acts += count.acts;
    }
    eprintln!(
        "{} kills under load and {starting} while starting in {:.0} s (seed {}): {} acknowledged answers ({} applications, {} \
         files, {} submissions, {} events) are there, no number was given twice, verify holds; the last comparison of \
         everything took {:.0} s",
        plan.rounds,
        killing.as_secs_f64(),
        plan.seed,
        total.all(),
        total.begun,
        total.files,
        total.cases,
        total.acts,
        begun.elapsed().as_secs_f64()
    );
    Ok(())
}

async fn set_up(plan: &Plan) -> anyhow::Result<Vec<Site>> {
    let (admin, connection) =
        tokio_postgres::connect(&format!("{}/postgres", plan.postgres), tokio_postgres::NoTls).await?;
    tokio::spawn(connection);
    for words in ["DROP DATABASE IF EXISTS crash", "CREATE DATABASE crash"] {
        admin.batch_execute(words).await?;
    }
    let database = format!("{}/crash", plan.postgres);
    let folder = |name: &str| plan.folder.join(name);
    Ok(vec![
        Site::set_up("PostgreSQL", &plan.program, &folder("postgres"), Some(&database), plan.seed).await?,
        Site::set_up("SQLite", &plan.program, &folder("sqlite"), None, plan.seed).await?,
    ])
}

/// Starts, compares what was acknowledged before the last kill, loads, kills, verifies.
async fn one(site: &Site, dice: &mut Dice) -> anyhow::Result<Round> {
    let mut while_starting = None;
    if dice.chance(WHILE_STARTING) {
        let after = Duration::from_millis(dice.below(400));
        site.start_and_kill(after).await?;
        while_starting = Some(after);
    }
    let server = site.start().await?;
    let ready = server.ready;
    let mut client = site.client();
    let settled = check::settle(&site.load, &mut client).await?;
    let compared = check::compare(&site.load, &mut client, false).await?;
    let before = site.load.book().count;
    let lived = Duration::from_millis(SHORTEST + dice.below(LONGEST - SHORTEST));
    let killing = kill(server, lived);
    let (worked, ()) = tokio::join!(site.load.until_gone(site, dice.next()), killing);
    worked?;
    let after = site.load.book().count;
    let begun = Instant::now();
    site.verify()?;
    Ok(Round {
        while_starting,
        ready,
        settled,
        compared,
        lived,
        answers: Count {
            begun: after.begun - before.begun,
            files: after.files - before.files,
            cases: after.cases - before.cases,
            acts: after.acts - before.acts,
        },
        open: site.load.book().open.len(),
        verified: begun.elapsed().as_secs_f64(),
    })
}

/// SIGKILL after so long: no handler runs, nothing is flushed.
async fn kill(server: Server, after: Duration) {
    tokio::time::sleep(after).await;
    drop(server);
}

/// Settles what is open, compares everything that was ever acknowledged, and proves the data once more.
async fn last(site: &Site) -> anyhow::Result<()> {
    let server = site.start().await?;
    let mut client = site.client();
    check::settle(&site.load, &mut client).await?;
    let open = site.load.book().open.len();
    ensure!(open == 0, "{open} requests are still without an answer");
    check::compare(&site.load, &mut client, true).await?;
    check::count(&site.load, &mut client).await?;
    server.stop()?;
    site.verify()
}

fn line(no: u64, site: &Site, round: &Round) -> String {
    let starting =
        round.while_starting.map(|after| format!(", killed {} ms into a start", after.as_millis()));
    format!(
        "round {no:3} {:10}{}: ready in {:.2} s, {} settled, {} compared; killed after {} ms with {} answers ({} files, {} \
         submissions, {} events) and {} open; verified in {:.1} s",
        site.name,
        starting.unwrap_or_default(),
        round.ready,
        round.settled,
        round.compared,
        round.lived.as_millis(),
        round.answers.all(),
        round.answers.files,
        round.answers.cases,
        round.answers.acts,
        round.open,
        round.verified
    )
}
