//! How one event stands: whether the chain of its stream leads to its hash, and which block has sealed it.

use jiff::Timestamp;

use super::chain::{self, Head, START};
use super::{Envelope, Stream, read};
use crate::{FromRow, Result, Row, Tx};

/// Events of a stream held in memory at once.
const PAGE: u32 = 500;

crate::statements! {
    BY_POSITION = "SELECT position, stream_kind, stream_id, seq, kind, body, ground, actor, org, trace, happened_at,
        entered_at, hash FROM journal WHERE position = $1";
    COVER = "SELECT b.no, b.leaves, b.sealed_at, b.hash, l.seq, l.head FROM journal_leaf l
        JOIN journal_block b ON b.no = l.block_no
        WHERE l.stream_kind = $1 AND l.stream_id = $2 AND l.seq >= $3 ORDER BY l.seq LIMIT 1";
    NEWEST = "SELECT entered_at FROM journal ORDER BY entered_at DESC, position DESC LIMIT 1";
    LAST = "SELECT no, leaves, sealed_at, hash FROM journal_block WHERE no < $1 ORDER BY no DESC LIMIT $2";
}

/// A sealed block, as people compare it with what was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    /// Its number.
    pub no: i64,
    /// How many streams it took in.
    pub leaves: i64,
    /// When it was sealed.
    pub sealed_at: Timestamp,
    /// Its hash.
    pub hash: Head,
}

impl FromRow for Block {
    fn from_row(r: &Row<'_>) -> Result<Self> {
        Ok(Self { no: r.get(0)?, leaves: r.get(1)?, sealed_at: r.get(2)?, hash: r.get(3)? })
    }
}

/// How an event stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Every event of the stream up to this one has the hash that follows from the one before it.
    pub chained: bool,
    /// The block that sealed it, and whether the stream is still as it was sealed; none while it waits for a block.
    pub sealed: Option<(Block, bool)>,
}

impl Standing {
    /// Nothing speaks against the event.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.chained && self.sealed.is_none_or(|(_, unchanged)| unchanged)
    }
}

/// The event at this place of the journal.
pub async fn by_position(tx: &Tx, position: i64) -> Result<Option<Envelope>> {
    tx.opt(BY_POSITION, &[position.into()]).await
}

/// When the newest event was entered.
pub async fn newest_entry(tx: &Tx) -> Result<Option<Timestamp>> {
    Ok(tx.opt::<(Timestamp,)>(NEWEST, &[]).await?.map(|(at,)| at))
}

/// The newest blocks before number `before`, newest first.
pub async fn last_blocks(tx: &Tx, before: Option<i64>, limit: u32) -> Result<Vec<Block>> {
    tx.all(LAST, &[before.unwrap_or(i64::MAX).into(), limit.into()]).await
}

struct Cover {
    block: Block,
    seq: i64,
    head: Head,
}

impl FromRow for Cover {
    fn from_row(r: &Row<'_>) -> Result<Self> {
        Ok(Self { block: Block::from_row(r)?, seq: r.get(4)?, head: r.get(5)? })
    }
}

