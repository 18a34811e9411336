//! 签约: the people who are away and their agreements, contracts that are to be renewed, what is entered in a platform.

mod agreement;
mod away;
mod platform;
mod renewal;

pub(crate) use agreement::agreement_print;
pub(crate) use away::{away_list, away_print};
pub(crate) use platform::mark;
pub(crate) use renewal::renewals;

use std::collections::{BTreeMap, BTreeSet};

use mingbai_domain::RecordId;
use mingbai_domain::catalogue::Membership;
use mingbai_store::Reading;
use mingbai_store::query::{HouseholdFile, PersonFile, TodoLine};

use crate::error::AppError;

/// The households of some lines with everything on file about them.
struct Files(BTreeMap<RecordId, HouseholdFile>);

impl Files {
    /// The files of the households in which these people live today.
    fn of_people(reading: Reading<'_>, people: &BTreeSet<RecordId>) -> Result<Self, AppError> {
        let mut homes = Vec::new();
        for person in people {
            let stays = reading.rows_where::<Membership>("person", person)?.into_iter();
            homes.extend(stays.filter(|row| row.record.left_on.is_none()).filter_map(|row| row.record.household));
        }
        Self::read(reading, homes.into_iter())
    }

    fn read(reading: Reading<'_>, households: impl Iterator<Item = RecordId>) -> Result<Self, AppError> {
        let wanted: Vec<RecordId> = households.collect::<BTreeSet<_>>().into_iter().collect();
        let mut files = BTreeMap::new();
        // So many at a time that the memory for a county's list stays small.
        for some in wanted.chunks(200) {
            files.extend(reading.files(some)?.into_iter().map(|file| (file.id, file)));
        }
        Ok(Self(files))
    }

    fn of_lines(reading: Reading<'_>, lines: &[TodoLine]) -> Result<Self, AppError> {
        Self::read(reading, lines.iter().filter_map(|line| line.household))
    }

    fn of(&self, line: &TodoLine) -> Option<(&HouseholdFile, &PersonFile)> {
        let file = self.0.get(&line.household?)?;
        file.people.iter().find(|person| Some(person.id) == line.person).map(|person| (file, person))
    }
}
