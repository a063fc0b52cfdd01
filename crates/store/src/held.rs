//! A work with its types hidden from the engines: they are compiled once, and not once for each of the hundreds of works
//! of the program, which was the larger part of building it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use crate::companion::Companion;
use crate::tx::{lock, panicked};
use crate::{Error, Result, Tx, Work};

/// A work as the engines see it.
pub(crate) trait AnyWork: Send + Sync {
    /// Runs it, keeps what it yields, and says whether it succeeded.
    fn attempt<'a>(&'a self, tx: &'a Tx) -> Pin<Box<dyn Future<Output = bool> + Send + 'a>>;
    /// Keeps the engine's failure in place of what the work yields.
    fn fail(&self, error: Error);
}

/// A work and what it yielded the last time it was run.
pub(crate) struct Held<W: Work> {
    work: W,
    companion: Option<Arc<dyn Companion>>,
    result: Mutex<Option<Result<W::Out, W::Err>>>,
}

impl<W: Work> Held<W> {
    pub(crate) fn new(work: W, companion: Option<Arc<dyn Companion>>) -> Self {
        Self { work, companion, result: Mutex::new(None) }
    }

    /// What it yielded.
    pub(crate) fn take(&self) -> Result<W::Out, W::Err> {
        let result = lock(&self.result).take();
        result.unwrap_or_else(|| Err(Error::Unavailable("never run".into()).into()))
    }
}

impl<W: Work> AnyWork for Held<W> {
    fn attempt<'a>(&'a self, tx: &'a Tx) -> Pin<Box<dyn Future<Output = bool> + Send + 'a>> {
        Box::pin(async move {
            let mut result = self.work.run(tx).await;
            if let (Ok(_), Some(companion)) = (&result, &self.companion)
                && let Err(error) = companion.note(tx).await
            {
                result = Err(error.into());
            }
            let result = tx.settle(result);
            let done = result.is_ok();
            *lock(&self.result) = Some(result);
            done
        })
    }

    fn fail(&self, error: Error) {
        *lock(&self.result) = Some(Err(error.into()));
    }
}

/// Polls the work exactly once: on SQLite every statement finishes at once, so a pending work awaited something else.
pub(crate) fn run_now(work: &dyn AnyWork, tx: &Tx) -> bool {
    let polled = catch_unwind(AssertUnwindSafe(|| {
        work.attempt(tx).as_mut().poll(&mut Context::from_waker(Waker::noop()))
    }));
    match polled {
        Ok(Poll::Ready(done)) => return done,
        Ok(Poll::Pending) => work.fail(Error::Suspended),
        Err(_) => work.fail(panicked()),
    }
    false
}