/// How the event `seq` of a stream stands. It reads the stream from its beginning to that event, and on to the event
/// that a block has sealed.
pub async fn standing(tx: &Tx, stream: Stream<'_>, seq: i64) -> Result<Standing> {
    let key = [stream.kind.into(), stream.id.into(), seq.into()];
    let cover: Option<Cover> = tx.opt(COVER, &key).await?;
    let until = cover.as_ref().map_or(seq, |cover| cover.seq);
    let (mut chained, mut at, mut head) = (true, 0, START);
    while at < until {
        let page = read(tx, stream, at, PAGE).await?;
        if page.is_empty() {
            break;
        }
        for e in page.iter().take_while(|e| e.seq <= until) {
            at += 1;
            head = chain::next(&head, stream, at, &e.stamp, &e.event);
            if e.seq <= seq && (e.seq != at || e.hash != head) {
                chained = false;
            }
        }
        if page.last().is_some_and(|e| e.seq >= until) {
            break;
        }
    }
    Ok(Standing {
        chained: chained && at >= seq,
        sealed: cover.map(|c| (c.block, at == c.seq && head == c.head)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::{NewEvent, Stamp, append, seal_block};
    use crate::testing::on_both_with;
    use crate::{Error, MIGRATIONS, Work};
    use uuid::Uuid;

    const ID: Uuid = Uuid::from_u128(1);
    const STREAM: Stream<'_> = Stream { kind: "case", id: ID };

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    struct Write(i64, bool);
    impl Work for Write {
        type Out = ();
        type Err = Error;
        async fn run(&self, tx: &Tx) -> Result<()> {
            let stamp = Stamp { actor: "system".into(), org: None, trace: "t".into(), entered_at: at(1) };
            let event = || NewEvent {
                kind: "noted".into(),
                body_json: "{}".into(),
                happened_at: at(1),
                ground: None,
            };
            append(tx, STREAM, self.0, &stamp, &[event(), event()]).await?;
            if self.1 {
                seal_block(tx, at(60 + self.0)).await?;
            }
            Ok(())
        }
    }

    struct Look(i64);
    impl Work for Look {
        type Out = Standing;
        type Err = Error;
        async fn run(&self, tx: &Tx) -> Result<Standing> {
            standing(tx, STREAM, self.0).await
        }
    }

    struct Alter(i64);
    impl Work for Alter {
        type Out = ();
        type Err = Error;
        async fn run(&self, tx: &Tx) -> Result<()> {
            tx.exec("UPDATE journal SET body = '[]' WHERE seq = $1", &[self.0.into()]).await.map(drop)
        }
    }

    #[tokio::test]
    async fn an_event_is_sealed_by_the_first_block_after_it_and_the_newest_wait() {
        on_both_with(MIGRATIONS, |db| async move {
            db.write(Write(0, true)).await.unwrap();
            db.write(Write(2, true)).await.unwrap();
            db.write(Write(4, false)).await.unwrap();
            for (seq, block) in [(1, Some(1)), (2, Some(1)), (3, Some(2)), (4, Some(2)), (5, None), (6, None)]
            {
                let found = db.read(Look(seq)).await.unwrap();
                assert!(found.holds(), "{seq}: {found:?}");
                assert_eq!(found.sealed.map(|(b, _)| b.no), block, "{seq}");
            }
            assert!(!db.read(Look(7)).await.unwrap().holds(), "there is no such event");
        })
        .await;
    }

    #[tokio::test]
    async fn an_altered_event_shows_in_itself_and_in_what_comes_after_it() {
        on_both_with(MIGRATIONS, |db| async move {
            db.write(Write(0, true)).await.unwrap();
            db.write(Write(2, true)).await.unwrap();
            db.write(Alter(3)).await.unwrap();
            for (seq, holds) in [(1, true), (2, true), (3, false), (4, false)] {
                assert_eq!(db.read(Look(seq)).await.unwrap().holds(), holds, "{seq}");
            }
        })
        .await;
    }

    struct Blocks;
    impl Work for Blocks {
        type Out = (Vec<i64>, Vec<i64>, Option<i64>);
        type Err = Error;
        async fn run(&self, tx: &Tx) -> Result<Self::Out> {
            let no = |list: Vec<Block>| list.iter().map(|b| b.no).collect();
            let first = by_position(tx, 1).await?.map(|e| e.seq);
            Ok((no(last_blocks(tx, None, 2).await?), no(last_blocks(tx, Some(2), 2).await?), first))
        }
    }

    #[tokio::test]
    async fn blocks_are_paged_newest_first_and_an_event_is_found_by_its_place() {
        on_both_with(MIGRATIONS, |db| async move {
            for n in 0..3 {
                db.write(Write(n * 2, true)).await.unwrap();
            }
            let (newest, before, first) = db.read(Blocks).await.unwrap();
            assert_eq!((newest, before, first), (vec![3, 2], vec![1], Some(1)));
        })
        .await;
    }
}
