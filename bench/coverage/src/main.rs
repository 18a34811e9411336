//! Measures the rule engine. `cargo xtask bench coverage` calls it; what it prints are lines of results, tab-separated.
//!
//! `bench-coverage packs FOLDER BILLS` settles invented years under every pack of a folder, without and with explanations;
//! `county PACK BILLS` settles a county's year again on all cores; `sample PACK FOLDER BILLS` writes bills for the peers and
//! what the engine makes of them; `sheet FOLDER ROWS` writes the first of them as a spreadsheet of formulas and one of
//! values; `same FOLDER PEER` compares what a peer made of them.

mod draw;
mod engine;
#[path = "../../exchange/src/measure.rs"]
mod measure;
#[path = "../../exchange/src/obey.rs"]
mod obey;
mod sample;
mod sheet;

use std::path::Path;
use std::process::ExitCode;

use mingbai_coverage::Pack;

pub(crate) type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    obey::run(obey)
}

fn obey(words: &[&str]) -> Result<()> {
    match words {
        ["packs", folder, bills] => engine::packs(Path::new(folder), bills.parse()?),
        ["county", pack, bills] => engine::county(&read(Path::new(pack))?, bills.parse()?),
        ["sample", pack, folder, bills] => sample::write(&read(Path::new(pack))?, Path::new(folder), bills.parse()?),
        ["sheet", folder, rows] => sheet::write(Path::new(folder), rows.parse()?),
        ["same", folder, peer] => sample::same(Path::new(folder), peer),
        _ => Err(
            "packs FOLDER BILLS | county PACK BILLS | sample PACK FOLDER BILLS | sheet FOLDER ROWS | same FOLDER PEER"
                .into(),
        ),
    }
}

fn read(file: &Path) -> Result<Pack> {
    Ok(Pack::parse(&std::fs::read_to_string(file)?)?)
}

/// Prints `settled`: who did what with how many bills, microseconds of CPU and by the clock, peak memory in KiB.
pub(crate) fn report(who: &str, what: &str, bills: usize, taken: measure::Taken) {
    println!("settled\t{who}\t{what}\t{bills}\t{}\t{}\t{}", taken.cpu, taken.wall, taken.peak);
}
