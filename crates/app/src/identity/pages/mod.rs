//! The pages of signing in, for staff and for citizens.

mod citizen;
mod staff;

use super::extract::{go, step_page, with_back};
use super::form::Onward;
use super::session::Step;
use super::token::{self, Side};
use crate::Ctx;
use crate::routes;
use crate::web::Fault;
use crate::web::page::{Look, form_answer, form_page, send};
use askama::Template;
use axum::Router;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::routing::post;
use serde::Deserialize;
use ui::{Button, ErrorSummary, Field, FieldError, SafeHtml, TextKind, Width};
use uuid::Uuid;

/// The routes of this capability.
pub fn routes() -> Router<Ctx> {
    Router::new()
        .route("/login", get(citizen::login).post(citizen::sign_in))
        .route("/logout", post(citizen::sign_out))
        .route("/register", get(citizen::register).post(citizen::open_account))
        .route("/register/firm", get(citizen::firm).post(citizen::open_firm))
        .route("/me/account", get(citizen::account))
        .route("/me/account/password", post(citizen::change_password))
        .route("/me/act", post(citizen::act_for))
        .route("/staff", get(staff::home))
        .route("/staff/login", get(staff::login).post(staff::sign_in))
        .route("/staff/logout", post(staff::sign_out))
        .route("/staff/password", get(staff::password).post(staff::change_password))
        .route("/staff/totp", get(staff::second).post(staff::give_second))
}

/// Where a page of the sign-in leads afterwards.
#[derive(Default, Deserialize)]
struct Ask {
    #[serde(default)]
    back: String,
}

/// The first page after signing in.
#[must_use]
pub fn home(side: Side) -> &'static str {
    let has = |path: &str| routes::ROUTES.iter().any(|row| row.method == "GET" && row.path == path);
    match side {
        Side::Staff => "/staff",
        Side::Citizen if has("/me") => "/me",
        Side::Citizen if has("/me/account") => "/me/account",
        Side::Citizen => "/",
    }
}

#[derive(Template)]
#[template(path = "identity/sign_in.html")]
struct SignInPage {
    title: &'static str,
    action: &'static str,
    say: String,
    errors: ErrorSummary,
    name: Field,
    password: Field,
    button: Button,
    onward: SafeHtml,
    side: Side,
    demo: bool,
}

/// The sign-in page of a side. `say` stands above the form, as an error when a name was typed already.
pub(super) fn sign_in_page(
    ctx: &Ctx,
    side: Side,
    status: StatusCode,
    look: &Look,
    onward: &Onward,
    typed: &str,
    say: &str,
) -> Result<Response, Fault> {
    let (title, action, label) = match side {
        Side::Staff => ("工作人员登录", "/staff/login", "登录名"),
        Side::Citizen => ("登录", "/login", "手机号或证件号码"),
    };
    let failed = status == StatusCode::UNPROCESSABLE_ENTITY;
    let errors =
        if failed { vec![FieldError { id: "name".into(), text: say.to_owned() }] } else { Vec::new() };
    let name = Field::text("name", label, TextKind::Text, typed).autocomplete("username").width(Width::Long);
    let page = SignInPage {
        title,
        action,
        say: if failed { String::new() } else { say.to_owned() },
        errors: ErrorSummary::new(errors),
        name: if failed { name.error(say) } else { name },
        password: Field::text("password", "密码", TextKind::Password, "")
            .autocomplete("current-password")
            .width(Width::Long),
        button: Button::submit("登录").primary().large(),
        onward: onward.fields().map_err(Fault::internal)?,
        side,
        demo: ctx.site.demo,
    };
    send(status, &form_page(title, look, &page, failed)?)
}

#[derive(Template)]
#[template(path = "identity/resume.html")]
struct ResumePage {
    to: String,
    fields: SafeHtml,
    button: Button,
    home: &'static str,
    same: bool,
}

/// What comes after a complete sign-in: the page that was asked for, or the form that was interrupted.
fn arrive(look: &Look, side: Side, id: Uuid, onward: &Onward) -> Result<Response, Fault> {
    if !onward.has_form() {
        let to = if onward.back.is_empty() { home(side) } else { &onward.back };
        return Ok(go(to));
    }
    // What one person typed is not shown to another who happens to sign in at the same machine.
    let same = onward.was.is_empty() || onward.was == id.to_string();
    let page = ResumePage {
        to: onward.to.clone(),
        fields: if same { onward.form_again().map_err(Fault::internal)? } else { SafeHtml::default() },
        button: Button::submit("继续提交").primary().large(),
        home: home(side),
        same,
    };
    form_answer("继续刚才的操作", look, &page, false)
}

/// Gives the token to the browser.
fn with_token(ctx: &Ctx, side: Side, token: &str, mut response: Response) -> Response {
    match HeaderValue::from_str(&token::give(side, ctx.site.https, token)) {
        Ok(cookie) => {
            response.headers_mut().append(SET_COOKIE, cookie);
            response
        }
        Err(error) => Fault::internal(error).into_response(),
    }
}

/// Takes the token back and leads to `to`.
fn without_token(ctx: &Ctx, side: Side, to: &str) -> Response {
    let mut response = go(to);
    if let Ok(cookie) = HeaderValue::from_str(&token::take_back(side, ctx.site.https)) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// To the page of the step that comes next; `None` when everything is open or a form is carried along.
fn to_step(step: Step, onward: &Onward) -> Option<Response> {
    (step != Step::Full && !onward.has_form()).then(|| go(&with_back(step_page(step), &onward.back)))
}
