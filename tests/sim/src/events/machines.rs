//! What happens to PCs: copies, restores, power cuts, clocks, versions.

use crate::dice::Dice;
use crate::events::people::save;
use crate::events::{any_office, any_township};
use crate::office::Kind;
use crate::world::World;
use crate::{Failure, Result};

/// An operation of a version to come: `[99, 1]`.
pub(super) fn future(world: &mut World) -> Result<bool> {
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

pub(super) fn copy(world: &mut World) -> Result<bool> {
    let place = any_office(world)?;
    world.office(place)?.copy()?;
    Ok(true)
}

/// A PC of which there is a copy, with one of its copies.
pub(super) fn copied(world: &mut World, kind: Kind) -> Result<Option<(usize, std::path::PathBuf)>> {
    let places = world.places(|office| office.kind == kind && !office.copies.is_empty());
    let Some(place) = world.dice.pick(&places).copied() else { return Ok(None) };
    let copies = world.office(place)?.copies.clone();
    Ok(world.dice.pick(&copies).cloned().map(|copy| (place, copy)))
}

/// Puts one of its copies in the place of a database.
pub(super) fn restore(world: &mut World, kind: Kind, noticed: bool) -> Result<bool> {
    let Some((place, copy)) = copied(world, kind)? else { return Ok(false) };
    world.office(place)?.restore(&copy)?;
    // It believes again what it believed then.
    world.trusted_so_far.remove(&place);
    world.forgetful |= kind == Kind::County;
    if noticed {
        world.office(place)?.with(mingbai_sync::renew::renew)??;
        if kind == Kind::County {
            world.retire_again()?;
        }
    }
    Ok(true)
}

pub(super) fn restore_noticed(world: &mut World) -> Result<bool> {
    restore(world, Kind::Township, true)
}

pub(super) fn restore_unnoticed(world: &mut World) -> Result<bool> {
    restore(world, Kind::Township, false)
}

pub(super) fn restore_county_noticed(world: &mut World) -> Result<bool> {
    restore(world, Kind::County, true)
}

pub(super) fn restore_county_unnoticed(world: &mut World) -> Result<bool> {
    restore(world, Kind::County, false)
}

pub(super) fn clone(world: &mut World) -> Result<bool> {
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

pub(super) fn power(world: &mut World) -> Result<bool> {
    let place = any_office(world)?;
    let before = crate::invariants::fingerprint(world.office(place)?.store()?)?;
    world.office(place)?.reopen()?;
    let after = crate::invariants::fingerprint(world.office(place)?.store()?)?;
    if before == after { Ok(true) } else { Err(Failure::new("I7 what was saved is gone after the power failed")) }
}

pub(super) fn clock(world: &mut World) -> Result<bool> {
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
