//! 应报未报追到底: written for, answered, made good by a correcting settlement or decided with a reason; and settlements typed
//! from their sheets, corrected and taken back.

use mingbai_app::ErrorCode;
use mingbai_app::demo::FLAGSHIP;
use mingbai_tests::offices::{Office, list, number, save, text};
use serde_json::{Value, json};

use crate::filled;

pub(crate) fn claims(office: &Office, kind: &str, state: Option<&str>) -> Value {
    let asked = json!({ "year": null, "village": null, "kind": kind, "state": state, "group": null, "key": null });
    office.call("claim_list", asked)
}

pub(crate) fn letter(office: &Office, bills: &[&Value], sent_on: &str) -> Value {
    let request = json!({
        "bills": bills, "paid_to": "示范县医疗保障局", "letter": "医保追补〔2026〕1号", "sent_on": sent_on, "contact": "",
    });
    office.call("claim_letter", request)
}

fn note(bill: &Value, state: &str) -> Value {
    json!({
        "bills": [bill], "state": state, "on": null, "answer": "核对属实，下月补付", "decision": "insurer",
        "reason": "医保调出当日身份记录，无误", "evidence": "",
    })
}

pub(crate) fn noted(office: &Office, bill: &Value, state: &str) -> Value {
    office.call("claim_note", note(bill, state))
}

/// Everything that stands on a settlement, as its form has it.
pub(crate) fn sheet(office: &Office, bill: &Value) -> Value {
    office.call("bill_form", json!({ "person": null, "corrects": bill, "on": null }))["fields"].clone()
}

/// What waits to be written for, the oldest first: a letter is never older than its bill.
pub(crate) fn longest_owed(office: &Office) -> Vec<Value> {
    let mut rows = list(&claims(office, "short", Some("open"))["rows"]);
    rows.sort_by_key(|row| text(&row["settled_on"]).to_owned());
    rows
}

