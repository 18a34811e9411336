//! People, households and whole villages that moved into an area: who they are, and everything that hangs on them.

use std::collections::BTreeSet;

use mingbai_domain::catalogue::{
    self, ALL, Contract, Household, Membership, Person, Record, RecordType, Team, Village,
};
use mingbai_domain::value::{FieldValue, Kind};
use mingbai_domain::{RecordId, Value};
use mingbai_ledger::Op;
use mingbai_store::{Reading, StoreError, Txn};

use crate::scope;

/// A record by its type and id.
pub(crate) type Name = (u16, RecordId);

/// Where it is kept who moved into an area.
fn guests_key(area: &str) -> String {
    format!("moved_in/{area}")
}

/// Who moved into an area so far: people, households and villages.
pub(crate) fn guests(reading: Reading<'_>, area: &str) -> Result<BTreeSet<Name>, StoreError> {
    let mut found = BTreeSet::new();
    for pair in reading.state(&guests_key(area))?.unwrap_or_default().chunks_exact(18) {
        let (kind, id) = pair.split_at(2);
        let id: [u8; 16] = id.try_into().map_err(|_| StoreError::Inconsistent("迁入名单"))?;
        found.insert((kind.iter().fold(0, |sum, byte| (sum << 8) | u16::from(*byte)), RecordId::from_bytes(id)));
    }
    Ok(found)
}

pub(crate) fn keep_guests(txn: &mut Txn<'_>, area: &str, guests: &BTreeSet<Name>) -> Result<(), StoreError> {
    let bytes: Vec<u8> =
        guests.iter().flat_map(|(kind, id)| kind.to_be_bytes().into_iter().chain(*id.as_bytes())).collect();
    txn.set_state(&guests_key(area), &bytes)
}

/// What an operation may have brought into the area it concerns: the person and household of a stay that begins or changes,
/// a household given another village, a village given another code, two people found to be one.
pub(crate) fn moved_by(op: &Op) -> Vec<Name> {
    let person = Person::TYPE.id;
    match op {
        Op::Merge { loser, winner, .. } => vec![(person, *loser), (person, *winner)],
        Op::Set { record_type, record, writes } => {
            let kind = catalogue::by_id(*record_type);
            let written = |column: &str| {
                let field = kind.and_then(|kind| kind.column(column))?;
                writes.get(&field.id)
            };
            match kind.map(|kind| kind.table) {
                Some("household") if written("village").is_some_and(|write| !write.base.is_empty()) => {
                    vec![(Household::TYPE.id, *record)]
                }
                Some("village") if written("code").or(written("township")).is_some() => {
                    vec![(Village::TYPE.id, *record)]
                }
                Some("membership") => vec![(Membership::TYPE.id, *record)],
                _ => Vec::new(),
            }
        }
        _ => Vec::new(),
    }
}

/// Everything that hangs on those who moved in and lies in the area now. Those who have left again, or whose history lies
/// wholly in the area anyway, are forgotten.
pub(crate) fn closure(
    reading: Reading<'_>,
    area: &str,
    guests: &mut BTreeSet<Name>,
) -> Result<BTreeSet<Name>, StoreError> {
    let mut found = BTreeSet::new();
    let mut open: Vec<Name> = Vec::new();
    let mut still = BTreeSet::new();
    for guest in std::mem::take(guests) {
        let here = scope::of(reading, guest.0, guest.1)?.touches(area);
        if here && scope::was_elsewhere(reading, area, guest.0, guest.1)? {
            still.insert(guest);
            open.push(guest);
        }
    }
    *guests = still;
    while let Some((kind, id)) = open.pop() {
        if !scope::of(reading, kind, id)?.touches(area) && kind != Team::TYPE.id {
            continue;
        }
        if found.insert((kind, id)) {
            open.extend(hanging(reading, kind, id)?);
        }
    }
    Ok(found)
}

/// What refers to a person, household or village, and whom a stay or contract refers to.
fn hanging(reading: Reading<'_>, kind: u16, id: RecordId) -> Result<Vec<Name>, StoreError> {
    let mut names = Vec::new();
    let Some(own) = catalogue::by_id(kind) else { return Ok(names) };
    if matches!(own.table, "person" | "household" | "village") {
        for other in ALL {
            for column in refers(other, kind) {
                names.extend(reading.ids_where(other, column, &id)?.into_iter().map(|id| (other.id, id)));
            }
        }
    }
    if kind == Membership::TYPE.id || kind == Contract::TYPE.id {
        let values = reading.values(kind, id)?.unwrap_or_default();
        for field in own.fields {
            if let (Kind::Ref(target), Some(value @ Value::Bytes(_))) = (field.kind, values.get(&field.id))
                && let Ok(to) = RecordId::from_value(value)
            {
                names.push((target, to));
            }
        }
    }
    Ok(names)
}

fn refers(kind: &'static RecordType, target: u16) -> impl Iterator<Item = &'static str> {
    kind.fields.iter().filter(move |field| field.kind == Kind::Ref(target)).map(|field| field.column)
}
