//! Editing any record of the catalogue, and its history: one form, one command, driven by the declarations.

mod checks;
mod choices;
mod editable;
mod history;
mod save;
mod value;

pub(crate) use choices::choices;
pub(crate) use history::{history, look_note};
pub(crate) use save::{prepare, prepare_through, save, save_all, save_many, write};
pub(crate) use value::{parse_value, show_value, typed_of};

use mingbai_domain::catalogue::{self, Privacy, RecordType, Team};
use mingbai_domain::value::Kind;
use mingbai_domain::{Value, Values, citizen_id, code, phone};

use crate::dto::{CodeTableRequest, CodeTableView, Coded, Empty, RecordRequest, RecordValues, TeamList, TeamRow};
use crate::error::{AppError, ErrorCode};
use crate::household::parse_id;
use crate::office::Context;
use crate::restricted::hides_any;

fn record_type(table: &str) -> Result<&'static RecordType, AppError> {
    catalogue::by_table(table).ok_or_else(|| AppError::not_found("记录类别"))
}

/// The stored values for an editing form. Masked fields come masked: typing a new value replaces them, leaving them as
/// they are changes nothing.
pub(crate) fn get(context: &mut Context<'_>, request: RecordRequest) -> Result<RecordValues, AppError> {
    let kind = record_type(&request.table)?;
    let id = parse_id(&request.id)?;
    let values = context.read()?.values(kind.id, id)?.ok_or_else(|| AppError::not_found(kind.label))?;
    guard(context, kind, &values)?;
    let fields = kind.fields.iter().filter_map(|field| {
        let text = typed_of(field, values.get(&field.id)?);
        let text = match field.privacy {
            Privacy::Masked if field.column.ends_with("phone") => phone::mask(&text),
            Privacy::Masked => citizen_id::mask(&text),
            _ => text,
        };
        Some((field.column.to_owned(), text))
    });
    Ok(RecordValues { table: request.table, id: request.id, fields: fields.collect() })
}

/// Keeps clerks from what pages do not show them.
pub(crate) fn guard(context: &mut Context<'_>, kind: &RecordType, values: &Values) -> Result<(), AppError> {
    if hides_any(kind, values) && context.opened()?.operator.role.code == "clerk" {
        let said = format!("这条{}限制查看，数据没有变。请由负责人打开", kind.label);
        return Err(AppError::new(ErrorCode::NotPermitted, said));
    }
    Ok(())
}

/// How an action begins that wrote many records of one table.
pub(crate) const BATCH: &str = "batch_";

/// What a clerk calls a command that wrote.
pub(crate) fn action_label(action: &str) -> &str {
    const LABELS: &[(&str, &str)] = &[
        ("setup_office", "首次设置"),
        ("record_save", "修改"),
        ("village_adopt", "从区划表登记村"),
        ("import_roster", "导入名单"),
        ("import_screening", "导入筛查表"),
        ("import_contracts", "导入签约"),
        ("import_visits", "导入随访"),
        ("import_enrolments", "导入参保"),
        ("import_bills", "导入结算单"),
        ("bill_save", "录入结算单"),
        ("batch_claim", "给医保发函"),
        ("batch_claim_note", "登记应报未报追办"),
        ("import_exams", "导入体检"),
        ("import_disabled", "导入残疾人名单"),
        ("import_aid", "导入救助对象名单"),
        ("import_certificates", "导入特慢病证名单"),
        ("import_crowds", "导入重点人群名单"),
        ("import_health_check", "导入健康核查表"),
        ("batch_absent", "处理名单里没有的人"),
        ("batch_move", "转入另一户"),
        ("list_xlsx", "导出名单"),
        ("action_undo", "撤销导入"),
        ("card_print", "制发明白卡"),
        ("card_sign", "签收明白卡"),
        ("person_unmask", "查看号码"),
        ("pack_activate", "启用政策包"),
        ("pack_withdraw", "撤回政策包"),
        ("pack_end", "停用政策包"),
        ("pack_draft_save", "起草政策包"),
        ("pack_draft_drop", "删去政策包草稿"),
        ("pack_review", "复核政策包"),
        ("exchange_import", "导入数据包"),
        ("conflict_resolve", "处理两边不一致"),
        ("person_merge", "合并为同一个人"),
        ("person_unmerge", "拆开合并"),
        ("doubt_settle", "核对删除"),
        ("operator_add", "新增操作员"),
        ("visit_list_print", "印随访名单"),
        ("tally_write", "存统计表"),
        ("away_print", "印外出人员联系表"),
        ("agreement_print", "印签约协议书"),
        ("county_list_put", "启用名单规则"),
        ("county_list_withdraw", "撤回名单规则"),
        ("quality_xlsx", "提供核查表"),
        ("batch_village_join", "并村"),
        ("batch_village_split", "分村"),
        ("batch_home_visit", "成批登记走访"),
        ("batch_material", "发放资料"),
        ("batch_lead", "登记线索"),
        ("submission_file", "报送报表"),
        ("submission_seal", "送出盖章件"),
        ("lead_report", "上报线索"),
        ("compare_run", "数据比对"),
        ("compare_decide", "处理比对差异"),
        ("compare_xlsx", "提供比对名单"),
    ];
    match LABELS.iter().find(|(name, _)| *name == action) {
        Some((_, label)) => label,
        None if action.starts_with(BATCH) => "成批录入",
        None => action,
    }
}

/// Teams that are not closed, by name.
pub(crate) fn teams(context: &mut Context<'_>, _: Empty) -> Result<TeamList, AppError> {
    let mut rows: Vec<TeamRow> = context
        .read()?
        .all::<Team>()?
        .into_iter()
        .map(|row| TeamRow {
            id: row.id.to_string(),
            name: row.record.name.unwrap_or_default(),
            village_doctor: row.record.village_doctor.unwrap_or_default(),
            township_doctor: row.record.township_doctor.unwrap_or_default(),
            township_phone: row.record.township_phone.unwrap_or_default(),
        })
        .collect();
    rows.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(TeamList { rows })
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
                Kind::Code(_) | Kind::Codes(_) => value::labelled(field, &typed_of(field, value)),
                Kind::Ref(_) => String::new(),
                _ if field.column.ends_with("phone") => phone::mask(&typed_of(field, value)),
                _ if field.privacy == Privacy::Masked => citizen_id::mask(&typed_of(field, value)),
                _ => typed_of(field, value),
            };
            let old = label(before);
            let old = if old.is_empty() { "空".to_owned() } else { old };
            changes.push(format!("{} {old} → {}", field.label, label(value)));
        }
    }
    changes
}
