//! The table of forged and hostile inputs (`sync.md` §3.5), as far as a file can be judged without a database. Each row
//! is built, re-signed with an enrolled key where its author would have one, and must be turned away for exactly its
//! reason, in both suites.

mod framing;
mod inside;
mod planted;
mod sealing;
mod signing;
mod spelling;
mod trust;

use std::collections::BTreeSet;

use super::forge::{detail, edited};
use super::world::{SUITES, World, world_in};
use crate::{Suite, TrustStore, verify_and_open};

/// A file to be turned away, and what the reader believes when it comes.
struct Hostile {
    file: Vec<u8>,
    trust: Option<TrustStore>,
}

impl From<Vec<u8>> for Hostile {
    fn from(file: Vec<u8>) -> Self {
        Self { file, trust: None }
    }
}

/// One forgery: its number in the list, what it is, how it is made, the code and the detail it must be refused with.
struct Row {
    number: u8,
    name: &'static str,
    only: Option<Suite>,
    forge: Box<dyn Fn(&World) -> Hostile>,
    code: &'static str,
    detail: &'static str,
}

fn row<H: Into<Hostile>>(
    number: u8,
    name: &'static str,
    forge: impl Fn(&World) -> H + 'static,
    code: &'static str,
    detail: &'static str,
) -> Row {
    Row { number, name, only: None, forge: Box::new(move |world| forge(world).into()), code, detail }
}

impl Row {
    /// A row that only makes sense in one suite.
    fn only(self, suite: Suite) -> Self {
        Self { only: Some(suite), ..self }
    }
}

fn rows() -> Vec<Row> {
    [framing::rows(), signing::rows(), sealing::rows(), spelling::rows(), inside::rows(), trust::rows()]
        .into_iter()
        .flatten()
        .collect()
}

/// Numbers that are not rows but loops over every case there is: `exhaustive.rs`.
const EXHAUSTIVE: [u8; 2] = [4, 5];

/// Numbers that need a database, an import in progress or a folder, and are tested where those are: authority over
/// operations (28, 29), references and clocks inside entries (30, 31), what was imported before (32, 33, 35 to 39, 45),
/// packs (34, whose roots are rows here), floods and clashes of records (40, 41), names of files and of people (42 to 44).
const AT_SYNC: [u8; 18] = [28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45];

#[test]
fn every_forged_file_is_refused_for_its_own_reason() {
    let mut faults = Vec::new();
    for suite in SUITES {
        let world = world_in(suite);
        for row in rows().iter().filter(|row| row.only.is_none_or(|only| only == suite)) {
            let Hostile { file, trust } = (row.forge)(&world);
            let read = verify_and_open(&file, trust.as_ref().unwrap_or(&world.trust), &world.county.opening);
            let got = read.as_ref().map_or_else(|r| (r.code(), detail(r)), |_| ("accepted", ""));
            if got != (row.code, row.detail) {
                faults.push(format!(
                    "{} {} ({suite:?}): {got:?} instead of {:?}",
                    row.number,
                    row.name,
                    (row.code, row.detail)
                ));
            }
        }
    }
    assert!(faults.is_empty(), "\n  {}", faults.join("\n  "));
}

#[test]
fn the_same_tools_without_a_forgery_make_a_good_file() {
    for suite in SUITES {
        let world = world_in(suite);
        let file = edited(&world, |_, _, _| {});
        assert!(verify_and_open(&file, &world.trust, &world.county.opening).is_ok(), "{suite:?}");
    }
}

#[test]
fn every_number_of_the_list_is_a_row_here_or_belongs_to_the_import() {
    let here: BTreeSet<u8> = rows().iter().map(|row| row.number).chain(EXHAUSTIVE).collect();
    assert_eq!(here, (1..=27).chain([34]).collect());
    let all: BTreeSet<u8> = here.iter().copied().chain(AT_SYNC).collect();
    assert_eq!(all, (1..=45).collect(), "no number falls between");
    let names: BTreeSet<(u8, &str)> = rows().iter().map(|row| (row.number, row.name)).collect();
    assert_eq!(names.len(), rows().len(), "each row has a name of its own");
}
