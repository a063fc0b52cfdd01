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
    let written = events.iter().map(written::<A>).collect::<store::Result<Vec<_>>>()?;
    let after = events.iter().fold(before, A::apply);
    journal::append(tx, stream, was, stamp, &written).await?;
    after.save(tx, was).await?;
    let body = format!("{{\"after\":{was}}}");
    outbox::push(tx, A::STREAM, &format!("{}:{}", after.id(), after.version()), &body).await?;
    Ok(after)
}

/// Enters a whole past at once, each event with the stamp of whoever entered it then. No message is left in the outbox:
/// what followed from those events was done when they happened.
pub async fn enter_past<A: Aggregate>(tx: &Tx, fresh: A, past: &[(Stamp, A::Event)]) -> store::Result<A> {
    let was = fresh.version();
    let stream = Stream { kind: A::STREAM, id: fresh.id() };
    let entries = past.iter().map(|(stamp, event)| Ok((stamp.clone(), written::<A>(event)?)));
    let entries = entries.collect::<store::Result<Vec<_>>>()?;
    let after = past.iter().fold(fresh, |so_far, (_, event)| so_far.apply(event));
    journal::append_past(tx, stream, was, &entries).await?;
    after.save(tx, was).await?;
    Ok(after)
}

/// An event as the journal keeps it.
fn written<A: Aggregate>(event: &A::Event) -> store::Result<NewEvent> {
    let body_json = serde_json::to_string(event).map_err(|e| store::Error::Other(e.to_string()))?;
    Ok(NewEvent {
        kind: A::kind(event).to_owned(),
        body_json,
        happened_at: A::happened_at(event),
        ground: A::ground(event).map(str::to_owned),
    })
}
