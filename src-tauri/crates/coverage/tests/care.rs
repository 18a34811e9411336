//! What must hold for every year of certified diseases, continued stays and waiting periods.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;

use std::sync::LazyLock;

use common::{day, pack_text};
use mingbai_coverage::{
    Area, Bill, BillError, Certificate, Continuation, Continues, Enrolment, History, Kind, Level, Pack, Person,
    Referral, YearAccount, YearSettlement, settle, settle_year,
};
use mingbai_domain::Fen;
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::{ProptestConfig, Strategy, any, proptest};
use proptest::sample::{select, subsequence};

const DISEASES: &[&str] = &["hypertension", "diabetes", "dialysis"];

/// The template with each way of putting several diseases together, and with each answer about certificates and parts.
static PACKS: LazyLock<Vec<Pack>> = LazyLock::new(|| {
    let text = pack_text("template.toml");
    let mut packs = Vec::new();
    for several in ["each_own", "added_up", "highest"] {
        for (uncertified, continued, transfer) in
            [("not_covered", "again", "new_admission"), ("as_outpatient", "once", "one_admission")]
        {
            let text = text
                .replacen("several_diseases = \"highest\"", &format!("several_diseases = \"{several}\""), 1)
                .replacen("uncertified = \"as_outpatient\"", &format!("uncertified = \"{uncertified}\""), 1)
                .replacen("continued_stay = \"once\"", &format!("continued_stay = \"{continued}\""), 1)
                .replacen("= \"one_admission\"", &format!("= \"{transfer}\""), 1);
            packs.push(Pack::parse(&text).unwrap());
        }
    }
    packs
});

fn bills() -> impl Strategy<Value = Vec<Bill>> {
    let kinds =
        select(vec![Kind::Inpatient, Kind::HomeBed, Kind::ChronicOutpatient, Kind::TwoDisease, Kind::Outpatient]);
    let levels = select(vec![Level::Township, Level::Level2, Level::Level3]);
    let goes_on = select(Continuation::ALL.to_vec());
    let one = (kinds, levels, select(DISEASES), 0_i64..3_000_000, 0_i64..300_000, of(goes_on), any::<bool>());
    vec(one, 1..12).prop_map(|drawn| {
        let numbered = drawn.into_iter().zip(0_u32..);
        let bill = |((kind, level, disease, total, compensated, how, major), number): (_, u32)| {
            let on = day(2025, 1 + number, 10);
            Bill {
                disease: Some(str::to_owned(disease)),
                compensated: Fen(compensated),
                continues: number
                    .checked_sub(1)
                    .zip(how)
                    .map(|(before, how)| Continues { bill: before.to_string(), how }),
                major_disease: major,
                ..Bill::new(number.to_string(), kind, level, Area::County, Referral::None, [on; 3], Fen(total))
            }
        };
        numbered.map(bill).collect()
    })
}

fn people() -> impl Strategy<Value = Person> {
    let identities = subsequence(vec!["extreme_poverty", "subsistence", "student_child"], 0..=3);
    let enrolment = (1_u32..9, any::<bool>(), 0_u32..6, 0_u32..6, any::<bool>());
    (identities, subsequence(DISEASES, 0..=3), of(enrolment), 1_u32..12).prop_map(
        |(held, diseases, enrolled, until)| {
            let certificate = |disease: &str| Certificate {
                disease: disease.to_owned(),
                from: day(2025, 1, 1),
                until: Some(day(2025, until, 20)),
            };
            Person {
                born: Some(day(1960, 1, 1)),
                certificates: diseases.into_iter().map(certificate).collect(),
                enrolments: enrolled
                    .map(|(month, late, gap_years, repaid_years, special)| Enrolment {
                        from: day(2025, month, 5),
                        until: None,
                        late: Some(late),
                        gap_years: Some(gap_years),
                        repaid_years,
                        special,
                        ..Enrolment::default()
                    })
                    .into_iter()
                    .collect(),
                ..Person::holding(&held)
            }
        },
    )
}

