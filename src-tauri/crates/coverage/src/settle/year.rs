//! A person's year from its facts: a late or corrected bill re-settles everything after it.

use serde::Serialize;

use super::chain::year_of;
use super::{Settlement, settle};
use crate::bill::{Bill, BillError};
use crate::history::History;
use crate::pack::Pack;
use crate::person::Person;

/// A bill that was not settled; it adds nothing to the year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Its place in the list handed in.
    pub index: usize,
    /// 票据号.
    pub bill: String,
    /// Why.
    pub error: BillError,
}

impl Serialize for Refused {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut shape = to.serialize_struct("Refused", 4)?;
        shape.serialize_field("index", &self.index)?;
        shape.serialize_field("bill", &self.bill)?;
        shape.serialize_field("field", &self.error.field())?;
        shape.serialize_field("message", &self.error.to_string())?;
        shape.end()
    }
}

/// A year settled in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct YearSettlement {
    /// The accepted bills in the order they were settled.
    pub settlements: Vec<Settlement>,
    /// The refused ones, each with its reason.
    pub refused: Vec<Refused>,
    /// The year after all of them.
    pub closing: History,
}

/// Settles bills of one year in order of settlement date, discharge, admission and number, whatever order they come in.
/// A bill that is refused does not stop the others.
#[must_use]
pub fn settle_year(pack: &Pack, person: &Person, opening: &History, bills: &[Bill]) -> YearSettlement {
    let mut order = Vec::new();
    in_order(bills, &mut order);
    let mut year = YearSettlement { settlements: Vec::new(), refused: Vec::new(), closing: opening.clone() };
    for index in order {
        let bill = &bills[index];
        match settle(pack, person, &year.closing, bill) {
            Ok(settlement) => {
                year.closing = settlement.after.clone();
                year.settlements.push(settlement);
            }
            Err(error) => year.refused.push(Refused { index, bill: bill.id.clone(), error }),
        }
    }
    year
}

/// Places of the bills in the order in which they are settled.
pub(super) fn in_order(bills: &[Bill], order: &mut Vec<usize>) {
    order.clear();
    order.extend(0..bills.len());
    order.sort_by(|&a, &b| bills[a].order().cmp(&bills[b].order()));
}

impl Pack {
    /// The calendar year a bill belongs to under this pack: by admission, discharge or settlement, as the pack says.
    ///
    /// # Errors
    /// [`BillError::OutsidePack`] or [`BillError::CrossesYear`].
    pub fn year_of(&self, bill: &Bill) -> Result<i32, BillError> {
        year_of(self, bill)
    }
}
