//! One payer's rule on one amount: deductible, bands, shifts. Exact until the single rounding.

use mingbai_domain::Fen;

use super::Assume;
use crate::bill::BillError;
use crate::explain::share_in_words;
use crate::pack::Citation;
use crate::pack::condition::Case;
use crate::pack::payer::{Band, Bands, Deductible, Payer, Repeat, Row};
use crate::ratio::{Ratio, round_half_up};
use crate::set::Set;

/// The rows that decide for one case.
pub(crate) struct Rule<'p> {
    mode: Bands,
    /// Deductible before what was already borne this year.
    pub(crate) deductible: Fen,
    first: &'p Row<Deductible>,
    /// Stays of the year before this one, as the deductible counts them.
    repeats: u32,
    ratio: &'p Row<Vec<Band>>,
    bonus: Option<&'p Row<Ratio>>,
    reduction: Option<&'p Row<Ratio>>,
}

/// The first row that holds, or the error that the pack is silent.
pub(super) fn find<'p, T>(
    rows: &'p [Row<T>],
    payer: &Payer,
    switch: &'static str,
    case: &Case,
) -> Result<&'p Row<T>, BillError> {
    rows.iter().find(|row| row.when.holds(case)).ok_or_else(|| BillError::NoRule {
        payer: payer.label.clone(),
        switch,
        situation: case.situation(),
    })
}

impl<'p> Rule<'p> {
    pub(crate) fn find(payer: &'p Payer, case: &Case, assume: Assume) -> Result<Self, BillError> {
        let ordinary = Case { identities: Set::default(), nth: 1, ..*case };
        let deductible_case = if assume.ordinary_deductible(payer) { &ordinary } else { case };
        let row = find(&payer.deductible, payer, "起付线", deductible_case)?;
        let first = row.value.amount;
        let repeats = deductible_case.nth.saturating_sub(1);
        let deductible = match row.value.repeat {
            Repeat::Minus { amount, floor } if repeats > 0 => {
                (first - Fen(amount.0.saturating_mul(i64::from(repeats)))).max(floor)
            }
            Repeat::Times(share) if repeats > 0 => share.of(first),
            _ => first,
        };
        Ok(Self {
            mode: payer.bands,
            deductible,
            first: row,
            repeats,
            ratio: find(&payer.ratio, payer, "支付比例", case)?,
            bonus: payer.bonus.iter().find(|row| row.when.holds(case)),
            reduction: payer.reduction.iter().find(|row| row.when.holds(case)),
        })
    }

    /// How the deductible came about.
    pub(super) fn deductible_words(&self) -> String {
        let (first, nth) = (self.first.value.amount, self.repeats.saturating_add(1));
        match self.first.value.repeat {
            Repeat::Minus { amount, floor } if self.repeats > 0 => {
                format!("{first} − {amount} × {}（第{nth}次住院，最低{floor}）", self.repeats)
            }
            Repeat::Times(share) if self.repeats > 0 => format!("{first} × {share}（第{nth}次住院）"),
            _ => first.to_string(),
        }
    }

    pub(crate) fn deductible_citation(&self) -> &'p Citation {
        &self.first.citation
    }

    pub(crate) fn ratio_citations(&self) -> impl Iterator<Item = &'p Citation> + use<'p> {
        let shifts = self.bonus.into_iter().chain(self.reduction).map(|row| &row.citation);
        std::iter::once(&self.ratio.citation).chain(shifts)
    }

    /// The slices of `base` above `deductible` with their shares.
    fn slices(&self, base: Fen, deductible: Fen) -> impl Iterator<Item = (Fen, Ratio)> + use<'p> {
        // Absolute bands are measured from the bottom of the base, the others from the deductible.
        let (from, to) = match self.mode {
            Bands::Absolute => (deductible, base),
            Bands::Flat | Bands::Excess => (Fen::ZERO, base - deductible),
        };
        let slices = self.ratio.value.iter().scan(Fen::ZERO, move |lower, band| {
            let upper = band.up_to.unwrap_or(to);
            let amount = upper.min(to) - (*lower).max(from);
            *lower = upper;
            Some((amount, band.share))
        });
        slices.filter(|(amount, _)| *amount > Fen::ZERO)
    }

    /// What the rule gives, rounded once, half-up.
    pub(super) fn amount(&self, base: Fen, deductible: Fen) -> Fen {
        let slices = self.slices(base, deductible);
        round_half_up(slices.map(|(amount, share)| self.shifted(share).exact_of(amount)).sum())
    }

    fn bonus(&self) -> Ratio {
        self.bonus.map_or(Ratio::ZERO, |row| row.value)
    }

    fn reduction(&self) -> Ratio {
        self.reduction.map_or(Ratio::ZERO, |row| row.value)
    }

    fn shifted(&self, share: Ratio) -> Ratio {
        share.raised_by(self.bonus()).lowered_by(self.reduction())
    }

    fn words(&self, share: Ratio) -> String {
        let shifted = self.shifted(share);
        let plain = i32::from(share.basis_points()) + i32::from(self.bonus().basis_points())
            - i32::from(self.reduction().basis_points());
        // When the shift hits 0 or 100 % the sum of the parts would not be what is paid.
        if plain == i32::from(shifted.basis_points()) {
            share_in_words(share, self.bonus(), self.reduction())
        } else {
            shifted.to_string()
        }
    }

    /// The formula of [`Self::amount`].
    pub(super) fn formula(&self, base: Fen, deductible: Fen) -> String {
        let slices: Vec<(Fen, Ratio)> = self.slices(base, deductible).collect();
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
        let shares = || self.ratio.value.iter().map(|band| self.shifted(band.share));
        match (shares().min(), shares().max()) {
            (Some(least), Some(most)) if least != most => format!("{least}–{most}"),
            (Some(same), _) => same.to_string(),
            (None, _) => String::new(),
        }
    }

    pub(crate) fn bands_in_words(&self) -> String {
        let mut lower: Option<Fen> = None;
        let mut parts = Vec::new();
        for band in &self.ratio.value {
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
