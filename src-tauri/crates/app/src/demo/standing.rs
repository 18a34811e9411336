//! What a household is entitled to and why it is poor: 低保, 特困, causes, and this year's enrolment.

use chrono::NaiveDate;
use mingbai_domain::Fen;

use super::care::{back, new_year};
use super::dice::Dice;
use super::model::{DemoEnrolment, DemoHousehold, DemoPerson, Lifted};

/// 低保 and 特困 of a household, its type and its causes.
pub(super) fn settle_in(dice: &mut Dice, today: NaiveDate, household: &mut DemoHousehold) {
    let old_and_alone = household.members.len() == 1 && household.members.iter().any(|p| p.age(today) >= 60);
    let destitute = old_and_alone && dice.percent(62);
    let chance = if household.lifted == Lifted::NotYet { 46 } else { 16 };
    let subsistence = !destitute && dice.percent(chance);
    for person in &mut household.members {
        person.destitute = destitute;
        person.subsistence = subsistence;
    }
    household.kind = match (destitute, subsistence) {
        (true, _) => "五保贫困户",
        (_, true) => "低保贫困户",
        _ => "一般贫困户",
    };
    let mut causes = causes(dice, household);
    household.main_cause = if causes.is_empty() { "缺技术" } else { causes.remove(0) };
    household.other_causes = causes;
}

/// Causes that the people of the household bear out, the main one first. A 大病 always counts as 因病.
fn causes(dice: &mut Dice, household: &DemoHousehold) -> Vec<&'static str> {
    let any = |test: &dyn Fn(&DemoPerson) -> bool| household.members.iter().any(test);
    let major = any(&|p| p.has_major_disease());
    let ill = major || any(&|p| p.diseases.iter().any(|d| d.class == "慢病"));
    let disabled = any(&|p| p.disability.is_some());
    let studies =
        any(&|p| p.schooling.contains("高中") || p.schooling.contains("高职") || p.schooling.contains("本科"));
    let workers = household.members.iter().filter(|p| p.labour.contains("普通") || p.labour.contains("技能")).count();
    let mut causes = Vec::new();
    if major || (ill && dice.percent(78)) {
        causes.push("因病");
    }
    if disabled && dice.percent(70) {
        causes.push("因残");
    }
    if studies && dice.percent(45) {
        causes.push("因学");
    }
    if workers * 4 <= household.members.len() && dice.percent(60) {
        causes.push("缺劳动力");
    }
    if causes.is_empty() || dice.percent(22) {
        let rest = [
            (30, "缺技术"),
            (28, "缺资金"),
            (10, "因灾"),
            (8, "缺土地"),
            (8, "交通条件落后"),
            (16, "自身发展动力不足"),
        ];
        causes.push(dice.weighted(&rest));
    }
    causes.truncate(3);
    causes
}

/// What residents pay this year, before what is paid for them.
pub(super) const PREMIUM: Fen = Fen::from_yuan(400);

/// What is paid for whom, the higher first.
pub(super) const SUBSIDIES: [(&str, Fen); 3] =
    [("特困人员", PREMIUM), ("低保对象", Fen::from_yuan(240)), ("建档立卡", Fen::from_yuan(140))];

/// This year's enrolment of an insured person.
pub(super) fn enrol(dice: &mut Dice, today: NaiveDate, county: &str, person: &DemoPerson) -> DemoEnrolment {
    let paid_on = Some(back(new_year(today), dice.between(8, 100)));
    let salaried = person.work_months >= 11 && person.work_place != "乡(镇)内" && dice.percent(7);
    if salaried {
        return DemoEnrolment {
            insurance: "职工",
            insured: true,
            place: if person.work_place == "省外" { "外省".to_owned() } else { county.to_owned() },
            own_payment: Fen::ZERO,
            subsidy: Fen::ZERO,
            subsidy_class: "",
            paid_on,
            reason: "",
        };
    }
    let (subsidy_class, subsidy) = match (person.destitute, person.subsistence) {
        (true, _) => SUBSIDIES[0],
        (_, true) => SUBSIDIES[1],
        _ => SUBSIDIES[2],
    };
    DemoEnrolment {
        insurance: "城乡居民",
        insured: true,
        place: county.to_owned(),
        own_payment: PREMIUM - subsidy,
        subsidy,
        subsidy_class,
        paid_on,
        reason: "",
    }
}

/// A row that says somebody is not insured, and why.
pub(super) fn not_enrolled(reason: &'static str) -> DemoEnrolment {
    DemoEnrolment {
        insurance: "",
        insured: false,
        place: String::new(),
        own_payment: Fen::ZERO,
        subsidy: Fen::ZERO,
        subsidy_class: "",
        paid_on: None,
        reason,
    }
}
