//! The county of the golden files: whose keys open, and whom to believe.

use std::sync::OnceLock;

use crate::{DecryptionKey, EnrolmentRequest, SigningKey, Suite, TrustStore};

macro_rules! golden {
    ($name:literal) => {
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/golden/bundle/", $name))
    };
}

/// One suite's golden files and the keys behind them (`examples/golden.rs` says which seed is whose).
pub(super) struct County {
    pub(super) suite: Suite,
    pub(super) trust: TrustStore,
    pub(super) office: DecryptionKey,
    pub(super) device: DecryptionKey,
    pub(super) device_signing: SigningKey,
    pub(super) request: EnrolmentRequest,
    pub(super) bundle: &'static [u8],
    pub(super) membership: &'static [u8],
    pub(super) section: &'static [u8],
}

/// The two of them, suite 1 first.
pub(super) fn counties() -> &'static [County; 2] {
    static COUNTIES: OnceLock<[County; 2]> = OnceLock::new();
    COUNTIES.get_or_init(|| {
        [
            county(
                Suite::One,
                golden!("v1-up.mbx"),
                golden!("v1-membership.mbm"),
                golden!("v1-request.mbq"),
                golden!("v1-trust.bin"),
            ),
            county(
                Suite::Two,
                golden!("s2-up.mbx"),
                golden!("s2-membership.mbm"),
                golden!("s2-request.mbq"),
                golden!("s2-trust.bin"),
            ),
        ]
    })
}

fn county(
    suite: Suite,
    bundle: &'static [u8],
    membership: &'static [u8],
    request: &[u8],
    section: &'static [u8],
) -> County {
    const GOOD: &str = "the golden files are good";
    let opening = |seed| suite.decryption_key(&[seed; 32]).expect(GOOD);
    County {
        suite,
        trust: TrustStore::decode(section).expect(GOOD),
        office: opening(4),
        device: opening(6),
        device_signing: signing(suite, 5),
        request: EnrolmentRequest::open(request).expect(GOOD),
        bundle,
        membership,
        section,
    }
}

/// The key of a seed; one seed in 2^32 is none.
pub(super) fn signing(suite: Suite, seed: u8) -> SigningKey {
    suite.signing_key(&[seed; 32]).expect("a seed of one repeated byte is a key")
}
