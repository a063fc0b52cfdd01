//! Applications for others over the API: begun, filled in, checked, submitted; as drafts of the pages are.

use super::applicant::{self, ApplicantAsk};
use super::application::{self, ApplicationView, FieldState, ProblemView};
use super::ask::{Ask, Bare, Body, Named, Sent, id_cursor, rows};
use super::files::{PageKept, page};
use super::lists::PageAsk;
use super::once::{Outcome, once};
use super::words;
use crate::Ctx;
use crate::identity::clients::Client;
use crate::intake::{self, Owner, Saving, Starting, Submitter, Values};
use crate::web::{Fault, Trace};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use domain::cases::Channel;
use domain::kernel::{FileId, ItemId, OrgId, StaffId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// 要代谁申请什么。
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ApplicationAsk {
    /// 事项：三位序号、基本编码或实施编码，最多 10 项。
    #[schema(min_items = 1, max_items = 10)]
    items: Vec<String>,
    /// 收件的服务大厅的编号。
    accepting: Option<Uuid>,
    /// 申报来源，默认 agent 代办。
    #[schema(schema_with = words::channel)]
    channel: Option<String>,
    /// 申请人；也可以在修改时再填。
    applicant: Option<ApplicantAsk>,
    /// 表单：字段名和值，字段见事项的表单；填了一半也可以。
    #[serde(default)]
    form: BTreeMap<String, String>,
    /// 收了几份纸质材料：材料编码和份数。
    #[serde(default)]
    paper: BTreeMap<String, u16>,
    /// 实际收件的时间，只在补录时填。
    happened_at: Option<Timestamp>,
}

/// 改了什么；没有写的保持原样。
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ApplicationChange {
    /// 收件的服务大厅的编号。
    accepting: Option<Uuid>,
    /// 申请人。
    applicant: Option<ApplicantAsk>,
    /// 表单：字段名和值，字段见事项的表单。
    #[serde(default)]
    form: BTreeMap<String, String>,
    /// 收了几份纸质材料：材料编码和份数。
    #[serde(default)]
    paper: BTreeMap<String, u16>,
    /// 实际收件的时间，只在补录时填。
    happened_at: Option<Timestamp>,
}

/// 建好的申请。
#[derive(Serialize, ToSchema)]
#[allow(dead_code, reason = "describes what super::once tells")]
pub(super) struct ApplicationMade {
    /// 申请的编号。
    id: Uuid,
}

pub(super) fn owner(client: &Client) -> Owner {
    Owner::Staff(StaffId(client.id))
}

/// What was filled in, as the form of a draft keeps it.
fn values(form: BTreeMap<String, String>, paper: BTreeMap<String, u16>) -> Values {
    let paper = paper.into_iter().map(|(code, copies)| (format!("paper.{code}"), copies.to_string()));
    form.into_iter().chain(paper).collect()
}

/// A hall that was named must be there.
fn hall(ctx: &Ctx, id: Option<Uuid>) -> Result<Option<OrgId>, Fault> {
    let Some(id) = id.map(OrgId) else { return Ok(None) };
    if ctx.city().org(id).is_none() {
        let say = "没有这个服务大厅，请从 /api/v1/halls 里选".to_owned();
        return Err(super::actions::unfit(vec![("accepting".to_owned(), say)]));
    }
    Ok(Some(id))
}

fn items(ctx: &Ctx, codes: &[String]) -> Result<Vec<ItemId>, Fault> {
    let found = |(n, code): (usize, &String)| match ctx.catalogue().item(code) {
        Some(entry) => Ok(entry.item.id),
        None => {
            let say = "没有这个事项，请用 /api/v1/items 里的编码".to_owned();
            Err(super::actions::unfit(vec![(format!("items[{n}]"), say)]))
        }
    };
    codes.iter().enumerate().map(found).collect()
}

/// 新建申请
///
/// 代申请人开始一份申请，之后可以修改、上传材料、检查，最后提交。30 天不动会自动删除。
#[utoipa::path(post, path = "/api/v1/applications", tag = "申请", request_body = ApplicationAsk,
    responses((status = 201, description = "建好了", body = ApplicationMade)))]
