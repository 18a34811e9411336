//! 保障结算: what was due beside what was paid, to the fen, with every step explained.

use std::collections::BTreeMap;

use mingbai_app::demo::FLAGSHIP;
use mingbai_tests::offices::{Office, list, number, save, text};
use serde_json::{Value, json};

use crate::filled;

/// The bill of 120,000 yuan on which every payer of the pack takes part (E8 of the worked examples).
fn big_bill(office: &Office) -> Value {
    let bills = list(&office.household(FLAGSHIP)["bills"]);
    bills.into_iter().find(|bill| bill["total"] == 12_000_000).unwrap()
}

#[test]
fn the_bill_of_120000_yuan_is_settled_to_the_fen_and_agrees_with_what_was_paid() {
    let place = filled();
    let office = place.township_a();
    let bill = big_bill(&office);
    assert_eq!((text(&bill["name"]), text(&bill["verdict"]), number(&bill["shortfall"])), ("王桂英", "一致", 0));
    let why = office.call("bill_explain", json!({ "id": bill["id"] }));
    let step = |amount: i64| {
        let found = list(&why["steps"]).into_iter().find(|step| step["amount"] == amount && !step["payer"].is_null());
        found.unwrap_or_else(|| panic!("no step gives {amount}: {}", why["steps"]))
    };
    // 75,220.00 + 16,757.00 + 12,818.40 + 1,281.84 of 108,000 in scope.
    let shares = [7_522_000, 1_675_700, 1_281_840, 128_184];
    for share in shares {
        assert!(!text(&step(share)["formula"]).is_empty());
    }
    let paid: Vec<i64> = list(&why["payers"]).iter().map(|payer| number(&payer["paid"])).collect();
    let due: Vec<i64> = list(&why["payers"]).iter().map(|payer| number(&payer["due"])).collect();
    assert_eq!((paid.clone(), due.iter().sum::<i64>()), (due, shares.iter().sum()));
    assert_eq!(paid[0..2], [7_522_000, 1_675_700]);
    assert_eq!((number(&why["personal_due"]), number(&bill["personal"])), (1_392_276, 1_392_276));
    assert_eq!(number(&bill["in_scope"]), 10_800_000);
    assert_eq!(why["identity"]["label"], "建档立卡");
    assert_eq!(why["problems"], json!([]));
}

#[test]
fn every_step_of_every_explanation_has_a_formula_and_the_article_it_rests_on() {
    let place = filled();
    let office = place.township_a();
    let mut steps = 0;
    for bill in office.bills(false).iter().filter(|bill| bill["verdict"] != "不能核对") {
        let why = office.call("bill_explain", json!({ "id": bill["id"] }));
        for step in list(&why["steps"]) {
            // What follows from the bill's own figures rests on no article; what a payer owes does.
            let parts: &[&str] =
                if step["payer"].is_null() { &["label", "formula"] } else { &["label", "formula", "article"] };
            for part in parts {
                assert!(!text(&step[part]).trim().is_empty(), "{part}: {step}");
            }
            steps += 1;
        }
        let money = |name: &str| list(&why["payers"]).iter().map(|payer| number(&payer[name])).sum::<i64>();
        assert_eq!(money("due") - money("paid"), number(&bill["shortfall"]) - number(&bill["over"]), "{bill}");
        assert_eq!(money("due") + number(&why["personal_due"]), number(&bill["total"]), "{bill}");
    }
    assert!(steps > 300, "{steps}");
}

#[test]
fn every_planted_shortfall_is_found_with_its_amount_and_cause_and_no_other_is() {
    let place = filled();
    for (office, told) in [(place.township_a(), place.told_a()), (place.township_b(), place.told_b())] {
        let mut expected: BTreeMap<String, (i64, String)> = BTreeMap::new();
        for planted in &told.shortfalls {
            expected.insert(planted.invoice.clone(), (planted.amount.0, planted.cause.text()));
        }
        let mut found: BTreeMap<String, (i64, String)> = BTreeMap::new();
        for bill in office.bills(true) {
            let fields =
                office.call("record_get", json!({ "table": "settlement", "id": bill["id"] }))["fields"].clone();
            found.insert(
                text(&fields["invoice"]).to_owned(),
                (number(&bill["shortfall"]), text(&bill["why"]).to_owned()),
            );
        }
        assert_eq!(found, expected, "{}", told.name);
        assert!(found.len() >= 3);
    }
}

#[test]
fn bills_the_pack_has_no_rule_for_are_said_to_be_uncheckable_and_never_guessed_at() {
    let place = filled();
    let office = place.township_a();
    let without: usize =
        place.told_a().people().flat_map(|(_, person)| &person.bills).filter(|bill| !bill.by_pack).count();
    let bills = office.bills(false);
    let unchecked: Vec<&Value> = bills.iter().filter(|bill| bill["verdict"] == "不能核对").collect();
    assert_eq!(unchecked.len(), without);
    assert!(without > 0);
    for bill in unchecked {
        assert_eq!(number(&bill["shortfall"]), 0);
        assert!(!text(&bill["why"]).is_empty());
        let refusal = office.refused("bill_explain", json!({ "id": bill["id"] }));
        assert_eq!(refusal.code, mingbai_app::ErrorCode::BillImpossible);
    }
}

