//! 残联名单: disability certificates and who looks after their holders.

use std::collections::HashMap;

use mingbai_domain::RecordId;
use mingbai_domain::catalogue::{Disability, Person};
use mingbai_domain::code;
use mingbai_sheets::Batch;
use mingbai_sheets::profiles::DisabledDraft;

use super::labels::{known, text};
use super::plan::{People, Plan};
use super::vocabulary::{Told, of};
use super::{Named, Planned};
use crate::error::AppError;
use crate::office::Context;

impl Planned for DisabledDraft {
    const TOLD: &'static [Told] = &[of("kind", &["disability_kind"]), of("grade", &["disability_grade"])];
    const NOT_KEPT: &'static [&'static str] = &["remark"];

    fn named(&self) -> Named<'_> {
        Named { id: self.citizen_id(), household: "", name: &self.name }
    }

    fn plan(context: &mut Context<'_>, batch: &Batch<Self>) -> Result<Plan, AppError> {
        let reading = context.read()?;
        let people = People::read(reading)?;
        let mut plan = Plan::default();
        let mut seen: HashMap<(RecordId, String), u32> = HashMap::new();
        for row in &batch.rows {
            plan.at(row);
            let draft = &row.draft;
            let found = people.find(draft.citizen_id(), "", &draft.name);
            let said = found.and_then(|whose| Ok((whose.clone(), certificate(draft)?)));
            let Some((whose, wanted)) = plan.sound(said, &draft.name, "") else { continue };
            let kind = wanted.kind.clone().unwrap_or_default();
            if let Some(first) = seen.insert((whose.person, kind.clone()), row.row) {
                plan.reject(&draft.name, &whose.household, format!("与第{first}行是同一人同一类残疾"));
                continue;
            }
            let held = reading.rows_where::<Disability>("person", &whose.person)?;
            let existing = held.iter().find(|row| row.record.kind == wanted.kind);
            let grade = wanted.grade.as_deref().map(|grade| code::label("disability_grade", grade)).unwrap_or_default();
            let summary = format!("残疾人证 {}{grade}", code::label("disability_kind", &kind));
            plan.record(&whose, existing, Disability { person: Some(whose.person), ..wanted }, summary);
            let guardian = Person {
                guardian: text(&draft.guardian),
                guardian_phone: text(&draft.guardian_phone),
                ..Person::default()
            };
            if let Some(known) = reading.get::<Person>(whose.person)? {
                plan.beside(Some(&known), guardian, "");
            }
        }
        Ok(plan)
    }
}

/// The certificate of a row. Kind and grade stand at the end of its number too; where the two differ nobody can tell.
fn certificate(draft: &DisabledDraft) -> Result<Disability, String> {
    let in_number = |table: &str, place: Option<u8>| {
        place.map(|place| place.to_string()).filter(|code| code::find(table, code).is_some())
    };
    let (kind, grade) = draft.number.disability().unzip();
    let one = |table: &str, label: &str, said: &str, place: Option<u8>| match (
        known(table, label, said)?,
        in_number(table, place),
    ) {
        (Some(said), Some(number)) if said != number => {
            let (said, number) = (code::label(table, &said).to_owned(), code::label(table, &number).to_owned());
            Err(format!("{label}写的是“{said}”，证号末尾是“{number}”，请核对"))
        }
        (said, number) => Ok(said.or(number)),
    };
    let kind = one("disability_kind", "残疾类别", &draft.kind, kind)?;
    let grade = one("disability_grade", "残疾等级", &draft.grade, grade)?;
    if kind.is_none() {
        return Err("没有残疾类别，证号末尾也看不出".to_owned());
    }
    if let (Some(from), Some(until)) = (draft.issued_on, draft.valid_until)
        && until < from
    {
        return Err(format!("有效期 {until} 早于发证日期 {from}，请核对"));
    }
    Ok(Disability {
        kind,
        grade,
        number: draft.number.disability_certificate.clone(),
        issued_on: draft.issued_on,
        valid_until: draft.valid_until,
        source: Some("残联名单".to_owned()),
        ..Disability::default()
    })
}
