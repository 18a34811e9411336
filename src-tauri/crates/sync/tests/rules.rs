//! What a township may write at the county, and what of the county's writes reaches which township.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use std::collections::BTreeMap;

use common::{A, B, exchange, family, person, places};
use mingbai_domain::catalogue::{
    AidIdentity, Contract, Household, Membership, Operator, Person, Record, Team, Village, Visit,
};
use mingbai_domain::{RecordId, Value};
use mingbai_ledger::{EntryRef, Op, Origin, Write};
use mingbai_store::{Status, Verdict};
use mingbai_sync::refused;

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

#[test]
fn a_household_the_county_moves_takes_its_history_along_and_a_late_edit_of_the_old_township_is_not_dropped() {
    let (mut county, mut first, mut second) = places();
    let (moving, there) = (family(&mut first, A, "张三"), family(&mut second, B, "王五"));
    let visit = first.act(|txn| {
        let visit = Visit { person: Some(moving.person), note: Some("血压偏高".into()), ..Visit::default() };
        txn.insert(None, &visit)
    });
    exchange(&mut county, &mut first);
    exchange(&mut county, &mut second);
    let village = second.store.read().get::<Household>(there.household).unwrap().unwrap().record.village;
    county.act(|txn| txn.update(moving.household, &Household { village, ..Household::default() }));
    // The old township has not heard of it and writes on.
    first.act(|txn| txn.update(moving.person, &Person { phone: Some("13900000001".into()), ..person("张三") }));
    exchange(&mut county, &mut second);
    let taken = exchange(&mut county, &mut first);
    assert_eq!(taken.ingested.unapplied, 0, "an edit that was waiting is not dropped");
    exchange(&mut county, &mut second);
    let at = |office: &common::Office| {
        let person = office.store.read().get::<Person>(moving.person).unwrap().map(|row| row.record);
        let visit = office.store.read().get::<Visit>(visit).unwrap().and_then(|row| row.record.note);
        (person, visit, office.store.read().history(Person::TYPE.id, moving.person).unwrap().len())
    };
    assert_eq!(at(&second), at(&county), "the whole history came along");
    let (person, note, _) = at(&second);
    assert_eq!(person.and_then(|person| person.phone).as_deref(), Some("13900000001"));
    assert_eq!(note.as_deref(), Some("血压偏高"));
    assert_eq!(second.name(moving.person).as_deref(), Some("张三"));
    let entries = county.down(B).entries;
    assert_eq!(county.down(B).entries, entries, "nothing is told twice");
    assert!(second.store.verify().unwrap().is_sound());
}

#[test]
fn what_one_pc_of_a_centre_writes_reaches_the_other_by_way_of_the_county_under_its_authors_name() {
    let (mut county, mut first, mut other) = places();
    let mut second = common::Office::township(&mut county, 9, A);
    let family = family(&mut first, A, "张三");
    exchange(&mut county, &mut first);
    exchange(&mut county, &mut second);
    assert_eq!(second.name(family.person).as_deref(), Some("张三"));
    second.act(|txn| txn.update(family.person, &person("张三丰")));
    exchange(&mut county, &mut second);
    exchange(&mut county, &mut first);
    exchange(&mut county, &mut other);
    let told = |office: &common::Office| {
        let history = office.store.read().history(Person::TYPE.id, family.person).unwrap();
        history.into_iter().map(|item| (item.author.when, item.author.log)).collect::<Vec<_>>()
    };
    assert_eq!(first.name(family.person).as_deref(), Some("张三丰"));
    assert_eq!((told(&first), told(&second)), (told(&county), told(&county)));
    assert_eq!(other.name(family.person), None);
    for office in [&mut county, &mut first, &mut second] {
        assert!(office.store.verify().unwrap().is_sound());
    }
}

#[test]
fn two_people_found_to_be_one_are_one_in_their_township_too_until_that_is_taken_back() {
    let (mut county, mut first, mut second) = places();
    let (one, two) = (family(&mut first, A, "张三"), family(&mut first, A, "张三"));
    exchange(&mut county, &mut first);
    county.act(|txn| txn.merge(two.person, one.person, "同一证件号码"));
    exchange(&mut county, &mut first);
    exchange(&mut county, &mut second);
    let root = |office: &common::Office| office.store.read().canonical(two.person).unwrap();
    assert_eq!((root(&first), root(&second)), (one.person, two.person));
    county.act(|txn| txn.unmerge(two.person));
    exchange(&mut county, &mut first);
    assert_eq!(root(&first), two.person);
}

