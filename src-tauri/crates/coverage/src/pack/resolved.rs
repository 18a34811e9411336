//! What a pack's names mean, looked up once: settling a bill compares places and bits, never text.

use chrono::{Datelike, NaiveDate};

use super::condition::Condition;
use super::disease::Disease;
use super::payer::{AnnualBase, Payer};
use super::section::{Conflict, PackError, Section};
use super::source::{Citation, Source, cite};
use super::{Pack, PackIdentity};
use crate::person::{Enrolment, Person, Uninsured};
use crate::set::{Member, Set};
use crate::vocabulary::Kind;

/// An identity of one pack, by its place in the pack's list; the lower, the higher the benefit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Identity(u8);

impl Member for Identity {
    fn place(self) -> usize {
        self.0.into()
    }
}

/// A disease of one pack, by its place in the pack's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DiseasePlace(pub(crate) u8);

impl Member for DiseasePlace {
    fn place(self) -> usize {
        self.0.into()
    }
}

/// A payer of one pack, by its place in the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PayerPlace(pub(crate) u8);

impl Member for PayerPlace {
    fn place(self) -> usize {
        self.0.into()
    }
}

/// What rows of a pack may refer to, while the rest of it is being read.
pub(crate) struct Known {
    sources: Vec<Source>,
    identities: Vec<String>,
    diseases: Vec<String>,
}

impl Known {
    /// Refuses longer lists than anybody could keep apart.
    pub(super) fn new(
        sources: &[Source],
        identities: &[PackIdentity],
        diseases: &[Disease],
        section: &Section,
    ) -> Result<Self, PackError> {
        if identities.len() > Set::<Identity>::ROOM {
            return Err(section.conflict(Conflict::TooManyIdentities));
        }
        if diseases.len() > Set::<DiseasePlace>::ROOM {
            return Err(section.conflict(Conflict::TooMany("病种")));
        }
        Ok(Self {
            sources: sources.to_vec(),
            identities: identities.iter().map(|identity| identity.key.clone()).collect(),
            diseases: diseases.iter().map(|disease| disease.key.clone()).collect(),
        })
    }

    pub(super) fn find(&self, key: &str) -> Option<Identity> {
        find(self.identities.iter().map(String::as_str), key).map(Identity)
    }

    pub(super) fn disease(&self, key: &str) -> Option<DiseasePlace> {
        find(self.diseases.iter().map(String::as_str), key).map(DiseasePlace)
    }

    /// The reference of a row.
    pub(super) fn citation(&self, section: &mut Section) -> Result<Citation, PackError> {
        let text = section.text("ref", "依据")?;
        self.cite(section, &text)
    }

    /// A reference in words, resolved.
    pub(super) fn cite(&self, section: &Section, text: &str) -> Result<Citation, PackError> {
        cite(&self.sources, section, text)
    }
}

fn find<'k>(mut keys: impl Iterator<Item = &'k str>, key: &str) -> Option<u8> {
    keys.position(|known| known == key).and_then(|place| u8::try_from(place).ok())
}

/// Names of a pack as places.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Resolved {
    /// Identities that are aid identities.
    pub(crate) aid: Set<Identity>,
    /// Per payer, the other payers that draw on the same cap.
    pub(crate) pools: Vec<Vec<usize>>,
    /// Payers in the order the ceiling cuts them.
    pub(crate) cut: Vec<usize>,
    /// Annual payers that collect what every payer of a bill has left.
    pub(crate) after_immediate: Vec<usize>,
    /// Kinds of care with diseases of their own.
    pub(crate) disease_kinds: Set<Kind>,
    /// Kinds of care some payer is for, or of which the pack says what is not in it.
    pub(crate) kinds: Set<Kind>,
    /// Whether any rule looks at the person's age.
    pub(crate) asks_age: bool,
    /// Payers that pay for the insured only.
    pub(crate) insured_only: Set<PayerPlace>,
    /// Per waiting period, the payers that wait.
    pub(crate) waiting: Vec<Set<PayerPlace>>,
    /// Per joint cap, the payers under it.
    pub(crate) joint_caps: Vec<Set<PayerPlace>>,
    /// Per disease, the payers its limit binds.
    pub(crate) diseases: Vec<Set<PayerPlace>>,
    /// Diseases that a condition names.
    pub(crate) diseases_asked: Set<DiseasePlace>,
}

