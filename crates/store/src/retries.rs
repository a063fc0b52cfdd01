//! How patiently something is tried again, for jobs and messages alike.

use jiff::{SignedDuration, Timestamp};

/// How long a worker may take, how often it is tried, and how long the pauses are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retries {
    /// Nobody else takes it for this long; a worker that is gone by then has failed once.
    pub lease: SignedDuration,
    /// After so many tries it is set aside for people to look at.
    pub most: u32,
    /// The pause after the first failure; each further one is twice as long.
    pub first_pause: SignedDuration,
    /// No pause is longer.
    pub longest_pause: SignedDuration,
}

impl Retries {
    /// Five minutes' work; eight tries within some two hours.
    pub const USUAL: Self = Self {
        lease: SignedDuration::from_mins(5),
        most: 8,
        first_pause: SignedDuration::from_mins(1),
        longest_pause: SignedDuration::from_hours(1),
    };

    /// When a lease that begins now ends.
    #[must_use]
    pub fn leased_until(&self, now: Timestamp) -> Timestamp {
        now.saturating_add(self.lease).unwrap_or(Timestamp::MAX)
    }

    /// When it is tried again after `tries` of them have failed; none when that were enough.
    #[must_use]
    pub fn again_at(&self, now: Timestamp, tries: u32) -> Option<Timestamp> {
        if tries >= self.most {
            return None;
        }
        let doubled = 1i32.checked_shl(tries.saturating_sub(1)).filter(|n| *n > 0).unwrap_or(i32::MAX);
        let pause =
            self.first_pause.checked_mul(doubled).unwrap_or(self.longest_pause).min(self.longest_pause);
        Some(now.saturating_add(pause).unwrap_or(Timestamp::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest_and_end_after_the_last_try() {
        let pause = |tries| {
            let again = Retries::USUAL.again_at(Timestamp::UNIX_EPOCH, tries)?;
            Some(again.as_second() / 60)
        };
        let pauses: Vec<_> = (1..=8).map(pause).collect();
        assert_eq!(pauses, [Some(1), Some(2), Some(4), Some(8), Some(16), Some(32), Some(60), None]);
        let endless = Retries { most: u32::MAX, ..Retries::USUAL };
        for tries in [31, 32, 33, 1000] {
            assert_eq!(endless.again_at(Timestamp::UNIX_EPOCH, tries).unwrap().as_second(), 3600);
        }
    }
}