fn settled(pack: &Pack, person: &Person, bills: &[Bill]) -> YearSettlement {
    settle_year(pack, person, &History::empty(2025), bills)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn sums_hold_and_the_year_is_the_same_with_and_without_an_explanation(
        person in people(), bills in bills(), which in 0_usize..6,
    ) {
        let pack = &PACKS[which];
        let explained = settled(pack, &person, &bills);
        assert!(explained.settlements.iter().all(|settlement| settlement.identities_hold()));
        assert!(explained.settlements.iter().all(|settlement| settlement.personal >= Fen::ZERO));
        let mut account = YearAccount::new(pack);
        account.open(&person, &History::empty(2025));
        let mut personal = Vec::new();
        account.settle_all(&bills, |_, amounts| personal.extend(amounts.ok().map(|amounts| amounts.personal)));
        let told: Vec<Fen> = explained.settlements.iter().map(|settlement| settlement.personal).collect();
        assert_eq!(personal, told);
        assert_eq!(account.closing(), explained.closing);
    }

    #[test]
    fn no_disease_is_paid_beyond_its_limit(person in people(), bills in bills(), which in 0_usize..6) {
        let year = settled(&PACKS[which], &person, &bills);
        let paid = |diseases: &[&str]| -> Fen {
            let used = year.closing.diseases.iter().filter(|(key, _)| diseases.contains(&key.as_str()));
            used.map(|(_, year)| year.used(None).paid).sum()
        };
        let both = paid(&["hypertension", "diabetes"]);
        // The first two packs keep the limits apart, the next two add them up, the last two know the highest only.
        match which {
            0 | 1 => {
                assert!(paid(&["hypertension"]) <= Fen::from_yuan(400) && paid(&["diabetes"]) <= Fen::from_yuan(500));
            }
            2 | 3 => assert!(both <= Fen::from_yuan(900), "{both}"),
            _ => assert!(both <= Fen::from_yuan(500), "{both}"),
        }
        for used in year.closing.diseases.get("dialysis").into_iter().flat_map(|year| year.months.values()) {
            assert!(used.in_scope <= Fen::from_yuan(5_000), "a month counts at most its limit");
        }
    }

    #[test]
    fn a_transfer_taken_as_one_admission_never_bears_more_than_one_deductible(
        first in 0_i64..3_000_000, second in 0_i64..3_000_000, levels in vec(select(vec![Level::Township, Level::Level2]), 2),
    ) {
        let bill = |id: &str, level, month, total| {
            let on = day(2025, month, 1);
            Bill::new(id, Kind::Inpatient, level, Area::County, Referral::None, [on; 3], Fen(total))
        };
        let continues = Some(Continues { bill: "1".to_owned(), how: Continuation::Transfer });
        let stays = [bill("1", levels[0], 3, first), Bill { continues, ..bill("2", levels[1], 4, second) }];
        let person = Person { born: Some(day(1960, 1, 1)), ..Person::ordinary() };
        let closing = settled(&PACKS[1], &person, &stays).closing;
        // 200 yuan at the township, 400 at the county hospital.
        let higher = if levels.contains(&Level::Level2) { 400 } else { 200 };
        assert!(closing.payer("basic").deductible <= Fen::from_yuan(higher));
        assert_eq!(closing.admissions_anywhere(), 1);
    }

    #[test]
    fn nobody_insured_only_is_paid_for_before_the_enrolment_begins(person in people(), bills in bills(), which in 0_usize..6) {
        let Some(enrolled) = person.enrolments.first() else { return Ok(()) };
        for settlement in settled(&PACKS[which], &person, &bills).settlements {
            let bill = bills.iter().find(|bill| bill.id == settlement.bill).unwrap();
            if bill.discharged_on < enrolled.from {
                assert_eq!(settlement.paid_by("basic") + settlement.paid_by("critical"), Fen::ZERO);
            }
        }
    }
}

fn stay(from: [u32; 2], until: [u32; 2]) -> Bill {
    let days = [day(2025, from[0], from[1]), day(2025, until[0], until[1]), day(2025, until[0], until[1])];
    Bill::new("1", Kind::Inpatient, Level::Level3, Area::City, Referral::None, days, Fen::from_yuan(50_000))
}

/// 京人社农合发〔2017〕250号 第三十七条: what arose before is settled by the person, what arises afterwards by the fund.
#[test]
fn a_stay_during_which_the_insurance_begins_has_to_come_in_two_bills() {
    let beijing = Pack::parse(&pack_text("beijing.toml")).unwrap();
    let newly = Enrolment { special: true, ..Enrolment::since(day(2025, 3, 1)) };
    let person = Person { born: Some(day(1960, 1, 1)), enrolments: vec![newly], ..Person::default() };
    let refused = settle(&beijing, &person, &History::empty(2025), &stay([2, 20], [3, 20])).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "这次就诊一段在参保期内、一段不在，请把2025-02-28以前（含当天）和2025-03-01起的费用拆成两张票据"
    );
    let paid = |bill: &Bill| settle(&beijing, &person, &History::empty(2025), bill).unwrap().paid_by("basic_inpatient");
    assert_eq!(paid(&stay([2, 20], [2, 28])), Fen::ZERO);
    // (50,000 − 1,300) × 75 %.
    assert_eq!(paid(&stay([3, 1], [3, 20])), Fen::from_yuan(36_525));
}

