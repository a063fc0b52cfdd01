//! From the counter to the case: the draft is submitted and taken in, and what was decided at the window is done.

use super::desk::said;
use super::frame::{Clerk, go};
use super::tab::{self, Tab};
use super::{case, desk};
use crate::Ctx;
use crate::cases::{self, ActError};
use crate::intake::{self, IntakeError, Submitter};
use crate::web::{Fault, Mode, Trace};
use axum::http::StatusCode;
use axum::response::Response;
use domain::cases::{Channel, Command, Status};
use domain::kernel::CaseId;
use ui::NoteKind;

/// What became of a tab.
pub(super) enum Done {
    /// It is a case; with the sentence when something after the submission was refused.
    Case(CaseId, Option<ActError>),
    /// It could not be submitted.
    Not(IntakeError),
}

/// Submits the draft of a tab, takes the material in and carries out the commands; without commands it only submits.
/// Sent twice it answers the same case.
///
/// # Errors
/// A fault when the data cannot be read or written.
pub(super) async fn enact(
    ctx: &Ctx,
    clerk: &Clerk,
    mut tab: Tab,
    commands: Option<Vec<Command>>,
    trace: &Trace,
) -> Result<Done, Fault> {
    let Some(draft) = tab.draft else { return Ok(Done::Not(IntakeError::Absent)) };
    let trace = trace.to_string();
    let submitter = Submitter::Staff(clerk.actor());
    let receipt = match intake::submit(ctx, &submitter, draft, &trace).await {
        Ok(receipt) => receipt,
        Err(IntakeError::Store(error)) => return Err(error.into()),
        Err(why) => return Ok(Done::Not(why)),
    };
    let Some(told) = receipt.cases.first() else { return Ok(Done::Not(IntakeError::Absent)) };
    let case = told.id;
    (tab.case, tab.slot) = (Some(case.uuid()), None);
    match tab::save(ctx, tab, "").await {
        // The other of two forms sent at once has noted it already.
        Ok(_) | Err(store::Error::Conflict(_)) => {}
        Err(error) => return Err(error.into()),
    }
    let Some(commands) = commands else { return Ok(Done::Case(case, None)) };
    let refused = carry_out(ctx, clerk, case, commands, &trace).await?;
    Ok(Done::Case(case, refused))
}

/// Takes the material in and does the rest; what was refused is told.
async fn carry_out(
    ctx: &Ctx,
    clerk: &Clerk,
    case: CaseId,
    commands: Vec<Command>,
    trace: &str,
) -> Result<Option<ActError>, Fault> {
    let actor = clerk.actor();
    let Some(record) = cases::find(&ctx.db, case).await? else { return Ok(Some(ActError::Absent)) };
    if record.case.status != Status::Submitted {
        // A form sent twice: the first one did it.
        return Ok(None);
    }
    let mut all = vec![Command::Receive { materials: Vec::new() }];
    all.extend(commands);
    let back = record.case.submission.as_ref().is_some_and(|s| s.channel == Channel::BackEntry);
    let done = if back {
        let mut version = record.version;
        let mut done = Ok(());
        for command in all {
            match cases::enter_later(ctx, &actor, case, version, command, record.submitted_at, trace).await {
                Ok(after) => version = after.version,
                Err(why) => {
                    done = Err(why);
                    break;
                }
            }
        }
        done
    } else {
        cases::act_in_turn(ctx, &actor, case, record.version, all, trace).await.map(drop)
    };
    match done {
        Ok(()) | Err(ActError::Stale(_)) => Ok(None),
        Err(ActError::Store(error)) => Err(error.into()),
        Err(why) => Ok(Some(why)),
    }
}

/// Enacts and answers: the page of the case, or the workstation with the sentence why not.
///
/// # Errors
/// A fault when the data cannot be read or written.
pub(super) async fn answer(
    ctx: &Ctx,
    clerk: &Clerk,
    mode: Mode,
    tab: Tab,
    commands: Option<Vec<Command>>,
    trace: &Trace,
) -> Result<Response, Fault> {
    let id = tab.id;
    match enact(ctx, clerk, tab.clone(), commands, trace).await? {
        Done::Case(case, None) => Ok(go(&format!("/window/cases/{case}?tab={id}"))),
        Done::Case(case, Some(why)) => {
            let note = said(NoteKind::Error, "已经收件，后面没有办成", &why.to_string());
            case::draw(
                ctx,
                clerk,
                mode,
                case,
                case::Show { from: Some(id), note: Some(note), ..case::Show::default() },
            )
            .await
        }
        Done::Not(why) => {
            let text = match &why {
                IntakeError::Problems(all) => {
                    all.iter().map(|p| p.say.as_str()).collect::<Vec<_>>().join("；")
                }
                other => other.to_string(),
            };
            let show = desk::Show {
                note: Some(said(NoteKind::Error, "没有办成", &text)),
                check: true,
                status: Some(StatusCode::UNPROCESSABLE_ENTITY),
                ..desk::Show::default()
            };
            desk::draw(ctx, clerk, mode, &tab, show).await
        }
    }
}
