//! Everything on file about households, many at a time: what worklists, due dates and checks are worked out from. One
//! statement a record type for as many households as are asked for, never one a person.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write;

use mingbai_domain::RecordId;
use mingbai_domain::catalogue::{
    AidIdentity, BenefitGrant, ChronicCertificate, ComparisonDecision, Contract, Crowd, Diagnosis, Disability,
    Enrolment, Exam, Exclusion, FindingDecision, HomeVisit, Household, HouseholdStatus, Issue, Material, Measure,
    Membership, Person, PovertyCause, Record, ScreeningEvent, Settlement, TreatmentCase, Visit,
};
use rusqlite::params;

use super::bills::{counting, year_ends};
use super::list::{standing, typed_row, whole};
use super::{id, id_maybe};
use crate::{Reading, Row, StoreError};

/// Everything on file about one household. Deleted and voided records are left out.
#[derive(Clone, Debug)]
pub struct HouseholdFile {
    /// Its id.
    pub id: RecordId,
    /// The household itself.
    pub household: Household,
    /// Its statuses, the oldest first.
    pub statuses: Vec<Row<HouseholdStatus>>,
    /// Why it is poor.
    pub causes: Vec<Row<PovertyCause>>,
    /// Help it received.
    pub measures: Vec<Row<Measure>>,
    /// Contacts with it or one of its people, the newest first.
    pub home_visits: Vec<Row<HomeVisit>>,
    /// What it raised.
    pub issues: Vec<Row<Issue>>,
    /// What was handed to it.
    pub materials: Vec<Row<Material>>,
    /// What was decided about findings on it or its people.
    pub findings: Vec<Row<FindingDecision>>,
    /// What was decided about differences with other lists.
    pub comparisons: Vec<Row<ComparisonDecision>>,
    /// Who lives in it, and whoever left it and lives nowhere else on the register.
    pub people: Vec<PersonFile>,
}

/// Everything on file about one person of a household; of people who were merged, all of them.
#[derive(Clone, Debug)]
pub struct PersonFile {
    /// The person who stands for all they were merged with.
    pub id: RecordId,
    /// The person.
    pub person: Person,
    /// Their newest stay in this household.
    pub stay: Membership,
    /// The id of that stay.
    pub stay_id: RecordId,
    /// All their stays in any household, the newest first, an open one before.
    pub stays: Vec<Row<Membership>>,
    /// Whether this household is where they were last.
    pub belongs_here: bool,
    /// Others on file with the same citizen id.
    pub same_citizen_id: Vec<RecordId>,
    /// Aid identities.
    pub identities: Vec<Row<AidIdentity>>,
    /// Disability certificates.
    pub disabilities: Vec<Row<Disability>>,
    /// Crowds of public health.
    pub crowds: Vec<Row<Crowd>>,
    /// Diagnoses.
    pub diagnoses: Vec<Row<Diagnosis>>,
    /// Cases of treatment.
    pub cases: Vec<Row<TreatmentCase>>,
    /// 特慢病证.
    pub certificates: Vec<Row<ChronicCertificate>>,
    /// Contracts.
    pub contracts: Vec<Row<Contract>>,
    /// Why there is no contract.
    pub exclusions: Vec<Row<Exclusion>>,
    /// Follow-up visits, the newest first.
    pub visits: Vec<Row<Visit>>,
    /// Examinations, the newest first.
    pub exams: Vec<Row<Exam>>,
    /// Screenings, the newest first.
    pub screenings: Vec<Row<ScreeningEvent>>,
    /// Benefits received.
    pub grants: Vec<Row<BenefitGrant>>,
    /// Enrolments.
    pub enrolments: Vec<Row<Enrolment>>,
    /// Bills that count, the newest first.
    pub bills: Vec<Row<Settlement>>,
    /// What was paid at the ends of years and counts, the newest first.
    pub year_ends: Vec<Row<Settlement>>,
}

