//! The merge algebra, the whole of it.
//!
//! The state of one field of one record is `live = known writes − ⋃ base(known writes)`: every write names the writes
//! its author saw, and whatever somebody saw and replaced is no longer live. This is set algebra, so the result depends
//! neither on the order of arrival nor on repetition, and no clock is asked. One live value is the normal case; several
//! different ones are a conflict, shown to a person and closed by an ordinary write whose base is all of them.
//!
//! Of a *guarded* field (who somebody is, where a household lies) the county has the last word. There a write takes out
//!
//! * everything its author saw, if the county wrote it;
//! * else nothing of the county's, and of what others wrote only the one write its author saw: whoever saw several and is
//!   not the county cannot decide between them, and lays one more beside them.
//!
//! So townships go on correcting one another's values as everywhere, and what the county once said stands, and is shown,
//! until the county says something else; what a township writes meanwhile is a proposal. Whose a write is does not change,
//! so this is set algebra still.
//!
//! Clocks only choose which of several live values is *displayed* meanwhile ([`Rank`]).

use std::collections::BTreeSet;

use mingbai_domain::Value;
use mingbai_domain::catalogue::Merge;

use crate::hlc::Hlc;

/// What decides the display among concurrent values: time, then a name that differs for certain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank {
    /// When it was written, by its author's clock.
    pub time: Hlc,
    /// First half of the entry hash.
    pub entry: [u8; 16],
    /// Which write of the entry.
    pub index: u32,
}

/// One known write of a field. `D` names writes; any totally ordered name will do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known<D> {
    /// Its name.
    pub dot: D,
    /// The value written.
    pub value: Value,
    /// The writes its author saw.
    pub base: Vec<D>,
    /// For display.
    pub rank: Rank,
    /// Whether the county wrote it.
    pub county: bool,
}

/// The live writes among the known ones, in the order of their names.
#[must_use]
pub fn live<D: Ord + Clone>(merge: Merge, known: &[Known<D>]) -> Vec<&Known<D>> {
    let county: BTreeSet<&D> = known.iter().filter(|write| write.county).map(|write| &write.dot).collect();
    let replaced: BTreeSet<&D> = known.iter().flat_map(|write| takes_out(merge, write, &county)).collect();
    let mut seen = BTreeSet::new();
    let mut live: Vec<_> =
        known.iter().filter(|write| !replaced.contains(&write.dot) && seen.insert(&write.dot)).collect();
    live.sort_by(|a, b| a.dot.cmp(&b.dot));
    live
}

/// Of the writes its author saw, those that a write replaces. `county` are the county's.
fn takes_out<'a, D: Ord>(merge: Merge, write: &'a Known<D>, county: &BTreeSet<&D>) -> BTreeSet<&'a D> {
    let seen = write.base.iter();
    if merge != Merge::Guarded || county.contains(&write.dot) {
        return seen.collect();
    }
    let others: BTreeSet<&D> = seen.filter(|dot| !county.contains(dot)).collect();
    if others.len() == 1 { others } else { BTreeSet::new() }
}

/// What a field shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown<'a, D> {
    /// The write whose value is displayed.
    pub write: &'a Known<D>,
    /// Whether different values stand side by side. Equal values agree silently.
    pub conflict: bool,
}

