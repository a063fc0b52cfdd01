//! 效能监督: what is late and nearly late, where and with which items; each figure opens the list behind it.

mod cases;
mod overview;
#[cfg(test)]
mod tests;
mod trust;

use crate::Ctx;
use crate::cases::Nearness;
use axum::Router;
use axum::routing::{get, post};
use domain::kernel::OrgId;
use uuid::Uuid;

/// The routes of this capability.
pub fn routes() -> Router<Ctx> {
    Router::new()
        .route("/supervision", get(overview::page))
        .route("/supervision/cases", get(cases::page))
        .route("/supervision/trust", get(trust::page).post(trust::record))
        .route("/supervision/trust/{case}/repair", post(trust::repair))
}

/// The words of nearness in addresses.
const NEAR: [(&str, Nearness); 5] = [
    ("late", Nearness::Late),
    ("today", Nearness::Today),
    ("soon", Nearness::Soon),
    ("calm", Nearness::Calm),
    ("standing", Nearness::Standing),
];

/// The organisation of an address; nothing for none or a wrong one.
fn place(text: &str) -> Option<OrgId> {
    text.parse::<Uuid>().ok().map(OrgId)
}

/// The address of the list behind a figure.
fn list(near: &str, place: Option<OrgId>, item: &str) -> String {
    let place = place.map(|org| org.to_string()).unwrap_or_default();
    let pairs = [("near", near), ("place", place.as_str()), ("item", item)];
    let query: Vec<(&str, &str)> = pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    match serde_urlencoded::to_string(&query) {
        Ok(query) if !query.is_empty() => format!("/supervision/cases?{query}"),
        _ => "/supervision/cases".to_owned(),
    }
}
