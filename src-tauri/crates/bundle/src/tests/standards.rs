//! The algorithms of suite 2 against the examples printed in their standards.

use aes_gcm::aead::Aead;
use aes_gcm::aead::array::Array;
use aes_gcm::aead::consts::U12;
use aes_gcm::aead::{KeyInit, Payload};
use sm4::Sm4;
use sm4::cipher::{BlockCipherDecrypt, BlockCipherEncrypt};

use crate::keys::sm2;
use crate::{Suite, VerifyingKey};

/// Key pair of GB/T 32918.5-2017 annex A (GM/T 0003.5-2012 annex A) on the recommended curve.
const SECRET: &str = "3945208F 7B2144B1 3F36E38A C6D39F95 88939369 2860B51A 42FB81EF 4DF7C5B8";
const PUBLIC: &str = "04 09F9DF31 1E5421A1 50DD7D16 1E4BC5C6 72179FAD 1833FC07 6BB08FF3 56F35020
    CCEA490C E26775A5 2DC6EA71 8CC1AA60 0AED05FB F35E084A 6632F607 2DA9AD13";

pub(super) fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u32> =
        text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_digit(16).expect("a hex digit")).collect();
    assert_eq!(digits.len() % 2, 0, "{text}");
    digits.chunks(2).map(|pair| (pair[0] << 4 | pair[1]) as u8).collect()
}

fn array<const N: usize>(text: &str) -> [u8; N] {
    hex(text).try_into().unwrap()
}

#[test]
fn sm3_gives_the_digests_of_gb_t_32905() {
    assert_eq!(
        Suite::Two.hash(b"abc"),
        array("66C7F0F4 62EEEDD9 D1F2D46B DC10E4E2 4167C487 5CF2F7A2 297DA02B 8F4BA8E0")
    );
    assert_eq!(
        Suite::Two.hash(&b"abcd".repeat(16)),
        array("DEBE9FF9 2275B8A1 38604889 C18E5A4D 6FDB70E5 387E5765 293DCBA3 9C0C5732")
    );
}

#[test]
fn sm4_gives_the_blocks_of_gb_t_32907() {
    let text = array::<16>("01234567 89ABCDEF FEDCBA98 76543210");
    let cipher = Sm4::new(&Array(text));
    let mut block = Array(text);
    cipher.encrypt_block(&mut block);
    assert_eq!(block.0, array("681EDF34 D206965E 86B3E94F 536E4246"));
    cipher.decrypt_block(&mut block);
    assert_eq!(block.0, text);
    // The second example: a million times over.
    for _ in 0..1_000_000 {
        cipher.encrypt_block(&mut block);
    }
    assert_eq!(block.0, array("595298C7 C6FD271F 0402F804 C33D3F66"));
}

#[test]
fn sm4_gcm_gives_the_example_of_rfc_8998() {
    let gcm = aes_gcm::AesGcm::<Sm4, U12>::new(&Array(array("0123456789ABCDEFFEDCBA9876543210")));
    let nonce = Array(array("00001234567800000000ABCD"));
    let aad = hex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2");
    let plain = hex("AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDD
        EEEEEEEEEEEEEEEEFFFFFFFFFFFFFFFFEEEEEEEEEEEEEEEEAAAAAAAAAAAAAAAA");
    let sealed = hex("17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735
        D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D
        83DE3541E4C2B58177E065A9BF7B62EC");
    assert_eq!(gcm.encrypt(&nonce, Payload { msg: &plain, aad: &aad }).unwrap(), sealed);
    assert_eq!(gcm.decrypt(&nonce, Payload { msg: &sealed, aad: &aad }).unwrap(), plain);
}

#[test]
fn sm2_gives_the_public_key_of_gb_t_32918_5() {
    let key = Suite::Two.signing_key(&array(SECRET)).unwrap();
    assert_eq!(key.public().as_bytes(), hex(PUBLIC));
}

#[test]
fn sm2_accepts_the_published_signature_and_nothing_near_it() {
    let key = VerifyingKey::from_bytes(hex(PUBLIC)).unwrap();
    let signature = array::<64>(
        "F5A03B06 48D2C463 0EEAC513 E1BB81A1 5944DA38 27D5B741 43AC7EAC EEE720B3
         B1B6AA29 DF212FD8 763182BC 0D421CA1 BB9038FD 1F7F42D4 840B69C4 85BBC1AA",
    );
    assert!(key.verifies(b"message digest", &signature));
    assert!(!key.verifies(b"message digesu", &signature));
    for bit in 0..512 {
        let mut other = signature;
        other[bit / 8] ^= 1 << (bit % 8);
        assert!(!key.verifies(b"message digest", &other), "bit {bit}");
    }
    // Our own signature of the same message has another k, and is as good.
    let ours = Suite::Two.signing_key(&array(SECRET)).unwrap().sign(b"message digest");
    assert_ne!(ours, signature);
    assert!(key.verifies(b"message digest", &ours));
}

#[test]
fn sm2_opens_the_published_ciphertext_of_gb_t_32918_5() {
    let secret = sm2::Secret::from_seed(&array(SECRET)).unwrap();
    let ciphertext = hex("04 04EBFC71 8E8D1798 62043226 8E77FEB6 415E2EDE 0E073C0F 4F640ECD 2E149A73
            E858F9D8 1E5430A5 7B36DAAB 8F950A3C 64E6EE6A 63094D99 283AFF76 7E124DF0
            59983C18 F809E262 923C53AE C295D303 83B54E39 D609D160 AFCB1908 D0BD8766
            21886CA9 89CA9C7D 58087307 CA93092D 651EFA");
    assert_eq!(sm2::decrypt(&secret, &ciphertext).unwrap().as_slice(), b"encryption standard");
}
