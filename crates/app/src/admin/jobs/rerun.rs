//! Starting again by hand what was given up: a background job or a message. Who did it stands in the journal.

use domain::org::stable_id;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::journal::Stamp;
use store::{FromRow, Row, Tx, Work, jobs, outbox};
use uuid::Uuid;

use super::sql;
use crate::proof::Proven;
use crate::run::{Aggregate, commit};

/// What is started again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// A background job, by its number.
    Job(i64),
    /// A message of the outbox, by its place.
    Message(i64),
}

impl What {
    fn id(self) -> Uuid {
        match self {
            Self::Job(no) => stable_id("rerun-job", &no.to_string()),
            Self::Message(no) => stable_id("rerun-message", &no.to_string()),
        }
    }
}

/// A job or message with how often it was started again by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rerun {
    id: Uuid,
    version: i64,
    state: Reruns,
}

/// The fold of the events.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Reruns {
    what: Option<What>,
    times: Vec<Timestamp>,
}

/// It was started again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartedAgain {
    at: Timestamp,
    what: What,
}

impl FromRow for Rerun {
    fn from_row(row: &Row<'_>) -> store::Result<Self> {
        let state: String = row.get(2)?;
        let state = serde_json::from_str(&state)
            .map_err(|e| store::Error::Corrupt(format!("state of what was started again: {e}")))?;
        Ok(Self { id: row.get(0)?, version: row.get(1)?, state })
    }
}

impl Aggregate for Rerun {
    const STREAM: &'static str = "rerun";
    type Event = StartedAgain;

    fn id(&self) -> Uuid {
        self.id
    }

    fn version(&self) -> i64 {
        self.version
    }

    fn kind(_: &StartedAgain) -> &'static str {
        "started_again"
    }

    fn happened_at(event: &StartedAgain) -> Timestamp {
        event.at
    }

    fn apply(mut self, event: &StartedAgain) -> Self {
        self.version += 1;
        self.state.what = Some(event.what);
        self.state.times.push(event.at);
        self
    }

    async fn save(&self, tx: &Tx, was: i64) -> store::Result<()> {
        let state = serde_json::to_string(&self.state).map_err(|e| store::Error::Other(e.to_string()))?;
        let changed = match was {
            0 => tx.exec(sql::INSERT_RERUN, &[self.id.into(), self.version.into(), (&state).into()]).await?,
            _ => {
                let row = [self.id.into(), was.into(), self.version.into(), (&state).into()];
                tx.exec(sql::UPDATE_RERUN, &row).await?
            }
        };
        match changed {
            1 => Ok(()),
            _ => Err(store::Error::Conflict("it was started again meanwhile".into())),
        }
    }
}

impl Proven for Rerun {
    const ROWS_AFTER: &'static str = sql::RERUNS_AFTER;

    fn columns_fit(&self, _: &Row<'_>) -> store::Result<bool> {
        Ok(true)
    }

    fn unfolded(&self) -> Self {
        Self { version: 0, state: Reruns::default(), ..self.clone() }
    }
}

/// Lets what was given up be tried anew, and writes down who wanted it. [`store::Error::NotFound`] when it was not
/// given up, so that two administrators start it once.
pub(super) struct StartAgain {
    pub what: What,
    pub stamp: Stamp,
}

impl Work for StartAgain {
    type Out = ();
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<()> {
        let at = self.stamp.entered_at;
        match self.what {
            What::Job(id) => jobs::retry(tx, id, at).await?,
            What::Message(position) => outbox::retry(tx, position, at).await?,
        }
        let id = self.what.id();
        let kept: Option<Rerun> = tx.opt(sql::RERUN, &[id.into()]).await?;
        let rerun = kept.unwrap_or(Rerun { id, version: 0, state: Reruns::default() });
        commit(tx, rerun, &[StartedAgain { at, what: self.what }], &self.stamp).await.map(drop)
    }
}
