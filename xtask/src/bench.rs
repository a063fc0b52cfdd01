//! `cargo xtask bench`: builds the program as it ships, measures it against the floors, prints the table and writes
//! docs/performance.md. `--quick` measures less and leaves the document alone; `--json FILE` keeps the figures for programs.

use std::path::Path;

use anyhow::{Result, ensure};

use crate::ci::caretaker::Caretaker;
use crate::ci::postgres::{self, Care};
use crate::ci::steps::Step;
use crate::ci::tools;

/// The profile that ships.
const PROFILE: &str = "dist";

/// Builds, measures, reports. The words that it does not know go on to the measuring program.
pub fn command(root: &Path, words: &[String]) -> Result<bool> {
    tools::install(root)?;
    let build = ["build", "--profile", PROFILE, "--package", "server", "--package", "bench"];
    ensure!(Step::cargo(root, &build).check()?.failed == 0, "the program does not build");
    let caretaker = Caretaker::hire()?;
    let url = postgres::start(caretaker.folder(), Care::Full)?;
    let server = url.strip_suffix("/postgres").unwrap_or(&url).to_owned();
    let built = root.join("target").join(PROFILE);
    let text = |path: &Path| path.display().to_string();
    let (program, folder) = (text(&built.join("jinban")), text(&root.join("target").join("bench")));
    let document = text(&root.join("docs").join("performance.md"));
    let mut line = vec!["run", "--program", &program, "--folder", &folder, "--postgres", &server];
    if !words.iter().any(|word| word == "--quick") {
        line.extend(["--document", &document]);
    }
    line.extend(words.iter().map(String::as_str));
    let measured = Step::new(&text(&built.join("bench")), root).args(&line).check()?;
    caretaker.dismiss()?;
    Ok(measured.failed == 0)
}
