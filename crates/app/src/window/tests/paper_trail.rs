//! From what is done at the counter or behind it to the row of its paper, set and readable: a test for each kind of paper.

use super::outcomes::codes;
use super::*;
use crate::cases::{self, StaffActor, act_as_staff};
use crate::papers;
use crate::testing::{on_both, world};
use crate::worker::run_due;
use ::papers::Kind;
use domain::cases::{Command, StopGround, TerminationGround};
use domain::kernel::time::Days;

/// The papers of a case after the worker has run, each with its number; all of them set.
async fn papers_of(world: &World, id: CaseId) -> Vec<(Kind, String)> {
    run_due(world).await.unwrap();
    let list = papers::of_case(world, id).await.unwrap();
    assert!(list.iter().all(|paper| paper.ready), "{list:?}");
    list.into_iter().map(|paper| (paper.kind, paper.number)).collect()
}

async fn kinds(world: &World, id: CaseId) -> Vec<Kind> {
    papers_of(world, id).await.into_iter().map(|(kind, _)| kind).collect()
}

/// Somebody with that post at the organisation of a step acts on the case as it is.
async fn behind(world: &World, id: CaseId, step: usize, role: Role, command: Command) {
    let record = cases::find(&world.db, id).await.unwrap().unwrap();
    let org = record.case.terms().unwrap().steps[step].org;
    let (who, _) = world.staff(role, org).await;
    let path = world.city().org(org).unwrap().path.clone();
    let actor = StaffActor { id: who, rights: domain::rights::Actor::staff(who.uuid(), role, path) };
    let done = act_as_staff(world, &actor, id, record.version, command.clone(), "t").await;
    assert!(done.is_ok(), "{command:?}: {}", done.unwrap_err());
}

/// Everything lies on the counter and it is accepted.
async fn accepted(clerk: &Browser, item: &str) -> CaseId {
    let tab = clerk.begin(item).await;
    if !codes(&clerk.get(&tab).await).is_empty() {
        clerk.tick(&tab).await;
    }
    Browser::case(&clerk.press(&tab, "accept", &[]).await)
}

#[tokio::test]
async fn what_is_taken_in_and_accepted_has_a_receipt_and_an_acceptance_notice_and_a_fee_its_own() {
    on_both(|world| async move {
        let clerk = Browser::clerk(&world).await;
        let id = accepted(&clerk, PROMISED).await;
        assert_eq!(kinds(&world, id).await, [Kind::Receipt, Kind::Acceptance]);
        // 核发临时居民身份证: ten yuan.
        let id = accepted(&clerk, "84").await;
        assert_eq!(kinds(&world, id).await, [Kind::Receipt, Kind::Acceptance, Kind::Fee]);
    })
    .await;
}

#[tokio::test]
async fn who_is_turned_away_or_must_bring_more_takes_a_paper_home() {
    let world = world().await;
    let clerk = Browser::clerk(&world).await;
    for (word, form, paper) in [
        ("refuse", &[("reason", "不归本机关"), ("competent", "常州市民政局")][..], Kind::NotAccepted),
        ("not_required", &[("reason", "依法不需要审批")][..], Kind::NotRequired),
    ] {
        let tab = clerk.begin(PROMISED).await;
        let path = clerk.press(&tab, word, &[]).await.to().to_owned();
        let id = Browser::case(&clerk.post(&path, form).await);
        assert!(kinds(&world, id).await.contains(&paper), "{word}");
    }
    let tab = clerk.begin(UPWARDS).await;
    let wanted = codes(&clerk.get(&tab).await);
    let path = clerk.press(&tab, "notice", &[]).await.to().to_owned();
    let asked: Vec<String> = wanted.iter().map(|code| format!("ask.{code}")).collect();
    let mut form: Vec<(&str, &str)> = asked.iter().map(|name| (name.as_str(), "没有带来")).collect();
    form.push(("until", "2026-03-16"));
    let id = Browser::case(&clerk.post(&path, &form).await);
    assert!(kinds(&world, id).await.contains(&Kind::Correction));
    world.clock.set("2026-03-17T02:00:00Z");
    let overdue =
        Command::Terminate { ground: TerminationGround::NotCorrected, reason: "到期没有补来".into() };
    behind(&world, id, 0, Role::Supervisor, overdue).await;
    let list = papers_of(&world, id).await;
    let (_, number) = list.iter().find(|(kind, _)| *kind == Kind::Termination).expect("a paper of the end");
    assert!(number.contains("终〔2026〕1号"), "{number}");
}

#[tokio::test]
async fn what_is_deferred_and_reported_up_has_its_notice_and_its_transfer_slip() {
    let world = world().await;
    let clerk = Browser::clerk(&world).await;
    let tab = clerk.begin(UPWARDS).await;
    let wanted = codes(&clerk.get(&tab).await);
    let (tick, copies) = (format!("paper.{}", wanted[0]), format!("copies.{}", wanted[0]));
    let path = clerk.press(&tab, "defer", &[(&tick, "1"), (&copies, "1")]).await.to().to_owned();
    let id = Browser::case(&clerk.post(&path, &[("until", "2026-03-09"), ("sure", "1")]).await);
    assert!(kinds(&world, id).await.contains(&Kind::Deferral));
    for (word, opinion) in [("pass", "材料属实"), ("report_up", "请审核")] {
        let here = format!("/window/cases/{id}/do/{word}");
        let version = clerk.get(&here).await.hidden("version");
        let form = [("version", version.as_str()), ("favourable", "1"), ("opinion", opinion)];
        clerk.post(&here, &form).await;
    }
    assert!(kinds(&world, id).await.contains(&Kind::Transfer));
}

