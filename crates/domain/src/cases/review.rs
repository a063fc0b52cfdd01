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

/// At least one open step must do; otherwise the reason nearest to the actor is told, a step held by a colleague before
/// a step of somebody else's organisation.
fn some_step(case: &Case, test: impl Fn(usize) -> Result<(), Why>) -> Result<(), Why> {
    let mut nearest = Why::StepNotOpen;
    for no in case.open_steps() {
        match test(no) {
            Ok(()) => return Ok(()),
            Err(why @ (Why::HeldByAnother | Why::SameHolder)) => nearest = why,
            Err(why) if nearest == Why::StepNotOpen => nearest = why,
            Err(_) => {}
        }
    }
    Err(nearest)
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

#[cfg(test)]
mod tests {
    use super::super::harness::*;
    use super::super::*;

    #[test]
    fn departments_review_side_by_side_and_the_next_stage_waits_for_both() {
        let one = Story::accepted(promised(), "2026-03-02").on("2026-03-03", reviewer(), &pass(0));
        assert_eq!(one.case.open_steps(), [1]);
        let both = one.on("2026-03-04", other_reviewer(), &pass(1));
        assert_eq!(both.case.open_steps(), [2]);
        assert_eq!(both.case.step_due(2, china()).map(|d| d.date), Some(day("2026-03-09")));
    }

    #[test]
    fn a_claimed_step_is_closed_to_others_until_it_is_reassigned() {
        let Actor::Staff { org, roles, .. } = reviewer() else { unreachable!() };
        let colleague = crate::kernel::StaffId(id(88));
        let other = Actor::Staff { id: colleague, org, roles };
        let held = Story::accepted(promised(), "2026-03-02").on(
            "2026-03-02",
            reviewer(),
            &Command::Claim { step: 0 },
        );
        assert_eq!(held.refuses("2026-03-02", other, &pass(0)), Why::HeldByAnother);
        let to = Command::Reassign { step: 0, to: colleague, reason: because("休假，由B岗办理") };
        held.on("2026-03-02", supervisor(), &to).on("2026-03-02", other, &pass(0));
    }

    #[test]
    fn a_case_returned_to_a_step_runs_from_there_again() {
        let back = Command::ReturnToStep { step: 0, reason: because("现场照片不清楚") };
        let story = Story::reviewed("2026-03-02").on("2026-03-03", approver(), &back);
        assert_eq!(story.case.open_steps(), [0], "the sibling step keeps its result");
        assert_eq!(story.case.steps[0].holder, story.events[3].by.staff(), "whoever passed it has it back");
        assert_eq!(story.on("2026-03-03", reviewer(), &pass(0)).case.open_steps(), [2]);
    }
}
