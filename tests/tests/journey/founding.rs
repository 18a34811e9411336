//! The county is set up and its townships join it.

use mingbai_app::ErrorCode;
use mingbai_tests::offices::{County, Office, empty_county, join, put_in_force, set_up};
use serde_json::{Value, json};

/// A county office and a township's, set up and knowing nothing of each other.
fn two_offices(salt: u64) -> (County, Office, Office) {
    let place = empty_county(salt);
    let county = place.at_desk("county").unwrap();
    set_up(&county, "county", &place.told.name, &place.told.office, &place.told.code, "赵建国");
    let told = place.told_a();
    let township = place.at_desk("township").unwrap();
    set_up(&township, "township", &place.told.name, &told.health_centre, &told.code, "王玉梅");
    (place, county, township)
}

fn words(value: &Value) -> Vec<&str> {
    value.as_str().unwrap().split_whitespace().collect()
}

#[test]
fn a_new_county_office_shows_its_words_and_a_recovery_code_once() {
    let place = empty_county(1);
    let county = place.at_desk("county").unwrap();
    assert_eq!(county.call("setup_status", json!({}))["state"], "empty");
    let done = set_up(&county, "county", &place.told.name, &place.told.office, &place.told.code, "赵建国");
    assert!(done["recovery_code"].as_str().unwrap().len() >= 20);
    let session = county.call("session_get", json!({}));
    assert_eq!(session["office"]["county_words"], done["county_words"]);
    assert_eq!(words(&done["county_words"]).len(), 8);
    assert_eq!(
        (&session["operator"]["role"]["code"], &session["office"]["area"]),
        (&json!("county"), &json!("159901"))
    );
    let again = county.refused("setup_office", json!({
        "kind": "township", "county_name": "别县", "unit_name": "别院", "area": "159901201", "operator_name": "某人",
        "login": "other", "password": "mingbai-demo",
    }));
    assert_eq!(again.code, ErrorCode::AlreadySetUp);
    assert_eq!(county.call("session_get", json!({})), session);
}

#[test]
fn a_township_joins_over_request_approval_and_membership_with_the_words_compared_on_both_sides() {
    let (place, county, township) = two_offices(2);
    let usb = place.usb();
    let request = township.call("enrolment_request", json!({ "folder": usb }));
    let seen = county.call("enrolment_inspect", json!({ "path": request["path"] }));
    assert_eq!(seen["words"], request["words"], "both sides read the same eight words");
    assert_eq!(words(&request["words"]).len(), 8);
    assert_eq!((&seen["unit"], &seen["area"]), (&json!("青石乡卫生院"), &json!("159901201")));
    assert_eq!(township.call("exchange_status", json!({}))["enrolled"], false);

    let approve = json!({ "path": request["path"], "words": request["words"], "folder": usb });
    let approved = county.call("enrolment_approve", approve);
    assert_eq!(approved["unit"], "青石乡卫生院");
    let county_words = county.call("session_get", json!({}))["office"]["county_words"].clone();
    let accept = json!({ "path": approved["path"], "words": county_words });
    let session = township.call("enrolment_accept", accept);
    assert_eq!((&session["office"]["enrolled"], &session["office"]["county_words"]), (&json!(true), &county_words));
    let townships = county.call("exchange_status", json!({}))["townships"].clone();
    assert_eq!((&townships[0]["name"], &townships[0]["devices"]), (&json!("青石乡卫生院"), &json!(1)));
}

#[test]
fn a_request_whose_words_differ_is_not_approved() {
    let (place, county, township) = two_offices(3);
    let usb = place.usb();
    let request = township.call("enrolment_request", json!({ "folder": usb }));
    let mut said = words(&request["words"]);
    said.swap(0, 7);
    let before = county.entries();
    let approve = json!({ "path": request["path"], "words": said.join(" "), "folder": usb });
    let refusal = county.refused("enrolment_approve", approve);
    assert_eq!(refusal.code, ErrorCode::WordsDiffer);
    assert!(refusal.message.contains("没有批准"), "{}", refusal.message);
    assert_eq!(county.entries(), before);
    assert_eq!(county.call("exchange_status", json!({}))["townships"], json!([]));
    let written = std::fs::read_dir(&usb).unwrap().map(|file| file.unwrap().path());
    assert!(written.into_iter().all(|file| file.extension().is_none_or(|end| end != "mbm")), "no membership file");
}

#[test]
fn a_membership_of_a_county_whose_words_differ_is_not_accepted() {
    let (place, county, township) = two_offices(4);
    let usb = place.usb();
    let request = township.call("enrolment_request", json!({ "folder": usb }));
    let approve = json!({ "path": request["path"], "words": request["words"], "folder": usb });
    let approved = county.call("enrolment_approve", approve);
    let accept = json!({ "path": approved["path"], "words": request["words"] });
    let refusal = township.refused("enrolment_accept", accept);
    assert_eq!((refusal.code, refusal.detail.as_deref()), (ErrorCode::BundleRejected, Some("WORDS_DIFFER")));
    assert!(refusal.message.contains("没有加入任何县"), "{}", refusal.message);
    assert_eq!(township.call("exchange_status", json!({}))["enrolled"], false);
    let export = township.refused("exchange_export", json!({ "folder": usb, "area": null }));
    assert_eq!(export.code, ErrorCode::NotEnrolled);
}

#[test]
fn the_policy_pack_reaches_the_township_with_the_countys_first_bundle() {
    let (place, county, township) = two_offices(5);
    let pack = mingbai_app::demo::built_in_pack().unwrap();
    put_in_force(&county, pack.text);
    assert_eq!(township.call("pack_list", json!({}))["rows"], json!([]));
    join(&county, &township, &place.usb());
    let (here, there) = (township.call("pack_list", json!({})), county.call("pack_list", json!({})));
    assert_eq!(here["rows"][0]["name"], "城乡居民健康扶贫四道保障");
    assert_eq!(here["rows"][0]["active"], true);
    assert_eq!(here, there, "the same record under the same id");
    let refusal = township.refused("pack_activate", json!({ "toml": pack.text }));
    assert_eq!(refusal.code, ErrorCode::NotPermitted, "packs are the county's");
}
