//! What breaks: the centre, a PC, a table, a file, a version. Nothing of it may cost a record.

use std::fs;
use std::path::Path;

use mingbai_app::ErrorCode;
use mingbai_app::demo::FLAGSHIP;
use mingbai_ledger::{EntryKind, Op};
use mingbai_store::{Author, FeedEntry, Store, Vault};
use mingbai_tests::offices::{
    LOGIN, Office, PASSWORD, copy, empty_county, join, list, number, save, set_up, sources, text,
};
use mingbai_tests::rounds::{backup, change, field, head_of, restore, send_down, send_up, settled};
use serde_json::{Value, json};

use crate::{A, B, filled, open_conflicts, sound, township_row};

fn unit(office: &Office) -> String {
    text(&office.call("session_get", json!({}))["office"]["unit_name"]).to_owned()
}

fn status(office: &Office) -> Value {
    office.call("exchange_status", json!({}))
}

/// OpenSID#4050: clerks put an Excel *import* into *Restore*, and the whole database was gone.
#[test]
fn opensid_4050_a_sheet_put_into_restore_wipes_nothing() {
    let place = filled();
    let office = place.township_a();
    let person = head_of(&office, FLAGSHIP);
    let roster = sources(place.told_a()).into_iter().find(|file| file.later).unwrap();
    let sheet = place.put(&roster);
    let saved = backup(&office);
    place.world.pass(60);
    change(&office, &person, &json!({ "work_place": "备份以后填的" }));
    let (before, entries) = (office.population(), office.entries());
    let ask = |path: &Path, named: &str| {
        let secret = json!({ "path": path, "login": LOGIN, "secret": PASSWORD, "recovery": false, "unit_name": named });
        office.refused("restore_office", secret)
    };
    let refusal = ask(&sheet, "青石乡卫生院");
    assert!(refusal.message.contains("这是表格") && refusal.message.contains("导入名单"), "{}", refusal.message);
    // The same sheet under a backup's name, between the two other parts of a real backup, is seen through as well.
    let dressed = place.path("U盘");
    fs::create_dir_all(&dressed).unwrap();
    for part in ["keys.json", "office.json"] {
        fs::copy(saved.with_extension(part), dressed.join(format!("明白账备份_1.{part}"))).unwrap();
    }
    fs::write(dressed.join("明白账备份_1.db"), &roster.bytes).unwrap();
    let refusal = ask(&dressed.join("明白账备份_1.db"), "青石乡卫生院");
    assert_eq!(refusal.code, ErrorCode::DatabaseDamaged, "{refusal:?}");
    // A true backup asks for the unit's name, letter by letter.
    assert_eq!(ask(&saved, "").fields[0].field, "unit_name");
    assert_eq!((office.population(), office.entries()), (before, entries), "nothing was touched");
    assert_eq!(field(&office, &person, "work_place"), "备份以后填的");
    // A backup does not pass for a sheet, and the sheet does what the clerk had meant where it belongs.
    let wrong = json!({ "kind": "roster", "path": saved, "dry_run": true });
    assert_eq!(office.refused("import_sheet", wrong).code, ErrorCode::NotASheet);
    assert_eq!(number(&office.import("roster", &sheet, true)["counts"]["new"]), 3);

    // Restored in earnest, what stood there is moved aside, and the way back is the same.
    let done = restore(&office, &saved, "青石乡卫生院");
    assert_eq!(field(&office, &person, "work_place"), "");
    restore(&office, &Path::new(text(&done["kept"])).join("mingbai.db"), "青石乡卫生院");
    assert_eq!(field(&office, &person, "work_place"), "备份以后填的");
}

