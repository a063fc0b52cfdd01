//! The one table of allowed actions, and the road from a command to its events.

use super::{
    Action, Case, Command, Event, Facts, Happened, Refusal, Status, Why, acceptance, apply, correction,
    decision, delivery, ending, extension, reporting, review, submission, suspension,
};
use crate::cases::{Channel, StepKind};

pub(super) type Outcome = Result<Vec<Happened>, Why>;

/// Decides a command: the events it causes, or why not.
///
/// # Errors
/// A refusal that says why and what the same person can do instead.
pub fn decide(case: &Case, command: &Command, facts: &Facts) -> Result<Vec<Event>, Refusal> {
    let wanted = command.action();
    let outcome = may(case, wanted, facts)
        .and_then(|()| in_time(case, command, facts))
        .and_then(|()| carry_out(case, command, facts));
    match outcome {
        Ok(happened) => Ok(happened
            .into_iter()
            .map(|what| Event { at: facts.at, entered_at: facts.entered_at, by: facts.who(), what })
            .collect()),
        Err(why) => Err(Refusal { wanted, why, allowed: actions(case, facts) }),
    }
}

/// Decides several commands one after the other, all or none: an 即办 case in one go.
///
/// # Errors
/// The refusal of the first command that is not possible.
pub fn decide_in_turn(case: &Case, commands: &[Command], facts: &Facts) -> Result<Vec<Event>, Refusal> {
    let mut now = case.clone();
    let mut events = Vec::new();
    for command in commands {
        let next = decide(&now, command, facts)?;
        now = next.iter().fold(now, apply);
        events.extend(next);
    }
    Ok(events)
}

/// What the actor can do with the case now.
#[must_use]
pub fn actions(case: &Case, facts: &Facts) -> Vec<Action> {
    Action::ALL.into_iter().filter(|a| may(case, *a, facts).is_ok()).collect()
}

/// The table: whether an action is possible at all for this case and actor.
fn may(case: &Case, action: Action, facts: &Facts) -> Result<(), Why> {
    match action {
        Action::Submit => submission::may_submit(case, facts),
        Action::Receive => submission::may_receive(case, facts),
        Action::AskCorrection => correction::may_ask(case, facts),
        Action::ReleaseSecondNotice => correction::may_release(case, facts),
        Action::Resubmit => correction::may_resubmit(case, facts),
        Action::Accept => acceptance::may_accept(case, facts),
        Action::AcceptDeferring => acceptance::may_defer(case, facts),
        Action::AcceptOnCommitment => acceptance::may_accept_on_commitment(case, facts),
        Action::DeemAccepted => acceptance::may_deem(case, facts),
        Action::DeclareNotRequired | Action::Refuse => acceptance::may_turn_away(case, facts),
        Action::Claim => review::may_claim(case, facts),
        Action::PassStep => review::may_pass(case, facts),
        Action::ReturnToStep => review::may_return(case, facts),
        Action::Reassign => review::may_reassign(case, facts),
        Action::ReportUp => reporting::may_report(case, facts),
        Action::HandBack => reporting::may_hand_back(case, facts),
        Action::Suspend => suspension::may_suspend(case, facts),
        Action::Resume => suspension::may_resume(case, facts),
        Action::RequestExtension => extension::may_request(case, facts),
        Action::ApproveExtension | Action::RejectExtension => extension::may_answer(case, facts),
        Action::SupplyDeferred => acceptance::may_supply(case, facts),
        Action::Grant | Action::Deny => decision::may_decide(case, facts),
        Action::MakeResult => delivery::may_make(case, facts),
        Action::Deliver => delivery::may_deliver(case, facts),
        Action::Withdraw => ending::may_withdraw(case, facts),
        Action::Terminate => ending::may_terminate(case, facts),
        Action::Archive => ending::may_archive(case, facts),
        Action::RecomputeDue => extension::may_recompute(case, facts),
    }
}

fn carry_out(case: &Case, command: &Command, facts: &Facts) -> Outcome {
    match command {
        Command::Submit(submit) => submission::submit(submit, facts),
        Command::Receive { materials } => submission::receive(case, materials, facts),
        Command::AskCorrection { items, until } => correction::ask(case, items, *until, facts),
        Command::ReleaseSecondNotice { reason } => correction::release(reason),
        Command::Resubmit { materials } => correction::resubmit(case, materials, facts),
        Command::Accept => acceptance::accept(case, facts),
        Command::AcceptDeferring { missing, until } => acceptance::defer(case, missing, *until, facts),
        Command::AcceptOnCommitment { promise } => acceptance::on_commitment(case, *promise, facts),
        Command::DeemAccepted => acceptance::deem(case, facts),
        Command::DeclareNotRequired { reason } => acceptance::not_required(reason),
        Command::Refuse { reason, competent } => acceptance::refuse(reason, competent),
        Command::Claim { step } => review::claim(case, *step, facts),
        Command::PassStep { step, favourable, opinion } => {
            review::pass(case, *step, *favourable, opinion, facts)
        }
        Command::ReturnToStep { step, reason } => review::return_to(case, *step, reason),
        Command::Reassign { step, to, reason } => review::reassign(case, *step, *to, reason),
        Command::ReportUp { to, opinion } => reporting::report(*to, opinion),
        Command::HandBack { reason } => reporting::hand_back(reason),
        Command::Suspend { ground, paper_no, expected } => {
            suspension::suspend(case, ground, paper_no, *expected, facts)
        }
        Command::Resume { outcome } => suspension::resume(case, outcome, facts),
        Command::RequestExtension { reason } => extension::request(reason, facts),
        Command::ApproveExtension => extension::approve(case, facts),
        Command::RejectExtension { reason } => extension::reject(reason),
        Command::SupplyDeferred { materials } => acceptance::supply(case, materials),
        Command::Grant { opinion } => decision::grant(case, opinion, facts),
        Command::Deny { reasons } => decision::deny(case, reasons, facts),
        Command::MakeResult { document_no, file, valid_until } => {
            delivery::make(document_no, *file, *valid_until, facts)
        }
        Command::Deliver { how } => delivery::deliver(how),
        Command::Withdraw { reason } => ending::withdraw(reason),
        Command::Terminate { ground, reason } => ending::terminate(case, *ground, reason, facts),
        Command::Archive => ending::archive(case, facts),
        Command::RecomputeDue { notice } => extension::recompute(case, notice, facts),
    }
}

