//! 十免四补助、两免两减半: who is entitled to what, what was received, and what stays hidden; the share people pay.

use mingbai_app::demo::FLAGSHIP;
use mingbai_tests::offices::{Office, list, number, save, text};
use serde_json::{Value, json};

use crate::filled;

fn member(office: &Office, name: &str) -> Value {
    let members = list(&office.household(FLAGSHIP)["members"]);
    members.into_iter().find(|row| row["name"] == *name).unwrap()["id"].clone()
}

fn reasons(office: &Office, key: &str, person: &Value) -> Vec<String> {
    let rows = list(&office.call("worklist_get", json!({ "key": key, "village": null }))["rows"]);
    let theirs = rows.into_iter().filter(|row| row["person"] == *person);
    theirs.map(|row| text(&row["reason"]).to_owned()).collect()
}

/// One row of the table of benefits: whole, had, missing, beyond, paid, waived.
fn item(office: &Office, key: &str) -> Value {
    let view = office.call("tally_get", json!({ "key": "grant_table", "village": null }));
    list(&view["rows"]).into_iter().find(|row| row["key"] == *key).unwrap()["cells"].clone()
}

#[test]
fn who_is_entitled_and_did_not_receive_is_named_with_the_item_until_it_is_received() {
    let place = filled();
    let office = place.township_a();
    let head = member(&office, "张福山");
    let before = item(&office, "f03");
    save(&office, "diagnosis", None, &json!({ "person": head, "disease": "老年性白内障", "icd10": "H25.900" }));
    assert!(reasons(&office, "grant_missing", &head).contains(&"免费白内障复明手术".to_owned()));
    assert_eq!(number(&item(&office, "f03")[2]), number(&before[2]) + 1);
    let grant =
        json!({ "person": head, "item": "f03", "granted_on": "2026-11-20", "year": "2026", "waived": "1,800.00" });
    save(&office, "benefit_grant", None, &grant);
    assert!(!reasons(&office, "grant_missing", &head).contains(&"免费白内障复明手术".to_owned()));
    let after = item(&office, "f03");
    assert_eq!((number(&after[2]), number(&after[1])), (number(&before[2]), number(&before[1]) + 1));
    assert_eq!(number(&after[5]), number(&before[5]) + 180_000, "fen");
    assert_eq!(number(&after[0]), number(&after[1]) + number(&after[2]));
}

#[test]
fn an_item_given_whenever_a_service_is_used_is_owed_to_nobody_by_name_and_counted_when_given() {
    let place = filled();
    let office = place.township_a();
    let head = member(&office, "张福山");
    let before = item(&office, "w02");
    assert_eq!(number(&before[0]), 0);
    save(
        &office,
        "benefit_grant",
        None,
        &json!({ "person": head, "item": "w02", "granted_on": "2026-11-20", "waived": "5" }),
    );
    let after = item(&office, "w02");
    assert_eq!((number(&after[0]), number(&after[3])), (0, number(&before[3]) + 1));
}

#[test]
fn a_grant_that_names_a_restricted_illness_is_hidden_from_clerks() {
    let place = filled();
    let office = place.township_a();
    let head = member(&office, "张福山");
    save(&office, "diagnosis", None, &json!({ "person": head, "disease": "肺结核", "icd10": "A16.200" }));
    let said = reasons(&office, "grant_missing", &head);
    assert!(!said.concat().contains("限制查看") && !said.concat().contains("结核"), "{said:?}");
    assert_eq!(reasons(&office, "grant_missing_closed", &head), ["限制查看"], "the head of the office is told");
    assert!(number(&item(&office, "f04")[2]) >= 1);
    let clerk = json!({ "login": "xiaozhang", "name": "小张", "role": "clerk", "password": "mingbai-demo" });
    office.call("operator_add", clerk);
    office.call("session_lock", json!({}));
    office.call("session_login", json!({ "login": "xiaozhang", "password": "mingbai-demo" }));
    assert_eq!(item(&office, "f04"), json!([null, null, null, null, null, null]));
    let asked = json!({ "key": "grant_table", "village": null, "column": "missing", "row": "f04" });
    office.refused("tally_people", asked);
    office.refused("worklist_get", json!({ "key": "grant_missing_closed", "village": null }));
    let view = office.call("tally_get", json!({ "key": "grant_table", "village": null }));
    let rows = list(&view["rows"]);
    let shown: i64 = rows.iter().filter_map(|row| row["cells"][2].as_i64()).sum();
    assert_eq!(number(&view["total"][2]), shown, "the total does not tell what is hidden");
    let all = json!({ "key": "grant_table", "village": null, "column": "missing", "row": null });
    assert_eq!(list(&office.call("tally_people", all)["rows"]).len() as i64, shown);
}

#[test]
fn the_share_people_pay_themselves_is_of_the_countys_hospital_bills_of_the_year() {
    let place = filled();
    let office = place.township_a();
    let share = || {
        let all = list(&office.call("desk_get", json!({}))["indicators"]);
        all.into_iter().find(|one| one["key"] == "self_pay").unwrap()
    };
    let before = share();
    assert_eq!((&before["at_most"], &before["target"]), (&json!(true), &json!(1_000)));
    assert!(number(&before["of"]) > 0);
    let bill = |area: &str, kind: &str| {
        json!({
            "person": member(&office, "张福山"), "settled_on": "2026-11-20", "hospital": "县人民医院", "hospital_area": area,
            "care_kind": kind, "total": "1000.00", "in_scope": "900.00", "own_expense": "100.00", "paid_basic": "800.00",
            "paid_personal": "200.00",
        })
    };
    save(&office, "settlement", None, &bill("county", "inpatient"));
    save(&office, "settlement", None, &bill("county", "outpatient"));
    let after = share();
    assert_eq!(number(&after["done"]) - number(&before["done"]), 20_000);
    assert_eq!(number(&after["of"]) - number(&before["of"]), 100_000);
}
