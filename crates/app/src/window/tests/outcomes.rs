//! What the window can make of an application besides plain acceptance, and two clerks at one case.

use super::*;
use crate::testing::on_both;
use crate::{cases, org};
use domain::cases::{Command, Status};
use domain::org::OfficeCommand;
use store::journal::Stamp;

async fn status(world: &World, id: CaseId) -> Status {
    cases::find(&world.db, id).await.unwrap().unwrap().case.status
}

/// The codes of the papers that are asked for.
pub(super) fn codes(page: &Answer) -> Vec<String> {
    page.text.split("name=\"copies.").skip(1).map(|part| part.split('"').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn an_authorised_clerk_finishes_an_immediate_case_in_one_go() {
    on_both(|world| async move {
        let clerk = Browser::clerk(&world).await;
        let tab = clerk.begin(AT_ONCE).await;
        clerk.tick(&tab).await;
        let led = clerk.press(&tab, "at_once", &[]).await;
        assert_eq!(led.to(), format!("{tab}/do/at_once"));
        let path = led.to().to_owned();
        let missing = clerk.post(&path, &[("opinion", "同意"), ("how", "electronic")]).await;
        assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(missing.text.contains("请写结果文号") && missing.text.contains("错误："));
        let form = [("opinion", "同意"), ("document_no", "常生育〔2026〕1号"), ("how", "electronic")];
        let done = clerk.post(&path, &form).await;
        assert_eq!(status(&world, Browser::case(&done)).await, Status::Delivered);
        let again = clerk.post(&path, &form).await;
        assert_eq!(Browser::case(&again), Browser::case(&done));
    })
    .await;
}

#[tokio::test]
async fn where_the_hall_is_not_authorised_it_is_told_so_and_nothing_happens() {
    on_both(|world| async move {
        let item = world.city().item_by_seq(AT_ONCE.parse().unwrap()).unwrap().id;
        let command = OfficeCommand::Authorise { item, allowed: false, basis: "授权清单".into() };
        let stamp = Stamp { actor: "test".into(), org: None, trace: "t".into(), entered_at: world.now() };
        org::change_office(&world, hall(&world), 0, command, stamp).await.unwrap();
        let clerk = Browser::clerk(&world).await;
        let tab = clerk.begin(AT_ONCE).await;
        clerk.tick(&tab).await;
        let refused = clerk.press(&tab, "at_once", &[]).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        assert!(refused.text.contains("不能即办办结"), "{}", refused.text);
        let direct = clerk.post(&format!("{tab}/do/at_once"), &[("opinion", "同意")]).await;
        assert_eq!(direct.status, StatusCode::CONFLICT, "the page of the deed is no way around");
        assert!(cases::entered_by(&world, clerk.staff, None, 5).await.unwrap().0.is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_is_missing_is_told_once_and_completely_and_then_brought_on_paper() {
    on_both(|world| async move {
        let clerk = Browser::clerk(&world).await;
        let tab = clerk.begin(UPWARDS).await;
        let wanted = codes(&clerk.get(&tab).await);
        let path = clerk.press(&tab, "notice", &[]).await.to().to_owned();
        let first = format!("ask.{}", wanted[0]);
        let half = clerk.post(&path, &[(first.as_str(), ""), ("until", "2026-03-16")]).await;
        assert_eq!(
            half.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "everything that is missing stands in the notice"
        );
        let page = clerk.get(&path).await;
        let reasons: Vec<(String, String)> =
            wanted.iter().map(|code| (format!("ask.{code}"), "没有带来".to_owned())).collect();
        let mut form: Vec<(&str, &str)> = reasons.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        form.push(("until", "2026-03-16"));
        assert!(page.text.contains("没有带来，请补交"), "the reason is offered");
        let done = clerk.post(&path, &form).await;
        let id = Browser::case(&done);
        assert_eq!(status(&world, id).await, Status::Correcting);
        let case = clerk.get(&format!("/window/cases/{id}")).await;
        let version = case.hidden("version");
        let brought = codes(&case);
        let mut form: Vec<(String, String)> =
            vec![("do".into(), "supplement".into()), ("version".into(), version)];
        for code in &brought {
            form.push((format!("paper.{code}"), "1".into()));
            form.push((format!("copies.{code}"), "1".into()));
        }
        let form: Vec<(&str, &str)> = form.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        let handed = clerk.post(&format!("/window/cases/{id}"), &form).await;
        assert_eq!(handed.status, StatusCode::SEE_OTHER, "{}", handed.text);
        assert_eq!(status(&world, id).await, Status::Received);
        let late = clerk.post(&format!("/window/cases/{id}"), &form).await;
        assert_eq!(late.status, StatusCode::CONFLICT, "the page was overtaken");
        assert!(late.text.contains("没有办成"), "{}", late.text);
    })
    .await;
}

#[tokio::test]
async fn a_reported_up_case_is_deferred_accepted_reviewed_and_reported_at_the_counter() {
    on_both(|world| async move {
        let clerk = Browser::clerk(&world).await;
        let tab = clerk.begin(UPWARDS).await;
        let wanted = codes(&clerk.get(&tab).await);
        let (tick, copies) = (format!("paper.{}", wanted[0]), format!("copies.{}", wanted[0]));
        let path = clerk.press(&tab, "defer", &[(&tick, "1"), (&copies, "1")]).await.to().to_owned();
        let unsure = clerk.post(&path, &[("until", "2026-03-09")]).await;
        assert!(unsure.text.contains("容缺受理承诺书"), "{}", unsure.text);
        assert_eq!(unsure.status, StatusCode::UNPROCESSABLE_ENTITY);
        let done = clerk.post(&path, &[("until", "2026-03-09"), ("sure", "1")]).await;
        let id = Browser::case(&done);
        assert_eq!(status(&world, id).await, Status::InReview);
        for (word, opinion) in [("pass", "材料属实"), ("report_up", "请审核")] {
            let here = format!("/window/cases/{id}/do/{word}");
            let version = clerk.get(&here).await.hidden("version");
            let form = [("version", version.as_str()), ("favourable", "1"), ("opinion", opinion)];
            let step = clerk.post(&here, &form).await;
            assert_eq!(step.status, StatusCode::SEE_OTHER, "{word}: {}", step.text);
        }
        let record = cases::find(&world.db, id).await.unwrap().unwrap();
        assert!(record.case.reported_to.is_some());
    })
    .await;
}

#[tokio::test]
async fn a_promise_counts_only_when_it_is_signed() {
    on_both(|world| async move {
        let clerk = Browser::clerk(&world).await;
        let tab = clerk.begin(UPWARDS).await;
        let path = clerk.press(&tab, "promise", &[]).await.to().to_owned();
        let unsigned = clerk.send(&path, &[], &[]).await;
        assert!(unsigned.text.contains("请选择签好字的承诺书"), "{}", unsigned.text);
        let wrong = clerk.send(&path, &[], &[("promise", "x.png", b"MZ not a picture")]).await;
        assert!(wrong.text.contains("只收照片"), "{}", wrong.text);
        let done = clerk.send(&path, &[], &[("promise", "承诺书.png", PNG)]).await;
        let record = cases::find(&world.db, Browser::case(&done)).await.unwrap().unwrap();
        assert!(record.case.on_commitment);
    })
    .await;
}

#[tokio::test]
async fn who_is_turned_away_is_told_why_and_where_to_go() {
    on_both(|world| async move {
        let clerk = Browser::clerk(&world).await;
        for (word, form, then) in [
            ("refuse", &[("reason", "不归本机关"), ("competent", "常州市民政局")][..], Status::Refused),
            ("not_required", &[("reason", "依法不需要审批")][..], Status::NotRequired),
        ] {
            let tab = clerk.begin(PROMISED).await;
            let path = clerk.press(&tab, word, &[]).await.to().to_owned();
            assert_eq!(clerk.post(&path, &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{word}");
            let done = clerk.post(&path, form).await;
            assert_eq!(status(&world, Browser::case(&done)).await, then);
        }
    })
    .await;
}

#[tokio::test]
async fn of_two_clerks_at_one_case_the_second_is_told_what_happened_and_keeps_what_they_wrote() {
    on_both(|world| async move {
        let (one, two) = (Browser::clerk(&world).await, Browser::clerk(&world).await);
        let tab = one.begin(UPWARDS).await;
        let id = Browser::case(&one.press(&tab, "receive", &[]).await);
        let here = format!("/window/cases/{id}");
        let a = one.get(&here).await;
        one.get(&format!("{here}/here")).await;
        let b = two.get(&here).await;
        assert!(b.text.contains("也打开了这个办件"), "who else is there is said");
        let refuse = format!("{here}/do/refuse");
        let words = [("reason", "不归本机关管"), ("competent", "常州市民政局")];
        let mut form = words.to_vec();
        let version = a.hidden("version");
        form.push(("version", &version));
        assert_eq!(one.post(&refuse, &form).await.status, StatusCode::SEE_OTHER);
        let mut form = words.to_vec();
        let version = b.hidden("version");
        form.push(("version", &version));
        let late = two.post(&refuse, &form).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        assert!(late.text.contains("已经有了变化") && late.text.contains("常州市民政局"), "{}", late.text);
        let accept = two.post(&here, &[("do", "accept"), ("version", &b.hidden("version"))]).await;
        assert_eq!(accept.status, StatusCode::CONFLICT);
        assert_eq!(status(&world, id).await, Status::Refused);
        let actor = cases::StaffActor { id: one.staff, rights: domain::rights::Actor::anonymous() };
        let none = cases::act_as_staff(&world, &actor, id, 3, Command::Archive, "t").await;
        assert!(none.is_err());
    })
    .await;
}
