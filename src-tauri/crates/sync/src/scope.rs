//! Whose area a record belongs to, and who may write what.

use mingbai_domain::catalogue::{self, Household, Membership, Merge, Record, Village};
use mingbai_domain::value::{FieldValue, Kind};
use mingbai_domain::{RecordId, Value, region};
use mingbai_ledger::{Entry, Op};
use mingbai_store::{LogInfo, Reading, StoreError, Verdict};

/// Where a record belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// To the whole county: packs.
    County,
    /// Under this division code.
    Area(String),
    /// Nowhere that is known yet.
    Unknown,
}

/// The scope of a record: a village's code, or that of the village its household lies in.
///
/// # Errors
/// [`StoreError`] when the database cannot be read.
pub fn of(reading: Reading<'_>, record_type: u16, id: RecordId) -> Result<Scope, StoreError> {
    let Some(kind) = catalogue::by_id(record_type) else { return Ok(Scope::Unknown) };
    if kind.fields.iter().all(|field| field.merge == Merge::CountyOnly) {
        return Ok(Scope::County);
    }
    if kind.table == "village" {
        return Ok(code(reading.get::<Village>(id)?.and_then(|row| row.record.code)));
    }
    if kind.table == "household" {
        return of_household(reading, id);
    }
    let values = reading.values(record_type, id)?.unwrap_or_default();
    let refers = |column: &str| {
        let field = kind.column(column)?;
        RecordId::from_value(values.get(&field.id)?).ok()
    };
    if let Some(household) = refers("household") {
        return of_household(reading, household);
    }
    let person = if kind.table == "person" { Some(id) } else { refers("person") };
    match person {
        Some(person) => of_person(reading, person),
        None => Ok(Scope::Unknown),
    }
}

fn code(code: Option<String>) -> Scope {
    code.filter(|code| region::is_code(code)).map_or(Scope::Unknown, Scope::Area)
}

fn of_household(reading: Reading<'_>, id: RecordId) -> Result<Scope, StoreError> {
    let village = reading.get::<Household>(id)?.and_then(|row| row.record.village);
    match village {
        Some(village) => Ok(code(reading.get::<Village>(village)?.and_then(|row| row.record.code))),
        None => Ok(Scope::Unknown),
    }
}

fn of_person(reading: Reading<'_>, person: RecordId) -> Result<Scope, StoreError> {
    let homes = reading.rows_where::<Membership>("person", &person)?;
    let home = homes.iter().find(|row| row.record.left_on.is_none()).or(homes.last());
    match home.and_then(|row| row.record.household) {
        Some(household) => of_household(reading, household),
        None => Ok(Scope::Unknown),
    }
}

/// Whether a township may write what an entry says: nothing that only the county writes, no village of another area and
/// no record that lies in another area now.
#[must_use]
pub fn authority(area: &str, log: &LogInfo, entry: &Entry, reading: Reading<'_>) -> Verdict {
    if log.role.is_county() {
        return Verdict::Apply;
    }
    for op in &entry.ops {
        if let Some(reason) = refused(area, op, reading) {
            return Verdict::Refuse(reason);
        }
    }
    Verdict::Apply
}

fn refused(area: &str, op: &Op, reading: Reading<'_>) -> Option<String> {
    if matches!(op, Op::Ack { .. } | Op::Merge { .. } | Op::Unmerge { .. }) {
        return Some("乡镇不能写只有县里能写的内容".to_owned());
    }
    let (record_type, id) = op.record()?;
    let kind = catalogue::by_id(record_type)?;
    let written: Vec<u16> = match op {
        Op::Set { writes, .. } => writes.keys().copied().collect(),
        Op::Fact { body, .. } => body.keys().copied().collect(),
        Op::Amend { body, .. } => body.iter().flat_map(|b| b.keys().copied()).collect(),
        _ => Vec::new(),
    };
    let county_only = written.iter().filter_map(|f| kind.field(*f)).any(|f| f.merge == Merge::CountyOnly);
    if county_only {
        return Some(format!("{}只有县里能写", kind.label));
    }
    if kind.table == "village"
        && let Op::Set { writes, .. } = op
        && let Some(field) = kind.fields.iter().find(|f| f.column == "code" && f.kind == Kind::Text)
        && let Some(Value::Text(code)) = writes.get(&field.id).map(|write| &write.value)
        && !region::contains(area, code)
    {
        return Some(format!("区划代码{code}不在该单位辖区内"));
    }
    match of(reading, record_type, id) {
        Ok(Scope::Area(place)) if !region::contains(area, &place) => Some(format!("{}不在该单位辖区内", kind.label)),
        _ => None,
    }
}

/// The types a county writes for everybody.
#[must_use]
pub fn is_county_wide(record_type: u16) -> bool {
    record_type == catalogue::Pack::TYPE.id
}
