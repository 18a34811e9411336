//! Sets of members of short closed lists, as bits: what conditions and cases are made of, so that matching a rule costs an
//! “and” and not a search.

use std::marker::PhantomData;

/// A member of a list of at most [`Set::ROOM`] members, known by its place in it.
pub(crate) trait Member: Copy {
    /// Its place, from 0.
    fn place(self) -> usize;
}

/// Members of one list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Set<T> {
    bits: u64,
    of: PhantomData<T>,
}

impl<T> Default for Set<T> {
    fn default() -> Self {
        Self { bits: 0, of: PhantomData }
    }
}

impl<T: Member> Set<T> {
    /// How many members the list may have.
    pub(crate) const ROOM: usize = u64::BITS as usize;

    pub(crate) fn insert(&mut self, member: T) {
        self.bits |= 1 << member.place();
    }

    pub(crate) fn contains(self, member: T) -> bool {
        self.bits & (1 << member.place()) != 0
    }

    /// The members as bits, the first the lowest.
    pub(crate) fn bits(self) -> u64 {
        self.bits
    }

    pub(crate) fn is_empty(self) -> bool {
        self.bits == 0
    }

    /// Whether any member is in both.
    pub(crate) fn meets(self, other: Self) -> bool {
        self.bits & other.bits != 0
    }

    pub(crate) fn both(self, other: Self) -> Self {
        Self { bits: self.bits & other.bits, of: PhantomData }
    }

    pub(crate) fn either(self, other: Self) -> Self {
        Self { bits: self.bits | other.bits, of: PhantomData }
    }

    pub(crate) fn without(self, other: Self) -> Self {
        Self { bits: self.bits & !other.bits, of: PhantomData }
    }

    /// The member that stands first in the list, alone.
    pub(crate) fn first(self) -> Self {
        Self { bits: self.bits & self.bits.wrapping_neg(), of: PhantomData }
    }
}

impl<T: Member> FromIterator<T> for Set<T> {
    fn from_iter<I: IntoIterator<Item = T>>(members: I) -> Self {
        let mut set = Self::default();
        members.into_iter().for_each(|member| set.insert(member));
        set
    }
}
