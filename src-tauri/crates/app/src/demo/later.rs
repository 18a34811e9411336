//! The roster of some weeks later: most rows the same, a few changed, a few new, a few gone, a few damaged by a spreadsheet.

use chrono::{Days, NaiveDate};
use mingbai_domain::citizen_id::Sex;

use super::DemoError;
use super::dice::Dice;
use super::flagship::FLAGSHIP;
use super::model::{DemoHousehold, DemoPerson, DemoTownship};
use super::people::{Ids, bare, birth_of_age};
use super::planted::LaterRoster;

/// Names of women who marry in.
const WIVES: [&str; 3] = ["郭晓燕", "孟佳慧", "韩雪"];

/// Makes the later roster of a township.
pub(super) fn later(
    dice: &mut Dice,
    today: NaiveDate,
    ids: &mut Ids,
    township: &DemoTownship,
) -> Result<LaterRoster, DemoError> {
    let mut roster = LaterRoster { households: township.households.clone(), ..LaterRoster::default() };
    let mut order: Vec<usize> = (0..roster.households.len()).collect();
    // Households with planted faults keep theirs: one story a household.
    order.retain(|h| {
        let number = &roster.households[*h].number;
        number != FLAGSHIP && township.faults.iter().all(|fault| fault.household != *number)
    });
    dice.shuffle(&mut order);
    let mut free = order.into_iter();
    newborn_has_an_id(dice, ids, &mut roster)?;
    change(&mut roster, &mut free, today);
    for h in free.by_ref() {
        let Some(household) = roster.households.get_mut(h) else { continue };
        let old = household.members.iter().skip(1).position(|person| person.age(today) >= 74);
        if let Some(place) = old {
            let gone = household.members.remove(place + 1);
            roster.absent.push((household.number.clone(), gone.name));
        }
        if roster.absent.len() == 3 {
            break;
        }
    }
    damage(&mut roster, &mut free);
    // Last, because it may look at every household that is left.
    for h in free {
        let Some(household) = roster.households.get_mut(h) else { continue };
        let number = household.number.clone();
        let wife = WIVES.get(roster.new.len()).copied().unwrap_or_default();
        let baby = newcomer(dice, today, ids, household, None)?;
        let new = if baby.is_none() || roster.new.is_empty() {
            newcomer(dice, today, ids, household, Some(wife))?
        } else {
            baby
        };
        let Some(new) = new else { continue };
        roster.new.push((number, new.name.clone()));
        household.members.push(new);
        if roster.new.len() == WIVES.len() {
            break;
        }
    }
    Ok(roster)
}

/// The newborn of the first roster now has a citizen id.
fn newborn_has_an_id(dice: &mut Dice, ids: &mut Ids, roster: &mut LaterRoster) -> Result<(), DemoError> {
    for household in &mut roster.households {
        for person in household.members.iter_mut().filter(|person| person.id.is_none()) {
            person.id = Some(ids.issue(dice, person.birth, person.sex)?);
            person.document_type = "居民身份证";
            roster.changed.push((household.number.clone(), person.name.clone(), "已落户，有了身份证号".to_owned()));
        }
    }
    Ok(())
}

/// Health, labour and telephones of a few people.
fn change(roster: &mut LaterRoster, free: &mut impl Iterator<Item = usize>, today: NaiveDate) {
    let mut wanted = ["健康状况", "健康状况", "劳动技能", "成员联系电话", "成员联系电话", "务工所在地"].iter();
    let Some(mut what) = wanted.next() else { return };
    for h in free {
        let Some(household) = roster.households.get_mut(h) else { continue };
        let adult =
            |p: &&mut DemoPerson| p.health == "健康" && (30..58).contains(&p.age(today)) && p.labour == "普通劳动力";
        let Some(person) = household.members.iter_mut().find(adult) else { continue };
        let told = match *what {
            "健康状况" => {
                "长期慢性病".clone_into(&mut person.health);
                person.labour = "弱劳动力或半劳动力";
                "健康状况 健康→长期慢性病，劳动技能 普通劳动力→弱劳动力或半劳动力".to_owned()
            }
            "劳动技能" => {
                person.labour = "技能劳动力";
                "劳动技能 普通劳动力→技能劳动力".to_owned()
            }
            "务工所在地" => {
                let before = person.work_place;
                person.work_place = if before == "省外" { "乡外县内" } else { "省外" };
                person.work_months = person.work_months.max(4);
                format!("务工所在地 {before}→{}", person.work_place)
            }
            _ => {
                let before = std::mem::replace(&mut person.phone, format!("1390000{}", 9_900 + roster.changed.len()));
                format!("成员联系电话 {before}→{}", person.phone)
            }
        };
        roster.changed.push((household.number.clone(), person.name.clone(), told));
        match wanted.next() {
            Some(next) => what = next,
            None => return,
        }
    }
}

