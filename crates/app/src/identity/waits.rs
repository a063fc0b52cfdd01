//! Waiting after wrong passwords: five in a row cost a quarter of an hour, each further one twice as long, at most four
//! hours. Counted by what was typed, whether there is such an account or not, and before the password is looked at, so
//! that many tries at once gain nothing.

use super::sql;
use crate::Ctx;
use jiff::{SignedDuration, Timestamp};
use sm3::{Digest as _, Sm3};
use store::{Error, Tx, Work};

/// Minutes to wait after the fifth wrong try in a row, the sixth and so on.
const MINUTES: [i64; 5] = [15, 30, 60, 120, 240];
/// Tries that end in the first wait.
const TRIES: i64 = 5;
/// Tries older than this count no more.
const MEMORY: SignedDuration = SignedDuration::from_hours(24);

/// Whose tries are counted: a hash, so that the table tells nobody's name or number.
pub type Subject = [u8; 32];

/// The subject of a kind of try and the name typed.
pub fn subject(kind: &str, typed: &str) -> Subject {
    let mut hash = Sm3::new();
    hash.update(kind.as_bytes());
    hash.update([0]);
    hash.update(typed.as_bytes());
    hash.finalize().into()
}

/// What a try meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Try {
    /// It may be made. `last` says that the next one will have to wait if this one fails.
    Go {
        /// The wait has begun, unless this try succeeds.
        last: bool,
    },
    /// Not before then.
    Wait(Timestamp),
}

struct Count {
    subject: Subject,
    now: Timestamp,
}

impl Work for Count {
    type Out = Try;
    type Err = Error;

    async fn run(&self, tx: &Tx) -> store::Result<Try> {
        let until = MINUTES.map(|minutes| self.now + SignedDuration::from_mins(minutes));
        let mut row = vec![(&self.subject).into(), self.now.into(), (self.now - MEMORY).into()];
        row.extend(until.map(store::Val::from));
        match tx.opt::<(i64,)>(sql::COUNT_TRY, &row).await? {
            Some((failures,)) => Ok(Try::Go { last: failures >= TRIES }),
            None => {
                let (until,) = tx.one(sql::WAIT_UNTIL, &[(&self.subject).into()]).await?;
                Ok(Try::Wait(until))
            }
        }
    }
}

/// Counts a try before it is made.
///
/// # Errors
/// When the data cannot be written.
pub async fn count(ctx: &Ctx, subject: Subject) -> store::Result<Try> {
    ctx.db.write(Count { subject, now: ctx.now() }).await
}

/// Forgets the tries: it succeeded, or an administrator lifted the wait.
///
/// # Errors
/// When the data cannot be written.
pub async fn forget(tx: &Tx, subject: &Subject, now: Timestamp) -> store::Result<()> {
    tx.exec(sql::FORGET_TRIES, &[subject.into()]).await?;
    tx.exec(sql::FORGET_OLD_TRIES, &[(now - MEMORY).into()]).await.map(drop)
}

/// The sentence for somebody who has to wait.
pub fn say(until: Timestamp, now: Timestamp) -> String {
    let minutes = until.duration_since(now).as_secs().max(0).div_euclid(60) + 1;
    format!(
        "输错的次数太多，为了安全请过 {minutes} 分钟再试。忘记密码的，可以请管理员或就近的服务大厅帮您重设。"
    )
}
