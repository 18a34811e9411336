//! 户档案名单: the 47-column CSV, the workbook with its header on row 3, the same again, and the roster of weeks later.

use std::collections::BTreeSet;

use mingbai_app::demo::{DemoContract, DemoFile, DemoPerson, DemoTownship};
use mingbai_tests::offices::{Office, list, number, sources, text};
use serde_json::{Value, json};

use crate::{filled, joined};

/// Control totals of 青石乡: households and people not lifted, households and people lifted.
const EXACT: [i64; 4] = [136, 478, 167, 632];

fn counts(view: &Value) -> [i64; 5] {
    ["read", "new", "changed", "same", "rejected"].map(|name| number(&view["counts"][name]))
}

#[track_caller]
fn adds_up(view: &Value) {
    let [read, new, changed, same, rejected] = counts(view);
    assert_eq!(read, new + changed + same + rejected, "{}", view["file"]);
    let rows = list(&view["rows"]);
    assert_eq!(rows.len() as i64, read, "every row is told of");
    for row in rows.iter().filter(|row| row["outcome"] == "rejected" || row["outcome"] == "changed") {
        assert!(!text(&row["detail"]).is_empty(), "{row}");
    }
}

fn rows_with<'a>(view: &'a Value, outcome: &'a str) -> impl Iterator<Item = &'a Value> {
    view["rows"].as_array().unwrap().iter().filter(move |row| row["outcome"] == outcome)
}

fn told(view: &Value, outcome: &str) -> BTreeSet<(String, String)> {
    let pair = |row: &Value| (text(&row["household"]).to_owned(), text(&row["who"]).to_owned());
    rows_with(view, outcome).map(pair).collect()
}

fn rosters(files: &[DemoFile]) -> [&DemoFile; 3] {
    let rosters: Vec<&DemoFile> = files.iter().filter(|file| file.profile == "roster").collect();
    rosters.try_into().unwrap()
}

/// Rows of a file that cannot be registered: damaged ids, people without a contract and without a reason for that, bills
/// that contradict themselves.
fn unusable(told: &DemoTownship, file: &DemoFile) -> i64 {
    let silent = |person: &DemoPerson| person.id.is_some() && person.contract == DemoContract::Unsigned { reason: "" };
    let rows = match (file.profile, file.later) {
        ("roster", true) => told.later.rejected.len(),
        ("contracts", _) => told.people().filter(|(_, person)| silent(person)).count(),
        // Bills whose parts do not add up to their total.
        ("bills", _) => told.faults.iter().filter(|fault| fault.rule == "F51").count(),
        _ => 0,
    };
    rows as i64
}

/// Entries of the township's own log, without rebuilding anything.
fn written(office: &Office) -> i64 {
    number(&office.call("exchange_status", json!({}))["own_entries"])
}

#[test]
fn the_csv_holds_gb18030_text_in_47_columns_with_guarded_ids() {
    let place = joined();
    let files = sources(place.told_a());
    let [csv, workbook, later] = rosters(&files);
    assert!(csv.name.ends_with(".csv") && workbook.name.ends_with(".xlsx") && later.later);
    assert!(std::str::from_utf8(&csv.bytes).is_err(), "not UTF-8");
    let header = csv.bytes.split(|byte| *byte == b'\n').next().unwrap();
    assert_eq!(header.split(|byte| *byte == b',').count(), 47);
    assert!(csv.bytes.windows(7).filter(|window| window == b"=\"15990").count() > 1_000);
}

#[test]
fn a_dry_run_shows_every_row_and_writes_nothing() {
    let place = joined();
    let office = place.township_a();
    let files = sources(place.told_a());
    let [csv, ..] = rosters(&files);
    let path = place.put(csv);
    let (entries, verified) = (written(&office), office.entries());
    let seen = office.import("roster", &path, true);
    adds_up(&seen);
    assert_eq!(counts(&seen), [1_110, 1_110, 0, 0, 0]);
    assert_eq!((&seen["dry_run"], &seen["entry"]), (&json!(true), &json!(null)));
    assert_eq!((&seen["totals"]["households"], &seen["totals"]["people"]), (&json!(303), &json!(1_110)));
    assert_eq!((written(&office), office.entries()), (entries, verified));
    assert_eq!(office.population(), [0; 4]);
    assert_eq!(office.call("import_history", json!({}))["rows"], json!([]));
}

#[test]
fn the_csv_then_the_workbook_give_303_households_and_1110_people_with_exact_control_totals() {
    let place = joined();
    let office = place.township_a();
    let files = sources(place.told_a());
    let [csv, workbook, _] = rosters(&files);

    let first = office.import("roster", &place.put(csv), false);
    adds_up(&first);
    assert_eq!(counts(&first), [1_110, 1_110, 0, 0, 0]);
    assert_eq!(first["header_row"], 1);
    let villages = office.call("village_list", json!({}));
    assert_eq!(list(&villages["rows"]).iter().map(|row| number(&row["people"])).sum::<i64>(), 1_110);

    // The workbook names the same people and says besides what the CSV has no column for: status, causes, helpers.
    let second = office.import("roster", &place.put(workbook), false);
    adds_up(&second);
    let [read, new, changed, same, rejected] = counts(&second);
    assert_eq!((read, new, rejected, changed + same), (1_110, 0, 0, 1_110));
    assert_eq!(second["header_row"], 3);
    let totals = &second["totals"];
    let exact = ["not_lifted_households", "not_lifted_people", "lifted_households", "lifted_people"];
    assert_eq!(exact.map(|name| number(&totals[name])), EXACT);
    assert_eq!(office.population(), EXACT);
    assert_eq!(office.households(None).len(), 303);

    let sum = office.call(
        "household_list",
        json!({
            "village": null, "status": "not_lifted", "text": null, "offset": 0, "limit": 5000,
        }),
    );
    assert_eq!((number(&sum["total"]), number(&sum["people"])), (136, 478));
    assert_eq!(list(&sum["rows"]).len(), 136);
}

