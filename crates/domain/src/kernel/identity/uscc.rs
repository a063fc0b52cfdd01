//! 统一社会信用代码, GB 32100-2015: department 1, category 1, region 6, organisation code 9 (GB 11714), check MOD 31-3.

use super::{fold, id_number::is_province, mask_number, text_value};
use crate::kernel::checks::{USCC_ALPHABET, gb_11714, mod_31_3};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A code of the right form. Some codes in real use break the arithmetic, so form and arithmetic are asked apart:
/// see [`Uscc::check`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Uscc(String);

/// Why a text cannot be a unified social credit code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UsccError {
    /// Nothing was typed.
    Empty,
    /// Not 18 characters; holds how many there are.
    Length(usize),
    /// A character outside the alphabet of the standard.
    Character(char),
    /// All characters equal, or 123456789012345678: typed to get past the field.
    Dummy,
}

/// What the arithmetic says about a code of the right form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UsccCheck {
    /// Everything fits.
    Valid,
    /// Something does not fit. Such codes were issued, so a clerk who sees the certificate may go on with a reason.
    IssuedButWrong(UsccDoubt),
}

/// What does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UsccDoubt {
    /// The check character at the end.
    Check,
    /// The check character of the organisation code inside (GB 11714).
    OrganisationCode,
    /// No registering department and category begin like this.
    Department,
    /// The region is not one.
    Region,
}

impl fmt::Display for UsccError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("请填写统一社会信用代码"),
            Self::Length(9) => f.write_str("这是旧的 9 位组织机构代码，请填写执照上的 18 位统一社会信用代码"),
            Self::Length(15) => f.write_str("这是旧的 15 位注册号，请填写执照上的 18 位统一社会信用代码"),
            Self::Length(n) => write!(f, "统一社会信用代码要有 18 位，现在是 {n} 位，请对照执照再看一遍"),
            Self::Character(c @ ('I' | 'O' | 'S' | 'V' | 'Z')) => {
                write!(
                    f,
                    "统一社会信用代码里没有字母“{c}”，可能是相近的数字 1、0、5 或 2，请对照执照再看一遍"
                )
            }
            Self::Character(c) => write!(f, "统一社会信用代码里不能有“{c}”，请只填数字和大写字母"),
            Self::Dummy => f.write_str("这不是真实的统一社会信用代码，请照执照填写"),
        }
    }
}

impl fmt::Display for UsccDoubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Check => {
                "统一社会信用代码有一位抄错了，请对照执照逐位再看；确实和执照一样的，由窗口核对执照原件后登记"
            }
            Self::OrganisationCode => {
                "统一社会信用代码第 9 到 17 位对不上，请对照执照逐位再看；确实和执照一样的，由窗口核对执照原件后登记"
            }
            Self::Department => {
                "统一社会信用代码前两位不常见，请对照执照再看；确实和执照一样的，由窗口核对执照原件后登记"
            }
            Self::Region => {
                "统一社会信用代码第 3 到 8 位不是地区代码，请对照执照再看；确实和执照一样的，由窗口核对执照原件后登记"
            }
        })
    }
}

/// Registering department and the categories it gives (GB 32100 table 1, with later additions for villages, farmers'
/// collectives and trade unions).
const DEPARTMENTS: [(u8, &[u8]); 12] = [
    (b'1', b"1239"),
    (b'2', b"19"),
    (b'3', b"123459"),
    (b'4', b"19"),
    (b'5', b"123459"),
    (b'6', b"129"),
    (b'7', b"129"),
    (b'8', b"19"),
    (b'9', b"1239"),
    (b'A', b"19"),
    (b'N', b"1239"),
    (b'Y', b"1"),
];

impl Uscc {
    /// Parses a code of the right form; lower case, full-width characters and spaces are normalised.
    ///
    /// # Errors
    /// Why the text cannot be such a code.
    pub fn parse(text: &str) -> Result<Self, UsccError> {
        let text = fold(text);
        if text.is_empty() {
            return Err(UsccError::Empty);
        }
        let length = text.chars().count();
        if length != 18 {
            return Err(UsccError::Length(length));
        }
        if let Some(c) = text.chars().find(|c| !u8::try_from(*c).is_ok_and(|b| USCC_ALPHABET.contains(&b))) {
            return Err(UsccError::Character(c));
        }
        let first = text.chars().next();
        if text == "123456789012345678" || text.chars().all(|c| Some(c) == first) {
            return Err(UsccError::Dummy);
        }
        Ok(Self(text))
    }

    /// What the arithmetic of both standards says.
    #[must_use]
    pub fn check(&self) -> UsccCheck {
        let (bytes, region) = (self.0.as_bytes(), &self.0[2..8]);
        let known = DEPARTMENTS.iter().any(|(d, kinds)| *d == bytes[0] && kinds.contains(&bytes[1]));
        let is_region =
            region.bytes().all(|b| b.is_ascii_digit()) && (region == "100000" || is_province(&region[..2]));
        let ends_with = |c: Option<char>, at: usize| c == Some(char::from(bytes[at]));
        if !ends_with(mod_31_3(&self.0[..17]), 17) {
            UsccCheck::IssuedButWrong(UsccDoubt::Check)
        } else if !ends_with(gb_11714(&self.0[8..16]), 16) {
            UsccCheck::IssuedButWrong(UsccDoubt::OrganisationCode)
        } else if !known {
            UsccCheck::IssuedButWrong(UsccDoubt::Department)
        } else if !is_region {
            UsccCheck::IssuedButWrong(UsccDoubt::Region)
        } else {
            UsccCheck::Valid
        }
    }

    /// The organisation code inside, nine characters.
    #[must_use]
    pub fn organisation_code(&self) -> &str {
        &self.0[8..17]
    }

    /// `9132 **** **** 2100`. Codes of organisations are public; the mask serves lists where one-person businesses stand.
    #[must_use]
    pub fn masked(&self) -> String {
        mask_number(&self.0)
    }
}

text_value!(Uscc, UsccError);
