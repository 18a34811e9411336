//! 密钥与电脑: the root's holders, a county that lost its PC, a stolen PC, a retired one, a PC that changes its keys.

use std::fs;
use std::path::{Path, PathBuf};

use mingbai_app::ErrorCode;
use mingbai_tests::offices::{County, LOGIN, Office, PASSWORD, join, list, number, save, set_up, text};
use serde_json::{Value, json};

use crate::{filled, joined};

const HOLDERS: [(&str, &str); 3] =
    [("主任", "zhuren-mima-1"), ("信息科", "xinxike-mima-2"), ("县医保局", "yibaoju-mima-3")];
const A: &str = "159901201";
const B: &str = "159901101";

fn trust(office: &Office) -> Value {
    office.call("trust_get", json!({}))
}

fn down(place: &County, county: &Office, township: &Office, area: &str) -> Value {
    let written = county.call("exchange_export", json!({ "folder": place.usb(), "area": area }));
    township.call("exchange_import", json!({ "path": written["files"][0] }))
}

/// The township's bundle, written and not yet delivered.
fn write_up(place: &County, township: &Office) -> Value {
    township.call("exchange_export", json!({ "folder": place.usb(), "area": null }))["files"][0].clone()
}

fn up(place: &County, county: &Office, township: &Office) -> Value {
    county.call("exchange_import", json!({ "path": write_up(place, township) }))
}

/// Three holders with a stick each; nobody has signed.
fn make_holders(place: &County, county: &Office) -> Vec<PathBuf> {
    let make = |(name, password): (&str, &str)| {
        let stick = place.path(&format!("stick-{password}"));
        fs::create_dir_all(&stick).unwrap();
        let made = county.call("holder_make", json!({ "name": name, "password": password, "folder": stick }));
        PathBuf::from(text(&made["path"]))
    };
    HOLDERS.into_iter().map(make).collect()
}

fn sign(county: &Office, stick: &Path, holder: usize) -> Value {
    county.call("root_sign", json!({ "path": stick, "password": HOLDERS[holder].1 }))
}

/// The root in the hands of three holders of whom two must sign.
fn hand_over(place: &County, county: &Office) -> Vec<PathBuf> {
    let sticks = make_holders(place, county);
    county.call("root_propose", json!({ "change": "holders", "threshold": 2 }));
    sign(county, &sticks[0], 0);
    assert_eq!(sign(county, &sticks[2], 2)["in_force"], true);
    sticks
}

fn new_ops(county: &Office, sticks: &[PathBuf]) {
    county.call("root_propose", json!({ "change": "operations", "threshold": 0 }));
    sign(county, &sticks[1], 1);
    assert_eq!(sign(county, &sticks[0], 0)["in_force"], true);
}

