//! A case as one person sees it: everything a page shows, nothing that this person may not see.

use domain::cases::{
    Action, Applicant, Case, Channel, Event, Flag, Happened, Notice, Status, Unconfirmed, WorkKind,
};
use domain::catalogue::Regime;
use domain::kernel::{ApplicationId, CaseId, FileId, ItemId, OrgId, StaffId, numbers::CaseNumber, time::Due};
use jiff::{Timestamp, civil::Date};
use store::{Tx, Work, journal};

use super::acting::{Moment, allowed};
use super::clock::Clock;
use super::timeline::{self, Depth, TimelineEntry};
use super::{ActError, Answer, By, CaseRecord, Party, party, sql, trust};
use crate::Ctx;
use crate::city::City;
use crate::run::Aggregate;

/// How many events a page tells at most.
const EVENTS: u32 = 2000;

/// One material of the case.
#[derive(Debug, Clone)]
pub struct MaterialView {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The case is not complete without it.
    pub required: bool,
    /// May follow after acceptance 可容缺.
    pub deferrable: bool,
    /// The organ looks it up itself 数据共享.
    pub shared: bool,
    /// It is in hand.
    pub present: bool,
    /// Paper copies taken in.
    pub paper: u16,
    /// Stored pages, in order.
    pub files: Vec<FileId>,
    /// What the latest notice asks about it, while it waits.
    pub asked: Option<String>,
}

/// One step of the review.
#[derive(Debug, Clone)]
pub struct StepView {
    /// Its number.
    pub no: usize,
    /// Its name.
    pub name: String,
    /// Who does it.
    pub org: OrgId,
    /// Its name.
    pub org_name: String,
    /// It is the decision itself.
    pub decides: bool,
    /// The day it opened.
    pub opened: Option<Date>,
    /// Who holds it.
    pub holder: Option<StaffId>,
    /// Who passed it.
    pub passed_by: Option<StaffId>,
    /// The finding, once passed; staff only.
    pub favourable: Option<bool>,
    /// It can be worked on now.
    pub open: bool,
    /// Its own last day.
    pub due: Option<Due>,
}

/// The one notice of what must be supplemented.
#[derive(Debug, Clone)]
pub struct NoticeView {
    /// Material and reason.
    pub items: Vec<(String, String)>,
    /// Last day.
    pub until: Date,
    /// It waits for the applicant now.
    pub waiting: bool,
}

/// Another case of the same application 一件事.
#[derive(Debug, Clone)]
pub struct Sibling {
    /// Which.
    pub id: CaseId,
    /// Its number, to read.
    pub number: String,
    /// Its item.
    pub item_name: String,
    /// Where it stands.
    pub status: Status,
}

/// A case as one person sees it.
#[derive(Debug, Clone)]
pub struct CaseView {
    /// Which.
    pub id: CaseId,
    /// How many events it has; every form that changes it carries this.
    pub version: i64,
    /// The number to store and scan.
    pub number: String,
    /// The number to read: `260315 001234 7`.
    pub number_read: String,
    /// 办件编号 for exchange.
    pub exchange_number: String,
    /// The application it belongs to.
    pub application: ApplicationId,
    /// Whose it is.
    pub applicant: Applicant,
    /// The item.
    pub item: ItemId,
    /// Its name at the version the case was submitted under.
    pub item_name: String,
    /// 实施编码.
    pub item_code: String,
    /// How it is carried out.
    pub regime: Regime,
    /// How it came in.
    pub channel: Channel,
    /// Where it stands.
    pub status: Status,
    /// What it waits for, each with the organisation's name.
    pub waits: Vec<(WorkKind, String)>,
    /// Who applied, masked; `None` for somebody with the query code only.
    pub party: Option<Party>,
    /// The form as it was answered, personal answers masked.
    pub answers: Vec<Answer>,
    /// 受理单位.
    pub accepting: OrgId,
    /// Its name.
    pub accepting_name: String,
    /// When it was submitted.
    pub submitted_at: Timestamp,
    /// The limits.
    pub clock: Clock,
    /// The story, oldest first.
    pub timeline: Vec<TimelineEntry>,
    /// What this person can do now.
    pub actions: Vec<Action>,
    /// Where the case goes up to, for 上报.
    pub organ_above: Option<OrgId>,
    /// The materials in order.
    pub materials: Vec<MaterialView>,
    /// The steps in order.
    pub steps: Vec<StepView>,
    /// The notices so far.
    pub notices: Vec<NoticeView>,
    /// 容缺 still open: names and last day.
    pub deferred: Option<(Vec<String>, Date)>,
    /// A wish for extension that waits: who and why.
    pub extension_request: Option<(StaffId, String)>,
    /// 文号.
    pub document_no: Option<String>,
    /// Last day to deliver.
    pub deliver_by: Option<Due>,
    /// May be destroyed after this day, once archived.
    pub keep_until: Option<Date>,
    /// Things to look at, in words; staff only.
    pub flags: Vec<String>,
    /// Parts of the terms that are examples until a department confirms them.
    pub unconfirmed: Vec<Unconfirmed>,
    /// The other cases of the application.
    pub siblings: Vec<Sibling>,
    /// The applicant may use 容缺 and 告知承诺.
    pub trusted: bool,
}

