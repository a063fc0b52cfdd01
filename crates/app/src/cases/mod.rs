//! Cases 办件: from the application to the archive. Every change goes through [`submit`] or [`act`], which put the law
//! (`domain::cases`) on the one road (`crate::run`).

mod effect;
mod record;
pub mod sql;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use domain::cases::{Actor, Case, Command, Facts, Refusal, Submit, decide};
use domain::kernel::{CaseId, OrgId, time::WorkCalendar};
use jiff::Timestamp;
use store::{Db, Tx, Work, journal::Stamp};
use uuid::Uuid;

pub use effect::{Effect, Moved, effect_of};
pub use record::{CaseRecord, Derived};

use crate::proof;
use crate::run::commit;

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    /// The law or the state of the case does not allow it; says what is allowed.
    #[error("{0}")]
    Refused(Box<Refusal>),
    /// The data could not be read or written.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl From<Refusal> for ActError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

/// Who does it, when, and what is known of the world.
#[derive(Debug, Clone)]
pub struct Doing {
    /// Who.
    pub actor: Actor,
    /// When it happened.
    pub at: Timestamp,
    /// When it is entered; the same instant but for a back-entry (补录).
    pub entered_at: Timestamp,
    /// The request's trace id, which also stands in the log lines and in the answer.
    pub trace: String,
    /// The days worked, as known now.
    pub calendar: Arc<WorkCalendar>,
    /// The applicant has no record that excludes 容缺 and 告知承诺.
    pub applicant_trusted: bool,
}

impl Doing {
    fn facts(&self) -> Facts<'_> {
        Facts {
            at: self.at,
            entered_at: self.entered_at,
            actor: self.actor,
            calendar: &self.calendar,
            applicant_trusted: self.applicant_trusted,
        }
    }

    fn stamp(&self) -> Stamp {
        let (actor, org) = match self.actor {
            Actor::Staff { id, org, .. } => (format!("staff:{id}"), Some(org.uuid())),
            Actor::Citizen { id } => (format!("citizen:{id}"), None),
            Actor::System => ("system".to_owned(), None),
        };
        Stamp { actor, org, trace: self.trace.clone(), entered_at: self.entered_at }
    }
}

/// What a new case is given besides what the applicant says.
#[derive(Debug, Clone)]
pub struct Numbering {
    /// The number people read out over the phone.
    pub number: String,
    /// Blind index of the query code 查询码.
    pub query_index: Vec<u8>,
    /// 办件编号, 43 characters.
    pub exchange_number: String,
    /// District code of the accepting organisation; empty at the city.
    pub district: String,
    /// Town code of the accepting organisation; empty above the towns.
    pub town: String,
}

struct SubmitCase {
    submit: Submit,
    numbering: Numbering,
    doing: Doing,
}

impl Work for SubmitCase {
    type Out = CaseRecord;
    type Err = ActError;

    async fn run(&self, tx: &Tx) -> Result<CaseRecord, ActError> {
        let command = Command::Submit(self.submit.clone());
        let events = decide(&Case::default(), &command, &self.doing.facts())?;
        let fresh = CaseRecord {
            id: self.submit.case,
            version: 0,
            number: self.numbering.number.clone(),
            query_index: self.numbering.query_index.clone(),
            exchange_number: self.numbering.exchange_number.clone(),
            district: self.numbering.district.clone(),
            town: self.numbering.town.clone(),
            submitted_at: self.doing.at,
            case: Case::default(),
        };
        Ok(commit(tx, fresh, &events, &self.doing.stamp()).await?)
    }
}

/// Submits an application as a case; on the disk when it answers.
///
/// # Errors
/// [`ActError::Refused`] with what to do instead; [`ActError::Store`].
pub async fn submit(
    db: &Db,
    submit: Submit,
    numbering: Numbering,
    doing: Doing,
) -> Result<CaseRecord, ActError> {
    db.write(SubmitCase { submit, numbering, doing }).await
}

struct Act {
    id: CaseId,
    command: Command,
    doing: Doing,
}

impl Work for Act {
    type Out = CaseRecord;
    type Err = ActError;

    async fn run(&self, tx: &Tx) -> Result<CaseRecord, ActError> {
        let record: CaseRecord = tx.one(sql::CASE_BY_ID, &[self.id.uuid().into()]).await?;
        let events = decide(&record.case, &self.command, &self.doing.facts())?;
        Ok(commit(tx, record, &events, &self.doing.stamp()).await?)
    }
}

/// Carries out a command on a case; on the disk when it answers.
///
/// # Errors
/// [`ActError::Refused`] with what is allowed instead; [`ActError::Store`], also when there is no such case.
pub async fn act(db: &Db, id: CaseId, command: Command, doing: Doing) -> Result<CaseRecord, ActError> {
    db.write(Act { id, command, doing }).await
}

struct ById(CaseId);

impl Work for ById {
    type Out = Option<CaseRecord>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Option<CaseRecord>> {
        tx.opt(sql::CASE_BY_ID, &[self.0.uuid().into()]).await
    }
}

/// The case with that id, if there is one.
///
/// # Errors
/// When the data cannot be read.
pub async fn find(db: &Db, id: CaseId) -> store::Result<Option<CaseRecord>> {
    db.read(ById(id)).await
}

/// One row of a list of work 待办.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkRow {
    /// The case.
    pub id: CaseId,
    /// Its number.
    pub number: String,
    /// The item's name.
    pub item_name: String,
    /// Where it stands, as stored.
    pub status: String,
    /// The day people work against, ISO 8601; `9999-12-31` when no limit runs.
    pub due_on: String,
}

struct OpenByOrg {
    org: OrgId,
    after: (String, Uuid),
    limit: i64,
}

impl Work for OpenByOrg {
    type Out = Vec<WorkRow>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Vec<WorkRow>> {
        let (due, id) = &self.after;
        let params = [self.org.uuid().into(), due.into(), id.into(), self.limit.into()];
        let rows: Vec<(Uuid, String, String, String, String)> = tx.all(sql::OPEN_BY_ORG, &params).await?;
        let row = |(id, number, item_name, status, due_on): (Uuid, _, _, _, _)| WorkRow {
            id: id.into(),
            number,
            item_name,
            status,
            due_on,
        };
        Ok(rows.into_iter().map(row).collect())
    }
}

/// A page of the open cases of an organisation by the day they are due, after the given row.
///
/// # Errors
/// When the data cannot be read.
pub async fn worklist(
    db: &Db,
    org: OrgId,
    after: Option<&WorkRow>,
    limit: i64,
) -> store::Result<Vec<WorkRow>> {
    let after = after.map_or((String::new(), Uuid::nil()), |row| (row.due_on.clone(), row.id.uuid()));
    db.read(OpenByOrg { org, after, limit }).await
}

struct IsProven(CaseId);

impl Work for IsProven {
    type Out = bool;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<bool> {
        match tx.opt::<CaseRecord>(sql::CASE_BY_ID, &[self.0.uuid().into()]).await? {
            Some(row) => proof::is_proven(tx, &row).await,
            None => Ok(false),
        }
    }
}

/// Whether the row of a case is the fold of its stream.
///
/// # Errors
/// When the data cannot be read or an event cannot be understood.
pub async fn is_proven(db: &Db, id: CaseId) -> store::Result<bool> {
    db.read(IsProven(id)).await
}