impl Resolved {
    pub(super) fn of(pack: &Pack) -> Self {
        let payers = || pack.payers.iter().enumerate();
        let sharing = |(own, of): (usize, &Payer)| {
            let others = payers().filter(|(place, payer)| *place != own && payer.cap_pool == of.cap_pool);
            others.map(|(place, _)| place).collect()
        };
        let cut = pack.ceiling.iter().flat_map(|ceiling| &ceiling.cut);
        Self {
            aid: (0..).zip(&pack.identities).filter(|(_, known)| known.aid).map(|(place, _)| Identity(place)).collect(),
            pools: payers().map(sharing).collect(),
            cut: cut.filter_map(|key| pack.payer_place(key)).collect(),
            after_immediate: payers()
                .filter(|(_, payer)| payer.annual_base == AnnualBase::AfterImmediate)
                .map(|(place, _)| place)
                .collect(),
            disease_kinds: pack.diseases.iter().map(|disease| disease.kind).collect(),
            kinds: pack.kinds_spoken_of(),
            asks_age: pack.conditions().any(Condition::asks_age),
            insured_only: pack.payer_set(&pack.insured_only),
            waiting: pack.waiting.iter().map(|waiting| pack.payer_set(&waiting.payers)).collect(),
            joint_caps: pack.joint_caps.iter().map(|cap| pack.payer_set(&cap.payers)).collect(),
            diseases: pack.diseases.iter().map(|disease| pack.payer_set(&disease.payers)).collect(),
            diseases_asked: pack.conditions().fold(Set::default(), |named, condition| named.either(condition.disease)),
        }
    }
}

impl Pack {
    /// The identity with this code, `None` when the pack has no rule for it.
    pub(crate) fn identity(&self, key: &str) -> Option<Identity> {
        find(self.identities.iter().map(|identity| identity.key.as_str()), key).map(Identity)
    }

    /// The place of a disease in the pack's list.
    pub(crate) fn disease_place(&self, key: &str) -> Option<DiseasePlace> {
        find(self.diseases.iter().map(|disease| disease.key.as_str()), key).map(DiseasePlace)
    }

    /// The diseases in a set, in the pack's order.
    pub(crate) fn diseases_in(&self, set: Set<DiseasePlace>) -> impl Iterator<Item = &Disease> {
        (0..).zip(&self.diseases).filter(move |(place, _)| set.contains(DiseasePlace(*place))).map(|(_, known)| known)
    }

    fn kinds_spoken_of(&self) -> Set<Kind> {
        let any = |kinds: Set<Kind>| if kinds.is_empty() { Kind::ALL.iter().copied().collect() } else { kinds };
        let of_payer = |payer: &Payer| match payer.when.as_slice() {
            [] => any(Set::default()),
            when => when.iter().fold(Set::default(), |all, condition| all.either(any(condition.kind))),
        };
        // What the year's end adds is for what the bills have left: it decides no kind of care by itself.
        let with_bills = self.payers.iter().any(|payer| !payer.settle.is_annual());
        let payers = self.payers.iter().filter(|payer| !with_bills || !payer.settle.is_annual());
        let paid = payers.fold(Set::default(), |all, payer| all.either(of_payer(payer)));
        self.partial.iter().fold(paid, |all, row| all.either(row.when.kind))
    }

