//! Issuing papers after what happened to a case, and having them set.

use std::collections::HashSet;

use ::papers::{Kind, Paper};
use domain::cases::{Case, Delivery, Event as CaseEvent, Happened, apply};
use domain::kernel::{CaseId, OrgId};
use jiff::Timestamp;
use jiff::civil::Date;
use store::files::{self, Digest};
use store::journal::{self, Stamp, Stream};
use store::{Tx, Work};
use uuid::Uuid;

use super::code::Code;
use super::content::{Source, charges, write};
use super::record::{Event, Fact, Issued, PaperRecord, State, code_digest};
use super::{occasion, organ, sql};
use crate::cases::{self, CaseRecord};
use crate::city::City;
use crate::identity;
use crate::run::{Aggregate, commit};
use crate::{Ctx, web};

/// How many events of a case are read at a time.
const EVENTS: u32 = 500;

/// The papers of a case that were issued already, as the event and the kind of each.
type Done = HashSet<(i64, String)>;

struct History(CaseId);

impl Work for History {
    type Out = (Vec<CaseEvent>, Done);
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Self::Out> {
        let stream = Stream { kind: CaseRecord::STREAM, id: self.0.uuid() };
        let mut events = Vec::new();
        let mut after = 0;
        loop {
            let page = journal::read(tx, stream, after, EVENTS).await?;
            let Some(last) = page.last() else { break };
            after = last.seq;
            for envelope in &page {
                let event = serde_json::from_str(&envelope.event.body_json)
                    .map_err(|e| store::Error::Corrupt(format!("event {after} of case {}: {e}", self.0)))?;
                events.push(event);
            }
        }
        Ok((events, issued(tx, self.0).await?))
    }
}

async fn issued(tx: &Tx, case: CaseId) -> store::Result<Done> {
    Ok(tx.all::<(i64, String)>(sql::ISSUED_OF_CASE, &[case.uuid().into()]).await?.into_iter().collect())
}

/// A paper that waits for its number.
pub(super) struct Planned {
    pub id: Uuid,
    pub seq: i64,
    pub on: Date,
    pub code: Code,
    pub nonce: [u8; 12],
    pub numbering: Numbering,
    pub paper: Paper,
}

/// Where a document number 文号 comes from.
pub(super) enum Numbering {
    /// It was told with the event.
    Told(String),
    /// The next of the organisation, the kind and the year.
    Next { org: OrgId, word: String },
}

/// The next document number: `天宁区雕庄街道受〔2026〕12号`. Numbers of one organisation, kind and year begin at 1.
async fn next(tx: &Tx, org: OrgId, word: &str, kind: Kind, year: i16) -> store::Result<String> {
    let scope = format!("paper:{}:{org}:{year}", kind.as_str());
    let (last,): (i64,) = tx.one(sql::NEXT_NUMBER, &[(&scope).into()]).await?;
    Ok(format!("{word}{}〔{year}〕{last}号", kind.mark()))
}

pub(super) struct IssueAll {
    pub ctx: Ctx,
    pub case: CaseId,
    pub planned: Vec<Planned>,
    pub now: Timestamp,
}

impl IssueAll {
    async fn one(&self, tx: &Tx, plan: &Planned) -> store::Result<()> {
        let mut paper = plan.paper.clone();
        let (kind, title) = (paper.kind(), paper.title().to_owned());
        let org = match &plan.numbering {
            Numbering::Told(_) => None,
            Numbering::Next { org, .. } => Some(org.uuid()),
        };
        let number = match &plan.numbering {
            Numbering::Told(number) => number.clone(),
            Numbering::Next { org, word } => next(tx, *org, word, kind, plan.on.year()).await?,
        };
        let head = paper.head_mut();
        head.number.clone_from(&number);
        head.verify_code = plan.code.to_string();
        head.verify_url =
            format!("{}/verify/{}", self.ctx.site.url.trim_end_matches('/'), plan.code.as_str());
        let organ = head.organ.clone();
        let fresh = PaperRecord {
            id: plan.id,
            version: 0,
            code: plan.code.as_str().to_owned(),
            content: PaperRecord::seal(&self.ctx, &paper, plan.nonce)?,
            state: State::default(),
        };
        let code = Some(code_digest(&fresh.code));
        let what = Box::new(Issued {
            case: self.case,
            seq: plan.seq,
            kind,
            title,
            number,
            organ,
            on: plan.on,
            code,
        });
        commit(tx, fresh, &[Event { at: self.now, fact: Fact::Issued { what } }], &stamp(self.now, org))
            .await?;
        Ok(())
    }
}

