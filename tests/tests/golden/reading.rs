//! A set taken in by the program of today, and what is said of it.

use std::fs;
use std::path::Path;

use mingbai_sync::mark::Mark;
use mingbai_tests::offices::{Office, empty_county, list, text};
use mingbai_tests::rounds::restore;
use serde_json::{Value, json};

use crate::writing::{COUNTY_UNIT, HOLDERS, UNIT};

/// Lines to be compared with what was said before.
#[derive(Default)]
struct Told(String);

impl Told {
    fn say(&mut self, what: &str, said: impl std::fmt::Display) {
        self.0 += &format!("{what}: {said}\n");
    }

    /// These parts of an answer; later versions may say more.
    fn of(&mut self, what: &str, answer: &Value, parts: &[&str]) {
        let said: Vec<String> = parts.iter().map(|part| format!("{part} {}", answer[*part])).collect();
        self.say(what, said.join(", "));
    }

    /// Everybody in the register with what is known of them.
    fn register(&mut self, office: &Office) {
        for row in office.households(None) {
            let page = office.household(text(&row["number"]));
            let remark = office.call("record_get", json!({ "table": "household", "id": row["id"] }));
            self.say(text(&row["number"]), &remark["fields"]["remark"]);
            for member in list(&page["members"]) {
                let page = office.call("person_get", json!({ "id": member["id"] }));
                let known = ["name", "phone"].map(|part| text(&member[part]).to_owned());
                let (ill, aid) = (page.to_string().contains("高血压"), page.to_string().contains("subsistence"));
                let visit = text(&member["last_visit"]);
                self.say("  person", format!("{known:?} ill {ill} aid {aid} visited {visit:?}"));
            }
        }
        let found = office.call("ledger_verify", json!({}));
        self.of("verified", &found, &["ok", "differences"]);
    }
}

/// The numbers of an import.
const COUNTS: [&str; 6] = ["entries", "new", "duplicate", "held", "deferred", "unapplied"];

/// Restores both backups of a set and takes every file of it in.
pub(crate) fn told(set: &Path) -> String {
    let mut told = Told::default();
    let place = empty_county(22);
    let at = |name: &str| set.join(name);
    let county = place.at_desk("county").unwrap();
    restore(&county, &at("county.db"), COUNTY_UNIT);
    told.of("county", &county.call("session_get", json!({}))["office"], &["unit_name", "area", "county_words"]);

    // The last part first.
    let mut parts: Vec<_> = fs::read_dir(set).unwrap().flatten().map(|entry| entry.path()).collect();
    parts.retain(|path| path.extension().is_some_and(|end| end == "eml"));
    parts.sort();
    for part in parts.iter().rev() {
        let taken = county.call("exchange_import", json!({ "path": part }));
        told.of("part", &taken, &["part"]);
        told.of("taken", &taken, &COUNTS);
    }
    told.register(&county);

    for request in ["renewal.mbq", "request.mbq"] {
        let asked = county.call("enrolment_inspect", json!({ "path": at(request) }));
        told.of(request, &asked, &["unit", "area", "device", "words", "renews"]);
        let approve = json!({ "path": at(request), "words": asked["words"], "folder": place.usb() });
        told.of("approved", &county.call("enrolment_approve", approve), &["serial", "unit"]);
    }

    let seen = county.call("root_inspect", json!({ "path": at("root.mbr") }));
    told.of("root.mbr", &seen, &["county_name", "version", "threshold", "holders"]);
    let progress = ["version", "old", "old_needed", "new", "new_needed", "in_force"];
    told.of("gathered", &county.call("root_gather", json!({ "path": at("root.mbr") })), &progress);
    county.call("root_propose", json!({ "change": "operations", "threshold": 0 }));
    for (number, holder) in [(1, HOLDERS[0]), (3, HOLDERS[2])] {
        let file = at(&format!("holder-{number}.mbk"));
        let signed = county.call("root_sign", json!({ "path": file, "password": holder.1 }));
        told.of("signed", &signed, &progress);
    }
    told.of("county", &county.call("trust_get", json!({})), &["root_version", "threshold"]);

    let known = county.call("recovery_inspect", json!({ "files": [at("trust.mbt")] }));
    told.of("trust.mbt", &known, &["county_name", "area", "words", "root_version", "threshold", "units"]);

    let township = place.at_desk("township").unwrap();
    restore(&township, &at("township.db"), UNIT);
    told.register(&township);
    told.of("before", &township.call("foot_get", json!({})), &["unconfirmed"]);
    told.of("down.mbx", &township.call("exchange_import", json!({ "path": at("down.mbx") })), &COUNTS);
    told.of("after", &township.call("foot_get", json!({})), &["unconfirmed"]);
    told.register(&township);
    let words = county.call("session_get", json!({}))["office"]["county_words"].clone();
    township.call("enrolment_accept", json!({ "path": at("renewed.mbm"), "words": words }));
    let trust = township.call("trust_get", json!({}));
    told.of("renewed.mbm", &trust["own"], &["serial", "unit", "area", "retired"]);
    told.of("trusts", &trust, &["renewing", "county_words"]);
    // Under the new keys the two go on with each other.
    let up = township.call("exchange_export", json!({ "folder": place.usb(), "area": null }));
    told.of("under new keys", &county.call("exchange_import", json!({ "path": up["files"][0] })), &COUNTS);

    let line = fs::read_to_string(at("place.mark")).unwrap();
    let mark = Mark::decode(&line).unwrap();
    assert_eq!(mark.encode(), line);
    told.say("place.mark", format!("{} {}", mark.0.log, mark.0.seq));
    told.0
}
