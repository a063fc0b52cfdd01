//! `cargo xtask tidy`: the house rules that a compiler does not know, each a pure function over the files.

pub mod arrows;
pub mod imports;
pub mod queries;
pub mod routes;
pub mod scan;
pub mod shape;
pub mod stock;
pub mod texts;

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::say;

/// One file of the project: its path from the root, with `/`, and its text (empty when it is not UTF-8).
pub struct File {
    pub path: String,
    pub text: String,
}

/// Every file that is, or is about to be, under version control.
pub struct Tree {
    pub files: Vec<File>,
}

/// A place that breaks a rule. Line 0 means the file as a whole.
#[derive(Debug, PartialEq, Eq)]
pub struct Fault {
    pub path: String,
    pub line: usize,
    pub says: String,
}

impl Fault {
    pub fn new(path: &str, line: usize, says: impl Into<String>) -> Fault {
        Fault { path: path.to_owned(), line, says: says.into() }
    }
}

impl Tree {
    /// Reads what git lists: tracked files and new ones that are not ignored.
    pub fn read(root: &Path) -> Result<Tree> {
        let out = Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .current_dir(root)
            .output()
            .context("git is needed to list the files")?;
        ensure!(out.status.success(), "git ls-files failed: {}", String::from_utf8_lossy(&out.stderr));
        let mut files = Vec::new();
        for path in String::from_utf8_lossy(&out.stdout).split('\0').filter(|path| !path.is_empty()) {
            // A file deleted but not yet committed is still listed; it has nothing to check.
            if let Ok(bytes) = std::fs::read(root.join(path)) {
                let text = String::from_utf8(bytes).unwrap_or_default();
                files.push(File { path: path.to_owned(), text });
            }
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files.dedup_by(|a, b| a.path == b.path);
        Ok(Tree { files })
    }

    /// The Rust sources.
    pub fn rust(&self) -> impl Iterator<Item = &File> {
        self.files.iter().filter(|file| file.path.ends_with(".rs"))
    }

    /// Whether the path names a file or a folder of the project.
    pub fn has(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        self.files.iter().any(|file| {
            file.path.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }

    #[cfg(test)]
    pub fn sample(files: &[(&str, &str)]) -> Tree {
        let file = |(path, text): &(&str, &str)| File { path: (*path).to_owned(), text: (*text).to_owned() };
        Tree { files: files.iter().map(file).collect() }
    }
}

type Rule = fn(&Tree) -> Vec<Fault>;

/// The rules by the name under which they are reported.
const RULES: &[(&str, Rule)] = &[
    ("every Rust file opens with a `//!` line", shape::opening),
    ("a file has at most 400 lines", shape::file_length),
    ("a function has at most 60 lines of code", shape::function_length),
    ("no file is called utils, common, helpers, misc or manager", shape::names),
    ("crates use only what their room allows", imports::crates),
    ("rules stay pure", imports::purity),
    ("SQL stands in sql.rs, store or migrations", imports::sql),
    ("queries are declared, so that they are tested", queries::check),
    ("capabilities point downwards, through mod.rs", arrows::check),
    ("every route stands in the table of routes", routes::check),
    ("every template is drawn by somebody", stock::templates),
    ("migrations are numbered without gaps", stock::migrations),
    ("NOTICE names what is not ours", stock::notice),
    ("paths named in documents exist", texts::paths),
    ("names in the glossary are names in code", texts::glossary),
    ("texts speak of the product only", texts::words),
    ("no trailing space, no tab", texts::spaces),
];

/// How many rules hold and how many are broken.
pub struct Outcome {
    pub kept: usize,
    pub broken: usize,
}

/// Checks every rule and prints each fault as `path:line: rule: what is wrong`.
pub fn check(root: &Path) -> Result<Outcome> {
    let tree = Tree::read(root)?;
    let mut outcome = Outcome { kept: 0, broken: 0 };
    let mut report = |name: &str, faults: &[Fault]| {
        if faults.is_empty() {
            outcome.kept += 1;
        } else {
            outcome.broken += 1;
        }
        for fault in faults {
            say(&format!("{}:{}: {name}: {}", fault.path, fault.line, fault.says));
        }
    };
    for (name, rule) in RULES {
        report(name, &rule(&tree));
    }
    report("vendored files are what SHA256SUMS says", &stock::vendored(root, &tree)?);
    Ok(outcome)
}

/// The command line's `tidy`.
pub fn command(root: &Path) -> Result<bool> {
    let outcome = check(root)?;
    say(&format!("tidy: {} rules kept, {} broken", outcome.kept, outcome.broken));
    Ok(outcome.broken == 0)
}
