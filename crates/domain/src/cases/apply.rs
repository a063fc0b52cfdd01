//! Folding events into the state. Total: whatever order events come in, nothing panics.

use super::{
    case::{Case, Deferral, ExtensionRequest, Flag, Notice, Status, StepState, Submission},
    command::{Channel, Handed},
    event::{Acceptance, Event, Happened},
    terms::StepKind,
};
use crate::kernel::{StaffId, time::legal_day};
use jiff::civil::Date;

/// The case after an event.
#[must_use]
pub fn apply(mut case: Case, event: &Event) -> Case {
    let day = legal_day(event.at);
    case.last_at = case.last_at.max(Some(event.at));
    if event.is_back_entry() {
        case.flag(Flag::BackEntry);
    }
    match &event.what {
        what @ Happened::Submitted { .. } => case.submitted(what, day),
        what @ (Happened::Received { .. }
        | Happened::CorrectionAsked { .. }
        | Happened::SecondNoticeReleased { .. }
        | Happened::Resubmitted { .. }
        | Happened::Accepted { .. }
        | Happened::NotRequired { .. }
        | Happened::Refused { .. }) => case.before_acceptance(what, event.by.staff(), day),
        what @ (Happened::Suspended { .. }
        | Happened::Resumed { .. }
        | Happened::ExtensionRequested { .. }
        | Happened::Extended { .. }
        | Happened::ExtensionRejected { .. }
        | Happened::DueRecomputed { .. }) => case.time(what),
        what @ (Happened::Granted { .. }
        | Happened::Denied { .. }
        | Happened::ResultMade { .. }
        | Happened::Delivered { .. }
        | Happened::Withdrawn { .. }
        | Happened::Terminated { .. }
        | Happened::Archived { .. }) => case.ended(what),
        what => case.reviewed(what, day),
    }
    case
}

/// The case after all its events.
#[must_use]
pub fn fold<'a>(events: impl IntoIterator<Item = &'a Event>) -> Case {
    events.into_iter().fold(Case::default(), apply)
}

impl Case {
    fn flag(&mut self, flag: Flag) {
        if !self.flags.contains(&flag) {
            self.flags.push(flag);
        }
    }

    fn take_in(&mut self, materials: &[Handed]) {
        for handed in materials {
            self.materials.retain(|h| h.code != handed.code);
            self.materials.push(handed.clone());
        }
    }

    fn submitted(&mut self, what: &Happened, day: Date) {
        let Happened::Submitted {
            case,
            application,
            applicant,
            channel,
            org,
            given,
            materials,
            terms,
            notice_due,
            ..
        } = what
        else {
            return;
        };
        self.notice_due = Some(*notice_due);
        self.steps = vec![StepState::default(); terms.steps.len()];
        self.take_in(materials);
        self.came_in = Some(day);
        self.status = Status::Submitted;
        if *channel == Channel::BackEntry {
            self.flag(Flag::BackEntry);
        }
        self.submission = Some(Submission {
            case: *case,
            application: *application,
            applicant: *applicant,
            channel: *channel,
            org: *org,
            given: given.clone(),
            terms: terms.clone(),
        });
    }

    fn before_acceptance(&mut self, what: &Happened, by: Option<StaffId>, day: Date) {
        match what {
            Happened::Received { materials, notice_due } => {
                self.take_in(materials);
                self.notice_due = Some(*notice_due);
                self.status = Status::Received;
            }
            Happened::CorrectionAsked { items, until, nth } => {
                let codes = items.iter().map(|i| i.code.clone()).collect();
                self.notices.push(Notice { codes, until: *until });
                self.notice_released = false;
                self.status = Status::Correcting;
                if *nth > 1 {
                    self.flag(Flag::SecondNotice);
                }
            }
            Happened::SecondNoticeReleased { .. } => self.notice_released = true,
            Happened::Resubmitted { materials, notice_due } => {
                self.take_in(materials);
                self.notice_due = Some(*notice_due);
                self.came_in = Some(day);
                self.status = Status::Received;
            }
            Happened::Accepted { how, on, limits } => {
                self.accepted_on = Some(*on);
                self.accepted_by = by;
                self.limits = limits.as_ref().clone();
                self.status = Status::InReview;
                match how {
                    Acceptance::Complete => {}
                    Acceptance::Deferring { missing, until } => {
                        self.deferral = Some(Deferral { missing: missing.clone(), until: *until });
                    }
                    Acceptance::Commitment { .. } => self.on_commitment = true,
                    Acceptance::Deemed => self.flag(Flag::DeemedAccepted),
                }
                self.open_next_stage(day);
            }
            Happened::NotRequired { .. } => self.status = Status::NotRequired,
            Happened::Refused { .. } => self.status = Status::Refused,
            _ => {}
        }
    }