/// Times must be possible: not in the future, in order, and dated back to an earlier day only for 补录.
fn in_time(case: &Case, command: &Command, facts: &Facts) -> Result<(), Why> {
    ensure(facts.at <= facts.entered_at, Why::InTheFuture)?;
    ensure(case.last_at.is_none_or(|last| last <= facts.at), Why::BeforeTheLast)?;
    let channel = match command {
        Command::Submit(submit) => Some(submit.channel),
        _ => case.submission.as_ref().map(|s| s.channel),
    };
    let same_day = facts.day() == crate::kernel::time::legal_day(facts.entered_at);
    ensure(same_day || channel == Some(Channel::BackEntry), Why::NotABackEntry)
}

pub(super) fn ensure(holds: bool, why: Why) -> Result<(), Why> {
    if holds { Ok(()) } else { Err(why) }
}

/// The case must be in one of these states.
pub(super) fn in_status(case: &Case, allowed: &[Status]) -> Result<(), Why> {
    ensure(allowed.contains(&case.status), Why::NotNow { status: case.status })
}

/// The actor's post must allow it.
pub(super) fn as_role(has: bool, needed: &str) -> Result<(), Why> {
    ensure(has, Why::NotYourRole { needed: needed.to_owned() })
}

/// A text must say something.
pub(super) fn said(text: &str, what: &str) -> Result<(), Why> {
    ensure(!text.trim().is_empty(), Why::TextMissing { what: what.to_owned() })
}

/// The names of materials, by code.
pub(super) fn names<'a>(case: &Case, codes: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let name = |code: &str| {
        case.terms().and_then(|t| t.material(code)).map_or_else(|| code.to_owned(), |m| m.name.clone())
    };
    codes.into_iter().map(name).collect()
}

/// Whether the actor may stand in for the applicant: the person, or the window and the agent on their behalf.
pub(super) fn for_applicant(case: &Case, facts: &Facts) -> Result<(), Why> {
    let own = match (facts.actor, &case.submission) {
        (super::Actor::Citizen { id }, Some(s)) => s.applicant.person() == id,
        (super::Actor::Staff { roles, .. }, _) => roles.window || roles.agent,
        _ => false,
    };
    ensure(own, Why::NotTheApplicant)
}

/// A post that works on steps of that kind.
pub(super) fn works_on(facts: &Facts, kind: StepKind) -> bool {
    let roles = facts.roles();
    match kind {
        StepKind::FirstReview => roles.reviewer || roles.window,
        StepKind::Review => roles.reviewer,
        StepKind::Approve => roles.approver,
    }
}

#[cfg(test)]
mod tests {
    use super::super::harness::*;
    use super::super::*;
    use jiff::ToSpan;

    #[test]
    fn only_a_back_entry_is_dated_back_and_both_times_are_kept() {
        let at = ten("2026-03-02");
        let late = Facts { entered_at: at + 72.hours(), ..facts(at, clerk()) };
        let refused = decide(&Case::default(), &submit(promised()), &late).unwrap_err();
        assert_eq!(refused.why, Why::NotABackEntry);
        let entry = submit_with(promised(), Channel::BackEntry, vec![paper("id")]);
        let events = decide(&Case::default(), &entry, &late).unwrap();
        assert_eq!((events[0].at, events[0].entered_at), (at, at + 72.hours()));
        assert_eq!(fold(&events).flags, [Flag::BackEntry]);
    }

    #[test]
    fn a_step_does_not_happen_before_the_one_before_it() {
        let story = Story::submitted(promised(), "2026-03-02");
        assert_eq!(story.refuses("2026-03-01", clerk(), &receive()), Why::BeforeTheLast);
    }

    #[test]
    fn a_refusal_says_why_and_what_is_allowed_instead() {
        let story = Story::lacking(promised(), "2026-03-02");
        let refusal = decide(&story.case, &Command::Accept, &facts(ten("2026-03-02"), clerk())).unwrap_err();
        assert_eq!(
            refusal.to_string(),
            "不能受理：还缺必要材料：诊断证明（行政许可法第三十二条）。现在可以：一次告知补正、容缺受理、告知承诺受理、不受理、不予受理、撤回申请。"
        );
    }
}
