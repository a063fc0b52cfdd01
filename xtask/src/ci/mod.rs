//! `cargo xtask ci`: everything that must hold, one section after the other, and one line at the end.

mod api;
pub mod caretaker;
pub mod postgres;
pub mod steps;
mod tally;
pub mod tools;

use std::path::Path;
use std::time::Instant;

use anyhow::{Context as _, Result};

use crate::{crash, say, tidy};
use caretaker::Caretaker;
use postgres::Care;
use steps::Step;
use tally::Tally;

/// Kills under load; more are run by hand before a release.
const ROUNDS: &str = "20";

/// Runs all sections, also after a failed one, and prints `N passed, N failed` as the last line.
pub fn command(root: &Path) -> Result<bool> {
    let mut total = Tally::default();
    section(&mut total, "tools", || tools::install(root).map(|()| Tally::default()));
    section(&mut total, "tidy", || {
        let outcome = tidy::check(root)?;
        Ok(Tally { passed: outcome.kept, failed: outcome.broken })
    });
    section(&mut total, "format", || Step::cargo(root, &["fmt", "--all", "--check"]).check());
    section(&mut total, "clippy", || {
        Step::cargo(root, &["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"])
            .check()
    });
    let caretaker = Caretaker::hire()?;
    let mut database = None;
    section(&mut total, "database", || {
        database = Some(postgres::start(caretaker.folder(), Care::Light)?);
        Ok(Tally::default())
    });
    section(&mut total, "tests", || {
        let mut step = Step::cargo(root, &["test", "--workspace", "--no-fail-fast"]);
        if let Some(url) = &database {
            step = step.env("TEST_PG_URL", url);
        }
        let s3 = tools::s3_program(root);
        if s3.is_file() {
            step = step.env("TEST_S3_PROGRAM", &s3.display().to_string());
        }
        step.count()
    });
    section(&mut total, "journeys", || {
        Step::cargo(root, &["build", "--quiet", "--package", "server"]).check()?;
        Step::new("node", root).args(&["e2e/run.mjs"]).count()
    });
    section(&mut total, "api", || api::check(root, caretaker.folder()));
    section(&mut total, "crash", || {
        let url = database.as_deref().context("there is no database")?;
        let held = crash::run(root, url, &["--rounds", ROUNDS].map(str::to_owned))?;
        Ok(Tally { passed: usize::from(held), failed: usize::from(!held) })
    });
    section(&mut total, "clean-up", || caretaker.dismiss().map(|()| Tally::default()));
    say(&format!("{} passed, {} failed", total.passed, total.failed));
    Ok(total.failed == 0)
}

/// Runs one section, says how long it took, and adds what it counted; a section that breaks counts as one failure.
fn section(total: &mut Tally, name: &str, work: impl FnOnce() -> Result<Tally>) {
    say(&format!("== {name}"));
    let start = Instant::now();
    let tally = work().unwrap_or_else(|error| {
        say(&format!("{name}: {error:#}"));
        Tally { passed: 0, failed: 1 }
    });
    total.add(&tally);
    let state = if tally.failed == 0 { "ok" } else { "FAILED" };
    say(&format!("== {name}: {state} in {:.1} s", start.elapsed().as_secs_f64()));
}