#[test]
fn the_root_leaves_the_countys_database_for_three_sticks_of_which_two_must_sign() {
    let place = joined();
    let (county, township) = (place.office(), place.township_a());
    let before = trust(&county);
    assert_eq!((&before["root_here"], number(&before["threshold"])), (&json!(true), 1));
    let short = json!({ "name": "主任", "password": "1234567", "folder": place.usb() });
    assert!(county.refused("holder_make", short).message.contains("至少 8"));
    let sticks = make_holders(&place, &county);
    let twice = json!({ "name": "主任", "password": "another-word", "folder": place.usb() });
    assert_eq!(county.refused("holder_make", twice).code, ErrorCode::Conflict);
    for (stick, (name, password)) in sticks.iter().zip(HOLDERS) {
        let (file, content) = (stick.file_name().unwrap().to_str().unwrap(), fs::read_to_string(stick).unwrap());
        assert!(file.is_ascii() && content.contains(name) && !content.contains(password), "{file}");
    }
    assert_eq!(trust(&county)["root_here"], true, "nothing changes before they sign");

    let many = county.refused("root_propose", json!({ "change": "holders", "threshold": 4 }));
    assert_eq!(many.code, ErrorCode::Validation);
    let drawn = county.call("root_propose", json!({ "change": "holders", "threshold": 2 }));
    assert_eq!((number(&drawn["old"]), number(&drawn["new"]), &drawn["in_force"]), (1, 0, &json!(false)));
    let wrong = county.refused("root_sign", json!({ "path": sticks[0], "password": "zhuren-mima-9" }));
    assert_eq!(wrong.code, ErrorCode::WrongPassword);
    assert_eq!(sign(&county, &sticks[0], 0)["in_force"], false);
    assert_eq!(sign(&county, &sticks[0], 0)["new"], 1, "the same holder twice is one holder");

    // The third holder signs on another PC on another day; nothing but the file goes there.
    let passed = county.call("root_write", json!({ "folder": place.usb() }))["path"].clone();
    let elsewhere = place.at_desk("elsewhere").unwrap();
    let seen = elsewhere.call("root_inspect", json!({ "path": passed }));
    let signed: Vec<&str> =
        seen["holders"].as_array().unwrap().iter().filter(|h| h["signed"] == true).map(|h| text(&h["name"])).collect();
    assert_eq!((signed, number(&seen["threshold"])), (vec!["主任"], 2));
    let request = json!({ "path": passed, "holder": sticks[2], "password": HOLDERS[2].1, "folder": place.usb() });
    let back = elsewhere.call("root_countersign", request)["path"].clone();
    assert_eq!(county.call("root_gather", json!({ "path": back }))["in_force"], true);

    let after = trust(&county);
    assert_eq!((&after["root_here"], number(&after["threshold"]), &after["pending"]), (&json!(false), 2, &json!(null)));
    let names: Vec<Value> = list(&after["holders"]).into_iter().map(|holder| holder["name"].clone()).collect();
    assert_eq!(names, ["主任", "信息科", "县医保局"]);
    assert_eq!(after["county_words"], before["county_words"], "the county's words never change");

    // The township learns it with its next bundle, and goes on as before.
    down(&place, &county, &township, A);
    assert_eq!(number(&trust(&township)["root_version"]), 2);
    save(&township, "village", None, &json!({ "name": "新村", "township": A }));
    assert_eq!(up(&place, &county, &township)["unapplied"], 0);
}

#[test]
fn a_township_that_missed_two_changes_of_the_countys_key_learns_both() {
    let place = joined();
    let (county, township) = (place.office(), place.township_a());
    let stale = write_up(&place, &township);
    let sticks = hand_over(&place, &county);
    county.call("root_propose", json!({ "change": "operations", "threshold": 0 }));
    assert_eq!(sign(&county, &sticks[1], 1)["in_force"], false);
    let second = county.refused("root_propose", json!({ "change": "operations", "threshold": 0 }));
    assert_eq!(second.code, ErrorCode::Conflict);
    assert_eq!(sign(&county, &sticks[1], 1)["in_force"], false, "one holder twice is one holder");
    assert_eq!(sign(&county, &sticks[0], 0)["in_force"], true);
    new_ops(&county, &sticks);
    assert_eq!(number(&trust(&county)["root_version"]), 4);
    assert_eq!(county.call("exchange_import", json!({ "path": stale }))["held"], 0, "a stick from before still counts");

    down(&place, &county, &township, A);
    assert_eq!(number(&trust(&township)["root_version"]), 4);
    save(&township, "village", None, &json!({ "name": "新村", "township": A }));
    up(&place, &county, &township);
    down(&place, &county, &township, A);
    assert_eq!(number(&township.call("exchange_status", json!({}))["pending"]), 0);
    // A PC that joins now is certified by the new key.
    let told = place.told_b();
    let newcomer = place.at_desk("newcomer").unwrap();
    set_up(&newcomer, "township", &place.told.name, &told.health_centre, &told.code, "李海燕");
    join(&county, &newcomer, &place.usb());
    assert_eq!(number(&trust(&newcomer)["root_version"]), 4);
}

#[test]
fn a_change_nobody_finishes_is_given_up_and_changes_nothing() {
    let place = joined();
    let county = place.office();
    let sticks = make_holders(&place, &county);
    county.call("root_propose", json!({ "change": "holders", "threshold": 3 }));
    sign(&county, &sticks[0], 0);
    county.call("root_give_up", json!({}));
    let after = trust(&county);
    assert_eq!((number(&after["root_version"]), &after["root_here"], &after["list"]), (1, &json!(true), &json!([])));
    let late = county.refused("root_sign", json!({ "path": sticks[1], "password": HOLDERS[1].1 }));
    assert_eq!(late.code, ErrorCode::NotFound);
}

