//! 认定材料: what the pack in force asks for before a long-term disease can be certified, beside what is at hand.

use chrono::NaiveDate;

use crate::bill::certified;
use crate::dto::{EvidenceRequest, EvidenceView};
use crate::error::AppError;
use crate::office::Context;
use crate::policy::Packs;

/// What the pack of a day asks for a disease; `None` where no pack has a rule for it.
pub(crate) fn asked(packs: &Packs, day: NaiveDate, disease: &str, evidence: &str) -> Option<EvidenceView> {
    let pack = packs.on(day)?;
    let disease = certified(&pack.rules, disease)?;
    let rule = disease.evidence.as_ref()?.to_string();
    Some(EvidenceView { rule, missing: disease.lacking(evidence)?, pack: pack.title() })
}

pub(crate) fn evidence(context: &mut Context<'_>, request: EvidenceRequest) -> Result<EvidenceView, AppError> {
    let today = context.host.today();
    let packs = context.packs()?;
    Ok(asked(&packs, today, &request.disease, &request.evidence).unwrap_or_default())
}
