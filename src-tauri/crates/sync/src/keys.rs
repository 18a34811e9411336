//! The keys of this PC and, on the county's PC, those of the county. Secrets live inside the encrypted database.

use mingbai_bundle::{Certificate, CountyId, DecryptionKey, Role, Root, SigningKey, Suite, TrustStore};
use mingbai_store::{Store, StoreError};

use crate::error::SyncError;

const SIGNING: &str = "device_signing";
const DECRYPTION: &str = "device_decryption";
const ROOT: &str = "county_root";
const OPS: &str = "county_ops";
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
fn grow<T>(random: &dyn Fn(&mut [u8]), make: impl Fn(&[u8; 32]) -> Option<T>) -> T {
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

fn seed(store: &Store, name: &str) -> Result<zeroize::Zeroizing<[u8; 32]>, SyncError> {
    let secret = store.secret(name)?.ok_or(SyncError::NoKeys)?;
    let bytes: [u8; 32] = secret.as_slice().try_into().map_err(|_| SyncError::NoKeys)?;
    Ok(zeroize::Zeroizing::new(bytes))
}

/// The county's keys and its first trust: a root of one holder, an operations key, a certificate for its own PC.
#[derive(Debug)]
pub struct CountyKeys {
    /// Signs roots.
    pub root: SigningKey,
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
        };
        let trust = trust.issue(&ops, certificate)?;
        Ok(Self { root, ops, trust, serial })
    }

    /// Keeps them in the database.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be written.
    pub fn save(&self, store: &mut Store) -> Result<(), StoreError> {
        store.set_secret(ROOT, self.root.seed().as_ref())?;
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
