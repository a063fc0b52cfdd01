//! The public pages, without login: home, finding an item, its guide, the halls; and the list for other programs.

mod api;
mod pages;
#[cfg(test)]
mod tests;

use crate::Ctx;
use axum::Router;
use axum::routing::get;

/// The routes of this capability.
pub fn routes() -> Router<Ctx> {
    Router::new()
        .route("/", get(pages::home))
        .route("/items", get(pages::items))
        .route("/items/{code}", get(pages::item))
        .route("/halls", get(pages::halls))
        .route("/api/v1/items", get(api::items))
        .route("/api/{*rest}", get(api::unknown))
}
