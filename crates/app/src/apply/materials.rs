//! Uploading the materials: page by page, each kept as soon as it arrives, with or without a script.

use super::drawn;
use super::steps::{Head, answer};
use crate::Ctx;
use crate::identity::Citizen;
use crate::intake::{self, Draft, IntakeError, Need, Owner, Problem, Reusable};
use crate::web::Fault;
use crate::web::page::Look;
use askama::Template;
use axum::body::Bytes;
use axum::extract::multipart::{Multipart, MultipartError};
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use domain::kernel::FileId;
use ui::{Button, Control, ErrorSummary, FieldError, Upload};
use uuid::Uuid;

/// What the picker offers; the server looks at the content.
pub(super) const ACCEPT: &str = "image/*,.pdf";

/// One material on the page.
struct Card {
    id: String,
    name: String,
    tag: &'static str,
    detail: String,
    note: String,
    unconfirmed: bool,
    waived: bool,
    uploads: Vec<Upload>,
    field: ui::Field,
    action: String,
    send: Button,
    reuse: Option<(String, String, Button)>,
}

#[derive(Template)]
#[template(path = "apply/materials.html")]
struct MaterialsPage {
    head: Head,
    errors: ErrorSummary,
    cards: Vec<Card>,
    action: String,
    next: Button,
    later: Button,
}

/// The step of the materials.
pub(super) async fn page(
    ctx: &Ctx,
    look: &Look,
    draft: &Draft,
    problems: &[Problem],
) -> Result<Response, Fault> {
    let city = ctx.city();
    let earlier = intake::reusable(ctx, draft.owner, draft.id).await?;
    let cards = draft.needs(&city).iter().map(|need| card(draft, need, &earlier, problems)).collect();
    let line = |p: &Problem| FieldError { id: p.field.replace("material.", "m-"), text: p.say.clone() };
    let body = MaterialsPage {
        head: Head::new(draft, &city, "materials"),
        errors: ErrorSummary::new(problems.iter().map(line).collect()),
        cards,
        action: format!("/apply/draft/{}/materials", draft.id),
        next: Button::submit("继续下一步").primary().large(),
        later: Button::submit("先存着，以后再办").large().named("later", "1"),
    };
    answer("上传材料", look, &body, !problems.is_empty())
}

fn card(draft: &Draft, need: &Need, earlier: &[Reusable], problems: &[Problem]) -> Card {
    let code = &need.terms.code;
    let base = format!("/apply/draft/{}", draft.id);
    let action = format!("{base}/materials/{code}");
    let file = Control::File { accept: ACCEPT, multiple: true, upload_url: action.clone() };
    let key = format!("material.{code}");
    let error = problems.iter().find(|p| p.field == key).map(|p| p.say.clone()).unwrap_or_default();
    let again = earlier.iter().find(|r| r.material == *code && need.pages.is_empty());
    Card {
        id: format!("m-{code}"),
        name: need.terms.name.clone(),
        tag: tag(need),
        detail: detail(need),
        note: need.note.clone(),
        unconfirmed: need.unconfirmed,
        waived: need.terms.shared,
        uploads: need.pages.iter().map(|page| drawn::upload(page, &base)).collect(),
        field: ui::Field::new("file", format!("上传{}", need.terms.name), file)
            .id(format!("f-{code}"))
            .hint("可以拍照，也可以选照片或 PDF；有几页就传几页，每个文件最大 25 MB")
            .error(error),
        send: Button::submit("上传选好的文件"),
        reuse: again.map(|r| {
            let text = format!("上次办“{}”时交过这份材料", r.item_name);
            (format!("{action}/reuse"), text, Button::submit("用上次的"))
        }),
        action,
    }
}

fn tag(need: &Need) -> &'static str {
    if need.terms.shared {
        "不用交"
    } else if need.terms.required {
        "必须有"
    } else {
        "需要时才交"
    }
}

fn detail(need: &Need) -> String {
    let (form, source) = (need.form.label(), need.source.label());
    if need.copies > 0 {
        format!("{form} {} 份 · {source}", need.copies)
    } else {
        format!("{form} · {source}")
    }
}

