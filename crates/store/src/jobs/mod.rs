//! Jobs 后台任务: work for later, kept with the change that wants it. A worker claims a job under a lease, does it, and
//! says so in the same transaction as the job's effects; a worker that is lost is replaced when its lease ends.

#[cfg(test)]
mod tests;

use jiff::Timestamp;

use crate::{Error, FromRow, Result, Retries, Row, Tx, Val, dialect};

crate::statements! {
    PUSH = "INSERT INTO job (queue, key, body, state, run_at, tries) VALUES ($1, $2, $3, 'waiting', $4, 0)
        ON CONFLICT (queue, key) DO NOTHING";
    SET = "INSERT INTO job (queue, key, body, state, run_at, tries) VALUES ($1, $2, $3, 'waiting', $4, 0)
        ON CONFLICT (queue, key) DO UPDATE SET body = excluded.body, run_at = excluded.run_at, state = 'waiting',
        tries = 0, leased_until = NULL, last_error = NULL";
    CANCEL = "DELETE FROM job WHERE queue = $1 AND key = $2";
    LOSE = "UPDATE job SET state = CASE WHEN tries >= $3 THEN 'failed' ELSE 'waiting' END, run_at = $2,
        leased_until = NULL, last_error = $4 WHERE queue = $1 AND state = 'running' AND leased_until <= $2";
    DONE = "UPDATE job SET state = 'done', run_at = $4, leased_until = NULL, last_error = NULL
        WHERE id = $1 AND tries = $2 AND leased_until = $3 AND state = 'running'";
    FAIL = "UPDATE job SET state = $4, run_at = $5, leased_until = NULL, last_error = $6
        WHERE id = $1 AND tries = $2 AND leased_until = $3 AND state = 'running'";
    RETRY = "UPDATE job SET state = 'waiting', tries = 0, run_at = $2 WHERE id = $1 AND state = 'failed'";
    NEXT = "SELECT run_at FROM job WHERE queue = $1 AND state = 'waiting' ORDER BY run_at, id LIMIT 1";
    PAGE = "SELECT id, queue, key, body, tries, run_at, leased_until, state, last_error FROM job
        WHERE state = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
    COUNT = "SELECT queue, state, CAST(count(*) AS BIGINT) FROM job GROUP BY queue, state ORDER BY queue, state",
        scans: "an index without the jobs themselves; what is done is forgotten after a while";
    FORGET = "DELETE FROM job WHERE id IN (SELECT id FROM job WHERE state = 'done' AND run_at < $1 ORDER BY id LIMIT $2)";
}

/// Said of a job whose lease ended before its worker answered.
const LOST: &str = "its worker was lost before it answered";

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// To be run when it is due.
    Waiting,
    /// Leased to a worker.
    Running,
    /// Done; kept for a while, so that the same is not done again.
    Done,
    /// Given up after too many tries; somebody has to look.
    Failed,
}

impl State {
    /// Every state, in the order of a job's life.
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Running, Self::Done, Self::Failed];

    /// The word that the database and addresses of pages use.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }

    /// The state of this word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

impl crate::Column for State {
    fn from_cell(c: crate::Cell<'_>) -> Result<Self> {
        let word = String::from_cell(c)?;
        Self::of(&word).ok_or_else(|| Error::Corrupt(format!("no state of a job is called {word}")))
    }
}

/// A job leased to a worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its number.
    pub id: i64,
    /// Which kind of work it is.
    pub queue: String,
    /// What makes it one of a kind within its queue.
    pub key: String,
    /// What is to be done, as JSON; ids rather than people's data.
    pub body: String,
    /// Tries begun so far, with this one.
    pub tries: u32,
    /// When it was due; of a job that has ended, when it ended.
    pub run_at: Timestamp,
    /// Until when a worker has it; with the tries it tells one lease from another.
    pub leased_until: Option<Timestamp>,
}

impl FromRow for Job {
    fn from_row(r: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: r.get(0)?,
            queue: r.get(1)?,
            key: r.get(2)?,
            body: r.get(3)?,
            tries: r.get(4)?,
            run_at: r.get(5)?,
            leased_until: r.get(6)?,
        })
    }
}

/// A job as people who look after the system see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The job.
    pub job: Job,
    /// Where it stands.
    pub state: State,
    /// What was said at the last failure.
    pub last_error: Option<String>,
}

impl FromRow for Entry {
    fn from_row(r: &Row<'_>) -> Result<Self> {
        Ok(Self { job: Job::from_row(r)?, state: r.get(7)?, last_error: r.get(8)? })
    }
}

