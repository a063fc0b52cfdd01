//! Every query is declared with `statements!`, which brings the test that prepares it on both engines.

use super::scan::{self, Literal};
use super::{Fault, File, Tree};

/// Files whose queries cannot be declared, and why.
const FREE: &[(&str, &str)] = &[
    ("crates/store/src/migrate.rs", "its table is made before there are migrations"),
    ("crates/store/src/seal/reseal.rs", "capabilities name table and column; its tests run both texts"),
    (
        "crates/store/src/transfer/shape.rs",
        "moves tables it knows by the schema alone; its tests move all of them",
    ),
    ("crates/store/src/testing.rs", "makes the databases of tests"),
];

const VERBS: &[&str] = &["SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM ", "WITH "];

/// Judges the queries of the store and of the capabilities.
pub fn check(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for file in tree.rust().filter(|file| is_judged(file)) {
        let parts = scan::part(&file.text);
        let end = parts.code.split("#[cfg(test)]\nmod ").next().unwrap_or_default().lines().count();
        let declared = declared(&parts.code);
        let query = |literal: &&Literal| {
            let text = literal.text.trim_start();
            literal.line <= end && VERBS.iter().any(|verb| text.starts_with(verb))
        };
        for literal in parts.literals.iter().filter(query) {
            if !declared.iter().any(|(from, to)| (*from..=*to).contains(&literal.line)) {
                let says = "declare the query with statements!, so that both engines are asked about it";
                faults.push(Fault::new(&file.path, literal.line, says));
            }
        }
    }
    faults
}

fn is_judged(file: &File) -> bool {
    let path = file.path.as_str();
    let room = path.starts_with("crates/store/src/") || path.starts_with("crates/app/src/");
    let test = path.ends_with("tests.rs") || path.contains("/tests/");
    room && !test && FREE.iter().all(|(free, _)| *free != path)
}

/// First and last lines of the blocks `statements! { … }` and of macros that make texts for them.
fn declared(code: &str) -> Vec<(usize, usize)> {
    let mut blocks = Vec::new();
    for word in ["statements! {", "macro_rules! "] {
        for (at, _) in code.match_indices(word) {
            let Some(open) = code[at..].find('{').map(|n| at + n) else { continue };
            let mut depth = 0usize;
            let close = code[open..].find(|c| {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    _ => {}
                }
                depth == 0
            });
            let line = |at: usize| code[..at].matches('\n').count() + 1;
            blocks.push((line(open), line(open + close.unwrap_or(0))));
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_outside_the_declaration_is_refused() {
        let text = "//! x\nstore::statements! {\n    A = \"SELECT 1\";\n}\nconst B: &str = \"SELECT 2\";\n\
                    #[cfg(test)]\nmod tests {\n const C: &str = \"SELECT 3\"; }\n";
        let paths = ["crates/app/src/cases/sql.rs", "crates/store/src/a.rs", "crates/app/src/cases/tests.rs"];
        let found: Vec<_> = check(&Tree::sample(&paths.map(|path| (path, text))))
            .into_iter()
            .map(|f| (f.path, f.line))
            .collect();
        assert_eq!(found, [(paths[0].to_owned(), 5), (paths[1].to_owned(), 5)]);
    }
}
