//! Narrowing lists: which households and people fit what somebody asks for. Every condition is one question to the
//! database; what they have in common is worked out from ids alone.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use mingbai_domain::RecordId;
use rusqlite::{Params, params};

use super::{id, id_or_none, iso, text};
use crate::{Reading, StoreError};

/// Whom a list is narrowed to. What is not asked for narrows nothing.
#[derive(Clone, Debug, Default)]
pub struct Narrow {
    /// A code of `poverty_cause` the household has.
    pub cause: Option<String>,
    /// Diseases somebody has: ICD-10 and name as they are stored.
    pub diseases: Option<Vec<(String, String)>>,
    /// A code of `aid_identity` somebody has.
    pub identity: Option<String>,
    /// A code of `crowd` somebody belongs to.
    pub crowd: Option<String>,
    /// A code of `away` somebody is registered under; [`AWAY`] for any but at home.
    pub away: Option<String>,
    /// A list of the desk somebody stands in.
    pub item: Option<String>,
    /// The day on which all of this is to hold.
    pub today: NaiveDate,
}

/// Away from home, wherever.
pub const AWAY: &str = "out";

/// Who is left. `None` where nothing narrowed them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Narrowed {
    /// Households in which the conditions are met, by whichever of their members.
    pub households: Option<BTreeSet<RecordId>>,
    /// People who meet every condition about people by themselves.
    pub people: Option<BTreeSet<RecordId>>,
}

impl Narrowed {
    fn keep(&mut self, found: &[(RecordId, Option<RecordId>)], of_people: bool) {
        let meet = |kept: &mut Option<BTreeSet<RecordId>>, now: BTreeSet<RecordId>| match kept {
            Some(kept) => kept.retain(|id| now.contains(id)),
            None => *kept = Some(now),
        };
        meet(&mut self.households, found.iter().map(|(household, _)| *household).collect());
        if of_people {
            meet(&mut self.people, found.iter().filter_map(|(_, person)| *person).collect());
        }
    }

    /// Whether a row about this household, or about this person of it, is left.
    #[must_use]
    pub fn holds(&self, household: Option<RecordId>, person: Option<RecordId>) -> bool {
        let lives = self.households.as_ref().is_none_or(|some| household.is_some_and(|one| some.contains(&one)));
        let is_one = self.people.as_ref().is_none_or(|some| person.is_none_or(|one| some.contains(&one)));
        lives && is_one
    }
}

/// Everybody living in a household today of whom a record `x` says something.
fn residents(table: &str, condition: &str) -> String {
    format!(
        "select m.household, m.person from {table} x
           join membership m on m.person = coalesce((select root from same_person where id = x.person), x.person)
           join person p on p.id = m.person
          where {condition} and m.left_on is null and coalesce(p.deleted, 0) = 0 and p.died_on is null"
    )
}

impl Reading<'_> {
    /// Who fits.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn narrowed(&self, narrow: &Narrow) -> Result<Narrowed, StoreError> {
        let today = iso(narrow.today);
        let mut left = Narrowed::default();
        if let Some(cause) = &narrow.cause {
            let sql = "select household, x'' from poverty_cause where cause = ?1 and coalesce(deleted, 0) = 0
                          and (until is null or until >= ?2)";
            left.keep(&self.pairs_of(sql, params![cause, today])?, false);
        }
        if let Some(item) = &narrow.item {
            let sql = "select household, person from todo where item = ?1 and household <> x''";
            let found = self.pairs_of(sql, params![item])?;
            let of_people = found.iter().any(|(_, person)| person.is_some());
            left.keep(&found, of_people);
        }
        for (table, column, code) in [("aid_identity", "identity", &narrow.identity), ("crowd", "crowd", &narrow.crowd)]
        {
            let Some(code) = code else { continue };
            let holds = format!(
                "x.{column} = ?1 and coalesce(x.deleted, 0) = 0 and (x.since is null or x.since <= ?2)
                   and (x.until is null or x.until >= ?2)"
            );
            left.keep(&self.pairs_of(&residents(table, &holds), params![code, today])?, true);
        }
        if let Some(away) = &narrow.away {
            let sql = "select m.household, m.person from person p join membership m on m.person = p.id
                        where (p.away = ?1 or (?1 = ?2 and p.away <> 'home')) and m.left_on is null
                          and coalesce(p.deleted, 0) = 0 and p.died_on is null
                          and p.id not in (select loser from live_alias)";
            left.keep(&self.pairs_of(sql, params![away, AWAY])?, true);
        }
        if let Some(diseases) = &narrow.diseases {
            let said: Vec<String> = diseases.iter().map(|(icd10, name)| format!("{icd10}\u{1f}{name}")).collect();
            let said = serde_json::to_string(&said).unwrap_or_else(|_| "[]".to_owned());
            let ill = residents(
                "diagnosis",
                "x._void = 0 and x.ended_on is null and coalesce(x.restricted, 0) = 0
                   and coalesce(x.icd10, '') || char(31) || coalesce(x.disease, '') in (select value from json_each(?1))",
            );
            left.keep(&self.pairs_of(&ill, params![said])?, true);
        }
        Ok(left)
    }

    /// Every disease as somebody wrote it, each once: ICD-10 and name. Those marked restricted are left out.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn diseases_said(&self) -> Result<Vec<(String, String)>, StoreError> {
        let mut statement = self.0.prepare_cached(
            "select distinct icd10, disease from diagnosis
              where _void = 0 and ended_on is null and coalesce(restricted, 0) = 0",
        )?;
        let rows = statement.query_map([], |row| Ok((text(row, 0)?, text(row, 1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn pairs_of(&self, sql: &str, values: impl Params) -> Result<Vec<(RecordId, Option<RecordId>)>, StoreError> {
        let mut statement = self.0.prepare_cached(sql)?;
        let rows = statement.query_map(values, |row| Ok((id(row, 0)?, id_or_none(row, 1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
