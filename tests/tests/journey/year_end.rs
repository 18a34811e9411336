//! What payers that settle once a year owe at its end: worked out after the year's bills, applied for or written for, and
//! ended by the year-end settlement that brings the money.

use mingbai_tests::offices::{County, Office, list, number, put_in_force, save, text};
use mingbai_tests::rounds::{send_down, send_up};
use serde_json::{Value, json};

use crate::filled;

const A: &str = "159901201";

pub(super) fn beijing() -> String {
    let packs = concat!(env!("CARGO_MANIFEST_DIR"), "/../assets/packs/beijing.toml");
    std::fs::read_to_string(packs).unwrap()
}

/// 大病保险 as the text of 2013 has it: 一个医疗保险年度结算一次.
pub(super) fn critical_once_a_year() -> String {
    let text = beijing();
    let (before, critical) = text.split_once("key = \"critical\"").unwrap();
    let critical = critical.replacen("settle = \"immediate\"", "settle = \"annual\"", 1);
    format!("{before}key = \"critical\"{}", critical.replacen("annual_base = \"none\"", "annual_base = \"in_turn\"", 1))
}

/// Whether somebody holds an identity of that pack's.
pub(super) fn aided(member: &Value) -> bool {
    let codes = ["extreme_poverty", "subsistence", "subsistence_edge", "illness_poverty"];
    codes.iter().any(|code| member["identity"]["code"] == *code)
}

/// A township under this pack, and somebody of it without a bill and without an identity of the pack's.
pub(super) fn under(toml: &str) -> (County, String) {
    let place = filled();
    let (county, office) = (place.office(), place.township_a());
    put_in_force(&county, toml);
    send_up(&place, &county, &office);
    send_down(&place, &county, &office, A);
    let person = office.households(None).iter().find_map(|household| {
        let view = office.call("household_get", json!({ "id": household["id"] }));
        let plain = list(&view["members"]).into_iter().filter(|one| !aided(one));
        plain.map(|one| text(&one["id"]).to_owned()).find(|id| list(&year(&office, id, 2025)["years"]).len() == 1)
    });
    (place, person.unwrap())
}

pub(super) fn year(office: &Office, person: &str, year: i64) -> Value {
    office.call("person_year", json!({ "person": person, "year": year }))
}

/// An insured person's 300,000 yuan in hospital in March 2025, everything in scope; what the sheet paid as given.
pub(super) fn stay(office: &Office, person: &str, paid_critical: &str, paid_personal: &str) -> Value {
    let fields = json!({
        "person": person, "settled_on": "2025-03-20", "admitted_on": "2025-03-01", "discharged_on": "2025-03-20",
        "hospital": "示范市医院", "hospital_level": "level3", "hospital_area": "city", "care_kind": "inpatient",
        "referral": "referred", "total": "300000", "own_expense": "0", "pre_self_pay": "0", "in_scope": "300000",
        "paid_basic": "200000", "paid_critical": paid_critical, "paid_personal": paid_personal, "invoice": "YE-1",
    });
    let insured = json!({ "person": person, "year": "2025", "insured": "true", "paid_on": "2024-11-20" });
    save(office, "enrolment", None, &insured);
    save(office, "settlement", None, &fields)
}

pub(super) fn payment(person: &str, column: &str, amount: &str, on: &str) -> Value {
    let mut fields = json!({ "person": person, "settled_on": on, "care_kind": "year_end", "year": "2025" });
    fields[column] = json!(amount);
    json!({ "id": null, "fields": fields, "as_printed": false, "reason": null, "form": null })
}

/// The rows of one person in a list of what is owed.
fn owed(office: &Office, kind: &str, person: &str) -> Vec<Value> {
    let asked = json!({ "year": 2025, "village": null, "kind": kind, "state": null, "group": null, "key": null });
    let rows = list(&office.call("claim_list", asked)["rows"]);
    rows.into_iter().filter(|row| row["person"] == person).collect()
}

/// The rows of one person in a list of the desk.
fn on_desk(office: &Office, item: &str, person: &str) -> Vec<Value> {
    let view = office.call("worklist_get", json!({ "key": item, "village": null, "narrow": null }));
    list(&view["rows"]).into_iter().filter(|row| row["person"] == person).collect()
}