#[test]
fn the_same_file_a_second_time_is_all_the_same_and_writes_no_entry() {
    let place = filled();
    let office = place.township_a();
    let entries = written(&office);
    for file in sources(place.told_a()).iter().filter(|file| !file.later) {
        // The CSV and the workbook differ in what they know, so only the later of the two describes the register.
        let again = office.import(file.profile, &place.put(file), false);
        adds_up(&again);
        let [read, _, _, same, rejected] = counts(&again);
        assert_eq!(rejected, unusable(place.told_a(), file), "{}", file.name);
        assert_eq!(read, same + rejected, "{}: {:?}", file.name, rows_with(&again, "changed").next());
        assert_eq!(again["entry"], json!(null), "{}", file.name);
    }
    assert_eq!(written(&office), entries);
}

#[test]
fn every_import_of_both_townships_reads_as_many_rows_as_it_accounts_for_and_does_what_the_dry_run_said() {
    let place = joined();
    for (office, told) in [(place.township_a(), place.told_a()), (place.township_b(), place.told_b())] {
        for file in &sources(told) {
            let path = place.put(file);
            let (seen, done) = (office.import(file.profile, &path, true), office.import(file.profile, &path, false));
            adds_up(&done);
            assert_eq!(seen["counts"], done["counts"], "{}", file.name);
            assert_eq!(seen["rows"], done["rows"], "{}", file.name);
            assert_eq!(counts(&done)[4], unusable(told, file), "{}", file.name);
        }
    }
}

#[test]
fn the_roster_of_weeks_later_gives_new_changed_same_and_rejected_rows_and_keeps_absent_people() {
    let place = filled();
    let office = place.township_a();
    let told = &place.told_a().later;
    let files = sources(place.told_a());
    let [_, _, later] = rosters(&files);
    let done = office.import("roster", &place.put(later), false);
    adds_up(&done);
    let [read, new, changed, same, rejected] = counts(&done);
    assert_eq!((read, new, rejected), (1_110, 3, 5));
    assert_eq!(same, read - new - changed - rejected);

    assert_eq!(self::told(&done, "new"), told.new.iter().cloned().collect());
    let expected: BTreeSet<_> =
        told.changed.iter().map(|(household, name, _)| (household.clone(), name.clone())).collect();
    assert_eq!(self::told(&done, "changed"), expected);
    // The five whose rows were rejected stand in the file; the three who are gone do not.
    assert_eq!(number(&done["absent"]), 3);
    let named: Vec<Value> = list(&done["absent_people"]);
    for (household, name) in &told.absent {
        let is = |line: &Value| text(line).starts_with(household.as_str()) && text(line).ends_with(name.as_str());
        assert!(named.iter().any(is), "{name}: {named:?}");
    }
    for (household, name) in &told.absent {
        let page = office.household(household);
        assert!(list(&page["members"]).iter().any(|member| member["name"] == **name), "{name} is still there");
    }
    for (household, name) in &told.new {
        let page = office.household(household);
        assert!(list(&page["members"]).iter().any(|member| member["name"] == **name), "{name} has come");
    }
    let [_, open, _, lifted] = office.population();
    assert_eq!(open + lifted, 1_113, "1,110, three more, nobody lost");
}

#[test]
fn damaged_ids_are_rejected_row_by_row_with_the_reason_and_the_register_keeps_the_good_ones() {
    let place = filled();
    let office = place.township_a();
    let told = &place.told_a().later.rejected;
    let files = sources(place.told_a());
    let [_, _, later] = rosters(&files);
    let path = place.put(later);
    let before: Vec<Value> = told.iter().map(|(number, ..)| office.household(number)["members"].clone()).collect();
    let done = office.import("roster", &path, false);
    let reasons: Vec<&str> = rows_with(&done, "rejected").map(|row| text(&row["detail"])).collect();
    assert_eq!(reasons.len(), 5);
    for reason in &reasons {
        assert!(reason.contains("证件号码") || reason.contains("身份证"), "{reason}");
    }
    assert_eq!(reasons.iter().filter(|reason| reason.contains("Excel")).count(), 4, "{reasons:?}");
    let after: Vec<Value> = told.iter().map(|(number, ..)| office.household(number)["members"].clone()).collect();
    assert_eq!(before, after);

    let marked = office.bytes("import_problems", json!({ "kind": "roster", "path": path, "dry_run": true }));
    let workbook = mingbai_sheets::read(&marked, "问题.xlsx").unwrap();
    let shown: String =
        workbook.sheets.iter().flat_map(|sheet| &sheet.rows).flatten().map(|cell| format!("{cell:?}")).collect();
    for (_, name, _) in told {
        assert!(shown.contains(name.as_str()), "{name} stands in the file that goes back to the sender");
    }
}
