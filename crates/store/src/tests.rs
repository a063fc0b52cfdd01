//! What the transaction promises, on both engines.

use crate::testing::{on_both, on_both_with, on_postgres_with, sqlite};
use crate::{
    BASE_MIGRATION, Db, DbConfig, Engine, Error, Migration, Result, Tx, Val, Work, migrate, pending,
};

const PUT: &str = "INSERT INTO meta (name, value) VALUES ($1, $2)";
const GET: &str = "SELECT value FROM meta WHERE name = $1";
const COUNT: &str = "SELECT CAST(count(*) AS BIGINT) FROM meta";

#[derive(Clone, Copy)]
enum After {
    Nothing,
    Refuse,
    Panic,
    Wait,
    Swallow,
}

struct Put(&'static str, After);
impl Work for Put {
    type Out = ();
    type Err = Error;
    async fn run(&self, tx: &Tx) -> Result<()> {
        tx.exec(PUT, &[self.0.into(), "一".into()]).await?;
        match self.1 {
            After::Nothing => {}
            After::Refuse => return Err(Error::Other("refused".into())),
            After::Panic => panic!("on purpose"),
            After::Wait => std::future::pending().await,
            After::Swallow => drop(tx.exec(PUT, &[self.0.into(), "二".into()]).await),
        }
        Ok(())
    }
}

struct Count;
impl Work for Count {
    type Out = i64;
    type Err = Error;
    async fn run(&self, tx: &Tx) -> Result<i64> {
        Ok(tx.one::<(i64,)>(COUNT, &[]).await?.0)
    }
}

struct Script(&'static str);
impl Work for Script {
    type Out = ();
    type Err = Error;
    async fn run(&self, tx: &Tx) -> Result<()> {
        tx.exec(self.0, &[]).await.map(drop)
    }
}

#[tokio::test]
async fn what_was_written_is_read_back() {
    on_both(|db| async move {
        db.write(Put("a", After::Nothing)).await.unwrap();
        struct Get;
        impl Work for Get {
            type Out = Option<String>;
            type Err = Error;
            async fn run(&self, tx: &Tx) -> Result<Self::Out> {
                Ok(tx.opt::<(String,)>(GET, &["a".into()]).await?.map(|r| r.0))
            }
        }
        assert_eq!(db.read(Get).await.unwrap().as_deref(), Some("一"));
    })
    .await;
}

#[tokio::test]
async fn the_statements_of_a_batch_run_in_their_order_whichever_were_prepared_before() {
    const DROP: &str = "DELETE FROM meta WHERE name = $1";
    struct Replace(usize);
    impl Work for Replace {
        type Out = Vec<u64>;
        type Err = Error;
        async fn run(&self, tx: &Tx) -> Result<Self::Out> {
            let (name, row): ([Val<'_>; 1], [Val<'_>; 2]) = (["a".into()], ["a".into(), "二".into()]);
            // More than are polled as one list.
            let pair: [(&str, &[Val<'_>]); 2] = [(DROP, &name), (PUT, &row)];
            tx.batch(&pair.repeat(self.0)).await
        }
    }
    on_both(|db| async move {
        // Prepares what comes last, and not what comes first.
        db.write(Put("a", After::Nothing)).await.unwrap();
        for times in [1, 40] {
            assert_eq!(db.write(Replace(times)).await.unwrap(), vec![1; 2 * times]);
        }
    })
    .await;
}

#[tokio::test]
async fn a_refusal_a_panic_and_a_swallowed_failure_leave_nothing_behind() {
    on_both(|db| async move {
        assert_eq!(db.write(Put("a", After::Refuse)).await, Err(Error::Other("refused".into())));
        assert!(matches!(db.write(Put("b", After::Panic)).await, Err(Error::Other(_))));
        assert!(matches!(db.write(Put("c", After::Swallow)).await, Err(Error::Other(_))));
        assert_eq!(db.read(Count).await.unwrap(), 0);
        db.write(Put("d", After::Nothing)).await.unwrap();
        assert_eq!(db.read(Count).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn on_sqlite_a_work_that_awaits_something_else_is_refused() {
    let (db, _folder) = sqlite();
    migrate(&db, &[BASE_MIGRATION]).await.unwrap();
    assert_eq!(db.write(Put("a", After::Wait)).await, Err(Error::Suspended));
    assert_eq!(db.read(Count).await.unwrap(), 0);
}

#[tokio::test]
async fn the_same_key_twice_is_told_as_unique_with_its_table() {
    on_both(|db| async move {
        db.write(Put("a", After::Nothing)).await.unwrap();
        match db.write(Put("a", After::Nothing)).await {
            Err(Error::Unique { constraint }) => assert!(constraint.starts_with("meta"), "{constraint}"),
            other => panic!("{other:?}"),
        }
    })
    .await;
}

#[tokio::test]
async fn a_read_cannot_write() {
    on_both(|db| async move {
        assert!(db.read(Put("a", After::Nothing)).await.is_err());
        assert_eq!(db.read(Count).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn many_writers_are_all_kept_while_some_refuse() {
    on_both(|db| async move {
        let names: Vec<&'static str> =
            (0..600).map(|i| &*Box::leak(format!("k{i}").into_boxed_str())).collect();
        let all = names.into_iter().enumerate().map(|(i, name)| {
            let (db, after) = (db.clone(), if i % 3 == 0 { After::Refuse } else { After::Nothing });
            tokio::spawn(async move { db.write(Put(name, after)).await })
        });
        let results = futures_util::future::join_all(all.collect::<Vec<_>>()).await;
        assert_eq!(results.iter().filter(|r| matches!(r, Ok(Ok(())))).count(), 400);
        assert_eq!(db.read(Count).await.unwrap(), 400);
    })
    .await;
}

#[tokio::test]
async fn a_caller_that_goes_away_leaves_no_open_transaction() {
    on_both(|db| async move {
        for _ in 0..20 {
            let gone = db.write(Put("gone", After::Refuse));
            let _ = tokio::time::timeout(std::time::Duration::from_micros(50), gone).await;
        }
        for name in ["a", "b", "c", "d", "e", "f", "g", "h", "i"] {
            db.write(Put(name, After::Nothing)).await.unwrap();
        }
        assert_eq!(db.read(Count).await.unwrap(), 9);
    })
    .await;
}

#[tokio::test]
async fn a_full_disk_fails_one_work_and_its_group_is_run_again() {
    let (db, _folder) = sqlite();
    migrate(&db, &[BASE_MIGRATION]).await.unwrap();
    struct Cap;
    impl Work for Cap {
        type Out = ();
        type Err = Error;
        async fn run(&self, tx: &Tx) -> Result<()> {
            tx.all::<(i64,)>("PRAGMA max_page_count = 60", &[]).await.map(drop)
        }
    }
    db.write(Cap).await.unwrap();
    struct Huge;
    impl Work for Huge {
        type Out = ();
        type Err = Error;
        async fn run(&self, tx: &Tx) -> Result<()> {
            let big = "x".repeat(400_000);
            tx.exec(PUT, &["huge".into(), Val::T(&big)]).await.map(drop)
        }
    }
    let (a, full, b) =
        tokio::join!(db.write(Put("a", After::Nothing)), db.write(Huge), db.write(Put("b", After::Nothing)));
    assert!(matches!(full, Err(Error::Unavailable(_))), "{full:?}");
    assert_eq!((a, b), (Ok(()), Ok(())));
    assert_eq!(db.read(Count).await.unwrap(), 2);
}

#[tokio::test]
async fn a_statement_that_runs_too_long_is_stopped() {
    let (db, folder) = sqlite();
    drop(db);
    let limit = std::time::Duration::from_millis(100);
    let path = folder.path().join("jinban.db");
    let db = Db::open_with_limit(&DbConfig::Sqlite { path }, limit).unwrap();
    let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT CAST(max(i) AS BIGINT) FROM n";
    struct Endless(&'static str);
    impl Work for Endless {
        type Out = i64;
        type Err = Error;
        async fn run(&self, tx: &Tx) -> Result<i64> {
            Ok(tx.one::<(i64,)>(self.0, &[]).await?.0)
        }
    }
    assert_eq!(db.read(Endless(endless)).await, Err(Error::Timeout));
    if let Some(server) = crate::testing::postgres_server() {
        let db = Db::open_with_limit(&DbConfig::Postgres { url: server, pool: 1 }, limit).unwrap();
        assert_eq!(db.read(Endless(endless)).await, Err(Error::Timeout));
    }
}

#[tokio::test]
async fn a_counter_raised_by_many_at_once_on_postgresql_loses_nothing() {
    on_postgres_with(&[BASE_MIGRATION], |db| async move {
        assert_eq!(db.engine(), Engine::Postgres);
        db.write(Script("INSERT INTO meta (name, value) VALUES ('n', '0'), ('m', '0')")).await.unwrap();
        struct Both(bool);
        impl Work for Both {
            type Out = ();
            type Err = Error;
            async fn run(&self, tx: &Tx) -> Result<()> {
                // Opposite order of rows: deadlocks happen and are cured by running again.
                for name in if self.0 { ["n", "m"] } else { ["m", "n"] } {
                    let raise =
                        "UPDATE meta SET value = CAST(CAST(value AS BIGINT) + 1 AS TEXT) WHERE name = $1";
                    tx.exec(raise, &[name.into()]).await?;
                }
                Ok(())
            }
        }
        let all = (0..4).map(|i| db.write(Both(i % 2 == 0)));
        for result in futures_util::future::join_all(all).await {
            result.unwrap();
        }
        struct Sum;
        impl Work for Sum {
            type Out = i64;
            type Err = Error;
            async fn run(&self, tx: &Tx) -> Result<i64> {
                Ok(tx
                    .one::<(i64,)>("SELECT CAST(sum(CAST(value AS BIGINT)) AS BIGINT) FROM meta", &[])
                    .await?
                    .0)
            }
        }
        assert_eq!(db.read(Sum).await.unwrap(), 8);
    })
    .await;
}

#[tokio::test]
async fn what_the_database_lacks_is_named_before_and_nothing_after() {
    let (db, _folder) = crate::testing::sqlite();
    assert_eq!(pending(&db, &[BASE_MIGRATION]).await.unwrap(), [BASE_MIGRATION]);
    on_both(|db| async move {
        assert_eq!(pending(&db, &[BASE_MIGRATION]).await.unwrap(), []);
        let next = Migration { no: 900, name: "create_next", sql: "CREATE TABLE next (id {INT} NOT NULL)" };
        assert_eq!(pending(&db, &[BASE_MIGRATION, next]).await.unwrap(), [next]);
    })
    .await;
}

#[tokio::test]
async fn a_migration_runs_once_and_may_not_be_altered_afterwards() {
    on_both_with(&[BASE_MIGRATION], |db| async move {
        migrate(&db, &[BASE_MIGRATION]).await.unwrap();
        let altered = Migration { sql: "CREATE TABLE other (id {INT})", ..BASE_MIGRATION };
        assert!(migrate(&db, &[altered]).await.unwrap_err().to_string().contains("altered"));
        let broken = Migration { no: 2, name: "break", sql: "CREATE TABLE t (id {INT}); CREATE TABEL" };
        assert!(migrate(&db, &[BASE_MIGRATION, broken]).await.is_err());
        let good = Migration {
            no: 2,
            name: "make_t",
            sql: "CREATE TABLE t (id {INT}); -- a; note\nINSERT INTO t VALUES (1);",
        };
        migrate(&db, &[BASE_MIGRATION, good]).await.unwrap();
        assert!(migrate(&db, &[BASE_MIGRATION]).await.unwrap_err().to_string().contains("does not know"));
    })
    .await;
}

#[tokio::test]
async fn sqlite_tables_are_strict() {
    let (db, _folder) = sqlite();
    migrate(&db, &[BASE_MIGRATION]).await.unwrap();
    assert!(db.write(Script("INSERT INTO meta (name, value) VALUES ('a', x'00')")).await.is_err());
}
