//! Reviewers and approvers at work, seen from outside.

use crate::cases::{self, CaseRecord, StaffActor, act_as_staff};
use crate::testing::{World, on_both, world};
use axum::http::StatusCode;
use domain::cases::{Command, Status};
use domain::catalogue::Regime;
use domain::kernel::{CaseId, OrgId};
use domain::rights::Role;

/// A case that the window has accepted, submitted by a citizen with everything that is asked for.
async fn accepted(world: &World, regime: Regime) -> CaseRecord {
    let receipt = crate::intake::submitted_for_tests(world, regime).await;
    let id = receipt.cases[0].id;
    let record = cases::find(&world.ctx.db, id).await.unwrap().unwrap();
    let org = record.case.submission.as_ref().unwrap().org;
    let clerk = colleague(world, Role::WindowClerk, org).await.0;
    let receive = Command::Receive { materials: vec![] };
    let record = act_as_staff(&world.ctx, &clerk, id, record.version, receive, "t").await.unwrap();
    act_as_staff(&world.ctx, &clerk, id, record.version, Command::Accept, "t").await.unwrap()
}

/// Somebody with a post at an organisation, and their cookie.
async fn colleague(world: &World, role: Role, org: OrgId) -> (StaffActor, String) {
    let (id, cookie) = world.staff(role, org).await;
    let path = world.city().org(org).unwrap().path.clone();
    (StaffActor { id, rights: domain::rights::Actor::staff(id.uuid(), role, path) }, cookie)
}

/// The organisation of a step.
fn of_step(record: &CaseRecord, no: usize) -> OrgId {
    record.case.terms().unwrap().steps[no].org
}

async fn version(world: &World, cookie: &str, id: CaseId) -> String {
    let page = world.get_as(cookie, &format!("/review/{id}")).await.2;
    page.split("name=\"version\" value=\"").nth(1).expect("a form").split('"').next().unwrap().to_owned()
}

async fn press(
    world: &World,
    cookie: &str,
    id: CaseId,
    deed: &str,
    form: &[(&str, &str)],
) -> (StatusCode, String) {
    let seen = version(world, cookie, id).await;
    let mut pairs = vec![("version", seen.as_str())];
    pairs.extend_from_slice(form);
    let (status, _, text) = world.post_as(cookie, &format!("/review/{id}/{deed}"), &pairs).await;
    (status, text)
}

#[tokio::test]
async fn a_promised_case_is_claimed_reviewed_and_granted_by_different_people() {
    on_both(|world| async move {
        let record = accepted(&world, Regime::Promised).await;
        let (id, org) = (record.id, of_step(&record, 0));
        let (_, reviewer) = colleague(&world, Role::Reviewer, org).await;
        let (_, approver) = colleague(&world, Role::Approver, org).await;
        let list = world.get_as(&reviewer, "/review").await.2;
        assert!(list.contains(&format!("/review/{id}")) && list.contains("无人认领"));
        assert_eq!(press(&world, &reviewer, id, "claim", &[("step", "0")]).await.0, StatusCode::SEE_OTHER);
        assert!(world.get_as(&reviewer, "/review?who=mine").await.2.contains(&format!("/review/{id}")));
        let form = [("step", "0"), ("favourable", "yes"), ("opinion", "材料齐全，符合条件")];
        assert_eq!(press(&world, &reviewer, id, "pass", &form).await.0, StatusCode::SEE_OTHER);
        let done = press(&world, &approver, id, "grant", &[("opinion", "同意")]).await;
        assert_eq!(done.0, StatusCode::SEE_OTHER, "{}", done.1);
        let after = cases::find(&world.ctx.db, id).await.unwrap().unwrap();
        assert_eq!(after.case.status, Status::Granted);
        let made = press(&world, &approver, id, "make-result", &[("document_no", "常人社〔2026〕1号")]).await;
        assert_eq!(made.0, StatusCode::SEE_OTHER, "{}", made.1);
    })
    .await;
}

