use aes_gcm::KeyInit;
use aes_gcm::aead::Aead;

use super::*;
use crate::seal::within_ratio;
use crate::suite::Suite;

const SEALED: Rejection = Rejection::Damaged("密文");
const STANZA: usize = 8 + WRAPPED;

fn key(seed: u8) -> DecryptionKey {
    Suite::Two.decryption_key(&[seed; 32]).unwrap()
}

fn noise(length: usize) -> Vec<u8> {
    (0u32..).flat_map(|n| Suite::Two.hash(&n.to_be_bytes())).take(length).collect()
}

fn header_length(recipients: usize) -> usize {
    10 + STANZA * recipients + PREFIX
}

/// The SM4 key inside a payload for one recipient, unwrapped at the offsets the format gives.
fn sm4_key(payload: &[u8], of: &DecryptionKey) -> [u8; KEY] {
    sm2::decrypt(of.sm2_secret().unwrap(), &payload[18..18 + WRAPPED]).unwrap().as_slice().try_into().unwrap()
}

fn nonce(header: &[u8], number: u32, last: bool) -> [u8; 12] {
    let mut nonce = [0; 12];
    nonce[..PREFIX].copy_from_slice(&header[header.len() - PREFIX..]);
    nonce[PREFIX..11].copy_from_slice(&number.to_be_bytes());
    nonce[11] = u8::from(last);
    nonce
}

#[test]
fn every_recipient_opens_it_and_nobody_else() {
    let (a, b, c) = (key(1), key(2), key(3));
    let payload = close(b"content", &[a.public(), b.public()]).unwrap();
    assert_eq!(payload.len(), header_length(2) + 7 + TAG);
    assert_eq!(open(&payload, 2, &a).unwrap(), b"content");
    assert_eq!(open(&payload, 2, &b).unwrap(), b"content");
    assert_eq!(open(&payload, 2, &c), Err(Rejection::NotForUs));
    assert_eq!(open(&payload, 1, &a), Err(Rejection::Malformed("收件人信封")));
    assert_eq!(open(&payload, 3, &a), Err(Rejection::Malformed("收件人信封")));
    // The second recipient's envelope in the name of the first opens for nobody.
    let mut swapped = payload.clone();
    swapped[10..18].copy_from_slice(&b.id().0);
    swapped[10 + STANZA..18 + STANZA].copy_from_slice(&a.id().0);
    assert_eq!(open(&swapped, 2, &a), Err(Rejection::Damaged("密封信封")));
}

#[test]
fn two_files_of_the_same_content_share_nothing() {
    let a = key(1);
    let [one, two] = [(); 2].map(|()| close(b"content", &[a.public()]).unwrap());
    assert_ne!(sm4_key(&one, &a), sm4_key(&two, &a));
    assert_ne!(one[18..18 + WRAPPED], two[18..18 + WRAPPED]);
    assert_ne!(one[header_length(1) - PREFIX..], two[header_length(1) - PREFIX..]);
}

#[test]
fn the_chunks_are_plain_sm4_gcm_under_the_nonces_the_format_gives() {
    let a = key(1);
    let content = noise(2 * CHUNK + 100);
    let payload = close(&content, &[a.public()]).unwrap();
    let header = &payload[..header_length(1)];
    let gcm = Sm4Gcm::new(&Array(sm4_key(&payload, &a)));
    let mut opened = Vec::new();
    let chunks: Vec<_> = payload[header.len()..].chunks(CHUNK + TAG).collect();
    for (number, chunk) in chunks.iter().enumerate() {
        let nonce = nonce(header, u32::try_from(number).unwrap(), number + 1 == chunks.len());
        opened.extend(gcm.decrypt(&Array(nonce), Payload { msg: chunk, aad: header }).unwrap());
    }
    assert!(opened == content && chunks.len() == 3);
}

