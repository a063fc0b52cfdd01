//! Handing results out: found by number or by the person's document, signed for, posted, or sent electronically.

use super::ask::Group;
use super::delivery;
use super::desk::said;
use super::doing::{self, DeedPage};
use super::frame::{Clerk, Draw, go};
use super::posted::Posted;
use super::{home, waiting};
use crate::Ctx;
use crate::cases::{self, CaseView};
use crate::identity::{Staff, persons};
use crate::web::{Fault, Mode, Trace};
use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::cases::{Action, Command, WorkKind};
use domain::identity::{Document, DocumentKind};
use domain::kernel::numbers::CaseNumber;
use domain::kernel::{CaseId, CitizenId, time::legal_day};
use ui::{
    BackLink, Button, Choice, Control, ErrorSummary, Field, FieldError, Note, NoteKind, Shape, Table,
    TextKind, Width,
};

/// Results on the page.
const PAGE: usize = 50;

#[derive(Template)]
#[template(path = "window/handout.html")]
struct Handout {
    note: Option<Note>,
    errors: ErrorSummary,
    fields: Vec<Field>,
    table: Table,
}

/// `GET /window/handout`: what waits to be handed out.
pub(super) async fn show(State(ctx): State<Ctx>, staff: Staff, mode: Mode) -> Result<Response, Fault> {
    let clerk = Clerk::of(&ctx, staff)?;
    let rows = waiting::page(&ctx, &clerk, WorkKind::Deliver, None, PAGE).await?.rows;
    draw(&ctx, &clerk, mode, &Posted::default(), None, None, rows)
}

fn draw(
    ctx: &Ctx,
    clerk: &Clerk,
    mode: Mode,
    posted: &Posted,
    fault: Option<FieldError>,
    note: Option<Note>,
    rows: Vec<cases::TaskRow>,
) -> Result<Response, Fault> {
    let chosen = DocumentKind::of(posted.get("kind"));
    let kinds = DocumentKind::NATURAL.into_iter().chain([DocumentKind::Uscc]);
    let mut choices = vec![Choice::new("number", "受理编号", chosen.is_none())];
    choices.extend(kinds.map(|kind| Choice::new(kind.word(), kind.label(), chosen == Some(kind))));
    let error = fault.as_ref().map(|fault| fault.text.clone()).unwrap_or_default();
    let wrong = fault.is_some() || note.is_some();
    let page = Handout {
        note,
        errors: ErrorSummary::new(fault.into_iter().collect()),
        fields: vec![
            Field::new("kind", "按什么找", Control::Select(choices)).width(Width::Medium),
            Field::text("number", "编号或证件号码", TextKind::IdNumber, posted.get("number"))
                .error(error)
                .width(Width::Medium)
                .max_length(60)
                .autocomplete("off")
                .hot_search(),
        ],
        table: home::tasks(ctx, "等发件", rows),
    };
    Draw::new(clerk, mode, "发件", "/window/handout")
        .wrong(wrong, StatusCode::UNPROCESSABLE_ENTITY)
        .plain(Shape::Wide, &page)
}

/// `POST /window/handout`: looks for it; the number of a document never stands in an address.
pub(super) async fn find(
    State(ctx): State<Ctx>,
    staff: Staff,
    mode: Mode,
    posted: Posted,
) -> Result<Response, Fault> {
    let clerk = Clerk::of(&ctx, staff)?;
    let all = waiting::page(&ctx, &clerk, WorkKind::Deliver, None, PAGE).await?.rows;
    let wrong = |text: String| Some(FieldError { id: "number".to_owned(), text });
    let Some(kind) = DocumentKind::of(posted.get("kind")) else {
        let number = match posted.get("number").parse::<CaseNumber>() {
            Ok(number) => number,
            Err(why) => return draw(&ctx, &clerk, mode, &posted, wrong(why.to_string()), None, all),
        };
        return match cases::find_by_number(&ctx, number.as_str(), &clerk.by()).await? {
            Some(record) => Ok(go(&format!("/window/handout/{}", record.id))),
            None => {
                let why = "没有找到这个编号的办件，请对照回执再看一遍".to_owned();
                draw(&ctx, &clerk, mode, &posted, wrong(why), None, all)
            }
        };
    };
    // A code that was issued wrong is found too: whether it counts was decided when the firm was registered.
    let document = match Document::parse_as_issued(kind, posted.get("number"), legal_day(ctx.now())) {
        Ok((document, _)) => document,
        Err(why) => return draw(&ctx, &clerk, mode, &posted, wrong(why.say), None, all),
    };
    let Some(person) = persons::find_by_document(&ctx, &document).await? else {
        return draw(
            &ctx,
            &clerk,
            mode,
            &posted,
            wrong("没有登记过这个号码的人，请核对证件".to_owned()),
            None,
            all,
        );
    };
    let acting = if person.known.is_firm() { person.known.handler } else { Some(CitizenId(person.id)) };
    let theirs = match acting {
        Some(acting) => cases::mine(&ctx, acting, None, cases::MOST).await?.0,
        None => Vec::new(),
    };
    let rows: Vec<_> =
        all.into_iter().filter(|task| theirs.iter().any(|row| row.id == task.case.id)).collect();
    if let [only] = &rows[..] {
        return Ok(go(&format!("/window/handout/{}", only.case.id)));
    }
    let note = rows.is_empty().then(|| {
        let why = format!("{} 现在没有等着领取的结果。", person.name);
        said(NoteKind::Info, "没有要发的", &why)
    });
    draw(&ctx, &clerk, mode, &posted, None, note, rows)
}

