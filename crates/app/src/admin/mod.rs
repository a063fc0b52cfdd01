//! The administration 系统管理: organisations, working days, background jobs, the journal, staff accounts, clients of the API
//! and the tables of rights. Each page asks for its own right; the three administrators 三员 see different parts.

mod calendar;
mod clients;
mod desk;
mod home;
mod jobs;
mod journal;
mod orgs;
mod people;
mod rights;
#[cfg(test)]
mod tests;

pub use jobs::Rerun;

use crate::Ctx;
use axum::Router;
use axum::routing::get;

/// The routes of this capability.
pub fn routes() -> Router<Ctx> {
    Router::new()
        .route("/admin", get(home::home))
        .merge(orgs::routes())
        .merge(calendar::routes())
        .merge(jobs::routes())
        .merge(journal::routes())
        .merge(people::routes())
        .merge(clients::routes())
        .merge(rights::routes())
}
