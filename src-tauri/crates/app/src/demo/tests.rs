//! The demo county keeps what it promises.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use mingbai_coverage::{Cause, Column, Pack, compare, settle};
use mingbai_domain::citizen_id::Sex;
use mingbai_domain::{CitizenId, Fen, code, relation};

use super::bills::insured;
use super::names::{NAMESAKE, RARE};
use super::shortfalls::history_before;
use super::{DemoContract, DemoCounty, DemoHousehold, DemoPerson, DemoTownship, FLAGSHIP, Lifted, areas, county};

fn pack() -> Pack {
    Pack::parse(include_str!("../../../../../assets/packs/wulanchabu.toml")).unwrap()
}

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 21).unwrap()
}

pub(super) fn sample() -> DemoCounty {
    county(2026, day(), &pack()).unwrap()
}

fn first(county: &DemoCounty) -> &DemoTownship {
    &county.townships[0]
}

fn everybody(county: &DemoCounty) -> impl Iterator<Item = (&DemoHousehold, &DemoPerson)> {
    county.townships.iter().flat_map(DemoTownship::people)
}

fn household<'a>(township: &'a DemoTownship, number: &str) -> &'a DemoHousehold {
    township.households.iter().find(|h| h.number == number).unwrap()
}

#[test]
fn the_control_totals_are_exact_for_every_seed_and_day() {
    let days = [(2026, 11, 21), (2026, 1, 5), (2028, 2, 29)].map(|(y, m, d)| NaiveDate::from_ymd_opt(y, m, d).unwrap());
    for (seed, today) in [(2026, days[0]), (1, days[1]), (77, days[2]), (9, days[0])] {
        let county = county(seed, today, &pack()).unwrap();
        let [a, b] = county.townships.as_slice() else { panic!("two townships") };
        assert_eq!((a.households.len(), a.people().count()), (303, 1_110));
        assert_eq!(a.count(Lifted::NotYet), (136, 478));
        assert_eq!(a.count(Lifted::Lifted), (167, 632));
        assert_eq!((b.households.len(), b.people().count()), (211, 746));
        assert!(a.shortfalls.len() >= 10 && b.shortfalls.len() >= 3, "{} {}", a.shortfalls.len(), b.shortfalls.len());
    }
}

#[test]
fn the_same_seed_tells_the_same_county_and_another_seed_another() {
    assert_eq!(sample(), sample());
    assert_ne!(sample(), county(2027, day(), &pack()).unwrap());
}

#[test]
fn every_id_checks_agrees_with_sex_and_birth_and_belongs_to_the_demo_alone() {
    let county = sample();
    let known: BTreeSet<&str> = areas().map(|area| area.code).collect();
    assert!(known.iter().all(|code| code.starts_with("1599")));
    let mut seen = BTreeSet::new();
    let mut without = 0;
    for (_, person) in everybody(&county) {
        let Some(id) = &person.id else {
            without += 1;
            assert!((day() - person.birth).num_days() < 30 && person.document_number().is_empty());
            continue;
        };
        assert_eq!(CitizenId::parse(id.as_str()).as_ref(), Ok(id));
        assert_eq!((id.birth(), id.sex()), (person.birth, person.sex), "{}", person.name);
        assert!(known.contains(id.area()));
        assert!(seen.insert(id.as_str().to_owned()), "{id} twice");
    }
    assert_eq!(without, 2, "one newborn a township");
    let certificates = everybody(&county).filter(|(_, p)| p.document_number().len() == 20).count();
    assert!(certificates >= 20, "{certificates}");
}

#[test]
fn households_have_one_head_and_relations_agree_with_sex_and_age() {
    let county = sample();
    let planted: BTreeSet<&str> = county
        .townships
        .iter()
        .flat_map(|t| &t.faults)
        .filter(|f| f.rule == "F07")
        .map(|f| f.household.as_str())
        .collect();
    for household in county.townships.iter().flat_map(|t| &t.households) {
        let head = &household.members[0];
        assert_eq!(household.members.iter().filter(|p| p.relation == "户主").count(), 1);
        assert_eq!(head.relation, "户主");
        assert!(household.members.iter().filter(|p| p.relation == "配偶").count() <= 1);
        for person in &household.members {
            let code = code::resolve("relation", person.relation).unwrap();
            let implied = relation::implied_sex(code);
            let agrees = implied.is_none_or(|sex| sex == person.sex);
            assert!(agrees || planted.contains(household.number.as_str()), "{} {}", person.name, person.relation);
            assert!(code != relation::SPOUSE || person.sex != head.sex);
            let (age, of_head) = (person.age(day()), head.age(day()));
            assert!((0..=95).contains(&age), "{} is {age}", person.name);
            match person.relation {
                "之子" | "之女" => assert!(age + 16 <= of_head || planted.contains(household.number.as_str())),
                "之父" | "之母" if !planted.contains(household.number.as_str()) => assert!(age >= of_head + 14),
                "之孙子" | "之孙女" => assert!(age + 34 <= of_head),
                _ => {}
            }
        }
    }
}

