//! Restore: a backup takes the place of this PC's data, which are moved aside and kept. It is its own screen with its own
//! words, far from the imports; the clerk types the unit's name, and the way back is the same restore again.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use mingbai_store::{Store, Vault, verify_backup};
use mingbai_sync::mark;
use serde::{Deserialize, Serialize};

use crate::dto::{RestoreDone, RestoreList, RestoreListRequest, RestoreRequest, RestoreRow};
use crate::error::{AppError, ErrorCode};
use crate::office::{Context, Profile, local_time, millis, read_file, write_file};
use crate::session::is_head;

/// The files of an office: database, keys, unit.
const OFFICE: [&str; 3] = ["mingbai.db", "keys.json", "office.json"];
/// What else belongs to a database that was not closed in order.
const JOURNALS: [&str; 2] = ["mingbai.db-wal", "mingbai.db-shm"];
/// Where a backup is copied to and opened before it counts.
const STAGED: &str = "恢复中";
/// Says that everything is ready to change places; it is done even after a power failure.
const PLAN: &str = "恢复中.json";

/// Backups shown at once, the newest first.
const MOST: usize = 100;

/// A change of places that has been decided on.
#[derive(Serialize, Deserialize)]
struct Plan {
    /// The folder the present data go to.
    aside: String,
    /// Whether they are there.
    cleared: bool,
}

/// The three files of a backup, found by any one of them.
fn set_of(path: &Path) -> Result<[PathBuf; 3], AppError> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let set = if OFFICE.contains(&name.as_str()) {
        OFFICE.map(|name| path.with_file_name(name))
    } else {
        let stem = crate::system::PARTS.iter().find_map(|part| name.strip_suffix(&format!(".{part}")));
        let stem = stem.ok_or_else(|| not_a_backup(path))?;
        crate::system::PARTS.map(|part| path.with_file_name(format!("{stem}.{part}")))
    };
    for file in &set {
        if !file.is_file() {
            let missing = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            return Err(AppError::invalid(
                "path",
                format!("备份由三个文件组成，这里缺“{missing}”。请把三个文件放在同一个文件夹里再选"),
            ));
        }
    }
    Ok(set)
}

/// Says what the chosen file is instead, and where it belongs.
fn not_a_backup(path: &Path) -> AppError {
    let mut start = [0; 8];
    let read = fs::File::open(path).and_then(|mut file| file.read(&mut start)).unwrap_or_default();
    let start = start.get(..read).unwrap_or_default();
    let what = if start == mingbai_bundle::MAGIC {
        "这是数据包，不是备份。请到“数据交换”里导入"
    } else if start.starts_with(b"PK") || start.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) || ends_in_csv(path) {
        "这是表格，不是备份。名单请到“导入名单”里导入"
    } else {
        "这不是明白账的备份。请选“明白账备份_”开头的文件"
    };
    AppError::invalid("path", format!("{what}。现有数据没有变"))
}

/// A text with commas begins like any other text; only its name says what it is.
fn ends_in_csv(path: &Path) -> bool {
    path.extension().is_some_and(|end| end.eq_ignore_ascii_case("csv"))
}

fn profile_of(file: &Path) -> Result<Profile, AppError> {
    serde_json::from_slice(&read_file(file)?)
        .map_err(|_| AppError::invalid("path", "备份里的单位信息读不出来，请换一份备份"))
}

