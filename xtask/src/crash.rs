//! `cargo xtask crash --rounds N [--seed S]`: kills the program at random instants under load, on both databases, and
//! compares what is there afterwards with what it had acknowledged. docs/durability.md says what it does and what it found.

use std::path::Path;

use anyhow::{Result, ensure};

use crate::ci::caretaker::Caretaker;
use crate::ci::postgres::{self, Care};
use crate::ci::steps::Step;

/// Builds, starts a PostgreSQL of its own, kills. `--program FILE` takes another program than the one just built.
pub fn command(root: &Path, words: &[String]) -> Result<bool> {
    let caretaker = Caretaker::hire()?;
    let url = postgres::start(caretaker.folder(), Care::Full)?;
    let held = run(root, &url, words);
    caretaker.dismiss()?;
    held
}

/// Runs the rounds against the program as `cargo build` leaves it; whether everything acknowledged is there.
pub fn run(root: &Path, database: &str, words: &[String]) -> Result<bool> {
    let build = ["build", "--quiet", "--package", "server", "--package", "bench"];
    ensure!(Step::cargo(root, &build).check()?.failed == 0, "the program does not build");
    let built = root.join("target/debug");
    let text = |path: &Path| path.display().to_string();
    let (program, folder) = (text(&built.join("jinban")), text(&root.join("target/crash")));
    let server = database.strip_suffix("/postgres").unwrap_or(database);
    let mut line = vec!["crash", "--folder", &folder, "--postgres", server];
    line.extend(words.iter().map(String::as_str));
    if !words.iter().any(|word| word == "--program") {
        line.extend(["--program", &program]);
    }
    Ok(Step::new(&text(&built.join("bench")), root).args(&line).check()?.failed == 0)
}
