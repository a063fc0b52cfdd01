//! The whole measurement, in the order in which it is reported.

use crate::department::Department;
use crate::flood;
use crate::floor::{page, rows, writes};
use crate::http::Client;
use crate::lifecycle::{self, RATES, Stage};
use crate::load::{live_only, load};
use crate::reads::readings;
use crate::report::{Figure, Target, table};
use crate::sample;
use crate::server::Server;
use crate::timing::Times;
use crate::world;
use anyhow::Context;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The seed of the year.
const SEED: u64 = 1;
/// Histories that are lived to see how fast that goes.
const LIVES: u64 = 50_000;

/// How much is measured.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The program under measurement.
    pub program: PathBuf,
    /// A folder that may be filled and is emptied first.
    pub folder: PathBuf,
    /// An empty `PostgreSQL` database for the floor and the product; without one these are left out.
    pub postgres: Option<String>,
    /// Cases of the small city.
    pub small: u64,
    /// Cases of the large one.
    pub large: u64,
    /// Looks at each page.
    pub looks: usize,
    /// How long each flood and each rate lasts.
    pub lasting: Duration,
}

/// Measures everything.
///
/// # Errors
/// When a part cannot be carried out; figures that miss their target are figures.
pub async fn run(plan: &Plan) -> anyhow::Result<Vec<Figure>> {
    if plan.folder.exists() {
        std::fs::remove_dir_all(&plan.folder)?;
    }
    let mut figures = sizes(&plan.program)?;
    say("loading");
    let (small, large) = (plan.folder.join("small"), plan.folder.join("large"));
    city(plan, &small, plan.small, None).await?;
    city(plan, &large, plan.large, Some(&mut figures)).await?;
    say("looking at both sizes");
    figures.extend(compared(plan, &small, &large).await?);
    eprint!("{}", table(&figures));
    let server = Server::demo(&plan.program, &large).await?;
    figures.extend(pages(plan, &server, &large).await?);
    eprint!("{}", table(&figures));
    let department = Department::open(&plan.program, &large, &server).await?;
    let stages = lifecycle::open_loop(&department, &server, &RATES, plan.lasting).await?;
    figures.extend(loop_figures(&stages));
    server.stop()?;
    eprint!("{}", table(&figures));
    figures.extend(written(plan).await?);
    Ok(figures)
}

fn say(what: &str) {
    eprintln!("{what} …");
}

fn sizes(program: &Path) -> anyhow::Result<Vec<Figure>> {
    let bytes = std::fs::metadata(program).context("the program is not built")?.len();
    let megabytes = bytes as f64 / 1_000_000.0;
    Ok(vec![Figure::plain("release binary", megabytes, "MB").target(Target::AtMost(100.0))])
}

/// A data folder of the demo with so many cases.
async fn city(
    plan: &Plan,
    folder: &Path,
    count: u64,
    figures: Option<&mut Vec<Figure>>,
) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)?;
    Server::demo(&plan.program, folder).await?.stop()?;
    let world = world::open(folder, None)?;
    let lived = live_only(&world, SEED, count.min(LIVES))?;
    let loaded = load(&world, SEED, count).await?;
    world.ctx.db.close().await;
    if let Some(figures) = figures {
        let name = "generator: legal histories on one thread";
        figures.push(Figure::plain(name, lived, "cases/s").target(Target::AtLeast(5000.0)));
        let rate = loaded.cases as f64 / loaded.seconds;
        let name = format!("writing {} of them with {} events into SQLite", loaded.cases, loaded.events);
        figures.push(Figure::plain(name, rate, "cases/s"));
    }
    Ok(())
}

/// The same pages at both sizes.
async fn compared(plan: &Plan, small: &Path, large: &Path) -> anyhow::Result<Vec<Figure>> {
    let (_, before) = looked(plan, small).await?;
    let (mut figures, after) = looked(plan, large).await?;
    for ((name, large), (_, small)) in after.iter().zip(&before) {
        let name = format!("{name}, p99 at {} cases over that at {}", plan.large, plan.small);
        let figure = Figure::plain(name, large.share(0.99), "ms").over(small.share(0.99));
        figures.push(figure.target(Target::RatioAtMost(1.5)));
    }
    Ok(figures)
}

