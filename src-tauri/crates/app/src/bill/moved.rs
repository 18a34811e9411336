//! What a correction moved: the rest of the person's year is settled again, and what changed on it is said.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use mingbai_domain::catalogue::Settlement;
use mingbai_domain::{Fen, RecordId};
use mingbai_store::Reading;
use mingbai_store::query::BillFilter;

use super::judge;
use crate::dto::MovedRow;
use crate::error::AppError;
use crate::policy::Packs;

/// What is due on one bill.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Due {
    name: String,
    day: Option<NaiveDate>,
    hospital: String,
    /// By payer; in the order of the pack.
    payers: Vec<(String, Fen)>,
    short: Fen,
}

/// What was due on each bill of whoever a settlement is about, and was about, before something was written.
pub(crate) struct Watch {
    people: BTreeSet<RecordId>,
    before: BTreeMap<RecordId, Due>,
}

impl Watch {
    /// Looks at everything that counts now of the person a settlement stands with, and of the one it is going to stand with.
    pub(crate) fn of(
        reading: Reading<'_>,
        packs: &Packs,
        bill: Option<RecordId>,
        person: Option<RecordId>,
    ) -> Result<Self, AppError> {
        let stored = bill.map(|bill| reading.get::<Settlement>(bill)).transpose()?.flatten();
        let whose = [stored.and_then(|row| row.record.person), person];
        let people = whose.into_iter().flatten().map(|person| reading.canonical(person)).collect::<Result<_, _>>()?;
        Ok(Self { before: due(reading, packs, &people)?, people })
    }

    /// What moved since, on other bills than the one that was written.
    pub(crate) fn moved(
        self,
        reading: Reading<'_>,
        packs: &Packs,
        written: RecordId,
    ) -> Result<Vec<MovedRow>, AppError> {
        let after = due(reading, packs, &self.people)?;
        Ok(difference(&self.before, &after, written))
    }
}

fn due(reading: Reading<'_>, packs: &Packs, people: &BTreeSet<RecordId>) -> Result<BTreeMap<RecordId, Due>, AppError> {
    let mut judged = Vec::new();
    for person in people {
        let filter = BillFilter { person: Some(*person), ..BillFilter::default() };
        judged.extend(judge(reading, packs, &filter)?);
    }
    let of = judged.into_iter().filter_map(|judged| {
        let (settlement, comparison) = judged.due?;
        let payers = settlement.payers.iter().map(|payer| (payer.label.clone(), payer.amount)).collect();
        let record = judged.line.bill.record;
        let hospital = crate::restricted::shown(record.hospital.as_deref().unwrap_or_default()).to_owned();
        let name = judged.line.name;
        Some((judged.line.bill.id, Due { name, day: record.settled_on, hospital, payers, short: comparison.short }))
    });
    Ok(of.collect())
}

fn difference(before: &BTreeMap<RecordId, Due>, after: &BTreeMap<RecordId, Due>, written: RecordId) -> Vec<MovedRow> {
    let mut rows = Vec::new();
    for (id, now) in after.iter().filter(|(id, _)| **id != written) {
        let Some(was) = before.get(id) else { continue };
        let of = |due: &Due, label: &str| -> Fen {
            due.payers.iter().filter(|(payer, _)| payer == label).map(|(_, amount)| *amount).sum()
        };
        let mut labels: Vec<&String> = now.payers.iter().chain(&was.payers).map(|(label, _)| label).collect();
        let mut seen = std::collections::HashSet::new();
        labels.retain(|label| seen.insert(label.as_str()));
        for label in labels {
            let (from, to) = (of(was, label), of(now, label));
            if from != to {
                rows.push(MovedRow {
                    bill: id.to_string(),
                    name: now.name.clone(),
                    settled_on: now.day,
                    hospital: now.hospital.clone(),
                    payer: label.clone(),
                    before: from.0,
                    after: to.0,
                    short_before: was.short.0,
                    short_after: now.short.0,
                });
            }
        }
    }
    rows.sort_by_cached_key(|row| (row.name.clone(), row.settled_on, row.bill.clone()));
    rows
}

/// What moved, as one sentence for whoever saved it elsewhere than on the bill's own form.
pub(crate) fn said(moved: &[MovedRow]) -> Option<String> {
    let first = moved.first()?;
    let bills: BTreeSet<&str> = moved.iter().map(|row| row.bill.as_str()).collect();
    let day = first.settled_on.map(|day| day.to_string()).unwrap_or_default();
    let mut names: Vec<&str> = moved.iter().map(|row| row.name.as_str()).collect();
    names.dedup();
    Some(format!(
        "{}本年其余 {} 张结算单的应付跟着变了，如{} {day} {} 由 {} 变为 {}",
        names.join("、"),
        bills.len(),
        first.name,
        first.payer,
        Fen(first.before),
        Fen(first.after)
    ))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use mingbai_domain::{Fen, RecordId};

    use super::{Due, difference};

    fn id(number: u8) -> RecordId {
        RecordId::from_bytes([number; 16])
    }

    fn due(basic: i64, critical: i64) -> Due {
        let payers = vec![("基本医保".to_owned(), Fen(basic)), ("大病保险".to_owned(), Fen(critical))];
        Due { name: "王五".to_owned(), day: None, hospital: "县医院".to_owned(), payers, short: Fen(0) }
    }

    #[test]
    fn only_what_changed_on_other_bills_is_said_each_payer_with_before_and_after() {
        let before = BTreeMap::from([(id(1), due(100, 0)), (id(2), due(200, 50)), (id(3), due(300, 0))]);
        let after = BTreeMap::from([(id(2), due(200, 80)), (id(3), due(300, 0)), (id(4), due(100, 10))]);
        let moved = difference(&before, &after, id(4));
        let told: Vec<_> = moved.iter().map(|row| (row.payer.as_str(), row.before, row.after)).collect();
        assert_eq!(told, [("大病保险", 50, 80)]);
        assert_eq!(moved[0].bill, id(2).to_string());
    }
}
