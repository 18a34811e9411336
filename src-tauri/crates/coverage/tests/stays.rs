//! Who is insured and since when, and how stays are counted, cut and continued.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;

use common::{changed, day, deductible, enrolled, insured, one, pack, since, stay, yuan};
use mingbai_coverage::{
    Bill, BillError, BillField, Continuation, Continues, Enrolment, History, IdentityPeriod, Kind, Level, Pack, Person,
    Settlement, Uninsured, YearSettlement, in_turn, settle, settle_year, settle_years,
};
use mingbai_domain::Fen;

fn days(bill: Bill, from: (u32, u32), to: (u32, u32)) -> Bill {
    let year = bill.admitted_on.format("%Y").to_string().parse().unwrap();
    let (from, to) = (day(year, from.0, from.1), day(year, to.0, to.1));
    Bill { admitted_on: from, discharged_on: to, settled_on: to, ..bill }
}

fn continuing(bill: &str, how: Continuation) -> Option<Continues> {
    Some(Continues { bill: bill.to_owned(), how })
}

#[test]
fn whoever_enrols_late_waits_three_months_and_is_paid_nothing_until_then() {
    let beijing = pack("beijing.toml");
    let late = enrolled(Enrolment { late: Some(true), ..since(2023, 2, 10) });
    let inside = days(stay(2023, 3, 10_000), (5, 1), (5, 9));
    let settled = one(&beijing, &late, &inside);
    assert_eq!(settled.paid(), Fen::ZERO);
    let step = settled.steps.iter().find(|step| step.key == "basic_inpatient.not_applied").unwrap();
    assert_eq!(step.formula, "不适用：待遇等待期至2023-05-09，等待期内不支付");
    assert_eq!(step.article(), "京人社农合发〔2017〕250号 第六条、第九条、第十条、第三十七条");
    let after = days(stay(2023, 3, 10_000), (5, 10), (5, 20));
    assert_eq!(one(&beijing, &late, &after).paid_by("basic_inpatient"), yuan(6_525));
    let across = days(stay(2023, 3, 10_000), (5, 1), (5, 20));
    let error = settle(&beijing, &late, &History::empty(2023), &across).unwrap_err();
    assert_eq!(error, BillError::StraddlesWaiting { until: day(2023, 5, 9) });
}

#[test]
fn a_missed_year_adds_a_month_of_waiting_and_a_year_paid_for_afterwards_takes_one_off() {
    let pack = changed("template.toml", &[("straddle = \"split\"", "straddle = \"by_admission\"")]);
    let last_day = |gap_years, repaid_years, identity: &str| {
        let enrolment = Enrolment { gap_years: Some(gap_years), repaid_years, ..since(2025, 1, 1) };
        let person = Person { identities: Person::holding(&[identity]).identities, ..enrolled(enrolment) };
        (1..=9).rev().find(|month| {
            let bill = days(stay(2025, *month, 10_000), (*month, 28), (*month, 28));
            one(&pack, &person, &bill).paid_by("basic") == Fen::ZERO
        })
    };
    assert_eq!(last_day(0, 0, "student_child"), None, "insured all along");
    assert_eq!(last_day(1, 0, "student_child"), Some(4), "3 + 1 months");
    assert_eq!(last_day(3, 0, "student_child"), Some(6));
    assert_eq!(last_day(3, 2, "student_child"), Some(4), "3 + 3 − 2");
    assert_eq!(last_day(3, 9, "student_child"), Some(3), "the fixed part stays");
    assert_eq!(last_day(5, 5, "student_child"), Some(6), "four years and more: at least six months");
    assert_eq!(last_day(5, 0, "extreme_poverty"), None, "who is exempt does not wait");
}

#[test]
fn whoever_was_not_insured_the_year_before_has_no_outpatient_benefit_that_year_in_beijing() {
    let beijing = pack("beijing.toml");
    let gap = enrolled(Enrolment { gap_years: Some(1), ..since(2023, 1, 1) });
    let visit = Bill { kind: Kind::Outpatient, level: Level::Township, ..stay(2023, 11, 1_100) };
    assert_eq!(one(&beijing, &gap, &visit).paid(), Fen::ZERO);
    assert_eq!(one(&beijing, &gap, &stay(2023, 11, 10_000)).paid_by("basic_inpatient"), yuan(6_525));
    assert_eq!(one(&beijing, &enrolled(since(2023, 1, 1)), &visit).paid_by("basic_outpatient_primary"), yuan(550));
}

