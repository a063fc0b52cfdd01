//! A case on the road, on both databases: durable, versioned, provable.

use std::sync::Arc;

use domain::cases::{
    Actor, Applicant, Channel, Command, Delivery, Handed, MaterialTerms, Retention, Roles, Status, StepKind,
    StepTerms, Submit, Terms,
};
use domain::catalogue::Regime;
use domain::kernel::time::{Days, WorkCalendar};
use domain::kernel::{ApplicationId, CaseId, CitizenId, OrgId, StaffId};
use jiff::Timestamp;
use store::Db;
use store::testing::on_both_with;
use uuid::Uuid;

use super::{ActError, CaseRecord, Doing, Numbering, act, find, is_proven, submit, worklist};
use crate::MIGRATIONS;

const HALL: OrgId = OrgId(Uuid::from_u128(1));
const CITIZEN: CitizenId = CitizenId(Uuid::from_u128(2));
const CLERK: StaffId = StaffId(Uuid::from_u128(3));
const REVIEWER: StaffId = StaffId(Uuid::from_u128(4));
const APPROVER: StaffId = StaffId(Uuid::from_u128(5));

fn terms() -> Terms {
    let step = |stage, name: &str, kind| StepTerms { stage, name: name.into(), org: HALL, kind, limit: None };
    let material = |code: &str| MaterialTerms {
        code: code.into(),
        name: code.into(),
        required: true,
        deferrable: false,
        shared: false,
    };
    Terms {
        item: Uuid::from_u128(6).into(),
        version: Uuid::from_u128(7).into(),
        version_no: 1,
        item_code: "11320400014109314J4000117051000".into(),
        item_name: "城乡居民最低生活保障申请".into(),
        regime: Regime::Promised,
        statutory: Some(Days::Working(20)),
        promised: Some(Days::Working(10)),
        report_up: None,
        extension: Some(Days::Working(10)),
        steps: vec![step(1, "审核", StepKind::Review), step(2, "审批", StepKind::Approve)],
        materials: vec![material("form")],
        separate_decider: false,
        immediate_authorised: false,
        deferral_allowed: false,
        commitment_allowed: false,
        local_stops: vec![],
        retention: Retention::Years { years: 10 },
        unconfirmed: vec![],
    }
}

fn at(time: &str) -> Timestamp {
    time.parse().expect("an instant")
}

fn doing(actor: Actor, time: &str) -> Doing {
    let (at, calendar) = (at(time), Arc::new(WorkCalendar::new([])));
    Doing { actor, at, entered_at: at, trace: "t-1".into(), calendar, applicant_trusted: true }
}

fn staff(id: StaffId, roles: Roles) -> Actor {
    Actor::Staff { id, org: HALL, roles }
}

fn clerk() -> Actor {
    staff(CLERK, Roles { window: true, ..Roles::default() })
}

fn reviewer() -> Actor {
    staff(REVIEWER, Roles { reviewer: true, ..Roles::default() })
}

fn approver() -> Actor {
    staff(APPROVER, Roles { approver: true, ..Roles::default() })
}

async fn submitted(db: &Db, n: u128) -> CaseRecord {
    let wish = Submit {
        case: CaseId(Uuid::from_u128(100 + n)),
        application: ApplicationId(Uuid::from_u128(200 + n)),
        applicant: Applicant::Person { id: CITIZEN },
        channel: Channel::Online,
        org: HALL,
        form_digest: None,
        materials: vec![Handed { code: "form".into(), paper: 1, files: vec![] }],
        terms: Box::new(terms()),
    };
    let numbering = Numbering {
        number: format!("260302{n:06}"),
        query_index: vec![7; 32],
        exchange_number: format!("11320400014109314J4000117051000{:012}", n),
        district: "320402".into(),
        town: "320402001".into(),
    };
    submit(db, wish, numbering, doing(Actor::Citizen { id: CITIZEN }, "2026-03-02T01:00:00Z"))
        .await
        .expect("a complete application is taken")
}

