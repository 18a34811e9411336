//! What a rule looks at: where, how and for whom a bill arose, and then its amounts.

use mingbai_domain::Fen;

use super::resolved::{DiseasePlace, Identity};
use crate::set::{Member, Set};
use crate::vocabulary::{Area, Kind, Level, Referral};

/// What is known of a bill before any of its amounts, dates or earlier bills is looked at. A county's bills come from a few
/// dozen situations, so what a pack says of each is looked up once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Situation {
    pub(crate) kind: Kind,
    pub(crate) level: Level,
    pub(crate) area: Area,
    pub(crate) referral: Referral,
    pub(crate) identities: Set<Identity>,
    /// The mask in which only its own kind, level, area and referral are set.
    pub(super) places: u32,
}

const _: () =
    assert!(Kind::ALL.len() <= 8 && Level::ALL.len() <= 8 && Area::ALL.len() <= 8 && Referral::ALL.len() <= 8);

/// Lists of kinds, levels, areas and referrals as one mask, a byte for each.
pub(super) const fn places(lists: [u8; 4]) -> u32 {
    u32::from_le_bytes(lists)
}

impl Situation {
    pub(crate) fn new(kind: Kind, level: Level, area: Area, referral: Referral, identities: Set<Identity>) -> Self {
        let places = [kind.place(), level.place(), area.place(), referral.place()].map(|place| 1 << place);
        Self { kind, level, area, referral, identities, places: self::places(places) }
    }

    /// One of which only the identities are known.
    pub(crate) fn of_identities(identities: Set<Identity>) -> Self {
        Self::new(Kind::Inpatient, Level::Unrated, Area::County, Referral::None, identities)
    }

    /// The same without any identity.
    pub(crate) fn of_an_ordinary_resident(self) -> Self {
        Self { identities: Set::default(), ..self }
    }

    /// The same for equal situations alone.
    pub(super) fn key(&self) -> (u64, u64) {
        (self.places.into(), self.identities.bits())
    }

    /// In words, for an error a clerk reads.
    pub(crate) fn in_words(&self) -> String {
        let mut words = format!("{}、{}、{}", self.kind.label(), self.level.label(), self.area.label());
        if self.referral != Referral::None {
            words.push('、');
            words.push_str(self.referral.label());
        }
        words
    }
}

/// A bill as a condition sees it. `None` in `total`, `age` or `major` means “not asked”, as when a card is printed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Case {
    pub(crate) situation: Situation,
    pub(crate) nth: u32,
    pub(crate) total: Option<Fen>,
    pub(crate) age: Option<u32>,
    pub(crate) major: Option<bool>,
    /// The certified disease the bill is for.
    pub(crate) disease: Option<DiseasePlace>,
    /// What the payer looks at; set payer by payer.
    pub(crate) base: Option<Fen>,
    /// 居民人均可支配收入 of the year before, where the pack gives it.
    pub(crate) income: Option<Fen>,
    /// Calendar year of the bill; `None` when a card is printed.
    pub(crate) year: Option<i32>,
}

impl Case {
    /// A case of which only the situation is known.
    pub(crate) fn of(situation: Situation) -> Self {
        Self {
            situation,
            nth: 1,
            total: None,
            age: None,
            major: None,
            disease: None,
            base: None,
            income: None,
            year: None,
        }
    }
}
