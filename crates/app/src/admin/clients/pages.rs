//! The list of clients, the form for a new one, and one client with what may be done to it.

use crate::Ctx;
use crate::admin::desk::{Done, note, when, wrong_in};
use crate::identity::Staff;
use crate::identity::clients::{self, ClientRecord, NewSecret};
use crate::web::Fault;
use crate::web::page::{Look, staff as draw, staff_form};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::identity::ClientScope;
use domain::rights::Permission;
use serde::Deserialize;
use ui::{
    BackLink, Button, Choice, Control, Empty, ErrorSummary, Field, Note, Pager, Row, SafeHtml, Table,
    TextKind, Width,
};
use uuid::Uuid;

/// Clients on one page of the list.
const PAGE: u32 = 50;

/// Where the list goes on.
#[derive(Deserialize, Default)]
pub struct Ask {
    #[serde(default)]
    after: String,
}

#[derive(Template)]
#[template(path = "admin/clients.html")]
struct ListPage {
    table: Table,
    may_open: bool,
}

#[derive(Template)]
#[template(ext = "html", source = r#"<a href="{{ href }}">{{ name }}</a>"#)]
struct NameCell<'a> {
    href: &'a str,
    name: &'a str,
}

fn row(ctx: &Ctx, record: &ClientRecord) -> Result<Row, Fault> {
    let client = &record.client;
    let href = format!("/admin/clients/{}", record.id);
    let city = ctx.city();
    let org = client.org.and_then(|org| city.org(org)).map_or("机构已撤销", |org| org.name.as_str());
    let cells = vec![
        SafeHtml::render(&NameCell { href: &href, name: &client.name }).map_err(Fault::internal)?,
        SafeHtml::text(org),
        SafeHtml::text(&format!("{} 项", client.scopes.len())),
        SafeHtml::text(if client.open { "使用中" } else { "已停用" }),
    ];
    Ok(Row { cells, href, next: false })
}

/// `GET /admin/clients?after=`: all clients, the oldest first.
pub async fn list(
    State(ctx): State<Ctx>,
    look: Look,
    staff: Staff,
    Query(ask): Query<Ask>,
) -> Result<Response, Fault> {
    let after = ask.after.parse().unwrap_or(Uuid::nil());
    let mut found = clients::list(&ctx, after, PAGE + 1).await?;
    let more = found.len() > PAGE as usize;
    found.truncate(PAGE as usize);
    let next = found.last().filter(|_| more).map(|last| format!("/admin/clients?after={}", last.id));
    let first = if after.is_nil() { String::new() } else { "/admin/clients".to_owned() };
    let table = Table::new("接入系统", ["名称", "单位", "授权范围", "状态"])
        .rows(found.iter().map(|record| row(&ctx, record)).collect::<Result<_, _>>()?)
        .pager(Pager { first, next: next.unwrap_or_default() })
        .empty(Empty::new("还没有接入系统", "部门的业务系统要调用开放接口时，由系统管理员在这里开通。"));
    let page = ListPage { table, may_open: staff.may_somewhere(Permission::ManageAccounts) };
    draw("接入系统", &staff, &look, &page)
}

#[derive(Template)]
#[template(path = "admin/client_new.html")]
struct NewPage {
    back: BackLink,
    errors: ErrorSummary,
    fields: Vec<Field>,
    button: Button,
}

/// The form for a new client, with what was typed and what is wrong.
pub fn new_page(
    ctx: &Ctx,
    staff: &Staff,
    look: &Look,
    typed: (&str, &str),
    wrong: (&str, &str),
) -> Result<Response, Fault> {
    let error = |name: &str| if wrong.0 == name { wrong.1 } else { "" };
    let city = ctx.city();
    let example = city.orgs.iter().find(|org| org.department.is_some()).map_or("", |org| org.name.as_str());
    let fields = vec![
        Field::text("name", "系统名称", TextKind::Text, typed.0)
            .hint("写得让人认得出来，例如“户政业务系统”。")
            .width(Width::Medium)
            .error(error("name")),
        Field::text("org_name", "所属机构", TextKind::Text, typed.1)
            .hint(format!("写机构全称，例如“{example}”。它只能读写这个机构和它下面的机构的办件。"))
            .width(Width::Long)
            .error(error("org_name")),
    ];
    let page = NewPage {
        back: BackLink::named("返回接入系统", "/admin/clients"),
        errors: ErrorSummary::of(&fields),
        fields,
        button: Button::submit("开通").primary(),
    };
    staff_form("开通接入系统", staff, look, &page, !wrong.1.is_empty())
}

