//! Things kept in stock: templates that somebody draws, migrations in order, vendored files unchanged.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};

use super::scan;
use super::{Fault, Tree};

/// A template nobody names is dead.
pub fn templates(tree: &Tree) -> Vec<Fault> {
    let is_template = |path: &str| path.starts_with("crates/") && path.contains("/templates/");
    let mut named = String::new();
    for file in tree.rust() {
        for literal in scan::part(&file.text).literals {
            named.push_str(&literal.text);
            named.push('\n');
        }
    }
    for file in tree.files.iter().filter(|file| is_template(&file.path)) {
        // A layout is drawn by the pages that extend, include or import it.
        named.extend(file.text.lines().filter(|line| line.contains("{%")).flat_map(|line| [line, "\n"]));
    }
    let mut faults = Vec::new();
    for file in tree.files.iter().filter(|file| is_template(&file.path)) {
        let inner = file.path.split_once("/templates/").map_or("", |(_, inner)| inner);
        if !named.contains(inner) {
            faults.push(Fault::new(&file.path, 0, format!("no Rust file and no template names `{inner}`")));
        }
    }
    faults
}

/// `migrations/NNNN_verb_noun.sql`: 0001, 0002, … each once.
pub fn migrations(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    let files =
        tree.files.iter().filter(|file| file.path.starts_with("migrations/") && file.path.ends_with(".sql"));
    for (n, file) in files.enumerate() {
        let name = file.path.trim_start_matches("migrations/");
        let expected = format!("{:04}_", n + 1);
        if !name.starts_with(&expected) || name.contains('/') {
            faults.push(Fault::new(&file.path, 0, format!("expected the name to begin with {expected}")));
        }
    }
    faults
}

/// NOTICE names each file of reference data and each font by its name, and each vendored library by its folder.
pub fn notice(tree: &Tree) -> Vec<Fault> {
    let Some(notice) = tree.files.iter().find(|file| file.path == "NOTICE") else { return Vec::new() };
    let mut faults = Vec::new();
    for file in &tree.files {
        let inside = |folder: &str| file.path.strip_prefix(folder).filter(|name| !name.contains('/'));
        let data = inside("data/").filter(|name| !name.ends_with(".md"));
        let font = inside("assets/fonts/").filter(|name| name.contains(".ttf") || name.contains(".otf"));
        let library =
            file.path.strip_prefix(VENDOR).and_then(|rest| rest.split_once('/')).map(|(name, _)| name);
        let unnamed = [data, font, library].into_iter().flatten().find(|name| !is_named(&notice.text, name));
        if let Some(name) = unnamed {
            faults.push(Fault::new(&file.path, 0, format!("NOTICE does not say whose `{name}` is")));
        }
    }
    faults
}

/// Whether the text has the name; of a library, all words of its name.
fn is_named(text: &str, name: &str) -> bool {
    text.contains(name)
        || (!name.contains('.') && name.split('-').all(|word| text.to_lowercase().contains(word)))
}

const VENDOR: &str = "assets/vendor/";

/// Each vendored file stands in SHA256SUMS with the sum it has.
pub fn vendored(root: &Path, tree: &Tree) -> Result<Vec<Fault>> {
    let list_path = format!("{VENDOR}SHA256SUMS");
    let listed = tree.files.iter().find(|file| file.path == list_path);
    let present: Vec<&str> = tree
        .files
        .iter()
        .filter_map(|file| file.path.strip_prefix(VENDOR))
        .filter(|name| *name != "SHA256SUMS")
        .collect();
    if present.is_empty() && listed.is_none() {
        return Ok(Vec::new());
    }
    let sums = sums(&root.join(VENDOR), &present)?;
    Ok(compare(listed.map_or("", |file| &file.text), &sums))
}

/// Asks the system's `sha256sum`, which prints the list in the format that is kept.
fn sums(folder: &Path, names: &[&str]) -> Result<String> {
    let out = Command::new("sha256sum").arg("--").args(names).current_dir(folder).output();
    Ok(String::from_utf8_lossy(&out.context("sha256sum is needed")?.stdout).into_owned())
}

