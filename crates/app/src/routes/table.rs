//! The table of routes: every one with who may use it. `cargo xtask tidy` compares it with the code; a route that stands
//! here in no row answers as if it were not there.

use super::Access::{self, Api, Either, May, Open, SignedInCitizen, SignedInStaff};
use super::Row;
use domain::identity::ClientScope::{
    ApplicationsWrite, CalendarRead, CasesAccept, CasesDecide, CasesLookup, CasesRead, CasesReview,
    CatalogueRead, FilesWrite, OrgsRead,
};
use domain::rights::Permission;

const GET: &str = "GET";
const POST: &str = "POST";
const PUT: &str = "PUT";
const DELETE: &str = "DELETE";

/// Opening and closing accounts and clients.
const ACCOUNTS: &[Permission] = &[Permission::ManageAccounts];
/// Giving and taking rights.
const GRANTS: &[Permission] = &[Permission::GrantRoles];
/// Looking at who has an account and what it may do.
const WHO_MAY: &[Permission] = &[Permission::ManageAccounts, Permission::GrantRoles];
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

/// Whoever works on a case behind the window, or watches how it is worked on.
const BACK_OFFICE: &[Permission] =
    &[Permission::ReviewCase, Permission::DecideCase, Permission::SuperviseCase];
/// Who watches how cases are worked on.
const WATCHING: &[Permission] = &[Permission::SuperviseCase];
/// Who answers for what was issued.
const VOIDING: &[Permission] = &[Permission::DecideCase, Permission::SuperviseCase];
/// Who works at a window; there and as agents applications of others are handed in.
const WINDOW: &[Permission] = &[Permission::ReceiveCase];
const FILING: &[Permission] = &[Permission::ReceiveCase, Permission::Apply];

const fn row(method: &'static str, path: &'static str, access: Access) -> Row {
    Row { method, path, access }
}

/// The table; one row a line, in the order of addresses.
#[rustfmt::skip]
pub const ROUTES: &[Row] = &[
    row(GET, "/", Open),
    row(GET, "/admin", May(ADMINISTRATION)),
    row(GET, "/admin/calendar", May(CONFIGURE)),
    row(GET, "/admin/calendar/notice", May(CONFIGURE)),
    row(POST, "/admin/calendar/notice", May(CONFIGURE)),
    row(POST, "/admin/calendar/withdraw", May(CONFIGURE)),
    row(GET, "/admin/clients", May(WHO_MAY)),
    row(POST, "/admin/clients", May(ACCOUNTS)),
    row(GET, "/admin/clients/new", May(ACCOUNTS)),
    row(GET, "/admin/clients/{id}", May(WHO_MAY)),
    row(POST, "/admin/clients/{id}/close", May(ACCOUNTS)),
    row(POST, "/admin/clients/{id}/limits", May(ACCOUNTS)),
    row(POST, "/admin/clients/{id}/reopen", May(ACCOUNTS)),
    row(POST, "/admin/clients/{id}/scopes", May(GRANTS)),
    row(POST, "/admin/clients/{id}/secret", May(ACCOUNTS)),
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
    row(GET, "/admin/people", May(WHO_MAY)),
    row(POST, "/admin/people", May(ACCOUNTS)),
    row(GET, "/admin/people/new", May(ACCOUNTS)),
    row(GET, "/admin/people/{id}", May(WHO_MAY)),
    row(POST, "/admin/people/{id}/close", May(ACCOUNTS)),
    row(POST, "/admin/people/{id}/password", May(ACCOUNTS)),
    row(POST, "/admin/people/{id}/posts", May(GRANTS)),
    row(POST, "/admin/people/{id}/posts/take", May(GRANTS)),
    row(POST, "/admin/people/{id}/reopen", May(ACCOUNTS)),
    row(POST, "/admin/people/{id}/second", May(GRANTS)),
    row(POST, "/admin/people/{id}/unlock", May(ACCOUNTS)),
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
    row(GET, "/login", Open),
    row(POST, "/login", Open),
    row(POST, "/logout", Open),
    row(GET, "/me", SignedInCitizen),
    row(GET, "/me/cases/{id}", SignedInCitizen),
    row(GET, "/me/cases/{id}/correct", SignedInCitizen),
    row(POST, "/me/cases/{id}/correct", SignedInCitizen),
    row(GET, "/me/cases/{id}/files/{file}", SignedInCitizen),
    row(POST, "/me/cases/{id}/files/{file}/remove", SignedInCitizen),
    row(POST, "/me/cases/{id}/materials/{code}", SignedInCitizen),
    row(GET, "/me/cases/{id}/withdraw", SignedInCitizen),
    row(POST, "/me/cases/{id}/withdraw", SignedInCitizen),
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
    row(GET, "/supervision", May(WATCHING)),
    row(GET, "/supervision/cases", May(WATCHING)),
    row(GET, "/supervision/trust", May(WATCHING)),
    row(POST, "/supervision/trust", May(WATCHING)),
    row(POST, "/supervision/trust/{case}/repair", May(WATCHING)),
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
