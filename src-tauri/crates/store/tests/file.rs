//! The file: keys, versions, secrecy, backups, damage.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use common::{Office, all_bytes, contains, key, person};
use mingbai_domain::catalogue::Person;
use mingbai_store::{DatabaseKey, Identity, LogRole, Store, StoreError, verify_backup};

const NAME: &str = "欧阳娜娜测试";
const CITIZEN_ID: &str = "15990119491231002X";

#[test]
fn a_wrong_key_a_foreign_file_and_a_missing_file_are_told_apart() {
    let office = Office::township();
    let wrong = DatabaseKey::from_bytes([1; 32]);
    assert!(matches!(Store::open(&office.path, &wrong), Err(StoreError::WrongKey)));
    let other = office.directory.path().join("letter.txt");
    std::fs::write(&other, "SQLite format 3\0这不是数据库".repeat(400)).unwrap();
    assert!(matches!(Store::open(&other, &key()), Err(StoreError::NotADatabase)));
    assert!(matches!(Store::open(&office.directory.path().join("none.db"), &key()), Err(StoreError::Missing)));
    let identity = Identity { genesis: common::genesis(2), role: LogRole::Township };
    assert!(matches!(Store::create(&office.path, &key(), &identity), Err(StoreError::AlreadyExists)));
    assert!(Store::open(&office.path, &key()).is_ok(), "nothing of this changed the file");
}

#[test]
fn no_name_and_no_id_can_be_read_from_the_files() {
    let mut office = Office::township();
    office
        .act("person_save", |txn| txn.insert(None, &Person { citizen_id: Some(CITIZEN_ID.into()), ..person(NAME) }))
        .unwrap();
    office.store.set_secret("signing", b"canary-of-the-signing-key").unwrap();
    let check = |when: &str, office: &Office| {
        let bytes = all_bytes(office.directory.path());
        assert!(bytes.len() > 4096, "{when}");
        for needle in [NAME.as_bytes(), CITIZEN_ID.as_bytes(), b"SQLite format 3", b"canary-of", b"create table"] {
            assert!(!contains(&bytes, needle), "{when}: {}", String::from_utf8_lossy(needle));
        }
    };
    check("while the write-ahead log stands", &office);
    office.store.verify().unwrap();
    check("after a check", &office);
    let office = office.reopen();
    check("after closing", &office);
    assert_eq!(office.store.secret("signing").unwrap().unwrap().as_slice(), b"canary-of-the-signing-key");
    assert!(office.store.secret("other").unwrap().is_none());
}

#[test]
fn a_backup_is_one_encrypted_file_that_opens_and_holds_everything() {
    let mut office = Office::township();
    let id = office.act("person_save", |txn| txn.insert(None, &person(NAME))).unwrap().value;
    let target = office.directory.path().join("backup.mbk");
    office.store.backup_to(&target).unwrap();
    office.act("person_save", |txn| txn.insert(None, &person("后来的人"))).unwrap();
    assert!(matches!(office.store.backup_to(&target), Err(StoreError::AlreadyExists)));
    let facts = verify_backup(&target, &key()).unwrap();
    assert_eq!(facts.entries, 1);
    assert!(!contains(&std::fs::read(&target).unwrap(), NAME.as_bytes()));
    assert!(matches!(verify_backup(&target, &DatabaseKey::from_bytes([1; 32])), Err(StoreError::WrongKey)));
    let mut restored = Store::open(&target, &key()).unwrap();
    assert_eq!(restored.read().get::<Person>(id).unwrap().unwrap().record.name.as_deref(), Some(NAME));
    assert!(restored.verify().unwrap().is_sound());
}

#[test]
fn a_flipped_byte_in_a_backup_is_found() {
    let mut office = Office::township();
    office
        .act("roster_import", |txn| (0..500).try_for_each(|n| txn.insert(None, &person(&format!("孙{n}"))).map(|_| ())))
        .unwrap();
    let target = office.directory.path().join("backup.mbk");
    office.store.backup_to(&target).unwrap();
    let good = std::fs::read(&target).unwrap();
    for place in [5000, good.len() / 2, good.len() - 100] {
        let mut bad = good.clone();
        bad[place] ^= 1;
        let path = office.directory.path().join("bad.mbk");
        std::fs::write(&path, bad).unwrap();
        assert!(verify_backup(&path, &key()).is_err(), "byte {place}");
    }
}

#[test]
fn a_log_continued_after_a_restore_keeps_what_was_there() {
    let mut office = Office::township();
    let id = office.act("person_save", |txn| txn.insert(None, &person("周七"))).unwrap().value;
    let old = office.store.own_log().unwrap();
    let next = mingbai_ledger::Genesis { nonce: [77; 16], continues: Some(old), ..common::genesis(1) };
    office.store.rotate_log(&next).unwrap();
    office.act("person_save", |txn| txn.update(id, &person("周柒"))).unwrap();
    assert_eq!(office.store.own_log().unwrap().log, next.log_id());
    let history = office.store.read().history(<Person as mingbai_domain::catalogue::Record>::TYPE.id, id);
    assert_eq!(history.unwrap().len(), 2);
    assert!(office.store.read().conflicts(10).unwrap().is_empty());
    assert!(office.store.verify().unwrap().is_sound());
}
