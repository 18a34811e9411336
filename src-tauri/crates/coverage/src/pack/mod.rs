//! 政策包: one region's rules for some years, as a TOML file in which every switch is written out.
//!
//! Amounts are quoted text in yuan (`"1200"`), shares are text (`"75%"`), “there is none” is the word `"none"` or an empty
//! list. A reference is `"S1 第二十一条"`: the key of a source and the article. `assets/packs/README.md` describes the format.

#[cfg(test)]
mod asked;
mod benefit;
pub(crate) mod condition;
mod condition_words;
mod difference;
pub(crate) mod disease;
mod documents;
pub(crate) mod enrol;
mod evidence;
mod evidence_text;
mod explain;
mod partial;
pub(crate) mod payer;
mod payer_read;
mod read;
pub(crate) mod resolved;
#[cfg(test)]
mod schema_tests;
mod section;
pub(crate) mod situation;
pub(crate) mod situations;
mod source;
mod statement;
mod stay;
mod switch;
pub(crate) mod table;
pub(crate) mod terms;
mod words;

use chrono::NaiveDate;

pub use benefit::BenefitLine;
pub use difference::Change;
pub use disease::Disease;
pub use enrol::Premium;
pub use evidence::{Documents, Evidence, EvidenceError};
pub use explain::{Chapter, Number, Sentence};
pub use payer::PAYER_SWITCHES;
pub use section::{Conflict, PackError};
pub use source::{Citation, Source, Status};
pub use statement::Statement;
pub(crate) use switch::{
    CeilingOf, ContinuedStay, CrossYear, IdentityChange, IdentityMoment, MultiIdentity, Rounding, SeveralDiseases,
    Transfer, Uncertified, Unreferred, YearOf,
};

use crate::ratio::Ratio;
use condition::Condition;
use enrol::{Income, PremiumRow, SubsidyRow, Waiting};
use partial::{Gap, JointCap};
use payer::{Payer, Period};
use resolved::Resolved;
use section::Section;
use stay::Stays;
use table::Row;

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
    /// Diseases with a certificate or a limit of their own.
    pub diseases: Vec<Disease>,
    pub(crate) year_of: YearOf,
    pub(crate) cross_year: CrossYear,
    pub(crate) multi_identity: MultiIdentity,
    pub(crate) identity_moment: IdentityMoment,
    pub(crate) identity_change: IdentityChange,
    pub(crate) unreferred: Unreferred,
    pub(crate) unreferred_citation: Citation,
    pub(crate) prepay: Vec<Row<Ratio>>,
    pub(crate) ceiling: Option<Ceiling>,
    pub(crate) rounding: Rounding,
    pub(crate) stays: Stays,
    pub(crate) several_diseases: SeveralDiseases,
    pub(crate) uncertified: Uncertified,
    /// Keys of payers that pay for the insured only.
    pub(crate) insured_only: Vec<String>,
    pub(crate) waiting: Vec<Waiting>,
    incomes: Vec<Income>,
    premiums: Vec<PremiumRow>,
    subsidies: Vec<SubsidyRow>,
    pub(crate) joint_caps: Vec<JointCap>,
    partial: Vec<Row<Gap>>,
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
    ("admission_kinds", "算一次住院的就诊类别"),
    ("long_stay", "长期住院分期结算"),
    ("continued_stay", "分期结算的起付线"),
    ("transfer_within_24h", "24小时内转院"),
    ("disease", "病种"),
    ("several_diseases", "几种病的限额"),
    ("uncertified", "没有有效认定"),
    ("insured_only", "只付给参保人的支付方"),
    ("waiting_period", "待遇等待期"),
    ("income", "居民人均可支配收入"),
    ("joint_cap", "几个支付方合用的封顶线"),
    ("premium", "个人缴费标准"),
    ("premium_subsidy", "参保资助"),
    ("partial", "没有取得的部分"),
];

impl Pack {
    /// Whether anything is paid at a year's end: by payers that settle once a year, or because an identity gained in the
    /// course of a year counts for the whole of it.
    #[must_use]
    pub fn settles_year_end(&self) -> bool {
        self.payers.iter().any(|payer| payer.settle.is_annual() || self.makes_good(payer))
    }

    /// Whether a payer of single bills makes good at the year's end what a better identity would have given all year. A
    /// ceiling is kept bill by bill, and what others have compensated is known of single bills: beside either nothing is paid
    /// later.
    pub(crate) fn makes_good(&self, payer: &Payer) -> bool {
        let whole_year = self.identity_change == IdentityChange::WholeYear && self.ceiling.is_none();
        whole_year && payer.band_scope == Period::Year && !payer.settle.is_annual() && !payer.less_compensation
    }

