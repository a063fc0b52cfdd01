//! 决定: 准予 or 不予许可, by somebody else than the one who accepted (行政许可法 第三十八条).

use super::{
    Case, Facts, Happened, REMEDIES, Status, Why,
    decide::{Outcome, as_role, ensure, in_status, said},
    review::fits,
};
use crate::catalogue::Regime;
use crate::kernel::time::Due;

/// A negative decision needs reasons of at least that many characters; shorter ones count as none in supervision.
const REASONS_AT_LEAST: usize = 10;
/// Working days to deliver a decision (行政许可法 第四十四条).
const DELIVER_WITHIN: u16 = 10;

pub(super) fn may_decide(case: &Case, facts: &Facts) -> Result<(), Why> {
    in_status(case, &[Status::InReview])?;
    let alone = decides_alone(case, facts);
    as_role(facts.roles().approver || alone, "审批人员")?;
    ensure(case.regime() != Some(Regime::ReportUp) || case.reported_to.is_some(), Why::MustReportUp)?;
    let deciding = case.terms().and_then(super::Terms::deciding_step);
    let open: Vec<String> = (0..case.steps.len())
        .filter(|no| Some(*no) != deciding)
        .filter_map(|no| case.step(no))
        .filter(|(_, s)| s.passed_by.is_none())
        .map(|(t, _)| t.name.clone())
        .collect();
    ensure(open.is_empty(), Why::StepsOpen { steps: open })?;
    if let Some(no) = deciding.filter(|_| !alone) {
        fits(case, no, facts)?;
    }
    four_eyes(case, facts, alone)
}

/// 即办 with written authorisation: the clerk who accepted may decide.
fn decides_alone(case: &Case, facts: &Facts) -> bool {
    case.terms()
        .is_some_and(|t| t.regime == Regime::Immediate && t.immediate_authorised && !t.separate_decider)
        && facts.roles().decides_at_once
}

fn four_eyes(case: &Case, facts: &Facts, alone: bool) -> Result<(), Why> {
    let me = facts.staff();
    ensure(alone || me.is_none() || case.accepted_by != me, Why::AcceptorDecides)?;
    let separate = case.terms().is_some_and(|t| t.separate_decider);
    let reviewed = case.steps.iter().any(|s| s.passed_by.is_some() && s.passed_by == me);
    ensure(!(separate && reviewed), Why::ReviewerDecides)
}

fn deliver_by(facts: &Facts) -> Due {
    facts.calendar.due(facts.calendar.add_working(facts.day(), DELIVER_WITHIN))
}

pub(super) fn grant(case: &Case, opinion: &str, facts: &Facts) -> Outcome {
    said(opinion, "决定意见")?;
    let decider = facts.staff().ok_or(Why::NotNow { status: case.status })?;
    Ok(vec![Happened::Granted { decider, opinion: opinion.to_owned(), deliver_by: deliver_by(facts) }])
}

pub(super) fn deny(case: &Case, reasons: &str, facts: &Facts) -> Outcome {
    let long = reasons.trim().chars().count() >= REASONS_AT_LEAST;
    ensure(long, Why::ReasonTooShort { least: REASONS_AT_LEAST })?;
    let decider = facts.staff().ok_or(Why::NotNow { status: case.status })?;
    let (reasons, deliver_by) = (reasons.to_owned(), deliver_by(facts));
    Ok(vec![Happened::Denied { decider, reasons, remedies: REMEDIES, deliver_by }])
}
