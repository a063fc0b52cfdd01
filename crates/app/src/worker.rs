//! The worker: runs the jobs that are due and does what follows from committed changes. Any number of nodes may run it at
//! the same time; what cannot be done is tried again with growing pauses, and given up where everybody can see it.

use std::collections::HashMap;
use std::pin::Pin;

use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use store::jobs::{self, Job};
use store::outbox::{self, Message};
use store::{Retries, Tx, Work};

use crate::{Ctx, api, cases, identity, intake, org, papers};

/// Jobs and messages taken at a time.
const AT_ONCE: u32 = 50;
/// Of these, so many at the same time.
const SIDE_BY_SIDE: usize = 8;

type Done<'a> = Pin<Box<dyn Future<Output = store::Result<()>> + Send + 'a>>;

/// Who runs the jobs of a queue.
struct Queue {
    name: &'static str,
    run: for<'a> fn(&'a Ctx, &'a Job) -> Done<'a>,
}

const QUEUES: &[Queue] = &[
    Queue { name: org::RECOMPUTE_DUE, run: |ctx, job| Box::pin(cases::run_recount(ctx, job)) },
    Queue { name: cases::SILENCE, run: |ctx, job| Box::pin(cases::run_silence(ctx, job)) },
    Queue { name: cases::REMIND, run: |ctx, job| Box::pin(cases::run_reminder(ctx, job)) },
    Queue { name: cases::ARCHIVE, run: |ctx, job| Box::pin(cases::run_archive(ctx, job)) },
    Queue { name: papers::QUEUE, run: |ctx, job| Box::pin(papers::run(ctx, job)) },
];

struct Claim {
    queue: &'static str,
    now: Timestamp,
}

impl Work for Claim {
    type Out = Vec<Job>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Vec<Job>> {
        jobs::claim(tx, self.queue, self.now, &Retries::USUAL, AT_ONCE).await
    }
}

struct Take(Timestamp);

impl Work for Take {
    type Out = Vec<Message>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Vec<Message>> {
        outbox::take(tx, self.0, &Retries::USUAL, AT_ONCE).await
    }
}

/// What failed.
enum Failed {
    Job(Job),
    Message(Message),
}

struct Fail {
    what: Failed,
    why: String,
    now: Timestamp,
}

impl Work for Fail {
    type Out = Option<Timestamp>;
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Option<Timestamp>> {
        match &self.what {
            Failed::Job(job) => jobs::fail(tx, job, &self.why, self.now, &Retries::USUAL).await,
            Failed::Message(message) => outbox::fail(tx, message, &self.why, self.now, &Retries::USUAL).await,
        }
    }
}

/// Notes a failure; one that came too late, because the lease had ended, is somebody else's now.
async fn note(ctx: &Ctx, what: Failed, error: &store::Error) -> store::Result<()> {
    let again = ctx.db.write(Fail { what, why: error.to_string(), now: ctx.now() }).await;
    match again {
        Ok(Some(_)) | Err(store::Error::Conflict(_)) => Ok(()),
        Ok(None) => {
            tracing::error!(%error, "given up after the last try; an administrator has to look");
            Ok(())
        }
        Err(e) => Err(e),
    }
}

/// Does the works a few at a time, and sums up what each says; a commit serves several of them.
async fn side_by_side<T, F>(works: Vec<T>, run: impl Fn(T) -> F) -> store::Result<u64>
where
    F: Future<Output = store::Result<u64>>,
{
    let done = stream::iter(works.into_iter().map(run)).buffer_unordered(SIDE_BY_SIDE);
    done.try_fold(0, |sum, done| async move { Ok(sum + done) }).await
}

/// The messages about one thing together, in their order.
fn by_subject(messages: Vec<Message>) -> Vec<Vec<Message>> {
    let mut subjects: Vec<Vec<Message>> = Vec::new();
    let mut places: HashMap<(String, String), usize> = HashMap::new();
    for message in messages {
        let id = message.key.split(':').next().unwrap_or_default().to_owned();
        let place = *places.entry((message.topic.clone(), id)).or_insert(subjects.len());
        match subjects.get_mut(place) {
            Some(subject) => subject.push(message),
            None => subjects.push(vec![message]),
        }
    }
    subjects
}

