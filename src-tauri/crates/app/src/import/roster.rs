//! 户档案名单: households, villages, people, who lives where, statuses, causes, identities.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;
use mingbai_domain::catalogue::{
    AidIdentity, Household, HouseholdStatus, Membership, Person, PovertyCause, Record, Village,
};
use mingbai_domain::{CitizenId, RecordId, code, region, relation};
use mingbai_sheets::profiles::RosterDraft;
use mingbai_sheets::{Batch, Row as SheetRow};
use mingbai_store::{Reading, Row};

use super::Planned;
use super::plan::{Plan, overlay};
use crate::dto::{ImportRow, Population, RowOutcome};
use crate::error::AppError;
use crate::office::Context;
use crate::record::difference;

/// The register as matching needs it.
struct Register {
    villages: HashMap<String, RecordId>,
    households: HashMap<String, Row<Household>>,
    people: HashMap<String, Row<Person>>,
    persons: HashMap<RecordId, Row<Person>>,
    /// Open memberships by person.
    homes: HashMap<RecordId, Row<Membership>>,
    members: HashMap<RecordId, Vec<RecordId>>,
    statuses: HashMap<RecordId, (Option<NaiveDate>, String)>,
    causes: HashMap<RecordId, HashSet<(String, bool)>>,
    identities: HashMap<RecordId, HashSet<String>>,
}

