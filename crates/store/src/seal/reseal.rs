//! After a new key: renewing what the old ones sealed, page by page, while the program serves.

use super::{KeyId, Nonce, Sealer};
use crate::{Db, Error, Result, Tx, Work, hex};

/// Rows of one transaction.
const PAGE: u32 = 200;

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

/// What one page did.
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

/// Renews the next page of a column; call it until it says that it is done. How far it came is kept with the data, so
/// that it goes on where it was after a restart. A row that changes meanwhile is left alone: who changed it sealed it
/// under the current key.
///
/// A column that was done begins anew, and renews nothing: then its old keys are needed no more.
pub async fn reseal<N>(db: &Db, sealer: &Sealer, column: SealedColumn, nonce: N) -> Result<Progress>
where
    N: Fn() -> Nonce + Send + Sync + 'static,
{
    db.write(Page { sealer: sealer.clone(), column, nonce }).await
}

struct Page<N> {
    sealer: Sealer,
    column: SealedColumn,
    /// Asked anew in every run: a nonce of a run that was rolled back is not used for another value.
    nonce: N,
}

impl SealedColumn {
    fn statements(&self) -> Result<(String, String)> {
        let Self { table, key, column, .. } = self;
        let plain =
            |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        if ![table, key, column].into_iter().all(|name| plain(name)) {
            return Err(Error::Other(format!("{table}.{key}.{column} is no table with two columns")));
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

impl<N: Fn() -> Nonce + Send + Sync + 'static> Work for Page<N> {
    type Out = Progress;
    type Err = Error;

    async fn run(&self, tx: &Tx) -> Result<Progress> {
        let (next, renew) = self.column.statements()?;
        let place = self.column.place(self.sealer.current());
        let kept = tx.opt::<(String,)>(PLACE, &[(&place).into()]).await?;
        let after =
            kept.map(|(digits,)| hex::decode_any(&digits).ok_or(digits)).transpose().map_err(|digits| {
                Error::Corrupt(format!("{place} is kept as {digits}, which is no key of a row"))
            })?;
        let after = after.unwrap_or_default();
        let rows: Vec<(Vec<u8>, Option<Vec<u8>>)> = tx.all(&next, &[(&after).into(), PAGE.into()]).await?;
        let mut renewed = 0;
        for (key, sealed) in &rows {
            let Some(sealed) = sealed.as_ref().filter(|sealed| self.sealer.needs_reseal(sealed)) else {
                continue;
            };
            let plain = self.sealer.open(self.column.field, sealed)?;
            let fresh = self.sealer.seal(self.column.field, &plain, (self.nonce)());
            renewed += usize::try_from(tx.exec(&renew, &[(&fresh).into(), key.into(), sealed.into()]).await?)
                .unwrap_or_default();
        }
        let done = rows.len() < PAGE as usize;
        match rows.last() {
            Some((last, _)) if !done => {
                tx.exec(KEEP, &[(&place).into(), (&hex::encode(last)).into()]).await?;
            }
            _ => {
                tx.exec(FORGET, &[(&place).into()]).await?;
            }
        }
        Ok(Progress { seen: rows.len(), renewed, done })
    }
}
