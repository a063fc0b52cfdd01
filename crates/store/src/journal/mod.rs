//! The journal 留痕: every event is chained by SM3 (GB/T 32905) to the one before it in its stream, and committed
//! streams are gathered into blocks, so that an altered, a removed and a missing event all show.

mod blocks;
mod chain;
mod published;
mod search;
#[cfg(test)]
mod search_tests;
mod standing;
mod tail;
#[cfg(test)]
mod tests;
mod verify;

use jiff::Timestamp;
use uuid::Uuid;

pub use blocks::{BLOCK_LEAVES, seal_block};
pub use chain::{Head, START};
pub use published::{Disproof, NO_DAY, SignedHead, check_head, publish, published_after, published_before};
pub use search::{Cursor, Search, Whose, search};
pub use standing::{Block, Standing, by_position, last_blocks, newest_entry, standing};
pub use tail::{StreamHead, check_block, check_tail, head, last_block};
pub use verify::{Broken, verify};

use crate::{Error, FromRow, Result, Row, Tx, Val};

crate::statements! {
    INSERT = "INSERT INTO journal (stream_kind, stream_id, seq, kind, body, ground, actor, org, trace, happened_at,
        entered_at, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    PENDING = "INSERT INTO journal_pending (stream_kind, stream_id, seq, head) VALUES ($1, $2, $3, $4)";
    READ = "SELECT position, stream_kind, stream_id, seq, kind, body, ground, actor, org, trace, happened_at,
        entered_at, hash FROM journal WHERE stream_kind = $1 AND stream_id = $2 AND seq > $3 ORDER BY seq LIMIT $4";
    BETWEEN = "SELECT position, stream_kind, stream_id, seq, kind, body, ground, actor, org, trace, happened_at,
        entered_at, hash FROM journal WHERE stream_kind = $1 AND (stream_id, seq) > ($2, $3) AND stream_id <= $4
        ORDER BY stream_id, seq LIMIT $5";
}

/// Whose events these are: a case, an item, a hall's day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stream<'a> {
    /// What kind of thing it is, such as `case`.
    pub kind: &'a str,
    /// Which one.
    pub id: Uuid,
}

/// Who entered the events, where and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// The person or program, by id; no personal data.
    pub actor: String,
    /// The organisation they acted for.
    pub org: Option<Uuid>,
    /// The request it came from.
    pub trace: String,
    /// When it was entered, to the microsecond.
    pub entered_at: Timestamp,
}

/// An event to be appended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    /// Its kind, in the past tense.
    pub kind: String,
    /// What happened, as JSON whose exact bytes are kept and hashed.
    pub body_json: String,
    /// When it happened, to the microsecond; may lie before the entry.
    pub happened_at: Timestamp,
    /// The legal ground 依据.
    pub ground: Option<String>,
}

/// An event as it stands in the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// Place in the whole journal; rising, but not the order of commits on PostgreSQL.
    pub position: i64,
    /// Kind of its stream.
    pub stream_kind: String,
    /// Id of its stream.
    pub stream_id: Uuid,
    /// Place in its stream, from 1.
    pub seq: i64,
    /// Who entered it, where and when.
    pub stamp: Stamp,
    /// The event itself.
    pub event: NewEvent,
    /// The chain up to and with this event.
    pub hash: Head,
}

impl FromRow for Envelope {
    fn from_row(r: &Row<'_>) -> Result<Self> {
        Ok(Self {
            position: r.get(0)?,
            stream_kind: r.get(1)?,
            stream_id: r.get(2)?,
            seq: r.get(3)?,
            event: NewEvent {
                kind: r.get(4)?,
                body_json: r.get(5)?,
                ground: r.get(6)?,
                happened_at: r.get(10)?,
            },
            stamp: Stamp { actor: r.get(7)?, org: r.get(8)?, trace: r.get(9)?, entered_at: r.get(11)? },
            hash: r.get(12)?,
        })
    }
}

