//! `POST /api/v1/oauth/token`: a token for a client that shows its secret (OAuth 2 client credentials, RFC 6749 §4.4).

use crate::Ctx;
use crate::identity::clients::{self, TOKEN_LIFE, TokenError};
use crate::web::Fault;
use axum::Json;
use axum::body::{Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, PRAGMA, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// No honest request for a token is longer.
const MOST: usize = 8 * 1024;

/// 取令牌的表单。client_id 和 client_secret 也可以改用 HTTP Basic 带上。
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TokenAsk {
    /// 固定为 client_credentials。
    #[schema(schema_with = grant_type)]
    grant_type: String,
    /// 要的授权范围，用空格隔开；不填就是已批准的全部。
    #[schema(max_length = 1000)]
    scope: Option<String>,
    /// 接入系统的编号。
    #[schema(max_length = 200)]
    client_id: Option<String>,
    /// 接入系统的密钥。
    #[schema(max_length = 200)]
    client_secret: Option<String>,
}

fn grant_type() -> utoipa::openapi::schema::Object {
    utoipa::openapi::ObjectBuilder::new()
        .schema_type(utoipa::openapi::schema::Type::String)
        .enum_values(Some([GRANT]))
        .description(Some("固定为 client_credentials。"))
        .build()
}

const GRANT: &str = "client_credentials";

/// 令牌。
#[derive(Serialize, ToSchema)]
pub(super) struct TokenAnswer {
    /// 令牌，放在 Authorization: Bearer 里。
    access_token: String,
    /// 固定为 Bearer。
    token_type: &'static str,
    /// 几秒后过期。
    expires_in: i64,
    /// 得到的授权范围，用空格隔开。
    scope: String,
}

/// 没有取到令牌（RFC 6749 第 5.2 节）。
#[derive(Serialize, ToSchema)]
pub(super) struct TokenRefusal {
    /// invalid_request、invalid_client、invalid_scope、unsupported_grant_type 之一。
    error: &'static str,
    /// 怎么办。
    error_description: String,
}

/// Why no token is given, before it is an answer.
struct Refused {
    status: StatusCode,
    error: &'static str,
    say: String,
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let body = TokenRefusal { error: self.error, error_description: self.say };
        let mut response = (self.status, never_kept(), Json(body)).into_response();
        if self.status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static("Basic realm=\"jinban\"");
            response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

fn refusal(status: StatusCode, error: &'static str, say: impl Into<String>) -> Refused {
    Refused { status, error, say: say.into() }
}

const fn never_kept() -> [(axum::http::HeaderName, &'static str); 2] {
    [(CACHE_CONTROL, "no-store"), (PRAGMA, "no-cache")]
}

/// Name and secret from HTTP Basic; each is percent-encoded once more (RFC 6749 §2.3.1).
fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let (kind, encoded) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    if !kind.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = pair.split_once(':')?;
    let plain = |text: &str| {
        let read: Vec<(String, String)> = serde_urlencoded::from_str(&format!("v={text}")).ok()?;
        read.into_iter().next().map(|(_, value)| value)
    };
    Some((plain(id)?, plain(secret)?))
}

/// Who asks, in one of the two ways and not in both.
fn credentials(headers: &HeaderMap, ask: &TokenAsk) -> Result<(String, String), Refused> {
    let form = ask.client_id.clone().zip(ask.client_secret.clone());
    match (headers.contains_key(AUTHORIZATION), form) {
        (true, Some(_)) => Err(refusal(
            StatusCode::BAD_REQUEST,
            "invalid_request",
            "client_id 和 client_secret 只能用一种方式带：HTTP Basic 或者表单，请去掉一种。",
        )),
        (true, None) => {
            basic(headers).ok_or_else(|| no_client("Authorization 里的 HTTP Basic 看不懂，请核对。"))
        }
        (false, Some(pair)) => Ok(pair),
        (false, None) => Err(no_client("请用 HTTP Basic 或者表单带上 client_id 和 client_secret。")),
    }
}

fn no_client(say: &str) -> Refused {
    refusal(StatusCode::UNAUTHORIZED, "invalid_client", say)
}

/// The form, or the answer to one that is none.
async fn form(headers: &HeaderMap, request: Request) -> Result<TokenAsk, Refused> {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let bad = |say: &str| refusal(StatusCode::BAD_REQUEST, "invalid_request", say);
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return Err(bad("请用 Content-Type: application/x-www-form-urlencoded 提交表单。"));
    }
    let Ok(bytes): Result<Bytes, _> = to_bytes(request.into_body(), MOST).await else {
        return Err(bad("表单太长，请只带 grant_type、scope、client_id 和 client_secret。"));
    };
    serde_urlencoded::from_bytes(&bytes).map_err(|_| {
        bad("表单不对：grant_type 必填；只能有 grant_type、scope、client_id、client_secret，各一次。")
    })
}

/// 取令牌
///
/// 用接入系统的编号和密钥换一小时有效的令牌（OAuth 2 client credentials）。编号和密钥由本市的系统管理员在“接入系统”页面开通，
/// 授权范围由安全管理员批准。
#[utoipa::path(post, path = "/api/v1/oauth/token", tag = "令牌",
    request_body(content = TokenAsk, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "令牌", body = TokenAnswer),
        (status = 400, description = "请求不对", body = TokenRefusal),
        (status = 401, description = "编号或密钥不对", body = TokenRefusal)
    ))]
pub(super) async fn token(State(ctx): State<Ctx>, request: Request) -> Result<Response, Response> {
    let headers = request.headers().clone();
    let ask = form(&headers, request).await.map_err(IntoResponse::into_response)?;
    if ask.grant_type != GRANT {
        let say = "grant_type 只支持 client_credentials。";
        return Err(refusal(StatusCode::BAD_REQUEST, "unsupported_grant_type", say).into_response());
    }
    let (id, secret) = credentials(&headers, &ask).map_err(IntoResponse::into_response)?;
    match clients::grant(&ctx, &id, &secret, ask.scope.as_deref().unwrap_or_default()).await {
        Ok(granted) => {
            let scope = granted.scope();
            let answer = TokenAnswer {
                access_token: granted.token,
                token_type: "Bearer",
                expires_in: TOKEN_LIFE.as_secs(),
                scope,
            };
            Ok((never_kept(), Json(answer)).into_response())
        }
        Err(error @ TokenError::Client) => Err(no_client(&error.to_string()).into_response()),
        Err(error @ TokenError::Scope) => {
            Err(refusal(StatusCode::BAD_REQUEST, "invalid_scope", error.to_string()).into_response())
        }
        Err(TokenError::Store(error)) => Err(Fault::from(error).into_response()),
    }
}
