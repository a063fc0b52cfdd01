//! What others do meanwhile: a read stays on its snapshot, and a database that somebody else holds is told, not waited
//! for without end.

use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};

use crate::testing::{on_both, sqlite};
use crate::{BASE_MIGRATION, Error, Result, Tx, Work, migrate};

const COUNT: &str = "SELECT CAST(count(*) AS BIGINT) FROM meta";

struct Put(&'static str);

impl Work for Put {
    type Out = ();
    type Err = Error;

    async fn run(&self, tx: &Tx) -> Result<()> {
        tx.exec("INSERT INTO meta (name, value) VALUES ($1, 'x')", &[self.0.into()]).await.map(drop)
    }
}

/// Counts, lets the test do something, and counts again.
struct Twice {
    counted: Sender<()>,
    go_on: Mutex<Receiver<()>>,
}

impl Work for Twice {
    type Out = (i64, i64);
    type Err = Error;

    async fn run(&self, tx: &Tx) -> Result<(i64, i64)> {
        let (before,): (i64,) = tx.one(COUNT, &[]).await?;
        let _ = self.counted.send(());
        // Standing still with the thread, because a work may await nothing but its transaction.
        let _ = crate::tx::lock(&self.go_on).recv();
        let (after,): (i64,) = tx.one(COUNT, &[]).await?;
        Ok((before, after))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_read_of_several_statements_sees_one_moment_whatever_is_written_meanwhile() {
    on_both(|db| async move {
        db.write(Put("a")).await.unwrap();
        let ((counted, has_counted), (go, go_on)) = (channel(), channel());
        let reading = tokio::spawn({
            let db = db.clone();
            async move { db.read(Twice { counted, go_on: Mutex::new(go_on) }).await }
        });
        tokio::task::block_in_place(|| has_counted.recv()).unwrap();
        db.write(Put("b")).await.unwrap();
        go.send(()).unwrap();
        assert_eq!(reading.await.unwrap(), Ok((1, 1)), "the second count is of the same moment");
        let ((counted, _counts), (go, go_on)) = (channel(), channel());
        go.send(()).unwrap();
        assert_eq!(
            db.read(Twice { counted, go_on: Mutex::new(go_on) }).await,
            Ok((2, 2)),
            "a later read sees it"
        );
    })
    .await;
}

#[tokio::test]
async fn when_the_transaction_cannot_begin_the_work_is_answered_and_never_run() {
    let (db, folder) = sqlite();
    migrate(&db, &[BASE_MIGRATION]).await.unwrap();
    let other = rusqlite::Connection::open(folder.path().join("jinban.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert_eq!(db.write(Put("a")).await, Err(Error::Busy), "somebody else holds the database");
    other.execute_batch("ROLLBACK").unwrap();
    db.write(Put("a")).await.expect("the same name again: it was not written before");
}