#[test]
fn a_township_does_not_move_back_what_the_county_moved_away() {
    let (mut county, mut first, mut second) = places();
    let (moving, there) = (family(&mut first, A, "张三"), family(&mut second, B, "王五"));
    exchange(&mut county, &mut first);
    exchange(&mut county, &mut second);
    let lies = |office: &common::Office| {
        office.store.read().get::<Household>(moving.household).unwrap().unwrap().record.village
    };
    let (home, village) =
        (lies(&first), second.store.read().get::<Household>(there.household).unwrap().unwrap().record.village);
    county.act(|txn| txn.update(moving.household, &Household { village, ..Household::default() }));
    exchange(&mut county, &mut first);
    exchange(&mut county, &mut second);
    // It knows of the move and takes it back, or invites the person into a household of its own.
    first.act(|txn| txn.update(moving.household, &Household { village: home, ..Household::default() }));
    first.act(|txn| {
        let household = txn.insert(None, &Household { village: home, ..Household::default() })?;
        let stay = Membership { household: Some(household), person: Some(moving.person), ..Membership::default() };
        txn.insert(None, &stay)
    });
    let taken = exchange(&mut county, &mut first);
    assert_eq!(taken.ingested.unapplied, 2);
    assert_eq!(lies(&county), village);
    second.act(|txn| txn.insert(None, &Visit { person: Some(moving.person), ..Visit::default() }));
    exchange(&mut county, &mut second);
    exchange(&mut county, &mut first);
    assert_eq!(first.store.read().all::<Visit>().unwrap().len(), 0, "what happens to them there is not told here");
}

#[test]
fn a_restored_county_takes_in_again_what_it_had_taken_in_though_it_meets_the_later_move_first() {
    let (mut county, mut first, mut second) = places();
    let there = family(&mut second, B, "王五");
    exchange(&mut county, &mut second);
    let mut restored = county.copy();
    let moving = family(&mut first, A, "张三");
    exchange(&mut county, &mut first);
    let village = second.store.read().get::<Household>(there.household).unwrap().unwrap().record.village;
    county.act(|txn| txn.update(moving.household, &Household { village, ..Household::default() }));
    for township in [&mut first, &mut second] {
        township.take(&county.down(&township.area.clone()));
    }
    // The county's disk dies, the backup takes its place, and whoever received the household speaks before it left.
    restored.wall.set(county.wall.get() + 60_000);
    restored.with(mingbai_sync::renew::renew).unwrap();
    for township in [&mut second, &mut first] {
        township.take(&restored.down(&township.area.clone()));
        let up = township.up();
        restored.take(&up);
    }
    assert_eq!(restored.name(moving.person).as_deref(), Some("张三"));
    assert_eq!(restored.store.read().get::<Household>(moving.household).unwrap().unwrap().record.village, village);
    first.take(&restored.down(A));
    assert_eq!(refused(first.store.read()).unwrap(), []);
    assert!(restored.store.verify().unwrap().is_sound());
}

#[test]
fn what_the_county_refused_and_took_in_later_reaches_the_townships_other_pc_too() {
    let (mut county, mut first, _) = places();
    let mut second = common::Office::township(&mut county, 9, A);
    let family = family(&mut first, A, "张三");
    exchange(&mut county, &mut first);
    exchange(&mut county, &mut second);
    let field = |column: &str| Person::TYPE.column(column).unwrap().id;
    first.act(|txn| {
        txn.set_field(Person::TYPE.id, family.person, field("phone"), Value::Text("13900000001".into()))?;
        txn.insert(None, &Village { code: Some(format!("{B}007")), ..Village::default() })
    });
    assert_eq!(exchange(&mut county, &mut first).ingested.unapplied, 1);
    exchange(&mut county, &mut second);
    // A county that was restored asks again, and says yes.
    let taken = county.act(|txn| txn.retry_refused(&|_, _, _| Verdict::Apply));
    assert_eq!(taken.new, 1);
    exchange(&mut county, &mut second);
    let phone = second.store.read().get::<Person>(family.person).unwrap().unwrap().record.phone;
    assert_eq!(phone.as_deref(), Some("13900000001"));
}

