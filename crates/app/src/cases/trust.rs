//! 诚信记录: who broke a promise cannot use 容缺 and 告知承诺 until the record is repaired (国办发〔2020〕42号).

use domain::cases::{Applicant, Case};
use domain::kernel::StaffId;
use jiff::Timestamp;
use store::{Tx, Work};
use uuid::Uuid;

use super::sql;
use crate::Ctx;

/// A record that still counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Distrust {
    /// Which record.
    pub id: Uuid,
    /// Why, without personal data.
    pub reason: String,
    /// Since when.
    pub recorded_at: Timestamp,
}

/// Whose record counts: the firm's when a firm applies.
pub(super) const fn party(applicant: Applicant) -> Uuid {
    match applicant {
        Applicant::Person { id } => id.0,
        Applicant::Firm { id, .. } => id.0,
    }
}

/// Whether no record of the applicant is open.
pub(super) async fn is_trusted(tx: &Tx, case: &Case) -> store::Result<bool> {
    let Some(submission) = &case.submission else { return Ok(true) };
    party_is_trusted(tx, party(submission.applicant)).await
}

pub(super) async fn party_is_trusted(tx: &Tx, party: Uuid) -> store::Result<bool> {
    Ok(tx.all::<(Uuid, String, Timestamp)>(sql::OPEN_DISTRUST, &[party.into()]).await?.is_empty())
}

struct Open(Uuid);

impl Work for Open {
    type Out = Vec<Distrust>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Vec<Distrust>> {
        let rows: Vec<(Uuid, String, Timestamp)> = tx.all(sql::OPEN_DISTRUST, &[self.0.into()]).await?;
        Ok(rows.into_iter().map(|(id, reason, recorded_at)| Distrust { id, reason, recorded_at }).collect())
    }
}

/// The records of an applicant that still count.
///
/// # Errors
/// When the data cannot be read.
pub async fn open_distrust(ctx: &Ctx, applicant: Applicant) -> store::Result<Vec<Distrust>> {
    ctx.db.read(Open(party(applicant))).await
}

struct Record {
    id: Uuid,
    party: Uuid,
    reason: String,
    at: Timestamp,
    by: StaffId,
}

impl Work for Record {
    type Out = Uuid;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Uuid> {
        let row =
            [self.id.into(), self.party.into(), (&self.reason).into(), self.at.into(), self.by.uuid().into()];
        tx.exec(sql::DISTRUST, &row).await?;
        Ok(self.id)
    }
}

/// Notes that an applicant broke a promise; yields the record's id.
///
/// # Errors
/// When the data cannot be written.
pub async fn distrust(ctx: &Ctx, applicant: Applicant, reason: &str, by: StaffId) -> store::Result<Uuid> {
    let (id, reason) = (ctx.new_uuid(), reason.to_owned());
    ctx.db.write(Record { id, party: party(applicant), reason, at: ctx.now(), by }).await
}

struct Repair {
    id: Uuid,
    at: Timestamp,
    by: StaffId,
}

impl Work for Repair {
    type Out = ();
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<()> {
        let row = [self.id.into(), self.at.into(), self.by.uuid().into()];
        match tx.exec(sql::REPAIR_TRUST, &row).await? {
            1 => Ok(()),
            _ => Err(store::Error::NotFound),
        }
    }
}

/// Notes that a record was repaired 信用修复.
///
/// # Errors
/// [`store::Error::NotFound`] when there is no open record with that id.
pub async fn repair_trust(ctx: &Ctx, record: Uuid, by: StaffId) -> store::Result<()> {
    ctx.db.write(Repair { id: record, at: ctx.now(), by }).await
}
