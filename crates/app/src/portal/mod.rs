//! The public pages, without login: home, finding an item, its guide, the halls.

mod drawn;
mod events;
mod find;
mod guide;
mod guide_questions;
mod halls;
mod home;
mod hours;
mod item;
#[cfg(test)]
mod tests;

use crate::Ctx;
use axum::Router;
use axum::routing::get;

pub use drawn::Drawn;

/// The routes of this capability.
pub fn routes() -> Router<Ctx> {
    Router::new()
        .route("/", get(home::home))
        .route("/items", get(find::items))
        .route("/items/{code}", get(item::item))
        .route("/items/{code}/notice", get(item::notice))
        .route("/halls", get(halls::halls))
}

/// Percent-encodes a text for the query of an address (RFC 3986).
fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        out
    })
}
