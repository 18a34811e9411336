//! The generated register and its changes as every peer reads them: one change a line, columns by tabs.
//!
//! ```text
//! +  id in hex  ten values               a person is entered
//! =  id in hex  column from 0  value     one field of a person is changed
//! ```

use std::io::{self, BufRead, BufReader};
use std::path::Path;

/// The columns of a person that are generated, in the order of the values.
pub(crate) const COLUMNS: [&str; 10] =
    ["name", "sex", "birth", "citizen_id", "ethnicity", "education", "labour", "health", "phone", "work_place"];

/// The people before the changes.
pub(crate) const BASE: &str = "base.tsv";
/// What is measured.
pub(crate) const CHANGES: &str = "changes.tsv";
/// A township's week on top of them.
pub(crate) const WEEK: &str = "week.tsv";

/// One line.
#[derive(Debug)]
pub(crate) enum Change {
    /// A person is entered with a value for each of [`COLUMNS`].
    Enter([u8; 16], Vec<String>),
    /// One column is changed.
    Set([u8; 16], usize, String),
}

impl Change {
    /// How many cells it writes.
    pub(crate) fn cells(&self) -> u64 {
        match self {
            Self::Enter(_, values) => values.len() as u64,
            Self::Set(..) => 1,
        }
    }

    fn read(line: &str) -> Option<Self> {
        let mut parts = line.split('\t');
        let (mark, id) = (parts.next()?, unhex(parts.next()?)?);
        Some(match mark {
            "+" => Self::Enter(id, parts.map(str::to_owned).collect()),
            _ => Self::Set(id, parts.next()?.parse().ok()?, parts.next()?.to_owned()),
        })
    }
}

/// Reads a file line by line.
pub(crate) fn read(file: &Path) -> io::Result<impl Iterator<Item = io::Result<Change>>> {
    let lines = BufReader::with_capacity(1 << 20, std::fs::File::open(file)?).lines();
    Ok(lines.map(|line| Change::read(&line?).ok_or_else(|| io::ErrorKind::InvalidData.into())))
}

/// Operations and cells of a file.
pub(crate) fn count(file: &Path) -> io::Result<(u64, u64)> {
    let (mut ops, mut cells) = (0, 0);
    for change in read(file)? {
        ops += 1;
        cells += change?.cells();
    }
    Ok((ops, cells))
}

fn unhex(text: &str) -> Option<[u8; 16]> {
    u128::from_str_radix(text, 16).ok().map(u128::to_be_bytes)
}
