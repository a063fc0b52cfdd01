//! The system's clock and randomness: the only place that asks the machine for them.

use app::{Clock, Entropy};
use std::time::Duration;

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that everything else is given")]
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::now()
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
