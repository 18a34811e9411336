//! What a sheet prints beside its amounts: 住院天数, 起付线 and 本年累计 settle nothing and find what was typed wrong or not at all.

use mingbai_tests::offices::{Office, list, save, text};
use serde_json::{Value, json};

use crate::claims::{claims, desk, sheet};
use crate::filled;
use crate::turn_of_year::{stay, unbilled};

const MARCH: [&str; 3] = ["2026-03-02", "2026-03-10", "2026-03-10"];
const APRIL: [&str; 3] = ["2026-04-02", "2026-04-10", "2026-04-10"];
const MAY: [&str; 3] = ["2026-05-02", "2026-05-10", "2026-05-10"];

/// A stay of which the basic fund paid so much.
fn paid(person: &str, invoice: &str, days: [&str; 3], basic: i64) -> Value {
    let mut fields = stay(person, invoice, days);
    (fields["paid_basic"], fields["paid_personal"]) = (json!(basic.to_string()), json!((20_000 - basic).to_string()));
    fields
}

/// What is said while it is typed.
fn typed(office: &Office, id: Option<&Value>, fields: &Value) -> Vec<String> {
    let checked = office.call("bill_check", json!({ "id": id, "fields": fields }));
    list(&checked["printed"]).iter().map(|one| text(one).to_owned()).collect()
}

fn on_the_bill(office: &Office, bill: &Value) -> Vec<Value> {
    list(&office.call("bill_explain", json!({ "id": bill }))["printed"])
}

#[test]
fn a_yearly_total_above_the_bills_on_file_says_that_one_is_missing_until_it_is_typed() {
    let place = filled();
    let office = place.township_a();
    let person = unbilled(&office);
    let before = desk(&office, "unseen_bills");
    save(&office, "settlement", None, &paid(&person, "PRINT-1", MARCH, 8_000));

    let mut last = paid(&person, "PRINT-2", MAY, 9_000);
    for agrees in ["17000", "8000"] {
        last["year_basic"] = json!(agrees);
        assert_eq!(typed(&office, None, &last), Vec::<String>::new(), "sheets count the bill itself or do not");
    }
    last["year_basic"] = json!("20000");
    let said = typed(&office, None, &last);
    assert!(said[0].contains("20,000.00") && said[0].contains("少 3,000.00：可能有票据没有录入"), "{said:?}");
    let bill = save(&office, "settlement", None, &last)["id"].clone();
    assert_eq!(on_the_bill(&office, &bill), [json!(said[0])]);
    assert_eq!(desk(&office, "unseen_bills"), before + 1);

    // The bill the family brings later stands between the two.
    save(&office, "settlement", None, &paid(&person, "PRINT-3", APRIL, 3_000));
    assert_eq!((on_the_bill(&office, &bill), desk(&office, "unseen_bills")), (Vec::new(), before));

    // One that was typed twice, under another number, is as easily seen.
    save(&office, "settlement", None, &paid(&person, "PRINT-4", ["2026-04-02", "2026-04-10", "2026-04-11"], 3_000));
    assert!(text(&on_the_bill(&office, &bill)[0]).contains("多 3,000.00：可能有票据录重了"));
    assert_eq!(desk(&office, "unseen_bills"), before);
}

