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

#[cfg(test)]
mod tests {
    use super::super::harness::*;
    use super::super::*;

    #[test]
    fn the_acceptor_does_not_decide() {
        let story = Story::reviewed("2026-03-02");
        assert_eq!(story.refuses("2026-03-03", everybody_at_once(), &grant()), Why::AcceptorDecides);
        let granted = story.on("2026-03-03", approver(), &grant());
        assert_eq!(granted.case.status, Status::Granted);
        assert_eq!(
            granted.case.deliver_by.map(|d| d.date),
            Some(day("2026-03-17")),
            "art. 44: ten working days"
        );
    }

    #[test]
    fn an_authorised_clerk_does_an_immediate_case_in_one_go() {
        let commands = [
            submit(immediate()),
            receive(),
            Command::Accept,
            grant(),
            Command::MakeResult { document_no: because("常〔2026〕1号"), file: None, valid_until: None },
            Command::Deliver { how: Delivery::Window { signature: Some(file()), receiver: None } },
        ];
        let now = |actor| facts(ten("2026-03-02"), actor);
        let events = decide_in_turn(&Case::default(), &commands, &now(authorised_clerk())).unwrap();
        assert_eq!(fold(&events).status, Status::Delivered);
        let refused = decide_in_turn(&Case::default(), &commands, &now(clerk())).unwrap_err();
        assert_eq!(refused.wanted, Action::Grant);
    }

    #[test]
    fn where_the_item_wants_it_a_reviewer_does_not_decide() {
        let steps = vec![StepTerms { kind: StepKind::Review, ..promised().steps[0].clone() }];
        let strict = Terms { separate_decider: true, steps, ..promised() };
        let both = Roles { reviewer: true, approver: true, ..Roles::default() };
        let Actor::Staff { id, org, .. } = reviewer() else { unreachable!() };
        let me = Actor::Staff { id, org, roles: both };
        let story = Story::accepted(strict, "2026-03-02").on("2026-03-02", me, &pass(0));
        assert_eq!(story.refuses("2026-03-03", me, &grant()), Why::ReviewerDecides);
        story.on("2026-03-03", approver(), &grant());
    }

    #[test]
    fn a_denial_needs_ten_characters_of_reasons_and_tells_the_remedies() {
        let story = Story::reviewed("2026-03-02");
        let short = Command::Deny { reasons: because("不符合规定条件。。") };
        assert_eq!(story.refuses("2026-03-03", approver(), &short), Why::ReasonTooShort { least: 10 });
        let long = Command::Deny { reasons: because("年龄超过办法第四条规定的范围") };
        let denied = story.on("2026-03-03", approver(), &long);
        let remedies = Remedies { review_days: 60, suit_months: 6 };
        assert!(
            matches!(&denied.events.last().unwrap().what, Happened::Denied { remedies: r, .. } if *r == remedies)
        );
    }

    #[test]
    fn nobody_decides_before_the_reviews_are_done() {
        let story = Story::accepted(promised(), "2026-03-02").on("2026-03-02", reviewer(), &pass(0));
        let why = story.refuses("2026-03-02", approver(), &grant());
        assert_eq!(why, Why::StepsOpen { steps: vec![because("会同审核")] });
    }
}
