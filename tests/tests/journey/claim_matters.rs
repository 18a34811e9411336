//! 多报、押金、没有即时结算、政策外补助: what nobody owes a family and still wants an end, with a decision and its reason.

use mingbai_tests::offices::{Office, list, number, text};
use serde_json::{Value, json};

use crate::claims::{claims, desk, saved, sheet};
use crate::filled;

const KINDS: [(&str, &str, &str); 4] = [
    ("over", "overpaid", "recovered"),
    ("deposit", "deposit", "refunded"),
    ("unsettled", "unsettled", "settled"),
    ("beyond", "paid_beyond", "stopped"),
];

fn ended(bill: &Value, kind: &str, decision: &str) -> Value {
    json!({
        "bills": [bill], "state": "closed", "on": "2026-11-05", "answer": "", "decision": decision,
        "reason": "已经办好，票据留存", "evidence": "", "kind": kind,
    })
}

fn row(office: &Office, kind: &str, bill: &Value) -> Value {
    let rows = list(&claims(office, kind, None)["rows"]);
    rows.into_iter().find(|row| row["id"] == *bill).unwrap_or_else(|| panic!("not in {kind}"))
}

/// A bill with something to say in each of the lists, and how many each list of the desk had before.
fn with_everything(office: &Office) -> (Value, [i64; 4]) {
    let sound = office.bills(false).into_iter().find(|bill| bill["verdict"] == "一致").unwrap();
    let before = KINDS.map(|(_, item, _)| desk(office, item));
    let yuan = |fen: i64| format!("{}.{:02}", fen / 100, fen % 100);
    let fields = json!({
        "paid_basic": yuan(number(&sound["basic"]) + 5_000), "paid_personal": yuan(number(&sound["personal"]) - 5_000),
        "deposit": "500", "one_stop": "false", "paid_beyond": "1200", "paid_beyond_by": "乡镇自筹住院补贴",
    });
    saved(office, Some(&sound["id"]), &fields);
    (sound["id"].clone(), before)
}

#[test]
fn each_leaves_the_desk_with_a_decision_and_stays_in_its_list_with_who_decided_and_why() {
    let place = filled();
    let office = place.township_a();
    let (bill, before) = with_everything(&office);
    for (kind, item, decision) in KINDS {
        let unreasoned = json!({
            "bills": [bill], "state": "closed", "on": null, "answer": "", "decision": decision, "reason": "好",
            "evidence": "", "kind": kind,
        });
        assert!(office.refused("claim_note", unreasoned).message.contains("至少4个字"));
        let on_desk = desk(&office, item);
        let done = office.call("claim_note", ended(&bill, kind, decision));
        assert_eq!(desk(&office, item), on_desk - 1, "{kind}");
        let row = row(&office, kind, &bill);
        let told = text(&list(&row["history"])[0]).to_owned();
        assert_eq!(row["state"]["code"], "closed", "{kind}");
        assert!(told.contains("办结") && told.contains("票据留存") && !told.contains("不再追"), "{told}");
        // One step back, as every other decision.
        office.call("import_undo", json!({ "entry": done["entry"] }));
        assert_eq!(desk(&office, item), on_desk, "{kind}");
        office.call("claim_note", ended(&bill, kind, decision));
    }
    assert_eq!(KINDS.map(|(_, item, _)| desk(&office, item)), before);
    assert!(list(&claims(&office, "short", None)["rows"]).iter().all(|row| row["id"] != bill), "none of it is owed");
}

#[test]
fn a_decision_is_about_so_much_goes_on_with_the_sheet_that_replaces_its_own_and_is_never_a_letter() {
    let place = filled();
    let office = place.township_a();
    let (bill, _) = with_everything(&office);
    let mut sent = ended(&bill, "deposit", "refunded");
    (sent["state"], sent["answer"]) = (json!("sent"), json!("县医院"));
    assert!(office.refused("claim_note", sent).message.contains("不发函"));
    office.call("claim_note", ended(&bill, "deposit", "refunded"));

    let mut fields = sheet(&office, &bill);
    (fields["corrects"], fields["number"]) = (bill.clone(), json!("CX-D"));
    let anew = saved(&office, None, &fields);
    assert_eq!(row(&office, "deposit", &anew["id"])["state"]["code"], "closed", "the same deposit was given back");
    let more = json!({ "deposit": "800" });
    saved(&office, Some(&anew["id"]), &more);
    assert_eq!(row(&office, "deposit", &anew["id"])["state"]["code"], "open", "so much was never decided upon");
}
