//! What is written beside the code: paths that exist, words that belong to the product, clean line ends.

use super::{Fault, File, Tree};
use std::collections::HashSet;

/// The documents whose paths are checked.
fn is_document(path: &str) -> bool {
    path.ends_with(".md") && (!path.contains('/') || path.starts_with("docs/") || path.starts_with("data/"))
}

const ENDINGS: &[&str] =
    &[".md", ".rs", ".toml", ".csv", ".jsonl", ".json", ".mjs", ".sql", ".css", ".js", ".svg"];

/// A path in backticks, or a relative link, names something that is there.
pub fn paths(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for file in tree.files.iter().filter(|file| is_document(&file.path)) {
        let mut fenced = false;
        for (n, line) in file.text.lines().enumerate() {
            if line.trim_start().starts_with("```") {
                fenced = !fenced;
            }
            if fenced {
                continue;
            }
            for named in quoted(line).into_iter().chain(linked(line)) {
                if looks_like_path(tree, named) && !exists(tree, file, named) {
                    faults.push(Fault::new(&file.path, n + 1, format!("`{named}` does not exist")));
                }
            }
        }
    }
    faults
}

/// What stands between backticks: every second piece.
fn quoted(line: &str) -> Vec<&str> {
    let pieces: Vec<&str> = line.split('`').collect();
    let closed = pieces.len() - 1 + pieces.len() % 2;
    pieces[..closed.min(pieces.len())].iter().skip(1).step_by(2).copied().collect()
}

/// The targets of `](…)`, without a fragment.
fn linked(line: &str) -> Vec<&str> {
    let target = |rest: &'_ str| -> Option<usize> { rest.find(')') };
    let after = line.split("](").skip(1);
    after
        .filter_map(|rest| target(rest).map(|end| rest[..end].split('#').next().unwrap_or_default()))
        .collect()
}

fn looks_like_path(tree: &Tree, text: &str) -> bool {
    let strange = |c: char| c.is_whitespace() || "*<>{}$:…()=,'\"".contains(c);
    if text.is_empty() || text.starts_with(['/', '-', '.']) || text.contains(strange) {
        return false;
    }
    let first = text.split('/').next().unwrap_or_default();
    ENDINGS.iter().any(|ending| text.ends_with(ending)) || (text.contains('/') && tree.has(first))
}

fn exists(tree: &Tree, from: &File, text: &str) -> bool {
    let folder = from.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let beside = format!("{folder}/{text}");
    let anywhere = format!("/{text}");
    tree.has(text) || tree.has(&beside) || tree.files.iter().any(|file| file.path.ends_with(&anywhere))
}

/// Every name in code that the glossary gives, in backticks in its third column, is a name in code.
pub fn glossary(tree: &Tree) -> Vec<Fault> {
    let Some(file) = tree.files.iter().find(|file| file.path == "GLOSSARY.md") else { return Vec::new() };
    let is_code = |path: &str| [".rs", ".html", ".sql"].iter().any(|ending| path.ends_with(ending));
    let code: Vec<&File> =
        tree.files.iter().filter(|f| f.path.starts_with("crates/") && is_code(&f.path)).collect();
    let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let words: HashSet<&str> = code.iter().flat_map(|f| f.text.split(|c| !is_letter(c))).collect();
    let known =
        |name: &str| tree.has(name) || tree.files.iter().any(|f| f.path.ends_with(&format!("/{name}")));
    let mut faults = Vec::new();
    for (n, line) in file.text.lines().enumerate().filter(|(_, line)| line.starts_with('|')) {
        let Some(third) = line.split('|').nth(3) else { continue };
        for name in quoted(third).into_iter().filter(|name| !known(name)) {
            if !name.split("::").all(|part| words.contains(part)) {
                faults.push(Fault::new(&file.path, n + 1, format!("`{name}` is no name in code")));
            }
        }
    }
    faults
}

/// Pieces of words, joined here so that this file does not hold them itself.
const FOREIGN: &[&[&str]] = &[
    &["registry.", "npm", "js"],
    &["registry.", "npm", "mirror"],
    &["files.python", "hosted"],
    &["index.", "crates.io"],
    &["deb.", "debian.org"],
    &["TO", "DO"],
    &["FIX", "ME"],
];
const NUMBERED: &[&str] = &["session", "issue"];