#[tokio::test]
async fn a_refusal_needs_reasons_and_what_was_typed_stays() {
    let world = world().await;
    let record = accepted(&world, Regime::Promised).await;
    let (id, org) = (record.id, of_step(&record, 0));
    let (_, reviewer) = colleague(&world, Role::Reviewer, org).await;
    let (_, approver) = colleague(&world, Role::Approver, org).await;
    press(&world, &reviewer, id, "claim", &[("step", "0")]).await;
    let form = [("step", "0"), ("favourable", "no"), ("opinion", "收入超过标准<script>")];
    press(&world, &reviewer, id, "pass", &form).await;
    let (status, text) = press(&world, &approver, id, "deny", &[("reasons", "太短")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(text.contains("10") && text.contains("太短") && text.contains("<title>错误："), "{text}");
    assert!(!text.contains("收入超过标准<script>"));
    let reasons = "家庭人均收入超过当地标准，不符合规定的条件";
    assert_eq!(press(&world, &approver, id, "deny", &[("reasons", reasons)]).await.0, StatusCode::SEE_OTHER);
    assert_eq!(cases::find(&world.ctx.db, id).await.unwrap().unwrap().case.status, Status::Denied);
}

#[tokio::test]
async fn the_new_due_day_is_shown_before_the_clock_is_stopped() {
    let world = world().await;
    let record = accepted(&world, Regime::Promised).await;
    let (id, org) = (record.id, of_step(&record, 0));
    let (_, reviewer) = colleague(&world, Role::Reviewer, org).await;
    let form = [("ground", "专家评审"), ("days", "5"), ("preview", "1")];
    let (status, text) = press(&world, &reviewer, id, "suspend", &form).await;
    assert_eq!(status, StatusCode::OK);
    assert!(text.contains("办结日期将变为 2026-") && text.contains("确认停表"), "{text}");
    let still = cases::find(&world.ctx.db, id).await.unwrap().unwrap();
    assert_eq!(still.case.status, Status::InReview, "a preview changes nothing");
    assert_eq!(press(&world, &reviewer, id, "suspend", &form[..2]).await.0, StatusCode::SEE_OTHER);
    assert_eq!(cases::find(&world.ctx.db, id).await.unwrap().unwrap().case.status, Status::Suspended);
    let (status, text) = press(&world, &reviewer, id, "resume", &[("outcome", "")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{text}");
    assert_eq!(
        press(&world, &reviewer, id, "resume", &[("outcome", "评审通过")]).await.0,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn a_stale_page_says_so_and_keeps_the_opinion() {
    let world = world().await;
    let record = accepted(&world, Regime::Promised).await;
    let (id, org) = (record.id, of_step(&record, 0));
    let (_, first) = colleague(&world, Role::Reviewer, org).await;
    let (_, second) = colleague(&world, Role::Reviewer, org).await;
    let seen = version(&world, &second, id).await;
    let open = |page: &str| page.contains("也打开了这个办件");
    let here = format!("/review/{id}");
    assert!(!open(&world.get_as(&first, &here).await.2), "looking alone is no presence");
    world.get_as(&second, &format!("{here}/here")).await;
    assert!(open(&world.get_as(&first, &here).await.2));
    press(&world, &first, id, "claim", &[("step", "0")]).await;
    let form =
        [("version", seen.as_str()), ("step", "0"), ("opinion", "写了很久的意见"), ("favourable", "yes")];
    let (status, _, text) = world.post_as(&second, &format!("/review/{id}/pass"), &form).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(text.contains("已经有了变化"), "{text}");
}

#[tokio::test]
async fn several_simple_cases_are_granted_after_one_more_look() {
    let world = world().await;
    let mut picks = Vec::new();
    let mut last = None;
    for _ in 0..2 {
        let record = accepted(&world, Regime::Promised).await;
        let (_, reviewer) = colleague(&world, Role::Reviewer, of_step(&record, 0)).await;
        press(&world, &reviewer, record.id, "claim", &[("step", "0")]).await;
        let form = [("step", "0"), ("favourable", "yes"), ("opinion", "符合条件")];
        press(&world, &reviewer, record.id, "pass", &form).await;
        let now = cases::find(&world.ctx.db, record.id).await.unwrap().unwrap();
        picks.push(format!("{}:{}", now.id, now.version));
        last = Some(of_step(&record, 1));
    }
    let (_, approver) = colleague(&world, Role::Approver, last.unwrap()).await;
    let mut form: Vec<(&str, &str)> = picks.iter().map(|pick| ("pick", pick.as_str())).collect();
    let check = world.post_as(&approver, "/review/batch", &form).await;
    assert!(check.2.contains("确认准予这 2 件"), "{}", check.2);
    form.push(("confirm", "1"));
    assert_eq!(world.post_as(&approver, "/review/batch", &form).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    form.push(("opinion", "同意"));
    let done = world.post_as(&approver, "/review/batch", &form).await;
    assert!(done.2.contains("已准予 2 件"), "{}", done.2);
}

#[tokio::test]
async fn nobody_sees_a_case_of_another_department_and_full_data_needs_a_reason() {
    let world = world().await;
    let record = accepted(&world, Regime::Promised).await;
    let (id, org) = (record.id, of_step(&record, 0));
    let city = world.city();
    let other = city
        .orgs
        .iter()
        .find(|o| o.department.is_some() && o.id != org && !o.path.contains(&city.org(org).unwrap().path))
        .unwrap();
    let (_, stranger) = colleague(&world, Role::Reviewer, other.id).await;
    assert_eq!(world.get_as(&stranger, &format!("/review/{id}")).await.0, StatusCode::NOT_FOUND);
    let (_, reviewer) = colleague(&world, Role::Reviewer, org).await;
    let page = world.get_as(&reviewer, &format!("/review/{id}")).await.2;
    assert!(!page.contains("11010519491231002X") && page.contains("查看完整信息"));
    let none = world.post_as(&reviewer, &format!("/review/{id}/reveal"), &[("reason", " ")]).await;
    assert_eq!(none.0, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(none.2.contains("请写明为什么"));
}

#[tokio::test]
async fn a_supervisor_gives_a_step_to_somebody_whose_post_reaches_it_and_goes_back_to_the_figures() {
    on_both(|world| async move {
        let record = accepted(&world, Regime::Promised).await;
        let (id, org) = (record.id, of_step(&record, 0));
        let above = world.city().org(org).unwrap().path.parent().unwrap();
        let above = world.city().orgs.iter().find(|o| o.path == above).unwrap().id;
        let (reviewer, _) = colleague(&world, Role::Reviewer, above).await;
        let (_, supervisor) = colleague(&world, Role::Supervisor, above).await;
        let page = world.get_as(&supervisor, &format!("/review/{id}")).await.2;
        assert!(page.contains(&format!("<option value=\"{}\"", reviewer.id)), "{page}");
        assert!(page.contains("href=\"/supervision\"") && !page.contains("返回待办"));
    })
    .await;
}

#[tokio::test]
async fn a_case_opened_from_a_narrowed_list_goes_back_to_it_and_on_in_it() {
    let world = world().await;
    let (first, second) =
        (accepted(&world, Regime::Promised).await, accepted(&world, Regime::Promised).await);
    let (_, reviewer) = colleague(&world, Role::Reviewer, of_step(&first, 0)).await;
    let list = world.get_as(&reviewer, "/review?kind=review&near=&who=").await.2;
    let narrowed = format!("/review/{}?list=kind%3Dreview", first.id);
    assert!(list.contains(&narrowed), "{list}");
    assert!(world.get_as(&reviewer, &narrowed).await.2.contains("href=\"/review?kind=review\""));
    let form = [("list", "kind=review"), ("step", "0"), ("opinion", "符合条件"), ("then", "next")];
    let seen = version(&world, &reviewer, first.id).await;
    let mut pairs = vec![("version", seen.as_str())];
    pairs.extend(form);
    let (_, headers, _) = world.post_as(&reviewer, &format!("/review/{}/pass", first.id), &pairs).await;
    assert_eq!(headers["location"], format!("/review/{}?list=kind%3Dreview", second.id));
    let elsewhere = format!("/review/{}?list=https%3A%2F%2Fevil.example", second.id);
    assert!(!world.get_as(&reviewer, &elsewhere).await.2.contains("evil.example"), "no foreign address");
}

#[tokio::test]
async fn markup_and_ten_thousand_characters_are_answered_with_a_sentence_and_kept() {
    let world = world().await;
    let record = accepted(&world, Regime::Promised).await;
    let (_, reviewer) = colleague(&world, Role::Reviewer, of_step(&record, 0)).await;
    let long = "长".repeat(10_000);
    let (status, text) =
        press(&world, &reviewer, record.id, "pass", &[("step", "0"), ("opinion", &long)]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(text.contains("最多 2000 个字，现在有 10000 个字") && text.contains(&long), "kept");
    let evil = "'; DROP TABLE case_record; --<script>alert(1)</script>";
    for deed in ["pass", "suspend", "return", "reassign"] {
        let form = [
            ("step", evil),
            ("opinion", evil),
            ("ground", evil),
            ("days", evil),
            ("to", evil),
            ("reason", evil),
        ];
        let (status, text) = press(&world, &reviewer, record.id, deed, &form).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{deed}");
        assert!(!text.contains("<script>alert"), "{deed}");
    }
    let now = cases::find(&world.ctx.db, record.id).await.unwrap().unwrap();
    assert_eq!(now.version, record.version, "nothing happened");
}
