//! Measuring: data like a real city's year, the floors that Jinban is compared with, and the comparison. Killing: what was
//! acknowledged is there after it.

mod crash;
mod department;
mod dice;
mod flood;
mod floor;
mod http;
mod life;
mod lifecycle;
mod load;
mod measure;
mod population;
mod reads;
mod report;
mod sample;
mod server;
mod timing;
mod world;
mod year;

use anyhow::{Context, bail};
use measure::Plan;
use std::path::{Path, PathBuf};
use std::time::Duration;

const USAGE: &str = "usage: bench load DATA COUNT [postgres://…]\n       \
    bench run --program FILE --folder FOLDER [--postgres URL] [--quick] [--cases N] [--json FILE] [--document FILE]\n       \
    bench crash --program FILE --folder FOLDER --postgres URL [--rounds N] [--seed S]";

fn main() -> anyhow::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    match args.split_first().map(|(word, rest)| (word.as_str(), rest)) {
        Some(("load", [data, count, rest @ ..])) => {
            let world = world::open(Path::new(data), rest.first().map(String::as_str))?;
            let loaded = runtime.block_on(load::load(&world, 1, count.parse()?))?;
            let rate = loaded.cases as f64 / loaded.seconds;
            eprintln!(
                "{} people, {} cases, {} events: {rate:.0} cases/s",
                loaded.people, loaded.cases, loaded.events
            );
            Ok(())
        }
        Some(("run", words)) => runtime.block_on(run(words)),
        Some(("crash", words)) => runtime.block_on(crash::run(&killing(words)?)),
        _ => bail!(USAGE),
    }
}

/// The value after a word.
fn after<'a>(words: &'a [String], name: &str) -> Option<&'a str> {
    let at = words.iter().position(|word| word == name)?;
    words.get(at + 1).map(String::as_str)
}

fn killing(words: &[String]) -> anyhow::Result<crash::Plan> {
    let text = |name| after(words, name).context(USAGE);
    Ok(crash::Plan {
        program: PathBuf::from(text("--program")?),
        folder: PathBuf::from(text("--folder")?),
        postgres: text("--postgres")?.to_owned(),
        rounds: after(words, "--rounds").map_or(Ok(20), str::parse)?,
        seed: after(words, "--seed").map_or_else(|| Ok(u64::from(std::process::id())), str::parse)?,
    })
}

async fn run(words: &[String]) -> anyhow::Result<()> {
    let quick = words.iter().any(|word| word == "--quick");
    let large = if quick { 20_000 } else { 1_000_000 };
    let plan = Plan {
        program: PathBuf::from(after(words, "--program").context(USAGE)?),
        folder: PathBuf::from(after(words, "--folder").context(USAGE)?),
        postgres: after(words, "--postgres").map(str::to_owned),
        small: if quick { 2000 } else { 10_000 },
        large: after(words, "--cases").map_or(Ok(large), str::parse)?,
        looks: if quick { 200 } else { 2000 },
        lasting: Duration::from_secs(if quick { 3 } else { 15 }),
    };
    let figures = measure::run(&plan).await?;
    eprint!("{}", report::table(&figures));
    if let Some(file) = after(words, "--json") {
        report::json(&figures, Path::new(file))?;
    }
    if let Some(file) = after(words, "--document") {
        let cores = std::thread::available_parallelism()?;
        let said = format!("{} cases and {} cases, {cores} cores.", plan.small, plan.large);
        report::document(Path::new(file), &said, &figures)?;
    }
    Ok(())
}
