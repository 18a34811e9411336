//! Gaps and errors put in on purpose, so that every worklist has something to show. Each is listed with the rule that
//! must find it (numbers of the data-quality catalogue), and touches a household of its own.

use std::collections::BTreeSet;

use chrono::{Days, Months, NaiveDate};
use mingbai_domain::Fen;
use mingbai_domain::citizen_id::Sex;

use super::care::{back, signed};
use super::dice::Dice;
use super::flagship::FLAGSHIP;
use super::model::{DemoContract, DemoHousehold, DemoPerson};
use super::people::sex_label;
use super::planted::{PlantedFault, PlantedShortfall};
use super::standing::not_enrolled;

/// Plants faults, each in another household, in random order.
struct Planter<'a> {
    households: &'a mut [DemoHousehold],
    order: Vec<(usize, usize)>,
    used: BTreeSet<usize>,
    planted: Vec<PlantedFault>,
}

impl<'a> Planter<'a> {
    fn new(dice: &mut Dice, households: &'a mut [DemoHousehold], spared: &BTreeSet<String>) -> Self {
        let mut order = Vec::new();
        for (h, household) in households.iter().enumerate() {
            if household.number != FLAGSHIP && !spared.contains(&household.number) {
                order.extend((0..household.members.len()).map(|m| (h, m)));
            }
        }
        dice.shuffle(&mut order);
        Self { households, order, used: BTreeSet::new(), planted: Vec::new() }
    }

    /// Changes `count` people who fit; `change` says what is wrong now.
    fn plant(
        &mut self,
        rule: &'static str,
        count: usize,
        fits: impl Fn(&DemoHousehold, &DemoPerson) -> bool,
        change: impl Fn(&mut DemoHousehold, usize) -> String,
    ) {
        let mut left = count;
        for (h, m) in &self.order {
            if left == 0 {
                return;
            }
            let Some(household) = self.households.get_mut(*h) else { continue };
            let suits = household.members.get(*m).is_some_and(|person| person.id.is_some() && fits(household, person));
            if !suits || !self.used.insert(*h) {
                continue;
            }
            let name = household.members.get(*m).map(|person| person.name.clone()).unwrap_or_default();
            let detail = change(household, *m);
            self.planted.push(PlantedFault { rule, household: household.number.clone(), name, detail });
            left -= 1;
        }
    }

    /// The same for a change of one person.
    fn plant_person(
        &mut self,
        rule: &'static str,
        count: usize,
        fits: impl Fn(&DemoPerson) -> bool,
        change: impl Fn(&mut DemoPerson) -> &'static str,
    ) {
        self.plant(
            rule,
            count,
            |_, person| fits(person),
            |household, m| household.members.get_mut(m).map(change_of(&change)).unwrap_or_default().to_owned(),
        );
    }
}

fn change_of<'c>(
    change: &'c impl Fn(&mut DemoPerson) -> &'static str,
) -> impl FnOnce(&mut DemoPerson) -> &'static str + 'c {
    move |person| change(person)
}

fn is_signed(person: &DemoPerson) -> bool {
    matches!(person.contract, DemoContract::Signed { .. })
}

