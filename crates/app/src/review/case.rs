//! One case for those who review, decide and supervise: documents beside the facts, the story, and what can be done.

use super::acts::{Act, Back, acts};
use super::by;
use super::list::light;
use crate::Ctx;
use crate::cases::{self, ActError, Answer, CaseView};
use crate::identity::{self, By as IdentityBy, Staff, persons};
use crate::papers;
use crate::web::page::{Look, send, staff_page};
use crate::web::{Fault, Trace};
use askama::Template;
use axum::Extension;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::cases::{Event, Happened};
use domain::kernel::CaseId;
use domain::rights::Permission;
use jiff::tz::TimeZone;
use serde::Deserialize;
use ui::{
    BackLink, Button, ErrorSummary, Field, FieldError, Light, Moment, SafeHtml, StepState, Tag, TagKind,
    Timeline,
};
use uuid::Uuid;

/// A material with its pages.
struct Paper {
    name: String,
    state: Tag,
    pages: Vec<(String, String, bool)>,
}

/// What a person looks like in full, after the reason was journaled.
struct Full {
    name: String,
    document: String,
    phone: String,
    address: String,
}

#[derive(Template)]
#[template(path = "review/case.html")]
struct CasePage {
    back: BackLink,
    errors: ErrorSummary,
    id: CaseId,
    version: i64,
    item: String,
    number: String,
    exchange: String,
    status: Tag,
    light: Light,
    clock: Vec<String>,
    others: Vec<String>,
    flags: Vec<String>,
    unconfirmed: bool,
    full: Option<Full>,
    reveal: Option<(Field, Button)>,
    answers: Vec<Answer>,
    papers: Vec<Paper>,
    issued: Vec<(String, String)>,
    steps: Vec<(String, String, Tag)>,
    timeline: Timeline,
    acts: Vec<Act>,
    foreseen: Option<(String, Vec<(String, String)>)>,
}

/// `GET /review/{id}`.
pub(super) async fn page(
    State(ctx): State<Ctx>,
    look: Look,
    staff: Staff,
    Path(id): Path<Uuid>,
) -> Result<Response, Fault> {
    draw(&ctx, &look, &staff, CaseId(id), &Back::default(), None).await
}

/// The page, with the form that came back and what it would lead to.
pub(super) async fn draw(
    ctx: &Ctx,
    look: &Look,
    staff: &Staff,
    id: CaseId,
    back: &Back<'_>,
    foreseen: Option<&[Event]>,
) -> Result<Response, Fault> {
    answer(ctx, look, staff, id, back, foreseen, None).await
}

async fn answer(
    ctx: &Ctx,
    look: &Look,
    staff: &Staff,
    id: CaseId,
    back: &Back<'_>,
    foreseen: Option<&[Event]>,
    full: Option<Full>,
) -> Result<Response, Fault> {
    let view = cases::view(ctx, id, &by(staff)).await?;
    let others = cases::here(ctx, id, staff.id, &staff.name).await.map_err(ActError::from)?;
    let open = view.steps.iter().find(|step| step.open).map(|step| step.org);
    let colleagues = match open {
        Some(org) => identity::colleagues(ctx, org).await.map_err(ActError::from)?,
        None => Vec::new(),
    };
    let files = cases::files_of(ctx, id, &by(staff)).await?;
    let issued = papers::of_case(ctx, id).await.map_err(ActError::from)?;
    let wrong = !back.wrong.is_empty();
    let line = FieldError { id: format!("deed-{}", back.deed), text: back.wrong.to_owned() };
    let body = CasePage {
        back: BackLink::named("返回待办", "/review"),
        errors: ErrorSummary::new(if wrong { vec![line] } else { Vec::new() }),
        id,
        version: view.version,
        item: view.item_name.clone(),
        number: view.number_read.clone(),
        exchange: view.exchange_number.clone(),
        status: Tag::new(TagKind::Blue, view.status.label()),
        light: light(view.clock.due, view.status, view.clock.today, ctx),
        clock: clock(&view),
        others,
        flags: view.flags.clone(),
        unconfirmed: !view.unconfirmed.is_empty(),
        reveal: may_reveal(ctx, staff, &view).then(reveal_form).filter(|_| full.is_none()),
        full,
        answers: view.answers.clone(),
        papers: documents(&view, &files),
        issued: issued.into_iter().map(|p| (format!("{}（{}）", p.title, p.number), p.href)).collect(),
        steps: view.steps.iter().map(step).collect(),
        timeline: timeline(&view),
        acts: acts(&view, &colleagues, back),
        foreseen: foreseen.and_then(|events| foresee(events, back)),
    };
    let mut page = staff_page(&body.item, staff, look, &body)?;
    page.has_errors = wrong;
    send(if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }, &page)
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

