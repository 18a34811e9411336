//! Which admission of the year a bill is, and the one it goes on with.

use super::running::{Running, RunningStay};
use crate::pack::Pack;
use crate::pack::payer::Counting;
use crate::pack::situation::Situation;
use crate::vocabulary::Continuation;

/// The stay a bill continues as the same admission.
#[derive(Clone, Copy)]
pub(super) struct SameStay<'a> {
    pub(super) how: Continuation,
    pub(super) stay: &'a RunningStay,
}

/// Which stay of the year a bill is for deductibles, as payers count stays; 1 when it is no stay.
#[derive(Clone, Copy)]
pub(super) struct Nth {
    same_level: u32,
    any_level: u32,
}

impl Nth {
    #[inline]
    pub(super) fn of(pack: &Pack, situation: &Situation, same_stay: Option<&SameStay<'_>>, year: &Running) -> Self {
        if !pack.stays.admission_kinds.contains(situation.kind) {
            return Self { same_level: 1, any_level: 1 };
        }
        // A bill that goes on with a stay is that stay, where it was counted.
        let counted = same_stay.and_then(|same| same.stay.level);
        let nth = |before: u32, counted: bool| if counted { before.max(1) } else { before.saturating_add(1) };
        Self {
            same_level: nth(year.admissions_at(situation.level), counted == Some(situation.level)),
            any_level: nth(year.admissions_anywhere(), counted.is_some()),
        }
    }

    pub(super) fn counted(self, counting: Counting) -> u32 {
        match counting {
            Counting::SameLevel => self.same_level,
            Counting::AnyLevel => self.any_level,
        }
    }
}

impl SameStay<'_> {
    /// The switch that makes it the same stay.
    pub(super) fn switch(&self) -> &'static str {
        match self.how {
            Continuation::Transfer => "transfer_within_24h",
            Continuation::Period => "continued_stay",
        }
    }
}
