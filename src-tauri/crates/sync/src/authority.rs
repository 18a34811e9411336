//! Who may write what: the county's word on every operation of a township's entry.

use mingbai_bundle::{Certificate, TrustStore};
use mingbai_domain::catalogue::{self, Field, Household, Merge, Operator, Person, Record, RecordType, Team, Village};
use mingbai_domain::value::FieldValue;
use mingbai_domain::{FieldId, RecordId, Value, region};
use mingbai_ledger::{Entry, Head, Op};
use mingbai_store::{LogInfo, Reading, StoreError, Verdict};

use crate::moves::Name;
use crate::scope::{Scope, ever_in, is_code, is_placing, of, place_of, places};

/// Whether a township may write what an entry says: nothing that only the county writes, nothing in another's name, no
/// village of another area, no record that lies in another area now or refers there, none that lies nowhere and that
/// another unit made, no operator of another PC. What it wrote about people and households that the county has meanwhile
/// moved elsewhere counts, because nobody told it in time, and whoever has them now sees both values; but it does not move
/// them back.
pub(crate) fn verdict(
    trust: &TrustStore,
    area: &str,
    log: &LogInfo,
    (head, entry): (&Head, &Entry),
    reading: Reading<'_>,
) -> Verdict {
    if log.role.is_county() {
        return Verdict::Apply;
    }
    if entry.origin.is_some() {
        return Verdict::Refuse("乡镇不能以别人的名义写内容".to_owned());
    }
    for op in &entry.ops {
        if let Some(reason) = refused((trust, area, log), (head, op), reading) {
            return Verdict::Refuse(reason);
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

fn refused(
    (trust, area, log): (&TrustStore, &str, &LogInfo),
    (head, op): (&Head, &Op),
    reading: Reading<'_>,
) -> Option<String> {
    if matches!(op, Op::Ack { .. } | Op::Refused { .. } | Op::Merge { .. } | Op::Unmerge { .. }) {
        return Some("乡镇不能写只有县里能写的内容".to_owned());
    }
    let (record_type, id) = op.record()?;
    let kind = catalogue::by_id(record_type)?;
    let written = written(op);
    let only_county = |field: &Field| field.merge == Merge::CountyOnly;
    if kind.fields.iter().all(only_county) || written.iter().filter_map(|(f, _)| kind.field(*f)).any(only_county) {
        return Some(format!("{}只有县里能写", kind.label));
    }
    if record_type == Operator::TYPE.id && !only_written_by(log, record_type, id, reading) {
        return Some("不能改别的电脑上的操作员".to_owned());
    }
    // What a record was made by is seldom refused, so that is asked first.
    if reading.refused_before(record_type, id, head).unwrap_or(true)
        && reading.values(record_type, id).is_ok_and(|values| values.is_none())
    {
        return Some(format!("登记这条{}的那一次没有采用，在它上面的修改也没有采用", kind.label));
    }
    let moves = moves_anybody(reading, area, kind, id, op);
    for (field, value) in written {
        let Some(field) = kind.field(field) else { continue };
        if let Value::Text(code) = value
            && is_code(kind, field.id)
            && !region::contains(area, code)
        {
            return Some(format!("区划代码{code}不在该单位辖区内"));
        }
        if let Some(target) = place_of(field.kind)
            && let Ok(place) = RecordId::from_value(value)
            && of(reading, target, place).is_ok_and(|scope| is_foreign(reading, area, &scope, (target, place)))
        {
            return Some(format!("{}的{}不在该单位辖区内", kind.label, field.label));
        }
    }
    let scope = of(reading, record_type, id).ok()?;
    if is_foreign(reading, area, &scope, (record_type, id)) {
        return Some(format!("{}不在该单位辖区内", kind.label));
    }
    if !is_ours_or_placed(trust, area, &scope, (record_type, id), reading).unwrap_or(false) {
        return Some(format!("{}是别的单位登记的，只有它和县里能改", kind.label));
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
fn is_foreign(reading: Reading<'_>, area: &str, scope: &Scope, (record_type, id): Name) -> bool {
    record_type != Team::TYPE.id
        && scope.is_outside(area)
        && ever_in(reading, area, record_type, id).is_ok_and(|ever| !ever)
}

/// Whether a record lies somewhere, so that the place decides, is new, or was made in this area. Teams go with the unit that
/// made them wherever their people live.
fn is_ours_or_placed(
    trust: &TrustStore,
    area: &str,
    scope: &Scope,
    (record_type, id): Name,
    reading: Reading<'_>,
) -> Result<bool, StoreError> {
    let placed = *scope != Scope::Unknown && (record_type != Team::TYPE.id || scope.touches(area));
    if placed || record_type == Operator::TYPE.id {
        return Ok(true);
    }
    let Some(maker) = reading.maker(record_type, id)? else { return Ok(true) };
    let of_maker = |device: &&Certificate| {
        maker.genesis.as_ref().is_some_and(|genesis| genesis.device_key == device.signing.log_key())
    };
    Ok(!maker.role.is_county()
        && trust.certificates().chain(trust.former()).find(of_maker).is_some_and(|device| device.area == area))
}

/// Whether a record is new or has only been written by the PC of this log.
fn only_written_by(log: &LogInfo, record_type: u16, id: RecordId, reading: Reading<'_>) -> bool {
    let device = |log: &LogInfo| {
        let key = log.genesis.as_ref().map(|genesis| genesis.device_key)?;
        crate::keys::first_key(reading, key).ok()
    };
    reading.writers(record_type, id).is_ok_and(|logs| logs.iter().all(|writer| device(writer) == device(log)))
}
