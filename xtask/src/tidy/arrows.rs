//! The arrows between the capabilities inside `app`: who may call whom, and only through the other's `mod.rs`.

use super::scan;
use super::{Fault, Tree};

/// The floor: no capabilities, used by all.
const FLOOR: &[&str] = &["routes", "web"];

/// Each capability with those it may call. A row names only rows above it, so that there is no circle.
const ARROWS: &[(&str, &[&str])] = &[
    ("city", &[]),
    ("publishing", &[]),
    ("org", &["city"]),
    ("identity", &["city", "org"]),
    ("catalogue", &["city", "org"]),
    ("cases", &["city", "org", "identity", "catalogue"]),
    ("intake", &["city", "org", "identity", "catalogue", "cases"]),
    ("papers", &["city", "org", "identity", "catalogue", "cases"]),
    ("portal", &["city", "org", "identity", "catalogue", "cases", "intake", "papers"]),
    ("window", &["city", "org", "identity", "catalogue", "cases", "intake", "papers"]),
    ("review", &["city", "org", "identity", "catalogue", "cases", "intake", "papers"]),
    ("apply", &["city", "org", "identity", "catalogue", "cases", "intake", "papers"]),
    ("admin", &["city", "org", "identity", "catalogue", "cases"]),
    ("supervision", &["city", "org", "identity", "catalogue", "cases", "intake"]),
    ("api", &["city", "org", "identity", "catalogue", "cases", "intake", "papers"]),
];

const ROOM: &str = "crates/app/src/";

/// Judges every `crate::…` path that leads from one capability into another.
pub fn check(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for file in tree.rust() {
        let Some((from, _)) = file.path.strip_prefix(ROOM).and_then(|rest| rest.split_once('/')) else {
            continue;
        };
        if FLOOR.contains(&from) {
            continue;
        }
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == from) else {
            faults.push(Fault::new(
                &file.path,
                0,
                format!("give `{from}` its row in xtask/src/tidy/arrows.rs"),
            ));
            continue;
        };
        let code = scan::part(&file.text).code;
        for (line, path) in crate_paths(&code) {
            let to = path[0].as_str();
            if to == from || ARROWS.iter().all(|(name, _)| *name != to) {
                continue;
            }
            if !allowed.contains(&to) {
                faults.push(Fault::new(&file.path, line, format!("{from} may not call {to}")));
            } else if path.get(1).is_some_and(|inner| is_inner_file(tree, to, inner)) {
                faults.push(Fault::new(&file.path, line, format!("{}::{} is {to}'s own", to, path[1])));
            }
        }
    }
    faults
}

/// Whether `crate::to::inner` names a file of that capability instead of something its `mod.rs` offers.
fn is_inner_file(tree: &Tree, to: &str, inner: &str) -> bool {
    tree.has(&format!("{ROOM}{to}/{inner}.rs")) || tree.has(&format!("{ROOM}{to}/{inner}"))
}

/// The paths that begin with `crate::`, groups unfolded, with their lines.
fn crate_paths(code: &str) -> Vec<(usize, Vec<String>)> {
    let mut found = Vec::new();
    for (at, word) in code.match_indices("crate::") {
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '$')) {
            continue;
        }
        let line = code[..at].matches('\n').count() + 1;
        let mut paths = Vec::new();
        unfold(&code[at + word.len()..], &[], &mut paths);
        found.extend(paths.into_iter().filter(|path| !path.is_empty()).map(|path| (line, path)));
    }
    found
}

/// Reads one path or group from the front of `code`; returns how many bytes it took.
fn unfold(code: &str, before: &[String], paths: &mut Vec<Vec<String>>) -> usize {
    let mut path = before.to_vec();
    let mut at = 0;
    loop {
        at += code[at..].len() - code[at..].trim_start().len();
        if code[at..].starts_with('{') {
            at += 1;
            loop {
                at += unfold(&code[at..], &path, paths);
                match code[at..].chars().next() {
                    Some(',') => at += 1,
                    Some('}') => return at + 1,
                    _ => return at,
                }
            }
        }
        let name = |c: &char| c.is_alphanumeric() || *c == '_';
        let word: String = code[at..].chars().take_while(name).collect();
        at += word.len();
        if !word.is_empty() {
            path.push(word);
        }
        if code[at..].starts_with("::") {
            at += 2;
            continue;
        }
        if path.len() > before.len() {
            paths.push(path);
        }
        // What may follow up to the next comma or brace (`as name`, a glob, blanks) is no part of the path.
        let rest = |c: char| matches!(c, ',' | '}' | ';' | '{' | '(' | '<' | '\n');
        return at + code[at..].find(rest).map_or(0, |n| if before.is_empty() { 0 } else { n });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rows_hold_no_circle() {
        for (n, (name, allowed)) in ARROWS.iter().enumerate() {
            for to in *allowed {
                assert!(ARROWS[..n].iter().any(|(above, _)| above == to), "{name} → {to} points upwards");
            }
        }
    }

    #[test]
    fn an_arrow_upwards_is_refused() {
        let tree = Tree::sample(&[
            ("crates/app/src/org/mod.rs", "//! x\nuse crate::{web::edge, cases::open};\n"),
            ("crates/app/src/cases/mod.rs", "//! x\nuse crate::org::find;\n"),
        ]);
        assert_eq!(check(&tree), [Fault::new("crates/app/src/org/mod.rs", 2, "org may not call cases")]);
    }

    #[test]
    fn anothers_inner_file_is_refused_and_its_door_is_not() {
        let tree = Tree::sample(&[
            ("crates/app/src/org/sql.rs", "//! x\n"),
            (
                "crates/app/src/cases/mod.rs",
                "//! x\nuse crate::org::{Seat, sql::FIND};\nuse crate::cases::sql;\n",
            ),
        ]);
        assert_eq!(check(&tree), [Fault::new("crates/app/src/cases/mod.rs", 2, "org::sql is org's own")]);
    }

    #[test]
    fn a_capability_without_a_row_is_refused() {
        let faults = check(&Tree::sample(&[("crates/app/src/weather/mod.rs", "//! x\n")]));
        assert_eq!(faults.len(), 1);
    }

    #[test]
    fn groups_are_unfolded() {
        let names: Vec<String> = crate_paths("use crate::{a::{b, c as d}, e::*};\ncrate::f::g(1);")
            .into_iter()
            .map(|(line, path)| format!("{line} {}", path.join("::")))
            .collect();
        assert_eq!(names, ["1 a::b", "1 a::c", "1 e", "2 f::g"]);
    }
}