#[test]
fn names_are_rare_long_short_dotted_and_shared() {
    let county = sample();
    for township in &county.townships {
        let names: Vec<&str> = township.people().map(|(_, p)| p.name.as_str()).collect();
        for (_, rare) in RARE {
            assert!(names.iter().any(|name| name.contains(rare)), "{rare} in {}", township.name);
        }
        let namesakes = |(h, p): &(&DemoHousehold, &DemoPerson)| h.village == 0 && p.name == NAMESAKE;
        assert!(township.people().filter(namesakes).count() >= 2);
        let lengths: BTreeSet<usize> = names.iter().map(|name| name.replace('·', "").chars().count()).collect();
        assert!((2..=6).all(|length| lengths.contains(&length)), "{lengths:?}");
        assert!(lengths.iter().all(|length| (2..=6).contains(length)));
        assert!(names.iter().filter(|name| name.contains('·')).count() > 5);
    }
    assert!(first(&county).people().any(|(h, p)| h.number == FLAGSHIP && p.name == "张䶮"));
}

#[test]
fn diseases_fit_the_age_and_sex_and_heavy_ones_count_as_a_cause() {
    let county = sample();
    for (household, person) in everybody(&county) {
        for disease in &person.diseases {
            let icd = disease.icd10;
            if icd.starts_with("C53") {
                assert_eq!(person.sex, Sex::Female);
            }
            if icd.starts_with('Q') || icd.starts_with("C91") {
                assert!(person.age(day()) <= 14);
            }
            assert!(disease.diagnosed_on >= person.birth && disease.diagnosed_on <= day());
        }
        let planted = county.townships.iter().flat_map(|t| &t.faults).any(|f| f.household == household.number);
        let because_ill = household.main_cause == "因病" || household.other_causes.contains(&"因病");
        assert!(!person.has_major_disease() || because_ill || planted, "{}", household.number);
    }
    let count = |prefix: &str| {
        everybody(&county).filter(|(_, p)| p.diseases.iter().any(|d| d.icd10.starts_with(prefix))).count()
    };
    for prefix in ["I10", "E11", "F20", "A16", "J44", "I63", "C", "Q21", "N18", "H25"] {
        assert!(count(prefix) > 0, "nobody has {prefix}");
    }
    let by_illness = first(&county).households.iter().filter(|h| h.main_cause == "因病").count();
    assert!(by_illness * 5 > first(&county).households.len() * 2, "{by_illness}");
}

#[test]
fn nobody_away_all_year_is_visited_and_some_visits_are_overdue() {
    let county = sample();
    let mut overdue = 0;
    for (_, person) in first(&county).people() {
        if matches!(person.contract, DemoContract::Unsigned { reason: "长期外出" }) {
            assert!(person.visits.is_empty());
        }
        assert!(person.visits.iter().all(|visit| visit.on <= day()));
        let mut last: BTreeMap<&str, NaiveDate> = BTreeMap::new();
        for visit in &person.visits {
            last.insert(visit.kind, visit.next_on);
        }
        overdue += last.values().filter(|next| **next < day()).count();
    }
    assert!((10..=70).contains(&overdue), "{overdue}");
}

#[test]
fn the_stay_of_120000_yuan_comes_out_as_in_the_worked_example() {
    let county = sample();
    let household = household(first(&county), FLAGSHIP);
    let patient = household.members.iter().find(|p| p.name == "王桂英").unwrap();
    let bill = patient.bills.iter().find(|b| b.bill.total == Fen::from_yuan(120_000)).unwrap();
    assert_eq!(bill.in_scope, Fen::from_yuan(108_000));
    let paid = [Column::Basic, Column::Critical, Column::Aid, Column::Other].map(|column| bill.paid[&column].0);
    assert_eq!(paid, [7_522_000, 1_675_700, 1_281_840, 128_184]);
    assert_eq!(bill.personal, Fen(1_392_276));
}

