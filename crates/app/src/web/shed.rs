//! When more is asked than can be answered, some are told at once to come again, instead of all growing slow together.

use super::Fault;
use crate::Ctx;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Requests that may be under way: some half a second's work of two cores.
pub(super) const MOST: i64 = 1024;
/// What the operator's tools ask; in a crowd they matter most.
const OPERATOR: [&str; 3] = ["/healthz", "/readyz", "/metrics"];

/// Lets the request through unless too many are under way.
pub(super) async fn shed(State(ctx): State<Ctx>, request: Request, next: Next) -> Response {
    if ctx.ops.requests.under_way() > MOST && !OPERATOR.contains(&request.uri().path()) {
        return Fault::busy().into_response();
    }
    next.run(request).await
}
