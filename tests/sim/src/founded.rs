//! Counties that were founded once and are given to many runs: founding costs as much as a third of a run. There are several,
//! so that keys and the names of logs stand in different orders; everything after that is the run's own.

use std::path::Path;
use std::sync::OnceLock;

use mingbai_domain::RecordId;
use mingbai_sync::keys;
use tempfile::TempDir;

use crate::dice::Dice;
use crate::found::found;
use crate::office::{Founded, Office};
use crate::{Failure, Result};

/// How many different counties there are.
const MANY: usize = 16;

/// A county before anything happens.
struct County {
    offices: Vec<Founded>,
    villages: [RecordId; 2],
    words: String,
}

static COUNTIES: [OnceLock<County>; MANY] = [const { OnceLock::new() }; MANY];

/// The offices of a county, the county first, the villages of its two townships, and its eight words.
pub(crate) fn founded(folder: &Path, dice: &mut Dice) -> Result<(Vec<Office>, [RecordId; 2], String)> {
    let which = dice.below(MANY);
    let county = COUNTIES.get(which).ok_or_else(|| Failure::new("no such county"))?;
    let known = match county.get() {
        Some(known) => known,
        None => {
            let made = make(which)?;
            county.get_or_init(|| made)
        }
    };
    let mut offices = Vec::new();
    for office in &known.offices {
        offices.push(office.open(folder, Dice::new(dice.roll()))?);
    }
    Ok((offices, known.villages, known.words.clone()))
}

fn make(which: usize) -> Result<County> {
    let folder = TempDir::new()?;
    let (offices, villages) = found(folder.path(), &mut Dice::new(which as u64))?;
    let county = offices.first().ok_or_else(|| Failure::new("no county"))?;
    let words = keys::known_trust(county.store()?)?.words();
    let offices = offices.iter().map(Office::founded).collect::<Result<_>>()?;
    Ok(County { offices, villages, words })
}
