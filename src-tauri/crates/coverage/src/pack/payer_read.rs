//! Reads one payer of a pack, switch by switch.

use std::collections::BTreeMap;

use toml::Value;

use super::condition::Condition;
use super::payer::{
    AboveCap, AnnualBase, Band, Bands, Base, Cap, Counting, Deductible, Most, PAYER_SWITCHES, Payer, Period, Repeat,
    Settle, Shift, Threshold,
};
use super::resolved::Known;
use super::section::{AMOUNT, COUNT, NONE, PackError, Section, UNKNOWN, as_amount, as_count};
use super::source::Citation;
use super::switch::Rounding;
use super::table::Row;
use crate::ratio::Ratio;
use crate::vocabulary::Column;

impl Payer {
    pub(super) fn read(mut s: Section, known: &Known, rounding: Rounding) -> Result<Self, PackError> {
        // The label comes first so that every other message can name the payer.
        let label = s.text("label", "名称")?;
        s.place = format!("支付方“{label}”");
        let citation = known.citation(&mut s)?;
        let payer = Self {
            key: s.text("key", "代号")?,
            column: s.choice("column", "结算单栏目", &column_words())?,
            when: read_when(&mut s, known)?,
            base: s.choice("base", "计算基数", &[("in_scope", Base::InScope), ("remaining", Base::Remaining)])?,
            base_includes_preselfpay: s.boolean("base_includes_preselfpay", "基数是否含先行自付")?,
            less_compensation: s.boolean("less_compensation", "基数是否扣除商业保险等已赔付")?,
            settle: s.choice(
                "settle",
                "结算时间",
                &[("immediate", Settle::Immediate), ("annual", Settle::Annual), ("application", Settle::Application)],
            )?,
            annual_base: s.choice(
                "annual_base",
                "年终结算的基数",
                &[
                    (NONE, AnnualBase::NotAnnual),
                    ("in_turn", AnnualBase::InTurn),
                    ("after_immediate", AnnualBase::AfterImmediate),
                ],
            )?,
            admission_count: s.choice(
                "admission_count",
                "住院次数怎样算",
                &[("same_level", Counting::SameLevel), ("any_level", Counting::AnyLevel)],
            )?,
            deductible_period: s.choice("deductible_period", "起付线按次还是按年", PERIODS)?,
            deductible: read_rows(&mut s, "deductible", "起付线", known, |row| read_deductible(row, known))?,
            deductible_scale: read_rows(&mut s, "deductible_scale", "起付线打折", known, |row| {
                row.ratio("share", "比例")
            })?,
            bands: s.choice(
                "segment_mode",
                "分段方式",
                &[("flat", Bands::Flat), ("absolute", Bands::Absolute), ("excess", Bands::Excess)],
            )?,
            band_scope: s.choice("segment_scope", "分段按次还是按年", PERIODS)?,
            ratio: read_rows(&mut s, "ratio", "支付比例", known, read_bands)?,
            bonus: read_rows(&mut s, "bonus", "比例提高", known, read_shift)?,
            reduction: read_rows(&mut s, "reduction", "比例降低", known, read_shift)?,
            cap: read_rows(&mut s, "cap", "封顶线", known, read_cap)?,
            cap_pool: s.text("cap_pool", "封顶线与谁合用")?,
            above_cap: s.choice(
                "above_cap",
                "超封顶线部分是否进入下一环",
                &[("enters_next", AboveCap::EntersNext), ("stays_personal", AboveCap::StaysPersonal)],
            )?,
            refs: read_refs(&mut s, known)?,
            rounding,
            label,
            citation,
        };
        payer.check(&s)?;
        s.finish()?;
        Ok(payer)
    }
}

const PERIODS: &[(&str, Period)] = &[("admission", Period::Bill), ("year", Period::Year)];

fn column_words() -> Vec<(&'static str, Column)> {
    Column::ALL.iter().map(|column| (column.code(), *column)).collect()
}

/// `when = "always"` or a list of alternatives.
pub(super) fn read_when(s: &mut Section, known: &Known) -> Result<Vec<Condition>, PackError> {
    let value = s.value("when", "适用条件")?;
    if value.as_str() == Some("always") {
        return Ok(Vec::new());
    }
    if let Value::Array(alternatives) = value {
        let mut read = Vec::new();
        for alternative in alternatives {
            let Value::Table(table) = alternative else { return Err(wrong_when(s)) };
            let mut row = s.inner(format!("{}的“适用条件”", s.place), "when[]", table);
            read.push(Condition::read(&mut row, known)?);
            row.finish()?;
        }
        if !read.is_empty() {
            return Ok(read);
        }
    }
    Err(wrong_when(s))
}

fn wrong_when(s: &Section) -> PackError {
    s.wrong("when", "适用条件", "“always”（一律适用），或一组条件")
}