#[test]
fn content_of_every_length_around_a_chunk_comes_back() {
    let a = key(1);
    for length in [1, 15, 16, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK - 1, 2 * CHUNK, 2 * CHUNK + 1] {
        let content = noise(length);
        let payload = close(&content, &[a.public()]).unwrap();
        assert_eq!(payload.len(), header_length(1) + length + length.div_ceil(CHUNK) * TAG, "{length}");
        assert!(open(&payload, 1, &a).unwrap() == content, "{length}");
    }
}

#[test]
fn chunks_cannot_be_dropped_repeated_reordered_or_cut() {
    let a = key(1);
    let payload = close(&noise(3 * CHUNK + 100), &[a.public()]).unwrap();
    let (header, sealed) = payload.split_at(header_length(1));
    let chunks: Vec<&[u8]> = sealed.chunks(SEALED_CHUNK).collect();
    let with = |order: &[usize]| {
        let mut file = header.to_vec();
        order.iter().for_each(|chunk| file.extend_from_slice(chunks[*chunk]));
        open(&file, 1, &a).map(drop)
    };
    assert_eq!(with(&[0, 1, 2, 3]), Ok(()));
    for order in [
        &[0, 1, 2][..],
        &[0, 1],
        &[0],
        &[3],
        &[],
        &[1, 2, 3],
        &[0, 2, 3],
        &[0, 1, 3],
        &[1, 0, 2, 3],
        &[0, 2, 1, 3],
        &[0, 1, 1, 2, 3],
        &[0, 1, 2, 3, 3],
        &[0, 1, 2, 2],
    ] {
        assert_eq!(with(order), Err(SEALED), "{order:?}");
    }
    for cut in [1, 16, 17, 100, 116, 117, SEALED_CHUNK, 2 * SEALED_CHUNK] {
        assert_eq!(open(&payload[..payload.len() - cut], 1, &a), Err(SEALED), "{cut} bytes");
    }
    assert_eq!(open(&[payload.as_slice(), &[0]].concat(), 1, &a), Err(SEALED));
}

#[test]
fn an_empty_last_chunk_is_refused_even_when_its_tag_is_right() {
    let a = key(1);
    let payload = close(&noise(CHUNK), &[a.public()]).unwrap();
    let header = &payload[..header_length(1)];
    let gcm = Sm4Gcm::new(&Array(sm4_key(&payload, &a)));
    let seal = |number, last, msg: &[u8]| {
        gcm.encrypt(&Array(nonce(header, number, last)), Payload { msg, aad: header }).unwrap()
    };
    let whole = noise(CHUNK);
    let good = [header, &seal(0, false, &whole), &seal(1, true, b"x")].concat();
    assert_eq!(open(&good, 1, &a).map(|content| content.len()), Ok(CHUNK + 1));
    for bad in [
        [header, &seal(0, false, &whole), &seal(1, true, b"")].concat(),
        [header, &seal(0, true, b"")].concat(),
        // A last chunk that is not marked as last.
        [header, &seal(0, false, &whole), &seal(1, false, b"x")].concat(),
        // One that is marked so too early.
        [header, &seal(0, true, &whole), &seal(1, true, b"x")].concat(),
    ] {
        assert_eq!(open(&bad, 1, &a), Err(SEALED));
    }
}

#[test]
fn every_flipped_bit_and_every_cut_of_an_envelope_is_noticed() {
    let a = key(1);
    let payload = close(b"content", &[a.public()]).unwrap();
    let mut bad = payload.clone();
    for bit in 0..payload.len() * 8 {
        bad[bit / 8] ^= 1 << (bit % 8);
        assert!(open(&bad, 1, &a).is_err(), "bit {bit}");
        bad[bit / 8] = payload[bit / 8];
    }
    for length in 0..payload.len() {
        assert!(open(&payload[..length], 1, &a).is_err(), "cut at {length}");
    }
}

