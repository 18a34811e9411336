//! What lists may be narrowed by beside village and status, and in which order households stand.

use std::collections::{BTreeMap, BTreeSet};

use mingbai_domain::disease_list::{self, Illness};
use mingbai_domain::restricted::{gives_away, is_restricted};
use mingbai_domain::{RecordId, code};
use mingbai_store::query::{AWAY, HouseholdColumn, HouseholdFilter, HouseholdLine, Narrow, Narrowed};
use mingbai_store::{Reading, sound};

use crate::dto::{Empty, GridSort, NarrowChoice, NarrowChoices, NarrowRequest};
use crate::error::AppError;
use crate::office::Context;
use crate::todo;

/// Everything a list may be narrowed by. What would tell who has a restricted disease is nobody's to ask for.
pub(crate) fn choices(_: &mut Context<'_>, _: Empty) -> Result<NarrowChoices, AppError> {
    let choice = |code: &str, label: &str| NarrowChoice { code: code.to_owned(), label: label.to_owned() };
    let of = |table: &str| -> Vec<NarrowChoice> {
        let open = code::table(table).iter().filter(|one| !gives_away(one.label));
        open.map(|one| choice(one.code, one.label)).collect()
    };
    let away = [choice(AWAY, "在外（不在家）")].into_iter().chain(of("away"));
    Ok(NarrowChoices {
        causes: of("poverty_cause"),
        diseases: disease_list::LISTS.iter().map(|list| choice(list.key, list.title)).collect(),
        identities: of("aid_identity"),
        crowds: of("crowd"),
        away: away.collect(),
        items: todo::items::all().filter(|item| item.on_desk).map(|item| choice(item.key, item.label)).collect(),
    })
}

/// Who fits what is asked for.
pub(crate) fn narrowed(context: &Context<'_>, request: Option<&NarrowRequest>) -> Result<Narrowed, AppError> {
    let Some(asked) = request else { return Ok(Narrowed::default()) };
    let reading = context.read()?;
    let open = |table: &str, code: &Option<String>| code.clone().filter(|code| !gives_away(code::label(table, code)));
    let narrow = Narrow {
        cause: asked.cause.clone(),
        diseases: asked.diseases.as_deref().map(|list| on_list(reading, list)).transpose()?,
        identity: open("aid_identity", &asked.identity),
        crowd: open("crowd", &asked.crowd),
        away: asked.away.clone(),
        item: asked.item.clone(),
        today: context.host.today(),
    };
    Ok(reading.narrowed(&narrow)?)
}

/// The diseases on the register that stand on a list, as they were written; restricted ones are not told.
fn on_list(reading: Reading<'_>, list: &str) -> Result<Vec<(String, String)>, AppError> {
    let mut said = reading.diseases_said()?;
    said.retain(|(icd10, name)| {
        !is_restricted(icd10, name)
            && disease_list::find(list, &Illness { icd10, name, ..Illness::default() }).is_some()
    });
    Ok(said)
}

/// One page of the households a filter leaves, in the order asked for.
pub(crate) fn page(
    reading: Reading<'_>,
    filter: &HouseholdFilter,
    sort: Option<&GridSort>,
    todo: &BTreeMap<RecordId, i64>,
) -> Result<Vec<HouseholdLine>, AppError> {
    let Some(sort) = sort else { return Ok(reading.households(filter)?) };
    let column = match sort.column.as_str() {
        "head" => HouseholdColumn::Head,
        "village" | "group" => HouseholdColumn::Group,
        "people" => HouseholdColumn::People,
        "status" => HouseholdColumn::Status,
        "causes" => HouseholdColumn::Causes,
        "diseases" => HouseholdColumn::Diseases,
        "phone" => HouseholdColumn::Phone,
        _ => HouseholdColumn::Number,
    };
    let mut all: Vec<(String, RecordId)> =
        reading.household_column(filter, column)?.into_iter().map(|(id, said)| (order(&said), id)).collect();
    if sort.column == "todo" {
        for (key, id) in &mut all {
            *key = format!("{:08}", todo.get(id).copied().unwrap_or_default());
        }
    }
    // Rows that say nothing stand last either way; equals keep village and number order.
    all.sort_by(|(one, _), (other, _)| {
        let by_value = if sort.down { other.cmp(one) } else { one.cmp(other) };
        one.is_empty().cmp(&other.is_empty()).then(by_value)
    });
    let at = |number: i64| usize::try_from(number).unwrap_or_default();
    let ids: Vec<RecordId> = all.into_iter().map(|(_, id)| id).skip(at(filter.offset)).take(at(filter.limit)).collect();
    let among: BTreeSet<RecordId> = ids.iter().copied().collect();
    let of_page = HouseholdFilter { among: Some(among), offset: 0, limit: filter.limit, ..HouseholdFilter::default() };
    let mut lines: BTreeMap<RecordId, HouseholdLine> =
        reading.households(&of_page)?.into_iter().map(|line| (line.id, line)).collect();
    Ok(ids.iter().filter_map(|id| lines.remove(id)).collect())
}

/// A text as it is sorted: Chinese as it sounds, numbers by their value.
fn order(text: &str) -> String {
    let mut key = String::new();
    let mut digits = String::new();
    let flush = |key: &mut String, digits: &mut String| {
        if !digits.is_empty() {
            key.push_str(&format!("{digits:0>20}"));
            digits.clear();
        }
    };
    for one in text.trim().chars() {
        if one.is_ascii_digit() {
            digits.push(one);
        } else {
            flush(&mut key, &mut digits);
            let sounds = sound(&one.to_string());
            if sounds.is_empty() {
                key.push(one);
            } else {
                key.push_str(&sounds);
            }
            key.push(' ');
        }
    }
    flush(&mut key, &mut digits);
    key
}

#[cfg(test)]
mod tests {
    use super::order;

    #[test]
    fn names_stand_as_they_sound_and_the_tenth_group_after_the_ninth() {
        let mut names = ["张三", "李四", "安一", "王五"];
        names.sort_by_key(|name| order(name));
        assert_eq!(names, ["安一", "李四", "王五", "张三"]);
        let mut groups = ["10组", "9组", "1组"];
        groups.sort_by_key(|group| order(group));
        assert_eq!(groups, ["1组", "9组", "10组"]);
        assert_eq!(order(" "), "");
    }
}
