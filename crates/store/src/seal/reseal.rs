//! After a new key: renewing what the old ones sealed, page by page, while the program serves.

use std::sync::Arc;

use super::{KeyId, Nonce, Sealer};
use crate::{Db, Error, Result, Tx, Work, hex};

/// Rows of one transaction.
const PAGE: u32 = 200;

/// Gives a nonce that was never given before.
pub type Nonces = Arc<dyn Fn() -> Nonce + Send + Sync>;

/// A column that holds sealed values. Each capability lists its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SealedColumn {
    /// The table.
    pub table: &'static str,
    /// Its key: one column of bytes, indexed.
    pub key: &'static str,
    /// The column with sealed values; may be empty in some rows.
    pub column: &'static str,
    /// The field that the values were sealed for.
    pub field: &'static str,
}

impl SealedColumn {
    /// The column of a field that is called `table.column`, in a table whose key is `id`.
    #[must_use]
    pub fn of(field: &'static str) -> Self {
        let (table, column) = field.split_once('.').unwrap_or((field, ""));
        Self { table, key: "id", column, field }
    }

    fn statements(&self) -> Result<(String, String)> {
        let Self { table, key, column, .. } = self;
        let plain =
            |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        if ![table, key, column].into_iter().all(|name| plain(name)) {
            return Err(Error::Other(format!("{table}.{column} by {key} is no table with two columns")));
        }
        let next = format!("SELECT {key}, {column} FROM {table} WHERE {key} > $1 ORDER BY {key} LIMIT $2");
        let renew = format!("UPDATE {table} SET {column} = $1 WHERE {key} = $2 AND {column} = $3");
        Ok((next, renew))
    }

    /// The name under which its place is kept; a new current key begins anew.
    fn place(&self, current: KeyId) -> String {
        format!("reseal:{}.{}:{current}", self.table, self.column)
    }
}

/// What one step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Rows that were looked at.
    pub seen: usize,
    /// Values that are now under the current key.
    pub renewed: usize,
    /// Nothing of this column is left to look at.
    pub done: bool,
}

crate::statements! {
    PLACE = "SELECT value FROM meta WHERE name = $1";
    KEEP = "INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    FORGET = "DELETE FROM meta WHERE name = $1";
}

/// Renews the next page of a column that has something to renew; to be called until it says that it is done. How far it
/// came is kept with the data, so that it goes on where it was after a restart. A row that changes meanwhile is left
/// alone: who changed it sealed it under the current key.
///
/// A column that was done begins anew. When that renews nothing on any node, its old keys are needed no more.
pub async fn reseal(db: &Db, sealer: &Sealer, column: SealedColumn, nonces: &Nonces) -> Result<Progress> {
    let mut after = None;
    let mut seen = 0;
    loop {
        let page = db.read(Look { sealer: sealer.clone(), column, after }).await?;
        seen += page.rows;
        if page.stale {
            let page =
                Renew { sealer: sealer.clone(), column, after: page.after, nonces: Arc::clone(nonces) };
            let (renewed, done) = db.write(page).await?;
            return Ok(Progress { seen, renewed, done });
        }
        let Some(last) = page.last else {
            if page.was_kept {
                db.write(Forget(column.place(sealer.current()))).await?;
            }
            return Ok(Progress { seen, renewed: 0, done: true });
        };
        after = Some(last);
    }
}

/// A page of keys with what is sealed there.
type Rows = Vec<(Vec<u8>, Option<Vec<u8>>)>;

async fn rows(tx: &Tx, column: SealedColumn, after: &[u8]) -> Result<Rows> {
    let (next, _) = column.statements()?;
    tx.all(&next, &[after.into(), PAGE.into()]).await
}

/// The key of the last row, when another page may follow.
fn last(rows: &Rows) -> Option<Vec<u8>> {
    rows.last().filter(|_| rows.len() == PAGE as usize).map(|(key, _)| key.clone())
}

