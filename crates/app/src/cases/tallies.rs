//! Counting reads every open case in reach, and many look at the figures at once: what was counted a moment ago is told
//! again, with the instant it was counted at.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use store::{Tx, Work};

use super::lists::Anchor;
use super::sql;
use crate::Ctx;

/// By what late and nearly late cases are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Grouping {
    /// By town within a district, by district within the city.
    Place,
    /// By item.
    Item,
}

/// What is counted: all open cases of a part of the city, or those due until a day in groups.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Count {
    pub(super) anchor: Anchor,
    pub(super) near: Option<(Grouping, jiff::civil::Date)>,
}

/// Group (empty for all), due day, how many.
type Rows = Vec<(String, String, i64)>;

impl Count {
    fn statement(&self) -> Option<&'static str> {
        let all = [sql::DUES_OF_ALL, sql::DUES_OF_DISTRICT, sql::DUES_OF_TOWN, sql::DUES_OF_ORG];
        Some(match (&self.anchor, self.near) {
            (anchor, None) => anchor.pick(all),
            (Anchor::All, Some((Grouping::Place, _))) => sql::NEAR_BY_DISTRICT,
            (Anchor::All, Some((Grouping::Item, _))) => sql::NEAR_BY_ITEM,
            (Anchor::District(_), Some((Grouping::Place, _))) => sql::NEAR_BY_TOWN,
            (Anchor::District(_), Some((Grouping::Item, _))) => sql::NEAR_BY_ITEM_OF_DISTRICT,
            // One town or one organisation is not divided further.
            _ => return None,
        })
    }
}

impl Work for Count {
    type Out = Rows;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Rows> {
        let Some(statement) = self.statement() else { return Ok(Vec::new()) };
        let until = self.near.map(|(_, until)| until.to_string());
        match &until {
            Some(until) => tx.all(statement, &[self.anchor.key(), until.into()]).await,
            None => tx.all(statement, &[self.anchor.key()]).await,
        }
    }
}

/// What was counted, and when.
pub(super) type Tally = (Timestamp, Arc<Rows>);

/// What this node counted a moment ago. By default nothing is kept and every look counts.
#[derive(Debug, Default)]
pub struct Tallies {
    keep: SignedDuration,
    kept: Mutex<HashMap<Count, Tally>>,
    /// One count at a time: those who wait for the same one find it done.
    counting: tokio::sync::Mutex<()>,
}

impl Tallies {
    /// Counts are told again for so long.
    #[must_use]
    pub fn kept_for(keep: SignedDuration) -> Self {
        Self { keep, ..Self::default() }
    }

    fn known(&self, wanted: &Count, now: Timestamp) -> Option<Tally> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that was set back makes what was counted "later" worthless, too.
        kept.retain(|_, (at, _)| *at <= now && now.duration_since(*at) < self.keep);
        kept.get(wanted).cloned()
    }

    pub(super) async fn of(&self, ctx: &Ctx, wanted: Count) -> store::Result<Tally> {
        if let Some(known) = self.known(&wanted, ctx.now()) {
            return Ok(known);
        }
        let _turn = self.counting.lock().await;
        let now = ctx.now();
        if let Some(known) = self.known(&wanted, now) {
            return Ok(known);
        }
        let tally = (now, Arc::new(ctx.db.read(wanted.clone()).await?));
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.insert(wanted, tally.clone());
        Ok(tally)
    }
}
