//! A form sent after the session has ended is not lost: the sign-in page carries what was typed, and after signing in
//! one button sends it again. Files cannot be carried; the page says so.
//!
//! A form with files is lent to the handler as it streams in: when the gate refuses before anybody read it, the texts
//! among its parts are read after all.

use super::extract::MustSignIn;
use super::form::{Onward, Posted};
use super::pages::sign_in_page;
use crate::Ctx;
use crate::web::page::Look;
use crate::web::{FORM_BODY_LIMIT, Fault, Mode};
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use std::sync::{Arc, Mutex};

/// The most texts that are carried out of a form with files.
const MOST_TEXTS: usize = 600;

/// Lets requests pass; the answer to a form of somebody who must sign in first becomes the sign-in page with the form.
pub async fn keep_typed(State(ctx): State<Ctx>, request: Request, next: Next) -> Response {
    if request.method() != Method::POST || request.uri().path().starts_with("/api/") {
        return next.run(request).await;
    }
    let (headers, uri) = (request.headers().clone(), request.uri().clone());
    if !is_plain_form(&headers) {
        let (parts, body) = request.into_parts();
        let lent = Lent(Arc::new(Mutex::new(Some(body))));
        let response = next.run(Request::from_parts(parts, lent.body())).await;
        let typed = match response.extensions().get::<MustSignIn>() {
            Some(_) => lent.texts(&headers).await,
            None => Posted::default(),
        };
        return ask(&ctx, &headers, &uri, Typed::BesideFiles(typed), response);
    }
    let (parts, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, FORM_BODY_LIMIT).await else {
        return Fault::of_status(StatusCode::PAYLOAD_TOO_LARGE).into_response();
    };
    let response = next.run(Request::from_parts(parts, Body::from(bytes.clone()))).await;
    ask(&ctx, &headers, &uri, Typed::Plain(&bytes), response)
}

/// A body that whoever reads it takes, and that nobody else then has.
#[derive(Clone)]
struct Lent(Arc<Mutex<Option<Body>>>);

impl Lent {
    fn take(&self) -> Option<Body> {
        self.0.lock().ok()?.take()
    }

    /// The same bytes, taken when the first of them is asked for.
    fn body(&self) -> Body {
        let lent = self.clone();
        let taken = stream::once(async move { lent.take().unwrap_or_default() });
        Body::from_stream(taken.flat_map(Body::into_data_stream))
    }

    /// The texts of a form with files that nobody has read; what comes after too many bytes is left.
    async fn texts(&self, headers: &HeaderMap) -> Posted {
        let mut texts = Vec::new();
        let (Some(body), Some(kind)) = (self.take(), headers.get(CONTENT_TYPE)) else {
            return Posted(texts);
        };
        let mut request = Request::new(body);
        request.headers_mut().insert(CONTENT_TYPE, kind.clone());
        let Ok(mut parts) = Multipart::from_request(request, &()).await else { return Posted(texts) };
        while let Ok(Some(part)) = parts.next_field().await {
            let (name, file) = (part.name().unwrap_or_default().to_owned(), part.file_name().is_some());
            match part.text().await {
                Ok(text) if !file && texts.len() < MOST_TEXTS => texts.push((name, text)),
                Ok(_) => {}
                Err(_) => break,
            }
        }
        Posted(texts)
    }
}

/// What was typed into the form.
enum Typed<'a> {
    /// The body of a form without files.
    Plain(&'a [u8]),
    /// The texts of a form that may have files besides.
    BesideFiles(Posted),
}

fn is_plain_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.starts_with("application/x-www-form-urlencoded")
}

/// The sign-in page in place of an answer that asks for it; any other answer as it is.
fn ask(ctx: &Ctx, headers: &HeaderMap, uri: &Uri, typed: Typed<'_>, response: Response) -> Response {
    let Some(must) = response.extensions().get::<MustSignIn>().cloned() else { return response };
    let was = must.was.map(|id| id.to_string()).unwrap_or_default();
    let to = uri.path_and_query().map_or("/", |path| path.as_str());
    let (onward, say) = match typed {
        Typed::Plain(body) => (
            Onward::after_form(to, was, serde_urlencoded::from_bytes(body).unwrap_or_default()),
            "登录已经过期，刚才的操作还没有执行。请重新登录，您填写的内容都在，登录后可以继续提交。",
        ),
        Typed::BesideFiles(texts) if texts.0.iter().any(|(_, text)| !text.trim().is_empty()) => (
            Onward::after_form(to, was, texts),
            "登录已经过期，刚才的操作还没有执行。请重新登录，您填写的内容都在，登录后可以继续提交；刚才选的文件没有收到，要再选一次。",
        ),
        Typed::BesideFiles(_) => (
            Onward::default(),
            "登录已经过期，刚才选的文件没有收到。请重新登录，回到那一页再选一次文件；已经保存过的内容都还在。",
        ),
    };
    let look = Look::new(Mode::of(headers), uri).at("/");
    sign_in_page(ctx, must.side, StatusCode::UNAUTHORIZED, &look, &onward, "", say)
        .unwrap_or_else(IntoResponse::into_response)
}
