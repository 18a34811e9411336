//! 待决定: two values side by side, who wrote them, and the choice between them.

use mingbai_domain::catalogue::{self, Person};
use mingbai_domain::{Value, region};
use mingbai_store::{Conflict, Reading};
use mingbai_sync as sync;

use super::coming::household_of;
use crate::dto::{ConflictList, ConflictResolveRequest, ConflictRow, ConflictValue, Empty, OfficeKind};
use crate::error::{AppError, ErrorCode};
use crate::office::{Context, local_time};
use crate::record::{parse_value, show_value};

pub(crate) fn conflicts(context: &mut Context<'_>, _: Empty) -> Result<ConflictList, AppError> {
    Ok(ConflictList { rows: conflict_rows(context)?.into_iter().map(|row| row.row).collect() })
}

/// One conflict as shown, with where it lies.
pub(crate) struct ConflictLine {
    pub(crate) row: ConflictRow,
    pub(super) area: String,
    conflict: Conflict,
}

/// Everything two sides have written differently.
pub(crate) fn conflict_rows(context: &Context<'_>) -> Result<Vec<ConflictLine>, AppError> {
    const MOST: u64 = 1_000;
    let reading = context.read()?;
    let mut lines = Vec::new();
    for conflict in reading.conflicts(MOST)? {
        let Some(kind) = catalogue::by_id(conflict.record_type) else { continue };
        let field = kind.field(conflict.field);
        let show = |value: &Value| field.map_or_else(|| kind.label.to_owned(), |f| show_value(reading, f, value));
        let who = household_of(reading, conflict.record_type, conflict.record)?;
        let person = (kind.table == "person").then(|| reading.get::<Person>(conflict.record)).transpose()?.flatten();
        let name = person.and_then(|row| row.record.name);
        let area = match sync::scope::of(reading, conflict.record_type, conflict.record)? {
            sync::scope::Scope::Areas(codes) => codes.into_iter().next().unwrap_or_default(),
            _ => String::new(),
        };
        let values: Vec<ConflictValue> = conflict
            .values
            .iter()
            .map(|value| ConflictValue {
                key: key(value),
                value: show(&value.value),
                by: value.author.name.clone().unwrap_or_else(|| value.author.device.clone()),
                at: local_time(context.host, value.author.when.millis()),
                county: value.author.county,
            })
            .collect();
        let shown = conflict.values.iter().find(|v| v.shown).map(|v| show(&v.value)).unwrap_or_default();
        lines.push(ConflictLine {
            row: ConflictRow {
                id: format!("{}/{}/{}", conflict.record_type, conflict.record, conflict.field),
                record: conflict.record.to_string(),
                table: kind.table.to_owned(),
                who: name.unwrap_or_else(|| who.as_ref().map(|(_, title)| title.clone()).unwrap_or_default()),
                village: village_name(reading, &area)?,
                field: field.map_or_else(|| "整条记录".to_owned(), |f| f.label.to_owned()),
                values,
                shown,
            },
            area,
            conflict,
        });
    }
    Ok(lines)
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
    let lines = conflict_rows(context)?;
    let line = lines.into_iter().find(|line| line.row.id == request.id).ok_or_else(|| AppError::not_found("待决定"))?;
    let missing = || AppError::not_found("待决定");
    let kind = catalogue::by_id(line.conflict.record_type).ok_or_else(missing)?;
    let field = kind
        .field(line.conflict.field)
        .ok_or_else(|| AppError::new(ErrorCode::NotPermitted, "这条事实有两种更正，请打开本人记录改成正确的一种"))?;
    let guarded = field.merge != catalogue::Merge::Contact;
    if guarded && context.profile()?.kind != OfficeKind::County {
        let message = format!("“{}”由县里决定。两个值都已保留，县里处理后会随数据包回来", field.label);
        return Err(AppError::new(ErrorCode::NotPermitted, message));
    }
    let chosen = request.key.as_ref().map(|wanted| line.conflict.values.iter().find(|value| key(value) == *wanted));
    let value = match (chosen, &request.value) {
        (Some(Some(chosen)), _) => chosen.value.clone(),
        (Some(None), _) => {
            let message = "这一处刚有新的改动，没有处理。请看一看最新的两个值再决定";
            return Err(AppError::new(ErrorCode::Conflict, message));
        }
        (None, Some(typed)) if field.privacy == catalogue::Privacy::Masked && typed.contains('*') => {
            return Err(AppError::invalid("value", "请填写完整号码，不要带星号"));
        }
        (None, Some(typed)) => parse_value(field, typed)?,
        (None, None) => return Err(AppError::invalid("value", "请选一个值，或另填一个")),
    };
    let (record_type, record, field) = (line.conflict.record_type, line.conflict.record, field.id);
    context.commit("conflict_resolve", None, |txn| Ok(txn.set_field(record_type, record, field, value)?))?;
    Ok(Empty {})
}
