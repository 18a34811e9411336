//! Whether the data directory is where it was and as far as it was. A restored or copied one goes on in a new log, before
//! anything else is written.

use std::path::PathBuf;

use mingbai_ledger::{ABSORB_LIMIT_MS, to_hex};
use mingbai_sync::mark::{self, Mark, Moved};
use mingbai_sync::renew::renew;
use sha2::{Digest, Sha256};

use crate::error::AppError;
use crate::host::Host;
use crate::office::{Context, author, local_time, millis, write_file};

/// This PC and this directory in one name, and the file of the mark; nothing where the host keeps no marks.
struct Home {
    name: Vec<u8>,
    mark: PathBuf,
}

fn home(host: &dyn Host) -> Option<Home> {
    let marks = host.mark_dir()?;
    let directory = std::fs::canonicalize(host.data_dir()).unwrap_or_else(|_| host.data_dir().to_owned());
    let directory = directory.to_string_lossy().into_owned();
    let digest = |parts: [&str; 2]| -> Vec<u8> {
        let mut hasher = Sha256::new();
        for part in parts {
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part);
        }
        hasher.finalize().to_vec()
    };
    let name = digest([&host.machine().unwrap_or_default(), &directory]);
    let file = to_hex(digest(["", &directory]).get(..8).unwrap_or_default());
    Some(Home { name, mark: marks.join(format!("{file}.mark")) })
}

/// Looks at the database that was just opened and lets it go on in a new log where it must. Answers what the clerk is told.
pub(crate) fn check(context: &mut Context<'_>) -> Result<Option<String>, AppError> {
    let host = context.host;
    let home = home(host);
    let open = context.opened_mut()?;
    let found = home.as_ref().and_then(|home| Mark::decode(&std::fs::read_to_string(&home.mark).ok()?));
    let name = home.map_or_else(Vec::new, |home| home.name);
    let moved = mark::moved(&open.store, &name, found.as_ref())?;
    // Where no marks are kept, only a restore by this program itself is known of.
    let moved = moved.filter(|moved| !name.is_empty() || *moved == Moved::Restored);
    if moved.is_some() {
        let random = |buffer: &mut [u8]| host.fill(buffer);
        let author = author(host, None, &random);
        renew(&mut open.store, &author)?;
    }
    mark::settle(&mut open.store, &name, found.is_some())?;
    Ok(moved.map(|moved| told(moved).to_owned()))
}

/// What the clerk is told when this PC's own log ends more than a day ahead of its clock: one of the two is wrong.
pub(crate) fn clock_notice(context: &Context<'_>) -> Result<Option<String>, AppError> {
    let reading = context.read()?;
    let own = context.opened()?.store.own_log()?;
    let Some(last) = reading.entries_after(&own.log, own.seq.saturating_sub(1), 1)?.pop() else { return Ok(None) };
    let saved = last.decode()?.hlc.millis();
    if saved <= millis(context.host).saturating_add(ABSORB_LIMIT_MS) {
        return Ok(None);
    }
    let saved = local_time(context.host, saved);
    Ok(Some(format!(
        "上一次保存记的时间是 {saved}，比电脑现在的时间晚一天以上，写下的内容都在，没有丢；请核对电脑的日期和时间，不对就改过来再继续"
    )))
}

fn told(moved: Moved) -> &'static str {
    match moved {
        Moved::Restored => {
            "数据已从备份恢复。备份之后写的内容不在这里：请导入县里（或乡镇）送来的数据包，对方已收到的会自动补回"
        }
        Moved::RolledBack => {
            "这里的数据比本机上次用的旧，像是被换成了以前的拷贝，可以照常使用。请导入最近收到的数据包，对方已收到的会自动补回"
        }
        Moved::Elsewhere | Moved::Unmarked => {
            "数据是从别的电脑或文件夹拷来的，可以照常使用。请只在一台电脑上继续写，原来那份不要再用"
        }
    }
}

/// Keeps the mark in step after a command. An older mark is no danger, so a failure stops nobody.
pub(crate) fn keep(context: &mut Context<'_>) {
    let Some(open) = &mut context.office.open else { return };
    let Ok(head) = open.store.own_log() else { return };
    if open.marked == Some(head) {
        return;
    }
    let Some(home) = home(context.host) else { return };
    let folder = home.mark.parent().map(std::fs::create_dir_all);
    if matches!(folder, Some(Ok(()))) && write_file(&home.mark, Mark(head).encode().as_bytes()).is_ok() {
        open.marked = Some(head);
    }
}
