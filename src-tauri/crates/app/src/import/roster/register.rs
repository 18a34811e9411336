//! The register as a roster is matched against it.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;
use mingbai_domain::catalogue::{
    AidIdentity, Disability, Enrolment, Hamlet, Household, HouseholdStatus, Measure, Membership, Person, PovertyCause,
};
use mingbai_domain::{RecordId, region, relation};
use mingbai_sheets::Row as SheetRow;
use mingbai_sheets::profiles::RosterDraft;
use mingbai_store::{Reading, Row};

use super::super::plan::Gone;
use crate::error::AppError;
use crate::village_change::Names;

/// The register as matching needs it.
pub(super) struct Register {
    /// Villages by their names and by those of the villages that became part of them.
    pub(super) villages: Names,
    /// 村民小组 by village and name.
    pub(super) hamlets: HashSet<(RecordId, String)>,
    pub(super) households: HashMap<String, Row<Household>>,
    /// By citizen id.
    people: HashMap<String, RecordId>,
    pub(super) persons: HashMap<RecordId, Row<Person>>,
    /// Open memberships by person; more than one is somebody registered twice.
    pub(super) homes: HashMap<RecordId, Vec<Row<Membership>>>,
    pub(super) members: HashMap<RecordId, Vec<RecordId>>,
    /// Statuses by household, the oldest first.
    pub(super) statuses: HashMap<RecordId, Vec<(Option<NaiveDate>, String)>>,
    pub(super) causes: HashMap<RecordId, HashSet<(String, bool)>>,
    /// Aid identities that have not ended, by person.
    pub(super) identities: HashMap<RecordId, Vec<Row<AidIdentity>>>,
    /// Disability certificates by person.
    pub(super) disabilities: HashMap<RecordId, Vec<Row<Disability>>>,
    /// Enrolments by person and year.
    pub(super) enrolments: HashMap<(RecordId, i64), Row<Enrolment>>,
    /// Measures of help by household: kind and content.
    pub(super) measures: HashMap<RecordId, HashSet<(String, Option<String>)>>,
}

impl Register {
    pub(super) fn read(reading: Reading<'_>, today: NaiveDate) -> Result<Self, AppError> {
        let mut register = Self {
            villages: Names::read(reading, today)?,
            hamlets: HashSet::new(),
            households: HashMap::new(),
            people: HashMap::new(),
            persons: HashMap::new(),
            homes: HashMap::new(),
            members: HashMap::new(),
            statuses: HashMap::new(),
            causes: HashMap::new(),
            identities: HashMap::new(),
            disabilities: HashMap::new(),
            enrolments: HashMap::new(),
            measures: HashMap::new(),
        };
        for row in reading.all::<Hamlet>()? {
            if let (Some(village), Some(name)) = (row.record.village, row.record.name) {
                register.hamlets.insert((village, name));
            }
        }
        for row in reading.all::<Membership>()?.into_iter().filter(|row| row.record.left_on.is_none()) {
            if let (Some(person), Some(household)) = (row.record.person, row.record.household) {
                register.members.entry(household).or_default().push(person);
                register.homes.entry(person).or_default().push(row);
            }
        }
        for row in reading.all::<Household>()? {
            register.households.insert(row.record.number.clone().unwrap_or_default(), row);
        }
        for row in reading.all::<Person>()? {
            if let Some(id) = row.record.citizen_id.clone().filter(|id| !id.is_empty()) {
                register.people.insert(id, row.id);
            }
            register.persons.insert(row.id, row);
        }
        for row in reading.all::<HouseholdStatus>()? {
            let (Some(household), Some(status)) = (row.record.household, row.record.status) else { continue };
            register.statuses.entry(household).or_default().push((row.record.since, status));
        }
        register.statuses.values_mut().for_each(|known| known.sort_by_key(|(since, _)| *since));
        for row in reading.all::<PovertyCause>()? {
            if let (Some(household), Some(cause)) = (row.record.household, row.record.cause) {
                register.causes.entry(household).or_default().insert((cause, row.record.main == Some(true)));
            }
        }
        for row in
            reading.all::<AidIdentity>()?.into_iter().filter(|row| row.record.until.is_none_or(|day| day > today))
        {
            if let Some(person) = row.record.person {
                register.identities.entry(person).or_default().push(row);
            }
        }
        for row in reading.all::<Disability>()? {
            if let Some(person) = row.record.person {
                register.disabilities.entry(person).or_default().push(row);
            }
        }
        for row in reading.all::<Enrolment>()? {
            if let (Some(person), Some(year)) = (row.record.person, row.record.year) {
                register.enrolments.insert((person, year), row);
            }
        }
        for row in reading.all::<Measure>()? {
            if let (Some(household), Some(kind)) = (row.record.household, row.record.kind) {
                register.measures.entry(household).or_default().insert((kind, row.record.detail));
            }
        }
        Ok(register)
    }

