//! A pack being written: a record of its own, so that no program ever computes by it.

use mingbai_coverage::Pack as Rules;
use mingbai_domain::RecordId;
use mingbai_domain::catalogue::{Pack, PackDraft};
use mingbai_store::{Row, Txn};
use toml::{Table, Value};

use super::review::{self, standing};
use super::{example, shipped, title, within_size};
use crate::dto::{Empty, IdRequest, PackDraftRow, PackDraftSaveRequest, PackDraftView};
use crate::error::{AppError, ErrorCode};
use crate::household::parse_id;
use crate::office::Context;

fn find(context: &Context<'_>, id: RecordId) -> Result<Row<PackDraft>, AppError> {
    let found = context.read()?.get::<PackDraft>(id)?.filter(|row| row.record.deleted != Some(true));
    found.ok_or_else(|| AppError::not_found("政策包草稿"))
}

/// Every draft, the one changed last first.
pub(super) fn rows(context: &mut Context<'_>) -> Result<Vec<PackDraftRow>, AppError> {
    let held = shipped::held(context)?;
    let mut all = context.read()?.all::<PackDraft>()?;
    all.retain(|row| row.record.deleted != Some(true));
    all.sort_by_key(|row| (std::cmp::Reverse(row.changed), row.id));
    let rows = all.into_iter().map(|row| {
        let text = row.record.body.unwrap_or_default();
        Ok(PackDraftRow {
            id: row.id.to_string(),
            name: row.record.name.unwrap_or_default(),
            version: row.record.version.unwrap_or_default(),
            note: row.record.note.unwrap_or_default(),
            fault: Rules::parse(&text).err().map(|error| error.to_string()).unwrap_or_default(),
            standing: standing(context, &text)?,
            kept: held.contains(&text),
        })
    });
    rows.collect()
}

/// Drafts that were sent to be read and wait for a word of whoever is logged in.
pub(crate) fn unread(context: &mut Context<'_>) -> Result<Vec<PackDraftRow>, AppError> {
    let mut rows = rows(context)?;
    let mine = |draft: &PackDraftRow| draft.standing.opinions.iter().any(|opinion| opinion.mine);
    rows.retain(|draft| draft.standing.sent_on.is_some() && !draft.standing.ready && !draft.kept && !mine(draft));
    Ok(rows)
}

pub(crate) fn draft(context: &mut Context<'_>, request: IdRequest) -> Result<PackDraftView, AppError> {
    let row = find(context, parse_id(&request.id)?)?;
    let text = row.record.body.unwrap_or_default();
    let base = row.record.base.map(|base| context.read()?.get::<Pack>(base).map_err(AppError::from)).transpose()?;
    let base = base.flatten().and_then(|base| base.record.body);
    let against = match base {
        Some(base) => Some(base),
        None => context.pack()?.map(|pack| text_of(context, &pack.id)).transpose()?,
    };
    let against_name = against.as_deref().and_then(|text| Rules::parse(text).ok()).map(|rules| title(&rules));
    Ok(PackDraftView {
        id: row.id.to_string(),
        name: row.record.name.unwrap_or_default(),
        version: row.record.version.unwrap_or_default(),
        examples: row.record.examples.unwrap_or_default(),
        note: row.record.note.unwrap_or_default(),
        base: row.record.base.map(|base| base.to_string()),
        standing: standing(context, &text)?,
        kept: shipped::held(context)?.contains(&text),
        toml: text,
        against,
        against_name: against_name.unwrap_or_default(),
    })
}

fn text_of(context: &Context<'_>, pack: &str) -> Result<String, AppError> {
    let row = context.read()?.get::<Pack>(parse_id(pack)?)?;
    Ok(row.and_then(|row| row.record.body).unwrap_or_default())
}

/// What a text calls itself, as far as it can be read.
fn named(text: &str, key: &str) -> Option<String> {
    let table = toml::from_str::<Table>(text).ok()?;
    table.get(key).and_then(Value::as_str).map(str::to_owned)
}

/// Keeps a text as it is: a draft may be as faulty as its writer has come.
pub(crate) fn save_draft(context: &mut Context<'_>, request: PackDraftSaveRequest) -> Result<PackDraftView, AppError> {
    within_size(&request.toml)?;
    within_size(&request.examples)?;
    let id = request.id.as_deref().map(parse_id).transpose()?;
    let old = id.map(|id| find(context, id)).transpose()?.map(|row| row.record).unwrap_or_default();
    let or = |new: Option<String>, old: Option<String>, none: &str| new.or(old).or_else(|| Some(none.to_owned()));
    let record = PackDraft {
        name: or(named(&request.toml, "name"), old.name, "没有名称"),
        version: or(named(&request.toml, "version"), old.version, ""),
        body: Some(request.toml),
        examples: Some(request.examples),
        base: request.base.as_deref().map(parse_id).transpose()?,
        note: Some(request.note.trim().to_owned()),
        deleted: None,
    };
    let operator = context.opened()?.operator_id;
    let form = request.form;
    let committed = context.commit("pack_draft_save", None, |txn| {
        let id = match id {
            Some(id) => txn.update(id, &record).map(|_| id)?,
            None => txn.insert(None, &record)?,
        };
        crate::draft::saved(txn, operator, form.as_ref(), None)?;
        Ok(id)
    })?;
    draft(context, IdRequest { id: committed.value.to_string() })
}

/// Says that a draft is written and asks for two readers. What is read must be whole, and its examples must come out.
pub(crate) fn send_draft(context: &mut Context<'_>, request: IdRequest) -> Result<PackDraftView, AppError> {
    let row = find(context, parse_id(&request.id)?)?;
    let text = row.record.body.unwrap_or_default();
    let rules = Rules::parse(&text)?;
    let results = example::run_all(&rules, row.record.examples.as_deref().unwrap_or_default())?;
    let failing: Vec<String> = results.into_iter().filter(|one| !one.holds).map(|one| one.title).collect();
    if !failing.is_empty() {
        let said = format!("没有送复核：算例“{}”算出来和应得的不一样，请先核对", failing.join("”“"));
        return Err(AppError::new(ErrorCode::Validation, said));
    }
    review::note(context, &text, review::SENT, "")?;
    draft(context, request)
}

pub(crate) fn drop_draft(context: &mut Context<'_>, request: IdRequest) -> Result<Empty, AppError> {
    let row = find(context, parse_id(&request.id)?)?;
    context.commit("pack_draft_drop", None, |txn| remove(txn, row))?;
    Ok(Empty {})
}

fn remove(txn: &mut Txn<'_>, row: Row<PackDraft>) -> Result<(), AppError> {
    txn.update(row.id, &PackDraft { deleted: Some(true), ..row.record })?;
    Ok(())
}

/// Drafts of exactly this text: once it is in force there is nothing more to write.
pub(super) fn remove_of(txn: &mut Txn<'_>, text: &str) -> Result<(), AppError> {
    let all = txn.read().all::<PackDraft>()?;
    for row in all.into_iter().filter(|row| row.record.body.as_deref() == Some(text) && row.record.deleted.is_none()) {
        remove(txn, row)?;
    }
    Ok(())
}
