//! Whose area a record belongs to, and whom an operation concerns.

use std::collections::BTreeSet;

use mingbai_domain::catalogue::{
    self, Contract, Household, Membership, Merge, Operator, Person, Record, RecordType, Team, Village,
};
use mingbai_domain::value::{FieldValue, Kind};
use mingbai_domain::{FieldId, RecordId, Value, region};
use mingbai_ledger::{DotRef, EntryRef, Op};
use mingbai_store::{Reading, StoreError};

/// Where a record belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// To the whole county: packs, the county's lists.
    County,
    /// Under these division codes: several for a person living in two places.
    Areas(BTreeSet<String>),
    /// Nowhere that is known yet.
    Unknown,
}

impl Scope {
    fn of_codes(codes: impl IntoIterator<Item = String>) -> Self {
        let codes: BTreeSet<String> = codes.into_iter().filter(|code| region::is_code(code)).collect();
        if codes.is_empty() { Self::Unknown } else { Self::Areas(codes) }
    }

    /// Whether some of it lies in an area.
    #[must_use]
    pub fn touches(&self, area: &str) -> bool {
        matches!(self, Self::Areas(codes) if codes.iter().any(|code| region::contains(area, code)))
    }

    /// Whether all of it is known to lie elsewhere.
    #[must_use]
    pub fn is_outside(&self, area: &str) -> bool {
        matches!(self, Self::Areas(_)) && !self.touches(area)
    }
}

/// The scope of a record: a village's code or else its township's, or that of the village its household lies in, of the
/// village it names, or the code it was written under. Teams lie where the people live who have contracts with them.
///
/// # Errors
/// [`StoreError`] when the database cannot be read.
pub fn of(reading: Reading<'_>, record_type: u16, id: RecordId) -> Result<Scope, StoreError> {
    let Some(kind) = catalogue::by_id(record_type) else { return Ok(Scope::Unknown) };
    if kind.fields.iter().all(|field| field.merge == Merge::CountyOnly) {
        return Ok(Scope::County);
    }
    match kind.table {
        "village" => return of_village(reading, id),
        "household" => return of_household(reading, id),
        "person" => return of_person(reading, id),
        "team" => return of_team(reading, id),
        _ => {}
    }
    let values = reading.values(record_type, id)?.unwrap_or_default();
    let refers = |column: &str| {
        let field = kind.column(column)?;
        RecordId::from_value(values.get(&field.id)?).ok()
    };
    if let Some(household) = refers("household") {
        return of_household(reading, household);
    }
    if let Some(person) = refers("person") {
        return of_person(reading, person);
    }
    if let Some(village) = refers("village") {
        return of_village(reading, village);
    }
    Ok(Scope::of_codes(area_code(kind).and_then(|field| match values.get(&field) {
        Some(Value::Text(code)) => Some(code.clone()),
        _ => None,
    })))
}

/// The field with the division code that a record was written under, of types that hang on nobody.
pub(crate) fn area_code(kind: &RecordType) -> Option<FieldId> {
    kind.column("area").filter(|field| field.merge != Merge::CountyOnly).map(|field| field.id)
}

fn of_village(reading: Reading<'_>, id: RecordId) -> Result<Scope, StoreError> {
    let rows = reading.columns_where(Village::TYPE, ["code", "township"], ("id", &id))?;
    let text = |value| if let Value::Text(text) = value { Some(text) } else { None };
    Ok(Scope::of_codes(rows.into_iter().filter_map(|[code, township]| village_code(text(code), text(township)))))
}

/// A roster names villages without their codes; the township that took it in is known all the same.
fn village_code(code: Option<String>, township: Option<String>) -> Option<String> {
    code.filter(|code| region::is_code(code)).or(township)
}

fn of_household(reading: Reading<'_>, id: RecordId) -> Result<Scope, StoreError> {
    let rows = reading.columns_where(Household::TYPE, ["village"], ("id", &id))?;
    match rows.first().and_then(|[village]| RecordId::from_value(village).ok()) {
        Some(village) => of_village(reading, village),
        None => Ok(Scope::Unknown),
    }
}

