//! A year of bills: repeats, accumulation, late bills, dated identities, refusals.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;

use chrono::NaiveDate;
use common::{changed, day, pack, pack_text, stay};
use mingbai_coverage::{
    Bill, BillError, BillField, History, IdentityPeriod, Item, Kind, Level, Pack, Person, YearEndDays, settle,
    settle_annual, settle_year, settle_year_end,
};
use mingbai_domain::Fen;

fn yuan(yuan: i64) -> Fen {
    Fen::from_yuan(yuan)
}

#[test]
fn a_repeated_admission_pays_a_lower_deductible() {
    let bills = [stay(2020, 1, 10_000), stay(2020, 2, 10_000), stay(2020, 3, 10_000)];
    let deductibles = |person: &Person| -> Vec<Fen> {
        let year = settle_year(&pack("wulanchabu.toml"), person, &History::empty(2020), &bills);
        let steps = year.settlements.iter().flat_map(|settlement| &settlement.steps);
        steps.filter(|step| step.key == "basic.deductible").map(|step| step.result).collect()
    };
    assert_eq!(deductibles(&Person::ordinary()), [yuan(1_200), yuan(1_100), yuan(1_000)]);
    assert_eq!(deductibles(&Person::holding(&["registered_poor"])), [yuan(1_200), Fen::ZERO, Fen::ZERO]);
}

#[test]
fn the_second_stay_of_the_year_halves_the_deductible_at_any_level() {
    let mut second = stay(2023, 2, 10_000);
    second.level = Level::Level2;
    let year = settle_year(
        &pack("beijing.toml"),
        &Person::ordinary(),
        &History::empty(2023),
        &[stay(2023, 1, 10_000), second],
    );
    // (10,000 − 800 × 50 %) × 78 %
    assert_eq!(year.settlements[1].paid_by("basic_inpatient"), yuan(7_488));
}

#[test]
fn outpatient_visits_share_one_deductible_and_one_cap_in_a_year() {
    let visit = |month, total| Bill { kind: Kind::Outpatient, level: Level::Township, ..stay(2023, month, total) };
    let bills = [visit(1, 60), visit(2, 140), visit(3, 9_000)];
    let year = settle_year(&pack("beijing.toml"), &Person::ordinary(), &History::empty(2023), &bills);
    let paid: Vec<Fen> = year.settlements.iter().map(|s| s.paid_by("basic_outpatient_primary")).collect();
    // 60 < 100; (140 − 40) × 55 %; the rest of 3,000.
    assert_eq!(paid, [Fen::ZERO, yuan(55), yuan(2_945)]);
    assert!(year.settlements[2].steps.iter().any(|step| step.key == "basic_outpatient_primary.cap"));
}

#[test]
fn a_late_bill_resettles_the_rest_of_the_year() {
    let pack = pack("wulanchabu.toml");
    let person = Person::holding(&["registered_poor"]);
    let known = [stay(2020, 2, 40_000), stay(2020, 6, 50_000)];
    let before = settle_year(&pack, &person, &History::empty(2020), &known);
    let late = stay(2020, 1, 30_000);
    let after = settle_year(&pack, &person, &History::empty(2020), &[known[0].clone(), known[1].clone(), late]);
    let order: Vec<&str> = after.settlements.iter().map(|settlement| settlement.bill.as_str()).collect();
    assert_eq!(order, ["2020-01", "2020-02", "2020-06"]);
    // February is now the second stay: no deductible, and the yearly threshold is partly used up.
    assert!(after.settlements[1].paid_by("basic") > before.settlements[0].paid_by("basic"));
    assert!(after.settlements[1].paid_by("critical") > before.settlements[0].paid_by("critical"));
    assert_eq!(after.settlements[0].after, after.settlements[1].before);
}