impl Register {
    fn read(reading: Reading<'_>) -> Result<Self, AppError> {
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
    fn person(&self, draft: &RosterDraft, household: Option<&Row<Household>>) -> Option<&Row<Person>> {
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

fn birth(draft: &RosterDraft) -> Option<NaiveDate> {
    let id = draft.id.citizen_id.as_deref().and_then(|id| CitizenId::parse(id).ok());
    draft.birth.or_else(|| id.map(|id| id.birth()))
}

fn text(value: &str) -> Option<String> {
    (!value.is_empty()).then(|| value.to_owned())
}

fn coded(table: &str, label: &str) -> Option<String> {
    code::resolve(table, label).map(str::to_owned)
}

/// The status a row gives its household, and since when. A monitored kind that is not cleared goes before the poverty
/// status.
fn status(draft: &RosterDraft) -> Option<(String, Option<NaiveDate>)> {
    let cleared = matches!(draft.risk_removed.as_str(), "是" | "已消除");
    let said = [&draft.status, &draft.household_type].into_iter().find_map(|label| coded("household_status", label));
    let monitored = coded("household_status", &draft.monitored).filter(|_| !cleared);
    let status = said.or(monitored)?;
    let since = if status == "lifted" { draft.lifted_on.or(draft.recognised_on) } else { draft.recognised_on };
    Some((status, since))
}

fn causes(draft: &RosterDraft) -> Vec<(String, bool)> {
    let said = [&draft.cause_main, &draft.cause_2, &draft.cause_3, &draft.cause_4, &draft.cause_5];
    let mut causes: Vec<(String, bool)> = Vec::new();
    for (place, label) in said.into_iter().enumerate() {
        // Some exports put several causes into one cell.
        for part in label.split([',', '，', '、', ';', '；']) {
            if let Some(cause) = coded("poverty_cause", part)
                && causes.iter().all(|(known, _)| *known != cause)
            {
                causes.push((cause, place == 0 && causes.is_empty()));
            }
        }
    }
    causes
}

fn identities(draft: &RosterDraft, status: Option<&str>) -> Vec<&'static str> {
    let yes = |label: &str| matches!(label, "是" | "享受" | "1");
    let mut found = Vec::new();
    if yes(&draft.destitute) {
        found.push("extreme_poverty");
    }
    if yes(&draft.minimum_living) {
        found.push("subsistence");
    }
    match status {
        Some("not_lifted" | "pre_lifted" | "lifted") => found.push("registered_poor"),
        Some("returned") => found.push("returned_poverty"),
        Some("unstable" | "edge" | "sudden") => found.push("monitored"),
        _ => {}
    }
    found
}

fn household_of(draft: &RosterDraft) -> Household {
    Household {
        number: text(&draft.household_number),
        village_group: text(&draft.village_group),
        address: text(&draft.address),
        phone: text(&draft.household_phone),
        household_type: coded("household_type", &draft.household_type),
        helper_name: text(&draft.helper_name),
        helper_phone: text(&draft.helper_phone),
        recognised_on: draft.recognised_on,
        lifted_on: draft.lifted_on,
        ..Household::default()
    }
}

fn person_of(draft: &RosterDraft) -> Person {
    let id = draft.id.citizen_id.as_deref().and_then(|id| CitizenId::parse(id).ok());
    Person {
        name: text(&draft.name),
        // The label counts unless it is a bare number, whose meaning differs from system to system.
        sex: id.as_ref().map(|id| id.sex().code().to_owned()).or_else(|| coded("sex", &draft.sex)),
        birth: birth(draft),
        document_type: coded("document_type", &draft.document_type),
        citizen_id: id.map(|id| id.as_str().to_owned()),
        disability_certificate: draft.id.disability_certificate.clone(),
        person_number: text(&draft.person_number),
        ethnicity: coded("ethnicity", &draft.ethnicity),
        education: coded("education", &draft.education),
        schooling: coded("schooling", &draft.schooling),
        labour: coded("labour", &draft.labour),
        health: text(&draft.health),
        phone: text(&draft.phone),
        work_place: text(&draft.work_place),
        work_months: draft.work_months,
        politics: coded("politics", &draft.politics),
        ..Person::default()
    }
}

impl Planned for RosterDraft {
    fn plan(context: &mut Context<'_>, batch: &Batch<Self>) -> Result<Plan, AppError> {
        let today = context.host.today();
        let register = Register::read(context.read()?)?;
        let mut planner = Planner { register, plan: Plan::default(), today, seen: HashMap::new(), met: HashMap::new() };
        // A household's own values stand in every row of it; the first row of each that has them speaks for all.
        let mut households: BTreeMap<&str, Vec<&SheetRow<Self>>> = BTreeMap::new();
        for row in &batch.rows {
            households.entry(&row.draft.household_number).or_default().push(row);
        }
        let mut statuses = HashMap::new();
        for (number, rows) in &households {
            planner.household(number, rows);
            statuses.insert(*number, rows.iter().find_map(|row| status(&row.draft)));
        }
        for row in &batch.rows {
            let status = statuses.get(row.draft.household_number.as_str()).cloned().flatten();
            planner.person(row, status.as_ref().map(|(status, _)| status.as_str()));
        }
        let open = |number: &&str| {
            let known = planner.register.households.get(*number);
            let said = statuses.get(*number).cloned().flatten().map(|(status, _)| status);
            let status = said.or_else(|| known.and_then(|h| Some(planner.register.statuses.get(&h.id)?.1.clone())));
            matches!(status.as_deref(), Some("not_lifted" | "pre_lifted" | "returned"))
        };
        let mut totals = Population::default();
        for (number, rows) in &households {
            let people = rows.len() as i64;
            totals.households += 1;
            totals.people += people;
            if open(number) {
                totals.not_lifted_households += 1;
                totals.not_lifted_people += people;
            } else {
                totals.lifted_households += 1;
                totals.lifted_people += people;
            }
        }
        planner.plan.absent = planner.absent(&households);
        planner.plan.totals = Some(totals);
        Ok(planner.plan)
    }
}

struct Planner {
    register: Register,
    plan: Plan,
    today: NaiveDate,
    /// Row in which a citizen id of this file was first seen.
    seen: HashMap<String, u32>,
    /// People of the register that the file names.
    met: HashMap<RecordId, u32>,
}

/// Names under which records are found again while the plan is carried out.
fn household_key(number: &str) -> String {
    format!("household {number}")
}

fn village_key(name: &str) -> String {
    format!("village {name}")
}

impl Planner {
    /// Plans the household's own record, its village, status and causes; the change is told in its first row.
    fn household(&mut self, number: &str, rows: &[&SheetRow<RosterDraft>]) {
        let mut wanted = Household::default();
        for row in rows.iter().rev() {
            wanted = overlay(&wanted, &household_of(&row.draft));
        }
        let village = rows.iter().map(|row| region::short_village_name(&row.draft.village)).find(|v| !v.is_empty());
        let village = village.map(str::to_owned);
        let known_village = village.as_ref().and_then(|name| self.register.villages.get(name)).copied();
        if let (Some(name), None) = (&village, known_village) {
            let (key, name) = (village_key(name), name.clone());
            self.plan.write(move |txn, made| {
                if made.get(&key).is_none() {
                    let record = Village { name: Some(name), ..Village::default() };
                    let id = txn.insert(None, &record)?;
                    made.put(key, id);
                }
                Ok(())
            });
        }
        wanted.village = known_village;
        let known = self.register.households.get(number).cloned();
        let key = household_key(number);
        let village_name = village.clone();
        match &known {
            Some(row) => {
                let (id, merged) = (row.id, overlay(&row.record, &wanted));
                let moved = village_name.filter(|_| known_village.is_none());
                if merged != row.record || moved.is_some() {
                    self.plan.write(move |txn, made| {
                        let village = moved.and_then(|name| made.get(&village_key(&name))).or(merged.village);
                        txn.update(id, &Household { village, ..merged })?;
                        Ok(())
                    });
                }
                self.plan.write(move |_, made| {
                    made.put(key, id);
                    Ok(())
                });
            }
            None => self.plan.write(move |txn, made| {
                let village = wanted.village.or_else(|| made.get(&village_key(&village_name?)));
                let id = txn.insert(None, &Household { village, ..wanted })?;
                made.put(key, id);
                Ok(())
            }),
        }
        self.status(number, known.as_ref(), rows);
        self.causes(number, known.as_ref(), rows);
    }

    fn status(&mut self, number: &str, known: Option<&Row<Household>>, rows: &[&SheetRow<RosterDraft>]) {
        let Some((status, since)) = rows.iter().find_map(|row| status(&row.draft)) else { return };
        let current = known.and_then(|row| self.register.statuses.get(&row.id));
        if current.is_some_and(|(_, known)| *known == status) {
            return;
        }
        // A later status needs a later date than the one it follows.
        let since = match (current, since) {
            (Some((Some(before), _)), said) if said.is_none_or(|day| day <= *before) => Some(self.today),
            (_, said) => said,
        };
        let key = household_key(number);
        self.plan.write(move |txn, made| {
            let household = made.get(&key);
            let record = HouseholdStatus { household, status: Some(status), since, ..HouseholdStatus::default() };
            txn.insert(None, &record)?;
            Ok(())
        });
    }

    fn causes(&mut self, number: &str, known: Option<&Row<Household>>, rows: &[&SheetRow<RosterDraft>]) {
        let Some(said) = rows.iter().map(|row| causes(&row.draft)).find(|causes| !causes.is_empty()) else { return };
        let before = known.and_then(|row| self.register.causes.get(&row.id)).cloned().unwrap_or_default();
        for (cause, main) in said {
            if before.iter().any(|(known, _)| *known == cause) {
                continue;
            }
            let main = main && before.iter().all(|(_, main)| !main);
            let key = household_key(number);
            self.plan.write(move |txn, made| {
                let household = made.get(&key);
                let record =
                    PovertyCause { household, cause: Some(cause), main: Some(main), ..PovertyCause::default() };
                txn.insert(None, &record)?;
                Ok(())
            });
        }
    }

    fn person(&mut self, row: &SheetRow<RosterDraft>, status: Option<&str>) {
        let draft = &row.draft;
        if let Some(id) = &draft.id.citizen_id {
            if let Some(first) = self.seen.get(id) {
                let reason = format!("证件号码与第{first}行重复");
                return self.plan.reject(row.row, &draft.name, reason);
            }
            self.seen.insert(id.clone(), row.row);
        }
        let household = self.register.households.get(&draft.household_number).cloned();
        let found = self.register.person(draft, household.as_ref()).cloned();
        let wanted = person_of(draft);
        let relation = coded("relation", &draft.relation);
        let identities = identities(draft, status);
        let mut line = ImportRow {
            row: i64::from(row.row),
            who: draft.name.clone(),
            household: draft.household_number.clone(),
            ..ImportRow::default()
        };
        if !draft.relation.is_empty() && relation.is_none() {
            line.warning = true;
            line.detail = format!("与户主关系“{}”不在代码表中，按“其他”登记", draft.relation);
        }
        let relation = relation.unwrap_or_else(|| "97".to_owned());
        match found {
            None => {
                line.outcome = RowOutcome::New;
                self.new_person(&draft.household_number, wanted, relation, identities);
            }
            Some(known) => {
                if let Some(first) = self.met.insert(known.id, row.row) {
                    let reason = format!("与第{first}行是同一人");
                    return self.plan.reject(row.row, &draft.name, reason);
                }
                let mut changes = self.changed_person(&known, &draft.household_number, wanted, &relation, &identities);
                if relation == relation::HEAD {
                    changes.extend(self.household_changes(household.as_ref(), draft));
                }
                line.outcome = if changes.is_empty() { RowOutcome::Same } else { RowOutcome::Changed };
                if !changes.is_empty() {
                    line.detail = [std::mem::take(&mut line.detail), changes.join("；")].concat();
                }
            }
        }
        self.plan.add(line);
    }

    fn new_person(&mut self, number: &str, wanted: Person, relation: String, identities: Vec<&'static str>) {
        let key = household_key(number);
        let ordinal = i64::from(relation::order(&relation));
        self.plan.write(move |txn, made| {
            let person = txn.insert(None, &wanted)?;
            let membership = Membership {
                household: made.get(&key),
                person: Some(person),
                relation: Some(relation),
                ordinal: Some(ordinal),
                ..Membership::default()
            };
            txn.insert(None, &membership)?;
            for identity in identities {
                txn.insert(None, &identity_of(person, identity))?;
            }
            Ok(())
        });
    }

    fn changed_person(
        &mut self,
        known: &Row<Person>,
        number: &str,
        wanted: Person,
        relation: &str,
        identities: &[&'static str],
    ) -> Vec<String> {
        let id = known.id;
        let merged = overlay(&known.record, &wanted);
        let mut changes = difference(Person::TYPE, &known.record.to_values(), &merged.to_values());
        if !changes.is_empty() {
            self.plan.write(move |txn, _| {
                txn.update(id, &merged)?;
                Ok(())
            });
        }
        let home = self.register.homes.get(&id).cloned();
        let here = self.register.households.get(number).map(|row| row.id);
        match home {
            Some(home) if home.record.household == here && here.is_some() => {
                if home.record.relation.as_deref() != Some(relation) {
                    let old = code::label("relation", home.record.relation.as_deref().unwrap_or_default());
                    changes.push(format!("与户主关系 {old} → {}", code::label("relation", relation)));
                    let record = Membership { relation: Some(relation.to_owned()), ..home.record };
                    self.plan.write(move |txn, _| {
                        txn.update(home.id, &record)?;
                        Ok(())
                    });
                }
            }
            home => {
                changes.push(format!("转入户 {number}"));
                let (key, relation, today) = (household_key(number), relation.to_owned(), self.today);
                self.plan.write(move |txn, made| {
                    if let Some(home) = home {
                        let left =
                            Membership { left_on: Some(today), left_reason: Some("08".to_owned()), ..home.record };
                        txn.update(home.id, &left)?;
                    }
                    let membership = Membership {
                        household: made.get(&key),
                        person: Some(id),
                        relation: Some(relation),
                        joined_on: Some(today),
                        ..Membership::default()
                    };
                    txn.insert(None, &membership)?;
                    Ok(())
                });
            }
        }
        let held = self.register.identities.get(&id).cloned().unwrap_or_default();
        for identity in identities.iter().filter(|identity| !held.contains(**identity)) {
            changes.push(format!("救助身份 增加 {}", code::label("aid_identity", identity)));
            let record = identity_of(id, identity);
            self.plan.write(move |txn, _| {
                txn.insert(None, &record)?;
                Ok(())
            });
        }
        changes
    }

    /// What changes in the household itself, told in the head's row.
    fn household_changes(&self, known: Option<&Row<Household>>, draft: &RosterDraft) -> Vec<String> {
        let Some(known) = known else { return Vec::new() };
        let merged = overlay(&known.record, &household_of(draft));
        let mut changes = difference(Household::TYPE, &known.record.to_values(), &merged.to_values());
        if let Some((status, _)) = status(draft)
            && self.register.statuses.get(&known.id).is_none_or(|(_, current)| *current != status)
        {
            changes.push(format!("户属性 → {}", code::label("household_status", &status)));
        }
        let before = self.register.causes.get(&known.id);
        for (cause, _) in causes(draft) {
            if before.is_none_or(|known| known.iter().all(|(c, _)| *c != cause)) {
                changes.push(format!("致贫原因 增加 {}", code::label("poverty_cause", &cause)));
            }
        }
        changes
    }

    /// People of the file's households or villages whom the file does not name.
    fn absent(&self, households: &BTreeMap<&str, Vec<&SheetRow<RosterDraft>>>) -> i64 {
        let villages: HashSet<&str> = households
            .values()
            .flatten()
            .map(|row| region::short_village_name(&row.draft.village))
            .filter(|name| !name.is_empty())
            .collect();
        let villages: HashSet<RecordId> =
            villages.iter().filter_map(|name| self.register.villages.get(*name)).copied().collect();
        let covered = self.register.households.values().filter(|row| {
            row.record.village.is_some_and(|village| villages.contains(&village))
                || households.contains_key(row.record.number.as_deref().unwrap_or_default())
        });
        let people = covered.filter_map(|row| self.register.members.get(&row.id)).flatten();
        people.filter(|person| !self.met.contains_key(person)).count() as i64
    }
}

fn identity_of(person: RecordId, identity: &str) -> AidIdentity {
    AidIdentity {
        person: Some(person),
        identity: Some(identity.to_owned()),
        source: Some("名单".to_owned()),
        ..AidIdentity::default()
    }
}
