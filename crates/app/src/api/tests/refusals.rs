//! What is refused, and how: problem documents that name the field and say what to do.

use super::{Program, application, town};
use crate::testing::{World, world};
use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{Request, StatusCode};
use domain::identity::ClientScope;
use domain::org::Level;
use serde_json::{Value, json};

fn kind(problem: &Value) -> &str {
    problem["type"].as_str().unwrap_or_default()
}

#[tokio::test]
async fn unknown_parameters_and_fields_wrong_types_and_a_missing_key_are_named() {
    let world = world().await;
    let (hall, _) = Program::pair(&world).await;
    for (path, field) in [
        ("/api/v1/cases?limt=3", "limt"),
        ("/api/v1/cases?limit=many", "limit"),
        ("/api/v1/organisations?kind=palace", "kind"),
        ("/api/v1/cases?nearness=now", "nearness"),
        ("/api/v1/cases?cursor=x", "cursor"),
        ("/api/v1/tasks?unclaimed=yes", "unclaimed"),
        ("/api/v1/halls?region=", "region"),
        ("/api/v1/tasks?item_code=00000000000000000000000000000000", "item_code"),
    ] {
        let (status, problem) = hall.get(path).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{path} {problem}");
        let named = problem["errors"][0]["field"].as_str().or(problem["field"].as_str());
        assert_eq!(named, Some(field), "{path} {problem}");
        assert!(problem["trace_id"].as_str().is_some_and(|trace| trace.len() == 32));
    }
    let post = |key: &'static str, body: Value| {
        let hall = &hall;
        async move { hall.post("/api/v1/applications", key, &body).await }
    };
    let (status, _, problem) = post("", json!({"items": ["101"]})).await;
    assert_eq!((status, kind(&problem)), (StatusCode::BAD_REQUEST, "/problems/key_missing"));
    let (status, _, problem) = post("a", json!({"items": ["101"], "itmes": []})).await;
    assert_eq!(
        (status, &problem["errors"][0]["field"]),
        (StatusCode::BAD_REQUEST, &json!("itmes")),
        "{problem}"
    );
    let (status, _, problem) = post("a", json!({"items": 7})).await;
    assert_eq!(
        (status, &problem["errors"][0]["field"]),
        (StatusCode::BAD_REQUEST, &json!("items")),
        "{problem}"
    );
    let (status, _, problem) = post("a", json!({})).await;
    assert_eq!(
        (status, &problem["errors"][0]["field"]),
        (StatusCode::BAD_REQUEST, &json!("items")),
        "{problem}"
    );
    let (status, _, problem) = post("a", json!({"items": ["999"]})).await;
    assert_eq!(
        (status, &problem["errors"][0]["field"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("items[0]"))
    );
    let xml = hall.send("POST", "/api/v1/applications", "a", "text/xml", Body::from("<a/>")).await;
    assert_eq!(xml.0, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert!(xml.2["detail"].as_str().unwrap().contains("Content-Type"), "{}", xml.2);
}

#[tokio::test]
async fn an_action_names_what_it_lacks_and_what_it_has_no_use_for_and_says_what_is_allowed_instead() {
    let world = world().await;
    let (hall, above) = Program::pair(&world).await;
    let told = hall.files_for_somebody().await;
    let id = told["id"].as_str().unwrap();
    let act = |action: &str| format!("/api/v1/cases/{id}/actions/{action}");
    let (status, _, problem) = hall.post(&act("deny"), "1", &json!({"version": 1, "opinion": "不行"})).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let named: Vec<_> = problem["errors"].as_array().unwrap().iter().map(|e| e["field"].clone()).collect();
    assert_eq!(named, ["reason", "opinion"]);
    let (status, _, problem) = hall.post(&act("accept"), "2", &json!({"version": 1})).await;
    assert_eq!((status, kind(&problem)), (StatusCode::CONFLICT, "/problems/not_allowed_now"));
    assert!(problem["detail"].as_str().unwrap().contains("接件"), "{problem}");
    for action in ["submit", "recompute_due", "explode"] {
        let (status, ..) = hall.post(&act(action), "3", &json!({"version": 1})).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{action}");
    }
    let kept = above.upload("/api/v1/files", super::PNG).await.1;
    let foreign = json!({"version": 1, "materials": [{"code": "x", "files": [kept["id"]]}]});
    let (status, _, problem) = hall.post(&act("receive"), "4", &foreign).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "another system's file: {problem}");
    let (status, problem) = hall.upload("/api/v1/files", b"#!/bin/sh\necho no picture at all").await;
    assert_eq!((status, kind(&problem)), (StatusCode::UNSUPPORTED_MEDIA_TYPE, "/problems/file_not_taken"));
}

