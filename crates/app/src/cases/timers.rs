//! What happens to a case by the passing of time: acceptance by silence, reminders, the archive, and due days counted anew
//! after a change of the calendar.

use domain::cases::{Command, Status};
use domain::kernel::{CaseId, time::legal_day};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::jobs::{self, Job};
use store::{Tx, Work};
use uuid::Uuid;

use super::reactions::{letter, put};
use super::{ActError, CaseRecord, act_as_system, find, sql};
use crate::Ctx;
use crate::org::Recount;

/// Five working days without a word: the law accepts (行政许可法 第三十二条).
pub const SILENCE: &str = "case_silence";
/// Somebody is reminded of a day.
pub const REMIND: &str = "case_remind";
/// A closed case goes to the archive.
pub const ARCHIVE: &str = "case_archive";
/// A closed case is archived so many days after it was closed, if nobody did it by hand.
pub(super) const ARCHIVE_AFTER_DAYS: i64 = 30;

/// Of what somebody is reminded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Reminder {
    SupplementDue,
    SupplementLate,
    DeferralDue,
    DeferralLate,
    ResumeDue,
}

impl Reminder {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::SupplementDue => "supplement_due",
            Self::SupplementLate => "supplement_late",
            Self::DeferralDue => "deferral_due",
            Self::DeferralLate => "deferral_late",
            Self::ResumeDue => "resume_due",
        }
    }

    /// Whether it still concerns the case as it stands.
    fn holds(self, record: &CaseRecord) -> bool {
        match self {
            Self::SupplementDue | Self::SupplementLate => record.case.status == Status::Correcting,
            Self::DeferralDue | Self::DeferralLate => {
                record.case.deferral.is_some() && !record.case.status.is_closed()
            }
            Self::ResumeDue => record.case.status == Status::Suspended,
        }
    }

    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::SupplementDue => ("今天是补正的最后一天", "请在今天补交；有困难请联系受理窗口。"),
            Self::SupplementLate => ("补正期限已过", "请尽快补交；一直不补，申请可能被终止。"),
            Self::DeferralDue => ("今天是补交容缺材料的最后一天", "请在今天补交，否则不能发放结果。"),
            Self::DeferralLate => ("容缺材料期限已过", "请尽快补交；一直不补，办理可能被终止。"),
            Self::ResumeDue => ("特别程序预计今天结束", "请登记结果并恢复计时；还没有结束的，请告知申请人。"),
        }
    }
}

/// The body of a job of these queues.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct TimerBody {
    pub(super) case: CaseId,
    #[serde(default)]
    pub(super) about: Option<Reminder>,
}

impl TimerBody {
    pub(super) fn json(&self) -> store::Result<String> {
        serde_json::to_string(self).map_err(|e| store::Error::Other(e.to_string()))
    }

    fn of(job: &Job) -> store::Result<Self> {
        let corrupt = |e| store::Error::Corrupt(format!("the body of job {}: {e}", job.id));
        serde_json::from_str(&job.body).map_err(corrupt)
    }
}

/// The end of a job, in a transaction of its own after its effects.
struct Finish {
    job: Job,
    now: Timestamp,
    /// Set anew for then, because the day was moved.
    again: Option<Timestamp>,
}

impl Work for Finish {
    type Out = ();
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<()> {
        jobs::done(tx, &self.job, self.now).await?;
        match self.again {
            Some(at) => jobs::set(tx, &self.job.queue, &self.job.key, &self.job.body, at).await,
            None => Ok(()),
        }
    }
}

async fn finish(ctx: &Ctx, job: &Job, again: Option<Timestamp>) -> store::Result<()> {
    ctx.db.write(Finish { job: job.clone(), now: ctx.now(), again }).await
}

/// A refusal by the law means that it need not be done any more.
fn settled(done: Result<CaseRecord, ActError>) -> store::Result<()> {
    match done {
        Ok(_) | Err(ActError::Refused(_) | ActError::Absent) => Ok(()),
        // Somebody acted at the same instant: the timer comes again and looks anew.
        Err(ActError::Stale(_)) => Err(store::Error::Conflict("the case moved on".into())),
        Err(ActError::Store(e)) => Err(e),
        Err(e @ ActError::Number(_)) => Err(store::Error::Other(e.to_string())),
    }
}

