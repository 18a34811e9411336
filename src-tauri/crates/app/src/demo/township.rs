//! One township, put together: villages, households, people, and their year.

use chrono::{Days, NaiveDate};
use mingbai_coverage::Pack;
use mingbai_domain::Fen;
use mingbai_domain::citizen_id::Sex;

use super::dice::Dice;
use super::family::{family, sizes};
use super::flagship::{self, FLAGSHIP};
use super::model::{DemoContract, DemoHousehold, DemoPerson, DemoTownship, DemoVillage, Lifted};
use super::people::{self, Ids};
use super::place::{GROUPS, Phones, villages};
use super::planted::{LaterRoster, PlantedFault, PlantedShortfall};
use super::shortfalls::{Mistake, plant, plant_one};
use super::{DemoError, bills, care, faults, illness, later, names, standing};

/// What makes a township different from the other.
pub(super) struct Plan {
    pub(super) place: usize,
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    pub(super) health_centre: &'static str,
    pub(super) phones: (&'static str, &'static str),
    /// Number of its first household, after the county's six digits.
    pub(super) first_number: usize,
    /// Households and people.
    pub(super) not_lifted: (usize, usize),
    pub(super) lifted: (usize, usize),
    pub(super) bills: usize,
    pub(super) shortfalls: usize,
    /// Whether the household everything is shown on lives here.
    pub(super) flagship: bool,
}

/// Place of the flagship in its village, which makes its number 214.
const FLAGSHIP_PLACE: usize = 33;

/// The township of a plan.
pub(super) fn township(
    seed: u64,
    today: NaiveDate,
    pack: &Pack,
    ids: &mut Ids,
    plan: &Plan,
) -> Result<DemoTownship, DemoError> {
    let stream = |part: u64| Dice::new(seed, part + 100 * (plan.place as u64 + 1));
    let mut phones = Phones::new(u32::try_from(plan.place).unwrap_or_default());
    let villages = villages(&mut stream(1), plan.code, &mut phones);
    let mut households = settle_households(&mut stream(2), today, ids, plan, &villages, &mut phones)?;
    names::plant_rare(&mut stream(3), &mut households);
    let newborn = newborn(&mut stream(4), today, &mut households);

    let mut dice = stream(5);
    for household in &mut households {
        if household.number == FLAGSHIP {
            flagship::circumstances(today, plan.health_centre, &mut household.members);
            continue;
        }
        for person in &mut household.members {
            if person.id.is_none() {
                people::circumstances(&mut dice, today, person);
                continue;
            }
            illness::fall_ill(&mut dice, today, plan.health_centre, person);
            people::disability(&mut dice, today, person);
            people::circumstances(&mut dice, today, person);
        }
        standing::settle_in(&mut dice, today, household);
    }
    let mut dice = stream(6);
    for household in &mut households {
        let Some(village) = villages.get(household.village) else { continue };
        if household.number == FLAGSHIP {
            flagship::year(&mut dice, today, "示范县", plan.health_centre, &village.team, household);
            continue;
        }
        for person in &mut household.members {
            if person.id.is_none() {
                person.contract = DemoContract::Unsigned { reason: "新增人员" };
                continue;
            }
            care::contract(&mut dice, today, person);
            care::visits(&mut dice, today, &village.team, person);
            person.enrolment = Some(standing::enrol(&mut dice, today, "示范县", person));
        }
    }
    let mut found = Vec::from_iter(newborn);
    found.extend(faults::gaps(&mut stream(7), today, &mut households, plan.flagship));
    bills::write_bills(&mut stream(8), today, plan.health_centre, &mut households, plan.bills);
    bills::number_bills(today, plan.place, &mut households);
    for household in &mut households {
        bills::pay(pack, household)?;
    }
    let mut shortfalls = flagship_shortfall(pack, &mut households);
    let rest = plan.shortfalls - shortfalls.len();
    shortfalls.extend(plant(&mut stream(9), pack, &mut households, &[FLAGSHIP], rest));
    found.extend(faults::errors(&mut stream(10), today, &mut households, &shortfalls));
    let mut township = DemoTownship {
        province: "内蒙古自治区".to_owned(),
        city: "示范市".to_owned(),
        county: "示范县".to_owned(),
        code: plan.code.to_owned(),
        name: plan.name.to_owned(),
        health_centre: plan.health_centre.to_owned(),
        health_centre_phone: plan.phones.0.to_owned(),
        insurance_phone: plan.phones.1.to_owned(),
        villages,
        households,
        later: LaterRoster::default(),
        faults: found,
        shortfalls,
    };
    township.later = later::later(&mut stream(11), today, ids, &township)?;
    Ok(township)
}

/// The second stay of 王桂英: the insurer had not marked the family.
fn flagship_shortfall(pack: &Pack, households: &mut [DemoHousehold]) -> Vec<PlantedShortfall> {
    let place = households.iter().position(|h| h.number == FLAGSHIP).and_then(|h| {
        let m = households.get(h)?.members.iter().position(|person| person.bills.len() == 2)?;
        Some((h, m, 1))
    });
    place.and_then(|place| plant_one(pack, households, place, Mistake::Identity)).into_iter().collect()
}

