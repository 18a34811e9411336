//! One payer of the chain: base, deductible, bands, ratios, caps, and every switch between them.

use std::collections::BTreeMap;

use mingbai_domain::Fen;

use super::condition::{Condition, Look, Mismatch};
use super::section::{Conflict, PackError, Section};
use super::situation::Case;
use super::source::Citation;
use super::switch::Rounding;
use super::table::Row;
use crate::ratio::Ratio;
use crate::vocabulary::Column;

/// What a payer's rule is applied to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Base {
    /// The whole in-scope amount of the bill.
    InScope,
    /// What of the in-scope amount the payers before have left.
    Remaining,
}

/// Per bill, or accumulated over the calendar year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Period {
    Bill,
    Year,
}

/// When the money comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Settle {
    Immediate,
    /// Once a year, by itself, on the identities of the year's last day.
    Annual,
    /// Once a year, when the family applies for it in the year after, on the identities of that time.
    Application,
}

impl Settle {
    /// Whether the money comes once a year rather than with each bill.
    pub(crate) fn is_annual(self) -> bool {
        self != Self::Immediate
    }
}

/// What an annual payer collects from each bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AnnualBase {
    /// Nothing: the payer is not an annual one.
    NotAnnual,
    /// What was left at its place in the order, before the payers after it.
    InTurn,
    /// What is left after every payer of the bill.
    AfterImmediate,
}

/// What the bounds of bands are measured on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bands {
    /// One ratio for everything above the deductible.
    Flat,
    /// Bounds on the base itself; the deductible is the lower end of the first band.
    Absolute,
    /// Bounds on what is above the deductible.
    Excess,
}

/// What happens to money above the payer's cap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AboveCap {
    EntersNext,
    StaysPersonal,
}

/// Which earlier stays make this one a repeat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Counting {
    SameLevel,
    AnyLevel,
}

/// How a repeated stay changes the deductible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Repeat {
    Same,
    /// Less by this much for every stay before, never below the floor.
    Minus {
        amount: Fen,
        floor: Fen,
        citation: Citation,
    },
    /// This share of the first deductible from the second stay on.
    Times {
        share: Ratio,
        citation: Citation,
    },
    /// Less by these shares of the first deductible at the second, third… stay; the last one holds for all further stays.
    Less {
        shares: Vec<Ratio>,
        citation: Citation,
    },
}

/// An amount of a deductible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Threshold {
    Fixed(Fen),
    /// This share of last year's 居民人均可支配收入.
    OfIncome(Ratio),
    /// The text was not to be had.
    Unknown,
}

/// Deductible of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Deductible {
    pub(crate) amount: Threshold,
    pub(crate) repeat: Repeat,
}

/// One band: up to here (open when `None`), this share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Band {
    pub(crate) up_to: Option<Fen>,
    pub(crate) share: Ratio,
}

/// Percentage points by which shares move, in all bands or in some.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shift {
    pub(crate) points: Ratio,
    /// Numbers of the bands from 1; empty means all.
    pub(crate) bands: Vec<u32>,
}

impl Shift {
    /// The points for the band at this place, from 0.
    pub(crate) fn at(&self, place: usize) -> Ratio {
        let number = u32::try_from(place).unwrap_or(u32::MAX).saturating_add(1);
        if self.bands.is_empty() || self.bands.contains(&number) { self.points } else { Ratio::ZERO }
    }
}

/// How much a payer pays at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Most {
    /// 不封顶.
    Open,
    Fixed(Fen),
    /// The text was not to be had.
    Unknown,
}

/// A cap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cap {
    pub(crate) amount: Most,
    pub(crate) per: Period,
}

/// One payer, complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Payer {
    pub(crate) key: String,
    pub(crate) label: String,
    pub(crate) column: Column,
    pub(crate) citation: Citation,
    /// Alternatives; empty means always.
    pub(crate) when: Vec<Condition>,
    pub(crate) base: Base,
    pub(crate) base_includes_preselfpay: bool,
    pub(crate) less_compensation: bool,
    pub(crate) settle: Settle,
    pub(crate) annual_base: AnnualBase,
    pub(crate) admission_count: Counting,
    pub(crate) deductible_period: Period,
    pub(crate) deductible: Vec<Row<Deductible>>,
    /// The deductible times this share.
    pub(crate) deductible_scale: Vec<Row<Ratio>>,
    pub(crate) bands: Bands,
    pub(crate) band_scope: Period,
    /// No bands at all: the text was not to be had.
    pub(crate) ratio: Vec<Row<Vec<Band>>>,
    pub(crate) bonus: Vec<Row<Shift>>,
    pub(crate) reduction: Vec<Row<Shift>>,
    pub(crate) cap: Vec<Row<Cap>>,
    pub(crate) cap_pool: String,
    pub(crate) above_cap: AboveCap,
    /// The pack's.
    pub(crate) rounding: Rounding,
    /// Citations of switches that have one of their own.
    pub(crate) refs: BTreeMap<String, Citation>,
}

