//! 上报 and 退回下级: the lower organ reviews first, the upper decides (行政许可法 第四十三条).

use super::{
    Case, Facts, Happened, Status, StepKind, Why,
    decide::{Outcome, as_role, ensure, in_status, said},
};
use crate::catalogue::Regime;
use crate::kernel::OrgId;

pub(super) fn may_report(case: &Case, facts: &Facts) -> Result<(), Why> {
    in_status(case, &[Status::InReview])?;
    ensure(case.regime() == Some(Regime::ReportUp), Why::NotReportUp)?;
    ensure(case.reported_to.is_none(), Why::AlreadyUp)?;
    let roles = facts.roles();
    as_role(roles.reviewer || roles.window, "初审人员")?;
    let steps = first_reviews(case).filter(|(_, passed)| !passed).map(|(name, _)| name).collect::<Vec<_>>();
    ensure(steps.is_empty(), Why::StepsOpen { steps })
}

pub(super) fn report(to: OrgId, opinion: &str) -> Outcome {
    said(opinion, "初审意见")?;
    Ok(vec![Happened::ReportedUp { to, opinion: opinion.to_owned() }])
}

pub(super) fn may_hand_back(case: &Case, facts: &Facts) -> Result<(), Why> {
    in_status(case, &[Status::InReview])?;
    ensure(case.reported_to.is_some(), Why::NotUp)?;
    let roles = facts.roles();
    as_role(roles.reviewer || roles.approver, "上级审核或审批人员")?;
    let above = case.reported_to == facts.org()
        || case.open_steps().iter().any(|no| case.step(*no).is_some_and(|(t, _)| Some(t.org) == facts.org()));
    ensure(above, Why::NotYourOrganisation)
}

pub(super) fn hand_back(reason: &str) -> Outcome {
    said(reason, "退回下级的理由")?;
    Ok(vec![Happened::HandedBack { reason: reason.to_owned() }])
}

fn first_reviews(case: &Case) -> impl Iterator<Item = (String, bool)> {
    (0..case.steps.len())
        .filter_map(|no| case.step(no))
        .filter(|(t, _)| t.kind == StepKind::FirstReview)
        .map(|(t, s)| (t.name.clone(), s.passed_by.is_some()))
}

#[cfg(test)]
mod tests {
    use super::super::harness::*;
    use super::super::*;

    fn up() -> Command {
        Command::ReportUp { to: BUREAU, opinion: because("初审属实，报请审批") }
    }

    #[test]
    fn the_town_reviews_first_and_the_bureau_decides() {
        let story = Story::accepted(report_up(), "2026-03-02");
        assert_eq!(
            story.case.limits.dues().report_up.map(|d| d.date),
            Some(day("2026-03-30")),
            "art. 43: twenty"
        );
        let early = story.refuses("2026-03-02", town_reviewer(), &up());
        assert_eq!(early, Why::StepsOpen { steps: vec![because("初审")] });
        let first = story.on("2026-03-03", town_reviewer(), &pass(0));
        assert_eq!(first.refuses("2026-03-03", approver(), &grant()), Why::MustReportUp);
        let above = first.on("2026-03-03", town_reviewer(), &up());
        let done = above.on("2026-03-04", reviewer(), &pass(1)).on("2026-03-05", approver(), &grant());
        assert_eq!(done.case.status, Status::Granted);
    }

    #[test]
    fn the_bureau_hands_back_and_the_town_reviews_again() {
        let above = Story::accepted(report_up(), "2026-03-02")
            .on("2026-03-03", town_reviewer(), &pass(0))
            .on("2026-03-03", town_reviewer(), &up());
        let back = Command::HandBack { reason: because("缺少入户调查记录") };
        let below = above.on("2026-03-04", reviewer(), &back);
        assert_eq!((below.case.reported_to, below.case.open_steps()), (None, vec![0]));
        below.on("2026-03-05", town_reviewer(), &pass(0)).on("2026-03-05", town_reviewer(), &up());
    }
}
