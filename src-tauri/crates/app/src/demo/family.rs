//! Who lives together: household sizes that add up exactly, and families whose ages, sexes and relations belong together.

use mingbai_domain::citizen_id::Sex;

use super::dice::Dice;

/// Whose family name somebody bears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// The head's own.
    Head,
    /// The one the head's children bear.
    Children,
    /// Another family's.
    Other,
}

/// A member before name, id and everything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kin {
    /// 与户主关系 as the files spell it.
    pub(super) relation: &'static str,
    /// Sex.
    pub(super) sex: Sex,
    /// Age in full years.
    pub(super) age: i64,
    /// Family name.
    pub(super) line: Line,
}

const SIZES: &[(u32, usize)] = &[(12, 1), (20, 2), (18, 3), (21, 4), (16, 5), (9, 6), (4, 7)];

/// Sizes of `households` households with exactly `people` people, between 1 and 7 each.
pub(super) fn sizes(dice: &mut Dice, households: usize, people: usize) -> Vec<usize> {
    let people = people.clamp(households, households * 7);
    let mut sizes: Vec<usize> = (0..households).map(|_| dice.weighted(SIZES)).collect();
    loop {
        let sum: usize = sizes.iter().sum();
        if sum == people {
            return sizes;
        }
        let place = dice.below(households);
        if let Some(size) = sizes.get_mut(place) {
            if sum < people && *size < 7 {
                *size += 1;
            } else if sum > people && *size > 1 {
                *size -= 1;
            }
        }
    }
}

/// A family of this size, the head first.
pub(super) fn family(dice: &mut Dice, size: usize) -> Vec<Kin> {
    let mut kin = match size {
        0 | 1 => vec![alone(dice)],
        _ if dice.percent(if size == 2 { 55 } else { 42 }) => elder_family(dice, size),
        _ => middle_family(dice, size),
    };
    kin.truncate(size.max(1));
    kin
}

fn alone(dice: &mut Dice) -> Kin {
    let elder = dice.percent(75);
    let age = if elder { dice.between(61, 88) } else { dice.between(44, 59) };
    let sex = if dice.percent(if elder { 62 } else { 92 }) { Sex::Male } else { Sex::Female };
    Kin { relation: "户主", sex, age, line: Line::Head }
}

fn either(dice: &mut Dice) -> Sex {
    if dice.percent(53) { Sex::Male } else { Sex::Female }
}

fn other(sex: Sex) -> Sex {
    match sex {
        Sex::Male => Sex::Female,
        Sex::Female => Sex::Male,
    }
}

fn spouse(dice: &mut Dice, head: Kin) -> Kin {
    let difference = dice.between(-2, 5);
    let (age, line) = match head.sex {
        Sex::Male => (head.age - difference, Line::Other),
        Sex::Female => (head.age + difference, Line::Children),
    };
    Kin { relation: "配偶", sex: other(head.sex), age, line }
}

fn child(sex: Sex, age: i64) -> Kin {
    let relation = if sex == Sex::Male { "之子" } else { "之女" };
    Kin { relation, sex, age, line: Line::Children }
}

fn grandchild(sex: Sex, age: i64) -> Kin {
    let relation = if sex == Sex::Male { "之孙子" } else { "之孙女" };
    Kin { relation, sex, age, line: Line::Children }
}

fn parent(sex: Sex, age: i64) -> Kin {
    let (relation, line) = if sex == Sex::Male { ("之父", Line::Head) } else { ("之母", Line::Other) };
    Kin { relation, sex, age: age.min(93), line }
}

/// Head of 60 and more: the spouse, a grown son with wife and children, or grandchildren left with the old people.
fn elder_family(dice: &mut Dice, size: usize) -> Vec<Kin> {
    let sex = if dice.percent(86) { Sex::Male } else { Sex::Female };
    let head = Kin { relation: "户主", sex, age: dice.between(60, 79), line: Line::Head };
    let mut kin = vec![head];
    let married = dice.percent(if sex == Sex::Male { 82 } else { 12 });
    if married {
        kin.push(spouse(dice, head));
    }
    if dice.percent(22) && size > kin.len() {
        // The parents of the children live and work elsewhere.
        let mut age = (head.age - dice.between(46, 58)).clamp(4, 17);
        while kin.len() < size.min(4) {
            let sex = either(dice);
            kin.push(grandchild(sex, age));
            age = if age > 6 { age - dice.between(2, 4) } else { age + dice.between(2, 4) };
        }
    }
    let son = Kin { age: (head.age - dice.between(23, 32)).clamp(24, 56), ..child(Sex::Male, 0) };
    if kin.len() < size {
        kin.push(son);
    }
    let youngest = son.age - dice.between(22, 27);
    if kin.len() < size && youngest >= 1 && dice.percent(72) {
        let wife = son.age - dice.between(-1, 3);
        kin.push(Kin { relation: "之儿媳", sex: Sex::Female, age: wife, line: Line::Other });
        let mut age = youngest.min(24);
        while kin.len() < size.min(7) && kin.iter().filter(|k| k.relation.starts_with("之孙")).count() < 3 {
            let sex = either(dice);
            kin.push(grandchild(sex, age));
            age = if age >= 5 { age - dice.between(2, 4) } else { age + dice.between(2, 4) };
        }
    }
    fill(dice, head, kin, size)
}

/// Head between 34 and 58: spouse, children, the head's parents.
fn middle_family(dice: &mut Dice, size: usize) -> Vec<Kin> {
    let sex = if dice.percent(90) { Sex::Male } else { Sex::Female };
    let head = Kin { relation: "户主", sex, age: dice.between(34, 58), line: Line::Head };
    let mut kin = vec![head];
    if dice.percent(if sex == Sex::Male { 86 } else { 15 }) {
        kin.push(spouse(dice, head));
    }
    let younger = kin.iter().map(|k| k.age).min().unwrap_or(head.age);
    let mut age = (younger - dice.between(21, 29)).clamp(1, 29);
    let children = 1 + usize::from(dice.percent(68)) + usize::from(dice.percent(14));
    let parents = sex == Sex::Male && dice.percent(55);
    for _ in 0..children {
        // Grown daughters have mostly married away.
        let sex = if age > 24 { Sex::Male } else { either(dice) };
        kin.push(child(sex, age));
        age = if age > 6 { age - dice.between(2, 5) } else { age + dice.between(2, 4) };
    }
    if parents || (sex == Sex::Male && kin.len() < size) {
        let mother = parent(Sex::Female, head.age + dice.between(19, 28));
        let place = kin.len().min(if dice.percent(50) { 2 } else { kin.len() });
        kin.insert(place, mother);
        if dice.percent(45) {
            let father = parent(Sex::Male, mother.age + dice.between(0, 4));
            kin.insert(place, father);
        }
    }
    fill(dice, head, kin, size)
}

/// Brothers and sisters of the head complete a household that is still too small.
fn fill(dice: &mut Dice, head: Kin, mut kin: Vec<Kin>, size: usize) -> Vec<Kin> {
    let youngest_child = kin.iter().filter(|k| matches!(k.relation, "之子" | "之女")).map(|k| k.age).min();
    if kin.len() < size
        && let Some(age) = youngest_child.filter(|age| *age >= 4)
    {
        let sex = either(dice);
        kin.push(child(sex, age - dice.between(2, 4)));
    }
    while kin.len() < size {
        let sex = either(dice);
        let age = (head.age + dice.between(-9, 7)).clamp(30, 84);
        kin.push(Kin { relation: "之兄弟姐妹", sex, age, line: Line::Head });
    }
    kin
}
