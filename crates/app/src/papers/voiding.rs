//! The page on which a paper is declared void 作废, by whoever answers for the decision or watches over it.

use askama::Template;
use axum::Extension;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::kernel::CaseId;
use domain::rights::Permission;
use serde::Deserialize;
use ui::{BackLink, Button, ErrorSummary, Field};
use uuid::Uuid;

use super::content::day;
use super::issue::{ById, void};
use super::record::PaperRecord;
use crate::Ctx;
use crate::cases::{self, By, CaseView, holds_over};
use crate::identity::Staff;
use crate::web::page::{Look, send_form, staff_page};
use crate::web::{Fault, Trace};

/// The longest reason, in characters: it stands on the verification page.
const LONGEST: usize = 200;

/// Whether this member of staff may declare the papers of a case void.
#[must_use]
pub fn may_void(ctx: &Ctx, staff: &Staff, view: &CaseView) -> bool {
    holds_over(ctx, staff, view, &[Permission::DecideCase, Permission::SuperviseCase])
}

#[derive(Template)]
#[template(path = "papers/void.html")]
struct VoidPage {
    back: BackLink,
    errors: ErrorSummary,
    action: String,
    title: String,
    number: String,
    on: String,
    item: String,
    case_number: String,
    /// Why it no longer holds already; empty while it does.
    voided: String,
    reason: Field,
    confirm: Button,
    cancel: Button,
}

/// A paper of a case that this member of staff answers for.
async fn found(
    ctx: &Ctx,
    staff: &Staff,
    case: CaseId,
    paper: Uuid,
) -> Result<(CaseView, PaperRecord), Fault> {
    let view = cases::view(ctx, case, &By::from(staff)).await?;
    let record = ctx.db.read(ById(paper)).await?.ok_or_else(Fault::not_found)?;
    if record.issued()?.case != case || !may_void(ctx, staff, &view) {
        return Err(Fault::not_found());
    }
    Ok((view, record))
}

/// `GET /cases/{id}/papers/{paper}/void`.
pub(super) async fn ask(
    State(ctx): State<Ctx>,
    look: Look,
    staff: Staff,
    Path((case, paper)): Path<(CaseId, Uuid)>,
) -> Result<Response, Fault> {
    let (view, record) = found(&ctx, &staff, case, paper).await?;
    draw(&look, &staff, &view, &record, "", "")
}

/// Why a paper no longer holds.
#[derive(Deserialize)]
pub(super) struct Reason {
    #[serde(default)]
    reason: String,
}

/// `POST /cases/{id}/papers/{paper}/void`: declared void, with the reason; sent twice it is once.
pub(super) async fn declare(
    State(ctx): State<Ctx>,
    look: Look,
    staff: Staff,
    Extension(trace): Extension<Trace>,
    Path((case, paper)): Path<(CaseId, Uuid)>,
    Form(typed): Form<Reason>,
) -> Result<Response, Fault> {
    let (view, record) = found(&ctx, &staff, case, paper).await?;
    let count = typed.reason.trim().chars().count();
    let wrong = match count {
        _ if record.state.voided.is_some() => String::new(),
        0 => "请写明作废的原因，核验页面会显示给查验的人。".to_owned(),
        n if n > LONGEST => format!("原因最多写 {LONGEST} 个字，现在有 {n} 个字，请删短一些。"),
        _ => String::new(),
    };
    if !wrong.is_empty() {
        return draw(&look, &staff, &view, &record, &typed.reason, &wrong);
    }
    void(&ctx, paper, &typed.reason, &staff, &trace.to_string()).await?;
    Ok(Redirect::to(&format!("/review/{case}#issued")).into_response())
}

fn draw(
    look: &Look,
    staff: &Staff,
    view: &CaseView,
    record: &PaperRecord,
    typed: &str,
    wrong: &str,
) -> Result<Response, Fault> {
    let issued = record.issued()?;
    let here = format!("/cases/{}/papers/{}/void", view.id, record.id);
    let home = format!("/review/{}", view.id);
    let reason = Field::area("reason", "作废的原因", typed)
        .hint("查验的人会看到，不要写个人信息。例如：申请人姓名印错，另发新的文书")
        .error(wrong)
        .max_length(LONGEST as u16);
    let body = VoidPage {
        back: BackLink::named("回到办件", &home),
        errors: ErrorSummary::of([&reason]),
        action: here.clone(),
        title: issued.title.clone(),
        number: issued.number.clone(),
        on: day(issued.on),
        item: view.item_name.clone(),
        case_number: view.number_read.clone(),
        voided: record.state.voided.clone().unwrap_or_default(),
        reason,
        confirm: Button::submit("确认作废").danger().large(),
        cancel: Button::link("不作废，回去", &home).large(),
    };
    let mut page = staff_page(&format!("作废{}", issued.title), staff, &look.clone().at(&here), &body)?;
    page.shape = ui::Shape::Middle;
    page.has_errors = !wrong.is_empty();
    send_form(&page)
}
