//! The list of accounts, the form for a new one, and one account with what may be done to it.

use crate::Ctx;
use crate::admin::desk::{Done, note, wrong_in};
use crate::city::City;
use crate::identity::{self, AccountRecord, Staff};
use crate::web::Fault;
use crate::web::page::{Look, staff as draw, staff_form};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::identity::Post;
use domain::kernel::{StaffId, time::wall_clock};
use domain::org::Org;
use domain::rights::{Permission, Role};
use jiff::Timestamp;
use serde::Deserialize;
use ui::{
    BackLink, Button, Choice, Control, Empty, ErrorSummary, Field, Note, Pager, Row, SafeHtml, Table,
    TextKind, Width,
};
use uuid::Uuid;

/// Accounts on one page of the list.
const PAGE: u32 = 50;
/// Organisations offered when a name fits several.
const OFFERED: usize = 20;

/// What the list may be asked for.
#[derive(Deserialize, Default)]
pub struct Ask {
    #[serde(default)]
    q: String,
    #[serde(default)]
    after: String,
}

#[derive(Template)]
#[template(path = "admin/people.html")]
struct ListPage<'a> {
    q: &'a str,
    table: Table,
    may_open: bool,
}

/// `GET /admin/people?q=&after=`: all accounts by login name.
pub async fn list(
    State(ctx): State<Ctx>,
    look: Look,
    staff: Staff,
    Query(ask): Query<Ask>,
) -> Result<Response, Fault> {
    let mut found = identity::list(&ctx, &ask.q, &ask.after, PAGE + 1).await?;
    let more = found.len() > PAGE as usize;
    found.truncate(PAGE as usize);
    let query = |after: &str| {
        let pairs = [("q", ask.q.as_str()), ("after", after)];
        let kept: Vec<_> = pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        format!("/admin/people?{}", serde_urlencoded::to_string(kept).unwrap_or_default())
    };
    let next = found.last().filter(|_| more).map(|last| query(&last.account.login)).unwrap_or_default();
    let first = if ask.after.is_empty() { String::new() } else { query("") };
    let city = ctx.city();
    let rows = found.iter().map(|record| row(&city, record)).collect::<Result<_, _>>()?;
    let table = Table::new("工作人员账号", ["姓名", "登录名", "岗位", "状态", "最近登录"])
        .rows(rows)
        .pager(Pager { first, next })
        .empty(Empty::new("没有找到账号", "换个姓名或登录名的一部分再找，或者新开一个账号。"));
    let page = ListPage { q: &ask.q, table, may_open: staff.may_somewhere(Permission::ManageAccounts) };
    draw("人员和账号", &staff, &look, &page)
}

#[derive(Template)]
#[template(ext = "html", source = r#"<a href="{{ href }}">{{ name }}</a>"#)]
struct NameCell<'a> {
    href: &'a str,
    name: &'a str,
}

fn row(city: &City, record: &AccountRecord) -> Result<Row, Fault> {
    let account = &record.account;
    let href = format!("/admin/people/{}", record.id);
    let posts: Vec<String> = account.posts.iter().map(|post| post_words(city, post)).collect();
    let name = SafeHtml::render(&NameCell { href: &href, name: &account.name }).map_err(Fault::internal)?;
    let cells = vec![
        name,
        SafeHtml::text(&account.login),
        SafeHtml::text(&if posts.is_empty() { "没有岗位".to_owned() } else { posts.join("；") }),
        SafeHtml::text(state_words(record)),
        SafeHtml::text(&account.signed_in_at.map_or_else(|| "从未".to_owned(), day_and_time)),
    ];
    Ok(Row { cells, href, next: false })
}

/// 窗口人员（青龙街道为民服务中心）.
fn post_words(city: &City, post: &Post) -> String {
    let org = city.org(post.org).map_or("机构已撤销", |org| org.name.as_str());
    format!("{}（{org}）", post.role.label())
}

fn state_words(record: &AccountRecord) -> &'static str {
    match &record.account {
        account if !account.open => "已停用",
        account if account.must_change => "等本人改密码",
        _ => "使用中",
    }
}

/// 2026-03-02 09:00 in Shanghai.
fn day_and_time(at: Timestamp) -> String {
    wall_clock(at).strftime("%Y-%m-%d %H:%M").to_string()
}

#[derive(Template)]
#[template(path = "admin/person_new.html")]
struct NewPage {
    back: BackLink,
    errors: ErrorSummary,
    fields: Vec<Field>,
    button: Button,
}

/// The form for a new account, with what was typed and what is wrong.
pub fn new_page(staff: &Staff, look: &Look, typed: (&str, &str), wrong: &str) -> Result<Response, Fault> {
    let fields = vec![
        Field::text("name", "姓名", TextKind::Text, typed.0).width(Width::Medium),
        Field::text("login", "登录名", TextKind::Text, typed.1)
            .hint("3 到 32 位，以小写字母开头，只能用小写字母、数字、点、横线和下划线。")
            .width(Width::Medium)
            .error(wrong),
    ];
    let page = NewPage {
        back: BackLink::named("返回人员和账号", "/admin/people"),
        errors: ErrorSummary::of(&fields),
        fields,
        button: Button::submit("开通账号").primary(),
    };
    staff_form("开通账号", staff, look, &page, !wrong.is_empty())
}

