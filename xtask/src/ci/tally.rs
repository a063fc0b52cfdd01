//! Counting what test runners report.

/// How many checks held and how many did not.
#[derive(Default, Debug, PartialEq, Eq)]
pub struct Tally {
    pub passed: usize,
    pub failed: usize,
}

impl Tally {
    /// Adds another count.
    pub fn add(&mut self, other: &Tally) {
        self.passed += other.passed;
        self.failed += other.failed;
    }

    /// Adds what one line of output says: `test result: ok. 3 passed; 0 failed; …`, other lines nothing.
    pub fn read(&mut self, line: &str) {
        let Some(rest) = line.trim_start().strip_prefix("test result:") else { return };
        let number = |word: &str| {
            let before = rest.split(word).next().filter(|before| before.len() < rest.len())?;
            before.split_whitespace().next_back()?.parse::<usize>().ok()
        };
        self.passed += number(" passed").unwrap_or_default();
        self.failed += number(" failed").unwrap_or_default();
    }

    /// A runner that ended badly without naming a failed test still failed once.
    pub fn ended(mut self, well: bool) -> Tally {
        if !well && self.failed == 0 {
            self.failed = 1;
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_of_several_test_programs_are_added_up() {
        let mut tally = Tally::default();
        tally.read("running 3 tests");
        tally.read(
            "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.1s",
        );
        tally.read("test result: FAILED. 12 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out");
        assert_eq!(tally, Tally { passed: 15, failed: 2 });
    }

    #[test]
    fn a_program_that_did_not_compile_counts_as_one_failure() {
        assert_eq!(Tally::default().ended(false), Tally { passed: 0, failed: 1 });
        assert_eq!(Tally { passed: 1, failed: 3 }.ended(false), Tally { passed: 1, failed: 3 });
        assert_eq!(Tally { passed: 1, failed: 0 }.ended(true), Tally { passed: 1, failed: 0 });
    }
}