/// Every switch of a payer with its Chinese name, in the order they are read.
pub const PAYER_SWITCHES: &[(&str, &str)] = &[
    ("key", "代号"),
    ("label", "名称"),
    ("column", "结算单栏目"),
    ("ref", "依据"),
    ("when", "适用条件"),
    ("base", "计算基数"),
    ("base_includes_preselfpay", "基数是否含先行自付"),
    ("less_compensation", "基数是否扣除商业保险等已赔付"),
    ("settle", "结算时间"),
    ("annual_base", "年终结算的基数"),
    ("admission_count", "住院次数怎样算"),
    ("deductible_period", "起付线按次还是按年"),
    ("deductible", "起付线"),
    ("deductible_scale", "起付线打折"),
    ("segment_mode", "分段方式"),
    ("segment_scope", "分段按次还是按年"),
    ("ratio", "支付比例"),
    ("bonus", "比例提高"),
    ("reduction", "比例降低"),
    ("cap", "封顶线"),
    ("cap_pool", "封顶线与谁合用"),
    ("above_cap", "超封顶线部分是否进入下一环"),
    ("refs", "各项依据"),
];

impl Payer {
    pub(super) fn check(&self, s: &Section) -> Result<(), PackError> {
        for (rows, name) in
            [(self.deductible.len(), "起付线"), (self.ratio.len(), "支付比例"), (self.cap.len(), "封顶线")]
        {
            if rows == 0 {
                return Err(s.conflict(Conflict::EmptyTable(name)));
            }
        }
        for row in &self.ratio {
            if row.value.is_empty() {
                continue;
            }
            let open_at_end = row.value.last().is_some_and(|band| band.up_to.is_none());
            let bounds: Vec<Option<Fen>> = row.value.iter().rev().skip(1).rev().map(|band| band.up_to).collect();
            let rising = bounds.iter().all(Option::is_some) && bounds.windows(2).all(|pair| pair[0] < pair[1]);
            if self.bands == Bands::Flat && row.value.len() != 1 {
                return Err(s.conflict(Conflict::FlatWithBands));
            }
            if !open_at_end || !rising {
                return Err(s.conflict(Conflict::BandsOutOfOrder));
            }
        }
        let above = |row: &Row<Deductible>| match (&row.value.amount, &row.value.repeat) {
            (Threshold::Fixed(amount), Repeat::Minus { floor, .. }) => floor > amount,
            _ => false,
        };
        if self.deductible.iter().any(above) {
            return Err(s.conflict(Conflict::FloorAboveDeductible));
        }
        let yearly_deductible = self.deductible_period == Period::Year;
        if self.band_scope == Period::Year && !yearly_deductible {
            return Err(s.conflict(Conflict::YearBandsNeedYearDeductible));
        }
        if self.settle.is_annual() && self.band_scope != Period::Year {
            return Err(s.conflict(Conflict::AnnualNeedsYearBands));
        }
        if self.settle.is_annual() && !self.rows_ask_for_identities_only() {
            return Err(s.conflict(Conflict::AnnualRowsBeyondIdentity));
        }
        if yearly_deductible && self.deductible.iter().any(|row| row.value.repeat != Repeat::Same) {
            return Err(s.conflict(Conflict::RepeatNeedsAdmission));
        }
        if self.settle.is_annual() == (self.annual_base == AnnualBase::NotAnnual) {
            return Err(s.conflict(Conflict::AnnualBaseDisagrees));
        }
        if self.settle.is_annual() && self.when.iter().any(Condition::asks_base) {
            return Err(s.conflict(Conflict::AnnualBaseCondition));
        }
        let most = self.ratio.iter().map(|row| row.value.len()).max().unwrap_or_default();
        let named = self.bonus.iter().chain(&self.reduction).flat_map(|row| &row.value.bands);
        if named.into_iter().any(|number| usize::try_from(*number).is_ok_and(|number| number == 0 || number > most)) {
            return Err(s.conflict(Conflict::UnknownBand));
        }
        Ok(())
    }

    /// The citation of a switch: its own, or the payer's.
    pub(crate) fn cite(&self, switch: &str) -> &Citation {
        self.refs.get(switch).unwrap_or(&self.citation)
    }

    /// What of a bill decides whether it applies: an annual payer asks for the identity at the end of the year.
    pub(crate) fn look(&self) -> Look {
        if self.settle.is_annual() { Look::NotIdentity } else { Look::Everything }
    }

    /// Why this payer does not apply, `None` when it does.
    pub(crate) fn mismatch(&self, case: &Case, look: Look) -> Option<Mismatch> {
        let mut first = None;
        for condition in &self.when {
            match condition.mismatch(case, look) {
                None => return None,
                Some(mismatch) => first = first.or(Some(mismatch)),
            }
        }
        first
    }

    /// Whether nothing but who somebody is decides its amounts.
    pub(crate) fn rows_ask_for_identities_only(&self) -> bool {
        !self.conditions().skip(self.when.len()).any(Condition::looks_beyond_identity)
    }

    /// Every condition anywhere in this payer.
    pub(crate) fn conditions(&self) -> impl Iterator<Item = &Condition> {
        self.when
            .iter()
            .chain(self.deductible.iter().map(|row| &row.when))
            .chain(self.deductible_scale.iter().map(|row| &row.when))
            .chain(self.ratio.iter().map(|row| &row.when))
            .chain(self.bonus.iter().map(|row| &row.when))
            .chain(self.reduction.iter().map(|row| &row.when))
            .chain(self.cap.iter().map(|row| &row.when))
    }

    /// Whether a number of it was not to be had.
    pub(crate) fn has_unknown(&self) -> bool {
        self.deductible.iter().any(|row| row.value.amount == Threshold::Unknown)
            || self.ratio.iter().any(|row| row.value.is_empty())
            || self.cap.iter().any(|row| row.value.amount == Most::Unknown)
    }
}
