//! Planning a roster: what becomes of each household and each person, and the writes that make it so.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;
use mingbai_domain::catalogue::{
    AidIdentity, Household, HouseholdStatus, Membership, Person, PovertyCause, Record, Village,
};
use mingbai_domain::{RecordId, code, region, relation};
use mingbai_sheets::Row as SheetRow;
use mingbai_sheets::profiles::RosterDraft;
use mingbai_store::Row;

use super::super::plan::{Plan, overlay};
use super::draft::{causes, coded, household_of, identities, person_of, status};
use super::register::Register;
use crate::dto::{ImportRow, RowOutcome};
use crate::record::difference;

pub(super) struct Planner {
    pub(super) register: Register,
    pub(super) plan: Plan,
    pub(super) today: NaiveDate,
    /// Row in which a citizen id of this file was first seen.
    pub(super) seen: HashMap<String, u32>,
    /// People of the register that the file names.
    pub(super) met: HashMap<RecordId, u32>,
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
    pub(super) fn household(&mut self, number: &str, rows: &[&SheetRow<RosterDraft>]) {
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

    pub(super) fn person(&mut self, row: &SheetRow<RosterDraft>, status: Option<&str>) {
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
    pub(super) fn absent(&self, households: &BTreeMap<&str, Vec<&SheetRow<RosterDraft>>>) -> i64 {
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
