//! What the database is doing, in figures for an operator: how many wait, how many are written together.

use std::sync::atomic::{AtomicU64, Ordering};

/// Upper bounds of the sizes of groups committed together.
const GROUPS: &[u64] = &[1, 2, 4, 8, 16, 32, 64, 128, 256];

/// Counts values by size, without locks.
#[derive(Debug)]
pub struct Histogram {
    bounds: &'static [u64],
    /// One for each bound, and one for what is larger than all.
    counts: Vec<AtomicU64>,
    sum: AtomicU64,
}

impl Histogram {
    /// An empty one; `bounds` rise, and a value belongs to the first bound that it does not exceed.
    #[must_use]
    pub fn new(bounds: &'static [u64]) -> Self {
        let counts = (0..=bounds.len()).map(|_| AtomicU64::new(0)).collect();
        Self { bounds, counts, sum: AtomicU64::new(0) }
    }

    /// Counts one value.
    pub fn observe(&self, value: u64) {
        let place = self.bounds.partition_point(|bound| *bound < value);
        self.counts[place].fetch_add(1, Ordering::Relaxed);
        self.sum.fetch_add(value, Ordering::Relaxed);
    }

    /// What was counted so far.
    #[must_use]
    pub fn read(&self) -> Spread {
        let counts = self.counts.iter().map(|count| count.load(Ordering::Relaxed)).collect();
        Spread { bounds: self.bounds, counts, sum: self.sum.load(Ordering::Relaxed) }
    }
}

/// What a [`Histogram`] has counted at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spread {
    /// The upper bounds.
    pub bounds: &'static [u64],
    /// How many values lie between each bound and the one before; one more for those beyond the last.
    pub counts: Vec<u64>,
    /// All values added up.
    pub sum: u64,
}

/// The database at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meter {
    /// Works that wait for the writer (SQLite) or for a connection (PostgreSQL).
    pub waiting: usize,
    /// How many may wait before the next is refused.
    pub bound: usize,
    /// Works refused because too many were waiting, since the start.
    pub refused: u64,
    /// Connections that are open: readers on SQLite.
    pub connections: usize,
    /// Connections in use.
    pub busy: usize,
    /// Connections there may be.
    pub limit: usize,
    /// Sizes of the groups committed together; on SQLite only.
    pub batches: Option<Spread>,
}

/// What both engines count while they work.
#[derive(Debug)]
pub(crate) struct Gauges {
    pub(crate) refused: AtomicU64,
    pub(crate) batches: Histogram,
}

impl Default for Gauges {
    fn default() -> Self {
        Self { refused: AtomicU64::new(0), batches: Histogram::new(GROUPS) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_counted_under_the_first_bound_that_it_does_not_exceed() {
        let sizes = Histogram::new(&[1, 4]);
        for value in [1, 2, 4, 5] {
            sizes.observe(value);
        }
        assert_eq!(sizes.read(), Spread { bounds: &[1, 4], counts: vec![1, 2, 1], sum: 12 });
    }
}
