//! Saving records: one, or many as one action; what a clerk typed becomes writes once every check has passed.

use mingbai_domain::catalogue::{self, Membership, Merge, Privacy, Record, RecordType, Settlement, Shape};
use mingbai_domain::{RecordId, Value, Values, code};
use mingbai_store::{Reading, Txn};

use super::checks::{alone, belong, fill_from_citizen_id, lie, plausible, refer, require, restrict, year_end};
use super::{BATCH, editable, guard, parse_value, record_type};
use crate::bill::{Gate, Vouched};
use crate::dto::{LineProblem, OfficeKind, RecordBatchRequest, RecordBatchSaved, RecordSaveRequest, RecordSaved};
use crate::error::{AppError, ErrorCode};
use crate::household::parse_id;
use crate::office::Context;

/// One record as it may be written: every check passed, nothing written yet.
pub(crate) struct Prepared {
    kind: &'static RecordType,
    id: Option<RecordId>,
    household: Option<RecordId>,
    relation: Option<String>,
    pub(crate) values: Values,
}

pub(crate) fn save(context: &mut Context<'_>, request: RecordSaveRequest) -> Result<RecordSaved, AppError> {
    let prepared = prepare(context, &request)?;
    let (kind, said) = (prepared.kind, prepared.values.clone());
    let (operator, new) = (context.opened()?.operator_id, prepared.id.is_none());
    let watch = crate::bill::watch(context, &request)?;
    let committed = context.commit("record_save", request.reason.as_deref(), |txn| {
        crate::draft::saved(txn, operator, request.form.as_ref(), new.then_some(&request.fields))?;
        write(txn, prepared)
    })?;
    let (id, changed) = committed.value;
    let mut notice = proposed(context.read()?, kind, id, &said)?;
    if let Some(watch) = watch {
        let packs = context.packs()?;
        notice = notice.or(crate::bill::moved_said(&watch.moved(context.read()?, &packs, id)?));
    }
    Ok(RecordSaved { id: id.to_string(), changed: i64::try_from(changed).unwrap_or(i64::MAX), notice })
}

/// Saves many records of one table as one action that one undo takes back. A line that cannot be is named and the others
/// are saved.
pub(crate) fn save_many(context: &mut Context<'_>, request: RecordBatchRequest) -> Result<RecordBatchSaved, AppError> {
    let table = request.table;
    let rows = request.rows.into_iter().map(|row| RecordSaveRequest {
        table: table.clone(),
        id: row.id,
        fields: row.fields,
        ..Default::default()
    });
    save_all(context, &table, rows.collect(), request.reason)
}

/// Writes new records of a table and changes others as one action, as [`save_many`] does.
pub(crate) fn save_all(
    context: &mut Context<'_>,
    table: &str,
    rows: Vec<RecordSaveRequest>,
    reason: Option<String>,
) -> Result<RecordBatchSaved, AppError> {
    let kind = record_type(table)?;
    let mut gate = Gate::new(&context.packs()?);
    let (mut prepared, mut problems) = (Vec::new(), Vec::new());
    for (line, one) in (0..).zip(rows) {
        match prepare_through(context, &one, Vouched::default(), &mut gate) {
            Ok(ready) => prepared.push(ready),
            Err(error) if error.code == ErrorCode::Storage => return Err(error),
            Err(error) => problems.push(LineProblem {
                line,
                field: error.fields.first().map(|field| field.field.clone()),
                message: error.message,
            }),
        }
    }
    let saved = prepared.len() as i64;
    if saved == 0 {
        return Ok(RecordBatchSaved { saved, problems, entry: None });
    }
    let reason = reason.filter(|reason| !reason.trim().is_empty());
    let reason = reason.unwrap_or_else(|| format!("{} {saved} 条", kind.label));
    let committed = context.commit(&format!("{BATCH}{}", kind.table), Some(&reason), |txn| {
        prepared.into_iter().try_for_each(|one| write(txn, one).map(drop))
    })?;
    Ok(RecordBatchSaved { saved, problems, entry: committed.entry.map(|written| written.entry.0) })
}

