//! How a record of a broken promise is kept: the fold of its events in a row, found by whose it is while it counts.

use domain::cases::{Trust, TrustEvent};
use domain::kernel::CaseId;
use domain::org::stable_id;
use jiff::Timestamp;
use store::{FromRow, Row, Tx};
use uuid::Uuid;

use crate::cases::sql;
use crate::proof::Proven;
use crate::run::Aggregate;

/// The record of one case; made from the id of the case, so that a case has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustRecord {
    /// Which.
    pub id: Uuid,
    /// How many events its stream has.
    pub version: i64,
    /// The fold of its events.
    pub state: Trust,
}

impl TrustRecord {
    /// Before anything was recorded about this case.
    #[must_use]
    pub fn none(case: CaseId) -> Self {
        Self { id: stable_id("trust", &case.to_string()), version: 0, state: Trust::default() }
    }
}

impl FromRow for TrustRecord {
    fn from_row(row: &Row<'_>) -> store::Result<Self> {
        let state: String = row.get(2)?;
        let state = serde_json::from_str(&state)
            .map_err(|e| store::Error::Corrupt(format!("state of a trust record: {e}")))?;
        Ok(Self { id: row.get(0)?, version: row.get(1)?, state })
    }
}

impl Aggregate for TrustRecord {
    const STREAM: &'static str = "trust";
    type Event = TrustEvent;

    fn id(&self) -> Uuid {
        self.id
    }

    fn version(&self) -> i64 {
        self.version
    }

    fn kind(event: &TrustEvent) -> &'static str {
        event.kind()
    }

    fn happened_at(event: &TrustEvent) -> Timestamp {
        event.at()
    }

    fn ground(_: &TrustEvent) -> Option<&str> {
        Some("国办发〔2020〕42号")
    }

    fn apply(self, event: &TrustEvent) -> Self {
        Self { version: self.version + 1, state: self.state.apply(event), ..self }
    }

    async fn save(&self, tx: &Tx, was: i64) -> store::Result<()> {
        let Some(broken) = &self.state.broken else {
            return Err(store::Error::Other("a trust record without a promise has no row".into()));
        };
        let state = serde_json::to_string(&self.state).map_err(|e| store::Error::Other(e.to_string()))?;
        let (id, now, open) = (self.id.into(), self.version.into(), self.state.is_open().into());
        let changed = match was {
            0 => tx.exec(sql::INSERT_TRUST, &[id, now, broken.party.into(), open, (&state).into()]).await?,
            _ => tx.exec(sql::UPDATE_TRUST, &[id, was.into(), now, open, (&state).into()]).await?,
        };
        match changed {
            1 => Ok(()),
            _ => Err(store::Error::Conflict("the trust record was changed meanwhile".into())),
        }
    }
}

impl Proven for TrustRecord {
    const ROWS_AFTER: &'static str = sql::TRUST_AFTER;

    fn columns_fit(&self, row: &Row<'_>) -> store::Result<bool> {
        let columns: (Uuid, bool) = (row.get(3)?, row.get(4)?);
        let party = self.state.broken.as_ref().map(|broken| broken.party);
        Ok(Some(columns.0) == party && columns.1 == self.state.is_open())
    }

    fn unfolded(&self) -> Self {
        Self { id: self.id, version: 0, state: Trust::default() }
    }
}
