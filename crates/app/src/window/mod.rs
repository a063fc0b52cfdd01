//! The window 窗口: the workstation of the clerk at the counter.
//!
//! A clerk has up to three tabs open; in a tab a person is found or registered, an item chosen, the form filled in, the
//! material ticked and scanned. Whatever is typed is kept on the server as it is typed. One press then makes a case of it:
//! accepted, told what is missing, deferred, promised, finished at once, or turned away, as the table of allowed actions says.

mod ask;
mod bar;
mod case;
mod deed;
mod delivery;
mod desk;
mod doing;
mod done;
mod enact;
mod find;
mod frame;
mod handout;
mod home;
mod items;
mod materials;
mod orders;
mod posted;
mod reasons;
mod scans;
mod sheet;
pub mod sql;
mod step;
mod supplement;
mod tab;
mod tabs;
#[cfg(test)]
mod tests;
mod waiting;
mod who;

pub use tab::TYPED_FIELD;

use crate::Ctx;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

/// The routes of this capability.
pub fn routes() -> Router<Ctx> {
    let with_files = Router::new()
        .route("/window/tabs/{id}", get(tabs::show).post(tabs::act))
        .route("/window/tabs/{id}/upload/{code}", post(scans::upload))
        .route("/window/tabs/{id}/do/{deed}", get(doing::tab_page).post(doing::tab_do))
        .route("/window/cases/{id}", get(case::show).post(bar::act))
        .route("/window/cases/{id}/do/{deed}", get(doing::case_page).post(doing::case_do))
        .route("/window/handout/{id}", get(handout::one).post(handout::hand_over))
        .layer(DefaultBodyLimit::max(crate::web::HARD_BODY_LIMIT));
    Router::new()
        .route("/window", get(home::show))
        .route("/window/new", get(tabs::new).post(tabs::open))
        .route("/window/find", get(home::find))
        .route("/window/items", get(find::items))
        .route("/window/tabs/{id}/state", get(tabs::state))
        .route("/window/tabs/{id}/done", get(done::show))
        .route("/window/tabs/{id}/files/{file}", get(scans::file))
        .route("/window/cases/{id}/here", get(case::present))
        .route("/window/handout", get(handout::show).post(handout::find))
        .merge(with_files)
}
