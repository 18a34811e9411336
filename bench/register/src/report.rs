//! The lines that `cargo xtask bench register` makes its table of.

use std::time::{Duration, Instant};

/// How long each of several goes took.
pub(crate) struct Goes(Vec<Duration>);

impl Goes {
    pub(crate) fn new() -> Self {
        Self(Vec::new())
    }

    pub(crate) fn time<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let value = work();
        self.0.push(start.elapsed());
        value
    }

    /// The time that so many of a hundred goes did not exceed, microseconds.
    fn percentile(&self, percent: usize) -> u128 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let place = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
        sorted.get(place).map_or(0, Duration::as_micros)
    }

    /// Prints `goes`: what, how often, p50, p99 and the longest in microseconds.
    pub(crate) fn print(&self, who: &str, what: &str) {
        let longest = self.percentile(100);
        println!("goes\t{who}\t{what}\t{}\t{}\t{}\t{longest}", self.0.len(), self.percentile(50), self.percentile(99));
    }
}

/// Prints `once`: who did what in how many milliseconds with how much memory at the most, KiB.
pub(crate) fn once(who: &str, what: &str, taken: crate::measure::Taken) {
    println!("once\t{who}\t{what}\t{}\t{}\t{}", taken.wall / 1000, taken.cpu / 1000, taken.peak);
}
