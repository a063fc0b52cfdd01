//! A request that changes something is carried out once, however often it is sent with the same key (Idempotency-Key).
//!
//! The key is noted first. What the request did is written beside the key in the transaction of the change itself
//! (`store::Companion`), so that a program that got no answer, because a line or a node broke, is told the same when it
//! asks again. A request that was refused changed nothing and lets its key go.

use super::ask::Sender;
use super::sql;
use crate::Ctx;
use crate::cases;
use crate::intake;
use crate::web::Fault;
use axum::Json;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::kernel::CaseId;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::sync::Arc;
use store::{Companion, Noting, Tx, Work};
use uuid::Uuid;

/// A request that is carried out longer than this was lost with its node; requests are given up before.
const LEASE: SignedDuration = SignedDuration::from_secs(60);
/// How long the same request is told the same.
pub(super) const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// Keys forgotten in one transaction.
const AT_ONCE: u32 = 500;

/// What is told about a change: known before, or read in its transaction.
#[derive(Debug, Clone)]
pub(super) enum Outcome {
    /// Known before.
    Known(Value),
    /// The case as the change leaves it.
    Case(CaseId),
    /// The page of a material that was added last to this draft or case.
    Page { holder: Uuid, material: String, digest: String, size: usize },
}

impl Outcome {
    async fn read(&self, tx: &Tx) -> store::Result<Value> {
        Ok(match self {
            Self::Known(value) => value.clone(),
            Self::Case(id) => {
                let (version, status) = cases::standing(tx, *id).await?;
                json!({"id": id.uuid(), "version": version, "status": status.as_str(), "status_label": status.label()})
            }
            Self::Page { holder, material, digest, size } => {
                let file = intake::last_page(tx, *holder, material).await?;
                json!({"id": file.uuid(), "material": material, "digest": digest, "size": size})
            }
        })
    }
}

/// A key that is being carried out.
#[derive(Debug, Clone)]
struct Running {
    client: Uuid,
    key: String,
    print: Vec<u8>,
    effect: Uuid,
    now: Timestamp,
    until: Timestamp,
}

/// What is known of a key.
enum Known {
    /// It is ours to carry out, under this id of what is made.
    Ours(Uuid),
    /// It was carried out before.
    Before(Value),
    /// Somebody is carrying it out.
    Busy,
    /// It came with another request.
    Other,
}

type Kept = (Vec<u8>, Uuid, Timestamp, Timestamp, Option<String>);

impl Work for Running {
    type Out = Known;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Known> {
        let (client, key) = (self.client.into(), (&self.key).into());
        let outdated = self.now.saturating_sub(KEPT).unwrap_or(Timestamp::MIN);
        tx.exec(sql::OUTDATED, &[client, key, outdated.into()]).await?;
        let row = [client, key, (&self.print).into(), self.effect.into(), self.now.into(), self.until.into()];
        if tx.exec(sql::BEGIN, &row).await? == 1 {
            return Ok(Known::Ours(self.effect));
        }
        let (print, effect, _, until, outcome): Kept = tx.one(sql::KNOWN, &[client, key]).await?;
        if print != self.print {
            return Ok(Known::Other);
        }
        if let Some(outcome) = outcome {
            let read = serde_json::from_str(&outcome);
            return read.map(Known::Before).map_err(|e| store::Error::Corrupt(format!("an outcome: {e}")));
        }
        if until > self.now {
            return Ok(Known::Busy);
        }
        let row = [client, key, until.into(), self.until.into()];
        let taken = tx.exec(sql::TAKE_OVER, &row).await? == 1;
        Ok(if taken { Known::Ours(effect) } else { Known::Busy })
    }
}

/// Writes the outcome beside the key, in the transaction of the change.
#[derive(Debug)]
struct Finish {
    running: Running,
    outcome: Outcome,
}

impl Companion for Finish {
    fn note<'a>(&'a self, tx: &'a Tx) -> Noting<'a> {
        Box::pin(async move {
            let running = &self.running;
            let told = self.outcome.read(tx).await?.to_string();
            let row = [running.client.into(), (&running.key).into(), running.until.into(), (&told).into()];
            match tx.exec(sql::FINISH, &row).await? {
                1 => Ok(()),
                // We took too long, and somebody else carries it out.
                _ => Err(store::Error::Conflict("the key was taken over meanwhile".into())),
            }
        })
    }
}

