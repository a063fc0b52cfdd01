//! The items for other programs: `GET /api/v1/items`.

use crate::Ctx;
use crate::catalogue::{Entry, Filter};
use crate::web::Fault;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};

/// Rows in an answer when nobody asks for a number.
const USUAL_LIMIT: u16 = 50;
/// Rows in an answer at most.
const MOST: u16 = 200;

/// What may be asked.
#[derive(Deserialize)]
pub(super) struct Ask {
    first_batch: Option<bool>,
    limit: Option<u16>,
    #[serde(default)]
    cursor: String,
}

/// One item as other programs see it.
#[derive(Serialize)]
struct ItemRow<'a> {
    first_batch_no: u16,
    /// 实施编码.
    code: &'a str,
    /// 基本编码.
    basic_code: &'a str,
    /// No authority has given the codes yet.
    code_is_placeholder: bool,
    name: &'a str,
    department: &'a str,
    partial_coverage: bool,
}

impl<'a> From<&'a Entry> for ItemRow<'a> {
    fn from(item: &'a Entry) -> Self {
        Self {
            first_batch_no: item.no(),
            code: item.code.as_str(),
            basic_code: item.item.identity.basic_code.value.as_str(),
            code_is_placeholder: item.has_made_up_code(),
            name: item.name(),
            department: item.department(),
            partial_coverage: item.is_partial(),
        }
    }
}

/// A page of items and the cursor of the next one.
#[derive(Serialize)]
struct Page<'a> {
    items: Vec<ItemRow<'a>>,
    next: Option<String>,
}

/// `GET /api/v1/items?first_batch=true&limit=200&cursor=…`.
pub(super) async fn items(
    State(ctx): State<Ctx>,
    ask: Result<Query<Ask>, QueryRejection>,
) -> Result<Json<serde_json::Value>, Fault> {
    let Query(ask) = ask.map_err(|_| {
        Fault::bad_request(
            "query",
            "参数写得不对：first_batch 只能是 true 或 false，limit 要是 1 到 200 之间的整数。",
        )
    })?;
    let limit = ask.limit.unwrap_or(USUAL_LIMIT);
    if limit == 0 || limit > MOST {
        return Err(Fault::bad_request("limit", "limit 要是 1 到 200 之间的整数。"));
    }
    let after = match ask.cursor.as_str() {
        "" => 0,
        cursor => cursor.parse().map_err(|_| {
            Fault::bad_request("cursor", "cursor 要原样使用上一页答复里的 next，不能自己编写。")
        })?,
    };
    // All items known so far are of the first batch; asking for the others is answered truthfully with none.
    let page = if ask.first_batch == Some(false) {
        Page { items: Vec::new(), next: None }
    } else {
        let slice = ctx.catalogue.list(Filter::default(), after, limit.into());
        let next = slice.next.map(|no| no.to_string());
        Page { items: slice.rows.into_iter().map(ItemRow::from).collect(), next }
    };
    serde_json::to_value(page).map(Json).map_err(Fault::internal)
}

/// Any other address of the API.
pub(super) async fn unknown() -> Fault {
    let mut fault = Fault::not_found();
    fault.title = "没有这个接口".into();
    fault.say = "请核对接口地址；现有的接口以 /api/v1/ 开头。".into();
    fault
}