    fn payer_set(&self, keys: &[String]) -> Set<PayerPlace> {
        let places = keys.iter().filter_map(|key| find(self.payers.iter().map(|payer| payer.key.as_str()), key));
        places.map(PayerPlace).collect()
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

/// What is known of somebody's insurance on a day.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Insured<'e> {
    Yes(&'e Enrolment),
    /// With 职工医保, of which the pack knows nothing.
    Employees,
    No,
    NotKnown,
}

/// Whether somebody enrolled within so many days of birth.
pub(crate) fn is_newborn(enrolment: &Enrolment, born: NaiveDate, days: u32) -> bool {
    let age = (enrolment.paid_on.unwrap_or(enrolment.from) - born).num_days();
    days > 0 && (0..=i64::from(days)).contains(&age)
}

/// A person's dated identities as one pack knows them; codes it has no rule for are left out.
#[derive(Debug, Default)]
pub(crate) struct Holder {
    periods: Vec<(Identity, NaiveDate, NaiveDate)>,
    pub(crate) born: Option<NaiveDate>,
    enrolments: Vec<Enrolment>,
    uninsured: Vec<Uninsured>,
    pub(crate) employees: Vec<i32>,
    /// Whether a register's silence about enrolment refuses a bill.
    pub(crate) registered: bool,
    certificates: Vec<(DiseasePlace, NaiveDate, NaiveDate)>,
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
        self.enrolments.clone_from(&person.enrolments);
        let newborn = pack.waiting.iter().map(|waiting| waiting.newborn_days).max().unwrap_or_default();
        for enrolment in &mut self.enrolments {
            if let Some(born) = person.born.filter(|born| is_newborn(enrolment, *born, newborn)) {
                enrolment.from = born;
            }
        }
        self.uninsured.clone_from(&person.uninsured);
        self.employees.clone_from(&person.employees);
        self.registered = person.registered;
        self.certificates.clear();
        for held in &person.certificates {
            if let Some(disease) = pack.disease_place(&held.disease) {
                self.certificates.push((disease, held.from, held.until.unwrap_or(NaiveDate::MAX)));
            }
        }
    }

    /// Whether nothing at all is said of insurance, and nobody asked a register.
    pub(crate) fn is_unrecorded(&self) -> bool {
        self.enrolments.is_empty() && self.uninsured.is_empty() && self.employees.is_empty() && !self.registered
    }

    /// Whether and how the person is insured on a day; of several enrolments the latest counts.
    pub(crate) fn insured_on(&self, day: NaiveDate) -> Insured<'_> {
        let covering = self.enrolments.iter().filter(|enrolment| enrolment.covers(day));
        if let Some(enrolment) = covering.max_by_key(|enrolment| enrolment.from) {
            return Insured::Yes(enrolment);
        }
        if self.employees.contains(&day.year()) {
            return Insured::Employees;
        }
        let said = self.uninsured.iter().any(|period| period.from <= day && day <= period.until);
        // Whoever enrolled in the course of the year was not insured in it before, and whose insurance ended is not after.
        let around = |enrolment: &Enrolment| {
            let after = enrolment.until.is_some_and(|until| until < day && until.year() == day.year());
            (day < enrolment.from && enrolment.from.year() == day.year()) || after
        };
        if said || self.enrolments.iter().any(around) { Insured::No } else { Insured::NotKnown }
    }

    /// The first day after `first`, up to `last`, from which somebody is no longer insured who was, or the other way round.
    /// Days nobody knows of between two that are known to differ go with the later one.
    pub(crate) fn changes_between(&self, first: NaiveDate, last: NaiveDate) -> Option<NaiveDate> {
        let state = |day| match self.insured_on(day) {
            Insured::Yes(_) => Some(true),
            Insured::No => Some(false),
            Insured::Employees | Insured::NotKnown => None,
        };
        let new_year = NaiveDate::from_ymd_opt(last.year(), 1, 1);
        let next = |after: NaiveDate| {
            let enrolled =
                self.enrolments.iter().flat_map(|one| [Some(one.from), one.until.and_then(|day| day.succ_opt())]);
            let not = self.uninsured.iter().flat_map(|period| [Some(period.from), period.until.succ_opt()]);
            enrolled.chain(not).chain([new_year]).flatten().filter(|day| after < *day && *day <= last).min()
        };
        // Most stays have no such day, and nothing else is asked of them.
        let mut at = next(first);
        let (mut known, mut left) = (at.and_then(|_| state(first)), None);
        while let Some(day) = at {
            at = next(day);
            match state(day) {
                None => left = left.or(Some(day)),
                Some(now) if known.is_some_and(|known| known != now) => return left.or(Some(day)),
                Some(now) => (known, left) = (Some(now), None),
            }
        }
        None
    }

    /// Diseases of which a certificate is valid on a day.
    pub(crate) fn certified_on(&self, day: NaiveDate) -> Set<DiseasePlace> {
        let held = self.certificates.iter().filter(|(_, from, until)| *from <= day && day <= *until);
        held.map(|(disease, ..)| *disease).collect()
    }

    /// Identities held on any day from `first` to `last`.
    pub(crate) fn held_between(&self, first: NaiveDate, last: NaiveDate) -> Set<Identity> {
        let held = self.periods.iter().filter(|(_, from, until)| *from <= last && *until >= first);
        held.map(|(identity, ..)| *identity).collect()
    }
}
