//! Files: uploaded for a later step or for a material that is supplemented, listed and downloaded with their case.

use super::ask::{Named, SentFile};
use super::once::{Outcome, once};
use super::sql;
use crate::Ctx;
use crate::cases::{self, By, NewAttachment};
use crate::identity::clients::Client;
use crate::intake::{self, IntakeError};
use crate::web::Fault;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::kernel::CaseId;
use serde::Serialize;
use serde_json::json;
use store::files::Digest;
use store::{Tx, Work};
use utoipa::ToSchema;
use uuid::Uuid;

/// 上传好的文件。
#[derive(Serialize, ToSchema)]
#[allow(dead_code, reason = "describes what super::once tells")]
pub(super) struct FileKept {
    /// 文件的编号。
    id: Uuid,
    /// 内容的 SM3 摘要，64 位十六进制。
    digest: String,
    /// 字节数。
    size: u64,
}

/// 上传好的一页材料。
#[derive(Serialize, ToSchema)]
#[allow(dead_code, reason = "describes what super::once tells")]
pub(super) struct PageKept {
    /// 文件的编号。
    id: Uuid,
    /// 材料编码。
    material: String,
    /// 内容的 SM3 摘要，64 位十六进制。
    digest: String,
    /// 字节数。
    size: u64,
}

/// A file with the client it belongs to.
struct Own {
    new: NewAttachment,
    client: Uuid,
}

impl Work for Own {
    type Out = ();
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<()> {
        self.new.write(tx).await?;
        let row = [self.new.attachment.id.uuid().into(), self.client.into(), self.new.added_at().into()];
        tx.exec(sql::ADD_FILE, &row).await.map(drop)
    }
}

struct OwnerOf(Uuid);

impl Work for OwnerOf {
    type Out = Option<(Uuid,)>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Self::Out> {
        tx.opt(sql::FILE_OF, &[self.0.into()]).await
    }
}

/// Whether this client uploaded the file.
pub(super) async fn is_own(ctx: &Ctx, client: &Client, file: Uuid) -> store::Result<bool> {
    Ok(ctx.db.read(OwnerOf(file)).await?.is_some_and(|(owner,)| owner == client.id))
}

fn refused(error: cases::FileError) -> Response {
    Fault::from(IntakeError::from(error)).into_response()
}

/// 上传文件
///
/// 上传以后某一步要用的文件：签字、承诺书、结果文件、接件时收到的材料。正文就是文件本身，只收照片和 PDF，最大 25 MB，
/// 以内容为准。
#[utoipa::path(post, path = "/api/v1/files", tag = "文件",
    params(("file-name" = Option<String>, Header, description = "文件名，百分号编码的 UTF-8")),
    request_body(description = "文件本身", content(("application/pdf"), ("image/jpeg"), ("image/png"), ("image/webp"), ("image/heif"))),
    responses((status = 201, description = "收下了", body = FileKept)))]
pub(super) async fn keep(State(ctx): State<Ctx>, sent: SentFile) -> Result<Response, Response> {
    let SentFile { sender, name, bytes } = sent;
    // Its bytes are durable before anything refers to them; kept twice, they lie there once.
    let from = By::from(&sender.client).name();
    let new = cases::keep(&ctx, &from, &name, bytes).await.map_err(refused)?;
    let file = &new.attachment;
    let told = json!({"id": file.id.uuid(), "digest": file.digest.to_string(), "size": file.size});
    let own = Own { client: sender.client.id, new };
    let told =
        once(&ctx, &sender, |_| Outcome::Known(told), |ctx, _| async move { Ok(ctx.db.write(own).await?) })
            .await?;
    Ok(told.answer(StatusCode::CREATED))
}

