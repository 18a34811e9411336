//! Measures the register at the size of a county. `cargo xtask bench register` calls it; what it prints are lines of
//! results, tab-separated.
//!
//! `bench-register sheets FOLDER PEOPLE` writes the invented rosters, 100,000 people a file, and what is looked for;
//! `build FOLDER PEOPLE` takes them in as a clerk does; `register FOLDER PEOPLE` searches and opens households;
//! `rules FOLDER PEOPLE` works out every list and check anew; `lists FOLDER` compares two lists; `bare FILE` reads a
//! workbook with nothing but its reader; `import FOLDER` looks at, tries and takes in one roster.

mod clerk;
mod import;
#[path = "../../exchange/src/measure.rs"]
mod measure;
#[path = "../../exchange/src/obey.rs"]
mod obey;
mod people;
mod register;
mod report;

use std::path::Path;
use std::process::ExitCode;

use mimalloc::MiMalloc;

pub(crate) type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// As the programs have it.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    obey::run(obey)
}

fn obey(words: &[&str]) -> Result<()> {
    match words {
        ["sheets", folder, people] => people::write(Path::new(folder), people.parse()?),
        ["build", folder, people] => register::build(Path::new(folder), people.parse()?),
        ["register", folder, people] => register::measure(Path::new(folder), people.parse()?),
        ["rules", folder, people] => register::rules(Path::new(folder), people.parse()?),
        ["lists", folder] => import::lists(Path::new(folder)),
        ["bare", file] => import::bare(Path::new(file)),
        ["import", folder] => import::import(Path::new(folder)),
        _ => Err("sheets | build | register | rules FOLDER PEOPLE · lists | import FOLDER · bare FILE".into()),
    }
}
