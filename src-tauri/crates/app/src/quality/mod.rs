//! 数据核查: what inspectors look for in a register (domain F), found household by household with everything else that is
//! to be done. A finding names the record at fault and the values concerned, so that whoever mends it knows where.
//!
//! To add a rule: one [`Rule`] with its function in a file of `rules`; a family that breaks it in `tests`. A reason says
//! nothing that changes with the day alone (ages, days gone by): what was decided about a finding holds while its reason
//! stays the same.

mod decide;
mod facts;
mod limits;
mod rules;
mod standing;
#[cfg(test)]
mod tests;
mod view;

use mingbai_domain::RecordId;
use mingbai_domain::catalogue::Record;
use mingbai_store::query::{Beyond, HouseholdFile, PersonFile};
use mingbai_store::{Reading, Row, TodoRow, Worked};

pub(crate) use decide::{decide, undo};
pub(crate) use limits::Limits;
pub(crate) use view::{get, rows, xlsx};

use crate::error::AppError;
use crate::todo::World;

/// The list of the desk that holds every open error.
pub(crate) const DESK: &str = "quality";

/// How bad a finding is (domain F).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Severity {
    /// Cannot be true.
    Error,
    /// Is hardly ever true.
    Warning,
}

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum About {
    Household,
    Person,
    Bill,
}

/// One rule.
pub(crate) struct Rule {
    /// `F07`: also the item of its rows.
    pub(crate) number: &'static str,
    pub(crate) severity: Severity,
    pub(crate) about: About,
    pub(crate) title: &'static str,
    /// A yearly limit without which it is not applied.
    pub(crate) needs: Option<&'static str>,
    find: fn(&Case<'_>, &mut Faults),
}

/// What a rule looks at.
struct Case<'c> {
    file: &'c HouseholdFile,
    world: &'c World,
    beyond: &'c Beyond,
    /// Why the household's 明白卡 is not the current one, if it is not.
    card: Option<&'c str>,
}

/// What one rule found.
struct Fault {
    person: Option<RecordId>,
    record: Option<(u16, RecordId)>,
    reason: String,
}

#[derive(Default)]
struct Faults(Vec<Fault>);

impl Faults {
    /// The household as a whole.
    fn household(&mut self, reason: impl Into<String>) {
        self.0.push(Fault { person: None, record: None, reason: reason.into() });
    }

    /// A person.
    fn person(&mut self, person: &PersonFile, reason: impl Into<String>) {
        self.0.push(Fault { person: Some(person.id), record: None, reason: reason.into() });
    }

    /// A record of a person.
    fn of_person<R: Record>(&mut self, person: &PersonFile, row: &Row<R>, reason: impl Into<String>) {
        self.0.push(Fault { person: Some(person.id), record: Some((R::TYPE.id, row.id)), reason: reason.into() });
    }

    /// A record of the household.
    fn of_household<R: Record>(&mut self, row: &Row<R>, reason: impl Into<String>) {
        self.0.push(Fault { person: None, record: Some((R::TYPE.id, row.id)), reason: reason.into() });
    }
}

/// Every rule, by its number.
pub(crate) fn all() -> impl Iterator<Item = &'static Rule> {
    rules::ALL.iter().flat_map(|rules| rules.iter())
}

/// The rule of this number.
pub(crate) fn find(number: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.number == number)
}

/// Everything that is wrong with one household, with what was decided about it; the open errors once more for the desk.
fn check(case: &Case<'_>) -> Vec<TodoRow> {
    let mut found = Vec::new();
    for rule in all() {
        let mut faults = Faults::default();
        (rule.find)(case, &mut faults);
        found.extend(faults.0.into_iter().map(|fault| (rule, fault)));
    }
    let mut rows = Vec::with_capacity(found.len());
    for (rule, fault) in found {
        let severity = if rule.severity == Severity::Error { 1 } else { 7 };
        let mut row = TodoRow {
            item: rule.number,
            person: fault.person,
            record: fault.record,
            detail: fault.reason,
            due: None,
            amount: None,
            severity,
        };
        let standing = standing::of(case.file, case.world.today, &mut row);
        if rule.severity == Severity::Error && standing.is_open() {
            rows.push(TodoRow { item: DESK, detail: format!("{} {}", rule.number, row.detail), ..row.clone() });
        }
        rows.push(row);
    }
    rows
}

/// Checks these households, after what else is to be done for them is known.
pub(crate) fn of_files(
    reading: Reading<'_>,
    files: &[HouseholdFile],
    world: &World,
    beyond: &mut Beyond,
    worked: &mut [Worked],
) -> Result<(), AppError> {
    beyond.read(reading, files)?;
    for (file, worked) in files.iter().zip(worked) {
        let card = worked.rows.iter().find(|row| row.item == "card_stale").map(|row| row.detail.clone());
        let case = Case { file, world, beyond, card: card.as_deref() };
        let rows = check(&case);
        worked.rows.extend(rows);
    }
    Ok(())
}
