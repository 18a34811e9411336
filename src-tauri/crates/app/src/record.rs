//! Editing any record of the catalogue, and its history: one form, one command, driven by the declarations.

use std::str::FromStr;

use chrono::NaiveDate;
use mingbai_domain::catalogue::{self, Field, Membership, Record, RecordType, Shape};
use mingbai_domain::value::Kind;
use mingbai_domain::{CitizenId, Fen, RecordId, Value, Values, citizen_id, code, name, phone};
use mingbai_store::{HistoryItem, Reading, Txn};

use crate::dto::{
    CodeTableRequest, CodeTableView, Coded, HistoryRow, HistoryView, RecordRequest, RecordSaveRequest, RecordSaved,
    RecordValues,
};
use crate::error::{AppError, ErrorCode};
use crate::household::parse_id;
use crate::office::{Context, local_time};
use crate::restricted;

fn record_type(table: &str) -> Result<&'static RecordType, AppError> {
    catalogue::by_table(table).ok_or_else(|| AppError::not_found("记录类别"))
}

/// Reads one field as a clerk types it.
pub(crate) fn parse_value(field: &Field, typed: &str) -> Result<Value, AppError> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(Value::Null);
    }
    let wrong = |message: String| AppError::invalid(field.column, format!("{}{message}", field.label));
    match (field.kind, field.column) {
        (Kind::Text, "citizen_id") => {
            let id = CitizenId::parse(typed).map_err(|e| AppError::invalid(field.column, e.to_string()))?;
            Ok(Value::Text(id.as_str().to_owned()))
        }
        (Kind::Text, "name" | "head_name") => Ok(Value::Text(name::normalise(typed))),
        (Kind::Text, column) if column.ends_with("phone") => {
            let number = phone::normalise(typed).ok_or_else(|| wrong("不是有效的电话号码".to_owned()))?;
            Ok(Value::Text(number))
        }
        (Kind::Text, _) => Ok(Value::Text(typed.to_owned())),
        (Kind::Code(table), _) => {
            let found = code::find(table, typed).map(|c| c.code).or_else(|| code::resolve(table, typed));
            found.map(|c| Value::Text(c.to_owned())).ok_or_else(|| wrong(format!("“{typed}”不在代码表中")))
        }
        (Kind::Int, _) => typed.parse().map(Value::Int).map_err(|_| wrong("应为整数".to_owned())),
        (Kind::Money, _) => Fen::parse(typed).map(|fen| Value::Int(fen.0)).map_err(|e| wrong(format!("：{e}"))),
        (Kind::Date, _) => {
            let day = ["%Y-%m-%d", "%Y%m%d", "%Y/%m/%d", "%Y.%m.%d"]
                .iter()
                .find_map(|format| NaiveDate::parse_from_str(typed, format).ok());
            let day = day.ok_or_else(|| wrong("不是有效日期，应如 20260115".to_owned()))?;
            Ok(Value::Text(day.format("%Y-%m-%d").to_string()))
        }
        (Kind::Bool, _) => match typed {
            "true" | "1" | "是" | "有" => Ok(Value::Bool(true)),
            "false" | "0" | "否" | "无" => Ok(Value::Bool(false)),
            _ => Err(wrong("应为是或否".to_owned())),
        },
        (Kind::Ref(_), _) => RecordId::from_str(typed)
            .map(|id| Value::Bytes(id.as_bytes().to_vec()))
            .map_err(|_| wrong("没有选对".to_owned())),
    }
}

/// A stored value as an editing form shows it.
fn typed_of(field: &Field, value: &Value) -> String {
    match (field.kind, value) {
        (_, Value::Null) => String::new(),
        (Kind::Money, Value::Int(fen)) => Fen(*fen).to_string().replace(',', ""),
        (Kind::Ref(_), Value::Bytes(bytes)) => {
            bytes.as_slice().try_into().map(|b| RecordId::from_bytes(b).to_string()).unwrap_or_default()
        }
        (_, Value::Text(text)) => text.clone(),
        (_, Value::Int(number)) => number.to_string(),
        (_, Value::Bool(yes)) => yes.to_string(),
        (_, Value::Bytes(_)) => String::new(),
    }
}

