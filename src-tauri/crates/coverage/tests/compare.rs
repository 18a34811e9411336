//! 应报未报: the cause is named only when settling with that mistake gives what was paid.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;

use common::{pack, stay};
use mingbai_coverage::{
    Bill, Cause, Column, Comparison, Continuation, Continues, History, Level, Paid, Person, Settlement, compare,
    compare_year, settle, settle_year,
};
use mingbai_domain::Fen;

fn as_paid(settlement: &Settlement) -> Paid {
    Column::ALL.iter().map(|&column| (column, settlement.paid_in(column))).collect()
}

fn compared(person: &Person, history: &History, bill: &Bill, paid: &Paid) -> Comparison {
    let pack = pack("wulanchabu.toml");
    let due = settle(&pack, person, history, bill).unwrap();
    compare(&pack, person, history, bill, &due, paid)
}

fn wulanchabu(person: &Person, history: &History, bill: &Bill) -> Settlement {
    settle(&pack("wulanchabu.toml"), person, history, bill).unwrap()
}

/// A registered poor person who has already been in hospital this year.
fn second_stay() -> (Person, History, Bill) {
    let person = Person::holding(&["registered_poor"]);
    let first = [stay(2020, 1, 60_000)];
    let year = settle_year(&pack("wulanchabu.toml"), &person, &History::empty(2020), &first);
    (person, year.closing, stay(2020, 5, 50_000))
}

#[test]
fn a_bill_paid_in_full_has_no_cause() {
    let (person, history, bill) = second_stay();
    let compared = compared(&person, &history, &bill, &as_paid(&wulanchabu(&person, &history, &bill)));
    assert_eq!((compared.short, compared.over, compared.cause), (Fen::ZERO, Fen::ZERO, Cause::None));
}

#[test]
fn an_identity_not_marked_at_the_insurer_is_recognised() {
    let person = Person::holding(&["registered_poor"]);
    let (history, bill) = (History::empty(2020), stay(2020, 3, 100_000));
    let bill = Bill { ownpay: Fen::from_yuan(12_000), ..bill };
    let paid = as_paid(&wulanchabu(&Person::ordinary(), &history, &bill));
    let compared = compared(&person, &history, &bill, &paid);
    assert_eq!(compared.cause, Cause::IdentityNotMarked);
    assert!(compared.short > Fen::ZERO);
    assert!(compared.cause_text.starts_with("身份未标识"));
    let sum: Fen = compared.lines.iter().map(|line| line.due - line.paid).sum();
    assert_eq!(sum, compared.short - compared.over);
}

#[test]
fn an_identity_forgotten_all_year_is_recognised_on_every_bill() {
    let pack = pack("wulanchabu.toml");
    let bills = [stay(2020, 1, 25_000), stay(2020, 4, 20_000), stay(2020, 8, 45_000)];
    let paid = settle_year(&pack, &Person::ordinary(), &History::empty(2020), &bills);
    let mut sheet: Vec<(Bill, Paid)> = bills.iter().cloned().zip(paid.settlements.iter().map(as_paid)).collect();
    // A refused bill in between and another order of rows change nothing.
    sheet.push((Bill { ownpay: Fen::from_yuan(99_999), ..stay(2020, 5, 10) }, Paid::new()));
    sheet.swap(0, 2);
    let person = Person::holding(&["registered_poor"]);
    let year = compare_year(&pack, &person, &History::empty(2020), &sheet);
    assert_eq!(year.due.refused.len(), 1);
    let found: Vec<(&str, Cause)> = year.comparisons.iter().map(|c| (c.bill.as_str(), c.cause)).collect();
    let cause = Cause::IdentityNotMarked;
    assert_eq!(found, [("2020-01", cause), ("2020-04", cause), ("2020-08", cause)]);
}

