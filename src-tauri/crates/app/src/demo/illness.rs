//! Diseases for people for whom they are plausible: age, sex, how common, where they are diagnosed.

use chrono::{Days, NaiveDate};
use mingbai_domain::citizen_id::Sex;

use super::dice::Dice;
use super::model::{DemoDisease, DemoPerson};
use super::place::{CHILDREN_HOSPITAL, CITY_HOSPITAL, COUNTY_HOSPITAL};

/// Which hospital finds it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    Township,
    County,
    City,
    Children,
}

/// A disease as the demo knows it.
struct Kind {
    name: &'static str,
    icd10: &'static str,
    class: &'static str,
    batch: &'static str,
    found: Found,
    sex: Option<Sex>,
    /// From this age to that.
    ages: (i64, i64),
    /// People of that age in ten thousand who have it.
    often: usize,
}

const MAJOR: &str = "大病集中救治";
const SIGNED: &str = "慢病签约服务";
const COVERED: &str = "重病兜底保障";

#[allow(clippy::too_many_arguments, reason = "a table row, one line a disease")]
const fn kind(
    name: &'static str,
    icd10: &'static str,
    class: &'static str,
    batch: &'static str,
    found: Found,
    sex: Option<Sex>,
    ages: (i64, i64),
    often: usize,
) -> Kind {
    Kind { name, icd10, class, batch, found, sex, ages, often }
}

const HYPERTENSION: &str = "高血压病";
const STROKE: &str = "脑梗死";
const STROKE_AFTER: &str = "脑梗死后遗症";

/// Every disease that befalls people at random; hypertension comes by age in [`fall_ill`].
const KINDS: &[Kind] = &[
    kind("2型糖尿病", "E11.900", "慢病", SIGNED, Found::County, None, (38, 120), 1_150),
    kind("精神分裂症", "F20.900", "大病", MAJOR, Found::City, None, (18, 70), 140),
    kind("双相情感障碍", "F31.900", "大病", MAJOR, Found::City, None, (18, 60), 40),
    kind("肺结核", "A16.200", "慢病", SIGNED, Found::County, None, (18, 80), 110),
    kind("慢性阻塞性肺疾病", "J44.900", "大病", MAJOR, Found::County, None, (52, 120), 320),
    kind(STROKE, "I63.900", "大病", MAJOR, Found::City, None, (50, 120), 230),
    kind("脑出血", "I61.900", "大病", MAJOR, Found::City, None, (48, 120), 60),
    kind(STROKE_AFTER, "I69.300", "慢病", SIGNED, Found::County, None, (52, 120), 300),
    kind("急性心肌梗死", "I21.900", "大病", MAJOR, Found::City, None, (50, 120), 90),
    kind("风湿性心脏病", "I09.900", "大病", MAJOR, Found::City, None, (35, 80), 60),
    kind("冠状动脉粥样硬化性心脏病", "I25.103", "慢病", SIGNED, Found::County, None, (50, 120), 760),
    kind("食管癌", "C15.900", "大病", MAJOR, Found::City, None, (50, 120), 70),
    kind("胃癌", "C16.900", "大病", MAJOR, Found::City, None, (45, 120), 60),
    kind("结肠癌", "C18.900", "大病", MAJOR, Found::City, None, (48, 120), 40),
    kind("直肠癌", "C20.x00", "大病", MAJOR, Found::City, None, (48, 120), 40),
    kind("肺癌", "C34.900", "大病", COVERED, Found::City, None, (48, 120), 60),
    kind("肝癌", "C22.900", "大病", COVERED, Found::City, None, (42, 120), 30),
    kind("乳腺癌", "C50.900", "大病", MAJOR, Found::City, Some(Sex::Female), (38, 75), 90),
    kind("宫颈癌", "C53.900", "大病", MAJOR, Found::City, Some(Sex::Female), (36, 70), 70),
    kind("终末期肾病", "N18.500", "大病", COVERED, Found::City, None, (30, 75), 70),
    kind("白内障", "H25.900", "大病", MAJOR, Found::County, None, (62, 120), 330),
    kind("尘肺", "J60.x00", "大病", MAJOR, Found::City, Some(Sex::Male), (45, 72), 110),
    kind("先天性心脏病（室间隔缺损）", "Q21.000", "大病", MAJOR, Found::Children, None, (0, 14), 130),
    kind("先天性心脏病（房间隔缺损）", "Q21.100", "大病", MAJOR, Found::Children, None, (0, 14), 80),
    kind("儿童急性淋巴细胞白血病", "C91.000", "大病", COVERED, Found::Children, None, (1, 14), 50),
    kind("类风湿性关节炎", "M06.900", "慢病", SIGNED, Found::County, None, (35, 120), 420),
    kind("慢性乙型病毒性肝炎", "B18.100", "慢病", SIGNED, Found::County, None, (20, 75), 160),
    kind("癫痫", "G40.900", "慢病", SIGNED, Found::County, None, (6, 70), 80),
    kind("帕金森病", "G20.x00", "慢病", SIGNED, Found::City, None, (60, 120), 120),
    kind("腰椎间盘突出", "M51.202", "常见多发病", "", Found::Township, None, (30, 75), 420),
    kind("慢性胃炎", "K29.500", "常见多发病", "", Found::Township, None, (25, 80), 360),
];