#[test]
fn a_stay_is_not_cut_by_a_waiting_period_of_payers_it_has_nothing_to_do_with() {
    let pack = changed(
        "beijing.toml",
        &[("months = \"year_end\"", "months = { fixed = 3, per_gap_year = 0, per_repaid_year = 0, least = \"none\" }")],
    );
    let gap = enrolled(Enrolment { gap_years: Some(1), ..since(2023, 1, 1) });
    let across = days(stay(2023, 3, 10_000), (3, 20), (4, 5));
    assert_eq!(one(&pack, &gap, &across).paid_by("basic_inpatient"), yuan(6_525));
    let visit = Bill { kind: Kind::Outpatient, level: Level::Township, ..across };
    let error = settle(&pack, &gap, &History::empty(2023), &visit).unwrap_err();
    assert_eq!(error, BillError::StraddlesWaiting { until: day(2023, 3, 31) });
}

#[test]
fn whoever_is_not_insured_on_the_day_is_paid_by_aid_only() {
    let beijing = pack("beijing.toml");
    let mut person = Person::holding(&["extreme_poverty"]);
    person.uninsured = vec![Uninsured { from: day(2023, 1, 1), until: day(2023, 12, 31) }];
    let settled = one(&beijing, &person, &stay(2023, 3, 10_000));
    assert_eq!((settled.paid_by("basic_inpatient"), settled.paid_by("aid_inpatient")), (Fen::ZERO, yuan(10_000)));
    assert!(settled.steps.iter().any(|step| step.formula == "不适用：就诊时没有参保"));
    let unknown = one(&beijing, &Person::ordinary(), &stay(2023, 3, 10_000));
    assert_eq!(unknown.cautions(), ["没有这一年的参保记录，不能核对等待期，按正常参保计算"]);
}

#[test]
fn a_year_the_register_is_silent_on_is_neither_insured_nor_uninsured_and_its_bills_are_not_checked() {
    let beijing = pack("beijing.toml");
    let of_2022 = Enrolment { until: Some(day(2022, 12, 31)), ..since(2022, 1, 1) };
    let person = Person { registered: true, ..enrolled(of_2022) };
    let bill = stay(2023, 3, 10_000);
    let refused = settle(&beijing, &person, &History::empty(2023), &bill).unwrap_err();
    assert_eq!((refused.field(), refused.clone()), (BillField::Enrolment, BillError::EnrolmentUnknown { year: 2023 }));
    assert!(refused.to_string().starts_with("没有2023年的参保记录，不能核对等待期"));
    // A pack without waiting periods has nothing to look at.
    let jiamusi = pack("jiamusi-2018.toml");
    let bill = Bill { level: Level::Township, ..stay(2018, 3, 3_000) };
    assert!(settle(&jiamusi, &person, &History::empty(2018), &bill).is_ok());
}

#[test]
fn a_year_with_employees_insurance_alone_is_no_silence_and_no_residents_year() {
    let registered = Person { registered: true, employees: vec![2023], ..Person::holding(&["subsistence"]) };
    let bill = stay(2023, 3, 10_000);
    for (file, year, level) in [("beijing.toml", 2023, Level::Level3), ("jiamusi-2018.toml", 2018, Level::Township)] {
        let person = Person { employees: vec![year], ..registered.clone() };
        let bill = Bill { level, ..stay(year, 3, 10_000) };
        let refused = settle(&pack(file), &person, &History::empty(year), &bill).unwrap_err();
        assert_eq!((refused.field(), refused.clone()), (BillField::Enrolment, BillError::EmployeesInsured { year }));
        assert!(refused.to_string().starts_with(&format!("{year}年参加的是职工医保")), "{refused}");
    }
    // Whoever went over to the residents in May is theirs from then on.
    let beijing = pack("beijing.toml");
    let over = Enrolment { paid_on: Some(day(2023, 5, 4)), late: None, from_employees: true, ..since(2023, 5, 4) };
    let person = Person { enrolments: vec![over], ..registered.clone() };
    let refused = settle(&beijing, &person, &History::empty(2023), &bill).unwrap_err();
    assert_eq!(refused, BillError::EmployeesInsured { year: 2023 });
    assert!(settle(&beijing, &person, &History::empty(2023), &stay(2023, 6, 10_000)).is_ok());
}