#[test]
fn a_refused_bill_adds_nothing_and_does_not_stop_the_others() {
    let broken = Bill { ownpay: yuan(20_000), ..stay(2020, 2, 10_000) };
    let good = [stay(2020, 1, 10_000), stay(2020, 3, 10_000)];
    let pack = pack("wulanchabu.toml");
    let all = [good[0].clone(), broken, good[1].clone()];
    let with = settle_year(&pack, &Person::ordinary(), &History::empty(2020), &all);
    let without = settle_year(&pack, &Person::ordinary(), &History::empty(2020), &good);
    assert_eq!(with.settlements, without.settlements);
    assert_eq!((with.refused[0].index, with.refused[0].error.field()), (1, BillField::Ownpay));
}

#[test]
fn an_identity_gained_or_lost_during_the_stay_counts_for_that_stay() {
    let pack = pack("beijing.toml");
    let held = |from, until| Person {
        identities: vec![IdentityPeriod { identity: "subsistence".to_owned(), from, until }],
        ..Person::default()
    };
    let aid = |person: &Person| {
        let settled = settle(&pack, person, &History::empty(2023), &stay(2023, 3, 10_000)).unwrap();
        settled.paid_by("aid_inpatient")
    };
    let always = aid(&held(None, None));
    assert!(always > Fen::ZERO);
    assert_eq!(aid(&held(Some(day(2023, 3, 20)), None)), always);
    assert_eq!(aid(&held(None, Some(day(2023, 3, 1)))), always);
    assert_eq!(aid(&held(Some(day(2023, 3, 21)), None)), Fen::ZERO);
    assert_eq!(aid(&held(None, Some(day(2023, 2, 28)))), Fen::ZERO);
}

#[test]
fn an_identity_the_pack_does_not_know_is_named_not_dropped_silently() {
    let person = Person::holding(&["monitored", "ordinary"]);
    let settled = settle(&pack("beijing.toml"), &person, &History::empty(2023), &stay(2023, 3, 10_000)).unwrap();
    assert_eq!(settled.identities, Vec::<String>::new());
    assert_eq!(settled.identities_without_rule, ["monitored"]);
}

#[test]
fn an_identity_gained_in_the_year_reaches_back_only_where_the_pack_says_so() {
    let gained = Person {
        identities: vec![IdentityPeriod {
            identity: "registered_poor".to_owned(),
            from: Some(day(2017, 3, 1)),
            until: None,
        }],
        ..Person::default()
    };
    let later = pack_text("jiamusi-2018.toml").replace("2018-01-01", "2017-01-01");
    let whole = later.replace("identity_change = \"later_bills\"", "identity_change = \"whole_year\"");
    let critical = |text: &str| {
        let pack = Pack::parse(text).unwrap();
        let bills = [stay(2017, 1, 40_000), stay(2017, 4, 40_000)];
        settle_year(&pack, &gained, &History::empty(2017), &bills).closing.payer("critical").paid
    };
    // Self-pay 14,455 then 12,490: (14,455 − 10,000) × 50 %, then 12,490 × 50 % or (26,945 − 5,000) × 50 % in all.
    assert_eq!(critical(&later), Fen(222_750 + 590_500 + 34_000));
    assert_eq!(critical(&whole), Fen(1_063_250 + 34_000));
}

#[test]
fn the_ceiling_cuts_the_payers_in_the_order_of_the_pack() {
    let person = Person::holding(&["extreme_poverty"]);
    let bill = stay(2020, 3, 100_000);
    let settled = settle(&pack("wulanchabu.toml"), &person, &History::empty(2020), &bill).unwrap();
    // Everything would be paid; the government grant (nothing here) and then large aid are cut to 90,000 in all.
    assert_eq!(settled.paid(), yuan(90_000));
    assert_eq!(settled.paid_by("basic") + settled.paid_by("critical"), yuan(90_000) - settled.paid_by("aid_large"));
    assert_eq!(settled.personal, yuan(10_000));
    assert!(settled.steps.iter().any(|step| step.key == "aid_large.ceiling"));
}