pub(super) fn read_rows<T>(
    s: &mut Section,
    key: &'static str,
    label: &'static str,
    known: &Known,
    read: impl Fn(&mut Section) -> Result<T, PackError>,
) -> Result<Vec<Row<T>>, PackError> {
    let mut rows = Vec::new();
    for mut row in s.rows(key, label)? {
        rows.push(Row {
            when: Condition::read(&mut row, known)?,
            value: read(&mut row)?,
            citation: known.citation(&mut row)?,
        });
        row.finish()?;
    }
    Ok(rows)
}

fn read_deductible(row: &mut Section, known: &Known) -> Result<Deductible, PackError> {
    let amount = match row.value("amount", "起付线金额")? {
        Value::Table(table) => {
            let mut of = row.inner(format!("{}的“起付线金额”", row.place), "amount", table);
            let share = of.ratio("of_income", "上年居民人均可支配收入的比例")?;
            of.finish()?;
            Threshold::OfIncome(share)
        }
        value if value.as_str() == Some(UNKNOWN) => Threshold::Unknown,
        value => Threshold::Fixed(as_amount(&value).ok_or_else(|| row.wrong("amount", "起付线金额", AMOUNT))?),
    };
    let repeat = match row.section_or("repeat", "多次住院", "same")? {
        None => Repeat::Same,
        Some(repeat) => read_repeat(repeat, known)?,
    };
    Ok(Deductible { amount, repeat })
}

fn read_repeat(mut s: Section, known: &Known) -> Result<Repeat, PackError> {
    let citation = known.citation(&mut s)?;
    let repeat = if let Some(value) = s.optional("times") {
        let share = value.as_str().and_then(|text| Ratio::parse(text).ok());
        Repeat::Times {
            share: share.ok_or_else(|| s.wrong("times", "按首次的比例", "比例，如“50%”"))?, citation
        }
    } else if let Some(value) = s.optional("less") {
        let texts = super::section::as_texts(value).filter(|texts| !texts.is_empty());
        let shares: Option<Vec<Ratio>> = texts.and_then(|texts| texts.iter().map(|t| Ratio::parse(t).ok()).collect());
        Repeat::Less {
            shares: shares.ok_or_else(|| s.wrong("less", "逐次降低的比例", "一组比例，如[“20%”, “40%”]"))?,
            citation,
        }
    } else {
        Repeat::Minus { amount: s.amount("minus", "每次减少")?, floor: s.amount("floor", "最低")?, citation }
    };
    s.finish()?;
    Ok(repeat)
}

fn read_bands(row: &mut Section) -> Result<Vec<Band>, PackError> {
    let mut bands = Vec::new();
    if row.peek_text("bands") == Some(UNKNOWN) {
        row.text("bands", "分段")?;
        return Ok(bands);
    }
    for mut band in row.rows("bands", "分段")? {
        bands
            .push(Band { up_to: band.amount_or_none("up_to", "分段上限")?, share: band.ratio("share", "比例")? });
        band.finish()?;
    }
    if bands.is_empty() {
        return Err(row.wrong("bands", "分段", "至少一段，或“unknown”（没有取得）"));
    }
    Ok(bands)
}

fn read_shift(row: &mut Section) -> Result<Shift, PackError> {
    let points = row.ratio("points", "百分点")?;
    let wrong = |row: &Section| row.wrong("bands", "哪几段", format!("“all”（各段），或段号的列表（{COUNT}）"));
    let bands = match row.value("bands", "哪几段")? {
        Value::String(text) if text == "all" => Vec::new(),
        Value::Array(numbers) if !numbers.is_empty() => {
            let numbers: Option<Vec<u32>> = numbers.iter().map(as_count).collect();
            numbers.ok_or_else(|| wrong(row))?
        }
        _ => return Err(wrong(row)),
    };
    Ok(Shift { points, bands })
}

fn read_cap(row: &mut Section) -> Result<Cap, PackError> {
    let value = row.value("amount", "封顶额")?;
    let amount = match value.as_str() {
        Some(NONE) => Most::Open,
        Some(UNKNOWN) => Most::Unknown,
        _ => Most::Fixed(
            as_amount(&value).ok_or_else(|| row.wrong("amount", "封顶额", format!("{AMOUNT}，或“none”（不封顶）")))?,
        ),
    };
    Ok(Cap { amount, per: row.choice("per", "封顶线按次还是按年", PERIODS)? })
}

fn read_refs(s: &mut Section, known: &Known) -> Result<BTreeMap<String, Citation>, PackError> {
    let mut section = s.section("refs", "各项依据")?;
    let mut refs = BTreeMap::new();
    for (key, label) in PAYER_SWITCHES {
        if let Some(value) = section.optional(key) {
            let text = value.as_str().ok_or_else(|| section.wrong(key, label, "文字"))?;
            refs.insert((*key).to_owned(), known.cite(&section, text)?);
        }
    }
    section.finish()?;
    Ok(refs)
}