/// The sealed values of a column, and the key of the first row whose value does not open: altered, or moved from another
/// column.
///
/// # Errors
/// When the data cannot be read.
pub async fn first_altered(db: &Db, sealer: &Sealer, column: SealedColumn) -> Result<(u64, Option<String>)> {
    let (mut values, mut after) = (0, Vec::new());
    loop {
        let page = db.read(Page { column, after }).await?;
        for (key, sealed) in &page {
            let Some(sealed) = sealed else { continue };
            if sealer.open(column.field, sealed).is_err() {
                return Ok((values, Some(hex::encode(key))));
            }
            values += 1;
        }
        match last(&page) {
            Some(key) => after = key,
            None => return Ok((values, None)),
        }
    }
}

/// Reads one page.
struct Page {
    column: SealedColumn,
    after: Vec<u8>,
}

impl Work for Page {
    type Out = Rows;
    type Err = Error;

    async fn run(&self, tx: &Tx) -> Result<Rows> {
        rows(tx, self.column, &self.after).await
    }
}

/// Looks at one page; without writing, because most of the time there is nothing to renew.
struct Look {
    sealer: Sealer,
    column: SealedColumn,
    /// None to begin where the last step ended.
    after: Option<Vec<u8>>,
}

struct Looked {
    after: Vec<u8>,
    was_kept: bool,
    rows: usize,
    last: Option<Vec<u8>>,
    stale: bool,
}

impl Work for Look {
    type Out = Looked;
    type Err = Error;

    async fn run(&self, tx: &Tx) -> Result<Looked> {
        let place = self.column.place(self.sealer.current());
        let kept = tx.opt::<(String,)>(PLACE, &[(&place).into()]).await?.map(|row| row.0);
        let was_kept = kept.is_some();
        let after = match (&self.after, kept) {
            (Some(after), _) => after.clone(),
            (None, None) => Vec::new(),
            (None, Some(digits)) => hex::decode_any(&digits)
                .ok_or_else(|| Error::Corrupt(format!("{place} is {digits}, which is no key of a row")))?,
        };
        let rows = rows(tx, self.column, &after).await?;
        let stale =
            rows.iter().any(|(_, sealed)| sealed.as_ref().is_some_and(|s| self.sealer.needs_reseal(s)));
        Ok(Looked { after, was_kept, rows: rows.len(), last: last(&rows), stale })
    }
}

/// Renews one page and keeps its end.
struct Renew {
    sealer: Sealer,
    column: SealedColumn,
    after: Vec<u8>,
    /// Asked anew in every run: a nonce of a run that was rolled back is not used for another value.
    nonces: Nonces,
}

impl Work for Renew {
    type Out = (usize, bool);
    type Err = Error;

    async fn run(&self, tx: &Tx) -> Result<(usize, bool)> {
        let (_, renew) = self.column.statements()?;
        let rows = rows(tx, self.column, &self.after).await?;
        let mut renewed = 0;
        for (key, sealed) in &rows {
            let Some(sealed) = sealed.as_ref().filter(|sealed| self.sealer.needs_reseal(sealed)) else {
                continue;
            };
            let plain = self.sealer.open(self.column.field, sealed)?;
            let fresh = self.sealer.seal(self.column.field, &plain, (self.nonces)());
            let changed = tx.exec(&renew, &[(&fresh).into(), key.into(), sealed.into()]).await?;
            renewed += usize::from(changed > 0);
        }
        let place = self.column.place(self.sealer.current());
        let last = last(&rows);
        match &last {
            Some(last) => tx.exec(KEEP, &[(&place).into(), (&hex::encode(last)).into()]).await?,
            None => tx.exec(FORGET, &[(&place).into()]).await?,
        };
        Ok((renewed, last.is_none()))
    }
}

struct Forget(String);

impl Work for Forget {
    type Out = ();
    type Err = Error;

    async fn run(&self, tx: &Tx) -> Result<()> {
        tx.exec(FORGET, &[(&self.0).into()]).await.map(drop)
    }
}
