//! What another implementation made (OpenSSL 3 for SM2 and SM3, PyPI cryptography for SM4-GCM; see
//! `tests/golden/bundle/suite2.py`) is verified, unwrapped and opened by ours. The script's `check` is the other way.

use aes_gcm::aead::KeyInit;
use aes_gcm::aead::array::Array;
use sm4::Sm4;
use sm4::cipher::BlockCipherEncrypt;

use super::golden::{golden, key_in};
use super::standards::hex;
use crate::keys::sm2;
use crate::seal::sm_envelope;
use crate::{Suite, TrustStore, VerifyingKey, verify_and_open};

/// The fields of every line of one kind.
fn lines<const N: usize>(kind: &str) -> Vec<[Vec<u8>; N]> {
    let text = std::str::from_utf8(golden!("s2-foreign.txt")).unwrap();
    let of_kind = text.lines().filter_map(|line| line.strip_prefix(kind)?.strip_prefix(' '));
    let found: Vec<[Vec<u8>; N]> =
        of_kind.map(|fields| fields.split(' ').map(hex).collect::<Vec<_>>().try_into().unwrap()).collect();
    assert_eq!(found.len(), 7, "{kind}");
    found
}

fn seed(bytes: &[u8]) -> [u8; 32] {
    bytes.try_into().unwrap()
}

#[test]
fn openssl_and_we_hash_alike() {
    for [message, digest] in lines("sm3") {
        assert_eq!(Suite::Two.hash(&message), *digest);
    }
}

#[test]
fn openssl_and_we_encipher_a_block_alike() {
    for [key, plain, sealed] in lines("sm4") {
        let mut block = Array(<[u8; 16]>::try_from(plain).unwrap());
        Sm4::new(&Array(<[u8; 16]>::try_from(key).unwrap())).encrypt_block(&mut block);
        assert_eq!(block.0, *sealed);
    }
}

#[test]
fn openssl_and_we_make_the_same_public_key_of_a_secret() {
    for [secret, point] in lines("sm2-key") {
        assert_eq!(Suite::Two.signing_key(&seed(&secret)).unwrap().public().as_bytes(), point);
        assert_eq!(Suite::Two.decryption_key(&seed(&secret)).unwrap().public().as_bytes(), point);
    }
}

#[test]
fn we_verify_what_openssl_signed_and_nothing_else() {
    let signed = lines("sm2-sign");
    for (at, [point, message, signature]) in signed.iter().enumerate() {
        let key = VerifyingKey::from_bytes(point).unwrap();
        let signature = signature.as_slice().try_into().unwrap();
        assert!(key.verifies(message, &signature));
        let [_, other, _] = &signed[(at + 1) % signed.len()];
        assert!(!key.verifies(other, &signature));
    }
}

#[test]
fn we_unwrap_what_openssl_wrapped() {
    for [secret, key, wrapped] in lines("sm2-wrap") {
        let secret = sm2::Secret::from_seed(&seed(&secret)).unwrap();
        assert_eq!(*sm2::decrypt(&secret, &wrapped).unwrap(), key);
    }
}

#[test]
fn we_open_an_envelope_for_two_that_others_closed() {
    for [secret, content, envelope] in lines("envelope") {
        let key = Suite::Two.decryption_key(&seed(&secret)).unwrap();
        assert_eq!(sm_envelope::open(&envelope, 2, &key).unwrap(), content);
    }
}

#[test]
fn we_open_an_envelope_of_two_chunks_that_others_closed() {
    let key = key_in(Suite::Two, golden!("s2-keys.txt"), "county sealing");
    let content = sm_envelope::open(golden!("s2-foreign-chunks.bin"), 1, &key).unwrap();
    assert!((0u32..16_400).flat_map(u32::to_be_bytes).eq(content));
}

#[test]
fn a_bundle_sealed_and_signed_by_others_is_taken_like_our_own() {
    let trust = TrustStore::decode(golden!("s2-trust.bin")).unwrap();
    let county = key_in(Suite::Two, golden!("s2-keys.txt"), "county sealing");
    let [ours, theirs] = [&golden!("s2-up.mbx")[..], golden!("s2-foreign.mbx")]
        .map(|file| verify_and_open(file, &trust, &county).unwrap());
    assert_ne!(ours.outer.payload_hash, theirs.outer.payload_hash);
    assert_eq!((ours.manifest, ours.ranges), (theirs.manifest, theirs.ranges));
}
