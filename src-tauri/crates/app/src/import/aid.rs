//! 救助对象名单: aid identities as 民政 or the insurer lists them, with the insurer's mark.

use std::collections::HashMap;

use chrono::NaiveDate;
use mingbai_domain::RecordId;
use mingbai_domain::catalogue::AidIdentity;
use mingbai_domain::code;
use mingbai_sheets::Batch;
use mingbai_sheets::profiles::AidDraft;
use mingbai_sheets::value::parts;

use super::labels::{known, text};
use super::plan::{People, Plan};
use super::vocabulary::{Told, of};
use super::{Named, Planned};
use crate::error::AppError;
use crate::office::Context;

impl Planned for AidDraft {
    const TOLD: &'static [Told] = &[of("identity", &["aid_identity"]), of("marker", &["aid_identity"])];
    const NOT_KEPT: &'static [&'static str] = &["remark"];

    fn named(&self) -> Named<'_> {
        Named { id: self.id.citizen_id.as_deref(), household: &self.household_number, name: &self.name }
    }

    fn plan(context: &mut Context<'_>, batch: &Batch<Self>) -> Result<Plan, AppError> {
        let reading = context.read()?;
        let people = People::read(reading)?;
        let mut plan = Plan::default();
        let mut seen: HashMap<(RecordId, String), u32> = HashMap::new();
        for row in &batch.rows {
            plan.at(row);
            let draft = &row.draft;
            let found = people.find(draft.id.citizen_id.as_deref(), &draft.household_number, &draft.name);
            let said = found.and_then(|whose| Ok((whose.clone(), identities(draft)?)));
            let Some((whose, identities)) = plan.sound(said, &draft.name, &draft.household_number) else { continue };
            let again = identities.iter().find_map(|identity| seen.get(&(whose.person, identity.clone())).copied());
            if let Some(first) = again {
                plan.reject(&draft.name, &whose.household, format!("与第{first}行是同一人同一种救助"));
                continue;
            }
            let held = reading.rows_where::<AidIdentity>("person", &whose.person)?;
            for (place, identity) in identities.into_iter().enumerate() {
                seen.insert((whose.person, identity.clone()), row.row);
                let summary = code::label("aid_identity", &identity).to_owned();
                let existing = held.iter().find(|row| {
                    row.record.identity.as_deref() == Some(&identity) && runs_on(row.record.until, draft.since)
                });
                let wanted = wanted(whose.person, identity, draft);
                if place == 0 {
                    plan.record(&whose, existing, wanted, summary);
                } else {
                    plan.beside(existing, wanted, &summary);
                }
            }
        }
        Ok(plan)
    }
}

/// The codes of the aid a row names.
fn identities(draft: &AidDraft) -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    for label in parts(&draft.identity) {
        match known("aid_identity", "救助类别", label)? {
            Some(code) if code == "ordinary" => {
                return Err(format!("救助类别是“{label}”，不是救助对象，没有登记"));
            }
            Some(code) if !found.contains(&code) => found.push(code),
            _ => {}
        }
    }
    if let (Some(from), Some(until)) = (draft.since, draft.until)
        && until < from
    {
        return Err(format!("终止日期 {until} 早于享受日期 {from}，请核对"));
    }
    if found.is_empty() { Err("没有救助类别".to_owned()) } else { Ok(found) }
}

/// Whether what is on file still held on the day a row speaks from: then the row is about the same, not a second time.
pub(super) fn runs_on(until: Option<NaiveDate>, since: Option<NaiveDate>) -> bool {
    until.is_none_or(|until| since.is_none_or(|since| since <= until))
}

fn wanted(person: RecordId, identity: String, draft: &AidDraft) -> AidIdentity {
    let marked = !draft.marker.is_empty() || draft.marked_on.is_some();
    AidIdentity {
        person: Some(person),
        identity: Some(identity),
        since: draft.since,
        until: draft.until,
        marked_at_insurer: marked.then_some(true),
        marked_on: draft.marked_on,
        marker: text(&draft.marker),
        certificate: text(&draft.certificate),
        source: Some("救助对象名单".to_owned()),
        ..AidIdentity::default()
    }
}
