//! 诚信记录: who broke a promise cannot use 容缺 and 告知承诺 until the record is repaired (国办发〔2020〕42号). A supervisor
//! records it for a case; a case that ends because its 告知承诺 was false gets its record by itself.

mod record;

use domain::cases::{Actor, Applicant, Case, Event, Happened, TerminationGround, TrustRefusal};
use domain::kernel::{CaseId, StaffId};
use jiff::Timestamp;
use store::{Tx, Work, journal::Stamp};
use uuid::Uuid;

use super::{By, CaseRecord, StaffActor, read_number, sql};
use crate::Ctx;
use crate::city::City;
use crate::run::commit;
pub use record::TrustRecord;

/// A record that still counts, as pages show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Distrust {
    /// Which record.
    pub id: Uuid,
    /// The person or firm.
    pub party: Uuid,
    /// The case that rested on the promise.
    pub case: CaseId,
    /// Its number, to read.
    pub number: String,
    /// Its item.
    pub item_name: String,
    /// Why, without personal data.
    pub reason: String,
    /// Since when.
    pub recorded_at: Timestamp,
}

/// Why no record was made or repaired.
#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    /// The rules are against it.
    #[error("{0}")]
    Refused(#[from] TrustRefusal),
    /// There is no such case or record, or not for this person.
    #[error("没有找到，请核对受理编号，或者从列表里重新打开")]
    Absent,
    /// The data could not be read or written.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Whether no record of the applicant is open.
pub(super) async fn is_trusted(tx: &Tx, case: &Case) -> store::Result<bool> {
    let Some(submission) = &case.submission else { return Ok(true) };
    party_is_trusted(tx, submission.applicant.party()).await
}

pub(super) async fn party_is_trusted(tx: &Tx, party: Uuid) -> store::Result<bool> {
    Ok(tx.opt::<(Uuid,)>(sql::OPEN_TRUST_OF, &[party.into()]).await?.is_none())
}

struct Trusted(Uuid);

impl Work for Trusted {
    type Out = bool;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<bool> {
        party_is_trusted(tx, self.0).await
    }
}

/// Whether this applicant may use 容缺 and 告知承诺.
///
/// # Errors
/// When the data cannot be read.
pub async fn may_promise(ctx: &Ctx, applicant: Applicant) -> store::Result<bool> {
    ctx.db.read(Trusted(applicant.party())).await
}

/// A case that has just ended because its promise was false gets its record in the same transaction.
pub(super) async fn follow(
    tx: &Tx,
    case: &CaseRecord,
    events: &[Event],
    actor: Actor,
    stamp: &Stamp,
) -> store::Result<()> {
    let false_promise = events.iter().find_map(|event| match &event.what {
        Happened::Terminated { ground: TerminationGround::CommitmentFalse, reason } => {
            Some((event.at, reason))
        }
        _ => None,
    });
    let (Some((at, reason)), Actor::Staff { id: by, .. }) = (false_promise, actor) else { return Ok(()) };
    let kept: Option<TrustRecord> = tx.opt(sql::TRUST, &[TrustRecord::none(case.id).id.into()]).await?;
    let before = kept.unwrap_or_else(|| TrustRecord::none(case.id));
    // A supervisor may have recorded it before; then there is nothing to add.
    match before.state.record((&case.case, case.id), reason, at, by) {
        Ok(event) => commit(tx, before, &[event], stamp).await.map(drop),
        Err(_) => Ok(()),
    }
}

/// What a supervisor does with the record of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Record,
    Repair,
}

struct Change {
    case: CaseId,
    deed: Deed,
    reason: String,
    staff: StaffActor,
    city: std::sync::Arc<City>,
    stamp: Stamp,
}

/// The organisation for which this person supervises the case, if any of their posts does.
fn supervises(staff: &StaffActor, case: &CaseRecord, city: &City) -> bool {
    let posts = By::Staff(staff.clone()).actors(case, city);
    posts.iter().any(|post| matches!(post, Actor::Staff { roles, .. } if roles.supervisor))
}

