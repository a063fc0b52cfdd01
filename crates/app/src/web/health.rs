//! `/healthz` (this process lives) and `/readyz` (this node can take work), for load balancers and operators. The answers
//! name reasons and nothing else: what really happened is in the log.

use crate::{Ctx, MIGRATIONS};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// A check that takes longer has failed.
const PATIENCE: Duration = Duration::from_secs(3);
/// Within this time the last look is told again: many balancers asking at once cost one write.
const KEPT: Duration = Duration::from_secs(1);
/// The field under which the keys are tried.
const FIELD: &str = "meta.probe";

/// The last look, and when it was taken.
pub(super) type Last = Mutex<Option<(Instant, Vec<&'static str>)>>;

/// Answers 200 while the process lives, whatever the database does: who restarts on this would make an outage longer.
pub(super) async fn healthz() -> Json<Value> {
    Json(json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }))
}

/// Answers 200 when this node can take work, otherwise 503 with the names of the reasons.
pub async fn readyz(State(ctx): State<Ctx>) -> Response {
    let reasons = if ctx.ops.is_stopping() { vec!["stopping"] } else { looked(&ctx).await };
    if reasons.is_empty() {
        return Json(json!({ "status": "ready", "version": env!("CARGO_PKG_VERSION") })).into_response();
    }
    let body = Json(json!({ "status": "not_ready", "reasons": reasons }));
    (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, "5")], body).into_response()
}

async fn looked(ctx: &Ctx) -> Vec<&'static str> {
    let mut last = ctx.ops.readiness.lock().await;
    if let Some((at, reasons)) = last.as_ref()
        && at.elapsed() < KEPT
    {
        return reasons.clone();
    }
    let reasons = look(ctx).await;
    *last = Some((Instant::now(), reasons.clone()));
    reasons
}

/// Tries everything that taking a case needs.
async fn look(ctx: &Ctx) -> Vec<&'static str> {
    let mut reasons = Vec::new();
    let mut note = |name: &'static str, tried: Result<(), String>| {
        if let Err(error) = tried {
            tracing::warn!(reason = name, %error, "not ready");
            reasons.push(name);
        }
    };
    let wrote = within(store::figures::probe(&ctx.db, ctx.now())).await;
    let reachable = wrote.is_ok();
    note("database", wrote);
    if reachable {
        let missing = within(store::pending(&ctx.db, MIGRATIONS)).await;
        let current = missing.and_then(|list| match list.first() {
            Some(first) => Err(format!("migration {} is missing", first.no)),
            None => Ok(()),
        });
        note("migrations", current);
    }
    note("keys", keys(ctx));
    note("files", within(files(ctx)).await);
    if let Some(scanner) = ctx.files.scanner() {
        note("scanner", within(scanner.reach()).await);
    }
    reasons
}

/// Puts the same small file again, which shows whether files can be kept, and reads it.
async fn files(ctx: &Ctx) -> store::Result<()> {
    let digest = ctx.files.put("近办").await?;
    ctx.files.get(&digest).await.map(drop)
}

fn keys(ctx: &Ctx) -> Result<(), String> {
    let sealed = ctx.seal(FIELD, "近办");
    let opened = ctx.sealer.open(FIELD, &sealed).map_err(|e| e.to_string())?;
    if opened == "近办" { Ok(()) } else { Err("a sealed value did not come back".to_owned()) }
}

async fn within<T>(trying: impl Future<Output = store::Result<T>>) -> Result<T, String> {
    match tokio::time::timeout(PATIENCE, trying).await {
        Ok(done) => done.map_err(|e| e.to_string()),
        Err(_) => Err(format!("no answer within {} s", PATIENCE.as_secs())),
    }
}
