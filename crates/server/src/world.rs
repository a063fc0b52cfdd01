//! The system's clock and randomness: the only place that asks the machine for them.

use app::{Clock, Entropy};
use jiff::{SignedDuration, Timestamp};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

/// Lagging less than this is what time servers do every day, and no news.
const NEWS: i64 = 1_000_000;

/// The machine's clock, which here never runs back: when the machine's is set back, time stands still until it has caught
/// up. What is entered later never looks earlier, no limit is counted twice, no session grows younger.
#[derive(Debug)]
pub struct SystemClock {
    /// Microseconds since 1970.
    latest: AtomicI64,
    told: AtomicBool,
    machine: fn() -> Timestamp,
}

#[expect(clippy::disallowed_methods, reason = "this is the clock that everything else is given")]
fn machine() -> Timestamp {
    Timestamp::now()
}

impl Default for SystemClock {
    fn default() -> Self {
        Self { latest: AtomicI64::new(i64::MIN), told: AtomicBool::new(false), machine }
    }
}

impl SystemClock {
    /// Starts no earlier than this.
    pub fn not_before(&self, instant: Timestamp) {
        self.latest.fetch_max(instant.as_microsecond(), Ordering::Relaxed);
    }

    fn tell(&self, lag: i64) {
        if lag < NEWS {
            self.told.store(false, Ordering::Relaxed);
        } else if !self.told.swap(true, Ordering::Relaxed) {
            let seconds = lag / NEWS;
            tracing::error!(
                seconds,
                "the machine's clock was set back; time stands still until it has caught up"
            );
        }
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let now = (self.machine)();
        let latest = self.latest.fetch_max(now.as_microsecond(), Ordering::Relaxed);
        let lag = latest.saturating_sub(now.as_microsecond());
        self.tell(lag);
        if lag > 0 { Timestamp::from_microsecond(latest).unwrap_or(now) } else { now }
    }

    fn behind(&self) -> SignedDuration {
        self.now().duration_since((self.machine)()).max(SignedDuration::ZERO)
    }
}

/// The operating system's random source.
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    /// Waits until the system gives: ids and keys from worse randomness would be worse than a delay.
    #[expect(clippy::disallowed_methods, reason = "this is the source that everything else is given")]
    fn fill(&self, into: &mut [u8]) {
        while getrandom::fill(into).is_err() {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static SECONDS: AtomicI64 = AtomicI64::new(0);

    fn set() -> Timestamp {
        Timestamp::from_second(SECONDS.load(Ordering::Relaxed)).unwrap()
    }

    #[test]
    fn time_stands_still_while_the_machine_s_clock_is_behind_and_goes_on_with_it() {
        let clock = SystemClock { machine: set, ..SystemClock::default() };
        let at = |seconds| {
            SECONDS.store(seconds, Ordering::Relaxed);
            (clock.now().as_second(), clock.behind().as_secs())
        };
        assert_eq!(at(1000), (1000, 0));
        assert_eq!(at(400), (1000, 600));
        assert_eq!(at(999), (1000, 1));
        assert_eq!(at(1001), (1001, 0));
        clock.not_before(Timestamp::from_second(1500).unwrap());
        assert_eq!(at(1002), (1500, 498));
    }
}
