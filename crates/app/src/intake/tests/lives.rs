//! The whole life of a case in each regime, and the ways it may leave the sunny road.

use domain::cases::{Action, Command, Delivery, Status, StopGround, ToCorrect, WorkKind};
use domain::catalogue::Regime;
use domain::kernel::time::Days;
use domain::org::OfficeCommand;
use domain::rights::Role;
use store::journal::Stamp;

use super::*;
use crate::cases::{act_as_citizen, act_in_turn, store_file};
use crate::intake::{Supplier, attach_to_case, supplement};
use crate::org::change_office;
use crate::testing::on_both;

fn result() -> Command {
    Command::MakeResult { document_no: "常办〔2026〕1号".into(), file: None, valid_until: None }
}

/// Gives or takes the written authorisation of the hall to decide the immediate item on the spot.
async fn authorise(w: &World, version: i64, allowed: bool) {
    let city = w.ctx.city();
    let (hall, item) = (hall(&city).id, item(&city, Regime::Immediate).id);
    let command = OfficeCommand::Authorise { item, allowed, basis: "授权清单".into() };
    let stamp = Stamp { actor: "staff:1".into(), org: None, trace: "t".into(), entered_at: w.ctx.now() };
    change_office(&w.ctx, hall, version, command, stamp).await.expect("the administrator may");
}

#[tokio::test]
async fn an_immediate_case_is_done_in_one_go_by_a_clerk_who_is_authorised_and_by_no_other() {
    on_both(|w| async move {
        let city = w.ctx.city();
        let id = submitted(&w, Regime::Immediate).await.cases[0].id;
        let signature = store_file(&w.ctx, "签名.png", PNG.into()).await.unwrap().id;
        let all = || {
            let deliver =
                Command::Deliver { how: Delivery::Window { signature: Some(signature), receiver: None } };
            vec![Command::Receive { materials: vec![] }, Command::Accept, grant(), result(), deliver]
        };
        let clerk = clerk(&city);
        authorise(&w, 0, false).await;
        let refused = act_in_turn(&w.ctx, &clerk, id, 1, all(), "t").await.unwrap_err();
        assert!(refused.to_string().contains("不能准予"), "{refused}");
        assert_eq!(status(&w, id).await, Status::Submitted, "all or nothing");
        authorise(&w, 1, true).await;
        let done = act_in_turn(&w.ctx, &clerk, id, 1, all(), "t").await.unwrap();
        assert_eq!(done.case.status, Status::Delivered);
        assert!(crate::cases::is_proven(&w.ctx.db, id).await.unwrap());
        let told = seen(&w, id, &By::Citizen(CITIZEN)).await;
        let titles: Vec<_> = told.timeline.iter().map(|entry| entry.title.as_str()).collect();
        assert_eq!(titles[1..], ["已接件，正在核对材料", "受理", "准予", "结果已经制作", "已送达，办结"]);
    })
    .await;
}

#[tokio::test]
async fn a_promised_case_goes_through_the_department_to_the_archive() {
    on_both(|w| async move {
        let city = w.ctx.city();
        let case = accepted(&w, Regime::Promised).await;
        let (id, clerk) = (case.id, clerk(&city));
        let reviewer = at_step(&city, &case, 0, Role::Reviewer);
        let approver = at_step(&city, &case, 1, Role::Approver);
        does(&w, &reviewer, id, Command::Claim { step: 0 }).await;
        does(&w, &reviewer, id, pass(0)).await;
        let by_clerk = acts(&w, &clerk, id, grant()).await.unwrap_err();
        assert!(matches!(by_clerk, ActError::Refused(_)), "{by_clerk}");
        does(&w, &approver, id, grant()).await;
        does(&w, &approver, id, result()).await;
        does(&w, &clerk, id, Command::Deliver { how: Delivery::Electronic }).await;
        let kept = does(&w, &clerk, id, Command::Archive).await;
        assert_eq!(kept.case.status, Status::Archived);
        assert!(kept.case.keep_until.is_some());
    })
    .await;
}

