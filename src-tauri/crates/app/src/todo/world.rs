//! What every household is held against: the day, the packs and the villages.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};
use mingbai_domain::RecordId;
use mingbai_domain::catalogue::{Contract, Exclusion, Village};
use mingbai_domain::code;
use mingbai_domain::due::Rules;
use mingbai_store::query::PersonFile;
use mingbai_store::{Reading, Row};

use crate::claim::Claims;
use crate::county_list;
use crate::error::AppError;
use crate::policy::Packs;
use crate::quality::Limits;
use crate::warning::Lines;

/// The intervals of follow-up in force on a day. A county list that cannot be read stands in the list of lists with its
/// reason; what a county does not say stays as the national standards have it.
pub(crate) fn intervals(reading: Reading<'_>, today: NaiveDate) -> Result<Rules, AppError> {
    let lists = county_list::in_force(reading, "interval", today)?;
    let own = lists.iter().filter_map(|list| Rules::parse(list.body.as_deref()?).ok());
    Ok(own.fold(Rules::national().clone(), |known, own| own.over(&known)))
}

/// What is the same for all households.
pub(crate) struct World {
    pub(crate) today: NaiveDate,
    pub(crate) year: i32,
    pub(crate) packs: Packs,
    pub(crate) villages: HashMap<RecordId, Row<Village>>,
    /// The intervals of follow-up in force today: the county's own, or the national ones.
    pub(crate) intervals: Rules,
    /// What is being asked of payers.
    pub(crate) claims: Claims,
    /// What the checks measure by.
    pub(crate) limits: Limits,
    /// How much of its own money a household may have to spend.
    pub(crate) lines: Lines,
}

impl World {
    pub(crate) fn read(reading: Reading<'_>, today: NaiveDate, packs: Packs) -> Result<Self, AppError> {
        let villages = reading.all::<Village>()?.into_iter().map(|row| (row.id, row)).collect();
        let claims = crate::claim::claims(reading)?;
        let limits = Limits::read(reading, today)?;
        let lines = Lines::read(reading, today, today.year())?;
        let intervals = intervals(reading, today)?;
        Ok(Self { today, year: today.year(), packs, villages, intervals, claims, limits, lines })
    }

    /// Whether a span of days includes today; an open end reaches on.
    pub(crate) fn holds(&self, since: Option<NaiveDate>, until: Option<NaiveDate>) -> bool {
        since.is_none_or(|since| since <= self.today) && until.is_none_or(|until| until >= self.today)
    }

    /// Whether a day lies in this year.
    pub(crate) fn this_year(&self, day: Option<NaiveDate>) -> bool {
        day.is_some_and(|day| day.year() == self.year)
    }

    /// The contract that holds today.
    pub(crate) fn contract<'p>(&self, person: &'p PersonFile) -> Option<&'p Row<Contract>> {
        person.contracts.iter().find(|row| self.contract_holds(&row.record))
    }

    pub(crate) fn contract_holds(&self, contract: &Contract) -> bool {
        contract.ended_on.is_none() && self.holds(contract.since, contract.until)
    }

    /// The reason that takes a person out of 应签 today (domain B.11).
    pub(crate) fn exclusion<'p>(&self, person: &'p PersonFile) -> Option<&'p Row<Exclusion>> {
        person.exclusions.iter().find(|row| {
            let reason = row.record.reason.as_deref().and_then(|reason| code::find("exclusion_reason", reason));
            reason.is_some_and(|reason| reason.flag) && self.holds(row.record.since, row.record.until)
        })
    }

    /// Insured for the year.
    pub(crate) fn insured(&self, person: &PersonFile) -> bool {
        let year = i64::from(self.year);
        person.enrolments.iter().any(|row| row.record.year == Some(year) && row.record.insured == Some(true))
    }
}
