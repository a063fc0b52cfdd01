//! Accounts opened from the command line: the first administrators of an installation, before anybody can sign in.

use super::By;
use super::account::{NewStaff, create_staff};
use crate::Ctx;
use crate::web::Fault;
use domain::rights::Role;

/// Opens an account with one post, both named in words: the role as on the page of rights (系统管理员) or as in code
/// (`SystemAdministrator`), the organisation by its full name.
///
/// # Errors
/// A [`Fault`] with a sentence that says which word is not known, or why the account cannot be opened.
pub async fn create_named(
    ctx: &Ctx,
    login: &str,
    name: &str,
    role: &str,
    org: &str,
) -> Result<NewStaff, Fault> {
    let staff = |role: &&Role| role.is_post();
    let named = |one: &&Role| one.label() == role || format!("{one:?}").eq_ignore_ascii_case(role);
    let Some(role) = Role::ALL.iter().filter(staff).find(named) else {
        let all: Vec<&str> = Role::ALL.iter().filter(staff).map(|role| role.label()).collect();
        return Err(Fault::bad_request("role", format!("没有岗位“{role}”，可以写：{}", all.join("、"))));
    };
    let city = ctx.city();
    let found = city.orgs.iter().find(|one| one.name == org).map(|one| one.id);
    let org = found.ok_or_else(|| {
        let example = city.orgs.first().map_or("", |one| one.name.as_str());
        Fault::bad_request("org", format!("没有机构“{org}”，请写全称，例如“{example}”"))
    })?;
    create_staff(ctx, login, name, &[(*role, org)], By::system("command line")).await
}