/// Rolls every disease for one person.
pub(super) fn fall_ill(dice: &mut Dice, today: NaiveDate, health_centre: &str, person: &mut DemoPerson) {
    let age = person.age(today);
    let pressure = match age {
        ..35 => 0,
        35..45 => 900,
        45..55 => 2_300,
        55..65 => 4_000,
        _ => 5_200,
    };
    if dice.below(10_000) < pressure {
        let high = hypertension(dice, today, health_centre, person);
        person.diseases.push(high);
    }
    for kind in KINDS {
        let fits = kind.sex.is_none_or(|sex| sex == person.sex) && (kind.ages.0..=kind.ages.1).contains(&age);
        let struck = dice.below(10_000) < kind.often;
        let twice = kind.name == STROKE_AFTER && person.diseases.iter().any(|d| d.name == STROKE);
        // One heavy disease is enough for one person.
        let enough = kind.class == "大病" && person.has_major_disease();
        if fits && struck && !twice && !enough {
            let disease = diagnosed(dice, today, health_centre, person, kind);
            person.diseases.push(disease);
        }
    }
}

/// A disease of the table by name, diagnosed on a given day.
pub(super) fn named(name: &str, health_centre: &str, on: NaiveDate) -> Option<DemoDisease> {
    let kind = KINDS.iter().find(|kind| kind.name == name)?;
    let (hospital, level) = hospital(kind.found, health_centre);
    Some(written(kind, hospital, level, on))
}

/// Hypertension of a grade and risk.
pub(super) fn high_pressure(
    health_centre: &str,
    grade: &'static str,
    risk: &'static str,
    on: NaiveDate,
) -> DemoDisease {
    DemoDisease {
        name: HYPERTENSION,
        icd10: "I10.x00",
        grade,
        risk,
        class: "慢病",
        batch: SIGNED,
        hospital: health_centre.to_owned(),
        hospital_level: "乡镇卫生院",
        diagnosed_on: on,
        treatment: "门诊",
    }
}

fn hypertension(dice: &mut Dice, today: NaiveDate, health_centre: &str, person: &DemoPerson) -> DemoDisease {
    let (grade, risk) = dice.weighted(&[
        (26, ("一级", "低危")),
        (16, ("一级", "中危")),
        (24, ("二级", "中危")),
        (16, ("二级", "高危")),
        (8, ("三级", "高危")),
        (10, ("三级", "很高危")),
    ]);
    let on = day_of_diagnosis(dice, today, person);
    let mut disease = high_pressure(health_centre, grade, risk, on);
    if grade == "三级" && dice.percent(70) {
        disease.hospital = COUNTY_HOSPITAL.to_owned();
        disease.hospital_level = "二级";
    }
    disease
}

fn hospital(found: Found, health_centre: &str) -> (String, &'static str) {
    match found {
        Found::Township => (health_centre.to_owned(), "乡镇卫生院"),
        Found::County => (COUNTY_HOSPITAL.to_owned(), "二级"),
        Found::City => (CITY_HOSPITAL.to_owned(), "三级"),
        Found::Children => (CHILDREN_HOSPITAL.to_owned(), "三级"),
    }
}

fn written(kind: &Kind, hospital: String, hospital_level: &'static str, diagnosed_on: NaiveDate) -> DemoDisease {
    let treatment = match (kind.class, kind.name) {
        (_, "白内障") => "未治",
        ("大病", _) => "住院",
        _ => "门诊",
    };
    DemoDisease {
        name: kind.name,
        icd10: kind.icd10,
        grade: "",
        risk: "",
        class: kind.class,
        batch: kind.batch,
        hospital,
        hospital_level,
        diagnosed_on,
        treatment,
    }
}

fn diagnosed(dice: &mut Dice, today: NaiveDate, health_centre: &str, person: &DemoPerson, kind: &Kind) -> DemoDisease {
    let (hospital, level) = hospital(kind.found, health_centre);
    let on = day_of_diagnosis(dice, today, person);
    let mut disease = written(kind, hospital, level, on);
    if kind.class == "大病" && kind.name != "白内障" {
        disease.treatment = dice.weighted(&[(60, "住院"), (28, "门诊"), (8, "康复"), (4, "未治")]);
    }
    disease
}

/// Between two months and nine years ago, never before birth. Tuberculosis and the like are not told apart here.
fn day_of_diagnosis(dice: &mut Dice, today: NaiveDate, person: &DemoPerson) -> NaiveDate {
    let alive = (today - person.birth).num_days();
    let back = dice.between(60, 3_200).min(alive - 20).max(1);
    today - Days::new(u64::try_from(back).unwrap_or_default())
}
