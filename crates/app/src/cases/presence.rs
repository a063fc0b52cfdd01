//! 在办提示: who has a case open at the same time, by a heartbeat of the page.

use askama::Template;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use domain::kernel::{CaseId, StaffId};
use jiff::{SignedDuration, Timestamp};
use store::{Tx, Work};
use ui::SafeHtml;

use super::{By, find, sql};
use crate::Ctx;
use crate::identity::Staff;
use crate::web::Fault;

/// A page that has not been heard of for so long is taken for closed; pages call every 30 seconds.
const SILENCE: SignedDuration = SignedDuration::from_secs(60);

struct Beat {
    case: CaseId,
    staff: StaffId,
    name: String,
    now: Timestamp,
}

struct Others {
    case: CaseId,
    staff: StaffId,
    now: Timestamp,
}

impl Work for Others {
    type Out = Vec<String>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Vec<String>> {
        let since = self.now.checked_sub(SILENCE).unwrap_or(self.now);
        let key = [self.case.uuid().into(), self.staff.uuid().into(), since.into()];
        let others: Vec<(String, Timestamp)> = tx.all(sql::PRESENT, &key).await?;
        Ok(others.into_iter().map(|(name, _)| name).collect())
    }
}

impl Work for Beat {
    type Out = Vec<String>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Vec<String>> {
        let (case, staff) = (self.case.uuid().into(), self.staff.uuid().into());
        tx.exec(sql::SEEN, &[case, staff, (&self.name).into(), self.now.into()]).await?;
        Others { case: self.case, staff: self.staff, now: self.now }.run(tx).await
    }
}

/// Notes that a member of staff has the case open, and tells who else has; nobody while nothing can be written, for the
/// case can still be read.
///
/// # Errors
/// When the statement is wrong.
pub async fn here(ctx: &Ctx, case: CaseId, staff: StaffId, name: &str) -> store::Result<Vec<String>> {
    match ctx.db.write(Beat { case, staff, name: name.to_owned(), now: ctx.now() }).await {
        Err(error) if error.is_retryable() => {
            tracing::warn!(%error, "who has a case open could not be noted");
            Ok(Vec::new())
        }
        noted => noted,
    }
}

/// Who else has the case open, as a part of a page that asks again by itself.
#[derive(Template)]
#[template(path = "cases/present.html")]
struct Present {
    others: Vec<String>,
    /// Where it is asked for again.
    again: String,
    /// It has just been drawn with its page, and its first heartbeat goes at once.
    fresh: bool,
}

impl Present {
    fn drawn(&self) -> Result<SafeHtml, Fault> {
        SafeHtml::render(self).map_err(Fault::internal)
    }
}

/// Who else has the case open, for the page of a case; `again` is where its heartbeats go. Looking at a page writes nothing:
/// its first heartbeat does, once the page stands in a browser.
///
/// # Errors
/// When the data cannot be read.
pub async fn present(ctx: &Ctx, case: CaseId, staff: &Staff, again: &str) -> Result<SafeHtml, Fault> {
    let others = ctx.db.read(Others { case, staff: staff.id, now: ctx.now() }).await?;
    Present { others, again: again.to_owned(), fresh: true }.drawn()
}

/// The answer to the heartbeat of a page: who else has the case open now.
///
/// # Errors
/// Not found when there is no such case, or not for this person; when the data cannot be written.
pub async fn heartbeat(ctx: &Ctx, case: CaseId, staff: &Staff, again: &str) -> Result<Response, Fault> {
    let record = find(&ctx.db, case).await?.ok_or_else(Fault::not_found)?;
    if !By::from(staff).may_see(&record, &ctx.city()) {
        return Err(Fault::not_found());
    }
    let others = here(ctx, case, staff.id, &staff.name).await?;
    let html = Present { others, again: again.to_owned(), fresh: false }.drawn()?;
    let headers = [(CONTENT_TYPE, "text/html; charset=utf-8"), (CACHE_CONTROL, "no-store")];
    Ok((headers, html.as_str().to_owned()).into_response())
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
