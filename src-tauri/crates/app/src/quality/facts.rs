//! What several rules ask of a household or a person.

use chrono::{Datelike, NaiveDate};
use mingbai_domain::catalogue::{Diagnosis, HouseholdStatus, Settlement};
use mingbai_domain::citizen_id::age_on;
use mingbai_domain::poverty::{self, Standing};
use mingbai_store::Row;
use mingbai_store::query::{HouseholdFile, PersonFile};

use crate::restricted;
use crate::todo::World;

/// 因病, 因残, 缺劳动力 of the table of causes.
pub(super) const ILLNESS: &str = "01";
pub(super) const DISABILITY: &str = "02";
pub(super) const NO_LABOUR: &str = "08";

/// The newest time a household was monitored as threatened by poverty.
pub(super) struct Monitoring<'f> {
    /// Identified on.
    pub(super) since: Option<NaiveDate>,
    /// The record that says that the risk was removed.
    pub(super) removed: Option<&'f Row<HouseholdStatus>>,
}

/// The newest monitoring of a household; nothing for one that never was monitored.
pub(super) fn monitoring(file: &HouseholdFile) -> Option<Monitoring<'_>> {
    let mut newest: Option<Monitoring<'_>> = None;
    for row in &file.statuses {
        let Some(status) = row.record.status.as_deref().filter(|status| !poverty::is_of_poverty(status)) else {
            continue;
        };
        let open = newest.as_mut().filter(|monitoring| monitoring.removed.is_none());
        match (open, status == poverty::CLEARED) {
            (Some(open), true) => open.removed = Some(row),
            // Monitored as something else from now on is monitored all the same.
            (Some(_), false) | (None, true) => {}
            (None, false) => newest = Some(Monitoring { since: row.record.since, removed: None }),
        }
    }
    newest
}

/// The newest monitoring of a household whose risk has not been removed.
pub(super) fn monitored(file: &HouseholdFile) -> Option<Monitoring<'_>> {
    monitoring(file).filter(|monitoring| monitoring.removed.is_none())
}

/// Where the household stands on both tracks.
pub(super) fn standing(file: &HouseholdFile) -> Standing<'_> {
    file.statuses.iter().filter_map(|row| row.record.status.as_deref()).collect()
}

/// Whether a cause is among those that hold.
pub(super) fn has_cause(file: &HouseholdFile, cause: &str) -> bool {
    file.causes.iter().any(|row| row.record.cause.as_deref() == Some(cause) && row.record.until.is_none())
}

/// Whether the household ever received one of these kinds of help and it has not ended.
pub(super) fn is_helped(file: &HouseholdFile, world: &World, kinds: &[&str]) -> bool {
    file.measures.iter().any(|row| {
        row.record.kind.as_deref().is_some_and(|kind| kinds.contains(&kind)) && world.holds(None, row.record.until)
    })
}

/// Whether a measure of 综合保障 says this word.
pub(super) fn is_secured(file: &HouseholdFile, world: &World, word: &str) -> bool {
    file.measures.iter().any(|row| {
        row.record.kind.as_deref() == Some("security")
            && row.record.detail.as_deref().unwrap_or_default().contains(word)
            && world.holds(None, row.record.until)
    })
}

/// Completed years today.
pub(super) fn age(person: &PersonFile, world: &World) -> Option<i32> {
    person.person.birth.map(|birth| age_on(birth, world.today))
}

/// The birth date as a reason names it: it stays when the age goes on.
pub(super) fn born(person: &PersonFile) -> String {
    person.person.birth.map_or_else(|| "出生日期没有填".to_owned(), |birth| format!("{birth}出生"))
}

/// A code of the person as labelled.
pub(super) fn label(table: &str, code: Option<&str>) -> String {
    code.map_or_else(|| "空".to_owned(), |code| mingbai_domain::code::label(table, code).to_owned())
}

/// Whether a text is there.
pub(super) fn filled(text: Option<&str>) -> bool {
    text.is_some_and(|text| !text.trim().is_empty())
}

