//! Where the demo county lies: its own area table, its villages, doctors and telephones.

use super::dice::Dice;
use super::model::{DemoTeam, DemoVillage};
use super::names::{family_name, full_name};
use mingbai_domain::citizen_id::Sex;

/// The area table, the only place where these codes exist.
const AREAS: &str = include_str!("../../../../../assets/demo/areas.tsv");

/// How the codes of the demo begin: a prefecture that does not exist.
pub(super) const NOBODYS_PREFECTURE: &str = "1599";
/// Code of the county.
pub(super) const COUNTY: &str = "159901";
/// Prefixes of the ids of people who came from elsewhere, with their weights.
pub(super) const ID_AREAS: &[(u32, &str)] = &[(86, COUNTY), (6, "159902"), (5, "159903"), (3, "159921")];
/// 一组 to 六组.
pub(super) const GROUPS: [&str; 6] = ["一组", "二组", "三组", "四组", "五组", "六组"];

/// One line of the area table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area {
    /// 6, 9 or 12 digits.
    pub code: &'static str,
    /// `county`, `township` or `village`.
    pub level: &'static str,
    /// Name.
    pub name: &'static str,
    /// Code of the area above.
    pub parent: &'static str,
}

/// The demo county's area table, in its order.
pub fn areas() -> impl Iterator<Item = Area> {
    AREAS.lines().skip(1).filter_map(|line| {
        let mut fields = line.split('\t');
        Some(Area { code: fields.next()?, level: fields.next()?, name: fields.next()?, parent: fields.next()? })
    })
}

/// Hands out the telephone numbers 1390000xxxx, none of them twice.
pub(super) struct Phones(u32);

impl Phones {
    /// Numbers from the part of the block that belongs to one township.
    pub(super) fn new(township: u32) -> Self {
        Self(township * 5_000)
    }

    /// The next number.
    pub(super) fn next(&mut self) -> String {
        // 7919 has no factor in common with 10,000, so the numbers jump about and none repeats.
        let tail = self.0 * 7_919 % 10_000;
        self.0 += 1;
        format!("1390000{tail:04}")
    }
}

/// The villages of a township with their teams.
pub(super) fn villages(dice: &mut Dice, township: &str, phones: &mut Phones) -> Vec<DemoVillage> {
    let doctor = |dice: &mut Dice, sex, year| {
        let family = family_name(dice, "汉族");
        full_name(dice, &family, sex, year)
    };
    // A township doctor looks after three villages, a specialist of the county hospital after the whole township.
    let county_doctor = doctor(dice, Sex::Male, 1972);
    let mut township_doctor = String::new();
    let mut township_phone = String::new();
    let mut villages = Vec::new();
    for (place, area) in areas().filter(|area| area.parent == township).enumerate() {
        if place.is_multiple_of(3) {
            township_doctor = doctor(dice, if place == 3 { Sex::Male } else { Sex::Female }, 1984);
            township_phone = phones.next();
        }
        let sex = if dice.percent(60) { Sex::Male } else { Sex::Female };
        let short = area.name.trim_end_matches('村');
        villages.push(DemoVillage {
            code: area.code.to_owned(),
            name: area.name.to_owned(),
            clinic: format!("{}卫生室", area.name),
            team: DemoTeam {
                name: format!("{short}团队"),
                village_doctor: doctor(dice, sex, 1970),
                village_phone: phones.next(),
                township_doctor: township_doctor.clone(),
                township_phone: township_phone.clone(),
                county_doctor: county_doctor.clone(),
                county_phone: "0474-000-8830".to_owned(),
                county_hospital: COUNTY_HOSPITAL.to_owned(),
            },
        });
    }
    villages
}

/// The hospitals people go to.
pub(super) const COUNTY_HOSPITAL: &str = "示范县人民医院";
/// Level 3, in the city.
pub(super) const CITY_HOSPITAL: &str = "示范市中心医院";
/// Level 3, in the region's capital.
pub(super) const REGION_HOSPITAL: &str = "示范自治区人民医院";
/// Level 3, for children.
pub(super) const CHILDREN_HOSPITAL: &str = "示范自治区儿童医院";
/// Level 3, in another province.
pub(super) const OUTSIDE_HOSPITAL: &str = "外省示范医院";
/// Level 3, for children, in another province.
pub(super) const OUTSIDE_CHILDREN: &str = "外省示范儿童医院";
