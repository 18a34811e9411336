//! A round of the exchange, a restore, an edit: what tests of several subjects do over and over.

use std::path::Path;

use serde_json::{Value, json};

use crate::offices::{County, Office, PASSWORD, save};

/// The township's bundle, taken in by the county.
#[track_caller]
pub fn send_up(place: &County, county: &Office, township: &Office) -> Value {
    let up = township.call("exchange_export", json!({ "folder": place.usb(), "area": null }));
    county.call("exchange_import", json!({ "path": up["files"][0] }))
}

/// The county's bundle for a township, taken in there.
#[track_caller]
pub fn send_down(place: &County, county: &Office, township: &Office, area: &str) -> Value {
    let down = county.call("exchange_export", json!({ "folder": place.usb(), "area": area }));
    township.call("exchange_import", json!({ "path": down["files"][0] }))
}

/// Up and down again, after which the township knows that everything has arrived.
///
/// # Panics
/// When something is not confirmed; then the test has failed.
#[track_caller]
pub fn settled(place: &County, county: &Office, township: &Office, area: &str) {
    send_up(place, county, township);
    send_down(place, county, township, area);
    let left = township.call("foot_get", json!({}))["unconfirmed"].clone();
    assert_eq!(left, json!(0), "everything is confirmed");
}

/// Puts a backup in the place of an office's data, and logs in again.
#[track_caller]
pub fn restore(office: &Office, path: &Path, unit: &str) -> Value {
    let request = json!({
        "path": path, "login": crate::offices::LOGIN, "secret": PASSWORD, "recovery": false, "unit_name": unit,
    });
    let done = office.call("restore_office", request);
    office.log_in();
    done
}

/// Where a backup made now lies.
///
/// # Panics
/// When the answer names no path.
#[must_use]
#[track_caller]
pub fn backup(office: &Office) -> std::path::PathBuf {
    crate::offices::text(&office.call("backup_make", json!({ "folder": null }))["path"]).into()
}

/// The first person of a household, as its page lists them.
#[must_use]
#[track_caller]
pub fn head_of(office: &Office, household: &str) -> String {
    crate::offices::text(&office.household(household)["members"][0]["id"]).to_owned()
}

/// Changes fields of a person.
#[track_caller]
pub fn change(office: &Office, person: &str, fields: &Value) {
    save(office, "person", Some(person), fields);
}

/// A field of a person as the form shows it.
#[must_use]
#[track_caller]
pub fn field(office: &Office, person: &str, column: &str) -> String {
    let seen = office.call("record_get", json!({ "table": "person", "id": person }));
    seen["fields"][column].as_str().unwrap_or_default().to_owned()
}
