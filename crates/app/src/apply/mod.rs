//! 我要办 and 我的办件: how a citizen applies, follows a case, supplements what is missing and looks a case up.

mod bundle;
mod case;
mod check;
mod correct;
mod drawn;
mod files;
mod materials;
mod mine;
mod start;
mod steps;
#[cfg(test)]
mod tests;
mod track;
mod uploading;

use crate::Ctx;
use crate::cases::LARGEST;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

/// A file with the form around it.
const UPLOAD_LIMIT: usize = LARGEST + 1024 * 1024;

/// The routes of this capability.
pub fn routes() -> Router<Ctx> {
    let uploads = Router::new()
        .route("/apply/draft/{id}/materials/{code}", post(materials::upload))
        .route("/me/cases/{id}/materials/{code}", post(correct::upload))
        .layer(DefaultBodyLimit::max(UPLOAD_LIMIT));
    Router::new()
        .route("/apply/{item}", get(start::page).post(start::begin))
        .route("/apply/draft/{id}/items", get(bundle::page).post(bundle::change))
        .route("/apply/draft/{id}/{step}", get(steps::page).post(steps::save))
        .route("/apply/draft/{id}/materials/{code}/reuse", post(materials::reuse))
        .route("/apply/draft/{id}/files/{file}", get(materials::look))
        .route("/apply/draft/{id}/files/{file}/remove", post(materials::remove))
        .route("/apply/done/{id}", get(check::done))
        .route("/me", get(mine::page))
        .route("/me/cases/{id}", get(case::page))
        .route("/me/cases/{id}/withdraw", get(case::ask_withdraw).post(case::withdraw))
        .route("/me/cases/{id}/correct", get(correct::page).post(correct::send))
        .route("/me/cases/{id}/files/{file}", get(correct::look))
        .route("/me/cases/{id}/files/{file}/remove", post(correct::remove))
        .route("/track", get(track::page).post(track::find))
        .route("/cases/{id}/files/{digest}", get(files::read))
        .merge(uploads)
}
