//! One payer's rule on one amount: deductible, bands, shifts. Exact until the single rounding.

use mingbai_domain::Fen;

use crate::explain::share_in_words;
use crate::pack::Citation;
use crate::pack::payer::{Band, Bands, Cap, Repeat, Threshold};
use crate::pack::table::Row;
use crate::pack::terms::Terms;
use crate::ratio::{Ratio, round};

/// One payer's terms for one stay.
pub(crate) struct Rule<'t, 'p> {
    terms: &'t Terms<'p>,
    /// Deductible before what was already borne this year.
    pub(crate) deductible: Fen,
    /// Stays of the year before this one, as the deductible counts them.
    repeats: u32,
    /// A disease's own share instead of the bands.
    own: Option<Own<'p>>,
}

/// A share of a disease's own.
struct Own<'p> {
    share: Ratio,
    /// Everything at that share, shifted.
    band: Band,
    citation: &'p Citation,
}

impl<'t, 'p> Rule<'t, 'p> {
    /// A payer's terms for the `nth` stay.
    #[inline(always)]
    pub(crate) fn of(terms: &'t Terms<'p>, nth: u32) -> Self {
        let (first, repeats) = (terms.first_deductible, nth.saturating_sub(1));
        let deductible = match &terms.deductible.value.repeat {
            _ if repeats == 0 => first,
            Repeat::Same => first,
            Repeat::Minus { amount, floor, .. } => {
                // Amounts of the text are of the whole deductible; what scales it scales what is left.
                let whole = terms.deductible_amount;
                let less = whole - Fen(amount.0.saturating_mul(i64::from(repeats)));
                let lowered = less.max((*floor).min(whole));
                terms.deductible_scale.map_or(lowered, |scale| scale.value.of(lowered))
            }
            Repeat::Times { share, .. } => share.of(first),
            Repeat::Less { shares, .. } => first - less_at(shares, repeats).of(first),
        };
        Self { terms, deductible, repeats, own: None }
    }

