//! What a township of the demo has done about what payers owe: a letter that was answered, one that waits, a settlement
//! corrected and one taken back, a decision, and the bills that the other lists of 保障结算 are for.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};
use mingbai_app::AppError;
use serde_json::{Value, json};

use crate::demo::Office;

const INSURER: &str = "县医疗保障局";

/// Follows up the township's bills as its clerk would, by the same commands.
pub(crate) fn chase(office: &Office, today: NaiveDate) -> Result<(), AppError> {
    let ago = |days: u64| today.checked_sub_days(Days::new(days)).unwrap_or(today);
    let asked = json!({ "year": null, "village": null, "kind": "short", "state": "open", "group": null, "key": null });
    let owed = office.call("claim_list", asked)?;
    let mut owed: Vec<&Value> = owed["rows"].as_array().into_iter().flatten().collect();
    // The flagship household's own stays as it is for the tour: nobody has written for it yet.
    owed.retain(|row| row["name"] != "王桂英");
    // A letter is never older than the bill it is about.
    let mut settled_by = |days: u64| {
        let day = ago(days).to_string();
        let at = owed.iter().position(|row| row["settled_on"].as_str().is_some_and(|on| on <= day.as_str()))?;
        Some(&owed.remove(at)["id"])
    };
    let letter = |bills: &[&Value], number: u32, days: u64| {
        let year = today.year();
        let request = json!({
            "bills": bills, "paid_to": INSURER, "letter": format!("医保追补〔{year}〕{number}号"), "sent_on": ago(days),
            "contact": "",
        });
        office.call("claim_letter", request).map(drop)
    };
    let note = |bills: &[&Value], state: &str, rest: &Value| {
        let mut request = json!({
            "bills": bills, "state": state, "on": ago(3), "answer": "", "decision": null, "reason": "", "evidence": "",
        });
        for (key, value) in rest.as_object().into_iter().flatten() {
            request[key] = value.clone();
        }
        office.call("claim_note", request).map(drop)
    };
    if let Some(late) = settled_by(41) {
        letter(&[late], 1, 41)?;
    }
    if let Some(answered) = settled_by(20) {
        letter(&[answered], 2, 20)?;
        note(&[answered], "answered", &json!({ "answer": "核对属实，下月随批次补付" }))?;
    }
    if let Some(paid) = settled_by(12) {
        letter(&[paid], 3, 12)?;
        corrected(office, paid, today)?;
    }
    if let Some(decided) = settled_by(3) {
        let why = json!({
            "decision": "insurer", "reason": "医保调出入院当日的身份记录，当日尚未认定，按普通居民结算无误",
        });
        note(&[decided], "closed", &why)?;
    }
    others(office, ago)
}

/// What stands on a settlement, by column as typed.
fn standing(office: &Office, id: &Value) -> Result<BTreeMap<String, Value>, AppError> {
    let form = office.call("bill_form", json!({ "person": null, "corrects": id, "on": null }))?;
    let fields = form["fields"].as_object().into_iter().flatten();
    Ok(fields.map(|(column, text)| (column.clone(), text.clone())).collect())
}

fn save(office: &Office, id: Option<&Value>, fields: &BTreeMap<String, Value>) -> Result<Value, AppError> {
    let request = json!({ "id": id, "fields": fields, "as_printed": false, "reason": null, "form": null });
    office.call("bill_save", request)
}

/// The insurer settled again and paid what was short: the new sheet takes the place of the old one.
fn corrected(office: &Office, id: &Value, today: NaiveDate) -> Result<(), AppError> {
    let mut fields = standing(office, id)?;
    let why = office.call("bill_explain", json!({ "id": id }))?;
    for payer in why["payers"].as_array().into_iter().flatten() {
        let column = format!("paid_{}", payer["key"].as_str().unwrap_or_default());
        fields.insert(column, yuan(&payer["due"]));
    }
    fields.insert("paid_personal".to_owned(), yuan(&why["personal_due"]));
    fields.insert("corrects".to_owned(), id.clone());
    fields.insert("number".to_owned(), json!(format!("CX{}", today.format("%Y%m%d"))));
    save(office, None, &fields).map(drop)
}

fn yuan(fen: &Value) -> Value {
    let fen = fen.as_i64().unwrap_or_default();
    json!(format!("{}.{:02}", fen / 100, fen % 100))
}

/// One bill paid too much, one with money from a programme of the township's own, one not settled at discharge, and one that
/// was only taken back.
fn others(office: &Office, ago: impl Fn(u64) -> NaiveDate) -> Result<(), AppError> {
    let year = ago(0).year();
    let bills = office
        .call("bill_list", json!({ "year": year, "village": null, "short_only": false, "offset": 0, "limit": 1000 }))?;
    let money = |row: &Value, key: &str| row[key].as_i64().unwrap_or_default();
    // With room in scope for what is to be paid too much.
    let agrees = |row: &&Value| {
        let tiers = ["basic", "critical", "aid"].map(|key| money(row, key)).iter().sum::<i64>();
        row["verdict"] == "一致" && row["name"] != "王桂英" && tiers + 20_000 <= money(row, "in_scope")
    };
    let mut sound = bills["rows"].as_array().into_iter().flatten().filter(agrees);
    let mut change = |fields: Value| -> Result<(), AppError> {
        let Some(bill) = sound.next() else { return Ok(()) };
        let texts = fields.as_object().into_iter().flatten().map(|(column, text)| (column.clone(), text.clone()));
        save(office, Some(&bill["id"]), &texts.collect()).map(drop)
    };
    change(json!({ "paid_beyond": "1200", "paid_beyond_by": "乡镇自筹住院补贴" }))?;
    change(json!({ "one_stop": "false" }))?;
    let Some(over) = sound.next() else { return Ok(()) };
    let (aid, own) = (over["aid"].as_i64().unwrap_or_default(), over["personal"].as_i64().unwrap_or_default());
    let more = BTreeMap::from([
        ("paid_aid".to_owned(), yuan(&json!(aid + 20_000))),
        ("paid_personal".to_owned(), yuan(&json!(own - 20_000))),
    ]);
    save(office, Some(&over["id"]), &more)?;
    let Some(back) = sound.next() else { return Ok(()) };
    let taken = BTreeMap::from([
        ("person".to_owned(), back["person"].clone()),
        ("settled_on".to_owned(), json!(ago(1))),
        ("hospital".to_owned(), back["hospital"].clone()),
        ("total".to_owned(), yuan(&back["total"])),
        ("corrects".to_owned(), back["id"].clone()),
        ("reversal".to_owned(), json!("true")),
    ]);
    save(office, None, &taken).map(drop)
}
