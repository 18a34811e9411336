//! The simulator in the normal test run: many short runs, each seed another county.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;

use mingbai_sim::{Coverage, by_other_clocks, run, run_together};

/// Seeds of the normal run, spread over tests that run side by side.
const PER_TEST: u64 = 64;
const STEPS: usize = 100;

#[track_caller]
fn all(part: u64) -> Coverage {
    let mut coverage: Coverage = BTreeMap::new();
    for seed in part * PER_TEST..(part + 1) * PER_TEST {
        match run(seed, STEPS, false) {
            Ok(outcome) => {
                outcome.coverage.into_iter().for_each(|(what, times)| *coverage.entry(what).or_default() += times);
            }
            Err(failure) => {
                panic!("seed {seed}: {failure}\nagain: cargo xtask simulate --from {seed} --seeds 1 --steps {STEPS}")
            }
        }
    }
    coverage
}

macro_rules! parts {
    ($($name:ident = $part:literal;)*) => { $(
        #[test]
        fn $name() {
            let coverage = all($part);
            for what in [
                "a conflict is decided", "a copy is restored and nobody notices", "a copy runs on another PC",
                "entries came twice", "forks seen", "the county moves a household", "the power fails",
                "courier flips a bit", "a PC exports for its neighbours",
                "the last part arrives", "courier loses a file", "saves of which every copy was destroyed",
                "a new PC asks to join", "a PC changes its keys", "a PC is stolen", "a thief writes and sends",
                "a PC is replaced by a new one", "the county makes a new operations key", "the county gives its root to holders",
                "saves kept aside with a PC that was retired", "people with one citizen id", "references that lead nowhere",
            ] {
                assert!(coverage.get(what).is_some_and(|times| *times > 0), "never happened: {what}");
            }
        }
    )* };
}

parts! {
    every_promise_holds_in_the_first_sixty_four_counties = 0;
    every_promise_holds_in_the_second = 1;
    every_promise_holds_in_the_third = 2;
    every_promise_holds_in_the_fourth = 3;
    every_promise_holds_in_the_fifth = 4;
    every_promise_holds_in_the_sixth = 5;
    every_promise_holds_in_the_seventh = 6;
    every_promise_holds_in_the_eighth = 7;
}

/// Seeds by whose events a promise was once broken, in counties that both sign and forget.
#[test]
fn what_once_broke_a_promise_breaks_none() {
    for seed in
        [1007, 1016, 1019, 1041, 1046, 1074, 1079, 2008, 60418, 100_358, 100_954, 100_992, 101_355, 101_723, 101_755]
    {
        if let Err(failure) = run_together(seed, STEPS, false) {
            panic!(
                "seed {seed}: {failure}\nagain: cargo xtask simulate --from {seed} --seeds 1 --steps {STEPS} --together"
            )
        }
    }
}

/// The same of counties that only sign or only forget.
#[test]
fn what_once_broke_a_promise_elsewhere_breaks_none() {
    for seed in [100_840, 122_456] {
        if let Err(failure) = run(seed, STEPS, false) {
            panic!("seed {seed}: {failure}\nagain: cargo xtask simulate --from {seed} --seeds 1 --steps {STEPS}")
        }
    }
}

#[test]
fn one_seed_is_one_run() {
    for seed in [3, 1_000_003] {
        assert_eq!(run(seed, STEPS, false).unwrap(), run(seed, STEPS, false).unwrap());
    }
}

#[test]
fn what_is_lost_and_what_stands_side_by_side_has_nothing_to_do_with_clocks() {
    for seed in 11..15 {
        by_other_clocks(seed, STEPS, 2).unwrap_or_else(|told| panic!("seed {seed}: {told}"));
    }
}