fn step(step: &cases::StepView) -> (String, String, Tag) {
    let tag = match (step.passed_by.is_some(), step.favourable, step.open, step.holder) {
        (true, Some(false), ..) => Tag::new(TagKind::Red, "不同意"),
        (true, ..) => Tag::new(TagKind::Green, "已办"),
        (_, _, true, Some(_)) => Tag::new(TagKind::Blue, "办理中"),
        (_, _, true, None) => Tag::new(TagKind::Amber, "待认领"),
        _ => Tag::new(TagKind::Plain, "未到"),
    };
    (step.name.clone(), step.org_name.clone(), tag)
}

fn documents(view: &CaseView, files: &[cases::Attachment]) -> Vec<Paper> {
    let page = |id| {
        let file = files.iter().find(|f| f.id == id)?;
        let href = format!("/cases/{}/files/{}", view.id, file.digest);
        Some((
            file.name.clone(),
            href,
            file.content_type.starts_with("image/") && file.content_type != "image/heif",
        ))
    };
    let paper = |m: &cases::MaterialView| Paper {
        name: m.name.clone(),
        state: match (m.shared, m.present, m.required) {
            (true, ..) => Tag::new(TagKind::Plain, "数据共享核验"),
            (_, true, _) if m.paper > 0 => Tag::new(TagKind::Green, format!("纸质 {} 份", m.paper)),
            (_, true, _) => Tag::new(TagKind::Green, "已收"),
            (_, false, true) => Tag::new(TagKind::Red, "缺"),
            _ => Tag::new(TagKind::Plain, "没有交"),
        },
        pages: m.files.iter().filter_map(|id| page(*id)).collect(),
    };
    view.materials.iter().map(paper).collect()
}

fn timeline(view: &CaseView) -> Timeline {
    let moments = view.timeline.iter().rev().map(|entry| {
        let local = entry.at.to_zoned(TimeZone::fixed(jiff::tz::offset(8)));
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
    let text = match date {
        Some(date) => format!("停表预计 {expected}，办结日期将变为 {date}。特别程序告知书会送达申请人。"),
        None => format!("停表预计 {expected}。特别程序告知书会送达申请人。"),
    };
    let kept = ["ground", "paper_no", "days", "version"];
    let again = back.typed.iter().filter(|(name, _)| kept.contains(&name.as_str())).cloned().collect();
    Some((text, again))
}

fn may_reveal(ctx: &Ctx, staff: &Staff, view: &CaseView) -> bool {
    let city = ctx.city();
    let orgs = view.steps.iter().map(|step| step.org).chain([view.accepting]);
    orgs.filter_map(|org| city.org(org)).any(|org| staff.may(Permission::RevealPersonalData, &org.path))
}

fn reveal_form() -> (Field, Button) {
    let reason = Field::text("reason", "查看完整信息的理由", ui::TextKind::Text, "")
        .hint("会记入审计日志，例如：核对身份证原件")
        .autocomplete("off");
    (reason, Button::submit("查看完整信息").small())
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
    Path(id): Path<Uuid>,
    Form(asked): Form<Reason>,
) -> Result<Response, Fault> {
    let look = look.at(&format!("/review/{id}"));
    let id = CaseId(id);
    let view = cases::view(&ctx, id, &by(&staff)).await?;
    if !may_reveal(&ctx, &staff, &view) {
        return Err(Fault::not_found());
    }
    let person = match view.applicant {
        domain::cases::Applicant::Person { id } => id.uuid(),
        domain::cases::Applicant::Firm { id, .. } => id.uuid(),
    };
    let who = IdentityBy::staff(&staff, &trace);
    match persons::reveal(&ctx, person, &asked.reason, who).await {
        Ok(p) => {
            let full = Full { name: p.name, document: p.document, phone: p.phone, address: p.address };
            answer(&ctx, &look, &staff, id, &Back::default(), None, Some(full)).await
        }
        Err(error @ (persons::PersonError::NoReason | persons::PersonError::TooLong)) => {
            let wrong = error.to_string();
            let back = Back { deed: "reveal", typed: &[], wrong: &wrong };
            draw(&ctx, &look, &staff, id, &back, None).await
        }
        Err(error) => Err(error.into()),
    }
}
