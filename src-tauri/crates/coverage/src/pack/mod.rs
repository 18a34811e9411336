//! 政策包: one region's rules for some years, as a TOML file in which every switch is written out.
//!
//! Amounts are quoted text in yuan (`"1200"`), shares are text (`"75%"`), “there is none” is the word `"none"` or an empty
//! list. A reference is `"S1 第二十一条"`: the key of a source and the article. `assets/packs/README.md` describes the format.

mod benefit;
pub(crate) mod condition;
pub(crate) mod payer;
pub(crate) mod resolved;
mod section;
mod source;
mod switch;

use chrono::NaiveDate;
use toml::Table;

pub use benefit::BenefitLine;
pub use payer::PAYER_SWITCHES;
pub use section::{Conflict, PackError};
pub use source::{Citation, Source, Status};
pub(crate) use switch::{CeilingOf, CrossYear, IdentityChange, IdentityMoment, MultiIdentity, Unreferred, YearOf};

use crate::ratio::Ratio;
use condition::Condition;
use payer::{Payer, Row, Settle, read_rows, read_when};
use resolved::{Known, Resolved};
use section::Section;

/// An identity the pack gives rules for. The list runs from the highest benefit to the lowest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackIdentity {
    /// Code, as in the register.
    pub key: String,
    /// Chinese name.
    pub label: String,
    /// An aid identity (as against a class of insured person such as students).
    pub aid: bool,
}

/// An item class of which the person pays a share first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemClass {
    /// Key used on bills.
    pub key: String,
    /// Chinese name.
    pub label: String,
    /// The share paid first (先行自付).
    pub prepay: Ratio,
    /// Where it says so.
    pub citation: Citation,
}

/// A cause for which nothing is paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExcludedCause {
    /// Key used on bills.
    pub key: String,
    /// Chinese name.
    pub label: String,
    /// Where it says so.
    pub citation: Citation,
}

/// Something that costs nothing or less, apart from reimbursement: the card prints these and no others (清理层层加码).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FreeItem {
    /// One line for the family.
    pub text: String,
    /// Where it says so.
    pub citation: Citation,
}

/// 最终报销比例上限.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ceiling {
    pub(crate) share: Ratio,
    pub(crate) of: CeilingOf,
    /// Payer keys in the order they are cut.
    pub(crate) cut: Vec<String>,
    pub(crate) when: Vec<Condition>,
    pub(crate) citation: Citation,
}

/// A policy pack, read and checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pack {
    /// Region in words, e.g. 乌兰察布市.
    pub region: String,
    /// Name of the pack.
    pub name: String,
    /// Version of the pack.
    pub version: String,
    /// First day it applies.
    pub from: NaiveDate,
    /// Last day, open when `None`.
    pub until: Option<NaiveDate>,
    /// The two people who compared it with the texts; `None` while nobody has.
    pub reviewers: Option<[String; 2]>,
    /// What is known to be missing or open, one sentence each.
    pub notes: Vec<String>,
    /// Documents.
    pub sources: Vec<Source>,
    /// Identities, highest benefit first.
    pub identities: Vec<PackIdentity>,
    /// Item classes with a share paid first.
    pub item_classes: Vec<ItemClass>,
    /// Causes for which nothing is paid.
    pub excluded_causes: Vec<ExcludedCause>,
    /// What costs nothing or less.
    pub free_items: Vec<FreeItem>,
    pub(crate) year_of: YearOf,
    pub(crate) cross_year: CrossYear,
    pub(crate) multi_identity: MultiIdentity,
    pub(crate) identity_moment: IdentityMoment,
    pub(crate) identity_change: IdentityChange,
    pub(crate) unreferred: Unreferred,
    pub(crate) unreferred_citation: Citation,
    pub(crate) prepay: Vec<Row<Ratio>>,
    pub(crate) ceiling: Option<Ceiling>,
    pub(crate) payers: Vec<Payer>,
    /// Where each of [`PACK_SWITCHES`] comes from, in that order.
    switch_citations: Vec<Citation>,
    pub(crate) resolved: Resolved,
}