/// The project speaks of the product: no workplace numbers, no registry hosts, no promises left in the code.
pub fn words(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for file in tree.files.iter().filter(|file| is_own_text(&file.path)) {
        for (n, line) in file.text.lines().enumerate() {
            for word in FOREIGN.iter().map(|pieces| pieces.concat()).filter(|word| line.contains(word)) {
                faults.push(Fault::new(&file.path, n + 1, format!("`{word}` does not belong here")));
            }
            for word in NUMBERED.iter().filter(|word| numbered(&line.to_lowercase(), word)) {
                faults.push(Fault::new(&file.path, n + 1, format!("a numbered {word} does not belong here")));
            }
        }
    }
    faults
}

/// Whether the word is followed by a number, as in a reference to a place of work.
fn numbered(line: &str, word: &str) -> bool {
    line.split(word).skip(1).any(|rest| {
        let mark = rest.trim_start_matches([' ', '#', '-']);
        mark.len() < rest.len() && mark.starts_with(|c: char| c.is_ascii_digit())
    })
}

fn is_own_text(path: &str) -> bool {
    let ours = [".rs", ".md", ".toml", ".html", ".css", ".js", ".mjs", ".sql", ".json", ".txt"];
    let root = !path.contains('/') && !path.contains('.');
    (root || ours.iter().any(|ending| path.ends_with(ending))) && !path.contains("/vendor/")
}

/// No line ends in a blank, no line holds a tab.
pub fn spaces(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for file in tree.files.iter().filter(|file| is_own_text(&file.path)) {
        for (n, line) in file.text.lines().enumerate() {
            if line.ends_with([' ', '\t']) {
                faults.push(Fault::new(&file.path, n + 1, "ends in a blank"));
            } else if line.contains('\t') {
                faults.push(Fault::new(&file.path, n + 1, "holds a tab"));
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_does_not_exist_is_reported_with_its_line() {
        let text = "See `crates/app/` and `xtask/src/main.rs`.\nSee `crates/none/` or [this](docs/none.md).\n\
                    Not paths: `text/html`, `/api/v1`, `cargo run`, `a = b`.\n```\ncrates/none2/\n```\n";
        let tree =
            Tree::sample(&[("README.md", text), ("crates/app/Cargo.toml", ""), ("xtask/src/main.rs", "")]);
        let faults = paths(&tree);
        let said: Vec<(usize, &str)> = faults.iter().map(|f| (f.line, f.says.as_str())).collect();
        assert_eq!(said, [(2, "`crates/none/` does not exist"), (2, "`docs/none.md` does not exist")]);
    }

    #[test]
    fn a_word_of_the_glossary_without_a_name_in_code_is_reported() {
        let text = "| 中文 | English | in code | meaning |\n| 办件 | case | `Case` | x |\n| 表 | list | `workdays.csv` | x |\n\
                    | 叫号 | call | — | x |\n| 级 | city | `Level::City` | x |\n| 无 | none | `Nothing` | x |\n";
        let code = "pub enum Level { City }\npub struct Case;\n";
        let files = [("GLOSSARY.md", text), ("crates/domain/src/a.rs", code), ("data/workdays.csv", "")];
        let faults = glossary(&Tree::sample(&files));
        let said: Vec<(usize, &str)> = faults.iter().map(|f| (f.line, f.says.as_str())).collect();
        assert_eq!(said, [(6, "`Nothing` is no name in code")]);
    }

    #[test]
    fn backticks_are_taken_in_pairs() {
        assert_eq!(quoted("a `b` c `d`"), ["b", "d"]);
        assert_eq!(quoted("a `b` c `open"), ["b"]);
        assert!(quoted("none").is_empty());
    }

    #[test]
    fn words_of_the_workplace_are_refused() {
        let bad =
            [format!("see issu{} 12", "e"), format!("sessio{} #3", "n"), ["// TO", "DO later"].concat()];
        for text in &bad {
            assert_eq!(words(&Tree::sample(&[("a.rs", text)])).len(), 1, "{text}");
        }
        let good = "sessions end after 30 minutes; an issue of 2018; color: #123456";
        assert_eq!(words(&Tree::sample(&[("a.rs", good)])), []);
    }

    #[test]
    fn blanks_at_the_end_and_tabs_are_refused() {
        let faults = spaces(&Tree::sample(&[("a.md", "good\nbad \nb\tad\n"), ("data/a.csv", "x \n")]));
        let lines: Vec<usize> = faults.iter().map(|fault| fault.line).collect();
        assert_eq!(lines, [2, 3]);
    }
}
