//! From a body template to the whole answer: the one place where a page gets its head, header and foot.
//!
//! Mostly [`public`] or [`staff`] is enough. A page that wants more (errors in the title, htmx, a workstation) is made by
//! [`public_page`] or [`staff_page`], changed, and sent by [`send`].

use super::{Fault, Mode};
use crate::Ctx;
use crate::identity::{Citizen, Side, Staff};
use crate::routes;
use askama::Template;
use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, VARY};
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use ui::{Link, Page, PortalHeader, SafeHtml, Shape, StaffBar, User};

/// Pages a browser may keep, but asks for anew each time.
const KEPT: &str = "private, no-cache";
/// Pages with what belongs to somebody: kept nowhere.
const UNKEPT: &str = "no-store";

/// What a page is drawn for; as an argument of a handler it knows the citizen too.
#[derive(Debug, Clone)]
pub struct Look {
    /// Standard or elder.
    pub mode: Mode,
    /// The page's own path and query, where the mode switch returns to.
    pub here: String,
    /// The citizen who is signed in, for the header.
    pub user: Option<User>,
}

impl Look {
    /// The look of the page at `uri`, for nobody in particular.
    pub fn new(mode: Mode, uri: &Uri) -> Self {
        Self { mode, here: uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(), user: None }
    }

    /// The same at another address: the answer to a POST names the page of its form.
    #[must_use]
    pub fn at(mut self, here: &str) -> Self {
        here.clone_into(&mut self.here);
        self
    }
}

impl FromRequestParts<Ctx> for Look {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, ctx: &Ctx) -> Result<Self, Response> {
        let citizen = <Citizen as OptionalFromRequestParts<Ctx>>::from_request_parts(parts, ctx).await?;
        let user = citizen.map(|citizen| User {
            name: citizen.masked,
            href: crate::identity::home(Side::Citizen).to_owned(),
            sign_out: "/logout".to_owned(),
        });
        Ok(Self { user, ..Self::new(Mode::of(&parts.headers), &parts.uri) })
    }
}

/// Draws a public page.
///
/// # Errors
/// An internal fault when the template cannot be rendered.
pub fn public(title: &str, look: &Look, body: &impl Template) -> Result<Response, Fault> {
    send(StatusCode::OK, &public_page(title, look, body)?)
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
    Ok(answer(StatusCode::OK, KEPT, page.render().map_err(Fault::internal)?))
}

/// Draws a page for a member of staff, whose menu holds what their posts allow.
///
/// # Errors
/// An internal fault when the template cannot be rendered.
pub fn staff(title: &str, staff: &Staff, look: &Look, body: &impl Template) -> Result<Response, Fault> {
    send(StatusCode::OK, &staff_page(title, staff, look, body)?)
}

/// A public page, to be changed before it is sent; its body brings its own `zw-wrap`.
///
/// # Errors
/// An internal fault when the template cannot be rendered.
pub fn public_page(title: &str, look: &Look, body: &impl Template) -> Result<Page, Fault> {
    let path = look.here.split('?').next().unwrap_or("/");
    let nav = PUBLIC_MENU
        .map(|(text, href, icon)| Link::new(text, href).icon(icon).current(is_under(path, href)))
        .to_vec();
    let header = PortalHeader {
        brand: "政务服务".to_owned(),
        place: "常州市".to_owned(),
        find_help: "/halls".to_owned(),
        tabs: nav.clone(),
        nav,
        user: look.user.clone(),
        sign_in: "/login".to_owned(),
        ..PortalHeader::default()
    };
    let mut page = Page::portal(title, header, SafeHtml::render(body).map_err(Fault::internal)?);
    page.place = "近办政务服务".to_owned();
    page.mode.elder = look.mode.is_elder();
    page.shape = Shape::Own;
    page.here.clone_from(&look.here);
    Ok(page)
}

/// A page with a form and nothing else to do: white ground, no tabs on phones, kept out of search engines.
///
/// # Errors
/// An internal fault when the template cannot be rendered.
pub fn form_page(title: &str, look: &Look, body: &impl Template, failed: bool) -> Result<Page, Fault> {
    let mut page = public_page(title, look, body)?;
    if let ui::Chrome::Portal(header) = &mut page.chrome {
        header.tabs.clear();
    }
    page.has_errors = failed;
    page.head.no_index = true;
    page.surface = ui::Surface::White;
    Ok(page)
}

