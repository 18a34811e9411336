//! Admissions: which bills are one, how many there were, and bills that go on with an earlier one.

use chrono::NaiveDate;
use mingbai_coverage::{Bill, Continuation};

use super::Life;
use super::fraction::{Fraction, NOTHING};
use super::met::Met;
use super::rows::text;

/// The earlier bills of a stay that goes on, by their places in the life so far; the last first.
pub(super) struct GoesOn {
    pub(super) parts: Vec<usize>,
    pub(super) how: Continuation,
}

impl GoesOn {
    pub(super) const fn met(&self) -> Met {
        match self.how {
            Continuation::Transfer => Met::Transfer,
            Continuation::Period => Met::Period,
        }
    }
}

/// What one payer has taken and paid in a stay so far.
pub(super) struct SoFar {
    /// Deductible as it was last reckoned.
    full: Fraction,
    /// What it looked at.
    pub(super) base: Fraction,
    pub(super) borne: Fraction,
    pub(super) paid: Fraction,
}

impl Life<'_> {
    pub(super) fn is_stay(&self, kind: &str) -> bool {
        let kinds = self.pack["admission_kinds"].as_array().expect("a list");
        kinds.iter().any(|word| word.as_str() == Some(kind))
    }

    /// The stay a bill goes on with where the pack makes one of them: nothing for an admission of its own, a refusal when
    /// the stay is not the last one known.
    pub(super) fn goes_on(&self, bill: &Bill, kind: &str) -> Option<Option<GoesOn>> {
        let Some(continues) = bill.continues.as_ref().filter(|_| self.is_stay(kind)) else { return Some(None) };
        let one = match continues.how {
            Continuation::Period => text(self.pack, "continued_stay") == "once",
            Continuation::Transfer => text(self.pack, "transfer_within_24h") == "one_admission",
        };
        if !one {
            return Some(None);
        }
        let last = self.past.iter().rposition(|past| past.stay)?;
        if self.past[last].number != continues.bill {
            return None;
        }
        let mut parts = vec![last];
        while let Some(before) = parts.last().and_then(|place| self.past[*place].goes_on_from) {
            parts.push(before);
        }
        Some(Some(GoesOn { parts, how: continues.how }))
    }

    /// First and last day of the admission a bill is for: 当次住院, from the first of its parts to the last.
    pub(super) fn days_of_all_parts(&self, bill: &Bill) -> (NaiveDate, NaiveDate) {
        let mut parts = vec![bill];
        let moves = text(self.pack, "transfer_within_24h") == "one_admission";
        let goes_on = |after: &Bill, before: &Bill| {
            let one = |how| how == Continuation::Period || moves;
            after.continues.as_ref().is_some_and(|continues| continues.bill == before.id && one(continues.how))
        };
        let hangs_on = |part: &Bill, parts: &[&Bill]| {
            let new = parts.iter().all(|known| known.id != part.id);
            new && parts.iter().any(|known| goes_on(part, known) || goes_on(known, part))
        };
        while self.is_stay(bill.kind.code())
            && let Some(more) = self.counted.iter().find(|other| hangs_on(other, &parts))
        {
            parts.push(more);
        }
        let days = |day: fn(&Bill) -> NaiveDate| parts.iter().map(move |part| day(part));
        (days(|part| part.admitted_on).min().expect("a part"), days(|part| part.discharged_on).max().expect("a part"))
    }

    /// Whether an earlier part of the stay is an admission already.
    pub(super) fn admitted_before(&self, goes_on: Option<&GoesOn>) -> bool {
        goes_on.is_some_and(|goes_on| goes_on.parts.iter().any(|place| self.past[*place].admitted_at.is_some()))
    }

    /// Which admission of the year a bill belongs to.
    pub(super) fn nth(&self, at: Option<&str>, goes_on: Option<&GoesOn>) -> i64 {
        let others = self.past.iter().enumerate().filter(|(place, past)| {
            let same = goes_on.is_some_and(|goes_on| goes_on.parts.contains(place));
            past.year == self.year && !same
        });
        let counted = others.filter_map(|(_, past)| past.admitted_at).filter(|level| at.is_none_or(|at| at == *level));
        1 + i64::try_from(counted.count()).expect("few stays")
    }

    pub(super) fn so_far(&self, payer: &str, goes_on: &GoesOn) -> Option<SoFar> {
        let turns = goes_on.parts.iter().flat_map(|place| &self.past[*place].turns).filter(|turn| turn.key == payer);
        let turns: Vec<_> = turns.collect();
        Some(SoFar {
            full: turns.first()?.full,
            base: turns.iter().map(|turn| turn.base).sum(),
            borne: turns.iter().map(|turn| turn.borne).sum(),
            paid: turns.iter().map(|turn| turn.paid).sum(),
        })
    }
}

/// The whole deductible of a stay that goes on, and what of it is still to be borne; `here` is the present hospital's.
pub(super) fn going_on(how: Continuation, so_far: &SoFar, here: Fraction) -> (Fraction, Fraction) {
    let full = match how {
        Continuation::Period => so_far.full,
        Continuation::Transfer if so_far.paid > NOTHING => so_far.full,
        Continuation::Transfer => here,
    };
    (full, (full - so_far.borne).max(NOTHING))
}
