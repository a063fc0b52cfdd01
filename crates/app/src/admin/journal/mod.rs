//! The journal 日志 for auditors: looking for what was done by case, person, kind and time, one event in full with its
//! place in the chain, and the newest blocks to compare with what was published.

mod event;
mod find;
mod veil;
mod words;

use super::desk::{cut, for_the_city, percent, when};
use crate::Ctx;
use crate::identity::Staff;
use crate::web::Fault;
use crate::web::page::{Look, staff};
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::get;
use domain::rights::Permission;
use find::{Filter, Found};
use serde::Deserialize;
use std::fmt::Write;
use store::journal::{self, Block, Envelope};
use store::{Tx, Work};
use ui::{Choice, Control, Empty, ErrorSummary, Field, Pager, Row, SafeHtml, Table, TextKind, Trail, Width};

/// Blocks shown.
const BLOCKS: u32 = 5;
/// Longer than any number or login name; the rest is cut.
const LONGEST: usize = 64;

pub(super) fn routes() -> Router<Ctx> {
    Router::new().route("/admin/journal", get(list)).route("/admin/journal/{position}", get(event::show))
}

/// What is looked for, as it was typed.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Ask {
    number: String,
    staff: String,
    kind: String,
    from: String,
    until: String,
    after: String,
}

#[derive(Template)]
#[template(path = "admin/journal.html")]
struct JournalPage {
    trail: Trail,
    errors: ErrorSummary,
    fields: Vec<Field>,
    table: Table,
    blocks: Table,
}

struct Blocks;

impl Work for Blocks {
    type Out = Vec<Block>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Vec<Block>> {
        journal::last_blocks(tx, None, BLOCKS).await
    }
}

/// `GET /admin/journal?number=&staff=&kind=&from=&until=&after=`.
async fn list(
    State(ctx): State<Ctx>,
    staff_member: Staff,
    look: Look,
    Query(ask): Query<Ask>,
) -> Result<Response, Fault> {
    for_the_city(&ctx, &staff_member, Permission::ReadAuditLog)?;
    let ask = Ask {
        number: cut(&ask.number, LONGEST).replace([' ', '-'], ""),
        staff: cut(&ask.staff, LONGEST),
        kind: cut(&ask.kind, LONGEST),
        from: cut(&ask.from, LONGEST),
        until: cut(&ask.until, LONGEST),
        after: ask.after,
    };
    let (found, wrong) = match Filter::read(&ctx, &ask).await? {
        Ok(filter) => (find::page(&ctx, &filter).await?, Vec::new()),
        Err(wrong) => (Found::default(), wrong),
    };
    let fields = fields(&ask, &wrong);
    let mut rows = Vec::with_capacity(found.events.len());
    let mut actors = find::Actors::default();
    for event in &found.events {
        rows.push(row(event, &actors.name(&ctx, &event.stamp.actor).await?));
    }
    let address = address(&ask);
    let empty = if found.next.is_some() {
        Empty::new("这一段时间里没有符合的记录", "更早的记录里可能有，请点“下一页”继续找。")
    } else {
        Empty::new("没有符合的记录", "请放宽时间，或者只按一个条件查。")
    };
    let table = Table::new("记录", ["录入时间", "做了什么", "对象", "谁", "第几条"])
        .rows(rows)
        .empty(empty)
        .pager(Pager {
            first: if ask.after.is_empty() { String::new() } else { address.clone() },
            next: found
                .next
                .map(|next| format!("{address}&after={}-{}", next.entered_at.as_microsecond(), next.position))
                .unwrap_or_default(),
        });
    let body = JournalPage {
        trail: Trail::new([("系统管理", "/admin")], "日志"),
        errors: ErrorSummary::of(&fields),
        fields,
        table,
        blocks: blocks(&ctx.db.read(Blocks).await?),
    };
    staff("日志", &staff_member, &look, &body)
}

fn address(ask: &Ask) -> String {
    let pairs = [
        ("number", &ask.number),
        ("staff", &ask.staff),
        ("kind", &ask.kind),
        ("from", &ask.from),
        ("until", &ask.until),
    ];
    let mut address = "/admin/journal?".to_owned();
    for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        let _ = write!(address, "{name}={}&", percent(value));
    }
    address.trim_end_matches(['&']).to_owned()
}

fn fields(ask: &Ask, wrong: &[(&'static str, &'static str)]) -> Vec<Field> {
    let says =
        |field: &str| wrong.iter().find(|(name, _)| *name == field).map_or("", |(_, say)| say).to_owned();
    let kinds = std::iter::once(Choice::new("", "全部", ask.kind.is_empty()))
        .chain(words::KINDS.iter().map(|(kind, word)| Choice::new(*kind, *word, ask.kind == *kind)))
        .collect();
    vec![
        Field::text("number", "办件编号", TextKind::Search, &ask.number)
            .hot_search()
            .width(Width::Medium)
            .error(says("number"))
            .optional(),
        Field::text("staff", "工作人员登录名", TextKind::Text, &ask.staff)
            .width(Width::Medium)
            .autocomplete("off")
            .error(says("staff"))
            .optional(),
        Field::new("kind", "做了什么", Control::Select(kinds)),
        Field::date("from", "从哪天", &ask.from).error(says("from")).optional(),
        Field::date("until", "到哪天", &ask.until).error(says("until")).optional(),
    ]
}

fn row(event: &Envelope, actor: &str) -> Row {
    let href = format!("/admin/journal/{}", event.position);
    Row {
        cells: vec![
            super::orgs::link(&href, &when(event.stamp.entered_at)),
            SafeHtml::text(words::kind(&event.event.kind)),
            SafeHtml::text(words::stream(&event.stream_kind)),
            SafeHtml::text(actor),
            SafeHtml::text(&event.seq.to_string()),
        ],
        href,
        next: false,
    }
}

/// A digest in hexadecimal, in groups that can be compared by eye.
fn hex(hash: &[u8]) -> String {
    hash.chunks(4)
        .map(|four| four.iter().map(|byte| format!("{byte:02x}")).collect())
        .collect::<Vec<String>>()
        .join(" ")
}

fn blocks(list: &[Block]) -> Table {
    let row = |block: &Block| Row {
        cells: vec![
            SafeHtml::text(&block.no.to_string()),
            SafeHtml::text(&when(block.sealed_at)),
            SafeHtml::text(&block.leaves.to_string()),
            SafeHtml::text(&hex(&block.hash)),
        ],
        ..Row::default()
    };
    Table::new("最近的存证块", ["块号", "存证时间", ">条数", "校验值（SM3）"])
        .rows(list.iter().map(row).collect())
        .empty(Empty::new("还没有存证块", "有人办理业务后，一分钟内会自动存证。"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_shown_in_groups_of_eight_signs() {
        assert_eq!(hex(&[0xab, 0, 1, 2, 0xff]), "ab000102 ff");
    }

    #[test]
    fn an_address_keeps_what_was_asked_for_and_nothing_breaks_out_of_it() {
        let ask = Ask { staff: "a&number=1".into(), from: "2026-03-01".into(), ..Ask::default() };
        assert_eq!(address(&ask), "/admin/journal?staff=a%26number%3D1&from=2026-03-01");
        assert_eq!(address(&Ask::default()), "/admin/journal?");
    }
}
