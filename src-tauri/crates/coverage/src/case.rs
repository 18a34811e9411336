//! The file `mingbai settle --bills` reads: one person, perhaps the year so far, bills, perhaps the year's end.
//!
//! ```json
//! {
//!   "title": "低保对象三级医院住院",
//!   "person": { "identities": [{ "identity": "subsistence", "from": "2020-01-01", "until": null }], "born": null },
//!   "history": { "year": 2023, "in_scope_personal": "0", "admissions": { "level3": 1 },
//!                "payers": { "critical": { "base": "45975", "deductible": "15202", "entitled": "0", "paid": "0" } } },
//!   "bills": [ { "id": "1", "kind": "inpatient", "level": "level3", "area": "city", "referral": "none",
//!                "admitted_on": "2023-03-01", "discharged_on": "2023-03-20", "settled_on": "2023-03-20",
//!                "total": "200000", "ownpay": "12000", "overlimit": "0", "preselfpay": "8000" } ],
//!   "year_end": "2023-12-31"
//! }
//! ```
//! Amounts as text are yuan, as bare integers fen. `history`, `year_end`, `pack` and `expect` may be left out; the last two
//! say which pack a shipped example belongs to and what must come out.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use mingbai_domain::Fen;
use serde::{Deserialize, Serialize};

use crate::bill::{Bill, BillError};
use crate::history::History;
use crate::pack::Pack;
use crate::person::Person;
use crate::ratio::Ratio;
use crate::settle::{
    AnnualSettlement, Refused, SetAside, Settlement, knowing_their_stays, set_aside, settle_annual, settle_year,
};

/// One case file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseFile {
    /// What the case shows.
    #[serde(default)]
    pub title: String,
    /// File name of the pack the case belongs to.
    #[serde(default)]
    pub pack: Option<String>,
    /// Who.
    pub person: Person,
    /// The year so far; left out for a year that begins with these bills.
    #[serde(default)]
    pub history: Option<History>,
    /// The bills, in any order and of any years the pack covers.
    #[serde(default)]
    pub bills: Vec<Bill>,
    /// Settle the annual payers too, with the identities of this day.
    #[serde(default)]
    pub year_end: Option<NaiveDate>,
    /// What must come out, by bill number (`year_end` for the year's end). Read by tests only.
    #[serde(default)]
    pub expect: BTreeMap<String, Expected>,
}

/// What a golden case expects of one bill.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// 政策范围内.
    #[serde(default, deserialize_with = "crate::amount::read_optional")]
    pub in_scope: Option<Fen>,
    /// By payer key, in yuan; payers not named must pay nothing.
    pub payers: BTreeMap<String, String>,
    /// 范围内个人负担.
    #[serde(deserialize_with = "crate::amount::read")]
    pub in_scope_personal: Fen,
    /// 个人支付.
    #[serde(default, deserialize_with = "crate::amount::read_optional")]
    pub personal: Option<Fen>,
    /// Paid ÷ total.
    #[serde(default)]
    pub ratio_of_total: Option<Ratio>,
    /// Paid ÷ in-scope.
    #[serde(default)]
    pub ratio_in_scope: Option<Ratio>,
}

/// What came out of a case file, for printing as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CaseReport {
    /// Region, name and version of the pack.
    pub pack: String,
    /// Values of the pack that no official text backs yet.
    pub unofficial: Vec<String>,
    /// The accepted bills in the order they were settled.
    pub settlements: Vec<Settlement>,
    /// The refused bills.
    pub refused: Vec<Refused>,
    /// The bills that no longer count.
    pub aside: Vec<SetAside>,
    /// The year's end, when asked for.
    pub annual: Option<AnnualSettlement>,
    /// Every year after its bills.
    pub closing: Vec<History>,
}

/// Bills of any years, settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Years {
    /// The accepted bills in the order they were settled.
    pub settlements: Vec<Settlement>,
    /// The refused bills, by their places in the list handed in.
    pub refused: Vec<Refused>,
    /// The bills that no longer count.
    pub aside: Vec<SetAside>,
    /// Every year after its bills.
    pub closing: Vec<History>,
}

/// Settles bills year by year; `history` is what one of the years had come to before them. Refused bills are listed, never
/// first-error-wins.
#[must_use]
pub fn settle_years(pack: &Pack, person: &Person, history: Option<&History>, bills: &[Bill]) -> Years {
    // Parts of one stay may lie in two years.
    let bills = &*knowing_their_stays(bills);
    let mut years: BTreeMap<i32, Vec<(usize, Bill)>> = BTreeMap::new();
    let mut refused = Vec::new();
    // A correction may lie in another year than the bill it corrects.
    let aside = set_aside(bills);
    let gone: BTreeSet<usize> = aside.iter().map(|bill| bill.index).collect();
    for (index, bill) in bills.iter().enumerate().filter(|(index, _)| !gone.contains(index)) {
        match pack.year_of(bill) {
            Ok(year) => years.entry(year).or_default().push((index, bill.clone())),
            Err(error) => refused.push(Refused { index, bill: bill.id.clone(), error }),
        }
    }
    if let Some(history) = history {
        years.entry(history.year).or_default();
    }
    let mut settlements = Vec::new();
    let mut closing: Vec<History> = Vec::new();
    for (year, bills) in years {
        // A stay over New Year goes on where the year before left it.
        let fresh = || closing.last().map_or_else(|| History::empty(year), |before| before.next(year));
        let opening = history.filter(|history| history.year == year).cloned().unwrap_or_else(fresh);
        let (places, bills): (Vec<usize>, Vec<Bill>) = bills.into_iter().unzip();
        let settled = settle_year(pack, person, &opening, &bills);
        settlements.extend(settled.settlements);
        for mut bill in settled.refused {
            bill.index = places.get(bill.index).copied().unwrap_or(bill.index);
            refused.push(bill);
        }
        closing.push(settled.closing);
    }
    Years { settlements, refused, aside, closing }
}

/// Settles a case file year by year, and the last year's end when it asks for it.
///
/// # Errors
/// When the year's end cannot be settled. Refused bills are listed in the report.
pub fn run_case(pack: &Pack, case: &CaseFile) -> Result<CaseReport, BillError> {
    let Years { settlements, refused, aside, mut closing } =
        settle_years(pack, &case.person, case.history.as_ref(), &case.bills);
    let mut annual = None;
    if let Some((last, as_of)) = closing.last_mut().zip(case.year_end) {
        let settled = settle_annual(pack, &case.person, last, as_of)?;
        *last = settled.after.clone();
        annual = Some(settled);
    }
    Ok(CaseReport {
        pack: format!("{} {} {}", pack.region, pack.name, pack.version),
        unofficial: pack.unofficial(),
        settlements,
        refused,
        aside,
        annual,
        closing,
    })
}
