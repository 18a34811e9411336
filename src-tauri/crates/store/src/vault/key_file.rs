//! One key in a file of its own under its holder's password: for keys that lie on a stick in a safe, not in the database.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::error::VaultError;
use super::wrapping::{Cost, Wrapped, unwrap, wrap};

/// A sealed key with what anybody may know of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyFile {
    version: u32,
    /// Whose key it is and what for; the key does not open once any of it is changed.
    about: BTreeMap<String, String>,
    key: Wrapped,
}

const VERSION: u32 = 1;
/// Far more than any such file has.
const MAX_FILE: usize = 64 * 1024;

impl KeyFile {
    /// Seals a key.
    ///
    /// # Errors
    /// [`VaultError::PasswordTooShort`].
    pub fn seal(
        key: &[u8; 32],
        about: BTreeMap<String, String>,
        password: &str,
        cost: Cost,
        random: &dyn Fn(&mut [u8]),
    ) -> Result<Self, VaultError> {
        super::long_enough(password)?;
        let key = wrap(key, &bound(&about), password.as_bytes(), cost, random)?;
        Ok(Self { version: VERSION, about, key })
    }

    /// Reads a file. Nothing is opened yet.
    ///
    /// # Errors
    /// [`VaultError::Unreadable`].
    pub fn read(bytes: &[u8]) -> Result<Self, VaultError> {
        let read = || serde_json::from_slice::<Self>(bytes.get(..).filter(|bytes| bytes.len() <= MAX_FILE)?).ok();
        read().filter(|file| file.version == VERSION).ok_or(VaultError::Unreadable)
    }

    /// The file's bytes.
    ///
    /// # Errors
    /// [`VaultError::Unreadable`] when it cannot be written down.
    pub fn bytes(&self) -> Result<Vec<u8>, VaultError> {
        serde_json::to_vec_pretty(self).map_err(|_| VaultError::Unreadable)
    }

    /// What the file says of its key under this heading.
    #[must_use]
    pub fn about(&self, heading: &str) -> Option<&str> {
        self.about.get(heading).map(String::as_str)
    }

    /// Opens the key.
    ///
    /// # Errors
    /// [`VaultError::WrongPassword`], also when the file was changed.
    pub fn open(&self, password: &str) -> Result<Zeroizing<[u8; 32]>, VaultError> {
        unwrap(&self.key, &bound(&self.about), password.as_bytes()).ok_or(VaultError::WrongPassword)
    }
}

/// What the file says, as the seal is bound to it.
fn bound(about: &BTreeMap<String, String>) -> String {
    about.iter().map(|(heading, said)| format!("{heading}\u{0}{said}\u{0}")).collect()
}
