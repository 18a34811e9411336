//! The official table: its totals are the register's, and the file says what the screen says.

use std::collections::BTreeSet;

use mingbai_app::demo::{DemoDisease, DemoHousehold, DemoPerson, Lifted};
use mingbai_tests::offices::{Office, list, number, text};
use serde_json::{Value, json};

use crate::filled;

const KEY: &str = "disease_by_village";

fn table(office: &Office) -> Value {
    office.call("report_view", json!({ "key": KEY }))
}

fn numbers(row: &Value) -> Vec<i64> {
    list(row).iter().skip(1).map(|cell| text(cell).parse().unwrap()).collect()
}

#[test]
fn the_totals_of_the_disease_table_are_the_registers_and_every_column_adds_up() {
    let place = filled();
    let office = place.township_a();
    let view = table(&office);
    let total = numbers(&view["total"]);
    for (column, sum) in total.iter().enumerate() {
        let rows = list(&view["rows"]);
        assert_eq!(rows.iter().map(|row| numbers(row)[column]).sum::<i64>(), *sum, "{}", view["columns"][column + 1]);
    }
    assert_eq!(total[0..2], [303, 1_110]);
    let villages = list(&office.call("village_list", json!({}))["rows"]);
    for (village, row) in villages.iter().zip(list(&view["rows"])) {
        assert_eq!(village["name"], row[0]);
        assert_eq!([number(&village["households"]), number(&village["people"])], numbers(&row)[0..2], "{}", row[0]);
    }
}

#[test]
fn every_number_of_the_disease_table_is_what_the_screening_sheets_said() {
    let place = filled();
    let office = place.township_a();
    let told = place.told_a();
    let people = |test: &dyn Fn(&DemoHousehold, &DemoPerson) -> bool| {
        told.people().filter(|(household, person)| test(household, person)).count() as i64
    };
    let has = |person: &DemoPerson, test: &dyn Fn(&DemoDisease) -> bool| person.diseases.iter().any(test);
    let of = |class: &'static str| move |disease: &DemoDisease| disease.class == class;
    let coded = |codes: &'static [&'static str]| {
        move |disease: &DemoDisease| codes.iter().any(|code| disease.icd10.starts_with(code))
    };
    let open = |household: &DemoHousehold| household.lifted == Lifted::NotYet;
    let ill: BTreeSet<&str> =
        told.people().filter(|(_, p)| !p.diseases.is_empty()).map(|(h, _)| h.number.as_str()).collect();
    let (major, chronic) = (of("大病"), of("慢病"));
    let expected = [
        303,
        1_110,
        ill.len() as i64,
        people(&|_, p| !p.diseases.is_empty()),
        people(&|_, p| has(p, &major)),
        people(&|h, p| open(h) && has(p, &major)),
        people(&|_, p| has(p, &chronic)),
        people(&|h, p| open(h) && has(p, &chronic)),
        people(&|_, p| has(p, &coded(&["I10", "I11", "I12", "I13", "I15"]))),
        people(&|_, p| has(p, &coded(&["E10", "E11", "E12", "E13", "E14"]))),
    ];
    assert_eq!(numbers(&table(&office)["total"])[0..10], expected);
    assert!(expected.iter().all(|number| *number > 0), "{expected:?}");
}

#[test]
fn the_workbook_opens_and_carries_the_numbers_of_the_screen() {
    let place = filled();
    let office = place.township_a();
    let view = table(&office);
    let done = office.call("report_write", json!({ "key": KEY }));
    let file = std::fs::read(text(&done["path"])).unwrap();
    assert_eq!(file, office.bytes("report_xlsx", json!({ "key": KEY })), "the same table is the same file");
    let workbook = mingbai_sheets::read(&file, text(&done["file"])).unwrap();
    let sheet = &workbook.sheets[0];
    let rows: Vec<Vec<String>> = sheet
        .rows
        .iter()
        .map(|row| row.iter().map(mingbai_sheets::Cell::text).filter(|cell| !cell.is_empty()).collect())
        .collect();
    assert_eq!(rows[0], [text(&view["title"])]);
    for wanted in list(&view["rows"]).iter().chain([&view["total"]]) {
        let wanted: Vec<String> = list(wanted).iter().map(|cell| text(cell).to_owned()).collect();
        assert!(rows.contains(&wanted), "{wanted:?}\n{rows:?}");
    }
    let whole = rows.concat().join(" ");
    for said in ["青石乡卫生院", "2026"] {
        assert!(whole.contains(said), "{said}: {whole}");
    }
}