#[test]
fn what_was_paid_is_what_the_pack_says_but_for_the_planted_shortfalls() {
    let pack = pack();
    let county = sample();
    for township in &county.townships {
        let mut found = 0;
        let mut causes = BTreeSet::new();
        let mut bills = 0;
        for (household, person) in township.people() {
            let who = insured(household, person);
            for (place, bill) in person.bills.iter().enumerate() {
                bills += 1;
                let everything: Fen = bill.paid.values().copied().sum();
                assert_eq!(bill.bill.total, everything + bill.personal + bill.bill.hospital_borne);
                assert!(person.enrolment.as_ref().is_some_and(|enrolment| enrolment.insured));
                let earlier = person.bills.iter().take(place).map(|earlier| &earlier.bill);
                let history = history_before(&pack, &who, earlier, &bill.bill).unwrap();
                let Ok(due) = settle(&pack, &who, &history, &bill.bill) else {
                    assert!(!bill.by_pack);
                    continue;
                };
                let comparison = compare(&pack, &who, &history, &bill.bill, &due, &bill.paid);
                match township.shortfalls.iter().find(|planted| planted.invoice == bill.bill.id) {
                    Some(planted) => {
                        found += 1;
                        assert_eq!((comparison.cause, comparison.short), (planted.cause, planted.amount));
                        causes.insert(format!("{:?}", planted.cause));
                    }
                    None => assert_eq!(
                        (comparison.cause, comparison.short, comparison.over),
                        (Cause::None, Fen::ZERO, Fen::ZERO)
                    ),
                }
            }
            for pair in person.bills.windows(2) {
                assert!(pair[0].bill.discharged_on <= pair[1].bill.admitted_on, "stays of {} overlap", person.name);
            }
        }
        assert_eq!(found, township.shortfalls.len());
        assert!(causes.len() >= 2, "{causes:?}");
        assert!((40..=90).contains(&bills), "{bills}");
    }
    let a = first(&county);
    assert_eq!(a.shortfalls.len(), 12);
    assert!(a.shortfalls.iter().any(|planted| planted.name == "王桂英" && planted.household == FLAGSHIP));
    let causes: BTreeSet<String> = a.shortfalls.iter().map(|planted| format!("{:?}", planted.cause)).collect();
    for cause in [Cause::IdentityNotMarked, Cause::DeductibleNotWaived, Cause::AccumulationLost] {
        assert!(causes.contains(&format!("{cause:?}")), "{causes:?}");
    }
}

#[test]
fn every_planted_fault_is_really_there() {
    let county = sample();
    for township in &county.townships {
        let rules: BTreeSet<&str> = township.faults.iter().map(|fault| fault.rule).collect();
        for rule in [
            "F04",
            "F05",
            "F06",
            "F07",
            "F08",
            "F13",
            "F19",
            "F25",
            "F27",
            "F28",
            "F33",
            "F39",
            "F43",
            "F45",
            "F49",
            "F51",
            "F53",
            "未签约",
        ] {
            assert!(rules.contains(rule), "no {rule} in {}", township.name);
        }
        for fault in &township.faults {
            let household = household(township, &fault.household);
            let person = household.members.iter().find(|p| p.name == fault.name).unwrap();
            let age = person.age(day());
            let id_says = person.id.as_ref().map(|id| (id.birth(), id.sex()));
            let there = match fault.rule {
                "F04" => person.id.is_none(),
                "F05" => id_says.is_some_and(|(birth, _)| birth != person.roster_birth),
                "F06" => person.health.is_empty() || person.ethnicity.is_empty(),
                "F07" => {
                    let code = code::resolve("relation", person.relation).unwrap();
                    relation::implied_sex(code) != Some(person.sex)
                }
                "F08" => person.roster_sex == household.members[0].roster_sex,
                "F13" => person.enrolment.as_ref().is_none_or(|enrolment| !enrolment.insured),
                "F19" => household.main_cause == "因病" && household.members.iter().all(|p| p.diseases.is_empty()),
                "F25" => person.health.contains("残疾") && person.document_type == "居民身份证",
                "F27" => age < 16 && person.labour != "无劳动力",
                "F28" => age >= 60 && person.labour == "普通劳动力",
                "F29" => person.health == "健康" && person.labour == "无劳动力",
                "F33" => !person.education.is_empty() && !person.schooling.is_empty(),
                "F39" => township.households.iter().filter(|other| other.phone == household.phone).count() == 2,
                "F43" => person.has_major_disease() && household.main_cause != "因病",
                "F45" => {
                    let early = person.visits.iter().any(|v| person.diseases.iter().all(|d| v.on < d.diagnosed_on));
                    let same = person.visits.windows(2).any(|pair| pair[0].pressure == pair[1].pressure);
                    early || same
                }
                "F49" => matches!(&person.contract, DemoContract::Signed { until, .. } if *until < day()),
                "F51" => person.bills.iter().any(|b| {
                    let parts = b.bill.ownpay + b.bill.overlimit + b.bill.preselfpay.unwrap() + b.in_scope;
                    parts != b.bill.total
                }),
                "F53" => person.bills.iter().any(|b| b.deposit > Fen::ZERO),
                "未签约" => !matches!(person.contract, DemoContract::Signed { .. }),
                other => panic!("nobody checks {other}"),
            };
            assert!(there, "{fault:?}");
        }
    }
}
