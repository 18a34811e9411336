//! One payer's rule on one amount: deductible, bands, shifts. Exact until the single rounding.

use mingbai_domain::Fen;

use super::Assume;
use crate::bill::BillError;
use crate::explain::share_in_words;
use crate::pack::Citation;
use crate::pack::Rounding;
use crate::pack::condition::Case;
use crate::pack::payer::{Band, Bands, Deductible, Payer, Repeat, Row, Shift, Threshold};
use crate::ratio::{Ratio, round};
use crate::set::Set;

/// The rows that decide for one case.
pub(crate) struct Rule<'p> {
    mode: Bands,
    rounding: Rounding,
    /// Deductible before what was already borne this year.
    pub(crate) deductible: Fen,
    first: &'p Row<Deductible>,
    /// The row's amount in fen.
    first_amount: Fen,
    scale: Option<&'p Row<Ratio>>,
    /// Stays of the year before this one, as the deductible counts them.
    repeats: u32,
    ratio: &'p Row<Vec<Band>>,
    /// A disease's own share instead of the bands.
    own: Option<(Ratio, &'p Citation)>,
    bonus: Option<&'p Row<Shift>>,
    reduction: Option<&'p Row<Shift>>,
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
        let first_amount = match row.value.amount {
            Threshold::Fixed(amount) => amount,
            Threshold::OfIncome(share) => {
                let income = case.income.ok_or_else(|| income_unknown(payer, case))?;
                share.of(income)
            }
            Threshold::Unknown => return Err(not_had(payer, "起付线")),
        };
        let scale = payer.deductible_scale.iter().find(|row| row.when.holds(deductible_case));
        let first = scale.map_or(first_amount, |row| row.value.of(first_amount));
        let repeats = deductible_case.nth.saturating_sub(1);
        let deductible = match &row.value.repeat {
            _ if repeats == 0 => first,
            Repeat::Same => first,
            Repeat::Minus { amount, floor, .. } => {
                (first - Fen(amount.0.saturating_mul(i64::from(repeats)))).max(*floor)
            }
            Repeat::Times { share, .. } => share.of(first),
            Repeat::Less { shares, .. } => first - less_at(shares, repeats).of(first),
        };
        let ratio = find(&payer.ratio, payer, "支付比例", case)?;
        if ratio.value.is_empty() {
            return Err(not_had(payer, "支付比例"));
        }
        Ok(Self {
            mode: payer.bands,
            rounding: payer.rounding,
            deductible,
            first: row,
            first_amount,
            scale,
            repeats,
            ratio,
            own: None,
            bonus: payer.bonus.iter().find(|row| row.when.holds(case)),
            reduction: payer.reduction.iter().find(|row| row.when.holds(case)),
        })
    }

    /// The same rule with one share of a disease's own.
    pub(super) fn with_share(mut self, share: Ratio, citation: &'p Citation) -> Self {
        self.own = Some((share, citation));
        self.mode = Bands::Flat;
        self
    }

    /// How the deductible came about.
    pub(super) fn deductible_words(&self) -> String {
        let mut first = self.first_amount.to_string();
        if let Threshold::OfIncome(share) = self.first.value.amount {
            first = format!("上年居民人均可支配收入的{share}即{first}");
        }
        if let Some(scale) = self.scale {
            first = format!("{first} × {}", scale.value);
        }
        let nth = self.repeats.saturating_add(1);
        match &self.first.value.repeat {
            _ if self.repeats == 0 => first,
            Repeat::Same => first,
            Repeat::Minus { amount, floor, .. } => {
                format!("{first} − {amount} × {}（第{nth}次住院，最低{floor}）", self.repeats)
            }
            Repeat::Times { share, .. } => format!("{first} × {share}（第{nth}次住院）"),
            Repeat::Less { shares, .. } => {
                format!("{first} × (100% − {})（第{nth}次住院）", less_at(shares, self.repeats))
            }
        }
    }

    /// The articles the deductible rests on.
    pub(crate) fn deductible_citations(&self) -> impl Iterator<Item = &'p Citation> + use<'p> {
        let repeat = match &self.first.value.repeat {
            _ if self.repeats == 0 => None,
            Repeat::Same => None,
            Repeat::Minus { citation, .. } | Repeat::Times { citation, .. } | Repeat::Less { citation, .. } => {
                Some(citation)
            }
        };
        std::iter::once(&self.first.citation).chain(self.scale.map(|row| &row.citation)).chain(repeat)
    }

    pub(crate) fn ratio_citations(&self) -> impl Iterator<Item = &'p Citation> + use<'p> {
        let shifts = self.bonus.into_iter().chain(self.reduction).map(|row| &row.citation);
        std::iter::once(self.own.map_or(&self.ratio.citation, |(_, citation)| citation)).chain(shifts)
    }

    /// The slices of `base` above `deductible`, each with the place of its band and its share.
    fn slices(&self, base: Fen, deductible: Fen) -> impl Iterator<Item = (Fen, usize, Ratio)> + use<'p> {
        // Absolute bands are measured from the bottom of the base, the others from the deductible.
        let (from, to) = match self.mode {
            Bands::Absolute => (deductible, base),
            Bands::Flat | Bands::Excess => (Fen::ZERO, base - deductible),
        };
        let own = self.own.map(|(share, _)| (to, 0, share));
        let bands = if own.is_some() { &[] } else { self.ratio.value.as_slice() };
        let slices = bands.iter().enumerate().scan(Fen::ZERO, move |lower, (place, band)| {
            let upper = band.up_to.unwrap_or(to);
            let amount = upper.min(to) - (*lower).max(from);
            *lower = upper;
            Some((amount, place, band.share))
        });
        own.into_iter().chain(slices).filter(|(amount, ..)| *amount > Fen::ZERO)
    }

    /// What the rule gives, rounded once, as the pack rounds.
    pub(super) fn amount(&self, base: Fen, deductible: Fen) -> Fen {
        let slices = self.slices(base, deductible);
        round(slices.map(|(amount, place, share)| self.shifted(place, share).exact_of(amount)).sum(), self.rounding)
    }

    fn bonus(&self, place: usize) -> Ratio {
        self.bonus.map_or(Ratio::ZERO, |row| row.value.at(place))
    }

    fn reduction(&self, place: usize) -> Ratio {
        self.reduction.map_or(Ratio::ZERO, |row| row.value.at(place))
    }

    fn shifted(&self, place: usize, share: Ratio) -> Ratio {
        share.raised_by(self.bonus(place)).lowered_by(self.reduction(place))
    }

    fn words(&self, place: usize, share: Ratio) -> String {
        let (bonus, reduction) = (self.bonus(place), self.reduction(place));
        let shifted = self.shifted(place, share);
        let plain =
            i32::from(share.basis_points()) + i32::from(bonus.basis_points()) - i32::from(reduction.basis_points());
        // When the shift hits 0 or 100 % the sum of the parts would not be what is paid.
        if plain == i32::from(shifted.basis_points()) {
            share_in_words(share, bonus, reduction)
        } else {
            shifted.to_string()
        }
    }

    /// The formula of [`Self::amount`].
    pub(super) fn formula(&self, base: Fen, deductible: Fen) -> String {
        let slices: Vec<(Fen, usize, Ratio)> = self.slices(base, deductible).collect();
        match slices.as_slice() {
            [] => format!("{base}未超过起付线{deductible}，不支付"),
            [(amount, place, share)] if deductible == Fen::ZERO => format!("{amount} × {}", self.words(*place, *share)),
            [(_, place, share)] => format!("({base} − {deductible}) × {}", self.words(*place, *share)),
            several => {
                let terms: Vec<String> = several
                    .iter()
                    .map(|(amount, place, share)| format!("{amount} × {}", self.words(*place, *share)))
                    .collect();
                terms.join(" + ")
            }
        }
    }

    fn shifted_bands(&self) -> Vec<Band> {
        let bands = self.ratio.value.iter().enumerate();
        bands.map(|(place, band)| Band { up_to: band.up_to, share: self.shifted(place, band.share) }).collect()
    }

    /// The lowest and the highest share: `65%–80%`.
    pub(crate) fn share_range(&self) -> String {
        let bands = self.shifted_bands();
        let shares = || bands.iter().map(|band| band.share);
        match (shares().min(), shares().max()) {
            (Some(least), Some(most)) if least != most => format!("{least}–{most}"),
            (Some(same), _) => same.to_string(),
            (None, _) => String::new(),
        }
    }

    /// The bands of this case in words.
    pub(crate) fn bands_in_words(&self) -> String {
        bands_in_words(&self.shifted_bands())
    }
}