#[test]
fn care_outside_the_city_is_paid_first_by_the_person() {
    let mut bill = stay(2020, 3, 10_000);
    bill.area = mingbai_coverage::Area::Outside;
    bill.referral = mingbai_coverage::Referral::Referred;
    let settled = settle(&pack("wulanchabu.toml"), &Person::ordinary(), &History::empty(2020), &bill).unwrap();
    assert_eq!((settled.preselfpay, settled.in_scope), (yuan(2_000), yuan(8_000)));
    assert_eq!(settled.paid_by("basic"), yuan(4_420));
}

#[test]
fn a_cause_on_the_exclusion_list_is_not_paid_and_says_which() {
    let bill = Bill { cause: Some("work_injury".to_owned()), ..stay(2020, 3, 10_000) };
    let pack = pack("wulanchabu.toml");
    let settled = settle(&pack, &Person::ordinary(), &History::empty(2020), &bill).unwrap();
    assert_eq!(settled.personal, yuan(10_000));
    assert!(settled.steps.iter().any(|step| step.formula == "不予支付：工伤"));
    let bill = Bill { cause: Some("weather".to_owned()), ..bill };
    let error = settle(&pack, &Person::ordinary(), &History::empty(2020), &bill).unwrap_err();
    assert_eq!(error, BillError::UnknownCause { cause: "weather".to_owned() });
}

#[test]
fn a_yearly_payer_collects_all_year_and_pays_once() {
    let pack = pack("beijing.toml");
    let bills = [stay(2023, 2, 100_000), stay(2023, 8, 100_000)];
    let year = settle_year(&pack, &Person::ordinary(), &History::empty(2023), &bills);
    assert_eq!(year.closing.payer("illness_aid").base, year.closing.in_scope_personal);
    let person = Person::holding(&["illness_poverty"]);
    let once = settle_annual(&pack, &person, &year.closing, day(2024, 3, 1)).unwrap();
    assert!(once.payers[0].amount > Fen::ZERO);
    assert_eq!(once.in_scope_personal, year.closing.in_scope_personal - once.payers[0].amount);
    let twice = settle_annual(&pack, &person, &once.after, day(2024, 3, 1)).unwrap();
    assert_eq!(twice.payers[0].amount, Fen::ZERO);
}

#[test]
fn what_must_be_applied_for_counts_the_identity_at_the_application_and_what_ends_a_year_that_of_its_last_day() {
    let pack = pack("beijing.toml");
    let year = settle_year(&pack, &Person::ordinary(), &History::empty(2023), &[stay(2023, 2, 100_000)]);
    let recognised = |from: NaiveDate, until: Option<NaiveDate>| {
        let identity = "illness_poverty".to_owned();
        Person { identities: vec![IdentityPeriod { identity, from: Some(from), until }], ..Person::ordinary() }
    };
    let due = |pack: &Pack, person: &Person, today| {
        let days = YearEndDays::seen(2023, today);
        settle_year_end(pack, person, &year.closing, days).unwrap().payers[0].amount
    };
    // Recognised in the spring after: not on the last day of the year, but when the family applies.
    let later = recognised(day(2024, 3, 20), None);
    assert!(due(&pack, &later, day(2024, 5, 1)) > Fen::ZERO);
    assert_eq!(due(&pack, &later, day(2024, 3, 1)), Fen::ZERO, "not recognised yet");
    let by_itself = changed("beijing.toml", &[("settle = \"application\"", "settle = \"annual\"")]);
    assert_eq!(due(&by_itself, &later, day(2024, 5, 1)), Fen::ZERO);
    // Only in the year after can it be applied for, and a year that still runs is seen as if it ended today.
    assert_eq!(due(&pack, &recognised(day(2025, 1, 1), None), day(2025, 6, 1)), Fen::ZERO);
    assert!(due(&pack, &recognised(day(2023, 6, 1), Some(day(2023, 9, 1))), day(2023, 8, 1)) > Fen::ZERO);
}

