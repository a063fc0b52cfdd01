//! A case by the number on its receipt, for staff.

use store::{Tx, Work};

use super::{By, CaseRecord, sql};
use crate::Ctx;

struct Numbered(String);

impl Work for Numbered {
    type Out = Option<CaseRecord>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Option<CaseRecord>> {
        tx.opt(sql::CASE_BY_NUMBER, &[(&self.0).into()]).await
    }
}

/// The case with that number, if there is one that this person may see. Whoever has only the number sees none: they also
/// need the query code ([`super::by_number_and_code`]).
///
/// # Errors
/// When the data cannot be read.
pub async fn find_by_number(ctx: &Ctx, number: &str, by: &By) -> store::Result<Option<CaseRecord>> {
    let found = ctx.db.read(Numbered(number.to_owned())).await?;
    let city = ctx.city();
    Ok(found.filter(|record| !matches!(by, By::Code) && by.may_see(record, &city)))
}
