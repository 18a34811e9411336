//! Lists of other offices: whole or not at all, on this PC alone, and gone without a trace when they are taken off it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use common::Office;
use mingbai_store::{NewOutsideList, OutsidePerson, sound};

fn list(source: &str, digest: u8) -> NewOutsideList {
    NewOutsideList {
        source: source.to_owned(),
        as_of: chrono::NaiveDate::from_ymd_opt(2026, 10, 31),
        file: "名单.xlsx".to_owned(),
        digest: [digest; 32],
        taken_millis: 1_790_000_000_000,
        about: b"about".to_vec(),
    }
}

fn people(names: &[&str]) -> Vec<OutsidePerson> {
    let one = |name: &&str| OutsidePerson { name: (*name).to_owned(), sound: sound(name), ..OutsidePerson::default() };
    names.iter().map(one).collect()
}

#[test]
fn a_list_is_read_back_in_the_order_of_its_file_and_the_same_file_replaces_itself() {
    let mut office = Office::township();
    let told = people(&["张三", "李四", "王五"]);
    office.store.keep_outside(&list("poverty", 1), &people(&["赵六"])).unwrap();
    let kept = office.store.keep_outside(&list("poverty", 1), &told).unwrap();
    office.store.keep_outside(&list("insurer", 1), &told[..1]).unwrap();
    let mut office = office.reopen();
    let lists = office.store.read().outside_lists().unwrap();
    assert_eq!(lists.iter().map(|list| list.rows).collect::<Vec<_>>(), [1, 3]);
    assert_eq!(lists[1].list, list("poverty", 1));
    assert_eq!(office.store.read().outside_people(kept).unwrap(), told);
    office.store.forget_outside(kept).unwrap();
    assert_eq!(office.store.read().outside_people(kept).unwrap(), []);
    assert_eq!(office.store.read().outside_lists().unwrap().len(), 1);
}

#[test]
fn a_list_writes_no_entry_and_stands_in_no_table_that_travels() {
    let mut office = Office::township();
    let before = (office.store.read().heads().unwrap(), office.store.read().digests().unwrap());
    office.store.keep_outside(&list("civil", 7), &people(&["张三"])).unwrap();
    assert_eq!((office.store.read().heads().unwrap(), office.store.read().digests().unwrap()), before);
}

#[test]
fn names_that_sound_alike_have_one_sound() {
    assert_eq!(sound("张建国"), sound("章建国"));
    assert_eq!(sound("张三"), "zhangsan");
    assert_ne!(sound("张三"), sound("张珊"));
}
