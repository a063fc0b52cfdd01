//! The layers every request passes, and the routes that belong to no capability.
//!
//! From the outside in: `edge` (trace id, security headers, access log) → compression → `problem` (every refusal becomes
//! a page or a problem document) → crowd → panics → time limit → cross-site check → size limit → routes.

mod edge;
mod fault;
mod files;
#[cfg(test)]
mod full_disk_tests;
mod gate;
pub mod health;
pub mod metrics;
mod mode;
mod ops;
pub mod page;
mod problem;
mod shed;
#[cfg(test)]
pub(crate) mod tests;

pub use edge::{CSP, Trace};
pub use fault::Fault;
pub use gate::guarded;
pub use mode::Mode;
pub(crate) use mode::local;
pub use ops::Ops;

use crate::Ctx;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use std::any::Any;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::{CsrfLayer, ProtectionError};
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

/// No request may carry more than this, whatever its route (a 25 MB upload with its form around it).
pub const HARD_BODY_LIMIT: usize = 32 * 1024 * 1024;
/// A form without files; routes with uploads set their own `DefaultBodyLimit`.
pub const FORM_BODY_LIMIT: usize = 1024 * 1024;
/// An answer that takes longer is given up: the person is told to try again.
pub const TIME_LIMIT: Duration = Duration::from_secs(30);

/// The routes that belong to no capability.
pub fn routes() -> Router<Ctx> {
    Router::new()
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(metrics::guarded))
        .route("/mode", post(mode::switch))
        .route("/static/{*name}", get(files::serve))
}

/// The routes of the operator's own address.
pub fn operator_routes() -> Router<Ctx> {
    Router::new()
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(metrics::shown))
}

/// Puts all layers around `routes`.
pub fn dress(routes: Router<Ctx>, ctx: Ctx) -> Router {
    routes
        .fallback(|| async { Fault::not_found() })
        .layer(DefaultBodyLimit::max(FORM_BODY_LIMIT))
        .layer(RequestBodyLimitLayer::new(HARD_BODY_LIMIT))
        .layer(
            CsrfLayer::new()
                .with_rejection_response(|_: ProtectionError| Fault::cross_site().into_response()),
        )
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, TIME_LIMIT))
        .layer(CatchPanicLayer::custom(|_: Box<dyn Any + Send>| {
            Fault::internal("a handler panicked").into_response()
        }))
        .layer(from_fn_with_state(ctx.clone(), shed::shed))
        .layer(from_fn_with_state(ctx.clone(), problem::tell))
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(ctx.clone(), edge::edge))
        .with_state(ctx)
}
