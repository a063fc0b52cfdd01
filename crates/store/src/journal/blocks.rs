//! Gathering what has been committed into blocks. Appends leave a pending row, because on PostgreSQL a lower position
//! may commit after a higher one: what is visible as pending is committed, whatever its position.

use jiff::Timestamp;

use super::chain::{self, Head, START};
use super::last_block;
use crate::{Result, Tx};

/// Leaves of one block at most; sealing holds them in memory.
pub const BLOCK_LEAVES: u32 = 4096;

crate::statements! {
    TAKE = "SELECT stream_kind, stream_id, seq, head FROM journal_pending ORDER BY stream_kind, stream_id, seq LIMIT $1";
    LEAF = "INSERT INTO journal_leaf (block_no, idx, stream_kind, stream_id, seq, head) VALUES ($1, $2, $3, $4, $5, $6)";
    TAKEN = "DELETE FROM journal_pending WHERE stream_kind = $1 AND stream_id = $2 AND seq = $3";
    BLOCK = "INSERT INTO journal_block (no, leaves, root, previous, sealed_at, hash) VALUES ($1, $2, $3, $4, $5, $6)";
}

/// Seals what is pending into the next block and yields its number; none when nothing is pending. Two nodes sealing at
/// once collide on the number, and one of them is refused.
pub async fn seal_block(tx: &Tx, sealed_at: Timestamp) -> Result<Option<i64>> {
    let pending: Vec<(String, Vec<u8>, i64, Head)> = tx.all(TAKE, &[BLOCK_LEAVES.into()]).await?;
    if pending.is_empty() {
        return Ok(None);
    }
    let (last, previous) = last_block(tx).await?.unwrap_or((0, START));
    let no = last + 1;
    let mut leaves = Vec::with_capacity(pending.len());
    for (idx, (kind, id, seq, head)) in (0i64..).zip(&pending) {
        leaves.push(chain::leaf(kind, id, *seq, head));
        let key = [kind.into(), id.into(), (*seq).into()];
        let row = [no.into(), idx.into(), kind.into(), id.into(), (*seq).into(), head.into()];
        tx.batch(&[(LEAF, &row), (TAKEN, &key)]).await?;
    }
    let count = pending.len() as i64;
    let root = chain::root(leaves);
    let hash = chain::block(&previous, no, count, &root, sealed_at.as_microsecond());
    let row = [no.into(), count.into(), (&root).into(), (&previous).into(), sealed_at.into(), (&hash).into()];
    tx.exec(BLOCK, &row).await?;
    Ok(Some(no))
}
