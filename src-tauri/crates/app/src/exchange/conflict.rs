//! 待决定: two values side by side, who wrote them, and the choice between them.

use mingbai_domain::catalogue::{self, Field, Merge, Person, Privacy, RecordType};
use mingbai_domain::{FieldId, RecordId, Value, Values, region};
use mingbai_store::{Conflict, Reading};
use mingbai_sync as sync;

use super::coming::household_of;
use crate::dto::{ConflictList, ConflictResolveRequest, ConflictRow, ConflictValue, Empty, OfficeKind, Page};
use crate::error::{AppError, ErrorCode};
use crate::host::Host;
use crate::office::{Context, local_time};
use crate::record::{parse_value, show_value};
use crate::restricted::{HIDDEN, hides_any};

/// The field number under which a fact as a whole is in conflict.
const FACT: FieldId = 0;

pub(crate) fn conflicts(context: &mut Context<'_>, page: Page) -> Result<ConflictList, AppError> {
    let (offset, limit) = page.bounds();
    let mut places = context.read()?.conflict_places()?;
    let county = context.profile()?.kind == OfficeKind::County;
    // What is decided here comes first.
    let ours = |place: &Place| county || is_contact(place);
    places.sort_by_key(|place| !ours(place));
    let decidable = places.iter().filter(|place| ours(place)).count() as i64;
    let total = places.len() as i64;
    let mut rows = Vec::new();
    for place in places.into_iter().skip(offset as usize).take(limit as usize) {
        rows.extend(line(context, place)?.map(|line| line.row));
    }
    Ok(ConflictList { rows, total, decidable })
}

/// Where a conflict lies: type, record, field.
type Place = (u16, RecordId, FieldId);

/// Whether the offices that know the record may decide; otherwise the county does.
fn is_contact((kind, _, field): &Place) -> bool {
    let field = catalogue::by_id(*kind).and_then(|kind| kind.field(*field));
    field.is_some_and(|field| field.merge == Merge::Contact)
}

/// One conflict as shown.
pub(crate) struct ConflictLine {
    pub(crate) row: ConflictRow,
    conflict: Conflict,
}

/// Everything two sides have written differently.
pub(crate) fn conflict_rows(context: &Context<'_>) -> Result<Vec<ConflictLine>, AppError> {
    let mut lines = Vec::new();
    for place in context.read()?.conflict_places()? {
        lines.extend(line(context, place)?);
    }
    Ok(lines)
}

fn line(context: &Context<'_>, place: Place) -> Result<Option<ConflictLine>, AppError> {
    let county = context.profile()?.kind == OfficeKind::County;
    let clerk = context.opened()?.operator.role.code == "clerk";
    let reading = context.read()?;
    let (record_type, record, field) = place;
    let Some(kind) = catalogue::by_id(record_type) else { return Ok(None) };
    let conflict = reading.conflict(record_type, record, field)?;
    if conflict.values.is_empty() {
        return Ok(None);
    }
    let hidden = clerk && is_restricted(reading, kind, record, &conflict.values)?;
    let decidable = !hidden && (county || is_contact(&place));
    let field = kind.field(field);
    let Subject { who, village } = Subject::of(reading, kind, record)?;
    let texts = shown_values(context, reading, kind, (record, conflict.field), &conflict.values)?;
    let mut displayed = conflict.values.iter().zip(&texts).filter(|(value, _)| value.shown);
    let shown = displayed.next().map(|(_, text)| text.clone()).unwrap_or_default();
    let values = conflict.values.iter().zip(texts).map(|(value, text)| value_row(context.host, value, text));
    let row = ConflictRow {
        id: format!("{record_type}/{record}/{}", conflict.field),
        record: record.to_string(),
        table: kind.table.to_owned(),
        who,
        village,
        field: field.map_or_else(|| FACT_LABEL.to_owned(), |f| f.label.to_owned()),
        values: values.collect(),
        shown,
        decidable,
        fillable: field.is_some(),
    };
    Ok(Some(ConflictLine { row, conflict }))
}

/// Where the conflict with this name lies.
fn place_of(id: &str) -> Option<Place> {
    let mut parts = id.split('/');
    let mut next = || parts.next();
    Some((next()?.parse().ok()?, next()?.parse().ok()?, next()?.parse().ok()?))
}

