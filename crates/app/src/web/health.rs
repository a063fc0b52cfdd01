//! `/healthz`: whether this node can serve, for load balancers and operators.

use axum::Json;
use serde_json::{Value, json};

/// Answers 200 when this node serves.
pub(super) async fn healthz() -> Json<Value> {
    Json(json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }))
}
