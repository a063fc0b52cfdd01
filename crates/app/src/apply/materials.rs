//! Uploading the materials: page by page, each kept as soon as it arrives, with or without a script.

use super::bundle;
use super::drawn;
use super::steps::Head;
use super::uploading::{ACCEPT, Taken, take};
use crate::Ctx;
use crate::city::City;
use crate::identity::Citizen;
use crate::intake::{self, Draft, Need, Owner, Problem, Reusable};
use crate::web::Fault;
use crate::web::page::{Look, form_answer};
use askama::Template;
use axum::body::Bytes;
use axum::extract::{Multipart, Path, State};
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Redirect, Response};
use domain::kernel::FileId;
use ui::{Button, Control, ErrorSummary, FieldError, Upload};
use uuid::Uuid;

/// One material on the page.
struct Card {
    id: String,
    name: String,
    tag: &'static str,
    detail: String,
    note: String,
    /// The matters that share it, when there are several.
    of: Vec<String>,
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
    shared: String,
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
    let cards = draft.needs(&city).iter().map(|need| card(&city, draft, need, &earlier, problems)).collect();
    let line = |p: &Problem| FieldError { id: p.field.replace("material.", "m-"), text: p.say.clone() };
    let body = MaterialsPage {
        head: Head::new(draft, &city, "materials"),
        errors: ErrorSummary::new(problems.iter().map(line).collect()),
        shared: bundle::shared(draft, &city),
        cards,
        action: format!("/apply/draft/{}/materials", draft.id),
        next: Button::submit("继续下一步").primary().large(),
        later: Button::submit("先存着，以后再办").large().named("later", "1"),
    };
    form_answer("上传材料", look, &body, !problems.is_empty())
}

fn card(city: &City, draft: &Draft, need: &Need, earlier: &[Reusable], problems: &[Problem]) -> Card {
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
        of: if draft.items.len() > 1 { intake::needed_by(city, draft, code) } else { Vec::new() },
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

/// `POST /apply/draft/{id}/materials/{code}`.
pub(super) async fn upload(
    State(ctx): State<Ctx>,
    look: Look,
    citizen: Citizen,
    Path((id, code)): Path<(Uuid, String)>,
    headers: HeaderMap,
    form: Multipart,
) -> Result<Response, Fault> {
    let owner = Owner::Citizen(citizen.id);
    let base = format!("/apply/draft/{id}");
    let keep = async |name: String, bytes: Bytes| {
        let upload = intake::attach(&ctx, owner, id, &code, &name, bytes).await?;
        Ok(drawn::upload(&upload.file, &base))
    };
    match take(form, &headers, keep).await? {
        Taken::Answered(response) => Ok(response),
        Taken::Kept => Ok(back(id, &code)),
        Taken::Refused(say) => {
            let draft = intake::open(&ctx, owner, id).await?;
            let problem = Problem { field: format!("material.{code}"), say, blocks: true };
            page(&ctx, &look.at(&format!("{base}/materials")), &draft, &[problem]).await
        }
    }
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
