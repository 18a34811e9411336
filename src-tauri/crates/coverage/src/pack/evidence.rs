//! 认定材料: small rules over the documents a person has handed in, `诊断证明 and (出院记录 or 化验单 >= 2)`.
//!
//! Words: `and`/`且`, `or`/`或`, `not`/`不得有`, `at least 2 of (甲, 乙, 丙)`/`至少2项(甲、乙、丙)`, `名称 >= 2`/`名称≥2`, brackets.
//! Anything else is the name of a document.

use std::collections::BTreeMap;
use std::fmt;

/// Why a text is not an evidence rule. Positions count characters from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvidenceError {
    /// A document's name or a bracket was due.
    #[error("第{at}个字处应为材料名称")]
    NameExpected {
        /// Where.
        at: usize,
    },
    /// A bracket is not closed.
    #[error("第{at}个字处应为右括号")]
    BracketExpected {
        /// Where.
        at: usize,
    },
    /// A number was due.
    #[error("第{at}个字处应为份数（1至99）")]
    NumberExpected {
        /// Where.
        at: usize,
    },
    /// Something follows where the rule should end.
    #[error("第{at}个字处多出了内容")]
    TooMuch {
        /// Where.
        at: usize,
    },
    /// More documents are asked for than are listed.
    #[error("第{at}个字处要求的项数多于列出的材料")]
    TooManyWanted {
        /// Where.
        at: usize,
    },
    /// Brackets inside brackets beyond any use.
    #[error("第{at}个字处括号套得太深")]
    TooDeep {
        /// Where.
        at: usize,
    },
}

/// An evidence rule, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// So many copies of one document.
    Document {
        /// Its name.
        name: String,
        /// How many are needed.
        copies: u32,
    },
    /// All of them.
    All(Vec<Evidence>),
    /// One of them.
    Any(Vec<Evidence>),
    /// So many of them.
    AtLeast {
        /// How many.
        wanted: u32,
        /// Of these.
        of: Vec<Evidence>,
    },
    /// None of it.
    Not(Box<Evidence>),
}

/// Documents handed in, by name, with the number of copies.
pub type Documents = BTreeMap<String, u32>;

impl Evidence {
    /// Every number the rule names: copies beyond one, and how many of a list.
    pub(super) fn numbers(&self) -> Vec<String> {
        match self {
            Self::Document { copies: 1, .. } => Vec::new(),
            Self::Document { copies, .. } => vec![copies.to_string()],
            Self::All(rules) | Self::Any(rules) => rules.iter().flat_map(Self::numbers).collect(),
            Self::AtLeast { wanted, of } => {
                std::iter::once(wanted.to_string()).chain(of.iter().flat_map(Self::numbers)).collect()
            }
            Self::Not(rule) => rule.numbers(),
        }
    }

    /// Whether the documents are enough.
    #[must_use]
    pub fn is_met(&self, documents: &Documents) -> bool {
        match self {
            Self::Document { name, copies } => documents.get(name).copied().unwrap_or(0) >= *copies,
            Self::All(rules) => rules.iter().all(|rule| rule.is_met(documents)),
            Self::Any(rules) => rules.iter().any(|rule| rule.is_met(documents)),
            Self::AtLeast { wanted, of } => met(of, documents) >= *wanted,
            Self::Not(rule) => !rule.is_met(documents),
        }
    }

    /// What is still missing, one line each; empty when the rule is met.
    #[must_use]
    pub fn missing(&self, documents: &Documents) -> Vec<String> {
        if self.is_met(documents) {
            return Vec::new();
        }
        match self {
            Self::Document { name, copies } => {
                let had = documents.get(name).copied().unwrap_or(0);
                vec![if *copies == 1 {
                    format!("缺{name}")
                } else {
                    format!("{name}还差{}份", copies - had.min(*copies))
                }]
            }
            Self::All(rules) => rules.iter().flat_map(|rule| rule.missing(documents)).collect(),
            Self::Any(_) => vec![format!("缺{self}")],
            Self::AtLeast { wanted, of } => {
                let left: Vec<String> =
                    of.iter().filter(|rule| !rule.is_met(documents)).map(ToString::to_string).collect();
                vec![format!("以下材料还差{}项：{}", wanted.saturating_sub(met(of, documents)), left.join("、"))]
            }
            Self::Not(rule) => vec![format!("不得有{rule}")],
        }
    }
}

