//! Clients 接入系统: the system administrator opens, closes and limits them and draws their secrets, the security administrator
//! gives their scopes. Neither makes a client that can do something alone.

mod act;
mod pages;
#[cfg(test)]
mod tests;

use crate::Ctx;
use axum::Router;
use axum::routing::{get, post};

/// The routes of these pages.
pub(super) fn routes() -> Router<Ctx> {
    Router::new()
        .route("/admin/clients", get(pages::list).post(act::open))
        .route("/admin/clients/new", get(pages::new))
        .route("/admin/clients/{id}", get(pages::one))
        .route("/admin/clients/{id}/close", post(act::close))
        .route("/admin/clients/{id}/limits", post(act::limit))
        .route("/admin/clients/{id}/reopen", post(act::reopen))
        .route("/admin/clients/{id}/scopes", post(act::scope))
        .route("/admin/clients/{id}/secret", post(act::draw_secret))
}
