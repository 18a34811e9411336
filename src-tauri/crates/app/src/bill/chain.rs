//! Settlements that take the place of others (冲销后重新结算): what stood before one, and what came after.

use chrono::NaiveDate;
use mingbai_domain::RecordId;
use mingbai_domain::catalogue::Settlement;
use mingbai_store::{Reading, Row};

use crate::error::AppError;

/// No sheet is corrected more often; whoever points in a circle gets no further.
const MOST: usize = 16;

/// Everything a settlement that `corrects` another takes the place of, the nearest first.
pub(crate) fn before(reading: Reading<'_>, corrects: Option<RecordId>) -> Result<Vec<Row<Settlement>>, AppError> {
    let mut chain: Vec<Row<Settlement>> = Vec::new();
    let mut next = corrects;
    while let Some(id) = next.filter(|_| chain.len() < MOST) {
        let Some(row) = reading.get::<Settlement>(id)? else { break };
        next = row.record.corrects;
        chain.push(row);
    }
    Ok(chain)
}

/// The day whose place a bill has in its year: one that corrects another stands where that one stood.
pub(crate) fn turn(reading: Reading<'_>, bill: &Row<Settlement>) -> Result<Option<NaiveDate>, AppError> {
    let before = before(reading, bill.record.corrects)?;
    Ok(before.iter().fold(bill.record.settled_on, |day, row| row.record.settled_on.or(day)))
}

/// Everything that took the place of a settlement, in its order.
pub(crate) fn after(reading: Reading<'_>, of: RecordId) -> Result<Vec<Row<Settlement>>, AppError> {
    let mut chain: Vec<Row<Settlement>> = Vec::new();
    let mut id = of;
    while chain.len() < MOST {
        let taken = reading.rows_where::<Settlement>("corrects", &id)?;
        let Some(row) = taken.into_iter().find(|row| row.id != id) else { break };
        id = row.id;
        chain.push(row);
    }
    Ok(chain)
}
