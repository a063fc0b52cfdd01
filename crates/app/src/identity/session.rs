//! Sessions: opened at sign-in under a new token, ended by idleness, by age, by signing out or by an administrator.

use super::sql;
use super::token::{self, Side, TokenHash};
use crate::Ctx;
use jiff::{SignedDuration, Timestamp};
use store::{Error, Tx, Work};
use uuid::Uuid;

/// A member of staff who does nothing for so long signs in again (practice for GB/T 22239—2019 8.1.4.1 b).
pub const STAFF_IDLE: SignedDuration = SignedDuration::from_mins(30);
/// A citizen reads papers at home while filling in a form.
pub const CITIZEN_IDLE: SignedDuration = SignedDuration::from_hours(2);
/// Nobody stays signed in longer than a day's work.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(12);
/// How exactly it is known when a session was last used: fewer writes.
const TOUCH_EVERY: SignedDuration = SignedDuration::from_mins(1);
/// Ended sessions are kept so long, to recognise who comes back with a form.
const KEEP_ENDED: SignedDuration = SignedDuration::from_hours(48);

/// How far a sign-in of staff has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The code of the second factor is still to be given.
    Second,
    /// The password is still to be changed.
    Password,
    /// A second factor is still to be set up.
    Enrol,
    /// Everything is open.
    Full,
}

impl Step {
    /// As stored.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Second => "second",
            Self::Password => "password",
            Self::Enrol => "enrol",
            Self::Full => "full",
        }
    }

    /// From what is stored; an unknown word opens nothing.
    pub fn of(word: &str) -> Self {
        match word {
            "full" => Self::Full,
            "enrol" => Self::Enrol,
            "password" => Self::Password,
            _ => Self::Second,
        }
    }
}

/// Whether a session has ended by now.
pub fn has_ended(side: Side, opened_at: Timestamp, seen_at: Timestamp, now: Timestamp) -> bool {
    let idle = if side == Side::Staff { STAFF_IDLE } else { CITIZEN_IDLE };
    now.duration_since(seen_at) >= idle || now.duration_since(opened_at) >= LONGEST
}

/// Opens a session inside a transaction that proved who it is; yields nothing but the row.
pub async fn open(
    tx: &Tx,
    side: Side,
    subject: Uuid,
    step: Step,
    hash: &TokenHash,
    now: Timestamp,
) -> store::Result<()> {
    tx.exec(sql::DROP_OLD_SESSIONS, &[(now - KEEP_ENDED).into()]).await?;
    let row = [hash.into(), side.kind().into(), subject.into(), step.word().into(), now.into()];
    tx.exec(sql::INSERT_SESSION, &row).await.map(drop)
}

/// Ends one session.
pub struct End(pub TokenHash);

impl Work for End {
    type Out = ();
    type Err = Error;

    async fn run(&self, tx: &Tx) -> store::Result<()> {
        tx.exec(sql::DROP_SESSION, &[(&self.0).into()]).await.map(drop)
    }
}

struct Touch(TokenHash, Timestamp);

impl Work for Touch {
    type Out = ();
    type Err = Error;

    async fn run(&self, tx: &Tx) -> store::Result<()> {
        tx.exec(sql::TOUCH_SESSION, &[(&self.0).into(), self.1.into()]).await.map(drop)
    }
}

/// Notes that the session was used, at most once a minute. Where nothing can be written now, whoever only reads is not
/// sent away for it.
pub async fn touch(ctx: &Ctx, hash: TokenHash, seen_at: Timestamp) {
    let now = ctx.now();
    if now.duration_since(seen_at) < TOUCH_EVERY {
        return;
    }
    if let Err(error) = ctx.db.write(Touch(hash, now)).await {
        tracing::warn!(%error, "the use of a session could not be noted");
    }
}

/// A new token and its hash.
pub fn new_token(ctx: &Ctx) -> (String, TokenHash) {
    let token = token::draw(ctx);
    let hash = token::hash(&token);
    (token, hash)
}

/// The hash of a token just given.
pub fn hash_of(token: &str) -> TokenHash {
    token::hash(token)
}
