//! What was put into the demo county on purpose, so that tests and demonstrations know what must be found.

use mingbai_coverage::Cause;
use mingbai_domain::Fen;

use super::model::DemoHousehold;

/// A fault put into the data on purpose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlantedFault {
    /// Number of the rule that finds it (F05, F07…), or the worklist that shows it.
    pub rule: &'static str,
    /// 户编号.
    pub household: String,
    /// Whom it concerns.
    pub name: String,
    /// What is wrong, in Chinese.
    pub detail: String,
}

/// A bill paid too little on purpose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlantedShortfall {
    /// 票据号.
    pub invoice: String,
    /// 户编号.
    pub household: String,
    /// Whose bill.
    pub name: String,
    /// The insurer's mistake.
    pub cause: Cause,
    /// What the family should still receive.
    pub amount: Fen,
}

/// The roster of some weeks later: one file in which rows are new, changed, the same or rejected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LaterRoster {
    /// The households as the file has them, new people included and absent people left out.
    pub households: Vec<DemoHousehold>,
    /// 户编号 and name of people who are new.
    pub new: Vec<(String, String)>,
    /// 户编号, name and what changed.
    pub changed: Vec<(String, String, String)>,
    /// 户编号 and name of people who are no longer in the file.
    pub absent: Vec<(String, String)>,
    /// 户编号, name and the damaged 证件号码 of rows that must be rejected.
    pub rejected: Vec<(String, String, String)>,
}
