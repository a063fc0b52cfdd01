//! What follows from a change of a case once it is committed: the applicant is told, and the timers are set that its new
//! state needs. Doing it twice does it once.

use std::sync::Arc;

use domain::cases::{Case, Event, Happened, Status};
use domain::kernel::CaseId;
use domain::kernel::time::{Days, WorkCalendar, day_start};
use jiff::{Timestamp, ToSpan, civil::Date};
use serde::Deserialize;
use store::outbox::Message;
use store::{Tx, jobs};
use uuid::Uuid;

use super::timeline::{Depth, entry};
use super::timers::{ARCHIVE, ARCHIVE_AFTER_DAYS, REMIND, Reminder, SILENCE, TimerBody};
use super::{CaseRecord, read_number, sight, sql};
use crate::Ctx;
use crate::city::City;

/// Working days begin at nine; reminders come when somebody can act on them.
const MORNING_HOUR: i64 = 9;

/// What is told and timed after a change of a case.
pub struct Reaction {
    case: CaseId,
    /// The message is about the events after this one,
    after: usize,
    /// up to this one.
    version: usize,
    /// One id for each message that may be sent.
    ids: Vec<Uuid>,
    now: Timestamp,
    city: Arc<City>,
}

impl Reaction {
    /// Tells and times it; answers the events of the change.
    ///
    /// # Errors
    /// When the data cannot be read or written.
    pub async fn run(&self, tx: &Tx) -> store::Result<Vec<Event>> {
        let Some(record) = tx.opt::<CaseRecord>(sql::CASE_BY_ID, &[self.case.uuid().into()]).await? else {
            return Ok(Vec::new());
        };
        let mut events = sight::events(tx, self.case).await?;
        for (no, event) in events.iter().enumerate().take(self.version).skip(self.after) {
            self.tell(tx, &record, no, event).await?;
        }
        set_timers(tx, &record, &events, &self.city.calendar).await?;
        events.truncate(self.version);
        Ok(events.split_off(self.after.min(events.len())))
    }

    async fn tell(&self, tx: &Tx, record: &CaseRecord, no: usize, event: &Event) -> store::Result<()> {
        let Some(submission) = &record.case.submission else { return Ok(()) };
        let Some(id) = self.ids.get(no - self.after).filter(|_| is_told(&event.what)) else { return Ok(()) };
        let told = entry(event, &record.case, &self.city, Depth::Told);
        let person = submission.applicant.person().uuid();
        let title = format!("{}：{}", submission.terms.item_name, told.title);
        let body = letter(record, &told.details);
        put(tx, *id, person, record.id, &format!("event/{}", no + 1), &title, &body, self.now).await
    }
}

/// What is said below the title.
pub(super) fn letter(record: &CaseRecord, lines: &[String]) -> String {
    let number = format!("受理编号 {}", read_number(&record.number));
    lines.iter().cloned().chain([number]).collect::<Vec<_>>().join("\n")
}

/// Writes a message; the same origin of a case is told once.
#[expect(clippy::too_many_arguments, reason = "the columns of one row")]
pub(super) async fn put(
    tx: &Tx,
    id: Uuid,
    person: Uuid,
    case: CaseId,
    origin: &str,
    title: &str,
    body: &str,
    now: Timestamp,
) -> store::Result<()> {
    let case = case.uuid().into();
    let row = [id.into(), person.into(), case, origin.into(), title.into(), body.into(), now.into()];
    tx.exec(sql::ADD_MESSAGE, &row).await.map(drop)
}

/// What an applicant is told of; the inner steps of the authority are not among it.
const fn is_told(what: &Happened) -> bool {
    matches!(
        what,
        Happened::Submitted { .. }
            | Happened::CorrectionAsked { .. }
            | Happened::Accepted { .. }
            | Happened::NotRequired { .. }
            | Happened::Refused { .. }
            | Happened::Suspended { .. }
            | Happened::Resumed { .. }
            | Happened::Extended { .. }
            | Happened::DueRecomputed { .. }
            | Happened::Granted { .. }
            | Happened::Denied { .. }
            | Happened::ResultMade { .. }
            | Happened::Delivered { .. }
            | Happened::Terminated { .. }
    )
}

