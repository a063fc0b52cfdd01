//! A request that changes something is carried out once, however often it is sent with the same key (Idempotency-Key).
//!
//! What the request did is written beside its key in the transaction of the change itself (`store::Companion`), so that a
//! program that got no answer, because a line or a node broke, is told the same when it asks again. Of the same request
//! sent twice at once one is carried out; the other finds its key taken, is rolled back and told what the first did. A
//! request that was refused changed nothing and left no key.

use super::ask::Sender;
use super::sql;
use crate::cases;
use crate::intake;
use crate::web::Fault;
use crate::{Ctx, Parts};
use axum::Json;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::kernel::CaseId;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, PoisonError};
use store::{Companion, Noting, Tx, Work};
use uuid::Uuid;

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

/// A request by its key.
#[derive(Debug, Clone)]
struct Keyed {
    client: Uuid,
    key: String,
    print: Vec<u8>,
    now: Timestamp,
}

impl Keyed {
    /// What is older is forgotten, whether or not it was deleted yet.
    fn outdated(&self) -> Timestamp {
        self.now.saturating_sub(KEPT).unwrap_or(Timestamp::MIN)
    }
}

/// What is known of a key.
enum Known {
    /// It was carried out before.
    Before(Value),
    /// It came with another request.
    Other,
}

impl Work for Keyed {
    type Out = Option<Known>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Option<Known>> {
        let key = [self.client.into(), (&self.key).into(), self.outdated().into()];
        let kept: Option<(Vec<u8>, String)> = tx.opt(sql::KNOWN, &key).await?;
        let Some((print, outcome)) = kept else { return Ok(None) };
        if print != self.print {
            return Ok(Some(Known::Other));
        }
        let read = serde_json::from_str(&outcome);
        read.map(|value| Some(Known::Before(value)))
            .map_err(|e| store::Error::Corrupt(format!("an outcome: {e}")))
    }
}

/// Writes the outcome beside the key, in the transaction of the change.
#[derive(Debug)]
struct Note {
    keyed: Keyed,
    effect: Uuid,
    outcome: Outcome,
    /// What was written last.
    told: Mutex<Option<Value>>,
}

impl Companion for Note {
    fn note<'a>(&'a self, tx: &'a Tx) -> Noting<'a> {
        Box::pin(async move {
            let (keyed, value) = (&self.keyed, self.outcome.read(tx).await?);
            let told = value.to_string();
            let row = [
                keyed.client.into(),
                (&keyed.key).into(),
                (&keyed.print).into(),
                self.effect.into(),
                keyed.now.into(),
                (&told).into(),
                keyed.outdated().into(),
            ];
            if tx.exec(sql::NOTE, &row).await? == 0 {
                return Err(store::Error::Conflict("the same request was carried out meanwhile".into()));
            }
            *self.told.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
            Ok(())
        })
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
/// the id for what it makes.
///
/// # Errors
/// The answer to a key that came with another request (422), and what `change` refuses.
pub(super) async fn once<F: Future<Output = Result<(), Fault>>>(
    ctx: &Ctx,
    sender: &Sender,
    outcome: impl FnOnce(Uuid) -> Outcome,
    change: impl FnOnce(Ctx, Uuid) -> F,
) -> Result<Told, Response> {
    let (client, key, print) = (sender.client.id, sender.key.clone(), sender.print.clone());
    let keyed = Keyed { client, key, print, now: ctx.now() };
    if let Some(told) = before(ctx, &keyed).await? {
        return Ok(told);
    }
    let effect = ctx.new_uuid();
    let note = Note { keyed: keyed.clone(), effect, outcome: outcome(effect), told: Mutex::default() };
    let note = Arc::new(note);
    let accompanied = Ctx::new(Parts { db: ctx.db.accompanied(note.clone()), ..(**ctx).clone() });
    if let Err(refused) = change(accompanied, effect).await {
        // The same request may have been carried out meanwhile: what it changed is why this one was refused.
        return before(ctx, &keyed).await?.ok_or_else(|| refused.into_response());
    }
    let told = note.told.lock().unwrap_or_else(PoisonError::into_inner).take();
    let none = || Fault::internal("a change left no outcome beside its key").into_response();
    told.map(|value| Told { value, before: false }).ok_or_else(none)
}

/// What a request with this key did before.
async fn before(ctx: &Ctx, keyed: &Keyed) -> Result<Option<Told>, Response> {
    match ctx.db.read(keyed.clone()).await.map_err(|e| Fault::from(e).into_response())? {
        None => Ok(None),
        Some(Known::Before(value)) => Ok(Some(Told { value, before: true })),
        Some(Known::Other) => Err(other().into_response()),
    }
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
