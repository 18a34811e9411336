//! Tables damaged behind the program's back: found by checking, told again from the log, and nothing else touched.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use common::{Office, household, person};
use mingbai_domain::catalogue::{Household, Membership, Person, Record};
use mingbai_store::{LogRole, Verification};
use rusqlite::Connection;

/// What somebody with the key and a database program could do while nobody looks.
fn behind_the_programs_back(office: &Office, statements: &str) {
    let conn = Connection::open(&office.path).unwrap();
    conn.execute_batch(&format!("pragma key = \"x'{}'\"; {statements}", "5a".repeat(32))).unwrap();
}

fn differing(found: &Verification) -> Vec<&'static str> {
    found.tables.iter().filter(|table| table.differences > 0 || !table.digest_agrees).map(|table| table.table).collect()
}

/// actualbudget/actual-server#44, #4, #23: out of sync, the repair fails and the reset loses data.
#[test]
fn actual_server_44_tables_damaged_behind_the_programs_back_are_told_again_from_the_log_without_a_loss() {
    let (mut office, mut county) = (Office::township(), Office::new(7, LogRole::County));
    let (home, head) = office
        .act("import_roster", |txn| {
            let home = txn.insert(None, &household("0001"))?;
            let head = txn.insert(None, &person("张三丰"))?;
            let stay = Membership { household: Some(home), person: Some(head), ..Membership::default() };
            txn.insert(None, &stay)?;
            (0..40).try_for_each(|n| txn.insert(None, &person(&format!("孙{n}"))).map(|_| ()))?;
            Ok((home, head))
        })
        .unwrap()
        .value;
    county.receive(&office, 1);
    county.act("record_save", |txn| txn.update(head, &person("张三峰"))).unwrap();
    office.act("record_save", |txn| txn.update(head, &person("张叁丰"))).unwrap();
    office.receive(&county, 1);
    let held = |office: &Office| {
        let reading = office.store.read();
        let people = reading.all::<Person>().unwrap();
        let found: Vec<_> = reading.search("zsf", 10).unwrap().into_iter().map(|hit| hit.record).collect();
        let conflicts = reading.conflicts(10).unwrap();
        (people, reading.all::<Membership>().unwrap(), found, conflicts, reading.digests().unwrap())
    };
    let (before, own) = (held(&office), office.store.own_log().unwrap());
    assert_eq!(before.3.len(), 1, "a conflict that waits is part of what must come back");

    behind_the_programs_back(
        &office,
        "update person set name = '李四' where name like '孙1%'; delete from membership; delete from conflict;
         insert into search_key (key, record_type, record, kind) select 'zsf', 2, id, 2 from person where name = '孙2';
         update digest set sum = zeroblob(32) where record_type = 1; delete from household;",
    );
    assert!(office.store.read().get::<Household>(home).unwrap().is_none());
    let found = office.store.verify().unwrap();
    assert!(found.chains.is_empty() && found.integrity.is_empty(), "the log itself is whole: {found:?}");
    let mut tables = differing(&found);
    tables.sort_unstable();
    assert_eq!(tables, ["conflict", "digest", "household", "membership", "person", "search_key"]);

    let folded = office.store.rebuild().unwrap();
    assert_eq!(folded, office.store.read().counts().unwrap().applied, "every applied entry");
    assert!(office.store.verify().unwrap().is_sound());
    assert_eq!(held(&office), before);
    assert_eq!(office.store.own_log().unwrap(), own, "nothing was written, nothing has to be sent");
    let office = office.reopen();
    let history = office.store.read().history(Person::TYPE.id, head).unwrap();
    assert_eq!(history.len(), 3, "and who wrote what is all still there");
}