fn trace(job: &Job) -> String {
    format!("job:{}", job.id)
}

/// Runs a timer of [`SILENCE`].
///
/// # Errors
/// When it is to be tried again.
pub async fn run_silence(ctx: &Ctx, job: &Job) -> store::Result<()> {
    let body = TimerBody::of(job)?;
    let waiting = find(&ctx.db, body.case).await?.filter(|record| {
        matches!(record.case.status, Status::Submitted | Status::Received) && record.case.came_in.is_some()
    });
    if let Some(record) = waiting {
        let came_in = record.case.came_in.unwrap_or_else(|| legal_day(record.submitted_at));
        let due = domain::kernel::time::notice_due(came_in, &ctx.city().calendar).date;
        if legal_day(ctx.now()) <= due {
            // The calendar has changed since the timer was set: the authority may still speak.
            let next = due.tomorrow().map_or(Timestamp::MAX, domain::kernel::time::day_start);
            return finish(ctx, job, Some(next)).await;
        }
        settled(act_as_system(ctx, body.case, Command::DeemAccepted, &trace(job)).await)?;
    }
    finish(ctx, job, None).await
}

/// Runs a timer of [`ARCHIVE`].
///
/// # Errors
/// When it is to be tried again.
pub async fn run_archive(ctx: &Ctx, job: &Job) -> store::Result<()> {
    let body = TimerBody::of(job)?;
    settled(act_as_system(ctx, body.case, Command::Archive, &trace(job)).await)?;
    finish(ctx, job, None).await
}

struct Remind {
    job: Job,
    case: CaseId,
    about: Reminder,
    ids: [Uuid; 8],
    now: Timestamp,
}

impl Work for Remind {
    type Out = ();
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<()> {
        let record: Option<CaseRecord> = tx.opt(sql::CASE_BY_ID, &[self.case.uuid().into()]).await?;
        if let Some(record) = record.filter(|record| self.about.holds(record)) {
            let (title, what) = self.about.words();
            let item = record.case.terms().map(|t| t.item_name.clone()).unwrap_or_default();
            let (title, body) = (format!("{item}：{title}"), letter(&record, &[what.to_owned()]));
            for (id, person) in self.ids.iter().zip(self.persons(&record)) {
                let origin = format!("{}/{}/{person}", self.about.as_str(), self.job.key);
                put(tx, *id, person, self.case, &origin, &title, &body, self.now).await?;
            }
        }
        jobs::done(tx, &self.job, self.now).await
    }
}

impl Remind {
    /// Those who hold the steps, for what staff have to do; otherwise the applicant.
    fn persons(&self, record: &CaseRecord) -> Vec<Uuid> {
        if self.about == Reminder::ResumeDue {
            return record.case.work().into_iter().filter_map(|w| w.holder).map(|id| id.uuid()).collect();
        }
        record.case.submission.iter().map(|s| s.applicant.person().uuid()).collect()
    }
}

/// Runs a timer of [`REMIND`].
///
/// # Errors
/// When it is to be tried again.
pub async fn run_reminder(ctx: &Ctx, job: &Job) -> store::Result<()> {
    let body = TimerBody::of(job)?;
    let Some(about) = body.about else { return finish(ctx, job, None).await };
    let ids = std::array::from_fn(|_| ctx.new_uuid());
    ctx.db.write(Remind { job: job.clone(), case: body.case, about, ids, now: ctx.now() }).await
}

/// Counts the due days of all open cases anew after a change of the calendar, each journaled in its case. Doing it again
/// finds nothing to move.
///
/// # Errors
/// When it is to be tried again; what was counted by then stays.
pub async fn run_recount(ctx: &Ctx, job: &Job) -> store::Result<()> {
    let recount: Recount = serde_json::from_str(&job.body)
        .map_err(|e| store::Error::Corrupt(format!("the body of job {}: {e}", job.id)))?;
    crate::org::refresh(ctx).await?;
    let moved = super::effect::moved_cases(&ctx.db, &ctx.city().calendar).await?;
    for case in moved {
        let command = Command::RecomputeDue { notice: recount.notice.clone() };
        settled(act_as_system(ctx, case, command, &trace(job)).await)?;
    }
    finish(ctx, job, None).await
}
