//! The list behind a figure: the same filter, the same count.

use super::{NEAR, place};
use crate::Ctx;
use crate::cases::{self, ActError, After, CaseFilter, StaffActor, read_number};
use crate::identity::Staff;
use crate::web::Fault;
use crate::web::page::{Look, staff as staff_page};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use domain::kernel::time::legal_day;
use serde::Deserialize;
use ui::{BackLink, Light};

/// Rows on one page.
const PAGE: usize = 50;

/// What the list is narrowed to.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Ask {
    #[serde(default)]
    near: String,
    #[serde(default)]
    place: String,
    #[serde(default)]
    item: String,
    #[serde(default)]
    after: String,
}

struct Line {
    href: String,
    light: Light,
    due: String,
    item: String,
    number: String,
    applicant: String,
    status: &'static str,
    org: String,
}

#[derive(Template)]
#[template(path = "supervision/cases.html")]
struct CasesPage {
    back: BackLink,
    what: String,
    lines: Vec<Line>,
    next: String,
}

/// `GET /supervision/cases?near=&place=&item=&after=`.
pub(super) async fn page(
    State(ctx): State<Ctx>,
    look: Look,
    staff: Staff,
    Query(ask): Query<Ask>,
) -> Result<Response, Fault> {
    let after = After::asked(&ask.after)?;
    let filter = CaseFilter {
        nearness: NEAR.into_iter().find(|(word, _)| *word == ask.near).map(|(_, near)| near),
        place: place(&ask.place),
        item_code: (!ask.item.is_empty()).then(|| ask.item.clone()),
        ..CaseFilter::default()
    };
    let page = cases::open_cases(&ctx, &StaffActor::from(&staff), &filter, after.as_ref(), PAGE)
        .await
        .map_err(ActError::from)?;
    let here = super::list(&ask.near, filter.place, &ask.item);
    let joint = if here.contains('?') { '&' } else { '?' };
    let body = CasesPage {
        back: BackLink::named("返回监督", "/supervision"),
        what: what(&ctx, &ask, &filter),
        lines: page.rows.iter().map(|row| line(&ctx, row)).collect(),
        next: page.next.map(|key| format!("{here}{joint}after={}", key.cursor())).unwrap_or_default(),
    };
    staff_page("在办件", &staff, &look, &body)
}

/// What is listed, in words.
fn what(ctx: &Ctx, ask: &Ask, filter: &CaseFilter) -> String {
    let near = filter.nearness.map_or("全部在办", cases::Nearness::label);
    let place = filter.place.and_then(|id| ctx.city().org(id).map(|org| org.name.clone()));
    let item = ctx.catalogue().item(&ask.item).map(|entry| entry.name().to_owned());
    [Some(near.to_owned()), place, item].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn line(ctx: &Ctx, row: &cases::CaseRow) -> Line {
    let (city, today) = (ctx.city(), legal_day(ctx.now()));
    Line {
        href: format!("/review/{}", row.id),
        light: cases::light(row.due, row.status, today, &city.calendar),
        due: row.due.map(|due| due.to_string()).unwrap_or_default(),
        item: row.item_name.clone(),
        number: read_number(&row.number),
        applicant: row.applicant.clone(),
        status: row.status.label(),
        org: city.org(row.handling).map(|org| org.name.clone()).unwrap_or_default(),
    }
}