#[test]
fn a_corrected_bill_settles_the_rest_of_the_persons_year_again() {
    let place = filled();
    let office = place.township_a();
    let first = big_bill(&office);
    let bills = |office: &Office| list(&office.household(FLAGSHIP)["bills"]);
    let later = bills(&office).into_iter().find(|bill| bill["total"] == 2_640_000).unwrap();
    assert_eq!((text(&later["name"]), number(&later["shortfall"])), ("王桂英", 71_500));
    let explained = |id: &Value| office.call("bill_explain", json!({ "id": id }));
    let before = explained(&later["id"]);

    // The first stay moves behind the second: now the course of treatment is the year's first bill.
    let fields = json!({ "admitted_on": "2026-11-12", "discharged_on": "2026-11-18", "settled_on": "2026-11-18" });
    save(&office, "settlement", Some(text(&first["id"])), &fields);
    let after = explained(&later["id"]);
    assert_ne!(before["payers"], after["payers"], "what is due on the later bill depends on the year before it");
    assert_ne!(before["steps"], after["steps"]);
    let now = bills(&office).into_iter().find(|bill| bill["id"] == later["id"]).unwrap();
    assert_ne!(number(&now["shortfall"]), 71_500);

    save(
        &office,
        "settlement",
        Some(text(&first["id"])),
        &json!({
            "admitted_on": first_date(&place, "admitted"), "discharged_on": first_date(&place, "discharged"),
            "settled_on": first["settled_on"],
        }),
    );
    assert_eq!(explained(&later["id"])["payers"], before["payers"]);
}

fn first_date(place: &mingbai_tests::offices::County, which: &str) -> Value {
    let told = place.told_a().people().find(|(h, p)| h.number == FLAGSHIP && p.name == "王桂英").unwrap().1;
    let bill = &told.bills[0].bill;
    json!(if which == "admitted" { bill.admitted_on } else { bill.discharged_on })
}

#[test]
fn the_sums_of_the_list_are_the_sums_of_its_rows_however_it_is_paged() {
    let place = filled();
    let office = place.township_a();
    let all = office.bills(false);
    let ask = |offset: i64, limit: i64| {
        let request = json!({ "year": 2026, "village": null, "short_only": false, "offset": offset, "limit": limit });
        office.call("bill_list", request)
    };
    assert_eq!(all.len(), crate::bills_told(place.told_a()));
    let sum = |name: &str| all.iter().map(|bill| number(&bill[name])).sum::<i64>();
    let page = ask(10, 7);
    assert_eq!(list(&page["rows"]), all[10..17]);
    assert_eq!((number(&page["total"]), number(&page["bills_amount"])), (all.len() as i64, sum("total")));
    assert_eq!(
        (number(&page["personal"]), number(&page["shortfall"])),
        (sum("personal"), { all.iter().map(|bill| number(&bill["shortfall"])).sum::<i64>() })
    );
}

#[test]
fn what_commercial_insurance_pays_makes_nothing_good_that_the_government_owes_and_is_too_much_of_nobodys() {
    let place = filled();
    let office = place.township_a();
    let bill = big_bill(&office);
    // 政府补助 1,281.84 unpaid, 惠民保 paid 2,000 on the sheet.
    let fields = json!({ "paid_other": "0", "paid_commercial": "2000", "paid_personal": "13204.60" });
    save(&office, "settlement", Some(text(&bill["id"])), &fields);
    let now = big_bill(&office);
    assert_eq!((number(&now["shortfall"]), number(&now["over"]), text(&now["verdict"])), (128_184, 0, "应报未报"));
    let asked = |kind: &str| {
        let asked = json!({ "year": null, "village": null, "kind": kind, "state": null, "group": null, "key": null });
        let rows = list(&office.call("claim_list", asked)["rows"]);
        rows.iter().filter(|row| row["id"] == bill["id"]).map(|row| number(&row["amount"])).collect::<Vec<_>>()
    };
    assert_eq!((asked("short"), asked("over")), (vec![128_184], vec![]));
    // Half of it on the sheet and half later is no sum that anybody can follow.
    let request = json!({
        "table": "settlement", "id": bill["id"], "household": null, "fields": { "paid_personal": "14204.60" },
        "reason": null,
    });
    assert_eq!(office.refused("record_save", request).code, mingbai_app::ErrorCode::Validation);
}

#[test]
fn where_somebody_was_treated_and_nobody_wrote_down_is_not_outside_the_county() {
    let place = filled();
    let office = place.township_a();
    let all = || {
        let view = office.call("worklist_get", json!({ "key": "in_county", "village": null, "narrow": null }));
        list(&view["rows"]).len()
    };
    let bill = big_bill(&office);
    let before = all();
    save(&office, "settlement", Some(text(&bill["id"])), &json!({ "hospital_area": "" }));
    assert_eq!(all(), before - 1);
    save(&office, "settlement", Some(text(&bill["id"])), &json!({ "hospital_area": "city" }));
    assert_eq!(all(), before);
}