async fn looked(plan: &Plan, folder: &Path) -> anyhow::Result<(Vec<Figure>, Vec<(&'static str, Times)>)> {
    let server = Server::demo(&plan.program, folder).await?;
    let mut times = Vec::new();
    for reading in readings(&server, &sample::kept(folder)?).await? {
        reading.run(plan.looks / 5 + 2).await?;
        times.push((reading.name, reading.run(plan.looks).await?));
    }
    let figures = vec![
        Figure::plain("ready after a start", server.ready, "s").target(Target::AtMost(1.0)),
        Figure::plain("resident memory", server.memory()?, "MB").target(Target::AtMost(200.0)),
    ];
    server.stop()?;
    Ok((figures, times))
}

/// Pages a second over a bare page of the same bytes.
async fn pages(plan: &Plan, server: &Server, folder: &Path) -> anyhow::Result<Vec<Figure>> {
    let samples = sample::kept(folder)?;
    let case = format!("/review/{}", samples.first().context("no sample")?.case);
    let (reviewer, supervisor) = (server.signed_in("reviewer").await?, server.signed_in("supervisor").await?);
    let looks = [
        ("item page", "/items/101", &reviewer),
        ("case page", &case, &supervisor),
        ("worklist page", "/review", &reviewer),
    ];
    let mut figures = Vec::new();
    for (name, path, client) in looks {
        let text = client.another().get(path).await?.text();
        let bare = Client::new(page::serve(&text).await?);
        let floor = flood::page(&bare, "/", plan.lasting).await?;
        let real = flood::page(client, path, plan.lasting).await?;
        figures.push(Figure::plain(name, real, "pages/s").over(floor).target(Target::RatioAtLeast(0.5)));
    }
    Ok(figures)
}

fn loop_figures(stages: &[Stage]) -> Vec<Figure> {
    let quiet = stages.first().map(|stage| stage.times.share(0.5)).unwrap_or_default();
    let mut figures = Vec::new();
    for (n, stage) in stages.iter().enumerate() {
        let name = |what: &str| format!("open loop, {} lives/s: {what}", stage.rate);
        figures.push(Figure::plain(name("p99"), stage.times.share(0.99), "ms").target(Target::AtMost(250.0)));
        let failed = Figure::plain(name("failed"), stage.failed as f64, "lives").target(Target::AtMost(0.0));
        figures.push(failed);
        if stage.refused > 0 {
            figures.push(Figure::plain(name("refused with 503"), stage.refused as f64, "lives"));
        }
        let valley = n > 0 && stages[n - 1].rate > stage.rate;
        if valley {
            let figure =
                Figure::plain(name("p50 two seconds into the valley"), stage.settled.share(0.5), "ms");
            figures.push(figure.over(quiet).target(Target::RatioAtMost(2.0)));
        }
        if let Some(wrong) = &stage.wrong {
            eprintln!("{} lives/s: {wrong}", stage.rate);
        }
    }
    figures
}

/// Durable submission and acceptance, over what a bare program writes.
async fn written(plan: &Plan) -> anyhow::Result<Vec<Figure>> {
    let folder = plan.folder.join("writes");
    std::fs::create_dir_all(&folder)?;
    let server = Server::demo(&plan.program, &folder).await?;
    let department = Department::open(&plan.program, &folder, &server).await?;
    let (real, case) = lifecycle::flood(&department, &server, plan.lasting).await?;
    server.stop()?;
    let recorded = rows::recorded(&folder.join("jinban.db"), case.id)?;
    let bare = plan.folder.join("bare.db");
    let db = store::Db::open(&store::DbConfig::Sqlite { path: bare.clone() })?;
    store::migrate(&db, app::MIGRATIONS).await?;
    db.close().await;
    let floor = writes::sqlite(&bare, recorded.clone(), plan.lasting).await?;
    let name = "submission and acceptance over HTTP, 64 clients, SQLite";
    let mut figures =
        vec![Figure::plain(name, real, "cases/s").over(floor).target(Target::RatioAtLeast(0.3))];
    if let Some(url) = &plan.postgres {
        figures.push(on_postgres(plan, url, &folder, recorded).await?);
    }
    Ok(figures)
}

/// The same on `PostgreSQL`: the floor in a database of its own beside the one that the product moved to.
async fn on_postgres(
    plan: &Plan,
    url: &str,
    folder: &Path,
    recorded: rows::Recorded,
) -> anyhow::Result<Figure> {
    let (real, floor) = (format!("{url}/bench"), format!("{url}/floor"));
    let (admin, connection) =
        tokio_postgres::connect(&format!("{url}/postgres"), tokio_postgres::NoTls).await?;
    tokio::spawn(connection);
    for name in ["bench", "floor"] {
        admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name}")).await?;
        admin.batch_execute(&format!("CREATE DATABASE {name}")).await?;
    }
    let db = store::Db::open(&store::DbConfig::Postgres { url: floor.clone(), pool: 2 })?;
    store::migrate(&db, app::MIGRATIONS).await?;
    db.close().await;
    let bare = writes::postgres(&floor, recorded, plan.lasting).await?;
    let (server, home) = moved(plan, &real, folder).await?;
    let department = Department::open(&plan.program, &home, &server).await?;
    let (done, _) = lifecycle::flood(&department, &server, plan.lasting).await?;
    server.stop()?;
    let name = "submission and acceptance over HTTP, 64 clients, PostgreSQL";
    Ok(Figure::plain(name, done, "cases/s").over(bare).target(Target::RatioAtLeast(0.4)))
}

/// Moves a data folder to `PostgreSQL` and serves it from there, as a city does that outgrew one machine.
async fn moved(plan: &Plan, url: &str, from: &Path) -> anyhow::Result<(Server, PathBuf)> {
    let home = plan.folder.join("postgres");
    std::fs::create_dir_all(&home)?;
    std::fs::copy(from.join("demo-people.json"), home.join("demo-people.json"))?;
    let port = crate::server::free_port()?;
    let keys = from.join("keys");
    let config = home.join("jinban.toml");
    let text = format!(
        "listen = \"127.0.0.1:{port}\"\ndata = \"{}\"\ndatabase = \"{url}\"\nkeys = \"{}\"\nbehind_tls_proxy = true\n\
         public_url = \"https://bench.test\"\nlog = \"error\"\n",
        home.display(),
        keys.display(),
    );
    std::fs::write(&config, text)?;
    let words = |list: &[&str]| list.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let (config, from) = (config.to_string_lossy().into_owned(), from.to_string_lossy().into_owned());
    for command in
        [words(&["migrate", "--config", &config]), words(&["import", "--config", &config, "--from", &from])]
    {
        let done = std::process::Command::new(&plan.program).args(&command).output()?;
        anyhow::ensure!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
    }
    let address = format!("127.0.0.1:{port}").parse()?;
    Ok((Server::start(&plan.program, &words(&["serve", "--config", &config]), address, &home).await?, home))
}
