//! Two PCs of one centre exchange directly, without waiting for the county, and the county's word stays what counts.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use common::{A, B, Office, across, exchange, family, person, places};
use mingbai_bundle::{BundleDraft, Direction, Rejection, SealingKey, write};
use mingbai_domain::catalogue::{Household, Membership};
use mingbai_sync::compare::{Compared, compare};
use mingbai_sync::{DeviceKeys, SyncError, Target, confirmed, enrol, export, rekey};

/// A county and two PCs of one centre that know of each other, and one PC of another centre.
fn centre() -> (Office, Office, Office, Office) {
    let (mut county, mut first, other) = places();
    let mut second = Office::township(&mut county, 4, A);
    for office in [&mut first, &mut second] {
        exchange(&mut county, office);
    }
    (county, first, second, other)
}

fn digests(office: &Office) -> Vec<(&'static str, u64, [u8; 32])> {
    office.store.read().digests().unwrap().into_iter().map(|(table, rows, sum)| (table, rows, sum.to_bytes())).collect()
}

#[test]
fn a_pc_that_knows_no_other_of_its_centre_says_so() {
    let (mut county, mut first, _) = places();
    let mut second = Office::township(&mut county, 4, A);
    let refusal = first.with(|store, author| export(store, author, Target::Siblings, None)).unwrap_err();
    assert!(matches!(refusal, SyncError::NoSibling), "{refusal}");
    let refusal = county.with(|store, author| export(store, author, Target::Siblings, None)).unwrap_err();
    assert!(matches!(refusal, SyncError::NoSibling), "{refusal}");
    // The county's next bundle brings the certificate; the older PC need not join again.
    exchange(&mut county, &mut first);
    family(&mut first, A, "张三");
    let bundle = across(&mut first);
    assert_eq!(second.take(&bundle).ingested.unapplied, 0);
}

#[test]
fn what_one_pc_wrote_the_other_has_at_once_and_only_the_county_confirms_it() {
    let (mut county, mut first, mut second, _) = centre();
    let person = family(&mut first, A, "张三").person;
    let bundle = across(&mut first);
    assert!(bundle.name.starts_with("MBS-") && bundle.name.len() <= 32, "{}", bundle.name);
    let taken = second.take(&bundle);
    assert_eq!(taken.ingested.counts()[0], taken.entries);
    assert_eq!(second.name(person).as_deref(), Some("张三"));
    let back = across(&mut second);
    first.take(&back);
    assert_eq!(confirmed(first.store.read()).unwrap().pending, 1, "the neighbour's copy is no confirmation");
    assert_eq!(confirmed(second.store.read()).unwrap().pending, 0, "what a neighbour wrote is not one's own to send");
    exchange(&mut county, &mut first);
    assert_eq!(confirmed(first.store.read()).unwrap().pending, 0);
}

#[test]
fn the_countys_feed_and_the_neighbours_bundle_say_the_same_whichever_comes_first() {
    let (mut county, mut first, mut second, _) = centre();
    let met = family(&mut first, A, "张三").person;
    exchange(&mut county, &mut first);
    let down = county.down(A);
    second.take(&down);
    second.act(|txn| txn.update(met, &person("张三丰")));
    family(&mut second, A, "李四");
    let bundle = across(&mut second);
    let up = second.up();
    county.take(&up);
    let down = county.down(A);
    let (mut by_feed, mut by_neighbour) = (first.copy(), first.copy());
    by_feed.take(&down);
    let told = digests(&by_feed);
    by_feed.take(&bundle);
    assert_eq!(digests(&by_feed), told);
    by_neighbour.take(&bundle);
    assert_eq!(digests(&by_neighbour), told);
    assert_eq!(by_neighbour.name(met).as_deref(), Some("张三丰"));
    by_neighbour.take(&down);
    assert_eq!(digests(&by_neighbour), told);
    for office in [&mut by_feed, &mut by_neighbour] {
        assert!(office.store.verify().unwrap().is_sound());
        assert_eq!(office.store.read().conflicts(10).unwrap(), []);
    }
    // Both say afterwards what both have seen; nobody sees a conflict that is none.
    by_neighbour.act(|txn| txn.update(met, &person("张君宝")));
    let up = by_neighbour.up();
    county.take(&up);
    assert_eq!(county.name(met).as_deref(), Some("张君宝"));
    assert_eq!(county.store.read().conflicts(10).unwrap(), []);
}

