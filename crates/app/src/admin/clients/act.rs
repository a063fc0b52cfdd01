//! What administrators do to clients. The gate has asked who holds the right at all; here it is asked which of the two.

use super::pages::{Told, new_page, one_page, secret_page};
use crate::Ctx;
use crate::admin::desk::{for_the_city, see};
use crate::identity::clients::{self, ClientError, ClientRecord};
use crate::identity::{By, Staff};
use crate::web::page::Look;
use crate::web::{Fault, Trace};
use axum::extract::{Extension, Form, Path, State};
use axum::response::Response;
use domain::identity::{ClientCommand, ClientRefusal, ClientScope};
use domain::rights::Permission;
use serde::Deserialize;
use uuid::Uuid;

/// What every action is given.
type Asked = (State<Ctx>, Look, Staff, Extension<Trace>, Path<Uuid>);

/// A new client.
#[derive(Deserialize)]
pub struct Opening {
    #[serde(default)]
    name: String,
    #[serde(default)]
    org_name: String,
}

/// `POST /admin/clients`: opens a client and shows its secret once.
pub async fn open(
    State(ctx): State<Ctx>,
    look: Look,
    staff: Staff,
    Extension(trace): Extension<Trace>,
    Form(wish): Form<Opening>,
) -> Result<Response, Fault> {
    for_the_city(&ctx, &staff, Permission::ManageAccounts)?;
    let city = ctx.city();
    let words = wish.org_name.trim();
    let look = look.at("/admin/clients/new");
    let typed = (wish.name.as_str(), wish.org_name.as_str());
    let found: Vec<_> = city.orgs.iter().filter(|org| org.name == words).collect();
    let [org] = found.as_slice() else {
        let say = "没有找到这个机构，请写全称，例如“天宁区民政局”";
        return new_page(&ctx, &staff, &look, typed, ("org_name", say));
    };
    let by = By::staff(&staff, &trace);
    match clients::open(&ctx, &wish.name, org.id, &[].into(), by).await {
        Ok(new) => secret_page(&staff, &look.at("/admin/clients"), &new),
        Err(ClientError::Refused(refusal)) => {
            new_page(&ctx, &staff, &look, typed, ("name", &refusal.to_string()))
        }
        Err(error) => Err(error.into()),
    }
}

async fn record_of(ctx: &Ctx, id: Uuid) -> Result<ClientRecord, Fault> {
    clients::find(ctx, id).await?.ok_or_else(Fault::not_found)
}

/// Carries out one command and returns to the client, with the sentence when it was refused.
async fn carry_out(
    ctx: &Ctx,
    look: Look,
    staff: &Staff,
    trace: &Trace,
    id: Uuid,
    (command, word): (ClientCommand, &str),
) -> Result<Response, Fault> {
    match clients::act(ctx, id, command, By::staff(staff, trace)).await {
        Ok(_) => Ok(see(&format!("/admin/clients/{id}?done={word}"))),
        Err(ClientError::Refused(refusal)) => {
            let field = match refusal {
                ClientRefusal::Reason => "reason",
                ClientRefusal::Limits => "per_second",
                _ => "",
            };
            let told = Told { wrong: Some((field, refusal.to_string())), done: "" };
            let record = record_of(ctx, id).await?;
            one_page(ctx, staff, &look.at(&format!("/admin/clients/{id}")), &record, &told)
        }
        Err(error) => Err(error.into()),
    }
}

/// Why a client is closed.
#[derive(Deserialize)]
pub struct Closing {
    #[serde(default)]
    reason: String,
}

/// `POST /admin/clients/{id}/close`.
pub async fn close(
    (State(ctx), look, staff, Extension(trace), Path(id)): Asked,
    Form(wish): Form<Closing>,
) -> Result<Response, Fault> {
    for_the_city(&ctx, &staff, Permission::ManageAccounts)?;
    let command = ClientCommand::Close { reason: wish.reason };
    carry_out(&ctx, look, &staff, &trace, id, (command, "closed")).await
}

/// `POST /admin/clients/{id}/reopen`.
pub async fn reopen((State(ctx), look, staff, Extension(trace), Path(id)): Asked) -> Result<Response, Fault> {
    for_the_city(&ctx, &staff, Permission::ManageAccounts)?;
    carry_out(&ctx, look, &staff, &trace, id, (ClientCommand::Reopen, "reopened")).await
}

/// `POST /admin/clients/{id}/secret`: draws a new secret and shows it once.
pub async fn draw_secret(
    (State(ctx), look, staff, Extension(trace), Path(id)): Asked,
) -> Result<Response, Fault> {
    for_the_city(&ctx, &staff, Permission::ManageAccounts)?;
    match clients::draw_secret(&ctx, id, By::staff(&staff, &trace)).await {
        Ok(new) => secret_page(&staff, &look.at("/admin/clients"), &new),
        Err(ClientError::Refused(refusal)) => {
            let told = Told { wrong: Some(("", refusal.to_string())), done: "" };
            let record = record_of(&ctx, id).await?;
            one_page(&ctx, &staff, &look.at(&format!("/admin/clients/{id}")), &record, &told)
        }
        Err(error) => Err(error.into()),
    }
}

/// How much a client may ask.
#[derive(Deserialize)]
pub struct Limiting {
    #[serde(default)]
    per_second: String,
    #[serde(default)]
    per_day: String,
}

/// `POST /admin/clients/{id}/limits`.
pub async fn limit(
    (State(ctx), look, staff, Extension(trace), Path(id)): Asked,
    Form(wish): Form<Limiting>,
) -> Result<Response, Fault> {
    for_the_city(&ctx, &staff, Permission::ManageAccounts)?;
    // What is no number is out of bounds, and told as such.
    let number = |text: &str| text.trim().parse().unwrap_or(0);
    let command =
        ClientCommand::SetLimits { per_second: number(&wish.per_second), per_day: number(&wish.per_day) };
    carry_out(&ctx, look, &staff, &trace, id, (command, "limits")).await
}

/// `POST /admin/clients/{id}/scopes`: all scopes at once, those that are ticked.
pub async fn scope(
    (State(ctx), look, staff, Extension(trace), Path(id)): Asked,
    Form(wish): Form<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    for_the_city(&ctx, &staff, Permission::GrantRoles)?;
    let ticked = wish.iter().filter(|(name, _)| name == "scope");
    let scopes = ticked.filter_map(|(_, word)| ClientScope::of(word)).collect();
    carry_out(&ctx, look, &staff, &trace, id, (ClientCommand::SetScopes(scopes), "scopes")).await
}