struct Read {
    id: CaseId,
}

struct Found {
    record: CaseRecord,
    events: Vec<Event>,
    party: Vec<u8>,
    form: Vec<u8>,
    siblings: Vec<CaseRecord>,
    trusted: bool,
}

impl Work for Read {
    type Out = Option<Found>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Option<Found>> {
        let Some(record) = tx.opt::<CaseRecord>(sql::CASE_BY_ID, &[self.id.uuid().into()]).await? else {
            return Ok(None);
        };
        let Some(submission) = &record.case.submission else { return Ok(None) };
        let application = submission.application.uuid();
        let events = events(tx, self.id).await?;
        let (party, form): (Vec<u8>, Vec<u8>) = tx.one(sql::APPLICATION, &[application.into()]).await?;
        let siblings = tx.all(sql::CASES_OF_APPLICATION, &[application.into()]).await?;
        let trusted = trust::is_trusted(tx, &record.case).await?;
        Ok(Some(Found { record, events, party, form, siblings, trusted }))
    }
}

/// The events of a case, oldest first.
pub(super) async fn events(tx: &Tx, id: CaseId) -> store::Result<Vec<Event>> {
    let stream = journal::Stream { kind: CaseRecord::STREAM, id: id.uuid() };
    let entries = journal::read(tx, stream, 0, EVENTS).await?;
    let parse = |body: &str| {
        serde_json::from_str(body).map_err(|e| store::Error::Corrupt(format!("an event of case {id}: {e}")))
    };
    entries.iter().map(|entry| parse(&entry.event.body_json)).collect()
}

/// The case as this person sees it.
///
/// # Errors
/// [`ActError::Absent`] when there is none or not for this person; [`ActError::Store`].
pub async fn view(ctx: &Ctx, id: CaseId, by: &By) -> Result<CaseView, ActError> {
    let found = ctx.db.read(Read { id }).await?.ok_or(ActError::Absent)?;
    let city = ctx.city();
    if !by.may_see(&found.record, &city) {
        return Err(ActError::Absent);
    }
    draw(ctx, &city, found, by)
}

const fn depth(by: &By) -> Depth {
    match by {
        By::Staff(_) | By::System => Depth::All,
        By::Citizen(_) => Depth::Told,
        By::Code => Depth::Titles,
    }
}

fn draw(ctx: &Ctx, city: &City, found: Found, by: &By) -> Result<CaseView, ActError> {
    let Found { record, events, party: sealed, form, siblings, trusted } = found;
    let case = &record.case;
    let submission = case.submission.as_ref().ok_or(ActError::Absent)?;
    let terms = &submission.terms;
    let depth = depth(by);
    let (party, answers) = if depth >= Depth::Told {
        let party = party::open_party(ctx, &sealed)?.masked();
        let answers = party::open_form(ctx, &form)?.iter().map(Answer::masked).collect();
        (Some(party), answers)
    } else {
        (None, Vec::new())
    };
    let moment = Moment::now(ctx, "");
    let facts = |actor| moment.facts(actor, city, trusted);
    let name = |org: OrgId| city.org(org).map(|o| o.name.clone()).unwrap_or_default();
    let clock = Clock::of(case, domain::kernel::time::legal_day(ctx.now()), &city.calendar);
    Ok(CaseView {
        id: record.id,
        version: record.version,
        number_read: read_number(&record.number),
        number: record.number.clone(),
        exchange_number: record.exchange_number.clone(),
        application: submission.application,
        applicant: submission.applicant,
        item: terms.item,
        item_name: terms.item_name.clone(),
        item_code: terms.item_code.clone(),
        regime: terms.regime,
        channel: submission.channel,
        status: case.status,
        waits: case.work().into_iter().map(|w| (w.kind, name(w.org))).collect(),
        party,
        answers,
        accepting: submission.org,
        accepting_name: name(submission.org),
        submitted_at: record.submitted_at,
        timeline: events.iter().map(|event| timeline::entry(event, case, city, depth)).collect(),
        actions: allowed(case, &by.actors(&record, city), &facts),
        organ_above: case.organ_above().filter(|_| terms.regime == Regime::ReportUp),
        materials: if depth >= Depth::Told { materials(case, &events) } else { Vec::new() },
        steps: if depth >= Depth::Told { steps(case, city, depth) } else { Vec::new() },
        notices: notices(case, &events, depth),
        deferred: case.deferral.as_ref().map(|d| (named(case, &d.missing), d.until)),
        extension_request: case
            .extension_request
            .as_ref()
            .filter(|_| depth == Depth::All)
            .map(|request| (request.requester, request.reason.clone())),
        document_no: case.document_no.clone().filter(|_| depth >= Depth::Told),
        deliver_by: case.deliver_by,
        keep_until: case.keep_until,
        flags: if depth == Depth::All { flags(case, &clock) } else { Vec::new() },
        unconfirmed: terms.unconfirmed.clone(),
        siblings: if depth >= Depth::Told { others(&record, &siblings) } else { Vec::new() },
        trusted,
        clock,
    })
}

