//! Bills that hang together: stays that go on under another bill, corrections of corrections, bills made void.

use chrono::{Datelike, Days, NaiveDate};
use mingbai_coverage::{Bill, Continuation, Continues, Level};
use mingbai_domain::Fen;

use super::{Dice, Drawn};

/// The number a bill that is drawn later will have.
fn number(place: usize) -> String {
    format!("{place:02}")
}

impl Drawn {
    /// Lets some bills go on with the stay of the one before, on the day it ended or the day after.
    pub(super) fn going_on(&self, dice: &mut Dice, bills: &mut [Bill]) {
        for place in 1..bills.len() {
            if !dice.one_in(4) {
                continue;
            }
            // Mostly the one right before, so that parts of a stay have further parts.
            let before = if dice.one_in(6) { dice.place(place) } else { place - 1 };
            let how = *dice.pick(Continuation::ALL);
            if how == Continuation::Period && dice.one_in(3) {
                last_days_of_the_year(dice, &mut bills[before]);
            }
            let earlier = bills[before].clone();
            let bill = &mut bills[place];
            let named = if dice.one_in(25) { dice.place(60) } else { before };
            bill.continues = Some(Continues { bill: number(named), how });
            if dice.one_in(12) {
                // Of another time and another kind of care: what a slip of the hand would make of it.
                continue;
            }
            bill.kind = earlier.kind;
            if how == Continuation::Period || dice.one_in(3) {
                bill.level = earlier.level;
            } else if dice.one_in(2) {
                bill.level = *dice.pick(Level::ALL);
            }
            bill.admitted_on = earlier.discharged_on + dice.days(2);
            bill.discharged_on = bill.admitted_on + dice.days(30);
            // Parts are settled one after the other, mostly with nothing in between.
            let wait = if dice.one_in(3) { dice.days(20) } else { dice.days(2) };
            bill.settled_on = bill.discharged_on.max(earlier.settled_on) + wait;
        }
    }

    /// Makes some bills void and corrects some, the corrections too.
    pub(super) fn corrected(&self, dice: &mut Dice, bills: &mut Vec<Bill>) {
        for _ in 0..bills.len() {
            if !dice.one_in(12) {
                continue;
            }
            let of = dice.place(bills.len());
            let mut correction = bills[of].clone();
            correction.id = number(bills.len());
            correction.replaces = Some(if dice.one_in(20) { "unheard of".to_owned() } else { bills[of].id.clone() });
            correction.total = Fen(self.amount(dice).max(correction.total.0 / 2));
            correction.preselfpay = Some(Fen::ZERO);
            correction.items.clear();
            if dice.one_in(5) {
                // What was wrong was the date.
                let days = dice.days(60);
                correction.discharged_on = correction.discharged_on + days;
                correction.settled_on = correction.settled_on + days;
            }
            bills.push(correction);
        }
        for bill in bills {
            bill.cancelled = dice.one_in(20);
        }
    }
}

/// Ends a stay on 31 December of its year, as one that goes on under another bill of the next year.
fn last_days_of_the_year(dice: &mut Dice, bill: &mut Bill) {
    let last = NaiveDate::from_ymd_opt(bill.admitted_on.year(), 12, 31).expect("a date");
    bill.admitted_on = last - Days::new(u64::try_from(dice.below(20)).expect("days"));
    bill.discharged_on = last;
    bill.settled_on = last;
}
