//! 户档案名单: households, villages, people, who lives where, statuses, causes, identities.

mod draft;
mod matching;
mod papers;
mod people;
mod planner;
mod register;

use std::collections::BTreeMap;

use mingbai_domain::poverty::Standing;
use mingbai_sheets::profiles::RosterDraft;
use mingbai_sheets::{Batch, Row as SheetRow};

use super::plan::Plan;
use super::vocabulary::{Labels, NO, Told, YES_OR_NO, of, told};
use super::{Named, Planned};
use crate::dto::{OfficeKind, Population};
use crate::error::AppError;
use crate::office::Context;
use draft::{standing, steps};
use matching::Matcher;
use planner::Planner;
use register::Register;

impl Planned for RosterDraft {
    const TOLD: &'static [Told] = &[
        of("relation", &["relation"]),
        of("sex", &["sex"]),
        of("document_type", &["document_type"]),
        of("ethnicity", &["ethnicity"]),
        of("education", &["education"]),
        of("schooling", &["schooling"]),
        of("labour", &["labour"]),
        of("politics", &["politics"]),
        of("household_type", &["household_type", "household_status"]),
        of("status", &["household_status"]),
        told("monitored", Labels::With("household_status", NO)),
        of("cause_main", &["poverty_cause"]),
        of("cause_2", &["poverty_cause"]),
        of("cause_3", &["poverty_cause"]),
        of("cause_4", &["poverty_cause"]),
        of("cause_5", &["poverty_cause"]),
        of("standard", &["recognition_standard"]),
        told("risk_removed", Labels::Words(&[&["是", "已消除"], &["否", "未消除"]])),
        of("removal_mode", &["removal_mode"]),
        told("minimum_living", YES_OR_NO),
        told("destitute", YES_OR_NO),
        told("no_labour_household", YES_OR_NO),
        told("unsafe_house", YES_OR_NO),
        told("safe_water", YES_OR_NO),
        told("dropout", YES_OR_NO),
        told("resident_insurance", YES_OR_NO),
        told("employee_insurance", YES_OR_NO),
        told("critical_illness", YES_OR_NO),
        told("works_abroad", YES_OR_NO),
        of("disability_kind", &["disability_kind"]),
    ];
    const NOT_KEPT: &'static [&'static str] = &[
        "members",
        "head_name",
        "head_id",
        "employee_pension",
        "resident_pension",
        "supplementary_insurance",
        "medical_aid",
        "other_health_aid",
        "speaks_mandarin",
        "industry",
        "job_channel",
        "disability_year",
        "remark",
    ];

    fn named(&self) -> Named<'_> {
        Named { id: self.id.citizen_id.as_deref(), household: &self.household_number, name: &self.name }
    }

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
            let said = rows.iter().map(|row| steps(&row.draft)).find(|steps| !steps.is_empty());
            statuses.insert(*number, said.unwrap_or_default());
        }
        for (row, found) in found {
            planner.plan.at(row);
            match found {
                Ok(known) => {
                    let said = statuses.get(row.draft.household_number.as_str()).map_or(&[][..], Vec::as_slice);
                    planner.person(&row.draft, known, standing(said));
                }
                Err(reason) => planner.plan.reject(&row.draft.name, &row.draft.household_number, reason),
            }
        }
        let mut totals = Population::default();
        for (number, rows) in &households {
            let said = statuses.get(number).map_or(&[][..], Vec::as_slice).iter().map(|step| step.status.as_str());
            let known = register.households.get(*number).and_then(|row| register.statuses.get(&row.id));
            let known = known.map_or(&[][..], Vec::as_slice).iter().map(|(_, status)| status.as_str());
            let standing: Standing<'_> = known.chain(said).collect();
            let people = rows.len() as i64;
            totals.households += 1;
            totals.people += people;
            if standing.is_open() {
                totals.not_lifted_households += 1;
                totals.not_lifted_people += people;
            } else if standing.is_lifted() {
                totals.lifted_households += 1;
                totals.lifted_people += people;
            } else {
                totals.other_households += 1;
                totals.other_people += people;
            }
        }
        let mut plan = planner.plan;
        if batch.rows.iter().any(|row| row.draft.year.is_none() && papers::speaks_of_insurance(&row.draft)) {
            plan.remarks.push("有的行没有年度，不知道是哪一年的参保情况，参保没有登记".to_owned());
        }
        plan.absent = register.absent(&households, &named);
        plan.present = named;
        plan.roster = true;
        plan.totals = Some(totals);
        Ok(plan)
    }
}
