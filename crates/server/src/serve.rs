//! Wiring and listening, until the machine asks to stop.

use crate::config::Config;
use crate::listen::Doors;
use crate::world::SystemClock;
use crate::{demo, duties, open};
use anyhow::Context;
use app::Ctx;
use std::io::Write;
use tokio::sync::watch;
use tracing_subscriber::EnvFilter;

/// Serves until SIGINT or SIGTERM; requests under way are finished.
///
/// # Errors
/// When the data cannot be read or the address cannot be listened on.
pub fn run(config: &Config, demo: bool) -> anyhow::Result<()> {
    start_log(&config.log)?;
    block_on(listen(config, demo))
}

/// Brings the tables of the configured database up to date.
///
/// # Errors
/// When the database cannot be opened or changed.
pub fn migrate(config: &Config) -> anyhow::Result<()> {
    let done = block_on(async { open::migrate(&open::database(config)?).await })?;
    say(&format!("The tables are up to date; {done} changes were made."));
    Ok(())
}

/// Runs the work on a runtime of its own.
pub fn block_on<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}

/// Opens everything that serving needs; the demo also makes its tables and its people.
async fn prepare(config: &Config, demo: bool) -> anyhow::Result<(Ctx, Vec<demo::Person>)> {
    let loading = demo.then(|| demo::Loading::of(3));
    let tell = |what: &str| loading.iter().for_each(|loading| loading.next(what));
    tell("tables");
    let db = open::database(config)?;
    if demo {
        open::migrate(&db).await?;
    } else {
        open::refuse_outdated(&db).await?;
    }
    tell("the city");
    let clock = SystemClock::default();
    open::refuse_clock_set_back(config, &db, &clock).await?;
    let ctx = open::context(config, db, clock, demo)?;
    store::seal::refuse_other_keys(&ctx.db, &ctx.sealer).await?;
    app::org::refresh(&ctx).await.context("What was changed of the city cannot be read")?;
    tell("the people of the demo");
    let people = if demo { demo::load(&ctx, &config.data).await? } else { Vec::new() };
    loading.into_iter().for_each(demo::Loading::done);
    Ok((ctx, people))
}

async fn listen(config: &Config, demo: bool) -> anyhow::Result<()> {
    let (ctx, people) = prepare(config, demo).await?;
    let (door, closed) = watch::channel(false);
    let ending = config.ending();
    let mut duties = duties::start(duties::ALL, &ctx, &closed);
    let doors = Doors::open(config).await?;
    let address = doors.address;
    tracing::info!(%address, "ready");
    if demo {
        demo::greet(address, &people, &config.data);
    }
    let watching = ending.watch(|| ctx.ops.stop(), &door);
    let finishing = ending.finish(closed.clone(), doors.serve(&ctx, closed));
    tokio::pin!(finishing);
    let served = tokio::select! {
        served = &mut finishing => served,
        () = watching => finishing.await,
    };
    if served.is_none() {
        tracing::warn!("some requests were not finished within the limit");
    }
    let _ = door.send(true);
    while duties.join_next().await.is_some() {}
    ctx.db.close().await;
    served.transpose().context("The network failed")?;
    tracing::info!("stopped");
    Ok(())
}

/// JSON lines on standard error. A panic is logged with its place only: its message may hold personal data.
fn start_log(filter: &str) -> anyhow::Result<()> {
    let filter =
        EnvFilter::try_new(filter).context("`log` cannot be understood; write for example log = \"info\"")?;
    tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr).init();
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "panic");
    }));
    Ok(())
}

/// Writes a line for the person at the terminal; a closed terminal is no reason to stop serving.
pub fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Writes a line to standard error.
pub fn say_error(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
