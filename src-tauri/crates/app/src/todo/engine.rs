//! Keeping the table of what is to be done up to date: before anything of it is read, whatever was touched since is worked
//! out again; a new day or new rules work out everything.

use chrono::NaiveDate;
use mingbai_domain::RecordId;
use mingbai_store::query::{Beyond, HouseholdFile};
use mingbai_store::{Reading, Worked};

use super::{Findings, World, items};
use crate::error::AppError;
use crate::office::Context;
use crate::quality;

/// Changed whenever a list or a check is added or means something else: then everything is worked out again.
const RULES: u32 = 17;

/// The day and the rules that everything is worked out by.
fn basis(today: NaiveDate) -> String {
    format!("{today} {RULES}")
}

/// Brings what is to be done up to date; gives how many households were looked at for it.
pub(crate) fn refresh(context: &mut Context<'_>) -> Result<u64, AppError> {
    let today = context.host.today();
    let packs = context.packs()?;
    let area = context.profile()?.area.clone();
    let store = &mut context.opened_mut()?.store;
    let basis = basis(today);
    if store.is_worked_out(&basis)? {
        return Ok(0);
    }
    let world = World::read(store.read(), today, packs)?;
    let begin = || {
        let (world, mut beyond) = (&world, Beyond::default());
        move |reading: Reading<'_>, files: &[HouseholdFile]| of_households(reading, files, world, &mut beyond)
    };
    store.rework(&basis, begin, |reading| items::of_area(reading, &world, &area))
}

/// Brings what is to be done for one household up to date, whatever else is due.
pub(crate) fn refresh_one(context: &mut Context<'_>, household: RecordId) -> Result<bool, AppError> {
    let today = context.host.today();
    let packs = context.packs()?;
    let store = &mut context.opened_mut()?.store;
    let basis = basis(today);
    if store.is_worked_out(&basis)? {
        return Ok(false);
    }
    let world = World::read(store.read(), today, packs)?;
    store.rework_one(&basis, household, |reading, files| of_households(reading, files, &world, &mut Beyond::default()))
}

fn of_households(
    reading: Reading<'_>,
    files: &[HouseholdFile],
    world: &World,
    beyond: &mut Beyond,
) -> Result<Vec<Worked>, AppError> {
    let mut worked: Vec<Worked> = files.iter().map(|file| of_household(file, world)).collect();
    items::of_bills(reading, files, world, &mut worked)?;
    items::of_cards(reading, files, world, &mut worked)?;
    quality::of_files(reading, files, world, beyond, &mut worked)?;
    Ok(worked)
}

fn of_household(file: &HouseholdFile, world: &World) -> Worked {
    let (mut rows, mut shares) = (Vec::new(), Vec::new());
    let mut findings = Findings { rows: &mut rows, shares: &mut shares };
    for look in items::LOOKS {
        look(file, world, &mut findings);
    }
    Worked { household: Some(file.id), village: file.household.village, rows, shares }
}
