//! Reference data, and whole cases: filed, taken in, reviewed, decided and handed out over the API alone.

use super::{PNG, Program};
use crate::testing::{World, on_both, world};
use axum::body::Body;
use axum::http::StatusCode;
use domain::org::Level;
use serde_json::{Value, json};
use store::{Tx, Work, journal};

#[tokio::test]
async fn a_case_goes_its_whole_way_between_two_departments_systems() {
    on_both(|world| async move {
        let (hall, above) = Program::pair(&world).await;
        let told = hall.files_for_somebody().await;
        let (id, number) = (told["id"].as_str().unwrap(), told["number"].as_str().unwrap());

        let listed = hall.reads("/api/v1/cases").await;
        assert_eq!(listed["cases"][0]["number"], number);
        assert_eq!(hall.reads("/api/v1/tasks").await["tasks"][0]["kind"], "receive");
        assert_eq!(hall.reads("/api/v1/filed-cases").await["cases"][0]["id"], id);
        hall.acts(id, "receive", json!({})).await;
        let accepted = hall.acts(id, "accept", json!({})).await;
        assert_eq!(accepted["status"], "in_review");
        loop {
            let now = above.reads(&format!("/api/v1/cases/{id}")).await;
            let open =
                now["steps"].as_array().unwrap().iter().find(|s| s["open"] == true && s["decides"] == false);
            let Some(step) = open else { break };
            let opinion = json!({"step": step["no"], "favourable": true, "opinion": "材料齐全，符合条件"});
            above.acts(id, "pass_step", opinion).await;
        }
        above.acts(id, "grant", json!({"opinion": "同意"})).await;
        above.acts(id, "make_result", json!({"document_no": "常办许〔2026〕1号"})).await;
        let done = hall.acts(id, "deliver", json!({"delivery": {"type": "electronic"}})).await;
        assert_eq!(
            (done["status"].as_str(), done["status_label"].as_str()),
            (Some("delivered"), Some("已办结"))
        );

        let shown = hall.reads(&format!("/api/v1/cases/{id}")).await.to_string();
        for secret in ["王小明", "19491231", "13800138000"] {
            assert!(!shown.contains(secret), "masked as on the pages");
        }
        let page = hall.reads(&format!("/api/v1/cases/{id}/events?limit=2")).await;
        assert_eq!(page["next"], "2");
        let rest = hall.reads(&format!("/api/v1/cases/{id}/events?cursor=2&limit=200")).await;
        assert_eq!((rest["events"][0]["seq"].as_i64(), &rest["next"]), (Some(3), &Value::Null));
        assert!(actors(&world).await.contains(&format!("client:{}", hall.id)));
        assert!(
            crate::cases::is_proven(&world.db, domain::kernel::CaseId(id.parse().unwrap())).await.unwrap()
        );
        looked_up(&hall, number, told["query_code"].as_str().unwrap()).await;
    })
    .await;
}

/// With number and code one sees where it stands, with another code nothing.
async fn looked_up(program: &Program, number: &str, code: &str) {
    let ask = async |code: &str| {
        let request = axum::http::Request::get(format!("/api/v1/lookup/{number}"))
            .header("authorization", format!("Bearer {}", program.token))
            .header("query-code", code);
        program.world.ask(request.body(Body::empty()).unwrap()).await
    };
    let (status, _, text) = ask(code).await;
    assert_eq!(status, StatusCode::OK, "{text}");
    assert!(text.contains("已办结") && !text.contains("同意"), "opinions stay inside: {text}");
    let wrong = if code == "ABCDEF" { "ABCDEH" } else { "ABCDEF" };
    assert_eq!(ask(wrong).await.0, StatusCode::NOT_FOUND);
}

struct Actors;

impl Work for Actors {
    type Out = Vec<String>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Self::Out> {
        let found = journal::search(tx, &journal::Search::new(journal::Whose::All, 100)).await?;
        Ok(found.into_iter().map(|entry| entry.stamp.actor).collect())
    }
}

async fn actors(world: &World) -> Vec<String> {
    world.db.read(Actors).await.unwrap()
}