#[test]
fn a_list_that_is_asked_for_again_tells_what_was_written_in_between() {
    let place = filled();
    let office = place.township_a();
    let bill = big_bill(&office);
    let asked = || {
        let of_bills = json!({ "year": null, "village": null, "short_only": false, "offset": 0, "limit": 1 });
        let owed = json!({ "year": null, "village": null, "kind": "short", "state": null, "by": "cause" });
        let over = json!({ "year": null, "village": null });
        [
            number(&office.call("bill_list", of_bills)["shortfall"]),
            number(&office.call("claim_groups", owed)["amount"]),
            number(&list(&office.call("warning_area", over)["shares"])[1]["personal"]),
        ]
    };
    let before = asked();
    assert_eq!(asked(), before);
    let less = json!({ "paid_aid": "12718.40", "paid_personal": "14022.76" });
    save(&office, "settlement", Some(text(&bill["id"])), &less);
    assert_eq!(asked(), before.map(|amount| amount + 10_000));
}

#[test]
fn without_a_year_the_list_has_the_bills_of_every_year_in_its_rows_and_its_sums() {
    let place = filled();
    let office = place.township_a();
    let person = list(&office.household(FLAGSHIP)["members"])[0]["id"].clone();
    let ask = |year: Value| {
        let request = json!({ "year": year, "village": null, "short_only": false, "offset": 0, "limit": 100_000 });
        let page = office.call("bill_list", request);
        (number(&page["total"]), list(&page["rows"]).len() as i64, number(&page["bills_amount"]))
    };
    let before = [ask(Value::Null), ask(json!(2026)), ask(json!(2024))];
    let old = json!({
        "person": person, "settled_on": "2024-03-05", "hospital": "县人民医院", "care_kind": "outpatient",
        "total": "1000", "in_scope": "1000", "paid_basic": "600", "paid_personal": "400",
    });
    mingbai_tests::offices::save(&office, "settlement", None, &old);
    let one_more = |(total, rows, amount): (i64, i64, i64)| (total + 1, rows + 1, amount + 100_000);
    assert_eq!(ask(Value::Null), one_more(before[0]));
    assert_eq!(ask(json!(2026)), before[1]);
    assert_eq!(ask(json!(2024)), one_more(before[2]));
}

#[test]
fn every_bar_of_a_bill_has_a_step_that_explains_it() {
    let place = filled();
    let office = place.township_a();
    let mut seen = std::collections::BTreeSet::new();
    for bill in office.bills(false).iter().filter(|bill| bill["counts"] == true && bill["verdict"] != "不能核对") {
        let why = office.call("bill_explain", json!({ "id": bill["id"] }));
        let steps = list(&why["steps"]);
        for bar in list(&why["bars"]) {
            let step = steps.iter().find(|step| step["key"] == bar["key"] || step["payer"] == bar["key"]);
            assert!(step.is_some(), "{} opens nothing: {steps:?}", bar["label"]);
            seen.insert(text(&bar["label"]).to_owned());
        }
    }
    for label in ["总费用", "自费与先自付", "个人支付"] {
        assert!(seen.contains(label), "{seen:?}");
    }
}

#[test]
fn what_nobody_typed_is_kept_only_where_it_is_certain_and_never_as_printed() {
    let place = filled();
    let office = place.township_a();
    let person = list(&office.household(FLAGSHIP)["members"])[0]["id"].clone();
    let typed = |number: &str, over_limit: &str| {
        json!({
            "person": person, "settled_on": "2026-11-20", "hospital": "县人民医院", "hospital_level": "level2",
            "hospital_area": "county", "care_kind": "outpatient", "number": number, "total": "1000",
            "own_expense": "100", "over_limit": over_limit, "pre_self_pay": "50", "paid_basic": "500",
        })
    };
    let kept = |fields: Value| {
        let sheet = json!({ "id": null, "fields": fields, "as_printed": false, "reason": null, "form": null });
        let id = office.call("bill_save", sheet)["id"].clone();
        let row = office.bills(false).into_iter().find(|row| row["id"] == id).unwrap();
        let stored = office.call("record_get", json!({ "table": "settlement", "id": id }))["fields"].clone();
        (stored, text(&row["why"]).to_owned())
    };
    let (all, _) = kept(typed("D-1", "0"));
    assert_eq!((text(&all["in_scope"]), text(&all["paid_personal"])), ("850.00", "500.00"));
    assert!(text(&all["source"]).contains("政策范围内、个人支付由其余各项推算"), "{}", all["source"]);
    let (open, why) = kept(typed("D-2", ""));
    assert_eq!(open.get("in_scope"), None, "超限价 was left open, and is not nothing: {open}");
    assert!(why.contains("没有填政策范围内"), "{why}");
}
