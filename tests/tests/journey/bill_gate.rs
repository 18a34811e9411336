//! One gate for every way a settlement is written: typed from its sheet, in the general form, many at once, out of a file.

use mingbai_app::ErrorCode;
use mingbai_app::demo::FLAGSHIP;
use mingbai_tests::offices::{County, Office, list, number, save, text};
use serde_json::{Value, json};

use crate::filled;
use crate::imports::{counts, said, table};

fn member(office: &Office, place: usize) -> Value {
    list(&office.household(FLAGSHIP)["members"])[place].clone()
}

/// A sheet whose figures agree.
fn sheet(person: &Value, number: &str) -> Value {
    json!({
        "person": person, "settled_on": "2026-11-20", "hospital": "县人民医院", "hospital_level": "level2",
        "hospital_area": "county", "care_kind": "outpatient", "number": number, "total": "1000", "own_expense": "100",
        "over_limit": "0", "pre_self_pay": "0", "in_scope": "900", "paid_basic": "500", "paid_personal": "500",
    })
}

fn with(mut fields: Value, column: &str, typed: Value) -> Value {
    fields[column] = typed;
    fields
}

fn general(fields: &Value) -> Value {
    json!({
        "table": "settlement", "id": null, "household": null, "relation": null, "fields": fields, "reason": null,
        "form": null,
    })
}

fn many(rows: &[Value]) -> Value {
    let rows: Vec<Value> = rows.iter().map(|fields| json!({ "id": null, "fields": fields })).collect();
    json!({ "table": "settlement", "rows": rows, "reason": null })
}

#[test]
fn the_general_form_refuses_what_the_sheets_own_form_refuses_and_names_the_field() {
    let place = filled();
    let office = place.township_a();
    let (one, other) = (member(&office, 0)["id"].clone(), member(&office, 1)["id"].clone());
    let refused = |fields: &Value| {
        let refusal = office.refused("record_save", general(fields));
        assert_eq!(refusal.code, ErrorCode::Validation, "{}", refusal.message);
        refusal.fields[0].field.clone()
    };
    assert_eq!(refused(&with(sheet(&one, "G-1"), "in_scope", json!("9000"))), "in_scope");
    assert_eq!(refused(&with(sheet(&one, "G-1"), "paid_basic", json!("50"))), "paid_basic");
    assert_eq!(refused(&with(sheet(&one, "G-1"), "reversal", json!("true"))), "corrects");
    let first = save(&office, "settlement", None, &sheet(&one, "G-1"))["id"].clone();
    assert_eq!(refused(&sheet(&other, "G-1")), "number");
    assert_eq!(refused(&with(sheet(&other, "G-2"), "corrects", first.clone())), "corrects");
    save(&office, "settlement", None, &with(sheet(&one, "G-2"), "corrects", first.clone()));
    assert_eq!(refused(&with(sheet(&one, "G-3"), "corrects", first.clone())), "corrects");

    // What was let in as the paper has it may be changed elsewhere, and its figures only by the sheet's own form.
    let odd = with(sheet(&one, "G-4"), "paid_basic", json!("450"));
    let paper = json!({ "id": null, "fields": odd, "as_printed": true, "reason": null, "form": null });
    let odd = office.call("bill_save", paper)["id"].clone();
    save(&office, "settlement", Some(text(&odd)), &json!({ "hospital": "县中医院" }));
    let again = json!({
        "table": "settlement", "id": odd, "household": null, "relation": null, "fields": { "paid_basic": "440" },
        "reason": null, "form": null,
    });
    let refusal = office.refused("record_save", again);
    assert!(refusal.message.contains("≠ 各方支付") && !refusal.fields.is_empty(), "{}", refusal.message);
}

#[test]
fn of_many_settlements_saved_at_once_those_that_cannot_be_are_named_and_the_others_stand() {
    let place = filled();
    let office = place.township_a();
    let (one, other) = (member(&office, 0)["id"].clone(), member(&office, 1)["id"].clone());
    let before = office.bills(false).len();
    let rows = [sheet(&one, "M-1"), with(sheet(&one, "M-2"), "paid_personal", json!("5000")), sheet(&other, "M-1")];
    let done = office.call("record_save_many", many(&rows));
    let named: Vec<Value> = list(&done["problems"]).iter().map(|one| json!([one["line"], one["field"]])).collect();
    assert_eq!((number(&done["saved"]), named), (1, vec![json!([1, "paid_personal"]), json!([2, "number"])]), "{done}");
    assert_eq!(office.bills(false).len(), before + 1);
}

fn row_of<'r>(number: &'r str, who: (&'r str, &'r str), paid: [&'r str; 2]) -> Vec<&'r str> {
    vec![number, who.0, who.1, "县人民医院", "普通门诊", "2026-11-20", "1000", "100", "900", paid[0], paid[1]]
}

fn take_in(place: &County, office: &Office, rows: &[Vec<&str>]) -> Value {
    let labels = [
        "结算单号",
        "姓名",
        "身份证号",
        "就医机构",
        "就诊类别",
        "结算日期",
        "费用总额",
        "目录外自费",
        "政策范围内",
        "统筹支付",
        "个人支付",
    ];
    office.import("bills", &table(place, "bills.xlsx", &labels, rows), false)
}

#[test]
fn a_file_passes_the_same_gate_as_a_sheet_that_is_typed() {
    let place = filled();
    let office = place.township_a();
    let (_, told) = place.told_a().people().find(|(home, one)| home.number == FLAGSHIP && one.id.is_some()).unwrap();
    let members = list(&office.household(FLAGSHIP)["members"]);
    let other = members.iter().find(|one| one["name"] != told.name.as_str()).unwrap()["id"].clone();
    save(&office, "settlement", None, &sheet(&other, "F-1"));
    let who = (told.name.as_str(), told.id.as_ref().unwrap().as_str());
    let rows = [
        row_of("F-1", who, ["500", "500"]),
        // More from the basic fund than is in scope.
        row_of("F-2", who, ["950", "50"]),
        row_of("F-3", who, ["500", "400"]),
        row_of("F-4", who, ["500", "500"]),
    ];
    let done = take_in(&place, &office, &rows);
    assert_eq!(counts(&done), [4, 1, 0, 0, 3], "{done}");
    assert!(said(&done, 3).contains("已经登记在"), "{done}");
    assert!(said(&done, 4).contains("超过政策范围内"), "{done}");
    assert!(said(&done, 5).contains("≠ 各方支付"), "{done}");
}

#[test]
fn that_the_paper_has_it_so_lets_no_negative_or_impossible_amount_through() {
    let place = filled();
    let office = place.township_a();
    let one = member(&office, 0)["id"].clone();
    let printed =
        |fields: &Value| json!({ "id": null, "fields": fields, "as_printed": true, "reason": null, "form": null });
    for (column, typed) in
        [("paid_aid", "-300"), ("total", "99999999999"), ("deposit", "-1"), ("paid_commercial", "-5")]
    {
        let refusal = office.refused("bill_save", printed(&with(sheet(&one, "A-1"), column, json!(typed))));
        assert_eq!(refusal.fields[0].field, column, "{}", refusal.message);
    }
    office.call("bill_save", printed(&with(sheet(&one, "A-1"), "paid_basic", json!("450"))));
}
