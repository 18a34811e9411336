//! The keys of this PC and, on the county's PC, those of the county. Secrets live inside the encrypted database.

use std::collections::BTreeSet;

use mingbai_bundle::{Certificate, CountyId, DecryptionKey, Role, Root, SigningKey, Suite, TrustStore};
use mingbai_ledger::to_hex;
use mingbai_store::{Reading, Store, StoreError, Txn};

use crate::error::SyncError;

const SIGNING: &str = "device_signing";
const DECRYPTION: &str = "device_decryption";
const NEXT_SIGNING: &str = "next_signing";
const NEXT_DECRYPTION: &str = "next_decryption";
const PAST_SIGNING: &str = "past_signing";
const PAST_DECRYPTION: &str = "past_decryption";
/// The root's key, as long as it has not been given to holders.
pub(crate) const ROOT: &str = "county_root";
pub(crate) const OPS: &str = "county_ops";
/// Where the trust store is kept in the database's local state.
pub(crate) const TRUST: &str = "trust";

/// This PC's keys.
#[derive(Debug)]
pub struct DeviceKeys {
    /// Signs its bundles and checkpoints.
    pub signing: SigningKey,
    /// Opens what is sent to it.
    pub decryption: DecryptionKey,
}

/// Grows a key from the host's randomness. A seed that gives no key is drawn again.
pub(crate) fn grow<T>(random: &dyn Fn(&mut [u8]), make: impl Fn(&[u8; 32]) -> Option<T>) -> T {
    loop {
        let mut seed = zeroize::Zeroizing::new([0; 32]);
        random(seed.as_mut());
        if let Some(key) = make(&seed) {
            return key;
        }
    }
}

impl DeviceKeys {
    /// New keys.
    #[must_use]
    pub fn generate(random: &dyn Fn(&mut [u8])) -> Self {
        let signing = grow(random, |seed| Some(SigningKey::from_seed(seed)));
        Self { signing, decryption: grow(random, DecryptionKey::from_seed) }
    }

    /// Keeps them in the database.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be written.
    pub fn save(&self, store: &mut Store) -> Result<(), StoreError> {
        store.set_secret(SIGNING, self.signing.seed().as_ref())?;
        store.set_secret(DECRYPTION, self.decryption.seed().as_ref())
    }

    /// The keys of this database.
    ///
    /// # Errors
    /// [`SyncError::NoKeys`] when it has none.
    pub fn load(store: &Store) -> Result<Self, SyncError> {
        let signing = SigningKey::from_seed(&*seed(store, SIGNING)?);
        let decryption = DecryptionKey::from_seed(&*seed(store, DECRYPTION)?).ok_or(SyncError::NoKeys)?;
        Ok(Self { signing, decryption })
    }
}

/// All keys of this PC: a log is signed with the key it began with, and what was sealed to an old key still has to open.
#[derive(Debug)]
pub struct KeyRing {
    /// The keys the county knows this PC by.
    pub current: DeviceKeys,
    /// Keys the county has not certified yet.
    pub next: Option<DeviceKeys>,
    /// Keys this PC had before.
    pub past: Vec<DeviceKeys>,
}

impl KeyRing {
    /// The keys of this database.
    ///
    /// # Errors
    /// [`SyncError::NoKeys`] when it has none.
    pub fn load(store: &Store) -> Result<Self, SyncError> {
        let next = match (store.secret(NEXT_SIGNING)?, store.secret(NEXT_DECRYPTION)?) {
            (Some(signing), Some(decryption)) => pair(&signing, &decryption),
            _ => None,
        };
        let (signing, decryption) = (store.secret(PAST_SIGNING)?, store.secret(PAST_DECRYPTION)?);
        let (signing, decryption) = (signing.unwrap_or_default(), decryption.unwrap_or_default());
        let past = signing.chunks_exact(32).zip(decryption.chunks_exact(32)).filter_map(|(s, d)| pair(s, d)).collect();
        Ok(Self { current: DeviceKeys::load(store)?, next, past })
    }

    /// The key a log of this PC is signed with, by the name its genesis gives it.
    #[must_use]
    pub fn signer(&self, device_key: &[u8; 32]) -> Option<&SigningKey> {
        let all = std::iter::once(&self.current).chain(&self.next).chain(&self.past);
        all.map(|keys| &keys.signing).find(|key| key.public().log_key() == *device_key)
    }

