//! What payers owe of bills and of years that are over, held against the packs; and bills that nobody typed.

use std::collections::{BTreeSet, HashMap};

use chrono::{Datelike, NaiveDate};
use mingbai_domain::catalogue::{Claim, Record, Settlement};
use mingbai_domain::{Fen, RecordId};
use mingbai_store::query::{BillFilter, HouseholdFile, TodoLine};
use mingbai_store::{Reading, TodoRow, Worked};

use super::bills::{END_APPLY, END_SHORT};
use super::chased;
use crate::bill;
use crate::claim;
use crate::error::AppError;
use crate::todo::World;

/// The year whose end a row is about, where it is about one: what nobody has written for is of the last year, what was written
/// for of the year of its claim.
pub(crate) fn year_end_of(reading: Reading<'_>, line: &TodoLine, today: NaiveDate) -> Result<Option<i64>, AppError> {
    if [END_SHORT, END_APPLY].contains(&line.item.as_str()) {
        return Ok(Some(i64::from(today.year() - 1)));
    }
    let Some((_, claim)) = line.record.filter(|(kind, _)| *kind == Claim::TYPE.id) else { return Ok(None) };
    Ok(reading.get::<Claim>(claim)?.and_then(|row| row.record.year))
}

/// Years before the last whose end somebody of a household still waits for.
fn chased_years(file: &HouseholdFile, world: &World) -> BTreeSet<i32> {
    let waits = |key: &&bill::EndKey| {
        key.year < world.year - 1 && file.people.iter().any(|one| one.belongs_here && one.id == key.person)
    };
    let chased = world.claims.ends.iter().filter(|(_, row)| row.record.state.as_deref() != Some(claim::CLOSED));
    chased.map(|(key, _)| key).filter(waits).map(|key| key.year).collect()
}

/// What is to be said of the end of a year that is over.
fn of_end(end: &bill::YearEnd, world: &World) -> Vec<TodoRow> {
    let mut rows = Vec::new();
    for part in end.parts.iter().filter(|_| !end.running) {
        let claim = world.claims.ends.get(&end.key(part));
        let record = claim.map(|row| (Claim::TYPE.id, row.id));
        let claim = claim.map(|row| &row.record);
        let text = |of: fn(&Claim) -> &Option<String>| claim.and_then(|claim| of(claim).clone()).unwrap_or_default();
        let sent = claim.and_then(|claim| claim.sent_on);
        let (item, detail, due) = match claim::end_standing(end, part, claim) {
            claim::Standing::In(claim::OPEN) if end.year < world.year - 1 => continue,
            claim::Standing::In(claim::OPEN) if part.applied => {
                (END_APPLY, format!("{}：{}", end.title(), part.said()), NaiveDate::from_ymd_opt(world.year, 12, 31))
            }
            claim::Standing::In(claim::OPEN) => (END_SHORT, format!("{}：{}", end.title(), part.said()), None),
            claim::Standing::In(claim::SENT) => {
                let Some(day) = sent.filter(|sent| (world.today - *sent).num_days() > claim::PATIENCE) else {
                    continue;
                };
                ("claim_late", format!("{day} {} {}", text(|claim| &claim.paid_to), end.title()), Some(day))
            }
            claim::Standing::In(claim::ANSWERED) => {
                let said = format!("{} {}：{}", end.title(), text(|claim| &claim.paid_to), text(|claim| &claim.answer));
                ("claim_answered", said, claim.and_then(|claim| claim.answered_on).or(sent))
            }
            _ => continue,
        };
        let short = if part.short() > Fen::ZERO { Some(part.short()) } else { claim.and_then(|claim| claim.amount) };
        let amount = short.map(|short| short.0);
        rows.push(TodoRow { item, person: Some(end.person), record, detail, due, amount, severity: 4 });
    }
    rows
}