fn settle_households(
    dice: &mut Dice,
    today: NaiveDate,
    ids: &mut Ids,
    plan: &Plan,
    villages: &[DemoVillage],
    phones: &mut Phones,
) -> Result<Vec<DemoHousehold>, DemoError> {
    // The flagship is one of those not yet lifted and has five people.
    let (less, fewer) = if plan.flagship { (1, 5) } else { (0, 0) };
    let waiting = sizes(dice, plan.not_lifted.0 - less, plan.not_lifted.1 - fewer);
    let lifted = sizes(dice, plan.lifted.0, plan.lifted.1);
    let mut kinds: Vec<(Lifted, usize)> = waiting.into_iter().map(|size| (Lifted::NotYet, size)).collect();
    kinds.extend(lifted.into_iter().map(|size| (Lifted::Lifted, size)));
    dice.shuffle(&mut kinds);

    // The first village is a little larger, the others as it falls.
    let mut where_to: Vec<usize> = (0..kinds.len())
        .map(|place| if place < 35 { 0 } else { 1 + dice.below(villages.len().saturating_sub(1)) })
        .collect();
    where_to.sort_unstable();
    let helpers = helpers(dice, villages.len(), phones);
    let mut households = Vec::with_capacity(kinds.len() + less);
    for ((status, size), village) in kinds.into_iter().zip(where_to) {
        if plan.flagship && households.len() == FLAGSHIP_PLACE {
            let members = flagship::members(dice, today, ids)?;
            households.push(home(dice, plan, villages, &helpers, households.len(), 0, Lifted::NotYet, members));
        }
        let kin = family(dice, size);
        let members = people::household(dice, today, ids, &kin)?;
        households.push(home(dice, plan, villages, &helpers, households.len(), village, status, members));
    }
    for household in &mut households {
        let mut first = true;
        for person in &mut household.members {
            let grown = person.age(today) >= 16;
            if first || (grown && dice.percent(58)) {
                person.phone = phones.next();
            }
            first = false;
        }
        household.phone = household.members.first().map(|head| head.phone.clone()).unwrap_or_default();
    }
    Ok(households)
}

/// Cadres who look after households, six to a village, each with a telephone.
fn helpers(dice: &mut Dice, villages: usize, phones: &mut Phones) -> Vec<Vec<(String, String)>> {
    let one = |dice: &mut Dice, phones: &mut Phones| {
        let sex = if dice.percent(65) { Sex::Male } else { Sex::Female };
        let family = names::family_name(dice, "汉族");
        (names::full_name(dice, &family, sex, 1985), phones.next())
    };
    (0..villages).map(|_| (0..6).map(|_| one(dice, phones)).collect()).collect()
}

#[allow(clippy::too_many_arguments, reason = "a household is where all of these meet")]
fn home(
    dice: &mut Dice,
    plan: &Plan,
    villages: &[DemoVillage],
    helpers: &[Vec<(String, String)>],
    place: usize,
    village: usize,
    lifted: Lifted,
    mut members: Vec<DemoPerson>,
) -> DemoHousehold {
    let number = format!("159901{:07}", plan.first_number + place);
    for (place, person) in members.iter_mut().enumerate() {
        person.number = format!("{number}{:02}", place + 1);
    }
    let group = if number == FLAGSHIP { GROUPS[1] } else { dice.pick(&GROUPS) };
    let village_name = villages.get(village).map(|v| v.name.as_str()).unwrap_or_default();
    let (helper, helper_phone) = helpers.get(village).map(|of_village| dice.pick(of_village)).unwrap_or_default();
    let recognised = dice.pick(&[(2014, 4, 30), (2014, 4, 30), (2015, 12, 10), (2016, 11, 30), (2017, 9, 20)]);
    let freed = dice.pick(&[(2018, 12, 20), (2019, 12, 20), (2019, 12, 20), (2020, 10, 30)]);
    let day = |(year, month, day): (i32, u32, u32)| NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default();
    let income = match lifted {
        Lifted::NotYet => dice.between(312_000, 698_000),
        Lifted::Lifted => dice.between(760_000, 1_480_000),
    };
    DemoHousehold {
        address: format!("{}{village_name}{group}{}号", plan.name, dice.between(1, 68)),
        number,
        village,
        group,
        phone: String::new(),
        lifted,
        kind: "一般贫困户",
        main_cause: "",
        other_causes: Vec::new(),
        helper,
        helper_phone,
        recognised_on: day(recognised),
        lifted_on: (lifted == Lifted::Lifted).then(|| day(freed)),
        income_per_head: Fen(income),
        members,
    }
}

/// Makes the youngest child of some household a newborn who has no id yet.
fn newborn(dice: &mut Dice, today: NaiveDate, households: &mut [DemoHousehold]) -> Option<PlantedFault> {
    let mut small: Vec<(i64, usize, usize)> = Vec::new();
    for (h, household) in households.iter().enumerate().filter(|(_, h)| h.number != FLAGSHIP) {
        for (m, person) in household.members.iter().enumerate().skip(1) {
            let mother =
                |p: &DemoPerson| p.sex == Sex::Female && (20..44).contains(&p.age(today)) && p.relation != "之女";
            if household.members.iter().any(mother) {
                small.push((person.age(today), h, m));
            }
        }
    }
    let (_, h, m) = small.into_iter().min()?;
    let household = households.get_mut(h)?;
    let number = household.number.clone();
    let person = household.members.get_mut(m)?;
    person.birth = today - Days::new(u64::try_from(dice.between(9, 25)).unwrap_or(9));
    person.roster_birth = person.birth;
    person.id = None;
    person.document_type = "出生医学证明";
    let detail = "新生儿，出生不满一个月，还没有身份证号，未参保、未签约".to_owned();
    Some(PlantedFault { rule: "F04", household: number, name: person.name.clone(), detail })
}