#[test]
fn bills_that_cannot_be_are_refused_with_the_field_at_fault() {
    let pack = pack("wulanchabu.toml");
    let good = stay(2020, 3, 10_000);
    let item = |class: &str, amount| vec![Item { class: class.to_owned(), amount: yuan(amount) }];
    let refused = |bill: &Bill| {
        let error = settle(&pack, &Person::ordinary(), &History::empty(2020), bill).unwrap_err();
        assert!(!error.to_string().is_ascii(), "{error:?} is said in Chinese");
        error.field()
    };
    for (bill, field) in [
        (Bill { total: Fen(-1), ..good.clone() }, BillField::Total),
        (Bill { total: Fen(i64::MAX), ..good.clone() }, BillField::Total),
        (Bill { overlimit: yuan(10_001), ..good.clone() }, BillField::Overlimit),
        (Bill { ownpay: yuan(6_000), preselfpay: Some(yuan(6_000)), ..good.clone() }, BillField::Preselfpay),
        (Bill { preselfpay: None, ..good.clone() }, BillField::Preselfpay),
        (Bill { items: item("class_b", 1_000), preselfpay: Some(yuan(100)), ..good.clone() }, BillField::Preselfpay),
        (Bill { items: item("class_x", 1_000), preselfpay: None, ..good.clone() }, BillField::Items),
        (Bill { items: item("class_b", 10_001), preselfpay: None, ..good.clone() }, BillField::Items),
        (Bill { hospital_borne: yuan(9_999), ..good.clone() }, BillField::HospitalBorne),
        (Bill { discharged_on: day(2020, 2, 1), ..good.clone() }, BillField::DischargedOn),
        (Bill { settled_on: day(2020, 3, 19), ..good.clone() }, BillField::SettledOn),
        (Bill { level: Level::Village, ..good.clone() }, BillField::Rule),
        (stay(2018, 3, 10_000), BillField::Pack),
        (stay(2021, 3, 10_000), BillField::History),
    ] {
        assert_eq!(refused(&bill), field, "{bill:?}");
    }
}

#[test]
fn a_stay_over_new_year_must_be_split_where_the_pack_wants_it() {
    let bill = Bill { admitted_on: day(2023, 12, 28), ..stay(2024, 1, 10_000) };
    let error = settle(&pack("beijing.toml"), &Person::ordinary(), &History::empty(2024), &bill).unwrap_err();
    assert_eq!(error, BillError::CrossesYear);
}

#[test]
fn history_and_bills_survive_json_and_amounts_read_as_people_write_them() {
    let person = Person::holding(&["registered_poor"]);
    let year = settle_year(&pack("wulanchabu.toml"), &person, &History::empty(2020), &[stay(2020, 1, 80_000)]).closing;
    let again: History = serde_json::from_str(&serde_json::to_string(&year).unwrap()).unwrap();
    assert_eq!(again, year);
    let bill = stay(2020, 1, 1_200);
    let text = serde_json::to_string(&bill).unwrap();
    assert_eq!(serde_json::from_str::<Bill>(&text).unwrap(), bill);
    let written = text.replace("\"total\":120000", "\"total\":\"1,200.00\"");
    assert_eq!(serde_json::from_str::<Bill>(&written).unwrap(), bill);
    let float = text.replace("\"total\":120000", "\"total\":1200.5");
    assert!(serde_json::from_str::<Bill>(&float).is_err());
    let unknown = text.replace("\"total\"", "\"totl\"");
    assert!(serde_json::from_str::<Bill>(&unknown).is_err());
}

#[test]
fn a_birth_after_the_admission_is_refused_where_age_decides() {
    let person = Person { born: Some(day(2025, 3, 2)), ..Person::default() };
    let error =
        settle(&pack("nanchang-2025.toml"), &person, &History::empty(2025), &stay(2025, 3, 10_000)).unwrap_err();
    assert_eq!((error.field(), error.to_string().contains("2025-03-02")), (BillField::Born, true));
    let person = Person { born: Some(day(2025, 3, 1)), ..person };
    assert!(settle(&pack("nanchang-2025.toml"), &person, &History::empty(2025), &stay(2025, 3, 10_000)).is_ok());
}
