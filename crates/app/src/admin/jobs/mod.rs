//! Background jobs: how many wait in each queue, what failed and why, and starting it again by hand.

mod rerun;
pub mod sql;

use super::desk::{for_the_city, see, stamp, when};
use crate::Ctx;
use crate::identity::Staff;
use crate::web::page::{Look, staff};
use crate::web::{Fault, Trace};
use askama::Template;
use axum::Router;
use axum::extract::{Extension, Path, Query, State as Shared};
use axum::response::Response;
use axum::routing::{get, post};
use domain::rights::Permission;
use rerun::{StartAgain, What};
use serde::Deserialize;
use store::jobs::{self, Entry, State};
use store::outbox::{self, Poisoned};
use store::{Tx, Work};
use ui::{Button, Empty, Note, NoteKind, Pager, Row, SafeHtml, Table, Trail};

pub use rerun::Rerun;

/// Rows on one page.
const PAGE: u32 = 30;
/// The tab of messages that were set aside.
const MESSAGES: &str = "messages";

pub(super) fn routes() -> Router<Ctx> {
    Router::new()
        .route("/admin/jobs", get(list))
        .route("/admin/jobs/{id}/retry", post(retry_job))
        .route("/admin/jobs/messages/{position}/retry", post(retry_message))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Ask {
    state: String,
    before: String,
    done: String,
}

struct Tab {
    text: String,
    href: String,
    current: bool,
}

#[derive(Template)]
#[template(path = "admin/jobs.html")]
struct Jobs {
    trail: Trail,
    note: Option<Note>,
    counts: Table,
    tabs: Vec<Tab>,
    table: Table,
}

/// What the page needs, read in one snapshot.
struct Read {
    state: Option<State>,
    cursor: Option<i64>,
}

/// The counts of the queues, and the jobs or the messages of the tab.
type Found = (Vec<(String, State, i64)>, Vec<Entry>, Vec<Poisoned>);

impl Work for Read {
    type Out = Found;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Self::Out> {
        let counts = jobs::counts(tx).await?;
        Ok(match self.state {
            Some(state) => (counts, jobs::page(tx, state, self.cursor, PAGE + 1).await?, Vec::new()),
            None => (counts, Vec::new(), outbox::poisoned(tx, self.cursor.unwrap_or(0), PAGE + 1).await?),
        })
    }
}

/// `GET /admin/jobs?state=&before=`; without a state what was given up.
async fn list(
    Shared(ctx): Shared<Ctx>,
    staff_member: Staff,
    look: Look,
    Query(ask): Query<Ask>,
) -> Result<Response, Fault> {
    for_the_city(&ctx, &staff_member, Permission::ConfigureSystem)?;
    let state = match ask.state.as_str() {
        MESSAGES => None,
        word => Some(State::of(word).unwrap_or(State::Failed)),
    };
    let cursor = ask.before.parse().ok();
    let (counts, jobs, messages) = ctx.db.read(Read { state, cursor }).await?;
    let word = state.map_or(MESSAGES, State::word);
    let address = format!("/admin/jobs?state={word}");
    let pager = |more: Option<i64>| Pager {
        first: if cursor.is_some() { address.clone() } else { String::new() },
        next: more.map(|last| format!("{address}&before={last}")).unwrap_or_default(),
    };
    let table = match state {
        Some(state) => job_table(state, &jobs).pager(pager(last_of(&jobs, |entry| entry.job.id))),
        None => message_table(&messages).pager(pager(last_of(&messages, |m| m.message.position))),
    };
    let body = Jobs {
        trail: Trail::new([("系统管理", "/admin")], "后台任务"),
        note: said(&ask.done),
        tabs: tabs(state, &counts),
        counts: count_table(&counts),
        table,
    };
    staff("后台任务", &staff_member, &look, &body)
}

/// The key after which the next page begins, when there is one: one row more than a page was read.
fn last_of<T>(rows: &[T], key: impl Fn(&T) -> i64) -> Option<i64> {
    let page = PAGE as usize;
    (rows.len() > page).then(|| rows.get(page - 1).map(key)).flatten()
}

fn said(done: &str) -> Option<Note> {
    match done {
        "retried" => {
            Some(Note::new(NoteKind::Ok, "已经排队重试，过一会儿刷新页面看结果；这次操作记进了日志"))
        }
        "gone" => Some(Note::new(NoteKind::Info, "它已经不在停下来的名单里：可能别人刚重试过，或者已经办成")),
        _ => None,
    }
}

fn state_word(state: State) -> &'static str {
    match state {
        State::Waiting => "等着办",
        State::Running => "正在办",
        State::Done => "办成了",
        State::Failed => "停下来的",
    }
}

/// The name of a queue for people; an unknown one by its own name.
fn queue_word(queue: &str) -> &str {
    match queue {
        crate::org::RECOMPUTE_DUE => "重算到期日",
        crate::cases::SILENCE => "逾期视为受理",
        crate::cases::REMIND => "到期提醒",
        crate::cases::ARCHIVE => "到期归档",
        "papers" => "制作文书",
        other => other,
    }
}

fn tabs(chosen: Option<State>, counts: &[(String, State, i64)]) -> Vec<Tab> {
    let order = [State::Failed, State::Waiting, State::Running, State::Done];
    let mut tabs: Vec<Tab> = order
        .into_iter()
        .map(|state| {
            let count: i64 = counts.iter().filter(|(_, s, _)| *s == state).map(|c| c.2).sum();
            Tab {
                text: format!("{} {count}", state_word(state)),
                href: format!("/admin/jobs?state={}", state.word()),
                current: chosen == Some(state),
            }
        })
        .collect();
    tabs.push(Tab {
        text: "搁置的消息".to_owned(),
        href: format!("/admin/jobs?state={MESSAGES}"),
        current: chosen.is_none(),
    });
    tabs
}

