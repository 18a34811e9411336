//! What changed between two packs, row by row.

use serde::Serialize;

use super::Pack;
use super::statement::Statement;

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// `支付方“基本医保”`.
    pub place: String,
    /// `起付线`.
    pub label: &'static str,
    /// The case, empty when it always holds.
    pub when: String,
    /// What the old pack says, `None` when it says nothing.
    pub old: Option<String>,
    /// What the new pack says, `None` when it says nothing any more.
    pub new: Option<String>,
    /// The old article, empty where there is none.
    pub old_article: String,
    /// The new article, empty where there is none.
    pub new_article: String,
}

impl Pack {
    /// What `self` says otherwise than `old`: changed, new and dropped rules, each with both articles. In the order of the
    /// new pack, what was dropped last.
    #[must_use]
    pub fn difference(&self, old: &Self) -> Vec<Change> {
        let mut before: Vec<Option<Statement>> = old.statements().into_iter().map(Some).collect();
        let mut pairs: Vec<(Statement, Option<Statement>)> = Vec::new();
        // The same value in the same case is the same rule; only then may another value in that case be its predecessor.
        for now in self.statements() {
            let same = take(&mut before, |then| same_case(then, &now) && then.value == now.value);
            pairs.push((now, same));
        }
        let mut changes = Vec::new();
        for (now, then) in pairs {
            let then = then.or_else(|| take(&mut before, |then| same_case(then, &now)));
            let changed = then.as_ref().is_none_or(|then| then.value != now.value || then.citation != now.citation);
            if changed {
                changes.push(change(then.as_ref(), Some(&now)));
            }
        }
        changes.extend(before.iter().flatten().map(|dropped| change(Some(dropped), None)));
        changes
    }
}

fn same_case(a: &Statement, b: &Statement) -> bool {
    a.part == b.part && a.switch == b.switch && a.when == b.when
}

fn take(statements: &mut [Option<Statement>], wanted: impl Fn(&Statement) -> bool) -> Option<Statement> {
    statements.iter_mut().find(|statement| statement.as_ref().is_some_and(&wanted)).and_then(Option::take)
}

fn change(old: Option<&Statement>, new: Option<&Statement>) -> Change {
    let shown = new.or(old);
    let article = |said: Option<&Statement>| said.map(|said| said.citation.text()).unwrap_or_default();
    Change {
        place: shown.map(|said| said.place.clone()).unwrap_or_default(),
        label: shown.map_or("", |said| said.label),
        when: shown.map(|said| said.when.clone()).unwrap_or_default(),
        old: old.map(|said| said.value.clone()),
        new: new.map(|said| said.value.clone()),
        old_article: article(old),
        new_article: article(new),
    }
}
