//! Numbers people read, say and copy: case number 受理编号, query code 查询码, exchange number 办件编号.

use super::{checks::mod_11_10, identity::fold};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// The short number of a case: date `yyMMdd`, six digits of serial, one check digit (ISO 7064 MOD 11,10).
///
/// Digits only, so that a scanner under a Chinese input method and a voice on the phone both carry it; one wrong digit is
/// always noticed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CaseNumber(String);

/// Why a text is no number of ours, or why none can be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NumberError {
    /// Nothing was typed.
    Empty,
    /// A case number has not 13 digits; holds how many.
    CaseLength(usize),
    /// A character that cannot stand in the number.
    Character(char),
    /// The check digit or the date in the number does not fit.
    CaseCheck,
    /// A query code has not 6 characters; holds how many.
    QueryLength(usize),
    /// The implementation code 实施编码 has not 31 letters and digits.
    ItemCode,
    /// The serial of the day is used up: the number has room for 1 to `last`.
    SerialUsedUp {
        /// The day.
        day: Date,
        /// The greatest serial.
        last: u32,
    },
}

impl fmt::Display for NumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("请填写号码"),
            Self::CaseLength(n) => write!(f, "受理编号有 13 位数字，现在是 {n} 位，请对照回执再看一遍"),
            Self::Character(c) => write!(f, "号码里没有“{c}”，请对照回执再看一遍"),
            Self::CaseCheck => f.write_str("受理编号有一位抄错了，请对照回执逐位再看一遍"),
            Self::QueryLength(n) => write!(f, "查询码有 6 位，现在是 {n} 位，请对照回执再看一遍"),
            Self::ItemCode => f.write_str("实施编码要有 31 位数字或大写字母，请先在事项清单里改好"),
            Self::SerialUsedUp { day, last } => {
                write!(f, "{day} 的流水号已经用到 {last}，当天不能再编号，请从下一天继续")
            }
        }
    }
}

impl std::error::Error for NumberError {}

/// The greatest serial of a case number on one day.
const LAST_CASE_SERIAL: u32 = 999_999;

impl CaseNumber {
    /// The number of the `serial`-th case of a legal day in a city; serials begin at 1.
    ///
    /// # Errors
    /// [`NumberError::SerialUsedUp`] outside 1 to 999 999.
    pub fn new(day: Date, serial: u32) -> Result<Self, NumberError> {
        let refused = NumberError::SerialUsedUp { day, last: LAST_CASE_SERIAL };
        if !(1..=LAST_CASE_SERIAL).contains(&serial) {
            return Err(refused);
        }
        let body = format!("{:02}{:02}{:02}{serial:06}", day.year().rem_euclid(100), day.month(), day.day());
        let check = mod_11_10(&body).ok_or(refused)?;
        Ok(Self(format!("{body}{check}")))
    }

    /// Thirteen digits, ungrouped: to store, copy and print as a barcode.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `260315 001234 7`: to read.
    #[must_use]
    pub fn grouped(&self) -> String {
        format!("{} {} {}", &self.0[..6], &self.0[6..12], &self.0[12..])
    }
}

impl fmt::Display for CaseNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for CaseNumber {
    type Err = NumberError;

    /// Reads what a person typed; spaces, hyphens and full-width digits are normalised.
    fn from_str(text: &str) -> Result<Self, NumberError> {
        let text: String = fold(text).chars().filter(|c| *c != '-').collect();
        if text.is_empty() {
            return Err(NumberError::Empty);
        }
        if let Some(c) = text.chars().find(|c| !c.is_ascii_digit()) {
            return Err(NumberError::Character(c));
        }
        if text.len() != 13 {
            return Err(NumberError::CaseLength(text.len()));
        }
        let two = |at: usize| text[at..at + 2].parse::<i8>().unwrap_or(0);
        let dated = Date::new(2000 + i16::from(two(0)), two(2), two(4)).is_ok();
        if dated && mod_11_10(&text[..12]) == text.chars().last() {
            Ok(Self(text))
        } else {
            Err(NumberError::CaseCheck)
        }
    }
}

impl TryFrom<String> for CaseNumber {
    type Error = NumberError;
    fn try_from(text: String) -> Result<Self, NumberError> {
        text.parse()
    }
}

impl From<CaseNumber> for String {
    fn from(number: CaseNumber) -> Self {
        number.0
    }
}

/// The code that opens a case page together with its number: 6 of 31 characters nobody confuses (no 0 O, 1 I L).
///
/// 887 million codes; guessing is kept slow by whoever asks for it. `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct QueryCode(String);

/// The characters of a query code.
const QUERY_ALPHABET: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";

impl QueryCode {
    /// Makes a code from eight random bytes; their 64 bits leave no measurable preference for any character.
    #[must_use]
    pub fn from_random(bytes: [u8; 8]) -> Self {
        let mut rest = u64::from_be_bytes(bytes);
        let mut code = String::with_capacity(6);
        for _ in 0..6 {
            code.push(char::from(QUERY_ALPHABET[(rest % 31) as usize]));
            rest /= 31;
        }
        Self(code)
    }

    /// The six characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for QueryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("QueryCode(******)")
    }
}