/// What is taken off at this repeat; the last share holds for all further ones.
fn less_at(shares: &[Ratio], repeats: u32) -> Ratio {
    let place = usize::try_from(repeats).unwrap_or(usize::MAX).saturating_sub(1);
    shares.get(place).or(shares.last()).copied().unwrap_or(Ratio::ZERO)
}

/// A number the pack says was not to be had.
pub(super) fn not_had(payer: &Payer, switch: &str) -> BillError {
    BillError::NotInPack { what: format!("“{}”的{switch}没有取得", payer.label) }
}

fn income_unknown(payer: &Payer, case: &Case) -> BillError {
    BillError::IncomeUnknown { payer: payer.label.clone(), year: case.year.unwrap_or_default().saturating_sub(1) }
}

/// Bands in words: `65%`, or `3万元以下65%，3万元至7万元70%，7万元以上75%`.
pub(crate) fn bands_in_words(bands: &[Band]) -> String {
    let mut lower: Option<Fen> = None;
    let mut parts = Vec::new();
    for band in bands {
        let share = band.share;
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

/// `3万元`, `1,200元`, `15,202元`: how policy papers write round amounts.
pub(crate) fn yuan_in_words(amount: Fen) -> String {
    let wan = 1_000_000;
    if amount.0 >= wan && amount.0 % wan == 0 {
        return format!("{}万元", amount.0 / wan);
    }
    let text = amount.to_string();
    format!("{}元", text.strip_suffix(".00").unwrap_or(&text))
}
