//! Pages of citizens and firms: signing in and out, opening an account, the account itself.

use super::super::Citizen;
use super::super::citizen::{self, Builtin, Claim, NewAccount, OpenError, Provider};
use super::super::form::{Onward, Posted};
use super::super::persons;
use super::super::session;
use super::super::token::{self, Side};
use super::{Ask, arrive, go, home, sign_in_page, with_token, without_token};
use crate::Ctx;
use crate::web::page::{Look, form_answer, public_page, send_form};
use crate::web::{Fault, Trace};
use askama::Template;
use axum::extract::{Extension, Form, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use domain::identity::{Document, DocumentKind, PasswordRule, check_password};
use domain::kernel::identity::{PersonName, Phone};
use domain::kernel::time::legal_day;
use serde::Deserialize;
use ui::{Button, Choice, Control, ErrorSummary, Field, Summary, SummaryRow, TextKind, Width};
use uuid::Uuid;

/// `GET /login`.
pub async fn login(State(ctx): State<Ctx>, look: Look, Query(ask): Query<Ask>) -> Result<Response, Fault> {
    sign_in_page(&ctx, Side::Citizen, StatusCode::OK, &look, &Onward::back_to(&ask.back), "", "")
}

/// `POST /login`.
pub async fn sign_in(
    State(ctx): State<Ctx>,
    look: Look,
    headers: HeaderMap,
    Form(posted): Form<Posted>,
) -> Result<Response, Fault> {
    let (onward, look) = (Onward::of(&posted), look.at("/login"));
    let claim = Claim(posted);
    match Builtin.prove(&ctx, &claim).await? {
        Ok(proven) => {
            let token =
                citizen::enter(&ctx, &proven, token::of(&headers, Side::Citizen, ctx.site.https)).await?;
            let response = arrive(&look, Side::Citizen, proven.person, &onward)?;
            Ok(with_token(&ctx, Side::Citizen, &token, response))
        }
        Err(say) => {
            let (status, typed) = (StatusCode::UNPROCESSABLE_ENTITY, claim.0.get("name"));
            sign_in_page(&ctx, Side::Citizen, status, &look, &onward, typed, &say)
        }
    }
}

/// `POST /logout`.
pub async fn sign_out(State(ctx): State<Ctx>, headers: HeaderMap) -> Result<Response, Fault> {
    if let Some(hash) = token::of(&headers, Side::Citizen, ctx.site.https) {
        ctx.db.write(session::End(hash)).await?;
    }
    Ok(without_token(&ctx, Side::Citizen, "/"))
}

#[derive(Template)]
#[template(path = "identity/register.html")]
struct RegisterPage {
    title: &'static str,
    say: &'static str,
    action: &'static str,
    errors: ErrorSummary,
    fields: Vec<Field>,
    button: Button,
    back: String,
    firm: bool,
}

/// What is wrong with a field: its name, and the sentence.
type Wrong = (&'static str, String);

/// The form with what was typed and what is wrong.
fn register_page(look: &Look, posted: &Posted, wrong: &[Wrong]) -> Result<Response, Fault> {
    let text = |name: &'static str, label: &str, kind, token| {
        Field::text(name, label, kind, posted.get(name)).autocomplete(token).width(Width::Long)
    };
    let chosen = if posted.get("document_kind").is_empty() { "id_card" } else { posted.get("document_kind") };
    let kinds = DocumentKind::NATURAL
        .map(|kind| Choice::new(kind.word(), kind.label(), kind.word() == chosen))
        .to_vec();
    let agreed = posted.get("agree") == "yes";
    let agree = Choice::new("yes", "我同意把以上信息用于实名认证和办理政务服务", agreed)
        .hint("信息加密保存，页面上只显示一部分；工作人员查看完整信息要写明理由，并留下记录。");
    let fields = vec![
        text("name", "姓名", TextKind::Text, "name").hint("和证件上的一样；生僻字、“·”都可以填。"),
        Field::new("document_kind", "证件类型", Control::Radio(kinds)),
        text("document", "证件号码", TextKind::IdNumber, "off"),
        text("phone", "手机号", TextKind::Tel, "tel").hint("用来登录和接收办理进度。"),
        text("password", "设一个密码", TextKind::Password, "new-password")
            .hint("至少 8 位，要有字母和数字。"),
        text("again", "再填一次密码", TextKind::Password, "new-password"),
        Field::new("agree", "个人信息", Control::Check(vec![agree])),
    ];
    let page = RegisterPage {
        title: "注册个人账号",
        say: "用本人的证件注册。注册后可以在网上申请、补材料、查进度；给单位办事的，注册后再添加单位。",
        action: "/register",
        firm: false,
        ..page(fields, wrong, posted)
    };
    form_answer(page.title, look, &page, !wrong.is_empty())
}

/// The form of a firm.
fn firm_page(look: &Look, posted: &Posted, wrong: &[Wrong]) -> Result<Response, Fault> {
    let text = |name: &'static str, label: &str, kind| {
        Field::text(name, label, kind, posted.get(name)).width(Width::Long)
    };
    let fields = vec![
        text("document", "统一社会信用代码", TextKind::IdNumber).hint("18 位，在营业执照或登记证书上。"),
        text("name", "单位名称", TextKind::Text).autocomplete("organization").hint("和执照上的一样。"),
    ];
    let page = RegisterPage {
        title: "添加单位",
        say: "您是这个单位的法定代表人或经办人时，可以添加单位，以单位名义申请。办理时窗口会核对授权。",
        action: "/register/firm",
        button: Button::submit("添加单位").primary().large(),
        firm: true,
        ..page(fields, wrong, posted)
    };
    form_answer(page.title, look, &page, !wrong.is_empty())
}

