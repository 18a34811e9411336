//! 系统: the foot of the window, verification, backups.

use mingbai_domain::catalogue;
use mingbai_store::verify_backup;

use crate::dto::{BackupRequest, BackupView, Empty, FootView, TableCheck, VerifyView};
use crate::error::AppError;
use crate::exchange;
use crate::office::{Context, local_time};

/// Where the last verified backup is noted.
const BACKUP: &str = "last_backup_millis";

pub(crate) fn foot(context: &mut Context<'_>, _: Empty) -> Result<FootView, AppError> {
    let confirmed = exchange::confirmed(context)?;
    let open = context.opened()?;
    let last = open.store.read().last_entry_millis()?;
    let backup = open.store.state(BACKUP)?.and_then(|bytes| bytes.try_into().ok().map(u64::from_be_bytes));
    Ok(FootView {
        saved_at: last.map(|millis| local_time(context.host, millis)),
        confirmed_until: confirmed.until.and_then(|millis| {
            chrono::NaiveDate::parse_from_str(local_time(context.host, millis).get(..10)?, "%Y-%m-%d").ok()
        }),
        unconfirmed: confirmed.pending as i64,
        backup_at: backup.map(|millis| local_time(context.host, millis)),
        backup_verified: backup.is_some(),
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

/// What a clerk calls a table.
fn label(table: &str) -> &str {
    match table {
        "search_key" => "检索",
        "live_alias" | "alias" => "合并",
        "ack" => "确认",
        other => catalogue::by_table(other).map_or(other, |t| t.label),
    }
}

pub(crate) fn backup(context: &mut Context<'_>, request: BackupRequest) -> Result<BackupView, AppError> {
    let folder = match &request.folder {
        Some(folder) => std::path::PathBuf::from(folder),
        None => context.office.folder("备份")?,
    };
    let name = format!("明白账备份_{}.db", context.host.now().format("%Y%m%d_%H%M%S"));
    let path = folder.join(name);
    let millis = crate::office::millis(context.host);
    let open = context.opened_mut()?;
    open.store.backup_to(&path)?;
    verify_backup(&path, &open.key)?;
    open.store.set_state(BACKUP, &millis.to_be_bytes())?;
    let bytes = std::fs::metadata(&path).map_err(|e| AppError::file(&path, &e))?.len();
    Ok(BackupView { path: path.display().to_string(), bytes: bytes as i64, verified: true })
}
