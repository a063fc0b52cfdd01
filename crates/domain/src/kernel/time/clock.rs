//! The clock of a case: when it started, what it allows, what stopped it, how it was extended.

use super::{Days, Due, WorkCalendar, calendar::days_after};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A time that is not counted (行政许可法 第四十五条: 听证、招标、拍卖、检验、检测、检疫、鉴定、专家评审).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Stop {
    /// The first day that is not counted.
    pub from: Date,
    /// The first day that is counted again; `None` while the clock stands.
    pub until: Option<Date>,
}

impl Stop {
    fn holds(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day < until)
    }
}

/// A legal period that runs. Stops may overlap, touch and come in any order: a day is either stopped or it is not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegalClock {
    /// The day the period starts, e.g. of acceptance 受理; not counted itself.
    pub started: Date,
    /// How long it may take.
    pub allowance: Days,
    /// The times not counted.
    #[serde(default)]
    pub stops: Vec<Stop>,
    /// Days added after the allowance (延长, 行政许可法 第四十二条).
    #[serde(default)]
    pub extension: Option<Days>,
}

impl LegalClock {
    /// A clock without stops and extension.
    #[must_use]
    pub const fn new(started: Date, allowance: Days) -> Self {
        Self { started, allowance, stops: Vec::new(), extension: None }
    }

    /// The last day in time, or `None` while an open stop lies before it: a clock that stands has no due date.
    ///
    /// Working days always end on a worked day that is not stopped; natural days whose end is not such a day roll to
    /// the next one (民法典 第二百零三条).
    #[must_use]
    pub fn due(&self, cal: &WorkCalendar) -> Option<Due> {
        self.last_day(cal, &self.merged()).map(|day| cal.due(day))
    }

    /// The last day in time if the clock, standing at `day`, ran again from the day after; equal to [`Self::due`] for a
    /// clock without an open stop.
    #[must_use]
    pub fn due_if_resumed_after(&self, day: Date, cal: &WorkCalendar) -> Due {
        cal.due(self.last_day(cal, &self.clipped(day)).unwrap_or(Date::MAX))
    }

    /// How many days have been used up at the end of `at`, in the unit of the allowance.
    #[must_use]
    pub fn used(&self, at: Date, cal: &WorkCalendar) -> u32 {
        let stops = self.merged();
        let counted = days_after(self.started).take_while(|d| *d <= at);
        counted.map(|d| u32::from(counts(d, self.allowance, cal, &stops))).sum()
    }

    /// How many days are left at the end of `at`: zero on the last day, negative when it is over, unchanged while the
    /// clock stands. Days of the extension count one by one in their own unit.
    #[must_use]
    pub fn left(&self, at: Date, cal: &WorkCalendar) -> i32 {
        let stops = self.clipped(at);
        let due = self.last_day(cal, &stops).unwrap_or(Date::MAX);
        if at > due {
            let unit = self.extension.unwrap_or(self.allowance);
            let over = days_after(due).take_while(|d| *d <= at);
            return -over.map(|d| i32::from(counts(d, unit, cal, &stops))).sum::<i32>();
        }
        let mut left = self.phases().map(|p| i32::from(p.number()));
        for day in days_after(self.started).take_while(|d| *d <= at) {
            let Some(phase) = (0..2).find(|i| left[*i] > 0) else { break };
            left[phase] -= i32::from(counts(day, self.phases()[phase], cal, &stops));
        }
        left.iter().sum()
    }

    /// Whether the period is over: true from the day after the due day, never while an open stop keeps it from ending.
    #[must_use]
    pub fn is_over(&self, at: Date, cal: &WorkCalendar) -> bool {
        self.due(cal).is_some_and(|due| at > due.date)
    }

    /// Whether the clock runs on a day, that is, no stop holds it.
    #[must_use]
    pub fn is_running(&self, at: Date) -> bool {
        !self.stops.iter().any(|s| s.holds(at))
    }

    fn phases(&self) -> [Days; 2] {
        [self.allowance, self.extension.unwrap_or(Days::Working(0))]
    }

    /// The stops joined where they overlap or touch, in order; empty and backward ones dropped.
    fn merged(&self) -> Vec<Stop> {
        merge(self.stops.iter().copied())
    }

    /// The merged stops with open ones closed at the end of `at`, so that what is left can be counted.
    fn clipped(&self, at: Date) -> Vec<Stop> {
        let tomorrow = at.tomorrow().unwrap_or(at);
        merge(self.stops.iter().map(|s| Stop { until: s.until.or(Some(tomorrow)), ..*s }))
    }

    fn last_day(&self, cal: &WorkCalendar, stops: &[Stop]) -> Option<Date> {
        let mut day = self.started;
        for phase in self.phases() {
            if let Some(skip) = phase.number().checked_sub(1) {
                day = running_days(day, stops).filter(|d| counts(*d, phase, cal, stops)).nth(skip.into())?;
            }
        }
        let ends_well = |d: Date| cal.is_working(d) && !is_stopped(d, stops);
        if ends_well(day) || day == self.started && self.phases().iter().all(|p| p.number() == 0) {
            return Some(day);
        }
        running_days(day, stops).find(|d| ends_well(*d))
    }
}

/// The days after a day, ending where an open stop begins.
fn running_days(day: Date, stops: &[Stop]) -> impl Iterator<Item = Date> {
    let wall = stops.iter().find(|s| s.until.is_none()).map(|s| s.from);
    days_after(day).take_while(move |d| wall.is_none_or(|w| *d < w))
}

fn is_stopped(day: Date, stops: &[Stop]) -> bool {
    stops.iter().any(|s| s.holds(day))
}

fn counts(day: Date, unit: Days, cal: &WorkCalendar, stops: &[Stop]) -> bool {
    (!unit.is_working() || cal.is_working(day)) && !is_stopped(day, stops)
}

fn merge(stops: impl Iterator<Item = Stop>) -> Vec<Stop> {
    let mut sorted: Vec<Stop> = stops.filter(|s| s.until.is_none_or(|until| until > s.from)).collect();
    sorted.sort_by_key(|s| s.from);
    let mut merged: Vec<Stop> = Vec::with_capacity(sorted.len());
    for stop in sorted {
        match merged.last_mut() {
            Some(last) if last.until.is_none_or(|until| until >= stop.from) => {
                last.until = last.until.zip(stop.until).map(|(a, b)| a.max(b));
            }
            _ => merged.push(stop),
        }
    }
    merged
}

/// How long an organ has to tell an applicant everything that must be supplemented (行政许可法 第三十二条第一款第四项).
const NOTICE: u16 = 5;

/// The last day on which the applicant can be told once what is missing: five working days after the material came in.
#[must_use]
pub fn notice_due(received: Date, cal: &WorkCalendar) -> Due {
    cal.due(cal.add_working(received, NOTICE))
}

/// The day of acceptance when nothing was said in time: the day the material came in (行政许可法 第三十二条第一款第四项:
/// 逾期不告知的，自收到申请材料之日起即为受理). `None` while the organ can still speak on `today`.
#[must_use]
pub fn deemed_accepted(received: Date, today: Date, cal: &WorkCalendar) -> Option<Date> {
    (today > notice_due(received, cal).date).then_some(received)
}