fn page(ctx: &Ctx, view: &CaseView, posted: &Posted, faults: Vec<FieldError>) -> DeedPage {
    let subject = doing::subject_of_case(ctx, view);
    let home = format!("/window/cases/{}", view.id);
    let lead = match &view.document_no {
        Some(no) => format!("结果：{no}。先核对领取人的证件，再请他签名。"),
        None => "先核对领取人的证件，再请他签名。".to_owned(),
    };
    DeedPage {
        back: BackLink::named("回到发件", "/window/handout"),
        groups: vec![Group {
            title: "交给申请人".to_owned(),
            fields: delivery::fields(&subject, posted, &faults),
        }],
        errors: ErrorSummary::new(faults),
        note: None,
        title: "发件".to_owned(),
        about: subject.about,
        lead,
        action: format!("/window/handout/{}", view.id),
        version: view.version,
        page: String::new(),
        confirm: Button::submit("确认已交给申请人").primary().large().key("Ctrl+Enter"),
        cancel: Button::link("看这一件", home).large(),
    }
}

/// `GET /window/handout/{id}`.
pub(super) async fn one(
    State(ctx): State<Ctx>,
    staff: Staff,
    mode: Mode,
    Path(id): Path<CaseId>,
) -> Result<Response, Fault> {
    let clerk = Clerk::of(&ctx, staff)?;
    let view = cases::view(&ctx, id, &clerk.by()).await?;
    if !view.actions.contains(&Action::Deliver) {
        return Ok(go(&format!("/window/cases/{id}")));
    }
    doing::draw(&clerk, mode, &page(&ctx, &view, &Posted::default(), Vec::new()), false, StatusCode::OK)
}

/// `POST /window/handout/{id}`: signs off.
pub(super) async fn hand_over(
    State(ctx): State<Ctx>,
    staff: Staff,
    mode: Mode,
    Extension(trace): Extension<Trace>,
    Path(id): Path<CaseId>,
    posted: Posted,
) -> Result<Response, Fault> {
    let clerk = Clerk::of(&ctx, staff)?;
    let view = cases::view(&ctx, id, &clerk.by()).await?;
    let version = posted.get("version").parse().unwrap_or(0);
    let long = posted.too_long();
    let how = if long.is_empty() { delivery::how(&ctx, &posted, true).await? } else { Err(long) };
    let how = match how {
        Ok(how) => how,
        Err(faults) => {
            let page = page(&ctx, &view, &posted, faults);
            return doing::draw(&clerk, mode, &page, true, StatusCode::UNPROCESSABLE_ENTITY);
        }
    };
    let command = Command::Deliver { how };
    match cases::act_as_staff(&ctx, &clerk.actor(), id, version, command, &trace.to_string()).await {
        Ok(_) => Ok(go(&format!("/window/cases/{id}"))),
        Err(why) => {
            let why = why.told()?;
            let mut page = page(&ctx, &view, &posted, Vec::new());
            page.note = Some(said(NoteKind::Error, "没有办成", &why));
            doing::draw(&clerk, mode, &page, true, StatusCode::CONFLICT)
        }
    }
}