#[test]
fn whoever_comes_over_from_employees_insurance_is_not_made_to_wait_for_a_day_nobody_knows() {
    let beijing = pack("beijing.toml");
    let bill = days(stay(2023, 2, 10_000), (2, 1), (2, 9));
    let late = Enrolment { paid_on: Some(day(2022, 12, 20)), late: None, ..since(2023, 1, 1) };
    assert_eq!(one(&beijing, &enrolled(late), &bill).paid(), Fen::ZERO);
    let over = Enrolment { from_employees: true, ..late };
    let settled = one(&beijing, &enrolled(over), &bill);
    assert_eq!(settled.paid_by("basic_inpatient"), yuan(6_525));
    assert!(settled.cautions()[0].starts_with("由职工医保转来，没有停保日期"), "{:?}", settled.cautions());
    // The insurer's own day settles it.
    let said = Enrolment { entitled_from: Some(day(2023, 3, 20)), ..over };
    assert_eq!(one(&beijing, &enrolled(said), &bill).paid(), Fen::ZERO);
}

#[test]
fn the_day_of_payment_against_the_windows_closing_day_says_who_enrolled_late() {
    let beijing = pack("beijing.toml");
    let paid = |on| Enrolment { paid_on: Some(on), late: None, ..since(2023, 1, 1) };
    let bill = days(stay(2023, 2, 10_000), (2, 1), (2, 9));
    assert_eq!(one(&beijing, &enrolled(paid(day(2022, 11, 30))), &bill).paid_by("basic_inpatient"), yuan(6_525));
    assert_eq!(one(&beijing, &enrolled(paid(day(2022, 12, 1))), &bill).paid(), Fen::ZERO);
    // The insurer's own first day counts before anything worked out.
    let said = Enrolment { entitled_from: Some(day(2023, 2, 1)), ..paid(day(2022, 12, 1)) };
    assert_eq!(one(&beijing, &enrolled(said), &bill).paid_by("basic_inpatient"), yuan(6_525));
    let later = Enrolment { entitled_from: Some(day(2023, 2, 10)), ..paid(day(2022, 11, 1)) };
    assert_eq!(one(&beijing, &enrolled(later), &bill).paid(), Fen::ZERO);
    let silent = Enrolment { late: None, gap_years: None, ..since(2023, 1, 1) };
    let settled = one(&beijing, &enrolled(silent), &bill);
    let told = ["没有缴费日期，按集中参保期内参保计算", "没有上一年的参保记录，按没有断保计算"];
    assert_eq!((settled.cautions(), settled.paid_by("basic_inpatient")), (told.to_vec(), yuan(6_525)));
}

#[test]
fn whoever_enrols_a_newborn_within_the_packs_days_is_paid_for_from_birth() {
    let beijing = pack("beijing.toml");
    let child = |paid| Person {
        born: Some(day(2023, 3, 1)),
        ..enrolled(Enrolment { paid_on: Some(paid), late: None, gap_years: None, ..since(2023, 5, 20) })
    };
    let bill = days(stay(2023, 3, 10_000), (3, 5), (3, 20));
    assert!(one(&beijing, &child(day(2023, 5, 20)), &bill).paid_by("basic_inpatient") > Fen::ZERO);
    let settled = one(&beijing, &child(day(2023, 6, 1)), &bill);
    assert!(settled.steps.iter().any(|step| step.formula == "不适用：就诊时没有参保"), "91 days are too many");
}