/// A page of a household without what only the office that looks at it knows.
fn page(office: &Office, number: &str) -> Value {
    let mut page = office.household(number);
    for own in ["previous", "next"] {
        page[own] = Value::Null;
    }
    page
}

fn recover(place: &County, desk: &Office, files: &[Value], sticks: &[(&PathBuf, &str)]) -> Value {
    let holders: Vec<Value> =
        sticks.iter().map(|(path, password)| json!({ "path": path, "password": password })).collect();
    let request = json!({
        "files": files, "holders": holders, "unit_name": place.told.office, "operator_name": "赵建国",
        "login": LOGIN, "password": PASSWORD,
    });
    desk.call("office_recover", request)
}

#[test]
fn a_county_that_lost_its_pc_and_every_backup_gets_every_record_back_from_its_townships() {
    let place = filled();
    let (first, second) = (place.township_a(), place.township_b());
    let late;
    let sticks = {
        let county = place.office();
        let sticks = hand_over(&place, &county);
        for (township, area) in [(&first, A), (&second, B)] {
            up(&place, &county, township);
            down(&place, &county, township, area);
            assert_eq!(number(&township.call("exchange_status", json!({}))["pending"]), 0);
        }
        late = county.call("exchange_export", json!({ "folder": place.usb(), "area": A }))["files"][0].clone();
        sticks
    };
    let packs = first.call("pack_list", json!({}));
    fs::remove_dir_all(place.path("county")).unwrap();

    // Any township writes down what it knows of its county: no key, nobody's name.
    let file = |township: &Office| {
        let made = township.call("trust_write", json!({ "folder": place.usb() }))["path"].clone();
        let bytes = fs::read(text(&made)).unwrap();
        let holds = |word: &str| bytes.windows(word.len()).any(|part| part == word.as_bytes());
        assert!(!holds("王玉梅") && !holds("李海燕") && holds(&place.told.name));
        made
    };
    let files = [file(&first), file(&second)];
    // An old stick of the county comes in after that; what the file vouches for comes back all the same.
    first.call("exchange_import", json!({ "path": late }));
    let desk = place.at_desk("county-new").unwrap();
    let seen = desk.call("recovery_inspect", json!({ "files": files }));
    assert_eq!((&seen["words"], number(&seen["threshold"])), (&trust(&first)["county_words"], 2));
    assert_eq!(seen["units"], json!(["白桥镇卫生院", "青石乡卫生院"]));
    assert_eq!(seen["silent"], json!([]));
    let of_one = desk.call("recovery_inspect", json!({ "files": [files[0]] }));
    assert_eq!(of_one["silent"], json!([second.call("session_get", json!({}))["office"]["unit_name"]]));
    let request = |holders: Value| {
        json!({
            "files": files, "holders": holders, "unit_name": place.told.office, "operator_name": "赵建国",
            "login": LOGIN, "password": PASSWORD,
        })
    };
    let one = json!({ "path": sticks[0], "password": HOLDERS[0].1 });
    let refusal = desk.refused("office_recover", request(json!([one, one])));
    assert!(refusal.message.contains("需要 2 位"), "{}", refusal.message);
    assert_eq!(desk.call("setup_status", json!({}))["state"], "empty", "nothing is set up");

    let done = recover(&place, &desk, &files, &[(&sticks[0], HOLDERS[0].1), (&sticks[1], HOLDERS[1].1)]);
    assert_eq!(done["county_words"], seen["words"]);
    assert_eq!(desk.population(), [0; 4]);
    for (township, area) in [(&first, A), (&second, B)] {
        // One bundle from the new PC is enough to be believed, and the township sends everything again.
        down(&place, &desk, township, area);
        assert_eq!(number(&trust(township)["root_version"]), 3);
        assert!(number(&township.call("exchange_status", json!({}))["pending"]) > 0);
        let taken = up(&place, &desk, township);
        assert_eq!((number(&taken["held"]), number(&taken["unapplied"])), (0, 0), "{taken}");
        down(&place, &desk, township, area);
        assert_eq!(number(&township.call("exchange_status", json!({}))["pending"]), 0);
    }
    let both = |of: &dyn Fn(&Office) -> [i64; 4]| {
        let (a, b) = (of(&first), of(&second));
        [a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3]]
    };
    assert_eq!(desk.population(), both(&Office::population));
    for (told, township) in [(place.told_a(), &first), (place.told_b(), &second)] {
        for number in told.households.iter().step_by(25).map(|household| household.number.as_str()) {
            assert_eq!(page(&desk, number), page(township, number), "{number}");
        }
    }
    assert_eq!(desk.bills(false).len(), first.bills(false).len() + second.bills(false).len());
    assert_eq!(desk.call("pack_list", json!({})), packs, "what the county itself had written comes back too");
    assert_eq!(desk.call("ledger_verify", json!({}))["ok"], true);

    // The county goes on: what it says is obeyed, what its lost PC says is not.
    let pcs = list(&trust(&desk)["pcs"]);
    let lost: Vec<&Value> = pcs.iter().filter(|pc| pc["retired"] != Value::Null).collect();
    assert_eq!(lost.iter().map(|pc| &pc["county"]).collect::<Vec<_>>(), [&json!(true)]);
    let again = desk.refused("office_recover", request(json!([one])));
    assert_eq!(again.code, ErrorCode::AlreadySetUp);
}

