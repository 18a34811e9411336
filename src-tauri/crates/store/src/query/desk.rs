//! Who is missed: each gap is a list of people or households, and every count on the desk is the length of its list.

use chrono::{Datelike, NaiveDate};
use mingbai_domain::RecordId;
use mingbai_domain::code;
use rusqlite::{Statement, named_params};

use super::{HEAD, NEWEST_STAY, RESIDENT, date, id, id_maybe, iso, root, text, whose};
use crate::{Reading, StoreError};

/// What is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GapKind {
    /// No valid contract and no reason that takes the person out of 应签 (domain A-03, A-05).
    Uncontracted,
    /// A visit is due, one a person and kind of visit (A-44): its day has passed, or a patient of the four diseases has
    /// no day agreed or was never visited.
    VisitOverdue,
    /// A patient of the four diseases to whom any visit is due, once: what [`Reading::visit_share`] leaves over.
    PatientOverdue,
    /// Not insured for the year (A-71).
    Unenrolled,
    /// No citizen id on file (F04).
    NoCitizenId,
    /// Said to be ill, but no diagnosis on file (A-22).
    Undiagnosed,
    /// The family paid more than a tenth of a bill (A-68).
    HighSelfPay,
    /// A deposit was taken (A-64, F53).
    DepositTaken,
    /// Treated outside the county: what [`Reading::in_county_share`] leaves over.
    OutOfCounty,
}

/// One person behind a count.
#[derive(Clone, Debug)]
pub struct Gap {
    /// Their household.
    pub household: RecordId,
    /// The person.
    pub person: Option<RecordId>,
    /// Name.
    pub name: String,
    /// Village id, where known.
    pub village: Option<RecordId>,
    /// Village name.
    pub village_name: String,
    /// 村民小组.
    pub group: String,
    /// Name of the household's head.
    pub head: String,
    /// Telephone of the person or the household.
    pub phone: String,
    /// A code or text that says why, meaning depends on the kind.
    pub detail: String,
    /// When it was or will be due.
    pub due: Option<NaiveDate>,
}

/// A numerator over its denominator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShareLine {
    /// Done.
    pub done: i64,
    /// Of how many.
    pub of: i64,
}

/// Not lifted and lifted, households and people.
pub type PopulationLine = [i64; 4];

const COLUMNS: &str = "r.household, r.person, r.name, r.village, r.village_name, r.village_group, r.head, r.phone";

/// Joins a patient with the bills of everybody found to be the same person.
const BILL_OF: &str = "(s.person = r.person or s.person in (select id from same_person where root = r.person))";

/// Bills of the year that were not voided.
const OF_YEAR: &str = "s._void = 0 and s.settled_on >= :from and s.settled_on < :until";

/// The exclusion reasons that take a person out of 应签 (B.11), as a list for SQL.
fn excluding_reasons() -> String {
    let quoted: Vec<_> =
        code::table("exclusion_reason").iter().filter(|c| c.flag).map(|c| format!("'{}'", c.code)).collect();
    quoted.join(", ")
}

fn valid_contract(person: &str) -> String {
    format!(
        "exists (select 1 from contract c where {} and coalesce(c.deleted, 0) = 0 and c.ended_on is null
           and coalesce(c.since, '') <= :today and coalesce(c.until, '9999') >= :today)",
        whose("c.person", person)
    )
}

fn excluded(person: &str) -> String {
    format!(
        "exists (select 1 from exclusion e where {} and coalesce(e.deleted, 0) = 0
           and e.reason in ({}) and coalesce(e.since, '') <= :today and coalesce(e.until, '9999') >= :today)",
        whose("e.person", person),
        excluding_reasons()
    )
}

fn insured(person: &str) -> String {
    format!(
        "exists (select 1 from enrolment n where {} and n.year = :year and n.insured = 1
           and coalesce(n.deleted, 0) = 0)",
        whose("n.person", person)
    )
}

