//! What a reference field of a form may point to.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use mingbai_domain::catalogue::{self, Household, Membership, Person, Record, RecordType};
use mingbai_domain::value::{FieldValue, Kind};
use mingbai_domain::{RecordId, Value, Values, code};
use mingbai_store::Reading;

use super::record_type;
use super::value::{labelled, typed_of};
use crate::dto::{ChoicesRequest, RecordChoice, RecordChoices};
use crate::error::AppError;
use crate::household::parse_id_maybe;
use crate::office::Context;
use crate::restricted::hides_any;

/// What names a record in a list, the first two of these that it has.
const NAMING: [&str; 8] = ["name", "disease", "title", "number", "kind", "purpose", "problem", "occasion"];
/// What a choice tells the other fields of the form.
const TOLD: [&str; 2] = ["disease", "icd10"];
/// No list of choices is longer.
const LONGEST: usize = 2_000;

/// Records the field may point to: those of the person where the type hangs on people, else those of the household, else
/// all. What names a restricted disease is no choice for a clerk. The newest come first, named ones by name.
pub(crate) fn choices(context: &mut Context<'_>, request: ChoicesRequest) -> Result<RecordChoices, AppError> {
    let kind = record_type(&request.table)?;
    let field = kind.column(&request.field).ok_or_else(|| AppError::not_found("栏目"))?;
    let Kind::Ref(target) = field.kind else { return Err(AppError::not_found("可选的记录")) };
    let target = catalogue::by_id(target).ok_or_else(|| AppError::not_found("记录类别"))?;
    let person = parse_id_maybe(request.person.as_ref())?;
    let clerk = context.opened()?.operator.role.code == "clerk";
    let reading = context.read()?;
    let person = person.map(|id| reading.canonical(id)).transpose()?;
    let household = match (parse_id_maybe(request.household.as_ref())?, person) {
        (Some(household), _) => Some(household),
        (None, Some(person)) => home(reading, person)?,
        (None, None) => None,
    };
    if target.id == Person::TYPE.id {
        return Ok(RecordChoices { rows: members(reading, household)? });
    }
    let mut rows: Vec<(String, RecordChoice)> = Vec::new();
    for id in scope(reading, target, person, household)?.into_iter().take(LONGEST) {
        let Some(values) = reading.values(target.id, id)? else { continue };
        if clerk && hides_any(target, &values) {
            continue;
        }
        rows.push(named(target, id, &values));
    }
    rows.sort_by(|(one, a), (other, b)| other.cmp(one).then_with(|| a.label.cmp(&b.label)));
    Ok(RecordChoices { rows: rows.into_iter().map(|(_, row)| row).collect() })
}

fn home(reading: Reading<'_>, person: RecordId) -> Result<Option<RecordId>, AppError> {
    let stays = reading.rows_where::<Membership>("person", &person)?.into_iter();
    let open = stays.filter(|row| row.record.left_on.is_none());
    Ok(open.max_by_key(|row| (row.record.joined_on, row.id)).and_then(|row| row.record.household))
}

/// The records of a type that are this person's, this household's, or everybody's.
fn scope(
    reading: Reading<'_>,
    target: &RecordType,
    person: Option<RecordId>,
    household: Option<RecordId>,
) -> Result<Vec<RecordId>, AppError> {
    if target.id == Household::TYPE.id {
        return Ok(household.into_iter().collect());
    }
    let hangs_on = |column: &str| target.column(column).is_some();
    let of = match (person, household) {
        (Some(person), _) if hangs_on("person") && !hangs_on("household") => Some(("person", person)),
        (_, Some(household)) if hangs_on("household") => Some(("household", household)),
        _ if hangs_on("person") || hangs_on("household") => return Ok(Vec::new()),
        _ => None,
    };
    Ok(reading.live_ids(target, of.as_ref().map(|(column, id)| (*column, id)))?)
}

/// Who lives in the household, the head first.
fn members(reading: Reading<'_>, household: Option<RecordId>) -> Result<Vec<RecordChoice>, AppError> {
    let Some(household) = household else { return Ok(Vec::new()) };
    let mut rows = Vec::new();
    for member in crate::member::Member::of_household(reading, household)? {
        let relation = member.membership.record.relation.clone().unwrap_or_default();
        rows.push(RecordChoice {
            id: member.person.id.to_string(),
            label: format!("{} {}", member.name(), code::label("relation", &relation)),
            fills: BTreeMap::new(),
        });
    }
    Ok(rows)
}

/// A record by its date, and as a line that tells it from the others.
fn named(kind: &RecordType, id: RecordId, values: &Values) -> (String, RecordChoice) {
    let text = |column: &str| {
        let field = kind.column(column)?;
        let said = labelled(field, &typed_of(field, values.get(&field.id)?));
        Some(said).filter(|said| !said.is_empty())
    };
    let dated = kind.fields.iter().filter(|field| field.kind == Kind::Date);
    let day = dated.filter_map(|field| NaiveDate::from_value(values.get(&field.id)?).ok()).next();
    let day = day.map(|day| day.to_string()).unwrap_or_default();
    let names: Vec<String> = NAMING.iter().filter_map(|column| text(column)).take(2).collect();
    let mut label = names.join(" ");
    if label.is_empty() {
        kind.label.clone_into(&mut label);
    }
    // What has a name is found by it; what has none, by its day.
    let by_name = kind.column("name").is_some();
    let shown = if day.is_empty() || by_name { label } else { format!("{label} {day}") };
    let told = TOLD.iter().filter_map(|column| {
        let field = kind.column(column)?;
        let value = values.get(&field.id).filter(|value| **value != Value::Null)?;
        Some(((*column).to_owned(), typed_of(field, value)))
    });
    let choice = RecordChoice { id: id.to_string(), label: shown, fills: told.collect() };
    (if by_name { String::new() } else { day }, choice)
}
