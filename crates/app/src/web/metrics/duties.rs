//! The periodic duties of this node (sealing the journal, running jobs …): how often they ran and how it went.

use super::text::Text;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// What became of one duty so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Duty {
    /// Times it ran.
    pub runs: u64,
    /// Times it failed.
    pub failures: u64,
    /// Things it did in all: blocks sealed, jobs run.
    pub done: u64,
    /// When it last went well.
    pub succeeded_at: Option<Timestamp>,
    /// How long it took the last time.
    pub took: Duration,
}

/// All duties by name.
#[derive(Default)]
pub struct Duties(Mutex<BTreeMap<&'static str, Duty>>);

impl Duties {
    /// Notes that a duty ended at `now` having done so many things, or failed.
    pub fn note(&self, name: &'static str, now: Timestamp, took: Duration, done: Result<u64, ()>) {
        let mut duties = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let duty = duties.entry(name).or_default();
        duty.runs += 1;
        duty.took = took;
        match done {
            Ok(count) => {
                duty.done += count;
                duty.succeeded_at = Some(now);
            }
            Err(()) => duty.failures += 1,
        }
    }

    /// What became of a duty, once it has run.
    pub fn get(&self, name: &str) -> Option<Duty> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    pub(super) fn write(&self, text: &mut Text) {
        let duties = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut rising = |name: &str, help: &str, of: fn(&Duty) -> u64| {
            for (duty, seen) in &duties {
                text.counter(name, help, &[("duty", duty)], of(seen));
            }
        };
        rising("jinban_duty_runs_total", "Times a periodic duty ran.", |duty| duty.runs);
        rising("jinban_duty_failures_total", "Times it failed.", |duty| duty.failures);
        rising("jinban_duty_done_total", "Things it did: blocks sealed, jobs run.", |duty| duty.done);
        for (duty, seen) in &duties {
            if let Some(at) = seen.succeeded_at {
                let help = "When it last went well, in seconds since 1970.";
                text.gauge("jinban_duty_success_time_seconds", help, &[("duty", duty)], at.as_second());
            }
        }
    }
}
