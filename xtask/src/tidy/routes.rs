//! The routes in the code and the table of routes with their rights are the same list.

use super::scan;
use super::{Fault, Tree};
use std::collections::BTreeMap;

const TABLE: &str = "crates/app/src/routes/table.rs";
const ROOM: &str = "crates/app/src/";
const METHODS: &[&str] = &["get", "post", "put", "patch", "delete"];

/// Each `.route("path", get(…).post(…))` of the product stands in the table, and each row of the table in the code.
pub fn check(tree: &Tree) -> Vec<Fault> {
    // Without a table no route has its row.
    let table = tree.files.iter().find(|file| file.path == TABLE);
    let rows: BTreeMap<_, _> = table.map(|table| rows(&table.text)).unwrap_or_default().into_iter().collect();
    let mut faults = Vec::new();
    let mut seen = Vec::new();
    for file in tree.rust().filter(|file| file.path.starts_with(ROOM) && file.path != TABLE) {
        if file.path.ends_with("tests.rs") || file.path.contains("/tests/") {
            continue;
        }
        for (line, method, path) in routes(&file.text) {
            let key = (method, path);
            if !rows.contains_key(&key) {
                let says = format!("give {} {} its row in {TABLE}", key.0, key.1);
                faults.push(Fault::new(&file.path, line, says));
            }
            seen.push(key);
        }
    }
    for (key, line) in &rows {
        if !seen.contains(key) {
            faults.push(Fault::new(TABLE, *line, format!("no code has the route {} {}", key.0, key.1)));
        }
    }
    faults
}

/// The rows of the table: `row(GET, "/path", …),`, one a line.
fn rows(text: &str) -> Vec<((String, String), usize)> {
    let mut found = Vec::new();
    for (n, line) in text.lines().enumerate() {
        let Some((method, rest)) = line.trim().strip_prefix("row(").and_then(|rest| rest.split_once(", \""))
        else {
            continue;
        };
        let path = rest.split('"').next().unwrap_or_default();
        found.push(((method.to_owned(), path.to_owned()), n + 1));
    }
    found
}

/// The routes of one file above its tests: line, method in capitals, path.
fn routes(text: &str) -> Vec<(usize, String, String)> {
    let text = before_tests(text);
    let source: Vec<char> = text.chars().collect();
    let code: Vec<char> = scan::part(text).code.chars().collect();
    let opening: Vec<char> = ".route(".chars().collect();
    let mut found = Vec::new();
    for at in 0..code.len().saturating_sub(opening.len()) {
        if code[at..at + opening.len()] != opening[..] {
            continue;
        }
        let begin = at + opening.len();
        let end = closing(&code, begin);
        let inside: String = source[begin..end].iter().collect();
        let path = inside.split('"').nth(1).unwrap_or_default().to_owned();
        let bare: String = code[begin..end].iter().collect();
        let line = code[..at].iter().filter(|c| **c == '\n').count() + 1;
        for method in METHODS.iter().filter(|method| calls(&bare, method)) {
            found.push((line, method.to_uppercase(), path.clone()));
        }
    }
    found
}

/// The text above a test module that stands in the same file.
fn before_tests(text: &str) -> &str {
    let inline = |(at, _): &(usize, &str)| text[*at..].lines().nth(1).is_some_and(|line| line.ends_with('{'));
    text.match_indices("#[cfg(test)]\nmod ").find(inline).map_or(text, |(at, _)| &text[..at])
}

/// Where the bracket that was open before `begin` closes.
fn closing(code: &[char], begin: usize) -> usize {
    let mut depth = 1;
    for (n, c) in code[begin..].iter().enumerate() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return begin + n;
        }
    }
    code.len()
}

/// Whether the code calls a function of that very name.
fn calls(code: &str, name: &str) -> bool {
    code.match_indices(&format!("{name}("))
        .any(|(at, _)| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: &str = "//! x\n#[cfg(test)]\nmod t;\nfn a() {\n    Router::new()\n        .route(\"/a\", get(a).post(b))\n        // 路由\n        \
                        .route(\n            \"/b/{id}\",\n            axum::routing::post(budget),\n        )\n}\n\
                        #[cfg(test)]\nmod tests {\n fn t() { r.route(\"/t\", get(t)); } }\n";

    #[test]
    fn a_route_without_a_row_and_a_row_without_a_route_are_reported() {
        let table =
            "//! x\n    row(GET, \"/a\", Open),\n    row(POST, \"/a\", Open),\n    row(GET, \"/c\", Open),\n";
        let tree = Tree::sample(&[("crates/app/src/a/mod.rs", CODE), (TABLE, table)]);
        let said: Vec<String> = check(&tree)
            .into_iter()
            .map(|fault| format!("{}:{} {}", fault.path, fault.line, fault.says))
            .collect();
        assert_eq!(
            said,
            [
                format!("crates/app/src/a/mod.rs:8 give POST /b/{{id}} its row in {TABLE}"),
                format!("{TABLE}:4 no code has the route GET /c"),
            ]
        );
        let bare = Tree::sample(&[("crates/app/src/a/mod.rs", CODE)]);
        assert_eq!(check(&bare).len(), 3, "without a table no route has its row");
    }

    #[test]
    fn methods_are_read_from_the_whole_call() {
        let found: Vec<String> =
            routes(CODE).into_iter().map(|(_, method, path)| format!("{method} {path}")).collect();
        assert_eq!(found, ["GET /a", "POST /a", "POST /b/{id}"]);
    }
}