/// The certificate of the only PC of an area.
fn pc(county: &Office, area: &str) -> Value {
    let pcs = list(&trust(county)["pcs"]);
    pcs.into_iter().find(|pc| pc["area"] == *area && pc["retired"] == Value::Null).unwrap()
}

#[test]
fn a_stolen_pc_is_believed_up_to_what_the_county_has_and_its_replacement_gets_every_family() {
    let place = filled();
    let (county, stolen) = (place.office(), place.township_a());
    let late = write_up(&place, &stolen);
    up(&place, &county, &stolen);
    let row = pc(&county, A);
    assert!(number(&row["confirmed"]) > 0 && row["last_contact"] != Value::Null, "{row}");
    let retire = |typed: &str, reason: &str| json!({ "serial": row["serial"], "stolen": true, "reason": reason, "typed": typed });
    let before = stolen.population();
    assert!(county.refused("device_retire", retire("白桥镇", "夜间被盗")).message.contains("没有停用"));
    assert!(county.refused("device_retire", retire("青石乡卫生院", "  ")).message.contains("原因"));
    county.call("device_retire", retire("青石乡卫生院", "夜间被盗"));
    assert_eq!(county.refused("device_retire", retire("青石乡卫生院", "再次")).code, ErrorCode::Conflict);

    // A stick written before the theft that arrives after it brings nothing the county has not got already.
    let taken = county.call("exchange_import", json!({ "path": late }));
    assert_eq!(number(&taken["new"]), 0, "{taken}");
    // Whoever has the PC now writes on. The bundle is kept for somebody to look at, and nothing of it is taken in.
    save(&stolen, "village", None, &json!({ "name": "贼村", "township": A }));
    let thiefs = write_up(&place, &stolen);
    let entries = county.entries();
    let refusal = county.refused("exchange_import", json!({ "path": thiefs }));
    assert_eq!((refusal.code, refusal.detail.as_deref()), (ErrorCode::BundleRejected, Some("REVOKED")));
    assert_eq!(county.entries(), entries);
    let log = list(&county.call("exchange_status", json!({}))["log"]);
    assert!(log.iter().any(|line| text(&line["outcome"]).contains("已隔离保存")), "{log:?}");
    let none = county.refused("exchange_export", json!({ "folder": place.usb(), "area": A }));
    assert_eq!(none.code, ErrorCode::NotFound, "nothing is sealed to it any more");

    let told = place.told_a();
    let new = place.at_desk("township-a-new").unwrap();
    set_up(&new, "township", &place.told.name, &told.health_centre, &told.code, "王玉梅");
    join(&county, &new, &place.usb());
    assert_eq!(new.population(), before);
    for number in told.households.iter().step_by(25).map(|household| household.number.as_str()) {
        assert_eq!(page(&new, number), page(&county, number), "{number}");
    }
    assert_eq!(new.bills(false).len(), stolen.bills(false).len());
    save(&new, "village", None, &json!({ "name": "新村", "township": A }));
    assert_eq!(number(&up(&place, &county, &new)["unapplied"]), 0);
    down(&place, &county, &new, A);
    assert_eq!(number(&new.call("exchange_status", json!({}))["pending"]), 0);
}

