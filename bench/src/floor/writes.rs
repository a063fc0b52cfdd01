//! The floors of a submission with its acceptance: the same rows, written by a bare program and nothing else. One on
//! `SQLite`, a thread that commits what waits in groups; one on `PostgreSQL`, statements sent without waiting.

use super::rows::{Recorded, Row};
use super::sql;
use crate::flood::CLIENTS;
use anyhow::Context;
use bytes::BytesMut;
use futures_util::future::try_join_all;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot};
use tokio_postgres::types::{Format, IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{Client, NoTls, Statement};

/// Works of one commit at most, as in the product.
const GROUP: usize = 256;
/// Connections to `PostgreSQL`, as in the product.
const CONNECTIONS: usize = 16;
/// What one request writes: statements with their values.
fn statements(recorded: &Recorded, n: u64, request: usize) -> Vec<(String, Vec<Value>)> {
    let rows = recorded.another(n, request);
    let mut list: Vec<(String, Vec<Value>)> = Vec::with_capacity(rows.len() + 3);
    let id = Value::Blob(Recorded::case_id(n).to_vec());
    if request == 1 {
        for scope in ["case/floor".to_owned(), format!("exchange/{}/floor", n % 20)] {
            list.push((sql::SERIAL.to_owned(), vec![Value::Text(scope)]));
        }
    }
    if request > 1 {
        list.push((sql::DROP.to_owned(), vec![id.clone()]));
        let of = |name: &str| value(&recorded.case, name);
        let values = ["status", "is_open", "handling_org", "due_on", "state"].map(of);
        list.push((sql::UPDATE.to_owned(), std::iter::once(id).chain(values).collect()));
    }
    list.extend(rows.into_iter().map(|row| (sql::insert(&row), row.values)));
    list
}

fn value(row: &Row, name: &str) -> Value {
    let at = row.columns.iter().position(|column| column == name);
    at.map_or(Value::Null, |at| row.values[at].clone())
}

type Waiting = (Vec<(String, Vec<Value>)>, oneshot::Sender<()>);

fn write_groups(mut db: Connection, mut waiting: mpsc::Receiver<Waiting>) -> anyhow::Result<()> {
    while let Some(first) = waiting.blocking_recv() {
        let tx = db.transaction()?;
        let (mut callers, mut next) = (Vec::new(), Some(first));
        while let Some((statements, caller)) = next.take() {
            for (sql, values) in statements {
                let mut statement = tx.prepare_cached(&sql)?;
                let mut rows = statement.query(params_from_iter(&values))?;
                while rows.next()?.is_some() {}
            }
            callers.push(caller);
            if callers.len() < GROUP {
                next = waiting.try_recv().ok();
            }
        }
        tx.commit()?;
        for caller in callers {
            let _ = caller.send(());
        }
    }
    Ok(())
}

/// Cases a second that a bare program submits and accepts on an embedded database with these tables.
///
/// # Errors
/// When a row cannot be written.
pub async fn sqlite(database: &Path, recorded: Recorded, lasting: Duration) -> anyhow::Result<f64> {
    let db = Connection::open(database)?;
    db.execute_batch(sql::SAFE)?;
    db.set_prepared_statement_cache_capacity(512);
    let (queue, waiting) = mpsc::channel::<Waiting>(1024);
    let writer = std::thread::spawn(move || write_groups(db, waiting));
    let (recorded, next) = (Arc::new(recorded), Arc::new(AtomicU64::new(1)));
    let until = Instant::now() + lasting;
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let (queue, recorded, next) = (queue.clone(), Arc::clone(&recorded), Arc::clone(&next));
            tokio::spawn(async move {
                let mut done = 0_u64;
                while Instant::now() < until {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    for request in 0..recorded.requests.len() {
                        let (caller, answer) = oneshot::channel();
                        queue.send((statements(&recorded, n, request), caller)).await?;
                        answer.await.context("the writer failed")?;
                    }
                    done += 1;
                }
                anyhow::Ok(done)
            })
        })
        .collect();
    drop(queue);
    let done = sum(clients).await;
    let written = writer.join().map_err(|_| anyhow::anyhow!("the writer panicked"))?;
    written.and(done.map(|done| done as f64 / lasting.as_secs_f64()))
}