/// Switches of the pack itself, each of which must say where it comes from, with their Chinese names.
pub const PACK_SWITCHES: &[(&str, &str)] = &[
    ("year_of", "按哪个日期归年度"),
    ("cross_year", "跨年度住院"),
    ("multi_identity", "多重身份"),
    ("identity_moment", "身份以何时为准"),
    ("identity_change", "年中身份变化"),
    ("rounding", "舍入"),
    ("item_class", "先行自付类别"),
    ("excluded_cause", "不予支付原因"),
    ("free_item", "不用花钱和少花钱的"),
    ("ceiling", "总报销比例上限"),
];

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
        let keys = Known::new(identities.iter().map(|identity| identity.key.clone()).collect(), &s)?;
        let mut referral = s.section("referral", "转诊")?;
        let mut ceiling = s.section_or("ceiling", "总报销比例上限", "none")?;
        let mut pack = Self {
            region: s.text("region", "地区")?,
            name: s.text("name", "名称")?,
            version: s.text("version", "版本")?,
            from: s.date("from", "起用日期")?,
            until: s.date_or_none("until", "停用日期")?,
            reviewers: read_reviewers(&mut s)?,
            notes: s.texts("notes", "说明")?,
            item_classes: read_classes(&mut s, &sources)?,
            excluded_causes: read_causes(&mut s, &sources)?,
            free_items: read_free(&mut s, &sources)?,
            year_of: s.choice(
                "year_of",
                "按哪个日期归年度",
                &[
                    ("admission", YearOf::Admission),
                    ("discharge", YearOf::Discharge),
                    ("settlement", YearOf::Settlement),
                ],
            )?,
            cross_year: s.choice(
                "cross_year",
                "跨年度住院",
                &[("whole", CrossYear::Whole), ("split", CrossYear::Split)],
            )?,
            multi_identity: s.choice(
                "multi_identity",
                "多重身份",
                &[("each_rule", MultiIdentity::EachRule), ("highest", MultiIdentity::Highest)],
            )?,
            identity_moment: s.choice(
                "identity_moment",
                "身份以何时为准",
                &[
                    ("stay", IdentityMoment::Stay),
                    ("admission", IdentityMoment::Admission),
                    ("settlement", IdentityMoment::Settlement),
                ],
            )?,
            identity_change: s.choice(
                "identity_change",
                "年中身份变化",
                &[("later_bills", IdentityChange::LaterBills), ("whole_year", IdentityChange::WholeYear)],
            )?,
            unreferred: referral.choice(
                "unreferred",
                "未按规定转诊",
                &[
                    ("as_usual", Unreferred::AsUsual),
                    ("as_ordinary", Unreferred::AsOrdinary),
                    ("not_covered", Unreferred::NotCovered),
                ],
            )?,
            unreferred_citation: {
                let text = referral.text("ref", "依据")?;
                source::cite(&sources, &referral, &text)?
            },
            prepay: read_rows(&mut referral, "prepay", "转外先行自付", &sources, &keys, |row| {
                row.ratio("share", "比例")
            })?,
            ceiling: ceiling.as_mut().map(|section| read_ceiling(section, &sources, &keys)).transpose()?,
            payers: {
                s.choice("rounding", "舍入", &[("half_up_fen", ())])?;
                let rows = s.rows("payer", "支付方")?;
                rows.into_iter().map(|row| Payer::read(row, &sources, &keys)).collect::<Result<Vec<_>, _>>()?
            },
            switch_citations: {
                let mut refs = s.section("refs", "各项依据")?;
                let cited = PACK_SWITCHES.iter().map(|(key, label)| {
                    let text = refs.text(key, label)?;
                    source::cite(&sources, &refs, &text)
                });
                let cited = cited.collect::<Result<Vec<_>, _>>()?;
                refs.finish()?;
                cited
            },
            sources,
            identities,
            resolved: Resolved::default(),
        };
        pack.check(&s)?;
        pack.resolved = Resolved::of(&pack);
        referral.finish()?;
        ceiling.map_or(Ok(()), Section::finish)?;
        s.finish()?;
        Ok(pack)
    }

    fn check(&self, s: &Section) -> Result<(), PackError> {
        for keys in [
            self.sources.iter().map(|x| &x.key).collect::<Vec<_>>(),
            self.identities.iter().map(|x| &x.key).collect(),
            self.item_classes.iter().map(|x| &x.key).collect(),
            self.excluded_causes.iter().map(|x| &x.key).collect(),
            self.payers.iter().map(|x| &x.key).collect(),
        ] {
            if let Some(twice) = keys.iter().enumerate().find(|(i, key)| keys.iter().take(*i).any(|k| k == *key)) {
                return Err(s.conflict(Conflict::Duplicate((*twice.1).clone())));
            }
        }
        if self.payers.is_empty() {
            return Err(s.conflict(Conflict::EmptyTable("支付方")));
        }
        if self.until.is_some_and(|until| until < self.from) {
            return Err(s.conflict(Conflict::EndsBeforeStart));
        }
        for key in self.ceiling.iter().flat_map(|ceiling| &ceiling.cut) {
            match self.payers.iter().find(|payer| payer.key == *key) {
                None => return Err(s.conflict(Conflict::UnknownPayer(key.clone()))),
                Some(payer) if payer.settle == Settle::Annual => {
                    return Err(s.conflict(Conflict::CeilingCutsAnnual(payer.label.clone())));
                }
                Some(_) => {}
            }
        }
        Ok(())
    }

    /// The label of an identity, its code when the pack does not know it.
    #[must_use]
    pub fn identity_label<'a>(&'a self, key: &'a str) -> &'a str {
        self.identities.iter().find(|identity| identity.key == key).map_or(key, |identity| &identity.label)
    }

    /// Values whose source is not an official text: `支付方“大病保险”的结算时间：算例推定，待核实`.
    #[must_use]
    pub fn unofficial(&self) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        let mut add = |place: String, citation: &Citation| {
            let line = format!("{place}：{}", citation.text());
            if citation.status != Status::Official && !lines.contains(&line) {
                lines.push(line);
            }
        };
        for payer in &self.payers {
            for (what, citation) in payer.citations() {
                add(format!("支付方“{}”的{what}", payer.label), citation);
            }
        }
        for ((_, label), citation) in PACK_SWITCHES.iter().zip(&self.switch_citations) {
            add((*label).to_owned(), citation);
        }
        for class in &self.item_classes {
            add(format!("“{}”先行自付", class.label), &class.citation);
        }
        for cause in &self.excluded_causes {
            add(format!("“{}”不予支付", cause.label), &cause.citation);
        }
        for item in &self.free_items {
            add(format!("“{}”", item.text), &item.citation);
        }
        for row in &self.prepay {
            add("转外先行自付".to_owned(), &row.citation);
        }
        add("未按规定转诊".to_owned(), &self.unreferred_citation);
        if let Some(ceiling) = &self.ceiling {
            add("总报销比例上限".to_owned(), &ceiling.citation);
        }
        lines
    }

    /// Whether this is an aid identity; codes the pack does not know count as one.
    pub(crate) fn is_aid(&self, key: &str) -> bool {
        self.identities.iter().find(|identity| identity.key == key).is_none_or(|identity| identity.aid)
    }

    /// Every condition anywhere in the pack.
    fn conditions(&self) -> impl Iterator<Item = &Condition> {
        let ceiling = self.ceiling.iter().flat_map(|ceiling| &ceiling.when);
        let prepay = self.prepay.iter().map(|row| &row.when);
        self.payers.iter().flat_map(Payer::conditions).chain(ceiling).chain(prepay)
    }
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

