//! The interface for programs 接口: what departments' systems call under `/api/v1`. It adds no rules: each handler calls the
//! same functions as the pages, and the same table of rights says what a client reaches. `describe` writes the OpenAPI
//! document from the code, `docs` draws it as a page.
//!
//! The doc comments of the types that are sent and received are the published description, and Chinese for that reason.

mod act;
mod actions;
mod applicant;
mod application;
mod applications;
mod ask;
mod calendar;
mod case;
mod describe;
mod docs;
mod elements;
mod files;
mod item;
mod items;
mod lists;
mod lookup;
mod oauth;
mod once;
mod orgs;
mod papers;
mod sql;
#[cfg(test)]
mod tests;
mod words;

pub use once::forget_old;

use crate::Ctx;
use crate::web::Fault;
use axum::Router;
use axum::routing::{delete, get, post};

/// The routes of this capability.
pub fn routes() -> Router<Ctx> {
    Router::new()
        .route("/api/docs", get(docs::page))
        .route("/api/v1/openapi.json", get(docs::document))
        .route("/api/v1/oauth/token", post(oauth::token))
        .route("/api/v1/items", get(items::items))
        .route("/api/v1/items/{code}", get(item::item))
        .route("/api/v1/items/{code}/form", get(item::form))
        .route("/api/v1/items/{code}/versions", get(item::versions))
        .route("/api/v1/organisations", get(orgs::list))
        .route("/api/v1/organisations/{id}", get(orgs::one))
        .route("/api/v1/halls", get(orgs::halls))
        .route("/api/v1/calendar/deadline", get(calendar::deadline))
        .route("/api/v1/calendar/{year}", get(calendar::year))
        .route("/api/v1/lookup/{number}", get(lookup::lookup))
        .merge(applications())
        .merge(cases())
        .route("/api/{*rest}", get(unknown))
}

/// Applications for others.
fn applications() -> Router<Ctx> {
    Router::new()
        .route("/api/v1/applications", get(applications::list).post(applications::start))
        .route(
            "/api/v1/applications/{id}",
            get(applications::one).put(applications::change).delete(applications::discard),
        )
        .route("/api/v1/applications/{id}/check", get(applications::check))
        .route("/api/v1/applications/{id}/files/{file}", delete(applications::detach))
        .route("/api/v1/applications/{id}/materials/{material}", post(applications::attach))
        .route("/api/v1/applications/{id}/submit", post(applications::submit))
}

/// Cases with their files and papers.
fn cases() -> Router<Ctx> {
    Router::new()
        .route("/api/v1/cases", get(lists::open))
        .route("/api/v1/cases/{id}", get(case::one))
        .route("/api/v1/cases/{id}/actions/{action}", post(act::act))
        .route("/api/v1/cases/{id}/events", get(case::events))
        .route("/api/v1/cases/{id}/files", get(files::list))
        .route("/api/v1/cases/{id}/files/{digest}", get(files::read))
        .route("/api/v1/cases/{id}/materials/{material}", post(files::supplement))
        .route("/api/v1/cases/{id}/papers", get(papers::list))
        .route("/api/v1/cases/{id}/papers/{paper}", get(papers::read))
        .route("/api/v1/files", post(files::keep))
        .route("/api/v1/filed-cases", get(lists::filed))
        .route("/api/v1/tasks", get(lists::tasks))
}

/// Any other address of the API.
async fn unknown() -> Fault {
    let mut fault = Fault::not_found();
    fault.title = "没有这个接口".into();
    fault.say = "请核对接口地址；现有的接口以 /api/v1/ 开头。".into();
    fault
}
