//! Organisations: the tree, one organisation with its form, and what it may decide on the spot.

mod detail;
mod immediate;

use super::desk::{cut, for_the_city, percent};
use crate::Ctx;
use crate::city::City;
use crate::identity::Staff;
use crate::web::Fault;
use crate::web::page::{Look, staff};
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use domain::kernel::OrgId;
use domain::org::{NameSource, Org, OrgKind, OrgPath};
use domain::rights::Permission;
use serde::Deserialize;
use ui::{Empty, Field, Pager, Row, SafeHtml, Table, Tag, TagKind, TextKind, Trail, Width};

/// Organisations on one page.
const PAGE: usize = 50;
/// A name typed into the search box is not longer than this; the rest is cut.
const LONGEST_QUERY: usize = 60;

pub(super) fn routes() -> Router<Ctx> {
    Router::new()
        .route("/admin/orgs", get(list))
        .route("/admin/orgs/{id}", get(detail::show).post(detail::describe))
        .route("/admin/orgs/{id}/service", post(detail::service))
        .route("/admin/orgs/{id}/immediate", get(immediate::show).post(immediate::authorise))
}

/// What the tree may be asked for.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Ask {
    under: String,
    q: String,
    after: String,
}

#[derive(Template)]
#[template(path = "admin/orgs.html")]
struct Orgs {
    trail: Trail,
    title: String,
    under: String,
    search: Field,
    own: String,
    table: Table,
}

/// The organisation that an address names.
fn named<'a>(city: &'a City, id: &str) -> Result<&'a Org, Fault> {
    let id: OrgId = id.parse().map_err(|_| Fault::not_found())?;
    city.org(id).ok_or_else(Fault::not_found)
}

/// `GET /admin/orgs?under=&q=&after=`: what stands directly under an organisation, or what a name finds below it.
async fn list(
    State(ctx): State<Ctx>,
    staff_member: Staff,
    look: Look,
    Query(ask): Query<Ask>,
) -> Result<Response, Fault> {
    for_the_city(&ctx, &staff_member, Permission::ConfigureSystem)?;
    let city = ctx.city();
    let root = city.orgs.first().ok_or_else(Fault::not_found)?;
    let above = if ask.under.is_empty() { root } else { named(&city, &ask.under)? };
    let q = cut(&ask.q, LONGEST_QUERY);
    let (shown, next) = choose(&city, above, &q, &ask.after);
    let address = |after: &str| format!("/admin/orgs?under={}&q={}{after}", above.id, percent(&q));
    let empty = if q.is_empty() {
        Empty::new("它下面没有机构", "可以回到上一级，或者用名称查找。")
    } else {
        Empty::new("没有找到叫这个名字的机构", "换个说法再试，例如只写“雕庄”，或者写区划代码。")
    };
    let caption = if q.is_empty() { "下级机构" } else { "找到的机构" };
    let table = Table::new(caption, ["名称", "类别", "级别", "区划代码", "情况", ">下级"])
        .rows(shown.iter().map(|org| row(&city, org)).collect())
        .empty(empty)
        .pager(Pager {
            first: if ask.after.is_empty() { String::new() } else { address("") },
            next: next.map(|id| address(&format!("&after={id}"))).unwrap_or_default(),
        });
    let body = Orgs {
        trail: trail(&city, above),
        title: above.name.clone(),
        under: above.id.to_string(),
        search: Field::text("q", "按名称或区划代码查找", TextKind::Search, &q)
            .hot_search()
            .width(Width::Long)
            .optional(),
        own: format!("/admin/orgs/{}", above.id),
        table,
    };
    staff("机构", &staff_member, &look, &body)
}

/// A page in the order of the city's tree, and the id that the next one starts after.
fn choose<'a>(city: &'a City, above: &Org, q: &str, after: &str) -> (Vec<&'a Org>, Option<OrgId>) {
    let start = after
        .parse::<OrgId>()
        .ok()
        .and_then(|id| city.orgs.iter().position(|org| org.id == id))
        .map_or(0, |at| at + 1);
    let matches = |org: &&Org| match q {
        "" => org.path.parent().as_ref() == Some(&above.path),
        q => {
            above.path.contains(&org.path)
                && (org.name.contains(q) || org.short.contains(q) || org.region.as_str().starts_with(q))
        }
    };
    let mut rest = city.orgs.iter().skip(start).filter(matches);
    let page: Vec<&Org> = rest.by_ref().take(PAGE).collect();
    let next = rest.next().and(page.last()).map(|org| org.id);
    (page, next)
}

fn row(city: &City, org: &Org) -> Row {
    let href = format!("/admin/orgs/{}", org.id);
    let below = city.orgs.iter().filter(|other| other.path.parent().as_ref() == Some(&org.path)).count();
    let down =
        Link { href: format!("/admin/orgs?under={}", org.id), text: below.to_string(), about: &org.name };
    Row {
        cells: vec![
            link(&href, &org.name),
            SafeHtml::text(kind_word(org.kind)),
            SafeHtml::text(org.level.label()),
            SafeHtml::text(org.region.as_str()),
            tags(org),
            if below == 0 { SafeHtml::text("0") } else { SafeHtml::render(&down).unwrap_or_default() },
        ],
        href,
        next: false,
    }
}

/// A number that leads somewhere; `about` is read out after it.
#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<a href="{{ href }}">{{ text }}<span class="zw-vh">个，{{ about }}的下级</span></a>"#
)]
struct Link<'a> {
    href: String,
    text: String,
    about: &'a str,
}

#[derive(Template)]
#[template(ext = "html", source = r#"<a href="{{ href }}">{{ text }}</a>"#)]
struct Plain<'a> {
    href: &'a str,
    text: &'a str,
}

/// A link in a cell.
pub(super) fn link(href: &str, text: &str) -> SafeHtml {
    SafeHtml::render(&Plain { href, text }).unwrap_or_default()
}

fn tags(org: &Org) -> SafeHtml {
    let mut list = Vec::new();
    if !org.is_open() {
        list.push(SafeHtml::of(&Tag::new(TagKind::Red, "暂停服务")));
    }
    if org.name_source == NameSource::Pattern {
        list.push(SafeHtml::of(&Tag::new(TagKind::Amber, "名称待核对")));
    }
    SafeHtml::concat(&list)
}

/// The word for a kind of organisation.
fn kind_word(kind: OrgKind) -> &'static str {
    match kind {
        OrgKind::Government => "政府",
        OrgKind::Department => "部门",
        OrgKind::ServiceOffice => "政务办",
        OrgKind::TownHall => "镇（街道）大厅",
        OrgKind::VillageHall => "村（社区）服务点",
    }
}

/// The way from the city down to an organisation.
fn trail(city: &City, org: &Org) -> Trail {
    let mut above: Vec<(&str, String)> = Vec::new();
    let mut path: Option<OrgPath> = org.path.parent();
    while let Some(up) = path {
        if let Some(org) = city.orgs.iter().find(|org| org.path == up) {
            above.push((&org.short, format!("/admin/orgs?under={}", org.id)));
        }
        path = up.parent();
    }
    above.push(("系统管理", "/admin".to_owned()));
    Trail::new(above.iter().rev().map(|(text, href)| (*text, href.as_str())), org.short.clone())
}
