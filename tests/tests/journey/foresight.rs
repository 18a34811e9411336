//! Looking ahead with money: who comes near the county's lines, what a planned admission will cost, who is insured at whose
//! cost, and what another pack would have cost the whole county.

use std::fs;

use mingbai_tests::offices::{Office, list, number, save, text};
use mingbai_tests::rounds::{send_down, send_up};
use serde_json::{Value, json};

use crate::{filled, joined};

const A: &str = "159901201";

fn area(office: &Office) -> Value {
    office.call("warning_area", json!({ "year": null, "village": null }))
}

fn warned(office: &Office, by: &str, show: &str, share: Option<&str>, at: Option<&str>) -> Value {
    let request = json!({
        "year": null, "village": null, "by": by, "show": show, "share": share, "area": at, "offset": 0, "limit": 100_000,
    });
    office.call("warning_list", request)
}

#[test]
fn every_number_of_the_warning_page_is_the_length_of_the_list_it_opens() {
    let place = filled();
    let office = place.township_a();
    let page = area(&office);
    for count in list(&page["counts"]) {
        let behind = warned(&office, text(&count["by"]), text(&count["show"]), None, None);
        assert_eq!(behind["total"], count["count"], "{count}");
        assert_eq!(list(&behind["rows"]).len() as i64, number(&count["count"]), "{count}");
    }
    for share in list(&page["shares"]) {
        for (by, number) in [("bill", "bills"), ("person", "people")] {
            assert_eq!(warned(&office, by, "all", Some(text(&share["key"])), None)["total"], share[number], "{share}");
        }
    }
    let mut bills = 0;
    for region in list(&page["regions"]) {
        let code = if text(&region["area"]["code"]).is_empty() { "none" } else { text(&region["area"]["code"]) };
        assert_eq!(warned(&office, "bill", "all", None, Some(code))["total"], region["bills"], "{region}");
        bills += number(&region["bills"]);
    }
    assert_eq!(bills, number(&page["bills"]), "every bill was treated somewhere");
    assert!(bills > 50, "{bills}");
}

#[test]
fn the_ten_percent_rule_shows_both_denominators_and_agrees_with_the_list_of_the_desk() {
    let place = filled();
    let office = place.township_a();
    let rule = list(&area(&office)["shares"]).into_iter().find(|one| one["key"] == "rule").unwrap();
    assert!(number(&rule["of_in_scope"]) < number(&rule["of_total"]), "outside the catalogues nobody pays: {rule}");
    let over = list(&warned(&office, "bill", "tenth", None, None)["rows"]);
    let request = json!({ "key": "high_self_pay", "village": null, "narrow": null });
    let desk = list(&office.call("worklist_get", request)["rows"]);
    assert_eq!(over.len(), desk.len());
    assert!(!over.is_empty());
}

#[test]
fn a_household_stands_over_the_line_once_the_county_has_said_what_people_earn() {
    let place = filled();
    let (county, office) = (place.office(), place.township_a());
    let before = area(&office);
    assert_eq!(before["lines"][0]["amount"], Value::Null, "nobody has said what people earn: {}", before["lines"]);
    assert_eq!(warned(&office, "household", "over", None, None)["total"], 0);

    let path = place.path("预警线.tsv");
    fs::write(&path, "年度\t项目\t数值\t依据\n2026\tincome_per_capita\t24000\t2025年示范县统计公报\n").unwrap();
    let request = json!({
        "path": path, "kind": "warning", "name": "预警线", "version": "2026", "effective_from": "2026-01-01",
        "effective_until": null, "source": "示范县防返贫工作方案", "unverified": false,
    });
    county.call("county_list_put", request);
    send_up(&place, &county, &office);
    send_down(&place, &county, &office, A);
    let after = area(&office);
    assert_eq!(after["lines"][0]["amount"], 600_000, "a quarter of 24,000 yuan");
    let over = list(&warned(&office, "household", "over", None, None)["rows"]);
    assert!(!over.is_empty());
    for row in &over {
        assert!(number(&row["in_scope_personal"]) >= 600_000, "{row}");
        assert!(text(&row["told"]).contains("超过因病致贫线"), "{row}");
    }
    for row in list(&warned(&office, "household", "near", None, None)["rows"]) {
        let spent = number(&row["in_scope_personal"]);
        assert!((480_000..600_000).contains(&spent), "{row}");
    }
}

