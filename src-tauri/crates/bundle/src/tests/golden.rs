//! Files of released versions, which every later version must open for ever. age seals with its own randomness, so the
//! files cannot be made again; `examples/golden.rs` made them, and they must never be replaced.

use crate::{DecryptionKey, EnrolmentRequest, Pin, TrustStore, open_membership, verify_and_open};

macro_rules! golden {
    ($name:literal) => {
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/golden/bundle/", $name))
    };
}

/// The secret of a role in the key list: `name = 64 hex digits`.
fn key(name: &str) -> DecryptionKey {
    let list = std::str::from_utf8(golden!("v1-keys.txt")).unwrap();
    let line = list.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(" = ")).unwrap();
    let seed: Vec<u8> = line
        .as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect();
    DecryptionKey::from_seed(&seed.try_into().unwrap()).unwrap()
}

#[test]
fn the_first_bundle_ever_written_still_opens() {
    let trust = TrustStore::decode(golden!("v1-trust.bin")).unwrap();
    assert_eq!(trust.encode(), golden!("v1-trust.bin"));
    let opened = verify_and_open(golden!("v1-up.mbx"), &trust, &key("county sealing")).unwrap();
    assert_eq!(
        (opened.sender.unit.as_str(), opened.manifest.bundle_no, opened.manifest.part),
        ("青山镇卫生院", 1, (1, 1))
    );
    let [range] = opened.ranges.as_slice() else { panic!("one range") };
    let written = [b"\xa1\x01\x01".to_vec(), b"\xa1\x01\x02".to_vec(), b"\xa1\x01\x03".to_vec()];
    assert!(range.entries.iter().map(|entry| &entry.bytes).eq(&written));
    assert_eq!(range.range.log.to_string(), std::str::from_utf8(golden!("v1-log.txt")).unwrap().trim());
    assert_eq!((opened.acks.len(), opened.policies), (1, vec![b"policy".to_vec()]));
}

#[test]
fn the_first_enrolment_files_ever_written_still_open() {
    let request = EnrolmentRequest::open(golden!("v1-request.mbq")).unwrap();
    let words = std::str::from_utf8(golden!("v1-words.txt")).unwrap();
    let [of_request, of_county] = words.lines().collect::<Vec<_>>().try_into().unwrap();
    assert_eq!(request.words(), of_request);
    let joined =
        open_membership(golden!("v1-membership.mbm"), &key("device sealing"), &request, Pin::Words(of_county)).unwrap();
    assert_eq!(joined.trust.encode(), golden!("v1-trust.bin"));
    assert_eq!((joined.certificate.serial, joined.areas.as_deref()), (2, Some(b"villages".as_slice())));
}
