//! 参保人员类别: what somebody is to the insurer without being aided, as it follows from what the register holds.

use chrono::{Months, NaiveDate};
use mingbai_coverage::IdentityPeriod;
use mingbai_domain::catalogue::{Disability, Enrolment, Person};

/// 学生儿童.
pub(super) const STUDENT_CHILD: &str = "student_child";
/// 特殊病种备案: whoever holds a certificate of a disease that the pack lists.
pub(super) const SPECIAL_DISEASE: &str = "special_disease";
/// 重度残疾: a disability certificate of the first or second grade.
pub(super) const SEVERE_DISABILITY: &str = "severe_disability";

/// Whether a code is worked out here; everything else is an aid identity on file.
pub(super) fn is_derived(code: &str) -> bool {
    [STUDENT_CHILD, SPECIAL_DISEASE, SEVERE_DISABILITY].contains(&code)
}

/// Until this age everybody is a child; afterwards whoever is at school.
const CHILD_UNTIL: u32 = 16;
/// 非在校生.
const NOT_AT_SCHOOL: &str = "01";

fn period(identity: &str, from: Option<NaiveDate>, until: Option<NaiveDate>) -> IdentityPeriod {
    IdentityPeriod { identity: identity.to_owned(), from, until }
}

/// The classes somebody belongs to, with their days. What a year was paid for as counts for that year.
pub(super) fn classes(person: &Person, enrolments: &[&Enrolment], disabilities: &[Disability]) -> Vec<IdentityPeriod> {
    let mut found = Vec::new();
    let at_school =
        person.schooling.as_deref().is_some_and(|schooling| !schooling.is_empty() && schooling != NOT_AT_SCHOOL);
    let grown = person.birth.and_then(|birth| birth.checked_add_months(Months::new(12 * CHILD_UNTIL))?.pred_opt());
    if at_school || grown.is_some() {
        found.push(period(STUDENT_CHILD, person.birth, grown.filter(|_| !at_school)));
    }
    for enrolment in enrolments.iter().filter(|one| one.insured == Some(true)) {
        let said = [&enrolment.tier, &enrolment.subsidy_class].into_iter().flatten();
        let year = enrolment.year.and_then(|year| i32::try_from(year).ok());
        if let Some(year) = year.filter(|_| said.into_iter().any(|text| text.contains("学生") || text.contains("儿童")))
        {
            let days = [(1, 1), (12, 31)].map(|(month, day)| NaiveDate::from_ymd_opt(year, month, day));
            found.push(period(STUDENT_CHILD, days[0], days[1]));
        }
    }
    let severe = |one: &&Disability| one.deleted != Some(true) && matches!(one.grade.as_deref(), Some("1" | "2"));
    found.extend(
        disabilities.iter().filter(severe).map(|one| period(SEVERE_DISABILITY, one.issued_on, one.valid_until)),
    );
    found
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use mingbai_coverage::{Certificate, Kind, Pack, Person as Insured};
    use mingbai_domain::catalogue::{Disability, Enrolment, Person};
    use mingbai_domain::code;

    use super::{SPECIAL_DISEASE, classes, is_derived};
    use crate::bill::fit;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn held(person: &Person, enrolments: &[&Enrolment], on: &str) -> Vec<String> {
        let identities = classes(person, enrolments, &[]);
        Insured { identities, ..Insured::default() }.held_between(day(on), day(on))
    }

    #[test]
    fn a_child_is_one_until_sixteen_and_a_student_as_long_as_the_register_says_so() {
        let born = Person { birth: Some(day("2010-06-01")), ..Person::default() };
        assert_eq!(held(&born, &[], "2026-05-31"), ["student_child"]);
        assert_eq!(held(&born, &[], "2026-06-01"), Vec::<String>::new());
        let student = Person { schooling: Some("20".to_owned()), birth: Some(day("2004-06-01")), ..Person::default() };
        assert_eq!(held(&student, &[], "2026-06-01"), ["student_child"]);
        let idle = Person { schooling: Some("01".to_owned()), ..student };
        assert_eq!(held(&idle, &[], "2026-06-01"), Vec::<String>::new());
        let paid = Enrolment {
            year: Some(2026),
            insured: Some(true),
            tier: Some("学生儿童".to_owned()),
            ..Enrolment::default()
        };
        assert_eq!(held(&idle, &[&paid], "2026-06-01"), ["student_child"], "as it was paid for");
        assert_eq!(held(&idle, &[&paid], "2027-01-01"), Vec::<String>::new());
    }

    #[test]
    fn every_identity_of_every_shipped_pack_can_be_true_of_somebody_on_the_register() {
        let on = day("2026-06-01");
        let child = Person { birth: Some(day("2018-01-01")), ..Person::default() };
        let disabled = Disability { grade: Some("1".to_owned()), ..Disability::default() };
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../assets/packs");
        let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
        let mut packs = 0;
        for file in files.filter(|file| file.extension().is_some_and(|ext| ext == "toml")) {
            let pack = Pack::parse(&std::fs::read_to_string(&file).unwrap()).unwrap();
            packs += 1;
            let disease = pack.diseases.iter().find(|one| one.kind == Kind::ChronicOutpatient);
            let certificates = disease.map(|one| Certificate { disease: one.label.clone(), from: on, until: None });
            let insured = Insured {
                identities: classes(&child, &[], std::slice::from_ref(&disabled)),
                certificates: certificates.into_iter().collect(),
                ..Insured::default()
            };
            let derived = fit::person(&pack, &insured).held_between(on, on);
            for identity in &pack.identities {
                let on_file = code::find("aid_identity", &identity.key).is_some();
                let reached = on_file || derived.contains(&identity.key);
                assert!(reached, "{}: nobody on the register is ever “{}”", file.display(), identity.label);
            }
            assert!(derived.iter().all(|code| is_derived(code) && pack.identities.iter().any(|one| one.key == *code)));
            assert_eq!(
                derived.iter().any(|code| code == SPECIAL_DISEASE),
                pack.identities.iter().any(|one| one.key == SPECIAL_DISEASE)
            );
        }
        assert!(packs >= 9);
    }
}
