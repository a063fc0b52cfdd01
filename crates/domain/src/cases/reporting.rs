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
