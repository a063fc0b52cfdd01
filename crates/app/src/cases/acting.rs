//! Acting in a case: load, find out as whom, decide, write; and what is said when it cannot be done.

use std::sync::Arc;

use domain::cases::{
    Action, Actor, Case, Command, Event, Facts, Refusal, Status, Why, actions, decide_in_turn,
};
use domain::kernel::CaseId;
use domain::kernel::numbers::NumberError;
use jiff::Timestamp;
use store::{Tx, Work, journal::Stamp};

use super::{By, CaseRecord, StaffActor, sql, trust};
use crate::Ctx;
use crate::city::City;
use crate::run::commit;
use crate::web::Fault;
use axum::http::StatusCode;

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    /// The law or the state of the case does not allow it; says what is allowed.
    #[error("{0}")]
    Refused(Box<Refusal>),
    /// The case has moved on since the page was opened.
    #[error("您打开这一页之后，这个办件已经有了变化，现在是“{}”。这次没有提交，您填写的内容还在；请刷新看清楚后再操作。", .0.label())]
    Stale(Status),
    /// There is no such case, or not for this person: both answer the same.
    #[error("没有找到这个办件，请核对编号，或者从列表里重新打开。")]
    Absent,
    /// No number can be given any more today.
    #[error("{0}。您填写的内容已经保存，不会丢失。")]
    Number(NumberError),
    /// The data could not be read or written.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl ActError {
    /// The sentence for who acted, to stand beside what they typed.
    ///
    /// # Errors
    /// The fault when there is nothing to show it beside: no such case, or the data cannot be read.
    pub fn told(self) -> Result<String, Fault> {
        match self {
            Self::Refused(_) | Self::Stale(_) | Self::Number(_) => Ok(self.to_string()),
            Self::Absent | Self::Store(_) => Err(self.into()),
        }
    }
}

impl From<Refusal> for ActError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl From<NumberError> for ActError {
    fn from(error: NumberError) -> Self {
        Self::Number(error)
    }
}

impl From<ActError> for Fault {
    fn from(error: ActError) -> Self {
        if let ActError::Store(error) = error {
            return error.into();
        }
        match &error {
            ActError::Refused(_) => {
                Self::new(StatusCode::CONFLICT, "not_allowed_now", "这一步现在不能办", error.to_string())
            }
            ActError::Stale(_) => {
                Self::new(StatusCode::CONFLICT, "stale", "办件已经有了变化", error.to_string())
            }
            ActError::Number(_) => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "numbers_used_up",
                "今天不能再编号了",
                error.to_string(),
            ),
            ActError::Absent | ActError::Store(_) => Self::not_found(),
        }
    }
}

/// When something happened and was entered, and the request it came with.
#[derive(Debug, Clone)]
pub struct Moment {
    /// When it happened; earlier than its entry for a back-entry 补录 only.
    pub at: Timestamp,
    /// When it is entered.
    pub entered_at: Timestamp,
    /// The request's trace id, which also stands in the log lines and in the answer.
    pub trace: String,
}

impl Moment {
    /// Now.
    #[must_use]
    pub fn now(ctx: &Ctx, trace: &str) -> Self {
        let now = ctx.now();
        Self { at: now, entered_at: now, trace: trace.to_owned() }
    }

    pub(super) fn facts<'a>(&self, actor: Actor, city: &'a City, trusted: bool) -> Facts<'a> {
        let (at, entered_at) = (self.at, self.entered_at);
        Facts { at, entered_at, actor, calendar: &city.calendar, applicant_trusted: trusted }
    }

    pub(super) fn stamp(&self, by: &By, actor: Actor) -> Stamp {
        let org = if let Actor::Staff { org, .. } = actor { Some(org.uuid()) } else { None };
        Stamp { actor: by.name(), org, trace: self.trace.clone(), entered_at: self.entered_at }
    }
}

/// One or several commands on one case.
struct Act {
    id: CaseId,
    expected: Option<i64>,
    commands: Vec<Command>,
    by: By,
    moment: Moment,
    city: Arc<City>,
}

impl Work for Act {
    type Out = CaseRecord;
    type Err = ActError;

