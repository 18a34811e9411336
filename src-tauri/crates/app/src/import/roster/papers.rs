//! What a roster says beside the people themselves: disability certificates, who is insured, measures of help.

use mingbai_domain::catalogue::{Disability, Enrolment, Household, Measure, Record};
use mingbai_domain::{RecordId, code};
use mingbai_sheets::Row as SheetRow;
use mingbai_sheets::profiles::RosterDraft;
use mingbai_sheets::value::{is_placeholder, parts};
use mingbai_store::Row;

use super::super::labels::{coded, text};
use super::super::plan::overlay;
use super::super::vocabulary::YES;
use super::draft::yes_or_no;
use super::planner::{Planner, household_key};
use crate::record::difference;

const SOURCE: &str = "名单";

/// The certificate that a row speaks of: by its number, whose end says kind and grade, or by the kind alone.
pub(super) fn disability(draft: &RosterDraft) -> Option<Disability> {
    let (kind, grade) = draft.id.disability().map_or((None, None), |(kind, grade)| {
        (
            Some(kind.to_string()),
            Some(grade.to_string()).filter(|grade| code::find("disability_grade", grade).is_some()),
        )
    });
    let kind = kind.filter(|kind| code::find("disability_kind", kind).is_some());
    let kind = kind.or_else(|| coded("disability_kind", &draft.disability_kind))?;
    Some(Disability {
        kind: Some(kind),
        grade,
        number: draft.id.disability_certificate.clone(),
        source: Some(SOURCE.to_owned()),
        ..Disability::default()
    })
}

/// Whether the row says anything of insurance.
pub(super) fn speaks_of_insurance(draft: &RosterDraft) -> bool {
    [&draft.resident_insurance, &draft.employee_insurance].into_iter().any(|said| yes_or_no(said) == Some(true))
}

/// The year's enrolment that a row speaks of; nothing where it says no year. That somebody is in neither scheme is no
/// enrolment: the worklists name whoever has none.
pub(super) fn enrolment(draft: &RosterDraft) -> Option<Enrolment> {
    let year = draft.year.filter(|year| (2003..2100).contains(year))?;
    let yes = |label: &String| yes_or_no(label) == Some(true);
    let insurance = match (yes(&draft.resident_insurance), yes(&draft.employee_insurance)) {
        (_, true) => "310",
        (true, false) => "390",
        (false, false) => return None,
    };
    Some(Enrolment {
        year: Some(year),
        insurance: Some(insurance.to_owned()),
        insured: Some(true),
        critical_illness: yes_or_no(&draft.critical_illness),
        ..Enrolment::default()
    })
}

/// Measures of help: each label of each column is one.
fn measures(draft: &RosterDraft) -> Vec<(&'static str, Option<String>)> {
    let columns = [
        ("industry", &draft.industry_aid),
        ("employment", &draft.employment_aid),
        ("finance", &draft.finance_aid),
        ("health", &draft.health_aid),
        ("education", &draft.education_aid),
        ("housing", &draft.housing_aid),
        ("water", &draft.water_aid),
        ("compulsory", &draft.compulsory_aid),
        ("security", &draft.combined_aid),
        ("society", &draft.social_aid),
        ("relocation", &draft.relocation),
        ("public_job", &draft.public_job_aid),
        ("infrastructure", &draft.infrastructure),
        ("conditions", &draft.conditions),
    ];
    let said = |label: &&str| !is_placeholder(label) && yes_or_no(label) != Some(false);
    let labels = columns.into_iter().flat_map(|(kind, cell)| {
        parts(cell).filter(said).map(move |label| (kind, text(label).filter(|label| !YES.contains(&label.as_str()))))
    });
    labels.collect()
}

impl Planner<'_> {
    /// The certificate and the enrolment of somebody known, as far as they are new.
    pub(super) fn papers(&mut self, person: RecordId, draft: &RosterDraft) -> Vec<String> {
        let mut changes = Vec::new();
        if let Some(wanted) = disability(draft) {
            let wanted = Disability { person: Some(person), ..wanted };
            let held = self.register.disabilities.get(&person).map_or(&[][..], Vec::as_slice);
            let same = held.iter().find(|row| row.record.kind == wanted.kind);
            changes.extend(self.lay_over(same, wanted, |wanted| {
                let kind = code::label("disability_kind", wanted.kind.as_deref().unwrap_or_default()).to_owned();
                let grade = wanted.grade.as_deref().map(|grade| code::label("disability_grade", grade).to_owned());
                format!("残疾人证 增加 {kind}{}", grade.unwrap_or_default())
            }));
        }
        if let Some(wanted) = enrolment(draft) {
            let wanted = Enrolment { person: Some(person), ..wanted };
            let known = wanted.year.and_then(|year| self.register.enrolments.get(&(person, year)));
            // What the insurer's list said holds; a roster only adds what nobody has said yet.
            let wanted = known.map_or_else(|| wanted.clone(), |known| overlay(&wanted, &known.record));
            changes
                .extend(self.lay_over(known, wanted, |wanted| format!("{}年 已参保", wanted.year.unwrap_or_default())));
        }
        changes
    }

    /// A record that is new, or what the row adds to the one that is known.
    fn lay_over<R: Record + Clone + Send + 'static>(
        &mut self,
        known: Option<&Row<R>>,
        wanted: R,
        summary: impl FnOnce(&R) -> String,
    ) -> Vec<String> {
        let Some(known) = known else {
            let told = summary(&wanted);
            self.plan.write(move |txn, _| {
                txn.insert(None, &wanted)?;
                Ok(())
            });
            return vec![told];
        };
        let (id, merged) = (known.id, overlay(&known.record, &wanted));
        let mut changes = difference(R::TYPE, &known.record.to_values(), &merged.to_values());
        // Where it was first read is no change.
        changes.retain(|change| !change.starts_with("来源 "));
        if !changes.is_empty() {
            self.plan.write(move |txn, _| {
                txn.update(id, &merged)?;
                Ok(())
            });
        }
        changes
    }

    /// Measures of help that the household did not have yet.
    pub(super) fn measures(
        &mut self,
        number: &str,
        known: Option<&Row<Household>>,
        rows: &[&SheetRow<RosterDraft>],
    ) -> Vec<String> {
        let said = rows.iter().map(|row| measures(&row.draft)).find(|said| !said.is_empty()).unwrap_or_default();
        let mut held = known.and_then(|row| self.register.measures.get(&row.id)).cloned().unwrap_or_default();
        let mut told = Vec::new();
        for (kind, detail) in said {
            if !held.insert((kind.to_owned(), detail.clone())) {
                continue;
            }
            let label = code::label("measure_kind", kind);
            told.push(format!("帮扶措施 增加 {label} {}", detail.as_deref().unwrap_or_default()).trim_end().to_owned());
            let key = household_key(number);
            self.plan.write(move |txn, made| {
                let record = Measure {
                    household: made.get(&key),
                    kind: Some(kind.to_owned()),
                    detail,
                    source: Some(SOURCE.to_owned()),
                    ..Measure::default()
                };
                txn.insert(None, &record)?;
                Ok(())
            });
        }
        told
    }
}
