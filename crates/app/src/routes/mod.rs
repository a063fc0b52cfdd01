//! Every route with who may use it: the table that the gate enforces, that menus are drawn from and that
//! `cargo xtask tidy` compares with the code. A route that stands here in no row answers as if it were not there.
//!
//! The gate asks only whether a right is held anywhere; which thing a request reaches is asked by the handler
//! (`identity::guard`), because only it knows the thing.

use Access::{Api, Either, May, Open, SignedInCitizen, SignedInStaff};
use domain::identity::ClientScope::{
    self, ApplicationsWrite, CalendarRead, CasesAccept, CasesDecide, CasesLookup, CasesRead, CasesReview,
    CatalogueRead, FilesWrite, OrgsRead,
};
use domain::rights::{Actor, Permission, Scope, scope};

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

const GET: &str = "GET";
const POST: &str = "POST";
const PUT: &str = "PUT";
const DELETE: &str = "DELETE";

/// Settings of the system.
const CONFIGURE: &[Permission] = &[Permission::ConfigureSystem];
/// Reading what everybody did.
const AUDIT: &[Permission] = &[Permission::ReadAuditLog];
/// What any of the administrators may do.
const ADMINISTRATION: &[Permission] = &[
    Permission::ConfigureSystem,
    Permission::ManageAccounts,
    Permission::GrantRoles,
    Permission::ReadAuditLog,
];

const fn row(method: &'static str, path: &'static str, access: Access) -> Row {
    Row { method, path, access }
}

/// Whoever works on a case behind the window, or watches how it is worked on.
const BACK_OFFICE: &[Permission] =
    &[Permission::ReviewCase, Permission::DecideCase, Permission::SuperviseCase];
/// Who answers for what was issued.
const VOIDING: &[Permission] = &[Permission::DecideCase, Permission::SuperviseCase];
/// Who works at a window; there and as agents applications of others are handed in.
const WINDOW: &[Permission] = &[Permission::ReceiveCase];
const FILING: &[Permission] = &[Permission::ReceiveCase, Permission::Apply];

