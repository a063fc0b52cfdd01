//! A case at the counter: where it stands, what can be done here, its material, its papers.

use super::desk::column;
use super::frame::{Clerk, Draw, Now, Side, day, moment};
use super::posted::Posted;
use super::reasons::Act;
use super::{bar, tab};
use crate::Ctx;
use crate::cases::{self, CaseView, InFull, TimelineEntry};
use crate::identity::Staff;
use crate::intake::{self, Submitter};
use crate::papers;
use crate::web::{Fault, Mode};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::cases::{Action, Channel};
use domain::kernel::CaseId;
use jiff::SignedDuration;
use serde::Deserialize;
use std::collections::HashMap;
use ui::{ErrorSummary, Light, Moment, Note, SafeHtml, StepState, Tag, TagKind, Timeline};
use uuid::Uuid;

/// Papers follow what happened within so long; until then the page asks for them again.
const PAPERS_WITHIN: SignedDuration = SignedDuration::from_secs(40);

/// A stored page with its address.
pub(super) struct PageLink {
    href: String,
}

/// One material of the case.
pub(super) struct Material {
    no: usize,
    code: String,
    name: String,
    hint: String,
    asked: bool,
    paper: u16,
    copies: String,
    pages: Vec<PageLink>,
    state: Tag,
    next: bool,
}

/// One paper that was issued.
pub(super) struct PaperLink {
    pub text: String,
    /// Where its PDF is; empty while it is being made.
    pub href: String,
    pub void: bool,
}

struct NoticeShown {
    until: String,
    items: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "window/case.html")]
