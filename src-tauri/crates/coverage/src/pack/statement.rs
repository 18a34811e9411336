//! The whole pack as single statements: where, which switch, in which case, what it says, and the article behind it. What is
//! explained, listed as numbers, compared with another version or marked as not official is read off this one list.

use serde::Serialize;

use super::condition::Condition;
use super::partial::Effect;
use super::payer::Payer;
use super::source::Citation;
use super::{PACK_SWITCHES, Pack, words};
use crate::settle::rule::yuan_in_words;
use crate::vocabulary::Kind;

/// What a switch with rows of its own says; the rows follow.
pub(super) const HAS_ROWS: &str = "有，见下";

/// One thing a pack says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// Stable name of the part of the pack: `pack`, `payer.basic`, `disease.hypertension`.
    pub part: String,
    /// The part in Chinese: `支付方“基本医保”`.
    pub place: String,
    /// Key of the switch in the file.
    pub switch: &'static str,
    /// Chinese name of the switch.
    pub label: &'static str,
    /// The case it holds for, in Chinese; empty when it always holds.
    pub when: String,
    /// What it says, in Chinese.
    pub value: String,
    /// Every number in it, the condition's included.
    pub numbers: Vec<String>,
    /// Where it says so.
    pub citation: Citation,
    /// Holds where none of the rows before it does.
    pub otherwise: bool,
    /// The payer's own reference, no better one is given for this switch.
    pub inherited: bool,
}

impl Statement {
    /// `起付线：三级，1,200元。`
    #[must_use]
    pub fn sentence(&self) -> String {
        match (self.when.as_str(), self.otherwise) {
            ("", false) => format!("{}：{}。", self.label, self.value),
            ("", true) => format!("{}：其他情况，{}。", self.label, self.value),
            (when, _) => format!("{}：{when}，{}。", self.label, self.value),
        }
    }
}

/// Collects the statements of one part.
pub(super) struct Part<'a> {
    pub(super) pack: &'a Pack,
    pub(super) part: String,
    pub(super) place: String,
    pub(super) all: Vec<Statement>,
}

impl<'a> Part<'a> {
    fn new(pack: &'a Pack, part: impl Into<String>, place: impl Into<String>) -> Self {
        Self { pack, part: part.into(), place: place.into(), all: Vec::new() }
    }

    pub(super) fn say(
        &mut self,
        switch: &'static str,
        label: &'static str,
        when: Option<&Condition>,
        value: impl Into<String>,
        numbers: Vec<String>,
        citation: &Citation,
    ) {
        let mut counted = when.map(Condition::numbers).unwrap_or_default();
        counted.extend(numbers);
        let when = when.map(|when| when.in_words(self.pack)).unwrap_or_default();
        let otherwise = when.is_empty() && self.has_cases(switch);
        self.all.push(Statement {
            part: self.part.clone(),
            place: self.place.clone(),
            switch,
            label,
            when,
            value: value.into(),
            numbers: counted,
            citation: citation.clone(),
            otherwise,
            inherited: false,
        });
    }

    /// Whether an earlier row of this switch holds for some cases only.
    pub(super) fn has_cases(&self, switch: &str) -> bool {
        self.all.iter().any(|said| said.switch == switch && !said.when.is_empty())
    }

    fn switch(&mut self, key: &'static str, value: impl Into<String>) {
        if let Some((label, citation)) = self.pack.switch(key) {
            let citation = citation.clone();
            self.say(key, label, None, value, Vec::new(), &citation);
        }
    }
}

impl Pack {
    /// Everything the pack says, part by part, in the order a reader expects.
    #[must_use]
    pub fn statements(&self) -> Vec<Statement> {
        let mut all = self.general();
        all.extend(self.stays_said());
        all.extend(self.limits_said());
        for (place, payer) in self.payers.iter().enumerate() {
            all.extend(self.payer_said(place + 1, payer));
        }
        all.extend(self.ceiling_said());
        all.extend(self.diseases_said());
        all.extend(self.enrolment_said());
        all.extend(self.gaps_said());
        all
    }

    /// Chinese name and reference of one of [`PACK_SWITCHES`].
    pub(crate) fn switch(&self, key: &str) -> Option<(&'static str, &Citation)> {
        let place = PACK_SWITCHES.iter().position(|(switch, _)| *switch == key)?;
        let (_, label) = PACK_SWITCHES.get(place)?;
        Some((label, self.switch_citations.get(place)?))
    }

