//! Who may open the database: each operator's password, and a printed recovery code, wrap the one random key.
//!
//! Passwords go through Argon2id with parameters kept in the file; the key is sealed with ChaCha20-Poly1305, bound to
//! the login it belongs to. Wrong passwords are counted and each further one costs more waiting.

mod error;
mod key_file;
mod wrapping;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use self::wrapping::{RECOVERY, Wrapped, new_recovery, plain_code, unwrap, wrap};
use crate::key::DatabaseKey;

pub use self::error::VaultError;
pub use self::key_file::KeyFile;
pub use self::wrapping::{Cost, RecoveryCode};

/// Failures since the last success.
#[derive(Clone, Copy, Default, Serialize, Deserialize)]
struct Failures {
    count: u32,
    last_millis: u64,
}

#[derive(Clone, Serialize, Deserialize)]
struct File {
    version: u32,
    cost: Cost,
    operators: BTreeMap<String, Wrapped>,
    recovery: Wrapped,
    #[serde(default)]
    failures: BTreeMap<String, Failures>,
}

/// Under which name failures of unknown logins are counted. No login is empty.
const NOBODY: &str = "";

/// The key file.
pub struct Vault {
    path: PathBuf,
    file: File,
}

const VERSION: u32 = 1;
const SHORTEST: usize = 8;
/// Failures that cost nothing.
const FREE_FAILURES: u32 = 4;
const LONGEST_LOCKOUT_SECONDS: u64 = 3600;

impl Vault {
    /// Makes the key file with its first operator.
    ///
    /// # Errors
    /// [`VaultError::AlreadyExists`], [`VaultError::PasswordTooShort`], [`VaultError::Io`].
    pub fn create(
        path: &Path,
        key: &DatabaseKey,
        (login, password): (&str, &str),
        cost: Cost,
        random: &dyn Fn(&mut [u8]),
    ) -> Result<(Self, RecoveryCode), VaultError> {
        if path.exists() {
            return Err(VaultError::AlreadyExists);
        }
        long_enough(password)?;
        let (code, recovery) = new_recovery(key.as_bytes(), cost, random)?;
        let operators =
            BTreeMap::from([(login.to_owned(), wrap(key.as_bytes(), login, password.as_bytes(), cost, random)?)]);
        let file = File { version: VERSION, cost, operators, recovery, failures: BTreeMap::new() };
        let vault = Self { path: path.to_owned(), file };
        vault.save(&vault.file)?;
        Ok((vault, code))
    }

