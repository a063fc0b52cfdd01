//! Pages of the sign-in of staff, and the first page after it.

use super::super::entry::{self, Outcome};
use super::super::extract::Entering;
use super::super::form::{Onward, Posted};
use super::super::second::{self, Offer};
use super::super::session::{self, Step};
use super::super::token::{self, Side};
use super::super::{By, Staff, account};
use super::{Ask, arrive, sign_in_page, to_step, with_token, without_token};
use crate::Ctx;
use crate::web::page::{Look, form_answer, staff as draw, staff_menu};
use crate::web::{Fault, Trace};
use askama::Template;
use axum::extract::{Extension, Form, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use domain::identity::{StaffAccount, StaffCommand};
use ui::{Button, ErrorSummary, Field, Link, SafeHtml, TextKind, Width};

/// `GET /staff/login`.
pub async fn login(State(ctx): State<Ctx>, look: Look, Query(ask): Query<Ask>) -> Result<Response, Fault> {
    sign_in_page(&ctx, Side::Staff, StatusCode::OK, &look, &Onward::back_to(&ask.back), "", "")
}

/// `POST /staff/login`.
pub async fn sign_in(
    State(ctx): State<Ctx>,
    look: Look,
    headers: HeaderMap,
    Extension(trace): Extension<Trace>,
    Form(posted): Form<Posted>,
) -> Result<Response, Fault> {
    let (onward, name, look) = (Onward::of(&posted), posted.get("name"), look.at("/staff/login"));
    let old = token::of(&headers, Side::Staff, ctx.site.https);
    match entry::by_password(&ctx, &trace, name, posted.get("password"), old).await? {
        Outcome::In { id, token, step } => proceed(&ctx, &look, id, &token, step, &onward).await,
        Outcome::Out(say) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            sign_in_page(&ctx, Side::Staff, status, &look, &onward, name, &say)
        }
    }
}

/// On to the next step under the new token, or to where the person wanted to go.
async fn proceed(
    ctx: &Ctx,
    look: &Look,
    id: domain::kernel::StaffId,
    token: &str,
    step: Step,
    onward: &Onward,
) -> Result<Response, Fault> {
    let response = match (to_step(step, onward), step) {
        (Some(redirect), _) => redirect,
        (None, Step::Full) => arrive(look, Side::Staff, id.uuid(), onward)?,
        (None, _) => {
            // A form is carried along: the page of the step is drawn at once, because a redirect could not carry it.
            let record = account::find(ctx, id).await?.ok_or_else(Fault::not_found)?;
            let entering = Entering { id, account: record.account, step, hash: session::hash_of(token) };
            step_page(ctx, look, &entering, onward)?
        }
    };
    Ok(with_token(ctx, Side::Staff, token, response))
}

fn step_page(ctx: &Ctx, look: &Look, entering: &Entering, onward: &Onward) -> Result<Response, Fault> {
    match entering.step {
        Step::Password | Step::Full => password_page(look, entering, onward, &PasswordErrors::default()),
        Step::Second => second_page(look, onward, ""),
        Step::Enrol => {
            let offer = second::offer(ctx, entering.id, &entering.account.login, "")?;
            enrol_page(look, onward, &offer, "")
        }
    }
}

/// `POST /staff/logout`.
pub async fn sign_out(
    State(ctx): State<Ctx>,
    headers: HeaderMap,
    staff: Option<Staff>,
    Extension(trace): Extension<Trace>,
) -> Result<Response, Fault> {
    if let Some(hash) = token::of(&headers, Side::Staff, ctx.site.https) {
        ctx.db.write(session::End(hash)).await?;
    }
    if let Some(staff) = staff {
        account::act(&ctx, staff.id, StaffCommand::SignOut, By::staff(&staff, &trace)).await?;
    }
    Ok(without_token(&ctx, Side::Staff, "/staff/login"))
}

#[derive(Default)]
struct PasswordErrors {
    old: String,
    new: String,
    again: String,
}

