//! Whom the county trusts: PCs that join, change their keys, are stolen or replaced; the county's own keys.

use mingbai_domain::Value;
use mingbai_domain::catalogue::{Person, Record};
use mingbai_store::Cost;
use mingbai_sync::roots::{self, Change};
use mingbai_sync::{SyncError, rekey};

use crate::Result;
use crate::courier::Paper;
use crate::dice::Dice;
use crate::events::any_township;
use crate::events::people::{family, save, set};
use crate::events::post::{send, send_across, send_up};
use crate::found::{A, B, new_pc};
use crate::office::Kind;
use crate::world::World;

/// PCs there may be at once.
const MOST: usize = 8;

/// A new PC is set up and asks the county for its certificate.
pub(super) fn newcomer(world: &mut World) -> Result<bool> {
    let area = if world.dice.chance(60) { A } else { B };
    join_county(world, area)
}

fn join_county(world: &mut World, area: &'static str) -> Result<bool> {
    let number = world.offices.len();
    if number >= MOST {
        return Ok(false);
    }
    let dice = Dice::new(world.dice.roll());
    let office = new_pc(world.folder.path(), (&format!("new{number}"), area), number as u8 + 2, dice)?;
    world.offices.push(office);
    world.set_clock(number)?;
    post_request(world, number)
}

/// A PC writes the request it has to make and sends it.
fn post_request(world: &mut World, place: usize) -> Result<bool> {
    let Some(asked) = world.ask(place)? else { return Ok(false) };
    send(world, (0, Paper::Request(place)), &asked);
    Ok(true)
}

/// A PC begins to write under new keys and asks the county for their certificate.
pub(super) fn change_keys(world: &mut World) -> Result<bool> {
    let place = any_township(world)?;
    match world.office(place)?.with(rekey::request)? {
        Ok(asked) => {
            let head = world.office(place)?.store()?.own_log()?;
            world.saved.push(head);
            send(world, (0, Paper::Request(place)), asked.bytes());
            Ok(true)
        }
        Err(SyncError::NotEnrolled) => Ok(false),
        Err(other) => Err(other.into()),
    }
}

/// A clerk who has had no answer, or whose bundles are turned away, asks again.
pub(super) fn ask_again(world: &mut World) -> Result<bool> {
    for place in world.places(|office| office.kind == Kind::Township) {
        if post_request(world, place)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A PC is stolen, and the county told of it.
pub(super) fn steal(world: &mut World) -> Result<bool> {
    if world.places(|office| office.kind == Kind::Township).len() < 3 {
        return Ok(false);
    }
    let place = any_township(world)?;
    world.end(place, Kind::Stolen)
}

/// The name a thief writes, by how many he had written before.
pub(crate) fn forged_name(number: usize) -> String {
    format!("{}贼{number}", crate::world::CANARY)
}

/// Whoever has a stolen PC goes on writing, as the people did, and hands files on.
pub(super) fn thief(world: &mut World) -> Result<bool> {
    let places = world.places(|office| office.kind == Kind::Stolen);
    let Some(place) = world.dice.pick(&places).copied() else { return Ok(false) };
    let name = Value::Text(forged_name(world.forged.len()));
    let Some(family) = family(world) else { return Ok(false) };
    let honest = world.saved.len();
    save(world, place, set(Person::TYPE, family.person, "name", name))?;
    let forged = world.saved.split_off(honest);
    world.forged.extend(forged);
    if world.dice.chance(50) { send_up(world, place) } else { send_across(world, place) }
}

/// A PC hands over what it has, is retired, and a new one takes its place. Where the county still lacks something of it, it
/// is told so by the county's bundle and hands over once more.
pub(super) fn replace(world: &mut World) -> Result<bool> {
    let place = any_township(world)?;
    if world.offices.len() >= MOST || world.ask(place)?.is_some() || !hand_in(world, place)? {
        return Ok(false);
    }
    let area = world.office(place)?.area;
    if world.lacks_of(place)? > 0 {
        world.count("a PC to be replaced is asked for what the county lacks");
        for file in world.office(0)?.export_down(area, None)?.unwrap_or_default() {
            if world.deliver(place, &file)?.is_none() {
                return Ok(false);
            }
        }
        if !hand_in(world, place)? || world.lacks_of(place)? > 0 {
            return Ok(false);
        }
    }
    Ok(world.end(place, Kind::Retired)? && join_county(world, area)?)
}

/// Brings a PC's bundle to the county by hand. Answers whether it was taken in.
fn hand_in(world: &mut World, place: usize) -> Result<bool> {
    let Some(files) = world.office(place)?.export_up(None)? else { return Ok(false) };
    for file in files {
        if world.deliver(0, &file)?.is_none() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The county's operations key was seen by others, or its year is over.
pub(super) fn new_operations_key(world: &mut World) -> Result<bool> {
    world.change_root(Change::Operations)
}

/// The root, so far in the county's own database, is given to three holders of whom two must sign.
pub(super) fn hand_to_holders(world: &mut World) -> Result<bool> {
    const CHEAP: Cost = Cost { memory_kib: 8, passes: 1, lanes: 1 };
    if !world.holders.is_empty() || !world.dice.chance(40) {
        return Ok(false);
    }
    world.can_sign()?;
    if world.county_trust()?.root().version < world.root_version {
        return Ok(false);
    }
    for name in ["主任", "信息科", "县医保局"] {
        let who = (name, "一二三四五六七八九十");
        let made = world.office(0)?.with(|store, author| roots::add_holder(store, author, who, CHEAP))??;
        world.holders.push((made.bytes, who.1.to_owned()));
    }
    world.change_root(Change::Holders(2))
}
