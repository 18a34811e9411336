//! Reads a whole pack from its text.

use toml::Table;

use super::disease::read_diseases;
use super::enrol::{read_incomes, read_premiums, read_subsidies, read_waiting};
use super::partial::{read_gaps, read_joint_caps};
use super::payer::Payer;
use super::payer_read::{read_rows, read_when};
use super::resolved::{Known, Resolved};
use super::section::{Conflict, PackError, Section};
use super::source::{Citation, Source};
use super::stay::Stays;
use super::switch::{
    CeilingOf, CrossYear, IdentityChange, IdentityMoment, MultiIdentity, Rounding, SeveralDiseases, Uncertified,
    Unreferred, YearOf,
};
use super::{Ceiling, ExcludedCause, FreeItem, ItemClass, PACK_SWITCHES, Pack, PackIdentity};

impl Pack {
    /// Reads and checks a pack.
    ///
    /// # Errors
    /// [`PackError`] naming the payer (or part) and the switch; nothing is filled in.
    pub fn parse(text: &str) -> Result<Self, PackError> {
        let table: Table = toml::from_str(text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            PackError::NotToml { line: before.matches('\n').count() + 1, detail: error.message().to_owned() }
        })?;
        let mut s = Section::new("政策包", table);
        let sources = s.rows("source", "政策来源")?.into_iter().map(Source::read).collect::<Result<Vec<_>, _>>()?;
        let identities = s.rows("identity", "身份")?.into_iter().map(read_identity).collect::<Result<Vec<_>, _>>()?;
        let diseases = read_diseases(&mut s, &sources)?;
        let known = Known::new(&sources, &identities, &diseases, &s)?;
        let mut referral = s.section("referral", "转诊")?;
        let mut ceiling = s.section_or("ceiling", "总报销比例上限", "none")?;
        let rounding = s.choice("rounding", "舍入", ROUNDINGS)?;
        let mut pack = Self {
            region: s.text("region", "地区")?,
            name: s.text("name", "名称")?,
            version: s.text("version", "版本")?,
            from: s.date("from", "起用日期")?,
            until: s.date_or_none("until", "停用日期")?,
            reviewers: read_reviewers(&mut s)?,
            notes: s.texts("notes", "说明")?,
            item_classes: read_classes(&mut s, &known)?,
            excluded_causes: read_causes(&mut s, &known)?,
            free_items: read_free(&mut s, &known)?,
            year_of: s.choice("year_of", "按哪个日期归年度", YEARS)?,
            cross_year: s.choice("cross_year", "跨年度住院", CROSSINGS)?,
            multi_identity: s.choice("multi_identity", "多重身份", IDENTITIES)?,
            identity_moment: s.choice("identity_moment", "身份以何时为准", MOMENTS)?,
            identity_change: s.choice("identity_change", "年中身份变化", CHANGES)?,
            unreferred: referral.choice("unreferred", "未按规定转诊", UNREFERRED)?,
            unreferred_citation: known.citation(&mut referral)?,
            prepay: read_rows(&mut referral, "prepay", "转外先行自付", &known, |row| row.ratio("share", "比例"))?,
            ceiling: ceiling.as_mut().map(|section| read_ceiling(section, &known)).transpose()?,
            rounding,
            stays: Stays::read(&mut s, &known)?,
            several_diseases: s.choice("several_diseases", "几种病的限额", SEVERAL)?,
            uncertified: s.choice("uncertified", "没有有效认定", UNCERTIFIED)?,
            insured_only: s.texts("insured_only", "只付给参保人的支付方")?,
            waiting: read_waiting(&mut s, &known)?,
            incomes: read_incomes(&mut s, &known)?,
            premiums: read_premiums(&mut s, &known)?,
            subsidies: read_subsidies(&mut s, &known)?,
            joint_caps: read_joint_caps(&mut s, &known)?,
            partial: read_gaps(&mut s, &known)?,
            payers: {
                let rows = s.rows("payer", "支付方")?;
                rows.into_iter().map(|row| Payer::read(row, &known, rounding)).collect::<Result<Vec<_>, _>>()?
            },
            switch_citations: read_switch_citations(&mut s, &known)?,
            sources,
            identities,
            diseases,
            resolved: Resolved::default(),
        };
        pack.check(&s)?;
        pack.resolved = Resolved::of(&pack);
        referral.finish()?;
        ceiling.map_or(Ok(()), Section::finish)?;
        s.finish()?;
        Ok(pack)
    }
}

const ROUNDINGS: &[(&str, Rounding)] = &[
    ("half_up_fen", Rounding::HalfUpFen),
    ("half_up_jiao", Rounding::HalfUpJiao),
    ("half_up_yuan", Rounding::HalfUpYuan),
    ("down_fen", Rounding::DownFen),
];
const YEARS: &[(&str, YearOf)] =
    &[("admission", YearOf::Admission), ("discharge", YearOf::Discharge), ("settlement", YearOf::Settlement)];
