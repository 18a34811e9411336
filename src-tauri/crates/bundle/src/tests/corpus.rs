//! The fuzz targets without a fuzzer: the committed corpus replayed, and 100 000 mutations of it.
//!
//! Mutations are drawn from a fixed seed: a run that fails prints target, file and number, and fails again.

use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use crate::fuzz::{self, TARGETS};

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
    let mut files: Vec<_> = fs::read_dir(folder().join(target))
        .unwrap_or_else(|failure| panic!("tests/corpus/{target}: {failure}"))
        .map(|entry| {
            let entry = entry.unwrap();
            (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap())
        })
        .collect();
    files.sort();
    files
}

/// Marsaglia's xorshift64.
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    /// One to three changes: a bit, a byte, a cut, a piece twice, a piece of another file, a number tweaked.
    fn mutated(&mut self, from: &[u8], other: &[u8]) -> Vec<u8> {
        let mut bytes = from.to_vec();
        for _ in 0..=self.below(3) {
            let at = self.below(bytes.len());
            let to = (at + 1 + self.below(16)).min(bytes.len());
            match self.below(7) {
                0 | 1 if at < bytes.len() => bytes[at] ^= 1 << self.below(8),
                2 if at < bytes.len() => bytes[at] = self.next() as u8,
                3 => bytes.truncate(at),
                4 if at < to => bytes.extend_from_within(at..to),
                5 => {
                    let start = self.below(other.len());
                    let end = (start + self.below(64)).min(other.len());
                    bytes.splice(at..to.max(at), other[start..end].iter().copied());
                }
                _ if at < bytes.len() => bytes[at] = bytes[at].wrapping_add([1, 0xff, 0x80, 0x10][self.below(4)]),
                _ => bytes.push(self.next() as u8),
            }
        }
        bytes
    }
}

/// Runs one target over mutations of its corpus; how many were accepted.
fn mutate(name: &str) -> usize {
    let (_, target) = TARGETS.iter().find(|(target, _)| *target == name).unwrap();
    let (_, count) = MUTATIONS.iter().find(|(target, _)| *target == name).unwrap();
    let files = files(name);
    let mut draw = Draw(0x6d69_6e67_6261_6921);
    let mut accepted = 0;
    for number in 0..*count {
        let (file, from) = &files[draw.below(files.len())];
        let (_, other) = &files[draw.below(files.len())];
        let bytes = draw.mutated(from, other);
        match catch_unwind(AssertUnwindSafe(|| target(&bytes))) {
            Ok(good) => accepted += usize::from(good),
            Err(_) => panic!("{name}: mutation {number} of {file}: {bytes:02x?}"),
        }
    }
    accepted
}

#[test]
fn every_target_has_its_corpus_and_nothing_else_lies_there() {
    let there: BTreeSet<String> =
        fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    let targets = TARGETS.iter().map(|(name, _)| (*name).to_owned()).chain(["README.md".to_owned()]).collect();
    assert_eq!(there, targets);
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
    assert_eq!(manifest.matches("[[bin]]").count(), TARGETS.len());
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
