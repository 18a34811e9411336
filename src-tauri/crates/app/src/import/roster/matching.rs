//! Which person of the register each row of a roster speaks of, and the rows of which that cannot be told.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use mingbai_domain::catalogue::Person;
use mingbai_domain::{RecordId, name};
use mingbai_sheets::Row as SheetRow;
use mingbai_sheets::profiles::RosterDraft;
use mingbai_store::Row;

use super::draft::birth;
use super::register::Register;

const WHICH: &str = "同户同名不止一人，没有证件号码分不清";

/// Somebody the file brings in anew.
struct Fresh {
    row: u32,
    has_id: bool,
    birth: Option<NaiveDate>,
}

/// Matches rows one after the other; knows what the file has named before.
pub(super) struct Matcher<'r> {
    register: &'r Register,
    /// Row in which a citizen id of this file was first seen.
    seen: HashMap<String, u32>,
    /// People of the register that the file names.
    met: HashMap<RecordId, u32>,
    fresh: HashMap<(String, String), Vec<Fresh>>,
}

impl<'r> Matcher<'r> {
    pub(super) fn new(register: &'r Register) -> Self {
        Self { register, seen: HashMap::new(), met: HashMap::new(), fresh: HashMap::new() }
    }

    /// The person of the register, or nobody when the row brings somebody new.
    pub(super) fn find(&mut self, row: &SheetRow<RosterDraft>) -> Result<Option<Row<Person>>, String> {
        let draft = &row.draft;
        if let Some(id) = &draft.id.citizen_id {
            if let Some(first) = self.seen.get(id) {
                return Err(format!("证件号码与第{first}行重复"));
            }
            self.seen.insert(id.clone(), row.row);
        }
        let Some(found) = self.known(draft)? else {
            self.bring(row)?;
            return Ok(None);
        };
        if let Some(first) = self.met.get(&found.id) {
            return Err(format!("与第{first}行是同一人"));
        }
        self.met.insert(found.id, row.row);
        Ok(Some(found.clone()))
    }

    /// By citizen id, or, where not both sides have one, by name within the household.
    fn known(&self, draft: &RosterDraft) -> Result<Option<&'r Row<Person>>, String> {
        let register = self.register;
        let here = register.households.get(&draft.household_number).map(|row| row.id);
        if let Some(found) = draft.id.citizen_id.as_ref().and_then(|id| register.with_id(id)) {
            let known = found.record.name.as_deref().unwrap_or_default();
            let home = register.home(found.id, here).and_then(|home| home.record.household);
            // Another name in another household is somebody else's id.
            if known != name::normalise(&draft.name) && (home.is_none() || home != here) {
                return Err(format!("证件号码在户档案里是“{known}”，姓名和户都不同，请核对"));
            }
            return Ok(Some(found));
        }
        let born = birth(draft);
        let could_be: Vec<&Row<Person>> = register
            .namesakes(here, &draft.name)
            .filter(|row| {
                let other_id = row.record.citizen_id.is_some() && draft.id.citizen_id.is_some();
                let born_apart = matches!((row.record.birth, born), (Some(a), Some(b)) if a != b);
                !other_id && !born_apart
            })
            .collect();
        let mut exactly = could_be.iter().filter(|row| born.is_some() && row.record.birth == born);
        match (could_be.as_slice(), exactly.next(), exactly.next()) {
            ([], ..) => Ok(None),
            ([only], ..) | (_, Some(only), None) => Ok(Some(*only)),
            _ => Err(WHICH.to_owned()),
        }
    }

    /// Two new members of one name must have ids or different birth dates, or the next file could not tell them apart.
    fn bring(&mut self, row: &SheetRow<RosterDraft>) -> Result<(), String> {
        let draft = &row.draft;
        let new = Fresh { row: row.row, has_id: draft.id.citizen_id.is_some(), birth: birth(draft) };
        let others = self.fresh.entry((draft.household_number.clone(), draft.name.clone())).or_default();
        let same = others.iter().find(|other| {
            let born_apart = matches!((other.birth, new.birth), (Some(a), Some(b)) if a != b);
            !(born_apart || other.has_id && new.has_id)
        });
        if let Some(other) = same {
            return Err(format!("{WHICH}（第{}行）", other.row));
        }
        others.push(new);
        Ok(())
    }

    /// People of the register whom the file names, also in rows that are not taken.
    pub(super) fn named<'d>(self, rejected: impl Iterator<Item = &'d RosterDraft>) -> HashSet<RecordId> {
        let mut named: HashSet<RecordId> = self.met.into_keys().collect();
        for draft in rejected {
            let here = self.register.households.get(&draft.household_number).map(|row| row.id);
            named.extend(self.register.namesakes(here, &draft.name).map(|row| row.id));
            let by_id = draft.id.citizen_id.as_ref().and_then(|id| self.register.with_id(id));
            named.extend(by_id.map(|row| row.id));
        }
        named
    }
}