fn count_table(counts: &[(String, State, i64)]) -> Table {
    let mut queues: Vec<&str> = counts.iter().map(|(queue, ..)| queue.as_str()).collect();
    queues.dedup();
    let row = |queue: &&str| {
        let count = |state: State| {
            let found = counts.iter().find(|(name, s, _)| name == queue && *s == state);
            SafeHtml::text(&found.map_or(0, |c| c.2).to_string())
        };
        let cells = [State::Waiting, State::Running, State::Failed, State::Done].map(count);
        Row { cells: [vec![SafeHtml::text(queue_word(queue))], cells.to_vec()].concat(), ..Row::default() }
    };
    Table::new("各类任务", ["任务", ">等着办", ">正在办", ">停下来的", ">办成了（近期）"])
        .rows(queues.iter().map(row).collect())
        .empty(Empty::new("还没有后台任务", "有人办理业务以后，这里会显示要在后台做的事。"))
}

fn job_table(state: State, jobs: &[Entry]) -> Table {
    let row = |entry: &Entry| {
        let job = &entry.job;
        let action = if state == State::Failed {
            retry_form(&format!("/admin/jobs/{}/retry", job.id), &format!("{} {}", job.queue, job.key))
        } else {
            SafeHtml::default()
        };
        let why = entry.last_error.as_deref().unwrap_or("");
        Row {
            cells: vec![
                SafeHtml::text(queue_word(&job.queue)),
                SafeHtml::text(&job.key),
                SafeHtml::text(&when(job.run_at)),
                SafeHtml::text(&job.tries.to_string()),
                SafeHtml::text(why),
                action,
            ],
            ..Row::default()
        }
    };
    let time = if matches!(state, State::Done | State::Failed) { "结束时间" } else { "应办时间" };
    let empty = match state {
        State::Failed => Empty::new("没有停下来的任务", "多次没办成的任务会停在这里，等人看过原因再重试。"),
        State::Waiting => Empty::new("没有等着办的任务", "都办完了。"),
        State::Running => Empty::new("没有正在办的任务", "任务一般几秒就办完。"),
        State::Done => Empty::new("近期没有办成的任务", "办成的任务保留一周。"),
    };
    Table::new(state_word(state), ["任务", "对象", time, ">试过几次", "上次没办成的原因", ">操作"])
        .rows(jobs.iter().take(PAGE as usize).map(row).collect())
        .empty(empty)
}

fn message_table(messages: &[Poisoned]) -> Table {
    let row = |one: &Poisoned| {
        let message = &one.message;
        let action = format!("/admin/jobs/messages/{}/retry", message.position);
        Row {
            cells: vec![
                SafeHtml::text(&message.topic),
                SafeHtml::text(&message.key),
                SafeHtml::text(&message.tries.to_string()),
                SafeHtml::text(one.last_error.as_deref().unwrap_or("")),
                retry_form(&action, &format!("{} {}", message.topic, message.key)),
            ],
            ..Row::default()
        }
    };
    Table::new("搁置的消息", ["主题", "对象", ">试过几次", "上次没发出去的原因", ">操作"])
        .rows(messages.iter().take(PAGE as usize).map(row).collect())
        .empty(Empty::new("没有搁置的消息", "多次没发出去的消息会停在这里。"))
}

#[derive(Template)]
#[template(ext = "html", source = r#"<form method="post" action="{{ action }}">{{ button }}</form>"#)]
struct RetryForm<'a> {
    action: &'a str,
    button: Button,
}

fn retry_form(action: &str, about: &str) -> SafeHtml {
    let button = Button::submit("重试").small().about(about);
    SafeHtml::render(&RetryForm { action, button }).unwrap_or_default()
}

/// `POST /admin/jobs/{id}/retry`.
async fn retry_job(
    Shared(ctx): Shared<Ctx>,
    staff_member: Staff,
    Extension(trace): Extension<Trace>,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let no = id.parse().map_err(|_| Fault::not_found())?;
    start_again(&ctx, &staff_member, &trace, What::Job(no), "failed").await
}

/// `POST /admin/jobs/messages/{position}/retry`.
async fn retry_message(
    Shared(ctx): Shared<Ctx>,
    staff_member: Staff,
    Extension(trace): Extension<Trace>,
    Path(position): Path<String>,
) -> Result<Response, Fault> {
    let position = position.parse().map_err(|_| Fault::not_found())?;
    start_again(&ctx, &staff_member, &trace, What::Message(position), MESSAGES).await
}

async fn start_again(
    ctx: &Ctx,
    staff_member: &Staff,
    trace: &Trace,
    what: What,
    tab: &str,
) -> Result<Response, Fault> {
    for_the_city(ctx, staff_member, Permission::ConfigureSystem)?;
    let done = match ctx.db.write(StartAgain { what, stamp: stamp(ctx, staff_member, trace) }).await {
        Ok(()) => "retried",
        Err(store::Error::NotFound | store::Error::Conflict(_)) => "gone",
        Err(error) => return Err(error.into()),
    };
    Ok(see(&format!("/admin/jobs?state={tab}&done={done}")))
}
