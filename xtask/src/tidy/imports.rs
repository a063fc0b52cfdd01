//! Who may use whom (ARCHITECTURE.md, "Rooms"): read from each crate's manifest and from its code.

use super::scan;
use super::{Fault, File, Tree};

/// What a crate must not depend on. Development dependencies are judged by the same list.
const CLOSED: &[(&str, &[&str])] = &[
    (
        "domain",
        &["app", "papers", "search", "server", "store", "ui", WEB, CALLING, DATABASE, RUNTIME, CHANCE],
    ),
    // It calls the store of files, and answers nobody.
    ("store", &["app", "papers", "search", "server", "ui", WEB]),
    ("ui", &["app", "domain", "papers", "search", "server", "store", WEB, CALLING, DATABASE, RUNTIME]),
    ("papers", &["app", "domain", "search", "server", "store", "ui", WEB, CALLING, DATABASE]),
    ("search", &["app", "domain", "papers", "server", "store", "ui", WEB, CALLING, DATABASE]),
    ("app", &["server", DATABASE]),
    ("server", &[DATABASE]),
];

/// Groups of libraries, so that the table above reads like the rule.
const WEB: &str = "web";
const CALLING: &str = "calling";
const DATABASE: &str = "database";
const RUNTIME: &str = "runtime";
const CHANCE: &str = "chance";
const GROUPS: &[(&str, &[&str])] = &[
    (WEB, &["axum", "hyper", "tower", "tower-http"]),
    (CALLING, &["ureq", "reqwest"]),
    (DATABASE, &["rusqlite", "tokio-postgres", "deadpool-postgres", "sqlx", "diesel"]),
    (RUNTIME, &["tokio", "futures-util", "async-trait"]),
    (CHANCE, &["getrandom", "rand"]),
];

/// Judges each crate's manifest.
pub fn crates(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (name, closed) in CLOSED {
        let path = format!("crates/{name}/Cargo.toml");
        let Some(file) = tree.files.iter().find(|file| file.path == path) else { continue };
        for dependency in dependencies(&file.text) {
            let shut = closed.iter().any(|entry| {
                *entry == dependency.name
                    || GROUPS.iter().any(|(group, of)| group == entry && of.contains(&dependency.name))
            });
            if shut {
                faults.push(Fault::new(
                    &path,
                    dependency.line,
                    format!("{name} must not use {}", dependency.name),
                ));
            }
        }
    }
    faults
}

struct Dependency<'a> {
    name: &'a str,
    line: usize,
}

/// The dependency names of one manifest: `name = …`, `name.workspace = …` and `[dependencies.name]`.
fn dependencies(manifest: &str) -> Vec<Dependency<'_>> {
    let (mut found, mut inside) = (Vec::new(), false);
    for (n, line) in manifest.lines().enumerate() {
        let line = line.trim();
        if let Some(section) = line.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            let name = section.split_once("dependencies").map_or("", |(_, rest)| rest);
            inside = section.ends_with("dependencies");
            if let Some(name) = name.strip_prefix('.') {
                found.push(Dependency { name, line: n + 1 });
            }
        } else if let Some((key, _)) = line.split_once('=').filter(|_| inside && !line.starts_with('#')) {
            let name = key.trim().split('.').next().unwrap_or_default();
            found.push(Dependency { name, line: n + 1 });
        }
    }
    found
}

/// What must not be said in the code of a crate, whatever its manifest allows.
const UNSAID: &[(&str, &str, &str)] = &[
    ("domain", "async", "rules decide at once; waiting belongs to app"),
    ("domain", "std::fs", "the world arrives as facts"),
    ("domain", "std::net", "the world arrives as facts"),
    ("domain", "std::thread", "rules do not work behind one's back"),
    ("domain", "Instant::now", "time is a parameter"),
    ("ui", "async", "pages are drawn from what is given"),
    ("papers", "std::net", "papers are set from what is given"),
    ("search", "async", "the index lives in memory"),
    ("app", "tokio::spawn", "only server starts tasks, so that it can end them"),
];