pub(crate) fn prepare(context: &mut Context<'_>, request: &RecordSaveRequest) -> Result<Prepared, AppError> {
    let vouched = Vouched { reason: request.reason.as_deref(), ..Vouched::default() };
    let mut gate = Gate::new(&context.packs()?);
    prepare_through(context, request, vouched, &mut gate)
}

/// As [`prepare`], where several records are written by one action: settlements among them pass the same gate.
pub(crate) fn prepare_through(
    context: &mut Context<'_>,
    request: &RecordSaveRequest,
    vouched: Vouched<'_>,
    gate: &mut Gate,
) -> Result<Prepared, AppError> {
    let kind = record_type(&request.table)?;
    let needed = editable::needed(kind)?;
    let mut values = typed(kind, request)?;
    if kind.table == "person" {
        fill_from_citizen_id(kind, &mut values);
    }
    let id = request.id.as_ref().map(|id| parse_id(id)).transpose()?;
    let household = request.household.as_ref().map(|id| parse_id(id)).transpose()?;
    let relation = request.relation.as_deref().map(relation).transpose()?;
    let mut whole = match id {
        Some(id) => context.read()?.values(kind.id, id)?.ok_or_else(|| AppError::not_found(kind.label))?,
        None => Values::new(),
    };
    guard(context, kind, &whole)?;
    let reading = context.read()?;
    if let Some(id) = id.filter(|_| context.profile().is_ok_and(|profile| profile.kind == OfficeKind::Township)) {
        leave_undecided(reading, kind, id, &whole, &mut values)?;
    }
    let stored = whole.clone();
    whole.extend(values.iter().map(|(field, value)| (*field, value.clone())));
    let needed = if year_end(kind, &whole)? { &["person", "settled_on", "year"] } else { needed };
    require(kind, needed, &whole)?;
    refer(reading, kind, &values)?;
    plausible(kind, &whole, context.host.today())?;
    alone(reading, kind, id, &values, request.reason.as_deref())?;
    if kind.id == Settlement::TYPE.id {
        let bill = |values: &Values| Settlement::from_values(values).map_err(mingbai_store::StoreError::from);
        let stored = id.map(|_| bill(&stored)).transpose()?;
        gate.admit(reading, id, stored.as_ref(), &bill(&whole)?, vouched)?;
    }
    restrict(kind, &whole, &mut values);
    if kind.table == "village" {
        lie(kind, context.profile()?, &whole, &mut values)?;
    }
    belong(kind, context.profile()?, &whole, &mut values)?;
    Ok(Prepared { kind, id, household, relation, values })
}

pub(crate) fn write(txn: &mut Txn<'_>, prepared: Prepared) -> Result<(RecordId, usize), AppError> {
    let Prepared { kind, id, household, relation, values } = prepared;
    match id {
        Some(id) => change(txn, kind, id, values).map(|changed| (id, changed)),
        None => insert(txn, kind, household, relation, values),
    }
}

/// Keeps a township from adding to what waits for the county's decision. What is left as it is shown is no word on it.
fn leave_undecided(
    reading: Reading<'_>,
    kind: &RecordType,
    id: RecordId,
    shown: &Values,
    values: &mut Values,
) -> Result<(), AppError> {
    values.retain(|field, value| {
        let guarded = kind.field(*field).is_some_and(|field| field.merge != Merge::Contact);
        !guarded || shown.get(field).unwrap_or(&Value::Null) != value
    });
    for conflict in reading.conflicts_of(kind.id, id)? {
        match kind.field(conflict.field) {
            Some(field) if values.contains_key(&field.id) && field.merge != Merge::Contact => {
                let said = "有几种写法待决定，由县里决定；每种写法都留着，现在不用再改";
                return Err(AppError::invalid(field.column, format!("{}{said}", field.label)));
            }
            None if !values.is_empty() => {
                let said = "有几种写法待决定，由县里决定；没有保存，每种写法都留着";
                return Err(AppError::new(ErrorCode::Conflict, format!("这条{}{said}", kind.label)));
            }
            _ => {}
        }
    }
    Ok(())
}

