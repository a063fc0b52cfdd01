//! The one road to change state: load → decide → append to the journal + write the row +
//! leave a message in the outbox → commit.
//!
//! A capability says how its aggregate (a case, an item, a hall's day …) is kept; this module is the only caller of
//! `journal::append`, so nothing can change without being written down, and nothing can be written down without
//! changing the row. Side effects (messages, papers, figures) hang on the outbox and never on a handler.

use jiff::Timestamp;
use serde::Serialize;
use store::journal::{self, NewEvent, Stamp, Stream};
use store::{Tx, outbox};
use uuid::Uuid;

/// Something whose history is a stream in the journal and whose present is a row.
pub trait Aggregate: Sized + Send + Sync {
    /// The stream's kind, e.g. `case`; never changed once used.
    const STREAM: &'static str;
    /// What can happen to it.
    type Event: Serialize + Send + Sync;

    /// Its identifier, which is also its stream's.
    fn id(&self) -> Uuid;
    /// How many events its stream has; 0 for one that is being made.
    fn version(&self) -> i64;
    /// The stable name of an event's kind, e.g. `accepted`.
    fn kind(event: &Self::Event) -> &'static str;
    /// When it happened; earlier than it was entered for a back-entry (补录).
    fn happened_at(event: &Self::Event) -> Timestamp;
    /// The legal ground 依据 of an event, where it has one.
    fn ground(_: &Self::Event) -> Option<&str> {
        None
    }
    /// What it is after the event, one version on. Total: any event leaves some state.
    fn apply(self, event: &Self::Event) -> Self;
    /// Writes the row: inserts when `was` is 0, otherwise updates where the version is still `was`; a row that moved
    /// on meanwhile is [`store::Error::Conflict`].
    fn save(&self, tx: &Tx, was: i64) -> impl Future<Output = store::Result<()>> + Send;
}

/// Carries the decided events down the road and answers the aggregate as it stands after them.
pub async fn commit<A: Aggregate>(
    tx: &Tx,
    before: A,
    events: &[A::Event],
    stamp: &Stamp,
) -> store::Result<A> {
    let was = before.version();
    let stream = Stream { kind: A::STREAM, id: before.id() };
    let mut written = Vec::with_capacity(events.len());
    let mut after = before;
    for event in events {
        let body_json = serde_json::to_string(event).map_err(|e| store::Error::Other(e.to_string()))?;
        let (kind, happened_at) = (A::kind(event).to_owned(), A::happened_at(event));
        let ground = A::ground(event).map(str::to_owned);
        written.push(NewEvent { kind, body_json, happened_at, ground });
        after = after.apply(event);
    }
    journal::append(tx, stream, was, stamp, &written).await?;
    after.save(tx, was).await?;
    outbox::push(tx, A::STREAM, &format!("{}:{}", after.id(), after.version()), "{}").await?;
    Ok(after)
}