#[test]
fn who_comes_under_the_next_payer_first_stands_first_and_nobody_who_is_under_it_already() {
    let place = filled();
    let office = place.township_a();
    let rows = list(&warned(&office, "person", "next", None, None)["rows"]);
    assert!(rows.len() > 3, "{}", rows.len());
    let rooms: Vec<i64> = rows.iter().map(|row| number(&row["room"])).collect();
    assert!(rooms.is_sorted() && rooms.iter().all(|room| *room > 0), "{rooms:?}");
}

/// Somebody without a bill this year.
fn unbilled(office: &Office) -> (String, String) {
    let billed: Vec<Value> = office.bills(false);
    for household in office.households(None) {
        let view = office.call("household_get", json!({ "id": household["id"] }));
        let found = list(&view["members"])
            .into_iter()
            .find(|one| !one["identity"].is_null() && !billed.iter().any(|bill| bill["person"] == one["id"]));
        if let Some(found) = found {
            return (text(&found["id"]).to_owned(), text(&household["id"]).to_owned());
        }
    }
    panic!("everybody was in hospital");
}

fn plan(person: &str) -> Value {
    json!({
        "person": person, "kind": "inpatient", "total": 2_000_000, "outside": 300, "pre_self_pay": 400, "far": null,
        "on": null,
    })
}

#[test]
fn what_was_planned_at_the_city_hospital_is_what_the_bill_is_explained_by_afterwards() {
    let place = filled();
    let office = place.township_a();
    let (person, _) = unbilled(&office);
    let planned = office.call("admission_plan", plan(&person));
    let choices = list(&planned["choices"]);
    assert_eq!(choices.len(), 6);
    for one in choices.iter().filter(|one| one["refused"].is_null()) {
        assert_eq!(number(&one["paid"]) + number(&one["personal"]), 2_000_000, "{one}");
        assert!(number(&one["personal"]) >= 0 && number(&one["more"]) >= 0, "{one}");
        assert_eq!(number(&one["more"]) > 0, !list(&one["why"]).is_empty(), "who pays more is told why: {one}");
    }
    assert_eq!(choices.iter().filter(|one| one["cheapest"] == true).count(), 1);
    // What the pack says nothing of is said to be so and never guessed.
    let county = choices.iter().find(|one| one["key"] == "county").unwrap();
    assert!(text(&county["refused"]).contains("三级以外"), "{county}");
    let city = choices.iter().find(|one| one["key"] == "city").unwrap();

    let fields = json!({
        "person": person, "settled_on": planned["on"], "admitted_on": planned["on"], "discharged_on": planned["on"],
        "hospital": "示范市医院", "hospital_level": "level3", "hospital_area": "city", "care_kind": "inpatient",
        "referral": "referred", "total": "20000", "own_expense": "600", "over_limit": "0",
        "pre_self_pay": "800", "invoice": "PLAN-1", "paid_personal": "20000",
    });
    let saved = save(&office, "settlement", None, &fields);
    let why = office.call("bill_explain", json!({ "id": saved["id"] }));
    assert_eq!(why["personal_due"], city["personal"]);
    let due: i64 = list(&why["payers"]).iter().map(|payer| number(&payer["due"])).sum();
    assert_eq!(due, number(&city["paid"]));
}

#[test]
fn a_plan_without_shares_takes_those_of_the_bills_on_file_and_says_so() {
    let place = filled();
    let office = place.township_a();
    let (person, _) = unbilled(&office);
    let mut asked = plan(&person);
    (asked["outside"], asked["pre_self_pay"]) = (Value::Null, Value::Null);
    let planned = office.call("admission_plan", asked.clone());
    assert!(text(&planned["outside_from"]).contains("按本地"), "{}", planned["outside_from"]);
    assert!(number(&planned["outside_share"]) > 0);
    let own = office.bills(false).into_iter().find(|bill| number(&bill["total"]) > 0).unwrap();
    asked["person"] = own["person"].clone();
    let planned = office.call("admission_plan", asked.clone());
    assert!(text(&planned["outside_from"]).contains("按本人"), "{}", planned["outside_from"]);
    asked["total"] = json!(0);
    assert_eq!(office.refused("admission_plan", asked).code, mingbai_app::ErrorCode::Validation);
}