fn met(rules: &[Evidence], documents: &Documents) -> u32 {
    u32::try_from(rules.iter().filter(|rule| rule.is_met(documents)).count()).unwrap_or(u32::MAX)
}

impl fmt::Display for Evidence {
    /// In words: `诊断证明，并且（出院记录，或者化验单2份）`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nested = |rules: &[Evidence], join: &str| {
            let words: Vec<String> = rules
                .iter()
                .map(|rule| match rule {
                    Self::All(_) | Self::Any(_) => format!("（{rule}）"),
                    _ => rule.to_string(),
                })
                .collect();
            words.join(join)
        };
        match self {
            Self::Document { name, copies: 1 } => f.write_str(name),
            Self::Document { name, copies } => write!(f, "{name}{copies}份"),
            Self::All(rules) => f.write_str(&nested(rules, "，并且")),
            Self::Any(rules) => f.write_str(&nested(rules, "，或者")),
            Self::AtLeast { wanted, of } => {
                let of: Vec<String> = of.iter().map(ToString::to_string).collect();
                write!(f, "以下至少{wanted}项：{}", of.join("、"))
            }
            Self::Not(rule) => write!(f, "没有{rule}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn documents(held: &[(&str, u32)]) -> Documents {
        held.iter().map(|(name, copies)| ((*name).to_owned(), *copies)).collect()
    }

    #[test]
    fn a_rule_over_documents_says_what_is_missing_in_chinese() {
        let rule = Evidence::parse("诊断证明 and (出院记录 or 化验单 >= 2)").unwrap();
        assert_eq!(rule.to_string(), "诊断证明，并且（出院记录，或者化验单2份）");
        assert_eq!(rule.missing(&documents(&[])), ["缺诊断证明", "缺出院记录，或者化验单2份"]);
        assert_eq!(rule.missing(&documents(&[("诊断证明", 1), ("化验单", 1)])), ["缺出院记录，或者化验单2份"]);
        assert!(rule.is_met(&documents(&[("诊断证明", 1), ("化验单", 2)])));
        assert_eq!(rule.missing(&documents(&[("诊断证明", 1), ("出院记录", 1)])), Vec::<String>::new());
    }

    #[test]
    fn chinese_and_english_words_of_a_rule_mean_the_same() {
        let rule = Evidence::parse("诊断证明 and at least 2 of (血压记录, 心电图, 眼底检查) and not 急诊病历").unwrap();
        assert_eq!(
            Evidence::parse("诊断证明 且 至少2项（血压记录、心电图、眼底检查） 且 不得有 急诊病历").unwrap(),
            rule
        );
        let held = documents(&[("诊断证明", 1), ("心电图", 1), ("急诊病历", 1)]);
        assert_eq!(rule.missing(&held), ["以下材料还差1项：血压记录、眼底检查", "不得有急诊病历"]);
        assert_eq!(Evidence::parse("化验单≥2").unwrap().missing(&documents(&[("化验单", 1)])), ["化验单还差1份"]);
    }

    #[test]
    fn and_binds_closer_than_or() {
        let rule = Evidence::parse("甲 or 乙 and 丙").unwrap();
        assert!(rule.is_met(&documents(&[("甲", 1)])));
        assert!(!rule.is_met(&documents(&[("乙", 1)])));
    }

    #[test]
    fn a_rule_that_does_not_read_is_refused_at_its_place() {
        for (text, error) in [
            ("", EvidenceError::NameExpected { at: 1 }),
            ("甲 and", EvidenceError::NameExpected { at: 6 }),
            ("(甲 or 乙", EvidenceError::BracketExpected { at: 8 }),
            ("甲 乙", EvidenceError::TooMuch { at: 3 }),
            ("甲 >= 0", EvidenceError::NumberExpected { at: 6 }),
            ("甲 >= 乙", EvidenceError::NumberExpected { at: 6 }),
            ("至少3项(甲、乙)", EvidenceError::TooManyWanted { at: 3 }),
            ("> 甲", EvidenceError::NameExpected { at: 1 }),
        ] {
            assert_eq!(Evidence::parse(text), Err(error), "{text}");
        }
        let deep = format!("{}甲{}", "(".repeat(50), ")".repeat(50));
        assert_eq!(Evidence::parse(&deep), Err(EvidenceError::TooDeep { at: 21 }));
    }
}
