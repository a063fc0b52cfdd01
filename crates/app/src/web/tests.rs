//! The layers, seen from outside.

use crate::{Ctx, router};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use axum::routing::get;

pub(crate) use crate::testing::ask;

/// A context over a fresh database and the embedded city.
pub(crate) async fn ctx() -> Ctx {
    crate::testing::world().await.ctx
}

/// A GET.
pub(crate) async fn fetch(path: &str) -> (StatusCode, HeaderMap, String) {
    ask(router(ctx().await), Request::get(path).body(Body::empty()).unwrap()).await
}

fn post(path: &str) -> axum::http::request::Builder {
    Request::post(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("host", "localhost")
}

#[tokio::test]
async fn every_answer_carries_the_security_headers_and_a_trace_id() {
    for path in
        ["/", "/items", "/halls", "/healthz", "/static/zw.css", "/api/v1/items", "/nowhere", "/api/nowhere"]
    {
        let (_, headers, _) = fetch(path).await;
        assert_eq!(headers["content-security-policy"], super::CSP, "{path}");
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(headers["referrer-policy"], "same-origin", "{path}");
        assert_eq!(headers["x-trace-id"].len(), 32, "{path}");
    }
}

#[tokio::test]
async fn each_request_gets_a_trace_id_of_its_own_and_never_one_from_outside() {
    let app = router(ctx().await);
    let from_outside = || Request::get("/healthz").header("x-trace-id", "mine").body(Body::empty()).unwrap();
    let (_, first, _) = ask(app.clone(), from_outside()).await;
    let (_, second, _) = ask(app, from_outside()).await;
    assert_ne!(first["x-trace-id"], second["x-trace-id"]);
    assert_ne!(first["x-trace-id"], "mine");
}

#[tokio::test]
async fn an_unknown_address_is_told_in_chinese_with_the_trace_id() {
    let (status, headers, text) = fetch("/nowhere").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(text.contains("没有找到这个页面") && text.contains(headers["x-trace-id"].to_str().unwrap()));
}

#[tokio::test]
async fn an_unknown_api_answers_a_problem_document() {
    let (status, headers, text) = fetch("/api/v1/nothing").await;
    assert_eq!(
        (status, &headers["content-type"]),
        (StatusCode::NOT_FOUND, &"application/problem+json".parse().unwrap())
    );
    let problem: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(problem["trace_id"], headers["x-trace-id"].to_str().unwrap());
    assert_eq!(problem["status"], 404);
}

#[tokio::test]
async fn a_panic_is_told_without_its_message() {
    async fn burst() -> &'static str {
        panic!("张三 320402")
    }
    let app = super::dress(Router::new().route("/burst", get(burst)), ctx().await);
    let (status, _, text) = ask(app, Request::get("/burst").body(Body::empty()).unwrap()).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(text.contains("系统出了点问题") && !text.contains("张三"));
}

#[tokio::test]
async fn being_busy_says_when_to_try_again() {
    let app = super::dress(Router::new().route("/busy", get(|| async { super::Fault::busy() })), ctx().await);
    let (status, headers, _) = ask(app, Request::get("/busy").body(Body::empty()).unwrap()).await;
    assert_eq!((status, headers["retry-after"].to_str().unwrap()), (StatusCode::SERVICE_UNAVAILABLE, "30"));
}

#[tokio::test]
async fn too_large_a_form_is_refused_in_words() {
    let body = Body::from("x".repeat(super::FORM_BODY_LIMIT + 1));
    let (status, _, text) = ask(router(ctx().await), post("/mode").body(body).unwrap()).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(text.contains("提交的内容太大"));
}

#[tokio::test]
async fn a_wrong_method_keeps_its_allow_header_and_speaks_chinese() {
    let (status, headers, text) = fetch("/mode").await;
    assert_eq!((status, headers["allow"].to_str().unwrap()), (StatusCode::METHOD_NOT_ALLOWED, "POST"));
    assert!(text.contains("这个网址不能这样用"));
}

#[tokio::test]
async fn the_elder_mode_is_kept_in_a_cookie_and_draws_the_page() {
    let request = post("/mode").body(Body::from("mode=elder&back=%2Fitems%3Fq%3Dsbk")).unwrap();
    let (status, headers, _) = ask(router(ctx().await), request).await;
    assert_eq!((status, headers["location"].to_str().unwrap()), (StatusCode::SEE_OTHER, "/items?q=sbk"));
    assert!(headers["set-cookie"].to_str().unwrap().starts_with("zw_mode=elder; "));
    let request = Request::get("/").header("cookie", "a=b; zw_mode=elder").body(Body::empty()).unwrap();
    assert!(ask(router(ctx().await), request).await.2.contains("data-mode=\"elder\""));
    assert!(!fetch("/").await.2.contains("data-mode=\"elder\""));
}

#[tokio::test]
async fn a_form_from_another_site_changes_nothing() {
    let request =
        post("/mode").header("sec-fetch-site", "cross-site").body(Body::from("mode=elder")).unwrap();
    let (status, headers, text) = ask(router(ctx().await), request).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(!headers.contains_key("set-cookie") && text.contains("这个操作没有执行"));
}

#[tokio::test]
async fn files_are_kept_for_ever_only_under_their_content_hash() {
    let versioned = ui::asset_path("zw.css");
    let (status, headers, _) = fetch(versioned).await;
    assert_eq!(
        (status, headers["content-type"].to_str().unwrap()),
        (StatusCode::OK, "text/css; charset=utf-8")
    );
    assert!(headers["cache-control"].to_str().unwrap().contains("immutable"));
    let tag = headers["etag"].clone();
    assert_eq!(fetch("/static/zw.css").await.1["cache-control"], "no-cache");
    assert_eq!(fetch("/static/zw.css?v=old").await.1["cache-control"], "no-cache");
    let again = Request::get("/static/zw.css").header("if-none-match", tag).body(Body::empty()).unwrap();
    assert_eq!(ask(router(ctx().await), again).await.0, StatusCode::NOT_MODIFIED);
    assert_eq!(fetch("/static/../Cargo.toml").await.0, StatusCode::NOT_FOUND);
}
