//! The fuzz targets without a fuzzer: the committed corpus replayed, and mutations of it. As `bundle/src/tests/corpus.rs`,
//! for the targets that need a database. `WRITE_CORPUS=1` adds the seeds that are missing.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../common/mod.rs"]
mod common;
#[path = "../../../bundle/src/tests/draw.rs"]
mod draw;
#[path = "../targets/mod.rs"]
mod targets;

use std::fs;
use std::path::PathBuf;

use targets::{TARGETS, seeds};

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/corpus"))
}

fn files(target: &str) -> Vec<(String, Vec<u8>)> {
    draw::files(&folder().join(target))
}

/// Runs one target over its corpus and so many mutations of it; how many were accepted.
fn replay(name: &str, mutations: u32) -> usize {
    let (_, target) = TARGETS.iter().find(|(target, _)| *target == name).unwrap();
    let files = files(name);
    let good = files.iter().filter(|(_, bytes)| target(bytes)).count();
    assert!(good > 0, "{name}: a corpus of refusals tests only the first check");
    good + draw::mutate(name, target, &files, mutations)
}

#[test]
fn every_target_has_its_corpus_and_can_be_given_to_a_fuzzer() {
    for (target, name, bytes) in seeds() {
        let path = folder().join(target).join(name);
        if std::env::var_os("WRITE_CORPUS").is_some() && !path.exists() {
            fs::create_dir_all(path.with_file_name("")).unwrap();
            fs::write(&path, &bytes).unwrap();
        }
        assert_eq!(fs::read(&path).ok(), Some(bytes), "tests/corpus/{target}/{name}");
    }
    // The package is not compiled here: it needs a nightly compiler.
    let package = folder().join("../../fuzz");
    let manifest = fs::read_to_string(package.join("Cargo.toml")).unwrap();
    for (name, _) in TARGETS {
        let source = fs::read_to_string(package.join(format!("fuzz_targets/{name}.rs"))).unwrap();
        assert!(source.contains(&format!("targets::{name}(bytes)")), "{name}");
        assert!(manifest.contains(&format!("name = \"{name}\"\npath = \"fuzz_targets/{name}.rs\"")), "{name}");
    }
}

#[test]
fn parts_in_any_order_repeated_mixed_damaged_and_forged_leave_no_half_bundle_and_lose_nothing() {
    let whole = replay("parts", 50);
    assert!(whole > 10, "{whole}");
}

#[test]
fn a_mutated_mark_is_none_or_comes_in_its_one_spelling() {
    let accepted = replay("mark", 50_000);
    assert!(accepted > 100, "{accepted}");
}

#[test]
fn a_mutated_key_file_opens_only_as_what_it_was_sealed_as() {
    replay("holder", 5_000);
}
