//! What a record must say, and what may not be, before it is written.

use chrono::NaiveDate;
use mingbai_domain::catalogue::{self, Field, Person, Record, RecordType, Settlement};
use mingbai_domain::value::{FieldValue, Kind};
use mingbai_domain::{CitizenId, RecordId, Value, Values, region};
use mingbai_store::Reading;

use crate::dto::OfficeKind;
use crate::error::AppError;
use crate::office::Profile;
use crate::restricted::tells;

/// A village lies in the area of the office that registers it: its code begins with the office's, and the county is told
/// the township even when nobody knows the code.
pub(super) fn lie(kind: &RecordType, profile: &Profile, whole: &Values, values: &mut Values) -> Result<(), AppError> {
    let text = |column: &str| match kind.column(column).and_then(|field| whole.get(&field.id)) {
        Some(Value::Text(text)) => Some(text.clone()),
        _ => None,
    };
    if let Some(code) = text("code")
        && !(code.len() == 12 && region::is_code(&code) && region::contains(&profile.area, &code))
    {
        return Err(AppError::invalid("code", format!("区划代码应是 {} 开头的12位数字", profile.area)));
    }
    if profile.kind == OfficeKind::County && text("code").is_none() {
        return Err(AppError::invalid("code", "县里登记村要填12位区划代码，才知道是哪个乡镇的"));
    }
    if let Some(field) = kind.column("township").filter(|_| text("township").is_none())
        && profile.kind == OfficeKind::Township
    {
        values.insert(field.id, Value::Text(profile.area.clone()));
    }
    Ok(())
}

/// What lies under a division code lies under that of the office that writes it unless another one of its area is named.
pub(super) fn belong(
    kind: &RecordType,
    profile: &Profile,
    whole: &Values,
    values: &mut Values,
) -> Result<(), AppError> {
    let Some(field) = kind.column("area") else { return Ok(()) };
    match whole.get(&field.id) {
        None | Some(Value::Null) => drop(values.insert(field.id, Value::Text(profile.area.clone()))),
        Some(Value::Text(code)) if region::is_code(code) && region::contains(&profile.area, code) => {}
        Some(_) => {
            return Err(AppError::invalid("area", format!("区划代码应以 {} 开头", profile.area)));
        }
    }
    Ok(())
}

/// Sex and birth date follow from the citizen id unless they were typed.
pub(super) fn fill_from_citizen_id(kind: &RecordType, values: &mut Values) {
    let column = |name: &str| kind.column(name).map(|field| field.id);
    let Some(Value::Text(text)) = column("citizen_id").and_then(|id| values.get(&id)) else { return };
    let Ok(id) = CitizenId::parse(text) else { return };
    let sex = Value::Text(id.sex().code().to_owned());
    for (name, value) in [("sex", sex), ("birth", id.birth().to_value())] {
        if let Some(field) = column(name)
            && matches!(values.get(&field), None | Some(Value::Null))
        {
            values.insert(field, value);
        }
    }
}

/// Refuses a record that would be left without what makes it one, also after a change.
pub(super) fn require(kind: &RecordType, needed: &[&str], whole: &Values) -> Result<(), AppError> {
    for column in needed {
        let field = kind.column(column);
        if field.is_none_or(|f| matches!(whole.get(&f.id), None | Some(Value::Null))) {
            let label = field.map_or(*column, |f| f.label);
            return Err(AppError::invalid(column, format!("请填写{label}")));
        }
    }
    Ok(())
}

/// Whether this is what was paid at a year's end; refuses one that has costs, no year or no money: it would be a bill.
pub(super) fn year_end(kind: &RecordType, whole: &Values) -> Result<bool, AppError> {
    if kind.id != Settlement::TYPE.id {
        return Ok(false);
    }
    let Ok(record) = Settlement::from_values(whole) else { return Ok(false) };
    if !record.is_year_end() {
        return Ok(false);
    }
    match crate::bill::year_end_fault(&record) {
        Some((column, said)) => Err(AppError::invalid(column, format!("没有保存：{said}"))),
        None => Ok(true),
    }
}