#[test]
fn a_write_over_what_only_the_neighbour_has_said_reaches_the_county_before_it_and_loses_nothing() {
    let (mut county, mut first, mut second, _) = centre();
    let met = family(&mut first, A, "张三").person;
    let bundle = across(&mut first);
    second.take(&bundle);
    second.act(|txn| txn.update(met, &person("张三丰")));
    exchange(&mut county, &mut second);
    exchange(&mut county, &mut first);
    exchange(&mut county, &mut second);
    for office in [&mut county, &mut first, &mut second] {
        assert_eq!(office.name(met).as_deref(), Some("张三丰"));
        assert_eq!(office.store.read().conflicts(10).unwrap(), []);
        assert!(office.store.verify().unwrap().is_sound());
    }
    assert_eq!(confirmed(second.store.read()).unwrap().pending, 0);
}

#[test]
fn the_next_bundle_carries_only_what_the_neighbour_has_not() {
    let (_, mut first, mut second, _) = centre();
    for name in ["甲", "乙", "丙", "丁", "戊"] {
        family(&mut first, A, name);
    }
    let whole = across(&mut first);
    second.take(&whole);
    let said = across(&mut second);
    first.take(&said);
    family(&mut first, A, "李四");
    let rest = across(&mut first);
    assert!(rest.entries < 5 && rest.entries < whole.entries, "{} after {}", rest.entries, whole.entries);
    let taken = second.take(&rest);
    assert_eq!(taken.ingested.counts(), [taken.entries, 0, 0, 0, 0]);
}

#[test]
fn a_neighbour_restored_from_an_older_copy_is_given_what_it_lost() {
    let (_, mut first, mut second, _) = centre();
    let mut restored = second.copy();
    let person = family(&mut first, A, "张三").person;
    let bundle = across(&mut first);
    second.take(&bundle);
    let said = across(&mut second);
    first.take(&said);
    // Its disk dies; the copy goes on and says how far it is.
    let said = across(&mut restored);
    first.take(&said);
    let again = across(&mut first);
    restored.take(&again);
    assert_eq!(restored.name(person).as_deref(), Some("张三"));
    assert_eq!(restored.store.read().gaps().unwrap(), []);
}

#[test]
fn what_a_pc_lost_after_telling_its_neighbour_reaches_the_county_through_the_neighbour() {
    let (mut county, mut first, mut second, _) = centre();
    let backup = first.copy();
    let person = family(&mut first, A, "张三").person;
    let bundle = across(&mut first);
    second.take(&bundle);
    drop(first);
    let taken = exchange(&mut county, &mut second);
    assert_eq!(taken.ingested.unapplied, 0);
    assert_eq!(county.name(person).as_deref(), Some("张三"));
    // The PC goes on from its backup and is given back what it had lost.
    let mut first = backup;
    exchange(&mut county, &mut first);
    exchange(&mut county, &mut first);
    assert_eq!(first.name(person).as_deref(), Some("张三"));
    // What the county has confirmed is not carried a second time.
    let before = county.store.read().counts().unwrap();
    let down = county.down(A);
    second.take(&down);
    let again = second.up();
    let taken = county.take(&again);
    assert_eq!(taken.ingested.duplicate, 0, "{before:?}");
    assert!(county.store.verify().unwrap().is_sound() && first.store.verify().unwrap().is_sound());
}

#[test]
fn what_a_neighbour_wrote_goes_up_in_parts_as_well_or_stays_where_it_cannot() {
    let (mut county, mut first, mut second, _) = centre();
    let mut people = Vec::new();
    for name in ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛"] {
        people.push(family(&mut first, A, name).person);
        people.push(family(&mut second, A, name).person);
    }
    let bundle = across(&mut first);
    second.take(&bundle);
    for most in [3_800, 2_900] {
        let mut county = county.copy();
        let parts = second.with(|store, author| export(store, author, Target::County, Some(most))).unwrap();
        for file in parts.into_files() {
            assert!(file.bytes.len() as u64 <= most);
            county.try_take(&file.bytes).unwrap();
        }
        assert!(people.chunks(2).all(|pair| county.name(pair[1]).is_some()), "its own all arrived");
    }
    exchange(&mut county, &mut second);
    assert!(people.iter().all(|person| county.name(*person).is_some()));
}

fn forged(from: &Office, direction: Direction, to: SealingKey) -> Vec<u8> {
    let (keys, trust) = (DeviceKeys::load(&from.store).unwrap(), from.trust());
    let draft = BundleDraft {
        direction,
        county: trust.county(),
        sender: &keys.signing,
        recipients: &[to],
        bundle_no: 1,
        bundle_id: Some([7; 16]),
        part: (1, 1),
        app: "0.1.0",
        schema: 1,
        wall_ms: 0,
        hlc: 0,
        ranges: Vec::new(),
        have: Vec::new(),
        acks: Vec::new(),
        trust: Some(trust.section()),
        state: None,
        policies: Vec::new(),
        directives: Vec::new(),
        blobs: Vec::new(),
        snapshots: Vec::new(),
    };
    write(&draft, &mut |buffer| buffer.fill(3)).unwrap()
}

