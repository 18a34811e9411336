//! Holders of the county's root: each has a key in a file of its own, on a stick of its own, under a password of its own.

use std::collections::BTreeMap;

use mingbai_bundle::{CountyId, SigningKey, TrustStore, VerifyingKey};
use mingbai_ledger::{from_hex, to_hex};
use mingbai_store::{Cost, KeyFile};

use crate::error::SyncError;
use crate::keys::grow;

/// What such a file is, for whoever opens it with something else.
const KIND: &str = "明白账县级根密钥";
const MAX_NAME: usize = 60;

/// What anybody may know of a holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// 主任, 信息科, 县医保局: an office rather than a person.
    pub name: String,
    /// Verifies what the holder signs.
    pub key: VerifyingKey,
}

/// A new holder's file and what it is called: ASCII, telling nothing.
#[derive(Clone, Debug)]
pub struct HolderFile {
    /// The holder.
    pub holder: Holder,
    /// The name of the file.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Makes a key for a holder and seals it under the holder's password. Nothing of it stays here.
///
/// # Errors
/// [`SyncError::HolderName`], or a password that is too short.
pub fn make(
    trust: &TrustStore,
    name: &str,
    password: &str,
    cost: Cost,
    random: &dyn Fn(&mut [u8]),
) -> Result<HolderFile, SyncError> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > MAX_NAME || name.contains(char::is_control) {
        return Err(SyncError::HolderName);
    }
    let key = grow(random, |seed| Some(SigningKey::from_seed(seed)));
    let about = [
        ("kind", KIND.to_owned()),
        ("county", to_hex(&trust.county().0)),
        ("county_name", trust.root().county_name.clone()),
        ("holder", name.to_owned()),
        ("public_key", to_hex(key.public().as_bytes())),
    ];
    let about: BTreeMap<String, String> = about.into_iter().map(|(heading, said)| (heading.to_owned(), said)).collect();
    let file = KeyFile::seal(&key.seed(), about, password, cost, random)?;
    Ok(HolderFile {
        name: format!("genmiyao-{}.mbk", key.id()),
        bytes: file.bytes()?,
        holder: Holder { name: name.to_owned(), key: key.public() },
    })
}

fn read(file: &[u8]) -> Result<(KeyFile, Holder, CountyId), SyncError> {
    let file = KeyFile::read(file).map_err(|_| SyncError::NotAHolderFile)?;
    let said = |heading| file.about(heading).ok_or(SyncError::NotAHolderFile);
    let bytes = |heading| said(heading).and_then(|text| from_hex(text).ok_or(SyncError::NotAHolderFile));
    let county = bytes("county")?.try_into().map_err(|_| SyncError::NotAHolderFile)?;
    let key = VerifyingKey::from_bytes(bytes("public_key")?).ok_or(SyncError::NotAHolderFile)?;
    let holder = Holder { name: said("holder")?.to_owned(), key };
    Ok((file, holder, CountyId(county)))
}

/// Whose file it is.
///
/// # Errors
/// [`SyncError::NotAHolderFile`].
pub fn look(file: &[u8]) -> Result<Holder, SyncError> {
    Ok(read(file)?.1)
}

/// Opens a holder's key.
///
/// # Errors
/// [`SyncError::HolderOfOtherCounty`], a wrong password, or a file that was changed.
pub fn open(file: &[u8], county: CountyId, password: &str) -> Result<(Holder, SigningKey), SyncError> {
    let (file, holder, of) = read(file)?;
    if of != county {
        return Err(SyncError::HolderOfOtherCounty);
    }
    let key = SigningKey::from_seed(&*file.open(password)?);
    if key.public() == holder.key { Ok((holder, key)) } else { Err(SyncError::NotAHolderFile) }
}
