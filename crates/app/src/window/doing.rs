//! The page of a deed that asks something first, for a tab and for a case.

use super::ask::{self, Group, Piece, Subject};
use super::deed::Deed;
use super::desk::{said, today};
use super::frame::{self, Clerk, Draw, address, go, outcome};
use super::orders::Part;
use super::posted::Posted;
use super::sheet::Sheet;
use super::tab::{self, Tab};
use super::{bar, enact, orders, reasons};
use crate::cases::{self, CaseView};
use crate::identity::Staff;
use crate::web::{Fault, Mode, Trace};
use crate::{Ctx, window::desk};
use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::cases::{Limits, Terms};
use domain::kernel::CaseId;
use ui::{BackLink, Button, ErrorSummary, FieldError, Note, NoteKind, Shape};
use uuid::Uuid;

/// A page with questions and one button.
#[derive(Template)]
#[template(path = "window/deed.html")]
pub(super) struct DeedPage {
    pub back: BackLink,
    pub errors: ErrorSummary,
    pub note: Option<Note>,
    pub title: String,
    pub about: String,
    pub lead: String,
    pub action: String,
    pub version: i64,
    pub page: String,
    pub groups: Vec<Group>,
    pub confirm: Button,
    pub cancel: Button,
}

/// Draws a page of questions; with faults it is a form that came back.
pub(super) fn draw(
    clerk: &Clerk,
    mode: Mode,
    page: &DeedPage,
    faulty: bool,
    status: StatusCode,
) -> Result<Response, Fault> {
    Draw::new(clerk, mode, page.title.clone(), page.action.clone())
        .wrong(faulty, status)
        .plain(Shape::Middle, page)
}

fn page_of(
    deed: Deed,
    subject: &Subject,
    groups: Vec<Group>,
    faults: Vec<FieldError>,
    home: &str,
    version: i64,
) -> DeedPage {
    let confirm = Button::submit(format!("确认{}", deed.label())).large().key("Ctrl+Enter");
    DeedPage {
        back: BackLink::named("回到这一件", home),
        errors: ErrorSummary::new(faults),
        note: None,
        title: deed.label().to_owned(),
        about: subject.about.clone(),
        lead: format!("{}{}", ask::lead(deed), orders::beside(deed, subject)),
        action: format!("{home}/do/{}", deed.word()),
        version,
        page: String::new(),
        groups,
        confirm: if deed.turns_away() { confirm.danger() } else { confirm.primary() },
        cancel: Button::link("先不办，回去", home).large(),
    }
}

/// What a tab is, for a deed; `ready` says which of its items could be accepted as they lie.
fn subject_of_tab(ctx: &Ctx, who: String, sheet: &Sheet, ready: &[bool]) -> Subject {
    let city = ctx.city();
    let day = today(ctx);
    let piece = |row: &super::materials::MaterialRow| Piece {
        code: row.code.clone(),
        name: row.name.clone(),
        missing: row.required && !row.brought(),
        fault: row.fault.clone(),
    };
    let part = |(terms, ready): (&Terms, &bool)| Part {
        item: terms.item,
        name: terms.item_name.clone(),
        regime: terms.regime,
        ready: *ready,
        codes: terms.materials.iter().map(|m| m.code.clone()).collect(),
        wanted: terms.materials.iter().filter(|m| m.required).map(|m| m.code.clone()).collect(),
    };
    let due = |(terms, _): (&Terms, &bool)| {
        let limits = Limits::started(terms, day, &city.calendar);
        limits.leading().and_then(|limit| limit.due).map(|due| due.date)
    };
    let items = || sheet.terms.iter().zip(ready);
    // What is ready is accepted and not asked for the day.
    let waiting = || items().filter(|(_, ready)| !**ready || items().all(|(_, ready)| *ready));
    let names: Vec<&str> = sheet.terms.iter().map(|terms| terms.item_name.as_str()).collect();
    Subject {
        about: format!("{who}，{}", names.join("、")),
        pieces: sheet.rows.iter().filter(|row| row.asked).map(piece).collect(),
        parts: items().map(part).collect(),
        promised: waiting().filter_map(due).min(),
        who,
        today: day,
    }
}