    async fn run(&self, tx: &Tx) -> Result<CaseRecord, ActError> {
        let record: Option<CaseRecord> = tx.opt(sql::CASE_BY_ID, &[self.id.uuid().into()]).await?;
        let record = record.filter(|r| self.by.may_see(r, &self.city)).ok_or(ActError::Absent)?;
        if self.expected.is_some_and(|version| version != record.version) {
            return Err(ActError::Stale(record.case.status));
        }
        let trusted = trust::is_trusted(tx, &record.case).await?;
        let actors = self.by.actors(&record, &self.city);
        let facts = |actor| self.moment.facts(actor, &self.city, trusted);
        let (actor, events) = as_whoever_can(&record.case, &self.commands, &actors, facts)?;
        let stamp = self.moment.stamp(&self.by, actor);
        let done = commit(tx, record, &events, &stamp).await?;
        trust::follow(tx, &done, &events, actor, &stamp).await?;
        Ok(done)
    }
}

/// Decides as the first of the actors who can; otherwise refuses with the reason nearest to the person and with
/// everything the person can do as any of them.
fn as_whoever_can<'a>(
    case: &Case,
    commands: &[Command],
    actors: &[Actor],
    facts: impl Fn(Actor) -> Facts<'a>,
) -> Result<(Actor, Vec<Event>), ActError> {
    let mut nearest: Option<Refusal> = None;
    for actor in actors {
        match decide_in_turn(case, commands, &facts(*actor)) {
            Ok(events) => return Ok((*actor, events)),
            Err(refusal) if nearest.as_ref().is_none_or(|known| is_far(&known.why)) => {
                nearest = Some(refusal);
            }
            Err(_) => {}
        }
    }
    let mut refusal = nearest.ok_or(ActError::Absent)?;
    refusal.allowed = allowed(case, actors, &facts);
    Err(refusal.into())
}

/// A reason that tells less than another one may: the person has no part there.
fn is_far(why: &Why) -> bool {
    matches!(why, Why::NotYourRole { .. } | Why::NotYourOrganisation | Why::NotTheApplicant)
}

/// What can be done as any of the actors, in the order of a case's life.
pub(super) fn allowed<'a>(case: &Case, actors: &[Actor], facts: &impl Fn(Actor) -> Facts<'a>) -> Vec<Action> {
    let mut all: Vec<Action> = actors.iter().flat_map(|actor| actions(case, &facts(*actor))).collect();
    all.sort_by_key(|action| Action::ALL.iter().position(|known| known == action));
    all.dedup();
    all
}

async fn act(
    ctx: &Ctx,
    by: By,
    id: CaseId,
    expected: Option<i64>,
    commands: Vec<Command>,
    moment: Moment,
) -> Result<CaseRecord, ActError> {
    let work = Act { id, expected, commands, by, moment, city: ctx.city() };
    match ctx.db.write(work).await {
        // Somebody else was first between our look and our write.
        Err(ActError::Store(store::Error::Conflict(_))) => {
            let now = super::find(&ctx.db, id).await?.ok_or(ActError::Absent)?;
            Err(ActError::Stale(now.case.status))
        }
        done => done,
    }
}

/// What a command would lead to, without doing it: shown before it is confirmed.
///
/// # Errors
/// [`ActError`], the same as doing it would answer now.
pub async fn rehearse(
    ctx: &Ctx,
    staff: &StaffActor,
    id: CaseId,
    version: i64,
    command: &Command,
) -> Result<Vec<Event>, ActError> {
    let (city, by) = (ctx.city(), By::Staff(staff.clone()));
    let record = super::find(&ctx.db, id).await?.filter(|r| by.may_see(r, &city)).ok_or(ActError::Absent)?;
    if version != record.version {
        return Err(ActError::Stale(record.case.status));
    }
    let moment = Moment::now(ctx, "");
    let facts = |actor| moment.facts(actor, &city, true);
    let actors = by.actors(&record, &city);
    Ok(as_whoever_can(&record.case, std::slice::from_ref(command), &actors, facts)?.1)
}

/// A member of staff acts in a case which they saw at `version`; on the disk when it answers.
///
/// # Errors
/// [`ActError`], each with a sentence for the person.
pub async fn act_as_staff(
    ctx: &Ctx,
    staff: &StaffActor,
    id: CaseId,
    version: i64,
    command: Command,
    trace: &str,
) -> Result<CaseRecord, ActError> {
    act_in_turn(ctx, staff, id, version, vec![command], trace).await
}

/// A member of staff does several things one after the other, all or none: 即办 in one go.
///
/// # Errors
/// [`ActError`] of the first thing that cannot be done.
pub async fn act_in_turn(
    ctx: &Ctx,
    staff: &StaffActor,
    id: CaseId,
    version: i64,
    commands: Vec<Command>,
    trace: &str,
) -> Result<CaseRecord, ActError> {
    act(ctx, By::Staff(staff.clone()), id, Some(version), commands, Moment::now(ctx, trace)).await
}

