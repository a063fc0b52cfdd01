//! 延长: once, by the head of the organ, with a reason told (行政许可法 第四十二条); and due days after a new calendar.

use super::{
    Actor, Case, Dues, Facts, Happened, Status, Why,
    decide::{Outcome, as_role, ensure, in_status, said},
};
use crate::kernel::time::WorkCalendar;

pub(super) fn may_request(case: &Case, facts: &Facts) -> Result<(), Why> {
    in_status(case, &[Status::InReview])?;
    as_role(facts.roles().reviewer, "审核人员")?;
    ensure(!case.extended, Why::ExtendedAlready)?;
    ensure(case.extension_request.is_none(), Why::RequestWaits)?;
    extendable(case, facts)
}

fn extendable(case: &Case, facts: &Facts) -> Result<(), Why> {
    ensure(case.terms().is_some_and(|t| t.extension.is_some()), Why::NoExtension)?;
    let due = case.limits.statutory.as_ref().or(case.limits.leading()).and_then(|l| l.due);
    let over = due.filter(|due| due.date < facts.day());
    over.map_or(Ok(()), |due| Err(Why::TooLateToExtend { due: due.date }))
}

pub(super) fn request(reason: &str, facts: &Facts) -> Outcome {
    said(reason, "延长的理由")?;
    let requester = facts.staff().ok_or(Why::NoRequest)?;
    Ok(vec![Happened::ExtensionRequested { requester, reason: reason.to_owned() }])
}

pub(super) fn may_answer(case: &Case, facts: &Facts) -> Result<(), Why> {
    in_status(case, &[Status::InReview])?;
    as_role(facts.roles().approver, "审批人员")?;
    let request = case.extension_request.as_ref().ok_or(Why::NoRequest)?;
    ensure(facts.staff() != Some(request.requester), Why::OwnRequest)
}

pub(super) fn approve(case: &Case, facts: &Facts) -> Outcome {
    extendable(case, facts)?;
    let request = case.extension_request.as_ref().ok_or(Why::NoRequest)?;
    let days = case.terms().and_then(|t| t.extension).ok_or(Why::NoExtension)?;
    let approver = facts.staff().ok_or(Why::NoRequest)?;
    let mut limits = case.limits.clone();
    limits.extend(days);
    let dues = limits.counted(facts.calendar);
    Ok(vec![Happened::Extended { days, approver, reason: request.reason.clone(), dues }])
}

pub(super) fn reject(reason: &str) -> Outcome {
    said(reason, "不批准延长的理由")?;
    Ok(vec![Happened::ExtensionRejected { reason: reason.to_owned() }])
}

pub(super) fn may_recompute(case: &Case, facts: &Facts) -> Result<(), Why> {
    in_status(case, &[Status::InReview])?;
    as_role(matches!(facts.actor, Actor::System) || facts.roles().supervisor, "系统或监督人员")?;
    ensure(case.moved_by(facts.calendar).is_some(), Why::DueUnchanged)
}

impl Case {
    /// The due days as recorded and as this calendar counts them, where the two differ. Only in review: before it no
    /// limit runs, afterwards the decision was made under the days that were known.
    #[must_use]
    pub fn moved_by(&self, calendar: &WorkCalendar) -> Option<(Dues, Dues)> {
        let (before, after) = (self.limits.dues(), self.limits.counted(calendar));
        (self.status == Status::InReview && before != after).then_some((before, after))
    }
}

pub(super) fn recompute(case: &Case, notice: &str, facts: &Facts) -> Outcome {
    said(notice, "放假通知的文号")?;
    let dues = case.limits.counted(facts.calendar);
    Ok(vec![Happened::DueRecomputed { notice: notice.to_owned(), before: case.limits.dues(), dues }])
}

#[cfg(test)]
mod tests {
    use super::super::harness::*;
    use super::super::*;
    use crate::kernel::time::{CalendarRow, DayKind, WorkCalendar};

    fn request() -> Command {
        Command::RequestExtension { reason: because("需要向外省核实") }
    }

    #[test]
    fn a_period_is_extended_once_by_somebody_else() {
        let asked = Story::accepted(promised(), "2026-03-02").on("2026-03-10", reviewer(), &request());
        let Actor::Staff { id, org, .. } = reviewer() else { unreachable!() };
        let me = Actor::Staff { id, org, roles: Roles { approver: true, ..Roles::default() } };
        assert_eq!(asked.refuses("2026-03-10", me, &Command::ApproveExtension), Why::OwnRequest);
        let longer = asked.on("2026-03-10", approver(), &Command::ApproveExtension);
        assert_eq!(longer.promised_due(), Some(china().add_working(day("2026-03-02"), 20)));
        assert_eq!(longer.refuses("2026-03-11", reviewer(), &request()), Why::ExtendedAlready);
    }

    #[test]
    fn an_item_without_extension_has_none() {
        let story = Story::accepted(Terms { extension: None, ..promised() }, "2026-03-02");
        assert_eq!(story.refuses("2026-03-03", reviewer(), &request()), Why::NoExtension);
    }

    #[test]
    fn a_period_that_is_over_is_not_extended() {
        let story = Story::accepted(promised(), "2026-03-02");
        let why = story.refuses("2026-06-01", reviewer(), &request());
        assert!(matches!(why, Why::TooLateToExtend { .. }), "{why}");
    }

    #[test]
    fn a_changed_calendar_recomputes_the_due_day_and_says_so() {
        let story = Story::accepted(promised(), "2026-03-02");
        let recompute = Command::RecomputeDue { notice: because("国办发明电〔2026〕2号") };
        assert_eq!(story.refuses("2026-03-03", Actor::System, &recompute), Why::DueUnchanged);
        let off =
            CalendarRow { date: day("2026-03-10"), kind: DayKind::Holiday, name: because("临时放假") };
        let changed = WorkCalendar::new([off]);
        let now = Facts { calendar: &changed, ..facts(ten("2026-03-03"), Actor::System) };
        let events = decide(&story.case, &recompute, &now).unwrap();
        let moved = events.iter().fold(story.case, apply);
        assert_eq!(moved.limits.dues().promised.map(|d| d.date), Some(day("2026-03-17")));
        assert!(matches!(&events[0].what, Happened::DueRecomputed { before, .. }
            if before.promised.map(|d| d.date) == Some(day("2026-03-16"))));
    }
}
