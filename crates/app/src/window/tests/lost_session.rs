//! A clerk whose session has ended while they typed loses nothing of it, on any form of the window and behind it.

use super::outcomes::codes;
use super::*;
use crate::testing::world;

#[tokio::test]
async fn what_was_typed_when_the_session_had_ended_is_carried_through_signing_in() {
    let world = world().await;
    let clerk = Browser::clerk(&world).await;
    let tab = clerk.begin(UPWARDS).await;
    let wanted = codes(&clerk.get(&tab).await);
    let gone = Browser { cookie: String::new(), ..clerk.clone() };
    let ask = format!("ask.{}", wanted[0]);
    let notice = format!("{tab}/do/notice");
    let form = [(ask.as_str(), "公章<看不清>"), ("until", "2026-03-16")];
    // A browser sends these pages as forms with files, though none was chosen.
    let answer = gone.send(&notice, &form, &[]).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(answer.text.contains("您填写的内容都在"), "{}", answer.text);
    assert!(answer.text.contains(&format!("name=\"keep.{ask}\" value=\"公章&#60;看不清&#62;\"")));
    assert!(answer.text.contains(&format!("name=\"to\" value=\"{notice}\"")));
    let scan = gone.send(&notice, &form, &[("promise", "承诺书.png", PNG)]).await;
    assert!(scan.text.contains("刚才选的文件没有收到，要再选一次"), "{}", scan.text);
    let only = gone.send(&notice, &[], &[("promise", "承诺书.png", PNG)]).await;
    assert!(only.text.contains("回到那一页再选一次文件"), "{}", only.text);
    let opinion =
        gone.post("/review/00000000-0000-0000-0000-000000000000/pass", &[("opinion", "写了很久")]).await;
    assert_eq!(opinion.status, StatusCode::UNAUTHORIZED);
    assert!(opinion.text.contains("name=\"keep.opinion\" value=\"写了很久\""), "{}", opinion.text);
}

#[tokio::test]
async fn the_back_button_after_a_case_was_made_leads_to_the_case_and_makes_no_second_one() {
    let world = world().await;
    let clerk = Browser::clerk(&world).await;
    let tab = clerk.begin(PROMISED).await;
    clerk.tick(&tab).await;
    let before = clerk.get(&tab).await;
    let made = Browser::case(&clerk.press(&tab, "accept", &[]).await);
    let back = clerk.get(&tab).await;
    assert_eq!(Browser::case(&back), made, "the page of the tab leads on");
    let (mark, version) = (before.hidden("page"), before.hidden("version"));
    for word in ["save", "accept", "item:167", "other_person", "notice", "reuse", "reveal"] {
        let form = [("page", mark.as_str()), ("version", version.as_str()), ("do", word), ("memo", "晚了")];
        let again = clerk.post(&tab, &form).await;
        assert_eq!(Browser::case(&again), made, "{word}");
    }
    assert_eq!(Browser::case(&clerk.get(&format!("{tab}/do/notice")).await), made);
    let (rows, _) = crate::cases::entered_by(&world, clerk.staff, None, 10).await.unwrap();
    assert_eq!(rows.len(), 1);
}
