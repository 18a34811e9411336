//! The office on this PC: its data directory, who it is, and what is open while somebody is logged in.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use mingbai_domain::RecordId;
use mingbai_ledger::Head;
use mingbai_store::{Actor, Author, Committed, DatabaseKey, Reading, Store, StoreError, Txn};
use serde::{Deserialize, Serialize};

use crate::command::Permission;
use crate::dto::{Coded, OfficeKind, OfficeView, OperatorView};
use crate::error::{AppError, ErrorCode};
use crate::host::Host;
use crate::policy::Packs;

/// What may be known before anybody logs in; kept beside the database.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Profile {
    pub(crate) kind: OfficeKind,
    pub(crate) county_name: String,
    pub(crate) unit_name: String,
    pub(crate) area: String,
    pub(crate) enrolled: bool,
    pub(crate) county_words: Option<String>,
    pub(crate) operators: Vec<OperatorView>,
}

impl Profile {
    pub(crate) fn view(&self) -> OfficeView {
        OfficeView {
            kind: self.kind,
            county_name: self.county_name.clone(),
            unit_name: self.unit_name.clone(),
            area: self.area.clone(),
            enrolled: self.enrolled,
            county_words: self.county_words.clone(),
            training: crate::demo::is_training(&self.area),
        }
    }
}

/// What is open while somebody is logged in.
pub(crate) struct Open {
    pub(crate) store: Store,
    pub(crate) key: DatabaseKey,
    pub(crate) operator: OperatorView,
    pub(crate) operator_id: RecordId,
    /// How far the mark outside the data directory goes.
    pub(crate) marked: Option<Head>,
    /// What the clerk is told once after logging in.
    pub(crate) notice: Option<String>,
    /// Every stored pack, parsed once, until another is activated or arrives.
    pub(crate) pack: Option<Packs>,
    /// The comparison that was worked out last.
    pub(crate) compared: Option<Box<crate::compare::Compared>>,
    /// What was worked out of the whole register last.
    pub(crate) answers: crate::kept::Answers,
    /// The sheet that is being taken in, read once for looking, trying and taking in.
    pub(crate) sheet: Option<crate::import::OpenSheet>,
}

/// One data directory, held by one program at a time.
pub(crate) struct Office {
    dir: PathBuf,
    _lock: File,
    pub(crate) profile: Option<Profile>,
    pub(crate) open: Option<Open>,
    /// Why the day's own backup failed, for the foot of the window.
    pub(crate) backup_problem: Option<String>,
}

