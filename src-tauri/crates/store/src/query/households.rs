//! Lists of households and villages.

use std::collections::BTreeSet;

use mingbai_domain::RecordId;
use rusqlite::named_params;

use super::files::json_of;
use super::{HEAD, NOT_LIFTED, PEOPLE, blob, id, id_maybe, monitored, poverty, shown_status, text, whose};
use crate::{Reading, StoreError};

/// Which households.
#[derive(Clone, Debug, Default)]
pub struct HouseholdFilter {
    /// Only of this village.
    pub village: Option<RecordId>,
    /// Only with this status today.
    pub status: Option<String>,
    /// Number, head or member name contains this.
    pub text: Option<String>,
    /// Only these, when anything else narrows the list.
    pub among: Option<BTreeSet<RecordId>>,
    /// How many to skip.
    pub offset: i64,
    /// How many to give.
    pub limit: i64,
}

/// One household in a list.
#[derive(Clone, Debug)]
pub struct HouseholdLine {
    /// The household.
    pub id: RecordId,
    /// 户编号.
    pub number: String,
    /// Name of the head.
    pub head: String,
    /// Its village.
    pub village: Option<RecordId>,
    /// Its village's name.
    pub village_name: String,
    /// 村民小组.
    pub group: String,
    /// People living in it.
    pub people: i64,
    /// Status code today.
    pub status: String,
    /// Cause codes, the main one first, separated by commas.
    pub causes: String,
    /// Diseases of its living members that are not marked restricted: ICD-10 and name.
    pub diseases: Vec<(String, String)>,
    /// Telephone of the household.
    pub phone: String,
}

/// One village with its counts.
#[derive(Clone, Debug)]
pub struct VillageLine {
    /// The village.
    pub id: RecordId,
    /// Its division code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its village doctor.
    pub doctor: String,
    /// Households somebody lives in.
    pub households: i64,
    /// People living in them.
    pub people: i64,
}

/// The condition of a filter but for the status.
pub(super) const FILTERED: &str = "coalesce(h.deleted, 0) = 0
   and (:among is null or h.id in (select unhex(value) from json_each(:among)))
   and (:village is null or h.village = :village)
   and (:text is null or h.number like :text or exists (
        select 1 from membership m join person p on p.id = m.person
         where m.household = h.id and m.left_on is null and coalesce(p.deleted, 0) = 0 and p.name like :text))";

