//! Who may use a route: asked of the table of all of them, by the gate before each request and where menus are drawn.
//!
//! The gate asks only whether a right is held anywhere; which thing a request reaches is asked by the handler
//! (`identity::guard`), because only it knows the thing.

mod table;
#[cfg(test)]
mod tests;

use Access::{Api, Either, May, Open, SignedInCitizen, SignedInStaff};
use domain::identity::ClientScope;
use domain::rights::{Actor, Permission, Scope, scope};

pub use table::ROUTES;

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everybody.
    Open,
    /// A citizen or a firm that is signed in.
    SignedInCitizen,
    /// Any member of staff that is signed in.
    SignedInStaff,
    /// Members of staff who hold one of these anywhere.
    May(&'static [Permission]),
    /// Citizens, and members of staff who hold one of these anywhere.
    Either(&'static [Permission]),
    /// Clients whose token has one of these scopes.
    Api(&'static [ClientScope]),
}

/// One route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// GET or POST, for programs also PUT and DELETE.
    pub method: &'static str,
    /// The pattern, as the router has it.
    pub path: &'static str,
    /// Who may use it.
    pub access: Access,
}

/// Whether the holder of these rights may use a route; `false` for a route that stands in no row.
#[must_use]
pub fn admits(method: &str, path: &str, actor: &Actor) -> bool {
    let holds = |wanted: &[Permission]| wanted.iter().any(|one| scope(actor, *one) != Scope::None);
    let is_staff = || actor.grants.iter().any(|grant| grant.at.is_some());
    match of(method, path) {
        // A client has no menu; its token is asked for by the gate.
        None | Some(Api(_)) => false,
        Some(Open) => true,
        Some(SignedInCitizen) => actor.has(domain::rights::Role::Citizen),
        Some(SignedInStaff) => is_staff(),
        Some(May(wanted)) => is_staff() && holds(wanted),
        Some(Either(wanted)) => actor.has(domain::rights::Role::Citizen) || is_staff() && holds(wanted),
    }
}

/// Who may use a route, if it stands in the table.
pub(crate) fn of(method: &str, path: &str) -> Option<Access> {
    let method = if method == "HEAD" { "GET" } else { method };
    ROUTES.iter().find(|row| row.path == path && row.method == method).map(|row| row.access)
}