impl Office {
    /// Takes hold of a data directory.
    pub(crate) fn at(dir: &Path) -> Result<Self, AppError> {
        fs::create_dir_all(dir).map_err(|e| AppError::file(dir, &e))?;
        keep_private(dir);
        let lock_path = dir.join("lock");
        let lock = File::create(&lock_path).map_err(|e| AppError::file(&lock_path, &e))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(AppError::new(
                    ErrorCode::DatabaseLocked,
                    "明白账已经在另一个窗口打开，数据没有变。请切换到那个窗口，或关闭后再打开",
                ));
            }
            Err(TryLockError::Error(error)) => return Err(AppError::file(&lock_path, &error)),
        }
        crate::restore::finish(dir)?;
        let profile_path = dir.join("office.json");
        let profile = match fs::read(&profile_path) {
            Ok(bytes) => Some(serde_json::from_slice(&bytes).map_err(|_| {
                AppError::new(
                    ErrorCode::DatabaseDamaged,
                    "单位信息文件已损坏，登记数据没有变。请用最近的备份恢复 office.json",
                )
            })?),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(AppError::file(&profile_path, &error)),
        };
        Ok(Self { dir: dir.to_owned(), _lock: lock, profile, open: None, backup_problem: None })
    }

    /// The data directory.
    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// The encrypted database.
    pub(crate) fn database(&self) -> PathBuf {
        self.dir.join("mingbai.db")
    }

    /// The operators' key file.
    pub(crate) fn vault(&self) -> PathBuf {
        self.dir.join("keys.json")
    }

    /// What may be known before anybody logs in.
    pub(crate) fn profile_file(&self) -> PathBuf {
        self.dir.join("office.json")
    }

    /// Moves what an interrupted set-up left behind out of the way; it is never deleted.
    pub(crate) fn set_aside_unfinished(&self, stamp: &str) -> Result<(), AppError> {
        // A journal left behind would be replayed over the next database.
        for name in ["mingbai.db", "mingbai.db-wal", "mingbai.db-shm", "keys.json"] {
            let path = self.dir.join(name);
            if path.exists() {
                let aside = path.with_file_name(format!("未完成-{stamp}-{name}"));
                fs::rename(&path, &aside).map_err(|e| AppError::file(&path, &e))?;
            }
        }
        Ok(())
    }

    /// A folder of the data directory, made when missing: `输出`, `备份`, `收件`, `隔离`.
    pub(crate) fn folder(&self, name: &str) -> Result<PathBuf, AppError> {
        let path = self.dir.join(name);
        fs::create_dir_all(&path).map_err(|e| AppError::file(&path, &e))?;
        Ok(path)
    }

    /// Writes the profile, whole or not at all.
    pub(crate) fn save_profile(&mut self, profile: Profile) -> Result<(), AppError> {
        let path = self.dir.join("office.json");
        let bytes = serde_json::to_vec_pretty(&profile)
            .map_err(|e| AppError::new(ErrorCode::Internal, "单位信息无法保存").detail(e.to_string()))?;
        write_file(&path, &bytes)?;
        self.profile = Some(profile);
        Ok(())
    }
}

/// Other accounts of this PC have no business in the data directory. Where the file system knows no such thing, the
/// contents are encrypted all the same.
fn keep_private(dir: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        drop(fs::set_permissions(dir, fs::Permissions::from_mode(0o700)));
    }
    #[cfg(not(unix))]
    let _ = dir;
}

/// Writes beside the target, makes it durable, then renames: a crash leaves the old file or the new one.
pub(crate) fn write_file(path: &Path, bytes: &[u8]) -> Result<(), AppError> {
    let fail = |error| AppError::file(path, &error);
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part = path.with_file_name(name);
    let written = (|| {
        let mut file = File::create(&part)?;
        std::io::Write::write_all(&mut file, bytes)?;
        file.sync_all()?;
        fs::rename(&part, path)
    })();
    if written.is_err() {
        // The half-written part is worth nothing; the target is untouched either way.
        drop(fs::remove_file(&part));
    }
    written.map_err(fail)
}

/// Writes into a folder under the name or, where a file of that name stands, under the next free one; answers the
/// name it got and the whole path.
pub(crate) fn keep_file(folder: &Path, name: &str, bytes: &[u8]) -> Result<(String, PathBuf), AppError> {
    let (stem, end) = name.rsplit_once('.').unwrap_or((name, ""));
    let mut file = name.to_owned();
    let mut number = 2;
    while folder.join(&file).exists() {
        file = format!("{stem}_{number}.{end}");
        number += 1;
    }
    let path = folder.join(&file);
    write_file(&path, bytes)?;
    Ok((file, path))
}

/// Reads a whole file with the clerk's sentence when it cannot.
pub(crate) fn read_file(path: &Path) -> Result<Vec<u8>, AppError> {
    fs::read(path).map_err(|e| AppError::file(path, &e))
}

/// What one command works with.
pub struct Context<'a> {
    pub(crate) host: &'a dyn Host,
    pub(crate) office: &'a mut Office,
}

impl<'a> Context<'a> {
    pub(crate) fn new(host: &'a dyn Host, office: &'a mut Office) -> Self {
        Self { host, office }
    }