/// Judges the code of the crates that must stay pure. Tests may do what they need.
pub fn purity(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for file in tree.rust().filter(|file| !is_test(file)) {
        let Some(name) = crate_of(&file.path) else { continue };
        if UNSAID.iter().all(|(of, _, _)| *of != name) {
            continue;
        }
        let code = before_tests(&scan::part(&file.text).code).to_owned();
        for (_, word, why) in UNSAID.iter().filter(|(of, _, _)| *of == name) {
            for line in scan::lines_with(&code, word) {
                faults.push(Fault::new(&file.path, line, format!("`{word}` in {name}: {why}")));
            }
        }
    }
    faults
}

fn crate_of(path: &str) -> Option<&str> {
    let (name, rest) = path.strip_prefix("crates/")?.split_once('/')?;
    rest.starts_with("src/").then_some(name)
}

fn is_test(file: &File) -> bool {
    file.path.ends_with("/tests.rs") || file.path.contains("/tests/")
}

/// The code above the test module of the file.
fn before_tests(code: &str) -> &str {
    code.split("#[cfg(test)]\nmod ").next().unwrap_or(code)
}

const SQL: &[&str] = &["SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM ", "CREATE TABLE ", "ALTER TABLE "];

/// Queries stand where they are looked for: `sql.rs` of a capability, the store, the migrations.
pub fn sql(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for file in tree.rust().filter(|file| !keeps_sql(file)) {
        let parts = scan::part(&file.text);
        let end = before_tests(&parts.code).lines().count();
        for literal in parts.literals.iter().filter(|literal| literal.line <= end) {
            if SQL.iter().any(|word| literal.text.trim_start().starts_with(word)) {
                faults.push(Fault::new(
                    &file.path,
                    literal.line,
                    "move the query to the capability's sql.rs",
                ));
            }
        }
    }
    faults
}

fn keeps_sql(file: &File) -> bool {
    let path = file.path.as_str();
    path.ends_with("/sql.rs")
        || path.starts_with("crates/store/")
        || path.starts_with("migrations/")
        || path == "xtask/src/tidy/imports.rs"
        || path == "xtask/src/tidy/queries.rs"
        || is_test(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_domain_may_not_take_in_a_runtime_or_the_store() {
        let manifest = "[package]\nname = \"domain\"\n[dependencies]\nserde = \"1\"\ntokio.workspace = true\n\
                        [dependencies.store]\npath = \"../store\"\n";
        let faults = crates(&Tree::sample(&[("crates/domain/Cargo.toml", manifest)]));
        let said: Vec<(usize, &str)> = faults.iter().map(|f| (f.line, f.says.as_str())).collect();
        assert_eq!(said, [(5, "domain must not use tokio"), (6, "domain must not use store")]);
    }

    #[test]
    fn an_async_rule_is_refused_and_the_word_in_a_comment_is_not() {
        let bad = "//! x\n// async is mentioned\npub async fn decide() {}\n";
        let good = "//! x\nfn a() {}\n#[cfg(test)]\nmod tests { async fn b() {} }\n";
        let tree = Tree::sample(&[("crates/domain/src/a.rs", bad), ("crates/domain/src/b.rs", good)]);
        let faults = purity(&tree);
        assert_eq!(faults.len(), 1);
        assert_eq!((faults[0].path.as_str(), faults[0].line), ("crates/domain/src/a.rs", 3));
    }

    #[test]
    fn a_query_in_a_handler_is_refused() {
        let text = "//! x\nconst A: &str = \"SELECT id FROM cases\";\nconst B: &str = \"SELECTED\";\n";
        let paths = ["crates/app/src/cases/mod.rs", "crates/app/src/cases/sql.rs", "crates/store/src/a.rs"];
        let faults = sql(&Tree::sample(&paths.map(|path| (path, text))));
        assert_eq!(faults.len(), 1);
        assert_eq!((faults[0].path.as_str(), faults[0].line), (paths[0], 2));
    }
}