/// The table; one row a line, in the order of addresses.
#[rustfmt::skip]
pub const ROUTES: &[Row] = &[
    row(GET, "/", Open),
    row(GET, "/admin", May(ADMINISTRATION)),
    row(GET, "/admin/calendar", May(CONFIGURE)),
    row(GET, "/admin/calendar/notice", May(CONFIGURE)),
    row(POST, "/admin/calendar/notice", May(CONFIGURE)),
    row(POST, "/admin/calendar/withdraw", May(CONFIGURE)),
    row(GET, "/admin/clients", May(&[Permission::ManageAccounts, Permission::GrantRoles])),
    row(POST, "/admin/clients", May(&[Permission::ManageAccounts])),
    row(GET, "/admin/clients/new", May(&[Permission::ManageAccounts])),
    row(GET, "/admin/clients/{id}", May(&[Permission::ManageAccounts, Permission::GrantRoles])),
    row(POST, "/admin/clients/{id}/close", May(&[Permission::ManageAccounts])),
    row(POST, "/admin/clients/{id}/limits", May(&[Permission::ManageAccounts])),
    row(POST, "/admin/clients/{id}/reopen", May(&[Permission::ManageAccounts])),
    row(POST, "/admin/clients/{id}/scopes", May(&[Permission::GrantRoles])),
    row(POST, "/admin/clients/{id}/secret", May(&[Permission::ManageAccounts])),
    row(GET, "/admin/jobs", May(CONFIGURE)),
    row(POST, "/admin/jobs/messages/{position}/retry", May(CONFIGURE)),
    row(POST, "/admin/jobs/{id}/retry", May(CONFIGURE)),
    row(GET, "/admin/journal", May(AUDIT)),
    row(GET, "/admin/journal/{position}", May(AUDIT)),
    row(GET, "/admin/orgs", May(CONFIGURE)),
    row(GET, "/admin/orgs/{id}", May(CONFIGURE)),
    row(POST, "/admin/orgs/{id}", May(CONFIGURE)),
    row(GET, "/admin/orgs/{id}/immediate", May(CONFIGURE)),
    row(POST, "/admin/orgs/{id}/immediate", May(CONFIGURE)),
    row(POST, "/admin/orgs/{id}/service", May(CONFIGURE)),
    row(GET, "/admin/people", May(&[Permission::ManageAccounts, Permission::GrantRoles])),
    row(POST, "/admin/people", May(&[Permission::ManageAccounts])),
    row(GET, "/admin/people/new", May(&[Permission::ManageAccounts])),
    row(GET, "/admin/people/{id}", May(&[Permission::ManageAccounts, Permission::GrantRoles])),
    row(POST, "/admin/people/{id}/close", May(&[Permission::ManageAccounts])),
    row(POST, "/admin/people/{id}/password", May(&[Permission::ManageAccounts])),
    row(POST, "/admin/people/{id}/posts", May(&[Permission::GrantRoles])),
    row(POST, "/admin/people/{id}/posts/take", May(&[Permission::GrantRoles])),
    row(POST, "/admin/people/{id}/reopen", May(&[Permission::ManageAccounts])),
    row(POST, "/admin/people/{id}/second", May(&[Permission::GrantRoles])),
    row(POST, "/admin/people/{id}/unlock", May(&[Permission::ManageAccounts])),
    row(GET, "/admin/rights", May(&[Permission::ManageAccounts, Permission::GrantRoles, Permission::ReadAuditLog])),
    row(GET, "/api/docs", Open),
    row(GET, "/api/v1/applications", Api(&[ApplicationsWrite])),
    row(POST, "/api/v1/applications", Api(&[ApplicationsWrite])),
    row(DELETE, "/api/v1/applications/{id}", Api(&[ApplicationsWrite])),
    row(GET, "/api/v1/applications/{id}", Api(&[ApplicationsWrite])),
    row(PUT, "/api/v1/applications/{id}", Api(&[ApplicationsWrite])),
    row(GET, "/api/v1/applications/{id}/check", Api(&[ApplicationsWrite])),
    row(DELETE, "/api/v1/applications/{id}/files/{file}", Api(&[ApplicationsWrite])),
    row(POST, "/api/v1/applications/{id}/materials/{material}", Api(&[ApplicationsWrite])),
    row(POST, "/api/v1/applications/{id}/submit", Api(&[ApplicationsWrite])),
    row(GET, "/api/v1/calendar/deadline", Api(&[CalendarRead])),
    row(GET, "/api/v1/calendar/{year}", Api(&[CalendarRead])),
    row(GET, "/api/v1/cases", Api(&[CasesRead])),
    row(GET, "/api/v1/cases/{id}", Api(&[CasesRead])),
    row(POST, "/api/v1/cases/{id}/actions/{action}", Api(&[CasesAccept, CasesReview, CasesDecide, ApplicationsWrite])),
    row(GET, "/api/v1/cases/{id}/events", Api(&[CasesRead])),
    row(GET, "/api/v1/cases/{id}/files", Api(&[CasesRead])),
    row(GET, "/api/v1/cases/{id}/files/{digest}", Api(&[CasesRead])),
    row(POST, "/api/v1/cases/{id}/materials/{material}", Api(&[CasesAccept, ApplicationsWrite])),
    row(GET, "/api/v1/cases/{id}/papers", Api(&[CasesRead])),
    row(GET, "/api/v1/cases/{id}/papers/{paper}", Api(&[CasesRead])),
    row(GET, "/api/v1/filed-cases", Api(&[ApplicationsWrite])),
    row(POST, "/api/v1/files", Api(&[FilesWrite])),
    row(GET, "/api/v1/halls", Api(&[OrgsRead])),
    row(GET, "/api/v1/items", Open),
    row(GET, "/api/v1/items/{code}", Open),
    row(GET, "/api/v1/items/{code}/form", Api(&[CatalogueRead])),
    row(GET, "/api/v1/items/{code}/versions", Api(&[CatalogueRead])),
    row(GET, "/api/v1/lookup/{number}", Api(&[CasesLookup])),
    // The handler asks for the client's own secret.
    row(POST, "/api/v1/oauth/token", Open),
    row(GET, "/api/v1/openapi.json", Open),
    row(GET, "/api/v1/organisations", Api(&[OrgsRead])),
    row(GET, "/api/v1/organisations/{id}", Api(&[OrgsRead])),
    row(GET, "/api/v1/tasks", Api(&[CasesRead])),
    row(GET, "/api/{*rest}", Open),
    row(GET, "/apply/done/{id}", SignedInCitizen),
    row(GET, "/apply/draft/{id}/files/{file}", SignedInCitizen),
    row(POST, "/apply/draft/{id}/files/{file}/remove", SignedInCitizen),
    row(GET, "/apply/draft/{id}/items", SignedInCitizen),
    row(POST, "/apply/draft/{id}/items", SignedInCitizen),
    row(POST, "/apply/draft/{id}/materials/{code}", SignedInCitizen),
    row(POST, "/apply/draft/{id}/materials/{code}/reuse", SignedInCitizen),
    row(GET, "/apply/draft/{id}/{step}", SignedInCitizen),
    row(POST, "/apply/draft/{id}/{step}", SignedInCitizen),
    row(GET, "/apply/{item}", SignedInCitizen),
    row(POST, "/apply/{item}", SignedInCitizen),
    row(GET, "/cases/{id}/files/{digest}", Either(&[Permission::ViewCase])),
    row(GET, "/cases/{id}/papers/{paper}", Either(&[Permission::ViewCase])),
    row(GET, "/cases/{id}/papers/{paper}/void", May(VOIDING)),
    row(POST, "/cases/{id}/papers/{paper}/void", May(VOIDING)),
    row(GET, "/halls", Open),
    row(GET, "/healthz", Open),
    row(GET, "/items", Open),
    row(GET, "/items/{code}", Open),
    row(GET, "/items/{code}/notice", Open),
    row(GET, "/journal/heads", Open),
    row(GET, "/journal/heads.json", Open),
    row(GET, "/me", SignedInCitizen),
    row(GET, "/me/cases/{id}", SignedInCitizen),
    row(GET, "/me/cases/{id}/correct", SignedInCitizen),
    row(POST, "/me/cases/{id}/correct", SignedInCitizen),
    row(GET, "/me/cases/{id}/files/{file}", SignedInCitizen),
    row(POST, "/me/cases/{id}/files/{file}/remove", SignedInCitizen),
    row(POST, "/me/cases/{id}/materials/{code}", SignedInCitizen),
    row(GET, "/me/cases/{id}/withdraw", SignedInCitizen),
    row(POST, "/me/cases/{id}/withdraw", SignedInCitizen),
    row(GET, "/login", Open),
    row(POST, "/login", Open),
    row(POST, "/logout", Open),
    row(GET, "/me/account", SignedInCitizen),
    row(POST, "/me/account/password", SignedInCitizen),
    row(POST, "/me/act", SignedInCitizen),
    row(GET, "/metrics", Open),
    row(POST, "/mode", Open),
    row(GET, "/readyz", Open),
    row(GET, "/review", May(&[Permission::ReviewCase, Permission::DecideCase])),
    row(POST, "/review/batch", May(&[Permission::DecideCase])),
    row(GET, "/review/{id}", May(BACK_OFFICE)),
    row(GET, "/review/{id}/here", May(BACK_OFFICE)),
    row(POST, "/review/{id}/reveal", May(&[Permission::RevealPersonalData])),
    row(POST, "/review/{id}/{deed}", May(BACK_OFFICE)),
    row(GET, "/register", Open),
    row(POST, "/register", Open),
    row(GET, "/register/firm", SignedInCitizen),
    row(POST, "/register/firm", SignedInCitizen),
    row(GET, "/staff", SignedInStaff),
    row(GET, "/staff/login", Open),
    row(POST, "/staff/login", Open),
    row(POST, "/staff/logout", Open),
    row(GET, "/staff/password", Open),
    row(POST, "/staff/password", Open),
    row(GET, "/staff/totp", Open),
    row(POST, "/staff/totp", Open),
    row(GET, "/static/{*name}", Open),
    row(GET, "/supervision", May(&[Permission::SuperviseCase])),
    row(GET, "/supervision/cases", May(&[Permission::SuperviseCase])),
    row(GET, "/supervision/trust", May(&[Permission::SuperviseCase])),
    row(POST, "/supervision/trust", May(&[Permission::SuperviseCase])),
    row(POST, "/supervision/trust/{case}/repair", May(&[Permission::SuperviseCase])),
    row(GET, "/track", Open),
    row(POST, "/track", Open),
    row(GET, "/verify", Open),
    row(GET, "/verify/{code}", Open),
    row(POST, "/verify/{code}", Open),
    // The clerk at the counter; their tabs are their own, a case must lie within their reach.
    row(GET, "/window", May(FILING)),
    row(GET, "/window/cases/{id}", May(FILING)),
    row(POST, "/window/cases/{id}", May(FILING)),
    row(GET, "/window/cases/{id}/do/{deed}", May(FILING)),
    row(POST, "/window/cases/{id}/do/{deed}", May(FILING)),
    row(GET, "/window/cases/{id}/here", May(FILING)),
    row(GET, "/window/find", May(FILING)),
    row(GET, "/window/handout", May(WINDOW)),
    row(POST, "/window/handout", May(WINDOW)),
    row(GET, "/window/handout/{id}", May(WINDOW)),
    row(POST, "/window/handout/{id}", May(WINDOW)),
    row(GET, "/window/items", May(FILING)),
    row(GET, "/window/new", May(FILING)),
    row(POST, "/window/new", May(FILING)),
    row(GET, "/window/tabs/{id}", May(FILING)),
    row(POST, "/window/tabs/{id}", May(FILING)),
    row(GET, "/window/tabs/{id}/do/{deed}", May(FILING)),
    row(POST, "/window/tabs/{id}/do/{deed}", May(FILING)),
    row(GET, "/window/tabs/{id}/done", May(FILING)),
    row(GET, "/window/tabs/{id}/files/{file}", May(FILING)),
    row(GET, "/window/tabs/{id}/state", May(FILING)),
    row(POST, "/window/tabs/{id}/upload/{code}", May(FILING)),
];

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
    let method = if method == "HEAD" { GET } else { method };
    ROUTES.iter().find(|row| row.path == path && row.method == method).map(|row| row.access)
}

#[cfg(test)]
#[path = "routes_tests.rs"]
mod tests;