    fn reviewed(&mut self, what: &Happened, day: Date) {
        match what {
            Happened::StepClaimed { step, holder } => self.hold(*step, *holder),
            Happened::Reassigned { step, to, .. } => self.hold(*step, *to),
            Happened::StepPassed { step, by_staff, favourable, .. } => {
                if let Some(state) = self.steps.get_mut(*step) {
                    state.passed_by = Some(*by_staff);
                    state.favourable = Some(*favourable);
                }
                self.open_next_stage(day);
            }
            Happened::ReturnedToStep { step, .. } => self.reopen_from(*step, day),
            Happened::ReportedUp { to, .. } => self.reported_to = Some(*to),
            Happened::HandedBack { .. } => {
                self.reported_to = None;
                let first =
                    self.terms().and_then(|t| t.steps.iter().rposition(|s| s.kind == StepKind::FirstReview));
                if let Some(step) = first {
                    self.reopen_from(step, day);
                }
            }
            Happened::DeferredSupplied { materials } => {
                self.take_in(materials);
                let still: Vec<String> =
                    self.deferral.iter().flat_map(|d| &d.missing).filter(|c| !self.has(c)).cloned().collect();
                let until = self.deferral.as_ref().map(|d| d.until);
                self.deferral =
                    until.filter(|_| !still.is_empty()).map(|until| Deferral { missing: still, until });
            }
            _ => {}
        }
    }

    fn time(&mut self, what: &Happened) {
        match what {
            Happened::Suspended { from, .. } => {
                self.limits.stop(*from);
                self.status = Status::Suspended;
            }
            Happened::Resumed { on, dues, .. } => {
                self.limits.go_on(*on);
                self.limits.record(*dues);
                self.status = Status::InReview;
            }
            Happened::ExtensionRequested { requester, reason } => {
                self.extension_request =
                    Some(ExtensionRequest { requester: *requester, reason: reason.clone() });
            }
            Happened::Extended { days, dues, .. } => {
                self.limits.extend(*days);
                self.limits.record(*dues);
                self.extended = true;
                self.extension_request = None;
            }
            Happened::ExtensionRejected { .. } => self.extension_request = None,
            Happened::DueRecomputed { dues, .. } => self.limits.record(*dues),
            _ => {}
        }
    }

    fn ended(&mut self, what: &Happened) {
        match what {
            Happened::Granted { decider, deliver_by, .. } => {
                if self.steps.iter().any(|s| s.favourable == Some(false)) {
                    self.flag(Flag::GrantedAgainstReview);
                }
                self.decided_by = Some(*decider);
                self.deliver_by = Some(*deliver_by);
                self.status = Status::Granted;
            }
            Happened::Denied { decider, deliver_by, .. } => {
                self.decided_by = Some(*decider);
                self.deliver_by = Some(*deliver_by);
                self.status = Status::Denied;
            }
            Happened::ResultMade { document_no, valid_until, .. } => {
                self.document_no = Some(document_no.clone());
                self.valid_until = *valid_until;
                self.status = Status::ResultReady;
            }
            Happened::Delivered { .. } => self.status = Status::Delivered,
            Happened::Withdrawn { .. } => self.status = Status::Withdrawn,
            Happened::Terminated { .. } => self.status = Status::Terminated,
            Happened::Archived { keep_until } => {
                self.keep_until = *keep_until;
                self.status = Status::Archived;
            }
            _ => {}
        }
    }

    fn hold(&mut self, step: usize, who: StaffId) {
        if let Some(state) = self.steps.get_mut(step) {
            state.holder = Some(who);
        }
    }

    /// Stages in order of the terms; the numbers of steps that lie in the lowest stage not wholly passed.
    fn open_next_stage(&mut self, day: Date) {
        let stages = self.stages();
        let unfinished = stages.iter().zip(&self.steps).filter(|(_, s)| s.passed_by.is_none());
        let Some(next) = unfinished.map(|(stage, _)| *stage).min() else { return };
        for (stage, state) in stages.iter().zip(&mut self.steps) {
            if *stage == next {
                state.opened.get_or_insert(day);
            }
        }
    }

    /// The step opens again for the same holder; later stages are closed and start anew.
    fn reopen_from(&mut self, step: usize, day: Date) {
        let stages = self.stages();
        let Some(from) = stages.get(step).copied() else { return };
        for (no, (stage, state)) in stages.iter().zip(&mut self.steps).enumerate() {
            if no == step {
                let holder = state.passed_by.or(state.holder);
                *state = StepState { opened: Some(day), holder, ..StepState::default() };
            } else if *stage > from {
                *state = StepState::default();
            }
        }
    }

    fn stages(&self) -> Vec<u16> {
        self.terms().map(|t| t.steps.iter().map(|s| s.stage).collect()).unwrap_or_default()
    }
}