#[test]
fn a_deductible_above_the_packs_and_days_that_are_not_those_of_the_stay_are_told_and_settle_nothing() {
    let place = filled();
    let office = place.township_a();
    let person = unbilled(&office);
    let mut fields = paid(&person, "PRINT-5", MARCH, 9_000);
    let bill = save(&office, "settlement", None, &fields)["id"].clone();
    let explained = office.call("bill_explain", json!({ "id": bill }));
    let steps = list(&explained["steps"]);
    let step = steps.iter().find(|step| text(&step["key"]).ends_with(".deductible")).unwrap();
    let owed = step["amount"].as_i64().unwrap() / 100;
    // What five hundred more of it leave unpaid is less than that.
    let due = list(&explained["payers"]).iter().find(|payer| payer["key"] == "basic").unwrap()["due"].as_i64().unwrap();
    let short = due / 100 - 300;
    (fields["paid_basic"], fields["paid_personal"]) = (json!(short.to_string()), json!((20_000 - short).to_string()));

    for (days, deductible) in [("8", owed), ("9", owed)] {
        (fields["stay_days"], fields["deductible"]) = (json!(days), json!(deductible.to_string()));
        assert_eq!(typed(&office, Some(&bill), &fields), Vec::<String>::new());
    }
    fields["stay_days"] = json!("99999");
    let refused = office.refused("bill_save", json!({ "id": bill, "fields": fields, "as_printed": true }));
    assert_eq!(refused.fields[0].field, "stay_days", "{refused:?}");
    (fields["stay_days"], fields["deductible"]) = (json!("12"), json!((owed + 500).to_string()));
    let said = typed(&office, Some(&bill), &fields);
    assert!(said[0].contains("票面住院12天，入院到出院是8天"), "{said:?}");
    assert!(said[1].contains("多扣的起付线就是少报的钱"), "{said:?}");
    save(&office, "settlement", Some(text(&bill)), &fields);
    let after = office.call("bill_explain", json!({ "id": bill }));
    let dues = |why: &Value| list(&why["payers"]).iter().map(|payer| payer["due"].clone()).collect::<Vec<_>>();
    assert_eq!((dues(&after), &after["personal_due"]), (dues(&explained), &explained["personal_due"]));
    assert_eq!(list(&after["printed"]), said);
}

#[test]
fn what_a_sheet_prints_as_going_into_aid_is_held_against_the_packs_with_or_without_its_deductible() {
    let place = filled();
    let office = place.township_a();
    let person = unbilled(&office);
    let poor = json!({ "person": person, "identity": "subsistence", "since": "2025-01-05" });
    save(&office, "aid_identity", None, &poor);
    let mut fields = paid(&person, "PRINT-6", MARCH, 9_000);
    let bill = save(&office, "settlement", None, &fields)["id"].clone();
    fields["aid_base"] = json!("1");
    let silent = typed(&office, Some(&bill), &fields);
    assert_eq!(silent, Vec::<String>::new(), "what basic insurance paid too little is left to aid");

    let due = office.call("bill_explain", json!({ "id": bill }));
    let yuan = |fen: &Value| json!(format!("{:.2}", fen.as_f64().unwrap() / 100.0));
    for payer in list(&due["payers"]) {
        fields[format!("paid_{}", text(&payer["key"]))] = yuan(&payer["due"]);
    }
    fields["paid_personal"] = yuan(&due["personal_due"]);
    let said = typed(&office, Some(&bill), &fields);
    assert!(said.len() == 1 && said[0].starts_with("票面进入医疗救助的是 1.00，按政策包“"), "{said:?}");
    // The sentence names what it should be; printed so, nothing is said.
    let owed = said[0].split("应是 ").nth(1).and_then(|rest| rest.split('，').next()).unwrap().replace(',', "");
    fields["aid_base"] = json!(owed);
    assert_eq!(typed(&office, Some(&bill), &fields), Vec::<String>::new());
}

/// What takes the place of a bill, in its person's year.
fn corrected(bill: &Value, person: &str, invoice: &str, settled: &str, basic: i64) -> Value {
    let mut fields = paid(person, invoice, [MARCH[0], MARCH[1], settled], basic);
    fields["corrects"] = bill.clone();
    fields
}