/// The files of a posted form, and the sentence for what could not be read.
pub(super) async fn files(mut form: Multipart) -> Result<Vec<(String, Bytes)>, Fault> {
    let mut files = Vec::new();
    while let Some(field) = form.next_field().await.map_err(|e| unreadable(&e))? {
        let name = field.file_name().unwrap_or_default().to_owned();
        if field.name() != Some("file") || name.is_empty() {
            continue;
        }
        files.push((name, field.bytes().await.map_err(|e| unreadable(&e))?));
    }
    if files.is_empty() {
        let say = "还没有选文件，请先选照片或 PDF，再点上传。";
        return Err(Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "no_file", "没有选文件", say));
    }
    Ok(files)
}

fn unreadable(error: &MultipartError) -> Fault {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Fault::of_status(StatusCode::PAYLOAD_TOO_LARGE)
    } else {
        let say = "文件只传来了一部分，多半是网络断了。已经传好的还在，请再传一次这一份。";
        Fault::new(StatusCode::BAD_REQUEST, "incomplete", "文件没有传完", say)
    }
}

/// The answer to an upload by the script: the rows as the page draws them.
pub(super) fn rows(uploads: &[Upload]) -> Response {
    Html(uploads.iter().map(ToString::to_string).collect::<String>()).into_response()
}

/// `POST /apply/draft/{id}/materials/{code}`.
pub(super) async fn upload(
    State(ctx): State<Ctx>,
    look: Look,
    citizen: Citizen,
    Path((id, code)): Path<(Uuid, String)>,
    headers: HeaderMap,
    form: Multipart,
) -> Result<Response, Fault> {
    let by_script = headers.contains_key("x-upload");
    let owner = Owner::Citizen(citizen.id);
    let mut kept = Vec::new();
    for (name, bytes) in files(form).await? {
        match intake::attach(&ctx, owner, id, &code, &name, bytes).await {
            Ok(upload) => kept.push(drawn::upload(&upload.file, &format!("/apply/draft/{id}"))),
            Err(error @ (IntakeError::Absent | IntakeError::Store(_))) => return Err(error.into()),
            Err(error) if by_script => return Err(error.into()),
            Err(error) => {
                let draft = intake::open(&ctx, owner, id).await?;
                let problem =
                    Problem { field: format!("material.{code}"), say: error.to_string(), blocks: true };
                let here = look.at(&format!("/apply/draft/{id}/materials"));
                return page(&ctx, &here, &draft, &[problem]).await;
            }
        }
    }
    if by_script { Ok(rows(&kept)) } else { Ok(back(id, &code)) }
}

fn back(id: Uuid, code: &str) -> Response {
    Redirect::to(&format!("/apply/draft/{id}/materials#m-{code}")).into_response()
}

/// `POST /apply/draft/{id}/materials/{code}/reuse`: takes the pages of an earlier case.
pub(super) async fn reuse(
    State(ctx): State<Ctx>,
    citizen: Citizen,
    Path((id, code)): Path<(Uuid, String)>,
) -> Result<Response, Fault> {
    intake::reuse(&ctx, Owner::Citizen(citizen.id), id, &code).await?;
    Ok(back(id, &code))
}

/// `POST /apply/draft/{id}/files/{file}/remove`.
pub(super) async fn remove(
    State(ctx): State<Ctx>,
    citizen: Citizen,
    Path((id, file)): Path<(Uuid, Uuid)>,
) -> Result<Response, Fault> {
    intake::detach(&ctx, Owner::Citizen(citizen.id), id, FileId(file)).await?;
    Ok(Redirect::to(&format!("/apply/draft/{id}/materials")).into_response())
}

/// `GET /apply/draft/{id}/files/{file}`.
pub(super) async fn look(
    State(ctx): State<Ctx>,
    citizen: Citizen,
    Path((id, file)): Path<(Uuid, Uuid)>,
) -> Result<Response, Fault> {
    let (upload, bytes) = intake::read_upload(&ctx, Owner::Citizen(citizen.id), id, FileId(file)).await?;
    Ok(shown(&upload.file.content_type, bytes))
}

/// A file to look at: pictures and PDF in a sandbox of their own, anything else only to be saved.
pub(super) fn shown(content_type: &str, bytes: Bytes) -> Response {
    let inline = matches!(content_type, "image/jpeg" | "image/png" | "image/webp" | "application/pdf");
    let headers = [
        (CONTENT_TYPE, if inline { content_type } else { "application/octet-stream" }),
        (CONTENT_DISPOSITION, if inline { "inline" } else { "attachment" }),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'; sandbox"),
        (CACHE_CONTROL, "private, no-store"),
    ];
    (headers, bytes).into_response()
}