/// Appends events to a stream whose newest event must be `expected_seq` (0 for a new stream), and yields the new one.
/// [`Error::Conflict`] when the stream has moved on.
pub async fn append(
    tx: &Tx,
    stream: Stream<'_>,
    expected_seq: i64,
    stamp: &Stamp,
    events: &[NewEvent],
) -> Result<i64> {
    append_each(tx, stream, expected_seq, events.iter().map(|event| (stamp, event))).await
}

/// Appends events that were entered by different people at different times: a past that comes in whole.
/// [`Error::Conflict`] when the stream has moved on.
pub async fn append_past(
    tx: &Tx,
    stream: Stream<'_>,
    expected_seq: i64,
    past: &[(Stamp, NewEvent)],
) -> Result<i64> {
    append_each(tx, stream, expected_seq, past.iter().map(|(stamp, event)| (stamp, event))).await
}

/// One round trip for the head, which a new stream does not have, and one for everything that is written.
async fn append_each<'a>(
    tx: &Tx,
    stream: Stream<'a>,
    expected_seq: i64,
    events: impl Iterator<Item = (&'a Stamp, &'a NewEvent)>,
) -> Result<i64> {
    let (mut seq, mut head) = match expected_seq {
        // That it is new is told by the insert itself: an event of that place in the stream is refused.
        0 => (0, START),
        _ => {
            let newest = head(tx, stream).await?;
            (newest.seq, newest.hash)
        }
    };
    if seq != expected_seq {
        return Err(moved(stream, expected_seq));
    }
    let mut written = Vec::new();
    for (stamp, event) in events {
        seq += 1;
        head = chain::next(&head, stream, seq, stamp, event);
        written.push((seq, head, stamp, event));
    }
    if written.is_empty() {
        return Ok(seq);
    }
    let rows: Vec<[Val<'_>; 12]> =
        written.iter().map(|(seq, head, stamp, event)| row(stream, *seq, head, stamp, event)).collect();
    let pending = [stream.kind.into(), stream.id.into(), seq.into(), (&head).into()];
    let mut statements: Vec<(&str, &[Val<'_>])> = rows.iter().map(|row| (INSERT, row.as_slice())).collect();
    statements.push((PENDING, &pending));
    tx.batch(&statements).await.map_err(|e| match e {
        // Another node appended between our look and our write.
        Error::Unique { .. } => moved(stream, expected_seq),
        e => e,
    })?;
    Ok(seq)
}

fn row<'a>(
    stream: Stream<'a>,
    seq: i64,
    head: &'a Head,
    stamp: &'a Stamp,
    event: &'a NewEvent,
) -> [Val<'a>; 12] {
    [
        stream.kind.into(),
        stream.id.into(),
        seq.into(),
        (&event.kind).into(),
        (&event.body_json).into(),
        event.ground.as_ref().into(),
        (&stamp.actor).into(),
        stamp.org.into(),
        (&stamp.trace).into(),
        event.happened_at.into(),
        stamp.entered_at.into(),
        head.into(),
    ]
}

fn moved(stream: Stream<'_>, expected: i64) -> Error {
    Error::Conflict(format!("{} {} is no longer at event {expected}", stream.kind, stream.id))
}

/// Events of all streams of a kind in the order of their ids: those after event `after.1` of stream `after.0`, up to stream
/// `last` with it, at most `limit`.
pub async fn read_between(
    tx: &Tx,
    kind: &str,
    after: (Uuid, i64),
    last: Uuid,
    limit: u32,
) -> Result<Vec<Envelope>> {
    tx.all(BETWEEN, &[kind.into(), after.0.into(), after.1.into(), last.into(), limit.into()]).await
}

/// The events of a stream after `after_seq`, oldest first, at most `limit`.
pub async fn read(tx: &Tx, stream: Stream<'_>, after_seq: i64, limit: u32) -> Result<Vec<Envelope>> {
    tx.all(READ, &[stream.kind.into(), stream.id.into(), after_seq.into(), limit.into()]).await
}
