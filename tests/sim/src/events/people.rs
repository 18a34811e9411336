//! People at work: they enter, change, visit, correct, move, merge, decide.

use mingbai_domain::catalogue::{AidIdentity, Household, Membership, Person, Record, RecordType, Visit};
use mingbai_domain::value::FieldValue;
use mingbai_domain::{RecordId, Value};
use mingbai_store::{StoreError, Txn};

use crate::events::{any_office, any_township};
use crate::found::A;
use crate::world::{Family, World};
use crate::{Failure, Result};

/// Saves at a PC; nothing happens where the record is not known.
pub(super) fn save<T>(
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
        let mut causes = std::mem::take(&mut world.causes);
        crate::causes::note(&mut causes, world.office(place)?.store()?, &saved.1)?;
        world.causes = causes;
    }
    Ok(if missing { None } else { saved.0 })
}

pub(super) fn family(world: &mut World) -> Option<Family> {
    let families = std::mem::take(&mut world.families);
    let family = world.dice.pick(&families).copied();
    world.families = families;
    family
}

pub(super) fn set(
    kind: &'static RecordType,
    id: RecordId,
    column: &str,
    value: Value,
) -> impl FnOnce(&mut Txn<'_>) -> Result<bool, StoreError> {
    let field = kind.column(column).map_or(0, |field| field.id);
    move |txn| txn.set_field(kind.id, id, field, value)
}

pub(super) fn register(world: &mut World) -> Result<bool> {
    let place = any_township(world)?;
    let name = world.mint();
    let citizen_id = world.dice.chance(40).then(|| one_of_few(world));
    let village = if world.office(place)?.area == A { world.villages[0] } else { world.villages[1] };
    let made = save(world, place, |txn| {
        let household = txn.insert(None, &Household { village: Some(village), ..Household::default() })?;
        let person = txn.insert(None, &Person { name: Some(name), citizen_id, ..Person::default() })?;
        let stay = Membership { household: Some(household), person: Some(person), ..Membership::default() };
        let membership = txn.insert(None, &stay)?;
        Ok(Family { household, person, membership })
    })?;
    world.families.extend(made);
    Ok(made.is_some())
}

/// One of so few citizen ids that two families sometimes have the same, written as people write them.
fn one_of_few(world: &mut World) -> String {
    let letter = if world.dice.chance(50) { "x" } else { "X" };
    format!("{}{}{letter}", crate::world::CANARY_ID, world.dice.below(4))
}

/// Writes a field of a person wherever that person is known.
pub(super) fn write_person(world: &mut World, column: &str, value: Value) -> Result<bool> {
    let place = any_office(world)?;
    let Some(family) = family(world) else { return Ok(false) };
    Ok(save(world, place, set(Person::TYPE, family.person, column, value))? == Some(true))
}

pub(super) fn rename(world: &mut World) -> Result<bool> {
    let name = world.mint();
    write_person(world, "name", Value::Text(name))
}

pub(super) fn telephone(world: &mut World) -> Result<bool> {
    // Few numbers, so that two offices sometimes write the same one.
    let number = format!("1390000000{}", world.dice.below(4));
    write_person(world, "phone", Value::Text(number))
}

pub(super) fn correct_id(world: &mut World) -> Result<bool> {
    let id = one_of_few(world);
    write_person(world, "citizen_id", Value::Text(id))
}

pub(super) fn delete(world: &mut World) -> Result<bool> {
    let gone = world.dice.chance(60);
    write_person(world, "deleted", Value::Bool(gone))
}

pub(super) fn visit(world: &mut World) -> Result<bool> {
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

pub(super) fn amend(world: &mut World, body: impl FnOnce(Visit) -> Option<Visit>) -> Result<bool> {
    let place = any_office(world)?;
    let visits = std::mem::take(&mut world.visits);
    let chosen = world.dice.pick(&visits).copied();
    world.visits = visits;
    let Some(id) = chosen else { return Ok(false) };
    let Some(row) = world.office(place)?.store()?.read().get::<Visit>(id)? else { return Ok(false) };
    let corrected = body(row.record);
    Ok(save(world, place, |txn| txn.amend(id, corrected.as_ref()))?.is_some())
}

pub(super) fn correct(world: &mut World) -> Result<bool> {
    let note = world.dice.below(1000).to_string();
    amend(world, |visit| Some(Visit { note: Some(note), ..visit }))
}

pub(super) fn void(world: &mut World) -> Result<bool> {
    amend(world, |_| None)
}

pub(super) fn aid(world: &mut World) -> Result<bool> {
    let Some(family) = family(world) else { return Ok(false) };
    if world.county()?.read().get::<Person>(family.person)?.is_none() {
        return Ok(false);
    }
    let identity =
        AidIdentity { person: Some(family.person), identity: Some("subsistence".into()), ..AidIdentity::default() };
    Ok(save(world, 0, |txn| txn.insert(None, &identity))?.is_some())
}

pub(super) fn move_person(world: &mut World) -> Result<bool> {
    let (Some(who), Some(whither)) = (family(world), family(world)) else { return Ok(false) };
    if world.county()?.read().get::<Household>(whither.household)?.is_none() {
        return Ok(false);
    }
    let to = whither.household.to_value();
    Ok(save(world, 0, set(Membership::TYPE, who.membership, "household", to))? == Some(true))
}

pub(super) fn move_household(world: &mut World) -> Result<bool> {
    let Some(family) = family(world) else { return Ok(false) };
    let to = world.villages[world.dice.below(2)].to_value();
    Ok(save(world, 0, set(Household::TYPE, family.household, "village", to))? == Some(true))
}

pub(super) fn merge(world: &mut World) -> Result<bool> {
    let (Some(one), Some(two)) = (family(world), family(world)) else { return Ok(false) };
    let known = |id| Ok::<_, Failure>(world.county()?.read().get::<Person>(id)?.is_some());
    if one.person == two.person || !known(one.person)? || !known(two.person)? {
        return Ok(false);
    }
    Ok(save(world, 0, |txn| txn.merge(one.person, two.person, "同一人"))?.is_some())
}

pub(super) fn unmerge(world: &mut World) -> Result<bool> {
    let Some(family) = family(world) else { return Ok(false) };
    Ok(save(world, 0, |txn| txn.unmerge(family.person))?.is_some())
}

/// Somebody decides for one of the values that stand side by side.
pub(super) fn decide(world: &mut World) -> Result<bool> {
    let place = any_office(world)?;
    let mut conflicts = world.office(place)?.store()?.read().conflicts(50)?;
    // In an order that clocks have no say in.
    conflicts.sort_by_cached_key(|conflict| (world.name_of(conflict.record), conflict.field));
    let Some(mut conflict) = world.dice.pick(&conflicts).cloned() else { return Ok(false) };
    conflict.values.sort_by_cached_key(|said| world.told_body(&said.value, said.body.as_ref()));
    let Some(value) = world.dice.pick(&conflict.values).cloned() else { return Ok(false) };
    let (kind, record, field) = (conflict.record_type, conflict.record, conflict.field);
    let done = if field == 0 {
        save(world, place, |txn| txn.amend_values(kind, record, value.body))?.is_some()
    } else {
        let chosen = value.value.clone();
        // Whoever first wrote it, an honest clerk stands by it now.
        if let Value::Text(text) = &chosen {
            world.minted.insert(text.clone());
        }
        save(world, place, |txn| txn.set_field(kind, record, field, chosen))
            .map_err(|failure| Failure::new(format!("{failure} {value:?} of {conflict:?}")))?
            == Some(true)
    };
    Ok(done)
}
