//! 在办提示: who has a case open at the same time, by a heartbeat of the page.

use domain::kernel::{CaseId, StaffId};
use jiff::{SignedDuration, Timestamp};
use store::{Tx, Work};

use super::sql;
use crate::Ctx;

/// A page that has not been heard of for so long is taken for closed; pages call every 30 seconds.
const SILENCE: SignedDuration = SignedDuration::from_secs(60);

struct Beat {
    case: CaseId,
    staff: StaffId,
    name: String,
    now: Timestamp,
}

impl Work for Beat {
    type Out = Vec<String>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Vec<String>> {
        let (case, staff) = (self.case.uuid().into(), self.staff.uuid().into());
        tx.exec(sql::SEEN, &[case, staff, (&self.name).into(), self.now.into()]).await?;
        let since = self.now.checked_sub(SILENCE).unwrap_or(self.now);
        let others: Vec<(String, Timestamp)> = tx.all(sql::PRESENT, &[case, staff, since.into()]).await?;
        Ok(others.into_iter().map(|(name, _)| name).collect())
    }
}

/// Notes that a member of staff has the case open, and tells who else has.
///
/// # Errors
/// When the data cannot be written.
pub async fn here(ctx: &Ctx, case: CaseId, staff: StaffId, name: &str) -> store::Result<Vec<String>> {
    ctx.db.write(Beat { case, staff, name: name.to_owned(), now: ctx.now() }).await
}

struct Leave(CaseId, StaffId);

impl Work for Leave {
    type Out = ();
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<()> {
        tx.exec(sql::LEFT, &[self.0.uuid().into(), self.1.uuid().into()]).await.map(drop)
    }
}

/// Notes that the page was closed.
///
/// # Errors
/// When the data cannot be written.
pub async fn gone(ctx: &Ctx, case: CaseId, staff: StaffId) -> store::Result<()> {
    ctx.db.write(Leave(case, staff)).await
}

struct Forget(Timestamp);

impl Work for Forget {
    type Out = u64;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<u64> {
        tx.exec(sql::FORGET_PRESENCE, &[self.0.into()]).await
    }
}

/// Forgets pages that went silent long ago.
///
/// # Errors
/// When the data cannot be written.
pub async fn forget_silent(ctx: &Ctx) -> store::Result<u64> {
    let before = ctx.now().checked_sub(SILENCE * 10).unwrap_or(Timestamp::MIN);
    ctx.db.write(Forget(before)).await
}