#[test]
fn a_retired_pc_needs_no_name_typed_and_the_county_says_what_is_known_to_be_missing() {
    let place = joined();
    let (county, township) = (place.office(), place.township_a());
    up(&place, &county, &township);
    let row = pc(&county, A);
    assert_eq!(number(&row["missing"]), 0);
    let retire = json!({ "serial": row["serial"], "stolen": false, "reason": "换了新电脑", "typed": "" });
    let forbidden = township.refused("device_retire", retire.clone());
    assert_eq!(forbidden.code, ErrorCode::NotPermitted);
    county.call("device_retire", retire);
    let rows = list(&trust(&county)["pcs"]);
    let after = rows.iter().find(|pc| pc["serial"] == row["serial"]).unwrap();
    assert_eq!(after["retired"], "停用：换了新电脑");
    let own = rows.iter().find(|pc| pc["own"] == true).unwrap();
    let own = json!({ "serial": own["serial"], "stolen": false, "reason": "试试", "typed": "" });
    assert!(county.refused("device_retire", own).message.contains("不能停用本机"));
    let townships = list(&county.call("exchange_status", json!({}))["townships"]);
    assert_eq!(townships.iter().find(|row| row["area"] == A).unwrap()["devices"], 0);
}

#[test]
fn a_pc_that_changes_its_keys_loses_nothing_written_before_meanwhile_or_after() {
    let place = filled();
    let (county, township) = (place.office(), place.township_a());
    let village = |name: &str| {
        place.world.pass(60);
        save(&township, "village", None, &json!({ "name": name, "township": A }))
    };
    up(&place, &county, &township);
    down(&place, &county, &township, A);
    village("旧钥匙村");
    let request = township.call("device_renew", json!({ "folder": place.usb() }));
    let again = township.call("device_renew", json!({ "folder": place.usb() }));
    assert_eq!(again["words"], request["words"], "asked twice, the same request");
    village("等批准村");
    assert_eq!(trust(&township)["renewing"], true);
    // A bundle written meanwhile goes out under the old keys; it arrives after the county has ended them.
    let meanwhile = write_up(&place, &township);

    let seen = county.call("enrolment_inspect", json!({ "path": request["path"] }));
    let old = pc(&county, A);
    assert_eq!(seen["renews"], old["serial"]);
    let approve = json!({ "path": request["path"], "words": request["words"], "folder": place.usb() });
    let approved = county.call("enrolment_approve", approve);
    let taken = county.call("exchange_import", json!({ "path": meanwhile }));
    assert!(number(&taken["new"]) > 0 && number(&taken["unapplied"]) == 0, "{taken}");
    township.call("enrolment_accept", json!({ "path": approved["path"], "words": "" }));
    village("新钥匙村");
    let own = trust(&township);
    assert_eq!((&own["renewing"], &own["own"]["serial"]), (&json!(false), &approved["serial"]));

    let taken = up(&place, &county, &township);
    assert_eq!((number(&taken["held"]), number(&taken["unapplied"])), (0, 0), "{taken}");
    down(&place, &county, &township, A);
    assert_eq!(number(&township.call("exchange_status", json!({}))["pending"]), 0);
    assert_eq!(county.call("village_list", json!({})), township.call("village_list", json!({})));
    assert_eq!(county.population(), township.population());
    let names = county.call("village_list", json!({})).to_string();
    assert!(["旧钥匙村", "等批准村", "新钥匙村"].iter().all(|name| names.contains(name)), "{names}");
    let rows = list(&trust(&county)["pcs"]);
    let ended = rows.iter().find(|pc| pc["serial"] == old["serial"]).unwrap();
    assert_eq!(ended["retired"], "更换密钥");
    // The PC still answers for its own operators.
    let operator = json!({ "login": "xin", "name": "新同事", "role": "clerk", "password": "mingbai-xin" });
    township.call("operator_add", operator);
    assert_eq!(number(&up(&place, &county, &township)["unapplied"]), 0);
    let code = text(&township.call("recovery_renew", json!({}))["recovery_code"]).to_owned();
    assert!(code.len() >= 20);
}
