//! Today at the window: what is open, what waits, what came in.

use super::desk::{said, today};
use super::frame::{Clerk, Draw, TabLink, day, go, moment, tabs};
use super::tab::MOST;
use super::waiting::{self, LISTS};
use crate::Ctx;
use crate::cases::{self, After, CaseRow, TaskRow};
use crate::identity::Staff;
use crate::web::{Fault, Mode};
use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::kernel::numbers::CaseNumber;
use domain::kernel::time::legal_day;
use jiff::civil::Date;
use serde::Deserialize;
use ui::{Button, Empty, Light, Link, Note, NoteKind, Pager, Row, SafeHtml, Shape, Table};
use uuid::Uuid;

/// Rows on one page of a list.
const PAGE: usize = 30;
/// How far back "today" is looked for among what the clerk took in.
const TODAY: usize = 200;

#[derive(Template)]
#[template(path = "window/home.html")]
struct Home {
    today: String,
    note: Option<Note>,
    fresh: Uuid,
    tabs: Vec<TabLink>,
    most: usize,
    lists: Vec<Link>,
    table: Table,
    hands_out: bool,
}

/// Which list is shown, from where.
#[derive(Deserialize, Default)]
pub(super) struct Ask {
    #[serde(default)]
    list: String,
    #[serde(default)]
    after: String,
}

/// `GET /window?list=&after=`.
pub(super) async fn show(
    State(ctx): State<Ctx>,
    staff: Staff,
    mode: Mode,
    Query(ask): Query<Ask>,
) -> Result<Response, Fault> {
    let clerk = Clerk::of(&ctx, staff)?;
    draw(&ctx, &clerk, mode, &ask, None).await
}

/// Draws the page; a note says what could not be done and makes it a conflict.
pub(super) async fn draw(
    ctx: &Ctx,
    clerk: &Clerk,
    mode: Mode,
    ask: &Ask,
    note: Option<Note>,
) -> Result<Response, Fault> {
    let chosen = LISTS.iter().find(|(word, _, _)| *word == ask.list);
    let table = match chosen {
        Some((word, text, kind)) => {
            let after = After::asked(&ask.after)?;
            let page = waiting::page(ctx, clerk, *kind, after.as_ref(), PAGE).await?;
            let next = page.next.map(|key| format!("/window?list={word}&after={}", key.cursor()));
            let first = after.map(|_| format!("/window?list={word}"));
            tasks(ctx, text, page.rows)
                .pager(Pager { first: first.unwrap_or_default(), next: next.unwrap_or_default() })
        }
        None => came_in(ctx, clerk).await?,
    };
    let own = if clerk.only_files { "我代办的" } else { "今天收的" };
    let mut lists = vec![Link::new(own, "/window").current(chosen.is_none())];
    for (word, text, kind) in LISTS.iter().filter(|_| !clerk.only_files) {
        let text = format!("{text}{}", waiting::count(ctx, clerk, *kind).await?);
        lists.push(Link::new(text, format!("/window?list={word}")).current(ask.list == *word));
    }
    let wrong = note.is_some();
    let now = today(ctx);
    let home = Home {
        today: format!("{} 年 {}", now.year(), day(now)),
        note,
        fresh: ctx.new_uuid(),
        tabs: tabs(ctx, clerk, None).await?,
        most: MOST,
        lists,
        table,
        hands_out: !clerk.only_files,
    };
    Draw::new(clerk, mode, "今天的窗口", "/window")
        .wrong(wrong, StatusCode::CONFLICT)
        .plain(Shape::Wide, &home)
}

/// A link as a cell.
fn link(text: &str, href: &str) -> SafeHtml {
    SafeHtml::of(&Button::link(text, href).small())
}

/// The light of a day with the day below it.
#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{{ light }}{% if let Some(due) = due %}<br><span class="zw-small zw-muted">{{ due }}前</span>{% endif %}"#
)]
struct Due<'a> {
    light: &'a Light,
    due: Option<String>,
}

fn light(due: Option<Date>, light: &Light) -> SafeHtml {
    SafeHtml::render(&Due { light, due: due.map(day) }).unwrap_or_default()
}

/// The rows of a list of work.
pub(super) fn tasks(ctx: &Ctx, caption: &str, rows: Vec<TaskRow>) -> Table {
    let now = today(ctx);
    let row = |row: TaskRow| {
        let href = format!("/window/cases/{}", row.case.id);
        Row {
            cells: vec![
                link(&cases::read_number(&row.case.number), &href),
                SafeHtml::text(&row.case.applicant),
                SafeHtml::text(&row.case.item_name),
                SafeHtml::text(row.kind.label()),
                light(row.case.due, &cases::light(row.case.due, row.case.status, now, &ctx.city().calendar)),
            ],
            href,
            next: false,
        }
    };
    Table::new(caption, ["受理编号", "申请人", "事项", "要做什么", "期限"])
        .rows(rows.into_iter().map(row).collect())
        .empty(Empty::new(format!("现在没有{caption}的"), "有新的会出现在这里。"))
}

/// What this clerk took in today.
async fn came_in(ctx: &Ctx, clerk: &Clerk) -> Result<Table, Fault> {
    let (rows, _) = cases::entered_by(ctx, clerk.staff.id, None, TODAY).await?;
    let now = today(ctx);
    // An agent follows what was handed in until it is done; a clerk looks at the day.
    let of_today = rows.into_iter().filter(|row| clerk.only_files || legal_day(row.submitted_at) == now);
    let row = |row: CaseRow| {
        let href = format!("/window/cases/{}", row.id);
        Row {
            cells: vec![
                link(&cases::read_number(&row.number), &href),
                SafeHtml::text(&row.applicant),
                SafeHtml::text(&row.item_name),
                SafeHtml::text(row.status.label()),
                SafeHtml::text(&moment(row.submitted_at)),
            ],
            href,
            next: false,
        }
    };
    let caption = if clerk.only_files { "我代办的" } else { "今天收的" };
    Ok(Table::new(caption, ["受理编号", "申请人", "事项", "现在", "收件时间"])
        .rows(of_today.map(row).collect())
        .empty(Empty::new("今天还没有收件", "按 F2 接待下一位，收的件会出现在这里。")))
}

/// What is looked for.
#[derive(Deserialize)]
pub(super) struct Number {
    #[serde(default)]
    number: String,
}

/// `GET /window/find?number=`: straight to the case.
pub(super) async fn find(
    State(ctx): State<Ctx>,
    staff: Staff,
    mode: Mode,
    Query(ask): Query<Number>,
) -> Result<Response, Fault> {
    let clerk = Clerk::of(&ctx, staff)?;
    let why = match ask.number.parse::<CaseNumber>() {
        Ok(number) => match cases::find_by_number(&ctx, number.as_str(), &clerk.by()).await? {
            Some(record) => return Ok(go(&format!("/window/cases/{}", record.id))),
            None => "没有找到这个编号的办件，或者它不在本窗口的范围内。请对照回执再看一遍。".to_owned(),
        },
        Err(why) => format!("{why}。"),
    };
    let note = said(NoteKind::Warn, "没有找到", &why);
    draw(&ctx, &clerk, mode, &Ask::default(), Some(note)).await
}
