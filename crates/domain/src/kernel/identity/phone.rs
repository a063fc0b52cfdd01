//! Telephone numbers: mobile 手机 and landline 座机 of mainland China.

use super::{fold, text_value};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A number one can call: `13812345678`, `0519-81234567`, or with an extension `0519-81234567-801`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Phone(String);

/// Why a text is not a telephone number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PhoneError {
    /// Nothing was typed.
    Empty,
    /// A character that cannot stand in a telephone number.
    Character(char),
    /// Begins like a mobile number but has not 11 digits; holds how many.
    MobileLength(usize),
    /// Eleven digits beginning with 10, 11 or 12.
    MobilePrefix,
    /// Seven or eight digits without an area code.
    AreaMissing,
    /// Begins with 0 but is no landline number.
    Landline,
    /// Anything else.
    Unknown,
}

impl fmt::Display for PhoneError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("请填写电话号码"),
            Self::Character(c) => write!(f, "电话号码里不能有“{c}”，请只填数字"),
            Self::MobileLength(n) if *n < 11 => write!(f, "手机号码要有 11 位数字，现在只有 {n} 位，请补齐"),
            Self::MobileLength(n) => write!(f, "手机号码要有 11 位数字，现在有 {n} 位，请去掉多出来的"),
            Self::MobilePrefix => f.write_str("手机号码以 13 到 19 开头，请再看一遍"),
            Self::AreaMissing => f.write_str("座机号码前面请加上区号，例如 0519-81234567"),
            Self::Landline => f.write_str("座机号码请写成区号加 7 位或 8 位号码，例如 0519-81234567"),
            Self::Unknown => f.write_str("请填写 11 位手机号码，或者带区号的座机号码，例如 0519-81234567"),
        }
    }
}

impl Phone {
    /// Parses a number; country code, spaces, hyphens, brackets and full-width digits are normalised.
    ///
    /// # Errors
    /// Why the text is not a telephone number.
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        let typed = fold(text);
        let typed = typed.strip_prefix("+86").or_else(|| typed.strip_prefix("0086")).unwrap_or(&typed);
        let typed = typed.trim_start_matches('-');
        let is_hyphen = |c: char| matches!(c, '-' | '(' | ')' | '—' | '–' | '‐' | '‑' | '−');
        if let Some(c) = typed.chars().find(|c| !c.is_ascii_digit() && !is_hyphen(*c)) {
            return Err(PhoneError::Character(c));
        }
        let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
        match digits.bytes().next() {
            None => Err(PhoneError::Empty),
            Some(b'1') if digits.len() != 11 => Err(PhoneError::MobileLength(digits.len())),
            Some(b'1') if digits.as_bytes()[1] < b'3' => Err(PhoneError::MobilePrefix),
            Some(b'1') => Ok(Self(digits)),
            Some(b'0') => {
                let groups: Vec<&str> = typed.split(is_hyphen).filter(|g| !g.is_empty()).collect();
                landline(&groups).map(Self).ok_or(PhoneError::Landline)
            }
            Some(_) if matches!(digits.len(), 7 | 8) => Err(PhoneError::AreaMissing),
            Some(_) => Err(PhoneError::Unknown),
        }
    }

    /// Whether messages can be sent to it.
    #[must_use]
    pub fn is_mobile(&self) -> bool {
        self.0.starts_with('1')
    }

    /// `138 **** 5678`, or `0519 **** 4567` for a landline.
    #[must_use]
    pub fn masked(&self) -> String {
        let (head, number) = match self.0.split_once('-') {
            Some((area, rest)) => (area, rest.split('-').next().unwrap_or(rest)),
            None => self.0.split_at(3),
        };
        format!("{head} **** {}", &number[number.len() - 4..])
    }
}

/// Area code (010, 02x: three digits, otherwise four), subscriber number of 7 or 8 digits not beginning with 0 or 1, and
/// an extension when it was typed apart.
fn landline(groups: &[&str]) -> Option<String> {
    let area_length =
        if groups.first()?.starts_with("010") || groups.first()?.starts_with("02") { 3 } else { 4 };
    let (number, extension) = match groups {
        [whole] => (*whole, None),
        [area, number] if area.len() == area_length => return finish(area, number, None),
        [area, a, b] if area.len() == area_length && a.len() < 7 => {
            return finish(area, &[*a, *b].concat(), None);
        }
        [area, number, extension] if area.len() == area_length => {
            return finish(area, number, Some(extension));
        }
        [whole, extension] => (*whole, Some(*extension)),
        _ => return None,
    };
    let (area, number) = number.split_at_checked(area_length)?;
    finish(area, number, extension)
}

fn finish(area: &str, number: &str, extension: Option<&str>) -> Option<String> {
    let known = area.as_bytes().get(1).is_some_and(|d| *d != b'0');
    let good = matches!(number.len(), 7 | 8) && !number.starts_with(['0', '1']);
    let short = extension.is_none_or(|e| (1..=6).contains(&e.len()));
    let tail = extension.map(|e| format!("-{e}")).unwrap_or_default();
    (known && good && short).then(|| format!("{area}-{number}{tail}"))
}

text_value!(Phone, PhoneError);
