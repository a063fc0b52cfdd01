//! A database that goes away and comes back: works are refused at once meanwhile, and go on by themselves afterwards.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_postgres::config::Host;

use crate::testing::{administer, create_database, postgres_server};
use crate::{Db, DbConfig, Error, Result, Tx, Work};

/// The road to the database, which the test can close.
struct Road {
    listening: JoinHandle<()>,
    port: u16,
}

impl Road {
    async fn open(port: u16, to: Arc<str>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let listening = tokio::spawn(async move {
            // Those that pass go with the road.
            let mut passing = tokio::task::JoinSet::new();
            while let Ok((mut here, _)) = listener.accept().await {
                let to = Arc::clone(&to);
                passing.spawn(async move {
                    let mut there = TcpStream::connect(to.as_ref()).await.expect("the database answers");
                    let _ = copy_bidirectional(&mut here, &mut there).await;
                });
            }
        });
        Self { listening, port }
    }

    async fn close(self) -> u16 {
        self.listening.abort();
        let _ = self.listening.await;
        self.port
    }
}

/// Where the server listens, and the same address by way of `port`.
fn detour(url: &str, port: u16) -> Option<(Arc<str>, String)> {
    let config: tokio_postgres::Config = url.parse().expect("an address");
    let own = *config.get_ports().first().unwrap_or(&5432);
    let Some(Host::Tcp(host)) = config.get_hosts().first() else { return None };
    let by_way = url.replacen(&format!("{host}:{own}"), &format!("127.0.0.1:{port}"), 1);
    Some((format!("{host}:{own}").into(), by_way)).filter(|(_, by_way)| by_way != url)
}

struct Script(&'static str);

impl Work for Script {
    type Out = ();
    type Err = Error;

    async fn run(&self, tx: &Tx) -> Result<()> {
        tx.exec(self.0, &[]).await.map(drop)
    }
}

struct Count;

impl Work for Count {
    type Out = i64;
    type Err = Error;

    async fn run(&self, tx: &Tx) -> Result<i64> {
        Ok(tx.one::<(i64,)>("SELECT CAST(count(*) AS BIGINT) FROM kept", &[]).await?.0)
    }
}

#[tokio::test]
async fn a_database_that_goes_away_is_found_again_without_a_restart_and_nothing_acknowledged_is_lost() {
    let Some(server) = postgres_server() else { return };
    let (name, url) = create_database(&server).await;
    let Some((to, _)) = detour(&url, 1) else { return };
    let road = Road::open(0, Arc::clone(&to)).await;
    let (_, by_way) = detour(&url, road.port).expect("the same address");
    let db = Db::open(&DbConfig::Postgres { url: by_way, pool: 3 }).unwrap();
    db.write(Script("CREATE TABLE kept (n BIGINT NOT NULL)")).await.unwrap();
    let put = || db.write(Script("INSERT INTO kept (n) VALUES (1)"));
    for done in [put().await, put().await, put().await] {
        done.unwrap();
    }
    let port = road.close().await;
    let begun = Instant::now();
    for _ in 0..5 {
        assert!(matches!(put().await, Err(Error::Unavailable(_))));
        assert!(matches!(db.read(Count).await, Err(Error::Unavailable(_))));
    }
    assert!(begun.elapsed() < Duration::from_secs(10), "nobody waits long for a database that is away");
    let road = Road::open(port, to).await;
    put().await.expect("the first work afterwards finds it");
    assert_eq!(db.read(Count).await, Ok(4), "what was acknowledged, and nothing that was refused");
    db.close().await;
    road.close().await;
    administer(&server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
}

/// Has the server answer nothing, beyond its own limits, as one does that hangs.
struct Hang;

impl Work for Hang {
    type Out = ();
    type Err = Error;

    async fn run(&self, tx: &Tx) -> Result<()> {
        tx.exec("SET LOCAL statement_timeout = 0", &[]).await?;
        tx.exec("SELECT pg_sleep(60)", &[]).await.map(drop)
    }
}

/// A road that takes whoever comes and lets nothing through, as a server does whose disk hangs.
async fn silent() -> (u16, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    let listening = tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((here, _)) = listener.accept().await {
            held.push(here);
        }
    });
    (port, listening)
}

#[tokio::test]
async fn of_two_hosts_the_one_that_takes_connections_and_says_nothing_holds_nobody_up() {
    let Some(server) = postgres_server() else { return };
    let (name, url) = create_database(&server).await;
    let Some((to, _)) = detour(&url, 1) else { return };
    let (port, listening) = silent().await;
    let both = url.replacen(&*to, &format!("127.0.0.1:{port},{to}"), 1);
    let db = Db::open(&DbConfig::Postgres { url: both, pool: 3 }).unwrap();
    let begun = Instant::now();
    db.write(Script("CREATE TABLE kept (n BIGINT NOT NULL)")).await.unwrap();
    assert_eq!(db.read(Count).await, Ok(0));
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    db.close().await;
    listening.abort();
    administer(&server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
}

#[tokio::test]
async fn a_server_that_falls_silent_in_the_middle_is_given_up_and_another_connection_goes_on() {
    let Some(server) = postgres_server() else { return };
    let (name, url) = create_database(&server).await;
    let limit = Duration::from_millis(300);
    let db = Db::open_with_limit(&DbConfig::Postgres { url: url.clone(), pool: 1 }, limit).unwrap();
    db.write(Script("CREATE TABLE kept (n BIGINT NOT NULL)")).await.unwrap();
    let begun = Instant::now();
    assert!(matches!(db.write(Hang).await, Err(Error::Unavailable(_))));
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    assert_eq!(db.read(Count).await, Ok(0), "the only connection was given up for another");
    db.close().await;
    administer(&server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
}
