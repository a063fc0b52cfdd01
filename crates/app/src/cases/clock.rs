//! The limits of a case as a page shows them: used, left, due, standing, and how sure the date is.

use domain::cases::{Case, Limit, Status};
use domain::kernel::time::{Days, Due, WorkCalendar};
use jiff::civil::Date;

/// One limit on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LimitView {
    /// How long it may take.
    pub allowance: Days,
    /// Days added by the extension.
    pub extension: Option<Days>,
    /// Days used at the end of the day.
    pub used: u32,
    /// Days left at the end of the day; negative when late.
    pub left: i32,
    /// The last day in time; `None` while the clock stands.
    pub due: Option<Due>,
}

impl LimitView {
    fn of(limit: &Limit, today: Date, cal: &WorkCalendar) -> Self {
        Self {
            allowance: limit.clock.allowance,
            extension: limit.clock.extension,
            used: limit.clock.used(today, cal),
            left: limit.clock.left(today, cal),
            due: limit.due,
        }
    }
}

/// How near the due day is 到期情况.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Nearness {
    /// Past it 已超期.
    Late,
    /// It is today 今天到期.
    Today,
    /// At most three working days away 三天内到期.
    Soon,
    /// Later.
    Calm,
    /// The clock stands 停表.
    Standing,
    /// Nothing is left to do.
    Done,
}

impl Nearness {
    /// The word shown.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Late => "已超期",
            Self::Today => "今天到期",
            Self::Soon => "三个工作日内到期",
            Self::Calm => "期限内",
            Self::Standing => "暂停计时",
            Self::Done => "已结束",
        }
    }

    /// How near a due day is.
    #[must_use]
    pub fn of(due: Date, today: Date, cal: &WorkCalendar) -> Self {
        match due {
            due if due < today => Self::Late,
            due if due == today => Self::Today,
            due if due <= cal.add_working(today, 3) => Self::Soon,
            _ => Self::Calm,
        }
    }
}

/// The clocks of a case on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clock {
    /// The day.
    pub today: Date,
    /// The day people work against now.
    pub due: Option<Date>,
    /// How near it is.
    pub nearness: Nearness,
    /// The due day lies beyond the published calendar and may move.
    pub beyond_calendar: bool,
    /// 承诺办结时限.
    pub promised: Option<LimitView>,
    /// 法定办结时限.
    pub statutory: Option<LimitView>,
    /// 初审上报时限, until it is reported up.
    pub report_up: Option<LimitView>,
    /// The day of acceptance.
    pub accepted_on: Option<Date>,
}

impl Clock {
    /// Of a case on a day.
    #[must_use]
    pub fn of(case: &Case, today: Date, cal: &WorkCalendar) -> Self {
        let view = |limit: &Option<Limit>| limit.as_ref().map(|l| LimitView::of(l, today, cal));
        let due = case.due_day();
        let nearness = match due {
            Some(due) => Nearness::of(due, today, cal),
            None if case.status == Status::Suspended => Nearness::Standing,
            None => Nearness::Done,
        };
        Self {
            today,
            due,
            nearness,
            beyond_calendar: due.is_some_and(|day| cal.is_beyond(day)),
            promised: view(&case.limits.promised),
            statutory: view(&case.limits.statutory),
            report_up: view(&case.limits.report_up).filter(|_| case.reported_to.is_none()),
            accepted_on: case.accepted_on,
        }
    }

    /// `已用 3 个工作日，还剩 7 个工作日，2026 年 3 月 16 日前办结`; `None` before acceptance.
    #[must_use]
    pub fn sentence(&self) -> Option<String> {
        let limit = self.promised.as_ref().or(self.statutory.as_ref())?;
        let unit = if limit.allowance.is_working() { "个工作日" } else { "天" };
        let used = format!("已用 {} {unit}", limit.used);
        Some(match limit.due {
            None => format!("{used}，现在暂停计时，还剩 {} {unit}", limit.left),
            Some(due) if limit.left < 0 => {
                format!("{used}，应在 {}前办结，已超期 {} {unit}", in_words(due.date), limit.left.abs())
            }
            Some(due) => format!("{used}，还剩 {} {unit}，{}前办结", limit.left, in_words(due.date)),
        })
    }
}

/// A day as people say it: `2026 年 3 月 16 日`.
pub(super) fn in_words(day: Date) -> String {
    format!("{} 年 {} 月 {} 日", day.year(), day.month(), day.day())
}
