//! 一起办几件事: which matters one application is for; another is found by searching, and what cannot go along says why.

use super::drawn;
use super::steps::last;
use crate::Ctx;
use crate::catalogue::Filter;
use crate::city::City;
use crate::identity::Citizen;
use crate::intake::{self, Draft, IntakeError, Owner, Saving};
use crate::web::Fault;
use crate::web::page::{Look, form_answer};
use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::catalogue::Item;
use domain::kernel::ItemId;
use serde::Deserialize;
use ui::{BackLink, Button, ErrorSummary, FieldError};
use uuid::Uuid;

/// Matters that are proposed before anything was searched for.
const PROPOSED: usize = 4;
/// Matters that a search shows.
const FOUND: usize = 8;
/// Matters that a search shows though they cannot go along, so that nobody searches for them again.
const NOT: usize = 3;
/// What is typed into the search box is not longer than this; the rest is cut.
const LONGEST: usize = 60;

/// One matter that could go along.
struct Offer {
    name: String,
    about: String,
    /// Why it cannot go along; empty when it can.
    not: String,
    join: Button,
}

#[derive(Template)]
#[template(path = "apply/bundle.html")]
struct BundlePage {
    back: BackLink,
    errors: ErrorSummary,
    chosen: Vec<(String, Option<Button>)>,
    shared: String,
    q: String,
    heading: String,
    offers: Vec<Offer>,
    action: String,
    done: Button,
}

/// What is searched for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Ask {
    #[serde(default)]
    q: String,
}

/// What a button sends: the number of a matter that comes in or goes out.
#[derive(Debug, Deserialize)]
pub(super) struct Change {
    #[serde(default)]
    join: String,
    #[serde(default)]
    part: String,
}

/// `GET /apply/draft/{id}/items`.
pub(super) async fn page(
    State(ctx): State<Ctx>,
    look: Look,
    citizen: Citizen,
    Path(id): Path<Uuid>,
    Query(ask): Query<Ask>,
) -> Result<Response, Fault> {
    let draft = intake::open(&ctx, Owner::Citizen(citizen.id), id).await?;
    if draft.application.is_some() {
        return Ok(Redirect::to(&format!("/apply/done/{id}")).into_response());
    }
    draw(&ctx, &look, &draft, &ask.q, "")
}

fn draw(ctx: &Ctx, look: &Look, draft: &Draft, q: &str, wrong: &str) -> Result<Response, Fault> {
    let city = ctx.city();
    let items = draft.items_in(&city);
    let q: String = q.trim().chars().take(LONGEST).collect();
    let leave = |item: &Item| {
        let button = Button::submit("这件不办了").small().about(&item.identity.name);
        (items.len() > 1).then(|| button.named("part", item.seq.to_string()))
    };
    let line = FieldError { id: "q".to_owned(), text: wrong.to_owned() };
    let (heading, offers) = offers(ctx, &city, draft, &q);
    let base = format!("/apply/draft/{}", draft.id);
    let body = BundlePage {
        back: BackLink::named("返回填写", format!("{base}/{}", last(draft))),
        errors: ErrorSummary::new(if wrong.is_empty() { Vec::new() } else { vec![line] }),
        chosen: items.iter().map(|item| (item.identity.name.clone(), leave(item))).collect(),
        shared: shared(draft, &city),
        q,
        heading,
        offers,
        action: format!("{base}/items"),
        done: Button::link("好了，继续填写", format!("{base}/{}", last(draft))).primary().large(),
    };
    form_answer("一起办几件事", look, &body, !wrong.is_empty())
}

/// What going together saves, in one sentence; empty for a single matter.
pub(super) fn shared(draft: &Draft, city: &City) -> String {
    let items = draft.items_in(city);
    if items.len() < 2 {
        return String::new();
    }
    let needs = draft.needs(city);
    let several = needs
        .iter()
        .filter(|need| !need.terms.shared && intake::needed_by(city, draft, &need.terms.code).len() > 1);
    let to_hand_in = needs.iter().filter(|need| !need.terms.shared).count();
    match (several.count(), to_hand_in) {
        (_, 0) => format!("{} 件事的信息只填一次，材料都不用交。", items.len()),
        (0, all) => format!("{} 件事的信息只填一次，材料一共 {all} 样。", items.len()),
        (common, all) => {
            format!(
                "{} 件事的信息只填一次；材料一共 {all} 样，其中 {common} 样几件事都要，只交一次。",
                items.len()
            )
        }
    }
}

