//! 公民身份号码, GB 11643-1999: region 6, birth date 8, order 3 (odd: male), check character MOD 11-2.

use super::{fold, mask_number, text_value};
use crate::kernel::checks::mod_11_2;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::fmt;

/// 性别, as the order digits of a number say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// 男.
    Male,
    /// 女.
    Female,
}

/// A citizen's number that is one: 18 characters, X upper case.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct IdNumber(String);

/// Why a text is not a citizen's number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdNumberError {
    /// Nothing was typed.
    Empty,
    /// Not 18 characters; holds how many there are.
    Length(usize),
    /// A 15-digit number of the first generation of cards, void since 2013-01-01.
    FirstGeneration,
    /// A character which is neither a digit nor a final X; holds it.
    Character(char),
    /// The first two digits name no province.
    Province,
    /// 810000, 820000, 830000: a residence permit for people of Hong Kong, Macao and Taiwan.
    HkMoTwPermit,
    /// A leading 9: the identity card of a foreign permanent resident.
    ForeignResident,
    /// The birth date does not exist, lies before 1850 or after the day asked about.
    BirthDate,
    /// The check character does not fit the rest.
    Check,
}

impl fmt::Display for IdNumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("请填写身份证号码"),
            Self::Length(n) if *n < 18 => write!(f, "身份证号码要有 18 位，现在只有 {n} 位，请补齐"),
            Self::Length(n) => write!(f, "身份证号码要有 18 位，现在有 {n} 位，请去掉多出来的"),
            Self::FirstGeneration => f.write_str("15 位身份证已经停用，请填写现在身份证上的 18 位号码"),
            Self::Character(c) => write!(f, "身份证号码里不能有“{c}”，请只填数字，最后一位可以是 X"),
            Self::Province => f.write_str("身份证号码前两位不是任何省份，请对照证件再看一遍"),
            Self::HkMoTwPermit => f.write_str("这是港澳台居民居住证号码，请把证件类型改成港澳台居民居住证"),
            Self::ForeignResident => {
                f.write_str("这是外国人永久居留身份证号码，请把证件类型改成外国人永久居留身份证")
            }
            Self::BirthDate => {
                f.write_str("身份证号码第 7 到 14 位是出生日期，这个日期不存在，请对照证件再看一遍")
            }
            Self::Check => f.write_str("身份证号码有一位抄错了，请对照证件逐位再看一遍"),
        }
    }
}

/// Province codes of GB/T 2260 that a citizen's number begins with, Taiwan, Hong Kong and Macao included.
const PROVINCES: [&str; 34] = [
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42",
    "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82",
];

/// Whether two digits name a province.
pub(super) fn is_province(code: &str) -> bool {
    PROVINCES.contains(&code)
}

/// The oldest year of birth taken for real; official samples go back to 1880.
const OLDEST_YEAR: i16 = 1850;

/// A date written as eight digits which exists and is not before 1850.
pub(super) fn birth_date(digits: &str) -> Option<Date> {
    let year = digits.get(..4)?.parse().ok()?;
    let date = Date::new(year, digits.get(4..6)?.parse().ok()?, digits.get(6..8)?.parse().ok()?).ok()?;
    (year >= OLDEST_YEAR).then_some(date)
}

/// The first character that cannot stand in 18 digits with a final X.
pub(super) fn odd_character(text: &str) -> Option<char> {
    let last = text.chars().count().saturating_sub(1);
    text.chars().enumerate().find(|(i, c)| !(c.is_ascii_digit() || *c == 'X' && *i == last)).map(|(_, c)| c)
}

impl IdNumber {
    /// Parses without asking when the bearer was born; for numbers already kept. For input use [`Self::parse_on`].
    ///
    /// # Errors
    /// Why the text is not a citizen's number.
    pub fn parse(text: &str) -> Result<Self, IdNumberError> {
        Self::parse_on(text, Date::MAX)
    }

    /// Parses what a person typed or a reader read; nobody can be born after `not_after`, which is today.
    ///
    /// Full-width digits, spaces and a lower-case x are normalised. Codes of abolished counties are valid: people keep
    /// the number they were given.
    ///
    /// # Errors
    /// Why the text is not a citizen's number.
    pub fn parse_on(text: &str, not_after: Date) -> Result<Self, IdNumberError> {
        let text = fold(text);
        let length = text.chars().count();
        match (length, odd_character(&text)) {
            (0, _) => return Err(IdNumberError::Empty),
            (_, Some(c)) => return Err(IdNumberError::Character(c)),
            (15, None) => return Err(IdNumberError::FirstGeneration),
            (18, None) => {}
            _ => return Err(IdNumberError::Length(length)),
        }
        match &text[..6] {
            "810000" | "820000" | "830000" => return Err(IdNumberError::HkMoTwPermit),
            region if region.starts_with('9') => return Err(IdNumberError::ForeignResident),
            region if !is_province(&region[..2]) => return Err(IdNumberError::Province),
            _ => {}
        }
        if birth_date(&text[6..14]).is_none_or(|born| born > not_after) {
            return Err(IdNumberError::BirthDate);
        }
        if mod_11_2(&text[..17]) != text.chars().last() {
            return Err(IdNumberError::Check);
        }
        Ok(Self(text))
    }

    /// The 18-digit number that took the place of a 15-digit one: `19` after the sixth digit, then the check character.
    ///
    /// # Errors
    /// Why the text is not a number of the first generation.
    pub fn upgrade_15(text: &str) -> Result<Self, IdNumberError> {
        let old = fold(text);
        if let Some(c) = old.chars().find(|c| !c.is_ascii_digit()) {
            return Err(IdNumberError::Character(c));
        }
        if old.len() != 15 {
            return Err(IdNumberError::Length(old.len()));
        }
        let body = format!("{}19{}", &old[..6], &old[6..]);
        let check = mod_11_2(&body).ok_or(IdNumberError::Check)?;
        Self::parse(&format!("{body}{check}"))
    }

    /// The date of birth 出生日期.
    #[must_use]
    pub fn birth(&self) -> Date {
        birth_date(&self.0[6..14]).unwrap_or(Date::ZERO)
    }

    /// The sex 性别.
    #[must_use]
    pub fn sex(&self) -> Sex {
        if (self.0.as_bytes()[16] - b'0') % 2 == 1 { Sex::Male } else { Sex::Female }
    }

    /// The six digits of the county where the number was given, perhaps abolished since; not where the person lives.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.0[..6]
    }

    /// Full years of age on a day (周岁); a birthday on 29 February is reached on 1 March of other years.
    #[must_use]
    pub fn age_on(&self, day: Date) -> i16 {
        let born = self.birth();
        day.year() - born.year() - i16::from((day.month(), day.day()) < (born.month(), born.day()))
    }

    /// `3204 **** **** 1234`.
    #[must_use]
    pub fn masked(&self) -> String {
        mask_number(&self.0)
    }
}

text_value!(IdNumber, IdNumberError);
