//! Changing the county's root: other holders, or another operations key. A change is drawn up once, signed by holders on
//! this day or another, here or on another PC, and takes force by itself with the last signature needed.

use mingbai_bundle::{Root, Signed, SigningKey, Standing, VerifyingKey};
use mingbai_ledger::{from_hex, to_hex};
use mingbai_store::{Author, Cost, Store, StoreError};

use crate::error::SyncError;
use crate::holders::{self, Holder, HolderFile};
use crate::keys::{CountyKeys, OPS, ROOT, TRUST, grow, known_trust, root_key};

/// The change that waits for signatures; empty when none does.
const PENDING: &str = "root_pending";
/// The new operations key of that change.
const PENDING_OPS: &str = "root_pending_ops";
/// Who is to hold the root next: a public key in hex, a space, a name, one a line.
const LIST: &str = "root_holders_next";

/// What is to change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The holders are those on the list, and so many of them must sign from now on.
    Holders(u64),
    /// The county gets a new operations key; its holders stay.
    Operations,
}

/// How far a change has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The root it leads to.
    pub version: u64,
    /// Who has signed and who must.
    pub standing: Standing,
    /// Whether it has taken force.
    pub in_force: bool,
}

/// Who is to hold the root next, as far as their files are made.
///
/// # Errors
/// [`SyncError::Store`] when the database cannot be read.
pub fn list(store: &Store) -> Result<Vec<Holder>, SyncError> {
    let text = String::from_utf8(store.state(LIST)?.unwrap_or_default()).unwrap_or_default();
    let read = |line: &str| {
        let (key, name) = line.split_once(' ')?;
        Some(Holder { name: name.to_owned(), key: VerifyingKey::from_bytes(from_hex(key)?)? })
    };
    Ok(text.lines().filter_map(read).collect())
}

fn listed(holders: &[Holder]) -> String {
    let line = |holder: &Holder| format!("{} {}\n", to_hex(holder.key.as_bytes()), holder.name);
    holders.iter().map(line).collect()
}

/// Makes the file of one holder to be and puts the holder on the list. Nothing changes yet.
///
/// # Errors
/// [`SyncError::NotCounty`], [`SyncError::RootPending`], [`SyncError::HolderKnown`], or a password that is too short.
pub fn add_holder(
    store: &mut Store,
    author: &Author<'_>,
    (name, password): (&str, &str),
    cost: Cost,
) -> Result<HolderFile, SyncError> {
    CountyKeys::ops(store)?;
    if pending(store)?.is_some() {
        return Err(SyncError::RootPending);
    }
    let mut holders = list(store)?;
    if holders.iter().any(|holder| holder.name == name.trim()) {
        return Err(SyncError::HolderKnown(name.trim().to_owned()));
    }
    let file = holders::make(&known_trust(store)?, name, password, cost, author.random)?;
    holders.push(file.holder.clone());
    store.commit(author, "root_holder", None, |txn| {
        txn.set_state(LIST, listed(&holders).as_bytes())?;
        txn.note(&format!("为“{}”做了根密钥文件", file.holder.name))
    })?;
    Ok(file)
}

/// The change that waits for signatures.
///
/// # Errors
/// [`SyncError`] when it cannot be read.
pub fn pending(store: &Store) -> Result<Option<Signed<Root>>, SyncError> {
    let bytes = store.state(PENDING)?.filter(|bytes| !bytes.is_empty());
    Ok(bytes.map(|bytes| Signed::from_file(&bytes)).transpose()?)
}

/// Draws a change up. The root's key signs at once where it lies in the database.
///
/// # Errors
/// [`SyncError::NotCounty`], [`SyncError::RootPending`], [`SyncError::Threshold`].
pub fn propose(store: &mut Store, author: &Author<'_>, change: Change) -> Result<Progress, SyncError> {
    CountyKeys::ops(store)?;
    if pending(store)?.is_some() {
        return Err(SyncError::RootPending);
    }
    let trust = known_trust(store)?;
    let mut root = Root { version: trust.root().version + 1, ..trust.root().clone() };
    let mut ops = None;
    let what = match change {
        Change::Holders(threshold) => {
            let holders = list(store)?;
            if threshold == 0 || threshold > holders.len() as u64 {
                return Err(SyncError::Threshold { holders: holders.len() as u64, threshold });
            }
            root.root_keys = holders.iter().map(|holder| holder.key).collect();
            root.holders = holders.into_iter().map(|holder| holder.name).collect();
            root.threshold = threshold;
            format!("开始更换根密钥保管人：{}，{threshold} 人签字有效", root.holders.join("、"))
        }
        Change::Operations => {
            let key = grow(author.random, |seed| Some(SigningKey::from_seed(seed)));
            root.ops_keys = vec![key.public()];
            ops = Some(key);
            "开始更换县里的日常密钥".to_owned()
        }
    };
    let here = root_key(store)?;
    let signed = root.sign(&here.iter().collect::<Vec<_>>());
    keep(store, author, "root_propose", &what, &signed, ops)
}

