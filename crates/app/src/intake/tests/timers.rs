//! What the worker does by the passing of time, and what follows from a change.

use domain::cases::{StopGround, ToCorrect};
use domain::catalogue::Regime;
use domain::kernel::time::Days;
use domain::org::{WorkdaysCommand, parse_days};
use domain::rights::Role;
use store::jobs::{self, State};
use store::journal::Stamp;
use store::{Tx, Work};

use super::*;
use crate::cases::{Message, SILENCE, mark_read, messages, unread};
use crate::org::change_workdays;
use crate::testing::on_both;
use crate::worker::{run_due, tidy_up};

async fn at(w: &World, time: &str) {
    w.clock.set(time);
    run_due(&w.ctx).await.expect("the worker runs");
}

async fn inbox(w: &World, person: Uuid) -> Vec<Message> {
    messages(&w.ctx, person, None, 50).await.expect("reads")
}

async fn titles(w: &World) -> Vec<String> {
    let mut all: Vec<String> = inbox(w, CITIZEN.uuid()).await.into_iter().map(|m| m.title).collect();
    all.reverse();
    all.into_iter()
        .map(|title| title.split_once('：').map(|(_, what)| what.to_owned()).unwrap_or(title))
        .collect()
}

#[tokio::test]
async fn after_five_silent_working_days_the_law_accepts_and_the_applicant_is_told_once() {
    on_both(|w| async move {
        let id = submitted(&w, Regime::Promised).await.cases[0].id;
        at(&w, "2026-03-09T15:00:00Z").await;
        assert_eq!(status(&w, id).await, Status::Submitted, "the fifth day is not over in Shanghai");
        at(&w, "2026-03-09T16:30:00Z").await;
        let case = record(&w, id).await.case;
        assert_eq!((case.status, case.accepted_on), (Status::InReview, Some("2026-03-02".parse().unwrap())));
        at(&w, "2026-03-10T16:30:00Z").await;
        let told = titles(&w).await;
        assert_eq!(told.len(), 2, "{told:?}");
        assert_eq!(told[1], "视为受理");
        assert!(crate::cases::is_proven(&w.ctx.db, id).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn a_word_in_time_stops_the_silence_and_the_day_of_a_supplement_is_called_to_mind_once() {
    on_both(|w| async move {
        let city = w.ctx.city();
        let id = submitted(&w, Regime::Promised).await.cases[0].id;
        run_due(&w.ctx).await.unwrap();
        let clerk = clerk(&city);
        does(&w, &clerk, id, Command::Receive { materials: vec![] }).await;
        let code = record(&w, id).await.case.terms().unwrap().materials[0].code.clone();
        let items = vec![ToCorrect { code, reason: "照片看不清，请重新拍".into() }];
        let until = "2026-03-20".parse().unwrap();
        does(&w, &clerk, id, Command::AskCorrection { items, until }).await;
        at(&w, "2026-03-19T16:30:00Z").await;
        assert_eq!(status(&w, id).await, Status::Correcting);
        assert_eq!(titles(&w).await.len(), 2);
        for _ in 0..2 {
            at(&w, "2026-03-20T01:00:00Z").await;
        }
        assert_eq!(titles(&w).await[2], "今天是补正的最后一天");
        at(&w, "2026-03-20T16:30:00Z").await;
        assert_eq!(titles(&w).await[3], "补正期限已过");
        let page = seen(&w, id, &By::Staff(clerk)).await;
        assert!(page.flags.contains(&"申请人逾期没有补正".to_owned()));
        let last = inbox(&w, CITIZEN.uuid()).await.remove(0);
        assert!(!last.read && last.body.contains("受理编号"));
        mark_read(&w.ctx, CITIZEN.uuid(), last.id).await.unwrap();
        assert_eq!(unread(&w.ctx, CITIZEN.uuid()).await.unwrap(), 3);
    })
    .await;
}

#[tokio::test]
async fn whoever_holds_a_stopped_case_is_reminded_when_it_should_go_on() {
    on_both(|w| async move {
        let case = accepted(&w, Regime::Promised).await;
        let reviewer = at_step(&w.ctx.city(), &case, 0, Role::Reviewer);
        does(&w, &reviewer, case.id, Command::Claim { step: 0 }).await;
        let expected = Days::Working(3);
        let stop =
            Command::Suspend { ground: StopGround::Hearing, paper_no: "告〔2026〕1号".into(), expected };
        does(&w, &reviewer, case.id, stop).await;
        at(&w, "2026-03-05T02:00:00Z").await;
        let told = inbox(&w, reviewer.id.uuid()).await;
        assert_eq!(told.len(), 1);
        assert!(told[0].title.contains("特别程序预计今天结束"));
        w.clock.set("2026-03-06T02:00:00Z");
        let page = seen(&w, case.id, &By::Staff(reviewer)).await;
        assert!(page.flags.contains(&"特别程序超过预计时间".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn a_new_holiday_moves_the_due_days_of_open_cases_each_in_its_journal() {
    on_both(|w| async move {
        let case = accepted(&w, Regime::Promised).await;
        let before = case.case.due_day().unwrap();
        let source = "国办发明电〔2026〕2 号".to_owned();
        let (issued_on, days) = ("2026-03-01".parse().unwrap(), parse_days("2026-03-04 放假 临时").unwrap());
        let stamp = Stamp { actor: "staff:1".into(), org: None, trace: "t".into(), entered_at: w.ctx.now() };
        let command = WorkdaysCommand::Enter { source: source.clone(), issued_on, days };
        change_workdays(&w.ctx, 0, command, stamp).await.expect("entered");
        run_due(&w.ctx).await.unwrap();
        let after = record(&w, case.id).await;
        assert!(after.case.due_day().unwrap() > before);
        let page = seen(&w, case.id, &By::Citizen(CITIZEN)).await;
        let last = page.timeline.last().unwrap();
        assert!(last.details.iter().any(|line| line.contains(&source)), "{last:?}");
        run_due(&w.ctx).await.unwrap();
        assert_eq!(record(&w, case.id).await.version, after.version, "once");
    })
    .await;
}

#[tokio::test]
async fn a_closed_case_goes_to_the_archive_by_itself() {
    on_both(|w| async move {
        let case = accepted(&w, Regime::Promised).await;
        let withdraw = Command::Withdraw { reason: "不办了".into() };
        crate::cases::act_as_citizen(&w.ctx, CITIZEN, case.id, case.version, withdraw, "t").await.unwrap();
        run_due(&w.ctx).await.unwrap();
        assert_eq!(status(&w, case.id).await, Status::Withdrawn);
        at(&w, "2026-04-02T01:00:00Z").await;
        assert_eq!(status(&w, case.id).await, Status::Archived);
    })
    .await;
}

struct Spoil(Timestamp);

impl Work for Spoil {
    type Out = ();
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<()> {
        jobs::push(tx, SILENCE, "spoiled", "not a body", self.0).await.map(drop)
    }
}

struct GivenUp;

impl Work for GivenUp {
    type Out = Vec<jobs::Entry>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Vec<jobs::Entry>> {
        jobs::page(tx, State::Failed, None, 10).await
    }
}

use jiff::Timestamp;

#[tokio::test]
async fn a_job_that_always_fails_is_given_up_and_seen_and_holds_nothing_else_up() {
    on_both(|w| async move {
        let id = submitted(&w, Regime::Promised).await.cases[0].id;
        w.ctx.db.write(Spoil(w.ctx.now())).await.unwrap();
        for _ in 0..10 {
            w.clock.advance(jiff::SignedDuration::from_hours(24));
            run_due(&w.ctx).await.unwrap();
        }
        let given_up = w.ctx.db.read(GivenUp).await.unwrap();
        assert_eq!((given_up.len(), given_up[0].job.key.as_str()), (1, "spoiled"));
        assert!(given_up[0].last_error.as_ref().unwrap().contains("body"));
        assert_eq!(status(&w, id).await, Status::InReview, "the other timer ran");
    })
    .await;
}

#[tokio::test]
async fn expired_drafts_and_receipts_are_forgotten_and_the_cases_stay() {
    on_both(|w| async move {
        let id = submitted(&w, Regime::Promised).await.cases[0].id;
        complete_draft(&w, Regime::Promised).await;
        assert_eq!(tidy_up(&w.ctx).await.unwrap(), 0);
        w.clock.advance(jiff::SignedDuration::from_hours(24 * 40));
        assert_eq!(tidy_up(&w.ctx).await.unwrap(), 2);
        assert_eq!(seen(&w, id, &By::Citizen(CITIZEN)).await.id, id);
    })
    .await;
}