    /// The keys the county knows or knew this PC by, newest first.
    pub(crate) fn opening(&self) -> impl Iterator<Item = &DecryptionKey> {
        std::iter::once(&self.current).chain(self.past.iter().rev()).map(|keys| &keys.decryption)
    }

    /// Keeps the keys the county is to certify next.
    pub(crate) fn keep_next(txn: &mut Txn<'_>, next: &DeviceKeys) -> Result<(), StoreError> {
        txn.set_secret(NEXT_SIGNING, next.signing.seed().as_ref())?;
        txn.set_secret(NEXT_DECRYPTION, next.decryption.seed().as_ref())
    }

    /// Makes the next keys the current ones, in one transaction: one without the others would be keys of nobody.
    pub(crate) fn promote(self, txn: &mut Txn<'_>) -> Result<(), StoreError> {
        let Some(next) = self.next else { return Ok(()) };
        let (mut signing, mut decryption) = (zeroize::Zeroizing::new(Vec::new()), zeroize::Zeroizing::new(Vec::new()));
        for keys in self.past.iter().chain([&self.current]) {
            signing.extend_from_slice(keys.signing.seed().as_ref());
            decryption.extend_from_slice(keys.decryption.seed().as_ref());
        }
        txn.set_secret(PAST_SIGNING, &signing)?;
        txn.set_secret(PAST_DECRYPTION, &decryption)?;
        txn.set_secret(SIGNING, next.signing.seed().as_ref())?;
        txn.set_secret(DECRYPTION, next.decryption.seed().as_ref())?;
        txn.forget_secret(NEXT_SIGNING)?;
        txn.forget_secret(NEXT_DECRYPTION)
    }
}

fn pair(signing: &[u8], decryption: &[u8]) -> Option<DeviceKeys> {
    let signing = SigningKey::from_seed(&zeroize::Zeroizing::new(signing.try_into().ok()?));
    let decryption = DecryptionKey::from_seed(&zeroize::Zeroizing::new(decryption.try_into().ok()?))?;
    Some(DeviceKeys { signing, decryption })
}

fn seed(store: &Store, name: &str) -> Result<zeroize::Zeroizing<[u8; 32]>, SyncError> {
    let secret = store.secret(name)?.ok_or(SyncError::NoKeys)?;
    let bytes: [u8; 32] = secret.as_slice().try_into().map_err(|_| SyncError::NoKeys)?;
    Ok(zeroize::Zeroizing::new(bytes))
}

/// The county's keys and its first trust: a root of one holder, an operations key, a certificate for its own PC.
#[derive(Debug)]
pub struct CountyKeys {
    /// Signs roots, until holders do.
    pub root: Option<SigningKey>,
    /// Signs certificates and revocations.
    pub ops: SigningKey,
    /// Whom the county certifies.
    pub trust: TrustStore,
    /// Serial of the county PC's own certificate.
    pub serial: u64,
}

/// What a county says of itself at set-up.
#[derive(Clone, Copy, Debug)]
pub struct CountyName<'a> {
    /// Six digits.
    pub area: &'a str,
    /// 县名.
    pub county: &'a str,
    /// 单位名称.
    pub unit: &'a str,
}

impl CountyKeys {
    /// A new county around the keys of its PC.
    ///
    /// # Errors
    /// [`SyncError::Rejected`] when the names do not make a sound root.
    pub fn generate(random: &dyn Fn(&mut [u8]), name: CountyName<'_>, device: &DeviceKeys) -> Result<Self, SyncError> {
        let mut id = [0; 8];
        random(&mut id);
        let (root, ops) =
            (grow(random, |s| Some(SigningKey::from_seed(s))), grow(random, |s| Some(SigningKey::from_seed(s))));
        let first = Root {
            county: CountyId(id),
            version: 1,
            county_name: name.county.to_owned(),
            area: name.area.to_owned(),
            suite: Suite::One.number(),
            root_keys: vec![root.public()],
            threshold: 1,
            ops_keys: vec![ops.public()],
            sealing_key: device.decryption.public(),
            holders: Vec::new(),
        };
        let trust = TrustStore::found(first.sign(&[&root]))?;
        let serial = trust.next_serial();
        let certificate = Certificate {
            county: CountyId(id),
            serial,
            device: name.unit.to_owned(),
            unit: name.unit.to_owned(),
            signing: device.signing.public(),
            sealing: device.decryption.public(),
            area: name.area.to_owned(),
            roles: vec![Role::County],
            county_epoch: 1,
            renews: None,
        };
        let trust = trust.issue(&ops, certificate)?;
        Ok(Self { root: Some(root), ops, trust, serial })
    }

