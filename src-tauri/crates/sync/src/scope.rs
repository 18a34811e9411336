//! Whose area a record belongs to, and who may write what.

use std::collections::BTreeSet;

use mingbai_bundle::{Certificate, TrustStore};
use mingbai_domain::catalogue::{
    self, Contract, Household, Membership, Merge, Operator, Person, Record, RecordType, Team, Village,
};
use mingbai_domain::value::{FieldValue, Kind};
use mingbai_domain::{FieldId, RecordId, Value, region};
use mingbai_ledger::{DotRef, Entry, EntryRef, Op};
use mingbai_store::{LogInfo, Reading, StoreError, Verdict};

use crate::moves::Name;

/// Where a record belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// To the whole county: packs.
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

/// The scope of a record: a village's code or else its township's, or that of the village its household lies in. Teams
/// lie where the people live who have contracts with them.
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
    match (refers("household"), refers("person")) {
        (Some(household), _) => of_household(reading, household),
        (None, Some(person)) => of_person(reading, person),
        (None, None) => Ok(Scope::Unknown),
    }
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
fn place_of(kind: Kind) -> Option<u16> {
    match kind {
        Kind::Ref(target) => {
            let table = catalogue::by_id(target)?.table;
            matches!(table, "village" | "household" | "person").then_some(target)
        }
        _ => None,
    }
}

fn places(kind: &RecordType, field: FieldId) -> Option<u16> {
    place_of(kind.field(field)?.kind)
}

/// Whether a field says where its record lies.
fn is_placing(kind: &RecordType, field: FieldId) -> bool {
    let coded =
        || kind.table == "village" && kind.field(field).is_some_and(|f| matches!(f.column, "code" | "township"));
    places(kind, field).is_some() || coded()
}

