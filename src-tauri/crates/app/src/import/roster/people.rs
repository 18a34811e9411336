//! Planning a roster's people: themselves, where they live, and their aid identities.

use chrono::NaiveDate;
use mingbai_domain::catalogue::{AidIdentity, Disability, Enrolment, Membership, Person, Record};
use mingbai_domain::poverty::Standing;
use mingbai_domain::{RecordId, code, relation};
use mingbai_sheets::profiles::RosterDraft;
use mingbai_store::Row;

use super::super::labels::coded;
use super::super::plan::{append, overlay};
use super::draft::{denied, identities, person_of};
use super::papers::{disability, enrolment};
use super::planner::{Planner, household_key};
use crate::dto::{ImportRow, RowOutcome};
use crate::record::difference;

/// The relation of whom nobody said how they are related.
const OTHER: &str = "97";

/// What becomes of somebody's place in their household.
struct Place {
    changes: Vec<String>,
    /// What the clerk should look at.
    warning: String,
}

impl Planner<'_> {
    /// Plans the person of a row: one of the register's, or somebody new.
    pub(super) fn person(&mut self, draft: &RosterDraft, known: Option<Row<Person>>, standing: Standing<'_>) {
        let mut line =
            ImportRow { who: draft.name.clone(), household: draft.household_number.clone(), ..ImportRow::default() };
        let mut warning = String::new();
        let mut changes = self.untold.remove(&draft.household_number).unwrap_or_default();
        match known {
            None => {
                line.outcome = RowOutcome::New;
                let relation = coded("relation", &draft.relation);
                if relation.is_none() {
                    warning = format!("{}，按“其他”登记", unknown_relation(draft));
                }
                self.new_person(draft, relation.unwrap_or_else(|| OTHER.to_owned()), identities(draft, standing));
            }
            Some(known) => {
                let renamed = known.record.name.as_deref().is_some_and(|name| name != draft.name);
                let mut own = self.details(&known, draft);
                let place = self.place(known.id, draft);
                own.extend(place.changes);
                own.extend(self.aid(known.id, draft, standing));
                own.extend(self.papers(known.id, draft));
                own.append(&mut changes);
                changes = own;
                warning = place.warning;
                if renamed {
                    append(&mut warning, "证件号码相同、姓名不同，请核对");
                }
                line.outcome = if changes.is_empty() { RowOutcome::Same } else { RowOutcome::Changed };
            }
        }
        line.detail = changes.join("；");
        line.warning = !warning.is_empty();
        append(&mut line.detail, &warning);
        self.plan.add(line);
    }

    fn new_person(&mut self, draft: &RosterDraft, relation: String, identities: Vec<&'static str>) {
        let key = household_key(&draft.household_number);
        let (wanted, since) = (person_of(draft), draft.recognised_on);
        let ordinal = i64::from(relation::order(&relation));
        let (certificate, enrolment) = (disability(draft), enrolment(draft));
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
                txn.insert(None, &identity_of(person, identity, since))?;
            }
            if let Some(certificate) = certificate {
                txn.insert(None, &Disability { person: Some(person), ..certificate })?;
            }
            if let Some(enrolment) = enrolment {
                txn.insert(None, &Enrolment { person: Some(person), ..enrolment })?;
            }
            Ok(())
        });
    }

    /// Name, sex, telephone and the like.
    fn details(&mut self, known: &Row<Person>, draft: &RosterDraft) -> Vec<String> {
        let id = known.id;
        let merged = overlay(&known.record, &person_of(draft));
        let changes = difference(Person::TYPE, &known.record.to_values(), &merged.to_values());
        if !changes.is_empty() {
            self.plan.write(move |txn, _| {
                txn.update(id, &merged)?;
                Ok(())
            });
        }
        changes
    }

    /// The household somebody lives in and how they are related to its head. A relation nobody can read changes nothing.
    fn place(&mut self, person: RecordId, draft: &RosterDraft) -> Place {
        let mut place = Place { changes: Vec::new(), warning: String::new() };
        let said = coded("relation", &draft.relation);
        let here = self.register.households.get(&draft.household_number).map(|row| row.id);
        match self.register.home(person, here).cloned() {
            Some(home) if home.record.household == here && here.is_some() => {
                let before = home.record.relation.clone();
                let Some(relation) = said.or_else(|| before.is_none().then(|| OTHER.to_owned())) else {
                    if !draft.relation.is_empty() {
                        let kept = code::label("relation", before.as_deref().unwrap_or_default());
                        place.warning = format!("{}，仍按“{kept}”", unknown_relation(draft));
                    }
                    return place;
                };
                if before.as_deref() != Some(&relation) {
                    let old = code::label("relation", before.as_deref().unwrap_or("空"));
                    place.changes.push(format!("与户主关系 {old} → {}", code::label("relation", &relation)));
                    let record = Membership { relation: Some(relation), ..home.record };
                    self.plan.write(move |txn, _| {
                        txn.update(home.id, &record)?;
                        Ok(())
                    });
                }
            }
            _ => {
                let homes = self.register.homes.get(&person).cloned().unwrap_or_default();
                if said.is_none() {
                    place.warning = format!("{}，转入后按“其他”登记", unknown_relation(draft));
                }
                let relation = said.unwrap_or_else(|| OTHER.to_owned());
                place.changes.push(format!("转入户 {}", draft.household_number));
                let (key, today) = (household_key(&draft.household_number), self.today);
                self.plan.write(move |txn, made| {
                    for home in homes {
                        let left =
                            Membership { left_on: Some(today), left_reason: Some("08".to_owned()), ..home.record };
                        txn.update(home.id, &left)?;
                    }
                    let membership = Membership {
                        household: made.get(&key),
                        person: Some(person),
                        relation: Some(relation),
                        joined_on: Some(today),
                        ..Membership::default()
                    };
                    txn.insert(None, &membership)?;
                    Ok(())
                });
            }
        }
        place
    }

    /// Identities that begin, and those the row expressly denies, which end today. An identity that is new to a known
    /// person has a beginning, or bills of the past would be measured by it.
    fn aid(&mut self, person: RecordId, draft: &RosterDraft, standing: Standing<'_>) -> Vec<String> {
        let held = self.register.identities.get(&person).map_or(&[][..], Vec::as_slice);
        let holds = |identity: &str| {
            held.iter().filter(|row| row.record.identity.as_deref() == Some(identity)).collect::<Vec<_>>()
        };
        let mut changes = Vec::new();
        for identity in identities(draft, standing) {
            if !holds(identity).is_empty() {
                continue;
            }
            // 识别时间 is when the household was recognised, not when somebody came to draw 低保 or 特困.
            let own = matches!(identity, "subsistence" | "extreme_poverty");
            let recognised = if identity == "monitored" { draft.monitored_on } else { None };
            // Whoever is monitored as a lifted household was poor before that day.
            let recognised = recognised.or(draft.recognised_on).or(draft.monitored_on);
            let since = recognised.filter(|_| !own).unwrap_or(self.today);
            changes.push(format!("救助身份 增加 {}（自{since}）", code::label("aid_identity", identity)));
            let record = identity_of(person, identity, Some(since));
            self.plan.write(move |txn, _| {
                txn.insert(None, &record)?;
                Ok(())
            });
        }
        for identity in denied(draft) {
            for row in holds(identity) {
                let removed = draft.removed_on.filter(|_| identity == "monitored");
                let (id, until) = (row.id, removed.unwrap_or(self.today));
                changes.push(format!("救助身份 {} 止于{until}", code::label("aid_identity", identity)));
                let record = AidIdentity { until: Some(until), ..row.record.clone() };
                self.plan.write(move |txn, _| {
                    txn.update(id, &record)?;
                    Ok(())
                });
            }
        }
        changes
    }
}

fn unknown_relation(draft: &RosterDraft) -> String {
    if draft.relation.is_empty() {
        "没有写与户主关系".to_owned()
    } else {
        format!("与户主关系“{}”不在代码表中", draft.relation)
    }
}

fn identity_of(person: RecordId, identity: &str, since: Option<NaiveDate>) -> AidIdentity {
    AidIdentity {
        person: Some(person),
        identity: Some(identity.to_owned()),
        since,
        source: Some("名单".to_owned()),
        ..AidIdentity::default()
    }
}
