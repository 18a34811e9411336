//! Files: who writes them, and what happens to them on their way.

use crate::courier::{DAMAGES, Letter, Paper, damaged};
use crate::dice::Dice;
use crate::events::any_township;
use crate::found::{A, B};
use crate::office::Kind;
use crate::world::World;
use crate::{Failure, Result};

/// Sends a file, or several of it, or none; sometimes to somebody it is not for.
pub(super) fn send(world: &mut World, (to, paper): (usize, Paper), bytes: &[u8]) {
    world.sent.push(bytes.to_vec());
    let [_, lost, twice, wrong] = world.faults;
    if world.dice.chance(lost) {
        world.count("courier loses a file");
        world.drawer.push(Letter { to, paper, bytes: bytes.to_vec() });
        return;
    }
    let mut copies = 1;
    if world.dice.chance(twice) {
        world.count("courier copies a file");
        copies = 2;
    }
    for _ in 0..copies {
        world.mail.push(Letter { to, paper, bytes: bytes.to_vec() });
    }
    if world.dice.chance(wrong) {
        world.count("courier brings a file to the wrong office");
        let other = world.dice.below(world.offices.len());
        world.mail.push(Letter { to: other, paper, bytes: bytes.to_vec() });
    }
}

pub(super) fn export_up(world: &mut World) -> Result<bool> {
    let place = any_township(world)?;
    send_up(world, place)
}

/// One PC writes to the county.
pub(super) fn send_up(world: &mut World, place: usize) -> Result<bool> {
    let most = limit(world);
    let Some(files) = world.office(place)?.export_up(most)? else { return Ok(false) };
    if files.len() > 1 {
        world.count("a bundle in several files");
    }
    files.iter().for_each(|bytes| send(world, (0, Paper::Bundle), bytes));
    Ok(true)
}

pub(super) fn export_down(world: &mut World) -> Result<bool> {
    let area = if world.dice.chance(60) { A } else { B };
    let most = limit(world);
    let Some(files) = world.office(0)?.export_down(area, most)? else { return Ok(false) };
    for place in world.places(|office| office.kind == Kind::Township && office.area == area) {
        files.iter().for_each(|bytes| send(world, (place, Paper::Bundle), bytes));
    }
    Ok(true)
}

pub(super) fn export_across(world: &mut World) -> Result<bool> {
    let place = any_township(world)?;
    send_across(world, place)
}

/// A PC writes to the others of its own centre, itself not among them even where it is a copy.
pub(super) fn send_across(world: &mut World, place: usize) -> Result<bool> {
    let most = limit(world);
    let Some(files) = world.office(place)?.export_across(most)? else { return Ok(false) };
    let area = world.office(place)?.area;
    for to in world.places(|office| office.kind == Kind::Township && office.area == area) {
        if to != place {
            files.iter().for_each(|bytes| send(world, (to, Paper::Bundle), bytes));
        }
    }
    Ok(true)
}

/// Sometimes a bundle has to keep within the limit of a mail.
pub(super) fn limit(world: &mut World) -> Option<u64> {
    let most = 2_400 + world.dice.below(1_600) as u64;
    world.dice.chance(35).then_some(most)
}

/// Any of the files on their way arrives, whole or not.
pub(super) fn arrive(world: &mut World) -> Result<bool> {
    let at = world.dice.below(world.mail.len());
    if at >= world.mail.len() {
        return Ok(false);
    }
    let letter = world.mail.remove(at);
    hand_over(world, &letter)?;
    world.drawer.push(letter);
    Ok(true)
}

pub(super) fn replay(world: &mut World) -> Result<bool> {
    let drawer = std::mem::take(&mut world.drawer);
    let chosen = world.dice.pick(&drawer).cloned();
    world.drawer = drawer;
    let Some(letter) = chosen else { return Ok(false) };
    hand_over(world, &letter)?;
    Ok(true)
}

pub(super) fn hand_over(world: &mut World, letter: &Letter) -> Result<()> {
    let Ok(office) = world.office(letter.to) else { return Ok(()) };
    if office.store.is_none() || !office.in_service() {
        return Ok(());
    }
    if world.dice.chance(world.faults[0]) {
        let (damage, name) = DAMAGES[world.dice.below(DAMAGES.len())];
        let mut dice = Dice::new(world.dice.roll());
        let other = world.drawer.last().map(|letter| letter.bytes.clone()).unwrap_or_default();
        let bytes = damaged(damage, &letter.bytes, &other, &mut dice);
        if bytes != letter.bytes && !world.sent.contains(&bytes) {
            world.count(name);
            if read(world, &Letter { bytes, ..letter.clone() })? {
                return Err(Failure::new(format!("a damaged file was taken in: {name}")));
            }
            return Ok(());
        }
    }
    if !read(world, letter)? {
        world.count("files turned away");
    }
    Ok(())
}

/// Whether a file is taken in.
fn read(world: &mut World, letter: &Letter) -> Result<bool> {
    match letter.paper {
        Paper::Bundle => bundle(world, letter),
        Paper::Request(from) => {
            let granted = world.grant(letter.to, from, &letter.bytes)?;
            if let Some(file) = &granted {
                send(world, (from, Paper::Membership), file);
            }
            Ok(granted.is_some())
        }
        Paper::Membership => world.join(letter.to, &letter.bytes),
    }
}

fn bundle(world: &mut World, letter: &Letter) -> Result<bool> {
    let Some(accepted) = world.deliver(letter.to, &letter.bytes)? else { return Ok(false) };
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
    Ok(true)
}
