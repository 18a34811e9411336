//! What the columns of a table may be called, and in which form labels are compared.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;

use crate::memory::Mapping;
use crate::profile::{Need, Profile};
use crate::top::Text;

/// The form in which labels are compared: compatibility forms folded, no spaces, no marks around, lower case.
#[must_use]
pub fn label_key(label: &str) -> String {
    let folded: String = label
        .nfkc()
        .filter(|c| !c.is_whitespace() && !matches!(c, '*' | ':' | '"' | '\'' | '“' | '”' | '\u{feff}' | '\u{200b}'))
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            '【' | '〔' | '[' => '(',
            '】' | '〕' | ']' => ')',
            ',' | '，' | '/' | '／' | '或' => '、',
            c => c,
        })
        .collect();
    // A table program appends .1, .2 to labels that repeat.
    match folded.rsplit_once('.') {
        Some((label, digits))
            if !label.is_empty() && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) =>
        {
            label.to_owned()
        }
        _ => folded,
    }
}

/// `医疗总费用(元)` without its last bracket, if it has one.
fn without_bracket(key: &str) -> Option<&str> {
    let open = key.strip_suffix(')')?;
    open.rsplit_once('(').map(|(front, _)| front).filter(|front| !front.is_empty())
}

/// Labels of a profile ready for looking up.
pub(crate) struct Labels {
    known: HashMap<String, usize>,
    said: HashMap<String, Option<usize>>,
    /// All of them in their order.
    sorted: Vec<String>,
    /// The columns that every row must have.
    pub(crate) needed: Vec<usize>,
}

impl Labels {
    pub(crate) fn new(profile: &Profile, mapping: &Mapping) -> Self {
        let mut known = HashMap::new();
        for (position, column) in profile.columns.iter().enumerate() {
            known.insert(label_key(column.title), position);
        }
        for (position, column) in profile.columns.iter().enumerate() {
            for synonym in column.synonyms {
                known.entry(label_key(synonym)).or_insert(position);
            }
        }
        let said: HashMap<_, _> = mapping
            .labels
            .iter()
            .map(|(label, key)| {
                let position = key.as_ref().and_then(|key| profile.columns.iter().position(|c| c.key == key));
                (label_key(label), position)
            })
            .collect();
        let needed = (0..profile.columns.len())
            .filter(|&p| profile.columns.get(p).is_some_and(|c| c.need == Need::Required))
            .collect();
        let mut sorted: Vec<String> = known.keys().chain(said.keys()).cloned().collect();
        sorted.sort_unstable();
        Self { known, said, sorted, needed }
    }

    /// The profile's column a label stands for.
    pub(crate) fn position(&self, label: &str) -> Option<usize> {
        self.of_key(&label_key(label))
    }

    /// The same of a label as it is compared.
    pub(crate) fn of_key(&self, key: &str) -> Option<usize> {
        if key.is_empty() {
            return None;
        }
        if let Some(said) = self.said.get(key) {
            return *said;
        }
        self.known.get(key).or_else(|| self.known.get(without_bracket(key)?)).copied()
    }

    /// Whether some label may begin with this one; what is known to begin none need not be joined with what stands below.
    fn may_begin(&self, key: &str) -> bool {
        let after = self.sorted.partition_point(|known| known.as_str() < key);
        key.contains('(') || self.sorted.get(after).is_some_and(|known| known.starts_with(key))
    }

    /// The profile's column that two cells one below the other stand for together.
    pub(crate) fn of_both(&self, head: &Text, low: &Text) -> Option<usize> {
        self.may_begin(&head.key).then(|| self.position(&format!("{}{}", head.text, low.text)))?
    }
}
