//! The published heads, for people and for programs.

use super::HeadDocument;
use crate::Ctx;
use crate::web::Fault;
use crate::web::page::{Look, public};
use askama::Template;
use axum::Json;
use axum::extract::{Query, State};
use axum::response::Response;
use jiff::civil::Date;
use serde::Deserialize;
use store::journal::{self, NO_DAY, SignedHead};
use store::{Tx, Work};
use ui::{Empty, Pager, Row, SafeHtml, Table};

/// Heads on one page.
const PAGE: u32 = 31;
/// Heads in one answer to a program: more than a year.
const MANY: u32 = 400;

/// From which day on backwards.
#[derive(Deserialize, Default)]
pub(super) struct Ask {
    #[serde(default)]
    before: String,
}

impl Ask {
    /// The day as it was asked for; anything else counts as none.
    fn day(&self) -> Option<String> {
        self.before.parse::<Date>().ok().map(|day| day.to_string())
    }
}

struct Before(String, u32);

impl Work for Before {
    type Out = Vec<SignedHead>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Self::Out> {
        journal::published_before(tx, &self.0, self.1).await
    }
}

async fn heads(ctx: &Ctx, ask: &Ask, limit: u32) -> store::Result<Vec<SignedHead>> {
    ctx.db.read(Before(ask.day().unwrap_or_else(|| NO_DAY.to_owned()), limit)).await
}

#[derive(Template)]
#[template(path = "publishing/heads.html")]
struct HeadsPage {
    table: Table,
    key: String,
}

/// `GET /journal/heads?before=`.
pub(super) async fn list(
    State(ctx): State<Ctx>,
    look: Look,
    Query(ask): Query<Ask>,
) -> Result<Response, Fault> {
    let mut heads = heads(&ctx, &ask, PAGE + 1).await?;
    let more = heads.len() > PAGE as usize;
    heads.truncate(PAGE as usize);
    let key = heads.first().map(|head| head.public_key.to_string()).unwrap_or_default();
    let next = heads.last().filter(|_| more).map(|head| format!("/journal/heads?before={}", head.day));
    let first = if ask.day().is_some() { "/journal/heads".to_owned() } else { String::new() };
    let pager = Pager { first, next: next.unwrap_or_default() };
    let table = Table::new("已经公布的校验值", ["日期", "块号", "校验值（SM3）"])
        .rows(heads.iter().map(row).collect())
        .empty(Empty::new("还没有公布过", "有人办理业务、系统存证以后，每天公布一次。"))
        .pager(pager);
    public("每日公布的存证", &look, &HeadsPage { table, key })
}

fn row(head: &SignedHead) -> Row {
    let cells = [head.day.clone(), head.block.to_string(), super::document::hex(&head.hash)];
    Row { cells: cells.iter().map(|cell| SafeHtml::text(cell)).collect(), ..Row::default() }
}

/// `GET /journal/heads.json?before=`.
pub(super) async fn for_programs(
    State(ctx): State<Ctx>,
    Query(ask): Query<Ask>,
) -> Result<Json<Vec<HeadDocument>>, Fault> {
    let heads = heads(&ctx, &ask, MANY).await?;
    Ok(Json(heads.iter().map(HeadDocument::from).collect()))
}
