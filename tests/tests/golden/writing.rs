//! The set of a release, written as clerks write it.

use std::fs;
use std::path::{Path, PathBuf};

use mingbai_tests::offices::{County, Office, Pc, empty_county, join, list, save, set_up, text};
use serde_json::{Value, json};

/// For these files only.
pub(crate) const HOLDERS: [(&str, &str); 3] =
    [("主任", "zhuren-mima-1"), ("信息科", "xinxike-mima-2"), ("县医保局", "yibaoju-mima-3")];
pub(crate) const COUNTY_UNIT: &str = "示范县健康扶贫办";
pub(crate) const UNIT: &str = "青山镇卫生院";
const AREA: &str = "159901101";
/// A mail of one part of a bundle, with what the mail itself takes.
const MOST: u32 = 16_000;

/// Copies a file that was written into the set, under the name it has there.
fn keep(set: &Path, name: &str, written: &Value) {
    fs::copy(text(written), set.join(name)).unwrap();
}

/// A backup under a name of its own.
fn back_up(set: &Path, name: &str, office: &Office) {
    let made = office.call("backup_make", json!({ "folder": null }));
    let database = PathBuf::from(text(&made["path"]));
    for part in ["db", "keys.json", "office.json"] {
        fs::copy(database.with_extension(part), set.join(format!("{name}.{part}"))).unwrap();
    }
}

/// Text that does not become smaller by packing.
fn noise(seed: u64) -> String {
    let mut dice = seed;
    let mut letter = |_| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from_digit((dice >> 40) as u32 % 36, 36)
    };
    (0..180).filter_map(&mut letter).collect()
}

/// Two households of two villages, a diagnosis, a visit that was corrected.
fn register(office: &Office) {
    for village in 1..=2 {
        let code = format!("{AREA}00{village}");
        let made =
            save(office, "village", None, &json!({ "code": code, "name": format!("{village}村"), "township": AREA }));
        let home = json!({ "number": format!("{code}001"), "village": made["id"], "remark": noise(village) });
        let home = save(office, "household", None, &home)["id"].clone();
        for (name, relation) in [("张", "01"), ("李", "02")] {
            let fields = json!({ "name": format!("{name}{village}"), "phone": format!("1390000000{village}") });
            let request = json!({
                "table": "person", "id": null, "household": home, "relation": relation, "fields": fields, "reason": null,
            });
            let who = office.call("record_save", request)["id"].clone();
            save(office, "diagnosis", None, &json!({ "person": who, "disease": "高血压" }));
            let visit =
                json!({ "person": who, "kind": "poor", "visited_on": "2026-11-19", "note": noise(village + 9) });
            let visit = save(office, "visit", None, &visit)["id"].clone();
            save(office, "visit", visit.as_str(), &json!({ "visited_on": "2026-11-20" }));
        }
    }
}

fn exported(place: &County, office: &Office, more: Value) -> Vec<Value> {
    let mut request = json!({ "folder": place.usb(), "area": null });
    request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    list(&office.call("exchange_export", request)["files"])
}

/// Writes a set into a folder.
pub(crate) fn write(set: &Path) {
    let place = empty_county(21);
    let usb = place.usb();
    let county = place.at_desk("county").unwrap();
    set_up(&county, "county", "示范县", COUNTY_UNIT, "159901", "赵建国");
    let pc = Pc { machine: "1号机".to_owned(), marks: place.path("marks") };
    let township = Office::on(Some(pc.clone()), &place.path("township"), &place.world).unwrap();
    set_up(&township, "township", "示范县", UNIT, AREA, "王玉梅");
    join(&county, &township, &usb);
    // Something confirmed, so that the county's signature stands under its feed.
    save(&township, "village", None, &json!({ "code": format!("{AREA}009"), "name": "9村", "township": AREA }));
    let up = exported(&place, &township, json!({}));
    county.call("exchange_import", json!({ "path": up[0] }));
    let down = exported(&place, &county, json!({ "area": AREA }));
    township.call("exchange_import", json!({ "path": down[0] }));
    keep(set, "trust.mbt", &township.call("trust_write", json!({ "folder": usb }))["path"]);

    register(&township);
    let mails = exported(&place, &township, json!({ "mail": true, "mail_to": "", "most_bytes": MOST }));
    assert!(mails.len() > 1, "{mails:?}");
    for (at, mail) in mails.iter().enumerate() {
        keep(set, &format!("up-{}.eml", at + 1), mail);
    }
    keep(set, "renewal.mbq", &township.call("device_renew", json!({ "folder": usb }))["path"]);
    back_up(set, "township", &township);
    let mark = fs::read_dir(&pc.marks).unwrap().flatten().next().unwrap();
    fs::copy(mark.path(), set.join("place.mark")).unwrap();

    let newcomer = place.at_desk("newcomer").unwrap();
    set_up(&newcomer, "township", "示范县", "白水乡卫生院", "159901102", "李海燕");
    keep(set, "request.mbq", &newcomer.call("enrolment_request", json!({ "folder": usb }))["path"]);

    for (at, (name, password)) in HOLDERS.into_iter().enumerate() {
        let made = county.call("holder_make", json!({ "name": name, "password": password, "folder": usb }));
        keep(set, &format!("holder-{}.mbk", at + 1), &made["path"]);
    }
    county.call("root_propose", json!({ "change": "holders", "threshold": 2 }));
    let sign = json!({ "path": set.join("holder-1.mbk"), "password": HOLDERS[0].1 });
    county.call("root_sign", sign);
    let drawn = county.call("root_write", json!({ "folder": usb }))["path"].clone();
    let (_, password) = HOLDERS[1];
    let request = json!({ "path": drawn, "holder": set.join("holder-2.mbk"), "password": password, "folder": usb });
    keep(set, "root.mbr", &newcomer.call("root_countersign", request)["path"]);
    back_up(set, "county", &county);

    // What the county answers to all of it, for the township's backup.
    for at in 1..=mails.len() {
        county.call("exchange_import", json!({ "path": set.join(format!("up-{at}.eml")) }));
    }
    let person = county.household(&format!("{AREA}001001"))["members"][0]["id"].clone();
    save(&county, "aid_identity", None, &json!({ "person": person, "identity": "subsistence", "since": "2026-01-01" }));
    let down = exported(&place, &county, json!({ "area": AREA }));
    keep(set, "down.mbx", &down[0]);
    let asked = county.call("enrolment_inspect", json!({ "path": set.join("renewal.mbq") }));
    let request = json!({ "path": set.join("renewal.mbq"), "words": asked["words"], "folder": usb });
    keep(set, "renewed.mbm", &county.call("enrolment_approve", request)["path"]);
}
