//! What administrators do to accounts. The gate has asked who holds the right at all; here it is asked which of the two.

use super::pages::{Told, new_page, one_page, password_page};
use crate::Ctx;
use crate::admin::desk::{for_the_city, see};
use crate::identity::{self, AccountError, AccountRecord, By, Staff};
use crate::web::page::Look;
use crate::web::{Fault, Trace};
use axum::extract::{Extension, Form, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::identity::{StaffCommand, StaffRefusal};
use domain::kernel::{OrgId, StaffId};
use domain::rights::{Permission, Role};
use serde::Deserialize;
use uuid::Uuid;

/// What every action is given.
type Asked = (State<Ctx>, Look, Staff, Extension<Trace>, Path<StaffId>);

/// A new account.
#[derive(Deserialize)]
pub struct Opening {
    #[serde(default)]
    name: String,
    #[serde(default)]
    login: String,
}

/// `POST /admin/people`: opens an account and shows its first password once.
pub async fn open(
    State(ctx): State<Ctx>,
    look: Look,
    staff: Staff,
    Extension(trace): Extension<Trace>,
    Form(wish): Form<Opening>,
) -> Result<Response, Fault> {
    for_the_city(&ctx, &staff, Permission::ManageAccounts)?;
    let by = By::staff(&staff, &trace);
    match identity::create_staff(&ctx, &wish.login, &wish.name, &[], by).await {
        Ok(new) => {
            let record = identity::find(&ctx, new.id).await?.ok_or_else(Fault::not_found)?;
            password_page(&staff, &look.at("/admin/people"), &record, &new.password)
        }
        Err(fault) if fault.status == StatusCode::BAD_REQUEST => {
            new_page(&staff, &look.at("/admin/people/new"), (&wish.name, &wish.login), &fault.say)
        }
        Err(fault) => Err(fault),
    }
}

fn done(id: StaffId, word: &str) -> Response {
    see(&format!("/admin/people/{id}?done={word}"))
}

/// Carries out one command and returns to the account, with the sentence when it was refused.
async fn carry_out(
    ctx: &Ctx,
    look: Look,
    staff: &Staff,
    trace: &Trace,
    id: StaffId,
    command: StaffCommand,
    word: &str,
) -> Result<Response, Fault> {
    match identity::act(ctx, id, command, By::staff(staff, trace)).await {
        Ok(_) => Ok(done(id, word)),
        Err(AccountError::Refused(refusal)) => {
            let field = if refusal == StaffRefusal::Reason { "reason" } else { "" };
            refused(
                ctx,
                look,
                staff,
                id,
                Told { wrong: Some((field, refusal.to_string())), ..Told::default() },
            )
            .await
        }
        Err(error) => Err(error.into()),
    }
}

async fn refused(
    ctx: &Ctx,
    look: Look,
    staff: &Staff,
    id: StaffId,
    told: Told<'_>,
) -> Result<Response, Fault> {
    let record = record_of(ctx, id).await?;
    one_page(ctx, staff, &look.at(&format!("/admin/people/{id}")), &record, &told)
}

async fn record_of(ctx: &Ctx, id: StaffId) -> Result<AccountRecord, Fault> {
    identity::find(ctx, id).await?.ok_or_else(Fault::not_found)
}

/// Why an account is closed.
#[derive(Deserialize)]
pub struct Closing {
    #[serde(default)]
    reason: String,
}

/// `POST /admin/people/{id}/close`.
pub async fn close(
    (State(ctx), look, staff, Extension(trace), Path(id)): Asked,
    Form(wish): Form<Closing>,
) -> Result<Response, Fault> {
    for_the_city(&ctx, &staff, Permission::ManageAccounts)?;
    let command = StaffCommand::Close { reason: wish.reason };
    carry_out(&ctx, look, &staff, &trace, id, command, "closed").await
}

/// `POST /admin/people/{id}/reopen`.
pub async fn reopen((State(ctx), look, staff, Extension(trace), Path(id)): Asked) -> Result<Response, Fault> {
    for_the_city(&ctx, &staff, Permission::ManageAccounts)?;
    carry_out(&ctx, look, &staff, &trace, id, StaffCommand::Reopen, "reopened").await
}

/// `POST /admin/people/{id}/unlock`.
pub async fn unlock((State(ctx), look, staff, Extension(trace), Path(id)): Asked) -> Result<Response, Fault> {
    for_the_city(&ctx, &staff, Permission::ManageAccounts)?;
    carry_out(&ctx, look, &staff, &trace, id, StaffCommand::Unlock, "unlocked").await
}

/// `POST /admin/people/{id}/password`: sets a password and shows it once.
pub async fn reset_password(
    (State(ctx), look, staff, Extension(trace), Path(id)): Asked,
) -> Result<Response, Fault> {
    for_the_city(&ctx, &staff, Permission::ManageAccounts)?;
    let record = record_of(&ctx, id).await?;
    match identity::reset_password(&ctx, id, By::staff(&staff, &trace)).await {
        Ok(password) => password_page(&staff, &look.at("/admin/people"), &record, &password),
        Err(fault) if fault.status == StatusCode::BAD_REQUEST => {
            let wrong = Some(("", fault.say.into_owned()));
            refused(&ctx, look, &staff, id, Told { wrong, ..Told::default() }).await
        }
        Err(fault) => Err(fault),
    }
}

/// `POST /admin/people/{id}/second`: by the security administrator, so that nobody can take over an account alone.
pub async fn remove_second_factor(
    (State(ctx), look, staff, Extension(trace), Path(id)): Asked,
) -> Result<Response, Fault> {
    for_the_city(&ctx, &staff, Permission::GrantRoles)?;
    carry_out(&ctx, look, &staff, &trace, id, StaffCommand::RemoveSecondFactor, "second").await
}

/// A post to be given.
#[derive(Deserialize)]
pub struct Giving {
    #[serde(default)]
    role: String,
    #[serde(default)]
    org_name: String,
    #[serde(default)]
    org: String,
}

/// `POST /admin/people/{id}/posts`.
pub async fn give(
    (State(ctx), look, staff, Extension(trace), Path(id)): Asked,
    Form(wish): Form<Giving>,
) -> Result<Response, Fault> {
    for_the_city(&ctx, &staff, Permission::GrantRoles)?;
    let (city, typed) = (ctx.city(), (wish.org_name.as_str(), wish.role.as_str()));
    let told = |wrong, offered| Told { typed, offered, wrong: Some(wrong), done: "" };
    let Some(role) = Role::ALL.iter().copied().find(|role| format!("{role:?}") == wish.role) else {
        let wrong = ("role", "请选要分配的岗位".to_owned());
        return refused(&ctx, look, &staff, id, told(wrong, Vec::new())).await;
    };
    let words = wish.org_name.trim();
    let fitting: Vec<_> =
        city.orgs.iter().filter(|org| !words.is_empty() && org.name.contains(words)).collect();
    let exact = fitting.iter().filter(|org| org.name == words).count() == 1;
    let chosen = match wish.org.parse::<OrgId>() {
        Ok(org) if city.org(org).is_some() => org,
        _ => match fitting.as_slice() {
            [only] => only.id,
            several if exact => {
                several.iter().find(|org| org.name == words).map_or(several[0].id, |org| org.id)
            }
            [] => {
                let say = "没有找到这个机构，请写机构名称，例如“青龙街道为民服务中心”";
                return refused(&ctx, look, &staff, id, told(("org_name", say.to_owned()), Vec::new())).await;
            }
            several => {
                let say = format!(
                    "有 {} 个机构的名称里有“{words}”，请选一个；没有列出的，请把名称写全",
                    several.len()
                );
                return refused(&ctx, look, &staff, id, told(("org", say), fitting)).await;
            }
        },
    };
    let post = identity::new_post(&ctx, role, chosen)?;
    match identity::act(&ctx, id, StaffCommand::Give(post), By::staff(&staff, &trace)).await {
        Ok(_) => Ok(done(id, "given")),
        Err(AccountError::Refused(refusal)) => {
            refused(&ctx, look, &staff, id, told(("role", refusal.to_string()), Vec::new())).await
        }
        Err(error) => Err(error.into()),
    }
}

/// A post to be taken away.
#[derive(Deserialize)]
pub struct Taking {
    post: Uuid,
}

/// `POST /admin/people/{id}/posts/take`.
pub async fn take(
    (State(ctx), look, staff, Extension(trace), Path(id)): Asked,
    Form(wish): Form<Taking>,
) -> Result<Response, Fault> {
    for_the_city(&ctx, &staff, Permission::GrantRoles)?;
    carry_out(&ctx, look, &staff, &trace, id, StaffCommand::Take(wish.post), "taken").await
}
