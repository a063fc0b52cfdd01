//! The gate before every route: who asks is compared with the table of routes (`crate::routes`).

use super::Fault;
use crate::Ctx;
use crate::identity::clients::{Allowance, admit};
use crate::identity::{Citizen, Staff, keep_typed};
use crate::routes::{Access, ROUTES, of};
use axum::Router;
use axum::extract::{FromRequestParts, MatchedPath, OptionalFromRequestParts, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use domain::rights::Permission;

/// Puts the gate before every route, and before the gate what keeps the form of somebody whose session has ended.
pub fn guarded(routes: Router<Ctx>, ctx: &Ctx) -> Router<Ctx> {
    routes
        .route_layer(from_fn_with_state(ctx.clone(), gate))
        .route_layer(from_fn_with_state(ctx.clone(), keep_typed))
}

async fn gate(State(ctx): State<Ctx>, request: Request, next: Next) -> Response {
    let Some(path) = request.extensions().get::<MatchedPath>().cloned() else {
        return Fault::not_found().into_response();
    };
    let Some(access) = of(request.method().as_str(), path.as_str()) else {
        // Another method of a known path: the route itself says which ones it takes.
        if ROUTES.iter().any(|row| row.path == path.as_str()) {
            return next.run(request).await;
        }
        tracing::error!(route = path.as_str(), "a route without a row in the table of routes");
        return Fault::not_found().into_response();
    };
    let (mut parts, body) = request.into_parts();
    let allowance = match judge(access, &mut parts, &ctx).await {
        Ok(allowance) => allowance,
        Err(refused) => return refused,
    };
    let mut response = next.run(Request::from_parts(parts, body)).await;
    if let Some(allowance) = allowance {
        allowance.tell(response.headers_mut());
    }
    response
}

/// Looks up who asks, where the route is not open to all, and compares; a client is told what it has left.
async fn judge(
    access: Access,
    parts: &mut axum::http::request::Parts,
    ctx: &Ctx,
) -> Result<Option<Allowance>, Response> {
    match access {
        Access::Open => {}
        Access::Api(scopes) => return admit(scopes, parts, ctx).await.map(Some),
        Access::SignedInCitizen => {
            drop(<Citizen as FromRequestParts<Ctx>>::from_request_parts(parts, ctx).await?);
        }
        Access::SignedInStaff => {
            drop(<Staff as FromRequestParts<Ctx>>::from_request_parts(parts, ctx).await?);
        }
        Access::May(wanted) => {
            let staff = <Staff as FromRequestParts<Ctx>>::from_request_parts(parts, ctx).await?;
            if !holds_one(&staff, wanted) {
                return Err(Fault::not_found().into_response());
            }
        }
        Access::Either(wanted) => {
            let staff = <Staff as OptionalFromRequestParts<Ctx>>::from_request_parts(parts, ctx).await?;
            let citizen = <Citizen as OptionalFromRequestParts<Ctx>>::from_request_parts(parts, ctx).await?;
            match staff {
                Some(staff) if holds_one(&staff, wanted) => {}
                _ if citizen.is_some() => {}
                Some(_) => return Err(Fault::not_found().into_response()),
                None => {
                    drop(<Citizen as FromRequestParts<Ctx>>::from_request_parts(parts, ctx).await?);
                }
            }
        }
    }
    Ok(None)
}

fn holds_one(staff: &Staff, wanted: &[Permission]) -> bool {
    wanted.iter().any(|one| staff.may_somewhere(*one))
}
