//! Where a log ends whose PC's certificate has ended. The county names the last entries it had taken in. What the PC wrote
//! after them, before it heard of it, counts once it has joined anew: its next log names in its genesis the very entry it
//! goes on from, so that nobody who has the old keys besides it can add anything.

use std::collections::BTreeSet;

use mingbai_bundle::{Certificate, OpenedEntry, TrustStore};
use mingbai_ledger::{Genesis, Head, LogId};
use mingbai_store::{Reading, StoreError};

/// The ends of one log: for each revocation of its PC the last entries of the chains that count. Every revocation has to
/// agree: one that knew less may have cut earlier.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ends(Vec<Vec<Head>>);

/// Every log that is known here.
///
/// # Errors
/// [`StoreError`] when the database cannot be read.
pub(crate) fn geneses(reading: Reading<'_>) -> Result<Vec<Genesis>, StoreError> {
    Ok(reading.logs()?.into_iter().filter_map(|log| log.genesis).collect())
}

impl Ends {
    /// The ends of a log, as far as the revocations and the logs that are known say.
    pub(crate) fn of(trust: &TrustStore, logs: &[Genesis], log: &Genesis) -> Self {
        let id = log.log_id();
        let Some((device, mut each)) = known(trust, log, &id) else { return Self::default() };
        if !each.is_empty() {
            let further = continued(trust, logs, (&id, device), &mut BTreeSet::new());
            each.iter_mut().for_each(|cuts| cuts.extend(&further));
        }
        Self(each)
    }

    /// Whether the log goes on.
    pub(crate) fn is_open(&self) -> bool {
        self.0.is_empty()
    }

    /// For each revocation the last entries of the chains that count.
    pub(crate) fn each(&self) -> impl Iterator<Item = &[Head]> {
        self.0.iter().map(Vec::as_slice)
    }

    /// How many entries of a run count, from the first, by what the run itself shows.
    pub(crate) fn counting(&self, run: &[OpenedEntry]) -> usize {
        let up_to = |end: &Head| run.iter().position(|entry| entry.seq == end.seq && entry.hash == end.hash);
        let counts = |ends: &Vec<Head>| ends.iter().filter_map(up_to).max().map_or(0, |last| last + 1);
        self.0.iter().map(counts).min().unwrap_or(run.len())
    }

    /// Whether an entry that is here counts: it is one of the ends, or leads to one that is here too.
    pub(crate) fn include(&self, reading: Reading<'_>, entry: &Head) -> Result<bool, StoreError> {
        for ends in &self.0 {
            let mut leads = false;
            for end in ends.iter().filter(|end| end.seq >= entry.seq) {
                leads = leads || end == entry || follows(reading, end, entry)?;
            }
            if !leads {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Up to which number the log counts as it stands here, without its other branches.
    pub(crate) fn last(&self, reading: Reading<'_>) -> Result<u64, StoreError> {
        let mut last = u64::MAX;
        for ends in &self.0 {
            let mut farthest = 0;
            for end in ends {
                if end.seq > farthest && reading.stands(end)? {
                    farthest = end.seq;
                }
            }
            last = last.min(farthest);
        }
        Ok(last)
    }
}

/// Whether an entry lies before `end` in its chain.
pub(crate) fn follows(reading: Reading<'_>, end: &Head, entry: &Head) -> Result<bool, StoreError> {
    let between = reading.branch(end, &[*entry])?;
    Ok(between.first().is_some_and(|first| first.seq == entry.seq + 1 && first.prev == entry.hash))
}

/// The PC that wrote a log, and where its revocations cut the log. Of a PC that only a former operations key has certified
/// nothing counts by itself: whoever has stolen that key could certify, and revoke, just so.
fn known<'t>(trust: &'t TrustStore, genesis: &Genesis, log: &LogId) -> Option<(&'t Certificate, Vec<Vec<Head>>)> {
    let Some(device) = trust.certificate_of_log(genesis) else {
        return trust.writer_of_log(genesis).map(|former| (former, vec![Vec::new()]));
    };
    let ends = trust.revocations().filter(|ended| ended.serial == device.serial);
    Some((device, ends.map(|ended| ended.cuts_of(log).copied().collect()).collect()))
}

/// The entries of a log from which others go on that count themselves: those of a PC of the same area that is certified or,
/// where it was retired later, had got so far by then.
fn continued(
    trust: &TrustStore,
    logs: &[Genesis],
    (log, device): (&LogId, &Certificate),
    seen: &mut BTreeSet<LogId>,
) -> Vec<Head> {
    let mut found = Vec::new();
    if !seen.insert(*log) {
        return found;
    }
    for next in logs {
        let Some(from) = next.continues.filter(|from| from.log == *log) else { continue };
        let id = next.log_id();
        let Some((theirs, each)) = known(trust, next, &id).filter(|(theirs, _)| theirs.area == device.area) else {
            continue;
        };
        let counts = each.iter().all(|cuts| !cuts.is_empty());
        if counts || !continued(trust, logs, (&id, theirs), seen).is_empty() {
            found.push(from);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use mingbai_ledger::EntryHash;

    fn head(seq: u64, branch: u8) -> Head {
        Head { log: LogId([7; 16]), seq, hash: EntryHash([branch; 32]) }
    }

    fn ends(each: &[&[Head]]) -> Ends {
        Ends(each.iter().map(|ends| ends.to_vec()).collect())
    }

    fn counting(each: &[&[Head]]) -> usize {
        let run = [1, 2, 3].map(|seq| OpenedEntry { seq, hash: head(seq, 1).hash, bytes: Vec::new() });
        ends(each).counting(&run)
    }

    #[test]
    fn a_log_counts_up_to_the_entry_the_county_named() {
        assert_eq!(counting(&[]), 3, "its PC is in service");
        assert_eq!(counting(&[&[head(3, 1)]]), 3);
        assert_eq!(counting(&[&[head(1, 1)]]), 1);
        assert_eq!(counting(&[&[]]), 0, "nothing was here when it was retired");
        assert_eq!(counting(&[&[head(2, 9)]]), 0, "another branch has that number");
    }

    #[test]
    fn every_branch_has_an_end_of_its_own() {
        assert_eq!(counting(&[&[head(1, 1), head(9, 9), head(3, 1)]]), 3);
    }

    #[test]
    fn where_the_county_revoked_twice_the_earlier_end_counts() {
        assert_eq!(counting(&[&[head(3, 1)], &[head(1, 1)]]), 1);
    }
}