const CROSSINGS: &[(&str, CrossYear)] = &[("whole", CrossYear::Whole), ("split", CrossYear::Split)];
const IDENTITIES: &[(&str, MultiIdentity)] =
    &[("each_rule", MultiIdentity::EachRule), ("highest", MultiIdentity::Highest)];
const MOMENTS: &[(&str, IdentityMoment)] = &[
    ("stay", IdentityMoment::Stay),
    ("admission", IdentityMoment::Admission),
    ("settlement", IdentityMoment::Settlement),
];
const CHANGES: &[(&str, IdentityChange)] =
    &[("later_bills", IdentityChange::LaterBills), ("whole_year", IdentityChange::WholeYear)];
const UNREFERRED: &[(&str, Unreferred)] = &[
    ("as_usual", Unreferred::AsUsual),
    ("as_ordinary", Unreferred::AsOrdinary),
    ("not_covered", Unreferred::NotCovered),
];
const SEVERAL: &[(&str, SeveralDiseases)] = &[
    ("each_own", SeveralDiseases::EachOwn),
    ("added_up", SeveralDiseases::AddedUp),
    ("highest", SeveralDiseases::Highest),
];
const UNCERTIFIED: &[(&str, Uncertified)] =
    &[("not_covered", Uncertified::NotCovered), ("as_outpatient", Uncertified::AsOutpatient)];

fn read_switch_citations(s: &mut Section, known: &Known) -> Result<Vec<Citation>, PackError> {
    let mut refs = s.section("refs", "各项依据")?;
    let mut cited = Vec::with_capacity(PACK_SWITCHES.len());
    for (key, label) in PACK_SWITCHES {
        let text = refs.text(key, label)?;
        cited.push(known.cite(&refs, &text)?);
    }
    refs.finish()?;
    Ok(cited)
}

fn read_identity(mut s: Section) -> Result<PackIdentity, PackError> {
    let identity = PackIdentity {
        key: s.text("key", "身份代号")?,
        label: s.text("label", "身份名称")?,
        aid: s.choice("class", "身份类别", &[("aid", true), ("insured", false)])?,
    };
    s.finish()?;
    Ok(identity)
}

fn read_classes(s: &mut Section, known: &Known) -> Result<Vec<ItemClass>, PackError> {
    let mut classes = Vec::new();
    for mut row in s.rows("item_class", "先行自付类别")? {
        classes.push(ItemClass {
            key: row.text("key", "类别代号")?,
            label: row.text("label", "类别名称")?,
            prepay: row.ratio("prepay", "先行自付比例")?,
            citation: known.citation(&mut row)?,
        });
        row.finish()?;
    }
    Ok(classes)
}

fn read_causes(s: &mut Section, known: &Known) -> Result<Vec<ExcludedCause>, PackError> {
    let mut causes = Vec::new();
    for mut row in s.rows("excluded_cause", "不予支付原因")? {
        causes.push(ExcludedCause {
            key: row.text("key", "原因代号")?,
            label: row.text("label", "原因名称")?,
            citation: known.citation(&mut row)?,
        });
        row.finish()?;
    }
    Ok(causes)
}

fn read_free(s: &mut Section, known: &Known) -> Result<Vec<FreeItem>, PackError> {
    let mut items = Vec::new();
    for mut row in s.rows("free_item", "不用花钱和少花钱的")? {
        items.push(FreeItem { text: row.text("text", "内容")?, citation: known.citation(&mut row)? });
        row.finish()?;
    }
    Ok(items)
}

/// `"none"` while nobody has compared the pack with the texts, or two different people.
fn read_reviewers(s: &mut Section) -> Result<Option<[String; 2]>, PackError> {
    if s.peek_text("reviewers") == Some("none") {
        s.text("reviewers", "复核人")?;
        return Ok(None);
    }
    match <[String; 2]>::try_from(s.texts("reviewers", "复核人")?) {
        Ok(two) if two[0].trim() != two[1].trim() && two.iter().all(|name| !name.trim().is_empty()) => Ok(Some(two)),
        _ => Err(s.conflict(Conflict::OneReviewer)),
    }
}

fn read_ceiling(s: &mut Section, known: &Known) -> Result<Ceiling, PackError> {
    Ok(Ceiling {
        share: s.ratio("share", "上限比例")?,
        of: s.choice("of", "上限的分母", &[("total", CeilingOf::Total), ("in_scope", CeilingOf::InScope)])?,
        cut: s.texts("cut", "超上限先扣谁")?,
        when: read_when(s, known)?,
        citation: known.citation(s)?,
    })
}
