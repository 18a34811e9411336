//! What a peer of the exchange prints: lines of results and losses, tab-separated. The package of the session peer shares it.

use crate::measure::Taken;

/// Prints one line of results for `cargo xtask bench`: tab-separated, in the order of its table.
pub(crate) fn report(peer: &str, work: &str, taken: Taken, ops: u64, cells: u64, wire: u64, disk: u64) {
    let Taken { cpu, wall, peak } = taken;
    println!("measured\t{peer}\t{work}\t{cpu}\t{wall}\t{ops}\t{cells}\t{wire}\t{disk}\t{peak}");
}

/// How many of how many faults a peer took in without a word.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Unnoticed {
    /// Taken in without an error.
    pub(crate) accepted: u64,
    /// Tried.
    pub(crate) of: u64,
}

impl Unnoticed {
    /// Counts one try.
    pub(crate) fn count(&mut self, accepted: bool) {
        self.of += 1;
        self.accepted += u64::from(accepted);
    }
}

/// Prints one line of losses.
pub(crate) fn report_loss(peer: &str, fault: &str, unnoticed: Unnoticed) {
    println!("loss\t{peer}\t{fault}\t{}\t{}", unnoticed.accepted, unnoticed.of);
}

/// Bytes of a database with its write-ahead log.
pub(crate) fn disk(database: &std::path::Path) -> u64 {
    let size = |path: &std::path::Path| path.metadata().map_or(0, |about| about.len());
    size(database) + size(&database.with_extension("db-wal"))
}