/// Goes to a school; 非在校生 does not.
pub(super) fn is_student(person: &PersonFile) -> bool {
    !matches!(person.person.schooling.as_deref(), None | Some("" | "01"))
}

/// What the roster says of the person's health.
pub(super) fn health(person: &PersonFile) -> &str {
    person.person.health.as_deref().unwrap_or_default().trim()
}

/// Kind and grade of the disability: of a certificate on file, or as the number of one says.
pub(super) fn disability(person: &PersonFile) -> Option<(String, String)> {
    let recorded = person.disabilities.iter().find_map(|row| {
        let (kind, grade) = (row.record.kind.clone()?, row.record.grade.clone().unwrap_or_default());
        Some((kind, grade))
    });
    recorded.or_else(|| {
        // Of another length it is no such number, whatever stands at these places.
        let number = person.person.disability_certificate.as_deref().filter(|text| matches!(text.len(), 20 | 22))?;
        let digit = |place: usize| number.get(place..place + 1).map(str::to_owned);
        Some((digit(18)?, digit(19)?))
    })
}

/// Whether anything on file says that the person is disabled.
pub(super) fn is_disabled(person: &PersonFile) -> bool {
    !person.disabilities.is_empty()
        || filled(person.person.disability_certificate.as_deref())
        || person.person.document_type.as_deref() == Some("09")
        || health(person).contains("残疾")
}

/// Diseases the person still has.
pub(super) fn illnesses(person: &PersonFile) -> impl Iterator<Item = &Row<Diagnosis>> {
    person.diagnoses.iter().filter(|row| row.record.ended_on.is_none())
}

/// Whether anything on file says that the person is seriously or lastingly ill.
pub(super) fn is_ill(person: &PersonFile) -> bool {
    let said = health(person);
    said.contains("大病") || said.contains("慢性病") || illnesses(person).next().is_some()
}

/// The name of a disease where it may be read.
pub(super) fn named(diagnosis: &Diagnosis) -> &str {
    if restricted::hides(diagnosis) { restricted::HIDDEN } else { diagnosis.disease.as_deref().unwrap_or_default() }
}

/// Whether an ICD-10 code is one of these or below one of them.
pub(super) fn is_below(icd10: Option<&str>, prefixes: &[&str]) -> bool {
    let code = icd10.unwrap_or_default().trim().to_uppercase();
    !code.is_empty() && prefixes.iter().any(|prefix| code.starts_with(prefix))
}

/// Insured in a year, and by which insurance.
pub(super) fn insurances(person: &PersonFile, year: i32) -> Vec<&str> {
    let of_year = person.enrolments.iter().filter(|row| row.record.year == Some(i64::from(year)));
    let insured = of_year.filter(|row| row.record.insured == Some(true));
    insured.map(|row| row.record.insurance.as_deref().unwrap_or_default()).filter(|code| *code != "000").collect()
}

/// Ids and numbers as reasons name them.
pub(super) fn masked(number: &str) -> String {
    mingbai_domain::citizen_id::mask(number)
}

/// How a reason names a bill.
pub(super) fn bill(bill: &Settlement) -> String {
    let day = bill.settled_on.or(bill.discharged_on).map(|day| day.to_string()).unwrap_or_default();
    match bill.invoice.as_deref().filter(|invoice| !invoice.is_empty()) {
        Some(invoice) => format!("{day} 票据{invoice}"),
        None => format!("{day} 结算单"),
    }
}

/// A day some months later.
pub(super) fn months_after(day: NaiveDate, months: i64) -> NaiveDate {
    u32::try_from(months).ok().and_then(|months| day.checked_add_months(chrono::Months::new(months))).unwrap_or(day)
}

/// A day some months earlier.
pub(super) fn months_before(day: NaiveDate, months: i64) -> NaiveDate {
    u32::try_from(months).ok().and_then(|months| day.checked_sub_months(chrono::Months::new(months))).unwrap_or(day)
}

/// How many calendar months lie between two days.
pub(super) fn months_between(from: NaiveDate, to: NaiveDate) -> i32 {
    (to.year() - from.year()) * 12 + to.month() as i32 - from.month() as i32
}
