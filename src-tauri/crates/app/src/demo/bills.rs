//! This year's bills: plausible sums, and what every payer paid by the policy pack, bill after bill.

use chrono::NaiveDate;
use mingbai_coverage::{
    Area, Bill, BillError, Column, History, IdentityPeriod, Kind, Level, Pack, Paid, Person, Referral, Settlement,
    settle,
};
use mingbai_domain::Fen;

use super::DemoError;
use super::care::{back, new_year};
use super::dice::Dice;
use super::model::{DemoBill, DemoHousehold, DemoPerson};
use super::place::{
    CHILDREN_HOSPITAL, CITY_HOSPITAL, COUNTY_HOSPITAL, OUTSIDE_CHILDREN, OUTSIDE_HOSPITAL, REGION_HOSPITAL,
};

/// Where a stay takes place.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stay {
    Township,
    County,
    City,
    Region,
    Outside,
    OutsideUnreferred,
}

impl Stay {
    fn terms(self) -> (Level, Area, Referral) {
        match self {
            Self::Township => (Level::Township, Area::County, Referral::None),
            Self::County => (Level::Level2, Area::County, Referral::None),
            Self::City => (Level::Level3, Area::City, Referral::None),
            Self::Region => (Level::Level3, Area::Province, Referral::Referred),
            Self::Outside => (Level::Level3, Area::Outside, Referral::Referred),
            Self::OutsideUnreferred => (Level::Level3, Area::Outside, Referral::Unreferred),
        }
    }

    fn hospital(self, health_centre: &str, child: bool) -> String {
        match self {
            Self::Township => health_centre,
            Self::County => COUNTY_HOSPITAL,
            Self::City => CITY_HOSPITAL,
            Self::Region if child => CHILDREN_HOSPITAL,
            Self::Region => REGION_HOSPITAL,
            Self::Outside | Self::OutsideUnreferred if child => OUTSIDE_CHILDREN,
            Self::Outside | Self::OutsideUnreferred => OUTSIDE_HOSPITAL,
        }
        .to_owned()
    }

    /// Least and most yuan of a stay.
    fn cost(self, dice: &mut Dice) -> i64 {
        match self {
            Self::Township => dice.between(1_200, 4_600),
            Self::County => dice.between(3_200, 19_000),
            Self::City => {
                let (low, high) = dice.weighted(&[
                    (44, (5_600, 13_000)),
                    (30, (13_000, 29_000)),
                    (18, (32_000, 68_000)),
                    (8, (70_000, 140_000)),
                ]);
                dice.between(low, high)
            }
            _ => dice.between(18_000, 120_000),
        }
    }
}

/// The person as the rules look at them: identities since the household was recognised.
#[must_use]
pub(super) fn insured(household: &DemoHousehold, person: &DemoPerson) -> Person {
    let since = Some(household.recognised_on);
    let held = person.identities().into_iter();
    Person {
        identities: held.map(|code| IdentityPeriod { identity: code.to_owned(), from: since, until: None }).collect(),
        born: Some(person.birth),
        ..Person::default()
    }
}

/// Why somebody goes to hospital, and where.
struct Reason {
    disease: String,
    icd10: String,
    stays: Vec<Stay>,
}

/// Gives the township's people at least `target` bills (a few more, so that nobody's course of treatment is cut off).
pub(super) fn write_bills(
    dice: &mut Dice,
    today: NaiveDate,
    health_centre: &str,
    households: &mut [DemoHousehold],
    target: usize,
) {
    let mut candidates: Vec<(usize, usize)> = households
        .iter()
        .enumerate()
        .flat_map(|(h, household)| (0..household.members.len()).map(move |m| (h, m)))
        .filter(|(h, m)| households[*h].members[*m].bills.is_empty())
        .collect();
    dice.shuffle(&mut candidates);
    // Heavy diseases first, then the rest: that is who is in hospital.
    candidates.sort_by_key(|(h, m)| !needs_hospital(&households[*h].members[*m]));
    let mut unreferred = false;
    let mut written: usize = households.iter().flat_map(|h| &h.members).map(|p| p.bills.len()).sum();
    for (h, m) in candidates {
        if written >= target {
            return;
        }
        let Some(person) = households.get_mut(h).and_then(|household| household.members.get_mut(m)) else { continue };
        let insured =
            person.id.is_some() && person.enrolment.as_ref().is_some_and(|e| e.insured && e.insurance != "职工");
        if !insured || (needs_hospital(person) && dice.percent(20)) {
            continue;
        }
        let mut reason = reason(dice, today, person);
        if !unreferred && written > target / 2 && reason.stays == [Stay::Outside] {
            reason.stays = vec![Stay::OutsideUnreferred];
            unreferred = true;
        }
        let stays = reason.stays.len();
        for (place, stay) in reason.stays.iter().enumerate() {
            let (admitted, discharged) = dates(dice, today, place, stays);
            let bill = priced(dice, *stay, admitted, discharged);
            let child = person.age(today) < 15;
            person.bills.push(unsettled(bill, stay.hospital(health_centre, child), &reason.disease, &reason.icd10));
        }
        written += stays;
    }
}