fn is_village(kind: &RecordType) -> bool {
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
/// villages its household belonged to, by the codes its village bore before townships were joined.
fn codes_ever(reading: Reading<'_>, record_type: u16, id: RecordId) -> Result<BTreeSet<String>, StoreError> {
    let mut codes = BTreeSet::new();
    let Some(kind) = catalogue::by_id(record_type) else { return Ok(codes) };
    if record_type == Village::TYPE.id {
        let changes = reading.history(record_type, id)?.into_iter().flat_map(|item| item.changes);
        for change in changes.filter(|change| is_placing(kind, change.field)) {
            codes.extend(change.old.into_iter().chain([change.new]).filter_map(|value| match value {
                Value::Text(code) => Some(code).filter(|code| region::is_code(code)),
                _ => None,
            }));
        }
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

/// Whether a township may write what an entry says: nothing that only the county writes, nothing in another's name, no
/// village of another area, no record that lies in another area now or refers there, none that lies nowhere and that
/// another unit made, no operator of another PC. What it wrote about people and households that the county has meanwhile moved elsewhere counts, because nobody told it in time,
/// and whoever has them now sees both values; but it does not move them back.
#[must_use]
pub fn authority(trust: &TrustStore, area: &str, log: &LogInfo, entry: &Entry, reading: Reading<'_>) -> Verdict {
    if log.role.is_county() {
        return Verdict::Apply;
    }
    if entry.origin.is_some() {
        return Verdict::Refuse("乡镇不能以别人的名义写内容".to_owned());
    }
    for op in &entry.ops {
        if let Some(reason) = refused(area, log, (entry, op), reading) {
            return Verdict::Refuse(reason);
        }
        if let Some((record_type, id)) = op.record()
            && !is_ours_or_placed(trust, area, (record_type, id), reading).unwrap_or(false)
        {
            let label = catalogue::by_id(record_type).map_or("记录", |kind| kind.label);
            return Verdict::Refuse(format!("{label}是别的单位登记的，只有它和县里能改"));
        }
    }
    Verdict::Apply
}

fn written(op: &Op) -> Vec<(FieldId, &Value)> {
    match op {
        Op::Set { writes, .. } => writes.iter().map(|(field, write)| (*field, &write.value)).collect(),
        Op::Fact { body, .. } | Op::Amend { body: Some(body), .. } => body.iter().map(|(f, v)| (*f, v)).collect(),
        _ => Vec::new(),
    }
}

fn refused(area: &str, log: &LogInfo, (entry, op): (&Entry, &Op), reading: Reading<'_>) -> Option<String> {
    if matches!(op, Op::Ack { .. } | Op::Refused { .. } | Op::Merge { .. } | Op::Unmerge { .. }) {
        return Some("乡镇不能写只有县里能写的内容".to_owned());
    }
    let (record_type, id) = op.record()?;
    let kind = catalogue::by_id(record_type)?;
    let written = written(op);
    if written.iter().filter_map(|(f, _)| kind.field(*f)).any(|f| f.merge == Merge::CountyOnly) {
        return Some(format!("{}只有县里能写", kind.label));
    }
    if record_type == Operator::TYPE.id && !only_written_by(log, record_type, id, reading) {
        return Some("不能改别的电脑上的操作员".to_owned());
    }
    if reading.values(record_type, id).is_ok_and(|values| values.is_none())
        && reading.refused_before(record_type, id, entry.hlc).unwrap_or(true)
    {
        return Some(format!("登记这条{}的那一次没有采用，在它上面的修改也没有采用", kind.label));
    }
    let moves = moves_anybody(reading, area, kind, id, op);
    for (field, value) in written {
        let Some(field) = kind.field(field) else { continue };
        if let ("village", "code" | "township", Value::Text(code)) = (kind.table, field.column, value)
            && !region::contains(area, code)
        {
            return Some(format!("区划代码{code}不在该单位辖区内"));
        }
        if let Some(target) = place_of(field.kind)
            && let Ok(place) = RecordId::from_value(value)
            && is_foreign(reading, area, target, place)
        {
            return Some(format!("{}的{}不在该单位辖区内", kind.label, field.label));
        }
    }
    if is_foreign(reading, area, record_type, id) {
        return Some(format!("{}不在该单位辖区内", kind.label));
    }
    moves.then(|| format!("{}由县里转到了别处，只有县里能再转", kind.label))
}

/// Whether a write would move what now lies in another area, or to there: only the county does. It moves a household, stay
/// or village that stands somewhere already, or somebody who lives elsewhere now, by a new home here. A child born into a
/// household that has moved away, of which nobody told this township in time, moves nobody.
fn moves_anybody(reading: Reading<'_>, area: &str, kind: &RecordType, id: RecordId, op: &Op) -> bool {
    let Op::Set { writes, .. } = op else { return false };
    let is_outside = |target, place| of(reading, target, place).is_ok_and(|scope| scope.is_outside(area));
    let placing: Vec<_> = writes.iter().filter(|(field, _)| is_placing(kind, **field)).collect();
    if placing.is_empty() || !matches!(kind.table, "household" | "membership" | "village") {
        return false;
    }
    if is_outside(kind.id, id) {
        return true;
    }
    let outside = |wanted: u16| {
        placing.iter().any(|(field, write)| {
            let place = RecordId::from_value(&write.value).ok().filter(|_| places(kind, **field) == Some(wanted));
            place.is_some_and(|place| is_outside(wanted, place))
        })
    };
    let (to, who) = (outside(Village::TYPE.id) || outside(Household::TYPE.id), outside(Person::TYPE.id));
    if placing.iter().any(|(_, write)| !write.base.is_empty()) { to || who } else { who && !to }
}

/// Whether a record lies in another area now and never lay in this one. A team lies nowhere but where it works.
fn is_foreign(reading: Reading<'_>, area: &str, record_type: u16, id: RecordId) -> bool {
    record_type != Team::TYPE.id
        && of(reading, record_type, id).is_ok_and(|scope| scope.is_outside(area))
        && ever_in(reading, area, record_type, id).is_ok_and(|ever| !ever)
}

/// Whether a record lies somewhere, so that the place decides, is new, or was made in this area. Teams go with the unit that
/// made them wherever their people live.
fn is_ours_or_placed(
    trust: &TrustStore,
    area: &str,
    (record_type, id): Name,
    reading: Reading<'_>,
) -> Result<bool, StoreError> {
    let placed = match of(reading, record_type, id)? {
        Scope::Unknown => false,
        scope => record_type != Team::TYPE.id || scope.touches(area),
    };
    if placed || record_type == Operator::TYPE.id {
        return Ok(true);
    }
    let Some(maker) = reading.maker(record_type, id)? else { return Ok(true) };
    let of_maker = |device: &&Certificate| {
        maker.genesis.as_ref().is_some_and(|genesis| genesis.device_key == device.signing.log_key())
    };
    Ok(!maker.role.is_county() && trust.certificates().find(of_maker).is_some_and(|device| device.area == area))
}

/// Whether a record is new or has only been written by the PC of this log.
fn only_written_by(log: &LogInfo, record_type: u16, id: RecordId, reading: Reading<'_>) -> bool {
    let device = |log: &LogInfo| {
        let key = log.genesis.as_ref().map(|genesis| genesis.device_key)?;
        crate::keys::first_key(reading, key).ok()
    };
    reading.writers(record_type, id).is_ok_and(|logs| logs.iter().all(|writer| device(writer) == device(log)))
}

/// The types a county writes for everybody.
#[must_use]
pub fn is_county_wide(record_type: u16) -> bool {
    record_type == catalogue::Pack::TYPE.id
}
