//! The API as a department's system calls it.

mod breaks;
mod keys;
mod life;
mod refusals;

use super::describe;
use crate::city::City;
use crate::routes::ROUTES;
use crate::testing::World;
use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, Request, StatusCode};
use domain::identity::ClientScope;
use domain::org::{Level, Org};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU32, Ordering};

/// The smallest picture that says it is one.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";

/// A department's system with its token.
struct Program {
    world: World,
    id: String,
    token: String,
    keys: AtomicU32,
}

impl Program {
    async fn of(world: &World, org: &Org, scopes: &[ClientScope]) -> Self {
        let (id, token) = world.client(org.id, scopes).await;
        Self { world: world.clone(), id: id.to_string(), token, keys: AtomicU32::new(1) }
    }

    /// The hall of a town with everything that is done there, and whatever lies above.
    async fn pair(world: &World) -> (Self, Self) {
        let city = world.city();
        let hall = city.halls().find(|hall| hall.level == Level::Town).unwrap();
        (
            Self::of(world, hall, ClientScope::ALL).await,
            Self::of(world, &city.orgs[0], ClientScope::ALL).await,
        )
    }

    async fn send(
        &self,
        method: &str,
        path: &str,
        key: &str,
        kind: &str,
        body: Body,
    ) -> (StatusCode, HeaderMap, Value) {
        let mut request = Request::builder().method(method).uri(path);
        request = request.header(AUTHORIZATION, format!("Bearer {}", self.token));
        if !key.is_empty() {
            request = request.header("idempotency-key", key);
        }
        if !kind.is_empty() {
            request = request.header(CONTENT_TYPE, kind);
        }
        let (status, headers, text) = self.world.ask(request.body(body).unwrap()).await;
        (status, headers, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }

    async fn get(&self, path: &str) -> (StatusCode, Value) {
        let (status, _, value) = self.send("GET", path, "", "", Body::empty()).await;
        (status, value)
    }

    /// What must be there.
    async fn reads(&self, path: &str) -> Value {
        let (status, value) = self.get(path).await;
        assert_eq!(status, StatusCode::OK, "GET {path}: {value}");
        value
    }

    fn key(&self) -> String {
        format!("key-{}", self.keys.fetch_add(1, Ordering::Relaxed))
    }

    async fn post(&self, path: &str, key: &str, body: &Value) -> (StatusCode, HeaderMap, Value) {
        self.send("POST", path, key, "application/json", Body::from(body.to_string())).await
    }

    /// What must succeed.
    async fn posts(&self, path: &str, body: &Value) -> Value {
        let (status, _, value) = self.post(path, &self.key(), body).await;
        assert!(status.is_success(), "POST {path} {body}: {status} {value}");
        value
    }

    async fn upload(&self, path: &str, bytes: &'static [u8]) -> (StatusCode, Value) {
        let (status, _, value) = self.send("POST", path, &self.key(), "image/png", Body::from(bytes)).await;
        (status, value)
    }

    /// Does the action on the case as it is now.
    async fn acts(&self, case: &str, action: &str, mut body: Value) -> Value {
        let now = self.reads(&format!("/api/v1/cases/{case}")).await;
        let offered = now["actions"].as_array().unwrap();
        assert!(offered.iter().any(|one| one["action"] == action), "{action} is not among {offered:?}");
        body["version"] = now["version"].clone();
        self.posts(&format!("/api/v1/cases/{case}/actions/{action}"), &body).await
    }

    /// A whole application for a person at the first hall of a town, up to its case as the receipt tells it.
    async fn files_for_somebody(&self) -> Value {
        let id = self.begins().await;
        let draft = self.reads(&format!("/api/v1/applications/{id}")).await;
        for need in draft["materials"].as_array().unwrap() {
            let path = format!("/api/v1/applications/{id}/materials/{}", need["code"].as_str().unwrap());
            let (status, kept) = self.upload(&path, PNG).await;
            assert_eq!(status, StatusCode::CREATED, "{kept}");
        }
        let check = self.reads(&format!("/api/v1/applications/{id}/check")).await;
        assert_eq!(check["ready"], true, "{check}");
        let path = format!("/api/v1/applications/{id}/submit");
        let (status, _, receipt) = self.send("POST", &path, &self.key(), "", Body::empty()).await;
        assert_eq!(status, StatusCode::OK, "{receipt}");
        receipt["cases"][0].clone()
    }

    async fn begins(&self) -> String {
        let wish = application(&self.world);
        self.posts("/api/v1/applications", &wish).await["id"].as_str().unwrap().to_owned()
    }
}

/// The first hall of a town.
fn town(city: &City) -> &Org {
    city.halls().find(|hall| hall.level == Level::Town).unwrap()
}

/// An application for a person with a sample document, at the first hall of a town.
fn application(world: &World) -> Value {
    json!({
        "items": [promised(world)],
        "accepting": town(&world.city()).id.uuid(),
        "applicant": {"document_kind": "id_card", "document": "11010519491231002X", "name": "王小明", "phone": "13800138000"},
        "form": {"delivery": "window", "mandate": "受本人当面委托，代为提交申请"},
    })
}

/// An item of the promised kind for people, by its number.
fn promised(world: &World) -> String {
    use domain::catalogue::{Audience, Regime};
    let fits = |item: &&domain::catalogue::Item| {
        item.regime.value == Regime::Promised
            && item.guide.written
            && item.guide.process.audience.contains(&Audience::NaturalPerson)
    };
    let city = world.city();
    format!("{:03}", city.items.iter().find(fits).expect("such an item").seq)
}

#[test]
fn every_route_of_the_api_is_described_and_nothing_else() {
    let document = describe::document();
    let mut described: Vec<(String, String)> = Vec::new();
    for (path, item) in &document.paths.paths {
        described.extend(describe::methods(item).into_iter().map(|method| (path.clone(), method.to_owned())));
    }
    let undescribed = ["/api/v1/openapi.json"];
    let mut routed: Vec<(String, String)> = ROUTES
        .iter()
        .filter(|row| row.path.starts_with("/api/v1/") && !undescribed.contains(&row.path))
        .map(|row| (row.path.to_owned(), row.method.to_owned()))
        .collect();
    described.sort();
    routed.sort();
    assert_eq!(described, routed);
}

#[tokio::test]
async fn the_page_tells_every_operation_of_the_document_with_a_call_to_try() {
    let world = crate::testing::world().await;
    let (status, _, text) = world.fetch("/api/v1/openapi.json").await;
    assert_eq!(status, StatusCode::OK);
    let document: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    let (status, _, page) = world.fetch("/api/docs").await;
    assert_eq!(status, StatusCode::OK);
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, one) in item.as_object().unwrap() {
            let id = one["operationId"].as_str().unwrap();
            assert!(page.contains(&format!("id=\"{id}\"")), "{method} {path}");
            assert!(!one["summary"].as_str().unwrap().is_empty(), "{method} {path}");
        }
        assert!(page.contains(&format!("$BASE{path}")), "{path}");
    }
    for scope in ClientScope::ALL {
        assert!(page.contains(scope.as_str()), "{scope:?}");
    }
}