#[test]
fn a_child_born_into_a_household_that_moved_meanwhile_is_there_whole_with_everything_written_about_it() {
    let (mut county, mut first, mut second) = places();
    let (moving, there) = (family(&mut first, A, "张三"), family(&mut second, B, "王五"));
    exchange(&mut county, &mut first);
    exchange(&mut county, &mut second);
    let village = second.store.read().get::<Household>(there.household).unwrap().unwrap().record.village;
    county.act(|txn| txn.update(moving.household, &Household { village, ..Household::default() }));
    // Nobody has told the old township.
    let child = first.act(|txn| {
        let child = txn.insert(None, &person("张小宝"))?;
        let stay = Membership { household: Some(moving.household), person: Some(child), ..Membership::default() };
        txn.insert(None, &stay)?;
        Ok(child)
    });
    first.act(|txn| txn.update(child, &Person { phone: Some("13900000001".into()), ..person("张小宝") }));
    first.act(|txn| txn.insert(None, &Visit { person: Some(child), ..Visit::default() }));
    assert_eq!(exchange(&mut county, &mut first).ingested.unapplied, 0);
    exchange(&mut county, &mut second);
    let at = |office: &common::Office| {
        let read = office.store.read();
        let visits = read.rows_where::<Visit>("person", &child).unwrap().len();
        (read.get::<Person>(child).unwrap().map(|row| row.record), visits)
    };
    assert_eq!(at(&second), at(&county));
    assert_eq!(second.name(child).as_deref(), Some("张小宝"));
    assert_eq!(refused(first.store.read()).unwrap(), []);
}

#[test]
fn what_is_written_about_a_record_that_was_not_taken_in_is_refused_by_that_name_and_comes_in_with_it() {
    let (mut county, mut first, mut second) = places();
    let theirs = family(&mut second, B, "王五");
    exchange(&mut county, &mut second);
    // A stay in a household of the neighbours, and in the same action the person who stays there.
    let guest = first.act(|txn| {
        let guest = txn.insert(None, &person("赵六"))?;
        let stay = Membership { household: Some(theirs.household), person: Some(guest), ..Membership::default() };
        txn.insert(None, &stay)?;
        Ok(guest)
    });
    first.act(|txn| txn.update(guest, &person("赵六六")));
    first.act(|txn| txn.update(guest, &Person { phone: Some("13900000001".into()), ..person("赵六六") }));
    assert_eq!(exchange(&mut county, &mut first).ingested.counts(), [0, 0, 0, 0, 3]);
    assert_eq!(county.store.read().get::<Person>(guest).unwrap(), None, "no nameless person");
    let reasons: Vec<String> = refused(first.store.read()).unwrap().into_iter().map(|word| word.reason).collect();
    assert!(
        reasons[1..].iter().all(|reason| reason == "登记这条人的那一次没有采用，在它上面的修改也没有采用"),
        "{reasons:?}"
    );
    // Asked again in their order all of them are taken in.
    let taken = county.act(|txn| txn.retry_refused(&|_, _, _| Verdict::Apply));
    assert_eq!(taken.new, 3);
    assert_eq!(county.name(guest).as_deref(), Some("赵六六"));
}

#[test]
fn a_village_that_is_given_to_another_township_takes_its_households_along_and_nothing_late_is_dropped() {
    let (mut county, mut first, mut second) = places();
    let moving = family(&mut first, A, "张三");
    let visit = first.act(|txn| txn.insert(None, &Visit { person: Some(moving.person), ..Visit::default() }));
    exchange(&mut county, &mut first);
    exchange(&mut county, &mut second);
    let village = county.store.read().get::<Household>(moving.household).unwrap().unwrap().record.village.unwrap();
    let joined = Village { code: Some(format!("{B}090")), township: Some(B.into()), ..Village::default() };
    county.act(|txn| txn.update(village, &joined));
    exchange(&mut county, &mut second);
    assert_eq!(second.name(moving.person).as_deref(), Some("张三"));
    assert!(second.store.read().get::<Household>(moving.household).unwrap().is_some());
    assert!(second.store.read().get::<Visit>(visit).unwrap().is_some());
    // The old township has not heard of it: it registers a household there and writes on.
    first.act(|txn| txn.update(moving.person, &Person { phone: Some("13900000001".into()), ..person("张三") }));
    let late = first.act(|txn| {
        let household = txn.insert(None, &Household { village: Some(village), ..Household::default() })?;
        let late = txn.insert(None, &person("李四"))?;
        let stay = Membership { household: Some(household), person: Some(late), ..Membership::default() };
        txn.insert(None, &stay)?;
        Ok(late)
    });
    assert_eq!(exchange(&mut county, &mut first).ingested.unapplied, 0);
    exchange(&mut county, &mut second);
    let phone = second.store.read().get::<Person>(moving.person).unwrap().unwrap().record.phone;
    assert_eq!((phone.as_deref(), second.name(late).as_deref()), (Some("13900000001"), Some("李四")));
    // It is told, and does not take the village back.
    let code = |office: &common::Office| office.store.read().get::<Village>(village).unwrap().unwrap().record.code;
    assert_eq!(code(&first), joined.code);
    first.act(|txn| txn.update(village, &Village { code: Some(format!("{A}001")), ..Village::default() }));
    assert_eq!(exchange(&mut county, &mut first).ingested.unapplied, 1);
    assert_eq!(code(&county), joined.code);
    let entries = county.down(B).entries;
    assert_eq!(county.down(B).entries, entries, "nothing is told twice");
    assert!(second.store.verify().unwrap().is_sound());
}