/// `GET /admin/people/new`.
pub async fn new(look: Look, staff: Staff) -> Result<Response, Fault> {
    new_page(&staff, &look, ("", ""), "")
}

#[derive(Template)]
#[template(path = "admin/person_password.html")]
struct PasswordPage<'a> {
    name: &'a str,
    login: &'a str,
    password: &'a str,
    id: StaffId,
}

/// The page that shows a first password once.
pub fn password_page(
    staff: &Staff,
    look: &Look,
    record: &AccountRecord,
    password: &str,
) -> Result<Response, Fault> {
    let (name, login) = (record.account.name.as_str(), record.account.login.as_str());
    draw("新密码", staff, look, &PasswordPage { name, login, password, id: record.id })
}

/// What the page of an account is told besides the account.
#[derive(Default)]
pub struct Told<'a> {
    /// The name of an organisation that was typed, and the post chosen.
    pub typed: (&'a str, &'a str),
    /// Organisations whose names hold what was typed.
    pub offered: Vec<&'a Org>,
    /// What is wrong: the field and the sentence.
    pub wrong: Option<(&'static str, String)>,
    /// What was just done.
    pub done: &'static str,
}

#[derive(Template)]
#[template(path = "admin/person.html")]
struct OnePage<'a> {
    back: BackLink,
    note: Option<Note>,
    errors: ErrorSummary,
    id: StaffId,
    name: &'a str,
    login: &'a str,
    state: &'static str,
    open: bool,
    own: bool,
    second_factor: bool,
    signed_in: String,
    password_at: String,
    posts: Vec<(Uuid, String)>,
    may_manage: bool,
    may_grant: bool,
    give: Vec<Field>,
    reason: Field,
}

/// The fields for giving a post.
fn give_fields(told: &Told<'_>) -> Vec<Field> {
    let staff = |role: &&Role| role.is_post();
    let chosen = |role: &Role| format!("{role:?}") == told.typed.1;
    let mut roles = vec![Choice::new("", "请选岗位", told.typed.1.is_empty())];
    let choice = |role: &Role| Choice::new(format!("{role:?}"), role.label(), chosen(role));
    roles.extend(Role::ALL.iter().filter(staff).map(choice));
    let error = |name| wrong_in(told.wrong.as_ref(), name);
    let mut fields = vec![
        Field::new("role", "岗位", Control::Select(roles)).width(Width::Medium).error(error("role")),
        Field::text("org_name", "机构", TextKind::Text, told.typed.0)
            .hint("写机构名称或名称的一部分，例如“青龙街道为民服务中心”“天宁区民政局”。岗位管这个机构和它下面的机构。")
            .width(Width::Long)
            .error(error("org_name")),
    ];
    if !told.offered.is_empty() {
        let offer = |org: &&Org| Choice::new(org.id.to_string(), org.name.clone(), false);
        let offered = told.offered.iter().take(OFFERED).map(offer).collect();
        fields.push(Field::new("org", "是哪一个机构", Control::Radio(offered)).error(error("org")));
    }
    fields
}

/// The page of an account.
pub fn one_page(
    ctx: &Ctx,
    staff: &Staff,
    look: &Look,
    record: &AccountRecord,
    told: &Told<'_>,
) -> Result<Response, Fault> {
    let (account, city, give) = (&record.account, ctx.city(), give_fields(told));
    let wrong = told.wrong.as_ref();
    let reason = Field::text("reason", "停用的原因", TextKind::Text, "")
        .width(Width::Long)
        .error(wrong_in(wrong, "reason"));
    let page = OnePage {
        back: BackLink::named("返回人员和账号", "/admin/people"),
        note: note(wrong, told.done),
        errors: ErrorSummary::of(give.iter().chain([&reason])),
        id: record.id,
        name: &account.name,
        login: &account.login,
        state: state_words(record),
        open: account.open,
        own: record.id == staff.id,
        second_factor: account.second_factor,
        signed_in: account.signed_in_at.map_or_else(|| "从未登录".to_owned(), day_and_time),
        password_at: account.password_at.map_or_else(|| "没有".to_owned(), day_and_time),
        posts: account.posts.iter().map(|post| (post.id, post_words(&city, post))).collect(),
        may_manage: staff.may_somewhere(Permission::ManageAccounts),
        may_grant: staff.may_somewhere(Permission::GrantRoles),
        give,
        reason,
    };
    staff_form(&account.name, staff, look, &page, told.wrong.is_some())
}

/// `GET /admin/people/{id}`.
pub async fn one(
    State(ctx): State<Ctx>,
    look: Look,
    staff: Staff,
    Path(id): Path<StaffId>,
    Query(done): Query<Done>,
) -> Result<Response, Fault> {
    let record = identity::find(&ctx, id).await?.ok_or_else(Fault::not_found)?;
    let done = match done.done.as_str() {
        "closed" => "账号已停用，正在使用的登录已全部退出。",
        "reopened" => "账号已重新启用。",
        "unlocked" => "已解除等待，可以马上再登录。",
        "second" => "已解除身份验证器的绑定，下次登录时要重新绑定。",
        "given" => "岗位已分配，马上生效。",
        "taken" => "岗位已收回，马上生效。",
        _ => "",
    };
    one_page(&ctx, &staff, &look, &record, &Told { done, ..Told::default() })
}
