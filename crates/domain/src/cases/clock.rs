//! The limits of a case: promised, statutory and report-up, all started, stopped and extended together.

use super::terms::Terms;
use crate::catalogue::Regime;
use crate::kernel::time::{Days, Due, LegalClock, Stop, WorkCalendar};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The longest time for the lower organ's review: 20 working days from acceptance (行政许可法 第四十三条).
pub const REPORT_UP_LIMIT: Days = Days::Working(20);

/// One limit with the due day that was last told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    /// The period.
    pub clock: LegalClock,
    /// The last day in time as recorded; `None` while the clock stands.
    pub due: Option<Due>,
}

/// The limits that run in a case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// 承诺办结时限.
    #[serde(default)]
    pub promised: Option<Limit>,
    /// 法定办结时限.
    #[serde(default)]
    pub statutory: Option<Limit>,
    /// 初审上报时限.
    #[serde(default)]
    pub report_up: Option<Limit>,
}

/// The due days of the limits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dues {
    /// Of the promise.
    #[serde(default)]
    pub promised: Option<Due>,
    /// Of the law.
    #[serde(default)]
    pub statutory: Option<Due>,
    /// Of reporting up.
    #[serde(default)]
    pub report_up: Option<Due>,
}

impl Limits {
    /// The limits of a case accepted on that day.
    #[must_use]
    pub fn started(terms: &Terms, on: Date, cal: &WorkCalendar) -> Self {
        let limit = |days: Days| {
            let clock = LegalClock::new(on, days);
            Limit { due: clock.due(cal), clock }
        };
        let report_up =
            (terms.regime == Regime::ReportUp).then(|| terms.report_up.unwrap_or(REPORT_UP_LIMIT));
        Self {
            promised: terms.promised.map(limit),
            statutory: terms.statutory.map(limit),
            report_up: report_up.map(limit),
        }
    }

    /// The limit people work against: the promise, or the law where nothing is promised.
    #[must_use]
    pub fn leading(&self) -> Option<&Limit> {
        self.promised.as_ref().or(self.statutory.as_ref())
    }

    /// The due days as recorded.
    #[must_use]
    pub fn dues(&self) -> Dues {
        let of = |l: &Option<Limit>| l.as_ref().and_then(|l| l.due);
        Dues { promised: of(&self.promised), statutory: of(&self.statutory), report_up: of(&self.report_up) }
    }

    /// The due days counted anew with a calendar.
    #[must_use]
    pub fn counted(&self, cal: &WorkCalendar) -> Dues {
        self.each(|clock| clock.due(cal))
    }

    /// The due days if a clock that stands ran again from `day`.
    #[must_use]
    pub fn if_resumed_on(&self, day: Date, cal: &WorkCalendar) -> Dues {
        let eve = day.yesterday().unwrap_or(day);
        self.each(|clock| Some(clock.due_if_resumed_after(eve, cal)))
    }

    /// Days left of the leading limit at the end of a day; negative when late.
    #[must_use]
    pub fn left(&self, at: Date, cal: &WorkCalendar) -> Option<i32> {
        self.leading().map(|l| l.clock.left(at, cal))
    }

    /// Days used of the leading limit at the end of a day.
    #[must_use]
    pub fn used(&self, at: Date, cal: &WorkCalendar) -> Option<u32> {
        self.leading().map(|l| l.clock.used(at, cal))
    }

    /// The stops so far (the same for each limit).
    #[must_use]
    pub fn stops(&self) -> &[Stop] {
        [&self.promised, &self.statutory, &self.report_up]
            .into_iter()
            .flatten()
            .next()
            .map_or(&[], |l| l.clock.stops.as_slice())
    }

    pub(super) fn stop(&mut self, from: Date) {
        for limit in self.all() {
            limit.clock.stops.push(Stop { from, until: None });
            limit.due = None;
        }
    }

    pub(super) fn go_on(&mut self, on: Date) {
        for stop in self.all().flat_map(|l| &mut l.clock.stops) {
            stop.until.get_or_insert(on);
        }
    }

    pub(super) fn extend(&mut self, days: Days) {
        for limit in [&mut self.promised, &mut self.statutory].into_iter().flatten() {
            limit.clock.extension = Some(days);
        }
    }

    pub(super) fn record(&mut self, dues: Dues) {
        for (limit, due) in [
            (&mut self.promised, dues.promised),
            (&mut self.statutory, dues.statutory),
            (&mut self.report_up, dues.report_up),
        ] {
            if let Some(limit) = limit {
                limit.due = due;
            }
        }
    }

    fn each(&self, count: impl Fn(&LegalClock) -> Option<Due>) -> Dues {
        let of = |l: &Option<Limit>| l.as_ref().and_then(|l| count(&l.clock));
        Dues { promised: of(&self.promised), statutory: of(&self.statutory), report_up: of(&self.report_up) }
    }

    fn all(&mut self) -> impl Iterator<Item = &mut Limit> {
        [&mut self.promised, &mut self.statutory, &mut self.report_up].into_iter().flatten()
    }
}
