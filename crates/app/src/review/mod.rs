//! 审核: the work of the departments behind the windows. A list by what the law leaves, a case with its documents, and the
//! actions the table of allowed actions offers, each with what it needs.

mod acts;
mod batch;
mod case;
mod deeds;
mod list;
#[cfg(test)]
mod tests;

use crate::Ctx;
use axum::Router;
use axum::routing::{get, post};

/// The routes of this capability.
pub fn routes() -> Router<Ctx> {
    Router::new()
        .route("/review", get(list::page))
        .route("/review/batch", post(batch::page))
        .route("/review/{id}", get(case::page))
        .route("/review/{id}/here", get(case::present))
        .route("/review/{id}/reveal", post(case::reveal))
        .route("/review/{id}/{deed}", post(deeds::act))
}
