//! Counts behind the official tables.

use super::{NOT_LIFTED, RESIDENT, poverty, text, whose};
use crate::{Reading, StoreError};

/// 大病、慢病人数 of one village. A person with several diseases counts once in each column that applies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DiseaseLine {
    /// Village name.
    pub village: String,
    /// Households on the register.
    pub households: i64,
    /// People on the register.
    pub people: i64,
    /// People with any disease on file.
    pub ill: i64,
    /// Households with at least one of them.
    pub ill_households: i64,
    /// People with a major disease (大病).
    pub major: i64,
    /// Of them in households not yet lifted.
    pub major_not_lifted: i64,
    /// People with a chronic disease (慢病).
    pub chronic: i64,
    /// Of them in households not yet lifted.
    pub chronic_not_lifted: i64,
    /// Hypertension, I10–I13 and I15.
    pub hypertension: i64,
    /// Diabetes, E10–E14.
    pub diabetes: i64,
    /// People under a valid family-doctor contract among the ill.
    pub contracted: i64,
}

impl Reading<'_> {
    /// One line a village, in code order.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn disease_table(&self, today: chrono::NaiveDate) -> Result<Vec<DiseaseLine>, StoreError> {
        let has = |condition: &str| {
            let whose = whose("d.person", "r.person");
            format!("exists (select 1 from diagnosis d where {whose} and d._void = 0 and {condition})")
        };
        let open = format!("coalesce({} in {NOT_LIFTED}, 0)", poverty("r.household"));
        let sql = format!(
            "with {RESIDENT}, marked as (
               select r.*, {open} as open, {ill} as ill, {major} as major, {chronic} as chronic, {pressure} as pressure,
                      {sugar} as sugar,
                      exists (select 1 from contract c where {hers} and coalesce(c.deleted, 0) = 0
                        and c.ended_on is null and coalesce(c.since, '') <= ?1 and coalesce(c.until, '9999') >= ?1) as signed
                 from resident r)
             select coalesce(village_name, '未填村'), count(distinct household), count(*), sum(ill),
                    count(distinct case when ill then household end), sum(major), sum(major and open), sum(chronic),
                    sum(chronic and open), sum(pressure), sum(sugar), sum(ill and signed)
               from marked group by village order by village_code",
            hers = whose("c.person", "r.person"),
            ill = has("1"),
            major = has("d.class = 'major'"),
            chronic = has("d.class = 'chronic'"),
            pressure = has("substr(d.icd10, 1, 3) in ('I10', 'I11', 'I12', 'I13', 'I15')"),
            sugar = has("substr(d.icd10, 1, 3) in ('E10', 'E11', 'E12', 'E13', 'E14')"),
        );
        let mut statement = self.0.prepare_cached(&sql)?;
        let rows = statement.query_map([super::iso(today)], |row| {
            Ok(DiseaseLine {
                village: text(row, 0)?,
                households: row.get(1)?,
                people: row.get(2)?,
                ill: row.get(3)?,
                ill_households: row.get(4)?,
                major: row.get(5)?,
                major_not_lifted: row.get(6)?,
                chronic: row.get(7)?,
                chronic_not_lifted: row.get(8)?,
                hypertension: row.get(9)?,
                diabetes: row.get(10)?,
                contracted: row.get(11)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
