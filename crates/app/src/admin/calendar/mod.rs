//! Working days: the year at a glance, the notices that changed it, entering one and withdrawing one.

mod notice;
mod year;

use super::desk::{day, for_the_city};
use super::home::calendar_end;
use crate::Ctx;
use crate::cases::due_beyond;
use crate::identity::Staff;
use crate::org::workdays;
use crate::web::Fault;
use crate::web::page::{Look, staff};
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use domain::kernel::time::legal_day;
use domain::org::Notice;
use domain::rights::Permission;
use serde::Deserialize;
use ui::{Empty, Note, NoteKind, Pager, Row, SafeHtml, Table, Tag, TagKind, Trail};

/// Notices on one page.
const PAGE: usize = 20;
/// Years that the page can show: the data begin in 2004, and nobody plans further than this.
const YEARS: std::ops::RangeInclusive<i16> = 2004..=2060;

pub(super) fn routes() -> Router<Ctx> {
    Router::new()
        .route("/admin/calendar", get(show))
        .route("/admin/calendar/notice", get(notice::form).post(notice::enter))
        .route("/admin/calendar/withdraw", post(notice::withdraw))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Ask {
    year: String,
    before: String,
    done: String,
}

#[derive(Template)]
#[template(path = "admin/calendar.html")]
struct CalendarPage {
    trail: Trail,
    note: Option<Note>,
    warning: String,
    year: i16,
    earlier: Option<i16>,
    later: Option<i16>,
    months: Vec<year::Month>,
    worked: u32,
    off: u32,
    known: bool,
    beyond: String,
    notices: Table,
}

/// `GET /admin/calendar?year=&before=`.
async fn show(
    State(ctx): State<Ctx>,
    staff_member: Staff,
    look: Look,
    Query(ask): Query<Ask>,
) -> Result<Response, Fault> {
    for_the_city(&ctx, &staff_member, Permission::ConfigureSystem)?;
    let city = ctx.city();
    let today = legal_day(ctx.now());
    let year = ask.year.parse().ok().filter(|year| YEARS.contains(year)).unwrap_or_else(|| today.year());
    let kept = workdays(&ctx).await?;
    let before: u32 = ask.before.parse().unwrap_or(u32::MAX);
    let mut rest = kept.workdays.notices.iter().rev().filter(|notice| notice.no < before);
    let shown: Vec<&Notice> = rest.by_ref().take(PAGE).collect();
    let next = rest.next().and(shown.last()).map(|n| format!("/admin/calendar?year={year}&before={}", n.no));
    let months = year::months(&city.calendar, &kept.workdays, year, today);
    let (worked, off) = year::totals(&city.calendar, year);
    let body = CalendarPage {
        trail: Trail::new([("系统管理", "/admin")], "工作日"),
        note: said(&ask.done),
        warning: calendar_end(&ctx).unwrap_or_default(),
        year,
        earlier: Some(year - 1).filter(|year| YEARS.contains(year)),
        later: Some(year + 1).filter(|year| YEARS.contains(year)),
        months,
        worked,
        off,
        known: city.calendar.known_until().is_some_and(|known| year <= known),
        beyond: beyond(due_beyond(&ctx.db, &city.calendar).await?),
        notices: table(&shown, kept.version).pager(Pager {
            first: if ask.before.is_empty() { String::new() } else { format!("/admin/calendar?year={year}") },
            next: next.unwrap_or_default(),
        }),
    };
    staff("工作日", &staff_member, &look, &body)
}

fn said(done: &str) -> Option<Note> {
    let (title, body) = match done {
        "entered" => ("通知已经录入，日历马上生效", "系统正在重算在办件的到期日，每一件都会写进日志。"),
        "withdrawn" => ("通知已经撤销，日历已经改回", "系统正在重算在办件的到期日，每一件都会写进日志。"),
        "gone" => return Some(Note::new(NoteKind::Info, "这份通知已经撤销，日历上不再算它")),
        _ => return None,
    };
    Some(Note::new(NoteKind::Ok, title).body(body))
}

/// How many open cases are due after the last year that is known.
fn beyond(cases: u64) -> String {
    match cases {
        0 => String::new(),
        n => format!("现有 {n} 件在办件的到期日在已知放假安排之后，日期只能估算，页面上已经标明。"),
    }
}

fn table(notices: &[&Notice], version: i64) -> Table {
    let row = |notice: &&Notice| {
        let days = match (notice.days.first(), notice.days.last()) {
            (Some(first), Some(last)) if first.date != last.date => {
                format!("{} 至 {}，共 {} 天", first.date, last.date, notice.days.len())
            }
            (Some(only), _) => format!("{} {}", only.date, only.meaning.label()),
            (None, _) => String::new(),
        };
        let (tag, validity) = match &notice.withdrawn {
            None => (Tag::new(TagKind::Green, "有效"), format!("{} 起", day(notice.entered_at))),
            Some(gone) => (
                Tag::new(TagKind::Plain, "已撤销"),
                format!("{} 至 {}；{}", day(notice.entered_at), day(gone.at), gone.reason),
            ),
        };
        let action = match &notice.withdrawn {
            None => notice::withdraw_form(notice, version),
            Some(_) => SafeHtml::default(),
        };
        Row {
            cells: vec![
                SafeHtml::text(&notice.source),
                SafeHtml::text(&notice.issued_on.to_string()),
                SafeHtml::text(&days),
                SafeHtml::of(&tag),
                SafeHtml::text(&validity),
                action,
            ],
            ..Row::default()
        }
    };
    Table::new("录入的通知", ["依据", "成文日期", "改动的日子", "状态", "有效期", ">操作"])
        .rows(notices.iter().map(row).collect())
        .empty(Empty::new("还没有录入过通知", "日历用的是系统自带的国务院放假安排；有新通知时点“录入通知”。"))
}
