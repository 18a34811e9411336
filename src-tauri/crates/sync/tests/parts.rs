//! One bundle in several files: for mail limits, in any order, over restarts, and never half.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use common::{A, Office, count, family, places};
use mingbai_bundle::{Rejection, inspect};
use mingbai_domain::catalogue::Person;
use mingbai_sync::devices::{self, Retirement};
use mingbai_sync::{Exported, FIRST_BYTES, Lookout, SyncError, Target, export, preview, waiting};

/// Small enough for three parts of what [`busy`] writes.
const MOST: u64 = 3_000;

/// How many families [`busy`] registers.
const FAMILIES: u64 = 22;

fn busy(office: &mut Office) {
    for name in "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥".chars() {
        family(office, A, &name.to_string());
    }
}

fn in_parts(office: &mut Office, most: u64) -> Exported {
    office.with(|store, author| export(store, author, Target::County, Some(most))).unwrap()
}

fn files(exported: &Exported) -> Vec<Vec<u8>> {
    exported.clone().into_files().into_iter().map(|file| file.bytes).collect()
}

fn missing(office: &Office) -> Vec<Vec<u16>> {
    waiting(&office.store).unwrap().into_iter().map(|bundle| bundle.missing).collect()
}

#[test]
fn every_part_keeps_within_the_limit_and_has_a_safe_name() {
    let (_, mut first, _) = places();
    busy(&mut first);
    let whole = first.up();
    assert!(whole.others.is_empty() && whole.bytes.len() as u64 > MOST, "{}", whole.bytes.len());
    let parts = in_parts(&mut first, MOST).into_files();
    assert!(parts.len() > 2, "{}", parts.len());
    let mut names = std::collections::BTreeSet::new();
    for (at, file) in parts.iter().enumerate() {
        assert!(file.bytes.len() as u64 <= MOST, "{}", file.bytes.len());
        let outer = inspect(&file.bytes).unwrap();
        assert_eq!((usize::from(outer.part), usize::from(outer.parts)), (at + 1, parts.len()));
        let safe = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
        assert!(file.name.len() <= 32 && file.name.bytes().all(safe), "{}", file.name);
        names.insert(file.name.clone());
    }
    assert_eq!(names.len(), parts.len());
}

#[test]
fn what_fits_is_written_into_one_file_and_one_action_too_large_for_a_part_is_said() {
    let (_, mut first, _) = places();
    busy(&mut first);
    assert!(in_parts(&mut first, 1_000_000).others.is_empty());
    let before = first.store.read().exports(10).unwrap().len();
    let refusal = first.with(|store, author| export(store, author, Target::County, Some(300))).unwrap_err();
    assert!(matches!(refusal, SyncError::CannotSplit), "{refusal}");
    assert_eq!(first.store.read().exports(10).unwrap().len(), before, "no number was spent");
}

#[test]
fn parts_are_taken_in_together_once_the_last_has_come_in_whatever_order_and_however_often() {
    let (county, mut first, _) = places();
    busy(&mut first);
    let whole = {
        let mut alone = county.copy();
        let up = first.up();
        alone.take(&up).ingested
    };
    let parts = files(&in_parts(&mut first, MOST));
    let last = parts.len() - 1;
    for turn in 0..parts.len() {
        let mut county = county.copy();
        let mut order: Vec<usize> = (0..parts.len()).collect();
        order.rotate_left(turn);
        order.swap(0, last);
        for (come, part) in order.iter().enumerate() {
            let taken = county.try_take(&parts[*part]).unwrap();
            assert_eq!(usize::from(taken.part.0), part + 1);
            assert_eq!(taken.missing.len(), last - come);
            if come < last {
                assert_eq!(taken.ingested.counts(), [0; 5]);
                assert_eq!(count::<Person>(&county), 0, "nothing of it before all of it");
                // The same part again, and the program started again, change nothing.
                county = county.copy();
                assert_eq!(county.try_take(&parts[*part]).unwrap().missing, taken.missing);
                assert_eq!(missing(&county), [taken.missing]);
            } else {
                assert_eq!(taken.ingested.counts()[0], taken.entries);
                assert!(taken.ingested.new > whole.new, "the export itself is an entry too");
            }
        }
        assert_eq!(count::<Person>(&county), FAMILIES);
        assert!(missing(&county).is_empty());
        assert_eq!(county.store.read().imports(10).unwrap().len(), 1);
        assert!(county.try_take(&parts[1]).unwrap().already);
        let down = county.down(A);
        assert!(first.copy().take(&down).confirmed > FAMILIES);
        assert!(county.store.verify().unwrap().is_sound());
    }
}

#[test]
fn the_list_of_what_is_missing_and_the_preview_say_the_same() {
    let (mut county, mut first, _) = places();
    busy(&mut first);
    let exported = in_parts(&mut first, MOST);
    let parts = files(&exported);
    let all: Vec<u16> = (1..=parts.len() as u16).collect();
    let looked = preview(&county.store, &parts[1]).unwrap();
    assert_eq!(looked.part, (2, parts.len() as u16));
    assert_eq!(looked.missing, all.iter().copied().filter(|part| *part != 2).collect::<Vec<_>>());
    assert_eq!(missing(&county), Vec::<Vec<u16>>::new(), "looking keeps nothing");
    let known = |county: &Office, part: usize| {
        let first = &parts[part][..FIRST_BYTES.min(parts[part].len())];
        Lookout::new(&county.store).unwrap().glimpse(first, parts[part].len() as u64).unwrap().unwrap().known
    };
    assert!(!known(&county, 1));
    county.try_take(&parts[1]).unwrap();
    assert!(known(&county, 1) && !known(&county, 0));
    let waits = waiting(&county.store).unwrap();
    assert_eq!(
        (waits[0].number, waits[0].parts, &waits[0].missing),
        (exported.number, all.len() as u16, &looked.missing)
    );
    assert_eq!(waits[0].sender, "159901201卫生院");
    for part in &parts[2..] {
        county.try_take(part).unwrap();
    }
    let looked = preview(&county.store, &parts[0]).unwrap();
    assert!(looked.missing.is_empty());
    assert_eq!(looked.entries, exported.entries, "the preview of the last part is that of the whole");
    assert_eq!(looked.new, exported.entries);
}