fn waiting(office: &Office, item: &str, person: &str) -> usize {
    on_desk(office, item, person).len()
}

#[test]
fn aid_that_must_be_applied_for_waits_on_the_desk_until_the_application_and_ends_with_the_money() {
    let (place, person) = under(&beijing());
    let office = place.township_a();
    stay(&office, &person, "43717.20", "56282.80");
    assert!(owed(&office, "short", &person).is_empty(), "the bill itself is paid as the pack says");
    assert!(owed(&office, "apply", &person).is_empty(), "nobody has recognised the family");
    let recognised = json!({ "person": person, "identity": "illness_poverty", "since": "2026-03-01" });
    save(&office, "aid_identity", None, &recognised);

    let seen = year(&office, &person, 2025);
    let part = &seen["year_end"]["parts"][0];
    // 56,282.80 left: 30,000 × 30 % + 20,000 × 40 % + 6,282.80 × 50 %.
    assert_eq!((&part["applied"], number(&part["due"]), number(&part["paid"])), (&json!(true), 2_014_140, 0));
    assert_eq!(number(&seen["personal"]), 5_628_280, "what nobody has applied for takes nothing off");
    assert_eq!(list(&seen["bars"]).last().map(|bar| number(&bar["amount"])), Some(5_628_280));

    let rows = owed(&office, "apply", &person);
    assert_eq!((rows.len(), number(&rows[0]["amount"])), (1, 2_014_140));
    assert!(owed(&office, "short", &person).is_empty(), "what nobody has applied for no payer is late with");
    assert_eq!(waiting(&office, "year_end_apply", &person), 1);
    let note = json!({
        "bills": [rows[0]["id"]], "state": "sent", "on": "2026-10-30", "answer": "青石乡便民服务中心", "decision": null,
        "reason": "", "evidence": "",
    });
    office.call("claim_note", note);
    assert_eq!(waiting(&office, "year_end_apply", &person), 0);
    assert_eq!(owed(&office, "apply", &person)[0]["state"]["code"], "sent");

    let before = (office.bills(false).len(), list(&year(&office, &person, 2025)["bills"]).len());
    let saved = office.call("bill_save", payment(&person, "paid_aid", "20141.40", "2026-11-10"));
    assert_eq!(saved["closed"], true);
    assert_eq!(owed(&office, "apply", &person)[0]["state"]["code"], "paid");
    let seen = year(&office, &person, 2025);
    assert_eq!((office.bills(false).len(), list(&seen["bills"]).len()), before, "it is no bill");
    assert_eq!(number(&seen["year_end"]["parts"][0]["shortfall"]), 0);
    // What came is taken off what the bills left, as a bar of its own whose steps name the article.
    assert_eq!(number(&seen["personal"]), 5_628_280 - 2_014_140);
    let bars = list(&seen["bars"]);
    let [.., left, aid, last] = &bars[..] else { panic!("{bars:?}") };
    assert_eq!((number(&left["amount"]), number(&aid["amount"])), (5_628_280, 2_014_140));
    assert!(text(&aid["label"]).contains("因病致贫") && number(&last["amount"]) == number(&seen["personal"]), "{aid}");
    let cited = |step: &Value| step["payer"] == aid["key"] && text(&step["article"]).contains("〔2023〕9号");
    assert!(list(&seen["steps"]).iter().any(cited));
    let history = office.call("record_history", json!({ "table": "settlement", "id": saved["id"] }));
    assert!(history.to_string().contains("结算年度"), "{history}");
}

