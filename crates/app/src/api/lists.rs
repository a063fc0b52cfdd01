//! Lists of cases and of work that waits, within the reach of the client.

use super::ask::{Ask, bad_cursor, id_cursor, rows};
use super::words;
use crate::Ctx;
use crate::cases::{self, After, CaseFilter, CaseRow, Nearness, StaffActor, TaskFilter};
use crate::identity::clients::Client;
use crate::web::Fault;
use axum::Json;
use axum::extract::State;
use domain::cases::{Status, WorkKind};
use domain::kernel::{CaseId, OrgId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// 办件（列表中的一行）。
#[derive(Serialize, ToSchema)]
pub(super) struct CaseRowView {
    /// 办件的编号。
    id: Uuid,
    /// 版本；办理时原样带回。
    version: i64,
    /// 受理编号，13 位。
    number: String,
    /// 事项名称。
    item_name: String,
    /// 办件类型。
    #[schema(schema_with = words::regime)]
    regime: String,
    /// 状态。
    #[schema(schema_with = words::status)]
    status: String,
    /// 状态的说法。
    status_label: &'static str,
    /// 现在要赶的那一天；停表或者没有要办的是 null。
    due: Option<Date>,
    /// 提交的时间。
    submitted_at: Timestamp,
    /// 受理机构。
    accepting: Option<Uuid>,
    /// 现在在哪个机构。
    handling: Uuid,
    /// 申请人，个人姓名隐去一部分。
    applicant: String,
}

pub(super) fn row(row: CaseRow) -> Result<CaseRowView, Fault> {
    Ok(CaseRowView {
        id: row.id.uuid(),
        version: row.version,
        number: row.number,
        item_name: row.item_name,
        regime: words::word(&row.regime)?,
        status: row.status.as_str().to_owned(),
        status_label: row.status.label(),
        due: row.due,
        submitted_at: row.submitted_at,
        accepting: row.accepting.map(OrgId::uuid),
        handling: row.handling.uuid(),
        applicant: row.applicant,
    })
}

/// 一页办件。
#[derive(Serialize, ToSchema)]
pub(super) struct CasePage {
    /// 办件。
    cases: Vec<CaseRowView>,
    /// 下一页的 cursor；没有下一页时是 null。
    next: Option<String>,
}

/// 要哪些办件。
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct CasesAsk {
    /// 只要这个状态的。
    #[param(schema_with = words::status)]
    status: Option<String>,
    /// 只要这种办件类型的。
    #[param(schema_with = words::regime)]
    regime: Option<String>,
    /// 只要这个事项的：实施编码。
    #[param(max_length = 31)]
    item_code: Option<String>,
    /// 只要离到期这么近的。
    #[param(schema_with = words::nearness)]
    nearness: Option<String>,
    /// 只要这个机构收件或者正在办的；要在本接入系统的范围内。
    place: Option<Uuid>,
    /// 一页最多几条，默认 50。
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// 上一页答复里的 next，原样使用；第一页不填。
    cursor: Option<String>,
}

fn after(cursor: Option<&str>) -> Result<Option<After>, Fault> {
    match cursor {
        None | Some("") => Ok(None),
        Some(text) => After::from_cursor(text).map(Some).ok_or_else(bad_cursor),
    }
}

fn optional<T: serde::de::DeserializeOwned>(
    field: &'static str,
    word: Option<&str>,
) -> Result<Option<T>, Fault> {
    word.map(|word| words::known(field, word)).transpose()
}

/// 实施编码 has 31 letters and digits; what is longer is none.
fn item_code(code: Option<String>) -> Result<Option<String>, Fault> {
    if code.as_ref().is_some_and(|code| code.chars().count() > 31) {
        return Err(Fault::bad_request("item_code", "item_code 要是 31 位的实施编码，请核对。"));
    }
    Ok(code)
}

fn nearness(word: Option<&str>) -> Result<Option<Nearness>, Fault> {
    let Some(word) = word else { return Ok(None) };
    let known = words::NEARNESS.iter().find(|(name, _)| *name == word);
    let none = || Fault::bad_request("nearness", "nearness 没有这个值，请从接口说明列出的值里选。");
    known.map(|(_, nearness)| Some(*nearness)).ok_or_else(none)
}

/// 在办的办件
///
/// 本机构及下级还没有办结的办件，先到期的在前。
#[utoipa::path(get, path = "/api/v1/cases", tag = "办件", params(CasesAsk),
    responses((status = 200, description = "一页办件", body = CasePage)))]
