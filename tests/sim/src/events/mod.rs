//! What can happen: people at work, files on their way, machines, and whom the county trusts.

mod machines;
mod people;
mod post;
mod trust;

pub(crate) use trust::forged_name;

use crate::office::{Kind, Office};
use crate::world::World;
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

/// What makes a county forget what it signed.
pub(crate) const FORGETTING: [&str; 2] =
    ["the county is restored and notices", "the county is restored and nobody notices"];

/// What changes whom the county trusts, after everybody has joined.
pub(crate) const SIGNING: [&str; 8] = [
    "a new PC asks to join",
    "a PC changes its keys",
    "a PC asks the county once more",
    "a PC is stolen",
    "a thief writes and sends",
    "a PC is replaced by a new one",
    "the county makes a new operations key",
    "the county gives its root to holders",
];

/// Everything that can happen, with how often.
pub(crate) const EVENTS: &[Event] = &[
    event("a family is registered", 5, people::register),
    event("a name is changed", 6, people::rename),
    event("a telephone number is changed", 6, people::telephone),
    event("a citizen id is corrected", 2, people::correct_id),
    event("a visit is recorded", 4, people::visit),
    event("a visit is corrected", 4, people::correct),
    event("a visit is declared void", 2, people::void),
    event("a person is deleted", 1, people::delete),
    event("the county gives an aid identity", 2, people::aid),
    event("the county moves a person", 2, people::move_person),
    event("the county moves a household", 2, people::move_household),
    event("the county finds two people to be one", 1, people::merge),
    event("the county takes that back", 1, people::unmerge),
    event("a conflict is decided", 8, people::decide),
    event("a township exports", 10, post::export_up),
    event("the county exports", 10, post::export_down),
    event("a PC exports for its neighbours", 5, post::export_across),
    event("a file arrives", 22, post::arrive),
    event("an old file arrives again", 3, post::replay),
    event("a newer version writes", 1, machines::future),
    event("a database is copied", 3, machines::copy),
    event("a copy is restored and noticed", 1, machines::restore_noticed),
    event("a copy is restored and nobody notices", 1, machines::restore_unnoticed),
    event("the county is restored and notices", 1, machines::restore_county_noticed),
    event("the county is restored and nobody notices", 1, machines::restore_county_unnoticed),
    event("a copy runs on another PC", 1, machines::clone),
    event("the power fails", 3, machines::power),
    event("a clock jumps", 3, machines::clock),
    event("a new PC asks to join", 1, trust::newcomer),
    event("a PC changes its keys", 2, trust::change_keys),
    event("a PC asks the county once more", 3, trust::ask_again),
    event("a PC is stolen", 1, trust::steal),
    event("a thief writes and sends", 6, trust::thief),
    event("a PC is replaced by a new one", 1, trust::replace),
    event("the county makes a new operations key", 1, trust::new_operations_key),
    event("the county gives its root to holders", 1, trust::hand_to_holders),
];

fn any_office(world: &mut World) -> Result<usize> {
    let places = world.places(Office::in_service);
    world.dice.pick(&places).copied().ok_or_else(|| Failure::new("no PC is left"))
}

fn any_township(world: &mut World) -> Result<usize> {
    let places = world.places(|office| office.kind == Kind::Township);
    world.dice.pick(&places).copied().ok_or_else(|| Failure::new("no PC is left"))
}
