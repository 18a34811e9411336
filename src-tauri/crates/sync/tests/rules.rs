//! What a township may write at the county, and what of the county's writes reaches which township.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use std::collections::BTreeMap;

use common::{A, B, exchange, family, person, places};
use mingbai_domain::catalogue::{AidIdentity, Contract, Membership, Operator, Person, Record, Team};
use mingbai_domain::{RecordId, Value};
use mingbai_ledger::{EntryRef, Op, Origin, Write};
use mingbai_store::Status;

#[test]
fn nobody_but_the_county_writes_in_anothers_name() {
    let (mut county, mut first, mut second) = places();
    let theirs = family(&mut second, B, "王五");
    exchange(&mut county, &mut second);
    let log = second.store.own_log().unwrap().log;
    let original = second.store.read().entries_after(&log, 0, 1).unwrap().remove(0);
    let hash = std::array::from_fn(|at| original.hash.0[at]);
    let origin = Origin { entry: EntryRef { log, seq: 1, hash }, indices: vec![0] };
    let write = Write { value: Value::Text("王六".into()), base: Vec::new() };
    let id = RecordId::from_bytes([5; 16]);
    let op = Op::Set { record_type: Person::TYPE.id, record: id, writes: BTreeMap::from([(1, write)]) };
    first.forge(vec![op], Some(origin));
    let taken = exchange(&mut county, &mut first);
    assert_eq!(taken.ingested.counts(), [0, 0, 0, 0, 1]);
    assert_eq!((county.name(id), county.name(theirs.person).as_deref()), (None, Some("王五")));
}

#[test]
fn a_township_writes_nothing_about_another_townships_people() {
    let (mut county, mut first, mut second) = places();
    let theirs = family(&mut second, B, "王五");
    exchange(&mut county, &mut second);
    let own = family(&mut first, A, "张三");
    first.act(|txn| txn.insert(None, &AidIdentity { person: Some(theirs.person), ..AidIdentity::default() }));
    first.act(|txn| {
        let stay = Membership { household: Some(own.household), person: Some(theirs.person), ..Membership::default() };
        txn.insert(None, &stay)
    });
    first.act(|txn| {
        let stay = Membership { household: Some(theirs.household), person: Some(own.person), ..Membership::default() };
        txn.insert(None, &stay)
    });
    first.act(|txn| txn.insert(None, &AidIdentity { person: Some(own.person), ..AidIdentity::default() }));
    let taken = exchange(&mut county, &mut first);
    assert_eq!(taken.ingested.counts(), [2, 0, 0, 0, 3]);
    let log = first.store.own_log().unwrap().log;
    let kept = county.store.read().entries_after(&log, 0, 10).unwrap();
    let states: Vec<Status> = kept.iter().map(|entry| entry.status).collect();
    use Status::{Applied, Unapplied};
    assert_eq!(states, [Applied, Unapplied, Unapplied, Unapplied, Applied]);
    assert_eq!(county.store.read().rows_where::<Membership>("person", &theirs.person).unwrap().len(), 1);
}

#[test]
fn a_township_changes_its_own_operators_and_no_others() {
    let (mut county, mut first, _) = places();
    let login =
        |name: &str, role: &str| Operator { login: Some(name.into()), role: Some(role.into()), ..Operator::default() };
    let head = county.act(|txn| txn.insert(None, &login("xian", "county")));
    let clerk = first.act(|txn| txn.insert(None, &login("zhang", "clerk")));
    first.act(|txn| txn.update(clerk, &login("zhang", "head")));
    // The county's operator, known by its id.
    first.act(|txn| txn.insert(Some(head), &login("xian", "auditor")));
    let taken = exchange(&mut county, &mut first);
    assert_eq!(taken.ingested.counts(), [2, 0, 0, 0, 1]);
    let role = |id| county.store.read().get::<Operator>(id).unwrap().unwrap().record.role;
    assert_eq!((role(head), role(clerk)), (login("", "county").role, login("", "head").role));
}

#[test]
fn a_team_the_county_made_reaches_the_township_once_a_contract_uses_it() {
    let (mut county, mut first, mut second) = places();
    let family = family(&mut first, A, "张三");
    exchange(&mut county, &mut first);
    let team = county.act(|txn| txn.insert(None, &Team { name: Some("一队".into()), ..Team::default() }));
    let there = |office: &common::Office| office.store.read().get::<Team>(team).unwrap().is_some();
    exchange(&mut county, &mut first);
    assert!(!there(&first), "nobody uses it");
    county.act(|txn| {
        let contract = Contract { person: Some(family.person), team: Some(team), ..Contract::default() };
        txn.insert(None, &contract)
    });
    exchange(&mut county, &mut first);
    exchange(&mut county, &mut second);
    assert!(there(&first) && !there(&second));
    let feed = county.down(A).entries;
    assert_eq!(county.down(A).entries, feed, "nothing is re-stated twice");
}

#[test]
fn a_stay_the_county_moves_to_another_township_is_told_to_the_one_it_leaves() {
    let (mut county, mut first, mut second) = places();
    let (here, there) = (family(&mut first, A, "张三"), family(&mut second, B, "王五"));
    exchange(&mut county, &mut first);
    exchange(&mut county, &mut second);
    county.act(|txn| {
        let stay = Membership { household: Some(there.household), person: Some(here.person), ..Membership::default() };
        txn.update(here.membership, &stay)
    });
    exchange(&mut county, &mut first);
    let stay = first.store.read().get::<Membership>(here.membership).unwrap().unwrap();
    assert_eq!(stay.record.household, Some(there.household));
}

#[test]
fn what_the_county_wrote_before_its_log_was_continued_still_goes_down() {
    let (mut county, mut first, _) = places();
    let family = family(&mut first, A, "张三");
    exchange(&mut county, &mut first);
    county.act(|txn| txn.update(family.person, &person("张山")));
    let old = county.store.own_log().unwrap();
    let genesis = county.store.read().log(&old.log).unwrap().unwrap().genesis.unwrap();
    let next = mingbai_ledger::Genesis { nonce: [88; 16], continues: Some(old), ..genesis };
    county.store.rotate_log(&next).unwrap();
    county.act(|txn| txn.insert(None, &AidIdentity { person: Some(family.person), ..AidIdentity::default() }));
    exchange(&mut county, &mut first);
    assert_eq!(first.name(family.person).as_deref(), Some("张山"));
    assert_eq!(first.store.read().rows_where::<AidIdentity>("person", &family.person).unwrap().len(), 1);
}
