//! Filling in, checking and submitting.

use domain::catalogue::Regime;

use super::*;
use crate::cases::{LARGEST, find};
use crate::intake::{IntakeError, check, detach, drafts, reusable, reuse};
use crate::testing::on_both;

const ME: Owner = Owner::Citizen(CITIZEN);

async fn begun(w: &World) -> Draft {
    let city = w.ctx.city();
    start(&w.ctx, ME, starting(vec![item(&city, Regime::Promised).id], None)).await.unwrap()
}

fn says(problems: &[crate::intake::Problem], field: &str) -> String {
    problems.iter().find(|p| p.field == field).map(|p| p.say.clone()).unwrap_or_default()
}

#[tokio::test]
async fn half_filled_is_saved_and_the_check_names_everything_at_once() {
    on_both(|w| async move {
        let draft = begun(&w).await;
        let draft = fills(&w, &draft, "name", "").await;
        let draft = fills(&w, &draft, "document", "110105194912310021").await;
        let draft = fills(&w, &draft, "phone", "12").await;
        let problems = check(&w.ctx, &draft);
        assert_eq!(says(&problems, "name"), "请填写姓名");
        assert!(says(&problems, "document").contains("有一位抄错了"), "{problems:?}");
        assert!(!says(&problems, "phone").is_empty());
        assert_eq!(says(&problems, "accepting"), "请选择就近的服务大厅");
        let material = problems.iter().find(|p| p.field.starts_with("material.")).unwrap();
        assert!(!material.blocks, "an incomplete application may be handed in (art. 32)");
        let refused = submit(&w.ctx, &Submitter::Citizen(CITIZEN), draft.id, "t").await.unwrap_err();
        assert!(matches!(refused, IntakeError::Problems(p) if p.len() == 4));
    })
    .await;
}

#[tokio::test]
async fn a_name_of_ten_thousand_characters_is_kept_in_the_draft_and_refused_with_its_length() {
    on_both(|w| async move {
        let draft = begun(&w).await;
        let draft = fills(&w, &draft, "name", &"王".repeat(10_000)).await;
        assert_eq!(draft.values["name"].chars().count(), 10_000);
        let problems = check(&w.ctx, &draft);
        assert_eq!(says(&problems, "name"), "姓名最多 100 个字，现在有 10000 个字，请缩短一些");
    })
    .await;
}

#[tokio::test]
async fn hostile_text_comes_back_as_it_was_typed() {
    on_both(|w| async move {
        let hostile = "<script>alert('x')</script>'; DROP TABLE draft; -- \u{202e}𠮷\n\"\\";
        let draft = complete_draft(&w, Regime::Promised).await;
        let draft = fills(&w, &draft, "matter", hostile).await;
        assert_eq!(crate::intake::open(&w.ctx, ME, draft.id).await.unwrap().values["matter"], hostile);
        let id = submit(&w.ctx, &Submitter::Citizen(CITIZEN), draft.id, "t").await.unwrap().cases[0].id;
        let page = seen(&w, id, &By::Citizen(CITIZEN)).await;
        assert!(page.answers.iter().any(|answer| answer.value == hostile.trim()));
    })
    .await;
}

#[tokio::test]
async fn two_pages_of_one_draft_do_not_undo_one_another() {
    on_both(|w| async move {
        let draft = begun(&w).await;
        let (a, b) = tokio::join!(fills(&w, &draft, "address", "甲"), fills(&w, &draft, "matter", "乙"));
        drop((a, b));
        let now = crate::intake::open(&w.ctx, ME, draft.id).await.unwrap();
        assert_eq!((now.values["address"].as_str(), now.values["matter"].as_str()), ("甲", "乙"));
    })
    .await;
}