impl Work for IssueAll {
    type Out = Vec<Uuid>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Vec<Uuid>> {
        let done = issued(tx, self.case).await?;
        let mut made = Vec::new();
        for plan in &self.planned {
            if !done.contains(&(plan.seq, plan.paper.kind().as_str().to_owned())) {
                self.one(tx, plan).await?;
                made.push(plan.id);
            }
        }
        Ok(made)
    }
}

fn stamp(now: Timestamp, org: Option<Uuid>) -> Stamp {
    Stamp { actor: "system".to_owned(), org, trace: String::new(), entered_at: now }
}

/// Issues every paper that the events of a case call for and that is not there yet: one of a kind for one event, however
/// often it is called. Answers the new ones, which [`make`] then has set. To be called after each change of a case.
///
/// # Errors
/// [`store::Error::NotFound`] when there is no such case; when data cannot be read or written.
pub async fn issue(ctx: &Ctx, case: CaseId) -> store::Result<Vec<Uuid>> {
    let record = cases::find(&ctx.db, case).await?.ok_or(store::Error::NotFound)?;
    let (events, done) = ctx.db.read(History(case)).await?;
    let city = ctx.city();
    let charged = |case: &Case| case.terms().is_some_and(|t| charges(city.item(t.item)).is_some());
    let (mut before, mut due) = (Case::default(), Vec::new());
    for (seq, event) in (1i64..).zip(&events) {
        let after = apply(before.clone(), event);
        for kind in occasion::papers(&event.what, charged(&after)) {
            if !done.contains(&(seq, kind.as_str().to_owned())) {
                due.push((seq, kind, before.clone(), after.clone(), event));
            }
        }
        before = after;
    }
    if due.is_empty() {
        return Ok(Vec::new());
    }
    let recipient = cases::party_of(ctx, &record).await?.name;
    let mut planned = Vec::new();
    for (seq, kind, before, after, event) in &due {
        let staff = staff_name(ctx, event).await?;
        let receiver = match &event.what {
            Happened::Delivered { how: Delivery::Window { receiver: Some(id), .. } } => {
                cases::find_receiver(ctx, *id).await?
            }
            _ => None,
        };
        let source = Source {
            city: &city,
            before,
            after,
            event,
            case_number: cases::read_number(&record.number),
            recipient: recipient.clone(),
            staff,
            receiver,
            demo: ctx.site.demo,
        };
        planned.extend(plan(ctx, &city, &source, *seq, *kind));
    }
    ctx.db.write(IssueAll { ctx: ctx.clone(), case, planned, now: ctx.now() }).await
}

fn plan(ctx: &Ctx, city: &City, source: &Source<'_>, seq: i64, kind: Kind) -> Option<Planned> {
    let paper = write(source, kind)?;
    let numbering = match (&source.event.what, source.organ()) {
        (Happened::Suspended { paper_no, .. }, _) => Numbering::Told(paper_no.clone()),
        (_, Some(org)) => Numbering::Next { org: org.id, word: organ::word(city, org) },
        (_, None) => Numbering::Next { org: OrgId(Uuid::nil()), word: String::new() },
    };
    let mut nonce = [0; 12];
    ctx.entropy.fill(&mut nonce);
    Some(Planned { id: ctx.new_uuid(), seq, on: source.day(), code: Code::new(ctx), nonce, numbering, paper })
}