    fn general(&self) -> Vec<Statement> {
        let mut part = Part::new(self, "pack", "总的规定");
        part.switch("year_of", words::year_of(self.year_of));
        part.switch("cross_year", words::cross_year(self.cross_year));
        part.switch("multi_identity", words::multi_identity(self.multi_identity));
        part.switch("identity_moment", words::identity_moment(self.identity_moment));
        part.switch("identity_change", words::identity_change(self.identity_change));
        part.switch("rounding", words::rounding(self.rounding));
        let none = |count: usize| if count == 0 { "没有" } else { HAS_ROWS };
        part.switch("item_class", none(self.item_classes.len()));
        for class in &self.item_classes {
            let value = format!("{}先由个人负担{}", class.label, class.prepay);
            part.say("item_class", "先行自付类别", None, value, vec![class.prepay.to_string()], &class.citation);
        }
        part.switch("excluded_cause", none(self.excluded_causes.len()));
        for cause in &self.excluded_causes {
            part.say("excluded_cause", "不予支付原因", None, cause.label.clone(), Vec::new(), &cause.citation);
        }
        part.switch("free_item", none(self.free_items.len()));
        for item in &self.free_items {
            part.say("free_item", "不用花钱和少花钱的", None, item.text.clone(), Vec::new(), &item.citation);
        }
        let unreferred = words::unreferred(self.unreferred);
        part.say("unreferred", "未按规定转诊", None, unreferred, Vec::new(), &self.unreferred_citation);
        for row in &self.prepay {
            let value = format!("政策范围内费用先由个人负担{}", row.value);
            part.say("prepay", "转外先行自付", Some(&row.when), value, vec![row.value.to_string()], &row.citation);
        }
        part.all
    }

    fn stays_said(&self) -> Vec<Statement> {
        let mut part = Part::new(self, "stays", "住院怎样算");
        let counted = Kind::ALL.iter().filter(|kind| self.stays.admission_kinds.contains(**kind));
        let kinds: Vec<&str> = counted.map(|kind| kind.label()).collect();
        part.switch("admission_kinds", if kinds.is_empty() { "没有".to_owned() } else { kinds.join("、") });
        part.switch("long_stay", if self.stays.long_stay.is_empty() { "不分期" } else { HAS_ROWS });
        for row in &self.stays.long_stay {
            let value = format!("住院超过{0}天的，每{0}天结算一次", row.value);
            part.say(
                "long_stay",
                "长期住院分期结算",
                Some(&row.when),
                value,
                vec![row.value.to_string()],
                &row.citation,
            );
        }
        part.switch("continued_stay", words::continued_stay(self.stays.continued_stay));
        part.switch("transfer_within_24h", words::transfer(self.stays.transfer));
        part.all
    }

    fn limits_said(&self) -> Vec<Statement> {
        let mut part = Part::new(self, "joint_caps", "几个支付方合用的封顶线");
        part.switch("joint_cap", if self.joint_caps.is_empty() { "没有" } else { HAS_ROWS });
        for cap in &self.joint_caps {
            let value =
                format!("{}：{}合计每年最高{}", cap.label, self.payer_labels(&cap.payers), yuan_in_words(cap.amount));
            let numbers = vec![yuan_in_words(cap.amount)];
            part.say("joint_cap", "几个支付方合用的封顶线", Some(&cap.when), value, numbers, &cap.citation);
        }
        part.all
    }

    fn payer_labels(&self, keys: &[String]) -> String {
        let label = |key: &String| self.payers.iter().find(|payer| payer.key == *key).map(|payer| payer.label.as_str());
        keys.iter().filter_map(label).collect::<Vec<_>>().join("、")
    }

    fn payer_said(&self, number: usize, payer: &Payer) -> Vec<Statement> {
        let mut part = Part::new(self, format!("payer.{}", payer.key), format!("支付方“{}”", payer.label));
        let order = format!("第{number}个支付，记在“{}”栏", payer.column.label());
        part.say("column", "顺序和栏目", None, order, Vec::new(), payer.cite("column"));
        words::payer(&mut part, payer);
        for statement in &mut part.all {
            let own = payer.refs.contains_key(statement.switch) || statement.citation != payer.citation;
            statement.inherited = !own && statement.switch != "when" && statement.numbers.is_empty();
        }
        part.all
    }

