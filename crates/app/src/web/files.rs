//! `/static/…`: the style sheet, scripts and icons that are embedded in the binary.

use super::Fault;
use axum::extract::{Path, Query};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

/// The content hash in the address.
#[derive(Deserialize, Default)]
pub(super) struct Version {
    #[serde(default)]
    v: String,
}

/// Serves one file: for ever under the address with its content hash, otherwise to be asked for again each time.
pub(super) async fn serve(
    Path(name): Path<String>,
    Query(version): Query<Version>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let asset = ui::assets::find(&name).ok_or_else(Fault::not_found)?;
    let cache = if version.v == asset.hash { "public, max-age=31536000, immutable" } else { "no-cache" };
    let known = headers.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let about = [(CACHE_CONTROL, cache), (ETAG, asset.etag.as_str())];
    if known.split(',').any(|tag| tag.trim().trim_start_matches("W/") == asset.etag) {
        return Ok((StatusCode::NOT_MODIFIED, about).into_response());
    }
    Ok((about, [(CONTENT_TYPE, asset.mime)], asset.bytes).into_response())
}