#[test]
fn the_plan_is_one_page_the_family_takes_along() {
    let place = filled();
    let office = place.township_a();
    let (person, _) = unbilled(&office);
    let made = office.call("admission_plan_print", plan(&person));
    let pdf = fs::read(text(&made["path"])).unwrap();
    assert!(pdf.starts_with(b"%PDF-"));
}

fn insured(office: &Office, table: &str) -> Value {
    office.call("insured_table", json!({ "table": table, "year": null, "village": null }))
}

fn cell(view: &Value, column: &str) -> i64 {
    let place = list(&view["columns"]).iter().position(|one| one["key"] == column).unwrap();
    number(&list(&view["total"])[place])
}

fn everybody(office: &Office) -> i64 {
    number(&office.call("desk_get", json!({}))["population"]["people"])
}

#[test]
fn every_table_of_insurance_counts_everybody_once_and_every_number_opens_its_people() {
    let place = filled();
    let office = place.township_a();
    let whole = everybody(&office);
    for table in ["village", "category", "tier", "reason"] {
        let view = insured(&office, table);
        for (at, column) in list(&view["columns"]).iter().enumerate().filter(|(_, one)| one["money"] == false) {
            for row in list(&view["rows"]) {
                let request = json!({
                    "table": table, "year": null, "village": null, "column": column["key"], "row": row["key"],
                });
                let people = list(&office.call("insured_people", request)["rows"]);
                assert_eq!(people.len() as i64, number(&list(&row["cells"])[at]), "{table} {column} {row}");
            }
        }
        if table != "reason" {
            assert_eq!(cell(&view, "all"), whole, "{table}");
        }
    }
    let village = insured(&office, "village");
    let missing = cell(&village, "uninsured") + cell(&village, "unsaid");
    assert_eq!(cell(&village, "insured") + missing, whole);
    assert_eq!(cell(&insured(&office, "reason"), "people"), missing);
    let request = json!({ "key": "unenrolled", "village": null, "narrow": null });
    assert_eq!(list(&office.call("worklist_get", request)["rows"]).len() as i64, missing, "the desk says the same");
}

#[test]
fn next_years_insurance_is_entered_a_line_a_person_and_leaves_the_sheet() {
    let place = filled();
    let office = place.township_a();
    let sheet = || office.call("insured_sheet", json!({ "year": 2027, "village": null }));
    let before = list(&sheet()["rows"]);
    assert_eq!(before.len() as i64, everybody(&office), "nobody is entered for next year");
    let [one, two] = [&before[0], &before[1]];
    let rows = json!([
        { "id": null, "fields": { "person": one["person"], "year": "2027", "insured": "true", "insurance": "390",
            "own_payment": "40", "subsidy": "360" } },
        { "id": null, "fields": { "person": two["person"], "year": "2027", "insured": "false", "reason": "参军" } },
    ]);
    let saved = office.call("record_save_many", json!({ "table": "enrolment", "rows": rows, "reason": null }));
    assert_eq!((number(&saved["saved"]), list(&saved["problems"]).len()), (2, 0));
    assert_eq!(list(&sheet()["rows"]).len(), before.len() - 2);
    let table = office.call("insured_table", json!({ "table": "village", "year": 2027, "village": null }));
    assert_eq!((cell(&table, "insured"), cell(&table, "uninsured")), (1, 1));
    assert_eq!((cell(&table, "own"), cell(&table, "subsidy")), (4_000, 36_000));
    let made = office.call("insured_write", json!({ "table": "village", "year": 2027, "village": null }));
    assert!(fs::read(text(&made["path"])).unwrap().starts_with(b"PK"));
}

