//! What can happen: people at work, the courier, machines.

use mingbai_domain::catalogue::{AidIdentity, Household, Membership, Person, Record, RecordType, Visit};
use mingbai_domain::value::FieldValue;
use mingbai_domain::{RecordId, Value};
use mingbai_store::{StoreError, Txn};

use crate::courier::{DAMAGES, Letter, damaged};
use crate::dice::Dice;
use crate::found::{A, B};
use crate::office::Kind;
use crate::world::{Family, World};
use crate::{Failure, Result};

/// One thing that may happen.
pub(crate) struct Event {
    pub(crate) name: &'static str,
    pub(crate) weight: usize,
    /// Makes it happen; answers whether it could.
    pub(crate) happen: fn(&mut World) -> Result<bool>,
}

const fn event(name: &'static str, weight: usize, happen: fn(&mut World) -> Result<bool>) -> Event {
    Event { name, weight, happen }
}

/// Everything that can happen, with how often.
pub(crate) const EVENTS: &[Event] = &[
    event("a family is registered", 5, register),
    event("a name is changed", 6, rename),
    event("a telephone number is changed", 6, telephone),
    event("a visit is recorded", 4, visit),
    event("a visit is corrected", 4, correct),
    event("a visit is declared void", 2, void),
    event("a person is deleted", 1, delete),
    event("the county gives an aid identity", 2, aid),
    event("the county moves a person", 2, move_person),
    event("the county moves a household", 2, move_household),
    event("the county finds two people to be one", 1, merge),
    event("the county takes that back", 1, unmerge),
    event("a conflict is decided", 4, decide),
    event("a township exports", 10, export_up),
    event("the county exports", 10, export_down),
    event("a PC exports for its neighbours", 5, export_across),
    event("a file arrives", 22, arrive),
    event("an old file arrives again", 3, replay),
    event("a newer version writes", 1, future),
    event("a database is copied", 3, copy),
    event("a copy is restored and noticed", 1, restore_noticed),
    event("a copy is restored and nobody notices", 1, restore_unnoticed),
    event("the county is restored and notices", 1, restore_county_noticed),
    event("the county is restored and nobody notices", 1, restore_county_unnoticed),
    event("a copy runs on another PC", 1, clone),
    event("the power fails", 3, power),
    event("a clock jumps", 3, clock),
];

fn any_office(world: &mut World) -> Result<usize> {
    let places = world.places(|_| true);
    world.dice.pick(&places).copied().ok_or_else(|| Failure::new("no PC is left"))
}

fn any_township(world: &mut World) -> Result<usize> {
    let places = world.places(|office| office.kind == Kind::Township);
    world.dice.pick(&places).copied().ok_or_else(|| Failure::new("no PC is left"))
}

