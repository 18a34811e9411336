//! The disease a bill is for: its certificate, where it may be treated, and what is left of its limit.

use chrono::{Datelike, NaiveDate};
use mingbai_domain::Fen;

use super::chain::{Chain, PayerShare};
use super::running::Running;
use crate::bill::{Bill, BillError};
use crate::history::Used;
use crate::pack::disease::{Disease, LimitOn};
use crate::pack::payer::Base;
use crate::pack::resolved::{DiseasePlace, PayerPlace};
use crate::pack::{SeveralDiseases, Uncertified};
use crate::set::{Member, Set};
use crate::vocabulary::Level;

/// What a bill's disease means for it.
pub(super) enum Treated<'p> {
    /// The pack has no diseases of this kind of care.
    NotAsked,
    /// It has, but which one it is changes no money; the certificate was not looked at.
    NotNamed,
    /// Certified, or needing no certificate.
    As(DiseasePlace, &'p Disease),
    /// Without a valid certificate; ordinary outpatient care.
    AsOutpatient(&'p Disease),
    /// Without a valid certificate; nobody pays.
    Refused(&'p Disease),
}

/// The limit of a disease while its bill goes through the chain.
pub(super) struct Limit<'p> {
    pub(super) disease: &'p Disease,
    place: DiseasePlace,
    payers: Set<PayerPlace>,
    month: i32,
    /// Left of the limit, on what it is measured; `None` without a limit.
    room: Option<Fen>,
    /// Costs the payers have looked at.
    looked_at: Fen,
    paid: Fen,
}

impl<'p> Chain<'_, 'p> {
    /// Looks the bill's disease up and its certificate after, where the pack has diseases of this kind of care.
    pub(super) fn treated(&self, bill: &Bill) -> Result<Treated<'p>, BillError> {
        let pack = self.pack;
        let mut listed = pack.diseases.iter().filter(|disease| disease.kind == bill.kind);
        let kind = bill.kind.label();
        let Some(key) = &bill.disease else {
            let asked = |disease: &Disease| {
                pack.disease_place(&disease.key).is_some_and(|place| pack.resolved.diseases_asked.contains(place))
            };
            return if listed.any(|disease| disease.decides_money() || asked(disease)) {
                Err(BillError::DiseaseMissing { kind })
            } else {
                Ok(Treated::NotNamed)
            };
        };
        let place = pack.disease_place(key).filter(|_| listed.any(|disease| disease.key == *key));
        let found = place.and_then(|place| pack.diseases.get(place.place()).map(|disease| (place, disease)));
        let (place, disease) = found.ok_or_else(|| BillError::UnknownDisease { disease: key.clone(), kind })?;
        if !disease.certificate || self.holder.certified_on(bill.admitted_on).contains(place) {
            return Ok(Treated::As(place, disease));
        }
        Ok(match pack.uncertified {
            Uncertified::NotCovered => Treated::Refused(disease),
            Uncertified::AsOutpatient => Treated::AsOutpatient(disease),
        })
    }

    /// The limit of a certified disease as far as the year has left it.
    pub(super) fn limit(&self, place: DiseasePlace, disease: &'p Disease, bill: &Bill, year: &Running) -> Limit<'p> {
        let month = month_of(bill.admitted_on, year.year);
        let shared = self.sharing(place, disease, bill);
        let period = disease.monthly.then_some(month);
        let used = shared.iter().fold(Used::default(), |sum, (of, _)| sum.with(year.disease_used(*of, period)));
        let limits = || shared.iter().map(|(_, disease)| disease.limit);
        let whole = match self.pack.several_diseases {
            SeveralDiseases::Highest if limits().all(|limit| limit.is_some()) => limits().flatten().max(),
            SeveralDiseases::Highest => None,
            // One disease without a limit lifts the limit of all that are added up.
            SeveralDiseases::EachOwn | SeveralDiseases::AddedUp => limits().sum(),
        };
        let used = if disease.limit_on == LimitOn::Paid { used.paid } else { used.in_scope };
        Limit {
            disease,
            place,
            payers: self.pack.resolved.diseases.get(place.place()).copied().unwrap_or_default(),
            month,
            room: whole.map(|whole| (whole - used).at_least_zero()),
            looked_at: Fen::ZERO,
            paid: Fen::ZERO,
        }
    }

    /// The diseases whose limits go together with this one's.
    fn sharing(&self, place: DiseasePlace, disease: &'p Disease, bill: &Bill) -> Vec<(DiseasePlace, &'p Disease)> {
        if self.pack.several_diseases == SeveralDiseases::EachOwn {
            return vec![(place, disease)];
        }
        let certified = self.holder.certified_on(bill.admitted_on);
        let alike = |other: &Disease| {
            (other.kind, other.monthly, other.limit_on) == (disease.kind, disease.monthly, disease.limit_on)
        };
        let listed = (0..).map(DiseasePlace).zip(&self.pack.diseases);
        listed.filter(|(of, other)| *of == place || (alike(other) && certified.contains(*of))).collect()
    }
}

/// The month of a visit, counted from January of the bill's year: the December before it is 0.
fn month_of(visit: NaiveDate, year: i32) -> i32 {
    (visit.year() - year) * 12 + visit.month().cast_signed()
}

impl Limit<'_> {
    pub(super) fn binds(&self, place: usize) -> bool {
        u8::try_from(place).is_ok_and(|place| self.payers.contains(PayerPlace(place)))
    }

    /// Whether the disease may be treated at a hospital of this level.
    pub(super) fn admits(&self, level: Level) -> bool {
        self.disease.levels.is_empty() || self.disease.levels.contains(level)
    }

    /// How much of a payer's base counts. A payer that looks at what others left finds of the costs that count only what the
    /// payers before it did not pay.
    pub(super) fn room_on_costs(&self, base: Base) -> Option<Fen> {
        let room = self.room.filter(|_| self.disease.limit_on == LimitOn::InScope)?;
        Some(match base {
            Base::InScope => room,
            Base::Remaining => (room - self.paid).at_least_zero(),
        })
    }

    /// How much the payers it binds may still pay.
    pub(super) fn room_to_pay(&self) -> Option<Fen> {
        self.room.filter(|_| self.disease.limit_on == LimitOn::Paid).map(|room| (room - self.paid).at_least_zero())
    }

    /// Payers that look at one bill look at the same money.
    pub(super) fn has_looked_at(&mut self, base: Fen) {
        self.looked_at = self.looked_at.max(base);
    }

    pub(super) fn has_paid(&mut self, amount: Fen) {
        self.paid += amount;
    }

    /// Writes down what the bill has used.
    pub(super) fn close(&self, shares: &[PayerShare], year: &mut Running) {
        let paid = shares.iter().enumerate().filter(|(place, _)| self.binds(*place)).map(|(_, share)| share.amount);
        year.use_disease(self.place, self.month, Used { in_scope: self.looked_at, paid: paid.sum() });
    }
}
