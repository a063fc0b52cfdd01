//! Checking the whole journal, page by page, and naming the first thing that is wrong.

use uuid::Uuid;

use super::chain::{self, Head, START};
use super::{Envelope, Stream};
use crate::{Result, Tx};

/// Rows held in memory at once.
const PAGE: u32 = 500;

crate::statements! {
    EVENTS = "SELECT position, stream_kind, stream_id, seq, kind, body, ground, actor, org, trace, happened_at,
        entered_at, hash FROM journal WHERE (stream_kind, stream_id, seq) > ($1, $2, $3)
        ORDER BY stream_kind, stream_id, seq LIMIT $4";
    BLOCKS = "SELECT no, leaves, root, previous, sealed_at, hash FROM journal_block WHERE no > $1 ORDER BY no LIMIT $2";
    LEAVES = "SELECT l.stream_kind, l.stream_id, l.seq, l.head, j.hash FROM journal_leaf l
        LEFT JOIN journal j ON j.stream_kind = l.stream_kind AND j.stream_id = l.stream_id AND j.seq = l.seq
        WHERE l.block_no = $1 ORDER BY l.idx";
    UNSEALED = "SELECT p.stream_kind, p.stream_id, p.seq FROM journal_pending p
        LEFT JOIN journal j ON j.stream_kind = p.stream_kind AND j.stream_id = p.stream_id AND j.seq = p.seq
        WHERE j.hash IS NULL OR j.hash <> p.head ORDER BY p.stream_kind, p.stream_id, p.seq LIMIT 1",
        scans: "what no block has taken in yet is little, and all of it is checked";
    UNCOVERED = "SELECT j.stream_kind, j.stream_id, j.seq FROM journal j
        WHERE NOT EXISTS (SELECT 1 FROM journal n WHERE n.stream_kind = j.stream_kind AND n.stream_id = j.stream_id
            AND n.seq > j.seq)
        AND NOT EXISTS (SELECT 1 FROM journal_pending p WHERE p.stream_kind = j.stream_kind
            AND p.stream_id = j.stream_id AND p.seq = j.seq)
        AND NOT EXISTS (SELECT 1 FROM journal_leaf l WHERE l.stream_kind = j.stream_kind
            AND l.stream_id = j.stream_id AND l.seq = j.seq)
        ORDER BY j.stream_kind, j.stream_id LIMIT 1",
        scans: "the whole journal is checked, at night or by hand";
}

/// The first entry that does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Broken {
    /// An event was altered, or the one before it was taken away.
    Event {
        /// Kind of its stream.
        stream_kind: String,
        /// Id of its stream.
        stream_id: Uuid,
        /// Its place in the stream.
        seq: i64,
    },
    /// A block was altered, or the one before it was taken away.
    Block {
        /// Its number.
        no: i64,
    },
}

/// Walks all streams, then all blocks; none when everything fits.
pub async fn verify(tx: &Tx) -> Result<Option<Broken>> {
    if let Some(broken) = streams(tx).await? {
        return Ok(Some(broken));
    }
    if let Some(broken) = blocks(tx).await? {
        return Ok(Some(broken));
    }
    for statement in [UNSEALED, UNCOVERED] {
        if let Some((stream_kind, stream_id, seq)) = tx.opt(statement, &[]).await? {
            return Ok(Some(Broken::Event { stream_kind, stream_id, seq }));
        }
    }
    Ok(None)
}

async fn streams(tx: &Tx) -> Result<Option<Broken>> {
    let (mut kind, mut id, mut seq, mut head) = (String::new(), Uuid::nil(), 0, START);
    loop {
        let page: Vec<Envelope> =
            tx.all(EVENTS, &[(&kind).into(), id.into(), seq.into(), PAGE.into()]).await?;
        for e in &page {
            if (&e.stream_kind, e.stream_id) != (&kind, id) {
                (kind, id, seq, head) = (e.stream_kind.clone(), e.stream_id, 0, START);
            }
            seq += 1;
            head = chain::next(&head, Stream { kind: &kind, id }, seq, &e.stamp, &e.event);
            if e.seq != seq || e.hash != head {
                return Ok(Some(Broken::Event { stream_kind: kind, stream_id: id, seq }));
            }
        }
        if page.len() < PAGE as usize {
            return Ok(None);
        }
    }
}

async fn blocks(tx: &Tx) -> Result<Option<Broken>> {
    let (mut last, mut before) = (0, START);
    loop {
        let page: Vec<(i64, i64, Head, Head, i64, Head)> =
            tx.all(BLOCKS, &[last.into(), PAGE.into()]).await?;
        for (no, count, root, previous, sealed_at, hash) in &page {
            last += 1;
            let leaves: Vec<(String, Uuid, i64, Head, Option<Head>)> =
                tx.all(LEAVES, &[(*no).into()]).await?;
            if let Some(l) = leaves.iter().find(|l| l.4 != Some(l.3)) {
                return Ok(Some(Broken::Event { stream_kind: l.0.clone(), stream_id: l.1, seq: l.2 }));
            }
            let hashed = leaves.iter().map(|l| chain::leaf(&l.0, l.1.as_bytes(), l.2, &l.3)).collect();
            let fits = *no == last
                && *previous == before
                && *count == leaves.len() as i64
                && *root == chain::root(hashed)
                && *hash == chain::block(&before, last, *count, root, *sealed_at);
            if !fits {
                return Ok(Some(Broken::Block { no: last }));
            }
            before = *hash;
        }
        if page.len() < PAGE as usize {
            return Ok(None);
        }
    }
}