    /// Refuses a command the operator may not run.
    pub(crate) fn permit(&self, permission: Permission) -> Result<(), AppError> {
        if permission == Permission::Anybody {
            return Ok(());
        }
        let open = self.opened()?;
        let role = open.operator.role.code.as_str();
        let allowed = match permission {
            Permission::Anybody | Permission::Read => true,
            Permission::Write => role != "auditor",
            Permission::Head => matches!(role, "head" | "county"),
            Permission::County => role == "county" && self.profile()?.kind == OfficeKind::County,
        };
        if allowed {
            return Ok(());
        }
        Err(AppError::new(ErrorCode::NotPermitted, "您的角色不能做这项操作，数据没有变。请找负责人或县级操作员办理"))
    }

    pub(crate) fn profile(&self) -> Result<&Profile, AppError> {
        self.office
            .profile
            .as_ref()
            .ok_or_else(|| AppError::new(ErrorCode::NotSetUp, "这台电脑还没有设置单位，请先完成首次设置"))
    }

    pub(crate) fn opened(&self) -> Result<&Open, AppError> {
        self.office.open.as_ref().ok_or_else(not_logged_in)
    }

    pub(crate) fn opened_mut(&mut self) -> Result<&mut Open, AppError> {
        self.office.open.as_mut().ok_or_else(not_logged_in)
    }

    /// Reading access to the register.
    pub(crate) fn read(&self) -> Result<Reading<'_>, AppError> {
        Ok(self.opened()?.store.read())
    }

    /// Runs one action through the write gate as the operator who is logged in.
    pub(crate) fn commit<T>(
        &mut self,
        action: &str,
        reason: Option<&str>,
        body: impl FnOnce(&mut Txn<'_>) -> Result<T, AppError>,
    ) -> Result<Committed<T>, AppError> {
        let host = self.host;
        let open = self.office.open.as_mut().ok_or_else(not_logged_in)?;
        let actor = Actor {
            operator: open.operator_id,
            name: open.operator.name.clone(),
            role: open.operator.role.code.clone(),
        };
        let random = |buffer: &mut [u8]| host.fill(buffer);
        let author = author(host, Some(actor), &random);
        // What was compared is compared again once anything was written.
        open.compared = None;
        open.store.commit(&author, action, reason, body)
    }
}

/// Who writes, when, and where ids come from.
pub(crate) fn author<'r>(host: &dyn Host, actor: Option<Actor>, random: &'r dyn Fn(&mut [u8])) -> Author<'r> {
    Author { actor, wall_millis: millis(host), random }
}

/// The host's time in milliseconds since 1970-01-01 UTC.
pub(crate) fn millis(host: &dyn Host) -> u64 {
    u64::try_from(host.now().timestamp_millis()).unwrap_or_default()
}

/// Milliseconds as the clerk's local time, `2026-11-21 14:32`.
pub(crate) fn local_time(host: &dyn Host, millis: u64) -> String {
    let zone = *host.now().offset();
    let instant = chrono::DateTime::from_timestamp_millis(i64::try_from(millis).unwrap_or_default());
    instant.map(|t| t.with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string()).unwrap_or_default()
}

fn not_logged_in() -> AppError {
    AppError::new(ErrorCode::NotLoggedIn, "请先登录")
}

/// A code of a table with its label.
pub(crate) fn coded(table: &str, code: &str) -> Coded {
    Coded { code: code.to_owned(), label: mingbai_domain::code::label(table, code).to_owned() }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        let code = match &error {
            StoreError::DatabaseTooNew { .. } => ErrorCode::DatabaseTooNew,
            StoreError::Locked => ErrorCode::DatabaseLocked,
            StoreError::DiskFull => ErrorCode::DiskFull,
            StoreError::WrongKey | StoreError::NotADatabase | StoreError::Missing | StoreError::Corrupt => {
                ErrorCode::DatabaseDamaged
            }
            StoreError::NoSuchRecord { .. } | StoreError::NoSuchEntry => ErrorCode::NotFound,
            StoreError::UndoSuperseded { .. } | StoreError::UndoBuiltUpon { .. } | StoreError::NothingToUndo => {
                ErrorCode::Conflict
            }
            _ => ErrorCode::Storage,
        };
        Self::new(code, error.to_string()).detail(error.code())
    }
}
