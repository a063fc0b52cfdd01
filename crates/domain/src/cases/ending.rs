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

#[cfg(test)]
mod tests {
    use super::super::harness::*;
    use super::super::*;

    #[test]
    fn the_applicant_takes_back_until_the_decision_and_nobody_else_does() {
        let withdraw = Command::Withdraw { reason: because("材料拿错了") };
        let stranger = Actor::Citizen { id: crate::kernel::CitizenId(id(99)) };
        let story = Story::accepted(promised(), "2026-03-02");
        assert_eq!(story.refuses("2026-03-02", stranger, &withdraw), Why::NotTheApplicant);
        assert_eq!(story.on("2026-03-02", citizen(), &withdraw).case.status, Status::Withdrawn);
        let late = Story::granted("2026-03-02").refuses("2026-03-02", citizen(), &withdraw);
        assert_eq!(late, Why::NotNow { status: Status::Granted });
    }

    #[test]
    fn a_case_ends_for_missing_supplements_only_after_the_day_set() {
        let end = Command::Terminate {
            ground: TerminationGround::NotCorrected,
            reason: because("逾期未补正"),
        };
        let story = Story::lacking(promised(), "2026-03-02").on(
            "2026-03-02",
            clerk(),
            &ask(&["proof"], "2026-03-20"),
        );
        assert_eq!(story.refuses("2026-03-20", supervisor(), &end), Why::GroundNotMet);
        assert_eq!(story.on("2026-03-21", supervisor(), &end).case.status, Status::Terminated);
    }

    #[test]
    fn a_closed_case_is_archived_with_the_day_until_which_it_is_kept() {
        let withdrawn = Story::accepted(promised(), "2026-03-02").on(
            "2026-03-02",
            citizen(),
            &Command::Withdraw { reason: because("不办了") },
        );
        let kept = withdrawn.on("2026-03-03", clerk(), &Command::Archive);
        assert_eq!(kept.case.keep_until, Some(day("2056-03-03")));
    }
}
