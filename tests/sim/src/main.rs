//! `simulate [--seeds N] [--from SEED] [--steps N] [--clocks N] [--trace]`: long runs of the simulator, one line for each seed
//! that fails; with `--clocks` every seed also by so many other clocks, by which the same must become of everything; with `--together`
//! everything may happen in every run.

use std::process::ExitCode;

use mingbai_sim::{Coverage, Failure, Outcome, by_other_clocks, run, run_together};

/// Events of one run.
const STEPS: usize = 100;

fn wish(name: &str, otherwise: u64) -> u64 {
    let arguments: Vec<String> = std::env::args().collect();
    let at = arguments.iter().position(|argument| argument == name);
    at.and_then(|at| arguments.get(at + 1)?.parse().ok()).unwrap_or(otherwise)
}

/// Whether everything may happen in every run, not in a third of them.
fn together() -> bool {
    std::env::args().any(|argument| argument == "--together")
}

/// A run and the same by other clocks.
fn run_all(seed: u64, steps: usize, trace: bool, clocks: u64) -> Result<Outcome, Failure> {
    let outcome = if together() { run_together(seed, steps, trace)? } else { run(seed, steps, trace)? };
    by_other_clocks(seed, steps, clocks)?;
    Ok(outcome)
}

fn main() -> ExitCode {
    let (from, seeds) = (wish("--from", 1), wish("--seeds", 100));
    let steps = usize::try_from(wish("--steps", STEPS as u64)).unwrap_or(STEPS);
    let trace = std::env::args().any(|argument| argument == "--trace");
    let (mut coverage, mut failed, mut entries) = (Coverage::new(), 0_u64, 0);
    for seed in from..from.saturating_add(seeds) {
        match run_all(seed, steps, trace, wish("--clocks", 0)) {
            Ok(outcome) => {
                entries += outcome.entries;
                for (what, times) in outcome.coverage {
                    *coverage.entry(what).or_default() += times;
                }
            }
            Err(failure) => {
                failed += 1;
                let mode = if together() { " --together" } else { "" };
                println!(
                    "seed {seed}: {failure}\n  again: cargo xtask simulate --from {seed} --seeds 1 --steps {steps}{mode}"
                );
            }
        }
    }
    for (what, times) in &coverage {
        println!("{times:>9}  {what}");
    }
    println!("{seeds} seeds, {failed} failed, {entries} saves");
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
