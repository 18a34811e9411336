//! One bill: what is in scope, who pays, what is left.

use chrono::{Datelike, NaiveDate};
use mingbai_coverage::{Bill, Referral};
use toml::{Table, Value};

use super::diseases::Illness;
use super::fraction::{Fraction, NOTHING};
use super::met::Met;
use super::rows::{Facts, applies, can_be, holds, lists, row, rows, text, yes};
use super::stays::GoesOn;
use super::{Left, Life, Outcome, Past};

/// What payers are told of a bill.
pub(super) struct Visit<'a> {
    pub(super) facts: Facts<'a>,
    pub(super) in_scope: Fraction,
    pub(super) compensated: Fraction,
    pub(super) illness: Option<Illness<'a>>,
    pub(super) goes_on: Option<GoesOn>,
}

/// Whether any condition of the pack looks at the age.
pub(super) fn asks_age(pack: &Table) -> bool {
    fn inside(value: &Value) -> bool {
        match value {
            Value::Table(table) => table.iter().any(|(key, value)| key.starts_with("age_") || inside(value)),
            Value::Array(list) => list.iter().any(inside),
            _ => false,
        }
    }
    pack.values().any(inside)
}

impl<'a> Life<'a> {
    /// 先行自付 as printed, or from the items; `None` when neither is there or they contradict each other.
    fn preselfpay(&self, bill: &Bill) -> Option<Fraction> {
        let printed = bill.preselfpay.map(|printed| Fraction::whole(printed.0));
        if bill.items.is_empty() {
            return printed;
        }
        let (mut all, mut first) = (NOTHING, NOTHING);
        for item in &bill.items {
            let class = rows(self.pack, "item_class").into_iter().find(|class| text(class, "key") == item.class)?;
            all = all + Fraction::whole(item.amount.0);
            first = first + Fraction::whole(item.amount.0) * Fraction::share(text(class, "prepay"));
        }
        let in_catalogue = Fraction::whole(bill.total.0 - bill.ownpay.0 - bill.overlimit.0);
        let derived = first.rounded();
        (all <= in_catalogue && printed.is_none_or(|printed| printed == derived)).then_some(derived)
    }

    fn age_on(&self, day: NaiveDate) -> Option<i64> {
        let born = self.person.born?;
        let before_birthday = (day.month(), day.day()) < (born.month(), born.day());
        let age = i64::from(day.year()) - i64::from(born.year()) - i64::from(before_birthday);
        (age >= 0).then_some(age)
    }

    /// Amounts, dates and sums of the year so far that can be.
    fn believable(&self, bill: &Bill) -> bool {
        let printed = bill.preselfpay.map_or(0, |printed| printed.0);
        let amounts =
            [bill.total.0, bill.ownpay.0, bill.overlimit.0, printed, bill.hospital_borne.0, bill.compensated.0];
        let items = bill.items.iter().map(|item| item.amount.0);
        let in_order = bill.admitted_on <= bill.discharged_on && bill.discharged_on <= bill.settled_on;
        let age = !self.asks_age || self.age_on(bill.admitted_on).is_some();
        amounts.into_iter().chain(items).all(can_be) && in_order && self.can_be() && age
    }