#[tokio::test]
async fn a_promised_case_goes_from_submission_to_the_archive_and_its_row_is_always_the_fold_of_its_log() {
    on_both_with(MIGRATIONS, |db| async move {
        let id = submitted(&db, 1).await.id;
        let life = [
            (clerk(), "2026-03-02T02:00:00Z", Command::Receive { materials: vec![] }, Status::Received),
            (clerk(), "2026-03-02T03:00:00Z", Command::Accept, Status::InReview),
            (
                reviewer(),
                "2026-03-03T02:00:00Z",
                Command::PassStep {
                    step: 0, favourable: true, opinion: "符合条件，建议批准".into()
                },
                Status::InReview,
            ),
            (approver(), "2026-03-04T02:00:00Z", Command::Grant { opinion: "同意".into() }, Status::Granted),
            (
                clerk(),
                "2026-03-05T02:00:00Z",
                Command::MakeResult { document_no: "常民低保〔2026〕1号".into(), file: None },
                Status::ResultReady,
            ),
            (
                clerk(),
                "2026-03-05T03:00:00Z",
                Command::Deliver { how: Delivery::Electronic },
                Status::Delivered,
            ),
            (clerk(), "2026-03-06T03:00:00Z", Command::Archive, Status::Archived),
        ];
        for (actor, time, command, then) in life {
            let done = act(&db, id, command.clone(), doing(actor, time)).await;
            assert_eq!(done.unwrap_or_else(|e| panic!("{command:?}: {e}")).case.status, then);
            assert!(is_proven(&db, id).await.expect("the log reads"), "after {command:?}");
        }
        assert!(
            worklist(&db, HALL, None, 10).await.expect("the list reads").is_empty(),
            "nothing is left to do"
        );
    })
    .await;
}

#[tokio::test]
async fn when_two_clerks_accept_one_case_one_does_and_the_other_is_told_what_is_allowed() {
    on_both_with(MIGRATIONS, |db| async move {
        let id = submitted(&db, 1).await.id;
        let receive = Command::Receive { materials: vec![] };
        act(&db, id, receive, doing(clerk(), "2026-03-02T02:00:00Z")).await.expect("received");
        let go = || act(&db, id, Command::Accept, doing(clerk(), "2026-03-02T03:00:00Z"));
        let (first, second) = tokio::join!(go(), go());
        let (done, refused): (Vec<_>, Vec<_>) = [first, second].into_iter().partition(Result::is_ok);
        assert_eq!((done.len(), refused.len()), (1, 1));
        let why = refused.into_iter().find_map(Result::err).expect("one was refused");
        assert!(matches!(why, ActError::Refused(_) | ActError::Store(store::Error::Conflict(_))), "{why}");
        assert!(is_proven(&db, id).await.expect("the log reads"));
    })
    .await;
}