#[test]
fn a_row_of_the_desk_about_a_years_end_names_the_year_it_opens() {
    let (place, person) = under(&beijing());
    let office = place.township_a();
    stay(&office, &person, "43717.20", "56282.80");
    save(
        &office,
        "aid_identity",
        None,
        &json!({ "person": person, "identity": "illness_poverty", "since": "2026-03-01" }),
    );
    assert_eq!(on_desk(&office, "year_end_apply", &person)[0]["year_end"], 2025);
    let home = office.call("person_get", json!({ "id": person }))["household"].clone();
    let todos = list(&office.call("household_get", json!({ "id": home }))["todos"]);
    let todo = todos.iter().find(|todo| todo["key"] == "year_end_apply").unwrap();
    assert_eq!((&todo["year_end"], &todo["person"]), (&json!(2025), &json!(person)));
    let others = todos.iter().filter(|todo| todo["key"] != "year_end_apply");
    assert!(others.into_iter().all(|todo| todo["year_end"].is_null()), "{todos:?}");

    let note = json!({
        "bills": [owed(&office, "apply", &person)[0]["id"]], "state": "sent", "on": "2026-10-01", "answer": "青石乡便民服务中心",
        "decision": null, "reason": "", "evidence": "",
    });
    office.call("claim_note", note);
    let late = &on_desk(&office, "claim_late", &person)[0];
    assert_eq!(late["year_end"], 2025, "the year is that of what was applied for: {late}");
}

#[test]
fn what_commercial_insurance_paid_back_is_no_burden_aid_is_worked_out_on() {
    let (place, person) = under(&beijing());
    let office = place.township_a();
    let bill = stay(&office, &person, "43717.20", "56282.80");
    let recognised = json!({ "person": person, "identity": "illness_poverty", "since": "2026-03-01" });
    save(&office, "aid_identity", None, &recognised);
    save(&office, "settlement", Some(text(&bill["id"])), &json!({ "paid_commercial": "10000" }));
    // 46,282.80 are left: 30,000 × 30 % + 16,282.80 × 40 %.
    let part = year(&office, &person, 2025)["year_end"]["parts"][0].clone();
    assert_eq!(number(&part["due"]), 1_551_312, "{part}");
}

#[test]
fn what_a_payer_owes_at_the_years_end_is_a_line_of_its_own_from_the_letter_to_the_last_fen() {
    let (place, person) = under(&critical_once_a_year());
    let office = place.township_a();
    stay(&office, &person, "0", "100000");
    let rows = owed(&office, "short", &person);
    assert_eq!(rows.len(), 1, "the bill is not short, its year's end is: {rows:?}");
    let row = &rows[0];
    // (100,000 − 30,404): 50,000 × 60 % + 19,596 × 70 %.
    assert_eq!(
        (number(&row["amount"]), number(&row["critical"]), &row["year_end"]),
        (4_371_720, 4_371_720, &json!(2025))
    );
    assert!(text(&row["why"]).contains("大病保险应付 43,717.20，已付 0.00"), "{row}");
    assert_eq!(waiting(&office, "year_end_short", &person), 1);
    for by in ["household", "village", "cause"] {
        let asked = json!({ "year": 2025, "village": null, "kind": "short", "state": null, "by": by });
        let groups = list(&office.call("claim_groups", asked)["rows"]);
        assert!(groups.iter().any(|group| number(&group["year_ends"]) >= 1), "{by}: {groups:?}");
    }
    let letter = json!({
        "bills": [row["id"]], "paid_to": "示范县医疗保障局", "letter": "医保追补〔2026〕1号", "sent_on": "2026-10-20", "contact": "",
    });
    let done = office.call("claim_letter", letter);
    assert_eq!((number(&done["bills"]), number(&done["year_ends"]), number(&done["amount"])), (0, 1, 4_371_720));
    assert!(std::fs::read(text(&done["path"])).unwrap().starts_with(b"%PDF"));
    assert_eq!(waiting(&office, "year_end_short", &person), 0);

    let part = office.call("bill_save", payment(&person, "paid_critical", "40000", "2026-11-01"));
    assert_eq!(part["closed"], false);
    let row = &owed(&office, "short", &person)[0];
    assert_eq!((number(&row["amount"]), &row["state"]["code"]), (371_720, &json!("sent")));
    let rest = office.call("bill_save", payment(&person, "paid_critical", "3717.20", "2026-11-15"));
    assert_eq!(rest["closed"], true);
    assert_eq!(owed(&office, "short", &person)[0]["state"]["code"], "paid");
}