#[test]
fn a_stay_of_more_than_ninety_days_comes_in_parts_and_each_part_bears_a_deductible_where_the_pack_says_so() {
    let beijing = pack("beijing.toml");
    let long = days(stay(2023, 1, 50_000), (1, 1), (4, 5));
    let error = settle(&beijing, &Person::ordinary(), &History::empty(2023), &long).unwrap_err();
    assert_eq!(error, BillError::LongStay { days: 94, most: 90 });
    assert!(settle(&beijing, &Person::holding(&["special_disease"]), &History::empty(2023), &long).is_ok());
    let parts = [
        Bill { id: "1".to_owned(), ..days(stay(2023, 1, 40_000), (1, 1), (4, 1)) },
        Bill {
            id: "2".to_owned(),
            continues: continuing("1", Continuation::Period),
            ..days(stay(2023, 1, 10_000), (4, 1), (4, 5))
        },
    ];
    let taken = |pack: &Pack| -> Vec<Fen> {
        let year = settle_year(pack, &Person::ordinary(), &History::empty(2023), &parts);
        year.settlements.iter().map(|settlement| deductible(settlement, "basic_inpatient")).collect()
    };
    assert_eq!(taken(&beijing), [yuan(1_300), yuan(650)]);
    let once = changed("beijing.toml", &[("continued_stay = \"again\"", "continued_stay = \"once\"")]);
    assert_eq!(taken(&once), [yuan(1_300), Fen::ZERO]);
    let orphan = [Bill { continues: continuing("9", Continuation::Period), ..parts[1].clone() }];
    let year = settle_year(&once, &Person::ordinary(), &History::empty(2023), &orphan);
    assert_eq!(year.refused[0].error.field(), BillField::Continues);
}

#[test]
fn a_transfer_within_24_hours_is_one_admission_with_one_deductible() {
    let beijing = pack("beijing.toml");
    let transfer = |first: i64| {
        let bills = [
            Bill { id: "1".to_owned(), level: Level::Level2, ..days(stay(2023, 3, first), (3, 1), (3, 5)) },
            Bill {
                id: "2".to_owned(),
                continues: continuing("1", Continuation::Transfer),
                ..days(stay(2023, 3, 10_000), (3, 5), (3, 20))
            },
            Bill { id: "3".to_owned(), ..days(stay(2023, 6, 10_000), (6, 1), (6, 9)) },
        ];
        let year = settle_year(&beijing, &Person::ordinary(), &History::empty(2023), &bills);
        assert_eq!(year.closing.admissions_anywhere(), 2);
        let taken = year.settlements.iter().map(|settlement| deductible(settlement, "basic_inpatient"));
        taken.collect::<Vec<Fen>>()
    };
    // The fund paid at the level 2 hospital: its 800 is the deductible of both. The next stay is the second of the year.
    assert_eq!(transfer(5_000), [yuan(800), Fen::ZERO, yuan(650)]);
    // It did not: the receiving hospital's 1,300 counts, of which 500 were borne already.
    assert_eq!(transfer(500), [yuan(800), yuan(800), yuan(650)]);
    let two = changed("beijing.toml", &[("= \"one_admission\"", "= \"new_admission\"")]);
    let bills = [
        Bill { id: "1".to_owned(), level: Level::Level2, ..days(stay(2023, 3, 5_000), (3, 1), (3, 5)) },
        Bill { continues: continuing("1", Continuation::Transfer), ..days(stay(2023, 3, 10_000), (3, 5), (3, 20)) },
    ];
    let year = settle_year(&two, &Person::ordinary(), &History::empty(2023), &bills);
    assert_eq!(deductible(&year.settlements[1], "basic_inpatient"), yuan(650));
}

