//! Keeping the table of what is to be done up to date: before anything of it is read, whatever was touched since is worked
//! out again; a new day or new rules work out everything.

use mingbai_store::Worked;
use mingbai_store::query::{Beyond, HouseholdFile};

use super::{Findings, World, items};
use crate::error::AppError;
use crate::office::Context;
use crate::quality;

/// Changed whenever a list or a check is added or means something else: then everything is worked out again.
const RULES: u32 = 6;

/// Brings what is to be done up to date; gives how many households were looked at for it.
pub(crate) fn refresh(context: &mut Context<'_>) -> Result<u64, AppError> {
    let today = context.host.today();
    let packs = context.packs()?;
    let area = context.profile()?.area.clone();
    let store = &mut context.opened_mut()?.store;
    let basis = format!("{today} {RULES}");
    if store.is_worked_out(&basis)? {
        return Ok(0);
    }
    let world = World::read(store.read(), today, packs)?;
    let mut beyond = Beyond::default();
    store.rework(
        &basis,
        |reading, files| {
            let mut worked: Vec<Worked> = files.iter().map(|file| of_household(file, &world)).collect();
            items::of_bills(reading, files, &world, &mut worked)?;
            items::of_cards(reading, files, &world, &mut worked)?;
            quality::of_files(reading, files, &world, &mut beyond, &mut worked)?;
            Ok::<_, AppError>(worked)
        },
        |reading| items::of_area(reading, &world, &area),
    )
}

fn of_household(file: &HouseholdFile, world: &World) -> Worked {
    let (mut rows, mut shares) = (Vec::new(), Vec::new());
    let mut findings = Findings { rows: &mut rows, shares: &mut shares };
    for look in items::LOOKS {
        look(file, world, &mut findings);
    }
    Worked { household: Some(file.id), village: file.household.village, rows, shares }
}
