//! The bar of a case: what the table allows this clerk, and what a press on it does.

use super::ask::Group;
use super::deed::Deed;
use super::desk::said;
use super::doing::{self, DeedPage};
use super::frame::{Clerk, go};
use super::posted::Posted;
use super::reasons::Act;
use super::{case, materials, step, supplement, tab};
use crate::Ctx;
use crate::cases::{self, CaseView};
use crate::identity::Staff;
use crate::web::{Fault, Mode, Trace};
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::cases::{Action, Command};
use domain::catalogue::Regime;
use domain::kernel::CaseId;
use ui::{BackLink, Button, ErrorSummary, FieldError, NoteKind};

/// The action of the table behind a deed.
const fn action(deed: Deed) -> Action {
    match deed {
        Deed::Accept | Deed::AtOnce => Action::Accept,
        Deed::Notice => Action::AskCorrection,
        Deed::Defer => Action::AcceptDeferring,
        Deed::Promise => Action::AcceptOnCommitment,
        Deed::Receive => Action::Receive,
        Deed::NotRequired => Action::DeclareNotRequired,
        Deed::Refuse => Action::Refuse,
        Deed::Submit => Action::Submit,
    }
}

/// The bar of a case: what the table allows this clerk, and nothing else.
pub(super) fn acts(ctx: &Ctx, clerk: &Clerk, view: &CaseView) -> Vec<Act> {
    let city = ctx.city();
    let front = clerk.actor().roles_at_front(&city, view.accepting).is_some_and(|roles| roles.window);
    let alone = front && city.decides_at_once(view.accepting, view.item);
    let at_once = view.regime == Regime::Immediate && alone;
    let deeds = Deed::ALL
        .into_iter()
        .filter(|deed| view.actions.contains(&action(*deed)))
        .filter(|deed| *deed != Deed::AtOnce || at_once)
        .map(|deed| Act {
            word: deed.word(),
            label: if deed == Deed::Receive { "接件" } else { deed.label() },
            key: if deed == Deed::Receive { "Ctrl+Enter" } else { deed.key() },
            primary: false,
            danger: deed.turns_away(),
            why: String::new(),
        });
    let mut acts: Vec<Act> = deeds.chain(step::acts(view)).collect();
    if let Some(first) = acts.iter_mut().find(|act| !act.danger) {
        first.primary = true;
        if first.key.is_empty() {
            first.key = "Ctrl+Enter";
        }
    }
    acts
}

/// `POST /window/cases/{id}`: a press on the bar.
pub(super) async fn act(
    State(ctx): State<Ctx>,
    staff: Staff,
    mode: Mode,
    Extension(trace): Extension<Trace>,
    Path(id): Path<CaseId>,
    posted: Posted,
) -> Result<Response, Fault> {
    let clerk = Clerk::of(&ctx, staff)?;
    let version = posted.get("version").parse().unwrap_or(0);
    let home = format!("/window/cases/{id}");
    let command = match posted.get("do") {
        "receive" => Command::Receive { materials: Vec::new() },
        "accept" => Command::Accept,
        "archive" => Command::Archive,
        "supplement" => {
            return match supplement::hand_in(&ctx, &clerk, id, version, &posted, &trace.to_string()).await? {
                None => Ok(go(&home)),
                Some(why) => sent_back(&ctx, &clerk, mode, id, &why, &posted).await,
            };
        }
        "reveal" => return reveal(&ctx, &clerk, mode, id, &posted, &trace).await,
        "deliver" => return Ok(go(&format!("/window/handout/{id}"))),
        word if Deed::from_word(word).is_some() || step::is_known(word) => {
            return Ok(go(&format!("{home}/do/{word}")));
        }
        _ => return Ok(go(&home)),
    };
    match cases::act_as_staff(&ctx, &clerk.actor(), id, version, command, &trace.to_string()).await {
        Ok(_) => Ok(go(&home)),
        Err(why) => sent_back(&ctx, &clerk, mode, id, &why.told()?, &posted).await,
    }
}

