//! Bills that are cancelled or corrected: the rest of the year is settled again, and what moved is shown.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;

use common::{pack, stay};
use mingbai_coverage::{
    Aside, Bill, CaseFile, CaseReport, History, Moved, Person, YearAccount, YearSettlement, compare_year, moved,
    run_case, settle_year,
};
use mingbai_domain::Fen;

fn settled(bills: &[Bill]) -> YearSettlement {
    settle_year(&pack("wulanchabu.toml"), &Person::holding(&["registered_poor"]), &History::empty(2020), bills)
}

fn year() -> Vec<Bill> {
    vec![stay(2020, 2, 40_000), stay(2020, 6, 50_000)]
}

#[test]
fn a_cancelled_bill_adds_nothing_to_the_year_and_is_named() {
    let mut bills = year();
    bills[0].cancelled = true;
    let after = settled(&bills);
    assert_eq!(after.settlements, settled(&bills[1..]).settlements);
    assert_eq!((after.aside[0].index, after.aside[0].why.clone()), (0, Aside::Cancelled));
}

#[test]
fn a_corrected_bill_takes_the_place_of_the_old_one_until_it_is_cancelled_itself() {
    let mut bills = year();
    bills.push(Bill { id: "更正".to_owned(), replaces: Some("2020-02".to_owned()), ..stay(2020, 2, 30_000) });
    let after = settled(&bills);
    let numbers: Vec<&str> = after.settlements.iter().map(|settlement| settlement.bill.as_str()).collect();
    assert_eq!(numbers, ["更正", "2020-06"]);
    assert_eq!(after.aside[0].why, Aside::ReplacedBy("更正".to_owned()));
    bills[2].cancelled = true;
    assert_eq!(settled(&bills).settlements, settled(&year()).settlements);
}

#[test]
fn what_moved_is_told_per_bill_and_payer_and_sums_to_nothing_gained() {
    let before = settled(&year());
    let mut bills = year();
    bills.push(Bill { id: "更正".to_owned(), replaces: Some("2020-02".to_owned()), ..stay(2020, 2, 15_000) });
    let after = settled(&bills);
    let rows = moved(&before, &after);
    let of = |bill: &str, payer: Option<&str>| -> Option<Moved> {
        rows.iter().find(|row| row.bill == bill && row.payer.as_deref() == payer).cloned()
    };
    let corrected = of("更正", Some("basic")).unwrap();
    assert_eq!((corrected.before, corrected.after), (None, Some(after.settlements[0].paid_by("basic"))));
    let gone = of("2020-02", None).unwrap();
    assert_eq!((gone.after, gone.difference, gone.label.as_str()), (None, -before.settlements[0].personal, "个人支付"));
    // Less self-pay before June: June's critical-illness insurance changes though June's bill did not.
    assert!(of("2020-06", Some("critical")).unwrap().difference < Fen::ZERO);
    let total = |year: &YearSettlement| year.settlements.iter().map(|settlement| settlement.total).sum::<Fen>();
    assert_eq!(rows.iter().map(|row| row.difference).sum::<Fen>(), total(&after) - total(&before));
    assert_eq!(moved(&before, &before), []);
}

#[test]
fn the_fast_account_and_the_comparison_leave_out_what_no_longer_counts() {
    let pack = pack("wulanchabu.toml");
    let person = Person::holding(&["registered_poor"]);
    let mut bills = year();
    bills.push(Bill { id: "更正".to_owned(), replaces: Some("2020-02".to_owned()), ..stay(2020, 2, 30_000) });
    let mut account = YearAccount::new(&pack);
    account.open(&person, &History::empty(2020));
    let mut told = Vec::new();
    account.settle_all(&bills, |index, settled| told.push((index, settled.unwrap().personal)));
    let expected: Vec<Fen> = settled(&bills).settlements.iter().map(|settlement| settlement.personal).collect();
    assert_eq!(told, [(2, expected[0]), (1, expected[1])]);
    let sheet: Vec<_> = bills.into_iter().map(|bill| (bill, Default::default())).collect();
    let compared = compare_year(&pack, &person, &History::empty(2020), &sheet);
    let names: Vec<&str> = compared.comparisons.iter().map(|comparison| comparison.bill.as_str()).collect();
    assert_eq!(names, ["更正", "2020-06"]);
}

/// A case file of these bills of somebody registered poor.
fn report(bills: Vec<Bill>) -> CaseReport {
    let person = Person::holding(&["registered_poor"]);
    let expect = Default::default();
    let case = CaseFile { title: String::new(), pack: None, person, history: None, bills, year_end: None, expect };
    run_case(&pack("wulanchabu.toml"), &case).unwrap()
}

#[test]
fn a_correction_that_moves_a_bill_into_the_next_year_leaves_nothing_of_it_in_the_old_one() {
    let mut bills = vec![stay(2020, 12, 40_000)];
    bills.push(Bill { id: "更正".to_owned(), replaces: Some("2020-12".to_owned()), ..stay(2021, 1, 40_000) });
    let after = report(bills);
    let numbers: Vec<&str> = after.settlements.iter().map(|settlement| settlement.bill.as_str()).collect();
    assert_eq!(numbers, ["更正"]);
    assert_eq!((after.aside[0].index, &after.aside[0].why), (0, &Aside::ReplacedBy("更正".to_owned())));
}

#[test]
fn a_cancelled_bill_is_set_aside_and_not_refused_though_it_lies_outside_the_packs_years() {
    let after = report(vec![Bill { cancelled: true, ..stay(2016, 3, 40_000) }]);
    assert_eq!((after.refused.len(), &after.aside[0].why), (0, &Aside::Cancelled));
}