    /// Keeps them in the database.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be written.
    pub fn save(&self, store: &mut Store) -> Result<(), StoreError> {
        if let Some(root) = &self.root {
            store.set_secret(ROOT, root.seed().as_ref())?;
        }
        store.set_secret(OPS, self.ops.seed().as_ref())?;
        save_trust(store, &self.trust)
    }

    /// The operations key of this county PC.
    ///
    /// # Errors
    /// [`SyncError::NotCounty`] on a township's PC.
    pub fn ops(store: &Store) -> Result<SigningKey, SyncError> {
        Ok(SigningKey::from_seed(&*seed(store, OPS).map_err(|_| SyncError::NotCounty)?))
    }
}

/// The root's key, where it lies in the database still.
///
/// # Errors
/// [`SyncError`] when the database cannot be read.
pub fn root_key(store: &Store) -> Result<Option<SigningKey>, SyncError> {
    if store.secret(ROOT)?.is_none() {
        return Ok(None);
    }
    Ok(Some(SigningKey::from_seed(&*seed(store, ROOT)?)))
}

/// Where it is kept that two keys are of one PC: the key that took another's place, and which.
fn renewed_key(key: &[u8; 32]) -> String {
    format!("renewed/{}", to_hex(key))
}

/// Keeps that a PC's key took the place of another, as its certificate says.
///
/// # Errors
/// [`StoreError`] when it cannot be written.
pub(crate) fn note_renewal(txn: &mut Txn<'_>, trust: &TrustStore, device: &Certificate) -> Result<(), StoreError> {
    let mut device = device;
    while let Some(old) = device.renews.filter(|old| *old < device.serial).and_then(|old| trust.certificate(old)) {
        txn.set_state(&renewed_key(&device.signing.log_key()), &old.signing.log_key())?;
        device = old;
    }
    Ok(())
}

/// The first key of the PC that now signs with this one. Of keys that took each other's place in turn the least stands for
/// all, wherever one started.
pub(crate) fn first_key(reading: Reading<'_>, key: [u8; 32]) -> Result<[u8; 32], StoreError> {
    let before = |key: &[u8; 32]| -> Result<Option<[u8; 32]>, StoreError> {
        Ok(reading.state(&renewed_key(key))?.and_then(|bytes| bytes.try_into().ok()))
    };
    let (mut first, mut seen) = (key, BTreeSet::new());
    while seen.insert(first) {
        let Some(old) = before(&first)? else { return Ok(first) };
        first = old;
    }
    let (mut least, mut at) = (first, before(&first)?);
    while let Some(old) = at.filter(|old| *old != first) {
        (least, at) = (least.min(old), before(&old)?);
    }
    Ok(least)
}

/// Whom this PC believes; nothing before enrolment.
///
/// # Errors
/// [`SyncError`] when what is kept does not verify.
pub fn trust(store: &Store) -> Result<Option<TrustStore>, SyncError> {
    Ok(store.state(TRUST)?.map(|bytes| TrustStore::decode(&bytes)).transpose()?)
}

/// The same, where it must be there.
///
/// # Errors
/// [`SyncError::NotEnrolled`] before enrolment.
pub fn known_trust(store: &Store) -> Result<TrustStore, SyncError> {
    trust(store)?.ok_or(SyncError::NotEnrolled)
}

/// Keeps whom this PC believes.
///
/// # Errors
/// [`StoreError`] when it cannot be written.
pub fn save_trust(store: &mut Store, trust: &TrustStore) -> Result<(), StoreError> {
    store.set_state(TRUST, &trust.encode())
}