/// The patient behind a bill: whoever is on file, with their newest stay, whether they still live here or not.
fn patient() -> String {
    format!(
        "patient as (
    select p.id as person, p.name, coalesce(p.phone, h.phone) as phone, m.household, h.village, h.village_group,
           v.name as village_name, {HEAD} as head
      from person p join membership m on m.id = {NEWEST_STAY}
      join household h on h.id = m.household
      left join village v on v.id = h.village
     where coalesce(p.deleted, 0) = 0 and p.id not in (select loser from live_alias))"
    )
}

/// Whether a person is a patient of the four diseases whom nothing takes out of 应签.
fn followed(person: &str) -> String {
    format!(
        "(exists (select 1 from diagnosis d where {} and d._void = 0 and {FOUR_DISEASES}) and not {})",
        whose("d.person", person),
        excluded(person)
    )
}

/// Visits that are due: the newest of its kind says a day that has passed, or says none to a patient of the four
/// diseases; or such a patient was never visited.
fn overdue() -> String {
    format!(
        "latest as (
    select w.person, w.kind, w.next_on as due,
           row_number() over (partition by w.person, w.kind order by w.visited_on desc, w.id desc) as place
      from (select {} as person, kind, next_on, visited_on, id from visit where _void = 0) w),
overdue as (
    select l.person, l.kind, l.due from latest l
     where l.place = 1 and (l.due < :today or l.due is null and {}) and not {}
    union all
    select distinct r.person, 'never', null from resident r
     where {} and not exists (select 1 from visit w where {} and w._void = 0))",
        root("person"),
        followed("l.person"),
        excluded("l.person"),
        followed("r.person"),
        whose("w.person", "r.person")
    )
}

/// Diseases whose patients are visited four times a year (domain B.2), by ICD-10 prefix.
const FOUR_DISEASES: &str =
    "(substr(d.icd10, 1, 3) in ('I10', 'I11', 'I12', 'I13', 'I15', 'E10', 'E11', 'E12', 'E13', 'E14',
    'A15', 'A16', 'A17', 'A18', 'A19', 'F20', 'F22', 'F25', 'F31'))";

