//! 审核: steps are claimed, passed, returned and reassigned, one after the other or side by side.

use super::{
    Case, Facts, Happened, Status, Why,
    decide::{Outcome, as_role, ensure, in_status, said, works_on},
};
use crate::kernel::StaffId;

/// Whether the actor's post and organisation fit the step and nobody else holds it.
pub(super) fn fits(case: &Case, no: usize, facts: &Facts) -> Result<(), Why> {
    let (terms, state) = case.step(no).ok_or(Why::StepNotOpen)?;
    ensure(case.open_steps().contains(&no), Why::StepNotOpen)?;
    as_role(works_on(facts, terms.kind), "这个环节的办理人员")?;
    ensure(facts.org() == Some(terms.org), Why::NotYourOrganisation)?;
    ensure(state.holder.is_none() || state.holder == facts.staff(), Why::HeldByAnother)
}

fn free(case: &Case, no: usize) -> bool {
    case.step(no).is_some_and(|(_, state)| state.holder.is_none())
}

fn is_deciding(case: &Case, no: usize) -> bool {
    case.terms().and_then(super::Terms::deciding_step) == Some(no)
}

/// At least one open step must do; the reason of the last one is told.
fn some_step(case: &Case, mut test: impl FnMut(usize) -> Result<(), Why>) -> Result<(), Why> {
    let mut answer = Err(Why::StepNotOpen);
    for no in case.open_steps() {
        answer = test(no);
        if answer.is_ok() {
            break;
        }
    }
    answer
}

pub(super) fn may_claim(case: &Case, facts: &Facts) -> Result<(), Why> {
    in_status(case, &[Status::InReview, Status::Suspended])?;
    some_step(case, |no| claimable(case, no, facts))
}

fn claimable(case: &Case, no: usize, facts: &Facts) -> Result<(), Why> {
    fits(case, no, facts)?;
    ensure(free(case, no), Why::SameHolder)
}

pub(super) fn claim(case: &Case, step: usize, facts: &Facts) -> Outcome {
    claimable(case, step, facts)?;
    let holder = facts.staff().ok_or(Why::StepNotOpen)?;
    Ok(vec![Happened::StepClaimed { step, holder }])
}

/// The deciding step is passed by the decision itself.
fn passable(case: &Case, no: usize, facts: &Facts) -> Result<(), Why> {
    ensure(!is_deciding(case, no), Why::StepNotOpen)?;
    fits(case, no, facts)
}

pub(super) fn may_pass(case: &Case, facts: &Facts) -> Result<(), Why> {
    in_status(case, &[Status::InReview])?;
    some_step(case, |no| passable(case, no, facts))
}

pub(super) fn pass(case: &Case, step: usize, favourable: bool, opinion: &str, facts: &Facts) -> Outcome {
    passable(case, step, facts)?;
    said(opinion, "办理意见")?;
    let by_staff = facts.staff().ok_or(Why::StepNotOpen)?;
    Ok(vec![Happened::StepPassed { step, by_staff, favourable, opinion: opinion.to_owned() }])
}

pub(super) fn may_return(case: &Case, facts: &Facts) -> Result<(), Why> {
    in_status(case, &[Status::InReview])?;
    some_step(case, |no| fits(case, no, facts))?;
    ensure((0..case.steps.len()).any(|no| returnable(case, no)), Why::NotAnEarlierStep)
}

/// Passed steps can open again; those of the organ below only by handing the case back.
fn returnable(case: &Case, no: usize) -> bool {
    case.step(no).is_some_and(|(terms, state)| {
        state.passed_by.is_some()
            && !(case.reported_to.is_some() && terms.kind == super::StepKind::FirstReview)
    })
}

pub(super) fn return_to(case: &Case, step: usize, reason: &str) -> Outcome {
    ensure(returnable(case, step), Why::NotAnEarlierStep)?;
    said(reason, "退回的理由")?;
    Ok(vec![Happened::ReturnedToStep { step, reason: reason.to_owned() }])
}

pub(super) fn may_reassign(case: &Case, facts: &Facts) -> Result<(), Why> {
    in_status(case, &[Status::InReview, Status::Suspended])?;
    as_role(facts.roles().supervisor, "监督人员")?;
    ensure(!case.open_steps().is_empty(), Why::StepNotOpen)
}

pub(super) fn reassign(case: &Case, step: usize, to: StaffId, reason: &str) -> Outcome {
    ensure(case.open_steps().contains(&step), Why::StepNotOpen)?;
    ensure(case.step(step).is_some_and(|(_, s)| s.holder != Some(to)), Why::SameHolder)?;
    said(reason, "转办的理由")?;
    Ok(vec![Happened::Reassigned { step, to, reason: reason.to_owned() }])
}