#[test]
fn a_transfer_whose_second_hospital_settled_first_is_settled_after_the_stay_it_goes_on_with() {
    let beijing = pack("beijing.toml");
    let first = Bill { id: "1".to_owned(), level: Level::Level2, ..days(stay(2023, 3, 5_000), (3, 1), (3, 5)) };
    let second = Bill {
        id: "2".to_owned(),
        continues: continuing("1", Continuation::Transfer),
        ..days(stay(2023, 3, 10_000), (3, 5), (3, 20))
    };
    let usual = settle_year(&beijing, &Person::ordinary(), &History::empty(2023), &[first.clone(), second.clone()]);
    let late = Bill { settled_on: day(2023, 4, 28), ..first };
    let between = Bill { id: "3".to_owned(), kind: Kind::Outpatient, ..days(stay(2023, 4, 500), (4, 2), (4, 2)) };
    let bills = [second, between, late];
    let year = settle_year(&beijing, &Person::ordinary(), &History::empty(2023), &bills);
    assert!(year.refused.is_empty(), "{:?}", year.refused);
    let order: Vec<&str> = year.settlements.iter().map(|one| one.bill.as_str()).collect();
    assert_eq!(order, ["3", "1", "2"]);
    let taken = |year: &YearSettlement, id: &str| {
        deductible(year.settlements.iter().find(|one| one.bill == id).unwrap(), "basic_inpatient")
    };
    assert_eq!(["1", "2"].map(|id| taken(&year, id)), ["1", "2"].map(|id| taken(&usual, id)));
    assert_eq!(year.closing.admissions_anywhere(), 1);
}

#[test]
fn bills_that_name_each_other_stay_where_their_days_put_them_whoever_else_was_treated_that_year() {
    let named = |id: &str, of: &str, date: u32| Bill {
        id: id.to_owned(),
        continues: continuing(of, Continuation::Transfer),
        ..days(stay(2023, 3, 100), (3, 1), (3, date))
    };
    let circle = [named("3", "4", 10), named("4", "3", 12)];
    let waiting = named("2", "4", 5);
    let other = |date| Bill { id: format!("other {date}"), ..days(stay(2023, 3, 100), (3, 1), (3, date)) };
    for others in [vec![], vec![other(11)], vec![other(2), other(20)], vec![other(2), other(11), other(20)]] {
        let all: Vec<&Bill> = circle.iter().chain([&waiting]).chain(&others).collect();
        let order: Vec<&str> = in_turn(&all).into_iter().map(|place| all[place].id.as_str()).collect();
        let named: Vec<&str> = order.into_iter().filter(|id| !id.starts_with("other")).collect();
        assert_eq!(named, ["3", "4", "2"], "who waits for one of a circle comes after it");
    }
}

#[test]
fn a_home_bed_bears_half_the_deductible_and_observation_is_paid_as_a_stay() {
    let beijing = pack("beijing.toml");
    let bed = Bill { kind: Kind::HomeBed, level: Level::Township, ..stay(2023, 3, 2_150) };
    let settled = one(&beijing, &Person::ordinary(), &bed);
    // 京人社农合发〔2017〕250号第二十二条：(2,150 − 300 × 50 %) × 80 %.
    assert_eq!((deductible(&settled, "basic_inpatient"), settled.paid_by("basic_inpatient")), (yuan(150), yuan(1_600)));
    let observed = Bill { kind: Kind::Observation, ..stay(2023, 3, 10_000) };
    assert_eq!(one(&beijing, &Person::ordinary(), &observed).paid_by("basic_inpatient"), yuan(6_525));
    let both = [observed, Bill { id: "2".to_owned(), ..stay(2023, 5, 10_000) }];
    let year = settle_year(&beijing, &Person::ordinary(), &History::empty(2023), &both);
    assert_eq!(deductible(&year.settlements[1], "basic_inpatient"), yuan(650), "observation was the first stay");
}

#[test]
fn a_stay_over_new_year_settled_in_two_parts_goes_on_where_the_old_year_left_it() {
    let once = changed("beijing.toml", &[("continued_stay = \"again\"", "continued_stay = \"once\"")]);
    let old = Bill { id: "1".to_owned(), ..days(stay(2023, 12, 1_000), (12, 20), (12, 31)) };
    let new = Bill {
        id: "2".to_owned(),
        admitted_on: day(2024, 1, 1),
        continues: continuing("1", Continuation::Period),
        ..stay(2024, 1, 5_000)
    };
    let before = settle_year(&once, &Person::ordinary(), &History::empty(2023), &[old]).closing;
    let after = settle(&once, &Person::ordinary(), &before.next(2024), &new).unwrap();
    // 1,000 of 1,300 were borne in December.
    assert_eq!((deductible(&after, "basic_inpatient"), after.year), (yuan(300), 2024));
    assert_eq!(after.after.admissions_anywhere(), 0, "the stay was counted in the old year");
}

