//! Every number explains itself: ordered steps with formula, result and article.

use mingbai_domain::Fen;
use serde::Serialize;

use crate::pack::Citation;
use crate::ratio::Ratio;

/// One step of a settlement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// Stable key, e.g. `basic.amount`, for screens and tests.
    pub key: String,
    /// What it is: `基本医保支付`.
    pub label: String,
    /// How: `(180,000.00 − 1,300.00) × 75%`.
    pub formula: String,
    /// What came out, in fen.
    pub result: Fen,
    /// The articles it rests on; empty for plain arithmetic.
    pub citations: Vec<Citation>,
}

impl Step {
    pub(crate) fn new(
        key: impl Into<String>,
        label: impl Into<String>,
        formula: impl Into<String>,
        result: Fen,
        citations: &[&Citation],
    ) -> Self {
        let mut distinct: Vec<Citation> = Vec::new();
        for citation in citations {
            if !distinct.contains(citation) {
                distinct.push((*citation).clone());
            }
        }
        Self { key: key.into(), label: label.into(), formula: formula.into(), result, citations: distinct }
    }

    /// The articles in words, joined by “；”.
    #[must_use]
    pub fn article(&self) -> String {
        let texts: Vec<String> = self.citations.iter().map(Citation::text).collect();
        texts.join("；")
    }

    /// The whole step on one line:
    /// `基本医保支付 = (180,000.00 − 1,300.00) × 75% = 134,025.00（京人社农合发〔2017〕250号 第二十一条）`.
    #[must_use]
    pub fn line(&self) -> String {
        let article = self.article();
        let tail = if article.is_empty() { String::new() } else { format!("（{article}）") };
        format!("{} = {} = {}{tail}", self.label, self.formula, self.result)
    }
}

/// Where the steps of a settlement go. The same arithmetic runs with and without an explanation: who wants none hands in
/// [`NoSteps`], and nothing of the words is ever worked out.
pub(crate) trait Steps {
    /// Whether anybody will read the steps, for work that does nothing else than prepare them.
    const WANTED: bool;

    /// Takes a step, put into words only if somebody wants it.
    fn say(&mut self, step: impl FnOnce() -> Step);
}

impl Steps for Vec<Step> {
    const WANTED: bool = true;

    fn say(&mut self, step: impl FnOnce() -> Step) {
        self.push(step());
    }
}

/// Amounts alone.
pub(crate) struct NoSteps;

impl Steps for NoSteps {
    const WANTED: bool = false;

    fn say(&mut self, _: impl FnOnce() -> Step) {}
}

/// A share with its shifts, `75%` or `(90% + 5% − 10%)`, as it stands in a formula.
pub(crate) fn share_in_words(share: Ratio, bonus: Ratio, reduction: Ratio) -> String {
    let mut text = share.to_string();
    if bonus > Ratio::ZERO {
        text = format!("{text} + {bonus}");
    }
    if reduction > Ratio::ZERO {
        text = format!("{text} − {reduction}");
    }
    if text.contains(' ') { format!("({text})") } else { text }
}