/// Every backup in a folder and the folders in it; without one named, in this PC's own folders and on its removable drives.
pub(crate) fn list(context: &mut Context<'_>, request: RestoreListRequest) -> Result<RestoreList, AppError> {
    let folders = match &request.folder {
        Some(folder) => vec![PathBuf::from(folder)],
        None => {
            let drives = context.host.drives().into_iter().map(|drive| drive.path);
            std::iter::once(context.office.dir().to_owned()).chain(drives).collect()
        }
    };
    let present = context.office.profile.as_ref().map(|profile| (profile.kind, profile.area.clone()));
    let mut rows = Vec::new();
    for path in folders.iter().flat_map(|folder| databases(folder, context.office.dir())) {
        // What is no whole backup of ours is passed over: the clerk is shown what can be restored.
        let Ok([database, _, office]) = set_of(&path) else { continue };
        let Ok(profile) = profile_of(&office) else { continue };
        let about = fs::metadata(&database).map_err(|error| AppError::file(&database, &error))?;
        let written = about.modified().ok().and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
        let written = written.map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or_default());
        rows.push(RestoreRow {
            path: database.display().to_string(),
            place: database.parent().map(|folder| folder.display().to_string()).unwrap_or_default(),
            written_at: local_time(context.host, written),
            bytes: i64::try_from(about.len()).unwrap_or_default(),
            fits: present.as_ref().is_none_or(|present| *present == (profile.kind, profile.area.clone())),
            unit_name: profile.unit_name,
            county_name: profile.county_name,
            operators: profile.operators,
        });
    }
    rows.sort_by(|one, other| other.written_at.cmp(&one.written_at).then(one.path.cmp(&other.path)));
    rows.truncate(MOST);
    Ok(RestoreList { rows, replaces: present.is_some() })
}

/// Databases in a folder and in the folders directly in it; never the one that is in use.
fn databases(folder: &Path, office: &Path) -> Vec<PathBuf> {
    let inside = |folder: &Path| -> Vec<PathBuf> {
        let listed = fs::read_dir(folder).into_iter().flatten().flatten().take(MOST * 10);
        // A link may point anywhere; only what really lies there is looked at.
        listed.filter(|entry| entry.file_type().is_ok_and(|kind| !kind.is_symlink())).map(|e| e.path()).collect()
    };
    let (folders, mut files): (Vec<_>, Vec<_>) = inside(folder).into_iter().partition(|path| path.is_dir());
    files.extend(folders.iter().filter(|path| !path.ends_with(STAGED)).flat_map(|folder| inside(folder)));
    files.retain(|path| path.extension().is_some_and(|end| end == "db") && *path != office.join(OFFICE[0]));
    files
}

pub(crate) fn restore(context: &mut Context<'_>, request: RestoreRequest) -> Result<RestoreDone, AppError> {
    let set = set_of(Path::new(&request.path))?;
    let profile = profile_of(&set[2])?;
    if let Some(present) = &context.office.profile
        && (present.kind, &present.area) != (profile.kind, &profile.area)
    {
        let what = format!("这是{}的备份，不是本机单位的，现有数据没有变", profile.unit_name);
        return Err(AppError::invalid("path", what));
    }
    if request.unit_name.trim() != profile.unit_name {
        return Err(AppError::invalid("unit_name", "单位名称与备份里的不一样，没有恢复。请照着备份的单位名称填"));
    }
    let dir = context.office.dir().to_owned();
    let staged = stage(&dir, &set)?;
    let ready = prepare(context, &request, &staged);
    let (entries, last) = match ready {
        Ok(ready) => ready,
        Err(error) => {
            drop(fs::remove_dir_all(dir.join(STAGED)));
            return Err(error);
        }
    };
    let stamp = context.host.now().format("%Y%m%d%H%M%S");
    let aside = format!("恢复前-{stamp}");
    let replaces = OFFICE.iter().any(|name| dir.join(name).exists());
    // Closed in order: what was written last lies in the database, not beside it.
    context.office.open = None;
    write_plan(&dir, &Plan { aside: aside.clone(), cleared: false })?;
    finish(&dir)?;
    context.office.profile = Some(profile_of(&dir.join(OFFICE[2]))?);
    Ok(RestoreDone {
        entries: i64::try_from(entries).unwrap_or_default(),
        saved_at: last.map(|millis| local_time(context.host, millis)),
        kept: replaces.then(|| dir.join(aside).display().to_string()),
    })
}