/// cht-core#8093: the server was restored from its backup, and no client ever sent again what it had confirmed since.
#[test]
fn cht_core_8093_after_the_county_is_restored_the_townships_send_again() {
    let place = filled();
    let (county, township) = (place.office(), place.township_a());
    let saved = backup(&county);
    settled(&place, &county, &township, A);
    let (full, confirmed) = (county.population(), number(&status(&township)["confirmed_entries"]));
    assert!(confirmed > 0 && full != [0; 4]);
    place.world.pass(3_600);
    restore(&county, &saved, &unit(&county));
    assert_eq!(county.population(), [0; 4], "what came after the backup is gone");

    // The township knows nothing of it and sends only what is new: that waits, and the county sees how much is missing.
    let person = head_of(&township, FLAGSHIP);
    change(&township, &person, &json!({ "work_place": "恢复以后填的" }));
    let first = send_up(&place, &county, &township);
    assert_eq!((number(&first["new"]), number(&first["held"])), (0, number(&first["entries"])), "{first}");
    assert!(number(&first["held"]) > 0);
    assert_eq!(number(&township_row(&county, A)["missing"]), confirmed);
    let gap = list(&status(&county)["missing"]);
    assert!(gap.iter().map(text).any(|line| line.starts_with("缺：")), "{gap:?}");

    // The county's next word takes its confirmation back, and everything goes again by itself.
    send_down(&place, &county, &township, A);
    assert!(number(&status(&township)["pending"]) >= confirmed, "no longer shown as confirmed");
    let again = send_up(&place, &county, &township);
    assert!(number(&again["entries"]) >= confirmed, "{again}");
    send_down(&place, &county, &township, A);
    assert_eq!((county.population(), field(&county, &person, "work_place").as_str()), (full, "恢复以后填的"));
    let row = township_row(&county, A);
    assert_eq!((number(&row["missing"]), number(&status(&township)["pending"])), (0, 0), "{row}");
    assert_eq!(open_conflicts(&county), Vec::<Value>::new());
    sound(&county);
    sound(&township);
}

/// actual-server#44, #4, #23: out of sync, "repair" failed, and "reset" lost data.
#[test]
fn actual_server_44_every_table_is_verified_and_told_again_from_the_log_and_nothing_else_changes() {
    let place = filled();
    let (county, office) = (place.office(), place.township_a());
    settled(&place, &county, &office, A);
    change(&office, &head_of(&office, FLAGSHIP), &json!({ "work_place": "还没有发走的" }));
    let seen = |office: &Office| {
        json!([
            office.household(FLAGSHIP),
            office.bills(false),
            office.population(),
            open_conflicts(office),
            office.call("desk_get", json!({}))["items"],
            status(office),
            office.call("search", json!({ "text": "zfs", "limit": 20 })),
        ])
    };
    let before = seen(&office);
    let verified = office.call("ledger_verify", json!({}));
    let done = office.call("ledger_rebuild", json!({}));
    assert_eq!(done["verified"], verified, "sound before and after, with the same log");
    assert_eq!((&done["folded"], &verified["ok"]), (&verified["entries"], &json!(true)), "every entry was folded");
    for table in list(&verified["tables"]) {
        let label = text(&table["label"]);
        assert!(!label.is_ascii(), "a clerk can read which table differs: {label}");
    }
    assert_eq!(seen(&office), before);
    settled(&place, &county, &office, A);

    // It is the head's to do, as restoring is; looking is everybody's.
    let clerk = json!({ "login": "clerk", "name": "小张", "role": "clerk", "password": PASSWORD });
    office.call("operator_add", clerk);
    office.call("session_lock", json!({}));
    office.call("session_login", json!({ "login": "clerk", "password": PASSWORD }));
    assert_eq!(office.refused("ledger_rebuild", json!({})).code, ErrorCode::NotPermitted);
    sound(&office);
}

/// actual#22: looking at the demo overwrote the real budget.
#[test]
fn actual_22_training_data_lie_apart_and_never_meet_the_real_register() {
    let school = filled();
    let place = empty_county(22);
    let real = place.at_desk("county").unwrap();
    set_up(&real, "county", "真县", "真县办公室", "150121", "孙某");
    let township = place.at_desk("township").unwrap();
    set_up(&township, "township", "真县", "真乡卫生院", "150121101", "李某");
    join(&real, &township, &place.usb());
    save(&township, "village", None, &json!({ "code": "150121101001", "name": "真村", "township": "150121101" }));
    let villages = |office: &Office| office.call("village_list", json!({}));
    let (before, entries) = (villages(&township), township.entries());

    // Somebody looks at the demo, works in it, and carries its files to the real PCs.
    let demo = school.township_a();
    save(&demo, "village", None, &json!({ "code": "159901201997", "name": "假村", "township": A }));
    let up = demo.call("exchange_export", json!({ "folder": place.usb(), "area": null }));
    let saved = backup(&demo);
    for office in [&real, &township] {
        let refusal = office.refused("exchange_import", json!({ "path": up["files"][0] }));
        assert_eq!(refusal.detail.as_deref(), Some("OTHER_COUNTY"), "{refusal:?}");
    }
    let request = json!({
        "path": saved, "login": LOGIN, "secret": PASSWORD, "recovery": false, "unit_name": "青石乡卫生院",
    });
    let refusal = township.refused("restore_office", request);
    assert!(refusal.message.contains("不是本机单位的") && refusal.message.contains("没有变"), "{}", refusal.message);
    assert_eq!((villages(&township), township.entries()), (before, entries));
    let training = |office: &Office| office.call("session_get", json!({}))["office"]["training"].clone();
    assert_eq!((training(&demo), training(&township)), (json!(true), json!(false)), "the window has another colour");
    assert_ne!(demo.folder, township.folder, "one folder an office, held by one program at a time");
    assert!(place.at_desk("township").is_err_and(|refusal| refusal.code == ErrorCode::DatabaseLocked));
    sound(&township);
}