/// A stored value as history shows it: codes as labels, ids and telephone numbers masked.
pub(crate) fn show_value(reading: Reading<'_>, field: &Field, value: &Value) -> String {
    let text = typed_of(field, value);
    match field.kind {
        Kind::Code(table) => code::label(table, &text).to_owned(),
        Kind::Money => Fen::parse(&text).map(|fen| fen.to_string()).unwrap_or_default(),
        Kind::Bool => if text == "true" { "是" } else { "否" }.to_owned(),
        Kind::Ref(target) => referred(reading, target, &text),
        _ if field.privacy == catalogue::Privacy::Masked => {
            if field.column.ends_with("phone") {
                phone::mask(&text)
            } else {
                citizen_id::mask(&text)
            }
        }
        _ => text,
    }
}

/// The name of the record a reference points to.
fn referred(reading: Reading<'_>, target: u16, id: &str) -> String {
    let values = RecordId::from_str(id).ok().and_then(|id| reading.values(target, id).ok().flatten());
    let naming = catalogue::by_id(target).and_then(|t| t.column("name").or_else(|| t.column("number")));
    match (values, naming) {
        (Some(values), Some(field)) => values.get(&field.id).map(|v| typed_of(field, v)).unwrap_or_default(),
        _ => String::new(),
    }
}

pub(crate) fn get(context: &mut Context<'_>, request: RecordRequest) -> Result<RecordValues, AppError> {
    let kind = record_type(&request.table)?;
    let id = parse_id(&request.id)?;
    let values = context.read()?.values(kind.id, id)?.ok_or_else(|| AppError::not_found(kind.label))?;
    let fields = kind.fields.iter().filter_map(|f| Some((f.column.to_owned(), typed_of(f, values.get(&f.id)?))));
    Ok(RecordValues { table: request.table, id: request.id, fields: fields.collect() })
}

pub(crate) fn save(context: &mut Context<'_>, request: RecordSaveRequest) -> Result<RecordSaved, AppError> {
    let kind = record_type(&request.table)?;
    let mut values = Values::new();
    let mut problems = Vec::new();
    for (column, typed) in &request.fields {
        let Some(field) = kind.column(column) else {
            return Err(AppError::invalid(column, format!("{}没有“{column}”这一栏", kind.label)));
        };
        match parse_value(field, typed) {
            Ok(value) => {
                values.insert(field.id, value);
            }
            Err(error) => problems.extend(error.fields),
        }
    }
    if let Some(first) = problems.first() {
        let message = format!("没有保存：{}", first.message);
        return Err(AppError { fields: problems, ..AppError::new(ErrorCode::Validation, message) });
    }
    if kind.table == "person" {
        fill_from_citizen_id(kind, &mut values);
    }
    let id = parse_id_of(request.id.as_ref())?;
    if id.is_none() {
        require(kind, &values)?;
    }
    let household = parse_id_of(request.household.as_ref())?;
    let committed = context.commit("record_save", request.reason.as_deref(), |txn| {
        let Some(id) = id else { return insert(txn, kind, household, values) };
        let mut changed = 0;
        if kind.shape == Shape::Fact {
            let mut whole = txn.read().values(kind.id, id)?.ok_or_else(|| AppError::not_found(kind.label))?;
            changed = values.iter().filter(|(field, value)| whole.get(field).unwrap_or(&Value::Null) != *value).count();
            whole.extend(values);
            whole.retain(|_, value| *value != Value::Null);
            if changed > 0 {
                txn.amend_values(kind.id, id, Some(whole))?;
            }
        } else {
            for (field, value) in values {
                changed += usize::from(txn.set_field(kind.id, id, field, value)?);
            }
        }
        Ok((id, changed))
    })?;
    let (id, changed) = committed.value;
    if kind.table == "pack" {
        context.forget_pack();
    }
    Ok(RecordSaved { id: id.to_string(), changed: i64::try_from(changed).unwrap_or(i64::MAX) })
}

fn insert(
    txn: &mut Txn<'_>,
    kind: &'static RecordType,
    household: Option<RecordId>,
    values: Values,
) -> Result<(RecordId, usize), AppError> {
    let changed = values.len();
    let present: Values = values.into_iter().filter(|(_, value)| *value != Value::Null).collect();
    let id = txn.insert_values(kind, None, present)?;
    if kind.table == "person" {
        let household = household.ok_or_else(|| AppError::invalid("household", "新增成员要选定一户"))?;
        let membership = Membership {
            household: Some(household),
            person: Some(id),
            relation: Some("97".to_owned()),
            ..Membership::default()
        };
        txn.insert(None, &membership)?;
    }
    Ok((id, changed))
}

