//! The rules, a file a subject. Their numbers and meaning are those of domain F; where a known script of inspectors has a
//! bug, the rule follows its title and says so.

mod care;
mod identity;
mod illness;
mod insurance;
mod labour;
mod lists;
mod money;
mod monitoring;
mod reasons;

use super::Rule;

/// In the order of their numbers as far as a file goes.
pub(super) const ALL: [&[Rule]; 9] = [
    &identity::RULES,
    &insurance::RULES,
    &reasons::RULES,
    &labour::RULES,
    &monitoring::RULES,
    &illness::RULES,
    &care::RULES,
    &money::RULES,
    &lists::RULES,
];
