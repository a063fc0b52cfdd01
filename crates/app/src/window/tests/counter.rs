//! From the empty tab to the accepted case, and everything that may come between.

use super::*;
use crate::cases;
use crate::testing::on_both;
use domain::cases::{Channel, Status};

#[tokio::test]
async fn a_person_unknown_until_now_is_registered_and_the_case_accepted() {
    on_both(|world| async move {
        let clerk = Browser::clerk(&world).await;
        let tab = clerk.begin(PROMISED).await;
        let page = clerk.get(&tab).await;
        assert!(page.text.contains("还不能受理"), "the paper is missing");
        assert!(
            !page.text.contains(NUMBER) && !page.text.contains("13812345678"),
            "what identifies is masked"
        );
        clerk.tick(&tab).await;
        let page = clerk.get(&tab).await;
        assert!(page.text.contains("可以受理"), "{}", page.text);
        let done = clerk.press(&tab, "accept", &[]).await;
        let id = Browser::case(&done);
        let record = cases::find(&world.db, id).await.unwrap().unwrap();
        assert_eq!(record.case.status, Status::InReview);
        assert_eq!(record.case.submission.as_ref().unwrap().channel, Channel::Window);
        assert_eq!(record.entered_by, Some(clerk.staff));
        let page = clerk.get(done.to()).await;
        assert!(page.text.contains("办理中") && page.text.contains("查询码"), "{}", page.text);
        assert!(!page.text.contains(NUMBER));
    })
    .await;
}