/// The answer with such a page: its form came back, or it is shown for the first time.
///
/// # Errors
/// An internal fault when the template cannot be rendered.
pub fn form_answer(title: &str, look: &Look, body: &impl Template, failed: bool) -> Result<Response, Fault> {
    send_form(&form_page(title, look, body, failed)?)
}

/// The menu of everybody.
const PUBLIC_MENU: [(&str, &str, &str); 5] = [
    ("首页", "/", "home"),
    ("办事", "/items", "list"),
    ("就近办", "/halls", "pin"),
    ("查办件", "/track", "clock"),
    ("我的", "/me", "user"),
];

/// Whether a page belongs to a place of the menu: itself, or below it.
fn is_under(path: &str, href: &str) -> bool {
    path.strip_prefix(href).is_some_and(|rest| rest.is_empty() || href != "/" && rest.starts_with('/'))
}

/// The menu of staff; a link stands in it where its page exists and the posts allow it.
const STAFF_MENU: [(&str, &str); 13] = [
    ("我的工作", "/staff"),
    ("窗口", "/window"),
    ("审核", "/review"),
    ("监督", "/supervision"),
    ("事项", "/admin/catalogue"),
    ("人员", "/admin/people"),
    ("接入系统", "/admin/clients"),
    ("权限表", "/admin/rights"),
    ("机构", "/admin/orgs"),
    ("工作日", "/admin/calendar"),
    ("后台任务", "/admin/jobs"),
    ("日志", "/admin/journal"),
    ("修改密码", "/staff/password"),
];

/// The links of the menu that a member of staff may follow.
pub fn staff_menu(staff: &Staff, look: &Look) -> Vec<Link> {
    let path = look.here.split('?').next().unwrap_or("/");
    let open = |(_, href): &(&str, &str)| routes::admits("GET", href, &staff.actor);
    STAFF_MENU
        .into_iter()
        .filter(open)
        .map(|(text, href)| Link::new(text, href).current(path == href))
        .collect()
}

/// A page for staff, to be changed before it is sent; its body stands in a `zw-wrap`.
///
/// # Errors
/// An internal fault when the template cannot be rendered.
pub fn staff_page(title: &str, staff: &Staff, look: &Look, body: &impl Template) -> Result<Page, Fault> {
    let bar = StaffBar {
        org: if staff.org_name.is_empty() { "近办".to_owned() } else { staff.org_name.clone() },
        nav: staff_menu(staff, look),
        user: Some(User {
            name: staff.name.clone(),
            href: "/staff".to_owned(),
            sign_out: "/staff/logout".to_owned(),
        }),
        ..StaffBar::default()
    };
    let mut page = Page::staff(title, bar, SafeHtml::render(body).map_err(Fault::internal)?);
    page.place = "近办工作台".to_owned();
    page.mode.elder = look.mode.is_elder();
    page.here.clone_from(&look.here);
    Ok(page)
}

/// The answer with such a page that holds a form: the form came back, or it is shown for the first time.
///
/// # Errors
/// An internal fault when the template cannot be rendered.
pub fn staff_form(
    title: &str,
    staff: &Staff,
    look: &Look,
    body: &impl Template,
    failed: bool,
) -> Result<Response, Fault> {
    let mut page = staff_page(title, staff, look, body)?;
    page.has_errors = failed;
    send_form(&page)
}

/// Sends a page with a form: one that came back with errors says so in its status too.
///
/// # Errors
/// An internal fault when the page cannot be rendered.
pub fn send_form(page: &Page) -> Result<Response, Fault> {
    send(if page.has_errors { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }, page)
}

/// Sends a page.
///
/// # Errors
/// An internal fault when the page cannot be rendered.
pub fn send(status: StatusCode, page: &Page) -> Result<Response, Fault> {
    let anybodys = matches!(&page.chrome, ui::Chrome::Portal(header) if header.user.is_none());
    let cache = if anybodys && status == StatusCode::OK { KEPT } else { UNKEPT };
    Ok(answer(status, cache, page.render().map_err(Fault::internal)?))
}

/// Sends a page that was drawn before, the same for everybody.
pub fn send_drawn(html: Bytes) -> Response {
    answer(StatusCode::OK, KEPT, html)
}

/// An HTML answer.
pub(super) fn answer(status: StatusCode, cache: &'static str, html: impl IntoResponse) -> Response {
    let headers = [(CONTENT_TYPE, "text/html; charset=utf-8"), (CACHE_CONTROL, cache), (VARY, "Cookie")];
    (status, headers, html).into_response()
}
