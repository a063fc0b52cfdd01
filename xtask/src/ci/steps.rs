//! One program run as a step: its output is shown while it runs, and counted.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};

use super::tally::Tally;
use crate::say;

/// A program with its arguments, to be run in the project's root folder.
pub struct Step {
    name: String,
    command: Command,
}

impl Step {
    /// Any program found on the path.
    pub fn new(program: &str, root: &Path) -> Step {
        let mut command = Command::new(program);
        command.current_dir(root);
        Step { name: program.to_owned(), command }
    }

    /// The cargo of this toolchain.
    pub fn cargo(root: &Path, args: &[&str]) -> Step {
        Step::new("cargo", root).args(args)
    }

    /// Adds arguments.
    pub fn args(mut self, args: &[&str]) -> Step {
        self.command.args(args);
        self
    }

    /// Sets one variable for the program.
    pub fn env(mut self, key: &str, value: &str) -> Step {
        self.command.env(key, value);
        self
    }

    /// Counts the step itself: one passed or one failed.
    pub fn check(mut self) -> Result<Tally> {
        let status = self.command.status().with_context(|| format!("{} could not be started", self.name))?;
        let passed = usize::from(status.success());
        Ok(Tally { passed, failed: 1 - passed })
    }

    /// Counts the tests that the program reports on its standard output.
    pub fn count(mut self) -> Result<Tally> {
        let spawned = self.command.stdout(Stdio::piped()).spawn();
        let mut child = spawned.with_context(|| format!("{} could not be started", self.name))?;
        let mut tally = Tally::default();
        if let Some(out) = child.stdout.take() {
            for line in BufReader::new(out).split(b'\n') {
                let line = String::from_utf8_lossy(&line?).into_owned();
                say(&line);
                tally.read(&line);
            }
        }
        Ok(tally.ended(child.wait()?.success()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_counts_the_tests_of_its_output_and_its_bad_end() {
        let script = "echo 'test result: ok. 2 passed; 0 failed; 0 ignored'; exit 3";
        let tally = Step::new("sh", Path::new("/")).args(&["-c", script]).count().unwrap();
        assert_eq!(tally, Tally { passed: 2, failed: 1 });
    }

    #[test]
    fn a_program_that_is_missing_is_an_error() {
        assert!(Step::new("no-such-program-here", Path::new("/")).check().is_err());
    }
}