#[test]
fn a_year_end_settlement_without_a_year_or_with_costs_is_refused_and_says_where() {
    let place = filled();
    let office = place.township_a();
    let person = text(&office.bills(false)[0]["person"]).to_owned();
    let mut without = payment(&person, "paid_critical", "100", "2026-05-01");
    without["fields"]["year"] = json!("");
    assert_eq!(office.refused("bill_save", without).fields[0].field, "year");
    let mut costs = payment(&person, "paid_critical", "100", "2026-05-01");
    costs["fields"]["total"] = json!("100");
    assert_eq!(office.refused("bill_save", costs).fields[0].field, "total");
    let nothing = payment(&person, "paid_critical", "0", "2026-05-01");
    assert_eq!(office.refused("bill_save", nothing).fields[0].field, "paid_critical");
}

/// The row of one person in the warning lists of 2025.
fn warned(office: &Office, person: &str) -> Value {
    let asked = json!({
        "year": 2025, "village": null, "by": "person", "show": "all", "share": null, "area": null, "offset": 0,
        "limit": 100_000,
    });
    let rows = list(&office.call("warning_list", asked)["rows"]);
    rows.into_iter().find(|row| row["person"] == person).unwrap()
}

#[test]
fn what_was_paid_at_the_years_end_is_no_burden_by_the_lines_nor_by_the_limit_of_one_tenth() {
    let (place, person) = under(&critical_once_a_year());
    let office = place.township_a();
    let bill = stay(&office, &person, "0", "100000");
    save(&office, "settlement", Some(text(&bill["id"])), &json!({ "hospital_area": "county", "referral": "none" }));
    let before = warned(&office, &person);
    assert_eq!((number(&before["personal"]), number(&before["of_total"])), (10_000_000, 3_333), "{before}");
    office.call("bill_save", payment(&person, "paid_critical", "43717.20", "2026-02-10"));
    let after = warned(&office, &person);
    assert_eq!((number(&after["personal"]), number(&after["of_total"])), (5_628_280, 1_876), "{after}");
    // What commercial insurance paid back later is no burden either; the limit of one tenth goes by the sheet.
    save(&office, "settlement", Some(text(&bill["id"])), &json!({ "paid_commercial": "10000" }));
    let later = warned(&office, &person);
    assert_eq!((number(&later["personal"]), &later["of_total"]), (4_628_280, &after["of_total"]), "{later}");
}

/// A letter about the rows given, and what came of it.
fn letter(rows: &[&Value], number: &str, on: &str) -> Value {
    let bills: Vec<&Value> = rows.iter().map(|row| &row["id"]).collect();
    json!({ "bills": bills, "paid_to": "示范县医疗保障局", "letter": number, "sent_on": on, "contact": "" })
}

#[test]
fn what_one_payer_paid_too_much_at_the_years_end_makes_nothing_good_that_another_owes() {
    let (place, person) = under(&critical_once_a_year());
    let office = place.township_a();
    stay(&office, &person, "0", "100000");
    let paid = office.call("bill_save", payment(&person, "paid_other", "50000", "2026-05-01"));
    assert_eq!(paid["closed"], false);
    let row = owed(&office, "short", &person).remove(0);
    let told = |row: &Value| ["critical", "other", "amount", "over"].map(|of| number(&row[of]));
    assert_eq!(told(&row), [4_371_720, 0, 4_371_720, 5_000_000]);
    let over = owed(&office, "over", &person);
    assert_eq!((over.len(), told(&over[0])), (1, [0, 5_000_000, 5_000_000, 0]));
    assert_eq!(waiting(&office, "year_end_short", &person), 1);
    for by in ["household", "village", "cause"] {
        let asked = json!({ "year": 2025, "village": null, "kind": "short", "state": null, "by": by });
        for group in list(&office.call("claim_groups", asked)["rows"]) {
            let columns = ["basic", "critical", "aid", "other"].map(|of| number(&group[of]));
            assert!(columns.iter().all(|amount| *amount >= 0), "{group}");
            assert_eq!(columns.iter().sum::<i64>(), number(&group["amount"]), "{group}");
        }
    }
    let seen = year(&office, &person, 2025);
    let sum = |of: &str| list(&seen["payers"]).iter().map(|payer| number(&payer[of])).sum::<i64>();
    assert_eq!((sum("shortfall"), sum("over")), (4_371_720, 5_000_000));
    assert_eq!(number(&seen["year_end"]["parts"][0]["shortfall"]), 4_371_720);
    let done = office.call("claim_letter", letter(&[&row], "医保追补〔2026〕1号", "2026-10-20"));
    assert_eq!(number(&done["amount"]), 4_371_720);

    let rest = office.call("bill_save", payment(&person, "paid_critical", "43717.20", "2026-11-01"));
    assert_eq!(rest["closed"], true);
    assert_eq!(owed(&office, "short", &person)[0]["state"]["code"], "paid");
    assert_eq!(number(&owed(&office, "over", &person)[0]["amount"]), 5_000_000);
}