/// The people of the case in full, after a reason; without one the page says what is wanted.
async fn reveal(
    ctx: &Ctx,
    clerk: &Clerk,
    mode: Mode,
    id: CaseId,
    posted: &Posted,
    trace: &Trace,
) -> Result<Response, Fault> {
    let view = cases::view(ctx, id, &clerk.by()).await?;
    match cases::see_in_full(ctx, &clerk.staff, &view, posted.get("reason"), trace).await? {
        Ok(full) => {
            case::draw(ctx, clerk, mode, id, case::Show { full: Some(full), ..case::Show::default() }).await
        }
        Err(why) => sent_back(ctx, clerk, mode, id, &why, posted).await,
    }
}

async fn sent_back(
    ctx: &Ctx,
    clerk: &Clerk,
    mode: Mode,
    id: CaseId,
    why: &str,
    posted: &Posted,
) -> Result<Response, Fault> {
    let note = said(NoteKind::Error, "没有办成", why);
    let show = case::Show { note: Some(note), posted: Some(posted), ..case::Show::default() };
    case::draw(ctx, clerk, mode, id, show).await
}

/// The page of a step that asks something first.
pub(super) fn step_page(
    ctx: &Ctx,
    clerk: &Clerk,
    mode: Mode,
    view: &CaseView,
    word: &str,
    posted: &Posted,
    faults: Vec<FieldError>,
) -> Result<Response, Fault> {
    let fields = step::fields(view, word, posted, &faults).ok_or_else(Fault::not_found)?;
    let faulty = !faults.is_empty();
    let page = step_form(ctx, view, word, fields, faults);
    doing::draw(clerk, mode, &page, faulty, StatusCode::UNPROCESSABLE_ENTITY)
}

fn step_form(
    ctx: &Ctx,
    view: &CaseView,
    word: &str,
    fields: Vec<Group>,
    faults: Vec<FieldError>,
) -> DeedPage {
    let home = format!("/window/cases/{}", view.id);
    let label = step::label(word);
    DeedPage {
        back: BackLink::named("回到这一件", &home),
        errors: ErrorSummary::new(faults),
        note: None,
        title: label.to_owned(),
        about: doing::subject_of_case(ctx, view).about,
        lead: step::lead(ctx, view, word),
        action: format!("{home}/do/{word}"),
        version: view.version,
        page: String::new(),
        groups: fields,
        confirm: Button::submit(format!("确认{label}")).primary().large().key("Ctrl+Enter"),
        cancel: Button::link("先不办，回去", &home).large(),
    }
}

/// Carries out a step with the answers of its page.
pub(super) async fn step_do(
    ctx: &Ctx,
    clerk: &Clerk,
    mode: Mode,
    view: &CaseView,
    word: &str,
    posted: &Posted,
    trace: &Trace,
) -> Result<Response, Fault> {
    let version = posted.get("version").parse().unwrap_or(0);
    let long = posted.too_long();
    if !long.is_empty() {
        return step_page(ctx, clerk, mode, view, word, posted, long);
    }
    let command = match step::command(ctx, view, word, posted).await?.ok_or_else(Fault::not_found)? {
        Ok(command) => command,
        Err(faults) => return step_page(ctx, clerk, mode, view, word, posted, faults),
    };
    match cases::act_as_staff(ctx, &clerk.actor(), view.id, version, command, &trace.to_string()).await {
        Ok(_) => Ok(go(&format!("/window/cases/{}", view.id))),
        Err(why) => {
            let why = why.told()?;
            let fields = step::fields(view, word, posted, &[]).ok_or_else(Fault::not_found)?;
            let mut page = step_form(ctx, view, word, fields, Vec::new());
            page.note = Some(said(NoteKind::Error, "没有办成", &why));
            doing::draw(clerk, mode, &page, true, StatusCode::CONFLICT)
        }
    }
}

/// The copies that were ticked.
pub(super) fn paper(posted: &Posted) -> Vec<(String, u16)> {
    materials::take(&mut tab::Typed::default(), posted)
        .into_iter()
        .filter(|(_, copies)| *copies > 0)
        .collect()
}