struct LetGo(Running);

impl Work for LetGo {
    type Out = ();
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<()> {
        let row = [self.0.client.into(), (&self.0.key).into(), self.0.until.into()];
        tx.exec(sql::LET_GO, &row).await.map(drop)
    }
}

/// What a request is answered, and whether it was carried out before.
pub(super) struct Told {
    value: Value,
    before: bool,
}

/// Says that an answer was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

impl Told {
    /// The answer.
    pub(super) fn answer(self, status: StatusCode) -> Response {
        let mut response = (status, Json(&self.value)).into_response();
        self.mark(response.headers_mut());
        response
    }

    /// Notes on an answer whether it was given before.
    pub(super) fn mark(&self, headers: &mut HeaderMap) {
        if self.before {
            headers.insert(REPLAYED, HeaderValue::from_static("true"));
        }
    }
}

/// Carries out what `change` does with the context it is given: its write is accompanied by the outcome. `change` also gets
/// the id for what it makes, the same whenever the key is tried.
///
/// # Errors
/// The answer to a key that is in use (409) or came with another request (422), and what `change` refuses.
pub(super) async fn once<F: Future<Output = Result<(), Fault>>>(
    ctx: &Ctx,
    sender: &Sender,
    outcome: impl FnOnce(Uuid) -> Outcome,
    change: impl FnOnce(Ctx, Uuid) -> F,
) -> Result<Told, Response> {
    let now = ctx.now();
    let mut running = Running {
        client: sender.client.id,
        key: sender.key.clone(),
        print: sender.print.clone(),
        effect: ctx.new_uuid(),
        now,
        until: now.saturating_add(LEASE).unwrap_or(Timestamp::MAX),
    };
    let known = ctx.db.write(running.clone()).await.map_err(|e| Fault::from(e).into_response())?;
    let effect = match known {
        Known::Ours(effect) => effect,
        Known::Before(value) => return Ok(Told { value, before: true }),
        Known::Busy => return Err(in_use()),
        Known::Other => return Err(other().into_response()),
    };
    running.effect = effect;
    let finish = Finish { running: running.clone(), outcome: outcome(effect) };
    let accompanied = Ctx { db: ctx.db.accompanied(Arc::new(finish)), ..ctx.clone() };
    if let Err(refused) = change(accompanied, effect).await {
        ctx.db.write(LetGo(running)).await.map_err(|e| Fault::from(e).into_response())?;
        return Err(refused.into_response());
    }
    match ctx.db.write(running).await {
        Ok(Known::Before(value)) => Ok(Told { value, before: false }),
        Ok(_) => Err(Fault::internal("a change left no outcome beside its key").into_response()),
        Err(error) => Err(Fault::from(error).into_response()),
    }
}

fn in_use() -> Response {
    let say = "同一个 Idempotency-Key 的请求正在办理。请等几秒，用同一个值再发一次，就会得到它的结果。";
    let fault = Fault::new(StatusCode::CONFLICT, "key_in_use", "正在办理", say);
    ([(RETRY_AFTER, "2")], fault).into_response()
}

fn other() -> Fault {
    let say = "这个 Idempotency-Key 已经用在另一个请求上。一个值只能用于一个请求；新的请求请换一个新的值。";
    Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "key_reused", "Idempotency-Key 重复", say)
}

struct Forget(Timestamp);

impl Work for Forget {
    type Out = u64;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<u64> {
        tx.exec(sql::FORGET, &[self.0.into(), AT_ONCE.into()]).await
    }
}

/// Forgets keys of more than a day ago; says how many.
///
/// # Errors
/// When the data cannot be written.
pub async fn forget_old(ctx: &Ctx) -> store::Result<u64> {
    let before = ctx.now().saturating_sub(KEPT).unwrap_or(Timestamp::MIN);
    let mut forgotten = 0;
    loop {
        let some = ctx.db.write(Forget(before)).await?;
        forgotten += some;
        if some < u64::from(AT_ONCE) {
            return Ok(forgotten);
        }
    }
}
