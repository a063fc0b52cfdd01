//! What holds for every case, whatever happens to it.

use super::harness::*;
use super::*;
use jiff::{ToSpan, civil::Date};
use proptest::prelude::*;

/// A sample command for an action, fitting to the case where it can.
fn sample(case: &Case, action: Action, facts: &Facts) -> Vec<Command> {
    let later = facts.day().saturating_add(60.days());
    let steps = 0..case.steps.len().max(1);
    let reason = because("理由写得足够长，让人看得明白");
    let missing: Vec<String> = case.missing().into_iter().map(because).collect();
    let asked = case.notices.last().map(|n| n.codes.clone()).unwrap_or_default();
    let asked: Vec<&str> = asked.iter().map(String::as_str).collect();
    let all = ["id", "proof"];
    vec![match action {
        Action::Submit => submit(promised()),
        Action::Receive => receive(),
        Action::AskCorrection => ask(&all, &later.to_string()),
        Action::ReleaseSecondNotice => Command::ReleaseSecondNotice { reason },
        Action::Resubmit => resubmit(&asked),
        Action::Accept => Command::Accept,
        Action::AcceptDeferring => Command::AcceptDeferring { missing, until: facts.day() },
        Action::AcceptOnCommitment => Command::AcceptOnCommitment { promise: file() },
        Action::DeemAccepted => Command::DeemAccepted,
        Action::DeclareNotRequired => Command::DeclareNotRequired { reason },
        Action::Refuse => Command::Refuse { reason, competent: because("市民政局") },
        Action::Claim => return steps.map(|step| Command::Claim { step }).collect(),
        Action::PassStep => return steps.map(pass).collect(),
        Action::ReturnToStep => {
            return steps.map(|step| Command::ReturnToStep { step, reason: reason.clone() }).collect();
        }
        Action::Reassign => {
            let to = crate::kernel::StaffId(id(77));
            return steps.map(|step| Command::Reassign { step, to, reason: reason.clone() }).collect();
        }
        Action::ReportUp => Command::ReportUp { to: BUREAU, opinion: reason },
        Action::HandBack => Command::HandBack { reason },
        Action::Suspend => suspend(StopGround::Inspection),
        Action::Resume => resume(),
        Action::RequestExtension => Command::RequestExtension { reason },
        Action::ApproveExtension => Command::ApproveExtension,
        Action::RejectExtension => Command::RejectExtension { reason },
        Action::SupplyDeferred => Command::SupplyDeferred { materials: vec![paper("id"), paper("proof")] },
        Action::Grant => grant(),
        Action::Deny => Command::Deny { reasons: reason },
        Action::MakeResult => Command::MakeResult { document_no: reason, file: None, valid_until: None },
        Action::Deliver => Command::Deliver { how: Delivery::Electronic },
        Action::Withdraw => Command::Withdraw { reason },
        Action::Terminate => Command::Terminate { ground: TerminationGround::Impossible, reason },
        Action::Archive => Command::Archive,
        Action::RecomputeDue => Command::RecomputeDue { notice: reason },
    }]
}

fn people() -> Vec<Actor> {
    vec![
        citizen(),
        clerk(),
        authorised_clerk(),
        town_reviewer(),
        reviewer(),
        other_reviewer(),
        approver(),
        supervisor(),
        everybody_at_once(),
        Actor::System,
    ]
}

/// One random walk through allowed actions: which person, which action, how many days pass.
fn walk(terms: &Terms, complete: bool, choices: &[(usize, usize, i64)]) -> Vec<Event> {
    let materials = if complete { vec![paper("id"), paper("proof")] } else { vec![paper("id")] };
    let begin = submit_with(terms.clone(), Channel::Window, materials);
    let mut at = ten("2025-01-06");
    let mut events = decide(&Case::default(), &begin, &facts(at, clerk())).unwrap();
    for (person, choice, days) in choices {
        at += (24 * days).hours();
        let case = fold(&events);
        let now = facts(at, people()[person % people().len()]);
        let offered = actions(&case, &now);
        if offered.is_empty() {
            continue;
        }
        let action = offered[choice % offered.len()];
        let done = sample(&case, action, &now).iter().find_map(|c| decide(&case, c, &now).ok());
        events.extend(done.unwrap_or_default());
    }
    events
}

