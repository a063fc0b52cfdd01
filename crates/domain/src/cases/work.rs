//! 待办: what a case waits for, with whom, and until when.

use super::{Case, Status, StepKind, Terms};
use crate::catalogue::Regime;
use crate::kernel::{OrgId, StaffId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What is to be done next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkKind {
    /// 待接件.
    Receive,
    /// 待受理.
    Accept,
    /// 待申请人补正.
    AwaitSupplement,
    /// 待初审.
    FirstReview,
    /// 待上报.
    ReportUp,
    /// 待审核.
    Review,
    /// 待决定.
    Decide,
    /// 待结束特别程序.
    Resume,
    /// 待制作结果.
    MakeResult,
    /// 待送达.
    Deliver,
}

impl WorkKind {
    /// Every kind, in the order of a case's life.
    pub const ALL: [Self; 10] = [
        Self::Receive,
        Self::Accept,
        Self::AwaitSupplement,
        Self::FirstReview,
        Self::ReportUp,
        Self::Review,
        Self::Decide,
        Self::Resume,
        Self::MakeResult,
        Self::Deliver,
    ];

    /// The word shown.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Receive => "待接件",
            Self::Accept => "待受理",
            Self::AwaitSupplement => "待申请人补正",
            Self::FirstReview => "待初审",
            Self::ReportUp => "待上报",
            Self::Review => "待审核",
            Self::Decide => "待决定",
            Self::Resume => "特别程序中",
            Self::MakeResult => "待制作结果",
            Self::Deliver => "待送达",
        }
    }

    /// The value as stored in rows and filters.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Receive => "receive",
            Self::Accept => "accept",
            Self::AwaitSupplement => "await_supplement",
            Self::FirstReview => "first_review",
            Self::ReportUp => "report_up",
            Self::Review => "review",
            Self::Decide => "decide",
            Self::Resume => "resume",
            Self::MakeResult => "make_result",
            Self::Deliver => "deliver",
        }
    }

    /// The kind stored under this word.
    #[must_use]
    pub fn from_stored(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// One piece of work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work {
    /// What.
    pub kind: WorkKind,
    /// The step, when it is one.
    pub step: Option<usize>,
    /// Whose staff do it.
    pub org: OrgId,
    /// Who has taken it into their hands.
    pub holder: Option<StaffId>,
}

impl Case {
    /// The day people work against: the notice before acceptance, the day set for a supplement, the limits under review,
    /// the delivery after the decision. `None` while the clock stands and when nothing is left to do.
    #[must_use]
    pub fn due_day(&self) -> Option<Date> {
        match self.status {
            Status::Submitted | Status::Received => self.notice_due.map(|d| d.date),
            Status::Correcting => self.notices.last().map(|n| n.until),
            Status::InReview => {
                let below = self.regime() == Some(Regime::ReportUp) && self.reported_to.is_none();
                let first = self.limits.report_up.as_ref().filter(|_| below).and_then(|l| l.due);
                let whole = self.limits.leading().and_then(|l| l.due);
                first.into_iter().chain(whole).map(|d| d.date).min()
            }
            Status::Granted | Status::Denied | Status::ResultReady => self.deliver_by.map(|d| d.date),
            _ => None,
        }
    }

    /// Everything that waits to be done, each with the organisation that does it; steps side by side are several.
    #[must_use]
    pub fn work(&self) -> Vec<Work> {
        let Some(submission) = &self.submission else { return Vec::new() };
        let at = |kind, org| vec![Work { kind, step: None, org, holder: None }];
        match self.status {
            Status::Submitted => at(WorkKind::Receive, submission.org),
            Status::Received => at(WorkKind::Accept, submission.org),
            Status::Correcting => at(WorkKind::AwaitSupplement, submission.org),
            Status::InReview => self.reviewing(&submission.terms, submission.org),
            Status::Suspended => self.resuming(submission.org),
            Status::Granted => at(WorkKind::MakeResult, submission.org),
            Status::Denied | Status::ResultReady => at(WorkKind::Deliver, submission.org),
            _ => Vec::new(),
        }
    }

    fn reviewing(&self, terms: &Terms, accepting: OrgId) -> Vec<Work> {
        let open: Vec<Work> = self.open_steps().into_iter().filter_map(|no| self.step_work(no)).collect();
        if !open.is_empty() {
            return open;
        }
        let below = terms.regime == Regime::ReportUp && self.reported_to.is_none();
        let first = terms.steps.iter().rfind(|s| s.kind == StepKind::FirstReview).map(|s| s.org);
        let last = terms.steps.iter().max_by_key(|s| s.stage).map(|s| s.org);
        let (kind, org) = if below { (WorkKind::ReportUp, first) } else { (WorkKind::Decide, last) };
        vec![Work { kind, step: None, org: org.unwrap_or(accepting), holder: None }]
    }