/// What a case is, for a deed.
pub(super) fn subject_of_case(ctx: &Ctx, view: &CaseView) -> Subject {
    let who = view.party.as_ref().map(|party| party.name.clone()).unwrap_or_default();
    let piece = |m: &cases::MaterialView| Piece {
        code: m.code.clone(),
        name: m.name.clone(),
        missing: m.required && !m.present,
        fault: String::new(),
    };
    let city = ctx.city();
    let day = today(ctx);
    let promised = city.item(view.item).map(|item| item.guide.time.promised.value);
    let due = promised.map(|days| domain::kernel::time::LegalClock::new(day, days));
    let part = Part {
        item: view.item,
        name: view.item_name.clone(),
        regime: view.regime,
        ready: false,
        codes: Vec::new(),
        wanted: Vec::new(),
    };
    Subject {
        parts: vec![part],
        about: format!("{who}，{}，受理编号 {}", view.item_name, view.number_read),
        pieces: view.materials.iter().filter(|m| !m.shared).map(piece).collect(),
        promised: due.and_then(|clock| clock.due(&city.calendar)).map(|due| due.date),
        who,
        today: day,
    }
}

/// A deed that can be done with what lies on the counter.
struct Asked {
    clerk: Clerk,
    deed: Deed,
    tab: Tab,
    subject: Subject,
}

/// The deed that an address names, or the answer that stands in its way: the case the tab became, the workstation while
/// person or item are missing, the workstation with the sentence why not.
async fn asked(
    ctx: &Ctx,
    staff: Staff,
    mode: Mode,
    id: Uuid,
    word: &str,
) -> Result<Result<Asked, Response>, Fault> {
    let clerk = Clerk::of(ctx, staff)?;
    let deed = Deed::from_word(word).filter(|deed| deed.asks()).ok_or_else(Fault::not_found)?;
    let tab = tab::find(ctx, clerk.staff.id, id).await?.ok_or_else(Fault::not_found)?;
    if let Some(case) = tab.case {
        return Ok(Err(go(&outcome(&tab, case))));
    }
    let Some(sheet) = Sheet::of(ctx, &clerk, &tab, false, None).await? else {
        return Ok(Err(go(&address(id))));
    };
    if let Some(why) = reasons::refusal(ctx, &clerk, &tab, Some(&sheet), deed).await? {
        let note = Some(said(NoteKind::Error, "没有办成", &why));
        let show = desk::Show { note, status: Some(StatusCode::CONFLICT), ..desk::Show::default() };
        return Ok(Err(desk::draw(ctx, &clerk, mode, &tab, show).await?));
    }
    let who = frame::person_name(ctx, &tab).await?;
    let ready = reasons::ready(ctx, &clerk, &sheet).await?;
    let subject = subject_of_tab(ctx, who, &sheet, &ready);
    Ok(Ok(Asked { clerk, deed, tab, subject }))
}

impl Asked {
    /// Its page, with what was answered and what is wrong with it.
    fn page(&self, ctx: &Ctx, posted: &Posted, faults: Vec<FieldError>) -> DeedPage {
        let groups = ask::groups(self.deed, &self.subject, &ctx.city().calendar, posted, &faults);
        page_of(self.deed, &self.subject, groups, faults, &address(self.tab.id), self.tab.version)
    }
}

/// `GET /window/tabs/{id}/do/{deed}`.
pub(super) async fn tab_page(
    State(ctx): State<Ctx>,
    staff: Staff,
    mode: Mode,
    Path((id, word)): Path<(Uuid, String)>,
) -> Result<Response, Fault> {
    match asked(&ctx, staff, mode, id, &word).await? {
        Ok(asked) => {
            let page = asked.page(&ctx, &Posted::default(), Vec::new());
            draw(&asked.clerk, mode, &page, false, StatusCode::OK)
        }
        Err(elsewhere) => Ok(elsewhere),
    }
}

