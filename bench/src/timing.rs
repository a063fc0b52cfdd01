//! Latencies and what is said of them.

use std::time::Duration;

/// How long each of many requests took.
#[derive(Debug, Clone, Default)]
pub struct Times(Vec<f64>);

impl Times {
    /// Notes one.
    pub fn note(&mut self, took: Duration) {
        self.0.push(took.as_secs_f64() * 1000.0);
    }

    /// Adds those of another client.
    pub fn add(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// The time in milliseconds that this share of them did not exceed; 0 of none.
    pub fn share(&self, share: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in the list")]
        let at = ((sorted.len() as f64 * share).ceil() as usize).saturating_sub(1);
        sorted.get(at).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ninety_nine_of_a_hundred_did_not_take_longer_than_the_ninety_ninth() {
        let mut times = Times::default();
        for ms in (1..=100).rev() {
            times.note(Duration::from_millis(ms));
        }
        assert!((times.share(0.99) - 99.0).abs() < 1e-9);
        assert!((times.share(0.5) - 50.0).abs() < 1e-9);
        assert!(Times::default().share(0.99).abs() < 1e-9);
    }
}
