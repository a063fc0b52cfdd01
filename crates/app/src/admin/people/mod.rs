//! Staff accounts: the system administrator opens and closes them, the security administrator gives and takes posts.
//! Neither can take over an account alone: a new password needs the one, a removed second factor the other.

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
        .route("/admin/people", get(pages::list).post(act::open))
        .route("/admin/people/new", get(pages::new))
        .route("/admin/people/{id}", get(pages::one))
        .route("/admin/people/{id}/close", post(act::close))
        .route("/admin/people/{id}/reopen", post(act::reopen))
        .route("/admin/people/{id}/unlock", post(act::unlock))
        .route("/admin/people/{id}/password", post(act::reset_password))
        .route("/admin/people/{id}/second", post(act::remove_second_factor))
        .route("/admin/people/{id}/posts", post(act::give))
        .route("/admin/people/{id}/posts/take", post(act::take))
}
