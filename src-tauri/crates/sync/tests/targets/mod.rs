//! Fuzz targets that need a database or the files beside it (`sync.md` §3.6: F9, F11): one plain function each, from any
//! bytes to whether they were accepted, failing loudly when a property does not hold. `tests/corpus` replays them with
//! their corpus and mutations of it, and the package `fuzz/` hands the same functions to cargo-fuzz.
//!
//! Whoever includes this module has [`crate::common`] at its root.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, reason = "a target fails loudly")]

mod mark;
mod parts;
#[path = "../forged/pen.rs"]
mod pen;

pub use mark::{holder, mark};
pub use parts::parts;

/// A target: its name, which is its folder in the corpus and its file in `fuzz/fuzz_targets`, and its function.
pub type Target = (&'static str, fn(&[u8]) -> bool);

/// All targets.
pub const TARGETS: [Target; 3] = [("parts", parts), ("mark", mark), ("holder", holder)];

/// A seed: the target it is for, its name there, its bytes.
pub type Seed = (&'static str, &'static str, Vec<u8>);

/// Where every fuzzer begins.
pub fn seeds() -> Vec<Seed> {
    let mut seeds: Vec<Seed> = parts::seeds().into_iter().map(|(name, bytes)| ("parts", name, bytes)).collect();
    seeds.extend(mark::seeds());
    seeds
}