/// Tangerine#279: a tablet breaks, and its data should go on by card on another device.
#[test]
fn tangerine_279_a_broken_pc_is_continued_on_a_new_one_from_the_stick() {
    let place = filled();
    let (county, broken) = (place.office(), place.township_a());
    settled(&place, &county, &broken, A);
    let stick = place.path("stick");
    fs::create_dir_all(&stick).unwrap();
    broken.call("backup_make", json!({ "folder": stick }));
    let person = head_of(&broken, FLAGSHIP);
    // Two days' work after the rescue set: the first reached the county, the second is only in a bundle on the stick.
    place.world.pass(86_400);
    change(&broken, &person, &json!({ "work_place": "第一天填的" }));
    settled(&place, &county, &broken, A);
    place.world.pass(86_400);
    change(&broken, &person, &json!({ "health": "第二天填的" }));
    let last = broken.call("exchange_export", json!({ "folder": stick, "area": null }));
    let population = broken.population();
    drop(broken);

    let new = place.at_desk("new-pc").unwrap();
    let found = list(&new.call("restore_list", json!({ "folder": stick }))["rows"]);
    assert_eq!((found.len(), &found[0]["unit_name"]), (1, &json!("青石乡卫生院")), "the stick holds one rescue set");
    restore(&new, Path::new(text(&found[0]["path"])), "青石乡卫生院");
    assert_eq!(field(&new, &person, "work_place"), "", "this is the day of the backup");
    county.call("exchange_import", json!({ "path": last["files"][0] }));
    // One round, in which the county hears what the new PC does not have.
    send_down(&place, &county, &new, A);
    settled(&place, &county, &new, A);
    let now = |office: &Office| [field(office, &person, "work_place"), field(office, &person, "health")];
    assert_eq!(now(&new), ["第一天填的", "第二天填的"], "both days came back from where they had got to");
    assert_eq!((now(&county), new.population()), (now(&new), population));

    // Work goes on; and the old PC, repaired after all, does no harm.
    change(&new, &person, &json!({ "work_place": "新电脑上填的" }));
    settled(&place, &county, &new, A);
    let repaired = place.township_a();
    send_up(&place, &county, &repaired);
    send_down(&place, &county, &repaired, A);
    for office in [&county, &new, &repaired] {
        assert_eq!(field(office, &person, "work_place"), "新电脑上填的");
        assert_eq!(open_conflicts(office), Vec::<Value>::new());
        sound(office);
    }
}

/// commcare-android#2289, #1823, Tangerine#1764: one bad record blocked everything behind it, or was deleted to get on.
#[test]
fn commcare_2289_one_bad_bundle_and_one_bad_record_block_no_other_and_are_kept_with_their_reason() {
    let place = filled();
    let (county, first, second) = (place.office(), place.township_a(), place.township_b());
    // One record of the first township cannot stand: its village lies in somebody else's area.
    drop(first);
    let profile = place.path("township-a").join("office.json");
    let told = fs::read_to_string(&profile).unwrap();
    fs::write(&profile, told.replace(A, "159901202")).unwrap();
    let first = place.township_a();
    save(&first, "village", None, &json!({ "name": "外乡村", "code": "159901202099" }));
    let mut files = Vec::new();
    for office in [&first, &second] {
        let up = office.call("exchange_export", json!({ "folder": place.usb(), "area": null }));
        files.push(text(&up["files"][0]).to_owned());
    }
    let whole = fs::read(&files[1]).unwrap();
    for (name, bytes) in [("断了.mbx", &whole[..whole.len() / 2]), ("信.mbx", "各位领导好。".as_bytes())] {
        let path = place.path(name);
        fs::write(&path, bytes).unwrap();
        files.insert(0, path.display().to_string());
    }

    let taken: Vec<_> = files.iter().map(|path| county.app.rpc("exchange_import", json!({ "path": path }))).collect();
    assert_eq!(taken.iter().map(Result::is_ok).collect::<Vec<_>>(), [false, false, true, true]);
    let of_first = taken[2].as_ref().unwrap();
    assert_eq!((number(&of_first["unapplied"]), number(&of_first["held"])), (1, 0), "{of_first}");
    let sum = |office: &Office| office.population().into_iter().zip(second.population()).map(|(a, b)| a + b);
    assert_eq!(county.population().to_vec(), sum(&first).collect::<Vec<_>>(), "everybody is there");
    let log = list(&status(&county)["log"]);
    let kept = log.iter().filter(|row| text(&row["outcome"]).contains("拒收，已隔离保存")).count();
    assert_eq!(
        (kept, fs::read_dir(county.folder.join("隔离")).unwrap().count()),
        (2, 2),
        "kept whole, with the reason"
    );
    // Whoever wrote the bad record is told which and why; nothing behind it waits.
    send_down(&place, &county, &first, A);
    let lines = list(&status(&first)["missing"]);
    assert!(lines.iter().map(text).any(|line| line.contains("未采用") && line.contains("159901202099")), "{lines:?}");
    assert_eq!(number(&status(&first)["pending"]), 0);
    assert_eq!(number(&township_row(&county, B)["missing"]), 0);
    sound(&county);
}

