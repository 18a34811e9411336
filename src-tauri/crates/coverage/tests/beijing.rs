//! 北京: outpatient care of children, without a certificate, elsewhere and after a gap, as its published texts say.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;

use common::{day, enrolled, insured, one, pack, since, stay, yuan};
use mingbai_coverage::{Area, Bill, Certificate, Enrolment, Kind, Level, Person, Referral, Settlement};
use mingbai_domain::Fen;

fn outpatient(level: Level, total: i64) -> Bill {
    Bill { kind: Kind::Outpatient, level, ..stay(2023, 3, total) }
}

fn holding(identities: &[&str]) -> Person {
    Person { identities: Person::holding(identities).identities, ..insured() }
}

fn settled(identities: &[&str], bill: &Bill) -> Settlement {
    one(&pack("beijing.toml"), &holding(identities), bill)
}

/// What basic insurance and outpatient aid pay, and what is left to the person.
fn shared(settled: &Settlement) -> [Fen; 3] {
    [settled.paid_by("basic_outpatient_upper"), settled.paid_by("aid_outpatient"), settled.personal]
}

fn cautioned(settled: &Settlement, words: &str) -> bool {
    settled.cautions().iter().any(|caution| caution.contains(words))
}

#[test]
fn a_child_in_need_gets_aid_at_a_specialist_without_being_seen_at_the_health_centre_first() {
    let bill = outpatient(Level::Level3, 5_000);
    // 250号第十四条 asks 首诊 of adults only: (5,000 − 550) × 50 %; 37号六（一）3: 2,775 × 80 %.
    let child = settled(&["student_child", "subsistence"], &bill);
    assert_eq!(shared(&child), [yuan(2_225), yuan(2_220), yuan(555)]);
    let destitute = settled(&["student_child", "extreme_poverty"], &bill);
    assert_eq!(shared(&destitute), [yuan(2_225), yuan(2_775), yuan(0)]);
    let other_child = settled(&["student_child"], &bill);
    assert_eq!(shared(&other_child), [yuan(2_225), yuan(0), yuan(2_775)]);
}

#[test]
fn an_adult_in_need_gets_aid_at_a_specialist_only_when_referred() {
    let bill = outpatient(Level::Level3, 5_000);
    assert_eq!(shared(&settled(&["subsistence"], &bill)), [yuan(0), yuan(0), yuan(5_000)]);
    let within_the_city = Bill { referral: Referral::Registered, ..bill.clone() };
    assert_eq!(shared(&settled(&["subsistence"], &within_the_city)), [yuan(0), yuan(0), yuan(5_000)]);
    let referred = Bill { referral: Referral::Referred, ..bill };
    assert_eq!(shared(&settled(&["subsistence"], &referred)), [yuan(2_225), yuan(2_220), yuan(555)]);
}

#[test]
fn a_special_disease_that_was_not_registered_is_paid_as_any_outpatient_visit() {
    let bill = Bill {
        kind: Kind::ChronicOutpatient,
        disease: Some("dialysis".to_owned()),
        referral: Referral::Referred,
        ..stay(2023, 3, 5_000)
    };
    // 250号第十八条、第二十条: (5,000 − 550) × 50 %.
    let unregistered = settled(&[], &bill);
    assert_eq!(shared(&unregistered), [yuan(2_225), yuan(0), yuan(2_775)]);
    assert!(cautioned(&unregistered, "没有有效的“肾透析”认定，按普通门诊计算"));
    let unreferred = settled(&[], &Bill { referral: Referral::None, ..bill.clone() });
    assert_eq!(shared(&unreferred), [yuan(0), yuan(0), yuan(5_000)]);
    let certificate = Certificate { disease: "dialysis".to_owned(), from: day(2023, 1, 1), until: None };
    let registered = Person { certificates: vec![certificate], ..insured() };
    // 第二十六条: as a stay, (5,000 − 1,300) × 75 %.
    assert_eq!(one(&pack("beijing.toml"), &registered, &bill).paid_by("basic_special"), yuan(2_775));
}

#[test]
fn a_visit_where_one_lives_and_is_registered_outside_the_city_is_paid_with_the_doubt_said() {
    let bill = Bill { area: Area::Outside, referral: Referral::Registered, ..outpatient(Level::Level2, 3_000) };
    // 250号第三十五条、第二十条: (3,000 − 550) × 50 %; 37号十（三）、六（一）3: 1,775 × 80 %.
    let adult = settled(&["subsistence"], &bill);
    assert_eq!(shared(&adult), [yuan(1_225), yuan(1_420), yuan(355)]);
    assert!(cautioned(&adult, "是否还要基层首诊，细则没有写明"));
    assert!(!cautioned(&settled(&["student_child"], &bill), "是否还要基层首诊"));
}

/// 250号第十九条 with 2827号第四条: 大病保险 pays on what basic insurance has paid on, and it pays on no visit that year.
#[test]
fn after_a_gap_a_visit_does_not_count_for_critical_illness_insurance_and_a_stay_does() {
    let returned = enrolled(Enrolment { gap_years: Some(1), ..since(2023, 1, 1) });
    let beijing = pack("beijing.toml");
    let visit = one(&beijing, &returned, &outpatient(Level::Level1, 40_000));
    assert_eq!((visit.paid(), visit.after.payer("critical").base), (Fen::ZERO, Fen::ZERO));
    let waits = visit.steps.iter().find(|step| step.key == "critical.not_applied").unwrap();
    assert_eq!(waits.formula, "不适用：待遇等待期至2023-12-31，等待期内不支付");
    let admitted = one(&beijing, &returned, &stay(2023, 5, 10_000));
    assert_eq!(admitted.paid_by("basic_inpatient"), yuan(6_525));
    assert_eq!(admitted.after.payer("critical").base, yuan(3_475));
}

#[test]
fn those_the_text_on_critical_illness_does_not_name_are_settled_like_others_with_the_doubt_said() {
    let named = "原文没有点名";
    assert!(cautioned(&settled(&["retrenched_worker"], &stay(2023, 3, 10_000)), named));
    assert!(!cautioned(&settled(&["retrenched_worker", "subsistence"], &stay(2023, 3, 10_000)), named));
}
