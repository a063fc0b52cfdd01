//! The working-day calendar: Monday to Friday, corrected by the yearly State Council notices 国务院办公厅放假通知.

use super::Due;
use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a notice makes of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DayKind {
    /// 放假: a weekday that is off.
    Holiday,
    /// 上班 (调休): a weekend day that is worked.
    Workday,
}

/// One deviation from Monday to Friday; the columns of the reference file of working days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarRow {
    /// The day.
    pub date: Date,
    /// Off or worked.
    pub kind: DayKind,
    /// The holiday it belongs to, e.g. 国庆节.
    pub name: String,
}

/// Which days are worked. Data, not code: a new notice makes a new calendar and due dates are counted again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorkCalendar {
    deviations: BTreeMap<Date, (DayKind, String)>,
    known_until: Option<i16>,
}

impl WorkCalendar {
    /// Builds the calendar; of two rows about one day the later one counts, as a second notice replaces the first.
    ///
    /// A year counts as known when its National Day days off (1–8 October) are there: notices are published whole, and
    /// a notice often touches the last days of the year before, so a single row proves nothing.
    #[must_use]
    pub fn new(rows: impl IntoIterator<Item = CalendarRow>) -> Self {
        Self::of(rows.into_iter().map(|r| (r.date, (r.kind, r.name))).collect())
    }

    /// This calendar with some days changed, in order; `None` makes a day what its day of the week says.
    #[must_use]
    pub fn changed(&self, changes: impl IntoIterator<Item = (Date, Option<(DayKind, String)>)>) -> Self {
        let mut deviations = self.deviations.clone();
        for (day, meaning) in changes {
            match meaning {
                Some(meaning) => deviations.insert(day, meaning),
                None => deviations.remove(&day),
            };
        }
        Self::of(deviations)
    }

    fn of(deviations: BTreeMap<Date, (DayKind, String)>) -> Self {
        let known_until = deviations
            .iter()
            .filter(|(d, (kind, _))| *kind == DayKind::Holiday && d.month() == 10 && d.day() <= 8)
            .map(|(d, _)| d.year())
            .max();
        Self { deviations, known_until }
    }

    /// The last year whose notice is known; `None` when no notice is known at all.
    #[must_use]
    pub const fn known_until(&self) -> Option<i16> {
        self.known_until
    }

    /// Whether a day lies after the last known year.
    #[must_use]
    pub fn is_beyond(&self, day: Date) -> bool {
        self.known_until.is_none_or(|year| day.year() > year)
    }

    /// A due date, marked when the calendar does not reach it.
    #[must_use]
    pub fn due(&self, date: Date) -> Due {
        Due { date, beyond_calendar: self.is_beyond(date) }
    }

    /// Whether a day is worked.
    #[must_use]
    pub fn is_working(&self, day: Date) -> bool {
        match self.deviations.get(&day) {
            Some((kind, _)) => *kind == DayKind::Workday,
            None => !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday),
        }
    }

    /// The holiday a deviating day belongs to, e.g. 春节; `None` for ordinary days.
    #[must_use]
    pub fn holiday_name(&self, day: Date) -> Option<&str> {
        self.deviations.get(&day).map(|(_, name)| name.as_str())
    }

    /// What a notice makes of a day; `None` for ordinary days.
    #[must_use]
    pub fn deviation(&self, day: Date) -> Option<(DayKind, &str)> {
        self.deviations.get(&day).map(|(kind, name)| (*kind, name.as_str()))
    }

    /// The day itself when it is worked, otherwise the first worked day after it.
    #[must_use]
    pub fn next_working(&self, day: Date) -> Date {
        std::iter::successors(Some(day), |d| d.tomorrow().ok())
            .find(|d| self.is_working(*d))
            .unwrap_or(Date::MAX)
    }

    /// The n-th worked day after `day`; `day` itself is not counted. Zero days end on [`Self::next_working`].
    #[must_use]
    pub fn add_working(&self, day: Date, n: u16) -> Date {
        let Some(skip) = n.checked_sub(1) else { return self.next_working(day) };
        days_after(day).filter(|d| self.is_working(*d)).nth(skip.into()).unwrap_or(Date::MAX)
    }

    /// How many worked days lie after `from` up to and including `to`; zero when `to` is not after `from`.
    #[must_use]
    pub fn working_between(&self, from: Date, to: Date) -> u32 {
        days_after(from).take_while(|d| *d <= to).map(|d| u32::from(self.is_working(d))).sum()
    }
}

/// All days after a day, without it.
pub(super) fn days_after(day: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(day.tomorrow().ok(), |d| d.tomorrow().ok())
}
