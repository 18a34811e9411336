//! 特慢病证名单: applications and certificates of people who need medicine for years.

use std::collections::HashMap;

use mingbai_domain::RecordId;
use mingbai_domain::catalogue::{ChronicCertificate, Diagnosis};
use mingbai_domain::restricted::is_restricted;
use mingbai_sheets::Batch;
use mingbai_sheets::profiles::CertificateDraft;

use super::labels::{coded, hospital_level, known, text};
use super::medical::normal_icd;
use super::plan::{People, Plan};
use super::vocabulary::{Labels, Told, of, told};
use super::{Named, Planned};
use crate::error::AppError;
use crate::office::Context;

impl Planned for CertificateDraft {
    const TOLD: &'static [Told] = &[told("hospital_level", Labels::Levels), of("result", &["certificate_result"])];
    const NOT_KEPT: &'static [&'static str] = &[];

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
            let said = found.and_then(|whose| plausible(draft).map(|()| whose.clone()));
            let Some(whose) = plan.sound(said, &draft.name, &draft.household_number) else { continue };
            if let Some(first) = seen.insert((whose.person, draft.disease.clone()), row.row) {
                plan.reject(&draft.name, &whose.household, format!("与第{first}行是同一人同一个病种"));
                continue;
            }
            let icd10 = normal_icd(&draft.icd10);
            let suffered = reading.rows_where::<Diagnosis>("person", &whose.person)?;
            let diagnosis = suffered.iter().find(|row| {
                let named = row.record.disease.as_deref() == Some(&draft.disease);
                named || !icd10.is_empty() && row.record.icd10.as_deref() == Some(&icd10)
            });
            let wanted = ChronicCertificate {
                person: Some(whose.person),
                diagnosis: diagnosis.map(|row| row.id),
                disease: text(&draft.disease),
                icd10: text(&icd10),
                hospital: text(&draft.hospital),
                hospital_level: hospital_level(&draft.hospital_level).unwrap_or_default(),
                evidence: text(&draft.evidence),
                lacking: text(&draft.lacking),
                submitted_on: draft.submitted_on,
                batch: text(&draft.batch),
                review_on: draft.review_on,
                result: coded("certificate_result", &draft.result),
                result_reason: text(&draft.result_reason),
                number: text(&draft.number),
                issued_on: draft.issued_on,
                valid_until: draft.valid_until,
                reported_on: draft.reported_on,
                marked_on: draft.marked_on,
                note: text(&draft.remark),
                restricted: is_restricted(&icd10, &draft.disease).then_some(true),
                ..ChronicCertificate::default()
            };
            let held = reading.rows_where::<ChronicCertificate>("person", &whose.person)?;
            let existing = held.iter().rev().find(|row| {
                let known = &row.record;
                let numbered = known.number.is_some() && known.number == wanted.number;
                // A refusal is the end of an application: what is submitted after it is another.
                let again =
                    wanted.submitted_on.is_some() && wanted.submitted_on > known.submitted_on.max(known.review_on);
                let open = known.result.as_deref() != Some("rejected") || !again;
                known.disease == wanted.disease
                    && (numbered || open && (known.number.is_none() || wanted.number.is_none()))
            });
            plan.record(&whose, existing, wanted, format!("特慢病证 {}", draft.disease));
            for said in [hospital_level(&draft.hospital_level), known("certificate_result", "评审结果", &draft.result)]
            {
                if let Err(unknown) = said {
                    plan.warn(&format!("{unknown}，这一项没有登记"));
                }
            }
        }
        Ok(plan)
    }
}

/// Whether an application can have gone as the row says: submitted, reviewed, issued, in this order.
fn plausible(draft: &CertificateDraft) -> Result<(), String> {
    let steps = [("送审日期", draft.submitted_on), ("评审日期", draft.review_on), ("有效期至", draft.valid_until)];
    let said: Vec<_> = steps.into_iter().filter_map(|(label, day)| Some((label, day?))).collect();
    for two in said.windows(2) {
        if let [(first, from), (then, until)] = two
            && until < from
        {
            return Err(format!("{then} {until} 早于{first} {from}，请核对"));
        }
    }
    match (draft.issued_on, draft.valid_until) {
        (Some(from), Some(until)) if until < from => Err(format!("有效期至 {until} 早于发证日期 {from}，请核对")),
        _ => Ok(()),
    }
}
