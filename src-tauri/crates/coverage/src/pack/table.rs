//! Tables of rows and alternatives, and what one situation leaves open of them.

use super::condition::{Condition, Look};
use super::situation::{Case, Situation};
use super::source::Citation;

/// A row of a rule table: the first row whose condition holds decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row<T> {
    pub(crate) when: Condition,
    pub(crate) value: T,
    pub(crate) citation: Citation,
}

/// A table in one situation.
#[derive(Clone, Debug)]
pub(crate) enum Table<'p, T> {
    /// This row decides, or none does, whatever else is known of the bill.
    Decided(Option<&'p Row<T>>),
    /// One of these rows may, which depends on what else is known.
    Open(&'p [Row<T>]),
}

impl<'p, T> Table<'p, T> {
    pub(super) fn of(rows: &'p [Row<T>], situation: &Situation) -> Self {
        let fitting = rows.iter().position(|row| row.when.admits(situation));
        match fitting.and_then(|first| rows.get(first..)) {
            Some([first, ..]) if !first.when.looks_beyond_lists() => Self::Decided(Some(first)),
            Some(rows) => Self::Open(rows),
            None => Self::Decided(None),
        }
    }

    pub(super) fn is_decided(&self) -> bool {
        matches!(self, Self::Decided(_))
    }

    /// The first row that holds.
    #[inline]
    pub(crate) fn find(&self, case: &Case) -> Option<&'p Row<T>> {
        match self {
            Self::Decided(row) => *row,
            Self::Open(rows) => rows.iter().find(|row| row.when.holds(case)),
        }
    }
}

/// Alternatives of which one must hold, in one situation; none at all always hold.
#[derive(Clone, Copy, Debug)]
pub(crate) enum When<'p> {
    /// Nothing but the situation decides.
    Decided(bool),
    /// This one may, which depends on what else is known of the bill.
    One(&'p Condition),
    /// One of these may.
    Several(&'p [Condition], Look),
}

impl<'p> When<'p> {
    pub(super) fn of(any: &'p [Condition], look: Look, situation: &Situation) -> Self {
        let fitting = || any.iter().filter(|condition| condition.admits_as(situation, look));
        if any.is_empty() || fitting().any(|condition| !condition.looks_beyond_lists()) {
            return Self::Decided(true);
        }
        match (fitting().next(), fitting().nth(1)) {
            (None, _) => Self::Decided(false),
            (Some(one), None) => Self::One(one),
            _ => Self::Several(any, look),
        }
    }

    /// Whether none holds, whatever else is known of the bill.
    pub(crate) fn never(self) -> bool {
        matches!(self, Self::Decided(false))
    }

    #[inline(always)]
    pub(crate) fn holds(self, case: &Case) -> bool {
        match self {
            Self::Decided(holds) => holds,
            Self::One(condition) => condition.holds_beyond_lists(case),
            Self::Several(any, look) => any.iter().any(|condition| condition.mismatch(case, look).is_none()),
        }
    }
}
