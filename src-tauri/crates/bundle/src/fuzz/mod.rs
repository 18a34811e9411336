//! Fuzz targets (`sync.md` §3.6): one plain function each, from any bytes to whether they were accepted, failing loudly
//! when a property does not hold. Not part of any program: compiled for tests, which replay `tests/corpus` and mutate it,
//! and for the package `fuzz/`, which hands the functions to cargo-fuzz.
//!
//! Property of every reader here: no bytes make it panic, and what it accepts has one spelling, the one it came in.

mod chain;
mod county;
mod enrolment;
mod inside;
mod outside;
mod seeds;
mod spelling;
mod trust;

pub use chain::trust_chain;
pub use enrolment::{enrolment, words};
pub use inside::{inflated, section_stream};
pub use outside::{envelope, outer};
pub use seeds::{Seed, seeds};
pub use spelling::{cbor, entry};
pub use trust::trust_section;

/// A target: its name, which is its folder in the corpus and its file in `fuzz/fuzz_targets`, and its function.
pub type Target = (&'static str, fn(&[u8]) -> bool);

/// All targets.
pub const TARGETS: [Target; 10] = [
    ("outer", outer),
    ("envelope", envelope),
    ("inflated", inflated),
    ("section_stream", section_stream),
    ("cbor", cbor),
    ("entry", entry),
    ("trust_section", trust_section),
    ("trust_chain", trust_chain),
    ("enrolment", enrolment),
    ("words", words),
];