/// A holder signs the change with the key on his stick.
///
/// # Errors
/// [`SyncError::NoRootPending`], [`SyncError::NotAHolder`], or a file that does not open.
pub fn sign(store: &mut Store, author: &Author<'_>, file: &[u8], password: &str) -> Result<Progress, SyncError> {
    let mut root = pending(store)?.ok_or(SyncError::NoRootPending)?;
    let trust = known_trust(store)?;
    let (holder, key) = holders::open(file, trust.county(), password)?;
    if !trust.root().root_keys.contains(&holder.key) && !root.value().root_keys.contains(&holder.key) {
        return Err(SyncError::NotAHolder(holder.name));
    }
    root.countersign(&key);
    let ops = pending_ops(store)?;
    keep(store, author, "root_sign", &format!("“{}”在更换单上签字", holder.name), &root, ops)
}

/// Takes over what holders signed on another PC.
///
/// # Errors
/// [`SyncError::NoRootPending`], or a file of another change.
pub fn gather(store: &mut Store, author: &Author<'_>, file: &[u8]) -> Result<Progress, SyncError> {
    let mut root = pending(store)?.ok_or(SyncError::NoRootPending)?;
    root.gather(&Signed::from_file(file)?, known_trust(store)?.root())?;
    let ops = pending_ops(store)?;
    keep(store, author, "root_gather", "收回保管人在别处签过字的更换单", &root, ops)
}

/// A holder signs on any PC: nothing but the file is needed.
///
/// # Errors
/// [`SyncError::NotAHolder`] where the change itself names its holders and this is none of them and none before; a file
/// that does not open.
pub fn countersign(root_file: &[u8], holder_file: &[u8], password: &str) -> Result<(Vec<u8>, Holder), SyncError> {
    let mut root = Signed::<Root>::from_file(root_file)?;
    let (holder, key) = holders::open(holder_file, root.value().county, password)?;
    root.countersign(&key);
    Ok((root.to_file(), holder))
}

/// Gives a change up, and the list with it. The files made for it open nothing any more.
///
/// # Errors
/// [`SyncError::NotCounty`].
pub fn give_up(store: &mut Store, author: &Author<'_>) -> Result<(), SyncError> {
    CountyKeys::ops(store)?;
    store.commit(author, "root_give_up", None, |txn| {
        txn.set_state(PENDING, &[])?;
        txn.set_state(LIST, &[])?;
        txn.forget_secret(PENDING_OPS)?;
        txn.note("撤销更换单和保管人名单")
    })?;
    Ok(())
}

/// The operations key a waiting change brings, if it brings one.
fn pending_ops(store: &Store) -> Result<Option<SigningKey>, SyncError> {
    let seed = store.secret(PENDING_OPS)?.and_then(|seed| seed.as_slice().try_into().ok());
    Ok(seed.map(zeroize::Zeroizing::new).map(|seed| SigningKey::from_seed(&seed)))
}

/// Keeps a change with the signatures under it and, in the same transaction, puts it in force once enough have signed:
/// everything the county ever issued is signed again with the operations key it names, and the root's key leaves the
/// database when it is no holder's any more. A change with all its signatures never waits: nobody could sign it on.
fn keep(
    store: &mut Store,
    author: &Author<'_>,
    action: &str,
    what: &str,
    root: &Signed<Root>,
    new_ops: Option<SigningKey>,
) -> Result<Progress, SyncError> {
    let trust = known_trust(store)?;
    let standing = root.standing(trust.root());
    let version = root.value().version;
    if !standing.is_met() {
        store.commit(author, action, None, |txn| {
            txn.set_state(PENDING, &root.to_file())?;
            if let Some(key) = &new_ops {
                txn.set_secret(PENDING_OPS, key.seed().as_ref())?;
            }
            txn.note(what)
        })?;
        return Ok(Progress { version, standing, in_force: false });
    }
    let ops = match new_ops {
        Some(key) => key,
        None => CountyKeys::ops(store)?,
    };
    let trust = trust.advance(&ops, root.clone())?;
    let leaves = root_key(store)?.is_some_and(|key| !trust.root().root_keys.contains(&key.public()));
    store.commit(author, action, None, |txn| {
        txn.note(what)?;
        txn.set_state(TRUST, &trust.encode())?;
        txn.set_secret(OPS, ops.seed().as_ref())?;
        txn.forget_secret(PENDING_OPS)?;
        if leaves {
            txn.forget_secret(ROOT)?;
        }
        txn.set_state(PENDING, &[])?;
        txn.set_state(LIST, &[])?;
        txn.note(&format!("县根密钥第 {version} 版生效"))?;
        Ok::<_, StoreError>(())
    })?;
    Ok(Progress { version, standing, in_force: true })
}