/// Where a person lives now; where it lived last, if nowhere now.
fn of_person(reading: Reading<'_>, person: RecordId) -> Result<Scope, StoreError> {
    let mut homes = reading.homes(person)?;
    if homes.iter().any(|home| !home.left) {
        homes.retain(|home| !home.left);
    } else {
        homes.drain(..homes.len().saturating_sub(1));
    }
    Ok(Scope::of_codes(homes.into_iter().filter_map(|home| village_code(home.code, home.township))))
}

/// Where the people live that a team has contracts with.
fn of_team(reading: Reading<'_>, team: RecordId) -> Result<Scope, StoreError> {
    let mut codes = BTreeSet::new();
    for contract in reading.rows_where::<Contract>("team", &team)? {
        if let Some(person) = contract.record.person
            && let Scope::Areas(found) = of_person(reading, person)?
        {
            codes.extend(found);
        }
    }
    Ok(Scope::of_codes(codes))
}

/// Whether a township's PC is to receive an operation of the county's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Concern {
    /// It is.
    Yes,
    /// It is not, and never will be.
    No,
    /// It is not as far as is known today.
    NotYet,
}

/// Whether an operation of the county's concerns an area: a record there, or one that is moved away from there.
///
/// # Errors
/// [`StoreError`] when the database cannot be read.
pub fn concern(reading: Reading<'_>, area: &str, op: &Op, refs: &[EntryRef]) -> Result<Concern, StoreError> {
    let Some((record_type, id)) = op.record() else { return concern_of_merge(reading, area, op, refs) };
    let scope = of(reading, record_type, id)?;
    if scope.touches(area) || (scope == Scope::County && is_county_wide(record_type)) {
        return Ok(Concern::Yes);
    }
    // What the county wrote under its own code, a campaign, is for every township in it.
    if let (Some(_), Scope::Areas(codes)) = (catalogue::by_id(record_type).and_then(area_code), &scope)
        && codes.iter().any(|code| region::contains(code, area))
    {
        return Ok(Concern::Yes);
    }
    if let (Some(kind), Op::Set { writes, .. }) = (catalogue::by_id(record_type), op)
        && writes.iter().any(|(field, write)| is_placing(kind, *field) && (is_village(kind) || !write.base.is_empty()))
        && ever_in(reading, area, record_type, id)?
    {
        return Ok(Concern::Yes);
    }
    Ok(match scope {
        Scope::County => Concern::No,
        // The operators of a county's PC are nobody else's.
        _ if record_type == Operator::TYPE.id => Concern::No,
        // A team works wherever the next contract is made.
        Scope::Areas(_) if record_type != Team::TYPE.id => Concern::No,
        Scope::Areas(_) | Scope::Unknown => Concern::NotYet,
    })
}

/// A merge concerns whoever has one of the two people; taking it back concerns the same.
fn concern_of_merge(reading: Reading<'_>, area: &str, op: &Op, refs: &[EntryRef]) -> Result<Concern, StoreError> {
    let merged = match op {
        Op::Merge { loser, winner, .. } => Some((*loser, *winner)),
        Op::Unmerge { of: DotRef::Foreign { reference, index } } => match refs.get(*reference as usize) {
            Some(entry) => reading.merged_by(entry, *index)?,
            None => None,
        },
        _ => None,
    };
    let Some((loser, winner)) = merged else { return Ok(Concern::No) };
    let here = of_person(reading, loser)?.touches(area) || of_person(reading, winner)?.touches(area);
    Ok(if here { Concern::Yes } else { Concern::NotYet })
}

/// The record type a field places its record by: a village, a household or a person.
pub(crate) fn place_of(kind: Kind) -> Option<u16> {
    match kind {
        Kind::Ref(target) => {
            let table = catalogue::by_id(target)?.table;
            matches!(table, "village" | "household" | "person").then_some(target)
        }
        _ => None,
    }
}