/// Refuses a reference to a record that is not there or is of another kind.
pub(super) fn refer(reading: Reading<'_>, kind: &RecordType, values: &Values) -> Result<(), AppError> {
    for (id, value) in values {
        let Some(field) = kind.field(*id) else { continue };
        if let (Kind::Ref(target), Ok(to)) = (field.kind, RecordId::from_value(value))
            && reading.values(target, to)?.is_none()
        {
            return Err(AppError::invalid(field.column, format!("{}没有选对，请重新选择", field.label)));
        }
    }
    Ok(())
}

/// Dates on which something has happened.
const PAST: [&str; 14] = [
    "birth",
    "died_on",
    "visited_on",
    "diagnosed_on",
    "settled_on",
    "signed_on",
    "examined_on",
    "done_on",
    "granted_on",
    "raised_on",
    "found_on",
    "confirmed_on",
    "delivered_on",
    "screened_on",
];

/// Dates of which the first is never after the second.
const ORDERED: [(&str, &str); 13] = [
    ("birth", "died_on"),
    ("since", "until"),
    ("admitted_on", "discharged_on"),
    ("discharged_on", "settled_on"),
    ("joined_on", "left_on"),
    ("visited_on", "next_on"),
    ("visited_on", "returned_on"),
    ("submitted_on", "issued_on"),
    ("issued_on", "valid_until"),
    ("raised_on", "closed_on"),
    ("starts_on", "due_on"),
    ("held_on", "ended_on"),
    ("done_on", "next_on"),
];

/// Refuses dates and years that cannot be.
pub(super) fn plausible(kind: &RecordType, whole: &Values, today: NaiveDate) -> Result<(), AppError> {
    let value = |column: &str| kind.column(column).and_then(|f| Some((f, whole.get(&f.id)?)));
    let date = |column: &str| value(column).and_then(|(f, v)| Some((f, NaiveDate::from_value(v).ok()?)));
    let refuse = |field: &Field, why: &str| Err(AppError::invalid(field.column, format!("{}{why}", field.label)));
    for column in PAST {
        if let Some((field, day)) = date(column)
            && day > today
        {
            return refuse(field, "在今天以后");
        }
    }
    for (earlier, later) in ORDERED {
        if let (Some((_, first)), Some((field, second))) = (date(earlier), date(later))
            && second < first
        {
            return refuse(field, "早于前一个日期");
        }
    }
    if let Some((field, Value::Int(year))) = value("year")
        && !(2000..=2100).contains(year)
    {
        return refuse(field, "不像一个年度");
    }
    Ok(())
}

/// Refuses a household number or citizen id that stands on another record already, unless a reason is given: the same
/// person twice is found and merged by the county, not made by a slip of the finger.
pub(super) fn alone(
    reading: Reading<'_>,
    kind: &RecordType,
    id: Option<RecordId>,
    values: &Values,
    reason: Option<&str>,
) -> Result<(), AppError> {
    let (column, what) = match kind.table {
        "household" => ("number", "户编号"),
        "person" => ("citizen_id", "证件号码"),
        _ => return Ok(()),
    };
    let Some(Value::Text(text)) = kind.column(column).and_then(|f| values.get(&f.id)) else { return Ok(()) };
    let elsewhere = if kind.table == "household" {
        let rows = reading.rows_where::<catalogue::Household>(column, text)?;
        rows.into_iter().find(|row| Some(row.id) != id).map(|_| "另一户".to_owned())
    } else {
        let rows = reading.rows_where::<Person>(column, text)?;
        rows.into_iter().find(|row| Some(row.id) != id).map(|row| row.record.name.unwrap_or_default())
    };
    match elsewhere {
        Some(whose) if reason.is_none_or(|reason| reason.trim().is_empty()) => {
            let message = format!("{what}已经登记在“{whose}”名下；确实要这样登记，请写明原因后再保存");
            Err(AppError::invalid(column, message))
        }
        _ => Ok(()),
    }
}

/// A restricted disease typed in by hand is restricted from the first moment.
pub(super) fn restrict(kind: &RecordType, whole: &Values, values: &mut Values) {
    if let Some(field) = kind.column("restricted")
        && tells(kind, whole)
    {
        values.insert(field.id, Value::Bool(true));
    }
}
