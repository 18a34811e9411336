//! Policy packs that leave a choice open, and bills that cannot be.

use mingbai_app::ErrorCode;
use mingbai_app::demo::built_in_pack;
use mingbai_tests::offices::{empty_county, list, put_in_force};
use serde_json::{Value, json};

use crate::{filled, holds, told};

/// Choices every payer has to make.
const SWITCHES: [&str; 9] = [
    "base",
    "base_includes_preselfpay",
    "settle",
    "admission_count",
    "deductible_period",
    "segment_mode",
    "segment_scope",
    "cap_pool",
    "above_cap",
];

fn pack() -> &'static str {
    built_in_pack().unwrap().text
}

/// The pack without its line number `at`.
fn without(at: usize) -> String {
    let kept = pack().lines().enumerate().filter(|(number, _)| *number != at);
    kept.map(|(_, line)| line).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_pack_that_omits_a_switch_is_refused_and_payer_and_switch_are_named() {
    let place = filled();
    let county = place.office();
    let (before, packs) = (holds(&county), county.call("pack_list", json!({})));
    let (mut payer, mut tried) = ("", 0);
    for (number, line) in pack().lines().enumerate() {
        if line.starts_with("[[") {
            payer = "";
        }
        let Some((key, value)) = line.split_once(" = ") else { continue };
        if key == "label" {
            payer = value.trim_matches('"');
        }
        if payer.is_empty() || !SWITCHES.contains(&key) {
            continue;
        }
        let refusal = county.refused("pack_activate", json!({ "toml": without(number) }));
        told(&refusal, ErrorCode::PackIncomplete, &["没有任何改动"], &["请补上"]);
        assert!(refusal.message.contains(payer) && refusal.message.contains(key), "{payer} {key}: {}", refusal.message);
        tried += 1;
    }
    assert_eq!(tried, 5 * SWITCHES.len(), "five payers");
    assert_eq!((holds(&county), county.call("pack_list", json!({}))), (before, packs));
}

#[test]
fn a_choice_the_whole_pack_has_to_make_is_missed_too() {
    let place = filled();
    let county = place.office();
    let before = holds(&county);
    for key in ["year_of", "cross_year", "multi_identity", "identity_moment", "identity_change", "rounding"] {
        let at = pack().lines().position(|line| line.starts_with(&format!("{key} = "))).unwrap();
        let refusal = county.refused("pack_activate", json!({ "toml": without(at) }));
        told(&refusal, ErrorCode::PackIncomplete, &["没有任何改动"], &["请补上"]);
        assert!(refusal.message.contains(key), "{}", refusal.message);
    }
    assert_eq!(holds(&county), before);
}

#[test]
fn a_pack_that_is_no_toml_or_has_a_misspelt_switch_is_refused() {
    let place = filled();
    let county = place.office();
    let before = holds(&county);
    let choice = "rounding = \"half_up_fen\"";
    for (toml, says) in [
        ("起付线 三百元".to_owned(), "TOML"),
        (pack().replacen(choice, &format!("{choice}\nroundign = \"up\""), 1), "roundign"),
        (pack().replacen(choice, "rounding = \"somehow\"", 1), "rounding"),
    ] {
        let refusal = county.refused("pack_activate", json!({ "toml": toml }));
        told(&refusal, ErrorCode::PackIncomplete, &["没有任何改动"], &["请", "应为"]);
        assert!(refusal.message.contains(says), "{}", refusal.message);
    }
    assert_eq!(holds(&county), before);
}

#[test]
fn a_pack_put_in_force_by_mistake_is_taken_back_and_can_come_again() {
    let place = filled();
    let county = place.office();
    let packs = |county: &mingbai_tests::offices::Office| list(&county.call("pack_list", json!({}))["rows"]);
    let shipped = list(&county.call("pack_shipped", json!({}))["rows"]);
    let wrong = shipped.iter().find(|draft| draft["head"]["region"] == "北京市").unwrap();
    let mistake = put_in_force(&county, wrong["toml"].as_str().unwrap());
    assert_eq!(mistake["active"], true, "it begins later than the right one");
    let again = county.refused("pack_activate", json!({ "toml": wrong["toml"] }));
    assert!(again.message.contains("没有任何改动"), "{}", again.message);
    county.call("pack_withdraw", json!({ "id": mistake["id"] }));
    let rows = packs(&county);
    let of = |region: &str| rows.iter().find(|row| row["region"] == *region).unwrap();
    assert_eq!((&of("北京市")["active"], &of("北京市")["withdrawn"]), (&json!(false), &json!(true)));
    assert_eq!(of("乌兰察布市")["active"], true);
    assert_eq!(county.call("pack_activate", json!({ "toml": wrong["toml"] }))["active"], true);
    let township = place.township_a();
    assert_eq!(township.refused("pack_withdraw", json!({ "id": mistake["id"] })).code, ErrorCode::NotPermitted);
    let file = place.path("政策.toml");
    std::fs::write(&file, format!("\u{feff}{}", pack())).unwrap();
    let read = county.call("pack_read", json!({ "path": file }));
    assert_eq!((&read["head"]["region"], &read["kept"]), (&json!("乌兰察布市"), &json!(true)));
    std::fs::write(&file, [0xff, 0xfe, 0]).unwrap();
    let refusal = county.refused("pack_read", json!({ "path": file }));
    told(&refusal, ErrorCode::PackIncomplete, &["没有任何改动"], &["请选政策包文件"]);
}

fn case(total: &str, own: &str) -> Value {
    json!({
        "person": { "identities": [], "born": null },
        "bills": [{
            "id": "B1", "kind": "inpatient", "level": "level3", "area": "city", "referral": "none",
            "admitted_on": "2021-05-01", "discharged_on": "2021-05-11", "settled_on": "2021-05-11",
            "total": total, "ownpay": own, "overlimit": "0", "preselfpay": "0",
        }],
    })
}

#[test]
fn settling_without_a_database_refuses_a_broken_pack_and_a_file_that_holds_no_bills() {
    let place = empty_county(3);
    let office = place.at_desk("nobody").unwrap();
    let at = pack().lines().position(|line| line.starts_with("rounding = ")).unwrap();
    let refusal = office.refused("bill_settle", json!({ "pack": without(at), "bills": case("100", "0") }));
    told(&refusal, ErrorCode::PackIncomplete, &["没有任何改动"], &["请补上"]);
    let refusal = office.refused("bill_settle", json!({ "pack": pack(), "bills": { "what": "is this" } }));
    told(&refusal, ErrorCode::BillImpossible, &["没有计算"], &["格式不对"]);
}

#[test]
fn a_bill_whose_parts_exceed_its_total_is_refused_and_the_field_is_named() {
    let place = empty_county(4);
    let office = place.at_desk("nobody").unwrap();
    let whole = office.call("bill_settle", json!({ "pack": pack(), "bills": case("5000", "100") }));
    assert_eq!(list(&whole["result"]["refused"]).len(), 0, "{whole}");
    let broken = office.call("bill_settle", json!({ "pack": pack(), "bills": case("5000", "5000.01") }));
    let refused = list(&broken["result"]["refused"]);
    assert_eq!((refused.len(), list(&broken["result"]["settlements"]).len()), (1, 0), "{broken}");
}