    /// Reads the key file. Nothing is opened yet.
    ///
    /// # Errors
    /// [`VaultError::Missing`], [`VaultError::Unreadable`].
    pub fn open(path: &Path) -> Result<Self, VaultError> {
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(VaultError::Missing),
            Err(error) => return Err(error.into()),
        };
        let file: File = serde_json::from_slice(&bytes).map_err(|_| VaultError::Unreadable)?;
        if file.version != VERSION {
            return Err(VaultError::Unreadable);
        }
        Ok(Self { path: path.to_owned(), file })
    }

    /// Who has a password.
    pub fn logins(&self) -> impl Iterator<Item = &str> {
        self.file.operators.keys().map(String::as_str)
    }

    /// Opens with an operator's password; `now_millis` serves the lock-out.
    ///
    /// # Errors
    /// [`VaultError::WrongPassword`], [`VaultError::LockedOut`].
    pub fn unlock(&mut self, login: &str, password: &str, now_millis: u64) -> Result<DatabaseKey, VaultError> {
        let wrapped = self.file.operators.get(login).cloned();
        // An unknown login takes as long as a known one and is told nothing else.
        let target = wrapped.as_ref().unwrap_or(&self.file.recovery).clone();
        let known = wrapped.is_some();
        // Unknown names share one count: what somebody typed into the wrong box (a password, say) is not written down.
        let who = if known { login } else { NOBODY };
        self.attempt(who, now_millis, VaultError::WrongPassword, || {
            unwrap(&target, login, password.as_bytes()).filter(|_| known).map(|key| DatabaseKey::from_bytes(*key))
        })
    }

    /// Opens with the printed code, however it is spaced.
    ///
    /// # Errors
    /// [`VaultError::WrongRecoveryCode`], [`VaultError::LockedOut`].
    pub fn unlock_with_recovery(&mut self, code: &str, now_millis: u64) -> Result<DatabaseKey, VaultError> {
        let recovery = self.file.recovery.clone();
        let code = plain_code(code);
        self.attempt(RECOVERY, now_millis, VaultError::WrongRecoveryCode, || {
            unwrap(&recovery, RECOVERY, code.as_bytes()).map(|key| DatabaseKey::from_bytes(*key))
        })
    }

    fn attempt(
        &mut self,
        who: &str,
        now_millis: u64,
        wrong: VaultError,
        open: impl FnOnce() -> Option<DatabaseKey>,
    ) -> Result<DatabaseKey, VaultError> {
        let before = self.file.failures.get(who).copied().unwrap_or_default();
        if let Some(seconds) = waiting(before, now_millis) {
            return Err(VaultError::LockedOut { seconds });
        }
        let mut file = self.file.clone();
        // The failure is on disk before the answer is known, so that pulling the plug buys no free guess.
        file.failures.insert(who.to_owned(), Failures { count: before.count + 1, last_millis: now_millis });
        self.replace(file)?;
        let Some(key) = open() else { return Err(wrong) };
        let mut file = self.file.clone();
        file.failures.remove(who);
        self.replace(file)?;
        Ok(key)
    }

    /// Gives another operator a password.
    ///
    /// # Errors
    /// [`VaultError::LoginTaken`], [`VaultError::PasswordTooShort`].
    pub fn add_operator(
        &mut self,
        key: &DatabaseKey,
        login: &str,
        password: &str,
        random: &dyn Fn(&mut [u8]),
    ) -> Result<(), VaultError> {
        if self.file.operators.contains_key(login) {
            return Err(VaultError::LoginTaken);
        }
        self.put(key, login, password, random)
    }

    /// Sets an operator's password anew, by somebody who holds the open key.
    ///
    /// # Errors
    /// [`VaultError::NoSuchLogin`], [`VaultError::PasswordTooShort`].
    pub fn set_password(
        &mut self,
        key: &DatabaseKey,
        login: &str,
        password: &str,
        random: &dyn Fn(&mut [u8]),
    ) -> Result<(), VaultError> {
        if !self.file.operators.contains_key(login) {
            return Err(VaultError::NoSuchLogin);
        }
        self.put(key, login, password, random)
    }

    /// Changes one's own password.
    ///
    /// # Errors
    /// As [`Self::unlock`] and [`VaultError::PasswordTooShort`].
    pub fn change_password(
        &mut self,
        login: &str,
        (old, new): (&str, &str),
        now_millis: u64,
        random: &dyn Fn(&mut [u8]),
    ) -> Result<(), VaultError> {
        let key = self.unlock(login, old, now_millis)?;
        self.put(&key, login, new, random)
    }

    /// Takes an operator's access away.
    ///
    /// # Errors
    /// [`VaultError::NoSuchLogin`], [`VaultError::LastOperator`].
    pub fn remove_operator(&mut self, login: &str) -> Result<(), VaultError> {
        let mut file = self.file.clone();
        if file.operators.remove(login).is_none() {
            return Err(VaultError::NoSuchLogin);
        }
        if file.operators.is_empty() {
            return Err(VaultError::LastOperator);
        }
        file.failures.remove(login);
        self.replace(file)
    }

    /// Makes a new recovery code; the old one no longer opens.
    ///
    /// # Errors
    /// [`VaultError::Io`].
    pub fn renew_recovery(
        &mut self,
        key: &DatabaseKey,
        random: &dyn Fn(&mut [u8]),
    ) -> Result<RecoveryCode, VaultError> {
        let (code, recovery) = new_recovery(key.as_bytes(), self.file.cost, random)?;
        let mut file = self.file.clone();
        file.recovery = recovery;
        self.replace(file)?;
        Ok(code)
    }

    fn put(
        &mut self,
        key: &DatabaseKey,
        login: &str,
        password: &str,
        random: &dyn Fn(&mut [u8]),
    ) -> Result<(), VaultError> {
        long_enough(password)?;
        let mut file = self.file.clone();
        let wrapped = wrap(key.as_bytes(), login, password.as_bytes(), file.cost, random)?;
        file.operators.insert(login.to_owned(), wrapped);
        file.failures.remove(login);
        self.replace(file)
    }

    fn replace(&mut self, file: File) -> Result<(), VaultError> {
        self.save(&file)?;
        self.file = file;
        Ok(())
    }

    /// Writes beside the file, forces it to the disk, and renames: the old or the new file stands there, never half.
    fn save(&self, file: &File) -> Result<(), VaultError> {
        let bytes = serde_json::to_vec_pretty(file).map_err(|_| VaultError::Unreadable)?;
        let part = self.path.with_extension("part");
        let mut out = std::fs::File::create(&part)?;
        out.write_all(&bytes)?;
        out.sync_all()?;
        std::fs::rename(&part, &self.path)?;
        if let Some(directory) = self.path.parent()
            && let Ok(directory) = std::fs::File::open(directory)
        {
            // Windows cannot force a directory; the rename itself is safe there.
            let _ = directory.sync_all();
        }
        Ok(())
    }
}

fn long_enough(password: &str) -> Result<(), VaultError> {
    if password.chars().count() < SHORTEST { Err(VaultError::PasswordTooShort) } else { Ok(()) }
}

/// Seconds still to wait: 15 after the fifth failure, doubling, an hour at most. A clock set back waits the full time.
fn waiting(failures: Failures, now_millis: u64) -> Option<u64> {
    let over = failures.count.checked_sub(FREE_FAILURES + 1)?;
    let wait = 15_u64.checked_shl(over.min(16)).unwrap_or(u64::MAX).min(LONGEST_LOCKOUT_SECONDS);
    let passed = now_millis.saturating_sub(failures.last_millis) / 1000;
    (passed < wait).then(|| wait - passed)
}
