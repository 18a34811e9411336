//! Planning a roster's households: their own record, village, status and causes, and the writes that make it so.

use std::collections::HashMap;

use chrono::NaiveDate;
use mingbai_domain::catalogue::{Hamlet, Household, HouseholdStatus, PovertyCause, Record, Village};
use mingbai_domain::{RecordId, code, poverty, region};
use mingbai_sheets::Row as SheetRow;
use mingbai_sheets::profiles::RosterDraft;
use mingbai_store::Row;

use super::super::plan::{Plan, overlay};
use super::draft::{causes, household_of, steps};
use super::register::Register;
use crate::record::difference;
use crate::village_work::group_number;

pub(super) struct Planner<'r> {
    pub(super) register: &'r Register,
    pub(super) plan: Plan,
    pub(super) today: NaiveDate,
    /// Division code of the township whose roster it is; none at the county.
    township: Option<String>,
    /// What changes in known households, until a row has told it.
    pub(super) untold: HashMap<String, Vec<String>>,
}

/// Names under which records are found again while the plan is carried out.
pub(super) fn household_key(number: &str) -> String {
    format!("household {number}")
}

fn village_key(name: &str) -> String {
    format!("village {name}")
}

impl<'r> Planner<'r> {
    pub(super) fn new(register: &'r Register, today: NaiveDate, township: Option<String>) -> Self {
        Self { register, plan: Plan::default(), today, township, untold: HashMap::new() }
    }

    /// A 村民小组 nobody registered yet is registered with the first household that names it.
    fn hamlet(&mut self, known: Option<RecordId>, new: Option<String>, name: Option<&str>) {
        let Some(name) = name.map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned) else { return };
        if known.is_some_and(|village| self.register.hamlets.contains(&(village, name.clone()))) {
            return;
        }
        let key =
            format!("hamlet {} {name}", known.map(|id| id.to_string()).or_else(|| new.clone()).unwrap_or_default());
        self.plan.write(move |txn, made| {
            let village = known.or_else(|| made.get(&new?));
            if made.get(&key).is_none()
                && let Some(village) = village
            {
                let hamlet = Hamlet {
                    village: Some(village),
                    ordinal: group_number(&name),
                    name: Some(name),
                    ..Hamlet::default()
                };
                let id = txn.insert(None, &hamlet)?;
                made.put(key, id);
            }
            Ok(())
        });
    }

    /// Plans a household from its rows; its first row tells what changes.
    pub(super) fn household(&mut self, number: &str, rows: &[&SheetRow<RosterDraft>]) {
        let mut wanted = Household::default();
        for row in rows.iter().rev() {
            wanted = overlay(&wanted, &household_of(&row.draft));
        }
        let village = rows.iter().map(|row| region::short_village_name(&row.draft.village)).find(|v| !v.is_empty());
        let lies = self.register.households.get(number).and_then(|row| row.record.village);
        let known_village = village.and_then(|name| self.register.villages.by_name.get(name));
        let known_village = known_village.map(|said| self.register.villages.meant(*said, lies));
        if let (Some(name), None) = (village, known_village) {
            let (key, name, township) = (village_key(name), name.to_owned(), self.township.clone());
            self.plan.write(move |txn, made| {
                if made.get(&key).is_none() {
                    let record = Village { name: Some(name), township, ..Village::default() };
                    let id = txn.insert(None, &record)?;
                    made.put(key, id);
                }
                Ok(())
            });
        }
        let known = self.register.households.get(number);
        let key = household_key(number);
        let new_village = village.filter(|_| known_village.is_none()).map(village_key);
        self.hamlet(known_village, new_village.clone(), wanted.village_group.as_deref());
        let mut changes = Vec::new();
        match known {
            Some(row) => {
                let (id, merged) = (row.id, overlay(&row.record, &wanted));
                changes = difference(Household::TYPE, &row.record.to_values(), &merged.to_values());
                // Only the county moves a household to another township, and an old list does not move it back.
                let away = self.township.is_some()
                    && row
                        .record
                        .village
                        .is_some_and(|lies| !self.register.villages.by_name.values().any(|own| *own == lies));
                let (new_village, known_village) = if away { (None, None) } else { (new_village, known_village) };
                if new_village.is_some() || known_village.is_some_and(|said| row.record.village != Some(said)) {
                    let before = row.record.village.map(|id| self.register.villages.name(id)).unwrap_or("空");
                    changes.push(format!("村 {before} → {}", village.unwrap_or_default()));
                }
                let village = known_village.or(merged.village);
                if !changes.is_empty() {
                    self.plan.write(move |txn, made| {
                        let village = new_village.and_then(|key| made.get(&key)).or(village);
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
                let village = known_village.or_else(|| made.get(&new_village?));
                let id = txn.insert(None, &Household { village, ..wanted })?;
                made.put(key, id);
                Ok(())
            }),
        }
        changes.extend(self.statuses(number, known, rows));
        changes.extend(self.causes(number, known, rows));
        changes.extend(self.measures(number, known, rows));
        if known.is_some() {
            self.untold.insert(number.to_owned(), changes);
        }
    }

    /// The statuses that are new on the track they belong to.
    fn statuses(
        &mut self,
        number: &str,
        known: Option<&Row<Household>>,
        rows: &[&SheetRow<RosterDraft>],
    ) -> Vec<String> {
        let said = rows.iter().map(|row| steps(&row.draft)).find(|steps| !steps.is_empty()).unwrap_or_default();
        let before = known.and_then(|row| self.register.statuses.get(&row.id)).map_or(&[][..], Vec::as_slice);
        let mut told = Vec::new();
        for track in [true, false] {
            let is_of = |status: &str| poverty::is_of_poverty(status) == track;
            let mut current = before.iter().rfind(|(_, status)| is_of(status)).cloned();
            let steps: Vec<_> = said.iter().filter(|step| is_of(&step.status)).collect();
            if steps.last().map(|step| &step.status) == current.as_ref().map(|(_, status)| status) {
                continue;
            }
            for step in steps {
                if current.as_ref().is_some_and(|(_, status)| *status == step.status) {
                    continue;
                }
                // A later status needs a later date than the one it follows.
                let since = match (&current, step.since) {
                    (Some((Some(before), _)), said) if said.is_none_or(|day| day <= *before) => Some(self.today),
                    (_, said) => said,
                };
                let was = current.as_ref().map_or("空", |(_, known)| code::label("household_status", known));
                told.push(format!("户属性 {was} → {}", code::label("household_status", &step.status)));
                current = Some((since, step.status.clone()));
                let (key, step) = (household_key(number), step.clone());
                self.plan.write(move |txn, made| {
                    let record = HouseholdStatus {
                        household: made.get(&key),
                        status: Some(step.status),
                        since,
                        removal_mode: step.removal_mode,
                        source: Some("名单".to_owned()),
                        ..HouseholdStatus::default()
                    };
                    txn.insert(None, &record)?;
                    Ok(())
                });
            }
        }
        told
    }

    fn causes(&mut self, number: &str, known: Option<&Row<Household>>, rows: &[&SheetRow<RosterDraft>]) -> Vec<String> {
        let said = rows.iter().map(|row| causes(&row.draft)).find(|causes| !causes.is_empty()).unwrap_or_default();
        let before = known.and_then(|row| self.register.causes.get(&row.id)).cloned().unwrap_or_default();
        let mut told = Vec::new();
        for (cause, main) in said {
            if before.iter().any(|(known, _)| *known == cause) {
                continue;
            }
            told.push(format!("致贫原因 增加 {}", code::label("poverty_cause", &cause)));
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
        told
    }
}
