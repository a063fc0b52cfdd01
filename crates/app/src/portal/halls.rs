//! The list of halls: by district, or by the name of a town or village.

use super::{hours, percent};
use crate::Ctx;
use crate::catalogue::{District, Hall, VillageHall};
use crate::web::Fault;
use crate::web::page::{Look, public};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use domain::org::Org;
use serde::Deserialize;

/// Halls on one page.
const PAGE: usize = 20;
/// A name typed into the search box is not longer than this; the rest is cut.
const LONGEST: usize = 30;

/// What the list of halls may be asked for.
#[derive(Deserialize, Default)]
pub(super) struct Ask {
    #[serde(default)]
    district: String,
    #[serde(default)]
    q: String,
    #[serde(default)]
    after: String,
}

/// A hall with those of its villages that were asked for.
struct Row<'a> {
    district: &'a str,
    hall: &'a Hall,
    villages: Vec<&'a VillageHall>,
    /// Its villages are shown because their names were asked for.
    found: bool,
    /// Its name, hours, telephone and address as administrators keep them now.
    now: Option<Org>,
}

#[derive(Template)]
#[template(path = "portal/halls.html")]
struct Halls<'a> {
    districts: &'a [District],
    chosen: &'a str,
    q: &'a str,
    rows: Vec<Row<'a>>,
    next: String,
    past_first: bool,
    open: String,
    hours: &'static str,
}

/// `GET /halls?district=&q=&after=`.
pub(super) async fn halls(
    State(ctx): State<Ctx>,
    look: Look,
    Query(ask): Query<Ask>,
) -> Result<Response, Fault> {
    let catalogue = ctx.catalogue();
    let districts = catalogue.districts();
    if !ask.district.is_empty() && !districts.iter().any(|district| district.code == ask.district) {
        return Err(Fault::not_found());
    }
    let q: String = ask.q.trim().chars().take(LONGEST).collect();
    let mut rest = districts
        .iter()
        .filter(|district| ask.district.is_empty() || district.code == ask.district)
        .flat_map(|district| district.halls.iter().map(move |hall| (district.name.as_str(), hall)))
        .filter(|(_, hall)| hall.code.as_str() > ask.after.as_str())
        .filter_map(|(district, hall)| row(district, hall, &q));
    let mut rows: Vec<Row> = rest.by_ref().take(PAGE).collect();
    let city = ctx.city();
    for row in &mut rows {
        row.now = row.hall.code.parse().ok().and_then(|code| city.hall_of(&code)).cloned();
    }
    let last = rest.next().and(rows.last());
    let next =
        last.map(|row| format!("/halls?district={}&q={}&after={}", ask.district, percent(&q), row.hall.code));
    let body = Halls {
        districts,
        chosen: &ask.district,
        q: &q,
        rows,
        next: next.unwrap_or_default(),
        past_first: !ask.after.is_empty(),
        open: hours::now_in_words(&ctx.city().calendar, ctx.now()),
        hours: hours::PRINTED,
    };
    let title = if q.is_empty() {
        "就近办：服务大厅".to_owned()
    } else {
        format!("“{q}”的服务大厅")
    };
    public(&title, &look, &body)
}

impl Row<'_> {
    /// The name on the door now.
    fn name(&self) -> &str {
        self.now.as_ref().map_or(self.hall.name.as_str(), |org| org.name.as_str())
    }
}

/// The hall when it is asked for: by its own town, or by one of its villages.
fn row<'a>(district: &'a str, hall: &'a Hall, q: &str) -> Option<Row<'a>> {
    if q.is_empty() || hall.town.contains(q) || hall.name.contains(q) || district.contains(q) {
        return Some(Row {
            district,
            hall,
            villages: hall.villages.iter().collect(),
            found: false,
            now: None,
        });
    }
    let villages: Vec<&VillageHall> = hall
        .villages
        .iter()
        .filter(|village| village.village.contains(q) || village.name.contains(q))
        .collect();
    (!villages.is_empty()).then_some(Row { district, hall, villages, found: true, now: None })
}