/// Puts a job in, to be run from `run_at` on, and says whether it is new: one with the same key in its queue, even one
/// that was done, stays as it is.
pub async fn push(tx: &Tx, queue: &str, key: &str, body: &str, run_at: Timestamp) -> Result<bool> {
    Ok(tx.exec(PUSH, &[queue.into(), key.into(), body.into(), run_at.into()]).await? > 0)
}

/// Puts a job in or sets the one with the same key anew, whatever had become of it: for a day that was moved. A worker
/// that has it meanwhile cannot finish it any more.
pub async fn set(tx: &Tx, queue: &str, key: &str, body: &str, run_at: Timestamp) -> Result<()> {
    tx.exec(SET, &[queue.into(), key.into(), body.into(), run_at.into()]).await.map(drop)
}

/// Takes a job out because its reason has gone; says whether there was one.
pub async fn cancel(tx: &Tx, queue: &str, key: &str) -> Result<bool> {
    Ok(tx.exec(CANCEL, &[queue.into(), key.into()]).await? > 0)
}

/// Leases the jobs of a queue that are due at `now` to the caller, the longest due first, at most `limit`. Those whose
/// lease has ended are due again, or given up after the last try.
pub async fn claim(tx: &Tx, queue: &str, now: Timestamp, retries: &Retries, limit: u32) -> Result<Vec<Job>> {
    tx.exec(LOSE, &[queue.into(), now.into(), retries.most.into(), LOST.into()]).await?;
    let until = retries.leased_until(now);
    let params = [queue.into(), now.into(), limit.into(), until.into()];
    let mut claimed: Vec<Job> = tx.all(dialect::claim::jobs(tx.engine()), &params).await?;
    claimed.sort_unstable_by_key(|job| (job.run_at, job.id));
    Ok(claimed)
}

/// Says that the job is done; belongs into the transaction with what it did. [`Error::Conflict`] when the lease has
/// ended and somebody else has it, or it was set anew: then what it did must not be committed.
pub async fn done(tx: &Tx, job: &Job, now: Timestamp) -> Result<()> {
    let params = [job.id.into(), job.tries.into(), job.leased_until.into(), now.into()];
    still_leased(job, tx.exec(DONE, &params).await?)
}

/// Says that the job failed (`why` without personal data): due again after a pause that doubles, or given up after the
/// last try. Answers when it is due; none when it was given up. [`Error::Conflict`] as with [`done`].
pub async fn fail(
    tx: &Tx,
    job: &Job,
    why: &str,
    now: Timestamp,
    retries: &Retries,
) -> Result<Option<Timestamp>> {
    let again = retries.again_at(now, job.tries);
    let state = if again.is_some() { State::Waiting } else { State::Failed };
    let params = [
        job.id.into(),
        job.tries.into(),
        job.leased_until.into(),
        state.word().into(),
        again.unwrap_or(now).into(),
        why.into(),
    ];
    still_leased(job, tx.exec(FAIL, &params).await?)?;
    Ok(again)
}

fn still_leased(job: &Job, changed: u64) -> Result<()> {
    match changed {
        0 => Err(Error::Conflict(format!("job {} is no longer leased to this worker", job.id))),
        _ => Ok(()),
    }
}

/// Lets a job that was given up be tried anew, from its first try. [`Error::NotFound`] when it was not given up.
pub async fn retry(tx: &Tx, id: i64, now: Timestamp) -> Result<()> {
    match tx.exec(RETRY, &[id.into(), now.into()]).await? {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}

/// When the next waiting job of a queue is due, so that a worker knows how long it may sleep.
pub async fn next_due(tx: &Tx, queue: &str) -> Result<Option<Timestamp>> {
    Ok(tx.opt::<(Timestamp,)>(NEXT, &[queue.into()]).await?.map(|row| row.0))
}

/// The jobs of a state, newest first, at most `limit`; the next page is that before the last one's id.
pub async fn page(tx: &Tx, state: State, before: Option<i64>, limit: u32) -> Result<Vec<Entry>> {
    let before: Val<'_> = before.unwrap_or(i64::MAX).into();
    tx.all(PAGE, &[state.word().into(), before, limit.into()]).await
}

/// How many jobs each queue has in each state; nothing is said of states without one.
pub async fn counts(tx: &Tx) -> Result<Vec<(String, State, i64)>> {
    tx.all(COUNT, &[]).await
}

/// Forgets jobs that were done before then, at most `limit`, and says how many.
pub async fn forget(tx: &Tx, done_before: Timestamp, limit: u32) -> Result<u64> {
    tx.exec(FORGET, &[done_before.into(), limit.into()]).await
}
