//! A full disk. For the register it is a real one of 32 MB; for files handed out it is `/dev/full`, which refuses every
//! byte as a full disk does, so that the file about to be written is made to lead there.
#![cfg(target_os = "linux")]

use std::fs;
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use mingbai_app::ErrorCode;
use mingbai_app::demo::FLAGSHIP;
use mingbai_tests::offices::{LOGIN, Office, PASSWORD, copy, list, sources};
use serde_json::json;

use crate::{filled, holds, told, written};

/// From now on what is written under this name meets a full disk.
fn full(path: &Path) {
    drop(fs::remove_file(path));
    symlink("/dev/full", path).unwrap();
}

/// Set for the copy of a test that runs inside a mount of its own, to the folder of its small disk.
const SMALL_DISK: &str = "MINGBAI_TEST_SMALL_DISK";
/// What the shell answers when the system lets nobody mount anything.
const NO_MOUNT: i32 = 77;

/// Runs the named test once more with a disk of 32 MB, which nobody else sees. Where the system allows no mounts there
/// is nothing to run: then the store's own test of a full database file stands alone.
fn with_a_small_disk(test: &str) {
    let place = tempfile::tempdir().unwrap();
    let script =
        format!("mount -t tmpfs -o size=32m none \"${SMALL_DISK}\" || exit {NO_MOUNT}; exec \"$0\" --exact {test}");
    let program = std::env::current_exe().unwrap();
    let ran = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", &script])
        .arg(program)
        .env(SMALL_DISK, place.path())
        .output();
    match ran {
        Ok(output) if output.status.success() => {
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(said.contains("1 passed"), "the named test did not run: {said}");
        }
        Ok(output) if output.status.code() == Some(NO_MOUNT) || output.stderr.starts_with(b"unshare:") => {
            println!("no mounts here: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(output) => panic!("{}", String::from_utf8_lossy(&[output.stdout, output.stderr].concat())),
        Err(error) => println!("no unshare here: {error}"),
    }
}

/// Writes until nothing more fits.
fn fill_up(folder: &Path) -> PathBuf {
    let path = folder.join("filler");
    let mut file = fs::File::create(&path).unwrap();
    let block = [7_u8; 4096];
    while file.write_all(&block).is_ok() {}
    path
}

#[test]
fn a_full_disk_refuses_every_save_changes_nothing_and_keeps_nobody_from_reading() {
    let Ok(disk) = std::env::var(SMALL_DISK) else {
        let name = "disk::a_full_disk_refuses_every_save_changes_nothing_and_keeps_nobody_from_reading";
        return with_a_small_disk(name);
    };
    let place = filled();
    let folder = Path::new(&disk).join("office");
    copy(&place.path("township-b"), &folder).unwrap();
    let office = Office::at(&folder, &place.world).unwrap();
    office.log_in();
    let told_of = &place.told_b().households[0];
    let person = list(&office.household(&told_of.number)["members"])[0]["id"].clone();
    let (before, page) = (holds(&office), office.household(&told_of.number));
    let later = sources(place.told_b()).into_iter().find(|file| file.later).unwrap();
    let import = json!({ "kind": "roster", "path": place.put(&later), "dry_run": false });
    let save = json!({
        "table": "person", "id": person, "household": null, "fields": { "work_place": "邻县工地" }, "reason": null,
    });
    let filler = fill_up(Path::new(&disk));
    // What the journal still has room for may be written; sooner or later nothing more is.
    let refusal = office.refused("import_sheet", import.clone());
    told(&refusal, ErrorCode::DiskFull, &["原有数据没有改动"], &["请腾出空间"]);
    assert_eq!(office.household(&told_of.number), page, "reading goes on");
    let backup = office.refused("backup_make", json!({ "folder": null }));
    assert_eq!(backup.code, ErrorCode::DiskFull, "{backup:?}");
    fs::remove_file(filler).unwrap();
    assert_eq!(holds(&office), before);
    assert_eq!(office.call("import_sheet", import)["counts"]["rejected"], 5);
    office.call("record_save", save);
    assert_eq!(office.call("ledger_verify", json!({}))["ok"], true);

    // The next day, again without room: the password cannot be tried, because a failure could not be noted.
    office.call("session_lock", json!({}));
    place.world.pass(86_400);
    let filler = fill_up(Path::new(&disk));
    let refusal = office.refused("session_login", json!({ "login": LOGIN, "password": PASSWORD }));
    told(&refusal, ErrorCode::DiskFull, &["原有数据没有改动"], &["请腾出空间"]);
    // With room for that but not for the day's backup, work goes on and no half backup is left.
    fs::remove_file(filler).unwrap();
    let backups = || fs::read_dir(folder.join("备份")).unwrap().count();
    let kept = backups();
    let filler = fill_up(Path::new(&disk));
    let short = fs::metadata(&filler).unwrap().len() - 256 * 1024;
    fs::File::options().write(true).open(&filler).unwrap().set_len(short).unwrap();
    office.log_in();
    assert_eq!(backups(), kept);
    assert_eq!(office.call("person_get", json!({ "id": person }))["work_place"], "邻县工地");
}

#[test]
fn an_export_to_a_full_stick_leaves_no_half_bundle_and_the_next_one_carries_everything() {
    let Ok(disk) = std::env::var(SMALL_DISK) else {
        let name = "disk::an_export_to_a_full_stick_leaves_no_half_bundle_and_the_next_one_carries_everything";
        return with_a_small_disk(name);
    };
    let place = filled();
    let office = place.township_a();
    let stick = Path::new(&disk);
    let request = json!({ "folder": stick, "area": null });
    let filler = fill_up(stick);
    let refusal = office.refused("exchange_export", request.clone());
    told(&refusal, ErrorCode::DiskFull, &["原有数据没有变"], &["请腾出空间"]);
    let left: Vec<PathBuf> = fs::read_dir(stick).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(left, std::slice::from_ref(&filler), "nothing half-written stays");
    let log = office.call("exchange_status", json!({}))["log"].clone();
    assert_eq!(log[0]["outcome"], "没有写成文件，请再导出一次", "nobody waits for what does not exist");
    fs::remove_file(filler).unwrap();
    let again = office.call("exchange_export", request);
    let county = place.office();
    county.call("exchange_import", json!({ "path": again["files"][0] }));
    assert_eq!(county.population(), office.population());
}

#[test]
fn cards_and_tables_that_find_the_disk_full_are_not_recorded_as_issued() {
    let place = filled();
    let office = place.township_a();
    let household = office.household(FLAGSHIP)["id"].clone();
    let out = office.folder.join("输出");
    fs::create_dir_all(&out).unwrap();
    let request = json!({ "village": null, "household": household, "changed_only": false, "record": true });
    full(&out.join(format!("明白卡_{FLAGSHIP}_张福山_20261121.pdf.part")));
    let before = written(&office);
    let refusal = office.refused("card_print", request.clone());
    told(&refusal, ErrorCode::DiskFull, &["原有数据没有变"], &["请腾出空间"]);
    assert!(refusal.message.contains("张福山"), "{}", refusal.message);
    assert_eq!((written(&office), &office.household(FLAGSHIP)["card"]), (before, &json!(null)));

    full(&out.join("建档立卡人口大病、慢性病患病情况统计表_20261121.xlsx.part"));
    let refusal = office.refused("report_write", json!({ "key": "disease_by_village" }));
    told(&refusal, ErrorCode::DiskFull, &["原有数据没有变"], &["请腾出空间"]);
    assert_eq!(fs::read_dir(&out).unwrap().count(), 0);
    assert_eq!(office.call("card_print", request)["households"], 1, "with room it is printed");
}
