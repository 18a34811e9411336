//! The tables of one payer in one situation, and what they come to.

use std::borrow::Cow;

use mingbai_domain::Fen;

use super::payer::{Band, Cap, Deductible, Payer, Shift, Threshold};
use super::situation::{Case, Situation};
use super::table::{Row, Table, When};
use crate::bill::BillError;
use crate::ratio::Ratio;

/// One payer in one situation.
#[derive(Clone, Debug)]
pub(crate) struct PayerTables<'p> {
    pub(crate) payer: &'p Payer,
    /// Whether it applies to a bill.
    pub(crate) when: When<'p>,
    deductible: Table<'p, Deductible>,
    deductible_scale: Table<'p, Ratio>,
    ratio: Table<'p, Vec<Band>>,
    bonus: Table<'p, Shift>,
    reduction: Table<'p, Shift>,
    cap: Table<'p, Cap>,
    /// Its terms, where nothing but the situation decides them.
    pub(crate) decided: Option<Terms<'p>>,
}

/// What the tables of one payer come to in one case.
#[derive(Clone, Debug)]
pub(crate) struct Terms<'p> {
    pub(crate) payer: &'p Payer,
    pub(crate) deductible: &'p Row<Deductible>,
    /// The amount of its row in fen.
    pub(crate) deductible_amount: Fen,
    pub(crate) deductible_scale: Option<&'p Row<Ratio>>,
    /// The deductible of a first stay: the amount, scaled.
    pub(crate) first_deductible: Fen,
    pub(crate) ratio: &'p Row<Vec<Band>>,
    pub(crate) bonus: Option<&'p Row<Shift>>,
    pub(crate) reduction: Option<&'p Row<Shift>>,
    /// The ratio's bands, shifted.
    pub(crate) bands: Cow<'p, [Band]>,
    pub(crate) cap: &'p Row<Cap>,
}

impl<'p> PayerTables<'p> {
    pub(crate) fn of(payer: &'p Payer, situation: &Situation) -> Self {
        let mut tables = Self {
            payer,
            when: When::of(&payer.when, payer.look(), situation),
            deductible: Table::of(&payer.deductible, situation),
            deductible_scale: Table::of(&payer.deductible_scale, situation),
            ratio: Table::of(&payer.ratio, situation),
            bonus: Table::of(&payer.bonus, situation),
            reduction: Table::of(&payer.reduction, situation),
            cap: Table::of(&payer.cap, situation),
            decided: None,
        };
        if tables.are_decided() {
            tables.decided = tables.terms(&Case::of(*situation), false).ok();
        }
        tables
    }

    fn are_decided(&self) -> bool {
        self.deductible.is_decided()
            && self.deductible_scale.is_decided()
            && self.ratio.is_decided()
            && self.bonus.is_decided()
            && self.reduction.is_decided()
            && self.cap.is_decided()
    }

    /// What the tables come to in one case; with `ordinary` the deductible is that of an ordinary resident's first stay.
    pub(crate) fn terms(&self, case: &Case, ordinary: bool) -> Result<Terms<'p>, BillError> {
        let payer = self.payer;
        let silent = |switch| move || no_rule(payer, switch, case);
        let (deductible, deductible_scale) = if ordinary {
            let case = Case { situation: case.situation.of_an_ordinary_resident(), nth: 1, ..*case };
            let tables = Self::of(payer, &case.situation);
            (tables.deductible.find(&case), tables.deductible_scale.find(&case))
        } else {
            (self.deductible.find(case), self.deductible_scale.find(case))
        };
        let deductible = deductible.ok_or_else(silent("起付线"))?;
        let deductible_amount = match deductible.value.amount {
            Threshold::Fixed(amount) => amount,
            Threshold::OfIncome(share) => share.of(case.income.ok_or_else(|| income_unknown(payer, case))?),
            Threshold::Unknown => return Err(not_had(payer, "起付线")),
        };
        let first_deductible = deductible_scale.map_or(deductible_amount, |row| row.value.of(deductible_amount));
        let ratio = self.ratio.find(case).ok_or_else(silent("支付比例"))?;
        if ratio.value.is_empty() {
            return Err(not_had(payer, "支付比例"));
        }
        let (bonus, reduction) = (self.bonus.find(case), self.reduction.find(case));
        let bands = shifted(&ratio.value, bonus, reduction);
        let cap = self.cap.find(case).ok_or_else(silent("封顶线"))?;
        Ok(Terms {
            payer,
            deductible,
            deductible_amount,
            deductible_scale,
            first_deductible,
            ratio,
            bonus,
            reduction,
            bands,
            cap,
        })
    }
}

impl Terms<'_> {
    /// Percentage points by which the share of the band at this place moves up, and down.
    pub(crate) fn shifts(&self, place: usize) -> (Ratio, Ratio) {
        shifts(self.bonus, self.reduction, place)
    }
}

fn shifts(bonus: Option<&Row<Shift>>, reduction: Option<&Row<Shift>>, place: usize) -> (Ratio, Ratio) {
    let at = |row: Option<&Row<Shift>>| row.map_or(Ratio::ZERO, |row| row.value.at(place));
    (at(bonus), at(reduction))
}

fn shifted<'p>(bands: &'p [Band], bonus: Option<&Row<Shift>>, reduction: Option<&Row<Shift>>) -> Cow<'p, [Band]> {
    if bonus.is_none() && reduction.is_none() {
        return Cow::Borrowed(bands);
    }
    let shifted = bands.iter().enumerate().map(|(place, band)| {
        let (up, down) = shifts(bonus, reduction, place);
        Band { up_to: band.up_to, share: band.share.raised_by(up).lowered_by(down) }
    });
    shifted.collect()
}

/// The pack is silent about a case.
#[cold]
fn no_rule(payer: &Payer, switch: &'static str, case: &Case) -> BillError {
    BillError::NoRule { payer: payer.label.clone(), switch, situation: case.situation.in_words() }
}

/// A number the pack says was not to be had.
#[cold]
pub(crate) fn not_had(payer: &Payer, switch: &str) -> BillError {
    BillError::NotInPack { what: format!("“{}”的{switch}没有取得", payer.label) }
}

#[cold]
fn income_unknown(payer: &Payer, case: &Case) -> BillError {
    BillError::IncomeUnknown { payer: payer.label.clone(), year: case.year.unwrap_or_default().saturating_sub(1) }
}
