//! Codes under which items and cases are exchanged with the platforms of province and state.
//!
//! 实施编码 31 = 统一社会信用代码 18 + 行使层级 1 + 基本编码 12; 办件编号 43 = 实施编码 31 + yyyyMMdd + 流水 4 (GB/T 39046—2020,
//! as real cases show it).

use super::ExerciseLevel;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Why a text is no code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadCode {
    /// Chinese name of the wanted code with its shape.
    pub wanted: &'static str,
}

impl fmt::Display for BadCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "编码不对，应为{}", self.wanted)
    }
}

impl std::error::Error for BadCode {}

/// Declares a checked text code.
macro_rules! text_code {
    ($(#[$doc:meta])* $name:ident, $wanted:literal, $check:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The code as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = BadCode;
            fn from_str(text: &str) -> Result<Self, BadCode> {
                let check: fn(&str) -> bool = $check;
                if check(text) { Ok(Self(text.to_owned())) } else { Err(BadCode { wanted: $wanted }) }
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadCode;
            fn try_from(text: String) -> Result<Self, BadCode> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(code: $name) -> Self {
                code.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

fn digits(text: &str, len: usize) -> bool {
    text.len() == len && text.bytes().all(|b| b.is_ascii_digit())
}

fn unit(text: &str) -> bool {
    text.len() == 18 && text.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
}

fn implementation(text: &str) -> bool {
    text.is_ascii()
        && text.len() == 31
        && unit(&text[..18])
        && ExerciseLevel::from_code(&text[18..19]).is_some()
        && digits(&text[19..], 12)
}

text_code!(
    /// 基本编码: 12 digits, 区域 2 + 类型 2 + 部门 2 + 主项 3 + 子项 3 (composition inferred from live examples).
    BasicCode, "12位数字的事项基本编码", |text| digits(text, 12)
);
text_code!(
    /// 统一社会信用代码 as a part of other codes: shape only. Real ones are checked where they are entered; a demonstration
    /// carries made-up ones, flagged as such by the [`super::Based`] around them.
    UnitCode, "18位统一社会信用代码", unit
);
text_code!(
    /// 实施编码, 31 characters.
    ImplementationCode, "31位事项实施编码（统一社会信用代码18位＋行使层级1位＋基本编码12位）", implementation
);

impl ImplementationCode {
    /// Puts the code together.
    #[must_use]
    pub fn new(unit: &UnitCode, level: ExerciseLevel, basic: &BasicCode) -> Self {
        Self(format!("{unit}{}{basic}", level.code()))
    }
}

text_code!(
    /// 业务办理项编码, 33 characters: 实施编码 31 + order 2.
    HandlingCode, "33位业务办理项编码（实施编码31位＋顺序2位）",
    |text| text.is_ascii() && text.len() == 33 && implementation(&text[..31]) && digits(&text[31..], 2)
);

impl HandlingCode {
    /// The code of the `order`-th way of handling an item (1–99); nothing when two digits do not suffice.
    #[must_use]
    pub fn new(item: &ImplementationCode, order: u8) -> Option<Self> {
        (1..=99).contains(&order).then(|| Self(format!("{item}{order:02}")))
    }
}

text_code!(
    /// 办件编号 for exchange, 43 characters; people get a short number instead.
    CaseCode, "43位办件编号", |text| text.is_ascii() && text.len() == 43 && implementation(&text[..31]) && digits(&text[31..], 12)
);

impl CaseCode {
    /// The code of the `serial`-th case (1–9999) of an item on a legal day; nothing when four digits do not suffice.
    #[must_use]
    pub fn new(item: &ImplementationCode, day: Date, serial: u16) -> Option<Self> {
        let in_range = (1..=9999).contains(&serial) && (1000..=9999).contains(&day.year());
        in_range
            .then(|| Self(format!("{item}{:04}{:02}{:02}{serial:04}", day.year(), day.month(), day.day())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_code_has_the_43_characters_of_live_examples() {
        let unit: UnitCode = "12441500196720244T".parse().unwrap();
        let item = ImplementationCode::new(&unit, ExerciseLevel::City, &"442199806003".parse().unwrap());
        assert_eq!(item.as_str(), "12441500196720244T3442199806003");
        let case = CaseCode::new(&item, jiff::civil::date(2022, 6, 23), 68).unwrap();
        assert_eq!(case.as_str(), "12441500196720244T3442199806003202206230068");
        assert_eq!(case.as_str().parse::<CaseCode>(), Ok(case));
    }

    #[test]
    fn a_way_of_handling_adds_two_digits_to_the_item() {
        let item: ImplementationCode = "11440232MB2D06811W4000117051000".parse().unwrap();
        let code = HandlingCode::new(&item, 1).unwrap();
        assert_eq!(code.as_str(), "11440232MB2D06811W400011705100001");
        assert_eq!(code.as_str().parse::<HandlingCode>(), Ok(code));
        assert_eq!((HandlingCode::new(&item, 0), HandlingCode::new(&item, 100)), (None, None));
        assert!("11440232MB2D06811W4000117051000AB".parse::<HandlingCode>().is_err());
    }

    #[test]
    fn the_ten_thousandth_case_of_a_day_has_no_code() {
        let item: ImplementationCode = "11440232MB2D06811W4000117051000".parse().unwrap();
        let day = jiff::civil::date(2026, 3, 2);
        assert!(CaseCode::new(&item, day, 9999).is_some());
        assert_eq!(CaseCode::new(&item, day, 10_000), None);
        assert_eq!(CaseCode::new(&item, day, 0), None);
    }

    #[test]
    fn a_text_of_the_wrong_shape_is_no_code() {
        assert!(
            "11440232MB2D06811W8000117051000".parse::<ImplementationCode>().is_err(),
            "there is no level 8"
        );
        assert!("00011705100X".parse::<BasicCode>().is_err());
        assert!("统一社会信用".parse::<UnitCode>().is_err());
        assert!("统一社会信用代码".repeat(2).parse::<CaseCode>().is_err());
    }
}
