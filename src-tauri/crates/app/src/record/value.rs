//! One field's value as typed, as shown in a form, as shown in history.

use std::str::FromStr;

use chrono::NaiveDate;
use mingbai_domain::catalogue::{self, Field};
use mingbai_domain::value::{CodeSet, FieldValue, Kind};
use mingbai_domain::{CitizenId, Fen, RecordId, Value, citizen_id, code, name, phone};
use mingbai_store::Reading;

use crate::error::AppError;

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
            let found = code_of(table, typed).map(|c| Value::Text(c.to_owned()));
            found.ok_or_else(|| wrong(format!("“{typed}”不在代码表中")))
        }
        (Kind::Codes(table), _) => {
            let parts = typed.split([',', '，', '、', ';', '；']).map(str::trim).filter(|part| !part.is_empty());
            let found = parts.map(|part| code_of(table, part).ok_or_else(|| wrong(format!("“{part}”不在代码表中"))));
            Ok(found.collect::<Result<CodeSet, _>>()?.to_value())
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

fn code_of(table: &str, typed: &str) -> Option<&'static str> {
    code::find(table, typed).map(|c| c.code).or_else(|| code::resolve(table, typed))
}

/// Codes as labels; a value of another kind as it is.
pub(crate) fn labelled(field: &Field, text: &str) -> String {
    match field.kind {
        Kind::Code(table) => code::label(table, text).to_owned(),
        Kind::Codes(table) => text.split(',').map(|one| code::label(table, one)).collect::<Vec<_>>().join("、"),
        _ => text.to_owned(),
    }
}

/// A stored value as an editing form shows it.
pub(crate) fn typed_of(field: &Field, value: &Value) -> String {
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
        Kind::Code(_) | Kind::Codes(_) => labelled(field, &text),
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
