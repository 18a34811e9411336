//! The lists, a file a subject.

mod bills;
mod cards;
mod chased;
mod contact;
mod contracts;
mod crowds;
mod follow_up;
mod fulfil;
mod grants;
mod illness;
mod lines;
mod owed;
mod place;
mod platform;
mod quality;
mod register;
mod screening;
mod treatment;
mod village;
mod visits;

pub(crate) use cards::of_cards;
pub(crate) use contact::{away_reason, is_for_contract};
pub(in crate::todo) use follow_up::illnesses;
pub(crate) use follow_up::{Plan, seen};
pub(crate) use fulfil::service_label;
pub(crate) use owed::{of_bills, year_end_of};
pub(crate) use place::{instructors_needed, is_ours, of_area, waits};
pub(crate) use platform::open_records;
pub(crate) use village::{due_on, is_open, quarter};

use super::{Item, Look};

/// Every list, in the order of the desk.
const ALL: [&[Item]; 18] = [
    &contracts::ITEMS,
    &crowds::ITEMS,
    &fulfil::ITEMS,
    &contact::ITEMS,
    &platform::ITEMS,
    &visits::ITEMS,
    &follow_up::ITEMS,
    &screening::ITEMS,
    &illness::ITEMS,
    &treatment::ITEMS,
    &grants::ITEMS,
    &bills::ITEMS,
    &lines::ITEMS,
    &cards::ITEMS,
    &register::ITEMS,
    &village::ITEMS,
    &place::ITEMS,
    &quality::ITEMS,
];

/// What works them out for a household.
pub(super) const LOOKS: [Look; 14] = [
    contracts::look,
    crowds::look,
    contact::look,
    platform::look,
    visits::look,
    follow_up::look,
    screening::look,
    illness::look,
    treatment::look,
    grants::look,
    bills::look,
    lines::look,
    register::look,
    village::look,
];

pub(crate) fn all() -> impl Iterator<Item = &'static Item> {
    ALL.iter().flat_map(|items| items.iter())
}
