//! Uploads while the store of files or the scanner is away, and uploads in which the scanner finds something.

use super::*;
use store::files::{Digest, Files};
use store::journal::{self, Envelope, Search, Whose};
use store::scan::Scanner;
use store::testing::{Clamd, S3Server, eicar};
use store::{Tx, Work};

fn keeping(world: &World, files: Files) -> World {
    let mut world = world.clone();
    world.ctx.files = files;
    world
}

/// A draft with the address of the material it asks for first.
async fn asking(world: &World, cookie: &str) -> (String, String) {
    let draft = begun(world, cookie, Regime::Promised).await;
    assert_eq!(world.post_as(cookie, &format!("{draft}/info"), &ANSWERS).await.0, StatusCode::SEE_OTHER);
    let code = asked(world, cookie, &draft).await.remove(0);
    let to = format!("{draft}/materials/{code}");
    (draft, to)
}

/// The picture with the EICAR text behind it: a picture to whoever looks at its beginning only.
fn infected() -> Vec<u8> {
    [PNG, &eicar()].concat()
}

struct Found(&'static str);

impl Work for Found {
    type Out = Vec<Envelope>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Vec<Envelope>> {
        journal::search(tx, &Search::new(Whose::Kind(self.0), 10)).await
    }
}

#[tokio::test]
async fn a_store_of_files_that_is_away_is_told_nothing_is_half_there_and_the_next_try_works() {
    on_both(|world| async move {
        let Some(mut server) = S3Server::start() else { return };
        let world = keeping(&world, Files::s3(&server.place()).unwrap());
        let (_, cookie) = world.citizen(1).await;
        let (draft, to) = asking(&world, &cookie).await;
        server.kill();
        for script in [true, false] {
            let (status, headers, text) = upload(&world, &cookie, &to, "身份证.png", PNG, script).await;
            assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
            assert!(text.contains("这份文件没有存上") && headers.contains_key("retry-after"), "{text}");
        }
        let page = world.get_as(&cookie, &format!("{draft}/materials")).await.2;
        assert!(!page.contains("身份证.png"), "the draft names a file that nobody has");
        server.go_on();
        assert_eq!(upload(&world, &cookie, &to, "身份证.png", PNG, true).await.0, StatusCode::OK);
        let draft = complete(&world, &cookie, Regime::Promised).await;
        assert!(submitted(&world, &cookie, &draft).await.contains("受理编号"));
        assert_eq!(world.files.get(&Digest::of(PNG)).await.unwrap(), PNG);
    })
    .await;
}

#[tokio::test]
async fn an_infected_upload_is_refused_counted_and_journaled_and_never_stored() {
    on_both(|world| async move {
        let Some(clamd) = Clamd::start().await else { return };
        let world = keeping(&world, world.files.clone().scanned_by(clamd.unix()));
        let (citizen, cookie) = world.citizen(1).await;
        let (draft, to) = asking(&world, &cookie).await;
        let (status, _, text) = upload(&world, &cookie, &to, "身份证.png", &infected(), true).await;
        assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
        assert!(text.contains("查出了病毒，没有收下"), "{text}");
        let digest = Digest::of(&infected());
        assert_eq!(world.files.get(&digest).await, Err(store::Error::NotFound));
        assert!(!world.get_as(&cookie, &format!("{draft}/materials")).await.2.contains("身份证.png"));
        assert_eq!(world.ops.infected_uploads(), 1);
        let events = world.db.read(Found("infected_file_refused")).await.unwrap();
        let [event] = events.as_slice() else { panic!("{events:?}") };
        assert_eq!(event.stamp.actor, format!("citizen:{citizen}"));
        let body = &event.event.body_json;
        assert!(
            body.contains(&digest.to_string()) && body.contains("Eicar") && !body.contains("身份证"),
            "{body}"
        );
        assert_eq!(upload(&world, &cookie, &to, "身份证.png", PNG, true).await.0, StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn without_its_scanner_a_node_takes_no_file_and_says_that_it_is_not_ready() {
    let world = world().await;
    let nobody: Scanner = format!("tcp:127.0.0.1:{}", store::testing::free_port()).parse().unwrap();
    let world = keeping(&world, world.files.clone().scanned_by(nobody));
    let (_, cookie) = world.citizen(1).await;
    let (_, to) = asking(&world, &cookie).await;
    let (status, _, text) = upload(&world, &cookie, &to, "身份证.png", PNG, true).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(text.contains("这份文件没有存上"), "{text}");
    assert_eq!(world.files.get(&Digest::of(PNG)).await, Err(store::Error::NotFound));
    let (status, _, text) = world.fetch("/readyz").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(text.contains("scanner"), "{text}");
}
