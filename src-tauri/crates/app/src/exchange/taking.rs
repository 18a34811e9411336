//! Bundles in: a look before accepting, and taking them in.

use std::collections::BTreeMap;
use std::path::Path;

use mingbai_bundle::Rejection;
use mingbai_domain::RecordId;
use mingbai_store::Quarantined;
use mingbai_sync as sync;
use sync::SyncError;

use super::coming::{Coming, household_of};
use super::drives::{first_bytes, read_chosen};
use super::kept::{self, Folder};
use super::names::safe_name;
use super::{listed, mail, types};
use crate::dto::{BundleHousehold, BundlePreview, BundleReport, FileRequest};
use crate::error::{AppError, ErrorCode};
use crate::office::{Context, author, local_time};
use crate::session::actor;

/// A file somebody chose: its bytes, taken out of the mail it may be in, and a harmless name.
fn chosen(context: &Context<'_>, path: &Path) -> Result<(String, Vec<u8>), AppError> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let is_mail = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("eml"));
    if !is_mail {
        refuse_giants(path)?;
    }
    let bytes = read_chosen(path, &context.host.drives())?;
    let (name, bytes) = mail::attached(is_mail, &bytes)?.unwrap_or((name, bytes));
    Ok((safe_name(&name), bytes))
}

/// Turns away by its first bytes what is too large to be read, or large and no bundle at all. It stays where it is: a copy of
/// it would only fill the disk.
fn refuse_giants(path: &Path) -> Result<(), AppError> {
    /// What is no bundle is kept all the same up to this size, for somebody to look at.
    const LARGE: u64 = 64 << 20;
    let Ok((first, length)) = first_bytes(path) else { return Ok(()) };
    match mingbai_bundle::claims(&first, length) {
        Err(reason @ Rejection::TooLarge(_)) => Err(SyncError::Rejected(reason).into()),
        Err(reason @ (Rejection::NotABundle | Rejection::Mangled)) if length > LARGE => {
            Err(SyncError::Rejected(reason).into())
        }
        _ => Ok(()),
    }
}

/// Which part of a bundle a file is, in words; nothing for one that is the whole.
fn part_said((part, parts): (u16, u16), missing: &[u16]) -> Option<String> {
    if parts <= 1 {
        return None;
    }
    let rest = match missing {
        [] => "各份都齐了".to_owned(),
        missing => format!("还缺第 {} 份，齐了会一起导入", listed(missing)),
    };
    Some(format!("第 {part} 份，共 {parts} 份；{rest}"))
}

pub(crate) fn preview(context: &mut Context<'_>, request: FileRequest) -> Result<BundlePreview, AppError> {
    let (_, bytes) = chosen(context, Path::new(&request.path))?;
    let store = &context.opened()?.store;
    let found = sync::preview(store, &bytes)?;
    let reading = store.read();
    let coming = Coming::of(&found.said);
    let mut households: BTreeMap<RecordId, (String, i64)> = BTreeMap::new();
    for ((kind, id), changes) in &found.records {
        let known = household_of(reading, *kind, *id)?;
        if let Some((household, title)) = known.or_else(|| coming.household_of(*kind, *id)) {
            let entry = households.entry(household).or_insert((title, 0));
            entry.1 += *changes as i64;
        }
    }
    let mut confirms = 0;
    for log in sync::held::own_logs(reading)? {
        let said = found.confirms.iter().filter(|head| head.log == log.id).map(|head| head.seq).max();
        confirms += said.unwrap_or_default().saturating_sub(sync::held::confirmed_to(reading, &log.id)?);
    }
    Ok(BundlePreview {
        path: request.path,
        sender: found.sender.unit,
        recipient: context.profile()?.unit_name.clone(),
        number: found.number as i64,
        bytes: bytes.len() as i64,
        written_at: local_time(context.host, found.written),
        entries: found.entries as i64,
        new: found.new as i64,
        duplicate: found.duplicate as i64,
        held: found.held as i64,
        by_type: types(found.by_type),
        households: households
            .into_iter()
            .map(|(household, (title, changes))| BundleHousehold {
                household: Some(household.to_string()),
                title,
                changes,
            })
            .collect(),
        confirms: confirms as i64,
        already: found.already.map(|millis| local_time(context.host, millis)),
        problem: None,
        part: part_said(found.part, &found.missing),
    })
}

