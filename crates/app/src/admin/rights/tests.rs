//! The page of rights, seen by those who may read it.

use crate::testing::world;
use axum::http::StatusCode;
use domain::rights::{MATRIX, Role};

#[tokio::test]
async fn an_auditor_reads_every_row_of_the_table_with_its_reason() {
    let world = world().await;
    let hall = world.city().halls().next().unwrap().id;
    let (_, auditor) = world.staff(Role::AuditAdministrator, hall).await;
    let (status, _, page) = world.get_as(&auditor, "/admin/rights").await;
    assert_eq!(status, StatusCode::OK);
    for rule in MATRIX {
        assert!(page.contains(rule.permission.label()) && page.contains(rule.reason), "{rule:?}");
    }
    for route in crate::routes::ROUTES {
        assert!(page.contains(route.path), "{}", route.path);
    }
    let (_, clerk) = world.staff(Role::WindowClerk, hall).await;
    assert_eq!(world.get_as(&clerk, "/admin/rights").await.0, StatusCode::NOT_FOUND);
}