pub(super) async fn open(
    State(ctx): State<Ctx>,
    client: Client,
    Ask(ask): Ask<CasesAsk>,
) -> Result<Json<CasePage>, Fault> {
    let filter = CaseFilter {
        status: optional::<Status>("status", ask.status.as_deref())?,
        regime: optional("regime", ask.regime.as_deref())?,
        item_code: item_code(ask.item_code)?,
        nearness: nearness(ask.nearness.as_deref())?,
        place: ask.place.map(OrgId),
    };
    let (after, limit) = (after(ask.cursor.as_deref())?, rows(ask.limit)?);
    let page = cases::open_cases(&ctx, &StaffActor::from(&client), &filter, after.as_ref(), limit).await?;
    let next = page.next.map(|after| after.cursor());
    let cases = page.rows.into_iter().map(row).collect::<Result<_, _>>()?;
    Ok(Json(CasePage { cases, next }))
}

/// 要哪一页。
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PageAsk {
    /// 一页最多几条，默认 50。
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// 上一页答复里的 next，原样使用；第一页不填。
    pub cursor: Option<String>,
}

/// 代提交的办件
///
/// 本接入系统代申请人提交的全部办件，新的在前，包括已经办结的。
#[utoipa::path(get, path = "/api/v1/filed-cases", tag = "办件", params(PageAsk),
    responses((status = 200, description = "一页办件", body = CasePage)))]
pub(super) async fn filed(
    State(ctx): State<Ctx>,
    client: Client,
    Ask(ask): Ask<PageAsk>,
) -> Result<Json<CasePage>, Fault> {
    let before = id_cursor(ask.cursor.as_deref().unwrap_or_default())?.map(CaseId);
    let own = StaffActor::from(&client).id;
    let (list, next) = cases::entered_by(&ctx, own, before, rows(ask.limit)?).await?;
    let cases = list.into_iter().map(row).collect::<Result<_, _>>()?;
    Ok(Json(CasePage { cases, next: next.map(|id| id.to_string()) }))
}

/// 一项待办。
#[derive(Serialize, ToSchema)]
pub(super) struct TaskView {
    /// 哪一种。
    #[schema(schema_with = words::work)]
    kind: &'static str,
    /// 这一种的说法。
    kind_label: &'static str,
    /// 环节的序号，办理环节时用；不是环节的是 null。
    step: Option<u32>,
    /// 由哪个机构办。
    org: Uuid,
    /// 谁认领了；没有人认领的是 null。
    holder: Option<Uuid>,
    /// 办件。
    case: CaseRowView,
}

/// 一页待办。
#[derive(Serialize, ToSchema)]
pub(super) struct TaskPage {
    /// 待办。
    tasks: Vec<TaskView>,
    /// 下一页的 cursor；没有下一页时是 null。
    next: Option<String>,
}

/// 要哪些待办。
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct TasksAsk {
    /// 只要这一种。
    #[param(schema_with = words::work)]
    kind: Option<String>,
    /// 只要这种办件类型的。
    #[param(schema_with = words::regime)]
    regime: Option<String>,
    /// 只要这个事项的：实施编码。
    #[param(max_length = 31)]
    item_code: Option<String>,
    /// 只要这一天或者之前到期的。
    due_until: Option<Date>,
    /// 只要还没有人认领的。
    unclaimed: Option<bool>,
    /// 只要本接入系统认领的。
    mine: Option<bool>,
    /// 一页最多几条，默认 50。
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// 上一页答复里的 next，原样使用；第一页不填。
    cursor: Option<String>,
}

/// 待办
///
/// 本机构及下级现在要办的事，先到期的在前。
#[utoipa::path(get, path = "/api/v1/tasks", tag = "办件", params(TasksAsk),
    responses((status = 200, description = "一页待办", body = TaskPage)))]
pub(super) async fn tasks(
    State(ctx): State<Ctx>,
    client: Client,
    Ask(ask): Ask<TasksAsk>,
) -> Result<Json<TaskPage>, Fault> {
    let filter = TaskFilter {
        kind: optional::<WorkKind>("kind", ask.kind.as_deref())?,
        kinds: &[],
        regime: optional("regime", ask.regime.as_deref())?,
        item_code: item_code(ask.item_code)?,
        due_until: ask.due_until,
        unclaimed: ask.unclaimed.unwrap_or_default(),
        mine: ask.mine.unwrap_or_default(),
    };
    let (after, limit) = (after(ask.cursor.as_deref())?, rows(ask.limit)?);
    let page = cases::worklist(&ctx, &StaffActor::from(&client), &filter, after.as_ref(), limit).await?;
    let next = page.next.map(|after| after.cursor());
    let view = |task: cases::TaskRow| {
        Ok(TaskView {
            kind: task.kind.as_str(),
            kind_label: task.kind.label(),
            step: task.step.and_then(|step| u32::try_from(step).ok()),
            org: task.org.uuid(),
            holder: task.holder.map(|staff| staff.uuid()),
            case: row(task.case)?,
        })
    };
    let tasks = page.rows.into_iter().map(view).collect::<Result<_, Fault>>()?;
    Ok(Json(TaskPage { tasks, next }))
}
