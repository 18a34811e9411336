//! 慢特病 and 两病: which disease a bill is for, whether it is certified, and what is left of its limit.

use chrono::{Datelike, NaiveDate};
use mingbai_coverage::Bill;
use toml::{Table, Value};

use super::fraction::{Fraction, NOTHING};
use super::rows::{lists, rows, text};
use super::{Life, Past};

/// What is left of a limit before the bill at hand.
pub(super) struct Limit {
    pub(super) left: Fraction,
    /// On the costs that are looked at, not on what is paid.
    pub(super) on_costs: bool,
    pub(super) monthly: bool,
    /// Of several diseases together.
    pub(super) shared: bool,
}

/// The disease a bill is settled for.
pub(super) struct Illness<'a> {
    pub(super) row: &'a Table,
    pub(super) limit: Option<Limit>,
}

impl Illness<'_> {
    /// Whether the disease's rule binds this payer.
    pub(super) fn binds(&self, payer: &str) -> bool {
        lists(&self.row["payers"], payer)
    }

    /// Whether its rule holds at this level.
    pub(super) fn at(&self, level: &str) -> bool {
        self.row["levels"].as_str() == Some("any") || lists(&self.row["levels"], level)
    }

    /// The share of its own.
    pub(super) fn share(&self) -> Option<Fraction> {
        let share = text(self.row, "ratio");
        (share != "none").then(|| Fraction::share(share))
    }
}

/// Whether any condition of the pack asks for one of these diseases.
fn asked_for(value: &Value, diseases: &[&Table]) -> bool {
    match value {
        Value::Table(table) => table.iter().any(|(key, value)| {
            let named = key == "disease" && diseases.iter().any(|disease| lists(value, text(disease, "key")));
            named || asked_for(value, diseases)
        }),
        Value::Array(list) => list.iter().any(|value| asked_for(value, diseases)),
        _ => false,
    }
}

impl<'a> Life<'a> {
    /// The disease of a bill for care that has listed diseases; `None` where it has to be told and is not, or is not listed.
    pub(super) fn disease(&self, bill: &Bill) -> Option<Option<&'a Table>> {
        let kind = bill.kind.code();
        if kind != "chronic_outpatient" && kind != "two_disease" {
            return Some(None);
        }
        let listed: Vec<&Table> =
            rows(self.pack, "disease").into_iter().filter(|disease| text(disease, "kind") == kind).collect();
        if listed.is_empty() {
            return Some(None);
        }
        if let Some(named) = &bill.disease {
            return listed.into_iter().find(|disease| text(disease, "key") == named).map(Some);
        }
        let decides = listed.iter().any(|disease| {
            let free = text(disease, "limit") == "none" && text(disease, "ratio") == "none";
            !free || disease["levels"].as_str() != Some("any")
        });
        let asked = self.pack.values().any(|value| asked_for(value, &listed));
        (!decides && !asked).then_some(None)
    }

    /// Whether the person holds a certificate of this disease on a day.
    pub(super) fn certified(&self, disease: &Table, day: NaiveDate) -> bool {
        let mut held = self.person.certificates.iter().filter(|held| held.disease == text(disease, "key"));
        held.any(|held| held.from <= day && held.until.is_none_or(|until| day <= until))
    }

    /// The disease with what is left of its limit on the day of the visit.
    pub(super) fn illness(&self, row: &'a Table, day: NaiveDate) -> Illness<'a> {
        let several = text(self.pack, "several_diseases");
        let like =
            |other: &&Table| ["kind", "per", "limit_on"].into_iter().all(|key| text(other, key) == text(row, key));
        let mut together: Vec<&Table> = vec![row];
        if several != "each_own" {
            let others = rows(self.pack, "disease").into_iter().filter(|other| text(other, "key") != text(row, "key"));
            together.extend(others.filter(like).filter(|other| self.certified(other, day)));
        }
        // One that has no limit lifts the limit of all that go together.
        if together.iter().any(|disease| text(disease, "limit") == "none") {
            return Illness { row, limit: None };
        }
        let limits = together.iter().map(|disease| Fraction::yuan(text(disease, "limit")));
        let whole: Fraction = if several == "highest" { limits.max().unwrap_or(NOTHING) } else { limits.sum() };
        let monthly = text(row, "per") == "month";
        let on_costs = text(row, "limit_on") == "in_scope";
        let past = self
            .this_year()
            .filter(|past| !monthly || (past.day.year(), past.day.month()) == (day.year(), day.month()));
        let used: Fraction = past.map(|past| used(past, &together, on_costs)).sum();
        let left = (whole - used).max(NOTHING);
        Illness { row, limit: Some(Limit { left, on_costs, monthly, shared: together.len() > 1 }) }
    }
}

/// What an earlier bill used of the limits of these diseases.
fn used(past: &Past<'_>, diseases: &[&Table], on_costs: bool) -> Fraction {
    let its = diseases.iter().find(|disease| past.disease.is_some_and(|of| text(of, "key") == text(disease, "key")));
    let Some(disease) = its else { return NOTHING };
    let bound = past.turns.iter().filter(|turn| lists(&disease["payers"], &turn.key));
    if on_costs { bound.map(|turn| turn.base).max().unwrap_or(NOTHING) } else { bound.map(|turn| turn.paid).sum() }
}