impl PersonFile {
    /// A person of whom nothing is on file but this stay.
    #[must_use]
    pub fn new(id: RecordId, person: Person, stay: &Row<Membership>) -> Self {
        Self {
            id,
            person,
            stay: stay.record.clone(),
            stay_id: stay.id,
            stays: Vec::new(),
            belongs_here: true,
            same_citizen_id: Vec::new(),
            identities: Vec::new(),
            disabilities: Vec::new(),
            crowds: Vec::new(),
            diagnoses: Vec::new(),
            cases: Vec::new(),
            certificates: Vec::new(),
            contracts: Vec::new(),
            exclusions: Vec::new(),
            visits: Vec::new(),
            exams: Vec::new(),
            screenings: Vec::new(),
            grants: Vec::new(),
            enrolments: Vec::new(),
            bills: Vec::new(),
            year_ends: Vec::new(),
        }
    }

    /// On the register here today: the stay is open and the person alive.
    #[must_use]
    pub fn is_resident(&self) -> bool {
        self.stay.left_on.is_none() && self.person.died_on.is_none()
    }

    /// Their name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.person.name.as_deref().unwrap_or_default()
    }
}

impl HouseholdFile {
    /// A household of which nothing else is on file.
    #[must_use]
    pub fn new(id: RecordId, household: Household) -> Self {
        Self {
            id,
            household,
            statuses: Vec::new(),
            causes: Vec::new(),
            measures: Vec::new(),
            home_visits: Vec::new(),
            issues: Vec::new(),
            materials: Vec::new(),
            findings: Vec::new(),
            comparisons: Vec::new(),
            people: Vec::new(),
        }
    }

    /// Who is on the register here today.
    pub fn residents(&self) -> impl Iterator<Item = &PersonFile> {
        self.people.iter().filter(|person| person.is_resident())
    }

    /// Whether somebody lives in it.
    #[must_use]
    pub fn is_lived_in(&self) -> bool {
        self.residents().next().is_some()
    }
}

/// Records by whom they belong to.
struct Hanging<R>(HashMap<RecordId, Vec<Row<R>>>);

impl<R: Clone> Hanging<R> {
    fn of(&self, owner: &RecordId) -> Vec<Row<R>> {
        self.0.get(owner).cloned().unwrap_or_default()
    }

    fn newest_first<K: Ord>(mut self, key: impl Fn(&R) -> K) -> Self {
        for rows in self.0.values_mut() {
            rows.sort_by_key(|row| std::cmp::Reverse((key(&row.record), row.id)));
        }
        self
    }

    fn oldest_first<K: Ord>(mut self, key: impl Fn(&R) -> K) -> Self {
        for rows in self.0.values_mut() {
            rows.sort_by_key(|row| (key(&row.record), row.id));
        }
        self
    }
}

/// Ids as one parameter of a statement.
pub(crate) fn json_of<'i>(ids: impl IntoIterator<Item = &'i RecordId>) -> String {
    let mut json = String::from("[");
    for id in ids {
        if json.len() > 1 {
            json.push(',');
        }
        json.push('"');
        for byte in id.as_bytes() {
            // Writing into a string cannot fail.
            let _ = write!(json, "{byte:02x}");
        }
        json.push('"');
    }
    json.push(']');
    json
}

