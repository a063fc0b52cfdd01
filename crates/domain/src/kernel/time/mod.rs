//! Legal time: days of law, the working-day calendar, and the clock of a case.
//!
//! 行政许可法 第八十二条: periods are working days without statutory holidays. 民法典 第二百零一条 and 第二百零三条: the day
//! a period starts is not counted, and a period of natural days that ends on a day off ends on the next working day.

mod calendar;
mod clock;
#[cfg(test)]
mod tests;

pub use calendar::{CalendarRow, DayKind, WorkCalendar};
pub use clock::{LegalClock, Stop, deemed_accepted, notice_due};

use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    tz,
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A number of days as the law counts them; never a bare number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "unit", content = "n", rename_all = "snake_case")]
pub enum Days {
    /// 工作日.
    Working(u16),
    /// 自然日 (日历日).
    Natural(u16),
}

impl Days {
    /// The number, whatever the unit.
    #[must_use]
    pub const fn number(self) -> u16 {
        match self {
            Self::Working(n) | Self::Natural(n) => n,
        }
    }

    /// Whether working days are counted.
    #[must_use]
    pub const fn is_working(self) -> bool {
        matches!(self, Self::Working(_))
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Working(n) => write!(f, "{n} 个工作日"),
            Self::Natural(n) => write!(f, "{n} 日"),
        }
    }
}

/// The last day of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Due {
    /// The last day on which acting is still in time.
    pub date: Date,
    /// The date lies after the last year whose holiday notice is known: it may move, and pages must say so.
    pub beyond_calendar: bool,
}

/// The offset of Asia/Shanghai, eight hours, without daylight saving since 1992; fixed here so that no time zone file is read.
const SHANGHAI_HOURS: i8 = 8;

/// What a clock on the wall in Shanghai shows at an instant.
#[must_use]
pub fn wall_clock(instant: Timestamp) -> DateTime {
    tz::offset(SHANGHAI_HOURS).to_datetime(instant)
}

/// The legal day in Asia/Shanghai on which an instant falls.
#[must_use]
pub fn legal_day(instant: Timestamp) -> Date {
    wall_clock(instant).date()
}

/// The instant at which a clock on the wall in Shanghai shows this; at the very edge of representable time the nearest
/// instant.
#[must_use]
pub fn instant_of(shown: DateTime) -> Timestamp {
    let edge = if shown.year() < 0 { Timestamp::MIN } else { Timestamp::MAX };
    tz::offset(SHANGHAI_HOURS).to_timestamp(shown).unwrap_or(edge)
}

/// The first instant of a legal day in Asia/Shanghai.
#[must_use]
pub fn day_start(day: Date) -> Timestamp {
    instant_of(day.to_datetime(jiff::civil::Time::midnight()))
}
