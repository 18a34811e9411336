//! What happened to a record, and to everything that hangs on it.

use mingbai_domain::RecordId;
use mingbai_domain::catalogue::{self, Membership, Person, Record, RecordType};
use mingbai_store::{HistoryItem, Reading};

use super::{action_label, record_type, show_value};
use crate::dto::{HistoryRow, HistoryView, RecordRequest};
use crate::error::AppError;
use crate::household::parse_id;
use crate::office::{Context, local_time};
use crate::restricted;

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
        // Whoever moved out lived here: that they came and went is this household's history, what came after is not.
        let stays = reading.rows_where::<Membership>("household", &id)?.into_iter();
        for stay in stays.filter(|row| row.record.left_on.is_some()) {
            let person = stay.record.person.map(|id| reading.get::<Person>(id)).transpose()?.flatten();
            subjects.push((Membership::TYPE, stay.id, person.and_then(|row| row.record.name).unwrap_or_default()));
        }
        for (kind, id) in of_household(reading, id)? {
            if !subjects.iter().any(|(known, one, _)| (known.id, *one) == (kind.id, id)) {
                subjects.push((kind, id, String::new()));
            }
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
    let named: Vec<(u16, RecordId)> = subjects.iter().map(|(kind, id, _)| (kind.id, *id)).collect();
    for ((kind, id, whose), items) in subjects.into_iter().zip(reading.histories(&named)?) {
        let values = reading.values(kind.id, id)?.unwrap_or_default();
        let hidden = restricted::hides_any(kind, &values);
        for item in items {
            rows.extend(history_rows(context, reading, (kind, hidden), &whose, &item));
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

/// Every record that hangs on a household itself: statuses, causes, measures, visits at its door. Cards have a page of
/// their own.
fn of_household(reading: Reading<'_>, household: RecordId) -> Result<Vec<(&'static RecordType, RecordId)>, AppError> {
    let mut found = Vec::new();
    let hanging = |kind: &RecordType| !matches!(kind.table, "membership" | "card_issue");
    for kind in catalogue::ALL.iter().filter(|kind| hanging(kind) && kind.column("household").is_some()) {
        found.extend(reading.ids_where(kind, "household", &household)?.into_iter().map(|id| (*kind, id)));
    }
    Ok(found)
}

/// One action as rows, a row a field; an action without fields (a void, a merge) is one row.
fn history_rows(
    context: &Context<'_>,
    reading: Reading<'_>,
    (kind, hidden): (&RecordType, bool),
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
        let [old, new] = match field.column {
            _ if hidden && restricted::goes_with(field) => {
                [old, new].map(|text| if text.is_empty() { text } else { restricted::HIDDEN.to_owned() })
            }
            // What a visit was for, why somebody need not sign, where somebody was treated.
            "disease" | "icd10" | "kind" | "reason" | "hospital" | "crowd" | "item" => {
                [&old, &new].map(|text| restricted::shown(text).to_owned())
            }
            _ => [old, new],
        };
        Some((when.0, HistoryRow { field: change.label.to_owned(), old, new, ..event.clone() }))
    });
    changes.collect()
}