impl Reading<'_> {
    /// Every household on the register, in village and number order.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn household_ids(&self) -> Result<Vec<RecordId>, StoreError> {
        let mut statement = self.0.prepare_cached(
            "select h.id from household h left join village v on v.id = h.village
              where coalesce(h.deleted, 0) = 0 order by v.code, h.number, h.id",
        )?;
        Ok(statement.query_map([], |row| id(row, 0))?.collect::<Result<_, _>>()?)
    }

    /// Everything on file about these households; deleted ones are left out.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn files(&self, households: &[RecordId]) -> Result<Vec<HouseholdFile>, StoreError> {
        let homes = json_of(households);
        let stays = self.hanging::<Membership>("household", &homes, &HashMap::new())?;
        let (roots, crowd) = self.everybody(&stays)?;
        let among = json_of(&crowd);
        let alive = self.hanging::<Person>("id", &among, &HashMap::new())?;
        let of_people = OfPeople::read(*self, &among, &roots)?;
        let alike = self.alike(&among)?;

        let found = self.hanging::<Household>("id", &homes, &HashMap::new())?;
        let none = HashMap::new();
        let statuses = self.hanging::<HouseholdStatus>("household", &homes, &none)?.oldest_first(|r| r.since);
        let causes = self.hanging::<PovertyCause>("household", &homes, &none)?;
        let measures = self.hanging::<Measure>("household", &homes, &none)?;
        let visits = self.hanging::<HomeVisit>("household", &homes, &none)?.newest_first(|r| r.visited_on);
        let issues = self.hanging::<Issue>("household", &homes, &none)?;
        let materials = self.hanging::<Material>("household", &homes, &none)?;
        let findings = self.hanging::<FindingDecision>("household", &homes, &none)?;
        let comparisons = self.hanging::<ComparisonDecision>("household", &homes, &none)?;

        let mut files = Vec::with_capacity(households.len());
        for home in households {
            let Some(household) = found.0.get(home).and_then(|rows| rows.first()) else { continue };
            let mut file = HouseholdFile {
                statuses: statuses.of(home),
                causes: causes.of(home),
                measures: measures.of(home),
                home_visits: visits.of(home),
                issues: issues.of(home),
                materials: materials.of(home),
                findings: findings.of(home),
                comparisons: comparisons.of(home),
                ..HouseholdFile::new(*home, household.record.clone())
            };
            let mut here: BTreeMap<RecordId, Vec<&Row<Membership>>> = BTreeMap::new();
            for stay in stays.0.get(home).into_iter().flatten() {
                // A person who was found to be another has left the register: the other's stays count.
                if let Some(person) = stay.record.person.filter(|person| !roots.contains_key(person)) {
                    here.entry(person).or_default().push(stay);
                }
            }
            for (person, mut stays) in here {
                let Some(row) = alive.0.get(&person).and_then(|rows| rows.first()) else { continue };
                stays.sort_by_key(|stay| std::cmp::Reverse(newness(&stay.record, stay.id)));
                let Some(stay) = stays.first() else { continue };
                let all = of_people.stays.of(&person);
                let belongs_here = all.first().is_some_and(|newest| newest.record.household == Some(*home));
                if stay.record.left_on.is_some() && !belongs_here {
                    continue;
                }
                let same_citizen_id = alike.get(&person).cloned().unwrap_or_default();
                let one = PersonFile { belongs_here, same_citizen_id, ..of_people.of(person, &row.record, stay) };
                file.people.push(one);
            }
            file.people.sort_by_key(|one| {
                let relation = one.stay.relation.as_deref().unwrap_or_default();
                (mingbai_domain::relation::order(relation), one.stay.ordinal, one.person.birth, one.id)
            });
            files.push(file);
        }
        Ok(files)
    }

    /// Who stands for whom among the people of some stays, and everybody whose records are theirs.
    fn everybody(
        &self,
        stays: &Hanging<Membership>,
    ) -> Result<(HashMap<RecordId, RecordId>, BTreeSet<RecordId>), StoreError> {
        let mut crowd: BTreeSet<RecordId> = stays.0.values().flatten().filter_map(|stay| stay.record.person).collect();
        let mut roots = HashMap::new();
        let mut statement = self.0.prepare_cached("select id, root from same_person")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (same, root) = (id(row, 0)?, id(row, 1)?);
            if crowd.contains(&same) || crowd.contains(&root) {
                roots.insert(same, root);
            }
        }
        crowd.extend(roots.keys().copied());
        Ok((roots, crowd))
    }

    /// Others on file with the citizen id of these people.
    fn alike(&self, among: &str) -> Result<HashMap<RecordId, Vec<RecordId>>, StoreError> {
        let mut statement = self.0.prepare_cached(
            "select a.id, b.id from person a join person b on b.citizen_id = a.citizen_id and b.id <> a.id
              where a.id in (select unhex(value) from json_each(?1)) and a.citizen_id <> ''
                and coalesce(a.deleted, 0) = 0 and coalesce(b.deleted, 0) = 0
                and b.id not in (select loser from live_alias) order by a.id, b.id",
        )?;
        let mut alike: HashMap<RecordId, Vec<RecordId>> = HashMap::new();
        let mut rows = statement.query([among])?;
        while let Some(row) = rows.next()? {
            alike.entry(id(row, 0)?).or_default().push(id(row, 1)?);
        }
        Ok(alike)
    }

    /// The rows of a type that hang on some owners by a column, each with who stands for its owner.
    fn hanging<R: Record>(
        &self,
        column: &str,
        among: &str,
        roots: &HashMap<RecordId, RecordId>,
    ) -> Result<Hanging<R>, StoreError> {
        let sql = format!(
            "select r.{column}, {} from {} r where r.{column} in (select unhex(value) from json_each(?1)){}",
            whole::<R>(),
            R::TYPE.table,
            standing::<R>("and")
        );
        let mut statement = self.0.prepare_cached(&sql)?;
        let mut rows = statement.query(params![among])?;
        let mut hanging: HashMap<RecordId, Vec<Row<R>>> = HashMap::new();
        while let Some(row) = rows.next()? {
            let Some(owner) = id_maybe(row, 0)? else { continue };
            let one = typed_row(row, 1)?;
            hanging.entry(roots.get(&owner).copied().unwrap_or(owner)).or_default().push(one);
        }
        for rows in hanging.values_mut() {
            rows.sort_by_key(|row| row.id);
        }
        Ok(Hanging(hanging))
    }
}

