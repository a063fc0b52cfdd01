//! A client as an argument of a handler, and the gate before the routes of the API (RFC 6750).

use super::quota::{self, Allowance, Exceeded};
use super::token::holder;
use crate::Ctx;
use crate::web::Fault;
use axum::extract::FromRequestParts;
use axum::http::header::{AUTHORIZATION, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::identity::{ClientScope, ClientScopes, client_actor};
use domain::kernel::OrgId;
use domain::org::OrgPath;
use domain::rights::Actor;
use uuid::Uuid;

/// The client that asks, with the scopes of its token.
#[derive(Debug, Clone)]
pub struct Client {
    /// Which.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Whose it is.
    pub org: OrgId,
    /// The organisation's place in the tree.
    pub at: OrgPath,
    /// What this token allows.
    pub scopes: ClientScopes,
    /// The rights that follow from them.
    pub actor: Actor,
    /// Requests a second on one node.
    pub per_second: u32,
    /// Requests a day.
    pub per_day: u32,
}

/// The token of a request, when it brings one.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (kind, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let token = token.trim();
    (kind.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// A refusal with the challenge of RFC 6750 §3.
fn challenge(fault: Fault, details: &str) -> Response {
    let mut response = fault.into_response();
    if let Ok(value) = HeaderValue::from_str(&format!("Bearer realm=\"jinban\"{details}")) {
        response.headers_mut().insert(WWW_AUTHENTICATE, value);
    }
    response
}

fn no_token() -> Response {
    let say = "请先用 client_id 和 client_secret 到 /api/v1/oauth/token 取令牌，再在 Authorization 里带上：Bearer 令牌。";
    challenge(Fault::new(StatusCode::UNAUTHORIZED, "token_missing", "没有带令牌", say), "")
}

fn bad_token() -> Response {
    let say = "令牌不对、已经过期，或者接入系统已停用。请重新取令牌；还是不行，请联系本市的系统管理员。";
    let fault = Fault::new(StatusCode::UNAUTHORIZED, "token_invalid", "令牌不能用", say);
    challenge(fault, ", error=\"invalid_token\"")
}

fn beyond_scope(scopes: &[ClientScope]) -> Response {
    let named: Vec<String> =
        scopes.iter().map(|scope| format!("{}（{}）", scope.as_str(), scope.label())).collect();
    let say = format!(
        "这个接口要有授权范围 {}，现在的令牌没有。请取令牌时带上它；没有批准过的，请安全管理员增加。",
        named.join(" 或 ")
    );
    let fault = Fault::new(StatusCode::FORBIDDEN, "scope_missing", "没有这项授权", say);
    let words: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
    challenge(fault, &format!(", error=\"insufficient_scope\", scope=\"{}\"", words.join(" ")))
}

fn too_many(exceeded: Exceeded) -> Response {
    let (kind, title, say) = if exceeded.daily {
        (
            "daily_quota",
            "今天的次数用完了",
            "今天的调用次数已经用完，明天零点重新计算。急用的，请系统管理员增加次数。",
        )
    } else {
        ("too_fast", "调用太快", "这一秒的调用次数已经用完，请按 Retry-After 等一下再试，不要马上重发。")
    };
    let mut response = Fault::new(StatusCode::TOO_MANY_REQUESTS, kind, title, say).into_response();
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(exceeded.seconds));
    exceeded.allowance.tell(response.headers_mut());
    response
}

/// Lets a client through that holds one of the scopes and has requests left; the handler finds it as [`Client`].
///
/// # Errors
/// The answer: 401 without a token that holds, 403 without the scope, 429 when too much was asked.
pub(crate) async fn admit(
    scopes: &[ClientScope],
    parts: &mut Parts,
    ctx: &Ctx,
) -> Result<Allowance, Response> {
    let token = bearer(&parts.headers).ok_or_else(no_token)?;
    let held = holder(ctx, token).await.map_err(|error| Fault::from(error).into_response())?;
    let (id, client, held) = held.ok_or_else(bad_token)?;
    let (Some(org), Some(at)) = (client.org, client.at) else { return Err(bad_token()) };
    let client = Client {
        id,
        name: client.name,
        org,
        actor: client_actor(id, &at, &held),
        at,
        scopes: held,
        per_second: client.per_second,
        per_day: client.per_day,
    };
    let counted = quota::count(ctx, &client).await.map_err(|error| Fault::from(error).into_response())?;
    let allowance = counted.map_err(too_many)?;
    if scopes.iter().all(|scope| !client.scopes.contains(scope)) {
        let mut refused = beyond_scope(scopes);
        allowance.tell(refused.headers_mut());
        return Err(refused);
    }
    parts.extensions.insert(client);
    Ok(allowance)
}

impl FromRequestParts<Ctx> for Client {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &Ctx) -> Result<Self, Response> {
        // Put there by the gate; a route without it in the table of routes has no client.
        parts.extensions.get::<Self>().cloned().ok_or_else(no_token)
    }
}
