//! Every event is found once by each way of looking for it, and an end that was cut off shows.

use jiff::Timestamp;
use uuid::Uuid;

use super::*;
use crate::testing::on_both;
use crate::{Db, Work};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn case(id: u128) -> Stream<'static> {
    Stream { kind: "case", id: Uuid::from_u128(id) }
}

/// One event: stream, its place, actor, kind, second of entry.
struct Enter(u128, i64, &'static str, &'static str, i64);
impl Work for Enter {
    type Out = i64;
    type Err = Error;
    async fn run(&self, tx: &Tx) -> Result<i64> {
        let stamp = Stamp { actor: self.2.into(), org: None, trace: "t".into(), entered_at: at(self.4) };
        let (kind, body_json) = (self.3.into(), "{}".into());
        let event = NewEvent { kind, body_json, happened_at: at(0), ground: None };
        append(tx, case(self.0), self.1 - 1, &stamp, &[event]).await
    }
}

async fn filled(db: &Db) {
    let all = [
        Enter(1, 1, "staff:1", "submitted", 10),
        Enter(1, 2, "staff:2", "accepted", 20),
        // Another node's clock is behind; and two at the same instant.
        Enter(2, 1, "staff:1", "submitted", 15),
        Enter(2, 2, "staff:1", "accepted", 30),
        Enter(1, 3, "staff:1", "granted", 30),
    ];
    for event in all {
        db.write(event).await.unwrap();
    }
}