async fn run_queue(ctx: &Ctx, queue: &Queue) -> store::Result<u64> {
    let mut done = 0;
    loop {
        let jobs = ctx.db.write(Claim { queue: queue.name, now: ctx.now() }).await?;
        let last = jobs.len() < AT_ONCE as usize;
        done += side_by_side(jobs, |job| async move {
            match (queue.run)(ctx, &job).await {
                Ok(()) => Ok(1),
                Err(error) => note(ctx, Failed::Job(job), &error).await.map(|()| 0),
            }
        })
        .await?;
        if last || ctx.ops.is_stopping() {
            return Ok(done);
        }
    }
}

/// What follows from a committed change, done together with taking its message out; nothing follows from most.
struct Follow {
    message: Message,
    reaction: Option<cases::Reaction>,
    now: Timestamp,
}

impl Work for Follow {
    type Out = ();
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<()> {
        if let Some(reaction) = &self.reaction {
            let events = reaction.run(tx).await?;
            papers::order(tx, &self.message, &events, self.now).await?;
        }
        outbox::ack(tx, self.message.position).await
    }
}

async fn follow(ctx: &Ctx, message: &Message) -> store::Result<()> {
    let of_case = message.topic == cases::TOPIC;
    let reaction = of_case.then(|| cases::reaction(ctx, message)).transpose()?;
    ctx.db.write(Follow { message: message.clone(), reaction, now: ctx.now() }).await
}

async fn drain(ctx: &Ctx) -> store::Result<u64> {
    let mut done = 0;
    loop {
        let messages = ctx.db.write(Take(ctx.now())).await?;
        let last = messages.len() < AT_ONCE as usize;
        done += side_by_side(by_subject(messages), |messages| async move {
            let mut done = 0;
            for message in messages {
                match follow(ctx, &message).await {
                    Ok(()) => done += 1,
                    Err(error) => note(ctx, Failed::Message(message), &error).await?,
                }
            }
            Ok(done)
        })
        .await?;
        if last || ctx.ops.is_stopping() {
            return Ok(done);
        }
    }
}

/// Does everything that is due now, and says how much it was. The outbox comes first: it sets timers. A node that is asked
/// to stop finishes what it has taken and leaves the rest to others, or to its next start.
///
/// # Errors
/// When the database does not answer; single failures are noted and tried again.
pub async fn run_due(ctx: &Ctx) -> store::Result<u64> {
    let mut done = drain(ctx).await?;
    for queue in QUEUES {
        if ctx.ops.is_stopping() {
            return Ok(done);
        }
        done += run_queue(ctx, queue).await?;
    }
    // What the timers changed has followers of its own.
    Ok(done + drain(ctx).await?)
}

/// Forgets what nobody needs any more: expired drafts, silent pages, ended tokens, old requests of clients.
///
/// # Errors
/// When the database does not answer.
pub async fn tidy_up(ctx: &Ctx) -> store::Result<u64> {
    let forgotten = intake::forget_expired(ctx).await? + cases::forget_silent(ctx).await?;
    Ok(forgotten + identity::clients::forget_ended(ctx).await? + api::forget_old(ctx).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::on_both;

    /// Leaves so many messages that nothing follows from.
    struct Leave(u32);

    impl Work for Leave {
        type Out = ();
        type Err = store::Error;

        async fn run(&self, tx: &Tx) -> store::Result<()> {
            for n in 0..self.0 {
                outbox::push(tx, "nothing", &n.to_string(), "{}").await?;
            }
            Ok(())
        }
    }

    #[test]
    fn messages_about_one_thing_stay_in_their_order_and_others_go_beside_them() {
        let message = |position: i64, key: &str| Message {
            position,
            topic: "case".to_owned(),
            key: key.to_owned(),
            body: "{}".to_owned(),
            tries: 1,
            leased_until: Timestamp::UNIX_EPOCH,
        };
        let list = vec![message(1, "a:1"), message(2, "b:1"), message(3, "a:2"), message(4, "alone")];
        let positions = by_subject(list).into_iter().map(|one| one.iter().map(|m| m.position).collect());
        assert_eq!(positions.collect::<Vec<Vec<i64>>>(), [vec![1, 3], vec![2], vec![4]]);
    }

    #[tokio::test]
    async fn a_node_that_is_asked_to_stop_finishes_what_it_has_taken_and_leaves_the_rest() {
        on_both(|world| async move {
            world.db.write(Leave(3 * AT_ONCE)).await.unwrap();
            world.ops.stop();
            assert_eq!(run_due(&world).await.unwrap(), u64::from(AT_ONCE));
        })
        .await;
    }
}
