//! 特别程序: the clock stops for what the law excludes from it (行政许可法 第四十五条), and runs again.

use super::{
    Case, Facts, Happened, Status, StopGround, Terms, Why,
    decide::{Outcome, as_role, ensure, in_status, said},
};
use crate::kernel::time::Days;
use jiff::Span;

const ARTICLE_45: &str = "行政许可法第四十五条";

pub(super) fn may_suspend(case: &Case, facts: &Facts) -> Result<(), Why> {
    in_status(case, &[Status::InReview])?;
    let roles = facts.roles();
    as_role(roles.reviewer || roles.approver, "审核或审批人员")
}

pub(super) fn suspend(
    case: &Case,
    ground: &StopGround,
    paper_no: &str,
    expected: Days,
    facts: &Facts,
) -> Outcome {
    let basis = basis(case.terms(), ground).ok_or(Why::GroundNotAllowed)?;
    said(paper_no, "特别程序告知书的文号")?;
    ensure(expected.number() > 0, Why::LengthMissing)?;
    let from = facts.day();
    let last = match expected {
        Days::Working(n) => facts.calendar.add_working(from, n),
        Days::Natural(n) => from.saturating_add(Span::new().days(i64::from(n))),
    };
    let mut stopped = case.limits.clone();
    stopped.stop(from);
    let foreseen = stopped.if_resumed_on(last, facts.calendar);
    let paper_no = paper_no.to_owned();
    Ok(vec![Happened::Suspended { ground: ground.clone(), basis, paper_no, expected, from, foreseen }])
}

/// The legal basis of a ground; a local one counts only with a basis of its own.
fn basis(terms: Option<&Terms>, ground: &StopGround) -> Option<String> {
    let StopGround::Local { code } = ground else { return Some(ARTICLE_45.to_owned()) };
    let local = terms?.local_stops.iter().find(|l| l.code == *code)?;
    (!local.basis.trim().is_empty()).then(|| local.basis.clone())
}

pub(super) fn may_resume(case: &Case, facts: &Facts) -> Result<(), Why> {
    in_status(case, &[Status::Suspended])?;
    let roles = facts.roles();
    as_role(roles.reviewer || roles.approver, "审核或审批人员")
}

pub(super) fn resume(case: &Case, outcome: &str, facts: &Facts) -> Outcome {
    said(outcome, "特别程序的结果")?;
    let on = facts.day();
    let mut limits = case.limits.clone();
    limits.go_on(on);
    Ok(vec![Happened::Resumed { on, outcome: outcome.to_owned(), dues: limits.counted(facts.calendar) }])
}