#[test]
fn a_yearly_total_is_held_against_what_was_on_file_the_day_it_was_printed_whatever_was_corrected_or_taken_back_since() {
    let place = filled();
    let office = place.township_a();
    let person = unbilled(&office);
    let before = desk(&office, "unseen_bills");
    let first = save(&office, "settlement", None, &paid(&person, "PRINT-10", MARCH, 8_000))["id"].clone();
    let mut second = paid(&person, "PRINT-11", MAY, 9_000);
    second["year_basic"] = json!("17000");
    let second = save(&office, "settlement", None, &second)["id"].clone();

    // The first is paid after all in November; the paper of that day prints the year so far.
    let mut later = corrected(&first, &person, "PRINT-12", "2026-11-03", 9_000);
    later["year_basic"] = json!("18000");
    assert_eq!(typed(&office, None, &later), Vec::<String>::new(), "while it is typed");
    let later = save(&office, "settlement", None, &later)["id"].clone();
    assert_eq!((on_the_bill(&office, &later), on_the_bill(&office, &second)), (Vec::new(), Vec::new()));

    let mut back = corrected(&later, &person, "PRINT-13", "2026-11-10", 0);
    back["reversal"] = json!("true");
    save(&office, "settlement", None, &back);
    assert_eq!((on_the_bill(&office, &second), desk(&office, "unseen_bills")), (Vec::new(), before));
}

#[test]
fn of_two_sheets_of_one_day_nobody_knows_which_came_first_and_either_total_is_right() {
    let place = filled();
    let office = place.township_a();
    let person = unbilled(&office);
    let later = ("PRINT-20", MAY, 9_000, "17000");
    let sooner = ("PRINT-21", ["2026-04-20", "2026-04-28", MAY[2]], 8_000, "8000");
    let kept = [later, sooner].map(|(invoice, days, basic, total)| {
        let mut sheet = paid(&person, invoice, days, basic);
        sheet["year_basic"] = json!(total);
        save(&office, "settlement", None, &sheet)["id"].clone()
    });
    assert_eq!(kept.map(|bill| on_the_bill(&office, &bill)), [Vec::<Value>::new(), Vec::new()]);
}

#[test]
fn what_was_mistyped_or_typed_twice_is_no_longer_told_once_it_is_put_right() {
    let place = filled();
    let office = place.township_a();
    let person = unbilled(&office);
    let before = desk(&office, "unseen_bills");
    let slip = save(&office, "settlement", None, &paid(&person, "PRINT-60", MARCH, 800))["id"].clone();
    let mut second = paid(&person, "PRINT-61", MAY, 9_000);
    second["year_basic"] = json!("17000");
    let second = save(&office, "settlement", None, &second)["id"].clone();
    assert_eq!((on_the_bill(&office, &second).len(), desk(&office, "unseen_bills")), (1, before + 1));
    // The entry page dates what takes another's place today.
    save(&office, "settlement", None, &corrected(&slip, &person, "PRINT-62", "2026-11-12", 8_000));
    assert_eq!((on_the_bill(&office, &second), desk(&office, "unseen_bills")), (Vec::new(), before));

    let twice = save(&office, "settlement", None, &paid(&person, "PRINT-63", APRIL, 8_000))["id"].clone();
    assert!(text(&on_the_bill(&office, &second)[0]).contains("可能有票据录重了"));
    let mut back = corrected(&twice, &person, "PRINT-64", "2026-11-12", 0);
    back["reversal"] = json!("true");
    save(&office, "settlement", None, &back);
    assert_eq!(on_the_bill(&office, &second), Vec::<Value>::new());
}

#[test]
fn a_later_sheet_that_prints_another_payers_total_or_none_does_not_silence_the_gap() {
    let place = filled();
    let office = place.township_a();
    let person = unbilled(&office);
    let before = desk(&office, "unseen_bills");
    let mut sheet = paid(&person, "PRINT-70", MARCH, 8_000);
    sheet["year_basic"] = json!("10000");
    save(&office, "settlement", None, &sheet);
    let mut next = paid(&person, "PRINT-71", MAY, 8_000);
    (next["year_basic"], next["year_aid"]) = (json!("0"), json!("0"));
    save(&office, "settlement", None, &next);
    assert_eq!(desk(&office, "unseen_bills"), before + 1);
    assert_eq!(claims(&office, "unseen", Some("open"))["rows"][0]["amount"], json!(200_000));
}