/// 上传补正或容缺的材料
///
/// 一次一页；全部上传以后用 resubmit 或 supply_deferred 交上去。
#[utoipa::path(post, path = "/api/v1/cases/{id}/materials/{material}", tag = "文件",
    params(("id" = Uuid, Path, description = "办件的编号"), ("material" = String, Path, description = "材料编码"),
        ("file-name" = Option<String>, Header, description = "文件名，百分号编码的 UTF-8")),
    request_body(description = "文件本身", content(("application/pdf"), ("image/jpeg"), ("image/png"), ("image/webp"), ("image/heif"))),
    responses((status = 201, description = "收下了", body = PageKept)))]
pub(super) async fn supplement(
    State(ctx): State<Ctx>,
    Named((id, material)): Named<(Uuid, String)>,
    sent: SentFile,
) -> Result<Response, Response> {
    let SentFile { sender, name, bytes } = sent;
    let by = By::from(&sender.client);
    let outcome = page(id, &material, &bytes);
    let told = once(
        &ctx,
        &sender,
        |_| outcome,
        |ctx, _| async move {
            intake::attach_to_case(&ctx, &by, CaseId(id), &material, &name, bytes).await?;
            Ok(())
        },
    )
    .await?;
    Ok(told.answer(StatusCode::CREATED))
}

/// What is told of a page that is added to a draft or case.
pub(super) fn page(holder: Uuid, material: &str, bytes: &Bytes) -> Outcome {
    let digest = Digest::of(bytes).to_string();
    Outcome::Page { holder, material: material.to_owned(), digest, size: bytes.len() }
}

/// 办件的一个文件。
#[derive(Serialize, ToSchema)]
pub(super) struct FileView {
    /// 文件的编号。
    id: Uuid,
    /// 内容的 SM3 摘要，下载时用。
    digest: String,
    /// 字节数。
    size: u64,
    /// 内容类型，按内容判断。
    content_type: String,
    /// 上传时的文件名；可能含有个人信息。
    name: String,
}

/// 办件的全部文件。
#[derive(Serialize, ToSchema)]
pub(super) struct FileList {
    /// 文件，早的在前。
    files: Vec<FileView>,
}

/// 办件的文件
#[utoipa::path(get, path = "/api/v1/cases/{id}/files", tag = "文件",
    params(("id" = Uuid, Path, description = "办件的编号")),
    responses((status = 200, description = "文件", body = FileList)))]
pub(super) async fn list(
    State(ctx): State<Ctx>,
    client: Client,
    Named(id): Named<Uuid>,
) -> Result<Json<FileList>, Fault> {
    let files = cases::files_of(&ctx, CaseId(id), &By::from(&client)).await?;
    let view = |file: cases::Attachment| FileView {
        id: file.id.uuid(),
        digest: file.digest.to_string(),
        size: file.size,
        content_type: file.content_type,
        name: file.name,
    };
    Ok(Json(FileList { files: files.into_iter().map(view).collect() }))
}

/// Bytes as a download, named by what they are and never by a person.
pub(super) fn download(content_type: &str, name: &str, bytes: Bytes) -> Response {
    let headers: [(HeaderName, String); 2] = [
        (CONTENT_TYPE, content_type.to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (headers, bytes).into_response()
}

/// 下载办件的一个文件
#[utoipa::path(get, path = "/api/v1/cases/{id}/files/{digest}", tag = "文件",
    params(("id" = Uuid, Path, description = "办件的编号"), ("digest" = String, Path, description = "内容的 SM3 摘要")),
    responses((status = 200, description = "文件本身", content(
        (Vec<u8> = "application/pdf"), (Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png"), (Vec<u8> = "image/webp"),
        (Vec<u8> = "image/heif")))))]
pub(super) async fn read(
    State(ctx): State<Ctx>,
    client: Client,
    Named((id, digest)): Named<(Uuid, String)>,
) -> Result<Response, Fault> {
    let digest: Digest = digest.parse().map_err(|_| Fault::not_found())?;
    let (file, bytes) = cases::read_file(&ctx, CaseId(id), &digest, &By::from(&client)).await?;
    Ok(download(&file.content_type, &digest.to_string(), bytes))
}
