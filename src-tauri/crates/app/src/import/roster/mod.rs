//! 户档案名单: households, villages, people, who lives where, statuses, causes, identities.

mod draft;
mod planner;
mod register;

use std::collections::{BTreeMap, HashMap};

use mingbai_sheets::profiles::RosterDraft;
use mingbai_sheets::{Batch, Row as SheetRow};

use super::Planned;
use super::plan::Plan;
use crate::dto::Population;
use crate::error::AppError;
use crate::office::Context;
use draft::status;
use planner::Planner;
use register::Register;

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
