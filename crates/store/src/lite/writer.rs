//! The one writer of SQLite: waiting works are committed in groups, each under a savepoint.

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use super::session::Session;
use crate::held::{AnyWork, run_now};
use crate::meter::Gauges;
use crate::{Error, Result, Tx};

/// Works committed together: beyond a few hundred the gain is gone and the first caller only waits longer.
const GROUP: usize = 256;
/// A work is run again in another group this often after its group was lost through no fault of its own.
const GROUP_TRIES: u8 = 3;

/// A work waiting for the writer.
pub(super) struct Waiting {
    work: Arc<dyn AnyWork>,
    tries: u8,
    caller: oneshot::Sender<Result<()>>,
}

impl Waiting {
    pub(super) fn new(work: Arc<dyn AnyWork>, caller: oneshot::Sender<Result<()>>) -> Self {
        Self { work, tries: 0, caller }
    }

    /// Whether it may go into another group, its own having been lost.
    fn may_try_again(&mut self) -> bool {
        self.tries += 1;
        self.tries < GROUP_TRIES
    }

    /// Tells the caller, once the group is on the disk or known to be lost.
    fn answer(self, committed: &Result<()>) {
        // The caller may have gone away; the work is done all the same.
        let _ = self.caller.send(committed.clone());
    }
}

pub(super) struct Writer {
    pub(super) session: Arc<Session>,
    pub(super) waiting: mpsc::Receiver<Waiting>,
    /// Works whose group was lost through another's fault; they go first.
    pub(super) again: Vec<Waiting>,
    /// Where what it does is counted.
    pub(super) gauges: Arc<Gauges>,
}

impl Writer {
    /// Until nobody can hand in works any more; those that wait are finished first.
    pub(super) fn run(mut self) {
        loop {
            let first = match self.again.pop() {
                Some(job) => job,
                None => match self.waiting.blocking_recv() {
                    Some(job) => job,
                    None => return,
                },
            };
            self.group(first);
        }
    }

    /// Runs one group, each work under a savepoint, and answers its callers after the commit.
    fn group(&mut self, first: Waiting) {
        if let Err(e) = self.session.frame("BEGIN IMMEDIATE") {
            return first.answer(&Err(e));
        }
        let mut done: Vec<Waiting> = Vec::new();
        let mut next = Some(first);
        while let Some(job) = next.take() {
            if let Err(e) = self.one(&job) {
                job.answer(&Err(e));
                self.lost(done);
                return;
            }
            done.push(job);
            if done.len() < GROUP {
                next = self.again.pop().or_else(|| self.waiting.try_recv().ok());
            }
        }
        let committed = self.session.frame("COMMIT");
        if committed.is_err() {
            self.roll_back();
        }
        self.gauges.batches.observe(done.len() as u64);
        for job in done {
            job.answer(&committed);
        }
    }

    /// One work under its savepoint; an error means that the whole group is lost.
    fn one(&self, job: &Waiting) -> Result<()> {
        self.session.frame("SAVEPOINT w")?;
        let ok = run_now(&*job.work, &Tx::lite(Arc::clone(&self.session)));
        if self.session.is_autocommit() {
            return Err(Error::Unavailable(
                "the database rolled back the transaction (disk full or timed out)".into(),
            ));
        }
        if !ok {
            self.session.frame("ROLLBACK TO w")?;
        }
        self.session.frame("RELEASE w")
    }

    fn lost(&mut self, done: Vec<Waiting>) {
        self.roll_back();
        for mut job in done.into_iter().rev() {
            if job.may_try_again() {
                self.again.push(job);
            } else {
                job.answer(&Err(Error::Unavailable("the group it was written in was lost".into())));
            }
        }
    }

    fn roll_back(&self) {
        if !self.session.is_autocommit()
            && let Err(e) = self.session.frame("ROLLBACK")
        {
            tracing::error!(error = %e, "the writer could not roll back");
        }
    }
}
