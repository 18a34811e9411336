//! What several offices wrote that cannot all be so: found, shown, decided by the county, and undone again.

use mingbai_app::demo::FLAGSHIP;
use mingbai_tests::offices::{Office, list, number, save, text};
use mingbai_tests::rounds::{send_down, send_up};
use serde_json::{Value, json};

use crate::filled;

const A: &str = "159901201";
const B: &str = "159901101";

fn doubts(office: &Office, word: &str) -> Vec<Value> {
    let all = list(&office.call("doubt_list", json!({}))["rows"]);
    all.into_iter().filter(|row| row["word"] == word).collect()
}

/// The first living member of the flagship household of a township, with its page.
fn flagship(office: &Office) -> (String, Value) {
    let person = text(&office.household(FLAGSHIP)["members"][0]["id"]).to_owned();
    let page = office.call("person_get", json!({ "id": person }));
    (person, page)
}

#[test]
fn the_same_person_registered_in_two_townships_is_found_merged_and_taken_apart_again() {
    let place = filled();
    let (county, a, b) = (place.office(), place.township_a(), place.township_b());
    let (person, page) = flagship(&a);
    let diagnoses = list(&page["diagnoses"]).len();
    let unmasked = a.call("person_unmask", json!({ "person": person, "reason": "核对重复登记" }));
    let citizen_id = text(&unmasked["citizen_id"]).to_owned();
    // The neighbour registers the same man in a household of its own and notes a disease.
    let homes = b.households(None);
    let household = homes[0]["id"].clone();
    let saved = b.call(
        "record_save",
        json!({
            "table": "person", "id": null, "household": household, "reason": null, "relation": "97",
            "fields": { "name": page["name"], "citizen_id": citizen_id },
        }),
    );
    let twin = text(&saved["id"]).to_owned();
    save(&b, "diagnosis", None, &json!({ "person": twin, "disease": "痛风", "icd10": "M10.900" }));
    send_up(&place, &county, &a);
    send_up(&place, &county, &b);

    let people = |office: &Office| office.population().iter().skip(1).step_by(2).sum::<i64>();
    let before = people(&county);
    let found = doubts(&county, "duplicate");
    assert_eq!(found.len(), 1, "{found:?}");
    let rows = list(&county.call("exchange_status", json!({}))["townships"]);
    assert!(rows.iter().all(|row| row["duplicates"] == 1), "both townships are told of it: {rows:?}");
    assert!(found[0]["person"]["citizen_id"].as_str().is_some_and(|shown| shown.contains('*')), "{}", found[0]);
    let request = json!({ "loser": twin, "winner": person, "reason": "身份证号相同，电话核实" });
    county.call("person_merge", request.clone());
    assert_eq!(doubts(&county, "duplicate"), Vec::<Value>::new());
    assert_eq!(people(&county), before - 1, "one person is counted once");
    let seen = county.call("person_get", json!({ "id": person }));
    assert_eq!(list(&seen["diagnoses"]).len(), diagnoses + 1, "the disease noted on either is read on the one");
    assert!(county.refused("person_merge", request).message.contains("已经是同一个人"));

    // The decision travels, and so does its taking back.
    send_down(&place, &county, &b, B);
    assert_eq!(list(&b.call("doubt_list", json!({}))["merged"]).len(), 1);
    county.call("person_unmerge", json!({ "loser": twin }));
    send_down(&place, &county, &a, A);
    send_down(&place, &county, &b, B);
    assert_eq!(people(&county), before);
    assert_eq!(doubts(&county, "duplicate").len(), 1, "both stand as they were, and the question is open again");
    for office in [&county, &a, &b] {
        assert_eq!(list(&office.call("doubt_list", json!({}))["merged"]), Vec::<Value>::new());
        assert_eq!(office.call("ledger_verify", json!({}))["ok"], true);
    }
}

#[test]
fn somebody_deleted_here_and_edited_there_is_shown_until_the_county_has_seen_both() {
    let place = filled();
    let (county, a) = (place.office(), place.township_a());
    send_up(&place, &county, &a);
    send_down(&place, &county, &a, A);
    let (person, _) = flagship(&a);
    place.world.pass(60);
    save(&county, "person", Some(&person), &json!({ "deleted": "true" }));
    save(&a, "person", Some(&person), &json!({ "phone": "13900002222" }));
    send_up(&place, &county, &a);
    let open = doubts(&county, "deleted_and_edited");
    assert_eq!(open.len(), 1, "{open:?}");
    county.call("doubt_settle", json!({ "table": "person", "id": person, "deleted": false }));
    assert_eq!(doubts(&county, "deleted_and_edited"), Vec::<Value>::new());
    send_down(&place, &county, &a, A);
    assert_eq!(flagship(&a).0, person, "the person is there again, with the new number");
    place.world.pass(60);
    county.call("doubt_settle", json!({ "table": "person", "id": person, "deleted": true }));
    send_down(&place, &county, &a, A);
    for office in [&county, &a] {
        assert_eq!(doubts(office, "deleted_and_edited"), Vec::<Value>::new(), "somebody has seen both");
    }
    assert!(number(&county.call("exchange_status", json!({}))["conflicts"]) == 0);
}
