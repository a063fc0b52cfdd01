//! What this node does by itself, again and again. Each duty runs in a task of its own, so that one that hangs or panics
//! holds up no other; all of them end when the node is asked to stop.

use app::Ctx;
use std::pin::Pin;
use std::time::{Duration, Instant};
use store::{Tx, Work};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// What a duty answers: how many things it did.
type Doing = Pin<Box<dyn Future<Output = store::Result<u64>> + Send>>;

/// Something to be done every so often.
#[derive(Clone, Copy)]
pub struct Duty {
    /// Its name in the metrics and the log.
    pub name: &'static str,
    /// The pause between two runs.
    pub every: Duration,
    /// Does it once.
    pub run: fn(Ctx) -> Doing,
}

/// All duties. Every node has them; what two nodes do at once is done once, because the second is refused or finds
/// nothing left.
pub const ALL: &[Duty] = &[
    Duty { name: "refresh_city", every: Duration::from_secs(1), run: |ctx| Box::pin(refresh_city(ctx)) },
    Duty { name: "seal_journal", every: Duration::from_secs(15), run: |ctx| Box::pin(seal_journal(ctx)) },
    // Looked at every hour, done once a day.
    Duty { name: "publish_head", every: Duration::from_secs(3600), run: |ctx| Box::pin(publish_head(ctx)) },
    // Once after each start, because a new key comes with one, and daily for what a node with the old keys still sealed.
    Duty { name: "renew_sealed", every: Duration::from_secs(86_400), run: |ctx| Box::pin(renew_sealed(ctx)) },
    Duty { name: "work", every: Duration::from_secs(1), run: |ctx| Box::pin(work(ctx)) },
    Duty { name: "tidy_up", every: Duration::from_secs(3600), run: |ctx| Box::pin(tidy_up(ctx)) },
    Duty { name: "forget_jobs", every: Duration::from_secs(3600), run: |ctx| Box::pin(forget_jobs(ctx)) },
];

/// Done jobs are kept for so long, so that the same is not done again and an operator can look.
const JOBS_KEPT: jiff::SignedDuration = jiff::SignedDuration::from_hours(24 * 7);
/// Jobs forgotten in one transaction.
const JOBS_AT_ONCE: u32 = 500;

/// Starts the duties; they end when `stop` says so.
pub fn start(duties: &'static [Duty], ctx: &Ctx, stop: &watch::Receiver<bool>) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    for duty in duties {
        tasks.spawn(again_and_again(*duty, ctx.clone(), stop.clone()));
    }
    tasks
}

async fn again_and_again(duty: Duty, ctx: Ctx, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        let begun = Instant::now();
        // In a task of its own: a panic ends this run and not the duty.
        let done = match tokio::spawn((duty.run)(ctx.clone())).await {
            Ok(done) => done.map_err(|error| error.to_string()),
            Err(_) => Err("it panicked".to_owned()),
        };
        if let Err(error) = &done {
            tracing::warn!(duty = duty.name, %error, "a duty failed; it will be tried again");
        }
        ctx.ops.duties.note(duty.name, ctx.now(), begun.elapsed(), done.map_err(|_| ()));
        tokio::select! {
            _ = stop.changed() => {}
            () = tokio::time::sleep(duty.every) => {}
        }
    }
}

/// Takes over what was changed of the city on any node.
async fn refresh_city(ctx: Ctx) -> store::Result<u64> {
    app::org::refresh(&ctx).await.map(u64::from)
}

/// Runs the jobs that are due and delivers what waits in the outbox.
async fn work(ctx: Ctx) -> store::Result<u64> {
    app::worker::run_due(&ctx).await
}

/// Forgets what nobody needs any more.
async fn tidy_up(ctx: Ctx) -> store::Result<u64> {
    app::worker::tidy_up(&ctx).await
}

/// Takes what has been committed into blocks.
async fn seal_journal(ctx: Ctx) -> store::Result<u64> {
    app::sealing::seal_due(&ctx).await.map(|blocks| blocks as u64)
}

/// Signs and publishes the newest block of the day.
async fn publish_head(ctx: Ctx) -> store::Result<u64> {
    app::publishing::publish_due(&ctx).await
}

/// Brings people's data under the current key.
async fn renew_sealed(ctx: Ctx) -> store::Result<u64> {
    let renewed = app::resealing::renew(&ctx).await?;
    if renewed > 0 {
        let key = ctx.sealer.current();
        tracing::info!(renewed, %key, "sealed values were brought under the current key");
    }
    Ok(renewed)
}

async fn forget_jobs(ctx: Ctx) -> store::Result<u64> {
    let before = ctx.now().saturating_sub(JOBS_KEPT).unwrap_or(jiff::Timestamp::MIN);
    let mut forgotten = 0;
    loop {
        let now = ctx.db.write(Forget(before)).await?;
        forgotten += now;
        if now < u64::from(JOBS_AT_ONCE) {
            return Ok(forgotten);
        }
    }
}

struct Forget(jiff::Timestamp);

impl Work for Forget {
    type Out = u64;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<u64> {
        store::jobs::forget(tx, self.0, JOBS_AT_ONCE).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::testing::world;

    const TROUBLED: &[Duty] = &[
        Duty { name: "panics", every: Duration::from_millis(5), run: |_| Box::pin(async { panic!("oh") }) },
        Duty { name: "works", every: Duration::from_millis(5), run: |_| Box::pin(async { Ok(2) }) },
    ];

    #[tokio::test]
    async fn a_duty_that_panics_is_counted_and_tried_again_and_all_end_when_asked() {
        let world = world().await;
        let (stop, stopped) = watch::channel(false);
        let mut tasks = start(TROUBLED, &world.ctx, &stopped);
        let seen = |name| world.ops.duties.get(name).unwrap_or_default();
        while seen("panics").failures < 2 || seen("works").done < 4 {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        stop.send(true).unwrap();
        while tasks.join_next().await.is_some() {}
        assert_eq!(seen("panics").done, 0);
        assert_eq!(seen("works").failures, 0);
    }
}