/// Saves at a PC; nothing happens where the record is not known.
fn save<T>(
    world: &mut World,
    place: usize,
    write: impl FnOnce(&mut Txn<'_>) -> Result<T, StoreError>,
) -> Result<Option<T>> {
    let mut missing = false;
    let before = world.office(place)?.store()?.own_log()?;
    let saved = world.office(place)?.save(|txn| match write(txn) {
        Ok(value) => Ok(Some(value)),
        Err(StoreError::NoSuchRecord { .. }) => {
            missing = true;
            Ok(None)
        }
        Err(error) => Err(error),
    })?;
    if saved.1 != before {
        world.saved.push(saved.1);
    }
    Ok(if missing { None } else { saved.0 })
}

fn family(world: &mut World) -> Option<Family> {
    let families = std::mem::take(&mut world.families);
    let family = world.dice.pick(&families).copied();
    world.families = families;
    family
}

fn set(
    kind: &'static RecordType,
    id: RecordId,
    column: &str,
    value: Value,
) -> impl FnOnce(&mut Txn<'_>) -> Result<bool, StoreError> {
    let field = kind.column(column).map_or(0, |field| field.id);
    move |txn| txn.set_field(kind.id, id, field, value)
}

fn register(world: &mut World) -> Result<bool> {
    let place = any_township(world)?;
    let name = world.mint();
    let village = if world.office(place)?.area == A { world.villages[0] } else { world.villages[1] };
    let made = save(world, place, |txn| {
        let household = txn.insert(None, &Household { village: Some(village), ..Household::default() })?;
        let person = txn.insert(None, &Person { name: Some(name), ..Person::default() })?;
        let stay = Membership { household: Some(household), person: Some(person), ..Membership::default() };
        let membership = txn.insert(None, &stay)?;
        Ok(Family { household, person, membership })
    })?;
    world.families.extend(made);
    Ok(made.is_some())
}

/// Writes a field of a person wherever that person is known.
fn write_person(world: &mut World, column: &str, value: Value) -> Result<bool> {
    let place = any_office(world)?;
    let Some(family) = family(world) else { return Ok(false) };
    Ok(save(world, place, set(Person::TYPE, family.person, column, value))? == Some(true))
}

fn rename(world: &mut World) -> Result<bool> {
    let name = world.mint();
    write_person(world, "name", Value::Text(name))
}

fn telephone(world: &mut World) -> Result<bool> {
    // Few numbers, so that two offices sometimes write the same one.
    let number = format!("1390000000{}", world.dice.below(4));
    write_person(world, "phone", Value::Text(number))
}

fn delete(world: &mut World) -> Result<bool> {
    let gone = world.dice.chance(60);
    write_person(world, "deleted", Value::Bool(gone))
}

fn visit(world: &mut World) -> Result<bool> {
    let place = any_township(world)?;
    let Some(family) = family(world) else { return Ok(false) };
    if world.office(place)?.store()?.read().get::<Person>(family.person)?.is_none() {
        return Ok(false);
    }
    let note = world.dice.below(1000).to_string();
    let visit = Visit { person: Some(family.person), note: Some(note), ..Visit::default() };
    let made = save(world, place, |txn| txn.insert(None, &visit))?;
    world.visits.extend(made);
    Ok(made.is_some())
}

fn amend(world: &mut World, body: impl FnOnce(Visit) -> Option<Visit>) -> Result<bool> {
    let place = any_office(world)?;
    let visits = std::mem::take(&mut world.visits);
    let chosen = world.dice.pick(&visits).copied();
    world.visits = visits;
    let Some(id) = chosen else { return Ok(false) };
    let Some(row) = world.office(place)?.store()?.read().get::<Visit>(id)? else { return Ok(false) };
    let corrected = body(row.record);
    Ok(save(world, place, |txn| txn.amend(id, corrected.as_ref()))?.is_some())
}

fn correct(world: &mut World) -> Result<bool> {
    let note = world.dice.below(1000).to_string();
    amend(world, |visit| Some(Visit { note: Some(note), ..visit }))
}

fn void(world: &mut World) -> Result<bool> {
    amend(world, |_| None)
}

fn aid(world: &mut World) -> Result<bool> {
    let Some(family) = family(world) else { return Ok(false) };
    if world.county()?.read().get::<Person>(family.person)?.is_none() {
        return Ok(false);
    }
    let identity =
        AidIdentity { person: Some(family.person), identity: Some("subsistence".into()), ..AidIdentity::default() };
    Ok(save(world, 0, |txn| txn.insert(None, &identity))?.is_some())
}

fn move_person(world: &mut World) -> Result<bool> {
    let (Some(who), Some(whither)) = (family(world), family(world)) else { return Ok(false) };
    if world.county()?.read().get::<Household>(whither.household)?.is_none() {
        return Ok(false);
    }
    let to = whither.household.to_value();
    Ok(save(world, 0, set(Membership::TYPE, who.membership, "household", to))? == Some(true))
}

fn move_household(world: &mut World) -> Result<bool> {
    let Some(family) = family(world) else { return Ok(false) };
    let to = world.villages[world.dice.below(2)].to_value();
    Ok(save(world, 0, set(Household::TYPE, family.household, "village", to))? == Some(true))
}

fn merge(world: &mut World) -> Result<bool> {
    let (Some(one), Some(two)) = (family(world), family(world)) else { return Ok(false) };
    let known = |id| Ok::<_, Failure>(world.county()?.read().get::<Person>(id)?.is_some());
    if one.person == two.person || !known(one.person)? || !known(two.person)? {
        return Ok(false);
    }
    Ok(save(world, 0, |txn| txn.merge(one.person, two.person, "同一人"))?.is_some())
}

fn unmerge(world: &mut World) -> Result<bool> {
    let Some(family) = family(world) else { return Ok(false) };
    Ok(save(world, 0, |txn| txn.unmerge(family.person))?.is_some())
}

/// Somebody decides for one of the values that stand side by side.
fn decide(world: &mut World) -> Result<bool> {
    let place = any_office(world)?;
    let conflicts = world.office(place)?.store()?.read().conflicts(50)?;
    let Some(conflict) = world.dice.pick(&conflicts).cloned() else { return Ok(false) };
    let Some(value) = world.dice.pick(&conflict.values).cloned() else { return Ok(false) };
    let (kind, record, field) = (conflict.record_type, conflict.record, conflict.field);
    let done = if field == 0 {
        save(world, place, |txn| txn.amend_values(kind, record, value.body))?.is_some()
    } else {
        let chosen = value.value.clone();
        save(world, place, |txn| txn.set_field(kind, record, field, chosen))
            .map_err(|failure| Failure::new(format!("{failure} {value:?} of {conflict:?}")))?
            == Some(true)
    };
    Ok(done)
}

/// Sends a file, or several of it, or none; sometimes to somebody it is not for.
fn send(world: &mut World, to: usize, bytes: &[u8]) {
    world.sent.push(bytes.to_vec());
    let [_, lost, twice, wrong] = world.faults;
    if world.dice.chance(lost) {
        world.count("courier loses a file");
        world.drawer.push(Letter { to, bytes: bytes.to_vec() });
        return;
    }
    let mut copies = 1;
    if world.dice.chance(twice) {
        world.count("courier copies a file");
        copies = 2;
    }
    for _ in 0..copies {
        world.mail.push(Letter { to, bytes: bytes.to_vec() });
    }
    if world.dice.chance(wrong) {
        world.count("courier brings a file to the wrong office");
        let other = world.dice.below(world.offices.len());
        world.mail.push(Letter { to: other, bytes: bytes.to_vec() });
    }
}

fn export_up(world: &mut World) -> Result<bool> {
    let place = any_township(world)?;
    let most = limit(world);
    let files = world.office(place)?.export_up(most)?;
    if files.len() > 1 {
        world.count("a bundle in several files");
    }
    files.iter().for_each(|bytes| send(world, 0, bytes));
    Ok(true)
}

fn export_down(world: &mut World) -> Result<bool> {
    let area = if world.dice.chance(60) { A } else { B };
    let most = limit(world);
    let files = world.office(0)?.export_down(area, most)?;
    for place in world.places(|office| office.kind == Kind::Township && office.area == area) {
        files.iter().for_each(|bytes| send(world, place, bytes));
    }
    Ok(true)
}

/// A PC writes to the others of its own centre, itself not among them even where it is a copy.
fn export_across(world: &mut World) -> Result<bool> {
    let place = any_township(world)?;
    let most = limit(world);
    let Some(files) = world.office(place)?.export_across(most)? else { return Ok(false) };
    let area = world.office(place)?.area;
    for to in world.places(|office| office.kind == Kind::Township && office.area == area) {
        if to != place {
            files.iter().for_each(|bytes| send(world, to, bytes));
        }
    }
    Ok(true)
}

/// Sometimes a bundle has to keep within the limit of a mail.
fn limit(world: &mut World) -> Option<u64> {
    let most = 2_400 + world.dice.below(1_600) as u64;
    world.dice.chance(35).then_some(most)
}

/// Any of the files on their way arrives, whole or not.
fn arrive(world: &mut World) -> Result<bool> {
    let at = world.dice.below(world.mail.len());
    if at >= world.mail.len() {
        return Ok(false);
    }
    let letter = world.mail.remove(at);
    hand_over(world, &letter)?;
    world.drawer.push(letter);
    Ok(true)
}

fn replay(world: &mut World) -> Result<bool> {
    let drawer = std::mem::take(&mut world.drawer);
    let chosen = world.dice.pick(&drawer).cloned();
    world.drawer = drawer;
    let Some(letter) = chosen else { return Ok(false) };
    hand_over(world, &letter)?;
    Ok(true)
}

fn hand_over(world: &mut World, letter: &Letter) -> Result<()> {
    let Ok(office) = world.office(letter.to) else { return Ok(()) };
    if office.store.is_none() {
        return Ok(());
    }
    if world.dice.chance(world.faults[0]) {
        let (damage, name) = DAMAGES[world.dice.below(DAMAGES.len())];
        let mut dice = Dice::new(world.dice.roll());
        let other = world.drawer.last().map(|letter| letter.bytes.clone()).unwrap_or_default();
        let bytes = damaged(damage, &letter.bytes, &other, &mut dice);
        if bytes != letter.bytes && !world.sent.contains(&bytes) {
            world.count(name);
            if world.deliver(letter.to, &bytes)?.is_some() {
                return Err(Failure::new(format!("a damaged file was taken in: {name}")));
            }
            return Ok(());
        }
    }
    let taken = world.deliver(letter.to, &letter.bytes)?;
    if let Some(accepted) = taken {
        if accepted.part.1 > 1 {
            world.count(if accepted.missing.is_empty() { "the last part arrives" } else { "a part waits for others" });
        }
        let [_, duplicate, held, deferred, unapplied] = accepted.ingested.counts();
        for (times, what) in [
            (duplicate, "entries came twice"),
            (held, "entries held behind a gap"),
            (deferred, "entries of a newer version kept"),
            (unapplied, "entries refused and kept"),
            (accepted.ingested.released, "held entries released"),
        ] {
            if times > 0 {
                world.count_many(what, times);
            }
        }
    } else {
        world.count("files turned away");
    }
    Ok(())
}

/// An operation of a version to come: `[99, 1]`.
fn future(world: &mut World) -> Result<bool> {
    let place = any_township(world)?;
    let own = world.office(place)?.store()?.own_log()?.log;
    let entry = mingbai_store::FeedEntry {
        kind: mingbai_ledger::EntryKind::Transaction,
        ops: vec![mingbai_ledger::Op::Unknown(vec![0x82, 0x18, 0x63, 0x01])],
        refs: Vec::new(),
        origin: None,
        original: None,
        action: "record_save".to_owned(),
    };
    Ok(save(world, place, |txn| txn.append(&own, entry))?.is_some())
}

fn copy(world: &mut World) -> Result<bool> {
    let place = any_office(world)?;
    world.office(place)?.copy()?;
    Ok(true)
}

/// A PC of which there is a copy, with one of its copies.
fn copied(world: &mut World, kind: Kind) -> Result<Option<(usize, std::path::PathBuf)>> {
    let places = world.places(|office| office.kind == kind && !office.copies.is_empty());
    let Some(place) = world.dice.pick(&places).copied() else { return Ok(None) };
    let copies = world.office(place)?.copies.clone();
    Ok(world.dice.pick(&copies).cloned().map(|copy| (place, copy)))
}

/// Puts one of its copies in the place of a database.
fn restore(world: &mut World, kind: Kind, noticed: bool) -> Result<bool> {
    let Some((place, copy)) = copied(world, kind)? else { return Ok(false) };
    world.office(place)?.restore(&copy)?;
    // It believes again what it believed then.
    world.trusted.remove(&place);
    world.forgetful |= kind == Kind::County;
    if noticed {
        world.office(place)?.with(mingbai_sync::renew::renew)??;
    }
    Ok(true)
}

fn restore_noticed(world: &mut World) -> Result<bool> {
    restore(world, Kind::Township, true)
}

fn restore_unnoticed(world: &mut World) -> Result<bool> {
    restore(world, Kind::Township, false)
}

fn restore_county_noticed(world: &mut World) -> Result<bool> {
    restore(world, Kind::County, true)
}

fn restore_county_unnoticed(world: &mut World) -> Result<bool> {
    restore(world, Kind::County, false)
}

fn clone(world: &mut World) -> Result<bool> {
    if world.offices.len() > 5 {
        return Ok(false);
    }
    let Some((place, copy)) = copied(world, Kind::Township)? else { return Ok(false) };
    let name = format!("copy{}", world.offices.len());
    let dice = Dice::new(world.dice.roll());
    let made = world.office(place)?.clone_from(&copy, &name, dice)?;
    world.offices.push(made);
    Ok(true)
}

fn power(world: &mut World) -> Result<bool> {
    let place = any_office(world)?;
    let before = crate::invariants::fingerprint(world.office(place)?.store()?)?;
    world.office(place)?.reopen()?;
    let after = crate::invariants::fingerprint(world.office(place)?.store()?)?;
    if before == after { Ok(true) } else { Err(Failure::new("I7 what was saved is gone after the power failed")) }
}

fn clock(world: &mut World) -> Result<bool> {
    const HOUR: u64 = 3_600_000;
    const YEAR: u64 = 365 * 24 * HOUR;
    let place = any_office(world)?;
    let jumps = [HOUR, 30 * 24 * HOUR, 10 * YEAR];
    let jump = jumps[world.dice.below(jumps.len())];
    let back = world.dice.chance(50);
    let office = world.office(place)?;
    office.wall = if back { office.wall.saturating_sub(jump) } else { office.wall.saturating_add(jump) };
    Ok(true)
}
