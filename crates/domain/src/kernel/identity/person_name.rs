//! 姓名: any person's name, rare characters included, counted in code points.

use super::text_value;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A person's name, with one kind of separator dot `·` (U+00B7, 民委发〔2016〕33号).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PersonName(String);

/// Why a text cannot be a person's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NameError {
    /// Nothing was typed.
    Empty,
    /// More than 100 characters; holds how many.
    TooLong(usize),
    /// An invisible or control character.
    Invisible,
    /// A mark that stands for a character some system could not show (`?`, `�`, `□`).
    Lost(char),
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("请填写姓名"),
            Self::TooLong(n) => write!(f, "姓名最多 100 个字，现在有 {n} 个字，请只填姓名"),
            Self::Invisible => f.write_str("姓名里有看不见的符号，请删掉后重新填写"),
            Self::Lost(c) => {
                write!(f, "姓名里的“{c}”是没能显示出来的字，请用手写或拼音输入原来的字，或者刷身份证读取")
            }
        }
    }
}

/// The longest name taken, in code points.
const LONGEST: usize = 100;

impl PersonName {
    /// Parses a name: outer spaces go, inner ones stay single between Latin words and go between Chinese characters, and
    /// every dot that people type for `·` becomes it.
    ///
    /// # Errors
    /// Why the text cannot be a name.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
        if text.is_empty() {
            return Err(NameError::Empty);
        }
        if text.chars().any(is_invisible) {
            return Err(NameError::Invisible);
        }
        if let Some(c) = text.chars().find(|c| matches!(c, '?' | '？' | '\u{FFFD}' | '□')) {
            return Err(NameError::Lost(c));
        }
        let chars: Vec<char> = text.chars().collect();
        let mut name = String::with_capacity(text.len());
        for (i, c) in chars.iter().enumerate() {
            let next = chars[i + 1..].iter().find(|c| !c.is_whitespace());
            let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii());
            let last = name.chars().last();
            match c {
                c if c.is_whitespace() => {
                    if latin(last) && latin(next.copied()) && last != Some(' ') {
                        name.push(' ');
                    }
                }
                '.' | '．' if latin(last) => name.push('.'),
                '.' | '．' | '•' | '・' | '･' | '‧' | '∙' | '⋅' | '●' | '˙' | '᛫' => {
                    name.push('·');
                }
                c => name.push(*c),
            }
        }
        match name.chars().count() {
            n if n > LONGEST => Err(NameError::TooLong(n)),
            _ if name.chars().all(|c| c == '·') => Err(NameError::Empty),
            _ => Ok(Self(name)),
        }
    }

    /// `王*明`, `张*`: the first character, and the last of names with three or more; dots stay.
    #[must_use]
    pub fn masked(&self) -> String {
        let n = self.0.chars().count();
        let shown = |i: usize, c: char| c == '·' || (i == 0 && n > 1) || (i + 1 == n && n > 2);
        self.0.chars().enumerate().map(|(i, c)| if shown(i, c) { c } else { '*' }).collect()
    }
}

/// Control, zero-width and direction characters; variation selectors are not among them, they belong to rare characters.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

text_value!(PersonName, NameError);