/// `POST /window/tabs/{id}/do/{deed}`.
pub(super) async fn tab_do(
    State(ctx): State<Ctx>,
    staff: Staff,
    mode: Mode,
    Extension(trace): Extension<Trace>,
    Path((id, word)): Path<(Uuid, String)>,
    posted: Posted,
) -> Result<Response, Fault> {
    let asked = match asked(&ctx, staff, mode, id, &word).await? {
        Ok(asked) => asked,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let answered = match posted.too_long() {
        faults if faults.is_empty() => orders::of(&ctx, asked.deed, &asked.subject, &posted).await?,
        faults => Err(faults),
    };
    match answered {
        Ok(orders) => enact::answer(&ctx, &asked.clerk, mode, asked.tab, orders, &trace).await,
        Err(faults) => {
            let page = asked.page(&ctx, &posted, faults);
            draw(&asked.clerk, mode, &page, true, StatusCode::UNPROCESSABLE_ENTITY)
        }
    }
}

/// `GET /window/cases/{id}/do/{deed}`.
pub(super) async fn case_page(
    State(ctx): State<Ctx>,
    staff: Staff,
    mode: Mode,
    Path((id, word)): Path<(CaseId, String)>,
) -> Result<Response, Fault> {
    let clerk = Clerk::of(&ctx, staff)?;
    let view = cases::view(&ctx, id, &clerk.by()).await?;
    let Some(deed) = Deed::from_word(&word).filter(|deed| deed.asks()) else {
        return bar::step_page(&ctx, &clerk, mode, &view, &word, &Posted::default(), Vec::new());
    };
    let subject = subject_of_case(&ctx, &view);
    let groups = ask::groups(deed, &subject, &ctx.city().calendar, &Posted::default(), &[]);
    let page = page_of(deed, &subject, groups, Vec::new(), &format!("/window/cases/{id}"), view.version);
    draw(&clerk, mode, &page, false, StatusCode::OK)
}

/// `POST /window/cases/{id}/do/{deed}`.
pub(super) async fn case_do(
    State(ctx): State<Ctx>,
    staff: Staff,
    mode: Mode,
    Extension(trace): Extension<Trace>,
    Path((id, word)): Path<(CaseId, String)>,
    posted: Posted,
) -> Result<Response, Fault> {
    let clerk = Clerk::of(&ctx, staff)?;
    let view = cases::view(&ctx, id, &clerk.by()).await?;
    let version = posted.get("version").parse().unwrap_or(0);
    let home = format!("/window/cases/{id}");
    let Some(deed) = Deed::from_word(&word).filter(|deed| deed.asks()) else {
        return bar::step_do(&ctx, &clerk, mode, &view, &word, &posted, &trace).await;
    };
    let subject = subject_of_case(&ctx, &view);
    let page = |faults: Vec<FieldError>| {
        let groups = ask::groups(deed, &subject, &ctx.city().calendar, &posted, &faults);
        page_of(deed, &subject, groups, faults, &home, view.version)
    };
    let answered = match posted.too_long() {
        faults if faults.is_empty() => ask::commands(&ctx, deed, &subject, &posted).await?,
        faults => Err(faults),
    };
    let commands = match answered {
        Ok(commands) => commands,
        Err(faults) => return draw(&clerk, mode, &page(faults), true, StatusCode::UNPROCESSABLE_ENTITY),
    };
    match cases::act_in_turn(&ctx, &clerk.actor(), id, version, commands, &trace.to_string()).await {
        Ok(_) => Ok(go(&home)),
        Err(why) => {
            let mut again = page(Vec::new());
            again.note = Some(said(NoteKind::Error, "没有办成", &why.told()?));
            draw(&clerk, mode, &again, true, StatusCode::CONFLICT)
        }
    }
}
