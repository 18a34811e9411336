//! Where people look before and after a year's end: the plan of an admission, the warning page, the family's card.

use std::process::Command;

use mingbai_tests::offices::{Office, list, number, save, text};
use serde_json::{Value, json};

use crate::year_end::{beijing, critical_once_a_year, payment, stay, under};

/// The family is one that illness made poor, recognised this year.
fn recognised(office: &Office, person: &str) {
    let fields = json!({ "person": person, "identity": "illness_poverty", "since": "2026-03-01" });
    save(office, "aid_identity", None, &fields);
}

/// What a PDF says, where the system can read it.
pub(super) fn words(path: &Value) -> Option<String> {
    let pdf = std::fs::read(text(path)).unwrap();
    assert!(pdf.starts_with(b"%PDF-"));
    let read = Command::new("pdftotext").args(["-raw", text(path), "-"]).output().ok()?;
    Some(String::from_utf8(read.stdout).unwrap().split_whitespace().collect())
}

/// 300,000 yuan planned at the city's hospital, everything in scope.
fn plan(person: &str) -> Value {
    json!({
        "person": person, "kind": "inpatient", "total": 30_000_000, "outside": 0, "pre_self_pay": 0, "far": null, "on": null,
    })
}

fn at_the_city(office: &Office, person: &str) -> Value {
    let choices = list(&office.call("admission_plan", plan(person))["choices"]);
    choices.into_iter().find(|one| one["key"] == "city").unwrap()
}

fn insured_this_year(office: &Office, person: &str) {
    let fields = json!({ "person": person, "year": "2026", "insured": "true", "paid_on": "2025-11-20" });
    save(office, "enrolment", None, &fields);
}

#[test]
fn a_plan_says_what_the_years_end_will_bring_and_that_the_family_must_apply_for_it() {
    let (place, person) = under(&beijing());
    let office = place.township_a();
    insured_this_year(&office, &person);
    assert_eq!(at_the_city(&office, &person)["at_end"], json!([]), "nobody has recognised the family");
    recognised(&office, &person);
    let city = at_the_city(&office, &person);
    // 56,282.80 stay with the family: 30,000 × 30 % + 20,000 × 40 % + 6,282.80 × 50 %.
    let aid = json!([{ "label": "因病致贫医疗救助", "amount": 2_014_140, "applied": true }]);
    assert_eq!((number(&city["personal"]), &city["at_end"]), (5_628_280, &aid), "{city}");
    let made = office.call("admission_plan_print", plan(&person));
    if let Some(words) = words(&made["path"]) {
        assert!(words.contains("年终再付约（因病致贫医疗救助，次年本人申请）"), "{words}");
        assert!(words.contains("20,141.40"), "{words}");
    }
}

#[test]
fn a_plan_says_what_a_payer_that_settles_once_a_year_adds_without_being_asked() {
    let (place, person) = under(&critical_once_a_year());
    let office = place.township_a();
    insured_this_year(&office, &person);
    let city = at_the_city(&office, &person);
    // (100,000 − 30,404): 50,000 × 60 % + 19,596 × 70 %, more or less what 25 % and the deductible leave.
    let end = &city["at_end"][0];
    assert!(number(&end["amount"]) > 0 && text(&end["label"]) == "大病保险" && end["applied"] == false, "{city}");
    let paid = number(&city["paid"]) + number(&city["personal"]);
    assert_eq!(paid, 30_000_000, "what comes at the year's end is not counted as paid on the day");
    // Where somebody pays least is said of the whole year.
    let choices = list(&office.call("admission_plan", plan(&person))["choices"]);
    let own = |one: &Value| {
        number(&one["personal"]) - list(&one["at_end"]).iter().map(|end| number(&end["amount"])).sum::<i64>()
    };
    let least = choices.iter().filter(|one| one["refused"].is_null()).map(own).min().unwrap();
    for one in choices.iter().filter(|one| one["refused"].is_null()) {
        assert_eq!(number(&one["more"]), own(one) - least, "{one}");
        assert!(one["cheapest"] == false || own(one) == least, "{one}");
    }
}

