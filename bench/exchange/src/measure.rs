//! One measurement: CPU of the whole process, the clock on the wall, peak memory. Linux only, read from `/proc`, so that
//! neither an unsafe call nor a dependency is needed; the package of the session peer shares this file.

use std::io;
use std::time::Instant;

/// What one measured piece of work took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Taken {
    /// User and system time of every thread, microseconds.
    pub(crate) cpu: u64,
    /// Microseconds by the clock.
    pub(crate) wall: u64,
    /// Peak resident memory meanwhile, KiB.
    pub(crate) peak: u64,
}

/// Runs `work` and measures it.
pub(crate) fn measure<T, E: From<io::Error>>(work: impl FnOnce() -> Result<T, E>) -> Result<(T, Taken), E> {
    // "5" resets the peak; where the system forbids it the peak of the whole process stands.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    let (before, start) = (cpu()?, Instant::now());
    let value = work()?;
    let wall = u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX);
    Ok((value, Taken { cpu: cpu()?.saturating_sub(before), wall, peak: peak()? }))
}

/// Microseconds of CPU the process has used. Its status line counts every thread in hundredths of a second (fields 14 and
/// 15); the scheduler counts the first thread in nanoseconds. All that is measured here runs in one thread.
fn cpu() -> io::Result<u64> {
    let line = std::fs::read_to_string("/proc/self/stat")?;
    let after_name = line.rsplit(')').next().unwrap_or_default();
    let ticks: u64 = after_name.split_whitespace().skip(11).take(2).filter_map(|n| n.parse::<u64>().ok()).sum();
    let scheduled = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let nanos: u64 = scheduled.split_whitespace().next().and_then(|n| n.parse().ok()).unwrap_or_default();
    Ok((ticks * 10_000).max(nanos / 1000))
}

fn peak() -> io::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    Ok(line.split_whitespace().next().and_then(|n| n.parse().ok()).unwrap_or_default())
}

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
