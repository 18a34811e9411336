//! What is owed, summed by household, village or cause.

use std::collections::BTreeSet;

use super::list::{Asked, Sort, listed};
use super::{ANSWERED, CLOSED, OPEN, PAID, SENT};
use crate::bill::year_of;
use crate::dto::{ClaimGroup, ClaimGroupRequest, ClaimGroups, ClaimRow, ClaimTold};
use crate::error::AppError;
use crate::household::parse_id_maybe;
use crate::office::Context;

/// By what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    Household,
    Village,
    Cause,
}

impl By {
    pub(super) fn read(text: &str) -> Result<Self, AppError> {
        match text {
            "household" => Ok(Self::Household),
            "village" => Ok(Self::Village),
            "cause" => Ok(Self::Cause),
            _ => Err(AppError::not_found("这种汇总")),
        }
    }
}

/// What a row is summed under.
pub(super) fn key_of(by: By, row: &ClaimRow) -> &str {
    match by {
        By::Household => &row.household,
        By::Village => row.village_id.as_deref().unwrap_or_default(),
        By::Cause => &row.cause,
    }
}

pub(crate) fn groups(context: &mut Context<'_>, request: ClaimGroupRequest) -> Result<ClaimGroups, AppError> {
    let by = By::read(&request.by)?;
    let today = context.host.today();
    let year = year_of(request.year, today)?;
    let village = parse_id_maybe(request.village.as_ref())?;
    let asked = Asked { year, village, sort: Sort::read(&request.kind)?, today };
    let mut rows = listed(context, asked)?.to_vec();
    if let Some(state) = request.state.filter(|state| !state.is_empty()) {
        rows.retain(|row| row.state.code == state);
    }
    let amount = rows.iter().map(|row| row.amount).sum();
    Ok(ClaimGroups { rows: grouped(by, &rows), amount, told: told(&rows) })
}

/// What is owed still, told apart from what came and from what nobody asks for any more.
pub(super) fn told(rows: &[ClaimRow]) -> ClaimTold {
    let mut told = ClaimTold::default();
    for row in rows {
        match row.state.code.as_str() {
            PAID => told.made_good += row.amount,
            CLOSED => told.given_up += row.amount,
            _ => told.owed += row.amount,
        }
    }
    told
}

/// Sums, the largest first.
fn grouped(by: By, rows: &[ClaimRow]) -> Vec<ClaimGroup> {
    let mut groups: Vec<(ClaimGroup, BTreeSet<&str>)> = Vec::new();
    for row in rows {
        let key = key_of(by, row);
        let place = match groups.iter().position(|(group, _)| group.key == key) {
            Some(place) => place,
            None => {
                let (label, note) = match by {
                    By::Household => (format!("{}家", row.head), row.village.clone()),
                    By::Village if row.village.is_empty() => ("村不明".to_owned(), String::new()),
                    By::Village => (row.village.clone(), String::new()),
                    By::Cause => (row.cause_label.clone(), String::new()),
                };
                groups
                    .push((ClaimGroup { key: key.to_owned(), label, note, ..ClaimGroup::default() }, BTreeSet::new()));
                groups.len() - 1
            }
        };
        let Some((group, people)) = groups.get_mut(place) else { continue };
        people.insert(&row.person);
        if row.year_end.is_some() {
            group.year_ends += 1;
        } else {
            group.bills += 1;
        }
        group.basic += row.basic;
        group.critical += row.critical;
        group.aid += row.aid;
        group.other += row.other;
        group.amount += row.amount;
        match row.state.code.as_str() {
            OPEN => group.open += row.amount,
            SENT | ANSWERED => group.under_way += row.amount,
            PAID => group.made_good += row.amount,
            CLOSED => group.given_up += row.amount,
            _ => {}
        }
    }
    let mut groups: Vec<ClaimGroup> =
        groups.into_iter().map(|(group, people)| ClaimGroup { people: people.len() as i64, ..group }).collect();
    groups.sort_by(|a, b| (b.amount, &a.label, &a.key).cmp(&(a.amount, &b.label, &b.key)));
    groups
}

#[cfg(test)]
mod tests {
    use super::{By, grouped};
    use crate::dto::{ClaimRow, Coded};

    fn row(household: &str, person: &str, village: &str, cause: &str, state: &str, amount: i64) -> ClaimRow {
        ClaimRow {
            household: household.to_owned(),
            person: person.to_owned(),
            head: household.to_owned(),
            village: village.to_owned(),
            village_id: Some(village.to_owned()),
            cause: cause.to_owned(),
            cause_label: cause.to_owned(),
            state: Coded { code: state.to_owned(), label: String::new() },
            amount,
            aid: amount,
            ..ClaimRow::default()
        }
    }

    #[test]
    fn the_money_is_summed_by_household_village_and_cause_and_every_way_gives_the_same_sum() {
        let rows = [
            row("张", "甲", "王庄", "身份未标识", "open", 100),
            row("张", "甲", "王庄", "累计丢失", "sent", 50),
            row("张", "乙", "王庄", "累计丢失", "paid", 7),
            row("李", "丙", "李庄", "累计丢失", "answered", 400),
        ];
        let told = |by| {
            let groups = grouped(by, &rows);
            groups.into_iter().map(|g| (g.label, g.bills, g.people, g.amount)).collect::<Vec<_>>()
        };
        assert_eq!(told(By::Household), [("李家".to_owned(), 1, 1, 400), ("张家".to_owned(), 3, 2, 157)]);
        assert_eq!(told(By::Village), [("李庄".to_owned(), 1, 1, 400), ("王庄".to_owned(), 3, 2, 157)]);
        assert_eq!(told(By::Cause), [("累计丢失".to_owned(), 3, 3, 457), ("身份未标识".to_owned(), 1, 1, 100)]);
        let home = grouped(By::Household, &rows).into_iter().find(|group| group.label == "张家").unwrap();
        assert_eq!((home.open, home.under_way, home.made_good, home.aid), (100, 50, 7, 157));
    }

    #[test]
    fn what_came_and_what_is_no_longer_asked_for_is_not_owed() {
        let rows = [
            row("张", "甲", "王庄", "累计丢失", "open", 1),
            row("张", "甲", "王庄", "累计丢失", "sent", 20),
            row("张", "乙", "王庄", "累计丢失", "answered", 300),
            row("李", "丙", "李庄", "累计丢失", "paid", 4_000),
            row("李", "丙", "李庄", "累计丢失", "closed", 50_000),
        ];
        let told = super::told(&rows);
        assert_eq!((told.owed, told.made_good, told.given_up), (321, 4_000, 50_000));
        let group = &grouped(By::Village, &rows)[0];
        assert_eq!((group.label.as_str(), group.made_good, group.given_up), ("李庄", 4_000, 50_000));
    }
}
