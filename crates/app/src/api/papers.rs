//! Papers of a case for other programs.

use super::ask::Named;
use super::files::download;
use crate::Ctx;
use crate::cases::{self, By};
use crate::identity::clients::Client;
use crate::papers::{self, PaperView};
use crate::web::Fault;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use domain::kernel::CaseId;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// 一份文书。
#[derive(Serialize, ToSchema)]
pub(super) struct Paper {
    /// 文书的编号。
    id: Uuid,
    /// 哪一种，例如 acceptance。
    kind: &'static str,
    /// 名称，例如 受理通知书。
    title: String,
    /// 文号。
    number: String,
    /// 落款的日期。
    on: Date,
    /// PDF 已经做好，可以下载。
    ready: bool,
    /// 作废的原因；没有作废的是 null。
    voided: Option<String>,
}

/// 办件的全部文书。
#[derive(Serialize, ToSchema)]
pub(super) struct PaperList {
    /// 文书，早的在前。
    papers: Vec<Paper>,
}

/// 办件的文书
#[utoipa::path(get, path = "/api/v1/cases/{id}/papers", tag = "文书",
    params(("id" = Uuid, Path, description = "办件的编号")),
    responses((status = 200, description = "文书", body = PaperList)))]
pub(super) async fn list(
    State(ctx): State<Ctx>,
    client: Client,
    Named(id): Named<Uuid>,
) -> Result<Json<PaperList>, Fault> {
    let record = cases::find(&ctx.db, CaseId(id)).await?.ok_or_else(Fault::not_found)?;
    if !By::from(&client).may_see(&record, &ctx.city()) {
        return Err(Fault::not_found());
    }
    let view = |paper: PaperView| Paper {
        id: paper.id,
        kind: paper.kind.as_str(),
        title: paper.title,
        number: paper.number,
        on: paper.on,
        ready: paper.ready,
        voided: paper.voided,
    };
    let papers = papers::of_case(&ctx, CaseId(id)).await?;
    Ok(Json(PaperList { papers: papers.into_iter().map(view).collect() }))
}

/// 下载文书
///
/// 刚签发的文书过几秒钟才做好；没有做好时答复 503，请按 Retry-After 再试。
#[utoipa::path(get, path = "/api/v1/cases/{id}/papers/{paper}", tag = "文书",
    params(("id" = Uuid, Path, description = "办件的编号"), ("paper" = Uuid, Path, description = "文书的编号")),
    responses((status = 200, description = "PDF", body = Vec<u8>, content_type = "application/pdf")))]
pub(super) async fn read(
    State(ctx): State<Ctx>,
    client: Client,
    Named((id, paper)): Named<(Uuid, Uuid)>,
) -> Result<Response, Fault> {
    let (_, pdf) = papers::pdf(&ctx, CaseId(id), paper, &[By::from(&client)]).await?;
    Ok(download("application/pdf", &format!("{paper}.pdf"), pdf))
}
