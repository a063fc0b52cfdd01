//! A disk without room, seen from the browser: who writes is told, who reads is served, nothing acknowledged is lost.

use crate::testing::{World, world};
use axum::http::StatusCode;
use domain::catalogue::{Audience, Regime};
use store::{Error, Tx, Work};

/// How many pages the file of the database may have; none: as many as it likes.
struct Room(Option<i64>);

impl Work for Room {
    type Out = ();
    type Err = Error;

    async fn run(&self, tx: &Tx) -> store::Result<()> {
        let (now,): (i64,) = tx.one("PRAGMA page_count", &[]).await?;
        let most = self.0.map_or(1_000_000_000, |more| now + more);
        let pragma = format!("PRAGMA max_page_count = {most}");
        tx.all::<(i64,)>(&pragma, &[]).await.map(drop)
    }
}

fn address(world: &World) -> String {
    let fits = |entry: &&crate::catalogue::Entry| {
        let guide = &entry.item.guide;
        entry.item.regime.value == Regime::Promised
            && guide.channels.online
            && guide.process.audience.contains(&Audience::NaturalPerson)
    };
    format!("/apply/{}", world.catalogue().items().iter().find(fits).expect("an item").slug())
}

#[tokio::test]
async fn on_a_full_disk_a_person_is_told_nothing_acknowledged_is_lost_and_room_is_enough_to_go_on() {
    let world = world().await;
    let case = crate::intake::submitted_for_tests(&world, Regime::Promised).await.cases[0].id;
    let (_, cookie) = world.citizen(1).await;
    let begin = address(&world);
    world.db.write(Room(Some(3))).await.unwrap();
    let mut acknowledged = Vec::new();
    let refused = loop {
        let (status, headers, text) = world.post_as(&cookie, &begin, &[]).await;
        match headers.get("location") {
            Some(place) => acknowledged.push(place.to_str().unwrap().to_owned()),
            None => break (status, headers, text),
        }
        assert!(acknowledged.len() < 500, "the disk never fills");
    };
    let (status, headers, text) = refused;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(headers.contains_key("retry-after") && text.contains("数据暂时存不进去"), "{text}");
    assert!(text.contains("以前提交的资料都在") && !text.contains("SQLITE") && !text.contains("disk"));
    world.clock.advance(jiff::SignedDuration::from_mins(2));
    for place in ["/me".to_owned(), begin.clone()].iter().chain(&acknowledged) {
        assert_eq!(world.get_as(&cookie, place).await.0, StatusCode::OK, "{place}: reading needs no room");
    }
    world.db.write(Room(None)).await.unwrap();
    assert_eq!(world.post_as(&cookie, &begin, &[]).await.0, StatusCode::SEE_OTHER, "without a restart");
    assert!(crate::cases::is_proven(&world.db, case).await.unwrap());
    assert!(crate::proof::prove(&world.db).await.unwrap().holds());
}