/// Numbers the bills of a township in the order in which they were settled: JS2026 1 00001.
pub(super) fn number_bills(today: NaiveDate, township: usize, households: &mut [DemoHousehold]) {
    let mut all: Vec<&mut DemoBill> =
        households.iter_mut().flat_map(|h| &mut h.members).flat_map(|p| &mut p.bills).collect();
    all.sort_by_key(|b| (b.bill.settled_on, b.bill.total));
    for (number, bill) in all.into_iter().enumerate() {
        bill.bill.id = format!("JS{}{}{:05}", today.format("%Y"), township + 1, number + 1);
    }
}

fn needs_hospital(person: &DemoPerson) -> bool {
    person.diseases.iter().any(|d| d.class == "大病" && d.treatment != "未治")
}

fn reason(dice: &mut Dice, today: NaiveDate, person: &DemoPerson) -> Reason {
    let major = person.diseases.iter().find(|d| d.class == "大病" && d.treatment != "未治");
    if let Some(disease) = major {
        let lasting = disease.icd10.starts_with('C') || disease.icd10.starts_with("N18");
        let first = dice.weighted(&[
            (66, Stay::City),
            (15, Stay::Region),
            (7, Stay::Outside),
            (9, Stay::County),
            (3, Stay::Township),
        ]);
        let mut stays = vec![first];
        if first == Stay::City && dice.percent(if lasting { 85 } else { 38 }) {
            stays.push(Stay::City);
            if lasting && dice.percent(45) {
                stays.push(Stay::City);
            }
        }
        return Reason { disease: disease.name.to_owned(), icd10: disease.icd10.to_owned(), stays };
    }
    let first = dice.weighted(&[(62, Stay::City), (22, Stay::County), (16, Stay::Township)]);
    let stays = if first == Stay::City && dice.percent(30) { vec![first, first] } else { vec![first] };
    if let Some(disease) = person.diseases.first() {
        return Reason { disease: disease.name.to_owned(), icd10: disease.icd10.to_owned(), stays };
    }
    let common: &[(&str, &str)] = if person.age(today) < 15 {
        &[("支气管肺炎", "J18.000"), ("急性阑尾炎", "K35.900"), ("前臂骨折", "S52.900")]
    } else {
        &[
            ("肺部感染", "J98.414"),
            ("急性胆囊炎", "K81.000"),
            ("股骨颈骨折", "S72.000"),
            ("急性阑尾炎", "K35.900"),
            ("肾结石", "N20.000"),
        ]
    };
    let (disease, icd10) = dice.pick(common);
    Reason { disease: disease.to_owned(), icd10: icd10.to_owned(), stays }
}

/// Stay `place` of `stays` of a year, each in its own part of it, so that stays never overlap.
fn dates(dice: &mut Dice, today: NaiveDate, place: usize, stays: usize) -> (NaiveDate, NaiveDate) {
    let elapsed = (today - new_year(today)).num_days();
    let (place, stays) = (i64::try_from(place).unwrap_or_default(), i64::try_from(stays).unwrap_or(1).max(1));
    let (first, last) = (elapsed * place / stays, (elapsed * (place + 1) / stays - 2).max(elapsed * place / stays));
    let days = dice.between(4, 19).min(last - first);
    let from = dice.between(first, last - days);
    (back(new_year(today), -from), back(new_year(today), -(from + days)))
}

