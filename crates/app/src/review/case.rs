//! One case for those who review, decide and supervise: documents beside the facts, the story, and what can be done.

use super::acts::{Act, Back, acts};
use super::list::Ask;
use crate::Ctx;
use crate::cases::{self, ActError, Answer, By, CaseView, InFull, light};
use crate::identity::{self, Staff};
use crate::papers;
use crate::web::page::{Look, send_form, staff_page};
use crate::web::{Fault, Trace};
use askama::Template;
use axum::Extension;
use axum::extract::{Form, Path, Query, State};
use axum::response::Response;
use domain::cases::{Event, Happened};
use domain::kernel::{CaseId, time::wall_clock};
use serde::Deserialize;
use ui::{
    BackLink, ErrorSummary, FieldError, Light, Moment, SafeHtml, Shape, StepState, Tag, TagKind, Timeline,
};

/// A page of a material.
struct Scan {
    name: String,
    href: String,
    picture: bool,
}

/// A material with its pages.
struct Paper {
    anchor: String,
    name: String,
    state: Tag,
    pages: Vec<Scan>,
}

/// A paper that was issued.
struct Issued {
    text: String,
    /// Where its PDF is; empty while it is being made.
    href: String,
    voided: String,
    /// Where it is declared void; empty for who may not.
    void: String,
}

#[derive(Template)]
#[template(path = "review/case.html")]
struct CasePage {
    back: BackLink,
    errors: ErrorSummary,
    id: CaseId,
    version: i64,
    /// The list it was opened from.
    list: String,
    item: String,
    number: String,
    exchange: String,
    status: Tag,
    light: Light,
    clock: Vec<String>,
    present: SafeHtml,
    flags: Vec<String>,
    unconfirmed: bool,
    outcome: Vec<(&'static str, String)>,
    /// It was just asked for, or asked for without a reason.
    in_full_open: bool,
    in_full: SafeHtml,
    answers: Vec<Answer>,
    papers: Vec<Paper>,
    issued: Vec<Issued>,
    steps: Vec<(String, String, Tag)>,
    timeline: Timeline,
    acts: Vec<Act>,
    foreseen: Option<(String, Vec<(String, String)>)>,
}

/// What a drawing of a case says besides what is kept.
#[derive(Default)]
pub(super) struct Show<'a> {
    /// What the list was narrowed to that the case was opened from.
    pub list: Ask,
    /// The form that came back.
    pub back: Back<'a>,
    /// What it would lead to.
    pub foreseen: Option<&'a [Event]>,
    /// The people in full, after a reason was given.
    pub full: Option<InFull>,
}

/// From which list a case was opened.
#[derive(Deserialize, Default)]
pub(super) struct From {
    #[serde(default)]
    list: String,
}

/// `GET /review/{id}?list=`.
pub(super) async fn page(
    State(ctx): State<Ctx>,
    look: Look,
    staff: Staff,
    Path(id): Path<CaseId>,
    Query(from): Query<From>,
) -> Result<Response, Fault> {
    let show = Show { list: Ask::of_query(&from.list), ..Show::default() };
    draw(&ctx, &look, &staff, id, show).await
}

/// `GET /review/{id}/here`: the heartbeat of an open page.
pub(super) async fn present(
    State(ctx): State<Ctx>,
    staff: Staff,
    Path(id): Path<CaseId>,
) -> Result<Response, Fault> {
    cases::heartbeat(&ctx, id, &staff, &format!("/review/{id}/here")).await
}