pub(super) async fn start(
    State(ctx): State<Ctx>,
    Extension(trace): Extension<Trace>,
    sent: Sent<ApplicationAsk>,
) -> Result<Response, Response> {
    let Sent { sender, body } = sent;
    let client = sender.client.clone();
    let made = |id: Uuid| Outcome::Known(json!({ "id": id }));
    let plain = ctx.clone();
    let told = once(&ctx, &sender, made, |ctx, id| async move {
        let channel = body.channel.as_deref().map(|word| words::known("channel", word)).transpose()?;
        let mut values = values(body.form, body.paper);
        // Whom it is about is made known by itself: the same document names the same person again.
        let applicant = match &body.applicant {
            Some(ask) => Some(applicant::made_known(&plain, &client, ask, &trace.to_string()).await?),
            None => None,
        };
        if let Some(ask) = &body.applicant {
            applicant::fill(&mut values, ask);
        }
        let starting = Starting {
            channel: channel.unwrap_or(Channel::Agent),
            items: items(&ctx, &body.items)?,
            accepting: hall(&ctx, body.accepting)?,
            applicant,
            values,
            happened_at: body.happened_at,
        };
        intake::start_as(&ctx, owner(&client), id, starting).await?;
        Ok(())
    })
    .await?;
    Ok(told.answer(StatusCode::CREATED))
}

/// 一页申请。
#[derive(Serialize, ToSchema)]
pub(super) struct ApplicationPage {
    /// 申请，新的在前。
    applications: Vec<ApplicationView>,
    /// 下一页的 cursor；没有下一页时是 null。
    next: Option<String>,
}

/// 没有提交的申请
///
/// 本接入系统建了还没有提交的申请，新的在前。
#[utoipa::path(get, path = "/api/v1/applications", tag = "申请", params(PageAsk),
    responses((status = 200, description = "一页申请", body = ApplicationPage)))]
pub(super) async fn list(
    State(ctx): State<Ctx>,
    client: Client,
    Ask(ask): Ask<PageAsk>,
) -> Result<Json<ApplicationPage>, Fault> {
    let before = id_cursor(ask.cursor.as_deref().unwrap_or_default())?;
    let limit = rows(ask.limit)?.min(100);
    let limit = u32::try_from(limit).unwrap_or(1);
    let drafts = intake::drafts(&ctx, owner(&client), before, limit).await?;
    let full = drafts.len() >= limit as usize;
    let next = drafts.last().filter(|_| full).map(|draft| draft.id.to_string());
    let city = ctx.city();
    let applications =
        drafts.iter().map(|draft| application::view(&city, draft)).collect::<Result<_, _>>()?;
    Ok(Json(ApplicationPage { applications, next }))
}

/// 一份申请
#[utoipa::path(get, path = "/api/v1/applications/{id}", tag = "申请",
    params(("id" = Uuid, Path, description = "申请的编号")),
    responses((status = 200, description = "申请", body = ApplicationView)))]
pub(super) async fn one(
    State(ctx): State<Ctx>,
    client: Client,
    Named(id): Named<Uuid>,
) -> Result<Json<ApplicationView>, Fault> {
    let draft = intake::open(&ctx, owner(&client), id).await?;
    application::view(&ctx.city(), &draft).map(Json)
}

/// 修改申请
///
/// 只写要改的；表单按字段合并。
#[utoipa::path(put, path = "/api/v1/applications/{id}", tag = "申请",
    params(("id" = Uuid, Path, description = "申请的编号")), request_body = ApplicationChange,
    responses((status = 200, description = "改好的申请", body = ApplicationView)))]
pub(super) async fn change(
    State(ctx): State<Ctx>,
    client: Client,
    Extension(trace): Extension<Trace>,
    Named(id): Named<Uuid>,
    Body(body): Body<ApplicationChange>,
) -> Result<Json<ApplicationView>, Fault> {
    intake::open(&ctx, owner(&client), id).await?;
    let mut values = values(body.form, body.paper);
    let applicant = match &body.applicant {
        Some(ask) => {
            applicant::fill(&mut values, ask);
            Some(applicant::made_known(&ctx, &client, ask, &trace.to_string()).await?)
        }
        None => None,
    };
    let accepting = hall(&ctx, body.accepting)?;
    let saving = Saving { values, accepting, applicant, happened_at: body.happened_at, ..Saving::default() };
    let draft = intake::save(&ctx, owner(&client), id, saving).await?;
    application::view(&ctx.city(), &draft).map(Json)
}

/// 删除申请
///
/// 没有提交的申请可以删除。
#[utoipa::path(delete, path = "/api/v1/applications/{id}", tag = "申请",
    params(("id" = Uuid, Path, description = "申请的编号")),
    responses((status = 204, description = "删除了")))]
pub(super) async fn discard(
    State(ctx): State<Ctx>,
    client: Client,
    Named(id): Named<Uuid>,
) -> Result<StatusCode, Fault> {
    intake::discard(&ctx, owner(&client), id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// 检查的结果。
#[derive(Serialize, ToSchema)]
pub(super) struct CheckView {
    /// 现在可以提交。
    ready: bool,
    /// 要改的地方；blocks 是 false 的只是提醒。
    problems: Vec<ProblemView>,
    /// 表单的每一个字段，已经填了没有。
    fields: Vec<FieldState>,
}

/// 检查申请
///
/// 一次列出全部要改的地方，不用提交就知道。
#[utoipa::path(get, path = "/api/v1/applications/{id}/check", tag = "申请",
    params(("id" = Uuid, Path, description = "申请的编号")),
    responses((status = 200, description = "检查的结果", body = CheckView)))]
