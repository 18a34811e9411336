//! The days of a whole admission that is billed in parts: who holds an identity on any of them holds it for every part.

use std::borrow::Cow;

use chrono::NaiveDate;

use super::year::in_order;
use crate::bill::{Bill, WholeStay};
use crate::pack::Pack;
use crate::pack::Transfer;
use crate::vocabulary::Continuation;

type Days = (NaiveDate, NaiveDate);

/// For each of a person's bills, of whatever years, the days of the admission it is a part of; nothing for a bill that is
/// an admission of its own. To be asked of the bills that count: a cancelled one joins nothing.
#[must_use]
pub fn whole_stays(bills: &[&Bill]) -> Vec<Option<WholeStay>> {
    let links: Vec<(usize, usize, Continuation)> = bills
        .iter()
        .enumerate()
        .filter_map(|(place, bill)| {
            let continues = bill.continues.as_ref()?;
            let before = (0..bills.len()).find(|&other| other != place && bills[other].id == continues.bill)?;
            Some((place, before, continues.how))
        })
        .collect();
    if links.is_empty() {
        return vec![None; bills.len()];
    }
    let days = |joins: &dyn Fn(Continuation) -> bool| {
        let mut days: Vec<Days> = bills.iter().map(|bill| (bill.admitted_on, bill.discharged_on)).collect();
        let mut moved = true;
        while moved {
            moved = false;
            for &(one, other, _) in links.iter().filter(|(.., how)| joins(*how)) {
                let both = (days[one].0.min(days[other].0), days[one].1.max(days[other].1));
                moved |= days[one] != both || days[other] != both;
                (days[one], days[other]) = (both, both);
            }
        }
        days
    };
    let (periods, transfers) = (days(&|how| how == Continuation::Period), days(&|_| true));
    let joined = |place: usize| links.iter().any(|(one, other, _)| *one == place || *other == place);
    let found = periods.into_iter().zip(transfers).enumerate();
    found.map(|(place, (periods, transfers))| joined(place).then_some(WholeStay { periods, transfers })).collect()
}

/// The same bills, each knowing its whole stay as far as these tell; what a bill knows already is kept.
pub(crate) fn knowing_their_stays(bills: &[Bill]) -> Cow<'_, [Bill]> {
    if bills.iter().all(|bill| bill.continues.is_none()) {
        return Cow::Borrowed(bills);
    }
    let mut order = Vec::new();
    in_order(bills, &mut order);
    let counted: Vec<&Bill> = order.iter().map(|&place| &bills[place]).collect();
    let stays = whole_stays(&counted);
    let mut known = bills.to_vec();
    for (place, stay) in order.into_iter().zip(stays) {
        let bill = &mut known[place];
        bill.whole_stay = bill.whole_stay.or(stay);
    }
    Cow::Owned(known)
}

impl Pack {
    /// The days of the stay that a bill is for or a part of, as this pack joins parts.
    pub(super) fn days_of_stay(&self, bill: &Bill) -> Days {
        match bill.whole_stay.filter(|_| self.stays.admission_kinds.contains(bill.kind)) {
            None => (bill.admitted_on, bill.discharged_on),
            Some(whole) => match self.stays.transfer {
                Transfer::OneAdmission => whole.transfers,
                Transfer::NewAdmission => whole.periods,
            },
        }
    }
}