#[derive(Template)]
#[template(path = "identity/password.html")]
struct PasswordPage {
    action: &'static str,
    why: &'static str,
    errors: ErrorSummary,
    fields: Vec<Field>,
    button: Button,
    onward: SafeHtml,
}

fn password_page(
    look: &Look,
    entering: &Entering,
    onward: &Onward,
    errors: &PasswordErrors,
) -> Result<Response, Fault> {
    let field = |name: &str, label: &str, token, error: &str| {
        Field::text(name, label, TextKind::Password, "").autocomplete(token).width(Width::Long).error(error)
    };
    let hint = "至少 8 位，大写字母、小写字母、数字、符号里用到三种；不能有登录名。";
    let mut fields = vec![
        field("new", "新密码", "new-password", &errors.new).hint(hint),
        field("again", "再填一次新密码", "new-password", &errors.again),
    ];
    if entering.step == Step::Full {
        fields.insert(0, field("old", "现在的密码", "current-password", &errors.old));
    }
    let why = match (entering.step, first_or_reset(&entering.account)) {
        (Step::Full, _) => "",
        (_, true) => "这是别人给您设的密码，请先改成只有您自己知道的，再开始工作。",
        (_, false) => "密码已经用了 90 天，请换一个新的。",
    };
    let page = PasswordPage {
        action: "/staff/password",
        why,
        errors: ErrorSummary::of(&fields),
        button: Button::submit("保存新密码").primary().large(),
        onward: onward.fields().map_err(Fault::internal)?,
        fields,
    };
    form_answer(
        "修改密码",
        look,
        &page,
        !errors.old.is_empty() || !errors.new.is_empty() || !errors.again.is_empty(),
    )
}

fn first_or_reset(account: &StaffAccount) -> bool {
    account.must_change
}

/// `GET /staff/password`: the forced change, or one's own wish.
pub async fn password(look: Look, entering: Entering, Query(ask): Query<Ask>) -> Result<Response, Fault> {
    if entering.step == Step::Second {
        return Ok(super::go(&super::with_back("/staff/totp", &ask.back)));
    }
    password_page(&look, &entering, &Onward::back_to(&ask.back), &PasswordErrors::default())
}

/// `POST /staff/password`.
pub async fn change_password(
    State(ctx): State<Ctx>,
    look: Look,
    entering: Entering,
    Extension(trace): Extension<Trace>,
    Form(posted): Form<Posted>,
) -> Result<Response, Fault> {
    let (onward, look) = (Onward::of(&posted), look.at("/staff/password"));
    let mut errors = PasswordErrors::default();
    if matches!(entering.step, Step::Second) {
        return Ok(super::go("/staff/totp"));
    }
    if posted.get("new") != posted.get("again") {
        errors.again = "两次填的新密码不一样，请再填一次".to_owned();
        return password_page(&look, &entering, &onward, &errors);
    }
    match entry::change_password(&ctx, &trace, &entering, posted.get("old"), posted.get("new")).await? {
        Ok(Outcome::In { id, token, step }) => proceed(&ctx, &look, id, &token, step, &onward).await,
        Ok(Outcome::Out(say)) => {
            errors.new = say;
            password_page(&look, &entering, &onward, &errors)
        }
        Err((field, say)) => {
            if field == "old" {
                errors.old = say;
            } else {
                errors.new = say;
            }
            password_page(&look, &entering, &onward, &errors)
        }
    }
}

#[derive(Template)]
#[template(path = "identity/second.html")]
struct SecondPage<'a> {
    offer: Option<&'a Offer>,
    errors: ErrorSummary,
    code: Field,
    button: Button,
    onward: SafeHtml,
}

fn code_field(error: &str) -> Field {
    Field::text("code", "6 位验证码", TextKind::Digits, "")
        .autocomplete("one-time-code")
        .width(Width::Short)
        .hint("打开手机上的身份验证器，填现在显示的 6 位数字。")
        .error(error)
}

