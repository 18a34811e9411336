//! The fuzz targets without a fuzzer: the committed corpus replayed, and 100 000 mutations of it.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use super::draw;
use crate::fuzz::{self, TARGETS};

/// Targets that need a database: `sync/tests/targets`.
const AT_SYNC: [&str; 3] = ["parts", "mark", "holder"];

/// How many mutations each target gets: the dear ones, which verify signatures, fewer.
const MUTATIONS: [(&str, u32); 10] = [
    ("outer", 8_000),
    ("envelope", 1_500),
    ("inflated", 10_000),
    ("section_stream", 8_000),
    ("cbor", 40_000),
    ("entry", 22_000),
    ("trust_section", 3_000),
    ("trust_chain", 200),
    ("enrolment", 3_000),
    ("words", 4_300),
];

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/corpus"))
}

/// The files of a target, by name.
fn files(target: &str) -> Vec<(String, Vec<u8>)> {
    draw::files(&folder().join(target))
}

/// Runs one target over mutations of its corpus; how many were accepted.
fn mutate(name: &str) -> usize {
    let (_, target) = TARGETS.iter().find(|(target, _)| *target == name).unwrap();
    let (_, count) = MUTATIONS.iter().find(|(target, _)| *target == name).unwrap();
    draw::mutate(name, target, &files(name), *count)
}

#[test]
fn every_target_has_its_corpus_and_nothing_else_lies_there() {
    let there: BTreeSet<String> =
        fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    let targets = TARGETS.iter().map(|(name, _)| *name).chain(AT_SYNC).chain(["README.md"]);
    assert_eq!(there, targets.map(str::to_owned).collect());
    // What the seeds say is what is committed; the corpus may hold more, never less.
    for (target, name, bytes) in fuzz::seeds() {
        let committed = files(target).into_iter().find(|(file, _)| *file == name);
        assert_eq!(committed.map(|(_, bytes)| bytes), Some(bytes), "tests/corpus/{target}/{name}");
    }
}

#[test]
fn every_target_can_be_given_to_a_fuzzer() {
    // The package is not compiled here: it needs a nightly compiler.
    let package = folder().join("../../fuzz");
    let manifest = fs::read_to_string(package.join("Cargo.toml")).unwrap();
    for (name, _) in TARGETS {
        let source = fs::read_to_string(package.join(format!("fuzz_targets/{name}.rs"))).unwrap();
        assert!(source.contains(&format!("mingbai_bundle::fuzz::{name}(bytes)")), "{name}");
        assert!(manifest.contains(&format!("name = \"{name}\"\npath = \"fuzz_targets/{name}.rs\"")), "{name}");
    }
    assert_eq!(manifest.matches("[[bin]]").count(), TARGETS.len() + AT_SYNC.len());
}

#[test]
fn the_corpus_keeps_its_properties_and_has_something_good_for_every_target() {
    for (name, target) in TARGETS {
        let good = files(name).iter().filter(|(_, bytes)| target(bytes)).count();
        assert!(good > 0, "{name}: a corpus of refusals tests only the first check");
    }
}

#[test]
fn the_mutations_are_a_hundred_thousand() {
    assert_eq!(MUTATIONS.iter().map(|(_, count)| count).sum::<u32>(), 100_000);
    assert!(MUTATIONS.iter().map(|(name, _)| name).eq(TARGETS.iter().map(|(name, _)| name)));
}

#[test]
fn mutated_files_and_envelopes_are_refused_or_come_in_their_one_spelling() {
    // Behind a signature nothing survives but the frame of what was signed, which is not authentic yet.
    assert!(mutate("outer") > 100);
    mutate("envelope");
}

#[test]
fn mutated_contents_are_refused_or_come_in_their_one_spelling() {
    assert!(mutate("section_stream") > 20);
    assert!(mutate("inflated") > 0);
}

#[test]
fn mutated_items_and_entries_are_refused_or_come_in_their_one_spelling() {
    assert!(mutate("cbor") > 1_000);
    assert!(mutate("entry") > 1_000);
}

#[test]
fn mutated_trust_is_refused_or_teaches_nothing_false() {
    assert!(mutate("trust_section") > 20);
    assert!(mutate("trust_chain") > 20);
}

#[test]
fn mutated_enrolment_files_and_words_are_refused_or_mean_what_they_say() {
    assert!(mutate("enrolment") > 20);
    mutate("words");
}
