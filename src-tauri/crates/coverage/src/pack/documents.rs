//! Documents as a clerk lists them, `二级医院诊断证明、血压记录2份`, read by the names a rule asks for.

use std::collections::BTreeSet;

use super::evidence::{Documents, Evidence};

/// Words before a document that say it is not there.
const ABSENT: [&str; 6] = ["没有", "无", "缺", "未", "欠", "差"];
/// Most copies anybody counts.
const MOST: u32 = 99;

impl Evidence {
    /// The documents the rule speaks of, each once.
    #[must_use]
    pub fn names(&self) -> BTreeSet<&str> {
        match self {
            Self::Document { name, .. } => BTreeSet::from([name.as_str()]),
            Self::All(rules) | Self::Any(rules) | Self::AtLeast { of: rules, .. } => {
                rules.iter().flat_map(Self::names).collect()
            }
            Self::Not(rule) => rule.names(),
        }
    }

    /// What a clerk's list holds of them. A document counts where the rule's name for it stands within what was written,
    /// once, or as often as a number right after it says; not where it is said to be missing.
    #[must_use]
    pub fn held(&self, list: &str) -> Documents {
        let names = self.names();
        let mut held = Documents::new();
        for item in list.split(['、', '，', ',', '；', ';', '。', '\n', '+', '＋']) {
            for name in &names {
                let Some((before, after)) = item.split_once(name) else { continue };
                // 证明 within 诊断证明 is not a document of its own where the rule asks for both.
                let longer =
                    names.iter().any(|other| other.len() > name.len() && other.contains(name) && item.contains(other));
                if longer || ABSENT.iter().any(|word| before.contains(word)) {
                    continue;
                }
                let copies = held.entry((*name).to_owned()).or_default();
                *copies = copies.saturating_add(number(after)).min(MOST);
            }
        }
        held
    }
}

/// The number a text begins with: `2份`, `×3`, `（两张）`; one where it begins otherwise.
fn number(text: &str) -> u32 {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || "×xX*（(:：".contains(c));
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    let spoken = || {
        let first = text.chars().next()?;
        let place = "一二三四五六七八九十".chars().position(|c| c == first);
        let counted = if first == '两' { Some(2) } else { place.and_then(|place| u32::try_from(place + 1).ok()) };
        // 一级医院 begins with a number that counts nothing.
        counted.filter(|_| text.chars().nth(1).is_some_and(|unit| "份张次页本项".contains(unit)))
    };
    digits.parse().ok().or_else(spoken).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::Evidence;

    fn lacking(rule: &str, list: &str) -> Vec<String> {
        let rule = Evidence::parse(rule).unwrap();
        rule.missing(&rule.held(list))
    }

    #[test]
    fn documents_are_found_in_a_list_as_a_clerk_writes_it() {
        let rule = "诊断证明 and 血压记录 >= 2";
        assert_eq!(lacking(rule, ""), ["缺诊断证明", "血压记录还差2份"]);
        for list in [
            "二级医院诊断证明、血压记录2份",
            "诊断证明 血压记录×2",
            "诊断证明1张；门诊血压记录（两份）",
            "诊断证明，血压记录，血压记录",
        ] {
            assert_eq!(lacking(rule, list), Vec::<String>::new(), "{list}");
        }
        assert_eq!(lacking(rule, "诊断证明，血压记录"), ["血压记录还差1份"]);
    }

    #[test]
    fn a_document_said_to_be_missing_does_not_count() {
        assert_eq!(lacking("诊断证明 and 出院记录", "诊断证明、没有出院记录"), ["缺出院记录"]);
        assert_eq!(lacking("诊断证明 and not 急诊病历", "诊断证明、无急诊病历"), Vec::<String>::new());
    }

    #[test]
    fn a_name_within_a_longer_one_is_not_counted_twice() {
        assert_eq!(lacking("诊断证明 and 证明", "诊断证明"), ["缺证明"]);
        assert_eq!(lacking("诊断证明 and 证明", "诊断证明、村委会证明"), Vec::<String>::new());
    }
}
