//! The register as a roster is matched against it.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use mingbai_domain::catalogue::{AidIdentity, Household, HouseholdStatus, Membership, Person, PovertyCause, Village};
use mingbai_domain::{RecordId, region};
use mingbai_sheets::profiles::RosterDraft;
use mingbai_store::{Reading, Row};

use super::draft::birth;
use crate::error::AppError;

/// The register as matching needs it.
pub(super) struct Register {
    pub(super) villages: HashMap<String, RecordId>,
    pub(super) households: HashMap<String, Row<Household>>,
    pub(super) people: HashMap<String, Row<Person>>,
    pub(super) persons: HashMap<RecordId, Row<Person>>,
    /// Open memberships by person.
    pub(super) homes: HashMap<RecordId, Row<Membership>>,
    pub(super) members: HashMap<RecordId, Vec<RecordId>>,
    pub(super) statuses: HashMap<RecordId, (Option<NaiveDate>, String)>,
    pub(super) causes: HashMap<RecordId, HashSet<(String, bool)>>,
    pub(super) identities: HashMap<RecordId, HashSet<String>>,
}

impl Register {
    pub(super) fn read(reading: Reading<'_>) -> Result<Self, AppError> {
        let mut register = Self {
            villages: HashMap::new(),
            households: HashMap::new(),
            people: HashMap::new(),
            persons: HashMap::new(),
            homes: HashMap::new(),
            members: HashMap::new(),
            statuses: HashMap::new(),
            causes: HashMap::new(),
            identities: HashMap::new(),
        };
        for row in reading.all::<Village>()? {
            let name = row.record.name.unwrap_or_default();
            register.villages.insert(region::short_village_name(&name).to_owned(), row.id);
        }
        for row in reading.all::<Membership>()?.into_iter().filter(|row| row.record.left_on.is_none()) {
            if let (Some(person), Some(household)) = (row.record.person, row.record.household) {
                register.members.entry(household).or_default().push(person);
                register.homes.insert(person, row);
            }
        }
        for row in reading.all::<Household>()? {
            register.households.insert(row.record.number.clone().unwrap_or_default(), row);
        }
        for row in reading.all::<Person>()? {
            if let Some(id) = row.record.citizen_id.clone().filter(|id| !id.is_empty()) {
                register.people.insert(id, row.clone());
            }
            register.persons.insert(row.id, row);
        }
        for row in reading.all::<HouseholdStatus>()? {
            let (Some(household), Some(status)) = (row.record.household, row.record.status) else { continue };
            let known = register.statuses.entry(household).or_insert((None, String::new()));
            if row.record.since >= known.0 {
                *known = (row.record.since, status);
            }
        }
        for row in reading.all::<PovertyCause>()? {
            if let (Some(household), Some(cause)) = (row.record.household, row.record.cause) {
                register.causes.entry(household).or_default().insert((cause, row.record.main == Some(true)));
            }
        }
        for row in reading.all::<AidIdentity>()? {
            if let (Some(person), Some(identity)) = (row.record.person, row.record.identity) {
                register.identities.entry(person).or_default().insert(identity);
            }
        }
        Ok(register)
    }

    /// The person a row speaks of: by citizen id, or, where neither side has one, by name within the household.
    pub(super) fn person(&self, draft: &RosterDraft, household: Option<&Row<Household>>) -> Option<&Row<Person>> {
        if let Some(id) = &draft.id.citizen_id
            && let Some(found) = self.people.get(id)
        {
            return Some(found);
        }
        let members = self.members.get(&household?.id)?;
        let mut same = members.iter().filter_map(|id| self.persons.get(id)).filter(|row| {
            let other_id = row.record.citizen_id.is_some() && draft.id.citizen_id.is_some();
            let born_apart = matches!((row.record.birth, birth(draft)), (Some(a), Some(b)) if a != b);
            !other_id && !born_apart && row.record.name.as_deref() == Some(draft.name.as_str())
        });
        let first = same.next()?;
        same.next().is_none().then_some(first)
    }
}