async fn staff_name(ctx: &Ctx, event: &CaseEvent) -> store::Result<String> {
    let (Happened::Delivered { .. }, Some(id)) = (&event.what, event.by.staff()) else {
        return Ok(String::new());
    };
    Ok(identity::find(ctx, id).await?.map(|found| found.account.name).unwrap_or_default())
}

pub(super) struct ById(pub Uuid);

impl Work for ById {
    type Out = Option<PaperRecord>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Self::Out> {
        tx.opt(sql::PAPER_BY_ID, &[self.0.into()]).await
    }
}

struct Change {
    id: Uuid,
    event: Event,
    stamp: Stamp,
    file: Option<(Digest, u64)>,
}

impl Work for Change {
    type Out = ();
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<()> {
        let record: PaperRecord = tx.one(sql::PAPER_BY_ID, &[self.id.into()]).await?;
        let idle = match &self.event.fact {
            Fact::Issued { .. } => true,
            Fact::Made { .. } => record.state.file.is_some(),
            Fact::Voided { .. } => record.state.voided.is_some(),
        };
        if idle {
            return Ok(());
        }
        if let Some((digest, size)) = &self.file {
            files::register(tx, digest, *size, self.event.at).await?;
        }
        commit(tx, record, std::slice::from_ref(&self.event), &self.stamp).await.map(drop)
    }
}

/// Has an issued paper set and keeps the PDF; does nothing when it is there already.
///
/// # Errors
/// [`store::Error::NotFound`] when there is no such paper; when it cannot be set, read or written. To be tried again later.
pub async fn make(ctx: &Ctx, id: Uuid) -> store::Result<()> {
    let record = ctx.db.read(ById(id)).await?.ok_or(store::Error::NotFound)?;
    if record.state.file.is_some() {
        return Ok(());
    }
    let set = ctx.typeset.pdf(record.open(ctx)?).await;
    let pdf = set.map_err(|e| store::Error::Other(format!("paper {id} cannot be set: {e}")))?;
    let size = pdf.len() as u64;
    let digest = ctx.files.put(pdf).await?;
    let now = ctx.now();
    let event = Event { at: now, fact: Fact::Made { file: digest.to_string() } };
    ctx.db.write(Change { id, event, stamp: stamp(now, None), file: Some((digest, size)) }).await
}

/// Declares a paper void 作废: from now on the verification page says so, with the reason.
///
/// # Errors
/// A fault for the field `reason` when it is empty; "not found" when there is no such paper.
pub async fn void(
    ctx: &Ctx,
    id: Uuid,
    reason: &str,
    by: &identity::Staff,
    trace: &str,
) -> Result<(), web::Fault> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(web::Fault::bad_request("reason", "请写明作废的原因，核验页面会显示给查验的人。"));
    }
    let now = ctx.now();
    let (actor, trace) = (format!("staff:{}", by.id), trace.to_owned());
    let stamp = Stamp { actor, trace, ..stamp(now, Some(by.org.uuid())) };
    let event = Event { at: now, fact: Fact::Voided { reason: reason.to_owned() } };
    Ok(ctx.db.write(Change { id, event, stamp, file: None }).await?)
}

struct NextNumber {
    org: OrgId,
    word: String,
    kind: Kind,
    year: i16,
}

impl Work for NextNumber {
    type Out = String;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<String> {
        next(tx, self.org, &self.word, self.kind, self.year).await
    }
}

/// Takes the next document number of an organisation, for a form that must name it before the paper is issued (特别程序
/// 告知书, the number of a result). A number that is not used stays a gap.
///
/// # Errors
/// [`store::Error::NotFound`] when there is no such organisation; when data cannot be read or written.
pub async fn next_number(ctx: &Ctx, org: OrgId, kind: Kind) -> store::Result<String> {
    let city = ctx.city();
    let word = organ::word(&city, city.org(org).ok_or(store::Error::NotFound)?);
    let year = domain::kernel::time::legal_day(ctx.now()).year();
    ctx.db.write(NextNumber { org, word, kind, year }).await
}
