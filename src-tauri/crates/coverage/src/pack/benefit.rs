//! Short lines for the household card, worked out from the pack so that paper says exactly what the pack says.

use mingbai_domain::Fen;
use serde::Serialize;

use super::condition::{Condition, Look};
use super::payer::{Cap, Most, Payer, Period, Settle};
use super::resolved::Identity;
use super::situation::{Case, Situation};
use super::source::{Citation, Status};
use super::terms::PayerTables;
use super::{CeilingOf, Pack};
use crate::set::Set;
use crate::settle::in_force;
use crate::settle::rule::{Rule, yuan_in_words};
use crate::vocabulary::{Area, Column, Kind, Level, Referral};

/// One line of the card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BenefitLine {
    /// Which column of the sheet it belongs to; `None` for the ceiling.
    pub column: Option<Column>,
    /// The payer, as the pack names it; 各项合计 for the ceiling.
    pub payer: String,
    /// Kinds of care it holds for; empty for the ceiling.
    pub kinds: Vec<Kind>,
    /// Hospital levels it holds for; empty when every level is treated alike.
    pub levels: Vec<Level>,
    /// 起付线, nothing where there is none.
    pub deductible: Fen,
    /// The shares alone: `90%`, `3万元以下65%，…`.
    pub shares: String,
    /// The lowest and the highest share on one line: `65%–80%`; one number where every band pays the same.
    pub share_range: String,
    /// `基本医保·住院·三级`.
    pub title: String,
    /// `起付线1,200元，3万元以下65%，…，每年最高16万元`.
    pub text: String,
    /// Where it says so.
    pub citations: Vec<Citation>,
}

impl BenefitLine {
    /// The citations in words, joined by “；”.
    #[must_use]
    pub fn article(&self) -> String {
        let texts: Vec<String> = self.citations.iter().map(Citation::text).collect();
        texts.join("；")
    }
}

impl Pack {
    /// What a person holding these identities gets near home, one line per payer, kind of care and distinct level.
    /// Identities are codes of the register; the empty list is an ordinary resident.
    #[must_use]
    pub fn benefit_lines(&self, identities: &[String]) -> Vec<BenefitLine> {
        let held = identities.iter().filter_map(|key| self.identity(key)).collect();
        let identities = in_force(self, held);
        let income = self.latest_income();
        let mut drafts = Vec::new();
        for payer in &self.payers {
            for &kind in Kind::ALL {
                draft(payer, kind, identities, income, &mut drafts);
            }
        }
        let mut lines: Vec<BenefitLine> = drafts.into_iter().map(Draft::into_line).collect();
        if let Some(ceiling) = &self.ceiling {
            let whole = match ceiling.of {
                CeilingOf::Total => "医疗总费用",
                CeilingOf::InScope => "政策范围内费用",
            };
            lines.push(BenefitLine {
                column: None,
                payer: "封顶".to_owned(),
                kinds: Vec::new(),
                levels: Vec::new(),
                deductible: Fen::ZERO,
                shares: ceiling.share.to_string(),
                share_range: ceiling.share.to_string(),
                title: "合计".to_owned(),
                text: format!("各项合计不超过{whole}的{}", ceiling.share),
                citations: vec![ceiling.citation.clone()],
            });
        }
        lines
    }
}

/// A line before its title is put together.
struct Draft<'p> {
    payer: &'p Payer,
    /// Kinds of care treated alike share a line.
    kinds: Vec<Kind>,
    /// Empty when every level is treated alike.
    levels: Vec<Level>,
    terms: Terms,
}

/// What one payer says of one case. Cases with the same words share a line.
#[derive(Clone, PartialEq, Eq)]
struct Terms {
    deductible: Fen,
    shares: String,
    share_range: String,
    text: String,
    citations: Vec<Citation>,
}