    /// The cap of the case.
    pub(crate) fn cap(&self) -> &'p Row<Cap> {
        self.terms.cap
    }

    /// The same rule with one share of a disease's own.
    pub(super) fn with_share(self, share: Ratio, citation: &'p Citation) -> Self {
        let band = Band { up_to: None, share: self.shifted(0, share) };
        Self { own: Some(Own { share, band, citation }), ..self }
    }

    /// How the deductible came about.
    pub(super) fn deductible_words(&self) -> String {
        let mut first = self.terms.deductible_amount.to_string();
        if let Threshold::OfIncome(share) = self.terms.deductible.value.amount {
            first = format!("上年居民人均可支配收入的{share}即{first}");
        }
        let nth = self.repeats.saturating_add(1);
        if let Repeat::Minus { amount, floor, .. } = &self.terms.deductible.value.repeat
            && self.repeats > 0
        {
            first = format!("{first} − {amount} × {}", self.repeats);
            if let Some(scale) = self.terms.deductible_scale {
                first = format!("({first}) × {}", scale.value);
            }
            let of = if self.terms.deductible_scale.is_some() { "打折以前" } else { "" };
            return format!("{first}（第{nth}次住院，{of}最低{floor}）");
        }
        if let Some(scale) = self.terms.deductible_scale {
            first = format!("{first} × {}", scale.value);
        }
        match &self.terms.deductible.value.repeat {
            _ if self.repeats == 0 => first,
            Repeat::Same | Repeat::Minus { .. } => first,
            Repeat::Times { share, .. } => format!("{first} × {share}（第{nth}次住院）"),
            Repeat::Less { shares, .. } => {
                format!("{first} × (100% − {})（第{nth}次住院）", less_at(shares, self.repeats))
            }
        }
    }

    /// The articles the deductible rests on.
    pub(crate) fn deductible_citations(&self) -> impl Iterator<Item = &'p Citation> + use<'p> {
        let repeat = match &self.terms.deductible.value.repeat {
            _ if self.repeats == 0 => None,
            Repeat::Same => None,
            Repeat::Minus { citation, .. } | Repeat::Times { citation, .. } | Repeat::Less { citation, .. } => {
                Some(citation)
            }
        };
        std::iter::once(&self.terms.deductible.citation)
            .chain(self.terms.deductible_scale.map(|row| &row.citation))
            .chain(repeat)
    }

    pub(crate) fn ratio_citations(&self) -> impl Iterator<Item = &'p Citation> + use<'p> {
        let shifts = self.terms.bonus.into_iter().chain(self.terms.reduction).map(|row| &row.citation);
        std::iter::once(self.own.as_ref().map_or(&self.terms.ratio.citation, |own| own.citation)).chain(shifts)
    }

    /// The bands with their shifted shares, and how they are measured.
    #[inline]
    fn bands(&self) -> (Bands, &[Band]) {
        match &self.own {
            Some(own) => (Bands::Flat, std::slice::from_ref(&own.band)),
            None => (self.terms.payer.bands, self.terms.bands.as_ref()),
        }
    }

    /// What the rule gives, rounded once, as the pack rounds.
    #[inline(always)]
    pub(super) fn amount(&self, base: Fen, deductible: Fen) -> Fen {
        if base <= deductible {
            return Fen::ZERO;
        }
        let exact = match self.bands() {
            // One share for everything is the same however bands are measured.
            (_, [Band { up_to: None, share }]) => share.exact_of(base - deductible),
            (mode, bands) => exact_above(mode, bands, base, deductible),
        };
        round(exact, self.terms.payer.rounding)
    }

    fn shifted(&self, place: usize, share: Ratio) -> Ratio {
        let (bonus, reduction) = self.terms.shifts(place);
        share.raised_by(bonus).lowered_by(reduction)
    }

    /// How the share of a band came about.
    fn words(&self, place: usize) -> String {
        let of_band = self.terms.ratio.value.get(place).map(|band| band.share).unwrap_or_default();
        let share = self.own.as_ref().map_or(of_band, |own| own.share);
        let ((bonus, reduction), shifted) = (self.terms.shifts(place), self.shifted(place, share));
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
        let mut slices = Vec::new();
        let (mode, bands) = self.bands();
        slice(mode, bands, base, deductible, |amount, place, _| slices.push((amount, place)));
        match slices.as_slice() {
            [] => format!("{base}未超过起付线{deductible}，不支付"),
            [(amount, place)] if deductible == Fen::ZERO => format!("{amount} × {}", self.words(*place)),
            [(_, place)] => format!("({base} − {deductible}) × {}", self.words(*place)),
            several => {
                let terms = several.iter().map(|(amount, place)| format!("{amount} × {}", self.words(*place)));
                terms.collect::<Vec<_>>().join(" + ")
            }
        }
    }

    /// The lowest and the highest share: `65%–80%`.
    pub(crate) fn share_range(&self) -> String {
        let shares = || self.terms.bands.iter().map(|band| band.share);
        match (shares().min(), shares().max()) {
            (Some(least), Some(most)) if least != most => format!("{least}–{most}"),
            (Some(same), _) => same.to_string(),
            (None, _) => String::new(),
        }
    }

    /// The bands of this case in words.
    pub(crate) fn bands_in_words(&self) -> String {
        bands_in_words(&self.terms.bands)
    }
}

/// The slices of `base` above `deductible`, each with the place of its band and its share.
#[inline]
fn slice(mode: Bands, bands: &[Band], base: Fen, deductible: Fen, mut take: impl FnMut(Fen, usize, Ratio)) {
    // Absolute bands are measured from the bottom of the base, the others from the deductible.
    let (from, to) = match mode {
        Bands::Absolute => (deductible, base),
        Bands::Flat | Bands::Excess => (Fen::ZERO, base - deductible),
    };
    let mut lower = Fen::ZERO;
    for (place, band) in bands.iter().enumerate() {
        let begin = lower.max(from);
        if begin >= to {
            return;
        }
        lower = band.up_to.map_or(to, |up_to| up_to.min(to));
        if begin < lower {
            take(lower - begin, place, band.share);
        }
    }
}

/// What several bands give, not rounded yet.
fn exact_above(mode: Bands, bands: &[Band], base: Fen, deductible: Fen) -> i64 {
    let mut exact = 0;
    slice(mode, bands, base, deductible, |amount, _, share| exact += share.exact_of(amount));
    exact
}

/// What is taken off at this repeat; the last share holds for all further ones.
fn less_at(shares: &[Ratio], repeats: u32) -> Ratio {
    let place = usize::try_from(repeats).unwrap_or(usize::MAX).saturating_sub(1);
    shares.get(place).or(shares.last()).copied().unwrap_or(Ratio::ZERO)
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
