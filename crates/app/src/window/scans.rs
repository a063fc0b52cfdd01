//! The pages of materials of a tab: taken in one by one, and looked at before they become part of a case.

use super::frame::{self, Clerk};
use super::posted::Posted;
use super::sheet::Sheet;
use super::{materials, tabs};
use crate::Ctx;
use crate::identity::Staff;
use crate::intake::{self, Owner};
use crate::web::Fault;
use askama::Template;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::kernel::FileId;
use uuid::Uuid;

/// The page at the right.
pub(super) struct Docs {
    pub material: String,
    pub at: usize,
    pub name: String,
    pub src: String,
    pub image: bool,
    pub pages: Vec<Thumb>,
}

/// One of its neighbours.
pub(super) struct Thumb {
    pub href: String,
    pub name: String,
    pub current: bool,
}

/// The page that is looked at, or the last one that came in.
pub(super) fn docs(sheet: &Sheet, address: &str, see: Option<FileId>) -> Option<Docs> {
    let shown =
        see.and_then(|id| sheet.pages.iter().find(|page| page.id == id)).or_else(|| sheet.pages.last())?;
    let mine: Vec<_> = sheet.pages.iter().filter(|page| page.code == shown.code).collect();
    let at = mine.iter().position(|page| page.id == shown.id).unwrap_or(0);
    Some(Docs {
        material: sheet
            .rows
            .iter()
            .find(|row| row.code == shown.code)
            .map_or_else(String::new, |row| row.name.clone()),
        at: at + 1,
        name: shown.name.clone(),
        src: format!("{address}/files/{}", shown.id),
        image: shown.image,
        pages: mine
            .iter()
            .map(|page| Thumb {
                href: format!("{address}?see={}", page.id),
                name: page.name.clone(),
                current: page.id == shown.id,
            })
            .collect(),
    })
}

#[derive(Template)]
#[template(path = "window/page_row.html")]
struct PageRow {
    p: materials::PageView,
}

/// `POST /window/tabs/{id}/upload/{code}`: one page of a material; answers its row, or a sentence.
pub(super) async fn upload(
    State(ctx): State<Ctx>,
    staff: Staff,
    Path((id, code)): Path<(Uuid, String)>,
    posted: Posted,
) -> Result<Response, Fault> {
    let clerk = Clerk::of(&ctx, staff)?;
    let tab = tabs::own(&ctx, &clerk, id).await?;
    let (Some(draft), Some(file)) = (tab.draft, posted.files.first()) else {
        let say = "没有收到文件，请重新选择";
        return Err(Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "no_file", "没有收到文件", say));
    };
    let owner = Owner::Staff(clerk.staff.id);
    let upload = intake::attach(&ctx, owner, draft, &code, &file.name, file.bytes.clone()).await?;
    let row = PageRow { p: materials::page(&code, &upload.file) };
    Ok(frame::html(StatusCode::OK, row.render().map_err(Fault::internal)?))
}

/// `GET /window/tabs/{id}/files/{file}`: a stored page, to look at before it becomes part of a case.
pub(super) async fn file(
    State(ctx): State<Ctx>,
    staff: Staff,
    Path((id, file)): Path<(Uuid, Uuid)>,
) -> Result<Response, Fault> {
    let clerk = Clerk::of(&ctx, staff)?;
    let draft = tabs::own(&ctx, &clerk, id).await?.draft.ok_or_else(Fault::not_found)?;
    let owner = Owner::Staff(clerk.staff.id);
    let (upload, bytes) = intake::read_upload(&ctx, owner, draft, FileId(file)).await?;
    let kind = HeaderValue::from_str(&upload.file.content_type).map_err(Fault::internal)?;
    let shown = HeaderValue::from_static("inline");
    Ok(([(CONTENT_TYPE, kind), (CONTENT_DISPOSITION, shown)], Body::from(bytes)).into_response())
}
