//! The writer under more work than it can take, and at its end.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};

use super::QUEUE;
use crate::testing::sqlite;
use crate::{Db, Error, Result, Tx, Work};

/// Holds the writer, once it has said so, until the test lets go.
struct Hold(Mutex<Receiver<()>>, tokio::sync::mpsc::UnboundedSender<()>);

impl Work for Hold {
    type Out = ();
    type Err = Error;
    async fn run(&self, _: &Tx) -> Result<()> {
        self.1.send(()).unwrap();
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

/// Lets the others go on until it is so.
async fn until(so: impl Fn() -> bool) {
    while !so() {
        tokio::task::yield_now().await;
    }
}

/// As many writes as asked for, all handed in while the writer is held, and the way to let it go.
async fn pile(
    db: &Db,
    count: usize,
) -> (Vec<tokio::task::JoinHandle<Result<()>>>, std::sync::mpsc::Sender<()>) {
    db.write(Count(MAKE)).await.unwrap();
    let (go, held) = channel();
    let (holds, mut holding) = tokio::sync::mpsc::unbounded_channel();
    let mut waiting = vec![tokio::spawn({
        let db = db.clone();
        async move { db.write(Hold(Mutex::new(held), holds)).await }
    })];
    holding.recv().await.unwrap();
    for _ in 0..count {
        let db = db.clone();
        waiting.push(tokio::spawn(async move { db.write(Count(ADD)).await }));
    }
    until(|| db.meter().waiting == count).await;
    (waiting, go)
}

#[tokio::test]
async fn beyond_the_bound_a_caller_is_told_at_once_and_who_waited_is_written() {
    let (db, _folder) = sqlite();
    let (waiting, go) = pile(&db, QUEUE).await;
    assert_eq!((db.meter().waiting, db.meter().bound), (QUEUE, QUEUE));
    // While the writer still stands: nobody is kept waiting for a refusal.
    assert_eq!(db.write(Count(ADD)).await, Err(Error::Busy));
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
    until(|| db.meter().waiting == 0).await;
    assert!(matches!(db.write(Count(ADD)).await, Err(Error::Unavailable(_))));
    assert!(!closing.is_finished(), "it waits for what was handed in before");
    go.send(()).unwrap();
    closing.await.unwrap();
    for one in waiting {
        one.await.unwrap().unwrap();
    }
    assert_eq!(db.read(Sum).await.unwrap(), 100);
}

/// Counts to so many, and how often it was begun.
struct CountTo(i64, Arc<AtomicU32>);

impl Work for CountTo {
    type Out = i64;
    type Err = Error;

    async fn run(&self, tx: &Tx) -> Result<i64> {
        self.1.fetch_add(1, Ordering::Relaxed);
        let sql = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < $1) SELECT COUNT(*) FROM c";
        let mut sum = 0;
        for _ in 0..3 {
            sum += tx.one::<(i64,)>(sql, &[self.0.into()]).await?.0;
        }
        Ok(sum)
    }
}

#[tokio::test]
async fn a_read_that_takes_long_makes_way_and_is_done_all_the_same() {
    let (db, _folder) = sqlite();
    let begun = Arc::new(AtomicU32::new(0));
    assert_eq!(db.read(CountTo(3, Arc::clone(&begun))).await.unwrap(), 9);
    begun.store(0, Ordering::Relaxed);
    assert_eq!(db.read(CountTo(400_000, Arc::clone(&begun))).await.unwrap(), 1_200_000);
    assert_eq!(
        begun.load(Ordering::Relaxed),
        2,
        "begun where it was asked for, and again on a thread of its own"
    );
}