/// Copies a backup into the data directory: a stick may be write-protected, or pulled.
fn stage(dir: &Path, set: &[PathBuf; 3]) -> Result<[PathBuf; 3], AppError> {
    let folder = dir.join(STAGED);
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| AppError::file(&folder, &error))?;
    }
    fs::create_dir_all(&folder).map_err(|error| AppError::file(&folder, &error))?;
    let staged = OFFICE.map(|name| folder.join(name));
    let mut pairs: Vec<(PathBuf, PathBuf)> = set.iter().cloned().zip(staged.iter().cloned()).collect();
    // The data moved aside by an earlier restore may not have been closed in order.
    let journal = set[0].with_file_name(JOURNALS[0]);
    if set[0].ends_with(OFFICE[0]) && journal.exists() {
        pairs.push((journal, folder.join(JOURNALS[0])));
    }
    for (from, to) in pairs {
        let copied = fs::copy(&from, &to).and_then(|_| fs::OpenOptions::new().write(true).open(&to)?.sync_all());
        copied.map_err(|error| AppError::file(&from, &error))?;
    }
    Ok(staged)
}

/// Opens the staged backup with the clerk's secret, checks every page of it, and marks it as restored. Answers how many
/// entries it has and when the last was written.
fn prepare(
    context: &Context<'_>,
    request: &RestoreRequest,
    [database, keys, _]: &[PathBuf; 3],
) -> Result<(u64, Option<u64>), AppError> {
    let mut vault = Vault::open(keys)?;
    let now = millis(context.host);
    let key = if request.recovery {
        vault.unlock_with_recovery(request.secret.trim(), now)?
    } else {
        vault.unlock(request.login.trim(), &request.secret, now)?
    };
    let mut store = Store::open(database, &key)?;
    if !request.recovery && !is_head(store.read(), request.login.trim())? {
        return Err(AppError::new(ErrorCode::NotPermitted, "恢复要由负责人来做，现有数据没有变。请用负责人的登录名"));
    }
    mark::restored(&mut store)?;
    let last = store.read().last_entry_millis()?;
    drop(store);
    Ok((verify_backup(database, &key)?.entries, last))
}

fn write_plan(dir: &Path, plan: &Plan) -> Result<(), AppError> {
    let bytes = serde_json::to_vec(plan).map_err(|error| {
        AppError::new(ErrorCode::Internal, "恢复无法开始，现有数据没有变").detail(error.to_string())
    })?;
    write_file(&dir.join(PLAN), &bytes)
}

/// One step of a change of places. Done again after it was done it changes nothing.
enum Step {
    /// Makes a folder.
    Folder(PathBuf),
    /// Moves a file, if it is there still.
    Move(PathBuf, PathBuf),
    /// Notes that the place is cleared.
    Cleared(Plan),
    /// The plan has been carried out.
    Done,
}

impl Step {
    fn take(&self, dir: &Path) -> Result<(), AppError> {
        let fail = |path: &Path| {
            let path = path.to_owned();
            move |error: std::io::Error| AppError::file(&path, &error)
        };
        match self {
            Self::Folder(path) => fs::create_dir_all(path).map_err(fail(path)),
            Self::Move(from, to) if from.exists() => fs::rename(from, to).map_err(fail(from)),
            Self::Move(..) => Ok(()),
            Self::Cleared(plan) => write_plan(dir, plan),
            Self::Done => fs::remove_file(dir.join(PLAN)).map_err(fail(&dir.join(PLAN))),
        }
    }
}

/// What is left to do of a plan, in order: the present data go aside whole before anything takes their place.
fn steps(dir: &Path, plan: &Plan) -> Vec<Step> {
    let (aside, staged) = (dir.join(&plan.aside), dir.join(STAGED));
    let moves = |from: &Path, to: &Path| -> Vec<Step> {
        let names = OFFICE.iter().chain(&JOURNALS);
        names.map(|name| Step::Move(from.join(name), to.join(name))).collect()
    };
    let mut steps = Vec::new();
    if !plan.cleared {
        steps.push(Step::Folder(aside.clone()));
        steps.extend(moves(dir, &aside));
        steps.push(Step::Cleared(Plan { aside: plan.aside.clone(), cleared: true }));
    }
    steps.extend(moves(&staged, dir));
    steps.push(Step::Done);
    steps
}