impl Work for Change {
    type Out = TrustRecord;
    type Err = TrustError;

    async fn run(&self, tx: &Tx) -> Result<TrustRecord, TrustError> {
        let found: Option<CaseRecord> = tx.opt(sql::CASE_BY_ID, &[self.case.uuid().into()]).await?;
        let case = found.filter(|case| supervises(&self.staff, case, &self.city));
        let case = case.ok_or(TrustError::Absent)?;
        let none = TrustRecord::none(self.case);
        let before = tx.opt(sql::TRUST, &[none.id.into()]).await?.unwrap_or(none);
        let (at, by): (Timestamp, StaffId) = (self.stamp.entered_at, self.staff.id);
        let event = match self.deed {
            Deed::Record => before.state.record((&case.case, self.case), &self.reason, at, by)?,
            Deed::Repair => before.state.repair(&self.reason, at, by)?,
        };
        Ok(commit(tx, before, &[event], &self.stamp).await?)
    }
}

async fn change(
    ctx: &Ctx,
    staff: &StaffActor,
    case: CaseId,
    deed: Deed,
    reason: &str,
    trace: &str,
) -> Result<TrustRecord, TrustError> {
    let actor = By::Staff(staff.clone()).name();
    let stamp = Stamp { actor, org: None, trace: trace.to_owned(), entered_at: ctx.now() };
    let (staff, reason) = (staff.clone(), reason.to_owned());
    ctx.db.write(Change { case, deed, reason, staff, city: ctx.city(), stamp }).await
}

/// A supervisor of the case notes that its promise was broken.
///
/// # Errors
/// [`TrustError`], each with a sentence for the person.
pub async fn distrust(
    ctx: &Ctx,
    staff: &StaffActor,
    case: CaseId,
    reason: &str,
    trace: &str,
) -> Result<TrustRecord, TrustError> {
    change(ctx, staff, case, Deed::Record, reason, trace).await
}

/// A supervisor of the case notes that the broken promise was made good 信用修复.
///
/// # Errors
/// [`TrustError`], each with a sentence for the person.
pub async fn repair_trust(
    ctx: &Ctx,
    staff: &StaffActor,
    case: CaseId,
    reason: &str,
    trace: &str,
) -> Result<TrustRecord, TrustError> {
    change(ctx, staff, case, Deed::Repair, reason, trace).await
}

struct OpenAfter(Uuid, u32);

impl Work for OpenAfter {
    type Out = Vec<(TrustRecord, CaseRecord)>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Self::Out> {
        let records: Vec<TrustRecord> = tx.all(sql::OPEN_TRUST, &[self.0.into(), self.1.into()]).await?;
        let mut found = Vec::with_capacity(records.len());
        for record in records {
            let Some(broken) = &record.state.broken else { continue };
            if let Some(case) = tx.opt(sql::CASE_BY_ID, &[broken.case.uuid().into()]).await? {
                found.push((record, case));
            }
        }
        Ok(found)
    }
}

/// The records that count, after one id and at most so many looked at, as far as this person supervises the cases; with
/// the id after which more may follow.
///
/// # Errors
/// When the data cannot be read.
pub async fn open_distrust(
    ctx: &Ctx,
    staff: &StaffActor,
    after: Uuid,
    limit: u32,
) -> store::Result<(Vec<Distrust>, Option<Uuid>)> {
    let found = ctx.db.read(OpenAfter(after, limit)).await?;
    let more = found.last().filter(|_| found.len() == limit as usize).map(|(record, _)| record.id);
    let city = ctx.city();
    let shown = found.into_iter().filter(|(_, case)| supervises(staff, case, &city));
    let shown = shown.filter_map(|(record, case)| {
        let broken = record.state.broken?;
        Some(Distrust {
            id: record.id,
            party: broken.party,
            case: broken.case,
            number: read_number(&case.number),
            item_name: case.case.terms().map(|terms| terms.item_name.clone()).unwrap_or_default(),
            reason: broken.reason,
            recorded_at: broken.at,
        })
    });
    Ok((shown.collect(), more))
}
