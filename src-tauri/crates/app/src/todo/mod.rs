//! What is to be done. Every list of the desk, every share and every check is worked out household by household from
//! everything on file about it, and kept in one table: a count is the length of its list because both are the same rows.
//!
//! To add a list: one [`Item`] in a file of `items`, named in [`items::ALL`].

mod crowd;
mod engine;
pub(crate) mod items;
pub(crate) mod world;

use chrono::NaiveDate;
use mingbai_domain::RecordId;
use mingbai_store::query::{HouseholdFile, PersonFile, TodoLine};
use mingbai_store::{ShareRow, TodoRow};

pub(crate) use crowd::{ORDER, crowds};
pub(crate) use engine::{refresh, refresh_one};
pub(crate) use world::World;

use crate::dto::Tone;

/// One list of the desk.
pub(crate) struct Item {
    /// Stable name; the argument of `worklist_get`.
    pub(crate) key: &'static str,
    pub(crate) label: &'static str,
    /// The section of the rail where it is done.
    pub(crate) section: &'static str,
    pub(crate) tone: Tone,
    pub(crate) unit: &'static str,
    /// Who stands in it, in words.
    pub(crate) definition: &'static str,
    /// Whether the desk shows it; the others are opened by a share.
    pub(crate) on_desk: bool,
    /// Whether the desk tells its rows apart by their reason rather than by village.
    pub(crate) by_reason: bool,
    /// Why somebody stands in it, from the row.
    pub(crate) reason: fn(&TodoLine) -> String,
    /// The same as the household's page says it; nothing where that page does not.
    pub(crate) errand: Option<Errand>,
}

impl Item {
    /// A list of people that only a table or a share opens.
    const fn kept(
        key: &'static str,
        label: &'static str,
        section: &'static str,
        definition: &'static str,
        reason: fn(&TodoLine) -> String,
    ) -> Self {
        let tone = Tone::Neutral;
        Self {
            key,
            label,
            section,
            tone,
            unit: "人",
            definition,
            on_desk: false,
            by_reason: false,
            reason,
            errand: None,
        }
    }
}

/// How the household's page names something to be done.
pub(crate) type Errand = fn(&TodoLine, NaiveDate) -> String;

/// What is worked out for one household.
pub(crate) struct Findings<'f> {
    pub(crate) rows: &'f mut Vec<TodoRow>,
    pub(crate) shares: &'f mut Vec<ShareRow>,
}

impl Findings<'_> {
    /// Something to be done about a person.
    pub(crate) fn person(
        &mut self,
        item: &'static str,
        person: &PersonFile,
        detail: impl Into<String>,
    ) -> &mut TodoRow {
        self.add(item, Some(person.id), detail.into())
    }

    /// Something to be done about the household.
    pub(crate) fn household(&mut self, item: &'static str, detail: impl Into<String>) -> &mut TodoRow {
        self.add(item, None, detail.into())
    }

    fn add(&mut self, item: &'static str, person: Option<RecordId>, detail: String) -> &mut TodoRow {
        let row = TodoRow { item, person, record: None, detail, due: None, amount: None, severity: 5 };
        self.rows.push(row);
        let last = self.rows.len() - 1;
        &mut self.rows[last]
    }

    /// How far the household counts in a share.
    pub(crate) fn share(&mut self, indicator: &'static str, done: i64, whole: i64, excluded: i64) {
        if (done, whole, excluded) != (0, 0, 0) {
            self.shares.push(ShareRow { indicator, done, whole, excluded });
        }
    }
}

/// A group of lists that look at the same things: worked out together for one household.
pub(crate) type Look = fn(&HouseholdFile, &World, &mut Findings<'_>);

/// The list of this name.
pub(crate) fn find(key: &str) -> Option<&'static Item> {
    items::all().find(|item| item.key == key)
}

/// What the household's page shows: the lists that have words for it.
pub(crate) fn errands() -> Vec<&'static str> {
    items::all().filter(|item| item.errand.is_some()).map(|item| item.key).collect()
}
