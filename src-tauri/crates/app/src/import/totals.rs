//! Control totals of a file and its rows by household: what a clerk compares with the paper before taking anything in.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use mingbai_domain::Fen;
use mingbai_domain::catalogue::{Household, Village};
use mingbai_sheets::{Batch, Workbook};
use mingbai_store::Reading;

use super::Planned;
use super::plan::Plan;
use crate::compare::in_file::in_file;
use crate::compare::totals::reconcile;
use crate::dto::{ImportHome, ImportRow, ImportSum, RowOutcome, SumUnit};
use crate::error::AppError;

/// Rows, people, households and amounts: of the whole file, and of what can be taken in.
pub(super) fn sums<D: Planned>(plan: &Plan, batch: &Batch<D>) -> Vec<ImportSum> {
    let refused: BTreeSet<(&str, i64)> = plan
        .rows()
        .iter()
        .filter(|(_, row)| row.outcome == RowOutcome::Rejected)
        .map(|(sheet, row)| (sheet.as_str(), row.row))
        .collect();
    let homes: HashMap<(&str, i64), &str> =
        plan.rows().iter().map(|(sheet, row)| ((sheet.as_str(), row.row), row.household.as_str())).collect();
    let taken = batch.rows.iter().map(|row| (row, !refused.contains(&(row.sheet.as_str(), i64::from(row.row)))));
    let all = taken.chain(batch.rejected.iter().map(|row| (row, false)));
    let (mut rows, mut people, mut households) = (Count::default(), Distinct::default(), Distinct::default());
    let mut amounts: Vec<(&'static str, [Fen; 2])> = Vec::new();
    for (row, taken) in all {
        rows.add(taken);
        let named = row.draft.named();
        let home = homes.get(&(row.sheet.as_str(), i64::from(row.row))).copied().filter(|home| !home.is_empty());
        let home = home.unwrap_or(named.household);
        // Whoever has an id is one person wherever the file names them.
        people.add(named.id.map_or((home, named.name), |id| (id, "")), taken);
        if !home.is_empty() {
            households.add((home, ""), taken);
        }
        for (label, amount) in row.draft.amounts() {
            let place = amounts.iter().position(|(known, _)| *known == label).unwrap_or_else(|| {
                amounts.push((label, [Fen::ZERO; 2]));
                amounts.len() - 1
            });
            if let (Some((_, sum)), Some(amount)) = (amounts.get_mut(place), amount) {
                let [file, kept] = *sum;
                *sum = [file + amount, if taken { kept + amount } else { kept }];
            }
        }
    }
    let sum = |label: &str, unit, [file, taken]: [i64; 2]| ImportSum { label: label.to_owned(), unit, file, taken };
    let mut sums = vec![
        sum("行", SumUnit::Rows, [rows.file, rows.taken]),
        sum("人", SumUnit::People, people.counts()),
        sum("户", SumUnit::Households, households.counts()),
    ];
    let said = amounts.into_iter().filter(|(_, [file, _])| *file != Fen::ZERO);
    sums.extend(said.map(|(label, [file, taken])| sum(label, SumUnit::Money, [file.0, taken.0])));
    sums
}

#[derive(Default)]
struct Count {
    file: i64,
    taken: i64,
}

impl Count {
    fn add(&mut self, taken: bool) {
        self.file += 1;
        self.taken += i64::from(taken);
    }
}

/// Different ones, by whether any row of each is taken.
#[derive(Default)]
struct Distinct<'d>(BTreeMap<(&'d str, &'d str), bool>);

impl<'d> Distinct<'d> {
    fn add(&mut self, one: (&'d str, &'d str), taken: bool) {
        *self.0.entry(one).or_default() |= taken;
    }

    fn counts(&self) -> [i64; 2] {
        [self.0.len() as i64, self.0.values().filter(|taken| **taken).count() as i64]
    }
}

/// The rows by household, in the order in which the file first names each.
pub(super) fn homes(reading: Reading<'_>, rows: &[ImportRow]) -> Result<Vec<ImportHome>, AppError> {
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut homes: Vec<ImportHome> = Vec::new();
    let villages: HashMap<_, _> =
        reading.all::<Village>()?.into_iter().map(|row| (row.id, row.record.name.unwrap_or_default())).collect();
    for row in rows {
        let place = match places.get(row.household.as_str()) {
            Some(place) => *place,
            None => {
                let found = reading.rows_where::<Household>("number", &row.household)?;
                let known = found.first().filter(|_| !row.household.is_empty());
                let village = known.and_then(|known| villages.get(&known.record.village?)).cloned();
                homes.push(ImportHome {
                    household: row.household.clone(),
                    id: known.map(|known| known.id.to_string()),
                    village: village.unwrap_or_default(),
                    ..ImportHome::default()
                });
                places.insert(&row.household, homes.len() - 1);
                homes.len() - 1
            }
        };
        let Some(home) = homes.get_mut(place) else { continue };
        home.rows += 1;
        home.warnings += i64::from(row.warning);
        match row.outcome {
            RowOutcome::New => home.new += 1,
            RowOutcome::Changed => home.changed += 1,
            RowOutcome::Same => home.same += 1,
            RowOutcome::Rejected => home.rejected += 1,
        }
    }
    Ok(homes)
}

/// F61: how the households and people read differ from what the sheet itself says they are.
pub(super) fn disagreement<D>(plan: &Plan, workbook: &Workbook, batch: &Batch<D>) -> Option<String> {
    let total = plan.totals.as_ref()?;
    let numbers = reconcile(total, &in_file(workbook, batch), plan.rows().len()).err()?;
    let refused = plan.rows().iter().filter(|(_, row)| row.outcome == RowOutcome::Rejected).count();
    let refused = refused + batch.rejected.len();
    let told = if refused == 0 { String::new() } else { format!("，有{refused}行拒收没有数进去") };
    Some(format!("总数对不上（F61）：{numbers}{told}。请先和给名单的单位核对"))
}
