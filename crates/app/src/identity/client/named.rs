//! A client opened from the command line, in words: for installations whose administrators work there, and for checks.

use super::{NewSecret, act, open};
use crate::Ctx;
use crate::identity::By;
use crate::web::Fault;
use domain::identity::{ClientCommand, ClientScope, ClientScopes};

/// Opens a client for the organisation of this full name, with scopes separated by blanks and its limits.
///
/// # Errors
/// A [`Fault`] with a sentence that says which word is not known.
pub async fn open_named(
    ctx: &Ctx,
    name: &str,
    org: &str,
    scopes: &str,
    limits: (u32, u32),
) -> Result<NewSecret, Fault> {
    let known = |word: &str| {
        let all: Vec<&str> = ClientScope::ALL.iter().map(|scope| scope.as_str()).collect();
        let none = || Fault::bad_request("scope", format!("没有授权范围“{word}”，可以写：{}", all.join(" ")));
        ClientScope::of(word).ok_or_else(none)
    };
    let scopes: ClientScopes = scopes.split_whitespace().map(known).collect::<Result<_, _>>()?;
    let city = ctx.city();
    let found = city.orgs.iter().find(|one| one.name == org).map(|one| one.id);
    let org = found.ok_or_else(|| {
        let example = city.orgs.first().map_or("", |one| one.name.as_str());
        Fault::bad_request("org", format!("没有机构“{org}”，请写全称，例如“{example}”"))
    })?;
    let by = || By::system("command line");
    let mut new = open(ctx, name, org, &scopes, by()).await?;
    let command = ClientCommand::SetLimits { per_second: limits.0, per_day: limits.1 };
    new.record = act(ctx, new.record.id, command, by()).await?;
    Ok(new)
}
