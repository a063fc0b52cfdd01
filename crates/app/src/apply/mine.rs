//! 我的办件: drafts that wait, cases with what they need, and what was told.

use super::drawn;
use crate::Ctx;
use crate::cases::{self, CaseRow, read_number};
use crate::identity::Citizen;
use crate::intake::{self, IntakeError, Owner};
use crate::web::Fault;
use crate::web::page::{Look, public_page, send};
use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::cases::Status;
use domain::kernel::CaseId;
use jiff::Timestamp;
use serde::Deserialize;
use ui::{Tag, TagKind};
use uuid::Uuid;

/// Cases on one page.
const PAGE: usize = 20;
/// Drafts and messages shown.
const FEW: u32 = 10;

struct DraftLine {
    name: String,
    when: String,
    href: String,
}

/// A case in the list of the applicant.
struct Line {
    name: String,
    number: String,
    when: String,
    tag: Tag,
    due: String,
    href: String,
    act: &'static str,
}

struct Told {
    title: String,
    lines: Vec<String>,
    when: String,
    href: String,
    new: bool,
}

#[derive(Template)]
#[template(path = "apply/mine.html")]
struct MinePage {
    drafts: Vec<DraftLine>,
    cases: Vec<Line>,
    messages: Vec<Told>,
    next: String,
    past_first: bool,
}

/// Where the list goes on.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Ask {
    #[serde(default)]
    before: Option<Uuid>,
}

/// `GET /me`.
pub(super) async fn page(
    State(ctx): State<Ctx>,
    look: Look,
    citizen: Citizen,
    Query(ask): Query<Ask>,
) -> Result<Response, Fault> {
    let now = ctx.now();
    let read = |e: store::Error| Fault::from(IntakeError::from(e));
    let owner = Owner::Citizen(citizen.id);
    let first = ask.before.is_none();
    let drafts = if first { intake::drafts(&ctx, owner, None, FEW).await.map_err(read)? } else { Vec::new() };
    let messages =
        if first { cases::messages(&ctx, citizen.id, None, FEW).await.map_err(read)? } else { Vec::new() };
    let (rows, next) = cases::mine(&ctx, citizen.id, ask.before.map(CaseId), PAGE).await.map_err(read)?;
    let city = ctx.city();
    let draft = |d: intake::Draft| DraftLine {
        name: drawn::matters(&d, &city),
        when: drawn::moment(d.updated_at, now),
        href: format!("/apply/draft/{}/{}", d.id, super::steps::last(&d)),
    };
    let told = |m: cases::Message| Told {
        title: m.title,
        lines: m.body.lines().map(str::to_owned).collect(),
        when: drawn::moment(m.sent_at, now),
        href: format!("/me/cases/{}", m.case),
        new: !m.read,
    };
    let body = MinePage {
        drafts: drafts.into_iter().filter(|d| d.application.is_none()).map(draft).collect(),
        cases: rows.iter().map(|row| line(row, now)).collect(),
        messages: messages.into_iter().map(told).collect(),
        next: next.map(|id| format!("/me?before={id}")).unwrap_or_default(),
        past_first: !first,
    };
    let mut page = public_page("我的办件", &look, &body)?;
    page.head.no_index = true;
    send(StatusCode::OK, &page)
}

fn line(row: &CaseRow, now: Timestamp) -> Line {
    let today = domain::kernel::time::legal_day(now);
    let waits = row.status == Status::Correcting;
    Line {
        name: row.item_name.clone(),
        number: read_number(&row.number),
        when: drawn::moment(row.submitted_at, now),
        tag: tag(row.status),
        due: row
            .due
            .map(|due| format!("{}前{}", drawn::day(due, today), until(row.status)))
            .unwrap_or_default(),
        href: format!("/me/cases/{}{}", row.id, if waits { "/correct" } else { "" }),
        act: if waits { "去补材料" } else { "查看" },
    }
}

/// What the day in the list is for.
const fn until(status: Status) -> &'static str {
    match status {
        Status::Submitted | Status::Received => "答复是否受理",
        Status::Correcting => "补交",
        _ => "办完",
    }
}

/// The state as a tag: green done, amber waits for the applicant, red refused.
pub(super) fn tag(status: Status) -> Tag {
    let kind = match status {
        Status::Delivered | Status::Archived | Status::Granted | Status::ResultReady => TagKind::Green,
        Status::Correcting => TagKind::Amber,
        Status::Denied | Status::Refused | Status::NotRequired | Status::Terminated => TagKind::Red,
        Status::Withdrawn | Status::Draft => TagKind::Plain,
        _ => TagKind::Blue,
    };
    Tag::new(kind, status.label())
}
