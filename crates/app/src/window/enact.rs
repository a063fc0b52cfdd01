//! From the counter to the cases: the draft is submitted and taken in, and what was decided at the window is done.

use super::desk::said;
use super::frame::{Clerk, go, outcome};
use super::orders::Orders;
use super::tab::{self, Tab};
use super::{case, desk, done};
use crate::Ctx;
use crate::cases::{self, ActError, InTurn};
use crate::intake::{self, IntakeError, Receipt, Submitter};
use crate::web::{Fault, Mode, Trace};
use axum::http::StatusCode;
use axum::response::Response;
use domain::cases::{Channel, Command, Status};
use domain::kernel::CaseId;
use ui::NoteKind;

/// What became of a tab.
pub(super) enum Done {
    /// It is a case, or several of which this is the first; with the sentence when something after the submission was refused.
    Case(CaseId, Option<ActError>),
    /// It could not be submitted.
    Not(IntakeError),
}

/// Submits the draft of a tab, takes the material in and carries out the orders. Sent twice it answers the same cases.
///
/// # Errors
/// A fault when the data cannot be read or written.
async fn enact(ctx: &Ctx, clerk: &Clerk, mut tab: Tab, orders: Orders, trace: &Trace) -> Result<Done, Fault> {
    let Some(draft) = tab.draft else { return Ok(Done::Not(IntakeError::Absent)) };
    let trace = trace.to_string();
    let submitter = Submitter::Staff(clerk.actor());
    let receipt = match intake::submit(ctx, &submitter, draft, &trace).await {
        Ok(receipt) => receipt,
        Err(IntakeError::Store(error)) => return Err(error.into()),
        Err(why) => return Ok(Done::Not(why)),
    };
    let Some(first) = receipt.cases.first().map(|told| told.id) else {
        return Ok(Done::Not(IntakeError::Absent));
    };
    (tab.case, tab.slot) = (Some(first.uuid()), None);
    match tab::save(ctx, tab, "").await {
        // The other of two forms sent at once has noted it already.
        Ok(_) | Err(store::Error::Conflict(_)) => {}
        Err(error) => return Err(error.into()),
    }
    if matches!(orders, Orders::Leave) {
        return Ok(Done::Case(first, None));
    }
    Ok(Done::Case(first, carry_out(ctx, clerk, &receipt, &orders, &trace).await?))
}

/// Takes the material of all cases in and does the rest, all or nothing; what was refused is told.
async fn carry_out(
    ctx: &Ctx,
    clerk: &Clerk,
    receipt: &Receipt,
    orders: &Orders,
    trace: &str,
) -> Result<Option<ActError>, Fault> {
    let (mut all, mut happened_at) = (Vec::new(), None);
    for told in &receipt.cases {
        let Some(record) = cases::find(&ctx.db, told.id).await? else { return Ok(Some(ActError::Absent)) };
        if record.case.status != Status::Submitted {
            // A form sent twice: the first one did it.
            continue;
        }
        let back = record.case.submission.as_ref().is_some_and(|s| s.channel == Channel::BackEntry);
        happened_at = back.then_some(record.submitted_at);
        let mut commands = vec![Command::Receive { materials: Vec::new() }];
        commands.extend(record.case.terms().map(|terms| orders.with(terms.item)).unwrap_or_default());
        all.push(InTurn { case: told.id, version: record.version, commands });
    }
    if all.is_empty() {
        return Ok(None);
    }
    match cases::act_together(ctx, &clerk.actor(), all, happened_at, trace).await {
        Ok(()) | Err(ActError::Stale(_) | ActError::Store(store::Error::Conflict(_))) => Ok(None),
        Err(ActError::Store(error)) => Err(error.into()),
        Err(why) => Ok(Some(why)),
    }
}

/// Enacts and answers: the page of the case, the receipt of several, or the workstation with the sentence why not.
///
/// # Errors
/// A fault when the data cannot be read or written.
pub(super) async fn answer(
    ctx: &Ctx,
    clerk: &Clerk,
    mode: Mode,
    tab: Tab,
    orders: Orders,
    trace: &Trace,
) -> Result<Response, Fault> {
    let (id, several) = (tab.id, !tab.typed.more.is_empty());
    match enact(ctx, clerk, tab.clone(), orders, trace).await? {
        Done::Case(case, None) => Ok(go(&outcome(&tab, case))),
        Done::Case(case, Some(why)) => {
            let note = said(NoteKind::Error, "已经收件，后面没有办成", &why.to_string());
            if several {
                return done::draw(ctx, clerk, mode, &tab, Some(note)).await;
            }
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
