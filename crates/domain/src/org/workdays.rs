//! Changes of the working-day calendar: notices 放假通知 entered by an administrator, each with its source, valid from
//! its entry until it is withdrawn. Of two notices about one day the later entry counts, as a second notice replaces
//! the first.

use super::office::{LONGEST_BASIS, fits};
use crate::kernel::time::{DayKind, WorkCalendar};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A notice is about days that lie at most this far behind the day of its entry.
const DAYS_BACK: i32 = 366;
/// And at most this far ahead.
const DAYS_AHEAD: i32 = 3 * 366;
/// The longest name of a holiday, in characters.
const LONGEST_HOLIDAY: usize = 20;

/// What a notice makes of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DayMeaning {
    /// 放假.
    Holiday,
    /// 上班.
    Workday,
    /// 平常: as the day of the week says.
    Ordinary,
}

impl DayMeaning {
    /// The word people use.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Holiday => "放假",
            Self::Workday => "上班",
            Self::Ordinary => "平常",
        }
    }
}

/// One day of a notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayChange {
    /// The day.
    pub date: Date,
    /// What it becomes.
    pub meaning: DayMeaning,
    /// The holiday it belongs to, e.g. 国庆节; may be empty for an ordinary day.
    pub name: String,
}

/// A notice as it was entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Its number here, from 1.
    pub no: u32,
    /// Name and number of the document, e.g. 国办发明电〔2025〕7 号.
    pub source: String,
    /// The day the document bears.
    pub issued_on: Date,
    /// The days it is about, in order.
    pub days: Vec<DayChange>,
    /// Valid since.
    pub entered_at: Timestamp,
    /// Valid no longer.
    pub withdrawn: Option<Withdrawal>,
}

/// A notice that counts no longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawal {
    /// Since when.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

/// All notices entered, in the order of entry.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workdays {
    /// The notices.
    pub notices: Vec<Notice>,
}

/// What an administrator wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WorkdaysCommand {
    /// Enter a notice.
    Enter {
        /// Name and number of the document.
        source: String,
        /// The day the document bears.
        issued_on: Date,
        /// The days it is about.
        days: Vec<DayChange>,
    },
    /// A notice was entered wrongly or has been replaced.
    Withdraw {
        /// Its number.
        no: u32,
        /// Why.
        reason: String,
    },
}

/// What happened to the calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkdaysEvent {
    /// When.
    pub at: Timestamp,
    /// What.
    #[serde(flatten)]
    pub what: WorkdaysChange,
}

/// What happened, by kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum WorkdaysChange {
    /// A notice counts from now on.
    NoticeEntered {
        /// Its number.
        no: u32,
        /// Name and number of the document.
        source: String,
        /// The day the document bears.
        issued_on: Date,
        /// The days it is about.
        days: Vec<DayChange>,
    },
    /// A notice counts no longer.
    NoticeWithdrawn {
        /// Its number.
        no: u32,
        /// Why.
        reason: String,
    },
}

impl WorkdaysEvent {
    /// The kind as stored beside the body.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self.what {
            WorkdaysChange::NoticeEntered { .. } => "notice_entered",
            WorkdaysChange::NoticeWithdrawn { .. } => "notice_withdrawn",
        }
    }

    /// The document behind it, of a notice that was entered.
    #[must_use]
    pub fn source(&self) -> Option<&str> {
        match &self.what {
            WorkdaysChange::NoticeEntered { source, .. } => Some(source),
            WorkdaysChange::NoticeWithdrawn { .. } => None,
        }
    }
}

/// Why a change of the calendar is refused, as a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WorkdaysRefusal {
    /// No source.
    SourceMissing,
    /// A source that is too long or cannot be printed.
    SourceUnfit,
    /// The document bears a day that has not come.
    IssuedInFuture,
    /// No days.
    NoDays,
    /// One day stands twice.
    Twice(Date),
    /// A day too far from today to be meant.
    FarAway(Date),
    /// A holiday or a worked weekend without its name.
    NameMissing(Date),
    /// A name that is too long or cannot be printed.
    NameUnfit(Date),
    /// There is no such notice, or it counts no longer.
    NoSuchNotice,
    /// No reason.
    ReasonMissing,
    /// A reason that is too long or cannot be printed.
    ReasonUnfit,
}

impl WorkdaysRefusal {
    /// The field of the form it speaks of; empty for the whole.
    #[must_use]
    pub const fn field(&self) -> &'static str {
        match self {
            Self::SourceMissing | Self::SourceUnfit => "source",
            Self::IssuedInFuture => "issued_on",
            Self::NoDays | Self::Twice(_) | Self::FarAway(_) | Self::NameMissing(_) | Self::NameUnfit(_) => {
                "days"
            }
            Self::ReasonMissing | Self::ReasonUnfit => "reason",
            Self::NoSuchNotice => "",
        }
    }
}

