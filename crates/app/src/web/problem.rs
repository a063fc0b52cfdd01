//! Every refusal becomes something a person or a program can read: a page in plain Chinese, or a problem document.

use super::edge::Trace;
use super::page::{self, Look};
use super::{Fault, Mode};
use crate::Ctx;
use askama::Template;
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// Seconds after which trying again makes sense.
const RETRY_SECONDS: &str = "30";

/// What the script of a page sends along when it asks behind the page: it shows a sentence, not another page.
const SCRIPTS: [&str; 2] = ["x-upload", "x-autosave"];

#[derive(Template)]
#[template(path = "web/problem.html")]
struct ProblemPage<'a> {
    title: &'a str,
    say: &'a str,
    trace: &'a str,
}

/// Writes the body of every answer that carries a [`Fault`], and of bare error answers of the framework.
pub(super) async fn tell(State(_): State<Ctx>, request: Request, next: Next) -> Response {
    let trace = request.extensions().get::<Trace>().map(ToString::to_string).unwrap_or_default();
    let api = request.uri().path().starts_with("/api/");
    let script = SCRIPTS.iter().any(|name| request.headers().contains_key(*name));
    // The page may be the answer to a POST, which cannot be returned to by a link.
    let look = Look { mode: Mode::of(request.headers()), here: "/".to_owned(), user: None };
    let mut response = next.run(request).await;
    let fault = match response.extensions_mut().remove::<Fault>() {
        Some(fault) => fault,
        None if is_bare(&response) => Fault::of_status(response.status()),
        None => return response,
    };
    if fault.status.is_server_error() {
        tracing::error!(kind = fault.kind, cause = fault.cause.as_deref().unwrap_or("none given"), "fault");
    }
    let mut told = match (api, script) {
        (true, _) => document(&fault.clone().for_programs(), &trace),
        (_, true) => sentence(&fault),
        _ => html(&fault, &trace, &look),
    };
    // What the refusing layer said in headers (Allow and its like) stays.
    for (name, value) in response.headers() {
        if !told.headers().contains_key(name) && name != "content-length" {
            told.headers_mut().append(name, value.clone());
        }
    }
    if matches!(fault.status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS) {
        // Whoever knows how long it takes has said so.
        told.headers_mut().entry(RETRY_AFTER).or_insert(HeaderValue::from_static(RETRY_SECONDS));
    }
    told
}

/// An error answer without a body of ours: a rejection of the framework is plain text or empty.
fn is_bare(response: &Response) -> bool {
    let kind = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let status = response.status();
    (status.is_client_error() || status.is_server_error())
        && (kind.is_empty() || kind.starts_with("text/plain"))
}

/// The bare sentence, which the script puts beside the file it was uploading.
fn sentence(fault: &Fault) -> Response {
    let headers = [(CONTENT_TYPE, "text/plain; charset=utf-8"), (CACHE_CONTROL, "no-store")];
    (fault.status, headers, fault.say.to_string()).into_response()
}

/// The problem document of RFC 9457.
fn document(fault: &Fault, trace: &str) -> Response {
    let mut body = json!({
        "type": format!("/problems/{}", fault.kind),
        "title": fault.title,
        "status": fault.status.as_u16(),
        "detail": fault.say,
        "trace_id": trace,
    });
    if let Some(field) = fault.field {
        body["field"] = field.into();
    }
    if !fault.errors().is_empty() {
        let error = |(field, say): &(String, String)| json!({ "field": field, "detail": say });
        body["errors"] = fault.errors().iter().map(error).collect();
    }
    let headers = [(CONTENT_TYPE, "application/problem+json"), (CACHE_CONTROL, "no-store")];
    (fault.status, headers, body.to_string()).into_response()
}

fn html(fault: &Fault, trace: &str, look: &Look) -> Response {
    let body = ProblemPage { title: &fault.title, say: &fault.say, trace };
    match page::public_page(&fault.title, look, &body).and_then(|page| page::send(fault.status, &page)) {
        Ok(told) => told,
        Err(error) => {
            tracing::error!(%error, cause = error.cause, "the problem page cannot be drawn");
            (fault.status, fault.say.clone().into_owned()).into_response()
        }
    }
}