    fn resuming(&self, accepting: OrgId) -> Vec<Work> {
        let mut waiting: Vec<Work> =
            self.open_steps().into_iter().filter_map(|no| self.step_work(no)).collect();
        if waiting.is_empty() {
            waiting.push(Work { kind: WorkKind::Resume, step: None, org: accepting, holder: None });
        }
        waiting.into_iter().map(|work| Work { kind: WorkKind::Resume, ..work }).collect()
    }

    fn step_work(&self, no: usize) -> Option<Work> {
        let (terms, state) = self.step(no)?;
        let kind = match terms.kind {
            StepKind::FirstReview => WorkKind::FirstReview,
            StepKind::Review => WorkKind::Review,
            StepKind::Approve => WorkKind::Decide,
        };
        Some(Work { kind, step: Some(no), org: terms.org, holder: state.holder })
    }

    /// The organ that a 上报 case goes up to: that of the first step after 初审.
    #[must_use]
    pub fn organ_above(&self) -> Option<OrgId> {
        let steps = &self.terms()?.steps;
        steps.iter().filter(|s| s.kind != StepKind::FirstReview).min_by_key(|s| s.stage).map(|s| s.org)
    }
}

#[cfg(test)]
mod tests {
    use super::super::harness::*;
    use super::super::*;

    fn waits(case: &Case) -> Vec<(WorkKind, crate::kernel::OrgId)> {
        case.work().into_iter().map(|w| (w.kind, w.org)).collect()
    }

    #[test]
    fn before_acceptance_the_window_works_against_the_five_days_of_the_notice() {
        let story = Story::submitted(promised(), "2026-03-02");
        assert_eq!(waits(&story.case), [(WorkKind::Receive, TOWN)]);
        assert_eq!(story.case.due_day(), Some(day("2026-03-09")), "art. 32: five working days");
        let asked = Story::lacking(promised(), "2026-03-02").on(
            "2026-03-02",
            clerk(),
            &ask(&["proof"], "2026-03-20"),
        );
        assert_eq!(waits(&asked.case), [(WorkKind::AwaitSupplement, TOWN)]);
        assert_eq!(asked.case.due_day(), Some(day("2026-03-20")));
    }

    #[test]
    fn steps_side_by_side_are_work_of_both_departments_until_one_has_passed() {
        let story = Story::accepted(promised(), "2026-03-02");
        assert_eq!(waits(&story.case), [(WorkKind::Review, BUREAU), (WorkKind::Review, OTHER_BUREAU)]);
        assert_eq!(story.case.due_day(), Some(day("2026-03-16")));
        let one = story.on("2026-03-02", reviewer(), &pass(0));
        assert_eq!(waits(&one.case), [(WorkKind::Review, OTHER_BUREAU)]);
        let both = one.on("2026-03-02", other_reviewer(), &pass(1));
        assert_eq!(waits(&both.case), [(WorkKind::Decide, BUREAU)]);
    }

    #[test]
    fn a_case_to_be_reported_up_waits_below_and_then_above() {
        let story = Story::accepted(report_up(), "2026-03-02");
        assert_eq!(waits(&story.case), [(WorkKind::FirstReview, TOWN)]);
        assert_eq!(story.case.organ_above(), Some(BUREAU));
        let passed = story.on("2026-03-02", town_reviewer(), &pass(0));
        assert_eq!(waits(&passed.case), [(WorkKind::ReportUp, TOWN)]);
        let up = Command::ReportUp { to: BUREAU, opinion: because("初审通过") };
        assert_eq!(waits(&passed.on("2026-03-02", town_reviewer(), &up).case), [(WorkKind::Review, BUREAU)]);
    }

    #[test]
    fn while_the_clock_stands_there_is_no_due_day_and_after_the_decision_it_is_that_of_delivery() {
        let stopped = Story::accepted(promised(), "2026-03-02").on(
            "2026-03-05",
            reviewer(),
            &suspend(StopGround::Hearing),
        );
        assert_eq!(stopped.case.due_day(), None);
        assert!(stopped.case.work().iter().all(|w| w.kind == WorkKind::Resume));
        let granted = Story::granted("2026-03-02");
        assert_eq!(waits(&granted.case), [(WorkKind::MakeResult, TOWN)]);
        assert_eq!(granted.case.due_day(), granted.case.deliver_by.map(|d| d.date));
    }

    #[test]
    fn every_kind_of_work_is_read_back_from_its_stored_word() {
        for kind in WorkKind::ALL {
            assert_eq!(WorkKind::from_stored(kind.as_str()), Some(kind));
        }
    }
}