/// A bill with its sums: own pay, over-limit, pre-self-pay and the rest add up to the total.
fn priced(dice: &mut Dice, stay: Stay, admitted_on: NaiveDate, discharged_on: NaiveDate) -> Bill {
    let (level, area, referral) = stay.terms();
    let total = Fen(stay.cost(dice) * 100 + dice.between(0, 99));
    let share = |dice: &mut Dice, low, high| Fen(total.0 * dice.between(low, high) / 1_000);
    let ownpay = share(dice, 8, 52);
    let overlimit = if dice.percent(30) { share(dice, 1, 9) } else { Fen::ZERO };
    let preselfpay = share(dice, 22, 88);
    let days = [admitted_on, discharged_on, discharged_on];
    let bill = Bill::new("", Kind::Inpatient, level, area, referral, days, total);
    Bill { ownpay, overlimit, preselfpay: Some(preselfpay), ..bill }
}

/// A bill before anybody paid.
pub(super) fn unsettled(bill: Bill, hospital: String, disease: &str, icd10: &str) -> DemoBill {
    let in_scope = bill.total - bill.ownpay - bill.overlimit - bill.preselfpay.unwrap_or_default();
    DemoBill {
        personal: bill.total,
        hospital,
        disease: disease.to_owned(),
        icd10: icd10.to_owned(),
        in_scope,
        paid: Paid::new(),
        by_pack: false,
        deposit: Fen::ZERO,
        bill,
    }
}

/// What a stay in the city costs when its sums are given, in yuan.
pub(super) fn city_stay(
    admitted_on: NaiveDate,
    discharged_on: NaiveDate,
    total: i64,
    ownpay: i64,
    preselfpay: i64,
) -> Bill {
    let days = [admitted_on, discharged_on, discharged_on];
    let total = Fen::from_yuan(total);
    Bill {
        ownpay: Fen::from_yuan(ownpay),
        preselfpay: Some(Fen::from_yuan(preselfpay)),
        ..Bill::new("", Kind::Inpatient, Level::Level3, Area::City, Referral::None, days, total)
    }
}

/// Lets the payers pay what the pack says, each person's year in order.
pub(super) fn pay(pack: &Pack, household: &mut DemoHousehold) -> Result<(), DemoError> {
    let people: Vec<Person> = household.members.iter().map(|person| insured(household, person)).collect();
    for (person, insured) in household.members.iter_mut().zip(people) {
        let mut year: Option<History> = None;
        person.bills.sort_by(|a, b| a.bill.order().cmp(&b.bill.order()));
        for bill in &mut person.bills {
            let of_year = pack.year_of(&bill.bill).map_err(|error| refused(bill, error))?;
            let history = year.take().filter(|h| h.year == of_year).unwrap_or_else(|| History::empty(of_year));
            match settle(pack, &insured, &history, &bill.bill) {
                Ok(settlement) => {
                    bill.by_pack = true;
                    let paid = paid_of(&settlement);
                    book(bill, paid);
                    year = Some(settlement.after);
                }
                // The pack is silent about this level: what the window paid cannot be checked, and is printed all the same.
                Err(BillError::NoRule { .. } | BillError::NotInPack { .. }) => {
                    let paid = paid_without_rule(bill);
                    book(bill, paid);
                    year = Some(history);
                }
                Err(error) => return Err(refused(bill, error)),
            }
        }
    }
    Ok(())
}

fn refused(bill: &DemoBill, error: BillError) -> DemoError {
    DemoError::Bill { invoice: bill.bill.id.clone(), error }
}

/// What was paid by column of the sheet, columns with nothing left out.
pub(super) fn paid_of(settlement: &Settlement) -> Paid {
    Column::ALL.iter().map(|c| (*c, settlement.paid_in(*c))).filter(|(_, amount)| *amount > Fen::ZERO).collect()
}

/// Prints these payments on the bill; the person pays the rest.
pub(super) fn book(bill: &mut DemoBill, paid: Paid) {
    bill.personal = bill.bill.total - paid.values().copied().sum::<Fen>() - bill.bill.hospital_borne;
    bill.paid = paid;
}

/// Small hospitals take 200 or 400 yuan first and pay nine or eight parts of ten: a plausible print, nobody's rule.
fn paid_without_rule(bill: &DemoBill) -> Paid {
    let (first, tenths) = if bill.bill.level == Level::Township { (200, 9) } else { (400, 8) };
    let above = (bill.in_scope - Fen::from_yuan(first)).at_least_zero();
    Paid::from([(Column::Basic, Fen(above.0 * tenths / 10))])
}