/// What is done in one of several cases that are acted in together.
#[derive(Debug, Clone)]
pub struct InTurn {
    /// The case.
    pub case: CaseId,
    /// The version that was seen.
    pub version: i64,
    /// What is done in it, one after the other.
    pub commands: Vec<Command>,
}

/// Several cases acted in together.
struct Together(Vec<Act>);

impl Work for Together {
    type Out = ();
    type Err = ActError;

    async fn run(&self, tx: &Tx) -> Result<(), ActError> {
        for act in &self.0 {
            act.run(tx).await?;
        }
        Ok(())
    }
}

/// A member of staff acts in several cases, in all or in none. What happened earlier and is entered later 补录 names when; that
/// is for cases only that came in so.
///
/// # Errors
/// [`ActError`] of the first thing that cannot be done; [`store::Error::Conflict`] in it when a case has moved on meanwhile.
pub async fn act_together(
    ctx: &Ctx,
    staff: &StaffActor,
    all: Vec<InTurn>,
    happened_at: Option<Timestamp>,
    trace: &str,
) -> Result<(), ActError> {
    let now = Moment::now(ctx, trace);
    let moment = Moment { at: happened_at.unwrap_or(now.at), ..now };
    let act = |one: InTurn| Act {
        id: one.case,
        expected: Some(one.version),
        commands: one.commands,
        by: By::Staff(staff.clone()),
        moment: moment.clone(),
        city: ctx.city(),
    };
    ctx.db.write(Together(all.into_iter().map(act).collect())).await
}

/// The applicant acts in their own case, seen at `version`.
///
/// # Errors
/// [`ActError`], each with a sentence for the person.
pub async fn act_as_citizen(
    ctx: &Ctx,
    person: domain::kernel::CitizenId,
    id: CaseId,
    version: i64,
    command: Command,
    trace: &str,
) -> Result<CaseRecord, ActError> {
    act(ctx, By::Citizen(person), id, Some(version), vec![command], Moment::now(ctx, trace)).await
}

/// The program does what the law orders to happen by itself.
///
/// # Errors
/// [`ActError`]; a refusal means that it need not be done any more.
pub async fn act_as_system(
    ctx: &Ctx,
    id: CaseId,
    command: Command,
    trace: &str,
) -> Result<CaseRecord, ActError> {
    act(ctx, By::System, id, None, vec![command], Moment::now(ctx, trace)).await
}

/// The most cases one batch decides.
pub const BATCH: usize = 50;

/// What became of the cases of a batch.
#[derive(Debug, Default)]
pub struct BatchOutcome {
    /// Done.
    pub done: Vec<CaseId>,
    /// Not done, each with the sentence why.
    pub refused: Vec<(CaseId, String)>,
}

/// Grants several simple cases with one opinion, each on its own: what cannot be granted so is named and left as it was.
/// Simple is a case whose reviews all agreed, without open 容缺, whose applicant gave no promise instead of proof, and
/// which is not late. At most [`BATCH`] at once.
///
/// # Errors
/// When the data cannot be read or written.
pub async fn grant_batch(
    ctx: &Ctx,
    staff: &StaffActor,
    cases: &[(CaseId, i64)],
    opinion: &str,
    trace: &str,
) -> Result<BatchOutcome, ActError> {
    let mut outcome = BatchOutcome::default();
    let late = cases.iter().skip(BATCH);
    outcome
        .refused
        .extend(late.map(|(id, _)| (*id, format!("一次最多批量办理 {BATCH} 件，这一件请下一批再办"))));
    for (id, version) in cases.iter().take(BATCH) {
        let simple = super::find(&ctx.db, *id).await?.is_some_and(|record| is_simple(ctx, &record));
        if !simple {
            let why = "这一件有不同意见、容缺、承诺或已到期限，请打开后单独办理";
            outcome.refused.push((*id, why.to_owned()));
            continue;
        }
        let command = Command::Grant { opinion: opinion.to_owned() };
        match act_as_staff(ctx, staff, *id, *version, command, trace).await {
            Ok(_) => outcome.done.push(*id),
            Err(ActError::Store(e)) => return Err(e.into()),
            Err(why) => outcome.refused.push((*id, why.to_string())),
        }
    }
    Ok(outcome)
}

fn is_simple(ctx: &Ctx, record: &CaseRecord) -> bool {
    let case = &record.case;
    let today = domain::kernel::time::legal_day(ctx.now());
    case.steps.iter().all(|step| step.favourable != Some(false))
        && case.deferral.is_none()
        && !case.on_commitment
        && case.due_day().is_some_and(|due| today <= due)
}
