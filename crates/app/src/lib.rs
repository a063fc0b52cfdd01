//! The product: one folder per capability, the web layers in front of them, and the context they share.

pub mod catalogue;
pub mod city;
mod ctx;
pub mod portal;
pub mod web;

pub use ctx::{Clock, Ctx, Entropy, Site};

use axum::Router;

/// The whole web application: every route behind every layer.
pub fn router(ctx: Ctx) -> Router {
    web::dress(web::routes().merge(portal::routes()), ctx)
}