struct Alter(&'static str);

impl store::Work for Alter {
    type Out = u64;
    type Err = store::Error;

    async fn run(&self, tx: &store::Tx) -> store::Result<u64> {
        tx.exec(self.0, &[]).await
    }
}

#[tokio::test]
async fn whatever_is_altered_in_a_row_the_proof_names_the_case() {
    for alteration in [
        "DELETE FROM case_record",
        "UPDATE case_record SET status = 'archived'",
        "UPDATE case_record SET is_open = 0",
        "UPDATE case_record SET handling_org = applicant",
        "UPDATE case_record SET due_on = '2027-01-01'",
        "UPDATE case_record SET application = applicant",
        "UPDATE case_record SET applicant = application",
        "UPDATE case_record SET item_code = 'x'",
        "UPDATE case_record SET item_name = '别的事'",
        "UPDATE case_record SET version = version + 1",
        "UPDATE case_record SET state = replace(state, 'submitted', 'archived')",
    ] {
        on_both_with(MIGRATIONS, |db| async move {
            let id = submitted(&db, 1).await.id;
            assert!(crate::proof::prove(&db).await.expect("reads").holds(), "{alteration}");
            assert_eq!(db.write(Alter(alteration)).await.expect("altered"), 1, "{alteration}");
            let report = crate::proof::prove(&db).await.expect("reads");
            assert_eq!(report.kinds[0].1.unproven, Some(id.uuid()), "{alteration}");
            assert!(!report.holds());
        })
        .await;
    }
}

#[tokio::test]
async fn a_refused_command_leaves_the_case_as_it_was() {
    on_both_with(MIGRATIONS, |db| async move {
        let before = submitted(&db, 1).await;
        let refused = act(&db, before.id, Command::Archive, doing(clerk(), "2026-03-02T02:00:00Z")).await;
        assert!(matches!(refused, Err(ActError::Refused(_))));
        assert_eq!(find(&db, before.id).await.expect("reads"), Some(before));
    })
    .await;
}

#[tokio::test]
async fn no_number_is_given_twice() {
    on_both_with(MIGRATIONS, |db| async move {
        let first = submitted(&db, 1).await;
        let numbering = Numbering {
            number: first.number.clone(),
            query_index: vec![8; 32],
            exchange_number: "another".into(),
            district: String::new(),
            town: String::new(),
        };
        let submission = first.case.submission.expect("submitted");
        let wish = Submit {
            case: CaseId(Uuid::from_u128(999)),
            application: submission.application,
            applicant: submission.applicant,
            channel: submission.channel,
            org: HALL,
            form_digest: None,
            materials: vec![],
            terms: submission.terms,
        };
        let doing = doing(Actor::Citizen { id: CITIZEN }, "2026-03-02T01:00:00Z");
        let refused = submit(&db, wish, numbering, doing).await;
        assert!(matches!(refused, Err(ActError::Store(store::Error::Unique { .. }))), "{refused:?}");
    })
    .await;
}

#[tokio::test]
async fn the_worklist_is_paged_by_due_day_without_losing_or_repeating_a_case() {
    on_both_with(MIGRATIONS, |db| async move {
        for n in 1..=5 {
            submitted(&db, n).await;
        }
        let (mut seen, mut last) = (Vec::new(), None);
        loop {
            let page = worklist(&db, HALL, last.as_ref(), 2).await.expect("the list reads");
            let Some(row) = page.last() else { break };
            last = Some(row.clone());
            seen.extend(page.into_iter().map(|row| row.number));
        }
        assert_eq!(seen.len(), 5);
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 5);
    })
    .await;
}

#[tokio::test]
async fn what_a_new_holiday_would_move_is_counted_before_it_is_entered() {
    on_both_with(MIGRATIONS, |db| async move {
        for n in 1..=2 {
            let id = submitted(&db, n).await.id;
            let receive = Command::Receive { materials: vec![] };
            act(&db, id, receive, doing(clerk(), "2026-03-02T02:00:00Z")).await.expect("received");
        }
        let accepted = find_open(&db).await;
        act(&db, accepted, Command::Accept, doing(clerk(), "2026-03-02T03:00:00Z")).await.expect("accepted");
        let same = super::effect_of(&db, &WorkCalendar::new([])).await.expect("reads");
        assert_eq!((same.open, same.moved(), same.beyond), (2, 0, 1), "no year is known to this calendar");
        let off = |date| domain::kernel::time::CalendarRow {
            date,
            kind: domain::kernel::time::DayKind::Holiday,
            name: "临时放假".into(),
        };
        let days = [jiff::civil::date(2026, 3, 10), jiff::civil::date(2026, 10, 1)];
        let effect = super::effect_of(&db, &WorkCalendar::new(days.map(off))).await.expect("reads");
        assert_eq!((effect.open, effect.later, effect.earlier, effect.beyond), (2, 1, 0, 0));
        assert_eq!(effect.named.len(), 1);
        assert_eq!(effect.named[0].id, accepted);
        let day = |due: Option<domain::kernel::time::Due>| due.map(|due| due.date.to_string());
        assert_eq!(day(effect.named[0].before).as_deref(), Some("2026-03-16"));
        assert_eq!(day(effect.named[0].after).as_deref(), Some("2026-03-17"));
    })
    .await;
}

async fn find_open(db: &Db) -> CaseId {
    worklist(db, HALL, None, 1).await.expect("the list reads")[0].id
}
