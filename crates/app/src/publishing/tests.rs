//! Heads are published once a day, written down, shown, and never over a journal that was altered.

use super::*;
use crate::testing::{World, on_both, world};
use axum::http::StatusCode;
use jiff::SignedDuration;
use std::sync::Arc;
use store::journal::{NewEvent, Stamp, Stream};
use uuid::Uuid;

/// Enters one event and seals it.
struct Seal(Uuid, jiff::Timestamp);

impl Work for Seal {
    type Out = ();
    type Err = Error;

    async fn run(&self, tx: &Tx) -> store::Result<()> {
        let stamp = Stamp { actor: "system".into(), org: None, trace: "t".into(), entered_at: self.1 };
        let event =
            NewEvent { kind: "noted".into(), body_json: "{}".into(), happened_at: self.1, ground: None };
        journal::append(tx, Stream { kind: "note", id: self.0 }, 0, &stamp, &[event]).await?;
        journal::seal_block(tx, self.1).await.map(drop)
    }
}

/// What an intruder with the database would do.
struct CutOff;

impl Work for CutOff {
    type Out = u64;
    type Err = Error;

    async fn run(&self, tx: &Tx) -> store::Result<u64> {
        tx.exec("DELETE FROM journal_block WHERE no = 2", &[]).await
    }
}

fn publishing(world: &World, folder: &Path) -> World {
    let key = SigningKey::generate(&[7; 32]).unwrap();
    let mut world = world.clone();
    world.ctx.publishing = Some(Arc::new(Publishing { key, folder: folder.join("heads") }));
    world
}

async fn day_passes(world: &World, n: u128) {
    world.db.write(Seal(Uuid::from_u128(n), world.now())).await.unwrap();
    world.clock.advance(SignedDuration::from_hours(24));
}

#[tokio::test]
async fn a_head_is_published_once_a_day_in_the_file_and_on_the_page() {
    on_both(|world| async move {
        let (_, folder) = store::testing::files();
        let world = publishing(&world, folder.path());
        let file = folder.path().join("heads").join(FILE);
        assert_eq!(publish_due(&world).await, Ok(0), "there is no block yet");
        for n in 1..=3 {
            day_passes(&world, n).await;
            assert_eq!(publish_due(&world).await, Ok(1));
            assert_eq!(publish_due(&world).await, Ok(0), "once a day");
        }
        let heads = read_heads(&std::fs::read_to_string(&file).unwrap()).unwrap();
        let days: Vec<(&str, i64)> = heads.iter().map(|head| (head.day.as_str(), head.block)).collect();
        assert_eq!(days, [("2026-03-03", 1), ("2026-03-04", 2), ("2026-03-05", 3)]);
        assert!(heads.iter().all(SignedHead::is_genuine));
        std::fs::remove_file(&file).unwrap();
        assert_eq!(publish_due(&world).await, Ok(3), "another node, or a lost file, catches up");
        let (status, _, json) = world.fetch("/journal/heads.json?before=2026-03-05").await;
        let shown = read_heads(&json).unwrap();
        assert_eq!((status, shown), (StatusCode::OK, vec![heads[1].clone(), heads[0].clone()]));
        let (status, _, page) = world.fetch("/journal/heads").await;
        assert_eq!(status, StatusCode::OK);
        assert!(page.contains("2026-03-05") && page.contains(&heads[2].public_key.to_string()));
    })
    .await;
}

#[tokio::test]
async fn a_journal_that_lost_what_was_published_is_not_signed_again() {
    let world = world().await;
    let (_, folder) = store::testing::files();
    let world = publishing(&world, folder.path());
    for n in 1..=2 {
        day_passes(&world, n).await;
        publish_due(&world).await.unwrap();
    }
    world.db.write(CutOff).await.unwrap();
    world.clock.advance(SignedDuration::from_hours(24));
    let error = publish_due(&world).await.unwrap_err().to_string();
    assert!(error.contains("2026-03-04") && error.contains("the journal ends at block 1"), "{error}");
}

#[tokio::test]
async fn without_a_key_nothing_is_published_and_the_page_says_so() {
    let world = world().await;
    day_passes(&world, 1).await;
    assert_eq!(publish_due(&world).await, Ok(0));
    let (status, _, page) = world.fetch("/journal/heads?before=nonsense").await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("还没有公布过"));
    assert_eq!(world.fetch("/journal/heads.json").await.2, "[]");
}

#[test]
fn what_is_no_head_is_refused() {
    for bad in ["{}", "[1]", "heads", "{\"day\":\"2026-03-02\"}"] {
        assert!(read_heads(bad).is_err(), "{bad}");
    }
    assert_eq!(read_heads(""), Ok(Vec::new()));
}
