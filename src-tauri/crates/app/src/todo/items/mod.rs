//! The lists, a file a subject.

mod bills;
mod cards;
mod contracts;
mod follow_up;
mod illness;
mod place;
mod quality;
mod register;
mod treatment;
mod village;
mod visits;

pub(crate) use bills::of_bills;
pub(crate) use cards::of_cards;
pub(crate) use follow_up::{Plan, illnesses, seen};
pub(crate) use place::{instructors_needed, is_ours, of_area, waits};
pub(crate) use village::{due_on, is_open, quarter};

use super::{Item, Look};

/// Every list, in the order of the desk.
const ALL: [&[Item]; 11] = [
    &contracts::ITEMS,
    &visits::ITEMS,
    &follow_up::ITEMS,
    &illness::ITEMS,
    &treatment::ITEMS,
    &bills::ITEMS,
    &cards::ITEMS,
    &register::ITEMS,
    &village::ITEMS,
    &place::ITEMS,
    &quality::ITEMS,
];

/// What works them out for a household.
pub(super) const LOOKS: [Look; 8] = [
    contracts::look,
    visits::look,
    follow_up::look,
    illness::look,
    treatment::look,
    bills::look,
    register::look,
    village::look,
];

pub(crate) fn all() -> impl Iterator<Item = &'static Item> {
    ALL.iter().flat_map(|items| items.iter())
}
