//! One payer of the chain: base, deductible, bands, ratios, caps, and every switch between them.

use std::collections::BTreeMap;

use mingbai_domain::Fen;
use toml::Value;

use super::condition::{Case, Condition, Look, Mismatch};
use super::resolved::Known;
use super::section::{Conflict, PackError, Section};
use super::source::{Citation, Source, cite};
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
    Annual,
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repeat {
    Same,
    /// Less by this much for every stay before, never below the floor.
    Minus {
        amount: Fen,
        floor: Fen,
    },
    /// This share of the first deductible from the second stay on.
    Times(Ratio),
}

/// A row of a rule table: the first row whose condition holds decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row<T> {
    pub(crate) when: Condition,
    pub(crate) value: T,
    pub(crate) citation: Citation,
}

/// Deductible of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Deductible {
    pub(crate) amount: Fen,
    pub(crate) repeat: Repeat,
}

/// One band: up to here (open when `None`), this share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Band {
    pub(crate) up_to: Option<Fen>,
    pub(crate) share: Ratio,
}

/// A cap; `None` is 不封顶.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cap {
    pub(crate) amount: Option<Fen>,
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
    pub(crate) settle: Settle,
    pub(crate) admission_count: Counting,
    pub(crate) deductible_period: Period,
    pub(crate) deductible: Vec<Row<Deductible>>,
    pub(crate) bands: Bands,
    pub(crate) band_scope: Period,
    pub(crate) ratio: Vec<Row<Vec<Band>>>,
    pub(crate) bonus: Vec<Row<Ratio>>,
    pub(crate) reduction: Vec<Row<Ratio>>,
    pub(crate) cap: Vec<Row<Cap>>,
    pub(crate) cap_pool: String,
    pub(crate) above_cap: AboveCap,
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
    ("settle", "结算时间"),
    ("admission_count", "住院次数怎样算"),
    ("deductible_period", "起付线按次还是按年"),
    ("deductible", "起付线"),
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
    pub(super) fn read(mut s: Section, sources: &[Source], identities: &Known) -> Result<Self, PackError> {
        // The label comes first so that every other message can name the payer.
        let label = s.text("label", "名称")?;
        s.place = format!("支付方“{label}”");
        let citation = citation(&mut s, sources)?;
        let payer = Self {
            key: s.text("key", "代号")?,
            column: s.choice("column", "结算单栏目", &column_words())?,
            when: read_when(&mut s, identities)?,
            base: s.choice("base", "计算基数", &[("in_scope", Base::InScope), ("remaining", Base::Remaining)])?,
            base_includes_preselfpay: s.boolean("base_includes_preselfpay", "基数是否含先行自付")?,
            settle: s.choice("settle", "结算时间", &[("immediate", Settle::Immediate), ("annual", Settle::Annual)])?,
            admission_count: s.choice(
                "admission_count",
                "住院次数怎样算",
                &[("same_level", Counting::SameLevel), ("any_level", Counting::AnyLevel)],
            )?,
            deductible_period: s.choice("deductible_period", "起付线按次还是按年", PERIODS)?,
            deductible: read_rows(&mut s, "deductible", "起付线", sources, identities, read_deductible)?,
            bands: s.choice(
                "segment_mode",
                "分段方式",
                &[("flat", Bands::Flat), ("absolute", Bands::Absolute), ("excess", Bands::Excess)],
            )?,
            band_scope: s.choice("segment_scope", "分段按次还是按年", PERIODS)?,
            ratio: read_rows(&mut s, "ratio", "支付比例", sources, identities, read_bands)?,
            bonus: read_rows(&mut s, "bonus", "比例提高", sources, identities, |row| {
                row.ratio("points", "百分点")
            })?,
            reduction: read_rows(&mut s, "reduction", "比例降低", sources, identities, |row| {
                row.ratio("points", "百分点")
            })?,
            cap: read_rows(&mut s, "cap", "封顶线", sources, identities, |row| {
                Ok(Cap {
                    amount: row.amount_or_none("amount", "封顶额")?,
                    per: row.choice("per", "封顶线按次还是按年", PERIODS)?,
                })
            })?,
            cap_pool: s.text("cap_pool", "封顶线与谁合用")?,
            above_cap: s.choice(
                "above_cap",
                "超封顶线部分是否进入下一环",
                &[("enters_next", AboveCap::EntersNext), ("stays_personal", AboveCap::StaysPersonal)],
            )?,
            refs: read_refs(&mut s, sources)?,
            label,
            citation,
        };
        payer.check(&s)?;
        s.finish()?;
        Ok(payer)
    }

    fn check(&self, s: &Section) -> Result<(), PackError> {
        for (rows, name) in
            [(self.deductible.len(), "起付线"), (self.ratio.len(), "支付比例"), (self.cap.len(), "封顶线")]
        {
            if rows == 0 {
                return Err(s.conflict(Conflict::EmptyTable(name)));
            }
        }
        for row in &self.ratio {
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
        let yearly_deductible = self.deductible_period == Period::Year;
        if self.band_scope == Period::Year && !yearly_deductible {
            return Err(s.conflict(Conflict::YearBandsNeedYearDeductible));
        }
        if self.settle == Settle::Annual && self.band_scope != Period::Year {
            return Err(s.conflict(Conflict::AnnualNeedsYearBands));
        }
        let mut rows = self.conditions().skip(self.when.len());
        if self.settle == Settle::Annual && rows.any(Condition::looks_beyond_identity) {
            return Err(s.conflict(Conflict::AnnualRowsBeyondIdentity));
        }
        if yearly_deductible && self.deductible.iter().any(|row| row.value.repeat != Repeat::Same) {
            return Err(s.conflict(Conflict::RepeatNeedsAdmission));
        }
        Ok(())
    }

    /// The citation of a switch: its own, or the payer's.
    pub(crate) fn cite(&self, switch: &str) -> &Citation {
        self.refs.get(switch).unwrap_or(&self.citation)
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

    /// Every condition anywhere in this payer.
    pub(crate) fn conditions(&self) -> impl Iterator<Item = &Condition> {
        self.when
            .iter()
            .chain(self.deductible.iter().map(|row| &row.when))
            .chain(self.ratio.iter().map(|row| &row.when))
            .chain(self.bonus.iter().map(|row| &row.when))
            .chain(self.reduction.iter().map(|row| &row.when))
            .chain(self.cap.iter().map(|row| &row.when))
    }

    /// Every citation with the Chinese name of what it supports.
    pub(crate) fn citations(&self) -> Vec<(&'static str, &Citation)> {
        let mut all = vec![("适用条件", &self.citation)];
        all.extend(self.deductible.iter().map(|row| ("起付线", &row.citation)));
        all.extend(self.ratio.iter().map(|row| ("支付比例", &row.citation)));
        all.extend(self.bonus.iter().map(|row| ("比例提高", &row.citation)));
        all.extend(self.reduction.iter().map(|row| ("比例降低", &row.citation)));
        all.extend(self.cap.iter().map(|row| ("封顶线", &row.citation)));
        for (key, label) in PAYER_SWITCHES {
            if let Some(citation) = self.refs.get(*key) {
                all.push((label, citation));
            }
        }
        all
    }
}

const PERIODS: &[(&str, Period)] = &[("admission", Period::Bill), ("year", Period::Year)];

fn column_words() -> Vec<(&'static str, Column)> {
    Column::ALL.iter().map(|column| (column.code(), *column)).collect()
}

/// The reference of a row or payer.
fn citation(s: &mut Section, sources: &[Source]) -> Result<Citation, PackError> {
    let text = s.text("ref", "依据")?;
    cite(sources, s, &text)
}

/// `when = "always"` or a list of alternatives.
pub(super) fn read_when(s: &mut Section, identities: &Known) -> Result<Vec<Condition>, PackError> {
    if let Some(value) = s.optional("when") {
        if value.as_str() == Some("always") {
            return Ok(Vec::new());
        }
        if let Value::Array(alternatives) = value {
            let mut read = Vec::new();
            for alternative in alternatives {
                let Value::Table(table) = alternative else {
                    return Err(s.wrong("when", "适用条件", "“always”（一律适用），或一组条件"));
                };
                let mut row = Section::new(format!("{}的“适用条件”", s.place), table);
                read.push(Condition::read(&mut row, identities)?);
                row.finish()?;
            }
            if !read.is_empty() {
                return Ok(read);
            }
        }
        return Err(s.wrong("when", "适用条件", "“always”（一律适用），或一组条件"));
    }
    Err(PackError::MissingSwitch { place: s.place.clone(), key: "when", label: "适用条件" })
}

pub(super) fn read_rows<T>(
    s: &mut Section,
    key: &'static str,
    label: &'static str,
    sources: &[Source],
    identities: &Known,
    read: impl Fn(&mut Section) -> Result<T, PackError>,
) -> Result<Vec<Row<T>>, PackError> {
    let mut rows = Vec::new();
    for mut row in s.rows(key, label)? {
        rows.push(Row {
            when: Condition::read(&mut row, identities)?,
            value: read(&mut row)?,
            citation: citation(&mut row, sources)?,
        });
        row.finish()?;
    }
    Ok(rows)
}

fn read_deductible(row: &mut Section) -> Result<Deductible, PackError> {
    let amount = row.amount("amount", "起付线金额")?;
    let repeat = match row.section_or("repeat", "多次住院", "same")? {
        None => Repeat::Same,
        Some(mut repeat) => {
            let times = match repeat.optional("times") {
                None => None,
                Some(value) => Some(
                    value
                        .as_str()
                        .and_then(|text| Ratio::parse(text).ok())
                        .ok_or_else(|| repeat.wrong("times", "按首次的比例", "比例，如“50%”"))?,
                ),
            };
            let rule = match times {
                Some(share) => Repeat::Times(share),
                None => Repeat::Minus {
                    amount: repeat.amount("minus", "每次减少")?,
                    floor: repeat.amount("floor", "最低")?,
                },
            };
            repeat.finish()?;
            rule
        }
    };
    Ok(Deductible { amount, repeat })
}

fn read_bands(row: &mut Section) -> Result<Vec<Band>, PackError> {
    let mut bands = Vec::new();
    for mut band in row.rows("bands", "分段")? {
        bands
            .push(Band { up_to: band.amount_or_none("up_to", "分段上限")?, share: band.ratio("share", "比例")? });
        band.finish()?;
    }
    Ok(bands)
}

fn read_refs(s: &mut Section, sources: &[Source]) -> Result<BTreeMap<String, Citation>, PackError> {
    let section = s.section("refs", "各项依据")?;
    let place = Section::new(section.place.clone(), toml::Table::new());
    let mut refs = BTreeMap::new();
    for (key, value) in section.into_entries() {
        let text = value.as_str().unwrap_or_default();
        if !PAYER_SWITCHES.iter().any(|(switch, _)| *switch == key) {
            return Err(PackError::UnknownKey { place: place.place, key });
        }
        let citation = cite(sources, &place, text)?;
        refs.insert(key, citation);
    }
    Ok(refs)
}