/// Sex and birth date follow from the citizen id unless they were typed.
fn fill_from_citizen_id(kind: &RecordType, values: &mut Values) {
    let column = |name: &str| kind.column(name).map(|field| field.id);
    let Some(Value::Text(text)) = column("citizen_id").and_then(|id| values.get(&id)) else { return };
    let Ok(id) = CitizenId::parse(text) else { return };
    let sex = Value::Text(id.sex().code().to_owned());
    let birth = Value::Text(id.birth().format("%Y-%m-%d").to_string());
    for (name, value) in [("sex", sex), ("birth", birth)] {
        if let Some(field) = column(name)
            && matches!(values.get(&field), None | Some(Value::Null))
        {
            values.insert(field, value);
        }
    }
}

/// The fields without which a new record means nothing.
fn require(kind: &RecordType, values: &Values) -> Result<(), AppError> {
    let needed: &[&str] = match kind.table {
        "household" => &["number"],
        "person" | "village" | "team" => &["name"],
        "diagnosis" => &["person", "disease"],
        "contract" => &["person", "since"],
        "exclusion" => &["person", "reason"],
        "visit" => &["person", "kind", "visited_on"],
        "enrolment" => &["person", "year"],
        "aid_identity" => &["person", "identity"],
        "settlement" => &["person", "settled_on", "total"],
        "membership" => &["household", "person"],
        "poverty_cause" => &["household", "cause"],
        "household_status" => &["household", "status"],
        // Packs, devices, operators and cards have commands of their own.
        _ => return Err(AppError::new(ErrorCode::NotPermitted, format!("{}不能在这里新增，数据没有变", kind.label))),
    };
    for column in needed {
        let field = kind.column(column);
        if field.is_none_or(|f| matches!(values.get(&f.id), None | Some(Value::Null))) {
            let label = field.map_or(*column, |f| f.label);
            return Err(AppError::invalid(column, format!("请填写{label}")));
        }
    }
    Ok(())
}

fn parse_id_of(text: Option<&String>) -> Result<Option<RecordId>, AppError> {
    text.map(|id| parse_id(id)).transpose()
}

pub(crate) fn history(context: &mut Context<'_>, request: RecordRequest) -> Result<HistoryView, AppError> {
    let kind = record_type(&request.table)?;
    let id = parse_id(&request.id)?;
    let reading = context.read()?;
    let mut subjects = vec![(kind, id, String::new())];
    if kind.table == "household" {
        for member in crate::member::Member::of_household(reading, id)? {
            let name = member.name();
            subjects.push((Membership::TYPE, member.membership.id, name.clone()));
            subjects.extend(belongings(reading, member.person.id, &name)?);
        }
    } else if kind.table == "person" {
        subjects.extend(belongings(reading, id, "")?.into_iter().skip(1));
    }
    let mut rows: Vec<(u64, HistoryRow)> = Vec::new();
    let people: Vec<(RecordId, String)> = subjects
        .iter()
        .filter(|(kind, ..)| kind.table == "person")
        .map(|(_, id, whose)| (*id, whose.clone()))
        .collect();
    for (kind, id, whose) in subjects {
        for item in reading.history(kind.id, id)? {
            rows.extend(history_rows(context, reading, kind, &whose, &item));
        }
    }
    rows.extend(looks(context, reading, &people)?);
    rows.sort_by_key(|(hlc, _)| std::cmp::Reverse(*hlc));
    Ok(HistoryView { rows: rows.into_iter().map(|(_, row)| row).collect() })
}

/// What the log says when somebody looks at a person's whole numbers.
pub(crate) fn look_note(person: RecordId) -> String {
    format!("查看证件和电话 {person}")
}

/// Who looked at these people's whole numbers, and why.
fn looks(
    context: &Context<'_>,
    reading: Reading<'_>,
    people: &[(RecordId, String)],
) -> Result<Vec<(u64, HistoryRow)>, AppError> {
    const MOST: u64 = 10_000;
    let mut rows = Vec::new();
    for action in reading.own_actions("person_unmask", MOST)? {
        let said = action.reason.unwrap_or_default();
        let Some((whose, reason)) = people.iter().find_map(|(person, whose)| {
            let reason = said.strip_suffix(look_note(*person).as_str())?;
            Some((whose, reason.trim_end_matches('；').to_owned()))
        }) else {
            continue;
        };
        let row = HistoryRow {
            at: local_time(context.host, action.millis),
            who: action.who,
            action: action_label(&action.action).to_owned(),
            reason,
            record: whose.clone(),
            field: "证件号码、联系电话".to_owned(),
            ..HistoryRow::default()
        };
        rows.push((action.millis << 16, row));
    }
    Ok(rows)
}

