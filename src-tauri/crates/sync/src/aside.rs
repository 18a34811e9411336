//! What was received and not taken in, entries and whole files, and what people decide about it. Nothing of it is lost:
//! it can be asked about again, the county may take an entry in after all, and somebody may leave it out with a reason.

use mingbai_ledger::Head;
use mingbai_store::{Author, Quarantined, Status, Store, StoreError};
use sha2::{Digest, Sha256};

use crate::error::SyncError;
use crate::export::APP;
use crate::keys::{CountyKeys, TRUST, known_trust};
use crate::reconsider::{authority, report};

/// What became of an entry that was asked about again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It stands in the tables now.
    Taken,
    /// It still does not, for this reason.
    Aside(String),
}

/// Asks again about an entry, with the authority of now: what it was refused for may have been missing here only.
///
/// # Errors
/// [`SyncError::NoSuchAside`] when it does not lie aside.
pub fn retry(store: &mut Store, author: &Author<'_>, entry: &Head) -> Result<Answer, SyncError> {
    let trust = known_trust(store)?;
    let county = CountyKeys::ops(store).is_ok();
    let name = name(store, entry)?;
    let committed = store.commit(author, "aside_retry", None, |txn| {
        let status = txn.retry_one(entry, &authority(&trust))?;
        if county {
            report(txn, &trust)?;
        }
        if status == Status::Applied {
            txn.note_taken(entry, "", "")?;
        }
        txn.note(&format!("再试未采用的{name}：{}", if status == Status::Applied { "已采用" } else { "仍未采用" }))
    });
    committed.map_err(none_such)?;
    answer(store, entry)
}

/// The county takes an entry in although its author may not write it: that is the county's own word from now on, and goes
/// to everybody whom it concerns.
///
/// # Errors
/// [`SyncError::NotCounty`], [`SyncError::NoReasonGiven`], [`SyncError::NoSuchAside`].
pub fn adopt(
    store: &mut Store,
    author: &Author<'_>,
    entry: &Head,
    (who, why): (&str, &str),
) -> Result<Answer, SyncError> {
    CountyKeys::ops(store)?;
    let why = given(why)?;
    find(store, entry)?;
    let trust = known_trust(store)?;
    let name = name(store, entry)?;
    store.commit(author, "aside_adopt", Some(why), |txn| {
        let taken = txn.adopt(std::slice::from_ref(entry))?.new > 0;
        if taken {
            txn.note_taken(entry, who, why)?;
            report(txn, &trust)?;
        }
        txn.note(&format!("{}{name}", if taken { "采用" } else { "要采用、仍不能采用" }))
    })?;
    answer(store, entry)
}

/// Leaves an entry out: it is no longer listed, and stays kept.
///
/// # Errors
/// [`SyncError::NoReasonGiven`], [`SyncError::NoSuchAside`].
pub fn leave_out(
    store: &mut Store,
    author: &Author<'_>,
    entry: &Head,
    (who, why): (&str, &str),
) -> Result<(), SyncError> {
    let why = given(why)?;
    let number = find(store, entry)?.entry;
    let name = name(store, entry)?;
    let done = store.commit(author, "aside_leave", Some(why), |txn| {
        txn.leave_out(number, who, why)?;
        txn.note(&format!("不采用{name}"))
    });
    done.map_err(none_such)?;
    Ok(())
}

/// Leaves a file out that was turned away: it is no longer listed, and its bytes stay where they are.
///
/// # Errors
/// [`SyncError::NoReasonGiven`], [`SyncError::NoSuchAside`].
pub fn leave_file_out(
    store: &mut Store,
    author: &Author<'_>,
    file: i64,
    (who, why): (&str, &str),
) -> Result<(), SyncError> {
    let why = given(why)?;
    let known = store.read().rejected()?.into_iter().find(|one| one.id == file).ok_or(SyncError::NoSuchAside)?;
    let done = store.commit(author, "aside_leave", Some(why), |txn| {
        txn.retire_quarantined(file, who, why)?;
        txn.note(&format!("不采用文件“{}”（{}）", known.file_name, known.code))
    });
    done.map_err(none_such)?;
    Ok(())
}

fn given(why: &str) -> Result<&str, SyncError> {
    Some(why.trim()).filter(|why| !why.is_empty()).ok_or(SyncError::NoReasonGiven)
}

fn none_such(error: StoreError) -> SyncError {
    match error {
        StoreError::NoSuchEntry => SyncError::NoSuchAside,
        other => other.into(),
    }
}

fn find(store: &Store, entry: &Head) -> Result<mingbai_store::Aside, SyncError> {
    let all = store.read().aside(0, u64::MAX >> 1)?;
    all.into_iter().find(|one| one.head == *entry).ok_or(SyncError::NoSuchAside)
}

/// What an entry is called where somebody's decision about it is kept.
fn name(store: &Store, entry: &Head) -> Result<String, SyncError> {
    let device = store.read().log(&entry.log)?.map(|log| log.device).unwrap_or_default();
    Ok(format!("{device}第{}条（{}）", entry.seq, entry.log))
}

fn answer(store: &Store, entry: &Head) -> Result<Answer, SyncError> {
    if store.read().is_applied(entry)? {
        return Ok(Answer::Taken);
    }
    Ok(Answer::Aside(find(store, entry)?.reason))
}

/// Reasons that may pass by themselves: with the county's next word on who may send what, or with the next version.
const PASSING: [&str; 9] = [
    "NEEDS_NEWER_APP",
    "UNKNOWN_SENDER",
    "UNKNOWN_DEVICE",
    "NOT_AUTHORISED",
    "REVOKED",
    "ROOT_SKIPPED",
    "TRUST_CONFLICT",
    "TRUST_INCOMPLETE",
    "TRUST_NOT_OPS",
];

/// Under which circumstances files that were turned away were last tried again.
const TRIED: &str = "rejected_tried";

/// What decides about files besides the files themselves: the version of the program and what is trusted.
fn circumstances(store: &Store) -> Result<Vec<u8>, SyncError> {
    let mut hash = Sha256::new_with_prefix(format!("{APP}|{}|", mingbai_domain::catalogue::SCHEMA));
    hash.update(store.state(TRUST)?.unwrap_or_default());
    Ok(hash.finalize().to_vec())
}

/// The files to try again because the circumstances have changed since they were last tried; nothing when they have not.
/// Call [`tried`] once they were.
///
/// # Errors
/// [`SyncError`] when the database cannot be read.
pub fn due(store: &Store) -> Result<Option<Due>, SyncError> {
    let now = circumstances(store)?;
    if store.state(TRIED)?.as_ref() == Some(&now) {
        return Ok(None);
    }
    let files = store.read().rejected()?;
    let files = files.into_iter().filter(|file| PASSING.contains(&file.code.as_str())).collect();
    Ok(Some(Due { files, now }))
}

/// Files to be tried again.
#[derive(Clone, Debug)]
pub struct Due {
    /// The files.
    pub files: Vec<Quarantined>,
    now: Vec<u8>,
}

/// Notes that the files were tried under these circumstances.
///
/// # Errors
/// [`SyncError`] when the database refuses.
pub fn tried(store: &mut Store, due: &Due) -> Result<(), SyncError> {
    Ok(store.set_state(TRIED, &due.now)?)
}
