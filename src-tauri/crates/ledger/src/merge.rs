//! The merge algebra, the whole of it.
//!
//! The state of one field of one record is `live = known writes − ⋃ base(known writes)`: every write names the writes
//! its author saw, and whatever somebody saw and replaced is no longer live. This is set algebra, so the result depends
//! neither on the order of arrival nor on repetition, and no clock is asked. One live value is the normal case; several
//! different ones are a conflict, shown to a person and closed by an ordinary write whose base is all of them.
//!
//! Clocks only choose which of several live values is *displayed* meanwhile ([`Rank`]).

use std::collections::BTreeSet;

use mingbai_domain::Value;
use mingbai_domain::catalogue::Merge;

use crate::hlc::Hlc;

/// What decides the display among concurrent values: capped time, then a name that differs for certain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank {
    /// `min(hlc, the county's receipt time + 24 h)`.
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
pub fn live<D: Ord + Clone>(known: &[Known<D>]) -> Vec<&Known<D>> {
    let replaced: BTreeSet<&D> = known.iter().flat_map(|write| &write.base).collect();
    let mut seen = BTreeSet::new();
    let mut live: Vec<_> =
        known.iter().filter(|write| !replaced.contains(&write.dot) && seen.insert(&write.dot)).collect();
    live.sort_by(|a, b| a.dot.cmp(&b.dot));
    live
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
            let one = live(&writes);
            let two = live(&shuffled);
            prop_assert_eq!(&one, &two);
            for merge in [Merge::Contact, Merge::Guarded] {
                prop_assert_eq!(shown(merge, &one), shown(merge, &two));
            }
        }

        #[test]
        fn the_last_write_is_always_live_and_nothing_live_was_seen_by_another(writes in history()) {
            let live = live(&writes);
            prop_assert!(live.iter().any(|w| w.dot == writes.len() as u32 - 1));
            for one in &live {
                prop_assert!(writes.iter().all(|other| !other.base.contains(&one.dot)));
            }
        }

        #[test]
        fn a_write_that_saw_everything_leaves_no_conflict(writes in history(), value in 0_i64..3) {
            let base = live(&writes).iter().map(|w| w.dot).collect();
            let mut after = writes.clone();
            after.push(write(writes.len() as u32, value, base, 0, false));
            let live = live(&after);
            prop_assert_eq!(live.len(), 1);
            prop_assert!(!shown(Merge::Contact, &live).unwrap().conflict);
        }

        #[test]
        fn clocks_change_what_is_shown_but_never_what_is_live_or_in_conflict(
            writes in history(), times in collection::vec(any::<u64>(), 12)
        ) {
            let mut other = writes.clone();
            other.iter_mut().zip(times).for_each(|(w, time)| w.rank.time = Hlc(time));
            let dots = |ws: &[Known<u32>]| live(ws).iter().map(|w| w.dot).collect::<Vec<_>>();
            prop_assert_eq!(dots(&writes), dots(&other));
            let conflict = |ws: &[Known<u32>]| shown(Merge::Guarded, &live(ws)).map(|s| s.conflict);
            prop_assert_eq!(conflict(&writes), conflict(&other));
        }
    }

    #[test]
    fn two_offices_that_edit_apart_conflict_and_the_county_is_shown_where_the_field_is_guarded() {
        let writes = [write(1, 1, vec![], 10, false), write(2, 2, vec![1], 20, true), write(3, 3, vec![1], 30, false)];
        let live = live(&writes);
        let guarded = shown(Merge::Guarded, &live).unwrap();
        assert!(guarded.conflict);
        assert_eq!(guarded.write.dot, 2);
        assert_eq!(shown(Merge::Contact, &live).unwrap().write.dot, 3);
    }

    #[test]
    fn two_offices_that_write_the_same_value_agree_silently() {
        let writes = [write(1, 1, vec![], 10, false), write(2, 2, vec![1], 20, true), write(3, 2, vec![1], 30, false)];
        assert!(!shown(Merge::Contact, &live(&writes)).unwrap().conflict);
    }
}
