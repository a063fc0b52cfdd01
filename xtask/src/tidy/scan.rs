//! Parts Rust source into code and string literals, so that a rule never trips over a word in a comment.

/// A string literal and the line on which it begins (from 1).
#[derive(Debug, PartialEq, Eq)]
pub struct Literal {
    pub line: usize,
    pub text: String,
}

/// The parted source: `code` has the same lines as the input, with comments, strings and chars blanked.
pub struct Parts {
    pub code: String,
    pub literals: Vec<Literal>,
}

struct Scanner {
    chars: Vec<char>,
    at: usize,
    line: usize,
    code: String,
    literals: Vec<Literal>,
}

/// Parts one file. Unterminated literals run to the end of the file.
pub fn part(source: &str) -> Parts {
    let mut s = Scanner {
        chars: source.chars().collect(),
        at: 0,
        line: 1,
        code: String::with_capacity(source.len()),
        literals: Vec::new(),
    };
    while s.at < s.chars.len() {
        s.step();
    }
    Parts { code: s.code, literals: s.literals }
}

impl Scanner {
    fn peek(&self, ahead: usize) -> char {
        self.chars.get(self.at + ahead).copied().unwrap_or('\0')
    }

    /// Moves one character on, keeping it in the code or blanking it.
    fn take(&mut self, keep: bool) -> char {
        let c = self.peek(0);
        self.at += 1;
        if c == '\n' {
            self.line += 1;
        }
        self.code.push(if keep || c == '\n' { c } else { ' ' });
        c
    }

    fn step(&mut self) {
        match (self.peek(0), self.peek(1)) {
            ('/', '/') => {
                while self.at < self.chars.len() && self.peek(0) != '\n' {
                    self.take(false);
                }
            }
            ('/', '*') => self.block_comment(),
            ('"', _) => self.plain_string(),
            ('r', '"' | '#') if !self.after_word() && self.raw_hashes().is_some() => self.raw_string(),
            ('\'', _) => self.quote(),
            _ => {
                self.take(true);
            }
        }
    }

    /// Whether the character before is part of a name (then `r"` belongs to it; `br"` is a literal too).
    fn after_word(&self) -> bool {
        let before = |n: usize| self.at.checked_sub(n).map_or(' ', |at| self.chars[at]);
        let word = |c: char| c.is_alphanumeric() || c == '_';
        let byte_string = before(1) == 'b' && !word(before(2));
        word(before(1)) && !byte_string
    }

    fn raw_hashes(&self) -> Option<usize> {
        let hashes = (1..).take_while(|&n| self.peek(n) == '#').count();
        (self.peek(1 + hashes) == '"').then_some(hashes)
    }

    fn block_comment(&mut self) {
        let mut depth = 0usize;
        while self.at < self.chars.len() {
            match (self.peek(0), self.peek(1)) {
                ('/', '*') => depth += 1,
                ('*', '/') => depth -= 1,
                _ => {
                    self.take(false);
                    continue;
                }
            }
            self.take(false);
            self.take(false);
            if depth == 0 {
                return;
            }
        }
    }

    fn plain_string(&mut self) {
        let (line, mut text) = (self.line, String::new());
        self.take(false);
        while self.at < self.chars.len() {
            match self.take(false) {
                '"' => break,
                '\\' => {
                    text.push('\\');
                    text.push(self.take(false));
                }
                c => text.push(c),
            }
        }
        self.literals.push(Literal { line, text });
    }

    fn raw_string(&mut self) {
        let hashes = self.raw_hashes().unwrap_or_default();
        let (line, mut text) = (self.line, String::new());
        for _ in 0..hashes + 2 {
            self.take(false);
        }
        while self.at < self.chars.len() {
            let closes = self.peek(0) == '"' && (1..=hashes).all(|n| self.peek(n) == '#');
            if closes {
                for _ in 0..=hashes {
                    self.take(false);
                }
                break;
            }
            text.push(self.take(false));
        }
        self.literals.push(Literal { line, text });
    }

    /// A char literal is blanked; a lifetime is code.
    fn quote(&mut self) {
        if self.peek(1) == '\\' {
            self.take(false);
            self.take(false);
            self.take(false);
            while self.at < self.chars.len() && self.take(false) != '\'' {}
        } else if self.peek(2) == '\'' {
            for _ in 0..3 {
                self.take(false);
            }
        } else {
            self.take(true);
        }
    }
}

/// Whether `word` stands in `code` as a whole name, and on which lines (from 1).
pub fn lines_with(code: &str, word: &str) -> Vec<usize> {
    let name = |c: char| c.is_alphanumeric() || c == '_';
    let holds = |line: &str| {
        line.match_indices(word).any(|(at, _)| {
            let free_left = !word.starts_with(name) || !line[..at].ends_with(name);
            let free_right = !word.ends_with(name) || !line[at + word.len()..].starts_with(name);
            free_left && free_right
        })
    };
    code.lines().enumerate().filter(|(_, line)| holds(line)).map(|(n, _)| n + 1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_strings_and_chars_are_blanked_and_lines_kept() {
        let source =
            "let a = \"fn {\"; // fn {\n/* fn /* { */ } */ let b = '{'; let c: &'a str = r#\"x\"}\"#;\n";
        let parts = part(source);
        assert!(!parts.code.contains('{') && !parts.code.contains("fn"), "{}", parts.code);
        assert!(parts.code.contains("&'a str"));
        assert_eq!(parts.code.lines().count(), source.lines().count());
        let texts: Vec<&str> = parts.literals.iter().map(|l| l.text.as_str()).collect();
        assert_eq!(texts, ["fn {", "x\"}"]);
        assert_eq!(parts.literals[1].line, 2);
    }

    #[test]
    fn escaped_quotes_do_not_end_a_literal() {
        let parts = part("let a = \"q\\\"{\"; let b = '\\''; let c = '\\u{4dae}'; let d = 1;");
        assert_eq!(parts.literals.len(), 1);
        assert!(parts.code.ends_with("let d = 1;") && !parts.code.contains('{'));
    }

    #[test]
    fn a_word_is_found_only_whole() {
        assert_eq!(lines_with("tokio::spawn\nmy_tokio\nuse tokio;", "tokio"), [1, 3]);
    }
}
