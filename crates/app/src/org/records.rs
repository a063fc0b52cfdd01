//! How changes of organisations and of working days are kept: the fold of their events, one row each.

use domain::kernel::OrgId;
use domain::org::{Office, OfficeEvent, Workdays, WorkdaysEvent};
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::{FromRow, Row, Tx};
use uuid::Uuid;

use super::sql;
use crate::proof::Proven;
use crate::run::Aggregate;

/// What is kept about one organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeRecord {
    /// The organisation.
    pub id: OrgId,
    /// How many changes there were; 0 when there was none.
    pub version: i64,
    /// The fold of its events.
    pub office: Office,
}

impl OfficeRecord {
    /// An organisation that nobody has changed.
    #[must_use]
    pub fn untouched(id: OrgId) -> Self {
        Self { id, version: 0, office: Office::default() }
    }
}

/// The notices about working days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkdaysRecord {
    /// Made from the code of the city.
    pub id: Uuid,
    /// How many changes there were; 0 when there was none.
    pub version: i64,
    /// The fold of its events.
    pub workdays: Workdays,
}

/// The statements that keep one kind of row.
struct Kept {
    insert: &'static str,
    update: &'static str,
}

/// Writes the row, and counts the change so that every node notices.
async fn save<S: Serialize + Sync>(
    tx: &Tx,
    kept: &Kept,
    id: Uuid,
    (was, now): (i64, i64),
    state: &S,
) -> store::Result<()> {
    let state = serde_json::to_string(state).map_err(|e| store::Error::Other(e.to_string()))?;
    let changed = match was {
        0 => tx.exec(kept.insert, &[id.into(), now.into(), (&state).into()]).await?,
        _ => tx.exec(kept.update, &[id.into(), was.into(), now.into(), (&state).into()]).await?,
    };
    match changed {
        1 => tx.exec(sql::COUNT_CHANGE, &[]).await.map(drop),
        _ => Err(store::Error::Conflict("it was changed meanwhile".into())),
    }
}

fn state<S: DeserializeOwned>(row: &Row<'_>, what: &str) -> store::Result<S> {
    let text: String = row.get(2)?;
    serde_json::from_str(&text).map_err(|e| store::Error::Corrupt(format!("state of {what}: {e}")))
}

impl FromRow for OfficeRecord {
    fn from_row(row: &Row<'_>) -> store::Result<Self> {
        let id = OrgId::from(row.get::<Uuid>(0)?);
        Ok(Self { id, version: row.get(1)?, office: state(row, "an organisation")? })
    }
}

impl Aggregate for OfficeRecord {
    const STREAM: &'static str = "org";
    type Event = OfficeEvent;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn version(&self) -> i64 {
        self.version
    }

    fn kind(event: &OfficeEvent) -> &'static str {
        event.kind()
    }

    fn happened_at(event: &OfficeEvent) -> Timestamp {
        event.at
    }

    fn ground(event: &OfficeEvent) -> Option<&str> {
        Some(event.basis.as_str()).filter(|basis| !basis.is_empty())
    }

    fn apply(self, event: &OfficeEvent) -> Self {
        Self { version: self.version + 1, office: self.office.apply(event), ..self }
    }

    async fn save(&self, tx: &Tx, was: i64) -> store::Result<()> {
        let kept = Kept { insert: sql::INSERT_OFFICE, update: sql::UPDATE_OFFICE };
        save(tx, &kept, self.id.uuid(), (was, self.version), &self.office).await
    }
}

impl Proven for OfficeRecord {
    const ROWS_AFTER: &'static str = sql::OFFICES_AFTER;

    fn columns_fit(&self, _: &Row<'_>) -> store::Result<bool> {
        Ok(true)
    }

    fn unfolded(&self) -> Self {
        Self::untouched(self.id)
    }
}

impl FromRow for WorkdaysRecord {
    fn from_row(row: &Row<'_>) -> store::Result<Self> {
        Ok(Self { id: row.get(0)?, version: row.get(1)?, workdays: state(row, "the working days")? })
    }
}

impl Aggregate for WorkdaysRecord {
    const STREAM: &'static str = "calendar";
    type Event = WorkdaysEvent;

    fn id(&self) -> Uuid {
        self.id
    }

    fn version(&self) -> i64 {
        self.version
    }

    fn kind(event: &WorkdaysEvent) -> &'static str {
        event.kind()
    }

    fn happened_at(event: &WorkdaysEvent) -> Timestamp {
        event.at
    }

    fn ground(event: &WorkdaysEvent) -> Option<&str> {
        event.source()
    }

    fn apply(self, event: &WorkdaysEvent) -> Self {
        Self { version: self.version + 1, workdays: self.workdays.apply(event), ..self }
    }

    async fn save(&self, tx: &Tx, was: i64) -> store::Result<()> {
        let kept = Kept { insert: sql::INSERT_WORKDAYS, update: sql::UPDATE_WORKDAYS };
        save(tx, &kept, self.id, (was, self.version), &self.workdays).await
    }
}

impl Proven for WorkdaysRecord {
    const ROWS_AFTER: &'static str = sql::WORKDAYS_AFTER;

    fn columns_fit(&self, _: &Row<'_>) -> store::Result<bool> {
        Ok(true)
    }

    fn unfolded(&self) -> Self {
        Self { version: 0, workdays: Workdays::default(), ..self.clone() }
    }
}
