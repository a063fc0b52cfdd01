//! What a program sends, read strictly: a parameter or field that is not known is refused by name, because a slip that is
//! ignored does something else than was meant.

use crate::Ctx;
use crate::identity::clients::Client;
use crate::web::{FORM_BODY_LIMIT, Fault};
use axum::body::{Bytes, to_bytes};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, StatusCode};
use serde::de::DeserializeOwned;
use store::files::Digest;
use uuid::Uuid;

/// The header under which a request that changes something may be sent again.
pub(super) const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// The header that names an uploaded file, percent-encoded.
pub(super) const FILE_NAME: HeaderName = HeaderName::from_static("file-name");
/// The longest key.
pub(super) const LONGEST_KEY: usize = 128;
/// The blind index by which two requests are known to be the same.
const PRINT: &str = "api_request.print";

/// The sentence for something that stands in the request and cannot be taken; `message` is the parser's.
fn wrong(what: &str, message: &str) -> Fault {
    let quoted = |words: &str| {
        let rest = message.split(words).nth(1)?;
        rest.split('`').next().map(str::to_owned)
    };
    let (field, say) = if let Some(name) = quoted("unknown field `") {
        (name, "没有这一项，请核对拼写，或者去掉它".to_owned())
    } else if let Some(name) = quoted("missing field `") {
        (name, "缺少这一项，请补上".to_owned())
    } else if let Some(name) = quoted("duplicate field `") {
        (name, "这一项写了不止一次，请只留一个".to_owned())
    } else {
        let name = message.split(": ").next().filter(|name| !name.contains(' ')).unwrap_or_default();
        (name.to_owned(), "值或类型不对，请对照接口说明填写".to_owned())
    };
    let told = match field.as_str() {
        "" | "." | "?" => format!("{what}看不懂，请对照接口说明检查格式。"),
        name => format!("{what}里的 {name}：{say}。"),
    };
    let fault = Fault::new(StatusCode::BAD_REQUEST, "bad_request", format!("{what}不对"), told);
    fault.with_errors(vec![(field, say)])
}

/// The query of an address.
pub(super) struct Ask<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<Ctx> for Ask<T> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, ctx: &Ctx) -> Result<Self, Fault> {
        if parts.uri.query().is_some_and(|query| query.contains("%00")) {
            return Err(wrong("查询参数", ""));
        }
        match Query::<T>::from_request_parts(parts, ctx).await {
            Ok(Query(ask)) => Ok(Self(ask)),
            Err(rejection) => {
                let text = rejection.body_text();
                Err(wrong("查询参数", text.trim_start_matches("Failed to deserialize query string: ")))
            }
        }
    }
}

/// The ids of a path; what is none names nothing.
pub(super) struct Named<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<Ctx> for Named<T> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, ctx: &Ctx) -> Result<Self, Fault> {
        let named = Path::<T>::from_request_parts(parts, ctx).await;
        named.map(|Path(named)| Self(named)).map_err(|_| Fault::not_found())
    }
}

fn has_kind(headers: &HeaderMap, fits: impl Fn(&str) -> bool) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    fits(kind.split(';').next().unwrap_or_default().trim())
}

fn not_this_kind() -> Fault {
    Fault::of_status(StatusCode::UNSUPPORTED_MEDIA_TYPE)
}

/// At most `most` bytes of the body.
async fn read(request: Request, most: usize) -> Result<Bytes, Fault> {
    to_bytes(request.into_body(), most).await.map_err(|_| Fault::of_status(StatusCode::PAYLOAD_TOO_LARGE))
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Fault> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let body = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let (path, inner) = (error.path().to_string(), error.into_inner().to_string());
        let named = inner.contains("field `");
        // The parser's own text quotes what was sent; only the field's name goes on.
        wrong("请求正文", &if named { inner } else { format!("{path}: ") })
    })?;
    reader.end().map_err(|_| wrong("请求正文", ""))?;
    Ok(body)
}

/// The JSON body of a request that may be sent twice without a key (PUT).
pub(super) struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Ctx> for Body<T> {
    type Rejection = Fault;

    async fn from_request(request: Request, _: &Ctx) -> Result<Self, Fault> {
        if !has_kind(request.headers(), |kind| kind == "application/json") {
            return Err(not_this_kind());
        }
        parse(&read(request, FORM_BODY_LIMIT).await?).map(Self)
    }
}

/// What a request is known by: the key it came with, and a print of what it asks.
#[derive(Debug, Clone)]
pub(super) struct Sender {
    pub client: Client,
    pub key: String,
    pub print: Vec<u8>,
}