/// joplin#5293, avni-client#988: an upgrade ruined data, and older exports could not be read any more.
#[test]
fn joplin_5293_what_a_newer_version_wrote_is_kept_and_said_and_stops_nothing() {
    let place = filled();
    let (county, township) = (place.office(), place.township_a());
    settled(&place, &county, &township, A);
    let person = head_of(&township, FLAGSHIP);
    // The township's PC was upgraded first: between two ordinary edits its program writes what ours does not know yet.
    change(&township, &person, &json!({ "work_place": "升级前填的" }));
    let folder = township.folder.clone();
    drop(township);
    of_a_later_version(&folder);
    let township = place.township_a();
    change(&township, &person, &json!({ "work_place": "升级后填的" }));
    let taken = send_up(&place, &county, &township);
    assert_eq!((number(&taken["deferred"]), number(&taken["unapplied"]), number(&taken["held"])), (1, 0, 0), "{taken}");
    assert!(text(&taken["conservation"]).contains("待升级 1"), "{taken}");
    assert_eq!(field(&county, &person, "work_place"), "升级后填的", "what can be read is read");
    send_down(&place, &county, &township, A);
    let lines = list(&status(&township)["missing"]);
    assert!(lines.iter().map(text).any(|line| line.starts_with("县里收到、待县里升级后采用")), "{lines:?}");

    // A whole file of a later format says so, is kept as it is, and the exchange goes on.
    let up = township.call("exchange_export", json!({ "folder": place.usb(), "area": null }));
    let mut bytes = fs::read(text(&up["files"][0])).unwrap();
    bytes[10..12].copy_from_slice(&2_u16.to_be_bytes());
    let later = place.path("later.mbx");
    fs::write(&later, &bytes).unwrap();
    let refusal = county.refused("exchange_import", json!({ "path": later }));
    assert_eq!(refusal.detail.as_deref(), Some("NEEDS_NEWER_APP"), "{refusal:?}");
    assert!(refusal.message.contains("升级"), "{}", refusal.message);
    let mut kept = fs::read_dir(county.folder.join("隔离")).unwrap().flatten();
    assert!(kept.any(|file| fs::read(file.path()).unwrap() == bytes), "kept for the day after the upgrade");
    county.call("exchange_import", json!({ "path": up["files"][0] }));
    sound(&county);

    // And a database of a later version is left alone by an earlier program.
    let newer = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/newer-version");
    copy(&newer, &place.path("newer")).unwrap();
    let early = place.at_desk("newer").unwrap();
    let refusal = early.refused("session_login", json!({ "login": LOGIN, "password": PASSWORD }));
    assert_eq!(refusal.code, ErrorCode::DatabaseTooNew);
    assert_eq!(fs::read(newer.join("mingbai.db")).unwrap(), fs::read(place.path("newer").join("mingbai.db")).unwrap());
}

/// Writes an operation that no version knows yet into the own log of an office nobody has open.
fn of_a_later_version(folder: &Path) {
    let mut vault = Vault::open(&folder.join("keys.json")).unwrap();
    let key = vault.unlock(LOGIN, PASSWORD, 0).unwrap();
    let mut store = Store::open(&folder.join("mingbai.db"), &key).unwrap();
    let own = store.own_log().unwrap().log;
    let author = Author { actor: None, wall_millis: 0, random: &|_: &mut [u8]| {} };
    let entry = FeedEntry {
        kind: EntryKind::Transaction,
        ops: vec![Op::Unknown(vec![0x82, 0x18, 0x63, 0x01])],
        refs: Vec::new(),
        origin: None,
        original: None,
        action: "record_save".to_owned(),
    };
    store.commit(&author, "record_save", None, |txn| txn.append(&own, entry)).unwrap();
}
