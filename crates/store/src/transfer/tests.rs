//! Everything arrives, nothing else is touched, and a difference shows.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use uuid::Uuid;

use super::*;
use crate::journal::{self, NewEvent, Stamp, Stream};
use crate::testing::{create_database, postgres_server};
use crate::{Db, MIGRATIONS, Work, files, jobs, migrate, outbox};

/// A case's worth of rows in several tables, with every kind of value, and counters that are ahead of their tables.
struct Fill(u8);

impl Work for Fill {
    type Out = ();
    type Err = Error;
    async fn run(&self, tx: &Tx) -> Result<()> {
        let now = Timestamp::UNIX_EPOCH;
        let stamp = Stamp { actor: "张𬶏'\"\\".into(), org: None, trace: "t".into(), entered_at: now };
        for n in 0..120u8 {
            let mut id = [n; 16];
            id[0] = self.0;
            let stream = Stream { kind: "case", id: Uuid::from_bytes(id) };
            let event = NewEvent {
                kind: "made".into(),
                body_json: format!("{{\"n\":{n}}}"),
                happened_at: now,
                ground: (n % 2 == 0).then(|| "法".into()),
            };
            for seq in 0..6 {
                journal::append(tx, stream, seq, &stamp, std::slice::from_ref(&event)).await?;
            }
            jobs::push(tx, "timer", &format!("{}-{n}", self.0), "{}", now).await?;
            outbox::push(tx, "notice", &format!("{}-{n}", self.0), "{}").await?;
        }
        outbox::ack(tx, 120).await?;
        files::register(tx, &Digest::of(b"paper"), 5, now).await?;
        journal::seal_block(tx, now).await.map(drop)
    }
}

struct Positions;

impl Work for Positions {
    type Out = (i64, i64);
    type Err = Error;
    async fn run(&self, tx: &Tx) -> Result<(i64, i64)> {
        outbox::push(tx, "notice", "after", "{}").await?;
        let sql = "SELECT position FROM outbox WHERE topic = 'notice' AND key = 'after'";
        let (outbox,) = tx.one::<(i64,)>(sql, &[]).await?;
        assert_eq!(journal::verify(tx).await?, None);
        Ok((outbox, 0))
    }
}

async fn made(config: &DbConfig, filled: bool) -> Db {
    let db = Db::open(config).unwrap();
    migrate(&db, MIGRATIONS).await.unwrap();
    if filled {
        db.write(Fill(0)).await.unwrap();
    }
    db
}

/// An empty place of each engine that is there.
async fn places(folder: &Path, name: &str) -> Vec<DbConfig> {
    let mut places = vec![DbConfig::Sqlite { path: folder.join(name) }];
    if let Some(server) = postgres_server() {
        places.push(DbConfig::Postgres { url: create_database(&server).await.1, pool: 2 });
    }
    places
}

#[tokio::test]
async fn everything_arrives_on_the_other_engine_and_counting_goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    for (n, from) in places(folder.path(), "from.db").await.iter().enumerate() {
        let source = made(from, true).await;
        for to in places(folder.path(), &format!("to{n}.db")).await {
            let target = made(&to, false).await;
            let sums = copy(from, &to).await.unwrap();
            let rows = |table: &str| sums.iter().find(|sum| sum.table == table).unwrap().rows;
            assert_eq!((rows("journal"), rows("outbox"), rows("job"), rows("file")), (720, 119, 120, 1));
            assert_eq!(sums, super::sums(from).await.unwrap());
            assert_eq!(sums, super::sums(&to).await.unwrap());
            assert_eq!(target.write(Positions).await.unwrap().0, 121, "120 was given once already");
            assert_eq!(
                copy(from, &to).await.unwrap_err().to_string().split(':').next(),
                Some("somebody else changed it first")
            );
            target.close().await;
        }
        source.close().await;
    }
}

#[tokio::test]
async fn one_changed_byte_changes_the_sum_and_the_order_of_rows_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let config = DbConfig::Sqlite { path: folder.path().join("a.db") };
    let db = made(&config, true).await;
    let before = sums(&config).await.unwrap();
    change(&db, "UPDATE outbox SET body = '{ }' WHERE position = 7").await;
    let after = sums(&config).await.unwrap();
    let differ: Vec<_> =
        before.iter().zip(&after).filter(|(a, b)| a != b).map(|(a, _)| a.table.as_str()).collect();
    assert_eq!(differ, ["outbox"]);
}

async fn change(db: &Db, sql: &'static str) {
    struct Change(&'static str);
    impl Work for Change {
        type Out = ();
        type Err = Error;
        async fn run(&self, tx: &Tx) -> Result<()> {
            tx.exec(self.0, &[]).await.map(drop)
        }
    }
    db.write(Change(sql)).await.unwrap();
}

#[tokio::test]
async fn a_database_is_copied_while_it_is_written_to() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| -> PathBuf { folder.path().join(name) };
    let config = DbConfig::Sqlite { path: path("live.db") };
    let db = made(&config, true).await;
    let writing = tokio::spawn({
        let db = db.clone();
        async move {
            for n in 1..=5 {
                db.write(Fill(n)).await.unwrap();
            }
        }
    });
    let (from, to) = (path("live.db"), path("copy.db"));
    tokio::task::spawn_blocking(move || online_copy(&from, &to)).await.unwrap().unwrap();
    writing.await.unwrap();
    let copied = DbConfig::Sqlite { path: path("copy.db") };
    let rows = sums(&copied).await.unwrap().iter().find(|sum| sum.table == "journal").unwrap().rows;
    assert!(rows >= 720 && rows % 720 == 0, "whole transactions only: {rows}");
    assert!(online_copy(&path("live.db"), &path("copy.db")).is_err(), "nothing is written over");
}

#[tokio::test]
async fn a_missing_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let config = DbConfig::Sqlite { path: folder.path().join("a.db") };
    let _db = made(&config, true).await;
    let (from, to) = (folder.path().join("from"), folder.path().join("to"));
    let (from, to) = (Files::local(&from).unwrap(), Files::local(&to).unwrap());
    let error = copy_files(&config, &from, &to).await.unwrap_err();
    assert!(error.to_string().contains(&Digest::of(b"paper").to_string()), "{error}");
    from.put("paper").await.unwrap();
    assert_eq!(copy_files(&config, &from, &to).await.unwrap(), (1, 5));
    assert_eq!(to.get(&Digest::of(b"paper")).await.unwrap(), "paper");
}

#[tokio::test]
async fn only_a_database_without_rows_counts_as_empty() {
    let folder = tempfile::tempdir().unwrap();
    for config in places(folder.path(), "new.db").await {
        assert!(is_empty(&config).await.unwrap());
        let db = made(&config, true).await;
        assert!(!is_empty(&config).await.unwrap());
        db.close().await;
    }
}

#[tokio::test]
async fn a_settled_file_stands_alone_and_every_byte_of_it_counts() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let db = made(&DbConfig::Sqlite { path: path.clone() }, true).await;
    db.close().await;
    drop(db);
    settle(&path).await.unwrap();
    let names: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["a.db"]);
    let (size, digest) = digest_of_file(&path).unwrap();
    let mut bytes = std::fs::read(&path).unwrap();
    assert_eq!((size as usize, digest.clone()), (bytes.len(), Digest::of(&bytes).to_string()));
    bytes[4321] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    assert_ne!(digest_of_file(&path).unwrap().1, digest);
}
