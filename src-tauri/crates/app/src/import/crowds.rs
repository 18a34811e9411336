//! 重点人群名单: who is managed as one of a crowd of public health. The old and the small are told by their birth.

use std::collections::HashMap;

use chrono::NaiveDate;
use mingbai_domain::RecordId;
use mingbai_domain::catalogue::{Crowd, Person};
use mingbai_domain::code;
use mingbai_sheets::Batch;
use mingbai_sheets::profiles::CrowdDraft;
use mingbai_sheets::value::parts;
use mingbai_store::Reading;

use super::aid::running;
use super::labels::{known, text};
use super::plan::{People, Plan, Whose};
use super::vocabulary::{Told, of};
use super::{Named, Planned};
use crate::dto::{ImportRow, RowOutcome};
use crate::error::AppError;
use crate::office::Context;

/// Crowds somebody belongs to by age alone, or by belonging to none.
const BY_AGE: [&str; 3] = ["elder", "child", "ordinary"];

impl Planned for CrowdDraft {
    const TOLD: &'static [Told] = &[of("crowd", &["crowd"])];
    const NOT_KEPT: &'static [&'static str] = &["remark"];

    fn named(&self) -> Named<'_> {
        Named { id: self.id.citizen_id.as_deref(), household: &self.household_number, name: &self.name }
    }

    fn plan(context: &mut Context<'_>, batch: &Batch<Self>) -> Result<Plan, AppError> {
        let today = context.host.today();
        let reading = context.read()?;
        let people = People::read(reading)?;
        let mut plan = Plan::default();
        let mut seen: HashMap<(RecordId, String), u32> = HashMap::new();
        for row in &batch.rows {
            plan.at(row);
            let draft = &row.draft;
            let found = people.find(draft.id.citizen_id.as_deref(), &draft.household_number, &draft.name);
            let said = found.and_then(|whose| Ok((whose.clone(), crowds(&draft.crowd)?)));
            let said = said.and_then(|said| plausible(draft).map(|()| said));
            let Some((whose, crowds)) = plan.sound(said, &draft.name, &draft.household_number) else { continue };
            let again = crowds.iter().find_map(|crowd| seen.get(&(whose.person, crowd.clone())).copied());
            if let Some(first) = again {
                plan.reject(&draft.name, &whose.household, format!("与第{first}行是同一人同一类人群"));
                continue;
            }
            seen.extend(crowds.iter().map(|crowd| ((whose.person, crowd.clone()), row.row)));
            said_of(&mut plan, &whose, &draft.crowd);
            let wanted = crowds.into_iter().map(|crowd| Crowd {
                person: Some(whose.person),
                crowd: Some(crowd),
                since: draft.since,
                until: draft.until,
                until_reason: text(&draft.until_reason),
                expected_on: draft.expected_on,
                delivered_on: draft.delivered_on,
                doctor: text(&draft.doctor),
                source: Some("重点人群名单".to_owned()),
                ..Crowd::default()
            });
            lay(&mut plan, reading, today, &whose, wanted)?;
            let file = Person {
                health_file: text(&draft.health_file),
                health_file_on: draft.health_file_on,
                ..Person::default()
            };
            if let Some(known) = reading.get::<Person>(whose.person)? {
                plan.beside(Some(&known), file, "");
            }
        }
        Ok(plan)
    }
}

fn plausible(draft: &CrowdDraft) -> Result<(), String> {
    match (draft.since, draft.until) {
        (Some(from), Some(until)) if until < from => Err(format!("终止日期 {until} 早于纳入日期 {from}，请核对")),
        _ => Ok(()),
    }
}

/// The codes of the crowds a cell names that are records of their own.
pub(super) fn crowds(cell: &str) -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    for label in parts(cell) {
        let crowd = known("crowd", "人群", label)?;
        found.extend(crowd.filter(|crowd| !BY_AGE.contains(&crowd.as_str())));
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// Begins the line of a row whose records are laid beside it.
pub(super) fn said_of(plan: &mut Plan, whose: &Whose, cell: &str) {
    let by_age: Vec<&str> = parts(cell)
        .filter_map(|label| code::resolve("crowd", label))
        .filter(|crowd| BY_AGE.contains(crowd) && *crowd != "ordinary")
        .map(|crowd| code::label("crowd", crowd))
        .collect();
    let said = |labels: &[&str]| format!("{}按出生日期自动认定，不另登记", labels.join("、"));
    plan.add(ImportRow {
        outcome: RowOutcome::Same,
        who: whose.name.clone(),
        household: whose.household.clone(),
        detail: if by_age.is_empty() { String::new() } else { said(&by_age) },
        ..ImportRow::default()
    });
}

/// Days between two expected days of one and the same pregnancy, as examinations correct it.
const CORRECTED: i64 = 60;

/// Whether a row speaks of another pregnancy than the one on file: that one is delivered, or expected at another time.
fn is_another_birth(known: &Crowd, wanted: &Crowd) -> bool {
    let apart = |a: Option<NaiveDate>, b: Option<NaiveDate>| {
        a.zip(b).is_some_and(|(a, b)| (a - b).num_days().abs() > CORRECTED)
    };
    apart(known.expected_on, wanted.expected_on)
        || apart(known.delivered_on, wanted.expected_on)
        || apart(known.delivered_on, wanted.delivered_on)
        || apart(known.expected_on, wanted.delivered_on)
}

/// Lays crowds over what is on file of somebody: one of the same kind that still runs is the same.
pub(super) fn lay(
    plan: &mut Plan,
    reading: Reading<'_>,
    today: NaiveDate,
    whose: &Whose,
    wanted: impl Iterator<Item = Crowd>,
) -> Result<(), AppError> {
    let held = reading.rows_where::<Crowd>("person", &whose.person)?;
    for wanted in wanted {
        let of_kind =
            held.iter().filter(|row| row.record.crowd == wanted.crowd && !is_another_birth(&row.record, &wanted));
        let existing = running(of_kind, |known| (known.since, known.until), wanted.since, today);
        let label = wanted.crowd.as_deref().map(|crowd| code::label("crowd", crowd)).unwrap_or_default();
        let summary = format!("重点人群 {label}");
        plan.beside(existing, wanted, &summary);
    }
    Ok(())
}
