//! A claim goes on with every sheet that takes the place of the one written for, is counted once, and ends with money: the
//! list, the desk and whoever saves the sheet say the same of it.

use mingbai_domain::Fen;
use mingbai_tests::offices::{Office, list, number, text};
use serde_json::{Value, json};

use crate::claims::{claims, correcting, desk, letter, longest_owed, noted, saved, sheet};
use crate::filled;

/// The same settlement typed anew with the same money, under another number.
fn typed_anew(office: &Office, bill: &Value, number: &str) -> Value {
    let mut fields = sheet(office, bill);
    fields["hospital"] = json!(format!("{}（东院）", text(&fields["hospital"])));
    fields["corrects"] = bill.clone();
    fields["number"] = json!(number);
    saved(office, None, &fields)
}

/// The rows of a state as their bills.
fn bills(office: &Office, state: &str) -> Vec<Value> {
    list(&claims(office, "short", Some(state))["rows"]).iter().map(|row| row["id"].clone()).collect()
}

#[test]
fn a_claimed_bill_typed_anew_without_money_is_counted_once() {
    let place = filled();
    let office = place.township_a();
    let before = claims(&office, "short", None);
    let rows = longest_owed(&office);
    let (asked, given_up) = (&rows[0]["id"], &rows[1]["id"]);
    letter(&office, &[asked, given_up], "2026-11-01");
    noted(&office, given_up, "closed");

    let anew = typed_anew(&office, asked, "CX-A");
    assert_eq!(anew["closed"], false);
    let after = claims(&office, "short", None);
    assert_eq!(after["amount"], before["amount"], "what is owed has not grown");
    assert_eq!((bills(&office, "sent"), bills(&office, "answered").len()), (vec![anew["id"].clone()], 0));
    for by in ["household", "village", "cause"] {
        let asked = json!({ "year": null, "village": null, "kind": "short", "state": null, "by": by });
        assert_eq!(office.call("claim_groups", asked)["amount"], before["amount"], "{by}");
    }
    // What was decided goes on with the new sheet as well.
    let anew = typed_anew(&office, given_up, "CX-B");
    assert_eq!(bills(&office, "closed"), [anew["id"].clone()]);
    assert_eq!(claims(&office, "short", None)["amount"], before["amount"]);
}

#[test]
fn money_that_came_with_the_last_of_several_corrections_ends_the_claim_and_the_page_says_what_the_list_says() {
    let place = filled();
    let office = place.township_a();
    let rows = longest_owed(&office);
    let (first, second) = (&rows[0]["id"], &rows[1]["id"]);
    letter(&office, &[first, second], "2026-10-01");
    assert_eq!(desk(&office, "claim_late"), 2);

    let anew = typed_anew(&office, first, "CX-A");
    let whole = saved(&office, None, &correcting(&office, &anew["id"], 0));
    assert_eq!(whole["closed"], true, "{whole}");
    let paid = list(&claims(&office, "short", Some("paid"))["rows"]);
    assert_eq!((paid.len(), &paid[0]["id"], &paid[0]["correction"]), (1, first, &whole["id"]));
    assert_eq!((desk(&office, "claim_late"), desk(&office, "claim_answered")), (1, 0));

    // Nothing was in scope after all: the figures agree, and nobody has paid anything more.
    let mut fields = sheet(&office, second);
    let amount = |column: &str| Fen::parse(fields[column].as_str().unwrap_or("0")).unwrap();
    let outside = amount("total") - amount("over_limit") - amount("pre_self_pay");
    fields["own_expense"] = json!(format!("{}.{:02}", outside.0 / 100, outside.0 % 100));
    fields["in_scope"] = json!("0");
    fields["corrects"] = second.clone();
    let paper = json!({ "id": null, "fields": fields, "as_printed": true, "reason": null, "form": null });
    let done = office.call("bill_save", paper);
    assert_eq!((&done["closed"], number(&done["bill"]["shortfall"])), (&json!(false), 0), "{done}");
    assert_eq!(bills(&office, "answered"), std::slice::from_ref(second), "somebody has to say why");
    assert_eq!((desk(&office, "claim_late"), desk(&office, "claim_answered")), (0, 1));
}

#[test]
fn the_desk_asks_for_no_answer_once_the_money_came_and_for_one_when_the_sheet_was_only_taken_back() {
    let place = filled();
    let office = place.township_a();
    let rows = longest_owed(&office);
    let waiting = |office: &Office| (desk(office, "claim_late"), desk(office, "claim_answered"));
    letter(&office, &[&rows[0]["id"], &rows[1]["id"], &rows[2]["id"]], "2026-10-01");
    noted(&office, &rows[1]["id"], "answered");
    assert_eq!(waiting(&office), (2, 1));
    saved(&office, None, &correcting(&office, &rows[0]["id"], 0));
    assert_eq!(waiting(&office), (1, 1));
    let mut second = correcting(&office, &rows[1]["id"], 0);
    second["number"] = json!("CX-SECOND");
    saved(&office, None, &second);
    assert_eq!(waiting(&office), (1, 0));

    let back = json!({
        "person": rows[2]["person"], "settled_on": "2026-11-20", "total": "1", "corrects": rows[2]["id"],
        "reversal": "true",
    });
    office.call("bill_save", json!({ "id": null, "fields": back, "as_printed": true, "reason": null, "form": null }));
    assert_eq!(waiting(&office), (0, 1));
    assert_eq!(bills(&office, "answered"), [rows[2]["id"].clone()]);
    let view = office.call("worklist_get", json!({ "key": "claim_answered", "village": null, "narrow": null }));
    assert_eq!(list(&view["rows"])[0]["person"], rows[2]["person"]);
}