impl Reading<'_> {
    /// The people behind one count, in village order.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn gap(&self, kind: GapKind, today: NaiveDate) -> Result<Vec<Gap>, StoreError> {
        let body = match kind {
            GapKind::Uncontracted => format!(
                "select {COLUMNS}, coalesce((select e.reason from exclusion e where {}
                          and coalesce(e.deleted, 0) = 0 order by e.since desc limit 1), '') as detail, null as due
                   from resident r where not {} and not {}",
                whose("e.person", "r.person"),
                valid_contract("r.person"),
                excluded("r.person")
            ),
            GapKind::Unenrolled => format!(
                "select {COLUMNS}, coalesce((select n.reason from enrolment n where {} and n.year = :year
                          and coalesce(n.deleted, 0) = 0 limit 1), '') as detail, null as due
                   from resident r where not {}",
                whose("n.person", "r.person"),
                insured("r.person")
            ),
            GapKind::NoCitizenId => {
                format!("select {COLUMNS}, '' as detail, null as due from resident r where coalesce(r.citizen_id, '') = ''")
            }
            GapKind::Undiagnosed => format!(
                "select {COLUMNS}, r.health as detail, null as due from resident r
                  where (r.health like '%大病%' or r.health like '%慢性病%')
                    and not exists (select 1 from diagnosis d where {} and d._void = 0)",
                whose("d.person", "r.person")
            ),
            GapKind::VisitOverdue => format!(
                "select {COLUMNS}, late.kind as detail, late.due as due
                   from resident r join overdue late on late.person = r.person"
            ),
            GapKind::PatientOverdue => format!(
                "select {COLUMNS}, late.kind as detail, late.due as due from resident r join (
                     select o.*, row_number() over (partition by o.person order by o.due, o.kind) as place from overdue o
                   ) late on late.person = r.person and late.place = 1
                  where {}",
                followed("r.person")
            ),
            GapKind::HighSelfPay => format!(
                "select {COLUMNS}, printf('%d', s.paid_personal * 1000 / s.total) as detail, s.settled_on as due
                   from patient r join settlement s on {BILL_OF}
                  where {OF_YEAR} and s.total > 0
                    and s.care_kind in ('inpatient', 'chronic_outpatient') and s.hospital_area = 'county'
                    and s.paid_personal * 10 > s.total"
            ),
            GapKind::DepositTaken => format!(
                "select {COLUMNS}, printf('%d', s.deposit) as detail, s.settled_on as due
                   from patient r join settlement s on {BILL_OF} where {OF_YEAR} and s.deposit > 0"
            ),
            GapKind::OutOfCounty => format!(
                "select {COLUMNS}, coalesce(s.hospital, '') as detail, s.settled_on as due
                   from patient r join settlement s on {BILL_OF}
                  where {OF_YEAR} and coalesce(s.hospital_area, '') <> 'county'"
            ),
        };
        let sources = format!("{RESIDENT}, {}, {}", patient(), overdue());
        let sql = format!("with {sources} select * from ({body}) order by village_name, village_group, head, name");
        let mut statement = self.0.prepare_cached(&sql)?;
        bind(&mut statement, today)?;
        let mut rows = statement.raw_query();
        let mut gaps = Vec::new();
        while let Some(row) = rows.next()? {
            gaps.push(Gap {
                household: id(row, 0)?,
                person: id_maybe(row, 1)?,
                name: text(row, 2)?,
                village: id_maybe(row, 3)?,
                village_name: text(row, 4)?,
                group: text(row, 5)?,
                head: text(row, 6)?,
                phone: text(row, 7)?,
                detail: text(row, 8)?,
                due: date(row, 9)?,
            });
        }
        Ok(gaps)
    }

    /// 应签 and 已签: residents without an excluding reason, and those of them under a valid contract.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn contract_share(&self, today: NaiveDate) -> Result<ShareLine, StoreError> {
        let sql = format!(
            "with {RESIDENT} select coalesce(sum({}), 0), count(*) from resident r where not {}",
            valid_contract("r.person"),
            excluded("r.person")
        );
        self.share(&sql, today)
    }

    /// Insured for the year, of all residents.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn enrolment_share(&self, today: NaiveDate) -> Result<ShareLine, StoreError> {
        let sql = format!("with {RESIDENT} select coalesce(sum({}), 0), count(*) from resident r", insured("r.person"));
        self.share(&sql, today)
    }

    /// Patients of the four diseases to whom no visit is due, of all of them who are not excluded.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn visit_share(&self, today: NaiveDate) -> Result<ShareLine, StoreError> {
        let sql = format!(
            "with {RESIDENT}, {} select coalesce(sum(not exists (select 1 from overdue o where o.person = r.person)), 0),
                    count(*) from resident r where {}",
            overdue(),
            followed("r.person")
        );
        self.share(&sql, today)
    }

    /// Bills treated inside the county, of all bills of the year.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn in_county_share(&self, today: NaiveDate) -> Result<ShareLine, StoreError> {
        let sql = format!(
            "with {} select coalesce(sum(coalesce(s.hospital_area, '') = 'county'), 0), count(*)
               from patient r join settlement s on {BILL_OF} where {OF_YEAR}",
            patient()
        );
        self.share(&sql, today)
    }

    fn share(&self, sql: &str, today: NaiveDate) -> Result<ShareLine, StoreError> {
        let mut statement = self.0.prepare_cached(sql)?;
        bind(&mut statement, today)?;
        let mut rows = statement.raw_query();
        match rows.next()? {
            Some(row) => Ok(ShareLine { done: row.get(0)?, of: row.get(1)? }),
            None => Ok(ShareLine { done: 0, of: 0 }),
        }
    }
}

/// Binds whichever of the common parameters a statement has.
fn bind(statement: &mut Statement<'_>, today: NaiveDate) -> Result<(), StoreError> {
    let (now, year) = (iso(today), i64::from(today.year()));
    let (from, until) = (format!("{year}-01-01"), format!("{}-01-01", year + 1));
    for (name, value) in named_params! { ":today": now, ":year": year, ":from": from, ":until": until } {
        if let Some(place) = statement.parameter_index(name)? {
            statement.raw_bind_parameter(place, value)?;
        }
    }
    Ok(())
}
