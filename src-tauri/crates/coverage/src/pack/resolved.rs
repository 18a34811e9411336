//! What a pack's names mean, looked up once: settling a bill compares places and bits, never text.

use chrono::NaiveDate;

use super::condition::Condition;
use super::section::{Conflict, PackError, Section};
use super::{Pack, PackIdentity};
use crate::person::Person;
use crate::set::{Member, Set};

/// An identity of one pack, by its place in the pack's list; the lower, the higher the benefit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Identity(u8);

impl Member for Identity {
    fn place(self) -> usize {
        self.0.into()
    }
}

/// The identities a pack lists, while the rest of it is being read.
pub(crate) struct Known(Vec<String>);

impl Known {
    /// Refuses more identities than anybody could keep apart.
    pub(super) fn new(keys: Vec<String>, section: &Section) -> Result<Self, PackError> {
        if keys.len() > Set::<Identity>::ROOM {
            return Err(section.conflict(Conflict::TooManyIdentities));
        }
        Ok(Self(keys))
    }

    pub(super) fn find(&self, key: &str) -> Option<Identity> {
        find(self.0.iter().map(String::as_str), key)
    }
}

fn find<'k>(mut keys: impl Iterator<Item = &'k str>, key: &str) -> Option<Identity> {
    keys.position(|known| known == key).and_then(|place| u8::try_from(place).ok()).map(Identity)
}

/// Names of a pack as places.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Resolved {
    /// Identities that are aid identities.
    pub(crate) aid: Set<Identity>,
    /// Per payer, the payers that draw on the same cap.
    pub(crate) pools: Vec<Vec<usize>>,
    /// Payers in the order the ceiling cuts them.
    pub(crate) cut: Vec<usize>,
    /// Whether any rule looks at the person's age.
    pub(crate) asks_age: bool,
}

impl Resolved {
    pub(super) fn of(pack: &Pack) -> Self {
        let payers = || pack.payers.iter().enumerate();
        let sharing =
            |pool: &str| payers().filter(|(_, payer)| payer.cap_pool == pool).map(|(place, _)| place).collect();
        let cut = pack.ceiling.iter().flat_map(|ceiling| &ceiling.cut);
        Self {
            aid: (0..).zip(&pack.identities).filter(|(_, known)| known.aid).map(|(place, _)| Identity(place)).collect(),
            pools: pack.payers.iter().map(|payer| sharing(&payer.cap_pool)).collect(),
            cut: cut.filter_map(|key| pack.payer_place(key)).collect(),
            asks_age: pack.conditions().any(Condition::asks_age),
        }
    }
}

impl Pack {
    /// The identity with this code, `None` when the pack has no rule for it.
    pub(crate) fn identity(&self, key: &str) -> Option<Identity> {
        find(self.identities.iter().map(|identity| identity.key.as_str()), key)
    }

    /// The place of a payer in the chain.
    pub(crate) fn payer_place(&self, key: &str) -> Option<usize> {
        self.payers.iter().position(|payer| payer.key == key)
    }

    /// The identities in a set, highest benefit first.
    pub(crate) fn identities_in(&self, set: Set<Identity>) -> impl Iterator<Item = &PackIdentity> {
        (0..).zip(&self.identities).filter(move |(place, _)| set.contains(Identity(*place))).map(|(_, known)| known)
    }
}

/// A person's dated identities as one pack knows them; codes it has no rule for are left out.
#[derive(Debug, Default)]
pub(crate) struct Holder {
    periods: Vec<(Identity, NaiveDate, NaiveDate)>,
    pub(crate) born: Option<NaiveDate>,
}

impl Holder {
    pub(crate) fn of(pack: &Pack, person: &Person) -> Self {
        let mut holder = Self::default();
        holder.become_person(pack, person);
        holder
    }

    /// Takes another person's place, reusing the room.
    pub(crate) fn become_person(&mut self, pack: &Pack, person: &Person) {
        self.born = person.born;
        self.periods.clear();
        for period in &person.identities {
            if let Some(identity) = pack.identity(&period.identity) {
                let (from, until) = (period.from.unwrap_or(NaiveDate::MIN), period.until.unwrap_or(NaiveDate::MAX));
                self.periods.push((identity, from, until));
            }
        }
    }

    /// Identities held on any day from `first` to `last`.
    pub(crate) fn held_between(&self, first: NaiveDate, last: NaiveDate) -> Set<Identity> {
        let held = self.periods.iter().filter(|(_, from, until)| *from <= last && *until >= first);
        held.map(|(identity, ..)| *identity).collect()
    }
}