    /// The person with this citizen id.
    pub(super) fn with_id(&self, citizen_id: &str) -> Option<&Row<Person>> {
        self.persons.get(self.people.get(citizen_id)?)
    }

    /// Members of a household who carry this name.
    pub(super) fn namesakes<'r>(
        &'r self,
        household: Option<RecordId>,
        name: &str,
    ) -> impl Iterator<Item = &'r Row<Person>> {
        let members = household.and_then(|id| self.members.get(&id)).map_or(&[][..], Vec::as_slice);
        let people = members.iter().filter_map(|id| self.persons.get(id));
        people.filter(move |row| row.record.name.as_deref() == Some(name))
    }

    /// Refuses a village of which the county cannot tell to which township it belongs.
    pub(super) fn told_apart(&self, village: &str) -> Result<(), String> {
        let short = region::short_village_name(village);
        if self.villages.shared.contains(short) {
            Err(format!("县里有好几个“{village}”，分不清是哪个乡镇的，请由乡镇导入"))
        } else if !short.is_empty() && !self.villages.by_name.contains_key(short) {
            Err(format!("县里还没有登记“{village}”，不知道是哪个乡镇的，请由乡镇导入"))
        } else {
            Ok(())
        }
    }

    /// Where somebody lives: in this household if there among others.
    pub(super) fn home(&self, person: RecordId, here: Option<RecordId>) -> Option<&Row<Membership>> {
        let homes = self.homes.get(&person)?;
        homes.iter().find(|home| here.is_some() && home.record.household == here).or_else(|| homes.first())
    }

    /// People of the file's households or villages whom the file does not name, by household and name.
    pub(super) fn absent(
        &self,
        households: &BTreeMap<&str, Vec<&SheetRow<RosterDraft>>>,
        named: &HashSet<RecordId>,
    ) -> Vec<Gone> {
        let names = households.values().flatten().map(|row| region::short_village_name(&row.draft.village));
        let villages: HashSet<RecordId> = names.filter_map(|name| self.villages.by_name.get(name)).copied().collect();
        let mut absent = Vec::new();
        for (number, household) in &self.households {
            let covered = household.record.village.is_some_and(|village| villages.contains(&village));
            if !covered && !households.contains_key(number.as_str()) {
                continue;
            }
            let members = self.members.get(&household.id).map_or(&[][..], Vec::as_slice);
            let name = |id: &RecordId| self.persons.get(id).and_then(|row| row.record.name.clone()).unwrap_or_default();
            let is_head = |id: &&RecordId| {
                let home = self.home(**id, Some(household.id));
                home.is_some_and(|home| home.record.relation.as_deref() == Some(relation::HEAD))
            };
            let head = members.iter().find(is_head).map(name).unwrap_or_default();
            let is_gone = |person: &&RecordId| {
                let known = self.persons.get(*person).map(|row| &row.record);
                !named.contains(*person) && known.is_some_and(|p| p.died_on.is_none() && p.deleted != Some(true))
            };
            for person in members.iter().filter(is_gone) {
                absent.push(Gone { told: format!("{number} {head}户 {}", name(person)), person: *person });
            }
        }
        absent.sort_unstable();
        absent
    }
}