struct CasePage {
    side: Side,
    note: Option<Note>,
    errors: ErrorSummary,
    address: String,
    version: i64,
    item: String,
    status: &'static str,
    light: Light,
    number: String,
    who: String,
    document_kind: String,
    document: String,
    phone: String,
    channel: &'static str,
    submitted: String,
    waits: String,
    clock: String,
    flags: Vec<Tag>,
    present: SafeHtml,
    in_full: SafeHtml,
    in_full_open: bool,
    /// The result and who took it.
    outcome: Vec<(&'static str, String)>,
    /// The other cases of the application: name, address, where it stands.
    siblings: Vec<(String, String, &'static str)>,
    notice: Option<NoticeShown>,
    supplying: bool,
    rows: Vec<Material>,
    answers: Vec<(String, String)>,
    papers: Vec<PaperLink>,
    /// Where the list of papers is asked for again; empty when nothing is on its way.
    again: String,
    code: String,
    timeline: Timeline,
    acts: Vec<Act>,
}

/// What a look at a case asks for.
#[derive(Deserialize)]
pub(super) struct Look {
    /// The tab it came from, which knows the query code.
    tab: Option<Uuid>,
}

/// `GET /window/cases/{id}`.
pub(super) async fn show(
    State(ctx): State<Ctx>,
    staff: Staff,
    mode: Mode,
    Path(id): Path<CaseId>,
    Query(look): Query<Look>,
) -> Result<Response, Fault> {
    let clerk = Clerk::of(&ctx, staff)?;
    draw(&ctx, &clerk, mode, id, Show { from: look.tab, ..Show::default() }).await
}

/// What a drawing of a case says besides what is kept.
#[derive(Default)]
pub(super) struct Show<'a> {
    /// The tab it came from, which knows the query code.
    pub from: Option<Uuid>,
    /// A sentence at the top; the answer then is a conflict.
    pub note: Option<Note>,
    /// A form that came back: what was ticked in it.
    pub posted: Option<&'a Posted>,
    /// The people in full, after a reason was given.
    pub full: Option<InFull>,
}

/// Draws a case.
pub(super) async fn draw(
    ctx: &Ctx,
    clerk: &Clerk,
    mode: Mode,
    id: CaseId,
    show: Show<'_>,
) -> Result<Response, Fault> {
    let Show { from, note, posted, full } = show;
    let view = cases::view(ctx, id, &clerk.by()).await?;
    let who = view.party.as_ref().map(|party| party.name.clone()).unwrap_or_default();
    let now = Now { who, what: view.item_name.clone(), since: String::new() };
    let side = column(ctx, clerk, Some(now), None).await?;
    let code = match from {
        Some(tab) => query_code(ctx, clerk, tab, id).await?,
        None => String::new(),
    };
    let pages = pages(&view);
    let papers = issued(ctx, id).await?;
    let title = format!("{}（{}）", view.item_name, view.status.label());
    let here = format!("/window/cases/{id}");
    let wrong = note.is_some();
    let fresh = view.timeline.last().is_some_and(|entry| {
        let made = entry.entered_at.unwrap_or(entry.at);
        ctx.now().duration_since(made) < PAPERS_WITHIN
    });
    let pending = fresh || papers.iter().any(|paper| paper.href.is_empty());
    let query = from.map(|tab| format!("?tab={tab}")).unwrap_or_default();
    let again = if pending { format!("{here}{query}") } else { String::new() };
    let mut page = compose(ctx, clerk, &view, side, note, code, &pages, papers);
    page.again = again;
    page.present = cases::present(ctx, id, &clerk.staff, &format!("{here}/here")).await?;
    page.in_full_open = full.is_some();
    page.in_full = match full {
        Some(full) => full.drawn()?,
        None if cases::may_see_in_full(ctx, &clerk.staff, &view) => {
            InFull::asked(here.clone(), "").drawn()?
        }
        None => SafeHtml::default(),
    };
    if let Some(posted) = posted {
        keep_ticks(&mut page.rows, posted);
    }
    Draw::new(clerk, mode, title, here).wrong(wrong, StatusCode::CONFLICT).workstation(&page)
}

/// A form that came back shows what was ticked.
fn keep_ticks(rows: &mut [Material], posted: &Posted) {
    for row in rows.iter_mut().filter(|row| posted.has(&format!("copies.{}", row.code))) {
        posted.get(&format!("copies.{}", row.code)).clone_into(&mut row.copies);
        row.paper = u16::from(posted.has(&format!("paper.{}", row.code)));
    }
}

/// The query code of a case that this clerk took in; empty when the receipt is gone.
async fn query_code(ctx: &Ctx, clerk: &Clerk, id: Uuid, case: CaseId) -> Result<String, Fault> {
    let tab = tab::find(ctx, clerk.staff.id, id).await?;
    let Some(draft) = tab.filter(|tab| tab.case == Some(case.uuid())).and_then(|tab| tab.draft) else {
        return Ok(String::new());
    };
    // Submitting what was submitted answers its receipt.
    let receipt = intake::submit(ctx, &Submitter::Staff(clerk.actor()), draft, "").await;
    let told = receipt.ok().and_then(|receipt| receipt.cases.into_iter().find(|told| told.id == case));
    Ok(told.map(|told| told.query_code).unwrap_or_default())
}

/// Where each stored page of the case is read.
fn pages(view: &CaseView) -> HashMap<Uuid, String> {
    let address = |file: &cases::Attachment| format!("/cases/{}/files/{}", view.id, file.digest);
    view.files.iter().map(|file| (file.id.uuid(), address(file))).collect()
}

/// The papers of the case, the newest first: that is the one to print now.
pub(super) async fn issued(ctx: &Ctx, id: CaseId) -> Result<Vec<PaperLink>, Fault> {
    let link = |paper: papers::PaperView| PaperLink {
        text: format!("{} {}", paper.title, paper.number),
        href: if paper.ready { paper.href } else { String::new() },
        void: paper.voided.is_some(),
    };
    Ok(papers::of_case(ctx, id).await?.into_iter().rev().map(link).collect())
}

#[allow(clippy::too_many_arguments, reason = "each part of the page comes from a place of its own")]
fn compose(
    ctx: &Ctx,
    clerk: &Clerk,
    view: &CaseView,
    side: Side,
    note: Option<Note>,
    code: String,
    pages: &HashMap<Uuid, String>,
    papers: Vec<PaperLink>,
) -> CasePage {
    let party = view.party.clone().unwrap_or_default();
    let may = |action| view.actions.contains(&action);
    let supplying = may(Action::Resubmit) || may(Action::SupplyDeferred);
    let notice = view
        .notices
        .last()
        .filter(|notice| notice.waiting)
        .map(|notice| NoticeShown { until: day(notice.until), items: notice.items.clone() });
    CasePage {
        side,
        note,
        errors: ErrorSummary::new(Vec::new()),
        address: format!("/window/cases/{}", view.id),
        version: view.version,
        item: view.item_name.clone(),
        status: view.status.label(),
        light: cases::light(view.clock.due, view.status, view.clock.today, &ctx.city().calendar),
        number: view.number_read.clone(),
        who: party.name,
        document_kind: party.document_kind,
        document: party.document,
        phone: if party.phone.is_empty() { "没有登记".to_owned() } else { party.phone },
        channel: channel_word(view.channel),
        submitted: moment(view.submitted_at),
        waits: waits(view),
        clock: view.clock.sentence().unwrap_or_else(|| "受理后开始计时".to_owned()),
        flags: flags(view),
        present: SafeHtml::default(),
        in_full: SafeHtml::default(),
        in_full_open: false,
        outcome: outcome(view),
        siblings: siblings(view),
        notice,
        supplying,
        rows: rows(view, supplying, pages),
        answers: view.answers.iter().map(|a| (a.label.clone(), a.value.clone())).collect(),
        papers,
        again: String::new(),
        code,
        timeline: timeline(&view.timeline),
        acts: bar::acts(ctx, clerk, view),
    }
}

fn siblings(view: &CaseView) -> Vec<(String, String, &'static str)> {
    let one = |s: &cases::Sibling| (s.item_name.clone(), format!("/window/cases/{}", s.id), s.status.label());
    view.siblings.iter().map(one).collect()
}

fn outcome(view: &CaseView) -> Vec<(&'static str, String)> {
    let number = view.document_no.clone().map(|no| ("结果文号", no));
    let until = view.valid_until.map(|until| ("有效期至", until.to_string()));
    let receiver = view.receiver.as_ref().map(|one| ("领取人", one.sentence()));
    [number, until, receiver].into_iter().flatten().collect()
}

/// `GET /window/cases/{id}/here`: the heartbeat of an open page.
pub(super) async fn present(
    State(ctx): State<Ctx>,
    staff: Staff,
    Path(id): Path<CaseId>,
) -> Result<Response, Fault> {
    let clerk = Clerk::of(&ctx, staff)?;
    cases::heartbeat(&ctx, id, &clerk.staff, &format!("/window/cases/{id}/here")).await
}

const fn channel_word(channel: Channel) -> &'static str {
    match channel {
        Channel::Online => "网上",
        Channel::Window => "窗口",
        Channel::Agent => "代办",
        Channel::Kiosk => "自助终端",
        Channel::Post => "邮寄",
        Channel::BackEntry => "补录",
    }
}