#[test]
fn a_team_is_changed_by_whoever_made_it_or_has_contracts_with_it_and_by_no_other_township() {
    let (mut county, mut first, mut second) = places();
    let team = |name: &str| Team { name: Some(name.into()), ..Team::default() };
    let home = family(&mut first, A, "张三");
    let ours = first.act(|txn| txn.insert(None, &team("一队")));
    let countys = county.act(|txn| txn.insert(None, &team("县队")));
    exchange(&mut county, &mut first);
    // The neighbour has learnt their ids.
    second.act(|txn| txn.insert(Some(ours), &team("改名一")));
    second.act(|txn| txn.insert(Some(countys), &team("改名二")));
    assert_eq!(exchange(&mut county, &mut second).ingested.counts(), [0, 0, 0, 0, 2]);
    let name = |id| county.store.read().get::<Team>(id).unwrap().and_then(|row| row.record.name);
    assert_eq!((name(ours).as_deref(), name(countys).as_deref()), (Some("一队"), Some("县队")));
    // Its own, and one of the county's once people here have contracts with it.
    first.act(|txn| txn.update(ours, &team("第一队")));
    county.act(|txn| {
        let contract = Contract { person: Some(home.person), team: Some(countys), ..Contract::default() };
        txn.insert(None, &contract)
    });
    exchange(&mut county, &mut first);
    first.act(|txn| txn.update(countys, &team("县一队")));
    assert_eq!(exchange(&mut county, &mut first).ingested.unapplied, 0);
    let name = |id| county.store.read().get::<Team>(id).unwrap().and_then(|row| row.record.name);
    assert_eq!((name(ours).as_deref(), name(countys).as_deref()), (Some("第一队"), Some("县一队")));
}

#[test]
fn a_household_that_lies_in_no_village_yet_is_changed_only_by_the_township_that_registered_it() {
    let (mut county, mut first, mut second) = places();
    let mut other = common::Office::township(&mut county, 9, A);
    let home = |remark: &str| Household { remark: Some(remark.into()), ..Household::default() };
    let household = first.act(|txn| txn.insert(None, &home("新来的")));
    exchange(&mut county, &mut first);
    second.act(|txn| txn.insert(Some(household), &home("邻乡写的")));
    assert_eq!(exchange(&mut county, &mut second).ingested.unapplied, 1);
    other.act(|txn| txn.insert(Some(household), &home("同院写的")));
    assert_eq!(exchange(&mut county, &mut other).ingested.unapplied, 0, "the PCs of one centre are one");
}

#[test]
fn what_waited_because_a_field_said_too_many_things_is_taken_in_once_the_county_has_decided() {
    let (mut county, mut first, _) = places();
    let family = family(&mut first, A, "张三");
    exchange(&mut county, &mut first);
    let phone = Person::TYPE.column("phone").unwrap().id;
    for number in 0..300 {
        let write = Write { value: Value::Text(number.to_string()), base: Vec::new() };
        let writes = BTreeMap::from([(phone, write)]);
        first.forge(vec![Op::Set { record_type: Person::TYPE.id, record: family.person, writes }], None);
    }
    let refused_there = exchange(&mut county, &mut first).ingested.unapplied;
    assert!((1..300).contains(&refused_there), "{refused_there}");
    // Asking again before anybody has decided changes nothing.
    first.act(|txn| txn.insert(None, &Visit { person: Some(family.person), ..Visit::default() }));
    exchange(&mut county, &mut first);
    assert_eq!(refused(first.store.read()).unwrap().len() as u64, refused_there);
    county.act(|txn| txn.set_field(Person::TYPE.id, family.person, phone, Value::Text("13900000001".into())));
    first.act(|txn| txn.insert(None, &Visit { person: Some(family.person), ..Visit::default() }));
    exchange(&mut county, &mut first);
    assert_eq!(refused(first.store.read()).unwrap(), []);
    let values = |office: &common::Office| {
        let conflict = office.store.read().conflicts_of(Person::TYPE.id, family.person).unwrap().remove(0);
        conflict.values.len() as u64
    };
    assert_eq!((values(&county), values(&first)), (refused_there + 1, refused_there + 1));
    assert!(county.store.verify().unwrap().is_sound());
}