fn any_walk() -> impl Strategy<Value = Vec<Event>> {
    let terms = prop_oneof![Just(promised()), Just(immediate()), Just(report_up())];
    let choices = prop::collection::vec((0usize..10, 0usize..31, 0i64..4), 0..40);
    (terms, any::<bool>(), choices).prop_map(|(terms, complete, choices)| walk(&terms, complete, &choices))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn apply_is_total(events in any_walk(), order in any::<prop::sample::Index>(), twist in any::<u64>()) {
        let mut mixed = events;
        let len = mixed.len();
        mixed.rotate_left(order.index(len));
        if twist % 2 == 0 { mixed.reverse(); }
        let case = fold(&mixed);
        prop_assert!(case.last_at.is_some());
        prop_assert!(actions(&case, &facts(ten("2026-03-02"), everybody_at_once())).len() < Action::ALL.len());
    }

    #[test]
    fn folding_in_parts_is_folding_at_once(events in any_walk(), cut in any::<prop::sample::Index>()) {
        let (first, second) = events.split_at(cut.index(events.len()));
        prop_assert_eq!(second.iter().fold(fold(first), apply), fold(&events));
    }

    #[test]
    fn events_survive_their_journal_form(events in any_walk()) {
        for event in &events {
            let json = serde_json::to_value(event).unwrap();
            prop_assert_eq!(&json["kind"], event.kind());
            prop_assert_eq!(&serde_json::from_value::<Event>(json).unwrap(), event);
        }
        let case = fold(&events);
        let json = serde_json::to_string(&case).unwrap();
        prop_assert_eq!(serde_json::from_str::<Case>(&json).unwrap(), case);
    }

    #[test]
    fn every_action_offered_is_accepted_for_some_command(events in any_walk(), person in 0usize..10) {
        let case = fold(&events);
        let at = case.last_at.unwrap();
        let now = facts(at, people()[person]);
        for action in actions(&case, &now) {
            let accepted = sample(&case, action, &now).iter().any(|c| decide(&case, c, &now).is_ok());
            prop_assert!(accepted, "{action:?} in {:?} by {:?}", case.status, now.actor);
        }
    }

    #[test]
    fn what_is_not_offered_is_refused_and_the_refusal_lists_what_is(events in any_walk(), person in 0usize..10) {
        let case = fold(&events);
        let now = facts(case.last_at.unwrap(), people()[person]);
        let offered = actions(&case, &now);
        for action in Action::ALL.into_iter().filter(|a| !offered.contains(a)) {
            for command in sample(&case, action, &now) {
                let refusal = decide(&case, &command, &now).unwrap_err();
                prop_assert_eq!(&refusal.allowed, &offered);
            }
        }
    }

    #[test]
    fn an_archived_case_never_changes(events in any_walk(), person in 0usize..10) {
        let case = Case { status: Status::Archived, ..fold(&events) };
        let now = facts(case.last_at.unwrap(), people()[person]);
        for action in Action::ALL {
            for command in sample(&case, action, &now) {
                prop_assert!(decide(&case, &command, &now).is_err());
            }
        }
    }

    #[test]
    fn a_suspension_never_shortens_what_is_left(wait in 0i64..20, length in 0i64..20, look in 0i64..60) {
        let plain = Story::accepted(promised(), "2026-03-02").case;
        let day_after = |n: i64| day("2026-03-02").saturating_add(n.days()).to_string();
        let stopped = Story::accepted(promised(), "2026-03-02")
            .on(&day_after(wait), reviewer(), &suspend(StopGround::Hearing))
            .on(&day_after(wait + length), reviewer(), &resume()).case;
        let at: Date = day(&day_after(look));
        prop_assert!(stopped.limits.left(at, china()) >= plain.limits.left(at, china()));
        prop_assert!(stopped.limits.dues().promised >= plain.limits.dues().promised);
    }
}