/// A part of a stay, at this level, that goes on with an earlier one.
fn part(id: &str, level: Level, total: i64, (from, to): ((u32, u32), (u32, u32)), of: Option<Continues>) -> Bill {
    Bill { id: id.to_owned(), level, continues: of, ..days(stay(2025, 3, total), from, to) }
}

#[test]
fn the_part_of_a_stay_after_the_waiting_period_goes_on_with_the_part_inside_it_and_is_the_first_the_fund_counts() {
    let template = pack("template.toml");
    let late = enrolled(Enrolment { late: Some(true), ..since(2025, 1, 1) });
    let parts = [
        part("1", Level::Level3, 5_000, ((3, 20), (3, 31)), None),
        part("2", Level::Level3, 5_000, ((4, 1), (4, 9)), continuing("1", Continuation::Period)),
    ];
    let year = settle_year(&template, &late, &History::empty(2025), &parts);
    assert_eq!(year.refused, []);
    assert_eq!((deductible(&year.settlements[1], "basic"), year.closing.admissions_anywhere()), (yuan(800), 1));
}

#[test]
fn a_part_nobody_pays_does_not_break_a_stay_in_two() {
    let once = changed("beijing.toml", &[("continued_stay = \"again\"", "continued_stay = \"once\"")]);
    let excluded = part("2", Level::Level3, 5_000, ((3, 10), (3, 20)), continuing("1", Continuation::Period));
    let parts = [
        part("1", Level::Level3, 1_000, ((3, 1), (3, 10)), None),
        Bill { cause: Some("third_party".to_owned()), ..excluded },
        part("3", Level::Level3, 5_000, ((3, 20), (3, 30)), continuing("2", Continuation::Period)),
    ];
    let year = settle_year(&once, &Person::ordinary(), &History::empty(2025), &parts);
    assert_eq!(year.refused, []);
    // 1,000 of 1,300 were borne in the first part.
    assert_eq!(
        (deductible(&year.settlements[2], "basic_inpatient"), year.closing.admissions_anywhere()),
        (yuan(300), 1)
    );
}

#[test]
fn a_payer_that_sat_out_one_part_of_a_stay_still_knows_what_was_borne_before_it() {
    let lists = "when = [{ kind = [\"inpatient\", \"home_bed\", \"observation\"], without";
    let narrow = "when = [{ level = [\"level3\"], kind = [\"inpatient\", \"home_bed\", \"observation\"], without";
    let pack = changed("beijing.toml", &[("continued_stay = \"again\"", "continued_stay = \"once\""), (lists, narrow)]);
    let parts = [
        part("1", Level::Level3, 1_000, ((3, 1), (3, 10)), None),
        part("2", Level::Level2, 5_000, ((3, 10), (3, 20)), continuing("1", Continuation::Period)),
        part("3", Level::Level3, 5_000, ((3, 20), (3, 30)), continuing("2", Continuation::Period)),
    ];
    let year = settle_year(&pack, &Person::ordinary(), &History::empty(2025), &parts);
    assert_eq!(deductible(&year.settlements[2], "basic_inpatient"), yuan(300));
}

#[test]
fn a_transfer_is_counted_where_the_stay_began_however_many_hospitals_follow() {
    let level = changed("beijing.toml", &[("admission_count = \"any_level\"", "admission_count = \"same_level\"")]);
    let bills = [
        part("1", Level::Level3, 5_000, ((1, 1), (1, 9)), None),
        part("2", Level::Level2, 100, ((3, 1), (3, 2)), None),
        part("3", Level::Level3, 100, ((3, 2), (3, 3)), continuing("2", Continuation::Transfer)),
        part("4", Level::Level3, 5_000, ((3, 3), (3, 20)), continuing("3", Continuation::Transfer)),
    ];
    let year = settle_year(&level, &Person::ordinary(), &History::empty(2025), &bills);
    let taken: Vec<Fen> = year.settlements.iter().map(|settled| deductible(settled, "basic_inpatient")).collect();
    // The second stay at level 3 bears half of 1,300, less what was borne on the way there.
    assert_eq!(taken, [yuan(1_300), yuan(800), yuan(550), yuan(450)]);
    assert_eq!(year.closing.admissions_anywhere(), 2);
}

