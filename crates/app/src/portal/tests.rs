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
    for path in ["/", "/items", "/items/088", "/halls", "/nowhere"] {
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
    for typed in ["sbk", "shebaoka", "社会保障卡"] {
        assert!(
            fetch(&format!("/items?q={}", super::pages::percent(typed))).await.2.contains("/items/157"),
            "{typed}"
        );
    }
}

#[tokio::test]
async fn nothing_found_offers_the_hotline() {
    let (status, _, text) = fetch("/items?q=zzzzqqqq").await;
    assert_eq!(status, StatusCode::OK);
    assert!(text.contains("没有找到合适的事项") && text.contains("打 12345"));
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
async fn a_guide_marks_what_is_an_example_and_what_need_not_be_brought() {
    let text = fetch("/items/088").await.2;
    for words in
        ["我能办吗", "要带什么", "要多久", "收费吗", "怎么办", "在哪里办", "免交", "示例内容，以正式指南为准"]
    {
        assert!(text.contains(words), "{words}");
    }
}

#[tokio::test]
async fn an_item_without_a_guide_says_so_and_an_unknown_one_is_not_found() {
    assert!(fetch("/items/001").await.2.contains("详细指南还没有发布"));
    assert_eq!(fetch("/items/999").await.0, StatusCode::NOT_FOUND);
    assert_eq!(fetch("/items?after=abc").await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn halls_are_listed_by_district() {
    let text = fetch("/halls?district=320402").await.2;
    assert!(text.contains("青龙街道为民服务中心") && !text.contains("溧城"));
    assert_eq!(fetch("/halls?district=110000").await.0, StatusCode::NOT_FOUND);
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