#[test]
fn a_recipient_added_later_breaks_the_seal_of_every_chunk() {
    let (a, b) = (key(1), key(2));
    let payload = close(b"content", &[a.public()]).unwrap();
    let wrapped = sm2::encrypt(b.public().sm2_point().unwrap(), &sm4_key(&payload, &a)).unwrap();
    let mut edited = payload[..10 + STANZA].to_vec();
    edited[9] = 2;
    edited.extend_from_slice(&b.id().0);
    edited.extend_from_slice(&wrapped);
    edited.extend_from_slice(&payload[10 + STANZA..]);
    // Both get the right SM4 key out of it, and neither the content.
    for key in [&a, &b] {
        assert_eq!(open(&edited, 2, key), Err(SEALED));
    }
}

#[test]
fn stanzas_are_counted_before_any_is_decrypted() {
    let fault = Err(Rejection::Malformed("收件人信封"));
    let a = key(1);
    let payload = close(b"content", &[a.public()]).unwrap();
    let stanza = &payload[10..10 + STANZA];
    let flood = |count: u16, present: usize| {
        let mut file = MAGIC.to_vec();
        file.extend_from_slice(&count.to_be_bytes());
        file.extend_from_slice(&stanza.repeat(present));
        file.extend_from_slice(&payload[10 + STANZA..]);
        file
    };
    assert_eq!(open(&flood(1, 1), 1, &a).map(drop), Ok(()));
    assert_eq!(open(&flood(u16::MAX, 1000), 1, &a), fault);
    assert_eq!(open(&flood(64, 1), 64, &a), fault);
    assert_eq!(open(&flood(0, 0), 1, &a), fault);
    assert_eq!(open(&flood(2, 2), 2, &a), fault, "one recipient twice");
    let many: Vec<_> = (1..=64).map(|seed| key(seed).public()).collect();
    let payload = close(b"content", &many).unwrap();
    assert_eq!(open(&payload, 64, &key(64)).unwrap(), b"content");
    assert_eq!(open(b"age-encryption.org/v1\n", 1, &a), fault);
}

#[test]
fn limits_on_what_comes_out_hold_in_this_suite_too() {
    let a = key(1);
    let plain = vec![0; 32 << 20];
    let bomb = close(&zstd::bulk::compress(&plain, 9).unwrap(), &[a.public()]).unwrap();
    let open = |payload: &[u8], plain_len| Suite::Two.open(payload, 1, plain_len, &a);
    assert!(within_ratio(plain.len() as u64, bomb.len() as u64).is_err());
    assert_eq!(open(&bomb, plain.len() as u64), Err(Rejection::TooLarge("压缩比异常")));
    assert_eq!(open(&bomb, 1000), Err(Rejection::Malformed("压缩数据")));
    assert_eq!(open(&bomb, u64::MAX), Err(Rejection::TooLarge("解开后超过1GB")));
    // What we write ourselves never looks like one.
    let payload = Suite::Two.seal(&plain, &[a.public()]).unwrap();
    assert!(open(&payload, plain.len() as u64).unwrap() == plain);
}

#[test]
fn keys_of_another_suite_neither_seal_nor_open() {
    let (one, two) = (Suite::One.decryption_key(&[1; 32]).unwrap(), key(1));
    assert_eq!(Suite::One.seal(b"x", &[two.public()]), Err(SealError::Suites));
    assert_eq!(Suite::Two.seal(b"x", &[one.public()]), Err(SealError::Suites));
    assert_eq!(Suite::Two.seal(b"x", &[two.public(), one.public()]), Err(SealError::Suites));
    for (suite, own, other) in [(Suite::One, &one, &two), (Suite::Two, &two, &one)] {
        let payload = suite.seal(b"x", &[own.public()]).unwrap();
        let [wrong] = [Suite::One, Suite::Two].into_iter().filter(|s| *s != suite).collect::<Vec<_>>()[..] else {
            panic!("two suites")
        };
        assert_eq!(suite.open(&payload, 1, 1, own).unwrap(), b"x");
        assert_eq!(suite.open(&payload, 1, 1, other), Err(Rejection::NotForUs));
        assert_eq!(wrong.open(&payload, 1, 1, own), Err(Rejection::NotForUs));
        assert_eq!(wrong.open(&payload, 1, 1, other), Err(Rejection::Malformed("收件人信封")));
    }
}
