//! Which crowds of public health (重点人群) somebody belongs to: by age, by what is diagnosed, by what is registered.

use mingbai_domain::catalogue::Crowd;
use mingbai_domain::citizen_id::age_on;
use mingbai_domain::code;
use mingbai_store::Row;
use mingbai_store::query::PersonFile;

use super::World;
use super::items::illnesses;

/// Crowds that are signed and served first, in their order (健康扶贫三年攻坚: 优先签约的重点人群), and two of the pilots.
pub(crate) const ORDER: [&str; 10] = [
    "hypertension",
    "diabetes",
    "mental",
    "tuberculosis",
    "elder",
    "maternal",
    "child",
    "disabled",
    "copd",
    "arthritis",
];

/// Days after the delivery for which a mother is one of 孕产妇.
const CHILDBED: i64 = 42;
/// Illnesses of pilots, by ICD-10 prefix.
const PILOTS: [(&str, &str); 3] = [("J44", "copd"), ("M05", "arthritis"), ("M06", "arthritis")];

/// Her open pregnancy or childbed.
pub(crate) fn maternity<'p>(person: &'p PersonFile, world: &World) -> Option<&'p Row<Crowd>> {
    let rows = person.crowds.iter().filter(|row| row.record.crowd.as_deref() == Some("maternal"));
    rows.filter(|row| world.holds(row.record.since, row.record.until))
        .max_by_key(|row| (row.record.expected_on, row.id))
}

/// Years of age today.
pub(crate) fn age(person: &PersonFile, world: &World) -> Option<i64> {
    person.person.birth.map(|birth| i64::from(age_on(birth, world.today)))
}

/// Every crowd somebody belongs to today, in the order in which they are served.
pub(crate) fn crowds(person: &PersonFile, world: &World) -> Vec<&'static str> {
    let ill = illnesses(person);
    let registered = |crowd: &str| {
        let rows = person.crowds.iter().filter(|row| row.record.crowd.as_deref() == Some(crowd));
        rows.into_iter().any(|row| world.holds(row.record.since, row.record.until))
    };
    let age = age(person, world);
    let coded = |crowd: &str| {
        let open = person.diagnoses.iter().filter(|row| row.record.ended_on.is_none());
        let mut codes = open.filter_map(|row| row.record.icd10.as_deref());
        codes.any(|icd10| {
            let icd10 = icd10.trim().to_ascii_uppercase();
            PILOTS.iter().any(|(prefix, of)| *of == crowd && icd10.starts_with(prefix))
        })
    };
    let belongs = |crowd: &str| match crowd {
        "elder" => age >= Some(65),
        "child" => age.is_some_and(|age| age < 7),
        "maternal" => maternity(person, world)
            .is_some_and(|row| row.record.delivered_on.is_none_or(|day| (world.today - day).num_days() <= CHILDBED)),
        "disabled" => registered(crowd) || is_disabled(person),
        "copd" | "arthritis" => registered(crowd) || coded(crowd),
        _ => registered(crowd) || ill.contains_key(crowd),
    };
    ORDER.into_iter().filter(|crowd| code::find("crowd", crowd).is_some() && belongs(crowd)).collect()
}

/// With a certificate of disability on file.
pub(crate) fn is_disabled(person: &PersonFile) -> bool {
    let number = person.person.disability_certificate.as_deref().unwrap_or_default();
    !person.disabilities.is_empty() || !number.trim().is_empty()
}
