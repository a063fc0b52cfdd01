//! The page of one item and its one-page notice 一次性告知单.

use super::guide::{Sheet, sheet};
use super::{hours, percent};
use crate::Ctx;
use crate::catalogue::Entry;
use crate::web::Fault;
use crate::web::page::{Look, bare, public_page, send, send_drawn};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use bytes::Bytes;
use ui::{Button, Page, Trail};

#[derive(Template)]
#[template(path = "portal/item.html")]
struct ItemPage {
    trail: Trail,
    sheet: Sheet,
    buttons: Vec<Button>,
    open: String,
    hours: &'static str,
}

/// `GET /items/{code}`: can I, what to bring, how long; then fee, places, steps, grounds, questions.
pub(super) async fn item(
    State(ctx): State<Ctx>,
    look: Look,
    Path(code): Path<String>,
) -> Result<Response, Fault> {
    let catalogue = ctx.catalogue();
    let entry = catalogue.item(&code).ok_or_else(Fault::not_found)?;
    let open = hours::now_in_words(&ctx.city().calendar, ctx.now());
    // The page names its own address and who is signed in: it is everybody's only without a query and a person.
    if look.user.is_some() || look.here != address(entry) {
        return send(StatusCode::OK, &draw(&look, entry, open)?);
    }
    let which = (entry.no(), look.mode.is_elder());
    if let Some(html) = ctx.drawn.get(which, &catalogue, &open) {
        return Ok(send_drawn(html));
    }
    let html = Bytes::from(draw(&look, entry, open.clone())?.render().map_err(Fault::internal)?);
    ctx.drawn.keep(which, &catalogue, open, html.clone());
    Ok(send_drawn(html))
}

fn address(entry: &Entry) -> String {
    format!("/items/{}", entry.slug())
}

fn draw(look: &Look, entry: &Entry, open: String) -> Result<Page, Fault> {
    let of_department = format!("/items?department={}", percent(entry.department()));
    let above = [("首页", "/"), ("办事", "/items"), (entry.department(), of_department.as_str())];
    let body = ItemPage {
        trail: Trail::new(above, entry.name()),
        sheet: sheet(entry),
        buttons: buttons(entry),
        open,
        hours: hours::PRINTED,
    };
    public_page(entry.name(), look, &body)
}

/// One main thing to do: apply where the item can be applied for online, else find the hall.
fn buttons(entry: &Entry) -> Vec<Button> {
    let paper = Button::link("打印一次性告知单", format!("{}/notice", address(entry))).large().icon("print");
    let halls = Button::link("找就近的大厅", "/halls").large().icon("pin");
    if entry.item.guide.channels.online {
        let apply = Button::link("在线申请", format!("/apply/{}", entry.slug())).primary().large();
        vec![apply, halls, paper]
    } else {
        vec![halls.primary(), paper]
    }
}

#[derive(Template)]
#[template(path = "portal/notice.html")]
struct Notice {
    back: String,
    sheet: Sheet,
    hours: &'static str,
    print: Button,
    today: String,
}

/// `GET /items/{code}/notice`: everything to know before coming on one A4 page (行政许可法第三十条: 公示).
pub(super) async fn notice(
    State(ctx): State<Ctx>,
    look: Look,
    Path(code): Path<String>,
) -> Result<Response, Fault> {
    let catalogue = ctx.catalogue();
    let entry = catalogue.item(&code).ok_or_else(Fault::not_found)?;
    let today = domain::kernel::time::legal_day(ctx.now());
    let body = Notice {
        back: address(entry),
        sheet: sheet(entry),
        hours: hours::PRINTED,
        print: Button::print("打印这一页").primary(),
        today: format!("{} 年 {} 月 {} 日", today.year(), today.month(), today.day()),
    };
    bare(&format!("一次性告知单：{}", entry.name()), &look, &body)
}
