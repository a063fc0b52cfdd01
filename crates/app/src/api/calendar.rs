//! Working days for other programs, and the day on which a limit ends.

use super::ask::{Ask, Named};
use crate::Ctx;
use crate::web::Fault;
use axum::Json;
use axum::extract::State;
use domain::kernel::time::{DayKind, Days, LegalClock};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// The years that are answered for: the calendar of the reference data begins in 2004.
const YEARS: std::ops::RangeInclusive<i16> = 1990..=2199;
/// The longest limit that is counted, in days.
const LONGEST: u16 = 3650;

/// 与星期不一样的一天。
#[derive(Serialize, ToSchema)]
pub(super) struct DayView {
    /// 日期。
    date: Date,
    /// true 是调休上班，false 是放假。
    working: bool,
    /// 节日名称，例如 国庆节。
    name: String,
}

/// 一年的工作日安排。
#[derive(Serialize, ToSchema)]
pub(super) struct YearView {
    /// 年份。
    year: i16,
    /// 这一年的放假通知已经录入；没有录入的，到期日可能变动。
    known: bool,
    /// 放假和调休的日子；其他日子星期一到星期五上班。
    days: Vec<DayView>,
}

/// 一年的工作日
#[utoipa::path(get, path = "/api/v1/calendar/{year}", tag = "工作日",
    params(("year" = i16, Path, description = "年份", minimum = 1990, maximum = 2199)),
    responses((status = 200, description = "工作日安排", body = YearView)))]
pub(super) async fn year(State(ctx): State<Ctx>, Named(year): Named<i16>) -> Result<Json<YearView>, Fault> {
    if !YEARS.contains(&year) {
        return Err(Fault::not_found());
    }
    let city = ctx.city();
    let first = Date::new(year, 1, 1).map_err(Fault::internal)?;
    let all =
        std::iter::successors(Some(first), |day| day.tomorrow().ok()).take_while(|day| day.year() == year);
    let days = all.filter_map(|date| {
        let (kind, name) = city.calendar.deviation(date)?;
        Some(DayView { date, working: kind == DayKind::Workday, name: name.to_owned() })
    });
    Ok(Json(YearView { year, known: !city.calendar.is_beyond(first), days: days.collect() }))
}

/// 从哪天起、多长。
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct DeadlineAsk {
    /// 起算的那天，例如受理日；这一天不计入。
    from: Date,
    /// 几天。
    #[param(minimum = 0, maximum = 3650)]
    days: u16,
    /// working 工作日，natural 自然日；默认 working。
    #[param(schema_with = unit)]
    unit: Option<String>,
}

fn unit() -> utoipa::openapi::schema::Object {
    utoipa::openapi::ObjectBuilder::new()
        .schema_type(utoipa::openapi::schema::Type::String)
        .enum_values(Some(["working", "natural"]))
        .build()
}

/// 期限的最后一天。
#[derive(Serialize, ToSchema)]
pub(super) struct DeadlineView {
    /// 起算的那天。
    from: Date,
    /// 最后一天，当天办结不算超期。
    last_day: Date,
    /// 最后一天超出了已公布的放假安排，可能变动。
    beyond_calendar: bool,
}

/// 计算期限
///
/// 起算当天不计入（民法典第二百零一条）；自然日的最后一天不是工作日的，顺延到下一个工作日（第二百零三条）。
#[utoipa::path(get, path = "/api/v1/calendar/deadline", tag = "工作日", params(DeadlineAsk),
    responses((status = 200, description = "最后一天", body = DeadlineView)))]
pub(super) async fn deadline(
    State(ctx): State<Ctx>,
    Ask(ask): Ask<DeadlineAsk>,
) -> Result<Json<DeadlineView>, Fault> {
    if !YEARS.contains(&ask.from.year()) {
        return Err(Fault::bad_request("from", "from 要在 1990 年到 2199 年之间。"));
    }
    if ask.days > LONGEST {
        return Err(Fault::bad_request("days", "days 要是 0 到 3650 之间的整数。"));
    }
    let allowance = match ask.unit.as_deref() {
        None | Some("working") => Days::Working(ask.days),
        Some("natural") => Days::Natural(ask.days),
        Some(_) => return Err(Fault::bad_request("unit", "unit 只能是 working 或 natural。")),
    };
    let due = LegalClock::new(ask.from, allowance)
        .due(&ctx.city().calendar)
        .ok_or_else(|| Fault::internal("a clock without stops has no due day"))?;
    Ok(Json(DeadlineView { from: ask.from, last_day: due.date, beyond_calendar: due.beyond_calendar }))
}
