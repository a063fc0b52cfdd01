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

#[cfg(test)]
mod tests {
    use super::super::harness::*;
    use super::super::*;

    #[test]
    fn a_special_procedure_moves_the_due_day_by_the_days_it_took() {
        let stopped = Story::accepted(promised(), "2026-03-02").on(
            "2026-03-05",
            reviewer(),
            &suspend(StopGround::ExpertReview),
        );
        assert_eq!((stopped.case.status, stopped.promised_due()), (Status::Suspended, None));
        let Happened::Suspended { foreseen, basis, .. } = &stopped.events.last().unwrap().what else {
            panic!()
        };
        assert_eq!(
            foreseen.promised.map(|d| d.date),
            Some(day("2026-03-23")),
            "shown before it is confirmed"
        );
        assert_eq!(basis, "行政许可法第四十五条");
        let running = stopped.on("2026-03-12", reviewer(), &resume());
        assert_eq!(running.promised_due(), Some(day("2026-03-23")));
    }

    #[test]
    fn the_clock_can_stop_several_times() {
        let story = Story::accepted(promised(), "2026-03-02")
            .on("2026-03-03", reviewer(), &suspend(StopGround::Testing))
            .on("2026-03-04", reviewer(), &resume())
            .on("2026-03-05", reviewer(), &suspend(StopGround::Hearing))
            .on("2026-03-06", reviewer(), &resume());
        assert_eq!(story.promised_due(), Some(day("2026-03-18")));
    }

    #[test]
    fn only_grounds_of_the_law_or_with_a_basis_of_their_own_stop_the_clock() {
        let story = Story::accepted(promised(), "2026-03-02");
        let visit = suspend(StopGround::Local { code: because("visit") });
        assert_eq!(story.refuses("2026-03-03", reviewer(), &visit), Why::GroundNotAllowed);
        let notice = suspend(StopGround::Local { code: because("notice") });
        let stopped = story.on("2026-03-03", reviewer(), &notice);
        let Happened::Suspended { basis, .. } = &stopped.events.last().unwrap().what else { panic!() };
        assert_eq!(basis, "残疾儿童康复救助办法第九条");
    }

    #[test]
    fn the_notice_needs_a_number_and_a_length() {
        let story = Story::accepted(promised(), "2026-03-02");
        let silent = Command::Suspend {
            ground: StopGround::Hearing,
            paper_no: because(""),
            expected: crate::kernel::time::Days::Working(5),
        };
        let why = story.refuses("2026-03-03", reviewer(), &silent);
        assert_eq!(why, Why::TextMissing { what: because("特别程序告知书的文号") });
    }
}