pub(crate) fn import(context: &mut Context<'_>, request: FileRequest) -> Result<BundleReport, AppError> {
    // Read once, from the stick into memory; from here on only this copy counts.
    let (name, bytes) = chosen(context, Path::new(&request.path))?;
    let report = take_in(context, &name, &bytes)?;
    try_again(context);
    Ok(report)
}

/// Takes a file in whose bytes are in memory.
fn take_in(context: &mut Context<'_>, name: &str, bytes: &[u8]) -> Result<BundleReport, AppError> {
    let conflicts_before = context.read()?.conflict_count()?;
    // The copy is on disk before anything is taken in: a full disk then stops the import, not the archive.
    let copy = kept::keep(context, name, bytes)?;
    let host = context.host;
    let random = |buffer: &mut [u8]| host.fill(buffer);
    let open = context.opened_mut()?;
    let author = author(host, Some(actor(open)), &random);
    let taken = sync::accept(&mut open.store, &author, bytes, name);
    // Whatever the file did, the pack in memory may be an older one now.
    context.forget_pack();
    let accepted = match taken {
        Ok(accepted) => accepted,
        Err(SyncError::Rejected(rejection)) => {
            // A refused file is kept whole: it may be evidence, and a newer version may read it.
            copy.belongs(context, Folder::Rejected);
            return Err(SyncError::Rejected(rejection).into());
        }
        Err(other) => {
            copy.forget();
            return Err(other.into());
        }
    };
    if accepted.already {
        // The first copy of it is kept already.
        copy.forget();
    } else {
        copy.belongs(context, Folder::Taken);
    }
    let counts = &accepted.ingested;
    // What was taken in stays taken in, whatever becomes of counting.
    let conflicts = context.read()?.conflict_count().unwrap_or(conflicts_before).saturating_sub(conflicts_before);
    let waits = !accepted.missing.is_empty();
    let part = part_said(accepted.part, &accepted.missing).filter(|_| waits);
    Ok(BundleReport {
        sender: accepted.sender.unit,
        number: accepted.number as i64,
        entries: accepted.entries as i64,
        new: counts.new as i64,
        duplicate: counts.duplicate as i64,
        held: counts.held as i64,
        deferred: counts.deferred as i64,
        unapplied: counts.unapplied as i64,
        confirmed: accepted.confirmed as i64,
        conflicts: conflicts as i64,
        already: accepted.already,
        part,
        conservation: format!(
            "文件 {} 条 = 新 {} + 重复 {} + 暂存 {} + 待升级 {} + 未采用 {}{}",
            accepted.entries,
            counts.new,
            counts.duplicate,
            counts.held,
            counts.deferred,
            counts.unapplied,
            if counts.forks.is_empty() { "" } else { "；同一编号有两种内容，两份都已保留" }
        ),
    })
}

/// Tries files again that were turned away, if what they were turned away for may have passed: another version of the
/// program runs now, or the county's word on who may send what has changed. Quiet: what is turned away again stays where it
/// is, and what fails for another reason is tried at the next occasion.
pub(crate) fn try_again(context: &mut Context<'_>) {
    // A file that is taken in may be the one that makes the next one welcome.
    while let Ok(Some(due)) = context.opened().map_or(Ok(None), |open| sync::aside::due(&open.store)) {
        for file in &due.files {
            match again(context, file) {
                Ok(_) => {}
                Err(error) if matches!(error.code, ErrorCode::BundleRejected | ErrorCode::NotFound) => {}
                Err(_) => return,
            }
        }
        let Ok(open) = context.opened_mut() else { return };
        if sync::aside::tried(&mut open.store, &due).is_err() {
            return;
        }
    }
}

/// Takes in again what is kept of a file that was turned away.
pub(super) fn again(context: &mut Context<'_>, file: &Quarantined) -> Result<BundleReport, AppError> {
    let bytes = kept::find(context, &file.file_hash)?.ok_or_else(|| {
        let message = format!("没有找到留存的文件“{}”，没有改动。请让发送方重新导出", file.file_name);
        AppError::new(ErrorCode::NotFound, message)
    })?;
    take_in(context, &file.file_name, &bytes)
}