#[test]
fn a_deductible_not_waived_is_recognised() {
    let (person, history, _) = second_stay();
    let bill = stay(2020, 5, 20_000);
    let history = History { admissions: history.admissions, ..History::empty(2020) };
    let due = wulanchabu(&person, &history, &bill);
    // The 1,200 of an ordinary first stay was taken: 1,200 × 65 % less from the basic fund.
    let paid = as_paid(&wulanchabu(&person, &History::empty(2020), &bill));
    assert_eq!(due.paid_in(Column::Basic) - paid[&Column::Basic], Fen::from_yuan(780));
    assert_eq!(compared(&person, &history, &bill, &paid).cause, Cause::DeductibleNotWaived);
}

#[test]
fn a_lost_accumulation_is_recognised() {
    let (person, history, bill) = second_stay();
    let lost = wulanchabu(&person, &History::empty(2020), &bill);
    assert_eq!(compared(&person, &history, &bill, &as_paid(&lost)).cause, Cause::AccumulationLost);
}

#[test]
fn a_wrong_hospital_level_is_recognised() {
    let pack = pack("jiamusi-2018.toml");
    let person = Person::ordinary();
    let bill = Bill { level: Level::Township, ..stay(2018, 3, 3_000) };
    let history = History::empty(2018);
    let due = settle(&pack, &person, &history, &bill).unwrap();
    let wrong = settle(&pack, &person, &history, &Bill { level: Level::Level2, ..bill.clone() }).unwrap();
    let compared = compare(&pack, &person, &history, &bill, &due, &as_paid(&wrong));
    assert_eq!(compared.cause, Cause::WrongLevel(Level::Level2));
}

#[test]
fn a_gap_nothing_explains_stays_unknown() {
    let (person, history, bill) = second_stay();
    let mut paid = as_paid(&wulanchabu(&person, &history, &bill));
    paid.entry(Column::Aid).and_modify(|amount| *amount -= Fen(12_345));
    let compared = compared(&person, &history, &bill, &paid);
    assert_eq!((compared.short, compared.over, compared.cause), (Fen(12_345), Fen::ZERO, Cause::Unknown));
}

#[test]
fn what_one_payer_paid_too_much_makes_nothing_good_of_what_another_paid_too_little() {
    let (person, history, bill) = second_stay();
    let mut paid = as_paid(&wulanchabu(&person, &history, &bill));
    let moved = Fen::from_yuan(500);
    paid.entry(Column::Basic).and_modify(|amount| *amount += moved);
    paid.entry(Column::Aid).and_modify(|amount| *amount -= moved);
    let compared = compared(&person, &history, &bill, &paid);
    assert_eq!((compared.short, compared.over, compared.cause), (moved, moved, Cause::Unknown));
}

/// A stay that goes on with a bill that was made void afterwards comes where its own days put it, and is compared with itself.
#[test]
fn every_bill_of_a_year_is_compared_with_its_own_settlement() {
    let pack = pack("beijing.toml");
    let on = |id: &str, month, total| Bill { id: id.to_owned(), ..stay(2023, month, total) };
    let goes_on = Some(Continues { bill: "A".to_owned(), how: Continuation::Period });
    let bills = [
        Bill { continues: goes_on, ..on("B", 3, 20_000) },
        on("C", 4, 90_000),
        Bill { cancelled: true, ..on("A", 5, 30_000) },
    ];
    let due = settle_year(&pack, &Person::ordinary(), &History::empty(2023), &bills);
    let paid =
        |bill: &Bill| due.settlements.iter().find(|settled| settled.bill == bill.id).map(as_paid).unwrap_or_default();
    let with_paid: Vec<(Bill, Paid)> = bills.iter().map(|bill| (bill.clone(), paid(bill))).collect();
    let compared = compare_year(&pack, &Person::ordinary(), &History::empty(2023), &with_paid);
    let found: Vec<(&str, Cause)> = compared.comparisons.iter().map(|one| (one.bill.as_str(), one.cause)).collect();
    assert_eq!(found, [("B", Cause::None), ("C", Cause::None)]);
}