fn offer(draft: &Draft, items: &[&Item], item: &Item) -> Offer {
    let all: Vec<&Item> = items.iter().copied().chain([item]).collect();
    let name = &item.identity.name;
    let common = intake::in_common(items, item);
    let about = if common > 0 {
        format!("有 {common} 样材料和这次的相同，只交一次")
    } else {
        String::new()
    };
    let not = intake::apart(&all, draft.channel, draft.applicant).unwrap_or_default();
    Offer {
        name: name.clone(),
        about,
        not: not.trim_start_matches(&format!("“{name}”")).to_owned(),
        join: Button::submit("加进来").about(name).named("join", item.seq.to_string()),
    }
}

/// What was found, or what fits; those that cannot go along last, and of them a few.
fn offers(ctx: &Ctx, city: &City, draft: &Draft, q: &str) -> (String, Vec<Offer>) {
    let items = draft.items_in(city);
    let offer = |item: &Item| offer(draft, &items, item);
    if q.is_empty() {
        let found = intake::companions(city, draft, PROPOSED);
        return ("可以一起办的".to_owned(), found.into_iter().map(offer).collect());
    }
    let catalogue = ctx.catalogue();
    let found = catalogue.search(q, Filter::default());
    let known = found.matches.iter().filter_map(|m| city.item(m.entry.item.id));
    let (mut rows, not): (Vec<Offer>, Vec<Offer>) = known.map(offer).partition(|offer| offer.not.is_empty());
    rows.truncate(FOUND);
    rows.extend(not.into_iter().take(NOT));
    (format!("“{q}”的搜索结果"), rows)
}

/// `POST /apply/draft/{id}/items`: lets a matter in or out; pressed twice it does the same as once.
pub(super) async fn change(
    State(ctx): State<Ctx>,
    look: Look,
    citizen: Citizen,
    Path(id): Path<Uuid>,
    Form(change): Form<Change>,
) -> Result<Response, Fault> {
    let owner = Owner::Citizen(citizen.id);
    let draft = intake::open(&ctx, owner, id).await?;
    let city = ctx.city();
    let item = |seq: &str| -> Option<ItemId> {
        seq.trim().parse().ok().and_then(|seq| city.item_by_seq(seq)).map(|item| item.id)
    };
    let (join, part) = (item(&change.join), item(&change.part));
    let here = format!("/apply/draft/{id}/items");
    if join.is_some_and(|id| draft.items.contains(&id)) {
        return Ok(Redirect::to(&here).into_response());
    }
    match intake::save(&ctx, owner, id, Saving { join, part, ..Saving::default() }).await {
        Ok(_) => Ok(Redirect::to(&here).into_response()),
        Err(IntakeError::Submitted) => Ok(Redirect::to(&format!("/apply/done/{id}")).into_response()),
        Err(IntakeError::Apart(why)) => draw(&ctx, &look.at(&here), &draft, "", &why),
        Err(error) => Err(error.into()),
    }
}

/// A draft that a matter could go along with.
pub(super) struct Along {
    pub name: String,
    pub when: String,
    pub action: String,
    pub button: Button,
}

/// Of the drafts those that this matter could be added to.
pub(super) fn along(ctx: &Ctx, drafts: &[Draft], item: &Item) -> Vec<Along> {
    let city = ctx.city();
    let fits = |draft: &&Draft| {
        let all: Vec<&Item> = draft.items_in(&city).into_iter().chain([item]).collect();
        all.len() > 1 && intake::apart(&all, draft.channel, draft.applicant).is_none()
    };
    let along = |draft: &Draft| {
        let name = drawn::matters(draft, &city);
        Along {
            when: drawn::moment(draft.updated_at, ctx.now()),
            action: format!("/apply/draft/{}/items", draft.id),
            button: Button::submit("加进去一起办").about(&name).named("join", item.seq.to_string()),
            name,
        }
    };
    drafts.iter().filter(|d| d.application.is_none()).filter(fits).take(1).map(along).collect()
}