fn yuan(fen: i64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

/// The settlement with which the insurer pays what was due; `less` of it is still held back by the basic fund.
pub(crate) fn correcting(office: &Office, bill: &Value, less: i64) -> Value {
    let mut fields = sheet(office, bill);
    let why = office.call("bill_explain", json!({ "id": bill }));
    for payer in list(&why["payers"]) {
        let held = if payer["key"] == "basic" { less } else { 0 };
        fields[format!("paid_{}", text(&payer["key"]))] = json!(yuan(number(&payer["due"]) - held));
    }
    fields["paid_personal"] = json!(yuan(number(&why["personal_due"]) + less));
    fields["corrects"] = bill.clone();
    fields["number"] = json!(format!("CX-{less}"));
    fields
}

pub(crate) fn saved(office: &Office, id: Option<&Value>, fields: &Value) -> Value {
    office.call("bill_save", json!({ "id": id, "fields": fields, "as_printed": false, "reason": null, "form": null }))
}

pub(crate) fn desk(office: &Office, key: &str) -> i64 {
    let view = office.call("desk_get", json!({}));
    list(&view["items"]).iter().find(|item| item["key"] == key).map_or(0, |item| number(&item["count"]))
}

#[test]
fn what_is_owed_gives_the_same_sum_by_bill_household_village_and_cause_and_each_sum_opens_its_people() {
    let place = filled();
    let office = place.township_a();
    let all = claims(&office, "short", None);
    let of_list = office
        .call("bill_list", json!({ "year": null, "village": null, "short_only": true, "offset": 0, "limit": 1000 }));
    assert_eq!(number(&all["amount"]), number(&of_list["shortfall"]));
    for by in ["household", "village", "cause"] {
        let asked = json!({ "year": null, "village": null, "kind": "short", "state": null, "by": by });
        let groups = office.call("claim_groups", asked);
        assert_eq!(groups["amount"], all["amount"], "{by}");
        for group in list(&groups["rows"]) {
            let opened = office.call(
                "claim_list",
                json!({
                    "year": null, "village": null, "kind": "short", "state": null, "group": by, "key": group["key"],
                }),
            );
            assert_eq!((&opened["amount"], &opened["people"]), (&group["amount"], &group["people"]), "{group}");
        }
    }
}

#[test]
fn one_letter_writes_the_file_and_its_list_and_notes_every_bill_as_sent_and_one_undo_takes_it_back() {
    let place = filled();
    let office = place.township_a();
    let owed = claims(&office, "short", Some("open"));
    let rows = list(&owed["rows"]);
    assert!(rows.len() >= 3, "{owed}");
    let before = desk(&office, "shortfall");
    assert_eq!(before, rows.len() as i64);
    let bills: Vec<&Value> = rows.iter().take(2).map(|row| &row["id"]).collect();
    let done = letter(&office, &bills, "2026-11-20");
    let path = std::path::PathBuf::from(text(&done["path"]));
    assert!(std::fs::read(&path).unwrap().starts_with(b"%PDF"));
    assert!(path.with_file_name(text(&done["list"])).is_file());
    assert_eq!(number(&done["amount"]), rows.iter().take(2).map(|row| number(&row["amount"])).sum::<i64>());
    let sent = list(&claims(&office, "short", Some("sent"))["rows"]);
    assert_eq!(sent.len(), 2);
    assert!(sent.iter().all(|row| row["letter"] == "医保追补〔2026〕1号" && row["sent_on"] == "2026-11-20"));
    assert_eq!(desk(&office, "shortfall"), before - 2, "what was written for waits on nobody's desk");
    assert_eq!(claims(&office, "short", None)["next_letter"], "医保追补〔2026〕2号");

    office.call("import_undo", json!({ "entry": done["entry"] }));
    assert_eq!(list(&claims(&office, "short", Some("sent"))["rows"]).len(), 0);
    assert_eq!(desk(&office, "shortfall"), before);
}

#[test]
fn a_letter_unanswered_for_30_days_comes_back_to_the_desk_and_an_answer_waits_there_for_its_settlement() {
    let place = filled();
    let office = place.township_a();
    let rows = longest_owed(&office);
    letter(&office, &[&rows[0]["id"]], "2026-10-01");
    letter(&office, &[&rows[1]["id"]], "2026-11-20");
    assert_eq!(desk(&office, "claim_late"), 1);
    noted(&office, &rows[0]["id"], "answered");
    assert_eq!((desk(&office, "claim_late"), desk(&office, "claim_answered")), (0, 1));
    let row = list(&claims(&office, "short", Some("answered"))["rows"]).remove(0);
    assert!(text(&row["history"][0]).contains("核对属实"), "{row}");
    // Nobody answers what was never sent.
    assert_eq!(office.refused("claim_note", note(&rows[2]["id"], "answered")).code, ErrorCode::Validation);
}

#[test]
fn a_claim_ends_only_with_a_settlement_that_makes_it_good_or_with_a_decision_and_its_reason() {
    let place = filled();
    let office = place.township_a();
    let rows = longest_owed(&office);
    let (first, second) = (&rows[0]["id"], &rows[1]["id"]);
    letter(&office, &[first, second], "2026-11-01");

    let refusal = office.refused("claim_note", note(first, "paid"));
    assert!(refusal.message.contains("补报的结算单"), "{}", refusal.message);
    let mut silent = note(second, "closed");
    silent["reason"] = json!("");
    assert_eq!(office.refused("claim_note", silent).code, ErrorCode::Validation);
    noted(&office, second, "closed");
    let closed = list(&claims(&office, "short", Some("closed"))["rows"]).remove(0);
    assert_eq!((&closed["id"], text(&closed["decision"])), (second, "医保答复应报无误"));

    // Half of it: the new sheet stands in the list in the place of the old one, and the letter goes on.
    let half = saved(&office, None, &correcting(&office, first, 1_00));
    assert_eq!(half["closed"], false);
    let sent = list(&claims(&office, "short", Some("sent"))["rows"]);
    assert_eq!((sent.len(), &sent[0]["id"], number(&sent[0]["amount"])), (1, &half["id"], 100));
    // All of it.
    let whole = saved(&office, None, &correcting(&office, &half["id"], 0));
    assert_eq!(whole["closed"], true, "{whole}");
    let paid = list(&claims(&office, "short", Some("paid"))["rows"]);
    assert_eq!((paid.len(), &paid[0]["id"]), (1, first));
    assert_eq!(list(&claims(&office, "short", Some("sent"))["rows"]).len(), 0);
}

#[test]
fn the_bill_that_was_replaced_counts_nowhere_and_its_successor_everywhere() {
    let place = filled();
    let office = place.township_a();
    let row = list(&claims(&office, "short", Some("open"))["rows"]).remove(0);
    let listed = |office: &Office| {
        office.call(
            "bill_list",
            json!({ "year": null, "village": null, "short_only": false, "offset": 0, "limit": 1000 }),
        )
    };
    let before = listed(&office);
    let done = saved(&office, None, &correcting(&office, &row["id"], 0));
    let after = listed(&office);
    assert_eq!(after["bills_amount"], before["bills_amount"], "the same stay is not counted twice");
    assert_eq!(number(&after["shortfall"]), number(&before["shortfall"]) - number(&row["amount"]));
    let old = list(&after["rows"]).into_iter().find(|bill| bill["id"] == row["id"]).unwrap();
    assert_eq!((&old["counts"], &old["successor"], text(&old["verdict"])), (&json!(false), &done["id"], "已冲销"));
    let home = office.call("household_get", json!({ "id": row["household"] }));
    let ids: Vec<Value> = list(&home["bills"]).iter().map(|bill| bill["id"].clone()).collect();
    assert!(ids.contains(&done["id"]) && !ids.contains(&row["id"]), "{row} {done} {ids:?}");

    // Taking the new one back leaves nothing of the stay.
    let mut back = json!({ "person": row["person"], "settled_on": "2026-11-20", "total": yuan(number(&row["total"])) });
    back["corrects"] = done["id"].clone();
    back["reversal"] = json!("true");
    saved(&office, None, &back);
    let gone = listed(&office);
    assert_eq!(number(&gone["bills_amount"]), number(&before["bills_amount"]) - number(&row["total"]));
    // It was taken back once; a second time is refused.
    let again = json!({ "id": null, "fields": back, "as_printed": true, "reason": "再来一次", "form": null });
    assert_eq!(office.refused("bill_save", again).code, ErrorCode::Validation);
}

#[test]
fn a_correction_says_what_it_moved_on_the_other_bills_of_the_year_payer_by_payer() {
    let place = filled();
    let office = place.township_a();
    let bills = list(&office.household(FLAGSHIP)["bills"]);
    let big = bills.iter().find(|bill| bill["total"] == 12_000_000).unwrap();
    let later = bills.iter().find(|bill| bill["total"] == 2_640_000).unwrap();
    let before = office.call("bill_explain", json!({ "id": later["id"] }));
    // Nearly all of it lay outside the scope: what counts towards 大病保险 stays below its line.
    let mut fields = sheet(&office, &big["id"]);
    fields["own_expense"] = json!("103000");
    fields["in_scope"] = json!("8000");
    fields["corrects"] = big["id"].clone();
    // What was paid is more than that is in scope now; the paper says so.
    let paper = json!({ "id": null, "fields": fields, "as_printed": true, "reason": null, "form": null });
    let done = office.call("bill_save", paper);
    let moved = list(&done["moved"]);
    assert!(!moved.is_empty() && moved.iter().all(|row| row["bill"] == later["id"]), "{moved:?}");
    let after = office.call("bill_explain", json!({ "id": later["id"] }));
    let sum = |why: &Value| list(&why["payers"]).iter().map(|payer| number(&payer["due"])).sum::<i64>();
    let told = moved.iter().map(|row| number(&row["after"]) - number(&row["before"])).sum::<i64>();
    assert_eq!(told, sum(&after) - sum(&before));
    let year = office.call("person_year", json!({ "person": big["person"], "year": 2026 }));
    let counted = list(&year["bills"]).iter().filter(|one| one["bill"]["counts"] == true).count();
    assert_eq!((list(&year["bills"]).len() - counted, counted >= 2), (1, true));
    assert_eq!(number(&year["bars"][0]["amount"]), 12_000_000 + 2_640_000 + rest(&bills));
}

#[test]
fn a_bill_that_went_from_one_person_to_another_says_what_it_moved_for_both() {
    let place = filled();
    let office = place.township_a();
    let home = office.household(FLAGSHIP);
    let bills = list(&home["bills"]);
    let big = bills.iter().find(|bill| bill["total"] == 12_000_000).unwrap();
    let later = bills.iter().find(|bill| bill["total"] == 2_640_000).unwrap();
    let members = list(&home["members"]);
    let whose = |id: &Value| members.iter().find(|one| one["id"] == *id).unwrap();
    let (from, to) = (whose(&big["person"]), members.iter().find(|one| one["id"] != big["person"]).unwrap());
    save(
        &office,
        "enrolment",
        None,
        &json!({ "person": to["id"], "year": "2026", "insured": "true", "paid_on": "2025-11-20" }),
    );
    let mut alike = sheet(&office, &later["id"]);
    alike["person"] = to["id"].clone();
    alike["number"] = json!("JS-ALIKE");
    let alike = saved(&office, None, &alike);

    let done = saved(&office, Some(&big["id"]), &json!({ "person": to["id"] }));
    let moved = list(&done["moved"]);
    let told = |bill: &Value, name: &Value| moved.iter().any(|row| row["bill"] == *bill && row["name"] == *name);
    assert!(told(&later["id"], &from["name"]) && told(&alike["id"], &to["name"]), "{moved:?}");
}

fn rest(bills: &[Value]) -> i64 {
    let whose = bills.iter().find(|bill| bill["total"] == 12_000_000).unwrap()["person"].clone();
    let others = bills.iter().filter(|bill| bill["person"] == whose);
    others.map(|bill| number(&bill["total"])).sum::<i64>() - 12_000_000 - 2_640_000
}

#[test]
fn a_sheet_is_checked_while_it_is_typed_and_contradictions_are_kept_only_as_the_paper_has_them() {
    let place = filled();
    let office = place.township_a();
    let person = list(&office.household(FLAGSHIP)["members"])[0]["id"].clone();
    let mut fields = json!({
        "person": person, "settled_on": "2026-11-20", "admitted_on": "2026-11-11", "discharged_on": "2026-11-20",
        "hospital": "示范市中心医院", "hospital_level": "level3", "hospital_area": "city", "care_kind": "inpatient",
        "referral": "none", "number": "JS-NEW-1", "total": "5000", "own_expense": "200", "over_limit": "0",
        "pre_self_pay": "300", "paid_basic": "2800",
    });
    let check = office.call("bill_check", json!({ "id": null, "fields": fields }));
    assert_eq!((number(&check["in_scope"]), number(&check["personal"])), (450_000, 220_000));
    assert_eq!(check["faults"], json!([]));
    assert!(!list(&check["payers"]).is_empty(), "what is due shows while one types: {check}");

    // 4,500 typed as 5,400.
    fields["in_scope"] = json!("5400");
    fields["paid_personal"] = json!("2200");
    let check = office.call("bill_check", json!({ "id": null, "fields": fields }));
    let fault = &list(&check["faults"])[0];
    assert_eq!((text(&fault["rule"]), number(&fault["by"]), text(&fault["field"])), ("parts", -90_000, "in_scope"));
    let request = |as_printed: bool| json!({ "id": null, "fields": fields, "as_printed": as_printed, "reason": null, "form": null });
    let refusal = office.refused("bill_save", request(false));
    assert_eq!(refusal.fields[0].field, "in_scope");
    office.call("bill_save", request(true));

    // The same number again is named with the one that stands.
    fields["in_scope"] = json!("4500");
    let check = office.call("bill_check", json!({ "id": null, "fields": fields }));
    assert_eq!(list(&check["same"]).len(), 1);
    let twice = json!({ "id": null, "fields": fields, "as_printed": false, "reason": null, "form": null });
    assert!(office.refused("bill_save", twice).message.contains("结算单号已经登记"));
}

#[test]
fn overpaid_deposit_unsettled_and_paid_beyond_the_policy_each_have_their_list_and_their_place_on_the_desk() {
    let place = filled();
    let office = place.township_a();
    let sound = office.bills(false).into_iter().find(|bill| bill["verdict"] == "一致").unwrap();
    let before = ["overpaid", "deposit", "unsettled", "paid_beyond"].map(|key| desk(&office, key));
    let more = yuan(number(&sound["basic"]) + 5_000);
    let fields = json!({
        "paid_basic": more, "paid_personal": yuan(number(&sound["personal"]) - 5_000), "deposit": "500",
        "one_stop": "false", "paid_beyond": "1200", "paid_beyond_by": "乡镇自筹住院补贴",
    });
    saved(&office, Some(&sound["id"]), &fields);
    let after = ["overpaid", "deposit", "unsettled", "paid_beyond"].map(|key| desk(&office, key));
    assert_eq!(after, before.map(|count| count + 1));
    for (kind, amount) in
        [("over", 5_000), ("deposit", 50_000), ("beyond", 120_000), ("unsettled", number(&sound["total"]))]
    {
        let rows = list(&claims(&office, kind, None)["rows"]);
        let row = rows.iter().find(|row| row["id"] == sound["id"]).unwrap_or_else(|| panic!("not in {kind}"));
        assert_eq!(number(&row["amount"]), amount, "{kind}");
    }
}

#[test]
fn what_one_payer_paid_too_much_is_told_beside_what_another_still_owes_and_never_set_off() {
    let place = filled();
    let office = place.township_a();
    let sound = |bill: &&Value| bill["verdict"] == "一致" && number(&bill["aid"]) >= 50_000;
    let bill = office.bills(false).iter().find(sound).unwrap().clone();
    let (of_list, owed) = (desk(&office, "overpaid"), number(&claims(&office, "short", None)["amount"]));
    let year = |office: &Office| office.call("person_year", json!({ "person": bill["person"], "year": 2026 }));
    let column = |year: &Value, key: &str, of: &str| {
        number(&list(&year["payers"]).iter().find(|payer| payer["key"] == key).unwrap()[of])
    };
    let before = year(&office);

    // 500 yuan too much from the basic fund, 500 too little from medical aid: the sheet's total is right.
    let fields = json!({
        "paid_basic": yuan(number(&bill["basic"]) + 50_000), "paid_aid": yuan(number(&bill["aid"]) - 50_000),
    });
    saved(&office, Some(&bill["id"]), &fields);
    let short = claims(&office, "short", None);
    let row = list(&short["rows"]).into_iter().find(|row| row["id"] == bill["id"]).unwrap();
    let told = ["basic", "aid", "amount", "over"].map(|of| number(&row[of]));
    assert_eq!((told, number(&short["amount"])), ([0, 50_000, 50_000, 50_000], owed + 50_000));
    let over = list(&claims(&office, "over", None)["rows"]);
    let row = over.iter().find(|row| row["id"] == bill["id"]).unwrap();
    assert_eq!(["basic", "aid", "amount"].map(|of| number(&row[of])), [50_000, 0, 50_000]);
    assert_eq!(desk(&office, "overpaid"), of_list + 1);
    let after = year(&office);
    assert_eq!(column(&after, "aid", "shortfall"), column(&before, "aid", "shortfall") + 50_000);
    assert_eq!(column(&after, "basic", "over"), column(&before, "basic", "over") + 50_000);

    // A corrected sheet that pays the aid closes it, though no more money came altogether.
    letter(&office, &[&bill["id"]], "2026-11-20");
    let done = saved(&office, None, &correcting(&office, &bill["id"], 0));
    assert_eq!(done["closed"], true, "{done}");
    let paid = list(&claims(&office, "short", Some("paid"))["rows"]);
    assert!(paid.iter().any(|row| row["id"] == bill["id"]), "{paid:?}");
}

#[test]
fn a_reminder_keeps_the_first_letter_and_the_wait_for_an_answer_begins_anew() {
    let place = filled();
    let office = place.township_a();
    let bill = longest_owed(&office)[0]["id"].clone();
    letter(&office, &[&bill], "2026-09-01");
    assert_eq!(desk(&office, "claim_late"), 1);
    let reminder = json!({
        "bills": [bill], "paid_to": "示范县医疗保障局", "letter": "医保追补〔2026〕2号", "sent_on": "2026-11-10", "contact": "",
    });
    office.call("claim_letter", reminder.clone());
    assert_eq!(desk(&office, "claim_late"), 0, "they have time to answer the reminder");
    let row = list(&claims(&office, "short", Some("sent"))["rows"]).remove(0);
    let told = (text(&row["first_sent_on"]), text(&row["sent_on"]), number(&row["letters"]));
    assert_eq!(told, ("2026-09-01", "2026-11-10", 2));
    let history: Vec<String> = list(&row["history"]).iter().map(|one| text(one).to_owned()).collect();
    assert!(history[0].contains("2026-11-10 医保追补〔2026〕2号 第2次发给"), "{history:?}");
    assert!(history[1].contains("2026-09-01 医保追补〔2026〕1号 首次发函"), "{history:?}");
    let mut earlier = reminder;
    earlier["sent_on"] = json!("2026-10-01");
    assert_eq!(office.refused("claim_letter", earlier).fields[0].field, "sent_on");
    let newest = longest_owed(&office).pop().unwrap();
    // A sheet that takes the place of another is as old as that one: the letter may have been sent for it.
    let day: chrono::NaiveDate = text(&newest["settled_on"]).parse().unwrap();
    let mut short = correcting(&office, &newest["id"], 10);
    short["settled_on"] = json!("2026-11-10");
    let sheet = saved(&office, None, &short);
    let letter = |sent_on: Option<chrono::NaiveDate>| {
        json!({
            "bills": [sheet["id"]], "paid_to": "示范县医疗保障局", "letter": "医保追补〔2026〕3号", "sent_on": sent_on, "contact": "",
        })
    };
    let refused = office.refused("claim_letter", letter(day.pred_opt()));
    assert!(refused.message.contains("发函日期不能更早") && refused.fields[0].field == "sent_on", "{refused:?}");
    assert_eq!(office.call("claim_letter", letter(Some(day)))["bills"], 1);
}
