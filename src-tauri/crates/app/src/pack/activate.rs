//! A pack is put in force, ended, or taken back. Its text stays in the log whatever happens to it.

use mingbai_coverage::Pack as Rules;
use mingbai_domain::catalogue::Pack;
use mingbai_store::Row;

use super::{draft, is_withdrawn, list, review, within_size};
use crate::dto::{Empty, IdRequest, PackActivateRequest, PackEndRequest, PackRow};
use crate::error::{AppError, ErrorCode};
use crate::office::Context;

pub(crate) fn activate(context: &mut Context<'_>, request: PackActivateRequest) -> Result<PackRow, AppError> {
    within_size(&request.toml)?;
    let rules = Rules::parse(&request.toml)?;
    let held = context.read()?.all::<Pack>()?;
    if held.iter().any(|row| row.record.body.as_ref() == Some(&request.toml) && !is_withdrawn(&row.record)) {
        return Err(
            AppError::new(ErrorCode::Validation, "这个政策包早就启用了，没有任何改动").field("toml", "和已启用的一样")
        );
    }
    review::insist(context, &request.toml)?;
    let record = Pack {
        name: Some(rules.name),
        version: Some(rules.version),
        effective_from: Some(rules.from),
        effective_until: rules.until,
        body: Some(request.toml),
    };
    let committed = context.commit("pack_activate", None, |txn| {
        draft::remove_of(txn, record.body.as_deref().unwrap_or_default())?;
        Ok(txn.insert(None, &record)?)
    })?;
    context.forget_pack();
    let id = committed.value.to_string();
    list::rows(context)?.into_iter().find(|row| row.id == id).ok_or_else(|| AppError::not_found("政策包"))
}

fn find(context: &Context<'_>, id: &str) -> Result<Row<Pack>, AppError> {
    let row = context.read()?.all::<Pack>()?.into_iter().find(|row| row.id.to_string() == id);
    row.ok_or_else(|| AppError::not_found("政策包"))
}

/// Says until which day a pack counts; bills of later days are settled by another.
pub(crate) fn end(context: &mut Context<'_>, request: PackEndRequest) -> Result<Empty, AppError> {
    let row = find(context, &request.id)?;
    if is_withdrawn(&row.record) {
        return Err(AppError::invalid("until", "这个政策包已经撤回，没有什么可停用的"));
    }
    if request.until.is_some_and(|until| row.record.effective_from.is_some_and(|from| until < from)) {
        return Err(AppError::invalid("until", "停用日期早于起用日期；整个不要的请用“撤回”"));
    }
    // Two people have read for which days it is meant: an end may be set and taken back within them, and no later one.
    let read = Rules::parse(row.record.body.as_deref().unwrap_or_default())?.until;
    if let Some(last) = read
        && request.until.is_none_or(|until| until > last)
    {
        let said = format!("两人复核过的正文只适用到 {last}，不能在这里延长；要延长请改写正文，重新送两人复核");
        return Err(AppError::invalid("until", said));
    }
    let record = Pack { effective_until: request.until, ..row.record };
    context.commit("pack_end", None, |txn| Ok(txn.update(row.id, &record)?))?;
    context.forget_pack();
    Ok(Empty {})
}

/// Takes a pack back that was put in force by mistake: it counts for no day any more.
pub(crate) fn withdraw(context: &mut Context<'_>, request: IdRequest) -> Result<Empty, AppError> {
    let row = find(context, &request.id)?;
    let until = row.record.effective_from.and_then(|from| from.pred_opt());
    let record = Pack { effective_until: until, ..row.record };
    context.commit("pack_withdraw", None, |txn| Ok(txn.update(row.id, &record)?))?;
    context.forget_pack();
    Ok(Empty {})
}