#[tokio::test]
async fn submitting_twice_at_the_same_time_makes_one_application_and_answers_both_the_same() {
    on_both(|w| async move {
        let draft = complete_draft(&w, Regime::Promised).await;
        let me = Submitter::Citizen(CITIZEN);
        let go = || submit(&w.ctx, &me, draft.id, "t");
        let (first, second, third) = tokio::join!(go(), go(), go());
        let first = first.unwrap();
        assert_eq!((&first, &first), (&second.unwrap(), &third.unwrap()));
        assert_eq!(go().await.unwrap(), first, "and later too");
        let (mine, next) = crate::cases::mine(&w.ctx, CITIZEN, None, 50).await.unwrap();
        assert_eq!((mine.len(), next), (1, None));
        assert_eq!(mine[0].applicant, "王*明");
        let saving = Saving { step: Some("check".into()), ..Saving::default() };
        let refused = save(&w.ctx, ME, draft.id, saving).await.unwrap_err();
        assert!(matches!(refused, IntakeError::Submitted));
    })
    .await;
}

#[tokio::test]
async fn a_bundle_is_one_application_whose_cases_share_form_and_materials() {
    on_both(|w| async move {
        let city = w.ctx.city();
        let two = vec![item(&city, Regime::Promised).id, item(&city, Regime::Immediate).id];
        let draft = start(&w.ctx, ME, starting(two, Some(hall(&city).id))).await.unwrap();
        let need = draft.needs(&city).into_iter().find(|need| need.terms.required).unwrap();
        attach(&w.ctx, ME, draft.id, &need.terms.code, "1.png", PNG.into()).await.unwrap();
        let receipt = submit(&w.ctx, &Submitter::Citizen(CITIZEN), draft.id, "t").await.unwrap();
        assert_eq!(receipt.cases.len(), 2);
        assert_ne!(receipt.cases[0].number, receipt.cases[1].number);
        let page = seen(&w, receipt.cases[0].id, &By::Citizen(CITIZEN)).await;
        assert_eq!(page.siblings.len(), 1);
        assert_eq!(page.application, receipt.application);
    })
    .await;
}

#[tokio::test]
async fn a_file_is_judged_by_its_content_and_its_size() {
    on_both(|w| async move {
        let draft = begun(&w).await;
        let code = draft.needs(&w.ctx.city())[0].terms.code.clone();
        let put =
            |name: &'static str, bytes: Vec<u8>| attach(&w.ctx, ME, draft.id, &code, name, bytes.into());
        let html = put("照片.png", b"<html><script>alert(1)</script>".to_vec()).await.unwrap_err();
        assert!(html.to_string().contains("只收照片"), "{html}");
        assert!(put("空.pdf", vec![]).await.unwrap_err().to_string().contains("空的"));
        let mut large = PNG.to_vec();
        large.resize(LARGEST + 1, 0);
        assert!(put("大.png", large).await.unwrap_err().to_string().contains("最大 25 MB"));
        let mut fits = PNG.to_vec();
        fits.resize(LARGEST, 0);
        let page = put("正好.png", fits).await.unwrap();
        assert_eq!(
            (page.page, page.file.content_type.as_str(), page.file.name.as_str()),
            (1, "image/png", "正好.png")
        );
        assert_eq!(put("第二页.png", PNG.to_vec()).await.unwrap().page, 2);
        detach(&w.ctx, ME, draft.id, page.file.id).await.unwrap();
        let left = crate::intake::open(&w.ctx, ME, draft.id).await.unwrap();
        assert_eq!(left.pages(&code).len(), 1);
        let stranger = Owner::Citizen(CitizenId(Uuid::from_u128(0xC9)));
        let refused = attach(&w.ctx, stranger, draft.id, &code, "1.png", PNG.into()).await;
        assert!(matches!(refused, Err(IntakeError::Absent)));
    })
    .await;
}

#[tokio::test]
async fn what_was_handed_in_before_is_taken_over_instead_of_uploaded_again() {
    on_both(|w| async move {
        submitted(&w, Regime::Promised).await;
        let city = w.ctx.city();
        let wish = starting(vec![item(&city, Regime::Promised).id], Some(hall(&city).id));
        let again = start(&w.ctx, ME, wish).await.unwrap();
        let found = reusable(&w.ctx, ME, again.id).await.unwrap();
        assert!(!found.is_empty());
        for material in &found {
            reuse(&w.ctx, ME, again.id, &material.material).await.unwrap();
            reuse(&w.ctx, ME, again.id, &material.material).await.unwrap();
        }
        let now = crate::intake::open(&w.ctx, ME, again.id).await.unwrap();
        assert_eq!(now.uploads.len(), found.iter().map(|f| f.files.len()).sum::<usize>(), "once each");
    })
    .await;
}