/// A person and every record that hangs on them.
fn belongings(
    reading: Reading<'_>,
    person: RecordId,
    name: &str,
) -> Result<Vec<(&'static RecordType, RecordId, String)>, AppError> {
    let mut found = Vec::new();
    if let Some(kind) = catalogue::by_table("person") {
        found.push((kind, person, name.to_owned()));
    }
    for kind in catalogue::ALL.iter().filter(|t| t.table != "membership" && t.column("person").is_some()) {
        for id in reading.ids_where(kind, "person", &person)? {
            found.push((kind, id, name.to_owned()));
        }
    }
    Ok(found)
}

/// One action as rows, a row a field; an action without fields (a void, a merge) is one row.
fn history_rows(
    context: &Context<'_>,
    reading: Reading<'_>,
    kind: &RecordType,
    whose: &str,
    item: &HistoryItem,
) -> Vec<(u64, HistoryRow)> {
    let when = item.author.when;
    let event = HistoryRow {
        at: local_time(context.host, when.millis()),
        who: item.author.name.clone().unwrap_or_else(|| "程序".to_owned()),
        device: item.author.device.clone(),
        action: action_label(&item.action).to_owned(),
        reason: item.reason.clone().unwrap_or_default(),
        record: if whose.is_empty() { kind.label.to_owned() } else { format!("{whose} {}", kind.label) },
        confirmed: item.confirmed,
        ..HistoryRow::default()
    };
    if item.void {
        return vec![(when.0, HistoryRow { field: "作废".to_owned(), ..event })];
    }
    let changes = item.changes.iter().filter_map(|change| {
        let field = kind.field(change.field)?;
        let old = change.old.as_ref().map(|value| show_value(reading, field, value)).unwrap_or_default();
        let new = show_value(reading, field, &change.new);
        // A disease, its code, what a visit was for.
        let [old, new] = match field.column {
            "disease" | "icd10" | "kind" => [&old, &new].map(|text| restricted::shown(text).to_owned()),
            _ => [old, new],
        };
        Some((when.0, HistoryRow { field: change.label.to_owned(), old, new, ..event.clone() }))
    });
    changes.collect()
}

/// What a clerk calls a command that wrote.
pub(crate) fn action_label(action: &str) -> &str {
    const LABELS: [(&str, &str); 16] = [
        ("setup_office", "首次设置"),
        ("record_save", "修改"),
        ("import_roster", "导入名单"),
        ("import_screening", "导入筛查表"),
        ("import_contracts", "导入签约"),
        ("import_visits", "导入随访"),
        ("import_enrolments", "导入参保"),
        ("import_bills", "导入结算单"),
        ("action_undo", "撤销导入"),
        ("card_print", "制发明白卡"),
        ("card_sign", "签收明白卡"),
        ("person_unmask", "查看号码"),
        ("pack_activate", "启用政策包"),
        ("exchange_import", "导入数据包"),
        ("conflict_resolve", "处理两边不一致"),
        ("operator_add", "新增操作员"),
    ];
    LABELS.iter().find(|(name, _)| *name == action).map_or(action, |(_, label)| label)
}

pub(crate) fn code_table(_: &mut Context<'_>, request: CodeTableRequest) -> Result<CodeTableView, AppError> {
    let rows = code::table(&request.table).iter();
    let rows: Vec<_> = rows.map(|c| Coded { code: c.code.to_owned(), label: c.label.to_owned() }).collect();
    if rows.is_empty() { Err(AppError::not_found("代码表")) } else { Ok(CodeTableView { rows }) }
}

/// What a record type's stored values look like as form fields; used by imports to show differences.
pub(crate) fn difference(kind: &RecordType, old: &Values, new: &Values) -> Vec<String> {
    let mut changes = Vec::new();
    for (id, value) in new {
        let Some(field) = kind.field(*id) else { continue };
        let before = old.get(id).unwrap_or(&Value::Null);
        if before != value {
            let label = |value: &Value| match field.kind {
                Kind::Code(table) => code::label(table, &typed_of(field, value)).to_owned(),
                Kind::Ref(_) => String::new(),
                _ if field.privacy == catalogue::Privacy::Masked => citizen_id::mask(&typed_of(field, value)),
                _ => typed_of(field, value),
            };
            let old = label(before);
            let old = if old.is_empty() { "空".to_owned() } else { old };
            changes.push(format!("{} {old} → {}", field.label, label(value)));
        }
    }
    changes
}