fn morning(day: Date) -> Timestamp {
    day_start(day).checked_add(MORNING_HOUR.hours()).unwrap_or(Timestamp::MAX)
}

fn after(day: Date) -> Timestamp {
    day.tomorrow().map_or(Timestamp::MAX, day_start)
}

/// Sets the timers that this state needs and takes out those that it does not need any more.
async fn set_timers(
    tx: &Tx,
    record: &CaseRecord,
    events: &[Event],
    calendar: &WorkCalendar,
) -> store::Result<()> {
    let (case, key) = (&record.case, record.id.to_string());
    let body = TimerBody { case: record.id, about: None }.json()?;
    match case.notice_due.filter(|_| matches!(case.status, Status::Submitted | Status::Received)) {
        Some(due) => jobs::set(tx, SILENCE, &key, &body, after(due.date)).await?,
        None => drop(jobs::cancel(tx, SILENCE, &key).await?),
    }
    for (reminder, at) in reminders(case, events, calendar) {
        let key = format!("{key}/{}/{at}", reminder.as_str());
        let body = TimerBody { case: record.id, about: Some(reminder) }.json()?;
        jobs::push(tx, REMIND, &key, &body, at).await?;
    }
    if case.status.is_closed() && case.status != Status::Archived {
        let at = case.last_at.and_then(|at| at.checked_add((ARCHIVE_AFTER_DAYS * 24).hours()).ok());
        jobs::push(tx, ARCHIVE, &key, &body, at.unwrap_or(Timestamp::MAX)).await?;
    }
    Ok(())
}

/// Whom to remind of what, and when.
fn reminders(case: &Case, events: &[Event], calendar: &WorkCalendar) -> Vec<(Reminder, Timestamp)> {
    let mut list = Vec::new();
    if let Some(notice) = case.notices.last().filter(|_| case.status == Status::Correcting) {
        list.push((Reminder::SupplementDue, morning(notice.until)));
        list.push((Reminder::SupplementLate, after(notice.until)));
    }
    if let Some(deferral) = &case.deferral {
        list.push((Reminder::DeferralDue, morning(deferral.until)));
        list.push((Reminder::DeferralLate, after(deferral.until)));
    }
    if case.status == Status::Suspended {
        list.extend(expected_end(events, calendar).map(|end| (Reminder::ResumeDue, morning(end))));
    }
    list
}

/// The day on which the running special procedure was expected to end.
pub(super) fn expected_end(events: &[Event], calendar: &WorkCalendar) -> Option<Date> {
    events.iter().rev().find_map(|event| match &event.what {
        Happened::Suspended { from, expected: Days::Working(n), .. } => Some(calendar.add_working(*from, *n)),
        Happened::Suspended { from, expected: Days::Natural(n), .. } => {
            Some(from.saturating_add(i64::from(*n).days()))
        }
        _ => None,
    })
}

/// What a message of a case says besides its key.
#[derive(Deserialize)]
struct Since {
    /// The version before the change; a message that does not say it is about everything.
    #[serde(default)]
    after: usize,
}

/// What follows from a message of the outbox about a case.
///
/// # Errors
/// When the message cannot be understood.
pub fn reaction(ctx: &Ctx, message: &Message) -> store::Result<Reaction> {
    let corrupt = || store::Error::Corrupt(format!("a message about the case {}", message.key));
    let (id, version) = message.key.split_once(':').ok_or_else(corrupt)?;
    let case: CaseId = id.parse().map_err(|_| corrupt())?;
    let version: usize = version.parse().map_err(|_| corrupt())?;
    let since: Since = serde_json::from_str(&message.body).map_err(|_| corrupt())?;
    let ids = (since.after..version).map(|_| ctx.new_uuid()).collect();
    Ok(Reaction { case, after: since.after, version, ids, now: ctx.now(), city: ctx.city() })
}