impl Reading<'_> {
    /// One page of households in village and number order.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn households(&self, filter: &HouseholdFilter) -> Result<Vec<HouseholdLine>, StoreError> {
        // The page is chosen before anything is told of it: what a line tells is asked for its households only.
        let sql = format!(
            "with page as (
               select h.id, row_number() over (order by v.code, h.number, h.id) as place
                 from household h left join village v on v.id = h.village
                where {FILTERED} and (:status is null or :status in ({poverty}, {monitored}))
                order by place limit :limit offset :offset)
             select h.id, h.number, h.village, h.village_group, h.phone, v.name,
                    {HEAD}, {PEOPLE},
                    {status} as status,
                    (select group_concat(c.cause) from (select cause from poverty_cause
                      where household = h.id and coalesce(deleted, 0) = 0 and until is null order by main desc, cause) c),
                    (select group_concat(d.said, char(30)) from (
                       select distinct coalesce(d.icd10, '') || char(31) || coalesce(d.disease, '') as said
                         from membership m join person p on p.id = m.person join diagnosis d on {}
                        where m.household = h.id and m.left_on is null and coalesce(p.deleted, 0) = 0
                          and p.died_on is null and d._void = 0 and coalesce(d.restricted, 0) = 0) d)
               from page join household h on h.id = page.id left join village v on v.id = h.village
              order by page.place",
            whose("d.person", "m.person"),
            status = shown_status("h.id"),
            poverty = poverty("h.id"),
            monitored = monitored("h.id"),
        );
        let mut statement = self.0.prepare_cached(&sql)?;
        let rows = statement.query_map(
            named_params! {
                ":village": blob(filter.village), ":status": filter.status, ":text": like(filter.text.as_deref()),
                ":among": among_of(filter), ":limit": filter.limit, ":offset": filter.offset,
            },
            |row| {
                Ok(HouseholdLine {
                    id: id(row, 0)?,
                    number: text(row, 1)?,
                    village: id_maybe(row, 2)?,
                    group: text(row, 3)?,
                    phone: text(row, 4)?,
                    village_name: text(row, 5)?,
                    head: text(row, 6)?,
                    people: row.get(7)?,
                    status: text(row, 8)?,
                    causes: text(row, 9)?,
                    diseases: pairs(&text(row, 10)?),
                })
            },
        )?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Households and people that a filter leaves, without its page.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn household_totals(&self, filter: &HouseholdFilter) -> Result<(i64, i64), StoreError> {
        let sql = format!(
            "select count(*), coalesce(sum(people), 0) from (
               select {PEOPLE} as people
                 from household h where {FILTERED} and (:status is null or :status in ({}, {})))",
            poverty("h.id"),
            monitored("h.id"),
        );
        let parameters = named_params! {
            ":village": blob(filter.village), ":status": filter.status, ":text": like(filter.text.as_deref()),
            ":among": among_of(filter),
        };
        Ok(self.0.prepare_cached(&sql)?.query_row(parameters, |row| Ok((row.get(0)?, row.get(1)?)))?)
    }

    /// Every village with the households somebody lives in and their people, in code order.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn villages(&self) -> Result<Vec<VillageLine>, StoreError> {
        let sql = format!(
            "select v.id, v.code, v.name, v.doctor_name,
                count(lived.village), coalesce(sum(lived.people), 0)
           from village v left join (
                select h.village, {PEOPLE} as people from household h where coalesce(h.deleted, 0) = 0
                ) lived on lived.village = v.id and lived.people > 0
          where v.name is not null group by v.id order by v.code, v.id"
        );
        let mut statement = self.0.prepare_cached(&sql)?;
        let rows = statement.query_map([], |row| {
            Ok(VillageLine {
                id: id(row, 0)?,
                code: text(row, 1)?,
                name: text(row, 2)?,
                doctor: text(row, 3)?,
                households: row.get(4)?,
                people: row.get(5)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Households somebody lives in, and people, by whether they are lifted: `(not lifted households, people, lifted
    /// households, people, neither, people)`.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn population(&self, area: Option<&str>) -> Result<[i64; 6], StoreError> {
        // Materialized: otherwise everybody is counted once for every sum.
        let sql = format!(
            "with home as materialized (
               select {poverty} as poverty, {PEOPLE} as people
                 from household h left join village v on v.id = h.village
                where coalesce(h.deleted, 0) = 0 and (?1 is null or coalesce(v.code, v.township) like ?1 || '%')),
             lived_in as materialized (
               select case when poverty in {NOT_LIFTED} then 1 when poverty = 'lifted' then 2 else 0 end as standing, people
                 from home where people > 0)
             select coalesce(sum(standing = 1), 0), coalesce(sum((standing = 1) * people), 0),
                    coalesce(sum(standing = 2), 0), coalesce(sum((standing = 2) * people), 0),
                    coalesce(sum(standing = 0), 0), coalesce(sum((standing = 0) * people), 0) from lived_in",
            poverty = poverty("h.id"),
        );
        Ok(self.0.prepare_cached(&sql)?.query_row([area], |row| {
            Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?])
        })?)
    }
}

/// What the query joined with the separators of ASCII, which no clerk types.
fn pairs(joined: &str) -> Vec<(String, String)> {
    let pairs = joined.split('\u{1e}').filter_map(|pair| pair.split_once('\u{1f}'));
    pairs.map(|(icd10, name)| (icd10.to_owned(), name.to_owned())).collect()
}

/// A text as a `like` pattern that matches it anywhere, with its own wildcards meaning themselves.
pub(super) fn like(text: Option<&str>) -> Option<String> {
    text.map(str::trim).filter(|t| !t.is_empty()).map(|t| format!("%{}%", t.replace(['%', '_'], "")))
}

/// The households a filter is among, as one parameter.
pub(super) fn among_of(filter: &HouseholdFilter) -> Option<String> {
    filter.among.as_ref().map(json_of)
}
