//! Measures the exchange beside its peers. `cargo xtask bench sync` calls it; the results are lines on standard output.
//!
//! `bench-exchange register FOLDER PEOPLE` writes the invented register and its changes, which every peer reads;
//! `prepare FOLDER` makes the databases and bundles; `round FOLDER` measures once, `week FOLDER` only what a week brings;
//! `loss FOLDER` counts what slips through.

mod changes;
mod clerk;
mod exchange;
mod loss;
mod measure;
mod obey;
mod office;
mod register;
mod results;

use std::path::Path;
use std::process::ExitCode;

pub(crate) type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    obey::run(obey)
}

fn obey(words: &[&str]) -> Result<()> {
    match words {
        ["register", folder, people] => Ok(register::write(Path::new(folder), people.parse()?)?),
        ["prepare", folder] => exchange::prepare(Path::new(folder)),
        ["round", folder] => exchange::round(Path::new(folder)),
        ["week", folder] => exchange::week_round(Path::new(folder)),
        ["loss", folder] => loss::find(Path::new(folder)),
        _ => Err("register FOLDER PEOPLE | prepare FOLDER | round FOLDER | week FOLDER | loss FOLDER".into()),
    }
}
