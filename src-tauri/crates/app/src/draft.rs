//! What somebody types is not lost when the power fails: drafts of forms, and what the last record of a form said of who,
//! when, how and where. Both are state of this PC inside the encrypted database, each operator's own; neither is in the
//! log.

use std::collections::BTreeMap;

use mingbai_domain::RecordId;
use mingbai_store::Txn;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::dto::{DraftList, DraftRequest, DraftView, Empty, FormKey, FormStart};
use crate::error::{AppError, ErrorCode};
use crate::office::{Context, local_time, millis};

/// No form is longer, in bytes as kept.
const LONGEST: usize = 64 * 1024;

/// Columns that a clerk repeats from one record to the next: who, when, how and where, never what was found.
const REPEATED: [&str; 29] = [
    "batch_doctor",
    "batch_on",
    "clinic",
    "diagnosed_on",
    "doctor",
    "done_on",
    "examined_on",
    "granted_on",
    "hospital",
    "hospital_area",
    "hospital_level",
    "institution",
    "issued_by",
    "issued_on",
    "mode",
    "occasion",
    "package",
    "place",
    "platform",
    "platform_on",
    "provider",
    "screened_on",
    "settled_on",
    "signed_on",
    "source",
    "team",
    "visited_on",
    "visitor",
    "visitor_kind",
];

type Values = BTreeMap<String, String>;

fn draft_key(operator: RecordId, key: &FormKey) -> String {
    format!("draft/{operator}/{}/{}", key.form, key.subject)
}

fn last_key(operator: RecordId, form: &str) -> String {
    format!("last/{operator}/{form}")
}

fn encoded(value: &impl Serialize) -> Result<Vec<u8>, AppError> {
    serde_json::to_vec(value)
        .map_err(|error| AppError::new(ErrorCode::Internal, "草稿没有留下").detail(error.to_string()))
}

/// What an older program kept and this one cannot read is as good as none.
fn decoded<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    serde_json::from_slice(bytes).ok()
}

/// Keeps what a form holds now in the place of what it held before.
pub(crate) fn keep(context: &mut Context<'_>, request: DraftRequest) -> Result<Empty, AppError> {
    let key = FormKey { form: request.form, subject: request.subject };
    let at = local_time(context.host, millis(context.host));
    let place = draft_key(context.opened()?.operator_id, &key);
    let draft = DraftView {
        form: key.form,
        subject: key.subject,
        title: request.title,
        record: request.record,
        person: request.person,
        person_name: request.person_name,
        household: request.household,
        values: request.values,
        at,
    };
    let bytes = encoded(&draft)?;
    if bytes.len() > LONGEST {
        return Err(AppError::new(ErrorCode::InvalidRequest, "这张表填得太长，草稿没有留下；请先保存"));
    }
    context.opened_mut()?.store.set_state(&place, &bytes)?;
    Ok(Empty {})
}

/// This operator's drafts, the newest first.
pub(crate) fn list(context: &mut Context<'_>, _: Empty) -> Result<DraftList, AppError> {
    let prefix = format!("draft/{}/", context.opened()?.operator_id);
    let kept = context.read()?.states(&prefix)?;
    let mut rows: Vec<DraftView> = kept.iter().filter_map(|(_, bytes)| decoded(bytes)).collect();
    rows.sort_by(|one, other| other.at.cmp(&one.at));
    Ok(DraftList { rows })
}

/// Gives up what was typed.
pub(crate) fn drop(context: &mut Context<'_>, key: FormKey) -> Result<Empty, AppError> {
    let place = draft_key(context.opened()?.operator_id, &key);
    context.opened_mut()?.store.forget_state(&place)?;
    Ok(Empty {})
}

/// What a form may begin with: what was not saved last time, and what the record before it said.
pub(crate) fn start(context: &mut Context<'_>, key: FormKey) -> Result<FormStart, AppError> {
    let operator = context.opened()?.operator_id;
    let reading = context.read()?;
    let draft = reading.state(&draft_key(operator, &key))?.and_then(|bytes| decoded(&bytes));
    let last = reading.state(&last_key(operator, &key.form))?.and_then(|bytes| decoded(&bytes)).unwrap_or_default();
    Ok(FormStart { draft, last })
}

/// With the record the draft of its form is gone, and a new record is the one that the next repeats. What came from no form
/// leaves both alone.
pub(crate) fn saved(
    txn: &mut Txn<'_>,
    operator: RecordId,
    form: Option<&FormKey>,
    new: Option<&Values>,
) -> Result<(), AppError> {
    let Some(key) = form else { return Ok(()) };
    txn.forget_state(&draft_key(operator, key))?;
    if let Some(values) = new {
        let repeated = |(column, typed): &(&String, &String)| REPEATED.contains(&column.as_str()) && !typed.is_empty();
        let last: BTreeMap<_, _> = values.iter().filter(repeated).collect();
        txn.set_state(&last_key(operator, &key.form), &encoded(&last)?)?;
    }
    Ok(())
}
