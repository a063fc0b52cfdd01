//! Fresh databases for tests: SQLite in a folder of its own, PostgreSQL in a database of its own when a server is given.

use std::sync::atomic::{AtomicU32, Ordering};

use crate::{BASE_MIGRATION, Db, DbConfig, Migration, migrate};

/// The environment variable with the address of a PostgreSQL server on which databases may be made.
pub const SERVER: &str = "TEST_PG_URL";

/// A fresh SQLite database; its folder goes with the guard.
#[must_use]
pub fn sqlite() -> (Db, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder for the test database");
    let path = folder.path().join("jinban.db");
    (Db::open(&DbConfig::Sqlite { path }).expect("SQLite opens"), folder)
}

/// The server given for tests, if any.
#[must_use]
pub fn postgres_server() -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "tests have no configuration but this")]
    std::env::var(SERVER).ok().filter(|url| !url.is_empty())
}

/// Runs the check on both engines, each with this crate's own tables.
pub async fn on_both<F: Future<Output = ()>>(check: impl Fn(Db) -> F) {
    on_both_with(&[BASE_MIGRATION], check).await;
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
    db.close();
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

async fn administer(server: &str, sql: &str) {
    let (client, connection) =
        tokio_postgres::connect(server, tokio_postgres::NoTls).await.expect("the test server answers");
    let driving = tokio::spawn(connection);
    client.batch_execute(sql).await.expect(sql);
    drop(client);
    let _ = driving.await;
}