fn read_classes(s: &mut Section, sources: &[Source]) -> Result<Vec<ItemClass>, PackError> {
    let mut classes = Vec::new();
    for mut row in s.rows("item_class", "先行自付类别")? {
        let reference = row.text("ref", "依据")?;
        classes.push(ItemClass {
            key: row.text("key", "类别代号")?,
            label: row.text("label", "类别名称")?,
            prepay: row.ratio("prepay", "先行自付比例")?,
            citation: source::cite(sources, &row, &reference)?,
        });
        row.finish()?;
    }
    Ok(classes)
}

fn read_causes(s: &mut Section, sources: &[Source]) -> Result<Vec<ExcludedCause>, PackError> {
    let mut causes = Vec::new();
    for mut row in s.rows("excluded_cause", "不予支付原因")? {
        let reference = row.text("ref", "依据")?;
        causes.push(ExcludedCause {
            key: row.text("key", "原因代号")?,
            label: row.text("label", "原因名称")?,
            citation: source::cite(sources, &row, &reference)?,
        });
        row.finish()?;
    }
    Ok(causes)
}

fn read_free(s: &mut Section, sources: &[Source]) -> Result<Vec<FreeItem>, PackError> {
    let mut items = Vec::new();
    for mut row in s.rows("free_item", "不用花钱和少花钱的")? {
        let reference = row.text("ref", "依据")?;
        items.push(FreeItem { text: row.text("text", "内容")?, citation: source::cite(sources, &row, &reference)? });
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

fn read_ceiling(s: &mut Section, sources: &[Source], identities: &Known) -> Result<Ceiling, PackError> {
    let reference = s.text("ref", "依据")?;
    Ok(Ceiling {
        share: s.ratio("share", "上限比例")?,
        of: s.choice("of", "上限的分母", &[("total", CeilingOf::Total), ("in_scope", CeilingOf::InScope)])?,
        cut: s.texts("cut", "超上限先扣谁")?,
        when: read_when(s, identities)?,
        citation: source::cite(sources, s, &reference)?,
    })
}