fn page(fields: Vec<Field>, wrong: &[Wrong], posted: &Posted) -> RegisterPage {
    let fields: Vec<Field> = fields
        .into_iter()
        .map(|field| match wrong.iter().find(|(name, _)| field.name() == *name) {
            Some((_, say)) => field.error(say.clone()),
            None => field,
        })
        .collect();
    RegisterPage {
        title: "",
        say: "",
        action: "",
        errors: ErrorSummary::of(&fields),
        fields,
        button: Button::submit("注册").primary().large(),
        back: Onward::back_to(posted.get("back")).back,
        firm: false,
    }
}

fn answer(title: &str, look: &Look, body: &impl Template, failed: bool) -> Result<Response, Fault> {
    let mut page = public_page(title, look, body)?;
    page.has_errors = failed;
    page.head.no_index = true;
    page.surface = ui::Surface::White;
    send_form(&page)
}

/// `GET /register`.
pub async fn register(look: Look, Query(ask): Query<Ask>) -> Result<Response, Fault> {
    register_page(&look, &Posted(vec![("back".to_owned(), ask.back)]), &[])
}

/// The account from the form, or what is wrong with the fields.
fn new_account(ctx: &Ctx, posted: &Posted) -> Result<NewAccount, Vec<Wrong>> {
    let mut wrong: Vec<Wrong> = Vec::new();
    let today = legal_day(ctx.now());
    let name = PersonName::parse(posted.get("name")).map_err(|e| wrong.push(("name", e.to_string()))).ok();
    let kind =
        DocumentKind::of(posted.get("document_kind")).filter(|kind| DocumentKind::NATURAL.contains(kind));
    if kind.is_none() {
        wrong.push(("document_kind", "请选证件类型".to_owned()));
    }
    let document = kind.and_then(|kind| {
        let parsed = Document::parse(kind, posted.get("document"), today);
        parsed.map_err(|e| wrong.push(("document", e.say))).ok()
    });
    let phone = Phone::parse(posted.get("phone")).map_err(|e| wrong.push(("phone", e.to_string()))).ok();
    if phone.as_ref().is_some_and(|phone| !phone.is_mobile()) {
        wrong.push(("phone", "请填手机号，座机收不到短信".to_owned()));
    }
    let known = [&phone.as_ref().map(Phone::as_str), &document.as_ref().map(Document::as_str)]
        .map(|k| k.unwrap_or_default());
    if let Err(doubt) = check_password(posted.get("password"), PasswordRule::CITIZEN, &known) {
        wrong.push(("password", doubt.to_string()));
    }
    if posted.get("password") != posted.get("again") {
        wrong.push(("again", "两次填的密码不一样，请再填一次".to_owned()));
    }
    if posted.get("agree") != "yes" {
        wrong.push((
            "agree",
            "请先勾选同意，才能实名注册；不想在网上注册的，可以到就近的服务大厅办理".to_owned(),
        ));
    }
    match (name, document, phone) {
        (Some(name), Some(document), Some(phone)) if wrong.is_empty() => {
            Ok(NewAccount { document, name: name.as_str().to_owned(), phone })
        }
        _ => Err(wrong),
    }
}