/// People without contract or insurance, and why. Before the bills are written, so that no uninsured person has one.
pub(super) fn gaps(
    dice: &mut Dice,
    today: NaiveDate,
    households: &mut [DemoHousehold],
    large: bool,
) -> Vec<PlantedFault> {
    let mut planter = Planter::new(dice, households, &BTreeSet::new());
    let grown = |person: &DemoPerson| is_signed(person) && person.age(today) >= 18 && person.visits.is_empty();
    let reasons: &[(usize, &'static str)] =
        &[(2, "拒签"), (4, "联系不上"), (3, "暂时外出无法签约"), (1, "无社保卡"), (2, "")];
    for (count, reason) in reasons {
        let count = if large { *count } else { count.div_ceil(2) };
        planter.plant_person("未签约", count, grown, |person| {
            person.contract = DemoContract::Unsigned { reason };
            if reason.is_empty() {
                "应签未签，原因没有填写"
            } else {
                "应签未签，原因不能免除签约"
            }
        });
    }
    planter.plant_person("未签约", if large { 3 } else { 1 }, grown, |person| {
        person.contract = DemoContract::Missing;
        "签约名单中没有此人"
    });
    planter.plant_person("F49", 3, is_signed, |person| {
        let since = today.checked_sub_months(Months::new(15)).unwrap_or(today);
        person.contract = signed(today, person, since);
        "协议已过期，没有续签"
    });
    let (elsewhere, unpaid) = if large { (2, 1) } else { (1, 1) };
    planter.plant_person(
        "F13",
        elsewhere,
        |person| person.work_place == "省外",
        |person| {
            person.enrolment = Some(not_enrolled("外地参保待核实"));
            "本地未参保，是否在外地参保待核实"
        },
    );
    planter.plant_person(
        "F13",
        unpaid,
        |person| person.visits.is_empty(),
        |person| {
            person.enrolment = Some(not_enrolled("未缴费"));
            "未参保，原因是未缴费"
        },
    );
    planter.plant_person(
        "F13",
        2,
        |person| person.visits.is_empty(),
        |person| {
            person.enrolment = None;
            "参保名单中没有此人"
        },
    );
    planter.planted
}

/// Errors of the roster, of visits and of bills. Households with planted shortfalls are left alone.
pub(super) fn errors(
    dice: &mut Dice,
    today: NaiveDate,
    households: &mut [DemoHousehold],
    shortfalls: &[PlantedShortfall],
) -> Vec<PlantedFault> {
    let spared: BTreeSet<String> = shortfalls.iter().map(|shortfall| shortfall.household.clone()).collect();
    let mut planter = Planter::new(dice, households, &spared);
    roster_errors(&mut planter, today);
    household_errors(&mut planter, today);
    visit_errors(&mut planter);
    bill_errors(&mut planter);
    planter.planted
}

fn roster_errors(planter: &mut Planter<'_>, today: NaiveDate) {
    let wife = |p: &DemoPerson| p.relation == "配偶" && p.sex == Sex::Female;
    planter.plant_person(
        "F05",
        2,
        |p| p.relation == "户主" && p.disability.is_none(),
        |p| {
            p.roster_birth = p.birth + Days::new(if p.birth < today - Days::new(2) { 1 } else { 0 });
            "出生日期与证件号码不一致"
        },
    );
    planter.plant_person("F08", 1, wife, |p| {
        p.roster_sex = sex_label(Sex::Male);
        "配偶与户主性别相同，也与证件号码不一致"
    });
    planter.plant_person(
        "F07",
        2,
        |p| p.relation == "之女",
        |p| {
            p.relation = "之子";
            "与户主关系是之子，性别是女"
        },
    );
    planter.plant_person(
        "F06",
        3,
        |p| p.health == "健康",
        |p| {
            p.health.clear();
            "健康状况为空"
        },
    );
    planter.plant_person(
        "F06",
        1,
        |p| p.relation != "户主",
        |p| {
            p.ethnicity = "";
            "民族为空"
        },
    );
    planter.plant_person(
        "F27",
        2,
        |p| (9..15).contains(&p.age(today)),
        |p| {
            p.labour = "普通劳动力";
            "不满16周岁，劳动技能不是无劳动力"
        },
    );
    planter.plant_person(
        "F28",
        2,
        |p| (62..75).contains(&p.age(today)) && p.disability.is_none(),
        |p| {
            p.labour = "普通劳动力";
            "年满60周岁，劳动技能是普通劳动力"
        },
    );
    planter.plant_person(
        "F29",
        1,
        |p| p.labour == "普通劳动力" && p.health == "健康" && p.age(today) < 55,
        |p| {
            p.labour = "无劳动力";
            p.work_months = 0;
            p.work_place = "";
            p.employer = "";
            "16至59周岁、健康、不在校，劳动技能是无劳动力"
        },
    );
    planter.plant_person(
        "F25",
        2,
        |p| p.disability.is_some(),
        |p| {
            p.disability = None;
            p.document_type = "居民身份证";
            "健康状况有残疾，证件类型不是残疾人证"
        },
    );
    planter.plant_person(
        "F33",
        1,
        |p| p.schooling.starts_with("小学"),
        |p| {
            p.education = "小学";
            "文化程度和在校生状况同时填写"
        },
    );
}

fn household_errors(planter: &mut Planter<'_>, today: NaiveDate) {
    let head = |p: &DemoPerson| p.relation == "户主";
    let nobody_ill = |h: &DemoHousehold| h.members.iter().all(|p| p.diseases.is_empty() && p.health == "健康");
    planter.plant(
        "F19",
        2,
        |h, p| head(p) && nobody_ill(h) && h.main_cause != "因病",
        |household, _| {
            household.main_cause = "因病";
            household.other_causes.clear();
            "主要致贫原因是因病，户内没有病人".to_owned()
        },
    );
    planter.plant(
        "F43",
        2,
        |h, p| p.has_major_disease() && h.main_cause == "因病",
        |household, _| {
            household.main_cause =
                if household.other_causes.is_empty() { "缺资金" } else { household.other_causes.remove(0) };
            "户内有大病患者，致贫原因没有因病".to_owned()
        },
    );
    planter.plant(
        "F07",
        1,
        |h, p| p.relation == "之父" && h.members.len() > 2,
        |household, m| {
            if let Some(person) = household.members.get_mut(m) {
                person.relation = "之母";
            }
            "与户主关系是之母，性别是男".to_owned()
        },
    );
    let grown = |p: &DemoPerson| !p.phone.is_empty() && p.age(today) > 20;
    let shared = planter.households.iter().find(|h| h.village == 1).map(|h| (h.phone.clone(), h.number.clone()));
    if let Some((phone, number)) = shared {
        planter.plant(
            "F39",
            1,
            |h, p| head(p) && grown(p) && h.number != number,
            |household, m| {
                household.phone.clone_from(&phone);
                if let Some(person) = household.members.get_mut(m) {
                    person.phone.clone_from(&phone);
                }
                format!("户联系电话与户{number}相同")
            },
        );
    }
}

fn visit_errors(planter: &mut Planter<'_>) {
    planter.plant_person(
        "F45",
        1,
        |p| p.visits.len() >= 3 && p.diseases.len() == 1,
        |p| {
            if let [.., one, two] = p.visits.as_mut_slice() {
                two.pressure = one.pressure;
                two.glucose_tenths = one.glucose_tenths;
                two.control = one.control;
            }
            "连续两次随访的数值完全相同"
        },
    );
    planter.plant_person(
        "F45",
        1,
        |p| p.visits.len() >= 2 && p.diseases.len() == 1 && p.bills.is_empty(),
        |p| {
            if let (Some(visit), Some(disease)) = (p.visits.get(1), p.diseases.first_mut()) {
                disease.diagnosed_on = back(visit.on, 9);
            }
            "第一次随访早于确诊日期"
        },
    );
}

fn bill_errors(planter: &mut Planter<'_>) {
    planter.plant_person(
        "F53",
        1,
        |p| p.bills.iter().any(|b| !b.by_pack),
        |p| {
            if let Some(bill) = p.bills.iter_mut().find(|b| !b.by_pack) {
                bill.deposit = Fen::from_yuan(2_000);
            }
            "住院收了押金2,000.00元"
        },
    );
    planter.plant_person(
        "F51",
        1,
        |p| p.bills.len() == 1,
        |p| {
            if let Some(bill) = p.bills.first_mut() {
                bill.in_scope -= Fen::from_yuan(100);
            }
            "结算单各项不等于总费用，差100.00元"
        },
    );
}
