//! Whatever is altered in the journal is found and named.

use jiff::Timestamp;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::testing::on_both;
use crate::{Db, Work};

const ID: Uuid = Uuid::from_u128(7);

fn stamp() -> Stamp {
    Stamp {
        actor: "staff:1".into(),
        org: Some(Uuid::from_u128(3)),
        trace: "t".into(),
        entered_at: Timestamp::UNIX_EPOCH,
    }
}

fn event(body: &str) -> NewEvent {
    let (kind, body_json) = ("accepted".into(), body.into());
    NewEvent {
        kind,
        body_json,
        happened_at: Timestamp::UNIX_EPOCH,
        ground: Some("行政许可法第三十二条".into()),
    }
}

struct Append(u128, i64, usize);
impl Work for Append {
    type Out = i64;
    type Err = Error;
    async fn run(&self, tx: &Tx) -> Result<i64> {
        let events: Vec<_> = (0..self.2).map(|n| event(&format!("{{\"n\":{n}}}"))).collect();
        append(tx, Stream { kind: "case", id: Uuid::from_u128(self.0) }, self.1, &stamp(), &events).await
    }
}

struct Seal;
impl Work for Seal {
    type Out = Option<i64>;
    type Err = Error;
    async fn run(&self, tx: &Tx) -> Result<Option<i64>> {
        seal_block(tx, Timestamp::UNIX_EPOCH).await
    }
}

struct Verify;
impl Work for Verify {
    type Out = Option<Broken>;
    type Err = Error;
    async fn run(&self, tx: &Tx) -> Result<Option<Broken>> {
        verify(tx).await
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

async fn filled(db: &Db) {
    db.write(Append(7, 0, 3)).await.unwrap();
    db.write(Append(8, 0, 2)).await.unwrap();
    assert_eq!(db.write(Seal).await.unwrap(), Some(1));
    db.write(Append(7, 3, 1)).await.unwrap();
    assert_eq!(db.write(Seal).await.unwrap(), Some(2));
    assert_eq!(db.write(Seal).await.unwrap(), None);
    db.write(Append(8, 2, 1)).await.unwrap();
    assert_eq!(db.read(Verify).await.unwrap(), None);
}

#[tokio::test]
async fn a_stream_that_has_moved_on_is_a_conflict() {
    on_both(|db| async move {
        assert_eq!(db.write(Append(7, 0, 2)).await.unwrap(), 2);
        assert!(matches!(db.write(Append(7, 0, 1)).await, Err(Error::Conflict(_))));
        assert_eq!(db.write(Append(7, 2, 1)).await.unwrap(), 3);
        struct Read;
        impl Work for Read {
            type Out = Vec<Envelope>;
            type Err = Error;
            async fn run(&self, tx: &Tx) -> Result<Self::Out> {
                read(tx, Stream { kind: "case", id: ID }, 1, 10).await
            }
        }
        let events = db.read(Read).await.unwrap();
        assert_eq!(events.iter().map(|e| e.seq).collect::<Vec<_>>(), [2, 3]);
        assert_eq!((&events[0].stamp, &events[0].event), (&stamp(), &event("{\"n\":1}")));
    })
    .await;
}

#[tokio::test]
async fn every_alteration_is_found_and_named() {
    let at =
        |id: u128, seq| Broken::Event { stream_kind: "case".into(), stream_id: Uuid::from_u128(id), seq };
    let alterations = [
        ("UPDATE journal SET body = '{\"n\":9}' WHERE position = 2", at(7, 2)),
        ("UPDATE journal SET actor = 'staff:2' WHERE position = 1", at(7, 1)),
        ("UPDATE journal SET org = NULL WHERE position = 3", at(7, 3)),
        ("UPDATE journal SET ground = NULL WHERE position = 4", at(8, 1)),
        ("UPDATE journal SET happened_at = 1 WHERE position = 5", at(8, 2)),
        ("DELETE FROM journal WHERE position = 2", at(7, 2)),
        ("DELETE FROM journal WHERE position = 6", at(7, 4)),
        ("DELETE FROM journal WHERE position = 7", at(8, 3)),
        ("DELETE FROM journal_pending", at(8, 3)),
        ("UPDATE journal_leaf SET idx = idx + 5 WHERE block_no = 1 AND idx = 0", Broken::Block { no: 1 }),
        ("DELETE FROM journal_leaf WHERE block_no = 2", Broken::Block { no: 2 }),
        ("DELETE FROM journal_block WHERE no = 1", Broken::Block { no: 1 }),
        ("UPDATE journal_block SET sealed_at = 5 WHERE no = 2", Broken::Block { no: 2 }),
    ];
    for (alteration, broken) in alterations {
        let broken = &broken;
        on_both(|db| async move {
            filled(&db).await;
            assert!(db.write(Run(alteration)).await.unwrap() > 0, "{alteration}");
            assert_eq!(db.read(Verify).await.unwrap().as_ref(), Some(broken), "{alteration}");
        })
        .await;
    }
}

proptest! {
    #[test]
    fn any_other_field_gives_another_head(a in ".{0,8}", b in ".{0,8}", c in ".{0,8}", d in ".{0,8}") {
        prop_assume!((&a, &b) != (&c, &d));
        let stream = Stream { kind: "case", id: ID };
        let head = |kind: &str, body: &str| {
            chain::next(&START, stream, 1, &stamp(), &NewEvent { kind: kind.into(), ..event(body) })
        };
        prop_assert_ne!(head(&a, &b), head(&c, &d));
    }
}
