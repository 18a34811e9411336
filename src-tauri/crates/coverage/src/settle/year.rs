//! A person's year from its facts: a late or corrected bill re-settles everything after it.

use serde::Serialize;

use super::chain::year_of;
use super::whole_stay::knowing_their_stays;
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

/// Why a bill no longer counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Aside {
    /// 作废.
    Cancelled,
    /// 更正: the number of the bill that takes its place.
    ReplacedBy(String),
}

/// A bill that is not settled because it no longer counts; it adds nothing to the year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SetAside {
    /// Its place in the list handed in.
    pub index: usize,
    /// 票据号.
    pub bill: String,
    /// Why.
    pub why: Aside,
}

/// A year settled in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct YearSettlement {
    /// The accepted bills in the order they were settled.
    pub settlements: Vec<Settlement>,
    /// The refused ones, each with its reason.
    pub refused: Vec<Refused>,
    /// Those that no longer count: cancelled, or replaced by another.
    pub aside: Vec<SetAside>,
    /// The year after all of them.
    pub closing: History,
}

/// Settles bills of one year in order of settlement date, discharge, admission and number, whatever order they come in; a stay
/// that goes on with another comes after it also when it was settled first. A bill that is refused does not stop the others.
#[must_use]
pub fn settle_year(pack: &Pack, person: &Person, opening: &History, bills: &[Bill]) -> YearSettlement {
    let bills = &*knowing_their_stays(bills);
    let mut order = Vec::new();
    in_order(bills, &mut order);
    let aside = set_aside(bills);
    let (mut settlements, mut refused) = (Vec::<Settlement>::new(), Vec::new());
    for index in order {
        let bill = &bills[index];
        let before = settlements.last().map_or(opening, |settlement| &settlement.after);
        match settle(pack, person, before, bill) {
            Ok(settlement) => settlements.push(settlement),
            Err(error) => refused.push(Refused { index, bill: bill.id.clone(), error }),
        }
    }
    let closing = settlements.last().map_or(opening, |settlement| &settlement.after).clone();
    YearSettlement { settlements, refused, aside, closing }
}

/// Which bill takes the place of this one, or that it is cancelled. A cancelled correction corrects nothing.
fn aside(bills: &[Bill], bill: &Bill) -> Option<Aside> {
    if bill.cancelled {
        return Some(Aside::Cancelled);
    }
    let replaces = |other: &&Bill| !other.cancelled && other.id != bill.id && other.replaces.as_ref() == Some(&bill.id);
    bills.iter().find(replaces).map(|other| Aside::ReplacedBy(other.id.clone()))
}

/// The bills of a list that no longer count.
pub(crate) fn set_aside(bills: &[Bill]) -> Vec<SetAside> {
    let each = bills.iter().enumerate();
    each.filter_map(|(index, bill)| Some(SetAside { index, bill: bill.id.clone(), why: aside(bills, bill)? })).collect()
}

/// Whether bills stand in the order in which they are settled already and all of them count.
pub(super) fn stand_in_order(bills: &[Bill]) -> bool {
    let mut before: Option<&Bill> = None;
    bills.iter().all(|bill| {
        let plain = !bill.cancelled && bill.replaces.is_none() && bill.continues.is_none();
        before.replace(bill).is_none_or(|before| before.order() <= bill.order()) && plain
    })
}

/// Places of the bills that count, in the order in which they are settled.
pub(crate) fn in_order(bills: &[Bill], order: &mut Vec<usize>) {
    order.clear();
    order.extend(0..bills.len());
    if bills.iter().any(|bill| bill.cancelled || bill.replaces.is_some()) {
        order.retain(|&place| aside(bills, &bills[place]).is_none());
    }
    turn(order, |place| &bills[place]);
}

/// Places of bills in the order in which they are settled: by [`Bill::order`], and a bill that goes on with another's stay
/// as soon as that one is settled, whatever their days. Bills that name each other in a circle stay where their days put
/// them.
#[must_use]
pub fn in_turn(bills: &[&Bill]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..bills.len()).collect();
    turn(&mut order, |place| bills[place]);
    order
}

fn turn<'b>(order: &mut [usize], bill: impl Fn(usize) -> &'b Bill) {
    let when = |place: &usize| bill(*place).order();
    // Most lists come in order already.
    if !order.is_sorted_by_key(when) {
        order.sort_by(|a, b| when(a).cmp(&when(b)));
    }
    if order.iter().all(|&place| bill(place).continues.is_none()) {
        return;
    }
    let named = |place: usize| {
        let of = bill(place).continues.as_ref()?;
        order.iter().copied().find(|&other| other != place && bill(other).id == of.bill)
    };
    // Who names each other in a circle waits for nobody: which of them came first would be a matter of chance.
    let circles = |place: usize| {
        let chain = std::iter::successors(named(place), |&place| named(place));
        chain.take(order.len()).any(|other| other == place)
    };
    let waits: Vec<Option<usize>> = order.iter().map(|&place| named(place).filter(|_| !circles(place))).collect();
    let mut left: Vec<(usize, Option<usize>)> = order.iter().copied().zip(waits).collect();
    for place in order.iter_mut() {
        let free =
            |(_, waits): &(usize, Option<usize>)| waits.is_none_or(|of| left.iter().all(|(other, _)| *other != of));
        // Somebody is always free, for nobody waits in a circle.
        let next = left.iter().position(free).unwrap_or_default();
        *place = left.remove(next).0;
    }
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
