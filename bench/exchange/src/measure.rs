//! One measurement: CPU of the whole process, the clock on the wall, peak memory. Linux only, read from `/proc`, so that
//! neither an unsafe call nor a dependency is needed; every bench shares this file.

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