#[tokio::test]
async fn a_stop_and_an_extension_of_the_clock_are_told_on_paper_with_numbers_of_the_organ() {
    let world = world().await;
    let clerk = Browser::clerk(&world).await;
    let id = accepted(&clerk, PROMISED).await;
    let record = cases::find(&world.db, id).await.unwrap().unwrap();
    let org = record.case.terms().unwrap().steps[0].org;
    let (_, reviewer) = world.staff(Role::Reviewer, org).await;
    let stop = format!("/review/{id}/suspend");
    let version = record.version.to_string();
    let form = [("version", version.as_str()), ("ground", "听证"), ("days", "5")];
    let (status, _, text) = world.post_as(&reviewer, &stop, &form).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{text}");
    let (status, _, _) = world.post_as(&reviewer, &stop, &form).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "sent twice: the page is stale and takes no number");
    let list = papers_of(&world, id).await;
    let (_, first) = list.iter().find(|(kind, _)| *kind == Kind::SpecialProcedure).unwrap();
    assert!(first.contains("特〔2026〕1号"), "{first}");
    behind(&world, id, 0, Role::Reviewer, Command::Resume { outcome: "听证结束".into() }).await;
    let again = Command::Suspend {
        ground: StopGround::Testing,
        paper_no: papers::next_number(&world, org, Kind::SpecialProcedure).await.unwrap(),
        expected: Days::Working(3),
    };
    behind(&world, id, 0, Role::Reviewer, again).await;
    let list = papers_of(&world, id).await;
    assert!(
        list.iter().any(|(_, number)| number.contains("特〔2026〕2号")),
        "no gap and no number twice: {list:?}"
    );
    // 赴港澳通行证件及签注的许可: only a licence can be extended (行政许可法 第四十二条).
    let id = accepted(&clerk, "90").await;
    behind(&world, id, 0, Role::Reviewer, Command::RequestExtension { reason: "要向外地核实".into() }).await;
    behind(&world, id, 0, Role::Approver, Command::ApproveExtension).await;
    assert!(kinds(&world, id).await.contains(&Kind::Extension));
}

#[tokio::test]
async fn a_decision_either_way_and_its_delivery_have_their_papers() {
    let world = world().await;
    let clerk = Browser::clerk(&world).await;
    let tab = clerk.begin(AT_ONCE).await;
    clerk.tick(&tab).await;
    let path = clerk.press(&tab, "at_once", &[]).await.to().to_owned();
    let form = [
        ("opinion", "同意"),
        ("document_no", "常生育〔2026〕1号"),
        ("valid_until", "2029-03-02"),
        ("how", "electronic"),
    ];
    let id = Browser::case(&clerk.post(&path, &form).await);
    let granted = kinds(&world, id).await;
    assert!(granted.contains(&Kind::Grant) && granted.contains(&Kind::Delivery), "{granted:?}");
    assert!(clerk.get(&format!("/window/cases/{id}")).await.text.contains("有效期至"), "and until when");
    let id = accepted(&clerk, PROMISED).await;
    let finding = Command::PassStep { step: 0, favourable: false, opinion: "不符合".into() };
    behind(&world, id, 0, Role::Reviewer, finding).await;
    let deny = Command::Deny { reasons: "申请人不在规定的范围内，不符合条件".into() };
    behind(&world, id, 1, Role::Approver, deny).await;
    assert!(kinds(&world, id).await.contains(&Kind::Denial));
}

#[tokio::test]
async fn a_paper_is_declared_void_with_a_reason_by_who_answers_for_it_and_the_proof_says_so() {
    on_both(|world| async move {
        let clerk = Browser::clerk(&world).await;
        let id = accepted(&clerk, PROMISED).await;
        run_due(&world).await.unwrap();
        let paper = papers::of_case(&world, id).await.unwrap().remove(1);
        let path = format!("{}/void", paper.href);
        assert_eq!(clerk.get(&path).await.status, StatusCode::NOT_FOUND, "not the clerk");
        let org = cases::find(&world.db, id).await.unwrap().unwrap().case.terms().unwrap().steps[1].org;
        let (staff, cookie) = world.staff(Role::Approver, org).await;
        let approver = Browser { world: world.clone(), staff, cookie };
        let case = approver.get(&format!("/review/{id}")).await;
        assert!(case.text.contains(&path), "the case leads there: {}", case.text);
        assert!(approver.get(&path).await.text.contains(&paper.number));
        let silent = approver.post(&path, &[("reason", " ")]).await;
        assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
        let long = "错".repeat(10_000);
        let endless = approver.post(&path, &[("reason", &long)]).await;
        assert!(endless.text.contains("最多写 200 个字") && endless.text.contains(&long), "kept");
        let said = [("reason", "申请人姓名印错<script>")];
        for _ in 0..2 {
            let done = approver.post(&path, &said).await;
            assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        }
        let page = approver.get(&path).await;
        assert!(page.text.contains("已经作废") && !page.text.contains("<script>，"), "{}", page.text);
        assert!(clerk.get(&format!("/window/cases/{id}")).await.text.contains("已作废"));
        let other = world.city().orgs.iter().find(|o| o.department.is_some() && o.id != org).unwrap().id;
        let (_, stranger) = world.staff(Role::Approver, other).await;
        assert_eq!(world.get_as(&stranger, &path).await.0, StatusCode::NOT_FOUND);
    })
    .await;
}
