//! The year so far while bills are being settled: the accumulators of [`History`] by place instead of by name.

use std::sync::Arc;

use mingbai_domain::Fen;

use crate::bill::{BillError, plausible};
use crate::history::{History, LastStay, PayerYear, StayPayer, Used};
use crate::pack::Pack;
use crate::pack::condition::Look;
use crate::pack::resolved::{DiseasePlace, PayerPlace};
use crate::pack::situation::Case;
use crate::set::{Member, Set};
use crate::vocabulary::Level;

/// The last stay, its payers by place.
#[derive(Clone, Debug)]
pub(super) struct RunningStay {
    pub(super) bill: String,
    /// Where it was counted as an admission, if it was.
    pub(super) level: Option<Level>,
    pub(super) payers: Vec<(usize, StayPayer)>,
}

impl RunningStay {
    /// What a payer took and paid in it.
    pub(super) fn payer(&self, place: usize) -> Option<StayPayer> {
        self.payers.iter().find(|(known, _)| *known == place).map(|(_, payer)| *payer)
    }
}

/// One person's year under one pack.
#[derive(Clone, Debug, Default)]
pub(super) struct Running {
    pub(super) year: i32,
    pub(super) in_scope_personal: Fen,
    pub(super) preselfpay_personal: Fen,
    admissions: [u32; Level::ALL.len()],
    /// All of them together.
    stays: u32,
    /// In the pack's order.
    payers: Vec<PayerYear>,
    /// Those of them that have looked at a bill.
    seen: Set<PayerPlace>,
    /// Every bit of any amount their years have held.
    bits: i64,
    /// Per disease and month of the visit; few enough to be searched.
    diseases: Vec<(DiseasePlace, i32, Used)>,
    /// The stay a bill may continue, where the pack looks back at it.
    pub(super) last_stay: Option<Arc<RunningStay>>,
    /// A payer the pack does not know, with an amount no year can hold.
    impossible_stranger: Option<String>,
}

impl Running {
    pub(super) fn of(pack: &Pack, history: &History) -> Self {
        let mut running = Self::default();
        running.become_year(pack, history);
        running
    }

    /// Takes up another year, reusing the room.
    pub(super) fn become_year(&mut self, pack: &Pack, history: &History) {
        self.year = history.year;
        self.in_scope_personal = history.in_scope_personal;
        self.preselfpay_personal = history.preselfpay_personal;
        self.admissions = [0; Level::ALL.len()];
        for (level, stays) in &history.admissions {
            self.admissions[level.place()] = *stays;
        }
        self.stays = self.admissions.iter().fold(0, |sum, stays| sum.saturating_add(*stays));
        self.payers.clear();
        self.payers.resize(pack.payers.len(), PayerYear::default());
        self.seen = Set::default();
        self.bits = 0;
        self.diseases.clear();
        for (key, year) in &history.diseases {
            if let Some(disease) = pack.disease_place(key) {
                self.diseases.extend(year.months.iter().map(|(month, used)| (disease, *month, *used)));
            }
        }
        self.last_stay = history.last_stay.as_ref().map(|stay| {
            let payers = stay.payers.iter().filter_map(|(key, payer)| Some((pack.payer_place(key)?, *payer)));
            Arc::new(RunningStay { bill: stay.bill.clone(), level: stay.level, payers: payers.collect() })
        });
        self.impossible_stranger = None;
        for (key, year) in &history.payers {
            match pack.payer_place(key) {
                Some(place) => self.set_payer(place, *year),
                None if !possible(year) => self.impossible_stranger = Some(key.clone()),
                None => {}
            }
        }
    }

    /// Goes back to an earlier state of the same year, as far as settling a bill changes it.
    pub(super) fn return_to(&mut self, earlier: &Self) {
        self.in_scope_personal = earlier.in_scope_personal;
        self.preselfpay_personal = earlier.preselfpay_personal;
        self.admissions = earlier.admissions;
        self.stays = earlier.stays;
        self.payers.copy_from_slice(&earlier.payers);
        self.seen = earlier.seen;
        self.bits = earlier.bits;
        if !(self.diseases.is_empty() && earlier.diseases.is_empty()) {
            self.diseases.clone_from(&earlier.diseases);
        }
        if self.last_stay.is_some() || earlier.last_stay.is_some() {
            self.last_stay.clone_from(&earlier.last_stay);
        }
    }

    /// Writes the accumulators over the history they began from.
    pub(super) fn write(&self, pack: &Pack, history: &mut History) {
        history.in_scope_personal = self.in_scope_personal;
        history.preselfpay_personal = self.preselfpay_personal;
        for (level, stays) in Level::ALL.iter().zip(self.admissions).filter(|(_, stays)| *stays > 0) {
            history.admissions.insert(*level, stays);
        }
        for (place, (payer, year)) in (0..).map(PayerPlace).zip(pack.payers.iter().zip(&self.payers)) {
            if self.seen.contains(place) {
                match history.payers.get_mut(&payer.key) {
                    Some(known) => *known = *year,
                    None => drop(history.payers.insert(payer.key.clone(), *year)),
                }
            }
        }
        for (disease, month, used) in &self.diseases {
            if let Some(known) = pack.diseases.get(disease.place()) {
                history.diseases.entry(known.key.clone()).or_default().months.insert(*month, *used);
            }
        }
        history.last_stay = self.last_stay.as_ref().map(|stay| LastStay {
            bill: stay.bill.clone(),
            level: stay.level,
            payers: stay
                .payers
                .iter()
                .filter_map(|(place, payer)| Some((pack.payers.get(*place)?.key.clone(), *payer)))
                .collect(),
        });
    }

