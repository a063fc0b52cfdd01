//! Results reach people: found by number or by document, signed for, posted with a tracking number.

use super::*;
use crate::cases;
use crate::testing::on_both;
use domain::cases::{Command, Status};

/// A case whose result waits at the window.
async fn ready(world: &World, clerk: &Browser) -> CaseId {
    let tab = clerk.begin(AT_ONCE).await;
    clerk.tick(&tab).await;
    let id = Browser::case(&clerk.press(&tab, "accept", &[]).await);
    let rights = domain::rights::Actor::staff(clerk.staff.uuid(), Role::WindowClerk, {
        world.city().org(hall(world)).unwrap().path.clone()
    });
    let actor = cases::StaffActor { id: clerk.staff, rights };
    let version = cases::find(&world.db, id).await.unwrap().unwrap().version;
    let commands = vec![
        Command::Grant { opinion: "同意".into() },
        Command::MakeResult { document_no: "常生育〔2026〕1号".into(), file: None, valid_until: None },
    ];
    cases::act_in_turn(world, &actor, id, version, commands, "t").await.unwrap();
    id
}

#[tokio::test]
async fn a_result_is_found_by_number_and_by_document_and_posted_with_its_tracking_number() {
    on_both(|world| async move {
        let clerk = Browser::clerk(&world).await;
        let id = ready(&world, &clerk).await;
        let number = cases::find(&world.db, id).await.unwrap().unwrap().number;
        let list = clerk.get("/window/handout").await;
        assert!(list.text.contains(&cases::read_number(&number)));
        let by_number = clerk.post("/window/handout", &[("kind", "number"), ("number", &number)]).await;
        let by_document = clerk.post("/window/handout", &[("kind", "id_card"), ("number", NUMBER)]).await;
        assert_eq!(
            (by_number.to(), by_document.to()),
            (by_document.to(), format!("/window/handout/{id}").as_str())
        );
        let version = clerk.get(by_number.to()).await.hidden("version");
        let untracked = [("version", version.as_str()), ("how", "post"), ("carrier", "邮政速递")];
        let refused = clerk.post(by_number.to(), &untracked).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("请写运单号") && refused.text.contains("邮政速递"), "{}", refused.text);
        let tracked = [untracked[0], untracked[1], untracked[2], ("tracking", "1234567890123")];
        assert_eq!(clerk.post(by_number.to(), &tracked).await.status, StatusCode::SEE_OTHER);
        let record = cases::find(&world.db, id).await.unwrap().unwrap();
        assert_eq!(record.case.status, Status::Delivered);
        let twice = clerk.post(by_number.to(), &tracked).await;
        assert_eq!(twice.status, StatusCode::CONFLICT, "{}", twice.text);
    })
    .await;
}

#[tokio::test]
async fn who_fetches_it_is_named_and_signs() {
    on_both(|world| async move {
        let clerk = Browser::clerk(&world).await;
        let id = ready(&world, &clerk).await;
        let path = format!("/window/handout/{id}");
        let version = clerk.get(&path).await.hidden("version");
        let nobody = clerk.send(&path, &[("version", &version), ("how", "window")], &[]).await;
        assert!(nobody.text.contains("请写领取人姓名"), "{}", nobody.text);
        let form = [("version", version.as_str()), ("how", "window"), ("receiver", "王小明")];
        let unseen = clerk.send(&path, &form, &[]).await;
        assert!(unseen.text.contains("证件写号码后四位"), "{}", unseen.text);
        let signed = clerk.send(&path, &form, &[("signature", "回证.png", PNG)]).await;
        assert_eq!(signed.status, StatusCode::SEE_OTHER, "{}", signed.text);
        let by = cases::By::System;
        let files = cases::files_of(&world, id, &by).await.unwrap();
        assert!(files.iter().any(|file| file.name.contains("王小明")), "the signature names who received");
    })
    .await;
}

#[tokio::test]
async fn who_signs_on_paper_is_named_with_their_relation_and_the_end_of_their_number() {
    on_both(|world| async move {
        let clerk = Browser::clerk(&world).await;
        let id = ready(&world, &clerk).await;
        let path = format!("/window/handout/{id}");
        let version = clerk.get(&path).await.hidden("version");
        let mut form = vec![
            ("version", version.as_str()),
            ("how", "window"),
            ("receiver", "李秀英"),
            ("relation", "近亲属"),
            ("tail", "45"),
        ];
        let short = clerk.send(&path, &form, &[]).await;
        assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(short.text.contains("号码后四位") && short.text.contains("李秀英"), "{}", short.text);
        form[4].1 = "002x";
        assert_eq!(clerk.send(&path, &form, &[]).await.status, StatusCode::SEE_OTHER);
        let page = clerk.get(&format!("/window/cases/{id}")).await;
        assert!(page.text.contains("李*英（近亲属，证件号码后四位 002X）"), "{}", page.text);
        assert!(!page.text.contains("李秀英"), "the name is masked");
        crate::worker::run_due(&world).await.unwrap();
        let papers = crate::papers::of_case(&world, id).await.unwrap();
        let proof = papers.iter().find(|paper| paper.title == "送达回证").unwrap();
        let (_, _, pdf) = world.get_as(&clerk.cookie, &proof.href).await;
        assert!(
            pdf.contains("李秀英（近亲属，证件号码后四位 002X）") && pdf.contains("在本回证上签名"),
            "{pdf}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_number_that_cannot_be_is_explained_and_what_was_typed_stays() {
    on_both(|world| async move {
        let clerk = Browser::clerk(&world).await;
        for (kind, typed) in [("number", "260302000001"), ("id_card", "320402199003074510"), ("uscc", "x")] {
            let answer = clerk.post("/window/handout", &[("kind", kind), ("number", typed)]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
            assert!(
                answer.text.contains(&format!("value=\"{typed}\"")) && answer.text.contains("number-err")
            );
        }
        let unknown = clerk.get("/window/find?number=2603020000011").await;
        assert!(unknown.text.contains("没有找到"), "{}", unknown.text);
    })
    .await;
}
