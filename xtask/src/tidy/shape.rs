//! The shape of a source file: its first line, its length, the length of its functions, its name.

use super::scan;
use super::{Fault, Tree};

const FILE_LINES: usize = 400;
const FUNCTION_LINES: usize = 60;
const VAGUE: &[&str] = &["utils", "common", "helpers", "misc", "manager", "util", "helper"];

/// A reader learns from the first line what the file is for.
pub fn opening(tree: &Tree) -> Vec<Fault> {
    let silent = |text: &str| !text.starts_with("//! ");
    let fault = |path: &str| Fault::new(path, 1, "begin with a `//!` line that says what this file is for");
    tree.rust().filter(|file| silent(&file.text)).map(|file| fault(&file.path)).collect()
}

/// A file is one thought; a longer one holds two.
pub fn file_length(tree: &Tree) -> Vec<Fault> {
    let long = |text: &str| text.lines().count() > FILE_LINES;
    let fault = |path: &str, text: &str| Fault::new(path, 0, format!("{} lines", text.lines().count()));
    tree.rust().filter(|file| long(&file.text)).map(|file| fault(&file.path, &file.text)).collect()
}

/// Counts lines of code in each body; blank lines and comments are free.
pub fn function_length(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for file in tree.rust() {
        let code = scan::part(&file.text).code;
        for (name, line, lines) in functions(&code) {
            if lines > FUNCTION_LINES {
                faults.push(Fault::new(&file.path, line, format!("`{name}` has {lines} lines of code")));
            }
        }
    }
    faults
}

/// Every function with a body: its name, its line and its lines of code between the braces.
fn functions(code: &str) -> Vec<(String, usize, usize)> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        let bounded = !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let rest = code[at + 3..].trim_start();
        let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        let Some(open) = body_start(code, at) else { continue };
        if !bounded || name.is_empty() {
            continue;
        }
        let end = body_end(code, open);
        let lines = code[open + 1..end].lines().filter(|line| !line.trim().is_empty()).count();
        found.push((name, code[..at].matches('\n').count() + 1, lines));
    }
    found
}

/// Where the body opens; `None` for a declaration that ends in `;`.
fn body_start(code: &str, from: usize) -> Option<usize> {
    let mut depth = 0i32;
    for (n, c) in code[from..].char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            '{' if depth == 0 => return Some(from + n),
            ';' if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

fn body_end(code: &str, open: usize) -> usize {
    let mut depth = 0i32;
    for (n, c) in code[open..].char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return open + n;
        }
    }
    code.len()
}

/// A name that could hold anything soon does.
pub fn names(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for file in tree.files.iter().filter(|file| !file.path.contains("/vendor/")) {
        for part in file.path.split('/') {
            let stem = part.split('.').next().unwrap_or_default();
            if VAGUE.contains(&stem) {
                faults.push(Fault::new(&file.path, 0, format!("`{stem}` says nothing; name what it does")));
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_purpose_line_is_refused() {
        let tree = Tree::sample(&[("a.rs", "// no\nfn a() {}\n"), ("b.rs", "//! Yes.\n"), ("c.md", "x")]);
        let faults = opening(&tree);
        assert_eq!(faults.len(), 1);
        assert_eq!(faults[0].path, "a.rs");
    }

    #[test]
    fn the_401st_line_is_one_too_many() {
        let (fits, long) = ("//\n".repeat(400), "//\n".repeat(401));
        let faults = file_length(&Tree::sample(&[("fits.rs", &fits), ("long.rs", &long)]));
        assert_eq!(faults, [Fault::new("long.rs", 0, "401 lines")]);
    }

    #[test]
    fn the_61st_line_of_code_is_one_too_many_and_comments_are_free() {
        let fits = format!("fn fits() {{\n{}{}}}\n", "a();\n".repeat(60), "// why\n\n".repeat(20));
        let long = format!("fn decl();\nfn long(x: [u8; 2]) -> A {{\n{}}}\n", "a();\n".repeat(61));
        let faults = function_length(&Tree::sample(&[("fits.rs", &fits), ("long.rs", &long)]));
        assert_eq!(faults, [Fault::new("long.rs", 2, "`long` has 61 lines of code")]);
    }

    #[test]
    fn a_brace_in_a_string_does_not_lengthen_a_function() {
        let text = format!("fn a() {{ x(\"{{\"); }}\nfn b() {{}}\n{}", "const A: u8 = 1;\n".repeat(70));
        assert_eq!(function_length(&Tree::sample(&[("a.rs", &text)])), []);
    }

    #[test]
    fn vague_names_are_refused_for_files_and_folders() {
        let tree = Tree::sample(&[("src/utils.rs", ""), ("src/common/a.rs", ""), ("src/commons.rs", "")]);
        let paths: Vec<String> = names(&tree).into_iter().map(|fault| fault.path).collect();
        assert_eq!(paths, ["src/utils.rs", "src/common/a.rs"]);
    }
}
