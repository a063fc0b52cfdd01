//! The public pages, seen from outside.

use crate::web::tests::fetch;
use axum::http::StatusCode;
use serde_json::Value;

#[tokio::test]
async fn the_home_page_starts_with_the_search_and_counts_all_items() {
    let (status, headers, text) = fetch("/").await;
    assert_eq!(
        (status, headers["content-type"].to_str().unwrap()),
        (StatusCode::OK, "text/html; charset=utf-8")
    );
    assert!(text.contains("您想办什么事？") && text.contains("全部 182 项"));
    assert_eq!(text.matches("<h1").count(), 1);
}

#[tokio::test]
async fn no_page_points_to_a_missing_file_or_carries_inline_code() {
    for path in [
        "/",
        "/items",
        "/items?q=%E7%A4%BE%E4%BF%9D",
        "/items/088",
        "/items/001",
        "/items/088/notice",
        "/halls",
        "/nowhere",
    ] {
        let text = fetch(path).await.2;
        assert!(
            !text.contains("/static/missing") && !text.contains("style=\"") && !text.contains("onclick"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn what_a_person_types_is_never_markup() {
    let (_, _, text) = fetch("/items?q=%3Cscript%3Ealert(1)%3C/script%3E&department=%22%3E%3Cb%3E").await;
    assert!(!text.contains("<script>alert") && !text.contains("\"><b>"));
    assert!(text.contains("&#60;script&#62;alert"));
}

#[tokio::test]
async fn initials_and_pinyin_find_the_social_security_card() {
    for typed in ["sbk", "shebaoka", "社会保障卡", "社保卡丢了", "社报卡"] {
        assert!(
            fetch(&format!("/items?q={}", super::percent(typed))).await.2.contains("/items/157"),
            "{typed}"
        );
    }
}

#[tokio::test]
async fn what_matches_is_marked_in_the_results() {
    let text = fetch(&format!("/items?q={}", super::percent("居住证"))).await.2;
    assert!(text.contains("<mark>居住证") && text.contains("/items/088"), "{text}");
}

#[tokio::test]
async fn nothing_found_offers_the_hotline_and_a_wider_search() {
    let (status, _, text) = fetch("/items?q=zzzzqqqq").await;
    assert_eq!(status, StatusCode::OK);
    assert!(text.contains("没有找到合适的事项") && text.contains("打 12345"));
    let narrow = format!("/items?q={}&department={}", super::percent("护照"), super::percent("残联"));
    assert!(fetch(&narrow).await.2.contains("在全部事项里找"));
}

#[tokio::test]
async fn a_slip_shows_the_results_of_the_word_that_was_meant() {
    let text = fetch("/items?q=shebaika").await.2;
    assert!(text.contains("下面是“社保卡”的结果") && text.contains("/items/157"));
}

#[tokio::test]
async fn what_is_done_elsewhere_says_where_instead_of_guessing() {
    let text = fetch(&format!("/items?q={}", super::percent("驾驶证换证"))).await.2;
    assert!(text.contains("交管12123") && text.contains("不在就近办的清单里"));
}

#[tokio::test]
async fn every_search_and_every_life_event_offered_on_the_home_page_finds_something() {
    let home = fetch("/").await.2;
    for words in super::home::OFTEN {
        let text = fetch(&format!("/items?q={}", super::percent(words))).await.2;
        assert!(text.contains("<mark>") && !text.contains("可能有关"), "{words}");
    }
    for event in super::events::all() {
        assert!(home.contains(&event.href().replace('&', "&#38;")), "{}", event.href());
        let text = fetch(&event.href()).await.2;
        assert!(text.contains("class=\"p-list\""), "{}", event.href());
    }
}

#[tokio::test]
async fn turning_the_pages_shows_every_item_once() {
    let mut path = "/items".to_owned();
    let mut seen = Vec::new();
    for _ in 0..20 {
        let text = fetch(&path).await.2;
        seen.extend(text.split("href=\"/items/").skip(1).map(|rest| rest[..3].to_owned()));
        let Some(next) = text.split("rel=\"next\" href=\"").nth(1).and_then(|rest| rest.split('"').next())
        else {
            break;
        };
        path = next.replace("&#38;", "&");
    }
    let wanted: Vec<String> = (1..=182).map(|no| format!("{no:03}")).collect();
    assert_eq!(seen, wanted);
}

#[tokio::test]
async fn the_pages_of_a_ranking_show_every_result_once() {
    let mut path = format!("/items?q={}", super::percent("登记"));
    let (mut seen, mut pages) = (Vec::new(), 0);
    loop {
        let text = fetch(&path).await.2;
        let list = text.split("class=\"p-list\"").nth(1).and_then(|rest| rest.split("</ul>").next()).unwrap();
        seen.extend(list.split("href=\"/items/").skip(1).map(|rest| rest[..3].to_owned()));
        pages += 1;
        let Some(next) = text.split("rel=\"next\" href=\"").nth(1).and_then(|rest| rest.split('"').next())
        else {
            break;
        };
        path = next.replace("&#38;", "&");
    }
    let unique: std::collections::HashSet<_> = seen.iter().collect();
    assert!(pages > 1 && unique.len() == seen.len(), "{pages} pages, {seen:?}");
}

#[tokio::test]
async fn a_guide_answers_the_three_questions_first_and_marks_examples_and_what_is_waived() {
    let text = fetch("/items/088").await.2;
    for words in [
        "能办吗",
        "带什么",
        "要多久",
        "要花钱吗",
        "怎么一步步办",
        "在哪办",
        "依据什么规定",
        "常见问题",
        "免交",
        "示例",
        "法定最长 15",
        "/apply/088",
        "/items/088/notice",
    ] {
        assert!(text.contains(words), "{words}");
    }
    assert!(text.find("p-answers").unwrap() < text.find("id=\"bring\"").unwrap());
}

#[tokio::test]
async fn an_item_answers_to_its_number_and_to_its_codes() {
    let ctx = crate::testing::world().await;
    let catalogue = ctx.catalogue();
    let entry = catalogue.item("088").unwrap();
    let basic = entry.item.identity.basic_code.value.to_string();
    for code in ["088", entry.code.as_str(), basic.as_str()] {
        let (status, _, text) = ctx.fetch(&format!("/items/{code}")).await;
        assert!(status == StatusCode::OK && text.contains(entry.code.as_str()), "{code}");
    }
}

#[tokio::test]
async fn an_item_of_the_windows_only_does_not_offer_to_apply_online() {
    let text = fetch("/items/083").await.2;
    assert!(!text.contains("/apply/") && text.contains("找就近的大厅"));
}

#[tokio::test]
async fn an_item_without_a_guide_says_so_and_an_unknown_one_is_not_found() {
    assert!(fetch("/items/001").await.2.contains("清单还没有发布"));
    for nowhere in ["/items/999", "/items/999/notice", "/items/1"] {
        assert_eq!(fetch(nowhere).await.0, StatusCode::NOT_FOUND, "{nowhere}");
    }
    assert_eq!(fetch("/items?after=abc").await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_notice_has_every_material_and_no_menu() {
    let world = crate::testing::world().await;
    for entry in world.catalogue().items().iter().filter(|entry| entry.item.guide.written) {
        let (status, _, text) = world.fetch(&format!("/items/{}/notice", entry.slug())).await;
        assert_eq!(status, StatusCode::OK);
        assert!(text.contains("一次性告知单") && !text.contains("zw-nav"));
        assert_eq!(text.matches("<td>□</td>").count(), entry.item.guide.materials.len(), "{}", entry.no());
    }
}

#[tokio::test]
async fn halls_are_listed_by_district_and_found_by_town_or_village() {
    let text = fetch("/halls?district=320402").await.2;
    assert!(text.contains("青龙街道为民服务中心") && !text.contains("溧城"));
    assert_eq!(fetch("/halls?district=110000").await.0, StatusCode::NOT_FOUND);
    let by_village = fetch(&format!("/halls?q={}", super::percent("朝阳花园"))).await.2;
    assert!(by_village.contains("雕庄街道为民服务中心") && by_village.contains("朝阳花园社区便民服务中心"));
    assert!(fetch(&format!("/halls?q={}", super::percent("天上"))).await.2.contains("没有找到“天上”"));
}

#[tokio::test]
async fn the_home_page_says_whether_the_halls_are_open_now() {
    let world = crate::testing::world().await;
    assert!(world.fetch("/").await.2.contains("现在是办公时间，12:00 结束"));
    world.clock.set("2026-02-17T02:00:00Z");
    for path in ["/", "/halls", "/items/088"] {
        assert!(world.fetch(path).await.2.contains("今天休息（春节）"), "{path}");
    }
}

async fn api(path: &str) -> (StatusCode, Value) {
    let (status, _, text) = fetch(path).await;
    (status, serde_json::from_str(&text).unwrap())
}

#[tokio::test]
async fn the_api_gives_the_whole_first_batch_in_one_answer() {
    let (status, answer) = api("/api/v1/items?first_batch=true&limit=200").await;
    assert_eq!(
        (status, answer["items"].as_array().unwrap().len(), &answer["next"]),
        (StatusCode::OK, 182, &Value::Null)
    );
    let items = answer["items"].as_array().unwrap();
    assert_eq!((&items[0]["first_batch_no"], &items[0]["department"]), (&1.into(), &"公安局".into()));
    assert_eq!(items.iter().filter(|item| item["partial_coverage"] == true).count(), 32);
    for item in items {
        let (code, basic) = (item["code"].as_str().unwrap(), item["basic_code"].as_str().unwrap());
        assert!(code.len() == 31 && basic.len() == 12 && code.ends_with(basic), "{item}");
        assert_eq!(item["code_is_placeholder"], true);
    }
}

#[tokio::test]
async fn the_cursor_of_the_api_goes_on_where_the_page_ended() {
    let (_, first) = api("/api/v1/items?limit=100").await;
    let cursor = first["next"].as_str().unwrap();
    let (_, second) = api(&format!("/api/v1/items?limit=100&cursor={cursor}")).await;
    assert_eq!(second["items"][0]["first_batch_no"], 101);
    assert_eq!((second["items"].as_array().unwrap().len(), &second["next"]), (82, &Value::Null));
}

#[tokio::test]
async fn a_wrong_limit_is_a_problem_document_that_names_it() {
    for bad in ["limit=0", "limit=201"] {
        let (status, problem) = api(&format!("/api/v1/items?{bad}")).await;
        assert_eq!((status, &problem["field"]), (StatusCode::BAD_REQUEST, &"limit".into()), "{bad}");
    }
    for bad in ["limit=many", "limit=-1", "first_batch=perhaps", "cursor=x"] {
        assert_eq!(api(&format!("/api/v1/items?{bad}")).await.0, StatusCode::BAD_REQUEST, "{bad}");
    }
}

#[tokio::test]
async fn a_parameter_that_the_list_does_not_know_is_named_and_not_ignored() {
    let (status, problem) = api("/api/v1/items?first_bach=true").await;
    assert_eq!(
        (status, &problem["errors"][0]["field"]),
        (StatusCode::BAD_REQUEST, &"first_bach".into()),
        "{problem}"
    );
}