/// What the sheets of each person's year say is missing, unless somebody looked and found that nothing is.
fn unseen(year: &[bill::Judged], world: &World) -> Vec<TodoRow> {
    let mut missing = bill::unseen(year);
    let rows = year.iter().filter_map(|own| {
        let bill::Unseen { more, said } = missing.remove(&own.line.bill.id)?;
        let decided = claim::Subject::year_of(own)
            .is_some_and(|subject| world.claims.matters.is_closed(subject, claim::Matter::Unseen, more));
        (!decided).then_some(TodoRow {
            item: "unseen_bills",
            person: Some(own.line.person),
            record: Some((Settlement::TYPE.id, own.line.bill.id)),
            detail: said,
            due: own.line.bill.record.settled_on,
            amount: Some(more.0),
            severity: 3,
        })
    });
    rows.collect()
}

/// Bills on which the payers paid too little or too much: held against the packs, a household at a time.
pub(crate) fn of_bills(
    reading: Reading<'_>,
    files: &[HouseholdFile],
    world: &World,
    worked: &mut [Worked],
) -> Result<(), AppError> {
    let billed = |file: &HouseholdFile| {
        let people = file.people.iter().filter(|person| person.belongs_here);
        let bills = people.flat_map(|person| person.bills.iter().chain(&person.year_ends));
        bills.into_iter().any(|bill| bill.record.settled_on.is_some_and(|day| day.year() >= world.year - 1))
            || !chased_years(file, world).is_empty()
    };
    let written_for = chased::written_for(reading, world)?;
    let places: HashMap<RecordId, usize> = files.iter().enumerate().map(|(place, file)| (file.id, place)).collect();
    for file in files {
        if file.people.iter().any(|person| person.belongs_here && written_for.contains(&person.id))
            && let Some(worked) = places.get(&file.id).and_then(|place| worked.get_mut(*place))
        {
            worked.rows.extend(chased::rows(reading, file.id, world)?);
        }
    }
    for file in files.iter().filter(|file| billed(file)) {
        // What others took the place of tells what was on file when a later sheet was printed.
        let home = BillFilter { household: Some(file.id), replaced: true, ..BillFilter::default() };
        let of_year = |year| bill::judge_year(reading, &world.packs, &home, year, world.today);
        // What nobody has written for yet is owed also when its year is over.
        let last = of_year(world.year - 1)?;
        let mut ends = last.ends;
        for year in chased_years(file, world) {
            ends.extend(of_year(year)?.ends);
        }
        let rows = ends.iter().flat_map(|end| of_end(end, world));
        if let Some(worked) = places.get(&file.id).and_then(|place| worked.get_mut(*place)) {
            worked.rows.extend(rows);
        }
        let now = of_year(world.year)?;
        if let Some(worked) = places.get(&file.id).and_then(|place| worked.get_mut(*place)) {
            for bills in [&last.bills, &now.bills] {
                worked.rows.extend(unseen(bills, world));
            }
        }
        let last = last.bills.into_iter().filter(|judged| judged.short() > Fen::ZERO);
        let bills: Vec<bill::Judged> = last.chain(now.bills).collect();
        let left = claim::Left::of(&bills);
        for judged in bills {
            let (id, person) = (judged.line.bill.id, judged.line.person);
            let (_, state) = claim::bill_standing(reading, &world.packs, &world.claims, &left, &judged)?;
            let to_claim = state == claim::Standing::In(claim::OPEN);
            let row = bill::row(&judged);
            // One payer's excess makes no other's shortage good: such a bill is both.
            let subject = claim::Subject::Bill(id);
            let over = !world.claims.matters.is_closed(subject, claim::Matter::Over, Fen(row.over));
            let found = [("shortfall", row.shortfall, to_claim), ("overpaid", row.over, over)];
            for (item, amount, _) in found.into_iter().filter(|(_, amount, waits)| *waits && *amount > 0) {
                let row = TodoRow {
                    item,
                    person: Some(person),
                    record: Some((Settlement::TYPE.id, id)),
                    detail: format!("{} · {}", row.hospital, row.why),
                    due: row.settled_on,
                    amount: Some(amount),
                    severity: 4,
                };
                if let Some(worked) = places.get(&file.id).and_then(|place| worked.get_mut(*place)) {
                    worked.rows.push(row);
                }
            }
        }
    }
    Ok(())
}
