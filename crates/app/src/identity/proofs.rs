//! How accounts and persons are compared with their streams.

use super::account::AccountRecord;
use super::person::{Known, PersonRecord};
use super::posts::PostRow;
use super::sql;
use crate::proof::{Proven, first_difference};
use domain::identity::StaffAccount;
use domain::kernel::CitizenId;
use store::{Row, Tx};
use uuid::Uuid;

impl Proven for AccountRecord {
    const ROWS_AFTER: &'static str = sql::STAFF_AFTER;

    fn columns_fit(&self, row: &Row<'_>) -> store::Result<bool> {
        let columns: (String, String, bool) = (row.get(3)?, row.get(4)?, row.get(5)?);
        Ok(columns == (self.account.login.clone(), self.account.name.clone(), self.account.open))
    }

    fn unfolded(&self) -> Self {
        Self { id: self.id, version: 0, account: StaffAccount::default() }
    }

    async fn beside(tx: &Tx, after: Uuid, rows: &[&Self]) -> store::Result<Option<Uuid>> {
        let Some(last) = rows.last() else { return Ok(None) };
        let mut expected = Vec::new();
        for row in rows {
            expected.extend(row.post_rows()?);
        }
        let found: Vec<PostRow> = tx.all(sql::POSTS_BETWEEN, &[after.into(), last.id.uuid().into()]).await?;
        Ok(first_difference(&expected, &found, |post| post.1))
    }
}

impl Proven for PersonRecord {
    const ROWS_AFTER: &'static str = sql::PERSONS_AFTER;

    fn columns_fit(&self, row: &Row<'_>) -> store::Result<bool> {
        let columns: (String, String, Option<Uuid>) = (row.get(4)?, row.get(5)?, row.get(6)?);
        let kind = if self.known.is_firm() { "legal" } else { "natural" };
        let handler = self.known.handler.map(CitizenId::uuid);
        Ok(columns == (kind.to_owned(), self.known.document.word().to_owned(), handler))
    }

    fn unfolded(&self) -> Self {
        let mut before = self.clone();
        (before.version, before.known) = (0, Known::default());
        before
    }
}
