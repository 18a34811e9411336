//! Who had seen what: for every write the writes of the same place that its author had before him. Whoever changes what he
//! has seen never raises a conflict with it, on whatever PC, in whatever log (sync.md §3.3, I16).

use std::collections::{BTreeMap, BTreeSet};

use mingbai_ledger::{Entry, Head};
use mingbai_store::{Reading, Status, Store};

use crate::model::{self, Dot, Place, Said, Told};
use crate::{Failure, Result};

/// For every write: where, and what its author had seen there.
pub(crate) type Causes = BTreeMap<Dot, BTreeSet<Dot>>;

/// Notes what the author of an entry just saved had before him.
pub(crate) fn note(causes: &mut Causes, store: &Store, head: &Head) -> Result<()> {
    let saved = store.read().entries_after(&head.log, head.seq.saturating_sub(1), u64::MAX >> 1)?;
    let Some(saved) = saved.into_iter().find(|stored| stored.hash == head.hash) else { return Ok(()) };
    for (dot, place, _) in model::writes_of(&Entry::decode(&saved.bytes)?, head.log, head.hash.prefix()) {
        let mut seen = known(store.read(), place)?;
        seen.remove(&dot);
        causes.insert(dot, seen);
    }
    Ok(())
}

/// The writes of a place that count at a PC.
fn known(reading: Reading<'_>, place: Place) -> Result<BTreeSet<Dot>> {
    let mut found = BTreeSet::new();
    for number in reading.entries_of(place.0, place.1)? {
        let (log, stored) = reading.entry(number)?;
        if stored.status == Status::Applied {
            let writes = model::writes_of(&Entry::decode(&stored.bytes)?, log.id, stored.hash.prefix());
            found.extend(writes.into_iter().filter(|(_, there, _)| *there == place).map(|(dot, ..)| dot));
        }
    }
    Ok(found)
}

/// I16: of two values that stand side by side neither was written by somebody who had seen the other, unless what lay
/// between them does not count here. In a guarded field that is said of the county's writes only: what others write there
/// stands beside the county's word as a proposal.
///
/// # Errors
/// [`Failure`] naming both.
pub(crate) fn sequence_is_no_conflict(who: &str, told: &Told, causes: &Causes) -> Result<()> {
    for (place, live) in &told.live {
        let differing: BTreeSet<&Said> = live.values().collect();
        if differing.len() < 2 {
            continue;
        }
        let guarded = model::is_guarded(place.0, place.2);
        for later in live.keys().filter(|later| !guarded || told.by_county.contains(*later)) {
            let Some(seen) = causes.get(later) else { continue };
            for earlier in
                live.keys().filter(|earlier| seen.contains(*earlier) && live.get(*earlier) != live.get(later))
            {
                let between = |dot: &&Dot| causes.get(*dot).is_some_and(|before| before.contains(earlier));
                if seen.iter().filter(between).all(|dot| told.written.contains(dot)) {
                    let told = format!("{place:?}: {later:?} was written by somebody who had seen {earlier:?}");
                    return Err(Failure::new(format!("I16 {who}: {told}, and both stand: {live:?}")));
                }
            }
        }
    }
    Ok(())
}
