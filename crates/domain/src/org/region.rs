//! Codes of administrative divisions: GB/T 2260 (6 digits) with the town (9) and village (12) digits of the statistics office.

use super::Level;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A checked division code of 6, 9 or 12 digits, kept in its shortest form.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RegionCode(String);

/// Why a text is no division code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRegion {
    /// The text that was given.
    pub text: String,
}

impl fmt::Display for BadRegion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "“{}”不是区划代码：应为6位（市、区）、9位（镇、街道）或12位（村、社区）数字", self.text)
    }
}

impl std::error::Error for BadRegion {}

impl RegionCode {
    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The level, or nothing for a province.
    #[must_use]
    pub fn level(&self) -> Option<Level> {
        match self.0.len() {
            12 => Some(Level::Village),
            9 => Some(Level::Town),
            _ if self.0.ends_with("0000") => None,
            _ if self.0.ends_with("00") => Some(Level::City),
            _ => Some(Level::District),
        }
    }

    /// The division above: village → town → district → city → province; nothing above a province.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        match self.level()? {
            Level::Village => Some(Self(self.0[..9].to_owned())),
            Level::Town => Some(Self(self.0[..6].to_owned())),
            Level::District => Some(Self(format!("{}00", &self.0[..4]))),
            Level::City => Some(Self(format!("{}0000", &self.0[..2]))),
        }
    }

    /// The digits filled up with zeros to 12, as statistics and exchange formats want them.
    #[must_use]
    pub fn padded(&self) -> String {
        format!("{:0<12}", self.0)
    }
}

impl FromStr for RegionCode {
    type Err = BadRegion;

    fn from_str(text: &str) -> Result<Self, BadRegion> {
        let bad = || BadRegion { text: text.chars().take(20).collect() };
        if !matches!(text.len(), 6 | 9 | 12)
            || !text.bytes().all(|b| b.is_ascii_digit())
            || text.starts_with('0')
        {
            return Err(bad());
        }
        let mut code = text;
        while code.len() > 6 && code.ends_with("000") {
            code = &code[..code.len() - 3];
        }
        // A town or a village has a district above it.
        if code.len() > 6 && &code[4..6] == "00" {
            return Err(bad());
        }
        Ok(Self(code.to_owned()))
    }
}

impl TryFrom<String> for RegionCode {
    type Error = BadRegion;
    fn try_from(text: String) -> Result<Self, BadRegion> {
        text.parse()
    }
}

impl From<RegionCode> for String {
    fn from(code: RegionCode) -> Self {
        code.0
    }
}

impl fmt::Display for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
