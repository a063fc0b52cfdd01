//! What one submission and acceptance leaves in the database, copied from a real one, to be written again by the floors.

use super::sql;
use anyhow::Context;
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, params_from_iter};
use std::path::Path;
use uuid::Uuid;

/// One row of a table, with every column it has.
#[derive(Debug, Clone)]
pub struct Row {
    /// The table.
    pub table: &'static str,
    /// Its columns.
    pub columns: Vec<String>,
    /// What stands in them.
    pub values: Vec<Value>,
}

/// The rows of one case in the groups in which they were acknowledged: begun, submitted, received, accepted.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// Rows written by each request.
    pub requests: Vec<Vec<Row>>,
    /// The row of the case, which is written again by each request after the submission.
    pub case: Row,
    ids: Vec<Vec<u8>>,
}

/// Columns whose text names one case and must be another for the next.
const UNIQUE: [&str; 4] = ["number", "exchange_number", "key", "query_index"];

fn rows(db: &Connection, table: &'static str, by: &str, key: &Value) -> anyhow::Result<Vec<Row>> {
    let mut statement = db.prepare(&sql::rows_of(table, by))?;
    let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let width = columns.len();
    let found =
        statement.query_map(params_from_iter([key]), |row| (0..width).map(|n| row.get(n)).collect())?;
    let found = found.collect::<Result<Vec<Vec<Value>>, _>>()?;
    Ok(found.into_iter().map(|values| Row { table, columns: columns.clone(), values }).collect())
}

fn column<'a>(row: &'a Row, name: &str) -> anyhow::Result<&'a Value> {
    let at = row.columns.iter().position(|column| column == name);
    at.map(|at| &row.values[at]).with_context(|| format!("{} has no {name}", row.table))
}

/// Reads what this case left. Columns that the database numbers itself are left out.
///
/// # Errors
/// When the case was not begun, submitted, received and accepted over the API.
pub fn recorded(database: &Path, case: Uuid) -> anyhow::Result<Recorded> {
    let db = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let id = Value::Blob(case.as_bytes().to_vec());
    let one = |table, by: &str, key: &Value| -> anyhow::Result<Row> {
        rows(&db, table, by, key)?.pop().with_context(|| format!("{table} has no row of the case"))
    };
    let case = one("case_record", "id", &id)?;
    let application = one("application", "id", column(&case, "application")?)?;
    let draft = one("draft", "application", column(&case, "application")?)?;
    let mut journal = rows(&db, "journal", "stream_id", &id)?;
    journal.iter_mut().for_each(|row| without(row, "position"));
    journal.sort_by_key(|row| column(row, "seq").ok().and_then(number));
    anyhow::ensure!(journal.len() >= 3, "the case was not accepted yet");
    let tasks = rows(&db, "case_task", "case_id", &id)?;
    let request = rows(&db, "api_request", "effect", column(&draft, "id")?)?;
    let request = request.into_iter().next().context("no request is kept")?;
    let ids = [&case, &application, &draft].map(|row| blob(&row.values[0])).into_iter().flatten().collect();
    let after = |event: &Row| -> anyhow::Result<Vec<Row>> {
        let mut rows = vec![event.clone(), pending(event)?, message(event)?, request.clone()];
        rows.extend(tasks.iter().cloned());
        Ok(rows)
    };
    let mut submitted = vec![application, case.clone()];
    submitted.extend(after(&journal[0])?);
    let requests = vec![vec![draft, request.clone()], submitted, after(&journal[1])?, after(&journal[2])?];
    Ok(Recorded { requests, case, ids })
}

fn number(value: &Value) -> Option<i64> {
    if let Value::Integer(n) = value { Some(*n) } else { None }
}

fn blob(value: &Value) -> Option<Vec<u8>> {
    if let Value::Blob(bytes) = value { Some(bytes.clone()) } else { None }
}

fn without(row: &mut Row, name: &str) {
    if let Some(at) = row.columns.iter().position(|column| column == name) {
        row.columns.remove(at);
        row.values.remove(at);
    }
}

/// The row that waits for the next block.
fn pending(event: &Row) -> anyhow::Result<Row> {
    let columns = ["stream_kind", "stream_id", "seq"];
    let mut values =
        columns.iter().map(|name| column(event, name).cloned()).collect::<anyhow::Result<Vec<_>>>()?;
    values.push(column(event, "hash")?.clone());
    let mut columns: Vec<String> = columns.map(str::to_owned).to_vec();
    columns.push("head".to_owned());
    Ok(Row { table: "journal_pending", columns, values })
}

/// The message in the outbox.
fn message(event: &Row) -> anyhow::Result<Row> {
    let seq = number(column(event, "seq")?).unwrap_or_default();
    let columns = ["topic", "key", "body", "due_at", "tries", "poisoned"].map(str::to_owned).to_vec();
    let text = |text: &str| Value::Text(text.to_owned());
    let key = text(&format!("00000000-0000-0000-0000-000000000000:{seq}"));
    let values = vec![text("case"), key, text("{}"), Value::Integer(0), Value::Integer(0), Value::Integer(0)];
    Ok(Row { table: "outbox", columns, values })
}

impl Recorded {
    /// The same rows of another case: the `n`-th. Ids keep their length, and what is unique differs.
    #[must_use]
    pub fn another(&self, n: u64, request: usize) -> Vec<Row> {
        let mut rows = self.requests[request].clone();
        for row in &mut rows {
            for (column, value) in row.columns.iter().zip(&mut row.values) {
                self.replace(column, value, n, request);
            }
        }
        rows
    }

    fn replace(&self, column: &str, value: &mut Value, n: u64, request: usize) {
        let unique = UNIQUE.contains(&column);
        match value {
            Value::Blob(bytes) => {
                if let Some(at) = self.ids.iter().position(|id| id == bytes) {
                    *bytes = id(n, at).to_vec();
                } else if unique {
                    bytes[..8].copy_from_slice(&n.to_be_bytes());
                }
            }
            Value::Text(text) if unique => {
                let mark = format!("{n:x}.{request}.");
                let kept = text.len().saturating_sub(mark.len());
                *text = format!("{mark}{}", text.get(text.len() - kept..).unwrap_or_default());
            }
            _ => {}
        }
    }

    /// The id of the `n`-th case.
    #[must_use]
    pub fn case_id(n: u64) -> [u8; 16] {
        id(n, 0)
    }
}

/// Ids that rise with `n`, as those of version 7 do.
fn id(n: u64, at: usize) -> [u8; 16] {
    let mut id = [0; 16];
    id[..8].copy_from_slice(&n.to_be_bytes());
    id[15] = u8::try_from(at).unwrap_or(0) + 1;
    id
}