#[test]
fn what_a_year_lacks_is_told_once_on_its_last_sheet_and_ends_with_a_decision_until_more_is_missing() {
    let place = filled();
    let office = place.township_a();
    let person = unbilled(&office);
    let before = desk(&office, "unseen_bills");
    let totals = [("PRINT-30", MARCH, "10000"), ("PRINT-31", APRIL, "18000"), ("PRINT-32", MAY, "26000")];
    for (invoice, days, total) in totals {
        let mut sheet = paid(&person, invoice, days, 8_000);
        sheet["year_basic"] = json!(total);
        save(&office, "settlement", None, &sheet);
    }
    let rows = list(&claims(&office, "unseen", Some("open"))["rows"]);
    assert_eq!((rows.len(), desk(&office, "unseen_bills")), (1, before + 1));
    assert_eq!((text(&rows[0]["settled_on"]), &rows[0]["amount"]), (MAY[2], &json!(200_000)));
    assert!(text(&rows[0]["why"]).contains("票面本年累计基本医保支付 26,000.00，系统里合计 24,000.00，少 2,000.00"));

    let decide = json!({
        "bills": [rows[0]["id"]], "kind": "unseen", "state": "closed", "on": null, "answer": "", "decision": "complete",
        "reason": "差的是村卫生室门诊统筹，不另录入", "evidence": "",
    });
    office.call("claim_note", decide);
    assert_eq!(
        (desk(&office, "unseen_bills"), claims(&office, "unseen", Some("open"))["rows"].clone()),
        (before, json!([]))
    );

    // It is about the year: the next sheet prints the same two thousand more, and then five hundred more than that.
    let mut june = paid(&person, "PRINT-33", ["2026-06-02", "2026-06-10", "2026-06-10"], 8_000);
    june["year_basic"] = json!("34000");
    let june = save(&office, "settlement", None, &june)["id"].clone();
    assert_eq!(desk(&office, "unseen_bills"), before);
    let mut more = office.call("record_get", json!({ "table": "settlement", "id": june }))["fields"].clone();
    more["year_basic"] = json!("34500");
    save(&office, "settlement", Some(text(&june)), &more);
    assert_eq!(desk(&office, "unseen_bills"), before + 1);
}

#[test]
fn a_yearly_deductible_is_held_against_the_sheets_before_the_pack_and_never_asks_for_papers() {
    let place = filled();
    let office = place.township_a();
    let person = unbilled(&office);
    let before = desk(&office, "unseen_bills");
    let mut sheet = paid(&person, "PRINT-40", MARCH, 8_000);
    sheet["year_deductible"] = json!("9000");
    let bill = save(&office, "settlement", None, &sheet)["id"].clone();
    let said = on_the_bill(&office, &bill);
    assert!(said.len() == 1 && text(&said[0]).contains("按政策包到这一张累计应是"), "{said:?}");
    assert_eq!(desk(&office, "unseen_bills"), before);
    // Where the sheets say each what they took, their sum is what they print.
    sheet["deductible"] = json!("9000");
    save(&office, "settlement", Some(text(&bill)), &sheet);
    let said = on_the_bill(&office, &bill);
    assert!(said.len() == 1 && text(&said[0]).contains("这一次应是 1,200.00"), "{said:?}");
}

#[test]
fn the_sheet_that_takes_the_place_of_another_is_not_said_to_print_what_that_one_printed() {
    let place = filled();
    let office = place.township_a();
    let person = unbilled(&office);
    let mut printed = paid(&person, "PRINT-50", MARCH, 8_000);
    (printed["stay_days"], printed["deductible"], printed["year_basic"]) = (json!("8"), json!("800"), json!("8000"));
    let bill = save(&office, "settlement", None, &printed)["id"].clone();
    let offered = sheet(&office, &bill);
    assert_eq!(
        (&offered["deductible"], &offered["year_basic"], text(&offered["stay_days"])),
        (&Value::Null, &Value::Null, "8")
    );
}