#[test]
fn under_the_pack_in_force_nobody_is_better_or_worse_off_and_under_another_everybody_adds_up() {
    let place = filled();
    let (county, a, b) = (place.office(), place.township_a(), place.township_b());
    send_up(&place, &county, &a);
    send_up(&place, &county, &b);
    let pack =
        list(&county.call("pack_list", json!({}))["rows"]).into_iter().find(|one| one["active"] == true).unwrap();
    let nothing = json!({ "draft": null, "pack": pack["id"], "path": null, "toml": null, "year": null });
    let same = county.call("pack_resettle", nothing.clone());
    assert!(number(&same["bills"]) > 100, "{}", same["bills"]);
    assert_eq!((number(&same["better"]["people"]), number(&same["worse"]["people"])), (0, 0));
    assert_eq!(same["same"], same["people"]);
    assert_eq!(same["personal_before"], same["personal_after"]);

    let shipped = list(&county.call("pack_shipped", json!({}))["rows"]);
    let other = shipped.iter().find(|one| text(&one["toml"]).contains("北京市")).unwrap();
    let mut request = nothing;
    (request["pack"], request["toml"]) = (Value::Null, other["toml"].clone());
    let view = county.call("pack_resettle", request.clone());
    let sum = |key: &str, of: &str| list(&view[key]).iter().map(|one| number(&one[of])).sum::<i64>();
    for (paid, personal) in [("before", "personal_before"), ("after", "personal_after")] {
        assert_eq!(sum("payers", paid) + number(&view[personal]), number(&view["total"]), "{paid}");
        let by = format!("paid_{paid}");
        for groups in ["identities", "levels", "townships"] {
            assert_eq!(sum(groups, &by), sum("payers", paid), "{groups}");
            assert_eq!(sum(groups, personal), number(&view[personal]), "{groups}");
        }
    }
    let people = number(&view["better"]["people"]) + number(&view["worse"]["people"]) + number(&view["same"]);
    assert_eq!(people, number(&view["people"]));
    assert_eq!(list(&view["townships"]).len(), 2, "{}", view["townships"]);
    let made = county.call("pack_resettle_write", request.clone());
    assert!(fs::read(text(&made["path"])).unwrap().starts_with(b"PK"));
    assert_eq!(a.refused("pack_resettle", request).code, mingbai_app::ErrorCode::NotPermitted);
}

#[test]
fn a_subsidy_list_of_a_category_the_register_does_not_know_is_refused_with_its_line() {
    let place = joined();
    let county = place.office();
    let path = place.path("资助.tsv");
    fs::write(&path, "年度\t类别\t方式\t个人缴费\t资助金额\t依据\n2026\t困难户\t定额\t40\t360\t文件\n").unwrap();
    let request = json!({
        "path": path, "kind": "subsidy", "name": "参保资助", "version": "2026", "effective_from": "2026-01-01",
        "effective_until": null, "source": "县医保局通知", "unverified": false,
    });
    let refused = county.refused("county_list_put", request.clone());
    assert!(refused.message.contains("第 2 行"), "{}", refused.message);
    fs::write(&path, "年度\t类别\t方式\t个人缴费\t资助金额\t依据\n2026\t低保\t定额\t40\t360\t文件\n").unwrap();
    county.call("county_list_put", request);
}

#[test]
fn a_childs_plan_and_line_of_the_warning_page_say_what_they_are_in_chinese() {
    let place = filled();
    let office = place.township_a();
    let (person, _) = unbilled(&office);
    save(&office, "person", Some(&person), &json!({ "birth": "2018-05-01" }));
    let planned = office.call("admission_plan", plan(&person));
    let said = text(&planned["identity"]);
    assert!(!said.is_empty() && !said.contains(|letter: char| letter.is_ascii_alphabetic()), "{said}");
    let fields = json!({
        "person": person, "settled_on": "2026-03-05", "admitted_on": "2026-03-01", "discharged_on": "2026-03-05",
        "hospital": "示范市医院", "hospital_level": "level3", "hospital_area": "city", "care_kind": "inpatient",
        "referral": "referred", "total": "20000", "own_expense": "0", "pre_self_pay": "0", "paid_personal": "20000",
    });
    save(&office, "settlement", None, &fields);
    for by in ["bill", "person", "household"] {
        for row in list(&warned(&office, by, "all", None, None)["rows"]) {
            assert!(!text(&row["identity"]).contains(|letter: char| letter.is_ascii_alphabetic()), "{row}");
        }
    }
}
