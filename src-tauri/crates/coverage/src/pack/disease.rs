//! 慢特病 and 两病: certificates, limits per disease, evidence.

use mingbai_domain::Fen;

use super::Pack;
use super::evidence::Evidence;
use super::section::{Conflict, NONE, PackError, Section};
use super::source::{Citation, Source, cite};
use crate::ratio::Ratio;
use crate::set::Set;
use crate::vocabulary::{Kind, Level};

/// What a disease's limit is measured on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LimitOn {
    /// What the payers pay.
    Paid,
    /// The costs they look at.
    InScope,
}

/// A disease with a certificate or a limit of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disease {
    /// Key used on bills and certificates.
    pub key: String,
    /// Chinese name.
    pub label: String,
    /// Kind of care it belongs to: 慢特病 or 两病.
    pub kind: Kind,
    /// Whether a valid certificate is needed.
    pub certificate: bool,
    /// What has to be handed in for the certificate; `None` when the text says nothing.
    pub evidence: Option<Evidence>,
    /// Where it says so.
    pub citation: Citation,
    pub(crate) payers: Vec<String>,
    pub(crate) limit: Option<Fen>,
    pub(crate) monthly: bool,
    pub(crate) limit_on: LimitOn,
    /// Empty means any.
    pub(crate) levels: Set<Level>,
    pub(crate) ratio: Option<Ratio>,
}

impl Disease {
    /// Whether not knowing the disease could change what is paid.
    pub(crate) fn decides_money(&self) -> bool {
        self.limit.is_some() || self.ratio.is_some() || !self.levels.is_empty()
    }

    fn read(mut row: Section, sources: &[Source]) -> Result<Self, PackError> {
        let reference = row.text("ref", "依据")?;
        let citation = cite(sources, &row, &reference)?;
        let levels = row.texts_or_any("levels", "机构级别")?;
        let levels: Option<Set<Level>> = levels.iter().map(|text| Level::from_code(text)).collect();
        let evidence = row.text("evidence", "认定材料")?;
        let disease = Self {
            key: row.text("key", "病种代号")?,
            label: row.text("label", "病种名称")?,
            kind: row.choice(
                "kind",
                "就诊类别",
                &[("chronic_outpatient", Kind::ChronicOutpatient), ("two_disease", Kind::TwoDisease)],
            )?,
            certificate: row.choice("certificate", "认定证", &[("needed", true), ("not_needed", false)])?,
            evidence: match evidence.as_str() {
                NONE => None,
                text => Some(Evidence::parse(text).map_err(|error| row.conflict(Conflict::Evidence(error)))?),
            },
            payers: row.texts("payers", "限额约束的支付方")?,
            limit: row.amount_or_none("limit", "限额")?,
            monthly: row.choice("per", "限额按年还是按月", &[("year", false), ("month", true)])?,
            limit_on: row.choice(
                "limit_on",
                "限额按支付额还是按费用",
                &[("paid", LimitOn::Paid), ("in_scope", LimitOn::InScope)],
            )?,
            levels: levels.ok_or_else(|| row.wrong("levels", "机构级别", "一组代码表里的词，或“any”（不限）"))?,
            ratio: row.ratio_or_none("ratio", "另定的支付比例")?,
            citation,
        };
        row.finish()?;
        Ok(disease)
    }
}

pub(super) fn read_diseases(s: &mut Section, sources: &[Source]) -> Result<Vec<Disease>, PackError> {
    s.rows("disease", "病种")?.into_iter().map(|row| Disease::read(row, sources)).collect()
}

impl Pack {
    /// The disease with this key.
    #[must_use]
    pub fn disease(&self, key: &str) -> Option<&Disease> {
        self.diseases.iter().find(|disease| disease.key == key)
    }
}

impl Disease {
    /// What is still missing of the documents a clerk lists before it can be certified, in Chinese; `None` when the pack says
    /// nothing about its evidence.
    #[must_use]
    pub fn lacking(&self, list: &str) -> Option<Vec<String>> {
        self.evidence.as_ref().map(|evidence| evidence.missing(&evidence.held(list)))
    }
}
