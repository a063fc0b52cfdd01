//! The home page: search first, then what people come for, then where to go.

use super::events::{self, Event};
use super::guide::{Line, line};
use super::hours;
use crate::Ctx;
use crate::catalogue::{Catalogue, Entry};
use crate::web::Fault;
use crate::web::page::{Look, public};
use askama::Template;
use axum::extract::State;
use axum::response::Response;

/// Searches in the words people use; a test proves that each of them finds something.
pub(super) const OFTEN: [&str; 5] = ["孩子上户口", "社保卡丢了", "租房提公积金", "失业金", "低保"];

#[derive(Template)]
#[template(path = "portal/home.html")]
struct Home<'a> {
    often: [&'static str; 5],
    events: Vec<Event>,
    departments: &'a [(String, usize)],
    total: usize,
    first: Vec<Line>,
    open: String,
    hours: &'static str,
    demo: bool,
}

/// `GET /`.
pub(super) async fn home(State(ctx): State<Ctx>, look: Look) -> Result<Response, Fault> {
    let catalogue = ctx.catalogue();
    let body = Home {
        often: OFTEN,
        events: events::all(),
        departments: catalogue.departments(),
        total: catalogue.items().len(),
        first: first(&catalogue),
        open: hours::now_in_words(&ctx.city().calendar, ctx.now()),
        hours: hours::PRINTED,
        demo: ctx.site.demo,
    };
    public("首页", &look, &body)
}

/// One item of each department whose guide is written: what a newcomer can look at first.
fn first(all: &Catalogue) -> Vec<Line> {
    let written = |department: &str| {
        let mut of = all.items().iter().filter(|entry| entry.department() == department);
        of.find(|entry: &&Entry| entry.item.guide.written)
    };
    all.departments().iter().filter_map(|(name, _)| written(name)).map(|entry| line(entry, &[])).collect()
}
