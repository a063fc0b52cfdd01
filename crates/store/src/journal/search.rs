//! Looking through the journal: who did what, when; newest first, page by page.

use jiff::Timestamp;

use super::{Envelope, Stream};
use crate::{Result, Tx, Val};

crate::statements! {
    BY_TIME = "SELECT position, stream_kind, stream_id, seq, kind, body, ground, actor, org, trace, happened_at,
        entered_at, hash FROM journal WHERE (entered_at, position) < ($1, $2) AND entered_at >= $3
        ORDER BY entered_at DESC, position DESC LIMIT $4";
    BY_ACTOR = "SELECT position, stream_kind, stream_id, seq, kind, body, ground, actor, org, trace, happened_at,
        entered_at, hash FROM journal WHERE actor = $5 AND (entered_at, position) < ($1, $2) AND entered_at >= $3
        ORDER BY entered_at DESC, position DESC LIMIT $4";
    BY_KIND = "SELECT position, stream_kind, stream_id, seq, kind, body, ground, actor, org, trace, happened_at,
        entered_at, hash FROM journal WHERE kind = $5 AND (entered_at, position) < ($1, $2) AND entered_at >= $3
        ORDER BY entered_at DESC, position DESC LIMIT $4";
    BY_STREAM = "SELECT position, stream_kind, stream_id, seq, kind, body, ground, actor, org, trace, happened_at,
        entered_at, hash FROM journal WHERE stream_kind = $5 AND stream_id = $6
        AND (entered_at, position) < ($1, $2) AND entered_at >= $3
        ORDER BY entered_at DESC, position DESC LIMIT $4";
}

/// Whose events are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose<'a> {
    /// Everybody's.
    All,
    /// Those of one thing.
    Of(Stream<'a>),
    /// Those that this person or program entered.
    By(&'a str),
    /// Those of one kind.
    Kind(&'a str),
}

/// The last event of a page, after which the next one begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// When it was entered.
    pub entered_at: Timestamp,
    /// Its place in the journal.
    pub position: i64,
}

impl From<&Envelope> for Cursor {
    fn from(event: &Envelope) -> Self {
        Self { entered_at: event.stamp.entered_at, position: event.position }
    }
}

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Search<'a> {
    /// Whose.
    pub whose: Whose<'a>,
    /// Entered at this instant or later.
    pub from: Timestamp,
    /// Entered before this instant.
    pub until: Timestamp,
    /// The last event of the page before; none for the first page.
    pub after: Option<Cursor>,
    /// Events of a page at most.
    pub limit: u32,
}

impl<'a> Search<'a> {
    /// The first page of all of them, whenever they were entered.
    #[must_use]
    pub fn new(whose: Whose<'a>, limit: u32) -> Self {
        Self { whose, from: Timestamp::MIN, until: Timestamp::MAX, after: None, limit }
    }
}

/// One page, newest entry first.
pub async fn search(tx: &Tx, wanted: &Search<'_>) -> Result<Vec<Envelope>> {
    // Positions begin at 1, so that the instant `until` itself is left out.
    let start = Cursor { entered_at: wanted.until, position: 0 };
    let after = wanted.after.map_or(start, |cursor| earlier(cursor, start));
    let page: [Val<'_>; 4] =
        [after.entered_at.into(), after.position.into(), wanted.from.into(), wanted.limit.into()];
    let [a, b, c, d] = page;
    match wanted.whose {
        Whose::All => tx.all(BY_TIME, &page).await,
        Whose::By(actor) => tx.all(BY_ACTOR, &[a, b, c, d, actor.into()]).await,
        Whose::Kind(kind) => tx.all(BY_KIND, &[a, b, c, d, kind.into()]).await,
        Whose::Of(stream) => tx.all(BY_STREAM, &[a, b, c, d, stream.kind.into(), stream.id.into()]).await,
    }
}

/// A cursor from an address of a page must not lead beyond the time that was asked for.
fn earlier(a: Cursor, b: Cursor) -> Cursor {
    if (a.entered_at, a.position) < (b.entered_at, b.position) { a } else { b }
}
