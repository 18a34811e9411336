//! One payer's rule on one amount: deductible, bands, shifts. Exact until the single rounding.

use mingbai_domain::Fen;

use super::Assume;
use crate::bill::BillError;
use crate::explain::share_in_words;
use crate::pack::Citation;
use crate::pack::condition::Case;
use crate::pack::payer::{Band, Bands, Payer, Repeat, Row};
use crate::ratio::{Ratio, round_half_up};

/// The rows that decide for one case.
pub(crate) struct Rule<'p> {
    mode: Bands,
    /// Deductible before what was already borne this year.
    pub(crate) deductible: Fen,
    pub(super) deductible_words: String,
    pub(crate) deductible_citation: &'p Citation,
    bands: &'p [Band],
    bonus: Ratio,
    reduction: Ratio,
    pub(crate) ratio_citations: Vec<&'p Citation>,
}

/// The first row that holds, or the error that the pack is silent.
pub(super) fn find<'p, T>(
    rows: &'p [Row<T>],
    payer: &Payer,
    switch: &'static str,
    case: &Case<'_>,
) -> Result<&'p Row<T>, BillError> {
    rows.iter().find(|row| row.when.holds(case)).ok_or_else(|| BillError::NoRule {
        payer: payer.label.clone(),
        switch,
        situation: case.situation(),
    })
}

impl<'p> Rule<'p> {
    pub(crate) fn find(payer: &'p Payer, case: &Case<'_>, assume: Assume) -> Result<Self, BillError> {
        let ordinary = Case { identities: &[], nth: 1, ..case.clone() };
        let deductible_case = if assume.ordinary_deductible(payer) { &ordinary } else { case };
        let row = find(&payer.deductible, payer, "起付线", deductible_case)?;
        let first = row.value.amount;
        let repeats = deductible_case.nth.saturating_sub(1);
        let (deductible, deductible_words) = match &row.value.repeat {
            Repeat::Minus { amount, floor } if repeats > 0 => {
                let less = Fen(amount.0.saturating_mul(i64::from(repeats)));
                let left = (first - less).max(*floor);
                (left, format!("{first} − {amount} × {repeats}（第{}次住院，最低{floor}）", repeats + 1))
            }
            Repeat::Times(share) if repeats > 0 => {
                (share.of(first), format!("{first} × {share}（第{}次住院）", repeats + 1))
            }
            _ => (first, first.to_string()),
        };
        let ratio = find(&payer.ratio, payer, "支付比例", case)?;
        let bonus = payer.bonus.iter().find(|row| row.when.holds(case));
        let reduction = payer.reduction.iter().find(|row| row.when.holds(case));
        let shifts = bonus.into_iter().chain(reduction).map(|row| &row.citation);
        Ok(Self {
            mode: payer.bands,
            deductible,
            deductible_words,
            deductible_citation: &row.citation,
            bands: &ratio.value,
            bonus: bonus.map_or(Ratio::ZERO, |row| row.value),
            reduction: reduction.map_or(Ratio::ZERO, |row| row.value),
            ratio_citations: std::iter::once(&ratio.citation).chain(shifts).collect(),
        })
    }

    /// The slices of `base` above `deductible` with their shares.
    fn slices(&self, base: Fen, deductible: Fen) -> Vec<(Fen, Ratio)> {
        // Absolute bands are measured from the bottom of the base, the others from the deductible.
        let (from, to) = match self.mode {
            Bands::Absolute => (deductible, base),
            Bands::Flat | Bands::Excess => (Fen::ZERO, base - deductible),
        };
        let mut slices = Vec::new();
        let mut lower = Fen::ZERO;
        for band in self.bands {
            let upper = band.up_to.unwrap_or(to).min(to);
            let amount = upper - lower.max(from);
            if amount > Fen::ZERO {
                slices.push((amount, band.share));
            }
            lower = band.up_to.unwrap_or(to);
        }
        slices
    }

    /// What the rule gives, rounded once, half-up.
    pub(super) fn amount(&self, base: Fen, deductible: Fen) -> Fen {
        let slices = self.slices(base, deductible);
        round_half_up(slices.iter().map(|(amount, share)| self.shifted(*share).exact_of(*amount)).sum())
    }

    fn shifted(&self, share: Ratio) -> Ratio {
        share.raised_by(self.bonus).lowered_by(self.reduction)
    }

    fn words(&self, share: Ratio) -> String {
        let shifted = self.shifted(share);
        let plain = i32::from(share.basis_points()) + i32::from(self.bonus.basis_points())
            - i32::from(self.reduction.basis_points());
        // When the shift hits 0 or 100 % the sum of the parts would not be what is paid.
        if plain == i32::from(shifted.basis_points()) {
            share_in_words(share, self.bonus, self.reduction)
        } else {
            shifted.to_string()
        }
    }

    /// The formula of [`Self::amount`].
    pub(super) fn formula(&self, base: Fen, deductible: Fen) -> String {
        let slices = self.slices(base, deductible);
        match slices.as_slice() {
            [] => format!("{base}未超过起付线{deductible}，不支付"),
            [(amount, share)] if deductible == Fen::ZERO => format!("{amount} × {}", self.words(*share)),
            [(_, share)] => format!("({base} − {deductible}) × {}", self.words(*share)),
            several => {
                let terms: Vec<String> = several.iter().map(|(a, s)| format!("{a} × {}", self.words(*s))).collect();
                terms.join(" + ")
            }
        }
    }

    /// The bands in words for a card: `65%`, or `3万元以下65%，3万元至7万元70%，7万元以上75%`.
    /// The lowest and the highest share: `65%–80%`.
    pub(crate) fn share_range(&self) -> String {
        let shares = || self.bands.iter().map(|band| self.shifted(band.share));
        match (shares().min(), shares().max()) {
            (Some(least), Some(most)) if least != most => format!("{least}–{most}"),
            (Some(same), _) => same.to_string(),
            (None, _) => String::new(),
        }
    }

    pub(crate) fn bands_in_words(&self) -> String {
        let mut lower: Option<Fen> = None;
        let mut parts = Vec::new();
        for band in self.bands {
            let share = self.shifted(band.share);
            parts.push(match (lower, band.up_to) {
                (None, None) => share.to_string(),
                (None, Some(up_to)) => format!("{}以下{share}", yuan_in_words(up_to)),
                (Some(low), None) => format!("{}以上{share}", yuan_in_words(low)),
                (Some(low), Some(up_to)) => format!("{}至{}{share}", yuan_in_words(low), yuan_in_words(up_to)),
            });
            lower = band.up_to;
        }
        parts.join("，")
    }
}

/// `3万元`, `1,200元`, `15,202元`: how policy papers write round amounts.
pub(crate) fn yuan_in_words(amount: Fen) -> String {
    let wan = 1_000_000;
    if amount.0 >= wan && amount.0 % wan == 0 {
        return format!("{}万元", amount.0 / wan);
    }
    let text = amount.to_string();
    format!("{}元", text.strip_suffix(".00").unwrap_or(&text))
}
