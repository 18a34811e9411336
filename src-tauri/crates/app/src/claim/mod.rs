//! 应报未报的追办: what payers still owe, the letter to the insurer, the answer, and the end: a correcting settlement, or a
//! decision with its reason.

mod bills;
mod ends;
mod group;
mod letter;
mod list;
mod matter;
mod note;
mod standing;

use std::collections::HashMap;

use mingbai_domain::RecordId;
use mingbai_domain::catalogue::{Claim, Settlement};
use mingbai_store::{Reading, Row};

pub(crate) use bills::{Left, bill_standing, made_good};
pub(crate) use ends::{end_standing, ended};
pub(crate) use group::groups;
pub(crate) use letter::letter;
pub(crate) use list::{ListedClaims, list};
pub(crate) use matter::{Matter, Matters, Subject};
pub(crate) use note::note;
pub(crate) use standing::{ANSWERED, CLOSED, Instead, OPEN, PAID, SENT, Standing, standing};

use crate::bill::{EndKey, chain};
use crate::error::AppError;

/// Days after which a letter without an answer is asked after.
pub(crate) const PATIENCE: i64 = 30;

/// What is being asked of payers, by what it is asked for.
#[derive(Default)]
pub(crate) struct Claims {
    /// By settlement.
    pub(crate) bills: HashMap<RecordId, Row<Claim>>,
    /// By the end of a person's year.
    pub(crate) ends: HashMap<EndKey, Row<Claim>>,
    /// What was decided where nothing is short.
    pub(crate) matters: Matters,
}

impl Claims {
    fn all(&self) -> impl Iterator<Item = &Claim> {
        self.bills.values().chain(self.ends.values()).map(|row| &row.record)
    }
}

/// Every claim. Two offices may each have begun one: the one that has come further is shown.
pub(crate) fn claims(reading: Reading<'_>) -> Result<Claims, AppError> {
    let mut rows = reading.all::<Claim>()?;
    rows.retain(|row| row.record.deleted != Some(true));
    rows.sort_by_key(|row| (standing::far(row.record.state.as_deref()), row.changed, row.id));
    let mut claims = Claims::default();
    for row in rows {
        if row.record.matter.is_some() {
            claims.matters.take(reading, row)?;
            continue;
        }
        let year = row.record.year.and_then(|year| i32::try_from(year).ok());
        match (row.record.settlement, row.record.person, year) {
            (Some(settlement), ..) => drop(claims.bills.insert(settlement, row)),
            (None, Some(person), Some(year)) => {
                let (person, applied) = (reading.canonical(person)?, row.record.applied == Some(true));
                claims.ends.insert(EndKey { person, year, applied }, row);
            }
            _ => {}
        }
    }
    Ok(claims)
}

/// The claim of a settlement, or of the one it takes the place of: what was asked for goes on with the new sheet.
pub(crate) fn claim_of<'c>(
    reading: Reading<'_>,
    claims: &'c Claims,
    bill: &Row<Settlement>,
) -> Result<Option<&'c Row<Claim>>, AppError> {
    if let Some(claim) = claims.bills.get(&bill.id) {
        return Ok(Some(claim));
    }
    let before = chain::before(reading, bill.record.corrects)?;
    Ok(before.iter().find_map(|row| claims.bills.get(&row.id)))
}
