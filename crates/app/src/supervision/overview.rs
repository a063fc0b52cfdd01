//! The figures on one page.

use super::{list, place};
use crate::Ctx;
use crate::cases::{self, ActError, Figures, StaffActor};
use crate::city::City;
use crate::identity::Staff;
use crate::web::Fault;
use crate::web::page::{Look, staff as staff_page};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use domain::kernel::{OrgId, time::wall_clock};
use serde::Deserialize;

/// Which part of the city.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Ask {
    #[serde(default)]
    place: String,
}

/// A figure with the list behind it.
struct Figure {
    name: &'static str,
    count: u64,
    href: String,
    state: &'static str,
}

/// One place or item with what is late and nearly late.
struct Line {
    name: String,
    open: String,
    /// 已超期, 今天到期, 三天内到期.
    near: [(u64, String); 3],
}

#[derive(Template)]
#[template(path = "supervision/overview.html")]
struct OverviewPage {
    here: String,
    up: bool,
    counted_at: String,
    figures: Vec<Figure>,
    places: Vec<Line>,
    items: Vec<Line>,
}

/// `GET /supervision?place=`.
pub(super) async fn page(
    State(ctx): State<Ctx>,
    look: Look,
    staff: Staff,
    Query(ask): Query<Ask>,
) -> Result<Response, Fault> {
    let (city, who, at) = (ctx.city(), StaffActor::from(&staff), place(&ask.place));
    let overview = cases::overview(&ctx, &who, at).await.map_err(ActError::from)?;
    let places = overview.by_place.into_iter().filter_map(|(code, counts)| place_line(&city, &code, counts));
    let items = overview.by_item.into_iter().map(|(code, counts)| item_line(&ctx, &code, counts, at));
    let body = OverviewPage {
        here: at.and_then(|id| city.org(id)).map_or_else(|| staff.org_name.clone(), |org| org.name.clone()),
        up: at.is_some(),
        counted_at: wall_clock(overview.counted_at).strftime("%H:%M:%S").to_string(),
        figures: figures(overview.all, at),
        places: places.collect(),
        items: items.collect(),
    };
    staff_page("监督", &staff, &look, &body)
}

fn figures(counts: Figures, at: Option<OrgId>) -> Vec<Figure> {
    // Red and amber say that somebody has to do something: a figure of nought wears no light.
    let figure = |name, near: &str, count, state| {
        let state = if count == 0 { "" } else { state };
        Figure { name, count, href: list(near, at, ""), state }
    };
    vec![
        figure("已超期", "late", counts.late, "red"),
        figure("今天到期", "today", counts.today, "amber"),
        figure("三天内到期", "soon", counts.soon, "amber"),
        figure("还早", "calm", counts.calm, "green"),
        figure("停表或没有期限", "standing", counts.standing, "gray"),
        figure("全部在办", "", counts.all(), ""),
    ]
}

/// The organisation that stands for a division: the hall of a town, the service office of a district.
fn org_of(city: &City, code: &str) -> Option<OrgId> {
    let region = code.parse().ok()?;
    city.hall_of(&region)
        .or_else(|| city.orgs.iter().find(|org| org.region == region && org.department.is_none()))
        .map(|org| org.id)
}

fn line(name: String, open: String, counts: Figures, at: Option<OrgId>, item: &str) -> Line {
    Line {
        name,
        open,
        near: [("late", counts.late), ("today", counts.today), ("soon", counts.soon)]
            .map(|(near, count)| (count, list(near, at, item))),
    }
}

fn place_line(city: &City, code: &str, counts: Figures) -> Option<Line> {
    let org = if code.is_empty() { None } else { Some(org_of(city, code)?) };
    let name = match org {
        Some(_) => city.divisions.iter().find(|d| d.code.as_str() == code).map(|d| d.name.clone())?,
        // What was accepted above the districts has no list of its own; the list of all holds it.
        None => "市级受理".to_owned(),
    };
    let open = org.map(|org| format!("/supervision?place={org}")).unwrap_or_default();
    Some(line(name, open, counts, org, ""))
}

fn item_line(ctx: &Ctx, code: &str, counts: Figures, at: Option<OrgId>) -> Line {
    let name = ctx.catalogue().item(code).map_or_else(|| code.to_owned(), |entry| entry.name().to_owned());
    line(name, String::new(), counts, at, code)
}
