//! Papers of people without a citizen's number: 港澳台居民居住证, 外国人永久居留身份证, 护照.

use super::{
    fold,
    id_number::{birth_date, is_province, odd_character},
    mask_number, text_value,
};
use crate::kernel::checks::mod_11_2;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a text is not the number of the paper chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PaperError {
    /// Nothing was typed; holds the name of the paper.
    Empty(&'static str),
    /// The number of characters is wrong; holds the paper, what is right, and how many there are.
    Length(&'static str, &'static str, usize),
    /// The beginning is not one of this paper; holds the paper and how it begins.
    Beginning(&'static str, &'static str),
    /// A character that cannot stand there.
    Character(&'static str, char),
    /// The birth date in the number does not exist.
    BirthDate(&'static str),
    /// The check character does not fit the rest.
    Check(&'static str),
}

impl fmt::Display for PaperError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty(paper) => write!(f, "请填写{paper}号码"),
            Self::Length(paper, right, n) => {
                write!(f, "{paper}号码要有 {right} 位，现在是 {n} 位，请对照证件再看一遍")
            }
            Self::Beginning(paper, how) => write!(f, "{paper}号码{how}，请核对证件类型和号码"),
            Self::Character(paper, c) => write!(f, "{paper}号码里不能有“{c}”，请对照证件再看一遍"),
            Self::BirthDate(paper) => write!(f, "{paper}号码里的出生日期不存在，请对照证件再看一遍"),
            Self::Check(paper) => write!(f, "{paper}号码有一位抄错了，请对照证件逐位再看一遍"),
        }
    }
}

/// Eighteen characters with a birth date and a MOD 11-2 check, as three kinds of card share them.
fn eighteen(paper: &'static str, text: &str) -> Result<(), PaperError> {
    if text.is_empty() {
        return Err(PaperError::Empty(paper));
    }
    if let Some(c) = odd_character(text) {
        return Err(PaperError::Character(paper, c));
    }
    if text.len() != 18 {
        return Err(PaperError::Length(paper, "18", text.len()));
    }
    birth_date(&text[6..14]).ok_or(PaperError::BirthDate(paper))?;
    if mod_11_2(&text[..17]) == text.chars().last() { Ok(()) } else { Err(PaperError::Check(paper)) }
}

/// 港澳台居民居住证: built like a citizen's number, region 810000, 820000 or 830000.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct HkMoTwPermit(String);

impl HkMoTwPermit {
    /// Parses a permit number; full-width digits, spaces and a lower-case x are normalised.
    ///
    /// # Errors
    /// Why the text is not such a number.
    pub fn parse(text: &str) -> Result<Self, PaperError> {
        const PAPER: &str = "港澳台居民居住证";
        let text = fold(text);
        eighteen(PAPER, &text)?;
        if !["810000", "820000", "830000"].contains(&&text[..6]) {
            return Err(PaperError::Beginning(PAPER, "以 810000、820000 或 830000 开头"));
        }
        Ok(Self(text))
    }

    /// The date of birth.
    #[must_use]
    pub fn birth(&self) -> Date {
        birth_date(&self.0[6..14]).unwrap_or(Date::ZERO)
    }

    /// 香港, 澳门 or 台湾.
    #[must_use]
    pub fn place(&self) -> &'static str {
        match &self.0[..2] {
            "81" => "香港",
            "82" => "澳门",
            _ => "台湾",
        }
    }

    /// `8100 **** **** 0021`.
    #[must_use]
    pub fn masked(&self) -> String {
        mask_number(&self.0)
    }
}

/// 外国人永久居留身份证: 18 characters beginning with 9 since 2023-12-01, before that 3 letters and 12 digits. A card of
/// the old form is valid until its date, so both are taken.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ForeignPermanentResident(String);

impl ForeignPermanentResident {
    /// Parses either form. The check of the old form is not tested: its rule was never published in full.
    ///
    /// # Errors
    /// Why the text is not such a number.
    pub fn parse(text: &str) -> Result<Self, PaperError> {
        const PAPER: &str = "外国人永久居留身份证";
        let text = fold(text);
        if text.starts_with(|c: char| c.is_ascii_alphabetic()) {
            let odd =
                |(i, c): &(usize, char)| !if *i < 3 { c.is_ascii_uppercase() } else { c.is_ascii_digit() };
            return match text.chars().enumerate().find(odd) {
                Some((_, c)) => Err(PaperError::Character(PAPER, c)),
                None if text.len() != 15 => Err(PaperError::Length(PAPER, "15", text.len())),
                None => Ok(Self(text)),
            };
        }
        eighteen(PAPER, &text)?;
        if !text.starts_with('9') || !is_province(&text[1..3]) {
            return Err(PaperError::Beginning(PAPER, "以 9 和两位省份代码开头（旧证以 3 个字母开头）"));
        }
        Ok(Self(text))
    }

    /// Whether the number has the form used since 2023-12-01.
    #[must_use]
    pub fn is_new_form(&self) -> bool {
        self.0.len() == 18
    }

    /// The date of birth; the old form does not tell the century, so it says nothing.
    #[must_use]
    pub fn birth(&self) -> Option<Date> {
        self.is_new_form().then(|| birth_date(&self.0[6..14])).flatten()
    }

    /// `9111 **** **** 0024`.
    #[must_use]
    pub fn masked(&self) -> String {
        mask_number(&self.0)
    }
}

/// 护照, of any country: 5 to 15 letters and digits with at least one digit.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Passport(String);

impl Passport {
    /// Parses a passport number.
    ///
    /// # Errors
    /// Why the text is not such a number.
    pub fn parse(text: &str) -> Result<Self, PaperError> {
        const PAPER: &str = "护照";
        let text = fold(text);
        if text.is_empty() {
            return Err(PaperError::Empty(PAPER));
        }
        if let Some(c) = text.chars().find(|c| !c.is_ascii_alphanumeric()) {
            return Err(PaperError::Character(PAPER, c));
        }
        if !(5..=15).contains(&text.len()) {
            return Err(PaperError::Length(PAPER, "5 到 15", text.len()));
        }
        if !text.contains(|c: char| c.is_ascii_digit()) {
            return Err(PaperError::Beginning(PAPER, "里要有数字"));
        }
        Ok(Self(text))
    }

    /// `E1 **** **** 78`.
    #[must_use]
    pub fn masked(&self) -> String {
        mask_number(&self.0)
    }
}

text_value!(HkMoTwPermit, PaperError);
text_value!(ForeignPermanentResident, PaperError);
text_value!(Passport, PaperError);
