//! A form sent after the session has ended is not lost: the sign-in page carries what was typed, and after signing in
//! one button sends it again. Files cannot be carried; the page says so.

use super::extract::MustSignIn;
use super::form::{Onward, Posted};
use super::pages::sign_in_page;
use crate::Ctx;
use crate::web::page::Look;
use crate::web::{FORM_BODY_LIMIT, Fault, Mode};
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Lets requests pass; the answer to a form of somebody who must sign in first becomes the sign-in page with the form.
pub async fn keep_typed(State(ctx): State<Ctx>, request: Request, next: Next) -> Response {
    if request.method() != Method::POST || request.uri().path().starts_with("/api/") {
        return next.run(request).await;
    }
    let (headers, uri) = (request.headers().clone(), request.uri().clone());
    if !is_plain_form(&headers) {
        let response = next.run(request).await;
        return ask(&ctx, &headers, &uri, None, response);
    }
    let (parts, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, FORM_BODY_LIMIT).await else {
        return Fault::of_status(StatusCode::PAYLOAD_TOO_LARGE).into_response();
    };
    let response = next.run(Request::from_parts(parts, Body::from(bytes.clone()))).await;
    ask(&ctx, &headers, &uri, Some(&bytes), response)
}

fn is_plain_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.starts_with("application/x-www-form-urlencoded")
}

/// The sign-in page in place of an answer that asks for it; any other answer as it is.
fn ask(ctx: &Ctx, headers: &HeaderMap, uri: &Uri, body: Option<&[u8]>, response: Response) -> Response {
    let Some(must) = response.extensions().get::<MustSignIn>().cloned() else { return response };
    let was = must.was.map(|id| id.to_string()).unwrap_or_default();
    let to = uri.path_and_query().map_or("/", |path| path.as_str());
    let typed = body.map(|body| serde_urlencoded::from_bytes::<Posted>(body).unwrap_or_default());
    let (onward, say) = match typed {
        Some(typed) => (
            Onward::after_form(to, was, typed),
            "登录已经过期，刚才的操作还没有执行。请重新登录，您填写的内容都在，登录后可以继续提交。",
        ),
        None => (
            Onward::default(),
            "登录已经过期，刚才选的文件没有收到。请重新登录，回到那一页再选一次文件；已经保存过的内容都还在。",
        ),
    };
    let look = Look::new(Mode::of(headers), uri).at("/");
    sign_in_page(ctx, must.side, StatusCode::UNAUTHORIZED, &look, &onward, "", say)
        .unwrap_or_else(IntoResponse::into_response)
}