/// The page with what there is to say besides.
pub(super) async fn draw(
    ctx: &Ctx,
    look: &Look,
    staff: &Staff,
    id: CaseId,
    show: Show<'_>,
) -> Result<Response, Fault> {
    let by = By::from(staff);
    let view = cases::view(ctx, id, &by).await?;
    let open = view.steps.iter().find(|step| step.open).map(|step| step.org);
    let colleagues = match open {
        Some(org) => identity::colleagues(ctx, org).await.map_err(ActError::from)?,
        None => Vec::new(),
    };
    let may_void = papers::may_void(ctx, staff, &view);
    let issued = papers::of_case(ctx, id).await.map_err(ActError::from)?;
    let back = &show.back;
    let wrong = !back.wrong.is_empty();
    let reveals = if back.deed == "reveal" { back.wrong } else { "" };
    let in_full = match &show.full {
        Some(full) => full.drawn()?,
        None if cases::may_see_in_full(ctx, staff, &view) => {
            InFull::asked(format!("/review/{id}/reveal"), reveals).drawn()?
        }
        None => SafeHtml::default(),
    };
    let line = FieldError { id: format!("deed-{}", back.deed), text: back.wrong.to_owned() };
    let body = CasePage {
        back: home(staff, &show.list),
        errors: ErrorSummary::new(if wrong { vec![line] } else { Vec::new() }),
        id,
        version: view.version,
        list: show.list.query(),
        item: view.item_name.clone(),
        number: view.number_read.clone(),
        exchange: view.exchange_number.clone(),
        status: Tag::new(TagKind::Blue, view.status.label()),
        light: light(view.clock.due, view.status, view.clock.today, &ctx.city().calendar),
        clock: clock(&view),
        present: cases::present(ctx, id, staff, &format!("/review/{id}/here")).await?,
        flags: view.flags.clone(),
        unconfirmed: !view.unconfirmed.is_empty(),
        outcome: outcome(&view),
        in_full_open: show.full.is_some() || back.deed == "reveal",
        in_full,
        answers: view.answers.clone(),
        papers: documents(&view),
        issued: issued.into_iter().rev().map(|paper| paper_of(paper, may_void)).collect(),
        steps: view.steps.iter().map(step).collect(),
        timeline: timeline(&view),
        acts: acts(&view, &colleagues, back),
        foreseen: show.foreseen.and_then(|events| foresee(events, back)),
    };
    let mut page = staff_page(&body.item, staff, look, &body)?;
    (page.has_errors, page.head.live, page.shape) = (wrong, true, Shape::Own);
    send_form(&page)
}

/// Back to the list, or for who only watches to the figures.
fn home(staff: &Staff, list: &Ask) -> BackLink {
    if crate::routes::admits("GET", "/review", &staff.actor) {
        BackLink::named("返回待办", list.link())
    } else {
        BackLink::named("返回监督", "/supervision")
    }
}

fn paper_of(paper: papers::PaperView, may_void: bool) -> Issued {
    let void =
        if may_void && paper.voided.is_none() { format!("{}/void", paper.href) } else { String::new() };
    Issued {
        text: format!("{} {}", paper.title, paper.number),
        href: if paper.ready { paper.href } else { String::new() },
        voided: paper.voided.unwrap_or_default(),
        void,
    }
}

/// The result and who took it.
fn outcome(view: &CaseView) -> Vec<(&'static str, String)> {
    let number = view.document_no.clone().map(|no| ("结果文号", no));
    let until = view.valid_until.map(|day| ("有效期至", day.to_string()));
    let receiver = view.receiver.as_ref().map(|one| ("领取人", one.sentence()));
    [number, until, receiver].into_iter().flatten().collect()
}

fn clock(view: &CaseView) -> Vec<String> {
    let mut lines: Vec<String> = view.clock.sentence().into_iter().collect();
    let limit = |name: &str, limit: &Option<cases::LimitView>| {
        let l = limit.as_ref()?;
        let due = l.due.map(|due| format!("，{} 到期", due.date)).unwrap_or_default();
        Some(format!("{name} {}{due}", l.allowance))
    };
    lines.extend(limit("承诺", &view.clock.promised));
    lines.extend(limit("法定", &view.clock.statutory));
    lines.extend(limit("初审上报", &view.clock.report_up));
    if let Some((names, until)) = &view.deferred {
        lines.push(format!("容缺：{}，{until} 前补交", names.join("、")));
    }
    if view.clock.beyond_calendar {
        lines.push("到期日超出已公布的放假安排，可能变动".to_owned());
    }
    lines
}

/// Name, who does it and by when, and where it stands.
fn step(step: &cases::StepView) -> (String, String, Tag) {
    let tag = match (step.passed_by.is_some(), step.favourable, step.open, step.holder) {
        (true, Some(false), ..) => Tag::new(TagKind::Red, "不同意"),
        (true, ..) => Tag::new(TagKind::Green, "已办"),
        (_, _, true, Some(_)) => Tag::new(TagKind::Blue, "办理中"),
        (_, _, true, None) => Tag::new(TagKind::Amber, "待认领"),
        _ => Tag::new(TagKind::Plain, "未到"),
    };
    let due = step.due.filter(|_| step.open).map(|due| format!("，本环节 {} 前办完", due.date));
    (step.name.clone(), format!("{}{}", step.org_name, due.unwrap_or_default()), tag)
}

