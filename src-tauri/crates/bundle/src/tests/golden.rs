//! Files of released versions, which every later version must open for ever. Sealing draws its own randomness, so the
//! files cannot be made again; `examples/golden.rs` made them, and they must never be replaced.

use crate::{DecryptionKey, EnrolmentRequest, Pin, Suite, TrustStore, open_membership, verify_and_open};

macro_rules! golden {
    ($name:literal) => {
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/golden/bundle/", $name))
    };
}
pub(super) use golden;

/// The secret of a role in a key list: `name = 64 hex digits`.
pub(super) fn key_in(suite: Suite, list: &[u8], name: &str) -> DecryptionKey {
    let list = std::str::from_utf8(list).unwrap();
    let line = list.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(" = ")).unwrap();
    suite.decryption_key(&super::standards::hex(line).try_into().unwrap()).unwrap()
}

/// What one suite's set of golden files must give.
struct Golden<'a> {
    suite: Suite,
    keys: &'a [u8],
    trust: &'a [u8],
    bundle: &'a [u8],
    request: &'a [u8],
    membership: &'a [u8],
    words: &'a [u8],
    log: &'a [u8],
}

impl Golden<'_> {
    fn key(&self, name: &str) -> DecryptionKey {
        key_in(self.suite, self.keys, name)
    }

    fn bundle_opens(&self) {
        let trust = TrustStore::decode(self.trust).unwrap();
        assert_eq!(trust.encode(), self.trust);
        assert_eq!(trust.root().suite, self.suite.number());
        let opened = verify_and_open(self.bundle, &trust, &self.key("county sealing")).unwrap();
        assert_eq!(opened.outer.suite, self.suite);
        assert_eq!(
            (opened.sender.unit.as_str(), opened.manifest.bundle_no, opened.manifest.part),
            ("青山镇卫生院", 1, (1, 1))
        );
        let [range] = opened.ranges.as_slice() else { panic!("one range") };
        let written = [b"\xa1\x01\x01".to_vec(), b"\xa1\x01\x02".to_vec(), b"\xa1\x01\x03".to_vec()];
        assert!(range.entries.iter().map(|entry| &entry.bytes).eq(&written));
        assert_eq!(range.range.log.to_string(), std::str::from_utf8(self.log).unwrap().trim());
        assert_eq!((opened.acks.len(), opened.policies), (1, vec![b"policy".to_vec()]));
    }

    fn enrolment_opens(&self) {
        let request = EnrolmentRequest::open(self.request).unwrap();
        let words = std::str::from_utf8(self.words).unwrap();
        let [of_request, of_county] = words.lines().collect::<Vec<_>>().try_into().unwrap();
        assert_eq!(request.words(), of_request);
        let joined =
            open_membership(self.membership, &self.key("device sealing"), &request, Pin::Words(of_county)).unwrap();
        assert_eq!(joined.trust.encode(), self.trust);
        assert_eq!((joined.certificate.serial, joined.areas.as_deref()), (2, Some(b"villages".as_slice())));
    }
}

const SUITE_1: Golden<'static> = Golden {
    suite: Suite::One,
    keys: golden!("v1-keys.txt"),
    trust: golden!("v1-trust.bin"),
    bundle: golden!("v1-up.mbx"),
    request: golden!("v1-request.mbq"),
    membership: golden!("v1-membership.mbm"),
    words: golden!("v1-words.txt"),
    log: golden!("v1-log.txt"),
};

const SUITE_2: Golden<'static> = Golden {
    suite: Suite::Two,
    keys: golden!("s2-keys.txt"),
    trust: golden!("s2-trust.bin"),
    bundle: golden!("s2-up.mbx"),
    request: golden!("s2-request.mbq"),
    membership: golden!("s2-membership.mbm"),
    words: golden!("s2-words.txt"),
    log: golden!("s2-log.txt"),
};

#[test]
fn the_first_bundle_ever_written_still_opens() {
    SUITE_1.bundle_opens();
}

#[test]
fn the_first_enrolment_files_ever_written_still_open() {
    SUITE_1.enrolment_opens();
}

#[test]
fn the_first_suite_2_bundle_ever_written_still_opens() {
    SUITE_2.bundle_opens();
}

#[test]
fn the_first_suite_2_enrolment_files_ever_written_still_open() {
    SUITE_2.enrolment_opens();
}
