//! 续签: contracts that end soon or have ended, with the one that would follow.

use chrono::{Days, Months, NaiveDate};
use mingbai_domain::catalogue::{Contract, Team};
use mingbai_store::Row;
use mingbai_store::query::TodoLine;

use super::Files;
use crate::dto::{RenewalList, RenewalRow, VillageRequest};
use crate::error::AppError;
use crate::household::parse_id_maybe;
use crate::office::Context;
use crate::todo;

/// The lists of those who may renew.
const LISTS: [&str; 2] = ["contract_ending", "uncontracted"];

pub(crate) fn renewals(context: &mut Context<'_>, request: VillageRequest) -> Result<RenewalList, AppError> {
    todo::refresh(context)?;
    let village = parse_id_maybe(request.village.as_ref())?;
    let today = context.host.today();
    let reading = context.read()?;
    let teams: Vec<Row<Team>> = reading.all::<Team>()?;
    let mut rows = Vec::new();
    for list in LISTS {
        let lines = reading.todo_rows(list, village)?;
        let files = Files::of_lines(reading, &lines)?;
        for line in &lines {
            let Some((_, person)) = files.of(line) else { continue };
            // Whoever ended their contract is asked anew, not renewed.
            let newest =
                person.contracts.iter().filter(|row| row.record.until.is_some() && row.record.ended_on.is_none());
            if let Some(last) = newest.max_by_key(|row| (row.record.until, row.id)) {
                rows.extend(row(line, &last.record, &teams, today));
            }
        }
    }
    rows.sort_by(|a, b| (&a.village, &a.group, &a.name, &a.person).cmp(&(&b.village, &b.group, &b.name, &b.person)));
    Ok(RenewalList { rows })
}

fn row(line: &TodoLine, last: &Contract, teams: &[Row<Team>], today: NaiveDate) -> Option<RenewalRow> {
    let ended = last.until?;
    let (since, until) = following(last.since, ended, today)?;
    let team = last.team.and_then(|id| teams.iter().find(|row| row.id == id));
    Some(RenewalRow {
        person: line.person?.to_string(),
        household: line.household?.to_string(),
        name: line.name.clone(),
        village: line.village_name.clone(),
        group: line.group.clone(),
        team: team.map(|row| row.id.to_string()),
        team_name: team.and_then(|row| row.record.name.clone()).unwrap_or_default(),
        package: last.package.clone().unwrap_or_default(),
        signer: last.signer.clone().unwrap_or_default(),
        ended,
        since,
        until,
    })
}

/// The period that follows one: as long as it in full years, from the day after its end or, where that has passed, from today.
fn following(since: Option<NaiveDate>, ended: NaiveDate, today: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
    let next = ended.checked_add_days(Days::new(1))?.max(today);
    let days = since.map_or(365, |since| (ended - since).num_days() + 1);
    let years = u32::try_from((days + 30) / 365).unwrap_or(1).clamp(1, 3);
    let until = next.checked_add_months(Months::new(12 * years))?.checked_sub_days(Days::new(1))?;
    Some((next, until))
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::following;

    fn next(since: &str, ended: &str, today: &str) -> (String, String) {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let (since, until) = following(Some(day(since)), day(ended), day(today)).unwrap();
        (since.to_string(), until.to_string())
    }

    #[test]
    fn a_contract_is_renewed_for_as_long_as_before_without_a_gap_and_without_an_overlap() {
        assert_eq!(next("2025-12-01", "2026-11-30", "2026-11-22"), ("2026-12-01".into(), "2027-11-30".into()));
        assert_eq!(next("2023-12-01", "2026-11-30", "2026-11-22"), ("2026-12-01".into(), "2029-11-30".into()));
        assert_eq!(next("2025-01-01", "2025-12-31", "2026-11-22"), ("2026-11-22".into(), "2027-11-21".into()));
    }
}
