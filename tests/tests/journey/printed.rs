//! What a sheet prints beside its amounts: 住院天数, 起付线 and 本年累计 settle nothing and find what was typed wrong or not at all.

use mingbai_tests::offices::{Office, list, save, text};
use serde_json::{Value, json};

use crate::claims::desk;
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

    for (days, deductible) in [("8", owed), ("9", owed)] {
        (fields["stay_days"], fields["deductible"]) = (json!(days), json!(deductible.to_string()));
        assert_eq!(typed(&office, Some(&bill), &fields), Vec::<String>::new());
    }
    (fields["stay_days"], fields["deductible"]) = (json!("12"), json!((owed + 500).to_string()));
    let said = typed(&office, Some(&bill), &fields);
    assert!(said[0].contains("票面住院12天，入院到出院是8天"), "{said:?}");
    assert!(said[1].contains("多扣的起付线就是少报的钱"), "{said:?}");
    save(&office, "settlement", Some(text(&bill)), &fields);
    let after = office.call("bill_explain", json!({ "id": bill }));
    assert_eq!((&after["payers"], &after["personal_due"]), (&explained["payers"], &explained["personal_due"]));
    assert_eq!(list(&after["printed"]), said);
}
