//! The list of staff accounts, page by page.

use super::account::AccountRecord;
use super::sql;
use crate::Ctx;
use domain::kernel::StaffId;
use store::{Tx, Work};
use uuid::Uuid;

struct List {
    after: String,
    pattern: String,
    limit: i64,
}

impl Work for List {
    type Out = Vec<AccountRecord>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Self::Out> {
        tx.all(sql::STAFF_PAGE, &[(&self.after).into(), (&self.pattern).into(), self.limit.into()]).await
    }
}

/// Accounts in the order of their login names, from after `after`; only those whose login or name holds `words`.
///
/// # Errors
/// When the data cannot be read.
pub async fn list(ctx: &Ctx, words: &str, after: &str, limit: u32) -> store::Result<Vec<AccountRecord>> {
    // What stands for "anything" in a pattern is a character like any other here.
    let plain: String = words.trim().chars().filter(|c| !matches!(c, '%' | '_' | '\\')).collect();
    let pattern = if plain.is_empty() { String::new() } else { format!("%{plain}%") };
    ctx.db.read(List { after: after.to_owned(), pattern, limit: limit.into() }).await
}

struct IdOf(String);

impl Work for IdOf {
    type Out = Option<(Uuid,)>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Self::Out> {
        tx.opt(sql::STAFF_ID_BY_LOGIN, &[(&self.0).into()]).await
    }
}

/// The account with this login name, open or closed.
///
/// # Errors
/// When the data cannot be read.
pub async fn id_of(ctx: &Ctx, login: &str) -> store::Result<Option<StaffId>> {
    Ok(ctx.db.read(IdOf(login.trim().to_ascii_lowercase())).await?.map(|(id,)| id.into()))
}