/// What stands in the place of a field where a fact as a whole is in conflict.
pub(super) const FACT_LABEL: &str = "整条记录";

/// Whose record it is, in words.
pub(super) struct Subject {
    pub(super) who: String,
    pub(super) village: String,
}

impl Subject {
    pub(super) fn of(reading: Reading<'_>, kind: &'static RecordType, record: RecordId) -> Result<Self, AppError> {
        let person = (kind.table == "person").then(|| reading.get::<Person>(record)).transpose()?.flatten();
        let who = match person.and_then(|row| row.record.name) {
            Some(name) => name,
            None => household_of(reading, kind.id, record)?.map(|(_, title)| title).unwrap_or_default(),
        };
        let area = match sync::scope::of(reading, kind.id, record)? {
            sync::scope::Scope::Areas(codes) => codes.into_iter().next().unwrap_or_default(),
            _ => String::new(),
        };
        let village = village_name(reading, &area)?;
        Ok(Self { who, village })
    }
}

/// Whether the values or the record they are of name a disease that clerks are not shown.
fn is_restricted(
    reading: Reading<'_>,
    kind: &RecordType,
    record: RecordId,
    values: &[mingbai_store::ConflictValue],
) -> Result<bool, AppError> {
    let said = values.iter().filter_map(|value| value.body.as_ref()).any(|body| hides_any(kind, body));
    Ok(said || hides_any(kind, &reading.values(kind.id, record)?.unwrap_or_default()))
}

/// Values that stand side by side as whoever is logged in may see them: masked, yet told apart.
pub(super) fn shown_values(
    context: &Context<'_>,
    reading: Reading<'_>,
    kind: &'static RecordType,
    (record, field): (RecordId, FieldId),
    values: &[mingbai_store::ConflictValue],
) -> Result<Vec<String>, AppError> {
    let clerk = context.opened()?.operator.role.code == "clerk";
    if clerk && is_restricted(reading, kind, record, values)? {
        return Ok(vec![HIDDEN.to_owned(); values.len()]);
    }
    let differing = differing(kind, values);
    let raw: Vec<&Value> = values.iter().map(|value| &value.value).collect();
    let show = |value: &mingbai_store::ConflictValue| match kind.field(field) {
        Some(field) => apart(show_value(reading, field, &value.value), &value.value, &raw),
        None => told(reading, &differing, value.body.as_ref()),
    };
    Ok(values.iter().map(show).collect())
}

/// One of the values with who wrote it.
pub(super) fn value_row(host: &dyn Host, value: &mingbai_store::ConflictValue, shown: String) -> ConflictValue {
    ConflictValue {
        key: key(value),
        value: shown,
        by: value.author.name.clone().unwrap_or_default(),
        device: value.author.device.clone(),
        at: local_time(host, value.author.when.millis()),
        county: value.author.county,
    }
}

/// Digits of a masked number that may be uncovered to tell it from another one.
const MOST_UNCOVERED: usize = 4;

/// A masked number with the places uncovered in which it differs from the others: two that look alike cannot be chosen
/// between.
fn apart(shown: String, value: &Value, all: &[&Value]) -> String {
    let text = |value: &Value| match value {
        Value::Text(text) => text.chars().collect(),
        _ => Vec::new(),
    };
    let own: Vec<char> = text(value);
    if !shown.contains('*') || shown.chars().count() != own.len() {
        return shown;
    }
    // A value that is empty or of another length tells nothing of single places.
    let others: Vec<Vec<char>> = all.iter().map(|value| text(value)).filter(|other| other.len() == own.len()).collect();
    let differs = |place: &usize| others.iter().any(|other| other.get(*place) != own.get(*place));
    let places: Vec<usize> = (0..own.len()).filter(differs).collect();
    if places.len() > MOST_UNCOVERED {
        return shown;
    }
    let each = shown.chars().zip(&own).enumerate();
    each.map(|(place, (masked, real))| if places.contains(&place) { *real } else { masked }).collect()
}

