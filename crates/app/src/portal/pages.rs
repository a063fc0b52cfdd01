//! The handlers and views of the public pages.

use crate::Ctx;
use crate::catalogue::{Catalogue, District, Entry, Hall};
use crate::web::page::{Look, public};
use crate::web::{Fault, Mode};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::Uri;
use axum::response::Response;
use serde::Deserialize;

/// Items or halls on one page of a list.
const PAGE: usize = 20;
/// A name typed into the search box is not longer than this; the rest is cut.
const LONGEST_QUERY: usize = 60;

#[derive(Template)]
#[template(path = "portal/home.html")]
struct Home<'a> {
    departments: &'a [(String, usize)],
    total: usize,
    first: Vec<&'a Entry>,
    demo: bool,
}

/// `GET /`: search first, then departments, then items whose guide is drafted.
pub(super) async fn home(State(ctx): State<Ctx>, mode: Mode, uri: Uri) -> Result<Response, Fault> {
    let all = ctx.catalogue.items();
    let body = Home {
        departments: ctx.catalogue.departments(),
        total: all.len(),
        first: all.iter().filter(|item| item.guide.is_some()).step_by(3).take(8).collect(),
        demo: ctx.site.demo,
    };
    public("首页", &Look::new(mode, &uri), &body)
}

/// What the list of items may be asked for.
#[derive(Deserialize, Default)]
pub(super) struct ItemsAsk {
    #[serde(default)]
    q: String,
    #[serde(default)]
    department: String,
    #[serde(default)]
    after: String,
}

#[derive(Template)]
#[template(path = "portal/items.html")]
struct Items<'a> {
    q: &'a str,
    department: &'a str,
    departments: &'a [(String, usize)],
    rows: Vec<&'a Entry>,
    next: String,
    past_first: bool,
}

/// `GET /items?q=&department=&after=`: the list, or what was found.
pub(super) async fn items(
    State(ctx): State<Ctx>,
    mode: Mode,
    uri: Uri,
    Query(ask): Query<ItemsAsk>,
) -> Result<Response, Fault> {
    let after: u16 = match ask.after.as_str() {
        "" => 0,
        text => {
            text.parse().map_err(|_| Fault::bad_request("after", "翻页的位置不对，请从“办事”首页重新翻。"))?
        }
    };
    let q: String = ask.q.trim().chars().take(LONGEST_QUERY).collect();
    let (rows, next) = choose(&ctx.catalogue, &q, &ask.department, after);
    let body = Items {
        q: &q,
        department: &ask.department,
        departments: ctx.catalogue.departments(),
        rows,
        next: next.map(|no| link(&q, &ask.department, no)).unwrap_or_default(),
        past_first: after > 0,
    };
    let title = if q.is_empty() { "办事".to_owned() } else { format!("“{q}”的搜索结果") };
    public(&title, &Look::new(mode, &uri), &body)
}

/// The rows of one page and the number the next one starts after. Results of a search are ranked: there the number
/// is a position among them, in the list it is the number of the last item.
fn choose<'a>(all: &'a Catalogue, q: &str, department: &str, after: u16) -> (Vec<&'a Entry>, Option<u16>) {
    if q.is_empty() {
        let slice = all.list(department, after, PAGE);
        return (slice.rows, slice.next);
    }
    let found = all.find(q, department);
    let start = usize::from(after).min(found.len());
    let end = (start + PAGE).min(found.len());
    let next = if end < found.len() { u16::try_from(end).ok() } else { None };
    (found.get(start..end).unwrap_or_default().to_vec(), next)
}

/// The address of the page after `after`.
fn link(q: &str, department: &str, after: u16) -> String {
    format!("/items?q={}&department={}&after={after}", percent(q), percent(department))
}

/// Percent-encodes a text for the query of an address (RFC 3986).
pub(super) fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        out
    })
}

#[derive(Template)]
#[template(path = "portal/item.html")]
struct ItemPage<'a> {
    item: &'a Entry,
}

/// `GET /items/{code}`: can I, what to bring, how long; then fee, steps, places.
pub(super) async fn item(
    State(ctx): State<Ctx>,
    mode: Mode,
    uri: Uri,
    Path(code): Path<String>,
) -> Result<Response, Fault> {
    let item = ctx.catalogue.item(&code).ok_or_else(Fault::not_found)?;
    public(&item.name, &Look::new(mode, &uri), &ItemPage { item })
}

/// What the list of halls may be asked for.
#[derive(Deserialize, Default)]
pub(super) struct HallsAsk {
    #[serde(default)]
    district: String,
    #[serde(default)]
    after: String,
}

#[derive(Template)]
#[template(path = "portal/halls.html")]
struct Halls<'a> {
    districts: &'a [District],
    chosen: &'a str,
    rows: Vec<(&'a str, &'a Hall)>,
    next: String,
    past_first: bool,
}

/// `GET /halls?district=&after=`: the halls by district and town.
pub(super) async fn halls(
    State(ctx): State<Ctx>,
    mode: Mode,
    uri: Uri,
    Query(ask): Query<HallsAsk>,
) -> Result<Response, Fault> {
    let districts = ctx.catalogue.districts();
    if !ask.district.is_empty() && !districts.iter().any(|district| district.code == ask.district) {
        return Err(Fault::not_found());
    }
    let mut rest = districts
        .iter()
        .filter(|district| ask.district.is_empty() || district.code == ask.district)
        .flat_map(|district| district.halls.iter().map(move |hall| (district.name.as_str(), hall)))
        .filter(|(_, hall)| hall.code.as_str() > ask.after.as_str());
    let rows: Vec<_> = rest.by_ref().take(PAGE).collect();
    let last = rest.next().and(rows.last());
    let next = last.map(|(_, hall)| format!("/halls?district={}&after={}", ask.district, hall.code));
    let body = Halls {
        districts,
        chosen: &ask.district,
        rows,
        next: next.unwrap_or_default(),
        past_first: !ask.after.is_empty(),
    };
    public("就近办：服务大厅", &Look::new(mode, &uri), &body)
}