/// A wife for an unmarried son, or a baby for a young couple, if there is room for one.
fn newcomer(
    dice: &mut Dice,
    today: NaiveDate,
    ids: &mut Ids,
    household: &DemoHousehold,
    wife: Option<&str>,
) -> Result<Option<DemoPerson>, DemoError> {
    let Some(head) = household.members.first() else { return Ok(None) };
    let has = |relation: &str| household.members.iter().any(|p| p.relation == relation);
    let son = household.members.iter().find(|p| p.relation == "之子" && (23..36).contains(&p.age(today)));
    let mut new = if let Some(wife) = wife {
        let Some(son) = son.filter(|_| !has("之儿媳") && !has("之孙子") && !has("之孙女")) else {
            return Ok(None);
        };
        let birth = birth_of_age(dice, today, son.age(today) - 1);
        let id = ids.issue(dice, birth, Sex::Female)?;
        let mut new = bare(wife.to_owned(), Sex::Female, birth, "之儿媳", Some(id));
        new.education = "初中";
        new.labour = "普通劳动力";
        new
    } else {
        let mother = household.members.iter().find(|p| p.relation == "之儿媳" && p.age(today) < 40);
        let Some(_) = mother else { return Ok(None) };
        let son = son.or_else(|| household.members.iter().find(|p| p.relation == "之子"));
        let surname: String = son.unwrap_or(head).name.chars().take(1).collect();
        let sex = if dice.percent(50) { Sex::Male } else { Sex::Female };
        let relation = if sex == Sex::Male { "之孙子" } else { "之孙女" };
        let birth = today - Days::new(u64::try_from(dice.between(30, 70)).unwrap_or(30));
        let id = ids.issue(dice, birth, sex)?;
        let mut new = bare(
            format!("{surname}{}", if sex == Sex::Male { "子辰" } else { "雨桐" }),
            sex,
            birth,
            relation,
            Some(id),
        );
        new.education = "学龄前儿童";
        new.labour = "无劳动力";
        new.politics = "";
        new
    };
    new.ethnicity = head.ethnicity;
    "健康".clone_into(&mut new.health);
    new.number = format!("{}{:02}", household.number, household.members.len() + 51);
    new.subsistence = head.subsistence;
    Ok(Some(new))
}

/// Three ids whose last digits a spreadsheet destroyed, one in scientific notation, one with a slip of the pen.
fn damage(roster: &mut LaterRoster, free: &mut impl Iterator<Item = usize>) {
    for h in free {
        let Some(household) = roster.households.get(h) else { continue };
        let Some(person) = household.members.first().filter(|p| p.disability.is_none()) else { continue };
        let Some(id) = &person.id else { continue };
        let kept = |digits: usize| -> String { id.as_str().chars().take(digits).collect() };
        let damaged = match roster.rejected.len() {
            0..3 => format!("{}000", kept(15)),
            3 => format!("{}E+17", kept(6).replacen('1', "1.", 1)),
            _ => {
                let last = if id.as_str().ends_with('0') { '1' } else { '0' };
                format!("{}{last}", kept(17))
            }
        };
        roster.rejected.push((household.number.clone(), person.name.clone(), damaged));
        if roster.rejected.len() == 5 {
            return;
        }
    }
}
