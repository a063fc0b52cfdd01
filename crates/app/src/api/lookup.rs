//! Where a case stands, for whoever has the receipt: by number and query code, as at `/track`.

use super::ask::Named;
use super::words;
use crate::Ctx;
use crate::cases::{self, LookupError};
use crate::web::Fault;
use axum::Json;
use axum::extract::State;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// The header with the query code; it stands in no address, because addresses are written down everywhere.
const CODE: &str = "query-code";

/// 发生过的一件事。
#[derive(Serialize, ToSchema)]
pub(super) struct Happening {
    /// 发生的时间。
    at: Timestamp,
    /// 说法。
    title: String,
}

/// 办件到哪一步了。
#[derive(Serialize, ToSchema)]
pub(super) struct Standing {
    /// 受理编号，13 位。
    number: String,
    /// 事项名称。
    item_name: String,
    /// 状态。
    #[schema(schema_with = words::status)]
    status: &'static str,
    /// 状态的说法。
    status_label: &'static str,
    /// 期限的说法；还没有受理的是 null。
    clock: Option<String>,
    /// 经过，早的在前。
    events: Vec<Happening>,
}

/// 查进度
///
/// 凭申请人给的受理编号和查询码查办件到哪一步了。连续输错会要求等 15 分钟。
#[utoipa::path(get, path = "/api/v1/lookup/{number}", tag = "办件",
    params(("number" = String, Path, description = "受理编号，13 位数字"),
        ("query-code" = String, Header, description = "查询码，6 位")),
    responses((status = 200, description = "进度", body = Standing)))]
pub(super) async fn lookup(
    State(ctx): State<Ctx>,
    Named(number): Named<String>,
    headers: HeaderMap,
) -> Result<Json<Standing>, Response> {
    let code = headers.get(CODE).and_then(|code| code.to_str().ok()).unwrap_or_default();
    let view = cases::by_number_and_code(&ctx, &number, code).await.map_err(refused)?;
    let told = |entry: cases::TimelineEntry| Happening { at: entry.at, title: entry.title };
    Ok(Json(Standing {
        number: view.number,
        item_name: view.item_name,
        status: view.status.as_str(),
        status_label: view.status.label(),
        clock: view.clock.sentence(),
        events: view.timeline.into_iter().map(told).collect(),
    }))
}

fn refused(error: LookupError) -> Response {
    let say = error.to_string();
    match error {
        LookupError::Typed(_) => Fault::bad_request("number", say).into_response(),
        LookupError::Wrong => {
            Fault::new(StatusCode::NOT_FOUND, "wrong_code", "没有找到", say).into_response()
        }
        LookupError::Wait => {
            let fault = Fault::new(StatusCode::TOO_MANY_REQUESTS, "wait", "请等一等再查", say);
            ([(RETRY_AFTER, "900")], fault).into_response()
        }
        LookupError::Store(error) => Fault::from(error).into_response(),
    }
}