#[test]
fn only_a_stay_goes_on_with_a_stay() {
    let beijing = pack("beijing.toml");
    let visit = Bill {
        kind: Kind::Outpatient,
        continues: continuing("1", Continuation::Transfer),
        ..part("2", Level::Township, 1_100, ((3, 10), (3, 10)), None)
    };
    let bills = [part("1", Level::Level3, 5_000, ((3, 1), (3, 10)), None), visit];
    let settled = settle_year(&beijing, &Person::ordinary(), &History::empty(2025), &bills);
    assert_eq!(settled.settlements[1].paid_by("basic_outpatient_primary"), yuan(550));
    let alone = settle_year(&beijing, &Person::ordinary(), &History::empty(2025), &bills[1..]);
    assert_eq!(alone.refused, []);
}

#[test]
fn a_part_is_refused_where_another_stay_was_settled_between_or_its_first_part_is_missing_and_says_what_to_look_at() {
    let bills = [
        part("1", Level::Level2, 5_000, ((3, 1), (3, 5)), None),
        part("between", Level::Level2, 5_000, ((3, 6), (3, 9)), None),
        part("2", Level::Level3, 5_000, ((3, 5), (3, 20)), continuing("1", Continuation::Transfer)),
    ];
    for (bills, place) in [(&bills[..], 2), (&bills[2..], 0)] {
        let year = settle_year(&pack("beijing.toml"), &Person::ordinary(), &History::empty(2025), bills);
        assert_eq!(
            (year.refused[0].index, year.refused[0].error.to_string().as_str()),
            (
                place,
                "这张票据接续“1”号票据，但在它以前最近结算的住院不是那一张，请先录入那一张，或核对票据号和结算日期"
            )
        );
    }
}

/// 京医保办发〔2023〕37号 十（三）: an identity gained or lost during the stay counts for “当次住院”, though New Year splits it.
#[test]
fn an_identity_gained_or_lost_in_one_part_of_a_stay_counts_for_all_its_parts() {
    let beijing = pack("beijing.toml");
    let first = Bill { id: "1".to_owned(), ..days(stay(2024, 12, 60_000), (12, 20), (12, 31)) };
    let second = Bill {
        id: "2".to_owned(),
        continues: continuing("1", Continuation::Period),
        ..days(stay(2025, 1, 20_000), (1, 1), (1, 15))
    };
    let held = |from, until| {
        let identity = IdentityPeriod { identity: "subsistence".to_owned(), from, until };
        Person { identities: vec![identity], ..insured() }
    };
    let settled = |person: &Person| settle_years(&beijing, person, None, &[first.clone(), second.clone()]).settlements;
    let paid = |settled: &Settlement| {
        [settled.paid_by("basic_inpatient"), settled.paid_by("critical"), settled.paid_by("aid_inpatient")]
    };
    // (60,000 − 1,300) × 75 %; (15,975 − 15,202) × 65 %; 15,472.55 × 85 %.
    let gained = settled(&held(Some(day(2025, 1, 5)), None));
    assert_eq!(paid(&gained[0]), [yuan(44_025), Fen(50_245), Fen(1_315_167)]);
    let lost = settled(&held(None, Some(day(2024, 12, 28))));
    assert!(lost[1].paid_by("aid_inpatient") > Fen::ZERO, "the stay it was lost in goes on");
    // A stay of its own knows nothing of it.
    let alone = settle(&beijing, &held(Some(day(2025, 1, 5)), None), &History::empty(2024), &first).unwrap();
    assert_eq!(alone.paid_by("aid_inpatient"), Fen::ZERO);
}