#[test]
fn another_centre_cannot_hand_its_records_to_ours_whatever_it_writes_on_them() {
    let (county, mut first, _, other) = centre();
    assert_eq!(other.area, B);
    let key = |office: &Office| DeviceKeys::load(&office.store).unwrap().decryption.public();
    for direction in [Direction::Sibling, Direction::Up] {
        let file = forged(&other, direction, key(&first));
        let refusal = first.try_take(&file).unwrap_err();
        assert!(matches!(refusal, SyncError::Rejected(Rejection::NotAuthorised(_))), "{refusal}");
    }
    let mut county = county;
    let file = forged(&first, Direction::Sibling, key(&county));
    let refusal = county.try_take(&file).unwrap_err();
    assert!(matches!(refusal, SyncError::Rejected(Rejection::NotAuthorised(_))), "{refusal}");
}

#[test]
fn a_second_pc_is_told_everything_also_where_the_first_was_once_told_only_what_it_had_lost() {
    let (mut county, mut first, _) = places();
    let early = family(&mut first, A, "张三");
    let mut restored = first.copy();
    let late = family(&mut first, A, "李四");
    exchange(&mut county, &mut first);
    // The only PC of the township is put back to the copy and told of 李四.
    exchange(&mut county, &mut restored);
    exchange(&mut county, &mut restored);
    assert_eq!(restored.name(late.person).as_deref(), Some("李四"));
    let mut second = Office::township(&mut county, 4, A);
    exchange(&mut county, &mut second);
    for person in [early.person, late.person] {
        assert!(second.name(person).is_some());
    }
    assert!(second.store.verify().unwrap().is_sound());
}

/// What the county finds when it compares its tables with those of a township's PC.
fn compared(county: &mut Office, with: &Office) -> Compared {
    let key = DeviceKeys::load(&with.store).unwrap().signing.id();
    let pc = county.trust().signer(key).unwrap().clone();
    compare(&mut county.store, &pc).unwrap()
}

#[test]
fn a_pc_that_refused_its_neighbours_words_because_it_heard_of_a_move_first_is_no_alarm() {
    let (mut county, mut first, mut second, mut other) = centre();
    let home = family(&mut first, A, "张三").household;
    let guest = family(&mut other, B, "钱二");
    exchange(&mut county, &mut first);
    exchange(&mut county, &mut other);
    let village = |of| county.store.read().get::<Household>(of).unwrap().unwrap().record.village;
    let (here, there) = (village(home), village(guest.household));
    let go = |county: &mut Office, village| {
        county.act(|txn| txn.update(guest.household, &Household { village, ..Household::default() }))
    };
    go(&mut county, here);
    exchange(&mut county, &mut first);
    exchange(&mut county, &mut second);
    go(&mut county, there);
    exchange(&mut county, &mut first);
    // Nobody has told the second PC that they have left again.
    second.act(|txn| txn.update(guest.person, &person("钱老二")));
    let bundle = across(&mut second);
    assert_eq!(first.take(&bundle).ingested.unapplied, 1, "as far as the first PC knows they are none of theirs");
    for pc in [&mut second, &mut first] {
        let up = pc.up();
        assert_eq!(county.take(&up).ingested.unapplied, 0);
        assert_eq!(compared(&mut county, pc), Compared::Agrees);
    }
    assert_eq!(county.name(guest.person).as_deref(), Some("钱老二"));
}

#[test]
fn what_the_county_refused_of_one_pc_is_no_alarm_whether_its_neighbour_refused_it_too() {
    let (mut county, mut first, mut second, mut other) = centre();
    let away = family(&mut other, B, "钱二").household;
    exchange(&mut county, &mut other);
    family(&mut first, B, "张三");
    first.act(|txn| txn.insert(None, &Membership { household: Some(away), ..Membership::default() }));
    let bundle = across(&mut first);
    assert!(second.take(&bundle).ingested.unapplied > 0);
    for pc in [&mut first, &mut second] {
        let up = pc.up();
        county.take(&up);
        assert_eq!(compared(&mut county, pc), Compared::Agrees);
    }
    assert!(county.store.read().aside_count(None).unwrap() > 0);
}

#[test]
fn what_a_pc_told_its_neighbour_under_its_old_keys_reaches_the_county_though_the_news_of_the_new_came_first() {
    let (mut county, mut first, mut second, _) = centre();
    let person = family(&mut first, A, "张三").person;
    let request = first.with(rekey::request).unwrap();
    let bundle = across(&mut first);
    enrol::approve(&mut county.store, &request, &request.words()).unwrap();
    exchange(&mut county, &mut second);
    second.take(&bundle);
    assert_eq!(second.name(person).as_deref(), Some("张三"));
    drop(first);
    exchange(&mut county, &mut second);
    assert_eq!(county.name(person).as_deref(), Some("张三"));
}