#[test]
fn the_warning_page_says_what_the_year_end_still_brings_until_it_came() {
    let (place, person) = under(&beijing());
    let office = place.township_a();
    stay(&office, &person, "43717.20", "56282.80");
    recognised(&office, &person);
    let warned = |by: &str| -> Value {
        let request = json!({
            "year": 2025, "village": null, "by": by, "show": "all", "share": null, "area": null, "offset": 0,
            "limit": 100_000,
        });
        let rows = list(&office.call("warning_list", request)["rows"]);
        let home = office.call("person_get", json!({ "id": person }))["household"].clone();
        rows.into_iter().find(|row| row["person"] == person || by == "household" && row["household"] == home).unwrap()
    };
    for by in ["person", "household"] {
        let row = warned(by);
        assert!(text(&row["told"]).contains("年终再付约20,141.40元（因病致贫医疗救助）"), "{row}");
        assert_eq!(number(&row["personal"]), 5_628_280);
    }
    office.call("bill_save", payment(&person, "paid_aid", "20141.40", "2026-11-10"));
    for by in ["person", "household"] {
        let row = warned(by);
        assert!(!text(&row["told"]).contains("年终再付"), "{row}");
        assert_eq!(number(&row["personal"]), 5_628_280 - 2_014_140, "what came is no burden any more");
    }
}

#[test]
fn what_came_at_the_years_end_stands_on_the_familys_card_and_the_old_card_is_to_be_replaced() {
    let (place, person) = under(&beijing());
    let office = place.township_a();
    stay(&office, &person, "43717.20", "56282.80");
    recognised(&office, &person);
    let home = office.call("person_get", json!({ "id": person }))["household"].clone();
    let page = office.call("household_get", json!({ "id": home }));
    let print = || {
        let request = json!({ "village": null, "household": home, "changed_only": false, "record": true });
        office.call("card_print", request)
    };
    let state = || {
        let village = page["village_id"].clone();
        let rows = list(&office.call("card_household_list", json!({ "village": village }))["rows"]);
        rows.into_iter().find(|row| row["household"] == home).unwrap()["state"].clone()
    };
    let before = print();
    if let Some(words) = words(&before["path"]) {
        assert!(words.contains("可以申请上年的年终救助20,141.40元"), "the card says what is to be done: {words}");
    }
    assert_eq!(state(), "现行");
    place.world.pass(60);
    office.call("bill_save", payment(&person, "paid_aid", "20141.40", "2026-11-10"));
    assert_eq!(state(), "要换");
    if let Some(words) = words(&print()["path"]) {
        assert!(words.contains("2025年年终结算"), "{words}");
        assert!(words.contains("20,141.40") && !words.contains("可以申请上年"), "{words}");
    }
}

#[test]
fn what_a_planned_visit_pays_in_place_of_the_years_end_is_not_counted_as_its_gain() {
    let toml = beijing().replace("identity_change = \"later_bills\"", "identity_change = \"whole_year\"");
    let (place, person) = under(&toml);
    let office = place.township_a();
    insured_this_year(&office, &person);
    let mut bill = crate::turn_of_year::stay(&person, "GAIN-1", ["2026-03-01", "2026-03-20", "2026-03-20"]);
    for (column, amount) in [("total", "60000"), ("in_scope", "60000"), ("paid_basic", "40000")] {
        bill[column] = json!(amount);
    }
    save(&office, "settlement", None, &bill);
    let free = at_the_city(&office, &person);
    let fields = json!({ "person": person, "identity": "subsistence", "since": "2026-06-01" });
    save(&office, "aid_identity", None, &fields);
    let year = office.call("person_year", json!({ "person": person, "year": 2026 }));
    let owed = number(&year["year_end"]["parts"][0]["due"]);
    let city = at_the_city(&office, &person);
    assert_eq!(free["at_end"], json!([]));
    assert!(owed > 0, "{}", year["year_end"]);
    assert_eq!(city["at_end"], json!([{ "label": "大病保险", "amount": -owed, "applied": false }]));
}
