//! The queue in which papers are issued and set: a paper that cannot be made is tried again there, and holds up nothing
//! else that follows from a change of its case.

use domain::cases::Event;
use domain::kernel::CaseId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::jobs::{self, Job};
use store::outbox::Message;
use store::{Tx, Work};

use super::{issue, make, occasion, of_case};
use crate::Ctx;

/// The queue's name.
pub const QUEUE: &str = "papers";

/// What a job of the queue is about.
#[derive(Serialize, Deserialize)]
struct Body {
    case: CaseId,
}

/// Orders the papers that these events of a case call for, in the transaction that is done with the message about them,
/// whose key is `case:version`. Twice is once.
///
/// # Errors
/// When the message cannot be understood or nothing can be written.
pub async fn order(tx: &Tx, message: &Message, events: &[Event], now: Timestamp) -> store::Result<()> {
    if events.iter().all(|event| occasion::papers(&event.what, true).is_empty()) {
        return Ok(());
    }
    let corrupt = || store::Error::Corrupt(format!("a message about the case {}", message.key));
    let (id, _) = message.key.split_once(':').ok_or_else(corrupt)?;
    let body = Body { case: id.parse().map_err(|_| corrupt())? };
    let body = serde_json::to_string(&body).map_err(|e| store::Error::Other(e.to_string()))?;
    jobs::push(tx, QUEUE, &message.key, &body, now).await.map(drop)
}

struct Finish {
    job: Job,
    now: Timestamp,
}

impl Work for Finish {
    type Out = ();
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<()> {
        jobs::done(tx, &self.job, self.now).await
    }
}

/// Issues and sets what the case of the job still lacks; one paper that cannot be set does not keep the others back.
///
/// # Errors
/// The first thing that failed; the job is to be tried again.
pub async fn run(ctx: &Ctx, job: &Job) -> store::Result<()> {
    let body: Body = serde_json::from_str(&job.body)
        .map_err(|e| store::Error::Corrupt(format!("job {} of papers: {e}", job.id)))?;
    issue(ctx, body.case).await?;
    let mut failed = Ok(());
    for paper in of_case(ctx, body.case).await?.iter().filter(|paper| !paper.ready) {
        failed = failed.and(make(ctx, paper.id).await);
    }
    failed?;
    ctx.db.write(Finish { job: job.clone(), now: ctx.now() }).await
}