    /// One bill; nothing for one that is refused.
    pub(super) fn bill(&mut self, bill: &Bill) -> Option<Outcome> {
        if !self.believable(bill) {
            return None;
        }
        let keys = self.keys();
        let mut met = Vec::new();
        let referral = self.pack["referral"].as_table().expect("a table");
        let unreferred = (bill.referral == Referral::Unreferred).then(|| text(referral, "unreferred"));
        let (first, last) = match text(self.pack, "identity_moment") {
            "stay" => self.days_of_all_parts(bill),
            "admission" => (bill.admitted_on, bill.admitted_on),
            _ => (bill.settled_on, bill.settled_on),
        };

        // 慢特病、两病 without a valid certificate is ordinary outpatient care, or nobody pays; it is for no certified disease.
        let mut disease = self.disease(bill)?;
        let mut kind = bill.kind.code();
        let mut paid_for = true;
        if let Some(row) = disease.filter(|row| text(row, "certificate") == "needed") {
            let certified = self.certified(row, bill.admitted_on);
            met.push(if certified { Met::Certified } else { Met::Uncertified });
            if !certified {
                disease = None;
                match text(self.pack, "uncertified") {
                    "as_outpatient" => kind = "outpatient",
                    _ => paid_for = false,
                }
            }
        }

        let total = Fraction::whole(bill.total.0);
        let facts = Facts {
            kind,
            level: bill.level.code(),
            area: bill.area.code(),
            referral: bill.referral.code(),
            identities: self.identities(first, last, unreferred == Some("as_ordinary")),
            nth: 1,
            total,
            age: self.age_on(bill.admitted_on),
            major: bill.major_disease,
            disease: disease.map(|row| text(row, "key")),
            base: None,
            income: self.income(),
            rounding: text(self.pack, "rounding"),
        };
        if self.not_in_the_pack(bill, &facts) {
            return None;
        }

        // 政策范围内 = 总费用 − 全自费 − 超限价 − 先行自付, then what a referral takes first.
        let mut preselfpay = self.preselfpay(bill)?;
        let outside = Fraction::whole(bill.ownpay.0) + Fraction::whole(bill.overlimit.0);
        let mut in_scope = total - outside - preselfpay;
        if in_scope < NOTHING {
            return None;
        }
        if let Some(row) = row(referral, "prepay", &facts) {
            let taken = (in_scope * Fraction::share(text(row, "share"))).rounded();
            preselfpay = preselfpay + taken;
            in_scope = in_scope - taken;
        }

        if let Some(cause) = &bill.cause {
            rows(self.pack, "excluded_cause").into_iter().find(|listed| text(listed, "key") == cause)?;
        }
        let covered = bill.cause.is_none() && unreferred != Some("not_covered") && paid_for;
        // Where nothing is paid at all, waiting asks nothing.
        let mut of_insurance = Vec::new();
        let unpaid = if covered { self.unpaid(bill, &facts, &mut of_insurance) } else { Some(Vec::new()) };
        // Of a bill that is refused for it, too.
        self.met.extend(of_insurance);
        let unpaid = unpaid?;
        let goes_on = self.goes_on(bill, kind)?;
        let illness = disease.map(|row| self.illness(row, bill.admitted_on));
        let visit = Visit { facts, in_scope, compensated: Fraction::whole(bill.compensated.0), illness, goes_on };
        let mut insured_stay = true;
        let mut left = Left { in_scope, beyond_caps: NOTHING, preselfpay };
        let mut turns = Vec::new();
        if covered {
            for payer in rows(self.pack, "payer") {
                if unpaid.iter().any(|key| key == text(payer, "key")) {
                    // A stay the basic fund must not look at is no admission of its year.
                    insured_stay &= text(payer, "column") != "basic" || !applies(payer, &visit.facts);
                    continue;
                }
                let turn = self.turn(payer, &visit, &mut left, &turns, &mut met)?;
                turns.extend(turn);
            }
            self.ceiling(&visit.facts, in_scope, &mut left, &mut turns);
            for payer in rows(self.pack, "payer") {
                let last = text(payer, "annual_base") == "after_immediate";
                if let Some(turn) = turns.iter_mut().find(|turn| last && turn.key == text(payer, "key")) {
                    let also = if yes(payer, "base_includes_preselfpay") { left.preselfpay } else { NOTHING };
                    let off = if yes(payer, "less_compensation") { visit.compensated } else { NOTHING };
                    turn.base = (left.in_scope + also - off).max(NOTHING);
                }
            }
        }

        let in_scope_left = left.in_scope + left.beyond_caps;
        let personal = outside + left.preselfpay + in_scope_left - Fraction::whole(bill.hospital_borne.0);
        if personal < NOTHING {
            return None;
        }
        let paid = |key: &String| {
            let turn = turns.iter().find(|turn| turn.key == *key);
            turn.map_or((key.clone(), 0, 0), |turn| (key.clone(), turn.paid.fen(), turn.on_preselfpay.fen()))
        };
        let outcome = Outcome {
            preselfpay: preselfpay.fen(),
            in_scope: in_scope.fen(),
            payers: keys.iter().map(paid).collect(),
            in_scope_personal: in_scope_left.fen(),
            preselfpay_personal: left.preselfpay.fen(),
            personal: personal.fen(),
        };
        if let Some(goes_on) = &visit.goes_on {
            met.push(goes_on.met());
            met.extend((self.past[goes_on.parts[0]].year < self.year).then_some(Met::OverNewYear));
        }
        let stay = self.is_stay(kind);
        let counts = stay && covered && insured_stay && !self.admitted_before(visit.goes_on.as_ref());
        let of_the_year = |amount: Fraction| if covered { amount } else { NOTHING };
        self.past.push(Past {
            number: bill.id.clone(),
            year: self.year,
            day: bill.admitted_on,
            stay,
            admitted_at: counts.then(|| bill.level.code()),
            goes_on_from: visit.goes_on.map(|goes_on| goes_on.parts[0]),
            disease,
            turns,
            in_scope_left: of_the_year(in_scope_left),
            preselfpay_left: of_the_year(left.preselfpay),
        });
        self.met.extend(met);
        Some(outcome)
    }

    /// Parts the pack says it leaves out, stays it wants in parts.
    fn not_in_the_pack(&self, bill: &Bill, facts: &Facts<'_>) -> bool {
        // 没有一个支付方写到的就诊类别，没有取得的部分也没有写，退回。
        let names = |condition: &Table| condition.get("kind").is_some_and(|kinds| lists(kinds, facts.kind));
        let for_it = |condition: &Table| !condition.contains_key("kind") || names(condition);
        let all = rows(self.pack, "payer");
        let (with_bills, yearly): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|payer| text(payer, "settle") == "immediate");
        // 年终才结算的不决定一类就诊由谁支付，除非只有它们。
        let paid = if with_bills.is_empty() { yearly } else { with_bills }
            .into_iter()
            .any(|payer| payer["when"].as_str() == Some("always") || rows(payer, "when").into_iter().any(for_it));
        if !paid && !rows(self.pack, "partial").into_iter().any(names) {
            return true;
        }
        let left_out = rows(self.pack, "partial");
        let refuses = left_out.into_iter().any(|gap| text(gap, "effect") == "refuse" && holds(gap, facts));
        let days = (bill.discharged_on - bill.admitted_on).num_days();
        let long = row(self.pack, "long_stay", facts)
            .is_some_and(|row| self.is_stay(facts.kind) && row["days"].as_integer().is_some_and(|most| days > most));
        refuses || long
    }
}