#[test]
fn a_reminder_about_a_years_end_keeps_the_first_letter_and_is_never_older_than_it() {
    let (place, person) = under(&critical_once_a_year());
    let office = place.township_a();
    stay(&office, &person, "0", "100000");
    let row = owed(&office, "short", &person).remove(0);
    office.call("claim_letter", letter(&[&row], "医保追补〔2026〕1号", "2026-09-01"));
    assert_eq!(waiting(&office, "claim_late", &person), 1);
    let earlier = office.refused("claim_letter", letter(&[&row], "医保追补〔2026〕2号", "2026-08-01"));
    assert_eq!(earlier.fields[0].field, "sent_on");
    office.call("claim_letter", letter(&[&row], "医保追补〔2026〕2号", "2026-11-10"));
    assert_eq!(waiting(&office, "claim_late", &person), 0, "they have time to answer the reminder");
    let row = owed(&office, "short", &person).remove(0);
    let told = (text(&row["first_sent_on"]), text(&row["sent_on"]), number(&row["letters"]));
    assert_eq!(told, ("2026-09-01", "2026-11-10", 2));
    assert!(text(&row["history"][1]).contains("2026-09-01 医保追补〔2026〕1号 首次发函"), "{row}");
}

#[test]
fn a_year_end_settlement_is_corrected_and_taken_back_and_what_it_had_ended_is_open_again() {
    let (place, person) = under(&critical_once_a_year());
    let office = place.township_a();
    stay(&office, &person, "0", "100000");
    let row = owed(&office, "short", &person).remove(0);
    office.call("claim_letter", letter(&[&row], "医保追补〔2026〕1号", "2026-10-20"));
    let paid = office.call("bill_save", payment(&person, "paid_critical", "43717.20", "2026-11-01"));
    assert_eq!(owed(&office, "short", &person)[0]["state"]["code"], "paid");

    // As its form sends it: what stood there, with the one it takes the place of.
    let asked = json!({ "person": null, "corrects": paid["id"], "on": null });
    let mut fields = office.call("bill_form", asked)["fields"].clone();
    assert_eq!((&fields["care_kind"], &fields["year"]), (&json!("year_end"), &json!("2025")));
    fields["corrects"] = paid["id"].clone();
    fields["settled_on"] = json!("2026-11-10");
    fields["paid_critical"] = json!("40000");
    let request = |fields: &Value, as_printed: bool| json!({ "id": null, "fields": fields, "as_printed": as_printed, "reason": null, "form": null });
    let less = office.call("bill_save", request(&fields, false));
    assert_eq!(less["closed"], false);
    let row = owed(&office, "short", &person).remove(0);
    assert_eq!((&row["state"]["code"], number(&row["amount"])), (&json!("sent"), 371_720));

    fields["corrects"] = less["id"].clone();
    fields["reversal"] = json!("true");
    let check = office.call("bill_check", json!({ "id": null, "fields": fields }));
    let critical = list(&check["payers"]).into_iter().find(|payer| payer["key"] == "critical").unwrap();
    assert_eq!((check["faults"].clone(), number(&critical["paid"])), (json!([]), 0), "what is taken back is not paid");
    office.call("bill_save", request(&fields, true));
    let row = owed(&office, "short", &person).remove(0);
    assert_eq!((&row["state"]["code"], number(&row["amount"])), (&json!("sent"), 4_371_720));
    assert_eq!(year(&office, &person, 2025)["year_end"]["payments"], json!([]));
    assert!(office.refused("bill_save", request(&fields, true)).message.contains("已经被另一张冲销"));
}
