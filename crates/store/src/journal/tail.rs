//! The ends of streams and of the chain of blocks: whoever cuts off the newest events leaves a chain that fits, and is
//! found by what others remember: a sealed block, the version of a row, a block's hash that was published.

use uuid::Uuid;

use super::chain::{Head, START};
use super::{Broken, Stream};
use crate::{FromRow, Result, Row, Tx};

crate::statements! {
    HEAD = "SELECT seq, hash FROM journal WHERE stream_kind = $1 AND stream_id = $2 ORDER BY seq DESC LIMIT 1";
    SEALED = "SELECT seq, head FROM journal_leaf WHERE stream_kind = $1 AND stream_id = $2 ORDER BY seq DESC LIMIT 1";
    AT = "SELECT hash FROM journal WHERE stream_kind = $1 AND stream_id = $2 AND seq = $3";
    LAST_BLOCK = "SELECT no, hash FROM journal_block ORDER BY no DESC LIMIT 1";
    BLOCK = "SELECT hash FROM journal_block WHERE no = $1";
}

/// The newest event of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamHead {
    /// Which thing's.
    pub stream_id: Uuid,
    /// Its place in the stream, which is the version of the thing's row.
    pub seq: i64,
    /// The chain up to and with it.
    pub hash: Head,
}

impl FromRow for StreamHead {
    fn from_row(r: &Row<'_>) -> Result<Self> {
        Ok(Self { stream_id: r.get(0)?, seq: r.get(1)?, hash: r.get(2)? })
    }
}

/// The newest event of a stream; place 0 when there is none.
pub async fn head(tx: &Tx, stream: Stream<'_>) -> Result<StreamHead> {
    let row = tx.opt::<(i64, Head)>(HEAD, &[stream.kind.into(), stream.id.into()]).await?;
    let (seq, hash) = row.unwrap_or((0, START));
    Ok(StreamHead { stream_id: stream.id, seq, hash })
}

/// Whether a stream ends where its row (`version`) and the last sealed block that knows it say; otherwise the first
/// event that is missing, or the one that was never entered in the row or was replaced after sealing.
pub async fn check_tail(tx: &Tx, stream: Stream<'_>, version: i64) -> Result<Option<Broken>> {
    let broken = |seq| Some(Broken::Event { stream_kind: stream.kind.to_owned(), stream_id: stream.id, seq });
    let found = head(tx, stream).await?.seq;
    if found != version {
        return Ok(broken(found.min(version) + 1));
    }
    let key = [stream.kind.into(), stream.id.into()];
    let Some((seq, sealed)) = tx.opt::<(i64, Head)>(SEALED, &key).await? else { return Ok(None) };
    if seq > found {
        return Ok(broken(found + 1));
    }
    let [kind, id] = key;
    let now = tx.opt::<(Head,)>(AT, &[kind, id, seq.into()]).await?;
    Ok(if now == Some((sealed,)) { None } else { broken(seq) })
}

/// The newest block: its number and hash, to be published or written down elsewhere.
pub async fn last_block(tx: &Tx) -> Result<Option<(i64, Head)>> {
    tx.opt(LAST_BLOCK, &[]).await
}

/// Whether the block that was published with this number and hash still stands; otherwise the chain of blocks was cut
/// off before it or made anew.
pub async fn check_block(tx: &Tx, no: i64, hash: &Head) -> Result<Option<Broken>> {
    let found = tx.opt::<(Head,)>(BLOCK, &[no.into()]).await?;
    Ok(if found == Some((*hash,)) { None } else { Some(Broken::Block { no }) })
}
