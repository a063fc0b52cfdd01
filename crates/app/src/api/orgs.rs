//! Organisations and halls for other programs, as the city has them at this moment.

use super::ask::{Ask, Named, bad_cursor, rows};
use super::words;
use crate::Ctx;
use crate::city::City;
use crate::web::Fault;
use axum::Json;
use axum::extract::State;
use domain::kernel::OrgId;
use domain::org::{Org, OrgKind};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// 一个机构。
#[derive(Serialize, ToSchema)]
pub(super) struct OrgView {
    /// 机构的编号。
    id: Uuid,
    /// 上级机构的编号；市本级是 null。
    parent: Option<Uuid>,
    /// 全称。
    name: String,
    /// 简称。
    short: String,
    /// government 政府、department 部门、service_office 政务办、town_hall 镇（街道）为民服务中心、village_hall 村（社区）便民服务中心。
    #[schema(schema_with = words::org_kind)]
    kind: String,
    /// city 市、district 辖市区、town 镇（街道）、village 村（社区）。
    #[schema(schema_with = words::level)]
    level: String,
    /// 所在行政区划的代码。
    region: String,
    /// 部门的代号；不是部门的是 null。
    department: Option<String>,
    /// 正在对外服务。
    open: bool,
    /// 暂停服务的原因；正在服务的是 null。
    closed_reason: Option<String>,
    /// 工作日办公时间；没有登记的是 null。
    hours: Option<String>,
    /// 电话；没有登记的是 null。
    phone: Option<String>,
    /// 地址；没有登记的是 null。
    address: Option<String>,
}

fn view(city: &City, org: &Org) -> Result<OrgView, Fault> {
    let above = org.path.parent();
    let parent = above.and_then(|path| city.orgs.iter().find(|other| other.path == path));
    let office = &org.office;
    Ok(OrgView {
        id: org.id.uuid(),
        parent: parent.map(|parent| parent.id.uuid()),
        name: org.name.clone(),
        short: org.short.clone(),
        kind: words::word(&org.kind)?,
        level: words::word(&org.level)?,
        region: org.region.as_str().to_owned(),
        department: org.department.as_ref().map(|key| key.as_str().to_owned()),
        open: org.is_open(),
        closed_reason: office.closed.as_ref().map(|closure| closure.reason.clone()),
        hours: office.hours.as_ref().map(ToString::to_string),
        phone: office.phone.as_ref().map(|phone| phone.as_str().to_owned()),
        address: office.address.clone(),
    })
}

/// 一页机构。
#[derive(Serialize, ToSchema)]
pub(super) struct OrgPage {
    /// 机构，上级在前。
    organisations: Vec<OrgView>,
    /// 下一页的 cursor；没有下一页时是 null。
    next: Option<String>,
}

/// 要哪些机构。
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct OrgsAsk {
    /// 只要这个机构的直接下级。
    parent: Option<Uuid>,
    /// 只要这一种。
    #[param(schema_with = words::org_kind)]
    kind: Option<String>,
    /// 一页最多几条，默认 50。
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// 上一页答复里的 next，原样使用；第一页不填。
    cursor: Option<Uuid>,
}

/// A page of the organisations that fit, from the one after the cursor on.
fn page(
    city: &City,
    cursor: Option<Uuid>,
    limit: usize,
    fits: impl Fn(&Org) -> bool,
) -> Result<OrgPage, Fault> {
    let from = match cursor {
        None => 0,
        Some(id) => city.orgs.iter().position(|org| org.id.uuid() == id).ok_or_else(bad_cursor)? + 1,
    };
    let mut rest = city.orgs[from..].iter().filter(|org| fits(org));
    let orgs: Vec<&Org> = rest.by_ref().take(limit).collect();
    let next = rest.next().and(orgs.last()).map(|org| org.id.to_string());
    let organisations = orgs.into_iter().map(|org| view(city, org)).collect::<Result<_, _>>()?;
    Ok(OrgPage { organisations, next })
}

/// 机构列表
///
/// 市、辖市区、镇（街道）、村（社区）的政府、部门和服务大厅，上级在前。
#[utoipa::path(get, path = "/api/v1/organisations", tag = "机构", params(OrgsAsk),
    responses((status = 200, description = "一页机构", body = OrgPage)))]
pub(super) async fn list(State(ctx): State<Ctx>, Ask(ask): Ask<OrgsAsk>) -> Result<Json<OrgPage>, Fault> {
    let city = ctx.city();
    let kind: Option<OrgKind> = ask.kind.as_deref().map(|kind| words::known("kind", kind)).transpose()?;
    let above = match ask.parent {
        Some(id) => {
            let none = || Fault::bad_request("parent", "没有这个上级机构，请核对编号。");
            Some(city.org(OrgId(id)).ok_or_else(none)?.path.clone())
        }
        None => None,
    };
    let fits = |org: &Org| {
        kind.is_none_or(|kind| org.kind == kind) && (above.is_none() || org.path.parent() == above)
    };
    page(&city, ask.cursor, rows(ask.limit)?, fits).map(Json)
}

/// 一个机构
#[utoipa::path(get, path = "/api/v1/organisations/{id}", tag = "机构",
    params(("id" = Uuid, Path, description = "机构的编号")),
    responses((status = 200, description = "机构", body = OrgView)))]
pub(super) async fn one(State(ctx): State<Ctx>, Named(id): Named<Uuid>) -> Result<Json<OrgView>, Fault> {
    let city = ctx.city();
    view(&city, city.org(OrgId(id)).ok_or_else(Fault::not_found)?).map(Json)
}

/// 要哪些大厅。
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct HallsAsk {
    /// 只要这个行政区划里的：区划代码的开头几位，例如 320402。
    #[param(pattern = "^[0-9]{2,12}$")]
    region: Option<String>,
    /// 一页最多几条，默认 50。
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// 上一页答复里的 next，原样使用；第一页不填。
    cursor: Option<Uuid>,
}

/// 服务大厅列表
///
/// 可以收件的镇（街道）为民服务中心和村（社区）便民服务中心。
#[utoipa::path(get, path = "/api/v1/halls", tag = "机构", params(HallsAsk),
    responses((status = 200, description = "一页大厅", body = OrgPage)))]
pub(super) async fn halls(State(ctx): State<Ctx>, Ask(ask): Ask<HallsAsk>) -> Result<Json<OrgPage>, Fault> {
    let digits =
        |region: &String| (2..=12).contains(&region.len()) && region.bytes().all(|b| b.is_ascii_digit());
    if !ask.region.as_ref().is_none_or(digits) {
        return Err(Fault::bad_request("region", "region 要是行政区划代码的开头 2 到 12 位数字。"));
    }
    let region = ask.region.as_deref().unwrap_or_default();
    let fits = |org: &Org| org.kind.is_hall() && org.region.as_str().starts_with(region);
    page(&ctx.city(), ask.cursor, rows(ask.limit)?, fits).map(Json)
}
