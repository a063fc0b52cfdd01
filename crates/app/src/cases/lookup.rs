//! 查询: a case by its number and its query code, for whoever holds the receipt; guessing is slow.

use domain::kernel::CaseId;
use domain::kernel::numbers::{CaseNumber, QueryCode};
use jiff::{SignedDuration, Timestamp};
use store::{Tx, Work};

use super::{ActError, By, CaseRecord, CaseView, party::QUERY_FIELD, sql, view};
use crate::Ctx;

/// Wrong codes a number forgives before it waits.
const TRIES: i64 = 5;
/// How long it then waits.
const WAIT: SignedDuration = SignedDuration::from_mins(15);

/// Why nothing was shown.
#[derive(Debug, thiserror::Error)]
pub enum LookupError {
    /// What was typed cannot be a number or a code.
    #[error("{0}")]
    Typed(#[from] domain::kernel::numbers::NumberError),
    /// No case has this number with this code; which of the two is wrong is not told.
    #[error("没有找到，请对照回执核对受理编号和查询码。")]
    Wrong,
    /// Too many wrong codes.
    #[error("查询码连续输错 5 次，请 15 分钟后再试；也可以登录后在“我的办件”里查看。")]
    Wait,
    /// The data could not be read.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// The blind index under which the query code of a case is kept.
#[must_use]
pub fn query_index(ctx: &Ctx, case: CaseId, code: &QueryCode) -> Vec<u8> {
    ctx.sealer.index(QUERY_FIELD, &format!("{case}/{}", code.as_str()))
}

struct Guarded {
    number: String,
    now: Timestamp,
}

impl Work for Guarded {
    type Out = (i64, Option<CaseRecord>);
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Self::Out> {
        let guard: Option<(i64, Timestamp)> = tx.opt(sql::GUARD, &[(&self.number).into()]).await?;
        let failures = guard.filter(|(_, until)| self.now < *until).map_or(0, |(failures, _)| failures);
        Ok((failures, tx.opt(sql::CASE_BY_NUMBER, &[(&self.number).into()]).await?))
    }
}

struct Note {
    number: String,
    /// Failures so far and until when they count; none clears them.
    failed: Option<(i64, Timestamp)>,
}

impl Work for Note {
    type Out = ();
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<()> {
        let number = (&self.number).into();
        match self.failed {
            None => tx.exec(sql::CLEAR_GUARD, &[number]).await?,
            Some((failures, until)) => {
                tx.exec(sql::FAILED_LOOKUP, &[number, failures.into(), until.into()]).await?
            }
        };
        Ok(())
    }
}

/// Compares without telling by its time where the difference lies.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0_u8, |diff, (x, y)| diff | (x ^ y)) == 0
}

/// Where a case stands, for whoever knows number and code; an absent number takes the same steps as a wrong code.
///
/// # Errors
/// [`LookupError`], each with a sentence for the person.
pub async fn by_number_and_code(ctx: &Ctx, number: &str, code: &str) -> Result<CaseView, LookupError> {
    let number: CaseNumber = number.parse()?;
    let code: QueryCode = code.parse()?;
    let number = number.as_str().to_owned();
    let now = ctx.now();
    let (failures, record) = ctx.db.read(Guarded { number: number.clone(), now }).await?;
    if failures >= TRIES {
        return Err(LookupError::Wait);
    }
    let id = record.as_ref().map_or(CaseId(uuid::Uuid::nil()), |record| record.id);
    let given = query_index(ctx, id, &code);
    let kept = record.map_or_else(Vec::new, |record| record.query_index);
    if !same(&given, &kept) {
        let until = now.checked_add(WAIT).unwrap_or(now);
        ctx.db.write(Note { number, failed: Some((failures + 1, until)) }).await?;
        return Err(LookupError::Wrong);
    }
    if failures > 0 {
        ctx.db.write(Note { number, failed: None }).await?;
    }
    view(ctx, id, &By::Code).await.map_err(|e| match e {
        ActError::Store(e) => LookupError::Store(e),
        _ => LookupError::Wrong,
    })
}
