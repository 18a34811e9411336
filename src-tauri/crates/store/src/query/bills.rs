//! Settled bills with whose they are, and which of them count.

use std::collections::HashSet;

use chrono::NaiveDate;
use mingbai_domain::RecordId;
use mingbai_domain::catalogue::Settlement;
use rusqlite::named_params;

use super::list::{typed_row, whole_of};
use super::{NEWEST_STAY, blob, id, id_maybe, iso, root, text};
use crate::{Reading, Row, StoreError};

/// Which bills.
#[derive(Clone, Debug, Default)]
pub struct BillFilter {
    /// Settled on or after.
    pub from: Option<NaiveDate>,
    /// Settled before.
    pub until: Option<NaiveDate>,
    /// Of which a day (of admission, discharge or settlement) is before this one, or that take another's place.
    pub begun_before: Option<NaiveDate>,
    /// Only of people whose newest stay is in this village.
    pub village: Option<RecordId>,
    /// Only of people whose newest stay is in this household.
    pub household: Option<RecordId>,
    /// Only of this person.
    pub person: Option<RecordId>,
    /// Also those that another one has taken the place of, and those that only take back: they count nowhere.
    pub replaced: bool,
}

/// One bill and whose it is.
#[derive(Clone, Debug)]
pub struct BillLine {
    /// The bill.
    pub bill: Row<Settlement>,
    /// The patient.
    pub person: RecordId,
    /// The patient's name.
    pub name: String,
    /// The household of the patient's newest stay, an open one first.
    pub household: RecordId,
    /// Its village.
    pub village: Option<RecordId>,
    /// Its village's name.
    pub village_name: String,
    /// The one that has taken its place, or took it back.
    pub successor: Option<RecordId>,
}

impl BillLine {
    /// Whether the money of this bill counts anywhere.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.successor.is_none() && self.bill.record.reversal != Some(true)
    }
}

/// Whether a settlement `s` of a query is a bill, and not what was paid at the end of a year.
const IS_BILL: &str = "coalesce(s.care_kind, '') <> 'year_end'";

/// The same as [`counting`] for a settlement `s` of a query.
pub(super) const COUNTS: &str = "(coalesce(s.reversal, 0) = 0 and coalesce(s.care_kind, '') <> 'year_end'
    and not exists (select 1 from settlement c where c.corrects = s.id and c._void = 0 and c.id <> s.id))";

/// The bills that count among all that are on file of a person: neither replaced by a later settlement nor mere reversals,
/// and what was paid at the end of a year is none. Every reader of bills reads through here or asks for [`COUNTS`], which
/// says the same in SQL.
#[must_use]
pub fn counting(bills: Vec<Row<Settlement>>) -> Vec<Row<Settlement>> {
    standing(bills).into_iter().filter(|row| !row.record.is_year_end()).collect()
}

/// What was paid at the ends of years (年终结算) among all that is on file of a person, as far as it counts.
#[must_use]
pub fn year_ends(settlements: Vec<Row<Settlement>>) -> Vec<Row<Settlement>> {
    standing(settlements).into_iter().filter(|row| row.record.is_year_end()).collect()
}

fn standing(rows: Vec<Row<Settlement>>) -> Vec<Row<Settlement>> {
    let replaced: HashSet<RecordId> =
        rows.iter().filter_map(|row| row.record.corrects.filter(|corrected| *corrected != row.id)).collect();
    let stands = |row: &Row<Settlement>| row.record.reversal != Some(true) && !replaced.contains(&row.id);
    rows.into_iter().filter(stands).collect()
}

impl Reading<'_> {
    /// Bills that are not voided and count, newest first, each once, whether the patient still lives here or not.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn bills(&self, filter: &BillFilter) -> Result<Vec<BillLine>, StoreError> {
        self.settlements(filter, IS_BILL)
    }

    /// What payers paid at the end of a year (年终结算) as far as it counts, newest first. The days of the filter are those
    /// on which it was paid.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub fn year_end_payments(&self, filter: &BillFilter) -> Result<Vec<BillLine>, StoreError> {
        let every = BillFilter { replaced: true, ..filter.clone() };
        let mut lines = self.settlements(&every, "s.care_kind = 'year_end'")?;
        lines.retain(BillLine::counts);
        Ok(lines)
    }

    fn settlements(&self, filter: &BillFilter, of_kind: &str) -> Result<Vec<BillLine>, StoreError> {
        let person = filter.person.map(|person| self.canonical(person)).transpose()?;
        let sql = format!(
            "select p.id, p.name, m.household, v.name, h.village,
                    (select max(c.id) from settlement c where c.corrects = s.id and c._void = 0 and c.id <> s.id) as taken_by,
                    {}
               from settlement s
               join person p on p.id = {}
               join membership m on m.id = {NEWEST_STAY}
               join household h on h.id = m.household
               left join village v on v.id = h.village
              where s._void = 0 and coalesce(p.deleted, 0) = 0
                and (:from is null or s.settled_on >= :from) and (:until is null or s.settled_on < :until)
                and (:begun is null or s.settled_on < :begun or s.discharged_on < :begun or s.admitted_on < :begun
                     or s.corrects is not null)
                and (:village is null or h.village = :village) and (:household is null or h.id = :household)
                and (:person is null or p.id = :person) and {of_kind} and {}
                and (:replaced or {COUNTS})
              order by s.settled_on desc, s.id desc",
            whole_of::<Settlement>("s"),
            root("s.person"),
            among(filter)
        );
        let mut statement = self.0.prepare_cached(&sql)?;
        let mut rows = statement.query(named_params! {
            ":from": filter.from.map(iso), ":until": filter.until.map(iso), ":begun": filter.begun_before.map(iso),
            ":village": blob(filter.village), ":household": blob(filter.household), ":person": blob(person),
            ":replaced": filter.replaced,
        })?;
        let mut lines = Vec::new();
        while let Some(row) = rows.next()? {
            lines.push(BillLine {
                person: id(row, 0)?,
                name: text(row, 1)?,
                household: id(row, 2)?,
                village_name: text(row, 3)?,
                village: id_maybe(row, 4)?,
                successor: id_maybe(row, 5)?,
                bill: typed_row(row, 6)?,
            });
        }
        Ok(lines)
    }
}

/// The bills a filter can leave, by who stayed where: those of one household or person are found from there, not among
/// everybody's of the year.
fn among(filter: &BillFilter) -> &'static str {
    match (filter.person, filter.household) {
        (Some(_), _) => "(s.person = :person or s.person in (select id from same_person where root = :person))",
        (None, Some(_)) => "s.person in (select m.person from membership m where m.household = :household
            union select a.id from same_person a where a.root in (select m.person from membership m where m.household = :household))",
        (None, None) => "true",
    }
}