fn documents(view: &CaseView) -> Vec<Paper> {
    let page = |id| {
        let file = view.files.iter().find(|f| f.id == id)?;
        Some(Scan {
            name: file.name.clone(),
            href: format!("/cases/{}/files/{}", view.id, file.digest),
            picture: file.content_type.starts_with("image/") && file.content_type != "image/heif",
        })
    };
    let paper = |(no, m): (usize, &cases::MaterialView)| Paper {
        anchor: format!("doc-{}", no + 1),
        name: m.name.clone(),
        state: match (m.shared, m.present, m.required) {
            (true, ..) => Tag::new(TagKind::Plain, "数据共享核验"),
            (_, true, _) if m.supplied => Tag::new(TagKind::Blue, "新补交的"),
            (_, true, _) if m.paper > 0 => Tag::new(TagKind::Green, format!("纸质 {} 份", m.paper)),
            (_, true, _) => Tag::new(TagKind::Green, "已收"),
            (_, false, true) => Tag::new(TagKind::Red, "缺"),
            _ => Tag::new(TagKind::Plain, "没有交"),
        },
        pages: m.files.iter().filter_map(|id| page(*id)).collect(),
    };
    view.materials.iter().enumerate().map(paper).collect()
}

fn timeline(view: &CaseView) -> Timeline {
    let moments = view.timeline.iter().rev().map(|entry| {
        let local = wall_clock(entry.at);
        let more: Vec<SafeHtml> = entry.details.iter().map(|line| paragraph(line)).collect();
        Moment {
            what: entry.title.clone(),
            when: format!("{} {:02}:{:02}", local.date(), local.hour(), local.minute()),
            who: entry.org.clone().unwrap_or_default(),
            more: SafeHtml::concat(&more),
            state: StepState::Done,
        }
    });
    Timeline::new(moments.collect())
}

#[derive(Template)]
#[template(ext = "html", source = r#"<p>{{ line }}</p>"#)]
struct Paragraph<'a> {
    line: &'a str,
}

fn paragraph(line: &str) -> SafeHtml {
    SafeHtml::render(&Paragraph { line }).unwrap_or_default()
}

/// What stopping the clock would mean, and the form that confirms it.
fn foresee(events: &[Event], back: &Back<'_>) -> Option<(String, Vec<(String, String)>)> {
    let foreseen = events.iter().find_map(|event| match &event.what {
        Happened::Suspended { foreseen, expected, .. } => Some((foreseen, expected)),
        _ => None,
    });
    let (dues, expected) = foreseen?;
    let date = dues.promised.or(dues.statutory).map(|due| due.date.to_string());
    let told = "特别程序告知书会自动编号并送达申请人。";
    let text = match date {
        Some(date) => format!("停表预计 {expected}，办结日期将变为 {date}。{told}"),
        None => format!("停表预计 {expected}。{told}"),
    };
    let kept = ["ground", "days", "version", "list"];
    let again = back.typed.iter().filter(|(name, _)| kept.contains(&name.as_str())).cloned().collect();
    Some((text, again))
}

/// Why somebody wants to see a person in full.
#[derive(Debug, Deserialize)]
pub(super) struct Reason {
    #[serde(default)]
    reason: String,
}

/// `POST /review/{id}/reveal`: the person in full, after the reason was journaled; never part of an address.
pub(super) async fn reveal(
    State(ctx): State<Ctx>,
    look: Look,
    staff: Staff,
    Extension(trace): Extension<Trace>,
    Path(id): Path<CaseId>,
    Form(asked): Form<Reason>,
) -> Result<Response, Fault> {
    let look = look.at(&format!("/review/{id}"));
    let view = cases::view(&ctx, id, &By::from(&staff)).await?;
    match cases::see_in_full(&ctx, &staff, &view, &asked.reason, &trace).await? {
        Ok(full) => draw(&ctx, &look, &staff, id, Show { full: Some(full), ..Show::default() }).await,
        Err(wrong) => {
            let back = Back { deed: "reveal", typed: &[], wrong: &wrong };
            draw(&ctx, &look, &staff, id, Show { back, ..Show::default() }).await
        }
    }
}