#[tokio::test]
async fn what_is_lacking_is_told_once_and_supplied_with_files_over_the_api() {
    on_both(|world| async move {
        let (hall, _) = Program::pair(&world).await;
        let told = hall.files_for_somebody().await;
        let id = told["id"].as_str().unwrap();
        hall.acts(id, "receive", json!({})).await;
        let now = hall.reads(&format!("/api/v1/cases/{id}")).await;
        let code = now["materials"][0]["code"].as_str().unwrap();
        let items = json!([{"code": code, "reason": "照片不清楚，请重新拍"}]);
        hall.acts(id, "ask_correction", json!({"items": items, "until": "2026-03-20"})).await;
        let path = format!("/api/v1/cases/{id}/materials/{code}");
        let (status, page) = hall.upload(&path, PNG).await;
        assert_eq!((status, page["material"].as_str()), (StatusCode::CREATED, Some(code)));
        let back = hall.acts(id, "resubmit", json!({})).await;
        assert_eq!(back["status"], "received");

        let files = hall.reads(&format!("/api/v1/cases/{id}/files")).await;
        let digest = files["files"][0]["digest"].as_str().unwrap();
        let (status, headers, _) =
            hall.send("GET", &format!("/api/v1/cases/{id}/files/{digest}"), "", "", Body::empty()).await;
        assert_eq!((status, headers["content-type"].to_str().unwrap()), (StatusCode::OK, "image/png"));
        assert!(headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
    })
    .await;
}

#[tokio::test]
async fn papers_of_a_case_are_listed_and_downloaded_by_whoever_may_see_it() {
    let world = world().await;
    let (hall, _) = Program::pair(&world).await;
    let city = world.city();
    let told = hall.files_for_somebody().await;
    let id = told["id"].as_str().unwrap();
    hall.acts(id, "receive", json!({})).await;
    hall.acts(id, "accept", json!({})).await;
    crate::worker::run_due(&world).await.unwrap();
    let papers = hall.reads(&format!("/api/v1/cases/{id}/papers")).await;
    let paper = papers["papers"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(paper["ready"], true, "{papers}");
    let path = format!("/api/v1/cases/{id}/papers/{}", paper["id"].as_str().unwrap());
    let (status, headers, _) = hall.send("GET", &path, "", "", Body::empty()).await;
    assert_eq!((status, headers["content-type"].to_str().unwrap()), (StatusCode::OK, "application/pdf"));
    let far = city.halls().filter(|hall| hall.level == Level::Town).nth(5).unwrap();
    let stranger = Program::of(&world, far, domain::identity::ClientScope::ALL).await;
    assert_eq!(stranger.get(&path).await.0, StatusCode::NOT_FOUND);
    assert_eq!(stranger.get(&format!("/api/v1/cases/{id}")).await.0, StatusCode::NOT_FOUND);
    assert_eq!(stranger.reads("/api/v1/cases").await["cases"], json!([]));
}

#[tokio::test]
async fn reference_data_is_read_page_by_page() {
    let world = world().await;
    let (hall, _) = Program::pair(&world).await;
    let city = world.city();
    let (mut seen, mut cursor) = (0, String::new());
    loop {
        let page = hall.reads(&format!("/api/v1/organisations?limit=200{cursor}")).await;
        seen += page["organisations"].as_array().unwrap().len();
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, city.orgs.len());
    let root = hall.reads("/api/v1/organisations?limit=1").await["organisations"][0].clone();
    let below = hall.reads(&format!("/api/v1/organisations?parent={}", root["id"].as_str().unwrap())).await;
    assert!(below["organisations"].as_array().unwrap().iter().all(|org| org["parent"] == root["id"]));
    let halls = hall.reads("/api/v1/halls?region=320402&limit=200").await;
    assert!(halls["organisations"].as_array().unwrap().iter().all(|org| org["open"] == true));
    let item = hall.reads("/api/v1/items/101").await;
    assert_eq!(item["first_batch_no"], 101);
    let elements = &item["elements"];
    assert_eq!(elements["audience"][0], serde_json::json!({ "code": "1", "name": "自然人" }));
    assert_eq!(elements["area"]["name"], "全市");
    assert_eq!(elements["item_type"]["placeholder"], true, "no department has confirmed the type");
    assert_eq!(elements["steps"][0]["no"], 1);
    assert_eq!(elements["channels"]["online"], true);
    let code = item["code"].as_str().unwrap();
    assert_eq!(hall.reads(&format!("/api/v1/items/{code}/versions")).await["versions"][0]["no"], 1);
    let year = hall.reads("/api/v1/calendar/2026").await;
    assert_eq!(year["known"], true);
    assert!(year["days"].as_array().unwrap().iter().any(|day| day["date"] == "2026-10-01"));
    let due = hall.reads("/api/v1/calendar/deadline?from=2026-09-30&days=1").await;
    assert_eq!(due["last_day"], "2026-10-08", "the days off of National Day are not counted");
    let natural = hall.reads("/api/v1/calendar/deadline?from=2026-09-30&days=1&unit=natural").await;
    assert_eq!(natural["last_day"], "2026-10-08", "natural days roll to the next worked day");
}