struct Find(Whose<'static>, i64, i64, Option<Cursor>, u32);
impl Work for Find {
    type Out = Vec<Envelope>;
    type Err = Error;
    async fn run(&self, tx: &Tx) -> Result<Self::Out> {
        let (from, until) = (at(self.1), at(self.2));
        search(tx, &Search { from, until, after: self.3, ..Search::new(self.0, self.4) }).await
    }
}

#[tokio::test]
async fn each_way_of_looking_finds_its_events_newest_first() {
    on_both(|db| async move {
        filled(&db).await;
        let wanted: [(Whose<'static>, i64, i64, &[i64]); 7] = [
            (Whose::All, 0, 99, &[5, 4, 2, 3, 1]),
            (Whose::All, 15, 30, &[2, 3]),
            (Whose::By("staff:1"), 0, 99, &[5, 4, 3, 1]),
            (Whose::By("staff:1"), 11, 30, &[3]),
            (Whose::Kind("accepted"), 0, 99, &[4, 2]),
            (Whose::Of(case(1)), 0, 99, &[5, 2, 1]),
            (Whose::By("staff:9"), 0, 99, &[]),
        ];
        for (whose, from, until, positions) in wanted {
            let found = db.read(Find(whose, from, until, None, 10)).await.unwrap();
            assert_eq!(found.iter().map(|e| e.position).collect::<Vec<_>>(), positions, "{whose:?} {from}");
        }
    })
    .await;
}

#[tokio::test]
async fn pages_hold_every_event_once_and_a_forged_cursor_shows_nothing_beyond_the_time() {
    on_both(|db| async move {
        filled(&db).await;
        let (mut after, mut seen) = (None, Vec::new());
        loop {
            let page = db.read(Find(Whose::All, 0, 99, after, 2)).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some(Cursor::from(last));
            seen.extend(page.iter().map(|e| e.position));
        }
        assert_eq!(seen, [5, 4, 2, 3, 1]);
        let forged = Some(Cursor { entered_at: at(1000), position: 1000 });
        assert_eq!(db.read(Find(Whose::All, 0, 20, forged, 9)).await.unwrap().len(), 2);
    })
    .await;
}

struct Seal;
impl Work for Seal {
    type Out = Option<i64>;
    type Err = Error;
    async fn run(&self, tx: &Tx) -> Result<Option<i64>> {
        seal_block(tx, at(50)).await
    }
}

struct Run(&'static str);
impl Work for Run {
    type Out = u64;
    type Err = Error;
    async fn run(&self, tx: &Tx) -> Result<u64> {
        tx.exec(self.0, &[]).await
    }
}

struct CheckTail(u128, i64);
impl Work for CheckTail {
    type Out = Option<Broken>;
    type Err = Error;
    async fn run(&self, tx: &Tx) -> Result<Self::Out> {
        check_tail(tx, case(self.0), self.1).await
    }
}

#[tokio::test]
async fn an_end_that_was_cut_off_unsealed_shows_by_the_version_of_the_row() {
    on_both(|db| async move {
        filled(&db).await;
        assert_eq!(db.read(CheckTail(1, 3)).await.unwrap(), None);
        assert_eq!(db.read(CheckTail(9, 0)).await.unwrap(), None);
        let at = |id, seq| {
            let stream = case(id);
            Some(Broken::Event { stream_kind: "case".into(), stream_id: stream.id, seq })
        };
        assert_eq!(db.read(CheckTail(1, 2)).await.unwrap(), at(1, 3), "an event that the row does not know");
        db.write(Run("DELETE FROM journal WHERE position = 5")).await.unwrap();
        db.write(Run("DELETE FROM journal_pending")).await.unwrap();
        assert_eq!(db.read(CheckTail(1, 3)).await.unwrap(), at(1, 3));
        assert_eq!(db.read(CheckTail(9, 1)).await.unwrap(), at(9, 1), "a whole stream is gone");
    })
    .await;
}

#[tokio::test]
async fn an_end_that_was_cut_off_with_its_row_set_back_shows_by_the_sealed_block() {
    on_both(|db| async move {
        filled(&db).await;
        db.write(Seal).await.unwrap();
        db.write(Run("DELETE FROM journal WHERE position = 5")).await.unwrap();
        let broken = db.read(CheckTail(1, 2)).await.unwrap();
        assert_eq!(broken, Some(Broken::Event { stream_kind: "case".into(), stream_id: case(1).id, seq: 3 }));
        // Replaced by another event in its place: the chain fits, the sealed head does not.
        db.write(Enter(1, 3, "staff:1", "refused", 30)).await.unwrap();
        assert_eq!(db.read(CheckTail(1, 3)).await.unwrap(), broken);
        assert_eq!(db.read(CheckTail(2, 2)).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn streams_are_read_one_after_the_other_and_a_published_block_is_missed() {
    on_both(|db| async move {
        filled(&db).await;
        db.write(Seal).await.unwrap();
        struct Walk;
        impl Work for Walk {
            type Out = ([Vec<Envelope>; 3], Option<(i64, Head)>);
            type Err = Error;
            async fn run(&self, tx: &Tx) -> Result<Self::Out> {
                let (start, one, all) = ((Uuid::nil(), 0), Uuid::from_u128(1), Uuid::max());
                let some = read_between(tx, "case", start, all, 2).await?;
                let rest = read_between(tx, "case", (one, 2), all, 9).await?;
                Ok(([some, rest, read_between(tx, "case", start, one, 9).await?], last_block(tx).await?))
            }
        }
        let (pages, block) = db.read(Walk).await.unwrap();
        let places =
            pages.map(|page| page.iter().map(|e| (e.stream_id.as_u128(), e.seq)).collect::<Vec<_>>());
        assert_eq!(
            places,
            [vec![(1, 1), (1, 2)], vec![(1, 3), (2, 1), (2, 2)], vec![(1, 1), (1, 2), (1, 3)]]
        );
        struct CheckBlock(i64, Head);
        impl Work for CheckBlock {
            type Out = Option<Broken>;
            type Err = Error;
            async fn run(&self, tx: &Tx) -> Result<Self::Out> {
                check_block(tx, self.0, &self.1).await
            }
        }
        let (no, hash) = block.unwrap();
        assert_eq!(db.read(CheckBlock(no, hash)).await.unwrap(), None);
        assert_eq!(db.read(CheckBlock(no, START)).await.unwrap(), Some(Broken::Block { no }));
        db.write(Run("DELETE FROM journal_block")).await.unwrap();
        assert_eq!(db.read(CheckBlock(no, hash)).await.unwrap(), Some(Broken::Block { no }));
    })
    .await;
}
