//! What an operator does by hand: accounts, the journal, and what was given up.

use crate::cli::{Admin, Place};
use crate::serve::{block_on, say};
use crate::world::SystemClock;
use crate::{keys, open, staff};
use anyhow::{Context as _, anyhow};
use app::Ctx;
use app::identity::{self, By};
use app::web::Fault;
use store::{Tx, Work, jobs, outbox};

/// The trace under which the journal keeps what the command line did.
const TRACE: &str = "command-line";
/// Lines of a list.
const LINES: u32 = 100;

/// Does it.
///
/// # Errors
/// With a sentence that says what to do instead.
pub fn run(command: Admin) -> anyhow::Result<()> {
    match command {
        Admin::NewKeys { file } => answer(keys::new(&file)),
        Admin::AddKey { file } => answer(keys::add(&file)),
        Admin::UseKey { file, key } => answer(keys::make_current(&file, key)),
        Admin::DropKey { file, key } => answer(keys::take_out(&file, key)),
        Admin::NewSigningKey { file } => answer(keys::new_signing_key(&file)),
        Admin::SealJournal(place) => over(&place, async |ctx| {
            let sealed = app::sealing::seal_due(&ctx).await?;
            Ok(format!(
                "{sealed} blocks were sealed; what was sealed within the last minute waits for its turn."
            ))
        }),
        Admin::AddStaff { place, login, name, role, org } => {
            answer(staff::add(&place.load()?, &login, &name, &role, &org))
        }
        Admin::AddClient { place, name, org, scope, per_second, per_day } => over(&place, async |ctx| {
            let limits = (per_second, per_day);
            let new = identity::clients::open_named(&ctx, &name, &org, &scope, limits).await.map_err(told)?;
            Ok(format!(
                "CLIENT_ID={}\nCLIENT_SECRET={}\nThe secret is shown only now.",
                new.record.id, new.secret
            ))
        }),
        Admin::ResetPassword { place, login } => over(&place, async |ctx| {
            let id = account(&ctx, &login).await?;
            let password = identity::reset_password(&ctx, id, By::system(TRACE)).await.map_err(told)?;
            Ok(format!("The new password of {login}, to be changed at the next sign-in: {password}"))
        }),
        Admin::Unlock { place, login } => over(&place, async |ctx| {
            let id = account(&ctx, &login).await?;
            identity::act(&ctx, id, domain::identity::StaffCommand::Unlock, By::system(TRACE)).await?;
            Ok(format!("{login} may try to sign in again."))
        }),
        Admin::Failed(place) => over(&place, async |ctx| failed(&ctx).await),
        Admin::RetryJob { place, id } => over(&place, async |ctx| {
            let now = ctx.now();
            ctx.db
                .write(Again { job: Some(id), message: None, now })
                .await
                .map_err(|e| gone(&e, "job", id))?;
            Ok(format!("Job {id} is tried anew."))
        }),
        Admin::RetryMessage { place, position } => over(&place, async |ctx| {
            let now = ctx.now();
            let again = Again { job: None, message: Some(position), now };
            ctx.db.write(again).await.map_err(|e| gone(&e, "message", position))?;
            Ok(format!("Message {position} is tried anew."))
        }),
    }
}

fn answer(said: anyhow::Result<String>) -> anyhow::Result<()> {
    said.map(|line| say(&line))
}

fn gone(error: &store::Error, what: &str, number: i64) -> anyhow::Error {
    match error {
        store::Error::NotFound => {
            anyhow!("No {what} {number} was given up; `jinban admin failed` lists them.")
        }
        other => anyhow!("{other}"),
    }
}

/// Runs the work over the configured data and prints what it answers.
fn over(place: &Place, work: impl AsyncFnOnce(Ctx) -> anyhow::Result<String>) -> anyhow::Result<()> {
    let config = place.load()?;
    let answer = block_on(async {
        let db = open::database(&config)?;
        open::refuse_outdated(&db).await?;
        let ctx = open::context(&config, db, SystemClock::default(), false)?;
        store::seal::refuse_other_keys(&ctx.db, &ctx.sealer).await?;
        app::org::refresh(&ctx).await?;
        let answer = work(ctx.clone()).await?;
        ctx.db.close().await;
        Ok(answer)
    })?;
    say(&answer);
    Ok(())
}

fn told(fault: Fault) -> anyhow::Error {
    match fault.cause {
        Some(cause) => anyhow!("{} ({cause})", fault.say),
        None => anyhow!("{}", fault.say),
    }
}

async fn account(ctx: &Ctx, login: &str) -> anyhow::Result<domain::kernel::StaffId> {
    identity::staff_by_login(ctx, login)
        .await?
        .with_context(|| format!("There is no account {login}; `jinban admin add-staff` opens one."))
}

async fn failed(ctx: &Ctx) -> anyhow::Result<String> {
    let (jobs, messages) = ctx.db.read(GivenUp).await?;
    let mut lines = vec![format!("{} jobs and {} messages were given up.", jobs.len(), messages.len())];
    for entry in jobs {
        let why = entry.last_error.unwrap_or_default();
        lines.push(format!(
            "job {} {} {} since {}: {why}",
            entry.job.id, entry.job.queue, entry.job.key, entry.job.run_at
        ));
    }
    for entry in messages {
        let why = entry.last_error.unwrap_or_default();
        lines.push(format!(
            "message {} {} {}: {why}",
            entry.message.position, entry.message.topic, entry.message.key
        ));
    }
    Ok(lines.join("\n"))
}

struct GivenUp;

impl Work for GivenUp {
    type Out = (Vec<jobs::Entry>, Vec<outbox::Poisoned>);
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<Self::Out> {
        Ok((jobs::page(tx, jobs::State::Failed, None, LINES).await?, outbox::poisoned(tx, 0, LINES).await?))
    }
}

struct Again {
    job: Option<i64>,
    message: Option<i64>,
    now: jiff::Timestamp,
}

impl Work for Again {
    type Out = ();
    type Err = store::Error;

    async fn run(&self, tx: &Tx) -> store::Result<()> {
        if let Some(id) = self.job {
            jobs::retry(tx, id, self.now).await?;
        }
        if let Some(position) = self.message {
            outbox::retry(tx, position, self.now).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