impl Draft<'_> {
    fn into_line(self) -> BenefitLine {
        let kinds: Vec<&str> = self.kinds.iter().map(|kind| kind.label()).collect();
        let levels: Vec<&str> = self.levels.iter().map(|level| level.label()).collect();
        let mut title = format!("{}·{}", self.payer.label, kinds.join("、"));
        if !levels.is_empty() {
            title = format!("{title}·{}", levels.join("、"));
        }
        BenefitLine {
            column: Some(self.payer.column),
            payer: self.payer.label.clone(),
            kinds: self.kinds,
            levels: self.levels,
            deductible: self.terms.deductible,
            shares: self.terms.shares,
            share_range: self.terms.share_range,
            title,
            text: self.terms.text,
            citations: self.terms.citations,
        }
    }
}

fn draft<'p>(
    payer: &'p Payer,
    kind: Kind,
    identities: Set<Identity>,
    income: Option<Fen>,
    drafts: &mut Vec<Draft<'p>>,
) {
    let mut of_level: Vec<(Vec<Level>, Terms)> = Vec::new();
    let mut levels = 0;
    for &level in Level::ALL {
        let situation = Situation::new(kind, level, Area::County, Referral::None, identities);
        let case = Case { major: Some(false), income, ..Case::of(situation) };
        if payer.mismatch(&case, Look::Everything).is_some() {
            continue;
        }
        // Levels the pack is silent about get no line: the card prints what is written, nothing else.
        let Some(terms) = describe(payer, &case) else { continue };
        levels += 1;
        match of_level.iter_mut().find(|(_, known)| known.text == terms.text) {
            Some((same, _)) => same.push(level),
            None => of_level.push((vec![level], terms)),
        }
    }
    for (same, terms) in of_level {
        let every = same.len() == levels && levels > 1;
        let same = if every { Vec::new() } else { same };
        let known =
            drafts.iter_mut().find(|d| d.payer.key == payer.key && d.levels == same && d.terms.text == terms.text);
        match known {
            Some(draft) => draft.kinds.push(kind),
            None => drafts.push(Draft { payer, kinds: vec![kind], levels: same, terms }),
        }
    }
}

/// One payer in one case, in words; `None` when the pack has no rule for it, one that never pays, or its cap was not to be had.
fn describe(payer: &Payer, case: &Case) -> Option<Terms> {
    let tables = PayerTables::of(payer, &case.situation);
    let terms = tables.terms(case, false).ok()?;
    let rule = Rule::of(&terms, case.nth);
    let cap = rule.cap();
    let mut parts: Vec<String> = Vec::new();
    if let Some(size) = payer.when.iter().find(|c| c.holds(case)).and_then(Condition::size_in_words) {
        parts.push(size);
    }
    if rule.deductible > Fen::ZERO {
        let when = if payer.deductible_period == Period::Year { "全年起付线" } else { "起付线" };
        parts.push(format!("{when}{}", yuan_in_words(rule.deductible)));
    }
    parts.push(format!("报{}", rule.bands_in_words()));
    if matches!(cap.value.amount, Most::Unknown | Most::Fixed(Fen::ZERO)) {
        return None;
    }
    parts.extend(cap_in_words(&cap.value, cap.citation.status));
    match payer.settle {
        Settle::Immediate => {}
        Settle::Annual => parts.push("年终一次结算".to_owned()),
        Settle::Application => parts.push("一年一次，次年内本人申请".to_owned()),
    }
    let mut citations: Vec<Citation> = Vec::new();
    for citation in rule.ratio_citations().chain(rule.deductible_citations()).chain([&cap.citation]) {
        if !citations.contains(citation) {
            citations.push(citation.clone());
        }
    }
    let (shares, share_range) = (rule.bands_in_words(), rule.share_range());
    Some(Terms { deductible: rule.deductible, shares, share_range, text: parts.join("，"), citations })
}

/// Nothing where no source says that there is no cap: a family is promised only what is written.
fn cap_in_words(cap: &Cap, status: Status) -> Option<String> {
    match (cap.amount, cap.per) {
        (Most::Open, _) => (status != Status::Unverified).then(|| "不封顶".to_owned()),
        (Most::Fixed(amount), Period::Year) => Some(format!("每年最高{}", yuan_in_words(amount))),
        (Most::Fixed(amount), Period::Bill) => Some(format!("每次最高{}", yuan_in_words(amount))),
        (Most::Unknown, _) => None,
    }
}
