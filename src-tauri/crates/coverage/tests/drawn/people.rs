//! Who is drawn: identities, enrolments and certificates that begin and end in the middle of things.

use chrono::Days;
use mingbai_coverage::{Certificate, Enrolment, IdentityPeriod, Person, Uninsured};

use super::{Dice, Drawn};

impl Drawn {
    pub(super) fn person(&self, dice: &mut Dice, year: i32) -> Person {
        let mut identities = Vec::new();
        for identity in self.identities.iter().chain(&["monitored".to_owned()]) {
            let periods = if dice.one_in(3) { 1 + dice.below(2) } else { 0 };
            for _ in 0..periods {
                let end = |dice: &mut Dice| dice.one_in(2).then(|| dice.day_of(year));
                let (from, until) = (end(dice), end(dice));
                identities.push(IdentityPeriod { identity: identity.clone(), from, until });
            }
        }
        let age = i32::try_from(dice.below(100)).expect("an age");
        let born = (!dice.one_in(20)).then(|| dice.day_of(year - age));
        let enrolments = if dice.one_in(2) { 0 } else { 1 + dice.below(2) };
        let enrolments = (0..enrolments).map(|_| enrolment(dice, year)).collect();
        let certificates = self.certificates(dice, year);
        let employees = if dice.one_in(12) { vec![year] } else { Vec::new() };
        let uninsured = if dice.one_in(5) { vec![not_insured(dice, year)] } else { Vec::new() };
        let registered = dice.one_in(5);
        Person { identities, born, enrolments, certificates, employees, uninsured, registered }
    }

    fn certificates(&self, dice: &mut Dice, year: i32) -> Vec<Certificate> {
        let mut certificates = Vec::new();
        let unknown = (String::from("unheard_of"), mingbai_coverage::Kind::TwoDisease);
        for (disease, _) in self.diseases.iter().chain([&unknown]) {
            let periods = if dice.one_in(3) { 0 } else { 1 + dice.below(2) };
            for _ in 0..periods {
                let from = if dice.one_in(3) { dice.day_of(year) } else { dice.day_of(year - 1) };
                let until = dice.one_in(3).then(|| from + dice.days(500));
                certificates.push(Certificate { disease: disease.clone(), from, until });
            }
        }
        certificates
    }
}

fn not_insured(dice: &mut Dice, year: i32) -> Uninsured {
    let from = if dice.one_in(2) { dice.day_of(year) } else { dice.day_of(year - 1) };
    Uninsured { from, until: from + dice.days(500) }
}

fn enrolment(dice: &mut Dice, year: i32) -> Enrolment {
    let from = if dice.one_in(2) { dice.day_of(year) } else { dice.day_of(year - 1) };
    let mut years = |most: i64| u32::try_from(dice.below(most)).expect("years");
    let (gap_years, repaid_years) = (years(6), years(4));
    Enrolment {
        from,
        until: dice.one_in(3).then(|| {
            let most = if dice.one_in(3) { 12 } else { 500 };
            from + Days::new(u64::try_from(dice.below(most)).expect("days"))
        }),
        paid_on: dice.one_in(3).then_some(from),
        late: (!dice.one_in(4)).then(|| dice.one_in(3)),
        gap_years: (!dice.one_in(5)).then(|| if dice.one_in(2) { 0 } else { gap_years }),
        entitled_from: dice.one_in(6).then(|| from + Days::new(u64::try_from(dice.below(120)).expect("days"))),
        repaid_years,
        special: dice.one_in(10),
        from_employees: dice.one_in(5),
    }
}
