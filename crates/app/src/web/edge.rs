//! The outermost layer: a trace id of our own for every request, security headers on every answer, one log line.

use crate::Ctx;
use axum::extract::{MatchedPath, Request, State};
use axum::http::HeaderValue;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use axum::middleware::Next;
use axum::response::Response;
use std::fmt;
use std::time::Instant;
use tracing::Instrument;

/// The content security policy of every answer: nothing inline, nothing from elsewhere.
pub const CSP: &str = "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; \
     frame-ancestors 'none'; form-action 'self'";

/// The header that carries the trace id to the person and to support.
pub const TRACE_HEADER: HeaderName = HeaderName::from_static("x-trace-id");

/// The id of one request, made here and never taken from outside: it ties log lines, journal entries and the problem
/// page a person reads out over the phone together. 128 random bits, shown as 32 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Trace([u8; 16]);

impl Trace {
    /// Draws a new trace id.
    pub fn draw(ctx: &Ctx) -> Self {
        let mut bytes = [0u8; 16];
        ctx.entropy.fill(&mut bytes);
        Self(bytes)
    }

    /// The sixteen bytes, for storing.
    pub fn bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Trace({self})")
    }
}

/// Runs one request: names it, answers with the security headers, writes the access log.
///
/// The log holds the route's pattern, never the path or the query, which may carry names and numbers of people.
pub(super) async fn edge(State(ctx): State<Ctx>, mut request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let _under_way = ctx.ops.requests.begin();
    let trace = Trace::draw(&ctx);
    request.extensions_mut().insert(trace);
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let span = tracing::info_span!("request", %trace);
    let mut response = next.run(request).instrument(span).await;
    guard(response.headers_mut(), ctx.site.https);
    if let Ok(value) = HeaderValue::from_str(&trace.to_string()) {
        response.headers_mut().insert(TRACE_HEADER, value);
    }
    let route = route.as_ref().map_or("(none)", MatchedPath::as_str);
    let (status, took) = (response.status().as_u16(), begun.elapsed());
    ctx.ops.requests.ended(&method, route, status, took);
    let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    tracing::info!(target: "access", %trace, %method, route, status, ms);
    response
}

/// Sets the headers that every answer carries; an answer that says nothing about caching is not kept anywhere.
fn guard(headers: &mut HeaderMap, https: bool) {
    // A handler may be stricter: a file of a case is shown in a sandbox.
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(CSP));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if https {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
}
