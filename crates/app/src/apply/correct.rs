//! Supplementing 补正: only what is missing, each with the reason that was told, and nothing else.

use super::drawn;
use super::materials::shown;
use super::uploading::{ACCEPT, Taken, take};
use crate::Ctx;
use crate::cases::{self, ActError, By, CaseView};
use crate::identity::Citizen;
use crate::intake::{self, IntakeError, Supplier, Upload};
use crate::web::page::{Look, form_answer};
use crate::web::{Fault, Trace};
use askama::Template;
use axum::Extension;
use axum::body::Bytes;
use axum::extract::{Form, Multipart, Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use domain::kernel::{CaseId, FileId};
use serde::Deserialize;
use ui::{BackLink, Button, Control, ErrorSummary, Field, FieldError};
use uuid::Uuid;

/// One missing material.
struct Gap {
    id: String,
    name: String,
    reason: String,
    uploads: Vec<ui::Upload>,
    field: Field,
    action: String,
}

#[derive(Template)]
#[template(path = "apply/correct.html")]
struct CorrectPage {
    back: BackLink,
    errors: ErrorSummary,
    item: String,
    number: String,
    until: String,
    gaps: Vec<Gap>,
    version: i64,
    action: String,
    button: Button,
    send: Button,
}

/// `GET /me/cases/{id}/correct`.
pub(super) async fn page(
    State(ctx): State<Ctx>,
    look: Look,
    citizen: Citizen,
    Path(id): Path<Uuid>,
) -> Result<Response, Fault> {
    draw(&ctx, &look, &citizen, id, None).await
}

/// What is asked for now: code, name, reason.
fn wanted(view: &CaseView) -> Vec<(String, String, String)> {
    let asked = view
        .materials
        .iter()
        .filter_map(|m| m.asked.as_ref().map(|reason| (m.code.clone(), m.name.clone(), reason.clone())));
    let late = |name: &String| view.materials.iter().find(|m| m.name == *name).map(|m| m.code.clone());
    let deferred = view
        .deferred
        .iter()
        .flat_map(|(names, _)| names)
        .filter_map(|name| Some((late(name)?, name.clone(), "受理时说好可以晚一点交".to_owned())));
    asked.chain(deferred).collect()
}

async fn draw(
    ctx: &Ctx,
    look: &Look,
    citizen: &Citizen,
    id: Uuid,
    problem: Option<(String, String)>,
) -> Result<Response, Fault> {
    let by = By::Citizen(citizen.id);
    let view = cases::view(ctx, CaseId(id), &by).await?;
    let wanted = wanted(&view);
    if wanted.is_empty() {
        return Ok(Redirect::to(&format!("/me/cases/{id}")).into_response());
    }
    let staged = intake::staged(ctx, &by, CaseId(id)).await?;
    let until = view
        .notices
        .iter()
        .find(|n| n.waiting)
        .map(|n| n.until)
        .or(view.deferred.as_ref().map(|(_, until)| *until));
    let error = |code: &str| problem.as_ref().filter(|(c, _)| c == code).map(|(_, say)| say.clone());
    let gaps = wanted.into_iter().map(|w| {
        let wrong = error(&w.0);
        gap(id, w, &staged, wrong)
    });
    let gaps: Vec<Gap> = gaps.collect();
    let lines = problem.iter().map(|(code, say)| FieldError {
        id: if code.is_empty() { "send".to_owned() } else { format!("f-{code}") },
        text: say.clone(),
    });
    let body = CorrectPage {
        back: BackLink::named("返回办件", format!("/me/cases/{id}")),
        errors: ErrorSummary::new(lines.collect()),
        item: view.item_name.clone(),
        number: view.number_read.clone(),
        until: until.map(|day| drawn::day(day, view.clock.today)).unwrap_or_default(),
        gaps,
        version: view.version,
        action: format!("/me/cases/{id}/correct"),
        button: Button::submit("补交完了，提交").primary().large(),
        send: Button::submit("上传选好的文件"),
    };
    form_answer("补交材料", look, &body, problem.is_some())
}

fn gap(id: Uuid, wanted: (String, String, String), staged: &[Upload], wrong: Option<String>) -> Gap {
    let (code, name, reason) = wanted;
    let action = format!("/me/cases/{id}/materials/{code}");
    let file = Control::File { accept: ACCEPT, multiple: true, upload_url: action.clone() };
    let mine = staged.iter().filter(|u| u.material == code);
    Gap {
        id: format!("m-{code}"),
        uploads: mine.map(|u| page_of(u, id)).collect(),
        field: Field::new("file", format!("上传{name}"), file)
            .id(format!("f-{code}"))
            .hint("可以拍照，也可以选照片或 PDF，每个文件最大 25 MB")
            .error(wrong.unwrap_or_default()),
        name,
        reason,
        action,
    }
}

/// A page that was uploaded and is not handed in yet; it can be looked at and taken out.
fn page_of(upload: &Upload, id: Uuid) -> ui::Upload {
    drawn::upload(&upload.file, &format!("/me/cases/{id}"))
}

/// `POST /me/cases/{id}/materials/{code}`.
pub(super) async fn upload(
    State(ctx): State<Ctx>,
    look: Look,
    citizen: Citizen,
    Path((id, code)): Path<(Uuid, String)>,
    headers: HeaderMap,
    form: Multipart,
) -> Result<Response, Fault> {
    let by = By::Citizen(citizen.id);
    let keep = async |name: String, bytes: Bytes| {
        let upload = intake::attach_to_case(&ctx, &by, CaseId(id), &code, &name, bytes).await?;
        Ok(page_of(&upload, id))
    };
    let here = format!("/me/cases/{id}/correct");
    match take(form, &headers, keep).await? {
        Taken::Answered(response) => Ok(response),
        Taken::Kept => Ok(Redirect::to(&format!("{here}#m-{code}")).into_response()),
        Taken::Refused(say) => draw(&ctx, &look.at(&here), &citizen, id, Some((code, say))).await,
    }
}

/// `GET /me/cases/{id}/files/{file}`: a page that is not handed in yet; the case does not name it.
pub(super) async fn look(
    State(ctx): State<Ctx>,
    citizen: Citizen,
    Path((id, file)): Path<(Uuid, Uuid)>,
) -> Result<Response, Fault> {
    let by = By::Citizen(citizen.id);
    let (upload, bytes) = intake::read_staged(&ctx, &by, CaseId(id), FileId(file)).await?;
    Ok(shown(&upload.file.content_type, bytes))
}

/// `POST /me/cases/{id}/files/{file}/remove`.
pub(super) async fn remove(
    State(ctx): State<Ctx>,
    citizen: Citizen,
    Path((id, file)): Path<(Uuid, Uuid)>,
) -> Result<Response, Fault> {
    intake::detach_from_case(&ctx, &By::Citizen(citizen.id), CaseId(id), FileId(file)).await?;
    Ok(Redirect::to(&format!("/me/cases/{id}/correct")).into_response())
}

/// What the form sends.
#[derive(Debug, Deserialize)]
pub(super) struct Sent {
    version: i64,
}

/// `POST /me/cases/{id}/correct`: hands in everything that was uploaded.
pub(super) async fn send(
    State(ctx): State<Ctx>,
    look: Look,
    citizen: Citizen,
    Extension(trace): Extension<Trace>,
    Path(id): Path<Uuid>,
    Form(sent): Form<Sent>,
) -> Result<Response, Fault> {
    let by = Supplier::Citizen(citizen.id);
    match intake::supplement(&ctx, by, CaseId(id), sent.version, &[], &trace.to_string()).await {
        Ok(_) => Ok(Redirect::to(&format!("/me/cases/{id}")).into_response()),
        Err(IntakeError::Act(error @ (ActError::Refused(_) | ActError::Stale(_)))) => {
            let here = look.at(&format!("/me/cases/{id}/correct"));
            draw(&ctx, &here, &citizen, id, Some((String::new(), error.to_string()))).await
        }
        Err(error) => Err(error.into()),
    }
}
