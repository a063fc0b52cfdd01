//! The floor of a page: bare axum and askama, the same bytes, nothing looked up.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Html;
use axum::routing::get;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;

/// A page is drawn from so many bytes at a time, like the values of a template.
const PART: usize = 64;

#[derive(Template)]
#[template(source = "{% for part in parts %}{{ part|safe }}{% endfor %}", ext = "html")]
struct Page<'a> {
    parts: &'a [String],
}

/// Serves a page of these bytes at `/`; it ends with the runtime.
///
/// # Errors
/// When no address can be listened on.
pub async fn serve(text: &str) -> anyhow::Result<SocketAddr> {
    let chars: Vec<char> = text.chars().collect();
    let parts: Vec<String> = chars.chunks(PART).map(|part| part.iter().collect()).collect();
    let door = TcpListener::bind("127.0.0.1:0").await?;
    let address = door.local_addr()?;
    let app = Router::new().route("/", get(page)).with_state(Arc::new(parts));
    tokio::spawn(async move { axum::serve(door, app).await });
    Ok(address)
}

async fn page(State(parts): State<Arc<Vec<String>>>) -> Html<String> {
    Html(Page { parts: &parts }.render().unwrap_or_default())
}
