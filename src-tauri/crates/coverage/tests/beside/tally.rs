//! What a run came to, and what its bills met.

use std::collections::BTreeMap;
use std::time::Instant;

use mingbai_coverage::Years;

use crate::naive::met::Met;

/// What a run came to.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) settled: usize,
    pub(crate) refused: usize,
    aside: usize,
    met: BTreeMap<Met, usize>,
}

impl Tally {
    pub(crate) fn bills(&self) -> usize {
        self.settled + self.refused + self.aside
    }

    pub(crate) fn times(&self, met: Met) -> usize {
        self.met.get(&met).copied().unwrap_or_default()
    }

    pub(super) fn count(&mut self, report: &Years, met: &[Met]) {
        self.settled += report.settlements.len();
        self.refused += report.refused.len();
        self.aside += report.aside.len();
        for met in met {
            *self.met.entry(*met).or_default() += 1;
        }
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.settled += other.settled;
        self.refused += other.refused;
        self.aside += other.aside;
        for (met, times) in &other.met {
            *self.met.entry(*met).or_default() += times;
        }
    }

    /// One line that `cargo xtask bench coverage` makes a row of.
    pub(crate) fn print(&self, name: &str, since: Instant) {
        let met: Vec<String> = self.met.iter().map(|(met, times)| format!("{} {times}", met.label())).collect();
        let (bills, seconds) = (self.bills(), since.elapsed().as_secs());
        println!(
            "agreed\t{name}\t{bills}\t{}\t{}\t{}\t{}\t{seconds}",
            self.settled,
            self.refused,
            self.aside,
            met.join("、")
        );
    }
}