#[test]
fn two_files_that_claim_to_be_the_same_part_are_both_kept_aside_and_neither_is_believed() {
    let (mut county, mut first, _) = places();
    busy(&mut first);
    // The same number and id, drawn again: only a copied PC, or somebody who has its key, writes two such bundles.
    let mut copy = first.copy();
    copy.rewind(&first);
    let parts = files(&in_parts(&mut first, MOST));
    let others = files(&in_parts(&mut copy, MOST));
    assert_eq!(inspect(&parts[0]).unwrap().bundle_id, inspect(&others[0]).unwrap().bundle_id);
    assert_ne!(parts[0], others[0]);
    county.try_take(&parts[0]).unwrap();
    let refusal = county.try_take(&others[0]).unwrap_err();
    assert!(matches!(refusal, SyncError::Rejected(Rejection::PartsDiffer)), "{refusal}");
    let aside = county.store.read().quarantined(10).unwrap();
    assert_eq!(aside.iter().map(|file| file.code.as_str()).collect::<Vec<_>>(), ["PARTS_DIFFER", "PARTS_DIFFER"]);
    assert_ne!(aside[0].file_hash, aside[1].file_hash);
    for part in &parts {
        let refusal = county.try_take(part).unwrap_err();
        assert!(matches!(refusal, SyncError::Rejected(Rejection::PartsDiffer)), "{refusal}");
    }
    assert!(missing(&county).is_empty());
    assert_eq!(count::<Person>(&county), 0);
    // Written once more, everything comes.
    for part in files(&in_parts(&mut first, MOST)) {
        county.try_take(&part).unwrap();
    }
    assert_eq!(count::<Person>(&county), FAMILIES);
}

#[test]
fn a_part_that_never_comes_holds_nothing_up_because_the_next_bundle_says_it_again() {
    let (mut county, mut first, _) = places();
    busy(&mut first);
    let parts = files(&in_parts(&mut first, MOST));
    county.try_take(&parts[0]).unwrap();
    let up = first.up();
    let taken = county.take(&up);
    assert_eq!(taken.ingested.counts()[0], taken.entries);
    assert!(missing(&county).is_empty(), "nobody waits for an older bundle any more");
    // What was left of the older one may still come; it brings nothing new.
    for part in &parts {
        county.try_take(part).unwrap();
    }
    assert_eq!(count::<Person>(&county), FAMILIES);
    assert!(missing(&county).is_empty());
}

#[test]
fn a_part_cut_short_or_changed_is_turned_away_alone() {
    let (mut county, mut first, _) = places();
    busy(&mut first);
    let parts = files(&in_parts(&mut first, MOST));
    county.try_take(&parts[0]).unwrap();
    let mut damaged = parts[1].clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    for bad in [&parts[1][..parts[1].len() - 1], &damaged] {
        assert!(matches!(county.try_take(bad).unwrap_err(), SyncError::Rejected(_)));
    }
    assert_eq!(missing(&county)[0].len(), parts.len() - 1, "the good part still waits");
    for part in &parts[1..] {
        county.try_take(part).unwrap();
    }
    assert_eq!(count::<Person>(&county), FAMILIES);
}

#[test]
fn a_bundle_written_after_a_restore_takes_the_place_of_parts_that_waited_before_it() {
    let (mut county, mut first, _) = places();
    let mut restored = first.copy();
    for _ in 0..3 {
        first.up();
    }
    busy(&mut first);
    let before = files(&in_parts(&mut first, MOST));
    county.try_take(&before[0]).unwrap();
    // Its numbers start again, its clock does not.
    restored.wall.set(first.wall.get() + 60_000);
    family(&mut restored, A, "李四");
    let after = files(&in_parts(&mut restored, 1_000_000));
    county.try_take(&after[0]).unwrap();
    assert_eq!(missing(&county), Vec::<Vec<u16>>::new());
    // And the other way round: what comes late of the time before does not take away what is newer.
    busy(&mut restored);
    let newer = files(&in_parts(&mut restored, MOST));
    county.try_take(&newer[0]).unwrap();
    for part in &before {
        county.try_take(part).unwrap();
    }
    assert_eq!(missing(&county).len(), 1, "the newer one still waits");
}

#[test]
fn parts_of_a_pc_that_is_retired_are_not_waited_for() {
    let (mut county, mut first, _) = places();
    busy(&mut first);
    let parts = files(&in_parts(&mut first, MOST));
    county.try_take(&parts[0]).unwrap();
    let serial = devices::own(&first.store).unwrap().unwrap().serial;
    let why = Retirement { stolen: false, reason: "报废", typed: "" };
    let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
    county.with(|store, author| devices::retire(store, author, serial, why, today)).unwrap();
    assert_eq!(missing(&county), Vec::<Vec<u16>>::new());
}
