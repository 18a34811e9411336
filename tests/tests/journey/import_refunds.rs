//! Rows of an export that take a bill back: which bill they mean, in whatever order the export has them.

use mingbai_tests::offices::{County, Office, number};
use serde_json::Value;

use crate::import_lists::one_person;
use crate::imports::{counts, said, table};
use crate::joined;

const NAME: &str = "赵大山";
const LABELS: [&str; 10] = [
    "结算单号",
    "姓名",
    "身份证号",
    "就医机构",
    "就诊类别",
    "结算日期",
    "费用总额",
    "政策范围内",
    "统筹支付",
    "个人支付",
];

/// One row of an export: number, day, total, 统筹支付, 个人支付.
type Line = [&'static str; 5];

fn take_in(place: &County, office: &Office, id: &str, lines: &[Line]) -> Value {
    let row = |[no, day, total, basic, own]: &Line| {
        vec![*no, NAME, id, "县人民医院", "住院", *day, *total, *total, *basic, *own]
    };
    let rows: Vec<Vec<&str>> = lines.iter().map(row).collect();
    office.import("bills", &table(place, "bills.xlsx", &LABELS, &rows), false)
}

/// What basic insurance paid on the bills that count, the earliest first.
fn counted(office: &Office) -> Vec<i64> {
    let mut bills = office.bills(false);
    bills.retain(|bill| bill["counts"] == true);
    bills.sort_by_key(|bill| bill["settled_on"].to_string());
    bills.iter().map(|bill| number(&bill["basic"])).collect()
}

#[test]
fn a_bill_taken_back_in_the_export_counts_no_more_and_the_new_settlement_does_and_reading_it_again_changes_nothing() {
    let place = joined();
    let (office, id) = one_person(&place);
    let lines = [
        ["S1", "2026-05-06", "1000", "500", "500"],
        ["S1", "2026-05-08", "-1000", "-500", "-500"],
        ["S2", "2026-05-08", "1000", "700", "300"],
    ];
    let done = take_in(&place, &office, &id, &lines);
    assert_eq!(counts(&done), [3, 3, 0, 0, 0], "{done}");
    assert!(said(&done, 4).contains("冲销 结算单号S1"), "{done}");
    assert_eq!((office.bills(false).len(), counted(&office)), (3, vec![70_000]));
    let again = take_in(&place, &office, &id, &lines);
    assert_eq!(counts(&again), [3, 0, 0, 3, 0], "{again}");
    assert_eq!(office.bills(false).len(), 3);
}

#[test]
fn an_export_with_the_newest_rows_first_takes_back_the_bill_that_stands_below_its_refund() {
    let place = joined();
    let (office, id) = one_person(&place);
    let lines = [
        ["S2", "2026-05-08", "1000", "700", "300"],
        ["S1", "2026-05-08", "-1000", "-500", "-500"],
        ["S1", "2026-05-06", "1000", "500", "500"],
    ];
    let done = take_in(&place, &office, &id, &lines);
    assert_eq!(counts(&done), [3, 3, 0, 0, 0], "{done}");
    assert_eq!(counted(&office), [70_000]);
}

#[test]
fn a_refund_whose_bill_was_not_taken_is_not_taken_either() {
    let place = joined();
    let (office, id) = one_person(&place);
    // The bill contradicts itself: what was paid does not make its total.
    let lines = [["S1", "2026-05-06", "1000", "500", "900"], ["S1", "2026-05-08", "-1000", "-500", "-500"]];
    let done = take_in(&place, &office, &id, &lines);
    assert_eq!(counts(&done), [2, 0, 0, 0, 2], "{done}");
    assert!(said(&done, 4).contains("找不到要冲销的那一张"), "{done}");
    assert_eq!(office.bills(false).len(), 0);
}

#[test]
fn a_refund_without_a_number_takes_back_the_visit_of_its_day_and_none_of_another_day() {
    let place = joined();
    let (office, id) = one_person(&place);
    let visits = [["S1", "2026-01-10", "400", "100", "300"], ["S2", "2026-02-10", "400", "200", "200"]];
    take_in(&place, &office, &id, &visits);
    let marked = |day: &str| {
        let labels = [&LABELS[1..], &["退费标志"]].concat();
        let row = vec![NAME, &id, "县人民医院", "住院", day, "400", "400", "0", "400", "是"];
        office.import("bills", &table(&place, "back.xlsx", &labels, &[row]), false)
    };
    let other = marked("2026-03-10");
    assert_eq!(counts(&other), [1, 0, 0, 0, 1], "{other}");
    let done = marked("2026-02-10");
    assert_eq!(counts(&done), [1, 1, 0, 0, 0], "{done}");
    assert_eq!(counted(&office), [10_000]);
    let again = marked("2026-02-10");
    assert_eq!(counts(&again), [1, 0, 0, 1, 0], "{again}");
    assert_eq!(counted(&office), [10_000]);
}