/// `GET /admin/clients/new`.
pub async fn new(State(ctx): State<Ctx>, look: Look, staff: Staff) -> Result<Response, Fault> {
    if !staff.may_somewhere(Permission::ManageAccounts) {
        return Err(Fault::not_found());
    }
    new_page(&ctx, &staff, &look, ("", ""), ("", ""))
}

#[derive(Template)]
#[template(path = "admin/client_secret.html")]
struct SecretPage<'a> {
    name: &'a str,
    id: Uuid,
    secret: &'a str,
}

/// The page that shows a secret once.
pub fn secret_page(staff: &Staff, look: &Look, new: &NewSecret) -> Result<Response, Fault> {
    let page = SecretPage { name: &new.record.client.name, id: new.record.id, secret: &new.secret };
    draw("新密钥", staff, look, &page)
}

/// What the page of a client is told besides the client.
#[derive(Default)]
pub struct Told {
    /// What is wrong: the field and the sentence.
    pub wrong: Option<(&'static str, String)>,
    /// What was just done.
    pub done: &'static str,
}

#[derive(Template)]
#[template(path = "admin/client.html")]
struct OnePage<'a> {
    back: BackLink,
    note: Option<Note>,
    errors: ErrorSummary,
    id: Uuid,
    name: &'a str,
    org: String,
    open: bool,
    secret_at: String,
    limits: String,
    may_manage: bool,
    may_grant: bool,
    /// The form went back: what is folded away stands open.
    wrong: bool,
    scopes: Field,
    given: Vec<&'static str>,
    limit_fields: Vec<Field>,
    reason: Field,
}

/// The page of a client.
pub fn one_page(
    ctx: &Ctx,
    staff: &Staff,
    look: &Look,
    record: &ClientRecord,
    told: &Told,
) -> Result<Response, Fault> {
    let (client, city) = (&record.client, ctx.city());
    let error = |name| wrong_in(told.wrong.as_ref(), name);
    let number = |name: &'static str, label: &'static str, value: u32| {
        Field::text(name, label, TextKind::Digits, value.to_string()).width(Width::Short).error(error(name))
    };
    let limit_fields = vec![
        number("per_second", "每秒最多几次", client.per_second),
        number("per_day", "每天最多几次", client.per_day),
    ];
    let reason =
        Field::text("reason", "停用的原因", TextKind::Text, "").width(Width::Long).error(error("reason"));
    let choice = |scope: &ClientScope| {
        let label = format!("{}（{}）", scope.label(), scope.as_str());
        Choice::new(scope.as_str(), label, client.scopes.contains(scope))
    };
    let choices = ClientScope::ALL.iter().map(choice).collect();
    let page = OnePage {
        back: BackLink::named("返回接入系统", "/admin/clients"),
        note: note(told.wrong.as_ref(), told.done),
        errors: ErrorSummary::of(limit_fields.iter().chain([&reason])),
        id: record.id,
        name: &client.name,
        org: client
            .org
            .and_then(|org| city.org(org))
            .map_or("机构已撤销".to_owned(), |org| org.name.clone()),
        open: client.open,
        secret_at: client.secret_at.map(when).unwrap_or_default(),
        limits: format!("每秒 {} 次，每天 {} 次", client.per_second, client.per_day),
        may_manage: staff.may_somewhere(Permission::ManageAccounts),
        may_grant: staff.may_somewhere(Permission::GrantRoles),
        wrong: told.wrong.is_some(),
        scopes: Field::new("scope", "可以做什么", Control::Check(choices)),
        given: client.scopes.iter().map(|scope| scope.label()).collect(),
        limit_fields,
        reason,
    };
    staff_form(&client.name, staff, look, &page, told.wrong.is_some())
}

/// `GET /admin/clients/{id}`.
pub async fn one(
    State(ctx): State<Ctx>,
    look: Look,
    staff: Staff,
    Path(id): Path<Uuid>,
    Query(done): Query<Done>,
) -> Result<Response, Fault> {
    let record = clients::find(&ctx, id).await?.ok_or_else(Fault::not_found)?;
    let done = match done.done.as_str() {
        "closed" => "接入系统已停用，它的令牌马上失效。",
        "reopened" => "接入系统已重新启用，要重新取令牌。",
        "limits" => "次数已改，马上生效。",
        "scopes" => "授权范围已改，马上生效。",
        _ => "",
    };
    one_page(&ctx, &staff, &look, &record, &Told { wrong: None, done })
}
