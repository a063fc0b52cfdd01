//! A case as one person sees it: everything a page shows, nothing that this person may not see.

use domain::cases::{Case, Event, Flag, Happened, Notice, Status, StopGround, Terms};
use domain::catalogue::Regime;
use domain::kernel::{CaseId, OrgId, StaffId, numbers::CaseNumber};
use jiff::civil::Date;
use store::{Tx, Work, journal};

use super::acting::{Moment, allowed};
use super::case_view::{CaseView, MaterialView, NoticeView, Sibling, StepView, StopGroundView};
use super::clock::Clock;
use super::reactions::expected_end;
use super::timeline::{self, Depth};
use super::{
    ActError, Answer, By, CaseRecord, Party, SealedAttachment, attachments, party, receiver, sql, trust,
};
use crate::Ctx;
use crate::city::City;
use crate::run::Aggregate;

/// How many events a page tells at most.
const EVENTS: u32 = 2000;

struct Read {
    id: CaseId,
    /// With the files it names.
    files: bool,
}

struct Found {
    record: CaseRecord,
    events: Vec<Event>,
    party: Vec<u8>,
    form: Vec<u8>,
    receiver: Option<Vec<u8>>,
    siblings: Vec<Sibling>,
    files: Vec<SealedAttachment>,
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
        let siblings = tx.all(sql::SIBLINGS, &[application.into(), self.id.uuid().into()]).await?;
        let files = if self.files { attachments::named_by(tx, &events).await? } else { Vec::new() };
        let trusted = trust::is_trusted(tx, &record.case).await?;
        let receiver = receiver::sealed(tx, &events).await?;
        Ok(Some(Found { record, events, party, form, receiver, siblings, files, trusted }))
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
    let read = Read { id, files: depth(by) >= Depth::Told };
    let found = ctx.db.read(read).await?.ok_or(ActError::Absent)?;
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

/// The applicant and what the form says, with personal data masked.
fn masked(ctx: &Ctx, party: &[u8], form: &[u8]) -> Result<(Party, Vec<Answer>), ActError> {
    let answers = party::open_form(ctx, form)?.iter().map(Answer::masked).collect();
    Ok((party::open_party(ctx, party)?.masked(), answers))
}

fn draw(ctx: &Ctx, city: &City, found: Found, by: &By) -> Result<CaseView, ActError> {
    let Found { record, events, party: sealed, form, receiver: sealed_receiver, siblings, files, trusted } =
        found;
    let case = &record.case;
    let submission = case.submission.as_ref().ok_or(ActError::Absent)?;
    let terms = &submission.terms;
    let depth = depth(by);
    let told = if depth >= Depth::Told { Some(masked(ctx, &sealed, &form)?) } else { None };
    let (party, answers) = told.unzip();
    let receiver = sealed_receiver.filter(|_| depth >= Depth::Told).map(|note| receiver::open(ctx, &note));
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
        answers: answers.unwrap_or_default(),
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
        extension_request: extension_request(case, depth),
        document_no: case.document_no.clone().filter(|_| depth >= Depth::Told),
        valid_until: case.valid_until.filter(|_| depth >= Depth::Told),
        receiver: receiver.transpose()?.map(|receiver| receiver.masked()),
        stop_grounds: if depth == Depth::All { stop_grounds(terms) } else { Vec::new() },
        deliver_by: case.deliver_by,
        keep_until: case.keep_until,
        flags: match depth {
            Depth::All => flags(case, &clock, overdue_stop(case, &events, &clock, city)),
            _ => Vec::new(),
        },
        unconfirmed: terms.unconfirmed.clone(),
        siblings: if depth >= Depth::Told { siblings } else { Vec::new() },
        files: files.into_iter().map(|file| file.open(ctx)).collect::<Result<_, _>>()?,
        trusted,
        clock,
    })
}

fn stop_grounds(terms: &Terms) -> Vec<StopGroundView> {
    let named = |ground: StopGround| StopGroundView { label: ground.label(Some(terms)).to_owned(), ground };
    StopGround::all(terms).into_iter().map(named).collect()
}

fn extension_request(case: &Case, depth: Depth) -> Option<(StaffId, String)> {
    let request = case.extension_request.as_ref().filter(|_| depth == Depth::All)?;
    Some((request.requester, request.reason.clone()))
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

/// The codes of what came in with the latest supplement, 补正 or 容缺.
fn supplied(events: &[Event]) -> Vec<String> {
    let latest = events.iter().rev().find_map(|event| match &event.what {
        Happened::Resubmitted { materials, .. } | Happened::DeferredSupplied { materials } => Some(materials),
        _ => None,
    });
    latest.into_iter().flatten().map(|handed| handed.code.clone()).collect()
}

fn materials(case: &Case, events: &[Event]) -> Vec<MaterialView> {
    let reasons = if case.status == Status::Correcting { asked(events) } else { Vec::new() };
    let supplied = supplied(events);
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
            supplied: supplied.contains(&m.code),
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

/// The running special procedure has taken longer than the applicant was told.
fn overdue_stop(case: &Case, events: &[Event], clock: &Clock, city: &City) -> bool {
    case.status == Status::Suspended
        && expected_end(events, &city.calendar).is_some_and(|end| end < clock.today)
}

fn flags(case: &Case, clock: &Clock, overdue_stop: bool) -> Vec<String> {
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
    if overdue_stop {
        flags.push("特别程序超过预计时间".to_owned());
    }
    flags
}