    fn ceiling_said(&self) -> Vec<Statement> {
        let mut part = Part::new(self, "ceiling", "总报销比例上限");
        part.switch("ceiling", if self.ceiling.is_none() { "没有" } else { HAS_ROWS });
        if let Some(ceiling) = &self.ceiling {
            let cases: Vec<String> = ceiling.when.iter().map(|when| when.in_words(self)).collect();
            let cases = if cases.is_empty() { String::new() } else { format!("{}，", cases.join("；或者")) };
            let value = format!(
                "{cases}各支付方合计不超过{}的{}，超过的依次从{}扣减",
                words::ceiling_of(ceiling.of),
                ceiling.share,
                self.payer_labels(&ceiling.cut)
            );
            let mut numbers: Vec<String> = ceiling.when.iter().flat_map(Condition::numbers).collect();
            numbers.push(ceiling.share.to_string());
            part.say("ceiling", "总报销比例上限", None, value, numbers, &ceiling.citation);
        }
        part.all
    }

    fn diseases_said(&self) -> Vec<Statement> {
        let mut part = Part::new(self, "diseases", "门诊病种");
        part.switch("disease", if self.diseases.is_empty() { "没有" } else { HAS_ROWS });
        part.switch("several_diseases", words::several_diseases(self.several_diseases));
        part.switch("uncertified", words::uncertified(self.uncertified));
        for disease in &self.diseases {
            let (value, numbers) = words::disease(disease, &self.payer_labels(&disease.payers));
            part.say("disease", "病种", None, value, numbers, &disease.citation);
        }
        part.all
    }

    fn enrolment_said(&self) -> Vec<Statement> {
        let mut part = Part::new(self, "enrolment", "参保");
        let labels = self.payer_labels(&self.insured_only);
        part.switch("insured_only", if labels.is_empty() { "没有".to_owned() } else { labels });
        part.switch("waiting_period", if self.waiting.is_empty() { "没有" } else { HAS_ROWS });
        for waiting in &self.waiting {
            let exempt: Vec<String> = waiting.exempt.iter().map(|key| self.identity_label(key).to_owned()).collect();
            let (value, numbers) = words::waiting(waiting, &self.payer_labels(&waiting.payers), &exempt);
            part.say("waiting_period", "待遇等待期", Some(&waiting.when), value, numbers, &waiting.citation);
            // Every row that holds waits: the one for all bills is no rest of the others.
            part.all.iter_mut().filter(|one| one.switch == "waiting_period").for_each(|one| one.otherwise = false);
        }
        part.switch("income", if self.incomes.is_empty() { "不用" } else { HAS_ROWS });
        for income in &self.incomes {
            let value = format!("{}年居民人均可支配收入{}", income.year, yuan_in_words(income.amount));
            let numbers = vec![yuan_in_words(income.amount)];
            part.say("income", "居民人均可支配收入", None, value, numbers, &income.citation);
        }
        part.switch("premium", if self.premiums.is_empty() { "没有写入" } else { HAS_ROWS });
        for row in &self.premiums {
            let value = format!("{}年{}每人{}", row.year, row.tier, yuan_in_words(row.amount));
            part.say("premium", "个人缴费标准", None, value, vec![yuan_in_words(row.amount)], &row.citation);
        }
        part.switch("premium_subsidy", if self.subsidies.is_empty() { "没有写入" } else { HAS_ROWS });
        for row in &self.subsidies {
            let who: Vec<String> = row.identity.iter().map(|key| self.identity_label(key).to_owned()).collect();
            let value = format!("{}年{}，{}资助{}", row.year, row.tier, who.join("、"), yuan_in_words(row.amount));
            part.say("premium_subsidy", "参保资助", None, value, vec![yuan_in_words(row.amount)], &row.citation);
        }
        part.all
    }

    fn gaps_said(&self) -> Vec<Statement> {
        let mut part = Part::new(self, "partial", "没有取得的部分");
        part.switch("partial", if self.partial.is_empty() { "没有缺少" } else { HAS_ROWS });
        for row in &self.partial {
            let effect = match row.value.effect {
                Effect::Refuse => "（遇到时退回票据）",
                Effect::LeaveOut => "（遇到时照其余规定核算并提示）",
                Effect::Note => "",
            };
            let value = format!("{}{effect}", row.value.what);
            part.say("partial", "没有取得的部分", Some(&row.when), value, Vec::new(), &row.citation);
        }
        part.all
    }
}
