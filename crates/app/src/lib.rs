//! The product: one folder per capability, the web layers in front of them, and the context they share.

pub mod admin;
pub mod api;
pub mod apply;
pub mod cases;
pub mod catalogue;
pub mod city;
mod ctx;
pub mod identity;
pub mod intake;
pub mod org;
pub mod papers;
pub mod portal;
pub mod proof;
pub mod publishing;
pub mod resealing;
pub mod review;
pub mod routes;
mod run;
pub mod sealing;
pub mod supervision;
#[cfg(any(test, feature = "testing"))]
#[allow(clippy::expect_used, clippy::unwrap_used, reason = "a test stops where its world cannot be made")]
pub mod testing;
mod typeset;
pub mod web;
pub mod window;
pub mod worker;

pub use ctx::{Clock, Ctx, Entropy, Live, Parts, Site};
pub use typeset::{Typeset, TypesetError};

use axum::Router;
use store::Migration;

/// Every change of the schema, in order.
pub const MIGRATIONS: &[Migration] = &[
    store::BASE_MIGRATION,
    Migration { no: 2, name: "create_cases", sql: include_str!("../../../migrations/0002_create_cases.sql") },
    Migration {
        no: 3,
        name: "create_identity",
        sql: include_str!("../../../migrations/0003_create_identity.sql"),
    },
    store::JOURNAL_MIGRATION,
    Migration {
        no: 5,
        name: "create_city_changes",
        sql: include_str!("../../../migrations/0005_create_city_changes.sql"),
    },
    Migration {
        no: 6,
        name: "create_case_work",
        sql: include_str!("../../../migrations/0006_create_case_work.sql"),
    },
    Migration {
        no: 7,
        name: "create_drafts",
        sql: include_str!("../../../migrations/0007_create_drafts.sql"),
    },
    Migration {
        no: 8,
        name: "create_papers",
        sql: include_str!("../../../migrations/0008_create_papers.sql"),
    },
    Migration {
        no: 9,
        name: "create_window_tabs",
        sql: include_str!("../../../migrations/0009_create_window_tabs.sql"),
    },
    Migration {
        no: 10,
        name: "create_rerun",
        sql: include_str!("../../../migrations/0010_create_rerun.sql"),
    },
    Migration {
        no: 11,
        name: "find_people_by_relation",
        sql: include_str!("../../../migrations/0011_find_people_by_relation.sql"),
    },
    Migration {
        no: 12,
        name: "note_receivers",
        sql: include_str!("../../../migrations/0012_note_receivers.sql"),
    },
    Migration {
        no: 13,
        name: "create_api_clients",
        sql: include_str!("../../../migrations/0013_create_api_clients.sql"),
    },
    Migration {
        no: 14,
        name: "record_trust",
        sql: include_str!("../../../migrations/0014_record_trust.sql"),
    },
    store::HEADS_MIGRATION,
    Migration {
        no: 16,
        name: "note_requests_once",
        sql: include_str!("../../../migrations/0016_note_requests_once.sql"),
    },
    Migration {
        no: 17,
        name: "bind_attachments",
        sql: include_str!("../../../migrations/0017_bind_attachments.sql"),
    },
];

/// The whole web application: every route behind every layer.
pub fn router(ctx: Ctx) -> Router {
    let capabilities = [
        web::routes(),
        identity::routes(),
        portal::routes(),
        apply::routes(),
        review::routes(),
        supervision::routes(),
        papers::routes(),
        window::routes(),
        admin::routes(),
        api::routes(),
        publishing::routes(),
    ];
    let all = capabilities.into_iter().fold(Router::new(), Router::merge);
    web::dress(web::guarded(all, &ctx), ctx)
}

/// What only the operator's own address answers: figures and health, with nothing of the pages.
pub fn operator_router(ctx: Ctx) -> Router {
    web::operator_routes().with_state(ctx)
}
