//! The writer under more work than it can take, and at its end.

use std::sync::Mutex;
use std::sync::mpsc::{Receiver, channel};

use super::QUEUE;
use crate::testing::sqlite;
use crate::{Db, Error, Result, Tx, Work};

/// Holds the writer until the test lets go.
struct Hold(Mutex<Receiver<()>>);

impl Work for Hold {
    type Out = ();
    type Err = Error;
    async fn run(&self, _: &Tx) -> Result<()> {
        let _ = crate::tx::lock(&self.0).recv();
        Ok(())
    }
}

struct Count(&'static str);

impl Work for Count {
    type Out = ();
    type Err = Error;
    async fn run(&self, tx: &Tx) -> Result<()> {
        tx.exec(self.0, &[]).await.map(drop)
    }
}

const MAKE: &str = "CREATE TABLE counted (n INTEGER NOT NULL) STRICT";
const ADD: &str = "INSERT INTO counted (n) VALUES (1)";

struct Sum;

impl Work for Sum {
    type Out = i64;
    type Err = Error;
    async fn run(&self, tx: &Tx) -> Result<i64> {
        Ok(tx.one::<(i64,)>("SELECT COUNT(*) FROM counted", &[]).await?.0)
    }
}

/// As many writes as asked for, all handed in while the writer is held, and the way to let it go.
async fn pile(
    db: &Db,
    count: usize,
) -> (Vec<tokio::task::JoinHandle<Result<()>>>, std::sync::mpsc::Sender<()>) {
    db.write(Count(MAKE)).await.unwrap();
    let (go, held) = channel();
    let mut waiting = vec![tokio::spawn({
        let db = db.clone();
        async move { db.write(Hold(Mutex::new(held))).await }
    })];
    // Until the writer has taken the first one out of the queue and stands.
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    for _ in 0..count {
        let db = db.clone();
        waiting.push(tokio::spawn(async move { db.write(Count(ADD)).await }));
    }
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    (waiting, go)
}

#[tokio::test]
async fn beyond_the_bound_a_caller_is_told_at_once_and_who_waited_is_written() {
    let (db, _folder) = sqlite();
    let (waiting, go) = pile(&db, QUEUE).await;
    assert_eq!((db.meter().waiting, db.meter().bound), (QUEUE, QUEUE));
    let begun = std::time::Instant::now();
    assert_eq!(db.write(Count(ADD)).await, Err(Error::Busy));
    assert!(begun.elapsed() < std::time::Duration::from_millis(500), "nobody is kept waiting for a refusal");
    assert_eq!(db.meter().refused, 1);
    go.send(()).unwrap();
    for one in waiting {
        one.await.unwrap().unwrap();
    }
    db.write(Count(ADD)).await.unwrap();
    assert_eq!(db.read(Sum).await.unwrap(), QUEUE as i64 + 1);
    let batches = db.meter().batches.unwrap();
    assert!(batches.counts.iter().sum::<u64>() < 20, "they were written together: {batches:?}");
}

#[tokio::test]
async fn closing_writes_what_waits_and_refuses_what_comes_after() {
    let (db, _folder) = sqlite();
    let (waiting, go) = pile(&db, 100).await;
    let closing = tokio::spawn({
        let db = db.clone();
        async move { db.close().await }
    });
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    assert!(matches!(db.write(Count(ADD)).await, Err(Error::Unavailable(_))));
    assert!(!closing.is_finished(), "it waits for what was handed in before");
    go.send(()).unwrap();
    closing.await.unwrap();
    for one in waiting {
        one.await.unwrap().unwrap();
    }
    assert_eq!(db.read(Sum).await.unwrap(), 100);
}
