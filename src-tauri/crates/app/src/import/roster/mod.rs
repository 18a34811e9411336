//! 户档案名单: households, villages, people, who lives where, statuses, causes, identities.

mod draft;
mod matching;
mod people;
mod planner;
mod register;

use std::collections::BTreeMap;

use mingbai_sheets::profiles::RosterDraft;
use mingbai_sheets::{Batch, Row as SheetRow};

use super::Planned;
use super::plan::Plan;
use crate::dto::{OfficeKind, Population};
use crate::error::AppError;
use crate::office::Context;
use draft::status;
use matching::Matcher;
use planner::Planner;
use register::Register;

impl Planned for RosterDraft {
    fn plan(context: &mut Context<'_>, batch: &Batch<Self>) -> Result<Plan, AppError> {
        let today = context.host.today();
        let register = Register::read(context.read()?, today)?;
        let mut matcher = Matcher::new(&register);
        let profile = context.profile()?;
        let township = (profile.kind == OfficeKind::Township).then(|| profile.area.clone());
        let place = |row: &SheetRow<Self>| match &township {
            Some(_) => Ok(()),
            None => register.told_apart(&row.draft.village),
        };
        let found = batch.rows.iter().map(|row| (row, place(row).and_then(|()| matcher.find(row))));
        let found: Vec<_> = found.collect();
        let refused = found.iter().filter(|(_, found)| found.is_err()).map(|(row, _)| &row.draft);
        let named = matcher.named(batch.rejected.iter().map(|row| &row.draft).chain(refused));
        // A household's own values stand in every row of it; the first row of each that has them speaks for all.
        let mut households: BTreeMap<&str, Vec<&SheetRow<Self>>> = BTreeMap::new();
        for (row, _) in found.iter().filter(|(_, found)| found.is_ok()) {
            households.entry(&row.draft.household_number).or_default().push(row);
        }
        let mut planner = Planner::new(&register, today, township);
        let mut statuses = BTreeMap::new();
        for (number, rows) in &households {
            planner.household(number, rows);
            statuses.insert(*number, rows.iter().find_map(|row| status(&row.draft)).map(|(status, _)| status));
        }
        for (row, found) in found {
            planner.plan.at(row);
            match found {
                Ok(known) => {
                    let status = statuses.get(row.draft.household_number.as_str()).cloned().flatten();
                    planner.person(&row.draft, known, status.as_deref());
                }
                Err(reason) => planner.plan.reject(&row.draft.name, &row.draft.household_number, reason),
            }
        }
        let open = |number: &&str| {
            let known = register.households.get(*number);
            let said = statuses.get(*number).cloned().flatten();
            let status = said.or_else(|| known.and_then(|h| Some(register.statuses.get(&h.id)?.1.clone())));
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
        let mut plan = planner.plan;
        plan.absent = register.absent(&households, &named);
        plan.totals = Some(totals);
        Ok(plan)
    }
}
