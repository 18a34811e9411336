//! A condition in Chinese, and the numbers in it.

use mingbai_domain::Fen;

use super::Pack;
use super::condition::Condition;
use crate::settle::rule::yuan_in_words;
use crate::vocabulary::{Area, Kind, Level, Referral};

impl Condition {
    /// Conditions on the bill's size, in words: `单次总费用超过30,000.00元`.
    pub(crate) fn size_in_words(&self) -> Option<String> {
        range(self.total_over, self.total_from, self.total_up_to).map(|range| format!("单次总费用{range}"))
    }

    /// The whole condition in words, `三级、建档立卡、第2次住院起`; empty when it always holds.
    pub(crate) fn in_words(&self, pack: &Pack) -> String {
        let mut parts: Vec<String> = Vec::new();
        let mut any_of = |words: Vec<&str>| {
            if !words.is_empty() {
                parts.push(words.join("或"));
            }
        };
        any_of(Kind::ALL.iter().filter(|k| self.kind.contains(**k)).map(|k| k.label()).collect());
        any_of(pack.diseases_in(self.disease).map(|disease| disease.label.as_str()).collect());
        any_of(Level::ALL.iter().filter(|l| self.level.contains(**l)).map(|l| l.label()).collect());
        any_of(Area::ALL.iter().filter(|a| self.area.contains(**a)).map(|a| a.label()).collect());
        any_of(Referral::ALL.iter().filter(|r| self.referral.contains(**r)).map(|r| r.label()).collect());
        any_of(pack.identities_in(self.identity).map(|identity| identity.label.as_str()).collect());
        let all: Vec<&str> = pack.identities_in(self.identity_all).map(|identity| identity.label.as_str()).collect();
        if !all.is_empty() {
            parts.push(format!("同时是{}", all.join("和")));
        }
        if !self.without_identity.is_empty() {
            let labels = pack.identities_in(self.without_identity).map(|identity| identity.label.as_str());
            parts.push(format!("不是{}", labels.collect::<Vec<_>>().join("、")));
        }
        match (self.nth_from, self.nth_to) {
            (Some(from), Some(to)) => parts.push(format!("第{from}次至第{to}次住院")),
            (Some(from), None) => parts.push(format!("第{from}次住院起")),
            (None, Some(to)) => parts.push(format!("第{to}次住院止")),
            (None, None) => {}
        }
        match (self.age_from, self.age_to) {
            (Some(from), Some(to)) => parts.push(format!("{from}至{to}岁")),
            (Some(from), None) => parts.push(format!("{from}岁以上")),
            (None, Some(to)) => parts.push(format!("{to}岁以下")),
            (None, None) => {}
        }
        match self.major {
            Some(true) => parts.push("重大疾病".to_owned()),
            Some(false) => parts.push("普通疾病".to_owned()),
            None => {}
        }
        parts.extend(self.size_in_words());
        parts.extend(range(self.base_over, self.base_from, self.base_up_to).map(|range| format!("计算基数{range}")));
        parts.join("、")
    }

    /// Every number in it, as written in words.
    pub(crate) fn numbers(&self) -> Vec<String> {
        let counts = [self.nth_from, self.nth_to, self.age_from, self.age_to];
        let amounts =
            [self.total_over, self.total_from, self.total_up_to, self.base_over, self.base_from, self.base_up_to];
        let counts = counts.into_iter().flatten().map(|n| n.to_string());
        counts.chain(amounts.into_iter().flatten().map(yuan_in_words)).collect()
    }
}

/// `超过3万元、不超过5万元`.
fn range(over: Option<Fen>, from: Option<Fen>, up_to: Option<Fen>) -> Option<String> {
    let parts: Vec<String> = [
        over.map(|a| format!("超过{}", yuan_in_words(a))),
        from.map(|a| format!("达到{}", yuan_in_words(a))),
        up_to.map(|a| format!("不超过{}", yuan_in_words(a))),
    ]
    .into_iter()
    .flatten()
    .collect();
    (!parts.is_empty()).then(|| parts.join("、"))
}