#[tokio::test]
async fn a_case_is_reviewed_in_the_town_reported_up_handed_back_and_decided_above() {
    on_both(|w| async move {
        let city = w.ctx.city();
        let case = accepted(&w, Regime::ReportUp).await;
        let id = case.id;
        let town = at_step(&city, &case, 0, Role::Reviewer);
        let (reviewer, approver) =
            (at_step(&city, &case, 1, Role::Reviewer), at_step(&city, &case, 2, Role::Approver));
        does(&w, &town, id, pass(0)).await;
        let page = seen(&w, id, &By::Staff(town.clone())).await;
        assert!(can(&page, Action::ReportUp) && page.waits[0].0 == WorkKind::ReportUp);
        let to = page.organ_above.unwrap();
        let up = || Command::ReportUp { to, opinion: "初审通过".into() };
        does(&w, &town, id, up()).await;
        assert!(acts(&w, &town, id, pass(1)).await.is_err(), "the town does not review above");
        does(&w, &reviewer, id, Command::HandBack { reason: "请补充走访记录".into() }).await;
        does(&w, &town, id, pass(0)).await;
        does(&w, &town, id, up()).await;
        does(&w, &reviewer, id, pass(1)).await;
        let denied = Command::Deny { reasons: "家庭收入超过办法规定的标准".into() };
        assert_eq!(does(&w, &approver, id, denied).await.case.status, Status::Denied);
        let told = seen(&w, id, &By::Citizen(CITIZEN)).await;
        let last = told.timeline.last().unwrap();
        assert!(last.details.iter().any(|line| line.contains("60 日内申请行政复议")), "{last:?}");
        assert!(told.timeline.iter().all(|entry| entry.details.iter().all(|l| !l.contains("走访"))));
    })
    .await;
}

#[tokio::test]
async fn a_notice_is_answered_page_by_page_and_only_what_was_asked_counts() {
    on_both(|w| async move {
        let city = w.ctx.city();
        let owner = Owner::Citizen(CITIZEN);
        let wish = starting(vec![item(&city, Regime::Promised).id], Some(hall(&city).id));
        let draft = start(&w.ctx, owner, wish).await.unwrap();
        let id = submit(&w.ctx, &Submitter::Citizen(CITIZEN), draft.id, "t").await.unwrap().cases[0].id;
        let clerk = clerk(&city);
        does(&w, &clerk, id, Command::Receive { materials: vec![] }).await;
        let missing: Vec<String> =
            record(&w, id).await.case.missing().into_iter().map(str::to_owned).collect();
        assert!(!missing.is_empty(), "nothing was uploaded");
        let items =
            missing.iter().map(|c| ToCorrect { code: c.clone(), reason: "请拍照上传".into() }).collect();
        let until = "2026-03-20".parse().unwrap();
        does(&w, &clerk, id, Command::AskCorrection { items, until }).await;
        let me = By::Citizen(CITIZEN);
        let asked = seen(&w, id, &me).await;
        assert!(asked.notices[0].waiting && asked.materials.iter().any(|m| m.asked.is_some()));
        let hand_in = || async {
            let version = record(&w, id).await.version;
            supplement(&w.ctx, Supplier::Citizen(CITIZEN), id, version, &[], "t").await
        };
        assert!(hand_in().await.unwrap_err().to_string().contains("还缺必要材料"));
        for code in &missing {
            attach_to_case(&w.ctx, &me, id, code, "page.png", PNG.into()).await.unwrap();
        }
        assert_eq!(hand_in().await.unwrap().case.status, Status::Received);
        assert_eq!(does(&w, &clerk, id, Command::Accept).await.case.status, Status::InReview);
    })
    .await;
}

#[tokio::test]
async fn the_clock_stands_during_an_expert_review_and_the_page_says_until_when() {
    on_both(|w| async move {
        let city = w.ctx.city();
        let case = accepted(&w, Regime::Promised).await;
        let reviewer = at_step(&city, &case, 0, Role::Reviewer);
        let due = case.case.due_day().unwrap();
        let stop = Command::Suspend {
            ground: StopGround::ExpertReview,
            paper_no: "常特告〔2026〕1号".into(),
            expected: Days::Working(5),
        };
        does(&w, &reviewer, case.id, stop).await;
        let standing = seen(&w, case.id, &By::Citizen(CITIZEN)).await;
        assert_eq!((standing.status, standing.clock.due), (Status::Suspended, None));
        assert!(standing.clock.sentence().unwrap().contains("暂停计时"));
        w.clock.set("2026-03-05T02:00:00Z");
        let on = does(&w, &reviewer, case.id, Command::Resume { outcome: "评审通过".into() }).await;
        assert!(on.case.due_day().unwrap() > due);
    })
    .await;
}

#[tokio::test]
async fn the_applicant_withdraws_and_nobody_else_does_it_in_their_name() {
    on_both(|w| async move {
        let case = accepted(&w, Regime::Promised).await;
        let withdraw = || Command::Withdraw { reason: "不办了".into() };
        let stranger = CitizenId(Uuid::from_u128(0xC2));
        let refused = act_as_citizen(&w.ctx, stranger, case.id, case.version, withdraw(), "t").await;
        assert!(matches!(refused, Err(ActError::Absent)), "a stranger does not learn that there is a case");
        let done = act_as_citizen(&w.ctx, CITIZEN, case.id, case.version, withdraw(), "t").await.unwrap();
        assert_eq!(done.case.status, Status::Withdrawn);
    })
    .await;
}
