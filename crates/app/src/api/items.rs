//! The items for other programs.

use crate::Ctx;
use crate::catalogue::{Entry, Filter};
use crate::web::Fault;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::ask::{Ask, bad_cursor, rows};

/// What may be asked.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ItemsAsk {
    /// 是否只要第一批（附件1）的事项；目前全部事项都是第一批。
    first_batch: Option<bool>,
    /// 一页最多几条，默认 50。
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// 上一页答复里的 next，原样使用；第一页不填。
    #[serde(default)]
    #[param(required = false, pattern = r"^\+?[0-9]*$")]
    cursor: String,
}

/// 一个事项（列表中的一行）。
#[derive(Serialize, ToSchema)]
pub(super) struct ItemRow {
    /// 在附件1中的序号，1 到 182。
    first_batch_no: u16,
    /// 实施编码，31 位。
    code: String,
    /// 基本编码，12 位。
    basic_code: String,
    /// 编码还没有经主管部门赋码，是占位的。
    code_is_placeholder: bool,
    /// 事项名称。
    name: String,
    /// 主管部门简称。
    department: String,
    /// 部分覆盖：只在部分镇（街道）办理。
    partial_coverage: bool,
}

impl From<&Entry> for ItemRow {
    fn from(item: &Entry) -> Self {
        Self {
            first_batch_no: item.no(),
            code: item.code.to_string(),
            basic_code: item.item.identity.basic_code.value.to_string(),
            code_is_placeholder: item.has_made_up_code(),
            name: item.name().to_owned(),
            department: item.department().to_owned(),
            partial_coverage: item.is_partial(),
        }
    }
}

/// 一页事项。
#[derive(Serialize, ToSchema)]
pub(super) struct ItemPage {
    /// 事项，按附件1的序号。
    items: Vec<ItemRow>,
    /// 下一页的 cursor；没有下一页时是 null。
    next: Option<String>,
}

/// 事项列表
///
/// 公开，不用令牌。按附件1的序号排列，每页最多 200 条。
#[utoipa::path(get, path = "/api/v1/items", tag = "事项", params(ItemsAsk),
    responses((status = 200, description = "一页事项", body = ItemPage)))]
pub(super) async fn items(State(ctx): State<Ctx>, Ask(ask): Ask<ItemsAsk>) -> Result<Json<ItemPage>, Fault> {
    let limit = rows(ask.limit)?;
    let after = match ask.cursor.as_str() {
        "" => 0,
        cursor => cursor.parse().map_err(|_| bad_cursor())?,
    };
    let catalogue = ctx.catalogue();
    // All items known so far are of the first batch; asking for the others is answered truthfully with none.
    let page = if ask.first_batch == Some(false) {
        ItemPage { items: Vec::new(), next: None }
    } else {
        let slice = catalogue.list(Filter::default(), after, limit);
        let next = slice.next.map(|no| no.to_string());
        ItemPage { items: slice.rows.into_iter().map(ItemRow::from).collect(), next }
    };
    Ok(Json(page))
}