impl fmt::Display for WorkdaysRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SourceMissing => f.write_str("请填写通知的名称和文号，例如 国办发明电〔2025〕7 号"),
            Self::SourceUnfit => write!(f, "通知名称最多 {LONGEST_BASIS} 个字，不能换行，请改短一点"),
            Self::IssuedInFuture => f.write_str("成文日期不能在今天之后，请照通知上写的日期填"),
            Self::NoDays => f.write_str("请至少写一天，例如 2027-01-01 放假 元旦"),
            Self::Twice(day) => write!(f, "{day} 写了两遍，请只留一行"),
            Self::FarAway(day) => write!(f, "{day} 离今天太远，只能改前一年到后三年的日子，请核对年份"),
            Self::NameMissing(day) => write!(f, "{day} 没有写是哪个节日，请在后面补上，例如 春节"),
            Self::NameUnfit(day) => write!(f, "{day} 的节日名称最多 {LONGEST_HOLIDAY} 个字，请改短一点"),
            Self::NoSuchNotice => f.write_str("没有这份通知，或者它已经撤销，请刷新页面再看"),
            Self::ReasonMissing => f.write_str("请写明撤销的原因，例如 日期录错"),
            Self::ReasonUnfit => write!(f, "原因最多 {LONGEST_BASIS} 个字，不能换行，请改短一点"),
        }
    }
}

impl std::error::Error for WorkdaysRefusal {}

impl Workdays {
    /// What happens when an administrator wants this on the legal day `today`.
    ///
    /// # Errors
    /// Every reason against it.
    pub fn decide(
        &self,
        command: &WorkdaysCommand,
        at: Timestamp,
        today: Date,
    ) -> Result<Vec<WorkdaysEvent>, Vec<WorkdaysRefusal>> {
        let what = match command {
            WorkdaysCommand::Enter { source, issued_on, days } => {
                let against = against_notice(source.trim(), *issued_on, days, today);
                if !against.is_empty() {
                    return Err(against);
                }
                let mut days = days.clone();
                days.sort_by_key(|day| day.date);
                let no = self.notices.last().map_or(1, |last| last.no + 1);
                let source = source.trim().to_owned();
                WorkdaysChange::NoticeEntered { no, source, issued_on: *issued_on, days }
            }
            WorkdaysCommand::Withdraw { no, reason } => {
                let known = self.notices.iter().any(|n| n.no == *no && n.withdrawn.is_none());
                let against: Vec<_> = [
                    (!known, WorkdaysRefusal::NoSuchNotice),
                    (reason.trim().is_empty(), WorkdaysRefusal::ReasonMissing),
                    (!fits(reason.trim(), LONGEST_BASIS), WorkdaysRefusal::ReasonUnfit),
                ]
                .into_iter()
                .filter_map(|(holds, why)| holds.then_some(why))
                .collect();
                if !against.is_empty() {
                    return Err(against);
                }
                WorkdaysChange::NoticeWithdrawn { no: *no, reason: reason.trim().to_owned() }
            }
        };
        Ok(vec![WorkdaysEvent { at, what }])
    }

    /// What they are after the event.
    #[must_use]
    pub fn apply(mut self, event: &WorkdaysEvent) -> Self {
        match &event.what {
            WorkdaysChange::NoticeEntered { no, source, issued_on, days } => self.notices.push(Notice {
                no: *no,
                source: source.clone(),
                issued_on: *issued_on,
                days: days.clone(),
                entered_at: event.at,
                withdrawn: None,
            }),
            WorkdaysChange::NoticeWithdrawn { no, reason } => {
                if let Some(notice) = self.notices.iter_mut().find(|notice| notice.no == *no) {
                    notice.withdrawn = Some(Withdrawal { at: event.at, reason: reason.clone() });
                }
            }
        }
        self
    }

    /// The calendar with all valid notices laid over it.
    #[must_use]
    pub fn over(&self, base: &WorkCalendar) -> WorkCalendar {
        let valid = self.notices.iter().filter(|notice| notice.withdrawn.is_none());
        base.changed(valid.flat_map(|notice| &notice.days).map(|day| {
            let kind = match day.meaning {
                DayMeaning::Holiday => Some(DayKind::Holiday),
                DayMeaning::Workday => Some(DayKind::Workday),
                DayMeaning::Ordinary => None,
            };
            (day.date, kind.map(|kind| (kind, day.name.clone())))
        }))
    }

    /// The newest valid notice about a day.
    #[must_use]
    pub fn about(&self, day: Date) -> Option<&Notice> {
        let valid = self.notices.iter().rev().filter(|notice| notice.withdrawn.is_none());
        valid.into_iter().find(|notice| notice.days.iter().any(|change| change.date == day))
    }
}

fn against_notice(source: &str, issued_on: Date, days: &[DayChange], today: Date) -> Vec<WorkdaysRefusal> {
    let mut against: Vec<WorkdaysRefusal> = [
        (source.is_empty(), WorkdaysRefusal::SourceMissing),
        (!fits(source, LONGEST_BASIS), WorkdaysRefusal::SourceUnfit),
        (issued_on > today, WorkdaysRefusal::IssuedInFuture),
        (days.is_empty(), WorkdaysRefusal::NoDays),
    ]
    .into_iter()
    .filter_map(|(holds, why)| holds.then_some(why))
    .collect();
    for (n, day) in days.iter().enumerate() {
        let away = (day.date - today).get_days();
        if days[..n].iter().any(|other| other.date == day.date) {
            against.push(WorkdaysRefusal::Twice(day.date));
        } else if !(-DAYS_BACK..=DAYS_AHEAD).contains(&away) {
            against.push(WorkdaysRefusal::FarAway(day.date));
        } else if day.name.trim().is_empty() && day.meaning != DayMeaning::Ordinary {
            against.push(WorkdaysRefusal::NameMissing(day.date));
        } else if !fits(&day.name, LONGEST_HOLIDAY) {
            against.push(WorkdaysRefusal::NameUnfit(day.date));
        }
    }
    against
}
