//! The household everything is shown on: 张福山's in 王庄村, with the stay of 120,000 yuan that every payer takes part in.

use chrono::{Datelike, NaiveDate};
use mingbai_coverage::{Area, Bill, Level};
use mingbai_domain::Fen;
use mingbai_domain::citizen_id::Sex;

use super::DemoError;
use super::bills::{city_stay, unsettled};
use super::care::{back, new_year, series_of_visits, signed};
use super::dice::Dice;
use super::illness::{high_pressure, named};
use super::model::{DemoContract, DemoDisease, DemoHousehold, DemoPerson, DemoTeam, Lifted};
use super::people::{Ids, bare};
use super::place::{CITY_HOSPITAL, COUNTY_HOSPITAL};
use super::standing::{enrol, not_enrolled};

/// Its 户编号.
pub const FLAGSHIP: &str = "1599010000214";

/// A day of this year, told in thousandths of the part that has passed.
fn this_year(today: NaiveDate, thousandths: i64) -> NaiveDate {
    let elapsed = (today - new_year(today)).num_days();
    back(new_year(today), -(elapsed * thousandths / 1_000))
}

/// The members with ids, nothing else yet.
pub(super) fn members(dice: &mut Dice, today: NaiveDate, ids: &mut Ids) -> Result<Vec<DemoPerson>, DemoError> {
    let mut people = Vec::new();
    for (name, relation, sex, years, month, day) in [
        ("张福山", "户主", Sex::Male, 64, 3, 18),
        ("李秀兰", "配偶", Sex::Female, 62, 7, 2),
        ("张䶮", "之子", Sex::Male, 35, 10, 10),
        ("王桂英", "之母", Sex::Female, 88, 9, 21),
        ("张小军", "之孙子", Sex::Male, 12, 5, 30),
    ] {
        let birth = NaiveDate::from_ymd_opt(today.year() - years, month, day).unwrap_or(today);
        let id = ids.issue(dice, birth, sex)?;
        people.push(bare(name.to_owned(), sex, birth, relation, Some(id)));
    }
    Ok(people)
}

fn ill(person: &mut DemoPerson, disease: Option<DemoDisease>) {
    person.diseases.extend(disease);
}

/// Diseases and circumstances.
pub(super) fn circumstances(today: NaiveDate, health_centre: &str, people: &mut [DemoPerson]) {
    let [head, wife, son, mother, grandson] = people else { return };
    let mut pressure = high_pressure(COUNTY_HOSPITAL, "三级", "很高危", back(today, 1_900));
    pressure.hospital_level = "二级";
    ill(head, Some(pressure));
    ill(wife, named("2型糖尿病", health_centre, back(today, 1_400)));
    ill(mother, named("食管癌", health_centre, this_year(today, 790)));
    ill(grandson, named("先天性心脏病（室间隔缺损）", health_centre, back(today, 3_900)));
    for (person, education, labour, health) in [
        (&mut *head, "初中", "弱劳动力或半劳动力", "长期慢性病"),
        (wife, "小学", "弱劳动力或半劳动力", "长期慢性病"),
        (mother, "文盲或半文盲", "无劳动力", "患有大病"),
        (grandson, "", "无劳动力", "患有大病"),
        (son, "高中", "普通劳动力", "健康"),
    ] {
        person.education = education;
        person.labour = labour;
        health.clone_into(&mut person.health);
    }
    grandson.schooling = "小学六年级";
    grandson.politics = "";
    son.work_months = 11;
    son.work_place = "省外";
    son.employer = "电子厂";
    head.politics = "中共党员";
}

/// Standing, contracts, visits, enrolment and bills.
pub(super) fn year(
    dice: &mut Dice,
    today: NaiveDate,
    county: &str,
    health_centre: &str,
    team: &DemoTeam,
    household: &mut DemoHousehold,
) {
    household.lifted = Lifted::NotYet;
    household.kind = "一般贫困户";
    household.main_cause = "因病";
    household.other_causes = vec!["缺劳动力"];
    "赵志强".clone_into(&mut household.helper);
    for person in &mut household.members {
        person.contract = match person.name.as_str() {
            "张䶮" => DemoContract::Unsigned { reason: "长期外出" },
            _ => signed(today, person, this_year(today, 60)),
        };
        person.enrolment = Some(match person.name.as_str() {
            "张小军" => not_enrolled("未缴费"),
            _ => enrol(dice, today, county, person),
        });
    }
    // The year's premium of the family is the residents', whatever the dice say about salaries.
    let [head, wife, son, mother, _] = household.members.as_mut_slice() else { return };
    let of_residents = head.enrolment.clone();
    for person in [&mut *wife, &mut *son, &mut *mother] {
        person.enrolment.clone_from(&of_residents);
    }
    series_of_visits(dice, today, team, head, "高血压", back(today, 1_900), -71);
    series_of_visits(dice, today, team, wife, "糖尿病", back(today, 1_400), 12);
    for person in [&mut *head, &mut *wife] {
        person.visits.sort_by_key(|visit| visit.on);
    }

    let (admitted, discharged) = (this_year(today, 815), this_year(today, 877));
    let surgery = city_stay(admitted, discharged, 120_000, 3_000, 9_000);
    let course = city_stay(this_year(today, 914), this_year(today, 945), 26_400, 900, 2_100);
    for bill in [surgery, course] {
        mother.bills.push(unsettled(bill, CITY_HOSPITAL.to_owned(), "食管癌", "C15.900"));
    }
    let (admitted, discharged) = (this_year(today, 186), this_year(today, 204));
    let stay = city_stay(admitted, discharged, 3_000, 60, 140);
    let stay = Bill { level: Level::Township, area: Area::County, overlimit: Fen::ZERO, ..stay };
    head.bills.push(unsettled(stay, health_centre.to_owned(), "高血压病", "I10.x00"));
}
