//! The demo county: two townships of invented people, told from one seed and one day, and the files in which their offices
//! would hand them over. Pure: no clock, no disk, no randomness but the seed's.

mod bills;
mod care;
mod county_lists;
mod dice;
mod family;
mod faults;
#[cfg(test)]
mod file_tests;
mod files;
mod flagship;
mod illness;
mod later;
mod lists;
mod model;
mod names;
mod offices;
mod people;
mod place;
mod planted;
mod shortfalls;
mod standing;
#[cfg(test)]
mod tests;
mod township;

use chrono::NaiveDate;
use mingbai_coverage::{BillError, Pack};
use mingbai_sheets::SheetError;

pub use county_lists::{DemoCountyList, county_lists};
pub use files::{DemoFile, files, screening_of_village};
pub use flagship::FLAGSHIP;
pub use model::{
    DemoBill, DemoContract, DemoCounty, DemoDisability, DemoDisease, DemoEnrolment, DemoHousehold, DemoPerson,
    DemoTeam, DemoTownship, DemoVillage, DemoVisit, Lifted,
};
pub use offices::{DemoOutside, care_files, outside};
use place::NOBODYS_PREFECTURE;
pub use place::{Area, areas};
pub use planted::{LaterRoster, PlantedFault, PlantedShortfall};

use township::{Plan, township};

/// Whether a division code is one of the demo's, which no real office has: their data are for training.
#[must_use]
pub fn is_training(area: &str) -> bool {
    area.starts_with(NOBODYS_PREFECTURE)
}

/// The demo county's policy pack: its text and its rules.
#[derive(Clone, Debug)]
pub struct DemoPack {
    /// TOML.
    pub text: &'static str,
    /// Parsed.
    pub rules: Pack,
}

/// The pack of 乌兰察布, which the demo county uses.
///
/// # Errors
/// [`mingbai_coverage::PackError`] when the shipped text is not a whole pack.
pub fn built_in_pack() -> Result<DemoPack, crate::AppError> {
    let text = include_str!("../../../../../assets/packs/wulanchabu.toml");
    Ok(DemoPack { text, rules: Pack::parse(text)? })
}

/// Why the demo county could not be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DemoError {
    /// The pack refuses a bill, e.g. because its years do not include the day the county is told from.
    #[error("演示县的结算单{invoice}不能按政策包计算：{error}")]
    Bill {
        /// 票据号.
        invoice: String,
        /// What the rule engine said.
        error: BillError,
    },
    /// A file could not be written.
    #[error(transparent)]
    Sheet(#[from] SheetError),
    /// More people born on one day than a sequence number can tell apart.
    #[error("演示县在{birth}出生的人太多，证件号码不够用")]
    NoIdLeft {
        /// The day.
        birth: NaiveDate,
    },
}

/// The plans of the two townships.
const PLANS: [Plan; 2] = [
    Plan {
        place: 0,
        code: "159901201",
        name: "青石乡",
        health_centre: "青石乡卫生院",
        phones: ("0474-000-6120", "0474-000-6133"),
        first_number: 181,
        not_lifted: (136, 478),
        lifted: (167, 632),
        bills: 76,
        shortfalls: 12,
        flagship: true,
    },
    Plan {
        place: 1,
        code: "159901101",
        name: "白桥镇",
        health_centre: "白桥镇卫生院",
        phones: ("0474-000-7120", "0474-000-7133"),
        first_number: 20_001,
        not_lifted: (88, 305),
        lifted: (123, 441),
        bills: 46,
        shortfalls: 5,
        flagship: false,
    },
];

/// The county of a seed as it is on `today`: 青石乡 with 303 households and 1,110 people, 白桥镇 with 211 and 746. What was
/// paid on bills follows `pack`, but for the planted shortfalls.
///
/// # Errors
/// [`DemoError::Bill`] when the pack cannot settle a stay of this year for another reason than that it has no rule for it.
pub fn county(seed: u64, today: NaiveDate, pack: &Pack) -> Result<DemoCounty, DemoError> {
    let mut ids = people::Ids::default();
    let mut townships = Vec::with_capacity(PLANS.len());
    for plan in &PLANS {
        townships.push(township(seed, today, pack, &mut ids, plan)?);
    }
    Ok(DemoCounty {
        code: place::COUNTY.to_owned(),
        name: "示范县".to_owned(),
        office: "示范县健康帮扶办公室".to_owned(),
        today,
        townships,
    })
}
