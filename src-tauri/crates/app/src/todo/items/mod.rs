//! The lists, a file a subject.

mod bills;
mod cards;
mod contracts;
mod follow_up;
mod illness;
mod register;
mod treatment;
mod village;
mod visits;

pub(crate) use bills::of_bills;
pub(crate) use cards::of_cards;
pub(crate) use follow_up::{Plan, seen};
pub(crate) use village::of_village;

use super::{Item, Look};

/// Every list, in the order of the desk.
const ALL: [&[Item]; 9] = [
    &contracts::ITEMS,
    &visits::ITEMS,
    &follow_up::ITEMS,
    &illness::ITEMS,
    &treatment::ITEMS,
    &bills::ITEMS,
    &cards::ITEMS,
    &register::ITEMS,
    &village::ITEMS,
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