/// What to tell the clerk when the county's value goes on being shown in the place of what was typed.
fn proposed(reading: Reading<'_>, kind: &RecordType, id: RecordId, said: &Values) -> Result<Option<String>, AppError> {
    if kind.shape != Shape::State {
        return Ok(None);
    }
    let shown = reading.values(kind.id, id)?.unwrap_or_default();
    let kept = said.iter().filter(|(field, value)| shown.get(field).unwrap_or(&Value::Null) != *value);
    let labels: Vec<&str> = kept.filter_map(|(field, _)| kind.field(*field)).map(|field| field.label).collect();
    let notice = format!("{}是县里定过的，先照县里的显示；您改的已记下，导出后由县里决定", labels.join("、"));
    Ok(Some(notice).filter(|_| !labels.is_empty()))
}

/// The fields as typed, every fault named at once. A masked number left as it was shown changes nothing.
fn typed(kind: &RecordType, request: &RecordSaveRequest) -> Result<Values, AppError> {
    let mut values = Values::new();
    let mut problems = Vec::new();
    for (column, typed) in &request.fields {
        let Some(field) = kind.column(column) else {
            return Err(AppError::invalid(column, format!("{}没有“{column}”这一栏", kind.label)));
        };
        if field.merge == Merge::CountyOnly {
            return Err(AppError::new(ErrorCode::NotPermitted, format!("“{}”只有县里能改，数据没有变", field.label)));
        }
        if field.privacy == Privacy::Masked && typed.contains('*') {
            continue;
        }
        match parse_value(field, typed) {
            Ok(value) => drop(values.insert(field.id, value)),
            Err(error) => problems.extend(error.fields),
        }
    }
    match problems.first() {
        None => Ok(values),
        Some(first) => {
            let message = format!("没有保存：{}", first.message);
            Err(AppError { fields: problems, ..AppError::new(ErrorCode::Validation, message) })
        }
    }
}

fn relation(typed: &str) -> Result<String, AppError> {
    let found = code::find("relation", typed).map(|c| c.code).or_else(|| code::resolve("relation", typed));
    found.map(str::to_owned).ok_or_else(|| AppError::invalid("relation", format!("与户主关系“{typed}”不在代码表中")))
}

fn change(txn: &mut Txn<'_>, kind: &'static RecordType, id: RecordId, values: Values) -> Result<usize, AppError> {
    if kind.shape == Shape::State {
        let mut changed = 0;
        for (field, value) in values {
            changed += usize::from(txn.set_field(kind.id, id, field, value)?);
        }
        return Ok(changed);
    }
    let mut whole = txn.read().values(kind.id, id)?.ok_or_else(|| AppError::not_found(kind.label))?;
    let changed = values.iter().filter(|(field, value)| whole.get(field).unwrap_or(&Value::Null) != *value).count();
    whole.extend(values);
    whole.retain(|_, value| *value != Value::Null);
    if changed > 0 {
        txn.amend_values(kind.id, id, Some(whole))?;
    }
    Ok(changed)
}

fn insert(
    txn: &mut Txn<'_>,
    kind: &'static RecordType,
    household: Option<RecordId>,
    relation: Option<String>,
    values: Values,
) -> Result<(RecordId, usize), AppError> {
    let changed = values.len();
    let present: Values = values.into_iter().filter(|(_, value)| *value != Value::Null).collect();
    let id = txn.insert_values(kind, None, present)?;
    if kind.table == "person" {
        let household = household.ok_or_else(|| AppError::invalid("household", "新增成员要选定一户"))?;
        if txn.read().values(catalogue::Household::TYPE.id, household)?.is_none() {
            return Err(AppError::invalid("household", "找不到这一户，请返回列表重新选择"));
        }
        let membership = Membership {
            household: Some(household),
            person: Some(id),
            relation: Some(relation.unwrap_or_else(|| "97".to_owned())),
            ..Membership::default()
        };
        txn.insert(None, &membership)?;
    }
    Ok((id, changed))
}
