//! From a body template to the whole answer: the one place where a public page gets its head, header and foot.

use super::{Fault, Mode};
use askama::Template;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, VARY};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use ui::{Link, Page, PortalHeader, SafeHtml, Shape};

/// What a public page is drawn for.
#[derive(Debug, Clone)]
pub struct Look {
    /// Standard or elder.
    pub mode: Mode,
    /// The page's own path and query, where the mode switch returns to.
    pub here: String,
}

impl Look {
    /// The look of the page at `uri`.
    pub fn new(mode: Mode, uri: &Uri) -> Self {
        Self { mode, here: uri.path_and_query().map_or("/", |path| path.as_str()).to_owned() }
    }
}

/// Draws a public page that may be kept by the browser but is asked for anew each time.
///
/// # Errors
/// An internal fault when the template cannot be rendered.
pub fn public(title: &str, look: &Look, body: &impl Template) -> Result<Response, Fault> {
    let html = draw(title, look, body).map_err(Fault::internal)?;
    Ok(answer(StatusCode::OK, "private, no-cache", html))
}

/// Draws a sheet to be printed: no menus around it.
///
/// # Errors
/// An internal fault when the template cannot be rendered.
pub fn bare(title: &str, look: &Look, body: &impl Template) -> Result<Response, Fault> {
    let body = SafeHtml::render(body).map_err(Fault::internal)?;
    let mut page = Page::bare(title, false, body);
    page.place = "近办政务服务".to_owned();
    page.mode.elder = look.mode.is_elder();
    page.here.clone_from(&look.here);
    let html = page.render().map_err(Fault::internal)?;
    Ok(answer(StatusCode::OK, "private, no-cache", html))
}

/// The HTML of a page; its body brings its own `zw-wrap`.
pub(super) fn draw(title: &str, look: &Look, body: &impl Template) -> Result<String, askama::Error> {
    let path = look.here.split('?').next().unwrap_or("/");
    let links = [("首页", "/", "home"), ("办事", "/items", "list"), ("就近办", "/halls", "pin")];
    let nav = links.map(|(text, href, icon)| Link::new(text, href).icon(icon).current(path == href)).to_vec();
    let header = PortalHeader {
        brand: "政务服务".to_owned(),
        place: "常州市".to_owned(),
        find_help: "/halls".to_owned(),
        tabs: nav.clone(),
        nav,
        ..PortalHeader::default()
    };
    let mut page = Page::portal(title, header, SafeHtml::render(body)?);
    page.place = "近办政务服务".to_owned();
    page.mode.elder = look.mode.is_elder();
    page.shape = Shape::Own;
    page.here.clone_from(&look.here);
    page.render()
}

/// An HTML answer.
pub(super) fn answer(status: StatusCode, cache: &'static str, html: String) -> Response {
    let headers = [(CONTENT_TYPE, "text/html; charset=utf-8"), (CACHE_CONTROL, cache), (VARY, "Cookie")];
    (status, headers, html).into_response()
}