#[tokio::test]
async fn a_clerk_hands_in_for_somebody_at_the_own_hall_only_and_enters_later_with_both_times() {
    on_both(|w| async move {
        let city = w.ctx.city();
        let clerk = clerk(&city);
        let other = city.halls().find(|h| !hall(&city).path.contains(&h.path)).unwrap();
        let mut wish = starting(vec![item(&city, Regime::Promised).id], Some(other.id));
        wish.channel = Channel::BackEntry;
        wish.applicant = Some(domain::cases::Applicant::Person { id: CITIZEN });
        let owner = Owner::Staff(clerk.id);
        let draft = start(&w.ctx, owner, wish).await.unwrap();
        let by = Submitter::Staff(clerk.clone());
        let problems = submit(&w.ctx, &by, draft.id, "t").await.unwrap_err();
        assert!(matches!(problems, IntakeError::Problems(p) if says(&p, "happened_at").contains("实际收件")));
        let happened: jiff::Timestamp = "2026-02-25T02:00:00Z".parse().unwrap();
        let saving = Saving { happened_at: Some(happened), ..Saving::default() };
        save(&w.ctx, owner, draft.id, saving).await.unwrap();
        let elsewhere = submit(&w.ctx, &by, draft.id, "t").await.unwrap_err();
        assert!(matches!(elsewhere, IntakeError::NotYourPlace), "{elsewhere}");
        let saving = Saving { accepting: Some(hall(&city).id), ..Saving::default() };
        save(&w.ctx, owner, draft.id, saving).await.unwrap();
        let id = submit(&w.ctx, &by, draft.id, "t").await.unwrap().cases[0].id;
        let found = find(&w.ctx.db, id).await.unwrap().unwrap();
        assert_eq!((found.entered_by, found.submitted_at), (Some(clerk.id), happened));
        let page = seen(&w, id, &By::Staff(clerk)).await;
        assert_eq!(page.timeline[0].entered_at, Some(w.ctx.now()), "entered today, and says so");
        assert!(page.flags.contains(&"补录".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn drafts_are_listed_for_their_owner_until_they_are_submitted_or_expire() {
    on_both(|w| async move {
        let draft = begun(&w).await;
        complete_draft(&w, Regime::Promised).await;
        assert_eq!(drafts(&w.ctx, ME, None, 10).await.unwrap().len(), 2);
        submitted(&w, Regime::Immediate).await;
        assert_eq!(drafts(&w.ctx, ME, None, 10).await.unwrap().len(), 2);
        w.clock.advance(jiff::SignedDuration::from_hours(24 * 31));
        assert!(drafts(&w.ctx, ME, None, 10).await.unwrap().is_empty());
        assert!(matches!(crate::intake::open(&w.ctx, ME, draft.id).await, Err(IntakeError::Absent)));
    })
    .await;
}

#[tokio::test]
async fn nobody_applies_under_another_name_than_that_of_the_account() {
    on_both(|w| async move {
        let (id, _) = w.citizen(1).await;
        let city = w.ctx.city();
        let owner = Owner::Citizen(id);
        let wish = starting(vec![item(&city, Regime::Promised).id], Some(hall(&city).id));
        let draft = start(&w.ctx, owner, wish).await.unwrap();
        let draft = fills(&w, &draft, "name", "李四").await;
        let refused = submit(&w.ctx, &Submitter::Citizen(id), draft.id, "t").await.unwrap_err();
        let IntakeError::Problems(problems) = refused else { panic!("{refused}") };
        assert_eq!(problems.iter().map(|p| p.field.as_str()).collect::<Vec<_>>(), ["name", "document"]);
        assert!(problems[0].say.contains("代办员"));
        let own = crate::identity::persons::in_full(&w.ctx, id.uuid()).await.unwrap().unwrap();
        let draft = fills(&w, &draft, "name", &own.name).await;
        let draft = fills(&w, &draft, "document", &own.document).await;
        submit(&w.ctx, &Submitter::Citizen(id), draft.id, "t").await.unwrap();
    })
    .await;
}
