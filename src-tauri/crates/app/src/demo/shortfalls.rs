//! Bills on which the insurer made one of its likely mistakes. Each is planted only if the comparison names that mistake.

use mingbai_coverage::{Bill, Cause, History, Level, Pack, Person, Settlement, compare, settle};
use mingbai_domain::Fen;

use super::bills::{book, insured, paid_of};
use super::dice::Dice;
use super::model::DemoHousehold;
use super::planted::PlantedShortfall;

/// Smaller amounts are not worth a way to the county town.
const LEAST: Fen = Fen::from_yuan(50);

/// Where a bill is: household, member, bill.
type Place = (usize, usize, usize);

/// Plants `count` shortfalls: a third identities not marked, the rest shared by the other mistakes as far as the pack lets
/// them happen. `spared` households are left as they are.
pub(super) fn plant(
    dice: &mut Dice,
    pack: &Pack,
    households: &mut [DemoHousehold],
    spared: &[&str],
    count: usize,
) -> Vec<PlantedShortfall> {
    let mut places: Vec<Place> = Vec::new();
    for (h, household) in households.iter().enumerate().filter(|(_, h)| !spared.contains(&h.number.as_str())) {
        for (m, person) in household.members.iter().enumerate() {
            places.extend((0..person.bills.len()).map(|b| (h, m, b)));
        }
    }
    dice.shuffle(&mut places);
    let mut planted = Vec::new();
    let third = count.div_ceil(3);
    let rarer =
        [Mistake::WrongLevel, Mistake::Deductible, Mistake::Accumulation].map(|mistake| (mistake, count.div_ceil(4)));
    for (mistake, most) in rarer.into_iter().chain([(Mistake::Identity, count)]) {
        let most = match mistake {
            Mistake::Identity => count - planted.len(),
            _ => most.min(count - third - planted.len()),
        };
        let mut left = most;
        places.retain(|place| {
            let found = (left > 0).then(|| plant_one(pack, households, *place, mistake)).flatten();
            let kept = found.is_none();
            if let Some(shortfall) = found {
                planted.push(shortfall);
                left -= 1;
            }
            kept
        });
    }
    planted.sort_by(|a, b| a.invoice.cmp(&b.invoice));
    planted
}

/// The insurer's mistakes, the rarest first.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mistake {
    WrongLevel,
    Deductible,
    Accumulation,
    Identity,
}

/// Makes one mistake on one bill, if it comes out as that mistake and costs the family money.
pub(super) fn plant_one(
    pack: &Pack,
    households: &mut [DemoHousehold],
    place: Place,
    mistake: Mistake,
) -> Option<PlantedShortfall> {
    let (h, m, b) = place;
    let household = households.get(h)?;
    let person = household.members.get(m)?;
    let who = insured(household, person);
    let bill = &person.bills.get(b).filter(|bill| bill.by_pack)?.bill;
    let history = history_before(pack, &who, person.bills.iter().take(b).map(|earlier| &earlier.bill), bill)?;
    let due = settle(pack, &who, &history, bill).ok()?;
    for (wrong, cause) in mistaken(pack, &who, &history, bill, mistake) {
        let paid = paid_of(&wrong);
        let comparison = compare(pack, &who, &history, bill, &due, &paid);
        if comparison.cause == cause && comparison.short - comparison.over >= LEAST {
            let planted = PlantedShortfall {
                invoice: bill.id.clone(),
                household: household.number.clone(),
                name: person.name.clone(),
                cause,
                amount: comparison.short,
            };
            let bill = households.get_mut(h)?.members.get_mut(m)?.bills.get_mut(b)?;
            book(bill, paid);
            return Some(planted);
        }
    }
    None
}

/// The year up to a bill; bills the pack has no rule for add nothing.
pub(super) fn history_before<'a>(
    pack: &Pack,
    person: &Person,
    earlier: impl Iterator<Item = &'a Bill>,
    bill: &Bill,
) -> Option<History> {
    let mut history = History::empty(pack.year_of(bill).ok()?);
    for earlier in earlier {
        if let Ok(settlement) = settle(pack, person, &history, earlier) {
            history = settlement.after;
        }
    }
    Some(history)
}

/// The bill as settled by somebody who made the mistake, with the cause the comparison should name.
fn mistaken(
    pack: &Pack,
    person: &Person,
    history: &History,
    bill: &Bill,
    mistake: Mistake,
) -> Vec<(Settlement, Cause)> {
    let again = |person: &Person, history: &History, bill: &Bill, cause: Cause| {
        settle(pack, person, history, bill).ok().map(|settlement| (settlement, cause))
    };
    match mistake {
        Mistake::Identity => {
            let ordinary = Person { identities: Vec::new(), ..person.clone() };
            again(&ordinary, history, bill, Cause::IdentityNotMarked).into_iter().collect()
        }
        Mistake::Deductible => {
            let first_stay = History { admissions: [].into(), ..history.clone() };
            again(person, &first_stay, bill, Cause::DeductibleNotWaived).into_iter().collect()
        }
        Mistake::Accumulation => {
            let nothing = History::empty(history.year);
            again(person, &nothing, bill, Cause::AccumulationLost).into_iter().collect()
        }
        Mistake::WrongLevel => {
            let others = Level::ALL.iter().filter(|level| **level != bill.level);
            let elsewhere = |level: &Level| {
                let bill = Bill { level: *level, ..bill.clone() };
                again(person, history, &bill, Cause::WrongLevel(*level))
            };
            others.filter_map(elsewhere).collect()
        }
    }
}
