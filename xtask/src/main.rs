//! Project chores: `cargo xtask tidy` checks the house rules, `cargo xtask ci` runs every check there is, `cargo xtask bench`
//! measures, `cargo xtask cluster` tries a city's cluster, `cargo xtask crash` kills the program under load, `cargo xtask deb`
//! builds the Debian package.

mod bench;
mod ci;
mod cluster;
mod crash;
mod deb;
mod load;
mod tidy;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};

fn main() -> ExitCode {
    let word = std::env::args().nth(1).unwrap_or_default();
    let done = root().and_then(|root| match word.as_str() {
        "tidy" => tidy::command(&root),
        "ci" => ci::command(&root),
        "bench" => bench::command(&root, &std::env::args().skip(2).collect::<Vec<_>>()),
        "cluster" => cluster::command(&root, &std::env::args().skip(2).collect::<Vec<_>>()),
        "crash" => crash::command(&root, &std::env::args().skip(2).collect::<Vec<_>>()),
        "deb" => deb::command(&root, &std::env::args().skip(2).collect::<Vec<_>>()),
        _ => {
            say("usage: cargo xtask tidy | ci | bench | cluster | crash | deb");
            Ok(false)
        }
    });
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            say(&format!("xtask: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// The folder that holds the workspace: the parent of this crate.
fn root() -> Result<PathBuf> {
    let parent = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    Ok(parent.context("xtask has no parent folder")?.to_path_buf())
}

/// Writes one line to standard output; a closed pipe ends the talking, not the work.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}
