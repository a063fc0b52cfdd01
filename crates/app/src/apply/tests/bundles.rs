//! Several matters in one application, seen from outside: added, shared, refused, submitted, told apart by their numbers.

use super::*;

/// A draft for the item of this number.
async fn draft_of(world: &World, cookie: &str, item: &str) -> String {
    let (status, headers, text) = world.post_as(cookie, &format!("/apply/{item}"), &[]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{text}");
    to(&headers).strip_suffix("/info").expect("the first step").to_owned()
}

#[tokio::test]
async fn another_matter_is_found_by_searching_added_once_and_left_out_again() {
    let world = world().await;
    let (_, cookie) = world.citizen(1).await;
    let draft = draft_of(&world, &cookie, "157").await;
    let items = format!("{draft}/items");
    let info = world.get_as(&cookie, &format!("{draft}/info")).await.2;
    assert!(info.contains(&format!("href=\"{items}\"")) && info.contains("加进来一起办"));
    let (status, _, page) = world.get_as(&cookie, &format!("{items}?q=shiyedengji")).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("失业登记") && page.contains("name=\"join\" value=\"138\""), "{page}");
    for _ in 0..2 {
        let (status, headers, _) = world.post_as(&cookie, &items, &[("join", "138")]).await;
        assert_eq!((status, to(&headers)), (StatusCode::SEE_OTHER, items.clone()), "twice is once");
    }
    let page = world.get_as(&cookie, &items).await.2;
    assert!(page.contains("这次办的 2 件事") && page.contains("信息只填一次"));
    assert!(world.get_as(&cookie, &format!("{draft}/info")).await.2.contains("这次一起办 2 件事"));
    world.post_as(&cookie, &items, &[("part", "157")]).await;
    let page = world.get_as(&cookie, &items).await.2;
    assert!(page.contains("这次办的 1 件事") && !page.contains("name=\"part\""), "the last one stays");
}

#[tokio::test]
async fn a_matter_that_cannot_go_along_says_why_in_the_results_and_when_it_is_sent_nevertheless() {
    let world = world().await;
    let (_, cookie) = world.citizen(1).await;
    let draft = draft_of(&world, &cookie, "157").await;
    let items = format!("{draft}/items");
    let page = world.get_as(&cookie, &format!("{items}?q=办理单位参保登记业务")).await.2;
    assert!(page.contains("由单位申请，请换单位账号另外申请") && !page.contains("value=\"163\""));
    let (status, _, page) = world.post_as(&cookie, &items, &[("join", "163")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("由单位申请") && page.contains("<title>错误："));
    let (_, other) = world.citizen(2).await;
    for answer in
        [world.get_as(&other, &items).await, world.post_as(&other, &items, &[("join", "138")]).await]
    {
        assert_eq!(answer.0, StatusCode::NOT_FOUND, "somebody else's");
    }
}

#[tokio::test]
async fn who_begins_another_matter_is_offered_the_draft_it_can_go_along_with() {
    let world = world().await;
    let (_, cookie) = world.citizen(1).await;
    let draft = draft_of(&world, &cookie, "157").await;
    let page = world.get_as(&cookie, "/apply/138").await.2;
    assert!(page.contains("可以和“社会保障卡申请”一起办") && page.contains(&format!("{draft}/items")));
    assert!(!world.get_as(&cookie, "/apply/163").await.2.contains("加进去一起办"));
}

#[tokio::test]
async fn a_bundle_is_checked_and_submitted_as_one_and_each_matter_gets_its_number_and_code() {
    on_both(|world| async move {
        let (citizen, cookie) = world.citizen(1).await;
        let draft = draft_of(&world, &cookie, "157").await;
        for item in ["138", "125"] {
            world.post_as(&cookie, &format!("{draft}/items"), &[("join", item)]).await;
        }
        let place = [("accepting", hall(&world)), ("delivery", "window".to_owned())];
        let place: Vec<(&str, &str)> = place.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let (status, headers, text) = world.post_as(&cookie, &format!("{draft}/place"), &place).await;
        assert_eq!((status, to(&headers)), (StatusCode::SEE_OTHER, format!("{draft}/check")), "{text}");
        let names = ["社会保障卡申请", "失业登记", "住房公积金个人账户查询"];
        let check = world.get_as(&cookie, &format!("{draft}/check")).await.2;
        assert!(names.iter().all(|name| check.contains(name)));
        let done = submitted(&world, &cookie, &draft).await;
        let (mine, _) = cases::mine(&world.ctx, citizen, None, 10).await.unwrap();
        assert_eq!(mine.len(), 3);
        for case in &mine {
            assert!(done.contains(&cases::read_number(&case.number)) && done.contains(&case.item_name));
            let page = world.get_as(&cookie, &format!("/me/cases/{}", case.id)).await.2;
            assert!(page.contains("同一次申请的其他事"));
            assert!(names.iter().all(|name| page.contains(name)));
        }
        assert_eq!(done.matches("查询码</dt>").count(), 3);
    })
    .await;
}

#[tokio::test]
async fn an_item_with_questions_of_its_own_asks_them_marked_and_says_what_is_missing_beside_them() {
    let world = world().await;
    let (_, cookie) = world.citizen(1).await;
    let draft = draft_of(&world, &cookie, "088").await;
    let info = format!("{draft}/info");
    let page = world.get_as(&cookie, &info).await.2;
    assert!(page.contains("办这件事还要填") && page.contains("居住证暂行条例第二条"));
    assert!(page.contains("示例，待部门确认") && page.contains("name=\"living_since\" type=\"date\""));
    let (status, _, page) = world.post_as(&cookie, &info, &[("living_since", "2030-01-01")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("href=\"#living_ground-0\"") && page.contains("不能晚于今天"));
    assert!(page.contains("value=\"2030-01-01\""), "what was typed is still there");
    let right = [("living_since", "2025-01-01"), ("living_ground", "home")];
    assert_eq!(world.post_as(&cookie, &info, &right).await.0, StatusCode::SEE_OTHER);
    assert!(world.get_as(&cookie, &format!("{draft}/check")).await.2.contains("在这里有合法稳定住所"));
}