fn compare(listed: &str, actual: &str) -> Vec<Fault> {
    let rows = |text: &str| -> Vec<(String, String)> {
        let row = |line: &str| {
            line.split_once(char::is_whitespace).map(|(sum, name)| (name_of(name), sum.to_owned()))
        };
        text.lines().filter_map(row).collect()
    };
    let (listed, actual) = (rows(listed), rows(actual));
    let sum_of = |rows: &[(String, String)], name: &str| {
        rows.iter().find(|row| row.0 == name).map(|row| row.1.clone())
    };
    let mut faults = Vec::new();
    for (name, sum) in &actual {
        let path = format!("{VENDOR}{name}");
        match sum_of(&listed, name) {
            None => faults.push(Fault::new(&path, 0, "is not in SHA256SUMS")),
            Some(other) if other != *sum => faults.push(Fault::new(&path, 0, "is not what SHA256SUMS says")),
            Some(_) => {}
        }
    }
    for (name, _) in listed.iter().filter(|row| sum_of(&actual, &row.0).is_none()) {
        faults.push(Fault::new(&format!("{VENDOR}{name}"), 0, "is in SHA256SUMS and missing"));
    }
    faults
}

fn name_of(field: &str) -> String {
    field.trim_start_matches([' ', '*']).trim_start_matches("./").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_or_a_font_that_notice_does_not_name_is_reported() {
        let files = [
            ("NOTICE", "items.csv: official. htmx 2: 0BSD."),
            ("data/items.csv", ""),
            ("data/README.md", ""),
            ("data/other.csv", ""),
            ("assets/fonts/Some.ttf.gz", ""),
            ("assets/vendor/htmx/htmx.min.js", ""),
            ("assets/vendor/chart/chart.js", ""),
        ];
        let found = notice(&Tree::sample(&files));
        let paths: Vec<&str> = found.iter().map(|fault| fault.path.as_str()).collect();
        assert_eq!(paths, ["data/other.csv", "assets/fonts/Some.ttf.gz", "assets/vendor/chart/chart.js"]);
    }

    #[test]
    fn a_template_that_nobody_names_is_dead() {
        let tree = Tree::sample(&[
            ("crates/app/templates/home.html", "{% extends \"layout.html\" %}"),
            ("crates/app/templates/layout.html", ""),
            ("crates/app/templates/lost.html", "lost.html"),
            ("crates/app/src/home.rs", "//! x\n#[template(path = \"home.html\")] // lost.html\n"),
        ]);
        let paths: Vec<String> = templates(&tree).into_iter().map(|fault| fault.path).collect();
        assert_eq!(paths, ["crates/app/templates/lost.html"]);
    }

    #[test]
    fn a_gap_or_a_twin_in_the_migrations_is_refused() {
        let good = Tree::sample(&[("migrations/0001_add_a.sql", ""), ("migrations/0002_add_b.sql", "")]);
        let gap = Tree::sample(&[("migrations/0001_add_a.sql", ""), ("migrations/0003_add_c.sql", "")]);
        let twin = Tree::sample(&[("migrations/0001_add_a.sql", ""), ("migrations/0001_add_b.sql", "")]);
        assert_eq!((migrations(&good).len(), migrations(&gap).len(), migrations(&twin).len()), (0, 1, 1));
    }

    #[test]
    fn a_changed_an_unlisted_and_a_missing_file_are_each_reported() {
        let faults = compare("aa  a.js\nbb  b.js\ncc  c.js\n", "aa  a.js\nb0  b.js\ndd  d.js\n");
        let said: Vec<(&str, &str)> = faults.iter().map(|f| (f.path.as_str(), f.says.as_str())).collect();
        assert_eq!(
            said,
            [
                ("assets/vendor/b.js", "is not what SHA256SUMS says"),
                ("assets/vendor/d.js", "is not in SHA256SUMS"),
                ("assets/vendor/c.js", "is in SHA256SUMS and missing"),
            ]
        );
    }
}