pub(crate) fn places(kind: &RecordType, field: FieldId) -> Option<u16> {
    place_of(kind.field(field)?.kind)
}

/// Whether a field says where its record lies.
pub(crate) fn is_placing(kind: &RecordType, field: FieldId) -> bool {
    places(kind, field).is_some() || is_code(kind, field)
}

/// Whether a field holds the division code that says where its record lies.
pub(crate) fn is_code(kind: &RecordType, field: FieldId) -> bool {
    let village = || kind.field(field).is_some_and(|f| matches!(f.column, "code" | "township"));
    if is_village(kind) { village() } else { area_code(kind) == Some(field) }
}

pub(crate) fn is_village(kind: &RecordType) -> bool {
    kind.id == Village::TYPE.id
}

/// Whether a record has ever lain in an area.
///
/// # Errors
/// [`StoreError`] when the database cannot be read.
pub fn ever_in(reading: Reading<'_>, area: &str, record_type: u16, id: RecordId) -> Result<bool, StoreError> {
    Ok(codes_ever(reading, record_type, id)?.iter().any(|code| region::contains(area, code)))
}

/// Whether a record has ever lain outside an area.
pub(crate) fn was_elsewhere(
    reading: Reading<'_>,
    area: &str,
    record_type: u16,
    id: RecordId,
) -> Result<bool, StoreError> {
    Ok(codes_ever(reading, record_type, id)?.iter().any(|code| !region::contains(area, code)))
}

/// The division codes under which a record ever lay: by what it referred to over time, by the stays of its person, by the
/// villages its household belonged to, by the codes that it or its village bore before townships were joined.
fn codes_ever(reading: Reading<'_>, record_type: u16, id: RecordId) -> Result<BTreeSet<String>, StoreError> {
    let mut codes = BTreeSet::new();
    let Some(kind) = catalogue::by_id(record_type) else { return Ok(codes) };
    if record_type == Village::TYPE.id || area_code(kind).is_some() {
        let changes = reading.history(record_type, id)?.into_iter().flat_map(|item| item.changes);
        for change in changes.filter(|change| is_code(kind, change.field)) {
            codes.extend(change.old.into_iter().chain([change.new]).filter_map(|value| match value {
                Value::Text(code) => Some(code).filter(|code| region::is_code(code)),
                _ => None,
            }));
        }
    }
    if record_type == Village::TYPE.id {
        return Ok(codes);
    }
    if record_type == Person::TYPE.id {
        for stay in reading.ids_where(Membership::TYPE, "person", &id)? {
            for household in ever_referred(reading, Membership::TYPE, stay, Household::TYPE.id)? {
                codes.extend(codes_ever(reading, Household::TYPE.id, household)?);
            }
        }
        return Ok(codes);
    }
    for target in [Village::TYPE.id, Household::TYPE.id, Person::TYPE.id] {
        for place in ever_referred(reading, kind, id, target)? {
            codes.extend(codes_ever(reading, target, place)?);
        }
    }
    Ok(codes)
}

/// The records of one type a record ever referred to.
fn ever_referred(
    reading: Reading<'_>,
    kind: &RecordType,
    id: RecordId,
    target: u16,
) -> Result<BTreeSet<RecordId>, StoreError> {
    let mut found = BTreeSet::new();
    for change in reading.history(kind.id, id)?.into_iter().flat_map(|item| item.changes) {
        if places(kind, change.field) == Some(target) {
            let said = change.old.iter().chain([&change.new]);
            found.extend(said.filter_map(|value| RecordId::from_value(value).ok()));
        }
    }
    Ok(found)
}

/// The types a county writes for everybody.
#[must_use]
pub fn is_county_wide(record_type: u16) -> bool {
    [catalogue::Pack::TYPE.id, catalogue::CountyList::TYPE.id].contains(&record_type)
}