fn second_page(look: &Look, onward: &Onward, error: &str) -> Result<Response, Fault> {
    drawn_second(look, onward, None, error)
}

fn enrol_page(look: &Look, onward: &Onward, offer: &Offer, error: &str) -> Result<Response, Fault> {
    drawn_second(look, onward, Some(offer), error)
}

fn drawn_second(look: &Look, onward: &Onward, offer: Option<&Offer>, error: &str) -> Result<Response, Fault> {
    let code = code_field(error);
    let page = SecondPage {
        offer,
        errors: ErrorSummary::of([&code]),
        code,
        button: Button::submit(if offer.is_some() { "绑定" } else { "继续登录" }).primary().large(),
        onward: onward.fields().map_err(Fault::internal)?,
    };
    form_answer(if offer.is_some() { "绑定身份验证器" } else { "填验证码" }, look, &page, !error.is_empty())
}

/// `GET /staff/totp`: the code, or setting up the app that shows it.
pub async fn second(
    State(ctx): State<Ctx>,
    look: Look,
    entering: Entering,
    Query(ask): Query<Ask>,
) -> Result<Response, Fault> {
    let onward = Onward::back_to(&ask.back);
    match entering.step {
        Step::Second => second_page(&look, &onward, ""),
        Step::Password => Ok(super::go(&super::with_back("/staff/password", &ask.back))),
        Step::Full if entering.account.second_factor => Ok(super::go("/staff")),
        Step::Enrol | Step::Full => {
            let offer = second::offer(&ctx, entering.id, &entering.account.login, "")?;
            enrol_page(&look, &onward, &offer, "")
        }
    }
}

/// `POST /staff/totp`.
pub async fn give_second(
    State(ctx): State<Ctx>,
    look: Look,
    entering: Entering,
    Extension(trace): Extension<Trace>,
    Form(posted): Form<Posted>,
) -> Result<Response, Fault> {
    let (onward, look, code) = (Onward::of(&posted), look.at("/staff/totp"), posted.get("code"));
    let (id, login) = (entering.id, &entering.account.login);
    let outcome = match entering.step {
        Step::Password => return Ok(super::go("/staff/password")),
        Step::Full if entering.account.second_factor => return Ok(super::go("/staff")),
        Step::Second => entry::by_code(&ctx, &trace, id, code, entering.hash).await?,
        Step::Enrol | Step::Full => {
            let sealed = posted.get("key");
            if second::set_up(&ctx, &trace, id, login, sealed, code).await? {
                entry::enter(&ctx, &trace, id, true, Some(entering.hash), None).await?
            } else {
                let offer = second::offer(&ctx, id, login, sealed)?;
                let say = "验证码不对，请确认手机时间准确，再填身份验证器里现在显示的 6 位数字";
                return enrol_page(&look, &onward, &offer, say);
            }
        }
    };
    match outcome {
        Outcome::In { id, token, step } => proceed(&ctx, &look, id, &token, step, &onward).await,
        Outcome::Out(say) => second_page(&look, &onward, &say),
    }
}

#[derive(Template)]
#[template(path = "identity/home.html")]
struct HomePage<'a> {
    name: &'a str,
    posts: Vec<(&'static str, String)>,
    links: Vec<Link>,
    second_factor: bool,
}

/// `GET /staff`: the posts held and where their work is.
pub async fn home(State(ctx): State<Ctx>, look: Look, staff: Staff) -> Result<Response, Fault> {
    let city = ctx.city();
    let org =
        |post: &domain::identity::Post| city.org(post.org).map_or("", |org| org.name.as_str()).to_owned();
    let page = HomePage {
        name: &staff.name,
        posts: staff.posts.iter().map(|post| (post.role.label(), org(post))).collect(),
        links: staff_menu(&staff, &look).into_iter().filter(|link| link.href != "/staff").collect(),
        second_factor: account::find(&ctx, staff.id)
            .await?
            .is_some_and(|record| record.account.second_factor),
    };
    draw("我的工作", &staff, &look, &page)
}