/// Chooses the displayed write among the live ones: for guarded and county-only fields the county's word comes first.
#[must_use]
pub fn shown<'a, D>(merge: Merge, live: &[&'a Known<D>]) -> Option<Shown<'a, D>> {
    let county_first = matches!(merge, Merge::Guarded | Merge::CountyOnly);
    let write = live.iter().copied().max_by_key(|w| (county_first && w.county, w.rank))?;
    let conflict = live.iter().any(|other| other.value != write.value);
    Some(Shown { write, conflict })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{Just, Strategy, any, proptest};
    use proptest::{collection, prop_assert, prop_assert_eq};

    use super::{Known, Rank, live, shown};
    use crate::hlc::Hlc;
    use mingbai_domain::Value;
    use mingbai_domain::catalogue::Merge;

    fn write(dot: u32, value: i64, base: Vec<u32>, time: u64, county: bool) -> Known<u32> {
        let rank = Rank { time: Hlc(time), entry: [0; 16], index: dot };
        Known { dot, value: Value::Int(value), base, rank, county }
    }

    /// Any set of writes in which each sees some of the earlier ones: what devices can really produce.
    fn history() -> impl Strategy<Value = Vec<Known<u32>>> {
        collection::vec((any::<i64>(), any::<u64>(), any::<u64>(), any::<bool>()), 1..12).prop_map(|rows| {
            rows.into_iter()
                .enumerate()
                .map(|(dot, (value, seen, time, county))| {
                    let base = (0..dot as u32).filter(|earlier| seen >> (earlier % 64) & 1 == 1).collect();
                    write(dot as u32, value % 3, base, time, county)
                })
                .collect()
        })
    }

    proptest! {
        #[test]
        fn order_of_arrival_and_repetition_make_no_difference(
            (writes, shuffled) in history().prop_flat_map(|writes| {
                let mut twice = writes.clone();
                twice.extend(writes.clone());
                (Just(writes), Just(twice).prop_shuffle())
            })
        ) {
            for merge in [Merge::Contact, Merge::Guarded] {
                let (one, two) = (live(merge, &writes), live(merge, &shuffled));
                prop_assert_eq!(&one, &two);
                prop_assert_eq!(shown(merge, &one), shown(merge, &two));
            }
        }

        #[test]
        fn the_last_write_is_always_live_and_nothing_live_was_seen_by_another(writes in history()) {
            let live = live(Merge::Contact, &writes);
            prop_assert!(live.iter().any(|w| w.dot == writes.len() as u32 - 1));
            for one in &live {
                prop_assert!(writes.iter().all(|other| !other.base.contains(&one.dot)));
            }
        }

        #[test]
        fn a_write_that_saw_everything_leaves_no_conflict(writes in history(), value in 0_i64..3) {
            for (merge, county) in [(Merge::Contact, false), (Merge::Guarded, true)] {
                let base = live(merge, &writes).iter().map(|w| w.dot).collect();
                let mut after = writes.clone();
                after.push(write(writes.len() as u32, value, base, 0, county));
                let live = live(merge, &after);
                prop_assert_eq!(live.len(), 1);
                prop_assert!(!shown(merge, &live).unwrap().conflict);
            }
        }

        #[test]
        fn nothing_a_township_writes_takes_the_countys_word_out_of_a_guarded_field(
            writes in history(), seen in collection::vec(any::<bool>(), 12)
        ) {
            let before = live(Merge::Guarded, &writes);
            let base = before.iter().zip(seen).filter(|(_, seen)| *seen).map(|(w, _)| w.dot).collect();
            let mut after = writes.clone();
            after.push(write(writes.len() as u32, 7, base, u64::MAX, false));
            let live = live(Merge::Guarded, &after);
            prop_assert!(before.iter().filter(|w| w.county).all(|w| live.contains(w)));
            prop_assert!(before.len() - (live.len() - 1) <= 1, "one proposal gives way at most");
            let by_county = before.iter().any(|w| w.county);
            prop_assert_eq!(shown(Merge::Guarded, &live).unwrap().write.county, by_county);
        }

        #[test]
        fn clocks_change_what_is_shown_but_never_what_is_live_or_in_conflict(
            writes in history(), times in collection::vec(any::<u64>(), 12)
        ) {
            let mut other = writes.clone();
            other.iter_mut().zip(times).for_each(|(w, time)| w.rank.time = Hlc(time));
            let dots = |ws: &[Known<u32>]| live(Merge::Guarded, ws).iter().map(|w| w.dot).collect::<Vec<_>>();
            prop_assert_eq!(dots(&writes), dots(&other));
            let conflict = |ws: &[Known<u32>]| shown(Merge::Guarded, &live(Merge::Guarded, ws)).map(|s| s.conflict);
            prop_assert_eq!(conflict(&writes), conflict(&other));
        }
    }

    #[test]
    fn two_offices_that_edit_apart_conflict_and_the_county_is_shown_where_the_field_is_guarded() {
        let writes = [write(1, 1, vec![], 10, false), write(2, 2, vec![1], 20, true), write(3, 3, vec![1], 30, false)];
        let live = live(Merge::Guarded, &writes);
        let guarded = shown(Merge::Guarded, &live).unwrap();
        assert!(guarded.conflict);
        assert_eq!(guarded.write.dot, 2);
        assert_eq!(shown(Merge::Contact, &live).unwrap().write.dot, 3);
    }

    #[test]
    fn two_offices_that_write_the_same_value_agree_silently() {
        let writes = [write(1, 1, vec![], 10, false), write(2, 2, vec![1], 20, true), write(3, 2, vec![1], 30, false)];
        assert!(!shown(Merge::Contact, &live(Merge::Contact, &writes)).unwrap().conflict);
    }

    #[test]
    fn a_township_corrects_its_own_proposal_and_the_county_decides() {
        let dots = |writes: &[Known<u32>]| live(Merge::Guarded, writes).iter().map(|w| w.dot).collect::<Vec<_>>();
        let mut writes = vec![write(1, 1, vec![], 10, true), write(2, 2, vec![1], 20, false)];
        assert_eq!(dots(&writes), [1, 2], "the county's word stands beside what was written over it");
        writes.push(write(3, 3, vec![1, 2], 30, false));
        assert_eq!(dots(&writes), [1, 3]);
        writes.push(write(4, 4, vec![1], 40, false));
        assert_eq!(dots(&writes), [1, 3, 4], "two proposals");
        writes.push(write(5, 3, vec![1, 3, 4], 50, false));
        assert_eq!(dots(&writes), [1, 3, 4, 5], "and no township decides between them");
        writes.push(write(6, 3, vec![1, 3, 4, 5], 60, true));
        assert_eq!(dots(&writes), [6]);
        // Before the county has said anything townships replace what they see, one by one.
        let before = [write(1, 1, vec![], 10, false), write(2, 2, vec![1], 20, false), write(3, 3, vec![1], 30, false)];
        assert_eq!((dots(&before[..2]), dots(&before)), (vec![2], vec![2, 3]));
    }
}
