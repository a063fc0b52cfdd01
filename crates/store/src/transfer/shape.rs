//! What tables a database has: their columns, their keys, and the counters behind keys that the database counts itself.

use super::engine_name;
use crate::{Engine, Error, Result, Tx};

crate::statements! {
    TABLES_LITE = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
        AND name <> 'schema_migration' ORDER BY name", only: Sqlite, scans: "a schema has some dozens of tables";
    TABLES_PG = "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = current_schema()
        AND tablename <> 'schema_migration' ORDER BY tablename", only: Postgres;
    COLUMNS_LITE = "SELECT name FROM pragma_table_info($1) ORDER BY name", only: Sqlite;
    COLUMNS_PG = "SELECT CAST(column_name AS TEXT) FROM information_schema.columns
        WHERE table_schema = current_schema() AND table_name = $1 ORDER BY CAST(column_name AS TEXT) COLLATE \"C\"", only: Postgres;
    KEY_LITE = "SELECT name FROM pragma_table_info($1) WHERE pk > 0 ORDER BY pk", only: Sqlite;
    KEY_PG = "SELECT CAST(a.attname AS TEXT) FROM pg_index i
        CROSS JOIN LATERAL unnest(CAST(i.indkey AS smallint[])) WITH ORDINALITY AS k(attnum, n)
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
        WHERE i.indisprimary AND i.indrelid = CAST(quote_ident(CAST($1 AS TEXT)) AS regclass) ORDER BY k.n", only: Postgres;
    COUNTERS_LITE = "SELECT name, seq FROM sqlite_sequence ORDER BY name", only: Sqlite, scans: "one row a table";
    COUNTERS_PG = "SELECT table_name, COALESCE(pg_sequence_last_value(CAST(pg_get_serial_sequence(quote_ident(table_name),
        column_name) AS regclass)), 0) FROM (SELECT CAST(table_name AS TEXT) AS table_name, CAST(column_name AS TEXT)
        AS column_name FROM information_schema.columns WHERE table_schema = current_schema() AND is_identity = 'YES')
        AS counted ORDER BY table_name", only: Postgres;
    FORGET_COUNTER = "DELETE FROM sqlite_sequence WHERE name = $1", only: Sqlite, scans: "one row a table";
    SET_LITE = "INSERT INTO sqlite_sequence (name, seq) VALUES ($1, $2)", only: Sqlite;
    SET_PG = "SELECT setval(CAST(pg_get_serial_sequence(quote_ident(table_name), column_name) AS regclass), $2)
        FROM (SELECT CAST(table_name AS TEXT) AS table_name, CAST(column_name AS TEXT) AS column_name
        FROM information_schema.columns WHERE table_schema = current_schema() AND is_identity = 'YES') AS counted
        WHERE table_name = $1", only: Postgres;
}

/// A table as it is moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    /// Its name.
    pub(super) name: String,
    /// Its columns in the order of their names, which is the same on both engines.
    columns: Vec<String>,
    /// The places of its key's columns among them.
    pub(super) key: Vec<usize>,
}

impl Table {
    /// The statement that reads a page of rows, after a key when `after`.
    pub(super) fn page(&self, after: bool, limit: u32) -> String {
        let key = list(self.key.iter().map(|i| &self.columns[*i]));
        let condition =
            if after { format!(" WHERE ({key}) > ({})", numbers(self.key.len())) } else { String::new() };
        let columns = list(&self.columns);
        format!("SELECT {columns} FROM \"{}\"{condition} ORDER BY {key} LIMIT {limit}", self.name)
    }

    /// The statement that writes a row.
    pub(super) fn insert(&self) -> String {
        let (columns, values) = (list(&self.columns), numbers(self.columns.len()));
        format!("INSERT INTO \"{}\" ({columns}) VALUES ({values})", self.name)
    }
}

fn list<'a>(names: impl IntoIterator<Item = &'a String>) -> String {
    names.into_iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
}

fn numbers(count: usize) -> String {
    (1..=count).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}

/// All tables but the list of migrations, which each database keeps for itself.
pub(super) async fn tables(tx: &Tx) -> Result<Vec<Table>> {
    let (tables, columns_of, key_of) = match tx.engine() {
        Engine::Sqlite => (TABLES_LITE, COLUMNS_LITE, KEY_LITE),
        Engine::Postgres => (TABLES_PG, COLUMNS_PG, KEY_PG),
    };
    let names: Vec<(String,)> = tx.all(tables, &[]).await?;
    let mut found = Vec::with_capacity(names.len());
    for (name,) in names {
        // Names go into the text of statements.
        if !name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
            return Err(Error::Other(format!("the table {name} is not one of this program")));
        }
        let columns: Vec<(String,)> = tx.all(columns_of, &[(&name).into()]).await?;
        let columns: Vec<String> = columns.into_iter().map(|column| column.0).collect();
        let key: Vec<(String,)> = tx.all(key_of, &[(&name).into()]).await?;
        let key: Vec<usize> =
            key.iter().filter_map(|(part,)| columns.iter().position(|column| column == part)).collect();
        if key.is_empty() {
            return Err(Error::Other(format!("the table {name} has no primary key to read it by")));
        }
        found.push(Table { name, columns, key });
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

/// The tables of both, which must be the same.
pub(super) async fn matching(source: &Tx, target: &Tx) -> Result<Vec<Table>> {
    let (from, to) = (tables(source).await?, tables(target).await?);
    let other =
        |a: &[Table], b: &[Table]| a.iter().find(|table| !b.contains(table)).map(|table| table.name.clone());
    match other(&from, &to).or_else(|| other(&to, &from)) {
        None => Ok(from),
        Some(name) => Err(Error::Conflict(format!(
            "the table {name} is not the same in both databases ({} and {}); migrate both with one program",
            engine_name(source.engine()),
            engine_name(target.engine())
        ))),
    }
}

/// Refuses a table that has rows.
pub(super) async fn refuse_rows(tx: &Tx, table: &Table) -> Result<()> {
    let any = format!("SELECT 1 FROM \"{}\" LIMIT 1", table.name);
    match tx.opt::<(i32,)>(&any, &[]).await? {
        None => Ok(()),
        Some(_) => Err(Error::Conflict(format!("the table {} is not empty", table.name))),
    }
}

/// Lets keys that the database counts go on where they were, so that none is given twice.
pub(super) async fn carry_counters(source: &Tx, target: &Tx) -> Result<()> {
    let counters = match source.engine() {
        Engine::Sqlite => COUNTERS_LITE,
        Engine::Postgres => COUNTERS_PG,
    };
    for (name, last) in source.all::<(String, i64)>(counters, &[]).await?.iter().filter(|(_, last)| *last > 0)
    {
        match target.engine() {
            Engine::Sqlite => {
                target.exec(FORGET_COUNTER, &[name.into()]).await?;
                target.exec(SET_LITE, &[name.into(), (*last).into()]).await?;
            }
            Engine::Postgres => {
                let _: Vec<(i64,)> = target.all(SET_PG, &[name.into(), (*last).into()]).await?;
            }
        }
    }
    Ok(())
}
