//! From kin to people: birth dates, ids that check, names, and the circumstances that go with an age.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, Months, NaiveDate};
use mingbai_domain::CitizenId;
use mingbai_domain::citizen_id::Sex;

use super::DemoError;
use super::dice::Dice;
use super::family::{Kin, Line};
use super::model::{DemoContract, DemoDisability, DemoPerson};
use super::names::{FamilyName, family_name, full_name};
use super::place::ID_AREAS;

/// Hands out citizen ids of the demo's own areas, none of them twice.
#[derive(Default)]
pub(super) struct Ids(BTreeSet<String>);

impl Ids {
    /// An id with this birth date and sex.
    pub(super) fn issue(&mut self, dice: &mut Dice, birth: NaiveDate, sex: Sex) -> Result<CitizenId, DemoError> {
        let area = dice.weighted(ID_AREAS);
        let parity = i64::from(sex == Sex::Male);
        for _ in 0..1_000 {
            let sequence = u16::try_from(dice.between(0, 199) * 2 + parity).unwrap_or_default();
            // What ends in 000 would look as if a spreadsheet had destroyed it.
            let id = CitizenId::compose(area, birth, sequence).filter(|id| !id.as_str().ends_with("000"));
            if let Some(id) = id
                && self.0.insert(id.as_str().to_owned())
            {
                return Ok(id);
            }
        }
        Err(DemoError::NoIdLeft { birth })
    }
}

/// A birth date that makes somebody exactly this old today.
pub(super) fn birth_of_age(dice: &mut Dice, today: NaiveDate, age: i64) -> NaiveDate {
    let months = Months::new(u32::try_from(age * 12).unwrap_or_default());
    let back = if age == 0 { dice.between(40, 330) } else { dice.between(0, 360) };
    let days = Days::new(u64::try_from(back).unwrap_or_default());
    today.checked_sub_months(months).and_then(|day| day.checked_sub_days(days)).unwrap_or(today)
}

/// A person with nothing but who they are.
pub(super) fn bare(
    name: String,
    sex: Sex,
    birth: NaiveDate,
    relation: &'static str,
    id: Option<CitizenId>,
) -> DemoPerson {
    DemoPerson {
        number: String::new(),
        name,
        sex,
        birth,
        relation,
        id,
        disability: None,
        document_type: "居民身份证",
        roster_sex: sex_label(sex),
        roster_birth: birth,
        ethnicity: "汉族",
        education: "",
        schooling: "",
        labour: "",
        work_months: 0,
        work_place: "",
        employer: "",
        health: String::new(),
        politics: "群众",
        phone: String::new(),
        subsistence: false,
        destitute: false,
        diseases: Vec::new(),
        contract: DemoContract::Missing,
        visits: Vec::new(),
        enrolment: None,
        bills: Vec::new(),
    }
}

/// 男 or 女.
pub(super) fn sex_label(sex: Sex) -> &'static str {
    match sex {
        Sex::Male => "男",
        Sex::Female => "女",
    }
}

const ETHNICITIES: &[(u32, &str)] = &[(84, "汉族"), (8, "蒙古族"), (4, "回族"), (4, "满族")];

/// The people of one household.
pub(super) fn household(
    dice: &mut Dice,
    today: NaiveDate,
    ids: &mut Ids,
    kin: &[Kin],
) -> Result<Vec<DemoPerson>, DemoError> {
    let ethnicity = dice.weighted(ETHNICITIES);
    let head_family = family_name(dice, ethnicity);
    let mut child_family = match kin.first().map(|head| head.sex) {
        Some(Sex::Female) => family_name(dice, ethnicity),
        _ => head_family.clone(),
    };
    let mut people: Vec<DemoPerson> = Vec::new();
    for member in kin {
        let birth = birth_of_age(dice, today, member.age);
        let other_family = family_name(dice, ethnicity);
        let family = match member.line {
            Line::Head => &head_family,
            Line::Children => &child_family,
            Line::Other => &other_family,
        };
        let mut name = full_name(dice, family, member.sex, birth.year());
        while people.iter().any(|other| other.name == name) {
            name = full_name(dice, family, member.sex, birth.year());
        }
        // Children of a man without a surname carry his own name behind theirs.
        if people.is_empty() && member.sex == Sex::Male && matches!(head_family, FamilyName::Father(_)) {
            let own = name.split('·').next().unwrap_or_default().to_owned();
            if own.chars().count() <= 3 {
                child_family = FamilyName::Father(own);
            }
        }
        let id = ids.issue(dice, birth, member.sex)?;
        let mut person = bare(name, member.sex, birth, member.relation, Some(id));
        person.ethnicity = ethnicity;
        people.push(person);
    }
    Ok(people)
}