/// Does what a plan says, from wherever a power failure left it; nothing where there is none.
///
/// # Errors
/// What the disk refuses; it goes on at the next start.
pub(crate) fn finish(dir: &Path) -> Result<(), AppError> {
    let path = dir.join(PLAN);
    if !path.exists() {
        return Ok(());
    }
    let plan: Plan = serde_json::from_slice(&read_file(&path)?).map_err(|_| {
        AppError::new(ErrorCode::DatabaseDamaged, "上次恢复没有做完，记录读不出来。数据都还在，请联系维护人员")
    })?;
    for step in steps(dir, &plan) {
        step.take(dir)?;
    }
    // Only copies are left in it.
    drop(fs::remove_dir_all(dir.join(STAGED)));
    Ok(())
}

#[cfg(test)]
mod tests {
    use mingbai_domain::catalogue::Person;
    use mingbai_ledger::Genesis;
    use mingbai_store::{Author, DatabaseKey, Identity, LogRole};

    use super::*;

    fn key(of: u8) -> DatabaseKey {
        DatabaseKey::from_bytes([of; 32])
    }

    /// An office of one person, as a power failure leaves it: what was written last lies beside the database.
    fn office(dir: &Path, of: u8, name: &str) {
        let made = tempfile::tempdir().unwrap();
        let database = made.path().join(OFFICE[0]);
        let genesis =
            Genesis { device_key: [of; 32], nonce: [of; 16], county: [0; 8], certificate: 0, continues: None };
        let mut store = Store::create(&database, &key(of), &Identity { genesis, role: LogRole::Township }).unwrap();
        let author = Author { actor: None, wall_millis: 1, random: &|bytes: &mut [u8]| bytes.fill(of) };
        let person = Person { name: Some(name.to_owned()), ..Person::default() };
        store.commit(&author, "record_save", None, |txn| txn.insert(None, &person)).unwrap();
        fs::create_dir_all(dir).unwrap();
        for name in [OFFICE[0], JOURNALS[0]] {
            fs::copy(made.path().join(name), dir.join(name)).unwrap();
        }
        for file in &OFFICE[1..] {
            fs::write(dir.join(file), name).unwrap();
        }
    }

    /// Whose office lies in a folder, whole and sound.
    fn found(dir: &Path, of: u8) -> String {
        let mut store = Store::open(&dir.join(OFFICE[0]), &key(of)).unwrap();
        assert!(store.verify().unwrap().is_sound());
        let people = store.read().all::<Person>().unwrap();
        let name = people[0].record.name.clone().unwrap();
        for file in &OFFICE[1..] {
            assert_eq!(fs::read_to_string(dir.join(file)).unwrap(), name);
        }
        name
    }

    #[test]
    fn a_restore_that_the_power_failed_under_is_finished_at_the_next_start_wherever_it_stopped() {
        const ASIDE: &str = "恢复前-1";
        let ready = tempfile::tempdir().unwrap();
        office(ready.path(), 1, "旧");
        office(&ready.path().join(STAGED), 2, "新");
        let plan = Plan { aside: ASIDE.to_owned(), cleared: false };
        let all = steps(ready.path(), &plan).len();
        assert_eq!(all, 13);
        for stopped in 0..=all {
            let folder = tempfile::tempdir().unwrap();
            let dir = folder.path();
            for of in ["", STAGED] {
                fs::create_dir_all(dir.join(of)).unwrap();
                for name in [&OFFICE[..], &JOURNALS[..1]].concat() {
                    fs::copy(ready.path().join(of).join(name), dir.join(of).join(name)).unwrap();
                }
            }
            write_plan(dir, &plan).unwrap();
            for step in steps(dir, &plan).iter().take(stopped) {
                step.take(dir).unwrap();
            }
            // The plan itself was being written, too.
            fs::write(dir.join(format!("{PLAN}.part")), "{").unwrap();
            finish(dir).unwrap();
            assert_eq!((found(dir, 2).as_str(), found(&dir.join(ASIDE), 1).as_str()), ("新", "旧"), "{stopped} steps");
            assert!(!dir.join(PLAN).exists(), "{stopped} steps");
            finish(dir).unwrap();
        }
    }
}
