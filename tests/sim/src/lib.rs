//! The deterministic simulator of the exchange: real stores, wrong clocks, a hostile courier, restored copies. One seed is
//! one run; what must hold is asked after every event and again once everything has been delivered.
//!
//! The PCs are a county, two PCs of township A and one of township B; more appear where a database is copied or a new PC
//! joins, some are stolen or replaced. Events and their weights are in `events`, what the courier does to files in
//! `courier`, certificates and who is trusted in `papers`, what must hold in `invariants`, `causes`, `doubts` and, for the
//! merge, the naive model of `model`.

mod causes;
mod courier;
mod dice;
mod doubts;
mod events;
mod found;
mod founded;
mod invariants;
mod mirror;
mod model;
mod office;
mod papers;
mod verdict;
mod world;

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use mingbai_store::Store;

pub use world::{by_other_clocks, run, run_together};

/// Compares what a store shows with the naive merge of the same entries, and with what another store shows that took them
/// in in another order, some of them twice. Gives how many fields are in conflict.
///
/// # Errors
/// [`Failure`] naming the first place at which they differ.
pub fn merged_as_told(folder: &Path, store: &Store, seed: u64) -> Result<u64> {
    let lines = model::lines(store.read())?;
    mirror::mirrored(folder, store, &lines, &mut dice::Dice::new(seed))?;
    model::agrees("the tables", store.read(), &model::told(&lines)?)
}

impl Outcome {
    /// I19: the same became of everything by other clocks.
    pub(crate) fn agrees_with(&self, other: &Self) -> Result<()> {
        let lacks = |one: &Self, other: &Self| {
            one.verdict.iter().filter(|line| !other.verdict.contains(line)).cloned().collect::<Vec<_>>()
        };
        let (here, there) = (lacks(self, other), lacks(other, self));
        if here.is_empty() && there.is_empty() {
            return Ok(());
        }
        Err(Failure::new(format!("I19 by other clocks\n  {here:#?}\n  {there:#?}")))
    }
}

/// Something that must never happen has happened, or a run could not go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure(String);

impl Failure {
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self(what.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(format!("{error} ({error:?})"))
    }
}

/// What a step of a run gives.
pub type Result<T, E = Failure> = std::result::Result<T, E>;

/// How often each event and fault really happened.
pub type Coverage = BTreeMap<&'static str, u64>;

/// A run that kept every promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The same for the same seed.
    pub trace: [u8; 32],
    /// What became of everything, without times.
    pub verdict: Vec<String>,
    /// What happened in it.
    pub coverage: Coverage,
    /// Entries the run wrote.
    pub entries: u64,
}
