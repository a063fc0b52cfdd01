//! Choosing the item: words, pinyin or initials, as a list that the keyboard walks.

use super::frame::{self, Clerk};
use crate::Ctx;
use crate::catalogue::{Filter, Match};
use crate::identity::Staff;
use crate::web::Fault;
use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::catalogue::Regime;
use serde::Deserialize;

/// The most items shown: what is not among them is found by another word.
const MOST_HITS: usize = 8;
/// What is typed beyond this is not looked at.
const LONGEST: usize = 60;

/// How an item is handled, in the words of a clerk.
pub(super) const fn regime_word(regime: Regime) -> &'static str {
    match regime {
        Regime::Immediate => "即办件",
        Regime::Promised => "承诺件",
        Regime::ReportUp => "上报件",
    }
}

/// One item of the list.
pub(super) struct Hit {
    pub code: String,
    pub name: String,
    pub department: String,
    pub regime: &'static str,
}

/// What was typed and what was found.
pub(super) struct Found {
    pub typed: String,
    pub hits: Vec<Hit>,
}

/// The items that fit.
pub(super) fn found(ctx: &Ctx, typed: &str) -> Found {
    let typed: String = typed.trim().chars().take(LONGEST).collect();
    let city = ctx.city();
    let hit = |found: &Match<'_>| {
        let entry = found.entry;
        let item = city.item_by_seq(entry.no())?;
        Some(Hit {
            code: entry.slug(),
            name: entry.name().to_owned(),
            department: entry.department().to_owned(),
            regime: regime_word(item.regime.value),
        })
    };
    let catalogue = ctx.catalogue();
    let found = catalogue.search(&typed, Filter::default());
    let hits = found.matches.iter().filter_map(hit).take(MOST_HITS).collect();
    Found { hits, typed }
}

#[derive(Template)]
#[template(path = "window/found.html")]
struct List {
    find: Found,
}

/// What is looked for.
#[derive(Deserialize)]
pub(super) struct Ask {
    #[serde(default)]
    find: String,
}

/// `GET /window/items?find=`: the list alone, as it is typed.
pub(super) async fn items(
    State(ctx): State<Ctx>,
    staff: Staff,
    Query(ask): Query<Ask>,
) -> Result<Response, Fault> {
    Clerk::of(&ctx, staff)?;
    let list = List { find: found(&ctx, &ask.find) };
    Ok(frame::html(StatusCode::OK, list.render().map_err(Fault::internal)?))
}