/// The number as people read it.
#[must_use]
pub fn read_number(number: &str) -> String {
    number.parse::<CaseNumber>().map_or_else(|_| number.to_owned(), |n| n.grouped())
}

fn named(case: &Case, codes: &[String]) -> Vec<String> {
    codes.iter().map(|code| timeline::material(case, code)).collect()
}

/// The reasons of the latest notice, by material.
fn asked(events: &[Event]) -> Vec<(String, String)> {
    let items = events.iter().rev().find_map(|event| match &event.what {
        Happened::CorrectionAsked { items, .. } => Some(items),
        _ => None,
    });
    items.into_iter().flatten().map(|item| (item.code.clone(), item.reason.clone())).collect()
}

fn materials(case: &Case, events: &[Event]) -> Vec<MaterialView> {
    let reasons = if case.status == Status::Correcting { asked(events) } else { Vec::new() };
    let terms = case.terms().map_or(&[][..], |t| &t.materials);
    let view = |m: &domain::cases::MaterialTerms| {
        let handed = case.materials.iter().find(|h| h.code == m.code);
        MaterialView {
            code: m.code.clone(),
            name: m.name.clone(),
            required: m.required,
            deferrable: m.deferrable,
            shared: m.shared,
            present: case.has(&m.code),
            paper: handed.map_or(0, |h| h.paper),
            files: handed.map(|h| h.files.clone()).unwrap_or_default(),
            asked: reasons.iter().find(|(code, _)| *code == m.code).map(|(_, reason)| reason.clone()),
        }
    };
    terms.iter().map(view).collect()
}

fn steps(case: &Case, city: &City, depth: Depth) -> Vec<StepView> {
    let deciding = case.terms().and_then(domain::cases::Terms::deciding_step);
    let open = case.open_steps();
    let staff_only = depth == Depth::All;
    let view = |no: usize| {
        let (terms, state) = case.step(no)?;
        Some(StepView {
            no,
            name: terms.name.clone(),
            org: terms.org,
            org_name: city.org(terms.org).map(|o| o.name.clone()).unwrap_or_default(),
            decides: deciding == Some(no),
            opened: state.opened,
            holder: state.holder.filter(|_| staff_only),
            passed_by: state.passed_by.filter(|_| staff_only),
            favourable: state.favourable.filter(|_| staff_only),
            open: case.status.is_under_review() && open.contains(&no),
            due: case.step_due(no, &city.calendar),
        })
    };
    (0..case.steps.len()).filter_map(view).collect()
}

fn notices(case: &Case, events: &[Event], depth: Depth) -> Vec<NoticeView> {
    let told = |event: &Event| match &event.what {
        Happened::CorrectionAsked { items, until, .. } => Some((items.clone(), *until)),
        _ => None,
    };
    let last = case.notices.len();
    let view = |(at, (items, until)): (usize, (Vec<domain::cases::ToCorrect>, Date))| NoticeView {
        items: items.into_iter().map(|i| (timeline::material(case, &i.code), i.reason)).collect(),
        until,
        waiting: case.status == Status::Correcting && at + 1 == last,
    };
    let shown = depth >= Depth::Told;
    events.iter().filter(|_| shown).filter_map(told).enumerate().map(view).collect()
}

fn flags(case: &Case, clock: &Clock) -> Vec<String> {
    let word = |flag: &Flag| match flag {
        Flag::SecondNotice => "补正告知超过一次",
        Flag::DeemedAccepted => "超期未告知，视为受理",
        Flag::BackEntry => "补录",
        Flag::GrantedAgainstReview => "有环节意见不同意，仍然准予",
    };
    let mut flags: Vec<String> = case.flags.iter().map(|flag| word(flag).to_owned()).collect();
    let late_supplement = |n: &Notice| case.status == Status::Correcting && n.until < clock.today;
    if case.notices.last().is_some_and(late_supplement) {
        flags.push("申请人逾期没有补正".to_owned());
    }
    if case.deferral.as_ref().is_some_and(|d| d.until < clock.today) {
        flags.push("容缺材料逾期没有补交".to_owned());
    }
    flags
}

fn others(own: &CaseRecord, all: &[CaseRecord]) -> Vec<Sibling> {
    let sibling = |r: &CaseRecord| Sibling {
        id: r.id,
        number: read_number(&r.number),
        item_name: r.case.terms().map(|t| t.item_name.clone()).unwrap_or_default(),
        status: r.case.status,
    };
    all.iter().filter(|r| r.id != own.id).map(sibling).collect()
}
