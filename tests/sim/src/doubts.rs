//! What clerks are asked to look at is all there: people who may be one, references to what has not arrived (sync.md §3.3,
//! I17 and I18). Counted here from the records themselves, not from the lists.

use std::collections::{BTreeMap, BTreeSet};

use mingbai_domain::catalogue::{self, Person};
use mingbai_domain::value::{FieldValue, Kind};
use mingbai_domain::{RecordId, Value, citizen_id};
use mingbai_store::Reading;
use mingbai_store::query::DoubtKind;

use crate::model::{Said, Told};
use crate::{Failure, Result};

/// I17: two living people with one citizen id are one by a merge, or are listed. Answers how many pairs there are.
///
/// # Errors
/// [`Failure`] naming a pair that is neither.
pub(crate) fn same_ids_are_listed(who: &str, reading: Reading<'_>) -> Result<u64> {
    let mut groups: BTreeMap<String, BTreeSet<RecordId>> = BTreeMap::new();
    for row in reading.all::<Person>()?.into_iter().filter(|row| row.record.deleted != Some(true)) {
        let id = citizen_id::normalise(&row.record.citizen_id.unwrap_or_default());
        if !id.is_empty() {
            // Who was merged into somebody is that one.
            groups.entry(id).or_default().insert(reading.canonical(row.id)?);
        }
    }
    let mut listed: BTreeMap<String, BTreeSet<RecordId>> = BTreeMap::new();
    for doubt in reading.duplicates()? {
        let group = listed.entry(citizen_id::normalise(&doubt.detail)).or_default();
        for person in std::iter::once(doubt.record.1).chain(doubt.other) {
            group.insert(reading.canonical(person)?);
        }
    }
    let mut pairs = 0;
    for (id, people) in groups.into_iter().filter(|(_, people)| people.len() > 1) {
        pairs += people.len() as u64 - 1;
        let known = listed.get(&id).cloned().unwrap_or_default();
        if let Some(person) = people.iter().find(|person| !known.contains(person)) {
            return Err(Failure::new(format!(
                "I17 {who}: {person} has the citizen id of {people:?}, listed {known:?}"
            )));
        }
    }
    Ok(pairs)
}

/// I18: every reference leads to a record that is here, or is listed. Answers how many lead nowhere.
///
/// # Errors
/// [`Failure`] naming one that does neither.
pub(crate) fn references_are_listed(who: &str, reading: Reading<'_>, told: &Told) -> Result<u64> {
    let doubts = reading.doubts()?.into_iter().filter(|doubt| doubt.kind == DoubtKind::Dangling);
    let listed: BTreeSet<(u16, RecordId)> = doubts.map(|doubt| doubt.record).collect();
    let mut nowhere = 0;
    let records: BTreeSet<(u16, RecordId)> = told.live.keys().map(|(kind, record, _)| (*kind, *record)).collect();
    for (kind, record) in records {
        let Some(declared) = catalogue::by_id(kind) else { continue };
        let values = reading.values(kind, record)?.unwrap_or_default();
        let gone = declared.column("deleted").and_then(|field| values.get(&field.id)) == Some(&Value::Bool(true));
        let void = told.live.get(&(kind, record, 0)).is_some_and(|live| live.values().any(|v| *v == Said::Fact(None)));
        for field in declared.fields.iter().filter(|_| !gone && !void) {
            let (Kind::Ref(target), Some(value)) = (field.kind, values.get(&field.id)) else { continue };
            let Ok(target_id) = RecordId::from_value(value) else { continue };
            if reading.values(target, target_id)?.is_some() {
                continue;
            }
            nowhere += 1;
            if !listed.contains(&(kind, record)) {
                let label = (declared.label, field.label);
                return Err(Failure::new(format!("I18 {who}: {label:?} of {record} leads nowhere and is not listed")));
            }
        }
    }
    Ok(nowhere)
}

/// I3: two stores of the same entries ask people to look at the same.
///
/// # Errors
/// [`Failure`] naming what only one of them lists.
pub(crate) fn same_doubts(what: &str, one: Reading<'_>, other: Reading<'_>) -> Result<()> {
    let listed = |reading: Reading<'_>| {
        let doubts = reading.doubts()?;
        Ok::<_, Failure>(doubts.iter().map(|doubt| format!("{doubt:?}")).collect::<BTreeSet<_>>())
    };
    let (here, there) = (listed(one)?, listed(other)?);
    if here == there {
        return Ok(());
    }
    let only: Vec<_> = here.symmetric_difference(&there).collect();
    Err(Failure::new(format!("{what}: only one of two lists {only:#?}")))
}