fn waits(view: &CaseView) -> String {
    let waits: Vec<String> =
        view.waits.iter().map(|(kind, org)| format!("{}（{org}）", kind.label())).collect();
    if waits.is_empty() { view.status.label().to_owned() } else { waits.join("，") }
}

fn flags(view: &CaseView) -> Vec<Tag> {
    let mut flags: Vec<Tag> = view.flags.iter().map(|flag| Tag::new(TagKind::Amber, flag.as_str())).collect();
    if let Some((names, until)) = &view.deferred {
        flags.push(Tag::new(TagKind::Amber, format!("容缺：{}前补{}", day(*until), names.join("、"))));
    }
    if !view.trusted {
        flags.push(Tag::new(TagKind::Red, "有失信记录，不适用容缺和承诺"));
    }
    if !view.unconfirmed.is_empty() {
        let parts: Vec<&str> = view.unconfirmed.iter().map(|part| part.label()).collect();
        flags.push(Tag::new(TagKind::Plain, format!("示例，待部门确认：{}", parts.join("、"))));
    }
    flags
}

fn rows(view: &CaseView, supplying: bool, pages: &HashMap<Uuid, String>) -> Vec<Material> {
    let wanted = |m: &cases::MaterialView| m.asked.is_some() || (supplying && m.required && !m.present);
    let first = view.materials.iter().position(wanted);
    let row = |(at, m): (usize, &cases::MaterialView)| {
        let state = match (m.shared, m.present, &m.asked) {
            (true, _, _) => Tag::new(TagKind::Green, "免交，数据共享"),
            (_, _, Some(_)) => Tag::new(TagKind::Amber, "等补"),
            (_, true, _) => Tag::new(TagKind::Green, "已收"),
            _ if m.required => Tag::new(TagKind::Red, "缺"),
            _ => Tag::new(TagKind::Plain, "没有交"),
        };
        let link =
            |id: &domain::kernel::FileId| pages.get(&id.uuid()).map(|href| PageLink { href: href.clone() });
        Material {
            no: at + 1,
            code: m.code.clone(),
            name: m.name.clone(),
            hint: m.asked.clone().unwrap_or_default(),
            asked: wanted(m),
            paper: if wanted(m) { 0 } else { m.paper },
            copies: "1".to_owned(),
            pages: m.files.iter().filter_map(link).collect(),
            state,
            next: supplying && first == Some(at),
        }
    };
    view.materials.iter().enumerate().map(row).collect()
}

fn timeline(entries: &[TimelineEntry]) -> Timeline {
    let shown = |entry: &TimelineEntry| {
        let mut when = moment(entry.at);
        if let Some(entered) = entry.entered_at {
            when = format!("{when}（{} 补录）", moment(entered));
        }
        Moment {
            what: entry.title.clone(),
            when,
            who: entry.org.clone().unwrap_or_default(),
            more: SafeHtml::text(&entry.details.join("；")),
            state: StepState::Done,
        }
    };
    Timeline::new(entries.iter().rev().map(shown).collect())
}