/// Gives somebody a disability, more often in old age.
pub(super) fn disability(dice: &mut Dice, today: NaiveDate, person: &mut DemoPerson) {
    let age = person.age(today);
    let chance = match age {
        ..6 => 0,
        6..18 => 2,
        18..45 => 5,
        45..65 => 6,
        _ => 5,
    };
    if !dice.percent(chance) {
        return;
    }
    let kind = dice.weighted(&[(12, 1_u8), (12, 2), (3, 3), (52, 4), (12, 5), (6, 6), (3, 7)]);
    let grade = dice.weighted(&[(12, 1_u8), (28, 2), (34, 3), (26, 4)]);
    let reissued = u8::from(dice.percent(12));
    let year = today.year() - i32::try_from(dice.between(1, age.min(12))).unwrap_or(1);
    person.disability = Some(DemoDisability { kind, grade, reissued, year });
    person.document_type = "残疾人证";
}

/// Health, schooling, labour and work that go with age, diseases and disability.
pub(super) fn circumstances(dice: &mut Dice, today: NaiveDate, person: &mut DemoPerson) {
    let age = person.age(today);
    let mut health = Vec::new();
    if person.has_major_disease() {
        health.push("患有大病");
    } else if person.diseases.iter().any(|disease| disease.class == "慢病") {
        health.push("长期慢性病");
    }
    if person.disability.is_some() {
        health.push("残疾");
    }
    person.health = if health.is_empty() { "健康".to_owned() } else { health.join(",") };
    let healthy = person.health == "健康";
    let severe = person.disability.is_some_and(|d| d.grade <= 2);

    person.schooling = schooling(dice, age, severe);
    person.education = if person.schooling.is_empty() { education(dice, age) } else { "" };
    person.labour = match age {
        ..16 => "无劳动力",
        _ if !person.schooling.is_empty() => "无劳动力",
        16..60 if severe => "丧失劳动力",
        16..60 if healthy => dice.weighted(&[(88, "普通劳动力"), (12, "技能劳动力")]),
        16..60 => "弱劳动力或半劳动力",
        60..75 if !severe => "弱劳动力或半劳动力",
        _ => "无劳动力",
    };
    let works = matches!(person.labour, "普通劳动力" | "技能劳动力") && dice.percent(66);
    if works {
        person.work_months = dice.between(3, 12);
        person.work_place = dice.weighted(&[(20, "乡(镇)内"), (26, "乡外县内"), (30, "县外省内"), (24, "省外")]);
        person.employer = match person.work_place {
            "乡(镇)内" => dice.pick(&["示范县绿源种植合作社", "示范县塞上养殖场", "示范县砖瓦厂"]),
            "乡外县内" => dice.pick(&["示范县马铃薯加工厂", "示范县建筑公司", "示范县物流园", "示范县宾馆"]),
            _ => dice.pick(&["", "建筑工地", "电子厂", "餐饮店", "物业公司", "煤矿"]),
        };
    }
    person.politics = match age {
        ..14 => "",
        14..28 if dice.percent(35) => "共青团员",
        28.. if dice.percent(5) => "中共党员",
        _ => "群众",
    };
}

fn schooling(dice: &mut Dice, age: i64, severe: bool) -> &'static str {
    if severe && age > 6 && dice.percent(50) {
        return "";
    }
    match age {
        3..6 if dice.percent(85) => "学前教育",
        6 => "小学一年级",
        7 => "小学二年级",
        8 => "小学三年级",
        9 => "小学四年级",
        10 => "小学五年级",
        11 => "小学六年级",
        12 => "七年级",
        13 => "八年级",
        14 => "九年级",
        15 => dice.pick(&["普通高中一年级", "普通高中一年级", "中职一年级"]),
        16 => dice.pick(&["普通高中二年级", "普通高中二年级", "中职二年级", ""]),
        17 => dice.pick(&["普通高中三年级", "普通高中三年级", "中职三年级", ""]),
        18 => dice.pick(&["本科一年级", "高职高专一年级", "高职高专一年级", "", ""]),
        19 => dice.pick(&["本科二年级", "高职高专二年级", "高职高专二年级", "", ""]),
        20 => dice.pick(&["本科三年级", "高职高专三年级", "", ""]),
        21 => dice.pick(&["本科四年级", "", "", ""]),
        _ => "",
    }
}

fn education(dice: &mut Dice, age: i64) -> &'static str {
    match age {
        ..7 => "学龄前儿童",
        7..16 => "小学",
        16..19 => dice.weighted(&[(75, "初中"), (25, "高中")]),
        19..22 => dice.weighted(&[(50, "初中"), (50, "高中")]),
        22..30 => dice.weighted(&[(45, "初中"), (25, "高中"), (20, "大专"), (10, "本科及以上")]),
        30..50 => dice.weighted(&[(4, "文盲或半文盲"), (24, "小学"), (58, "初中"), (10, "高中"), (4, "大专")]),
        50..65 => dice.weighted(&[(12, "文盲或半文盲"), (44, "小学"), (38, "初中"), (6, "高中")]),
        _ => dice.weighted(&[(38, "文盲或半文盲"), (48, "小学"), (12, "初中"), (2, "高中")]),
    }
}