#[tokio::test]
async fn a_form_sent_twice_is_one_case() {
    on_both(|world| async move {
        let clerk = Browser::clerk(&world).await;
        let tab = clerk.begin(PROMISED).await;
        clerk.tick(&tab).await;
        let page = clerk.get(&tab).await;
        let (mark, version) = (page.hidden("page"), page.hidden("version"));
        let form = [("page", mark.as_str()), ("version", version.as_str()), ("do", "accept")];
        let (first, second) = tokio::join!(clerk.post(&tab, &form), clerk.post(&tab, &form));
        assert_eq!(Browser::case(&first), Browser::case(&second));
        let third = clerk.post(&tab, &form).await;
        assert_eq!(Browser::case(&third), Browser::case(&first), "the browser's back button too");
        let (rows, _) = cases::entered_by(&world, clerk.staff, None, 10).await.unwrap();
        assert_eq!(rows.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_is_typed_is_kept_as_it_is_typed_and_another_page_does_not_overwrite_it_unseen() {
    on_both(|world| async move {
        let clerk = Browser::clerk(&world).await;
        let tab = clerk.begin(PROMISED).await;
        let (one, two) = (clerk.get(&tab).await, clerk.get(&tab).await);
        let (mark, version) = (one.hidden("page"), one.hidden("version"));
        for memo in ["先", "先来", "先来过"] {
            let form = [("page", mark.as_str()), ("version", version.as_str()), ("memo", memo)];
            let body = serde_urlencoded::to_string(form).unwrap();
            let request = Request::post(&tab)
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header(HOST, "localhost")
                .header("X-Autosave", "1")
                .header(COOKIE, &clerk.cookie)
                .body(Body::from(body))
                .unwrap();
            assert_eq!(
                world.ask(request).await.0,
                StatusCode::NO_CONTENT,
                "its own earlier writes do not matter"
            );
        }
        let (mark, version) = (two.hidden("page"), two.hidden("version"));
        let form =
            [("page", mark.as_str()), ("version", version.as_str()), ("memo", "后来的"), ("do", "save")];
        let late = clerk.post(&tab, &form).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        assert!(late.text.contains("另一个页面里改过") && late.text.contains("后来的"), "typed text is kept");
        assert!(clerk.get(&tab).await.text.contains("先来过"), "and nothing was overwritten");
        let (mark, version) = (late.hidden("page"), late.hidden("version"));
        let form =
            [("page", mark.as_str()), ("version", version.as_str()), ("memo", "后来的"), ("do", "save")];
        assert_eq!(clerk.post(&tab, &form).await.status, StatusCode::SEE_OTHER, "pressed again it counts");
        assert!(clerk.get(&tab).await.text.contains("后来的"));
    })
    .await;
}

#[tokio::test]
async fn three_are_open_at_most_and_a_button_pressed_twice_opens_one() {
    on_both(|world| async move {
        let clerk = Browser::clerk(&world).await;
        let id = Uuid::from_u128(77).to_string();
        for _ in 0..2 {
            assert_eq!(clerk.post("/window/new", &[("tab", &id)]).await.status, StatusCode::SEE_OTHER);
        }
        clerk.open().await;
        let last = clerk.open().await;
        let refused = clerk.post("/window/new", &[]).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        assert!(refused.text.contains("最多开三件"));
        assert_eq!(clerk.press(&last, "drop", &[]).await.to(), "/window");
        clerk.open().await;
    })
    .await;
}

#[tokio::test]
async fn a_tab_is_its_clerks_alone_and_the_window_is_for_clerks() {
    on_both(|world| async move {
        let clerk = Browser::clerk(&world).await;
        let tab = clerk.begin(PROMISED).await;
        let other = Browser::clerk(&world).await;
        assert_eq!(other.get(&tab).await.status, StatusCode::NOT_FOUND);
        assert_eq!(other.post(&tab, &[("do", "accept")]).await.status, StatusCode::NOT_FOUND);
        let (staff, cookie) = world.staff(Role::Reviewer, hall(&world)).await;
        let reviewer = Browser { world: world.clone(), staff, cookie };
        assert_eq!(reviewer.get("/window").await.status, StatusCode::NOT_FOUND);
        let (status, headers, _) = world.fetch("/window").await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        assert!(headers[LOCATION].to_str().unwrap().starts_with("/staff/login"));
    })
    .await;
}

#[tokio::test]
async fn no_address_ever_carries_what_identifies_a_person() {
    on_both(|world| async move {
        let clerk = Browser::clerk(&world).await;
        let tab = clerk.open().await;
        let mut seen = Vec::new();
        let who = [("kind", "id_card"), ("document", NUMBER), ("name", "王小明"), ("phone", "13812345678")];
        for word in ["find_person", "register_person", "item:157", "save", "other_person", "find_person"] {
            seen.push(clerk.press(&tab, word, &who).await.to().to_owned());
        }
        let look = [("kind", "id_card"), ("number", NUMBER)];
        seen.push(clerk.post("/window/handout", &look).await.to().to_owned());
        assert!(seen.iter().all(|to| !to.contains("3204021990") && !to.contains("138")), "{seen:?}");
    })
    .await;
}

#[tokio::test]
async fn a_back_entry_keeps_when_it_happened_apart_from_when_it_was_entered() {
    on_both(|world| async move {
        let clerk = Browser::clerk(&world).await;
        let tab = clerk.begin(PROMISED).await;
        clerk.tick(&tab).await;
        let without = [("channel", "back_entry"), ("happened_on", "")];
        let refused = clerk.press(&tab, "accept", &without).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        assert!(refused.text.contains("补录要填写实际收件的时间"), "{}", refused.text);
        let with = [("channel", "back_entry"), ("happened_on", "2026-02-27"), ("happened_time", "9:30")];
        let done = clerk.press(&tab, "accept", &with).await;
        let record = cases::find(&world.db, Browser::case(&done)).await.unwrap().unwrap();
        assert_eq!(record.submitted_at.to_string(), "2026-02-27T01:30:00Z");
        assert_eq!(record.case.status, Status::InReview);
        assert_eq!(record.case.accepted_on.unwrap().to_string(), "2026-02-27");
        assert!(clerk.get(done.to()).await.text.contains("补录"));
    })
    .await;
}

#[tokio::test]
async fn items_are_found_by_initials_and_by_words_as_they_are_typed() {
    on_both(|world| async move {
        let clerk = Browser::clerk(&world).await;
        for typed in ["sbk", "社保卡", "shehuibaozhangka"] {
            let path = format!("/window/items?{}", serde_urlencoded::to_string([("find", typed)]).unwrap());
            let list = clerk.get(&path).await;
            assert!(list.text.contains("item:157"), "{typed}: {}", list.text);
        }
        assert!(clerk.get("/window/items?find=%3Cscript%3E").await.text.contains("没有找到"));
    })
    .await;
}