impl FromStr for QueryCode {
    type Err = NumberError;

    /// Reads what a person typed; lower case, spaces and full-width characters are normalised.
    fn from_str(text: &str) -> Result<Self, NumberError> {
        let code = fold(text);
        if code.is_empty() {
            return Err(NumberError::Empty);
        }
        if let Some(c) = code.chars().find(|c| !u8::try_from(*c).is_ok_and(|b| QUERY_ALPHABET.contains(&b))) {
            return Err(NumberError::Character(c));
        }
        if code.len() == 6 { Ok(Self(code)) } else { Err(NumberError::QueryLength(code.len())) }
    }
}

/// 办件编号 for exchange with upper platforms: implementation code 31, `yyyyMMdd`, serial 4; 43 characters in all.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ExchangeNumber(String);

/// The greatest serial of an exchange number: four digits an item and a day.
const LAST_EXCHANGE_SERIAL: u32 = 9_999;

impl ExchangeNumber {
    /// The number of the `serial`-th case of one item on a legal day; serials begin at 1.
    ///
    /// # Errors
    /// [`NumberError::ItemCode`] when the code has not 31 letters and digits, [`NumberError::SerialUsedUp`] outside 1 to
    /// 9 999: the format has no room, and a number given twice would be worse than none.
    pub fn new(implementation_code: &str, day: Date, serial: u32) -> Result<Self, NumberError> {
        let fits = |c: char| c.is_ascii_digit() || c.is_ascii_uppercase();
        if implementation_code.len() != 31 || !implementation_code.chars().all(fits) {
            return Err(NumberError::ItemCode);
        }
        if !(1..=LAST_EXCHANGE_SERIAL).contains(&serial) {
            return Err(NumberError::SerialUsedUp { day, last: LAST_EXCHANGE_SERIAL });
        }
        Ok(Self(format!("{implementation_code}{}{serial:04}", day.strftime("%Y%m%d"))))
    }

    /// The 43 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn a_case_number_is_read_back_however_it_is_typed() {
        let number = CaseNumber::new(date(2026, 3, 15), 1234).unwrap();
        assert!(number.as_str().starts_with("260315001234"));
        assert_eq!(number.as_str().len(), 13);
        assert_eq!(number.grouped().parse(), Ok(number.clone()));
        let wide: String =
            number.as_str().chars().map(|c| char::from_u32(c as u32 + 0xFEE0).unwrap()).collect();
        assert_eq!(wide.parse(), Ok(number));
        assert_eq!("2603".parse::<CaseNumber>(), Err(NumberError::CaseLength(4)));
        assert_eq!("26031500123A7".parse::<CaseNumber>(), Err(NumberError::Character('A')));
    }

    #[test]
    fn serials_that_do_not_fit_are_refused() {
        let day = date(2026, 3, 15);
        let refused = CaseNumber::new(day, 1_000_000).unwrap_err();
        assert_eq!(refused, NumberError::SerialUsedUp { day, last: 999_999 });
        assert!(CaseNumber::new(day, 0).is_err());
        let code = "12441500196720244T3442199806003";
        assert_eq!(
            ExchangeNumber::new(code, day, 10_000),
            Err(NumberError::SerialUsedUp { day, last: 9_999 })
        );
        assert!(ExchangeNumber::new(code, day, 0).is_err());
        assert_eq!(ExchangeNumber::new("1244", day, 1), Err(NumberError::ItemCode));
    }

    #[test]
    fn an_exchange_number_is_built_like_the_live_one() {
        let number = ExchangeNumber::new("12441500196720244T3442199806003", date(2022, 6, 23), 68).unwrap();
        assert_eq!(number.as_str(), "12441500196720244T3442199806003202206230068");
        assert_eq!(number.as_str().len(), 43);
    }

    #[test]
    fn a_query_code_never_holds_a_character_people_confuse() {
        let code = QueryCode::from_random([0xA5, 7, 99, 1, 0, 255, 18, 42]);
        assert_eq!(code.as_str().to_lowercase().parse(), Ok(code));
        assert_eq!("23O567".parse::<QueryCode>(), Err(NumberError::Character('O')));
        assert_eq!("23456".parse::<QueryCode>(), Err(NumberError::QueryLength(5)));
        assert_eq!(QueryCode::from_random([0; 8]).as_str(), "222222");
    }

    proptest! {
        #[test]
        fn one_wrong_digit_is_always_noticed(serial in 1u32..=999_999, at in 0usize..13, add in 1u8..10) {
            let number = CaseNumber::new(date(2026, 3, 15), serial).unwrap();
            let mut digits = number.as_str().as_bytes().to_vec();
            digits[at] = (digits[at] - b'0' + add) % 10 + b'0';
            let wrong = String::from_utf8(digits).unwrap();
            prop_assert!(wrong.parse::<CaseNumber>().is_err());
        }

        #[test]
        fn every_query_code_is_six_allowed_characters(bytes in any::<[u8; 8]>()) {
            let code = QueryCode::from_random(bytes);
            prop_assert_eq!(code.as_str().parse::<QueryCode>(), Ok(code));
        }
    }
}
