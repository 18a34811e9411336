//! 系统: the foot of the window, verification, backups.

use mingbai_domain::catalogue;
use mingbai_store::verify_backup;

use crate::dto::{BackupRequest, BackupView, Empty, FootView, RebuildView, TableCheck, VerifyView};
use crate::error::AppError;
use crate::exchange;
use crate::office::{Context, local_time, read_file, write_file};

/// Where the last verified backup is noted.
const BACKUP: &str = "last_backup_millis";
/// How backup files begin.
const BACKUP_NAME: &str = "明白账备份_";

pub(crate) fn foot(context: &mut Context<'_>, _: Empty) -> Result<FootView, AppError> {
    let confirmed = exchange::confirmed(context)?;
    let open = context.opened()?;
    let last = open.store.read().last_entry_millis()?;
    let backup = last_backup(open)?;
    Ok(FootView {
        saved_at: last.map(|millis| local_time(context.host, millis)),
        confirmed_until: confirmed.until.and_then(|millis| {
            chrono::NaiveDate::parse_from_str(local_time(context.host, millis).get(..10)?, "%Y-%m-%d").ok()
        }),
        unconfirmed: confirmed.pending as i64,
        backup_at: backup.as_ref().map(|last| local_time(context.host, last.millis)),
        backup_verified: backup.is_some(),
        backup_problem: context.office.backup_problem.clone(),
    })
}

pub(crate) fn verify(context: &mut Context<'_>, _: Empty) -> Result<VerifyView, AppError> {
    let logs = context.read()?.logs()?.len() as i64;
    let found = context.opened_mut()?.store.verify()?;
    let tables: Vec<TableCheck> = found
        .tables
        .iter()
        .map(|table| TableCheck {
            table: table.table.to_owned(),
            label: label(table.table).to_owned(),
            rows: table.rows as i64,
            differences: table.differences as i64 + i64::from(!table.digest_agrees),
        })
        .collect();
    let mut problems: Vec<String> =
        found.chains.iter().map(|fault| format!("第{}条：{}", fault.seq, fault.what)).collect();
    let sound = found.integrity.is_empty();
    problems.extend(found.integrity.iter().cloned());
    Ok(VerifyView {
        entries: found.entries as i64,
        logs,
        differences: tables.iter().map(|t| t.differences).sum(),
        tables,
        integrity: if sound { "完好" } else { "有损坏" }.to_owned(),
        ok: found.is_sound(),
        problems,
    })
}

/// Folds every table again from the log, in one transaction, and verifies what came of it. The log is not touched.
pub(crate) fn rebuild(context: &mut Context<'_>, _: Empty) -> Result<RebuildView, AppError> {
    let folded = context.opened_mut()?.store.rebuild()?;
    context.forget_pack();
    Ok(RebuildView { folded: folded as i64, verified: verify(context, Empty {})? })
}

/// What a clerk calls a table.
fn label(table: &str) -> &str {
    match table {
        "search_key" => "检索",
        "live_alias" | "alias" => "合并",
        "unmerge" => "取消合并",
        "ack" => "确认",
        "refusal" => "未采用",
        "conflict" => "待决定",
        "decided" => "已决定",
        "digest" => "核对数",
        other => catalogue::by_table(other).map_or(other, |t| t.label),
    }
}

/// Verified backups kept in the data directory; the oldest goes when there is one more.
const KEPT: usize = 14;

/// The day's own backup, made when somebody first logs in that day and something was written since the last one. Its
/// failure is told at the foot of the window and keeps nobody from working.
pub(crate) fn daily_backup(context: &mut Context<'_>) {
    let made = (|| {
        let today = context.host.today().to_string();
        let open = context.opened()?;
        let head = open.store.own_log()?.seq;
        let done = last_backup(open)?
            .is_some_and(|last| last.head == head || local_time(context.host, last.millis).starts_with(&today));
        if !done {
            backup(context, BackupRequest { folder: None })?;
            prune(&context.office.folder("备份")?)?;
        }
        Ok::<_, AppError>(())
    })();
    context.office.backup_problem = made.err().map(|error| error.message);
}

/// Removes the oldest of our own backups beyond those kept. File names begin with the moment, so order of names is order
/// of time; nothing else in the folder is touched.
fn prune(folder: &std::path::Path) -> Result<(), AppError> {
    let listed = std::fs::read_dir(folder).map_err(|e| AppError::file(folder, &e))?;
    let mut ours: Vec<_> = listed
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| {
            let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            name.starts_with(BACKUP_NAME)
        })
        .collect();
    ours.sort();
    let surplus = ours.len().saturating_sub(KEPT * PARTS.len());
    for path in ours.into_iter().take(surplus) {
        std::fs::remove_file(&path).map_err(|e| AppError::file(&path, &e))?;
    }
    Ok(())
}

/// What a backup consists of: without the key file nobody could open the database on another PC.
pub(crate) const PARTS: [&str; 3] = ["db", "keys.json", "office.json"];

/// The newest backup that was verified.
struct LastBackup {
    millis: u64,
    /// Sequence number of the own log at that time.
    head: u64,
}

fn last_backup(open: &crate::office::Open) -> Result<Option<LastBackup>, AppError> {
    let Some(bytes) = open.store.state(BACKUP)? else { return Ok(None) };
    let number = |at: usize| bytes.get(at..at + 8).and_then(|b| b.try_into().ok()).map(u64::from_be_bytes);
    Ok(number(0).zip(number(8)).map(|(millis, head)| LastBackup { millis, head }))
}

pub(crate) fn backup(context: &mut Context<'_>, request: BackupRequest) -> Result<BackupView, AppError> {
    let folder = match &request.folder {
        Some(folder) => std::path::PathBuf::from(folder),
        None => context.office.folder("备份")?,
    };
    let stem = format!("{BACKUP_NAME}{}", context.host.now().format("%Y%m%d_%H%M%S"));
    let path = folder.join(format!("{stem}.{}", PARTS[0]));
    let beside = [(context.office.vault(), PARTS[1]), (context.office.profile_file(), PARTS[2])];
    let millis = crate::office::millis(context.host);
    let open = context.opened_mut()?;
    open.store.backup_to(&path)?;
    for (from, part) in beside {
        write_file(&folder.join(format!("{stem}.{part}")), &read_file(&from)?)?;
    }
    verify_backup(&path, &open.key)?;
    let head = open.store.own_log()?.seq;
    open.store.set_state(BACKUP, &[millis.to_be_bytes(), head.to_be_bytes()].concat())?;
    let bytes = std::fs::metadata(&path).map_err(|e| AppError::file(&path, &e))?.len();
    Ok(BackupView { path: path.display().to_string(), bytes: bytes as i64, verified: true })
}
