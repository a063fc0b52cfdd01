//! What an applicant brings afterwards to the counter: ticked on paper, scanned, handed in together.

use super::bar;
use super::frame::Clerk;
use super::posted::Posted;
use crate::Ctx;
use crate::intake::{self, IntakeError, Supplier};
use crate::web::Fault;
use domain::kernel::CaseId;

/// Hands in what was brought; a sentence when it cannot be taken.
///
/// # Errors
/// A fault when the data cannot be read or written, and for who may not see the case.
pub(super) async fn hand_in(
    ctx: &Ctx,
    clerk: &Clerk,
    id: CaseId,
    version: i64,
    posted: &Posted,
    trace: &str,
) -> Result<Option<String>, Fault> {
    for file in &posted.files {
        let Some(code) = file.field.strip_prefix("file.") else { continue };
        let kept = intake::attach_to_case(ctx, &clerk.by(), id, code, &file.name, file.bytes.clone()).await;
        if let Err(why) = kept {
            return told(why);
        }
    }
    let paper = bar::paper(posted);
    let actor = clerk.actor();
    match intake::supplement(ctx, Supplier::Staff(&actor), id, version, &paper, trace).await {
        Ok(_) => Ok(None),
        Err(why) => told(why),
    }
}

fn told(why: IntakeError) -> Result<Option<String>, Fault> {
    match why {
        IntakeError::Store(error) => Err(error.into()),
        IntakeError::Absent => Err(Fault::not_found()),
        why => Ok(Some(why.to_string())),
    }
}
