//! Each route is walked as each role and as a client.

use super::*;
use crate::testing::{World, world};
use crate::web::guarded;
use axum::Router;
use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, HOST};
use axum::http::{HeaderMap, HeaderName, Request, StatusCode};
use domain::rights::{MATRIX, Role};

/// Whether the table of rights lets a role use a route; asked of its rows, not of the code that the gate runs.
fn expected(access: Access, role: Role) -> bool {
    let is_staff = role.is_post();
    let holds = |wanted: &[Permission]| {
        MATRIX.iter().any(|rule| rule.role == role && wanted.contains(&rule.permission))
    };
    match access {
        Access::Open => true,
        SignedInCitizen => role == Role::Citizen,
        Access::SignedInStaff => is_staff,
        Access::May(wanted) => is_staff && holds(wanted),
        Access::Either(wanted) => role == Role::Citizen || is_staff && holds(wanted),
        Api(_) => role == Role::DepartmentSystem,
    }
}

/// An address of the pattern; what it names does not exist.
fn address(path: &str) -> String {
    let part = |part: &str| match part.starts_with('{') {
        true => "00000000-0000-0000-0000-000000000000".to_owned(),
        false => part.to_owned(),
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// What somebody of this role sends along: a cookie, or a client its token with every scope.
async fn shows(world: &World, role: Role) -> (HeaderName, String) {
    match role {
        Role::Anonymous => (COOKIE, String::new()),
        Role::Citizen => (COOKIE, world.citizen(1).await.1),
        Role::DepartmentSystem => {
            let hall = world.city().halls().next().unwrap().id;
            (AUTHORIZATION, format!("Bearer {}", world.client(hall, ClientScope::ALL).await.1))
        }
        _ => {
            let hall = world.city().halls().next().unwrap().id;
            (COOKIE, world.staff(role, hall).await.1)
        }
    }
}

/// The request of a row, as somebody who shows this.
async fn walked(world: &World, row: &Row, shown: &(HeaderName, String)) -> (StatusCode, HeaderMap) {
    let request = Request::builder().method(row.method).uri(address(row.path)).header(HOST, "localhost");
    let request = request.header(&shown.0, &shown.1);
    let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    let (status, headers, _) = world.ask(request.body(Body::empty()).unwrap()).await;
    (status, headers)
}

fn leads_to_sign_in(status: StatusCode, headers: &HeaderMap) -> bool {
    let to = headers.get("location").map_or("", |to| to.to_str().unwrap());
    let page = to.split('?').next().unwrap_or_default();
    status == StatusCode::UNAUTHORIZED || matches!(page, "/login" | "/staff/login") && status.is_redirection()
}

#[tokio::test]
async fn every_route_lets_in_the_roles_of_the_table_and_nobody_else() {
    let world = world().await;
    // These end the session or put another in its place; the other routes are walked before.
    let ends = |row: &&Row| row.path == "/me/act" || row.path.ends_with("/logout");
    let (mut last, first): (Vec<&Row>, Vec<&Row>) = ROUTES.iter().partition(ends);
    last.sort_by_key(|row| row.path.ends_with("/logout"));
    let rows = [first, last].concat();
    for role in Role::ALL {
        let shown = shows(&world, *role).await;
        for row in &rows {
            let (status, headers) = walked(&world, row, &shown).await;
            let told = format!("{role:?} {} {}: {status}", row.method, row.path);
            assert!(!status.is_server_error(), "{told}");
            if expected(row.access, *role) {
                let steps = ["/metrics", "/staff/password", "/staff/totp", "/staff/logout", "/logout"];
                let asked = leads_to_sign_in(status, &headers) && !steps.contains(&row.path);
                assert!(!asked, "{told} although allowed");
                let named = row.path.contains('{') || row.path == "/metrics";
                assert!(status != StatusCode::NOT_FOUND || named, "{told} although allowed");
            } else {
                let refused = status == StatusCode::NOT_FOUND || leads_to_sign_in(status, &headers);
                assert!(refused, "{told} although not allowed");
            }
        }
    }
}

#[tokio::test]
async fn a_client_reaches_the_routes_of_its_scope_and_is_told_which_scope_the_others_ask_for() {
    let world = world().await;
    let hall = world.city().halls().next().unwrap().id;
    for own in ClientScope::ALL {
        let shown = (AUTHORIZATION, format!("Bearer {}", world.client(hall, &[*own]).await.1));
        let wanted = |row: &Row| if let Api(scopes) = row.access { Some(scopes) } else { None };
        for row in ROUTES {
            let Some(scopes) = wanted(row) else { continue };
            let (status, headers) = walked(&world, row, &shown).await;
            let told = format!("{own:?} {} {}: {status}", row.method, row.path);
            assert_eq!(status == StatusCode::FORBIDDEN, !scopes.contains(own), "{told}");
            assert!(headers.contains_key("ratelimit"), "{told}");
            if !scopes.contains(own) {
                let challenge = headers["www-authenticate"].to_str().unwrap();
                assert!(challenge.contains(scopes[0].as_str()), "{told} {challenge}");
            }
            let none = walked(&world, row, &(AUTHORIZATION, "Bearer jbt_wrong".to_owned())).await.0;
            assert_eq!(none, StatusCode::UNAUTHORIZED, "{told}");
        }
    }
}

#[tokio::test]
async fn a_route_without_a_row_is_not_there() {
    let world = world().await;
    let routes = Router::new().route("/forgotten", axum::routing::get(|| async { "here" }));
    let app = crate::web::dress(guarded(routes, &world), world.ctx.clone());
    let request = Request::get("/forgotten").body(Body::empty()).unwrap();
    assert_eq!(crate::testing::ask(app, request).await.0, StatusCode::NOT_FOUND);
}

#[test]
fn no_route_stands_twice_and_the_menu_shows_only_what_may_be_opened() {
    for (n, row) in ROUTES.iter().enumerate() {
        let twice = ROUTES[..n].iter().any(|other| other.path == row.path && other.method == row.method);
        assert!(!twice, "{} {}", row.method, row.path);
    }
    assert!(admits("HEAD", "/items", &Actor::anonymous()));
    assert!(!admits("GET", "/staff", &Actor::anonymous()));
    assert!(!admits("GET", "/nowhere", &Actor::anonymous()));
}