pub(super) async fn check(
    State(ctx): State<Ctx>,
    client: Client,
    Named(id): Named<Uuid>,
) -> Result<Json<CheckView>, Fault> {
    let draft = intake::open(&ctx, owner(&client), id).await?;
    let problems = intake::check(&ctx, &draft);
    Ok(Json(CheckView {
        ready: draft.application.is_none() && problems.iter().all(|problem| !problem.blocks),
        problems: problems.into_iter().map(ProblemView::from).collect(),
        fields: application::fields(&ctx.city(), &draft),
    }))
}

/// 上传申请的材料
///
/// 正文就是一页或一个 PDF；一份材料最多 50 页，一页一次。
#[utoipa::path(post, path = "/api/v1/applications/{id}/materials/{material}", tag = "申请",
    params(("id" = Uuid, Path, description = "申请的编号"), ("material" = String, Path, description = "材料编码"),
        ("file-name" = Option<String>, Header, description = "文件名，百分号编码的 UTF-8")),
    request_body(description = "文件本身", content(("application/pdf"), ("image/jpeg"), ("image/png"), ("image/webp"), ("image/heif"))),
    responses((status = 201, description = "收下了", body = PageKept)))]
pub(super) async fn attach(
    State(ctx): State<Ctx>,
    Named((id, material)): Named<(Uuid, String)>,
    sent: super::ask::SentFile,
) -> Result<Response, Response> {
    let super::ask::SentFile { sender, name, bytes } = sent;
    let own = owner(&sender.client);
    let outcome = page(id, &material, &bytes);
    let told = once(
        &ctx,
        &sender,
        |_| outcome,
        |ctx, _| async move {
            intake::attach(&ctx, own, id, &material, &name, bytes).await?;
            Ok(())
        },
    )
    .await?;
    Ok(told.answer(StatusCode::CREATED))
}

/// 拿掉申请的一页材料
#[utoipa::path(delete, path = "/api/v1/applications/{id}/files/{file}", tag = "申请",
    params(("id" = Uuid, Path, description = "申请的编号"), ("file" = Uuid, Path, description = "文件的编号")),
    responses((status = 204, description = "拿掉了")))]
pub(super) async fn detach(
    State(ctx): State<Ctx>,
    client: Client,
    Named((id, file)): Named<(Uuid, Uuid)>,
) -> Result<StatusCode, Fault> {
    intake::detach(&ctx, owner(&client), id, FileId(file)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// 提交后的一个办件。
#[derive(Serialize, ToSchema)]
pub(super) struct FiledCase {
    /// 办件的编号。
    id: Uuid,
    /// 受理编号，13 位。
    number: String,
    /// 查询码；请告诉申请人，以后不再显示。
    query_code: String,
    /// 事项名称。
    item_name: String,
}

/// 收件回执。
#[derive(Serialize, ToSchema)]
pub(super) struct ReceiptView {
    /// 申请。
    application: Uuid,
    /// 每个事项一个办件。
    cases: Vec<FiledCase>,
}

/// 提交申请
///
/// 提交后每个事项成为一个办件。还有要改的地方时答复 422，errors 列出全部。
#[utoipa::path(post, path = "/api/v1/applications/{id}/submit", tag = "申请",
    params(("id" = Uuid, Path, description = "申请的编号")),
    responses((status = 200, description = "收件回执", body = ReceiptView)))]
pub(super) async fn submit(
    State(ctx): State<Ctx>,
    Extension(trace): Extension<Trace>,
    Named(id): Named<Uuid>,
    Bare(sender): Bare,
) -> Result<Response, Response> {
    let submitter = Submitter::Staff((&sender.client).into());
    let told = json!({ "draft": id });
    let by = submitter.clone();
    let done = once(
        &ctx,
        &sender,
        |_| Outcome::Known(told),
        |ctx, _| async move {
            intake::submit(&ctx, &by, id, &trace.to_string()).await?;
            Ok(())
        },
    )
    .await?;
    // The numbers lie sealed with the draft; submitting it again reads them.
    let again = intake::submit(&ctx, &submitter, id, &trace.to_string()).await;
    let receipt = again.map_err(|error| Fault::from(error).into_response())?;
    let case = |told: intake::Told| FiledCase {
        id: told.id.uuid(),
        number: told.number,
        query_code: told.query_code,
        item_name: told.item_name,
    };
    let cases = receipt.cases.into_iter().map(case).collect();
    let receipt = ReceiptView { application: receipt.application.uuid(), cases };
    let mut response = Json(receipt).into_response();
    done.mark(response.headers_mut());
    Ok(response)
}
