//! 撤件, 终止 and 归档: how a case ends without a decision, and how it is kept.

use super::{
    Case, Facts, Happened, Retention, Status, TerminationGround, Why,
    decide::{Outcome, as_role, ensure, for_applicant, said},
};
use jiff::Span;

/// The applicant may take the application back until it is decided.
pub(super) fn may_withdraw(case: &Case, facts: &Facts) -> Result<(), Why> {
    let open = case.status.is_before_acceptance() || case.status.is_under_review();
    ensure(open, Why::NotNow { status: case.status })?;
    for_applicant(case, facts)
}

pub(super) fn withdraw(reason: &str) -> Outcome {
    said(reason, "撤回的理由")?;
    Ok(vec![Happened::Withdrawn { reason: reason.to_owned() }])
}

pub(super) fn may_terminate(case: &Case, facts: &Facts) -> Result<(), Why> {
    let open =
        case.status.is_before_acceptance() || case.status.is_under_review() || case.status == Status::Granted;
    ensure(open, Why::NotNow { status: case.status })?;
    let roles = facts.roles();
    as_role(roles.approver || roles.supervisor, "审批或监督人员")
}

pub(super) fn terminate(case: &Case, ground: TerminationGround, reason: &str, facts: &Facts) -> Outcome {
    let day = facts.day();
    let met = match ground {
        TerminationGround::NotCorrected => {
            case.status == Status::Correcting && case.notices.last().is_some_and(|n| n.until < day)
        }
        TerminationGround::DeferralNotSupplied => case.deferral.as_ref().is_some_and(|d| d.until < day),
        TerminationGround::CommitmentFalse => case.on_commitment,
        TerminationGround::ApplicantGone | TerminationGround::Impossible => true,
    };
    ensure(met, Why::GroundNotMet)?;
    said(reason, "终止的理由")?;
    Ok(vec![Happened::Terminated { ground, reason: reason.to_owned() }])
}

pub(super) fn may_archive(case: &Case, facts: &Facts) -> Result<(), Why> {
    let closed = case.status.is_closed() && case.status != Status::Archived;
    ensure(closed, Why::NotNow { status: case.status })?;
    let system = matches!(facts.actor, super::Actor::System);
    as_role(system || facts.roles().window || facts.roles().supervisor, "窗口或监督人员")
}

pub(super) fn archive(case: &Case, facts: &Facts) -> Outcome {
    let keep_until = match case.terms().map(|t| t.retention) {
        Some(Retention::Years { years }) => {
            let kept = Span::new().try_years(i64::from(years));
            Some(kept.map_or(jiff::civil::Date::MAX, |span| facts.day().saturating_add(span)))
        }
        Some(Retention::Permanent) | None => None,
    };
    Ok(vec![Happened::Archived { keep_until }])
}