impl Sender {
    fn of(ctx: &Ctx, parts: &Parts, content: &[&[u8]]) -> Result<Self, Fault> {
        let client = parts.extensions.get::<Client>().cloned().ok_or_else(Fault::not_found)?;
        let key =
            parts.headers.get(&KEY).and_then(|key| key.to_str().ok()).map(str::trim).unwrap_or_default();
        let fits = (1..=LONGEST_KEY).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic());
        if !fits {
            let fault = Fault::new(
                StatusCode::BAD_REQUEST,
                "key_missing",
                "缺少 Idempotency-Key",
                format!(
                    "每个 POST 都要在请求头 Idempotency-Key 里带一个不重复的值（1 到 {LONGEST_KEY} 个可见的英文字符，例如 UUID）；没有收到答复时用同一个值重发，不会办两次。"
                ),
            );
            return Err(fault.with_errors(vec![("Idempotency-Key".to_owned(), "请补上".to_owned())]));
        }
        let mut all = format!("{} {}", parts.method, parts.uri).into_bytes();
        for part in content {
            all.push(0);
            all.extend_from_slice(part);
        }
        let print = ctx.sealer.index(PRINT, &Digest::of(&all).to_string());
        Ok(Self { client, key: key.to_owned(), print })
    }
}

/// The JSON body of a POST with its key.
pub(super) struct Sent<T> {
    pub sender: Sender,
    pub body: T,
}

impl<T: DeserializeOwned> FromRequest<Ctx> for Sent<T> {
    type Rejection = Fault;

    async fn from_request(request: Request, ctx: &Ctx) -> Result<Self, Fault> {
        if !has_kind(request.headers(), |kind| kind == "application/json") {
            return Err(not_this_kind());
        }
        let (parts, body) = request.into_parts();
        let bytes = read(Request::new(body), FORM_BODY_LIMIT).await?;
        let sender = Sender::of(ctx, &parts, &[&bytes])?;
        Ok(Self { sender, body: parse(&bytes)? })
    }
}

/// A POST without a body, with its key.
pub(super) struct Bare(pub Sender);

impl FromRequest<Ctx> for Bare {
    type Rejection = Fault;

    async fn from_request(request: Request, ctx: &Ctx) -> Result<Self, Fault> {
        let (parts, body) = request.into_parts();
        let bytes = read(Request::new(body), FORM_BODY_LIMIT).await?;
        Sender::of(ctx, &parts, &[&bytes]).map(Self)
    }
}

/// The bytes of a file that was POSTed with its key.
pub(super) struct SentFile {
    pub sender: Sender,
    pub name: String,
    pub bytes: Bytes,
}

impl FromRequest<Ctx> for SentFile {
    type Rejection = Fault;

    async fn from_request(request: Request, ctx: &Ctx) -> Result<Self, Fault> {
        let is_file = |kind: &str| {
            kind == "application/pdf" || kind == "application/octet-stream" || kind.starts_with("image/")
        };
        if !has_kind(request.headers(), is_file) {
            return Err(not_this_kind());
        }
        let (parts, body) = request.into_parts();
        let name = file_name(&parts.headers);
        let bytes = read(Request::new(body), crate::cases::LARGEST).await?;
        let sender = Sender::of(ctx, &parts, &[name.as_bytes(), &bytes])?;
        Ok(Self { sender, name, bytes })
    }
}

/// The name of a file: percent-encoded UTF-8, so that it fits into a header.
fn file_name(headers: &HeaderMap) -> String {
    let raw = headers.get(&FILE_NAME).and_then(|name| name.to_str().ok()).unwrap_or_default();
    let pair = format!("n={}", raw.replace('+', "%2B").replace('&', "%26"));
    let read: Vec<(String, String)> = serde_urlencoded::from_str(&pair).unwrap_or_default();
    read.into_iter().next().map(|(_, name)| name).unwrap_or_default()
}

/// An id in a cursor.
pub(super) fn id_cursor(text: &str) -> Result<Option<Uuid>, Fault> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| bad_cursor())
}

/// A cursor that no answer of ours gave.
pub(super) fn bad_cursor() -> Fault {
    Fault::bad_request("cursor", "cursor 要原样使用上一页答复里的 next，不能自己编写。")
}

/// Rows in an answer when nobody asks for a number.
const USUAL_LIMIT: u16 = 50;
/// Rows in an answer at most.
const MOST: u16 = 200;

/// How many rows are asked for.
pub(super) fn rows(limit: Option<u16>) -> Result<usize, Fault> {
    let limit = limit.unwrap_or(USUAL_LIMIT);
    if limit == 0 || limit > MOST {
        return Err(Fault::bad_request("limit", "limit 要是 1 到 200 之间的整数。"));
    }
    Ok(limit.into())
}
