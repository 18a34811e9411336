//! A stay that ends in December and is settled in January, and a correction that comes years later: both count in the year
//! the pack counts them to, on every page.

use mingbai_tests::offices::{Office, list, number, put_in_force, save, text};
use mingbai_tests::rounds::{send_down, send_up};
use serde_json::{Value, json};

use crate::filled;

const A: &str = "159901201";

/// Somebody without a bill in any year.
pub(crate) fn unbilled(office: &Office) -> String {
    let people = office.households(None).into_iter().flat_map(|household| {
        let view = office.call("household_get", json!({ "id": household["id"] }));
        list(&view["members"]).into_iter().map(|one| text(&one["id"]).to_owned()).collect::<Vec<_>>()
    });
    let mut people = people.filter(|id| list(&year(office, id, 2026)["bills"]).is_empty());
    people.find(|id| list(&year(office, id, 2026)["years"]).len() == 1).unwrap()
}

fn year(office: &Office, person: &str, year: i64) -> Value {
    office.call("person_year", json!({ "person": person, "year": year }))
}

/// Twenty thousand yuan in the city's hospital, all of it in scope, nothing paid by anybody.
pub(crate) fn stay(person: &str, invoice: &str, [admitted, discharged, settled]: [&str; 3]) -> Value {
    json!({
        "person": person, "settled_on": settled, "admitted_on": admitted, "discharged_on": discharged,
        "hospital": "示范市医院", "hospital_level": "level3", "hospital_area": "city", "care_kind": "inpatient",
        "referral": "referred", "total": "20000", "own_expense": "0", "pre_self_pay": "0", "in_scope": "20000",
        "paid_basic": "0", "paid_personal": "20000", "invoice": invoice,
    })
}

const DECEMBER: [&str; 3] = ["2025-12-20", "2025-12-28", "2026-01-05"];

#[test]
fn a_stay_that_ended_in_december_counts_in_december_on_every_page_however_late_it_was_settled() {
    let place = filled();
    let office = place.township_a();
    let person = unbilled(&office);
    let bill = save(&office, "settlement", None, &stay(&person, "TURN-1", DECEMBER))["id"].clone();

    let (old, new) = (year(&office, &person, 2025), year(&office, &person, 2026));
    assert_eq!((list(&old["bills"]).len(), list(&new["bills"]).len()), (1, 0));
    assert!(!list(&old["bars"]).is_empty() && list(&new["bars"]).is_empty());
    assert!(list(&old["accumulators"]).iter().any(|row| row["key"] == "admissions" && row["after"] == 1), "{old}");
    assert_eq!((number(&old["personal"]) > 0, number(&new["personal"])), (true, 0));
    assert_eq!(list(&new["years"]), [json!(2026), json!(2025)]);

    let listed = |year: i64| {
        let asked = json!({ "year": year, "village": null, "short_only": false, "offset": 0, "limit": 1000 });
        list(&office.call("bill_list", asked)["rows"]).iter().filter(|row| row["id"] == bill).count()
    };
    let owed = |year: i64| {
        let asked =
            json!({ "year": year, "village": null, "kind": "short", "state": null, "group": null, "key": null });
        list(&office.call("claim_list", asked)["rows"]).iter().filter(|row| row["id"] == bill).count()
    };
    let warned = |year: i64| {
        let asked = json!({
            "year": year, "village": null, "by": "bill", "show": "all", "share": null, "area": null, "offset": 0,
            "limit": 1000,
        });
        list(&office.call("warning_list", asked)["rows"]).iter().filter(|row| row["bill"] == bill).count()
    };
    assert_eq!([listed(2025), owed(2025), warned(2025)], [1, 1, 1]);
    assert_eq!([listed(2026), owed(2026), warned(2026)], [0, 0, 0]);
    assert!(text(&office.call("bill_explain", json!({ "id": bill }))["pack"]).contains("2019.2"));
}