async fn sum(clients: Vec<tokio::task::JoinHandle<anyhow::Result<u64>>>) -> anyhow::Result<u64> {
    let mut done = 0;
    for client in clients {
        done += client.await??;
    }
    Ok(done)
}

/// A value as `PostgreSQL` takes it: text for JSON, bytes for ids.
#[derive(Debug)]
struct Pg(Value);

impl ToSql for Pg {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match &self.0 {
            Value::Null => Ok(IsNull::Yes),
            Value::Integer(n) if *ty == Type::INT4 => i32::try_from(*n)?.to_sql(ty, out),
            Value::Integer(n) if *ty == Type::INT2 => i16::try_from(*n)?.to_sql(ty, out),
            Value::Integer(n) => n.to_sql(ty, out),
            Value::Real(n) => n.to_sql(ty, out),
            Value::Text(text) => text.as_str().to_sql(&Type::TEXT, out),
            Value::Blob(bytes) => bytes.as_slice().to_sql(&Type::BYTEA, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn encode_format(&self, _: &Type) -> Format {
        Format::Binary
    }

    to_sql_checked!();
}

/// Cases a second that a bare program submits and accepts on `PostgreSQL`: each request one transaction, its statements
/// sent in one go.
///
/// # Errors
/// When a row cannot be written.
pub async fn postgres(url: &str, recorded: Recorded, lasting: Duration) -> anyhow::Result<f64> {
    let mut pool = Vec::new();
    for _ in 0..CONNECTIONS {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
        tokio::spawn(connection);
        pool.push(Arc::new(tokio::sync::Mutex::new(Prepared { client, known: HashMap::new() })));
    }
    let (recorded, next) = (Arc::new(recorded), Arc::new(AtomicU64::new(1)));
    let until = Instant::now() + lasting;
    let clients = (0..CLIENTS).map(|client| {
        let (connection, recorded, next) =
            (Arc::clone(&pool[client % CONNECTIONS]), Arc::clone(&recorded), Arc::clone(&next));
        tokio::spawn(async move {
            let mut done = 0_u64;
            while Instant::now() < until {
                let n = next.fetch_add(1, Ordering::Relaxed);
                for request in 0..recorded.requests.len() {
                    let statements = statements(&recorded, n, request);
                    connection.lock().await.send(statements).await?;
                }
                done += 1;
            }
            anyhow::Ok(done)
        })
    });
    let done = sum(clients.collect()).await?;
    Ok(done as f64 / lasting.as_secs_f64())
}

/// A connection and the statements it has prepared.
struct Prepared {
    client: Client,
    known: HashMap<String, Statement>,
}

impl Prepared {
    /// One transaction, its statements sent without waiting for one another.
    async fn send(&mut self, statements: Vec<(String, Vec<Value>)>) -> anyhow::Result<()> {
        let mut ready = Vec::with_capacity(statements.len());
        for (sql, values) in statements {
            if !self.known.contains_key(&sql) {
                self.known.insert(sql.clone(), self.client.prepare(&sql).await?);
            }
            ready.push((self.known[&sql].clone(), values.into_iter().map(Pg).collect::<Vec<_>>()));
        }
        let client = &self.client;
        let sent = try_join_all(ready.iter().map(|(statement, values)| async move {
            let parameters: Vec<&(dyn ToSql + Sync)> =
                values.iter().map(|v| v as &(dyn ToSql + Sync)).collect();
            client.execute(statement, &parameters).await
        }));
        let (begun, sent) = futures_util::future::join(client.batch_execute(sql::BEGIN), sent).await;
        begun?;
        sent?;
        Ok(client.batch_execute(sql::COMMIT).await?)
    }
}