/// `POST /register`.
pub async fn open_account(
    State(ctx): State<Ctx>,
    look: Look,
    headers: HeaderMap,
    Extension(trace): Extension<Trace>,
    Form(posted): Form<Posted>,
) -> Result<Response, Fault> {
    let look = look.at("/register");
    let new = match new_account(&ctx, &posted) {
        Ok(new) => new,
        Err(wrong) => return register_page(&look, &posted, &wrong),
    };
    match citizen::open_account(&ctx, &new, posted.get("password"), &trace).await {
        Ok(proven) => {
            let token =
                citizen::enter(&ctx, &proven, token::of(&headers, Side::Citizen, ctx.site.https)).await?;
            let response = arrive(&look, Side::Citizen, proven.person, &Onward::back_to(posted.get("back")))?;
            Ok(with_token(&ctx, Side::Citizen, &token, response))
        }
        Err(OpenError::Password(say)) => register_page(&look, &posted, &[("password", say)]),
        Err(error) => register_page(&look, &posted, &[("document", said(error)?)]),
    }
}

/// The sentence of a refusal; what broke on our side goes on as a fault.
fn said(error: OpenError) -> Result<String, Fault> {
    match error {
        OpenError::Fault(fault) => Err(fault),
        OpenError::Person(persons::PersonError::Store(error)) => Err(error.into()),
        refused => Ok(refused.to_string()),
    }
}

/// `GET /register/firm`.
pub async fn firm(look: Look, _: Citizen, Query(ask): Query<Ask>) -> Result<Response, Fault> {
    firm_page(&look, &Posted(vec![("back".to_owned(), ask.back)]), &[])
}

/// `POST /register/firm`: makes the firm known and acts for it from now on.
pub async fn open_firm(
    State(ctx): State<Ctx>,
    look: Look,
    me: Citizen,
    headers: HeaderMap,
    Extension(trace): Extension<Trace>,
    Form(posted): Form<Posted>,
) -> Result<Response, Fault> {
    let look = look.at("/register/firm");
    let mut wrong: Vec<Wrong> = Vec::new();
    let document = Document::parse(DocumentKind::Uscc, posted.get("document"), legal_day(ctx.now()))
        .map_err(|e| wrong.push(("document", e.say)))
        .ok();
    let name: String = posted.get("name").split_whitespace().collect();
    match name.chars().count() {
        0 | 1 => wrong.push(("name", "请填写单位全称，和执照上的一样".to_owned())),
        2..=200 if !name.chars().any(char::is_control) => {}
        _ => wrong.push(("name", "单位名称最多 200 个字，请只填名称".to_owned())),
    }
    let Some(document) = document.filter(|_| wrong.is_empty()) else {
        return firm_page(&look, &posted, &wrong);
    };
    match citizen::open_firm(&ctx, me.id, document, name, &trace).await {
        Ok(firm) => {
            let old = token::of(&headers, Side::Citizen, ctx.site.https);
            let token = citizen::act_for(&ctx, me.id, Some(firm), old).await?;
            let back = Onward::back_to(posted.get("back")).back;
            let to = if back.is_empty() { home(Side::Citizen) } else { &back };
            Ok(with_token(&ctx, Side::Citizen, &token, go(to)))
        }
        Err(OpenError::Known) => {
            let say =
                "这个单位已经有别的经办人，请联系单位确认；需要更换经办人的，请带授权委托书到就近的服务大厅";
            firm_page(&look, &posted, &[("document", say.to_owned())])
        }
        Err(error) => firm_page(&look, &posted, &[("document", said(error)?)]),
    }
}