/// The fields in which the bodies of a fact differ.
fn differing(kind: &'static RecordType, values: &[mingbai_store::ConflictValue]) -> Vec<&'static Field> {
    let bodies: Vec<&Values> = values.iter().filter_map(|value| value.body.as_ref()).collect();
    let differs = |field: &&Field| bodies.windows(2).any(|pair| pair[0].get(&field.id) != pair[1].get(&field.id));
    kind.fields.iter().filter(differs).collect()
}

/// What one version of a fact says where the versions differ.
fn told(reading: Reading<'_>, differing: &[&Field], body: Option<&Values>) -> String {
    let Some(body) = body else { return "作废".to_owned() };
    let told = differing.iter().map(|field| {
        let value = body.get(&field.id).map(|value| show_value(reading, field, value)).unwrap_or_default();
        format!("{} {}", field.label, if value.is_empty() { "空" } else { &value })
    });
    let told = told.collect::<Vec<_>>().join("，");
    if told.is_empty() { "不作废".to_owned() } else { told }
}

/// Names one of the values: who wrote it and when, which no two writes share.
fn key(value: &mingbai_store::ConflictValue) -> String {
    format!("{:016x}{}", value.author.when.0, value.author.log)
}

fn village_name(reading: Reading<'_>, code: &str) -> Result<String, AppError> {
    if !region::is_code(code) {
        return Ok(String::new());
    }
    let found = reading.rows_where::<catalogue::Village>("code", &code.to_owned())?;
    Ok(found.into_iter().next().and_then(|row| row.record.name).unwrap_or_default())
}

pub(crate) fn resolve(context: &mut Context<'_>, request: ConflictResolveRequest) -> Result<Empty, AppError> {
    let missing = || AppError::not_found("待决定");
    let line = line(context, place_of(&request.id).ok_or_else(missing)?)?.ok_or_else(missing)?;
    let kind = catalogue::by_id(line.conflict.record_type).ok_or_else(missing)?;
    if !line.row.decidable {
        let message = format!("“{}”由县里决定。每个值都已保留，县里处理后会随数据包回来", line.row.field);
        return Err(AppError::new(ErrorCode::NotPermitted, message));
    }
    let (record_type, record) = (line.conflict.record_type, line.conflict.record);
    let chosen = request.key.as_ref().map(|wanted| line.conflict.values.iter().find(|value| key(value) == *wanted));
    let value = match (chosen, &request.value) {
        (Some(Some(chosen)), _) if line.conflict.field == FACT => {
            let body = chosen.body.clone();
            context.commit("conflict_resolve", None, |txn| Ok(txn.amend_values(record_type, record, body)?))?;
            return Ok(Empty {});
        }
        (Some(Some(chosen)), _) => chosen.value.clone(),
        (Some(None), _) => {
            let message = "这一处刚有新的改动，没有处理。请看一看最新的两个值再决定";
            return Err(AppError::new(ErrorCode::Conflict, message));
        }
        (None, Some(typed)) => typed_value(kind, line.conflict.field, typed)?,
        (None, None) => return Err(AppError::invalid("value", "请选一个值，或另填一个")),
    };
    let field = line.conflict.field;
    context.commit("conflict_resolve", None, |txn| Ok(txn.set_field(record_type, record, field, value)?))?;
    Ok(Empty {})
}

/// A value of one's own, as typed.
fn typed_value(kind: &RecordType, field: FieldId, typed: &str) -> Result<Value, AppError> {
    let message = "这一条请在列出的里面选一个；都不对就选好后再到本人记录里改";
    let field = kind.field(field).ok_or_else(|| AppError::new(ErrorCode::NotPermitted, message))?;
    if field.privacy == Privacy::Masked && typed.contains('*') {
        return Err(AppError::invalid("value", "请填写完整号码，不要带星号"));
    }
    parse_value(field, typed)
}

#[cfg(test)]
mod tests {
    use mingbai_domain::Value;

    use super::apart;

    #[test]
    fn two_masked_numbers_that_look_alike_show_the_digits_in_which_they_differ() {
        let (one, two) = (Value::Text("13911110000".into()), Value::Text("13911220000".into()));
        let all = [&one, &two];
        assert_eq!(apart("139****0000".into(), &one, &all), "139**110000");
        assert_eq!(apart("139****0000".into(), &two, &all), "139**220000");
        let other = Value::Text("15822223333".into());
        assert_eq!(apart("139****0000".into(), &one, &[&one, &other]), "139****0000", "too much would be told");
        assert_eq!(apart("139****0000".into(), &one, &[&one, &Value::Null]), "139****0000");
        let name = Value::Text("张三".into());
        assert_eq!(apart("张三".into(), &name, &[&name]), "张三");
    }
}
