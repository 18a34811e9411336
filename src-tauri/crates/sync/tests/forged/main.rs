//! The table of forged and hostile inputs (`sync.md` §3.5), as far as it needs a database. The forger is the worst there
//! is: an enrolled PC whose keys sign whatever it likes. Each row is taken in by a real store and must end as it says: the
//! file turned away under its code, the entry kept with its reason and out of the tables, or both sides kept — and nothing
//! else changed, and the next honest bundle taken in as ever.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../common/mod.rs"]
mod common;

mod authority;
mod county;
mod fields;
mod floods;
mod fuzz;
mod pen;
mod references;
mod repeated;
mod scene;

use std::collections::BTreeSet;

use mingbai_store::Status;
use mingbai_sync::SyncError;

use scene::Scene;

/// Who is to take the file in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum To {
    County,
    Township,
}

/// How a row must end.
enum End {
    /// The file is turned away under this code; nothing of it is kept but the file and its reason.
    TurnedAway(&'static str),
    /// Every entry is kept with this reason, none is in the tables.
    Refused(&'static str),
    /// Every entry waits for a newer version, for this reason.
    Later(&'static str),
    /// The file is taken in and changes no table.
    Idle,
    /// Taken in like anybody's. What that means is asked of the scene afterwards.
    Kept(fn(&mut Scene)),
}

/// One forgery: its number in the list, what it is, how it is made, how it must end.
struct Row {
    number: u8,
    name: &'static str,
    to: To,
    forge: fn(&mut Scene) -> Vec<u8>,
    end: End,
}

const fn row(number: u8, name: &'static str, forge: fn(&mut Scene) -> Vec<u8>, end: End) -> Row {
    Row { number, name, to: To::County, forge, end }
}

impl Row {
    const fn for_a_township(self) -> Self {
        Self { to: To::Township, ..self }
    }

    /// Plays the row; says what went otherwise.
    fn play(&self, scene: &mut Scene) -> Result<(), String> {
        let file = (self.forge)(scene);
        let (tables, everything) = (scene.tables(self.to), scene.everything(self.to));
        let quarantined = scene.office(self.to).store.read().quarantined(1000).unwrap().len();
        let heads = scene.office(self.to).store.read().heads().unwrap();
        let taken = scene.office(self.to).try_take(&file);
        let unchanged = scene.tables(self.to) == tables;
        match (&self.end, taken) {
            (End::TurnedAway(code), Err(SyncError::Rejected(rejection))) => {
                if rejection.code() != *code {
                    return Err(format!("turned away as {}", rejection.code()));
                }
                let kept = scene.office(self.to).store.read().quarantined(1000).unwrap();
                if scene.everything(self.to) != everything {
                    return Err("turned away, and something changed".to_owned());
                }
                // Of two files that contradict each other both are kept aside.
                let aside = if *code == "PARTS_DIFFER" { 2 } else { 1 };
                if kept.len() != quarantined + aside || kept.first().is_none_or(|file| file.code != *code) {
                    return Err(format!("not in quarantine: {kept:?}"));
                }
            }
            (End::Refused(reason), Ok(taken)) => {
                if taken.ingested.unapplied != taken.entries || !unchanged {
                    return Err(format!("{:?} of {}, tables unchanged: {unchanged}", taken.ingested, taken.entries));
                }
                scene.all_after(self.to, &heads, Status::Unapplied, reason)?;
            }
            (End::Later(reason), Ok(taken)) => {
                if taken.ingested.deferred != taken.entries || !unchanged {
                    return Err(format!("{:?} of {}, tables unchanged: {unchanged}", taken.ingested, taken.entries));
                }
                scene.all_after(self.to, &heads, Status::Deferred, reason)?;
            }
            (End::Idle, Ok(taken)) if unchanged && taken.ingested.new == 0 => {}
            (End::Idle, Ok(taken)) => {
                return Err(format!("{:?}, tables unchanged: {unchanged}", taken.ingested));
            }
            (End::Kept(then), Ok(taken)) if taken.ingested.counts().iter().sum::<u64>() == taken.entries => then(scene),
            (_, taken) => return Err(format!("{taken:?}")),
        }
        scene.goes_on(self.to)
    }
}

fn rows() -> Vec<Row> {
    [authority::rows(), references::rows(), repeated::rows(), county::rows(), floods::rows(), fields::rows()]
        .into_iter()
        .flatten()
        .collect()
}

#[track_caller]
fn play(of: Vec<Row>) {
    let base = Scene::new();
    let mut faults = Vec::new();
    for row in of {
        if let Err(fault) = row.play(&mut base.again()) {
            faults.push(format!("{} {}: {fault}", row.number, row.name));
        }
    }
    assert!(faults.is_empty(), "\n  {}", faults.join("\n  "));
}

#[test]
fn what_a_township_may_not_write_is_kept_with_its_reason_and_changes_nothing() {
    play(authority::rows());
}

#[test]
fn references_to_nothing_and_clocks_of_other_centuries_take_nothing_away() {
    play(references::rows());
}

#[test]
fn what_came_before_comes_again_or_comes_differently_and_nothing_is_lost() {
    play(repeated::rows());
}

#[test]
fn a_stolen_county_key_makes_no_township_believe_what_its_own_log_denies() {
    play(county::rows());
}

#[test]
fn floods_of_unknown_fields_and_of_disagreement_are_bounded() {
    play(floods::rows());
}

#[test]
fn clashing_ids_hostile_words_and_hostile_names_are_only_words() {
    play(fields::rows());
}

/// Numbers that are tested where files are picked up by path: `tests/tests/refusals/bundles.rs`.
const AT_THE_WINDOW: [u8; 1] = [43];

#[test]
fn every_number_the_bundle_table_leaves_is_a_row_here_or_is_tested_at_the_window() {
    let here: BTreeSet<u8> = rows().iter().map(|row| row.number).collect();
    let table = include_str!("../../../bundle/src/tests/table/mod.rs");
    let list = table.split("const AT_SYNC").nth(1).and_then(|rest| rest.split(['[', ']']).nth(3)).unwrap();
    let left: BTreeSet<u8> = list.split(',').map(|number| number.trim().parse().unwrap()).collect();
    let both: BTreeSet<u8> = here.iter().copied().chain(AT_THE_WINDOW).collect();
    // 34 is roots there and packs here.
    assert_eq!(both, left, "1 to 45 in two tables");
    assert_eq!((left.len(), left.last()), (18, Some(&45)));
    let names: BTreeSet<(u8, &str)> = rows().iter().map(|row| (row.number, row.name)).collect();
    assert_eq!(names.len(), rows().len(), "each row has a name of its own");
}