#[derive(Template)]
#[template(path = "identity/account.html")]
struct AccountPage {
    summary: Summary,
    firms: Vec<(Uuid, String, bool)>,
    acting: bool,
    errors: ErrorSummary,
    fields: Vec<Field>,
    button: Button,
    seen: bool,
}

async fn account_page(ctx: &Ctx, look: &Look, me: &Citizen, wrong: &[Wrong]) -> Result<Response, Fault> {
    let view = persons::view(ctx, me.id.uuid()).await?.ok_or_else(Fault::not_found)?;
    let rows = [
        ("姓名", view.name.clone()),
        (view.known.document.label(), view.document.clone()),
        ("手机号", if view.phone.is_empty() { "没有登记".to_owned() } else { view.phone.clone() }),
    ];
    let rows = rows.into_iter().map(|(key, value)| SummaryRow::new(key, value.as_str()).fixed()).collect();
    let firm = me.firm.map(Uuid::from);
    let firms = persons::firms_of(ctx, me.id).await?;
    let error = |name| wrong.iter().find(|(of, _)| *of == name).map_or("", |(_, say)| say.as_str());
    let field = |name: &str, label: &str, token, error: &str| {
        Field::text(name, label, TextKind::Password, "").autocomplete(token).width(Width::Long).error(error)
    };
    let fields = vec![
        field("old", "现在的密码", "current-password", error("old")),
        field("new", "新密码", "new-password", error("new")).hint("至少 8 位，要有字母和数字。"),
        field("again", "再填一次新密码", "new-password", error("again")),
    ];
    let page = AccountPage {
        summary: Summary::new(rows),
        firms: firms.into_iter().map(|(id, name)| (id, name, firm == Some(id))).collect(),
        acting: firm.is_some(),
        errors: ErrorSummary::of(&fields),
        fields,
        button: Button::submit("保存新密码"),
        seen: view.known.assurance == persons::Assurance::Seen,
    };
    answer("我的账号", look, &page, !wrong.is_empty())
}

/// `GET /me/account`: what is kept of oneself, the firms one acts for, the password.
pub async fn account(State(ctx): State<Ctx>, look: Look, me: Citizen) -> Result<Response, Fault> {
    account_page(&ctx, &look, &me, &[]).await
}

/// `POST /me/account/password`.
pub async fn change_password(
    State(ctx): State<Ctx>,
    look: Look,
    me: Citizen,
    headers: HeaderMap,
    Extension(trace): Extension<Trace>,
    Form(posted): Form<Posted>,
) -> Result<Response, Fault> {
    let look = look.at("/me/account");
    if posted.get("new") != posted.get("again") {
        let wrong = [("again", "两次填的新密码不一样，请再填一次".to_owned())];
        return account_page(&ctx, &look, &me, &wrong).await;
    }
    match citizen::change_password(&ctx, &trace, me.id, posted.get("old"), posted.get("new")).await? {
        Ok(proven) => {
            let old = token::of(&headers, Side::Citizen, ctx.site.https);
            let token = citizen::enter(&ctx, &proven, old).await?;
            Ok(with_token(&ctx, Side::Citizen, &token, go("/me/account")))
        }
        Err(wrong) => account_page(&ctx, &look, &me, &[wrong]).await,
    }
}

/// Whom to act for.
#[derive(Deserialize)]
pub struct ActFor {
    /// A firm's id; empty for oneself.
    #[serde(default)]
    firm: String,
}

/// `POST /me/act`: acts for a firm from now on, or for oneself again.
pub async fn act_for(
    State(ctx): State<Ctx>,
    me: Citizen,
    headers: HeaderMap,
    Form(wish): Form<ActFor>,
) -> Result<Response, Fault> {
    let firm = match wish.firm.as_str() {
        "" => None,
        id => Some(Uuid::parse_str(id).map_err(|_| Fault::not_found())?),
    };
    let old = token::of(&headers, Side::Citizen, ctx.site.https);
    let token = citizen::act_for(&ctx, me.id, firm, old).await?;
    Ok(with_token(&ctx, Side::Citizen, &token, go(home(Side::Citizen))))
}
