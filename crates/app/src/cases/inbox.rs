//! 站内消息: what an applicant is told in their space and a member of staff at their desk, one message for each thing that
//! happened. A reader is named by the id of the citizen or the member of staff.

use domain::kernel::CaseId;
use jiff::Timestamp;
use store::{Tx, Work};
use uuid::Uuid;

use super::sql;
use crate::Ctx;

/// A message to an applicant or a member of staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Which.
    pub id: Uuid,
    /// About which case.
    pub case: CaseId,
    /// What happened, in a few words.
    pub title: String,
    /// What to know and to do.
    pub body: String,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// It was read.
    pub read: bool,
}

struct Inbox {
    person: Uuid,
    before: Uuid,
    limit: u32,
}

impl Work for Inbox {
    type Out = Vec<Message>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Vec<Message>> {
        let key = [self.person.into(), self.before.into(), self.limit.into()];
        let rows: Vec<(Uuid, Uuid, String, String, Timestamp, Option<Timestamp>)> =
            tx.all(sql::MESSAGES, &key).await?;
        let message = |(id, case, title, body, sent_at, read): (_, Uuid, _, _, _, Option<Timestamp>)| {
            Message { id, case: case.into(), title, body, sent_at, read: read.is_some() }
        };
        Ok(rows.into_iter().map(message).collect())
    }
}

/// The messages of a person, newest first; `before` is the last id of the page before.
///
/// # Errors
/// When the data cannot be read.
pub async fn messages(
    ctx: &Ctx,
    person: impl Into<Uuid>,
    before: Option<Uuid>,
    limit: u32,
) -> store::Result<Vec<Message>> {
    let before = before.unwrap_or(Uuid::max());
    ctx.db.read(Inbox { person: person.into(), before, limit: limit.clamp(1, 200) }).await
}

struct Unread(Uuid);

impl Work for Unread {
    type Out = u64;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<u64> {
        let (count,): (i64,) = tx.one(sql::UNREAD, &[self.0.into()]).await?;
        Ok(u64::try_from(count).unwrap_or_default())
    }
}

/// How many messages a person has not read.
///
/// # Errors
/// When the data cannot be read.
pub async fn unread(ctx: &Ctx, person: impl Into<Uuid>) -> store::Result<u64> {
    ctx.db.read(Unread(person.into())).await
}

struct MarkRead {
    person: Uuid,
    message: Uuid,
    now: Timestamp,
}

impl Work for MarkRead {
    type Out = ();
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<()> {
        let key = [self.person.into(), self.message.into(), self.now.into()];
        tx.exec(sql::MARK_READ, &key).await.map(drop)
    }
}

/// Notes that a person read a message of theirs.
///
/// # Errors
/// When the data cannot be written.
pub async fn mark_read(ctx: &Ctx, person: impl Into<Uuid>, message: Uuid) -> store::Result<()> {
    ctx.db.write(MarkRead { person: person.into(), message, now: ctx.now() }).await
}