#[tokio::test]
async fn a_system_that_only_reads_decides_nothing_and_one_that_only_files_sees_what_it_filed() {
    let world = world().await;
    let (hall, _) = Program::pair(&world).await;
    let city = world.city();
    let place = town(&city);
    let told = hall.files_for_somebody().await;
    let id = told["id"].as_str().unwrap();
    let path = format!("/api/v1/cases/{id}/actions/receive");
    let reader = Program::of(&world, place, &[ClientScope::CasesRead]).await;
    let seen = reader.reads(&format!("/api/v1/cases/{id}")).await;
    assert_eq!(seen["actions"], json!([]));
    assert_eq!(reader.post(&path, "1", &json!({"version": 1})).await.0, StatusCode::FORBIDDEN);
    let reviewer = Program::of(&world, place, &[ClientScope::CasesReview]).await;
    let (status, _, problem) = reviewer.post(&path, "1", &json!({"version": 1})).await;
    assert_eq!((status, kind(&problem)), (StatusCode::CONFLICT, "/problems/not_allowed_now"));
    let far = city.halls().filter(|hall| hall.level == Level::Town).nth(5).unwrap();
    let filer = Program::of(&world, far, &[ClientScope::ApplicationsWrite, ClientScope::CasesRead]).await;
    let own = filer.files_for_somebody().await;
    let own = own["id"].as_str().unwrap();
    assert_eq!(filer.reads(&format!("/api/v1/cases/{own}")).await["status"], "submitted");
    assert_eq!(filer.get(&format!("/api/v1/cases/{id}")).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_application_that_is_not_ready_lists_everything_at_once() {
    let world = world().await;
    let (hall, _) = Program::pair(&world).await;
    let mut wish = application(&world);
    wish["form"] = json!({});
    let id = hall.posts("/api/v1/applications", &wish).await["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/applications/{id}/submit");
    let (status, _, problem) = hall.send("POST", &path, "s", "", Body::empty()).await;
    assert_eq!((status, kind(&problem)), (StatusCode::UNPROCESSABLE_ENTITY, "/problems/problems"));
    let named: Vec<_> = problem["errors"].as_array().unwrap().iter().map(|e| e["field"].clone()).collect();
    assert_eq!(named, ["delivery", "mandate"], "{problem}");
    let change = json!({"form": {"delivery": "window", "mandate": "受本人委托"}});
    let body = Body::from(change.to_string());
    let (status, ..) =
        hall.send("PUT", &format!("/api/v1/applications/{id}"), "", "application/json", body).await;
    assert_eq!(status, StatusCode::OK);
    let (status, _, receipt) = hall.send("POST", &path, "s", "", Body::empty()).await;
    assert_eq!(status, StatusCode::OK, "{receipt}");
    let (status, ..) =
        hall.send("DELETE", &format!("/api/v1/applications/{id}"), "", "", Body::empty()).await;
    assert_eq!(status, StatusCode::CONFLICT, "what was handed in stays");
}

async fn token(world: &World, basic: Option<&str>, form: &str) -> (StatusCode, Value) {
    use base64::Engine as _;
    let mut request = Request::post("/api/v1/oauth/token")
        .header("host", "localhost")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    if let Some(pair) = basic {
        let encoded = base64::engine::general_purpose::STANDARD.encode(pair);
        request = request.header("authorization", format!("Basic {encoded}"));
    }
    let (status, headers, text) = world.ask(request.body(Body::from(form.to_owned())).unwrap()).await;
    assert_eq!(headers["cache-control"], "no-store", "{text}");
    (status, serde_json::from_str(&text).unwrap())
}

#[tokio::test]
async fn a_token_request_is_answered_in_the_words_of_the_standard() {
    let world = world().await;
    let org = world.city().orgs[0].id;
    let scopes = [ClientScope::CatalogueRead].into();
    let by = crate::identity::By::system("t");
    let new = crate::identity::clients::open(&world, "系统", org, &scopes, by).await.unwrap();
    let pair = format!("{}:{}", new.record.id, new.secret);
    let (status, answer) = token(&world, Some(&pair), "grant_type=client_credentials").await;
    assert_eq!((status, answer["token_type"].as_str()), (StatusCode::OK, Some("Bearer")), "{answer}");
    assert_eq!(
        (answer["expires_in"].as_i64(), answer["scope"].as_str()),
        (Some(3600), Some("catalogue:read"))
    );
    let form = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}&scope=catalogue%3Aread",
        new.record.id, new.secret
    );
    assert_eq!(token(&world, None, &form).await.0, StatusCode::OK);
    for (basic, form, status, error) in [
        (None, "grant_type=client_credentials", StatusCode::UNAUTHORIZED, "invalid_client"),
        (Some("x:y"), "grant_type=client_credentials", StatusCode::UNAUTHORIZED, "invalid_client"),
        (Some(pair.as_str()), "grant_type=password", StatusCode::BAD_REQUEST, "unsupported_grant_type"),
        (Some(&pair), "", StatusCode::BAD_REQUEST, "invalid_request"),
        (
            Some(&pair),
            "grant_type=client_credentials&scope=cases%3Aread",
            StatusCode::BAD_REQUEST,
            "invalid_scope",
        ),
        (Some(&pair), form.as_str(), StatusCode::BAD_REQUEST, "invalid_request"),
    ] {
        let (got, answer) = token(&world, basic, form).await;
        assert_eq!((got, answer["error"].as_str()), (status, Some(error)), "{form}");
        assert!(answer["error_description"].as_str().is_some_and(|say| !say.is_empty()));
    }
}
