//! Which household a record belongs to: one that is here, or one that a bundle brings.

use std::collections::BTreeMap;

use mingbai_domain::catalogue::{self, Household, Membership, Person};
use mingbai_domain::value::FieldValue;
use mingbai_domain::{RecordId, Values};
use mingbai_store::Reading;

use crate::error::AppError;

/// Households that a bundle brings: who lives where and what they are called, from its own words.
#[derive(Default)]
pub(super) struct Coming {
    homes: BTreeMap<RecordId, RecordId>,
    titles: BTreeMap<RecordId, String>,
    belongs: BTreeMap<(u16, RecordId), Belonging>,
}

/// What a record that is not here yet hangs on.
enum Belonging {
    Household(RecordId),
    Person(RecordId),
}

impl Coming {
    pub(super) fn of(said: &BTreeMap<(u16, RecordId), Values>) -> Self {
        let mut coming = Self::default();
        let mut names = BTreeMap::new();
        let mut heads = BTreeMap::new();
        let mut numbers = BTreeMap::new();
        for ((kind, id), values) in said {
            let Some(record) = catalogue::by_id(*kind) else { continue };
            let refers =
                |column: &str| record.column(column).and_then(|f| RecordId::from_value(values.get(&f.id)?).ok());
            let says = |column: &str| record.column(column).and_then(|f| String::from_value(values.get(&f.id)?).ok());
            match record.table {
                "household" => drop(numbers.insert(*id, says("number").unwrap_or_default())),
                "person" => drop(names.insert(*id, says("name").unwrap_or_default())),
                _ => {}
            }
            match (refers("household"), refers("person")) {
                (Some(household), Some(person)) => {
                    coming.homes.insert(person, household);
                    if says("relation").as_deref() == Some(mingbai_domain::relation::HEAD) {
                        heads.insert(household, person);
                    }
                    coming.belongs.insert((*kind, *id), Belonging::Household(household));
                }
                (Some(household), None) => drop(coming.belongs.insert((*kind, *id), Belonging::Household(household))),
                (None, Some(person)) => drop(coming.belongs.insert((*kind, *id), Belonging::Person(person))),
                (None, None) => {}
            }
        }
        for (id, number) in numbers {
            let head = heads.get(&id).and_then(|person| names.get(person)).cloned().unwrap_or_default();
            coming.titles.insert(id, format!("{head}户 {number}"));
        }
        coming
    }

    pub(super) fn household_of(&self, kind: u16, id: RecordId) -> Option<(RecordId, String)> {
        let household = match self.belongs.get(&(kind, id)) {
            Some(Belonging::Household(household)) => *household,
            Some(Belonging::Person(person)) => *self.homes.get(person)?,
            None => self.homes.get(&id).copied().unwrap_or(id),
        };
        self.titles.get(&household).map(|title| (household, title.clone()))
    }
}

/// The household a record belongs to, with what the clerk calls it; nothing for records of no household here.
pub(super) fn household_of(
    reading: Reading<'_>,
    kind: u16,
    id: RecordId,
) -> Result<Option<(RecordId, String)>, AppError> {
    let Some(kind) = catalogue::by_id(kind) else { return Ok(None) };
    let values = reading.values(kind.id, id)?.unwrap_or_default();
    let refers = |column: &str| kind.column(column).and_then(|f| RecordId::from_value(values.get(&f.id)?).ok());
    let household = if kind.table == "household" { Some(id) } else { refers("household") };
    let household = match household {
        Some(household) => Some(household),
        None => {
            let person = if kind.table == "person" { Some(id) } else { refers("person") };
            match person {
                Some(person) => {
                    let homes = reading.rows_where::<Membership>("person", &person)?;
                    homes.into_iter().find(|row| row.record.left_on.is_none()).and_then(|row| row.record.household)
                }
                None => None,
            }
        }
    };
    let Some(household) = household else { return Ok(None) };
    let Some(row) = reading.get::<Household>(household)? else { return Ok(None) };
    let number = row.record.number.unwrap_or_default();
    let mut head = String::new();
    for membership in reading.rows_where::<Membership>("household", &household)? {
        if membership.record.relation.as_deref() == Some(mingbai_domain::relation::HEAD)
            && let Some(person) = membership.record.person.map(|id| reading.get::<Person>(id)).transpose()?.flatten()
        {
            head = person.record.name.unwrap_or_default();
        }
    }
    Ok(Some((household, format!("{head}户 {number}"))))
}