/// The mirror case, 第三十三条、第四十条; somebody whom no payer of the insured is for need not split anything.
#[test]
fn a_stay_during_which_the_insurance_ends_has_to_come_in_two_bills() {
    let beijing = Pack::parse(&pack_text("beijing.toml")).unwrap();
    let ended = Enrolment { until: Some(day(2025, 3, 31)), special: true, ..Enrolment::since(day(2020, 1, 1)) };
    let person = Person { born: Some(day(1960, 1, 1)), enrolments: vec![ended], ..Person::default() };
    let bill = stay([3, 20], [4, 20]);
    let refused = settle(&beijing, &person, &History::empty(2025), &bill).unwrap_err();
    assert_eq!(refused, BillError::StraddlesInsurance { last: day(2025, 3, 31), next: day(2025, 4, 1) });
    assert!(settle(&beijing, &person, &History::empty(2025), &stay([3, 20], [3, 31])).is_ok());
    let not_paid = Bill { cause: Some("third_party".to_owned()), ..bill };
    assert_eq!(
        settle(&beijing, &person, &History::empty(2025), &not_paid).map(|settled| settled.paid()),
        Ok(Fen::ZERO)
    );
}

#[test]
fn a_stay_with_insurance_only_in_the_middle_of_it_has_to_come_in_parts() {
    let beijing = Pack::parse(&pack_text("beijing.toml")).unwrap();
    let between = Enrolment { until: Some(day(2025, 3, 10)), special: true, ..Enrolment::since(day(2025, 3, 1)) };
    let person = Person { born: Some(day(1960, 1, 1)), enrolments: vec![between], ..Person::default() };
    let asked = |bill: &Bill| settle(&beijing, &person, &History::empty(2025), bill).map(|settled| settled.paid());
    let parts = [stay([2, 20], [2, 28]), stay([3, 1], [3, 10]), stay([3, 11], [3, 20])];
    let first = BillError::StraddlesInsurance { last: day(2025, 2, 28), next: day(2025, 3, 1) };
    assert_eq!(asked(&stay([2, 20], [3, 20])), Err(first));
    let second = BillError::StraddlesInsurance { last: day(2025, 3, 10), next: day(2025, 3, 11) };
    assert_eq!(asked(&stay([3, 1], [3, 20])), Err(second));
    // Nothing before and after; (50,000 − 1,300) × 75 % and 大病保险 of what is left in between.
    assert_eq!(parts.each_ref().map(|bill| asked(bill).unwrap() > Fen::ZERO), [false, true, false]);
}

/// A row of waiting says for which bills it is; others are paid and need not be split for it.
#[test]
fn a_wait_for_some_kinds_of_care_leaves_the_others_alone() {
    let split = "kind = [\"chronic_outpatient\"]\npayers = [\"critical\"]";
    let text = pack_text("template.toml");
    assert!(text.contains(split));
    let stays = text.replacen(split, "kind = [\"inpatient\"]\npayers = [\"critical\"]", 1);
    let first = "payers = [\"basic\", \"critical\"]\napplies_to = \"late_or_gap\"";
    let paid = |text: &str| {
        assert!(text.contains(first));
        let only = text.replacen(first, "payers = [\"basic\"]\napplies_to = \"late\"", 1);
        let broken = Enrolment { gap_years: Some(2), late: Some(false), ..Enrolment::since(day(2025, 1, 1)) };
        let person = Person { born: Some(day(1960, 1, 1)), enrolments: vec![broken], ..Person::default() };
        let settled = settle(&Pack::parse(&only).unwrap(), &person, &History::empty(2025), &stay([6, 1], [6, 20]));
        settled.map(|settled| ["basic", "critical"].map(|payer| settled.paid_by(payer) > Fen::ZERO)).unwrap()
    };
    assert_eq!(paid(&text), [true, true], "the wait is for chronic outpatient care");
    assert_eq!(paid(&stays), [true, false], "the wait is for stays");
}
