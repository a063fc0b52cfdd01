//! The receipt of several matters taken in together: every case with its number, its query code and its papers, to print.

use super::case::{PaperLink, issued};
use super::frame::{Clerk, Draw, address, day, go, moment};
use super::tab::Tab;
use super::tabs::own;
use crate::Ctx;
use crate::cases;
use crate::identity::Staff;
use crate::intake::{self, Owner, Told};
use crate::web::{Fault, Mode};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::SignedDuration;
use ui::{Button, Light, Note, Shape};
use uuid::Uuid;

/// Papers follow within so long; until then the page asks for them again.
const PAPERS_WITHIN: SignedDuration = SignedDuration::from_secs(40);

/// One case of the receipt.
struct TakenIn {
    item: String,
    href: String,
    number: String,
    code: String,
    status: &'static str,
    light: Light,
    /// The day until which it is done; empty when no clock runs.
    due: String,
    papers: Vec<PaperLink>,
}

#[derive(Template)]
#[template(path = "window/done.html")]
struct Receipt {
    note: Option<Note>,
    who: String,
    document: String,
    place: String,
    when: String,
    cases: Vec<TakenIn>,
    /// Where the papers are asked for again; empty when none is on its way.
    again: String,
    print: Button,
    fresh: Uuid,
}

/// `GET /window/tabs/{id}/done`.
pub(super) async fn show(
    State(ctx): State<Ctx>,
    staff: Staff,
    mode: Mode,
    Path(id): Path<Uuid>,
) -> Result<Response, Fault> {
    let clerk = Clerk::of(&ctx, staff)?;
    let tab = own(&ctx, &clerk, id).await?;
    draw(&ctx, &clerk, mode, &tab, None).await
}

/// Draws the receipt of a tab; a note says what was not done and makes it a conflict.
pub(super) async fn draw(
    ctx: &Ctx,
    clerk: &Clerk,
    mode: Mode,
    tab: &Tab,
    note: Option<Note>,
) -> Result<Response, Fault> {
    let Some(told) = told(ctx, clerk, tab).await? else {
        // The receipt is kept for some days; the cases stay.
        return Ok(go(&tab.case.map_or_else(|| address(tab.id), |case| format!("/window/cases/{case}"))));
    };
    let (mut taken, mut first, mut pending) = (Vec::new(), None, false);
    for told in told {
        let view = cases::view(ctx, told.id, &clerk.by()).await?;
        let papers = issued(ctx, told.id).await?;
        let fresh = view.timeline.last().is_some_and(|entry| {
            ctx.now().duration_since(entry.entered_at.unwrap_or(entry.at)) < PAPERS_WITHIN
        });
        pending |= fresh || papers.iter().any(|paper| paper.href.is_empty());
        taken.push(TakenIn {
            item: view.item_name.clone(),
            href: format!("/window/cases/{}", view.id),
            number: view.number_read.clone(),
            code: told.query_code,
            status: view.status.label(),
            light: cases::light(view.clock.due, view.status, view.clock.today, &ctx.city().calendar),
            due: view.clock.due.filter(|_| !view.status.is_closed()).map(day).unwrap_or_default(),
            papers,
        });
        first.get_or_insert(view);
    }
    let Some(first) = first else { return Ok(go("/window")) };
    let party = first.party.unwrap_or_default();
    let here = format!("{}/done", address(tab.id));
    let wrong = note.is_some();
    let body = Receipt {
        note,
        who: party.name,
        document: format!("{} {}", party.document_kind, party.document),
        place: first.accepting_name,
        when: moment(first.submitted_at),
        cases: taken,
        again: if pending { here.clone() } else { String::new() },
        print: Button::print("打印回执").large(),
        fresh: ctx.new_uuid(),
    };
    let title = format!("收件回执，{} 件", body.cases.len());
    Draw::new(clerk, mode, title, here).wrong(wrong, StatusCode::CONFLICT).live(Shape::Wide, &body)
}

/// The cases as they were told to who submitted; nothing when the receipt is gone or there is none yet.
async fn told(ctx: &Ctx, clerk: &Clerk, tab: &Tab) -> Result<Option<Vec<Told>>, Fault> {
    let Some(draft) = tab.draft else { return Ok(None) };
    match intake::open(ctx, Owner::Staff(clerk.staff.id), draft).await {
        Ok(draft) => Ok(draft.receipt().map(|receipt| receipt.cases.clone())),
        Err(intake::IntakeError::Absent) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
