//! Papers 文书: issued after what happened to a case, set as PDF, handed to whoever may see the case, and verified by
//! anybody who holds one.
//!
//! The worker puts each change of a case into the [`QUEUE`] ([`order`]) and has it [`run`]: [`issue`] what is called for,
//! [`make`] what is issued. Both do nothing where everything is there already, so that a message delivered twice does no
//! harm.

mod code;
mod content;
mod issue;
mod occasion;
mod organ;
mod pages;
mod queue;
mod record;
pub mod sql;
#[cfg(test)]
mod tests;
mod voiding;

use ::papers::Kind;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;
use domain::kernel::CaseId;
use jiff::civil::Date;
use store::{Tx, Work};
use uuid::Uuid;

pub use issue::{issue, make, next_number, void};
pub use pages::pdf;
pub use queue::{QUEUE, order, run};
pub use record::PaperRecord;
pub use voiding::may_void;

use crate::Ctx;

/// The routes of this capability.
pub fn routes() -> Router<Ctx> {
    Router::new()
        .route("/cases/{id}/papers/{paper}", get(pages::download))
        .route("/cases/{id}/papers/{paper}/void", get(voiding::ask).post(voiding::declare))
        .route("/verify", get(pages::ask))
        .route(
            "/verify/{code}",
            get(pages::verify).post(pages::compare).layer(DefaultBodyLimit::max(pages::LARGEST)),
        )
}

/// A paper as pages list it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperView {
    /// Its id.
    pub id: Uuid,
    /// Which paper.
    pub kind: Kind,
    /// 受理通知书.
    pub title: String,
    /// Its document number 文号.
    pub number: String,
    /// The day on it.
    pub on: Date,
    /// The PDF is there; otherwise it is being made, which takes seconds.
    pub ready: bool,
    /// Why it no longer holds; `None` while it does.
    pub voided: Option<String>,
    /// Where the PDF is.
    pub href: String,
}

struct OfCase(CaseId);

impl Work for OfCase {
    type Out = Vec<PaperRecord>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Self::Out> {
        tx.all(sql::PAPERS_OF_CASE, &[self.0.uuid().into()]).await
    }
}

/// The papers of a case in the order in which they were issued; whether they may be seen is the caller's to ask.
///
/// # Errors
/// When the data cannot be read.
pub async fn of_case(ctx: &Ctx, case: CaseId) -> store::Result<Vec<PaperView>> {
    let records = ctx.db.read(OfCase(case)).await?;
    let view = |record: PaperRecord| {
        let issued = record.issued()?.clone();
        Ok(PaperView {
            id: record.id,
            kind: issued.kind,
            title: issued.title,
            number: issued.number,
            on: issued.on,
            ready: record.state.file.is_some(),
            voided: record.state.voided,
            href: format!("/cases/{case}/papers/{}", record.id),
        })
    };
    records.into_iter().map(view).collect()
}