/// The order of stays: an open one is newer than any that ended.
fn newness(stay: &Membership, id: RecordId) -> impl Ord + use<> {
    (stay.left_on.is_none(), stay.left_on, stay.joined_on, id)
}

/// What hangs on people, by type.
struct OfPeople {
    stays: Hanging<Membership>,
    identities: Hanging<AidIdentity>,
    disabilities: Hanging<Disability>,
    crowds: Hanging<Crowd>,
    diagnoses: Hanging<Diagnosis>,
    cases: Hanging<TreatmentCase>,
    certificates: Hanging<ChronicCertificate>,
    contracts: Hanging<Contract>,
    exclusions: Hanging<Exclusion>,
    visits: Hanging<Visit>,
    exams: Hanging<Exam>,
    screenings: Hanging<ScreeningEvent>,
    grants: Hanging<BenefitGrant>,
    enrolments: Hanging<Enrolment>,
    bills: Hanging<Settlement>,
}

impl OfPeople {
    fn read(reading: Reading<'_>, among: &str, roots: &HashMap<RecordId, RecordId>) -> Result<Self, StoreError> {
        // Stays keep their own person: a stay of somebody who was found to be another is not the other's.
        let mut stays = reading.hanging::<Membership>("person", among, &HashMap::new())?;
        for rows in stays.0.values_mut() {
            rows.sort_by_key(|row| std::cmp::Reverse(newness(&row.record, row.id)));
        }
        Ok(Self {
            stays,
            identities: reading.hanging("person", among, roots)?,
            disabilities: reading.hanging("person", among, roots)?,
            crowds: reading.hanging("person", among, roots)?,
            diagnoses: reading.hanging("person", among, roots)?,
            cases: reading.hanging("person", among, roots)?,
            certificates: reading.hanging("person", among, roots)?,
            contracts: reading.hanging("person", among, roots)?,
            exclusions: reading.hanging("person", among, roots)?,
            visits: reading.hanging::<Visit>("person", among, roots)?.newest_first(|r| r.visited_on),
            exams: reading.hanging::<Exam>("person", among, roots)?.newest_first(|r| r.examined_on),
            screenings: reading.hanging::<ScreeningEvent>("person", among, roots)?.newest_first(|r| r.done_on),
            grants: reading.hanging("person", among, roots)?,
            enrolments: reading.hanging("person", among, roots)?,
            bills: reading.hanging::<Settlement>("person", among, roots)?.newest_first(|r| r.settled_on),
        })
    }

    fn of(&self, id: RecordId, person: &Person, stay: &Row<Membership>) -> PersonFile {
        PersonFile {
            stays: self.stays.of(&id),
            identities: self.identities.of(&id),
            disabilities: self.disabilities.of(&id),
            crowds: self.crowds.of(&id),
            diagnoses: self.diagnoses.of(&id),
            cases: self.cases.of(&id),
            certificates: self.certificates.of(&id),
            contracts: self.contracts.of(&id),
            exclusions: self.exclusions.of(&id),
            visits: self.visits.of(&id),
            exams: self.exams.of(&id),
            screenings: self.screenings.of(&id),
            grants: self.grants.of(&id),
            enrolments: self.enrolments.of(&id),
            bills: counting(self.bills.of(&id)),
            year_ends: year_ends(self.bills.of(&id)),
            ..PersonFile::new(id, person.clone(), stay)
        }
    }
}