    /// What no single part can know: names used twice, and names of payers that do not exist.
    fn check(&self, s: &Section) -> Result<(), PackError> {
        for keys in [
            self.sources.iter().map(|x| &x.key).collect::<Vec<_>>(),
            self.identities.iter().map(|x| &x.key).collect(),
            self.item_classes.iter().map(|x| &x.key).collect(),
            self.excluded_causes.iter().map(|x| &x.key).collect(),
            self.payers.iter().map(|x| &x.key).collect(),
            self.diseases.iter().map(|x| &x.key).collect(),
        ] {
            if let Some(twice) = keys.iter().enumerate().find(|(i, key)| keys.iter().take(*i).any(|k| k == *key)) {
                return Err(s.conflict(Conflict::Duplicate((*twice.1).clone())));
            }
        }
        if self.payers.is_empty() {
            return Err(s.conflict(Conflict::EmptyTable("支付方")));
        }
        if self.payers.len() > crate::set::Set::<resolved::PayerPlace>::ROOM {
            return Err(s.conflict(Conflict::TooMany("支付方")));
        }
        if self.partial.is_empty() && self.payers.iter().any(Payer::has_unknown) {
            return Err(s.conflict(Conflict::UnknownButWhole));
        }
        let waiting = self.waiting.iter().flat_map(|waiting| &waiting.payers);
        let limited = self.diseases.iter().flat_map(|disease| &disease.payers);
        let joint = self.joint_caps.iter().flat_map(|cap| &cap.payers);
        let mut named = self.insured_only.iter().chain(waiting).chain(limited).chain(joint);
        if let Some(stranger) = named.find(|key| self.payer_place(key).is_none()) {
            return Err(s.conflict(Conflict::UnknownPayer(stranger.clone())));
        }
        // Of each class the highest counts, so nobody is two of one.
        let aid = self.identities.iter().filter(|one| one.aid).filter_map(|one| self.identity(&one.key)).collect();
        let never = |condition: &Condition| condition.asks_several_of_one_class(aid);
        if self.multi_identity == MultiIdentity::Highest && self.conditions().any(never) {
            return Err(s.conflict(Conflict::AllOfHighest));
        }
        if self.until.is_some_and(|until| until < self.from) {
            return Err(s.conflict(Conflict::EndsBeforeStart));
        }
        if let Some(ceiling) = &self.ceiling {
            if let Some(stranger) = ceiling.cut.iter().find(|key| self.payer_place(key).is_none()) {
                return Err(s.conflict(Conflict::UnknownPayer(stranger.clone())));
            }
            if ceiling.cut.is_empty() {
                return Err(s.conflict(Conflict::CeilingCutsNobody));
            }
            if let Some(annual) = self.payers.iter().find(|payer| payer.settle.is_annual()) {
                return Err(s.conflict(Conflict::CeilingBesideAnnual(annual.label.clone())));
            }
        }
        Ok(())
    }

    /// The label of an identity, its code when the pack does not know it.
    #[must_use]
    pub fn identity_label<'a>(&'a self, key: &'a str) -> &'a str {
        self.identities.iter().find(|identity| identity.key == key).map_or(key, |identity| &identity.label)
    }

    /// 居民人均可支配收入 of the year before; `None` where the pack does not give it.
    pub(crate) fn income_before(&self, year: i32) -> Option<mingbai_domain::Fen> {
        self.incomes.iter().find(|income| Some(income.year) == year.checked_sub(1)).map(|income| income.amount)
    }

    /// The newest income the pack gives, for cards that belong to no bill.
    pub(crate) fn latest_income(&self) -> Option<mingbai_domain::Fen> {
        self.incomes.iter().max_by_key(|income| income.year).map(|income| income.amount)
    }

    /// Whether this is an aid identity; codes the pack does not know count as one.
    pub(crate) fn is_aid(&self, key: &str) -> bool {
        self.identities.iter().find(|identity| identity.key == key).is_none_or(|identity| identity.aid)
    }

    /// Every condition anywhere in the pack.
    fn conditions(&self) -> impl Iterator<Item = &Condition> {
        let ceiling = self.ceiling.iter().flat_map(|ceiling| &ceiling.when);
        let prepay = self.prepay.iter().map(|row| &row.when);
        let gaps = self.partial.iter().map(|row| &row.when);
        let joint = self.joint_caps.iter().map(|cap| &cap.when);
        let waiting = self.waiting.iter().map(|waiting| &waiting.when);
        let apart = ceiling.chain(prepay).chain(self.stays.conditions()).chain(gaps).chain(joint).chain(waiting);
        self.payers.iter().flat_map(Payer::conditions).chain(apart)
    }
}