#[test]
fn a_plan_in_january_begins_a_new_year_though_the_last_stay_was_settled_in_it() {
    let place = filled();
    let office = place.township_a();
    let person = unbilled(&office);
    let plan = || {
        let asked = json!({
            "person": person, "kind": "inpatient", "total": 2_000_000, "outside": 0, "pre_self_pay": 0, "far": null,
            "on": "2026-01-10",
        });
        office.call("admission_plan", asked)
    };
    let before = plan();
    save(&office, "settlement", None, &stay(&person, "TURN-2", DECEMBER));
    let after = plan();
    assert_eq!(after["choices"], before["choices"], "what a new year begins with");
    assert!(text(&after["state"][0]).contains("今年还没有住过院"), "{}", after["state"]);
    // A stay of the new year itself does count.
    save(&office, "settlement", None, &stay(&person, "TURN-3", ["2026-01-06", "2026-01-08", "2026-01-08"]));
    assert!(text(&plan()["state"][0]).contains("今年已经住院1次"));
}

#[test]
fn a_correction_that_comes_three_years_later_counts_in_the_year_of_the_stay_and_moves_its_later_bills() {
    let place = filled();
    let office = place.township_a();
    let person = unbilled(&office);
    let first = stay(&person, "LATE-1", ["2023-02-01", "2023-02-10", "2023-02-10"]);
    let id = save(&office, "settlement", None, &first)["id"].clone();
    save(&office, "settlement", None, &stay(&person, "LATE-2", ["2023-05-01", "2023-05-10", "2023-05-10"]));
    let before = year(&office, &person, 2023);
    assert_eq!(list(&before["bills"]).len(), 2);

    let mut correcting = first;
    correcting["corrects"] = id;
    correcting["invoice"] = json!("LATE-3");
    correcting["settled_on"] = json!("2026-03-01");
    correcting["paid_basic"] = json!("1000");
    correcting["paid_personal"] = json!("19000");
    let saved = office.call(
        "bill_save",
        json!({ "id": null, "fields": correcting, "as_printed": false, "reason": null, "form": null }),
    );
    let after = year(&office, &person, 2023);
    let of = |view: &Value| -> Vec<(bool, i64)> {
        let counted = list(&view["bills"]).into_iter().filter(|one| one["bill"]["counts"] == true);
        counted.map(|one| (one["bill"]["id"] == saved["id"], number(&one["personal_due"]))).collect()
    };
    let mut due: Vec<i64> = of(&before).iter().map(|(_, due)| *due).collect();
    due.sort_unstable();
    let mut now: Vec<i64> = of(&after).iter().map(|(_, due)| *due).collect();
    now.sort_unstable();
    assert_eq!(now, due, "the stay goes on counting in its year");
    assert_eq!(of(&after).iter().filter(|(own, _)| *own).count(), 1);
    assert_eq!(number(&after["personal"]), number(&before["personal"]));
    let stays = list(&after["accumulators"]).into_iter().find(|row| row["key"] == "admissions").unwrap();
    assert_eq!(number(&stays["after"]), 2);
    assert!(list(&year(&office, &person, 2026)["bills"]).is_empty());
}

#[test]
fn the_pack_that_is_named_is_the_one_the_figures_come_from() {
    let place = filled();
    let (county, office) = (place.office(), place.township_a());
    let person = unbilled(&office);
    let text_of = |name: &str| {
        let packs = concat!(env!("CARGO_MANIFEST_DIR"), "/../assets/packs/");
        std::fs::read_to_string(format!("{packs}{name}.toml")).unwrap()
    };
    let newer = text_of("wulanchabu").replacen("from = 2019-01-01", "from = 2026-01-01", 1);
    let (head, rest) = newer.split_once("version = \"").unwrap();
    let (_, rest) = rest.split_once('"').unwrap();
    let newer = format!("{head}version = \"2026新版\"{rest}");
    assert!(newer.contains("from = 2026-01-01"), "{}", newer.lines().take(12).collect::<String>());
    put_in_force(&county, &newer);
    send_up(&place, &county, &office);
    send_down(&place, &county, &office, A);
    let bill = save(&office, "settlement", None, &stay(&person, "PACK-1", DECEMBER))["id"].clone();
    let said = office.call("bill_explain", json!({ "id": bill }));
    assert!(!text(&said["pack"]).contains("2026新版"), "{}", said["pack"]);
    let fields = stay(&person, "PACK-2", DECEMBER);
    let checked = office.call("bill_check", json!({ "id": null, "fields": fields }));
    assert_eq!(checked["pack"], said["pack"]);
    let next = save(&office, "settlement", None, &stay(&person, "PACK-3", ["2026-01-01", "2026-01-04", "2026-01-05"]));
    let said = office.call("bill_explain", json!({ "id": next["id"] }));
    assert!(text(&said["pack"]).contains("2026新版"), "{}", said["pack"]);
}
