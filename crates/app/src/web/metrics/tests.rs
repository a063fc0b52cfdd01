//! `/metrics` and `/readyz`, seen from outside.

use super::Access;
use crate::testing::{World, on_both, world};
use crate::web::Ops;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use std::sync::Arc;

fn with(mut world: World, access: Access) -> World {
    world.ctx.ops = Arc::new(Ops::new(world.now(), access));
    world
}

#[tokio::test]
async fn metrics_count_requests_by_pattern_and_show_what_waits() {
    on_both(|world| async move {
        let world = with(world, Access::Open);
        world.fetch("/items/088?name=secret").await;
        world.fetch("/nowhere/secret").await;
        let (status, headers, text) = world.fetch("/metrics").await;
        assert_eq!(
            (status, headers["content-type"].to_str().unwrap()),
            (StatusCode::OK, "text/plain; version=0.0.4; charset=utf-8")
        );
        for line in [
            "jinban_http_requests_total{method=\"GET\",route=\"(none)\",status=\"4xx\"} 1",
            "jinban_http_requests_under_way 1",
            "jinban_database_up 1",
            "jinban_outbox_messages{state=\"poisoned\"} 0",
            "jinban_database_waiting 0",
        ] {
            assert!(text.lines().any(|have| have == line), "{line} is not in\n{text}");
        }
        assert!(text.contains("route=\"/items/{"), "{text}");
        assert!(!text.contains("secret") && !text.contains("/088"), "{text}");
    })
    .await;
}

#[tokio::test]
async fn who_has_no_token_finds_no_metrics() {
    let token = "a-token-of-more-than-twenty-letters";
    let closed = with(world().await, Access::Closed);
    assert_eq!(closed.fetch("/metrics").await.0, StatusCode::NOT_FOUND);
    let guarded = with(world().await, Access::Token(token.to_owned()));
    let ask = |value: String| {
        guarded.ask(Request::get("/metrics").header("authorization", value).body(Body::empty()).unwrap())
    };
    assert_eq!(guarded.fetch("/metrics").await.0, StatusCode::NOT_FOUND);
    assert_eq!(ask("Bearer a-token-of-more-than-twenty-letterz".into()).await.0, StatusCode::NOT_FOUND);
    assert_eq!(ask(format!("Bearer {token}")).await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_node_is_ready_until_it_is_asked_to_stop() {
    on_both(|world| async move {
        let (status, _, text) = world.fetch("/readyz").await;
        assert_eq!(status, StatusCode::OK, "{text}");
        world.ops.stop();
        let (status, headers, text) = world.fetch("/readyz").await;
        assert_eq!(
            (status, text.contains("\"stopping\"")),
            (StatusCode::SERVICE_UNAVAILABLE, true),
            "{text}"
        );
        assert!(headers.contains_key("retry-after"));
        assert_eq!(world.fetch("/healthz").await.0, StatusCode::OK, "the process lives");
    })
    .await;
}

#[tokio::test]
async fn a_node_whose_database_takes_no_writes_is_not_ready_and_says_so_by_name_only() {
    on_both(|world| async move {
        world.db.close().await;
        let (status, _, text) = world.fetch("/readyz").await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(text, "{\"reasons\":[\"database\"],\"status\":\"not_ready\"}");
    })
    .await;
}

#[tokio::test]
async fn in_a_crowd_people_are_told_to_come_again_and_the_operator_still_sees() {
    let world = world().await;
    let crowd: Vec<_> = (0..=crate::web::shed::MOST).map(|_| world.ops.requests.begin()).collect();
    let (status, headers, text) = world.fetch("/items").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(headers.contains_key("retry-after") && text.contains("再试"), "{text}");
    assert_eq!(world.fetch("/readyz").await.0, StatusCode::OK);
    drop(crowd);
    assert_eq!(world.fetch("/items").await.0, StatusCode::OK);
}