    /// What has been used of a disease's limit, in one month or in the whole year.
    pub(super) fn disease_used(&self, disease: DiseasePlace, month: Option<i32>) -> Used {
        let counted = self
            .diseases
            .iter()
            .filter(|(of, in_month, _)| *of == disease && month.is_none_or(|month| month == *in_month));
        counted.fold(Used::default(), |sum, (.., used)| sum.with(*used))
    }

    pub(super) fn use_disease(&mut self, disease: DiseasePlace, month: i32, used: Used) {
        let known = self.diseases.iter_mut().find(|(of, in_month, _)| *of == disease && *in_month == month);
        match known {
            Some((.., sum)) => *sum = sum.with(used),
            None => self.diseases.push((disease, month, used)),
        }
    }

    /// Whether every amount is one a year can hold.
    #[inline]
    pub(super) fn check(&self, pack: &Pack) -> Result<(), BillError> {
        if self.surely_possible() { Ok(()) } else { self.find_impossible(pack) }
    }

    /// Whether all amounts folded into one have no bit that only a negative or a large amount has: true of every year that
    /// happens, at a fraction of the price of looking at each.
    fn surely_possible(&self) -> bool {
        let mut bits = self.in_scope_personal.0 | self.preselfpay_personal.0 | self.bits;
        for (.., used) in &self.diseases {
            bits |= used.in_scope.0 | used.paid.0;
        }
        for (_, payer) in self.last_stay.iter().flat_map(|stay| &stay.payers) {
            bits |= payer.base.0 | payer.deductible.0 | payer.borne.0 | payer.paid.0;
        }
        self.impossible_stranger.is_none() && plausible(Fen(bits))
    }

    #[cold]
    fn find_impossible(&self, pack: &Pack) -> Result<(), BillError> {
        let own = plausible(self.in_scope_personal) && plausible(self.preselfpay_personal);
        let own = own && self.last_stay.iter().flat_map(|stay| &stay.payers).all(|(_, payer)| possible_stay(payer));
        let own = own && self.diseases.iter().all(|(.., used)| plausible(used.in_scope) && plausible(used.paid));
        if own && self.impossible_stranger.is_none() && self.payers.iter().all(possible) {
            return Ok(());
        }
        let known = pack.payers.iter().zip(&self.payers).filter(|(_, year)| !possible(year));
        let payer = known.map(|(payer, _)| &payer.key).chain(&self.impossible_stranger).min();
        let payer = payer.filter(|_| own).map_or_else(|| "个人负担".to_owned(), Clone::clone);
        Err(BillError::BadHistory { payer })
    }

    pub(super) fn payer(&self, place: usize) -> PayerYear {
        self.payers[place]
    }

    pub(super) fn set_payer(&mut self, place: usize, year: PayerYear) {
        self.payers[place] = year;
        self.bits |= year.base.0 | year.deductible.0 | year.entitled.0 | year.paid.0 | year.short.0;
        self.seen.insert(PayerPlace(place as u8));
    }

    /// What all payers drawing on one payer's cap have paid this year.
    #[inline]
    pub(super) fn pool_paid(&self, pack: &Pack, place: usize) -> Fen {
        let others = &pack.resolved.pools[place];
        others.iter().fold(self.payers[place].paid, |sum, &other| sum + self.payers[other].paid)
    }

    /// What is left under the narrowest cap a payer shares with others on top of its own; with the cap's place.
    #[inline]
    pub(super) fn joint_room(&self, pack: &Pack, place: usize, case: &Case, look: Look) -> Option<(Fen, usize)> {
        if pack.joint_caps.is_empty() { None } else { self.narrowest_joint_room(pack, place, case, look) }
    }

    fn narrowest_joint_room(&self, pack: &Pack, place: usize, case: &Case, look: Look) -> Option<(Fen, usize)> {
        let payer = PayerPlace(u8::try_from(place).ok()?);
        let joint = pack.joint_caps.iter().zip(&pack.resolved.joint_caps).enumerate();
        let binding =
            joint.filter(|(_, (cap, payers))| payers.contains(payer) && cap.when.mismatch(case, look).is_none());
        binding
            .map(|(at, (cap, payers))| {
                let under = (0..).map(PayerPlace).zip(&self.payers).filter(|(place, _)| payers.contains(*place));
                let used: Fen = under.map(|(_, year)| year.paid).sum();
                ((cap.amount - used).at_least_zero(), at)
            })
            .min()
    }

    pub(super) fn admissions_at(&self, level: Level) -> u32 {
        self.admissions[level.place()]
    }

    pub(super) fn admissions_anywhere(&self) -> u32 {
        self.stays
    }

    pub(super) fn admit(&mut self, level: Level) {
        let stays = &mut self.admissions[level.place()];
        *stays = stays.saturating_add(1);
        self.stays = self.stays.saturating_add(1);
    }
}

fn possible(year: &PayerYear) -> bool {
    [year.base, year.deductible, year.entitled, year.paid, year.short].into_iter().all(plausible)
}

fn possible_stay(payer: &StayPayer) -> bool {
    [payer.base, payer.deductible, payer.borne, payer.paid].into_iter().all(plausible)
}
