//! Opening hours 办公时间 of one kind of day: `9:00—12:00、13:00—17:00`.

use serde::{Deserialize, Serialize};
use std::fmt;

/// More spans than this are no opening hours but a mistake.
const MOST_SPANS: usize = 4;
/// Minutes of a day.
const DAY: u16 = 24 * 60;

/// From when to when the doors are open on a day; at least one span, in order, without overlap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Hours(Vec<Span>);

/// One span of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Minutes after midnight at which the doors open.
    pub opens: u16,
    /// Minutes after midnight at which they close.
    pub closes: u16,
}

/// Why a text is no opening hours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HoursError {
    /// Nothing was typed.
    Empty,
    /// A span that cannot be read; holds what was typed.
    Span(String),
    /// A span that closes before it opens, or begins before the one before it ends.
    Order(String),
    /// Too many spans.
    TooMany,
}

impl fmt::Display for HoursError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("请填写办公时间，例如 9:00-12:00、13:00-17:00"),
            Self::Span(text) => {
                write!(f, "“{text}”看不懂，请写成 9:00-12:00 这样的时间段，几段之间用顿号隔开")
            }
            Self::Order(text) => write!(f, "“{text}”的先后不对：每段先开门后关门，后一段在前一段之后"),
            Self::TooMany => write!(f, "一天最多写 {MOST_SPANS} 段时间，请合并相连的时间段"),
        }
    }
}

impl std::error::Error for HoursError {}

impl Hours {
    /// Reads `9:00-12:00、13:00-17:00`; full-width signs, 至 and 到, commas and blanks are understood.
    ///
    /// # Errors
    /// Why the text is no opening hours.
    pub fn parse(text: &str) -> Result<Self, HoursError> {
        let mut spans: Vec<Span> = Vec::new();
        for part in text.split(['、', ',', '，', ';', '；', '\n']).map(str::trim).filter(|p| !p.is_empty())
        {
            let span = span(part).ok_or_else(|| HoursError::Span(part.chars().take(20).collect()))?;
            if span.opens >= span.closes || spans.last().is_some_and(|last| last.closes > span.opens) {
                return Err(HoursError::Order(part.chars().take(20).collect()));
            }
            spans.push(span);
        }
        match spans.len() {
            0 => Err(HoursError::Empty),
            n if n > MOST_SPANS => Err(HoursError::TooMany),
            _ => Ok(Self(spans)),
        }
    }

    /// The spans in order.
    #[must_use]
    pub fn spans(&self) -> &[Span] {
        &self.0
    }
}

fn span(text: &str) -> Option<Span> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).map(plain).collect();
    let (opens, closes) = text.split_once('-')?;
    Some(Span { opens: minute(opens)?, closes: minute(closes)? })
}

/// The plain sign for the ways people write digits, colons and dashes.
fn plain(c: char) -> char {
    match c {
        '０'..='９' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '：' => ':',
        '—' | '–' | '－' | '~' | '～' | '至' | '到' => '-',
        other => other,
    }
}

fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let digits =
        |t: &str, most: usize| (1..=most).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_digit());
    if !digits(hour, 2) || !digits(minute, 2) || minute.len() != 2 {
        return None;
    }
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    (minute < 60 && hour * 60 + minute <= DAY).then_some(hour * 60 + minute)
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, span) in self.0.iter().enumerate() {
            let clock = |minute: u16| format!("{}:{:02}", minute / 60, minute % 60);
            let before = if n == 0 { "" } else { "、" };
            write!(f, "{before}{}—{}", clock(span.opens), clock(span.closes))?;
        }
        Ok(())
    }
}

impl TryFrom<String> for Hours {
    type Error = HoursError;
    fn try_from(text: String) -> Result<Self, HoursError> {
        Self::parse(&text)
    }
}

impl From<Hours> for String {
    fn from(hours: Hours) -> Self {
        hours.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::{Hours, HoursError};
    use proptest::prelude::*;

    #[test]
    fn hours_are_understood_however_they_are_typed() {
        for text in
            ["9:00-12:00、13:00-17:00", "９：００至１２：００，13:00到17:00", "9:00—12:00;13:00 ~ 17:00"]
        {
            assert_eq!(Hours::parse(text).unwrap().to_string(), "9:00—12:00、13:00—17:00", "{text}");
        }
        assert_eq!(Hours::parse("0:00-24:00").unwrap().to_string(), "0:00—24:00");
    }

    #[test]
    fn what_is_no_opening_hours_is_refused_with_a_sentence() {
        for (text, why) in [
            ("", HoursError::Empty),
            ("早上", HoursError::Span("早上".into())),
            ("9-12", HoursError::Span("9-12".into())),
            ("9:00-25:00", HoursError::Span("9:00-25:00".into())),
            ("12:00-9:00", HoursError::Order("12:00-9:00".into())),
            ("9:00-12:00、11:00-17:00", HoursError::Order("11:00-17:00".into())),
            ("1:00-2:00、3:00-4:00、5:00-6:00、7:00-8:00、9:00-10:00", HoursError::TooMany),
        ] {
            assert_eq!(Hours::parse(text), Err(why), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_answered_and_what_is_read_reads_the_same_again(text in "\\PC{0,24}|[0-9:、-]{0,24}") {
            if let Ok(hours) = Hours::parse(&text) {
                prop_assert_eq!(Hours::parse(&hours.to_string()), Ok(hours));
            }
        }
    }
}
