//! Fresh databases for tests: SQLite in a folder of its own, PostgreSQL in a database of its own when a server is given.

mod clamd;
mod s3_server;

use std::sync::atomic::{AtomicU32, Ordering};

use crate::files::Files;
use crate::{
    BASE_MIGRATION, Db, DbConfig, Engine, Error, JOURNAL_MIGRATION, Migration, Statement, Tx, Val, Work,
    migrate,
};

pub use clamd::{Clamd, eicar};
pub use s3_server::{S3_PROGRAM, S3Server, free_port};

/// The environment variable with the address of a PostgreSQL server on which databases may be made.
pub const SERVER: &str = "TEST_PG_URL";

/// A fresh SQLite database; its folder goes with the guard.
#[must_use]
pub fn sqlite() -> (Db, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder for the test database");
    let path = folder.path().join("jinban.db");
    (Db::open(&DbConfig::Sqlite { path }).expect("SQLite opens"), folder)
}

/// A fresh store of files; its folder goes with the guard.
#[must_use]
pub fn files() -> (Files, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder for the test files");
    (Files::local(folder.path()).expect("the folder opens"), folder)
}

/// The server given for tests, if any.
#[must_use]
pub fn postgres_server() -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "tests have no configuration but this")]
    std::env::var(SERVER).ok().filter(|url| !url.is_empty())
}

/// Runs the check on both engines, each with this crate's own tables.
pub async fn on_both<F: Future<Output = ()>>(check: impl Fn(Db) -> F) {
    on_both_with(&[BASE_MIGRATION, JOURNAL_MIGRATION], check).await;
}

/// Runs the check on both engines after these migrations.
pub async fn on_both_with<F: Future<Output = ()>>(migrations: &[Migration], check: impl Fn(Db) -> F) {
    let (db, _folder) = sqlite();
    migrate(&db, migrations).await.expect("the migrations run on SQLite");
    check(db).await;
    on_postgres_with(migrations, check).await;
}

/// Runs the check on PostgreSQL alone, for what only several writers at once can show.
pub async fn on_postgres_with<F: Future<Output = ()>>(migrations: &[Migration], check: impl Fn(Db) -> F) {
    let Some(server) = postgres_server() else {
        report_skipped();
        return;
    };
    let (name, url) = create_database(&server).await;
    let db = Db::open(&DbConfig::Postgres { url, pool: 8 }).expect("the pool opens");
    migrate(&db, migrations).await.expect("the migrations run on PostgreSQL");
    check(db.clone()).await;
    db.close().await;
    administer(&server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
}

#[expect(clippy::print_stdout, reason = "a skipped half must be visible in the test's output")]
fn report_skipped() {
    println!("skipped: PostgreSQL (set {SERVER})");
}

/// Makes an empty database and yields its name and address.
pub async fn create_database(server: &str) -> (String, String) {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    let name = format!("jinban_test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    administer(server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
    administer(server, &format!("CREATE DATABASE {name} TEMPLATE template0")).await;
    let (address, options) =
        server.split_once('?').map_or((server, String::new()), |(a, o)| (a, format!("?{o}")));
    let authority = address.find("://").map_or(0, |i| i + 3);
    let end = address[authority..].find('/').map_or(address.len(), |i| authority + i);
    let url = format!("{}/{name}{options}", &address[..end]);
    (name, url)
}

pub(crate) async fn administer(server: &str, sql: &str) {
    let (client, connection) =
        tokio_postgres::connect(server, tokio_postgres::NoTls).await.expect("the test server answers");
    let driving = tokio::spawn(connection);
    client.batch_execute(sql).await.expect(sql);
    drop(client);
    let _ = driving.await;
}

/// Lets both engines prepare the statements, and SQLite tell how it would find their rows; stops at what is wrong.
pub fn check_statements(migrations: &[Migration], list: &[Statement]) {
    let faults = faults_of(migrations, list);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What is wrong with the statements, one sentence each.
#[must_use]
pub fn faults_of(migrations: &[Migration], list: &[Statement]) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let found = std::sync::Mutex::new(Vec::new());
    runtime.block_on(on_both_with(migrations, |db| {
        let found = &found;
        async move {
            for statement in list.iter().filter(|s| s.only.is_none_or(|engine| engine == db.engine())) {
                if let Err(fault) = examine(&db, *statement).await {
                    crate::tx::lock(found).push(fault);
                }
            }
        }
    }));
    found.into_inner().expect("no check panicked")
}

async fn examine(db: &Db, statement: Statement) -> Result<(), String> {
    let Statement { name, sql, .. } = statement;
    db.read(Prepare(sql)).await.map_err(|e| format!("{name} on {:?}: {e}", db.engine()))?;
    if db.engine() != Engine::Sqlite {
        return Ok(());
    }
    let plan = db.read(Plan(sql)).await.map_err(|e| format!("{name}: no plan: {e}"))?;
    let ends_early = ends_at_its_limit(sql, &plan);
    let whole = plan.iter().find(|step| !ends_early && is_whole_table(sql, step));
    match (whole, statement.scans) {
        (Some(step), None) => Err(format!(
            "{name} goes through a whole table ({step}); give it an index, or say why: `, scans: \"…\"`"
        )),
        (None, Some(why)) => Err(format!("{name} goes through no whole table; its excuse is idle: {why}")),
        _ => Ok(()),
    }
}

/// The first rows of an index, as many as asked for: without a condition none is passed over.
fn ends_at_its_limit(sql: &str, plan: &[String]) -> bool {
    let sorts = plan.iter().any(|step| step.contains("TEMP B-TREE"));
    sql.contains(" LIMIT ")
        && !sorts
        && ![" WHERE ", " GROUP BY ", " JOIN "].iter().any(|word| sql.contains(word))
}

/// A step over all rows of a table; rows that the statement itself makes do not count.
fn is_whole_table(sql: &str, step: &str) -> bool {
    let Some(name) = step.strip_prefix("SCAN ").and_then(|rest| rest.split(' ').next()) else { return false };
    let made = [format!("{name} AS ("), format!("{name} AS MATERIALIZED"), format!("{name}(")];
    !(name == "CONSTANT"
        || name.starts_with('(')
        || step.contains("VIRTUAL TABLE")
        || made.iter().any(|text| sql.contains(text.as_str())))
}

struct Prepare(&'static str);
impl Work for Prepare {
    type Out = ();
    type Err = Error;
    async fn run(&self, tx: &Tx) -> crate::Result<()> {
        tx.prepare(self.0).await
    }
}

struct Plan(&'static str);
impl Work for Plan {
    type Out = Vec<String>;
    type Err = Error;
    async fn run(&self, tx: &Tx) -> crate::Result<Vec<String>> {
        let sql = format!("EXPLAIN QUERY PLAN {}", self.0);
        let steps: Vec<(i64, i64, i64, String)> = tx.all(&sql, &[Val::Null; 99]).await?;
        Ok(steps.into_iter().map(|step| step.3).collect())
    }
}
