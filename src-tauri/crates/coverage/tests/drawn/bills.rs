//! One bill, with amounts on both sides of what the pack names.

use chrono::Days;
use mingbai_coverage::{Area, Bill, Item, Kind, Level, Referral};
use mingbai_domain::Fen;

use super::{Dice, Drawn};

impl Drawn {
    /// Near a bound of the pack, or anywhere on several scales.
    pub(super) fn amount(&self, dice: &mut Dice) -> i64 {
        match dice.below(10) {
            0 => dice.below(30_000),
            1..4 => dice.pick(&self.amounts) + dice.below(5) - 2,
            4..7 => dice.below(3_000_000),
            7..9 => dice.below(20_000_000),
            _ if dice.one_in(40) => dice.below(1_100_000_000_000),
            _ => dice.below(80_000_000),
        }
    }

    /// One bill of a year, on its own and not yet numbered.
    pub(super) fn bill(&self, dice: &mut Dice, year: i32) -> Bill {
        let mut admitted_on = dice.day_of(year);
        if dice.one_in(30) {
            admitted_on = admitted_on - Days::new(40);
        }
        let stay = u64::try_from(if dice.one_in(15) { dice.below(200) } else { dice.below(15) }).expect("days");
        let wait = u64::try_from(dice.below(4)).expect("days");
        let mut discharged_on = admitted_on + Days::new(stay);
        let mut settled_on = discharged_on + Days::new(wait);
        if dice.one_in(200) {
            std::mem::swap(&mut admitted_on, &mut discharged_on);
        }
        if dice.one_in(200) {
            settled_on = settled_on - Days::new(7);
        }
        let kind = match dice.below(4) {
            0 | 1 => Kind::Inpatient,
            2 if !self.diseases.is_empty() => dice.pick(&self.diseases).1,
            _ => *dice.pick(Kind::ALL),
        };
        let level = if dice.one_in(2) { Level::Level3 } else { *dice.pick(Level::ALL) };
        let mut total = self.amount(dice);
        let share = |dice: &mut Dice, most: i64| {
            if dice.one_in(2) { 0 } else { total / 100 * dice.below(most) + dice.below(3) }
        };
        let (ownpay, overlimit) = (share(dice, 30), share(dice, 10));
        let mut preselfpay = Some(share(dice, 30)).filter(|_| !dice.one_in(40));
        let mut items = Vec::new();
        if !self.classes.is_empty() && dice.one_in(3) {
            for _ in 0..dice.below(4) {
                let class = if dice.one_in(60) { "unheard_of".to_owned() } else { dice.pick(&self.classes).clone() };
                items.push(Item { class, amount: Fen(total / 100 * dice.below(25) + dice.below(100)) });
            }
            preselfpay = preselfpay.filter(|_| dice.one_in(10));
        }
        let hospital_borne = if dice.one_in(8) { total / 100 * dice.below(20) } else { 0 };
        // The in-scope amount on the bound, not the total.
        if dice.one_in(3) {
            total += ownpay + overlimit + preselfpay.unwrap_or_default();
        }
        let cause = dice.one_in(25).then(|| match self.causes.as_slice() {
            [] => "unheard_of".to_owned(),
            causes => dice.pick(causes).clone(),
        });
        let sign = if dice.one_in(300) { -1 } else { 1 };
        let area = *dice.pick(Area::ALL);
        let referral = if dice.one_in(2) { Referral::None } else { *dice.pick(Referral::ALL) };
        let days = [admitted_on, discharged_on, settled_on];
        Bill {
            ownpay: Fen(ownpay * sign),
            overlimit: Fen(overlimit),
            preselfpay: preselfpay.map(Fen),
            items,
            hospital_borne: Fen(hospital_borne),
            cause,
            major_disease: dice.one_in(2),
            disease: self.disease(dice, kind),
            compensated: Fen(if dice.one_in(4) { total / 100 * dice.below(40) } else { 0 }),
            ..Bill::new("", kind, level, area, referral, days, Fen(total))
        }
    }

    /// Mostly one that is listed for this kind of care.
    fn disease(&self, dice: &mut Dice, kind: Kind) -> Option<String> {
        let listed: Vec<&String> = self.diseases.iter().filter(|(_, of)| *of == kind).map(|(key, _)| key).collect();
        match dice.below(30) {
            0 => None,
            1 => Some("unheard_of".to_owned()),
            2 if !self.diseases.is_empty() => Some(dice.pick(&self.diseases).0.clone()),
            _ if listed.is_empty() => None,
            _ => Some((*dice.pick(&listed)).clone()),
        }
    }
}
