use std::io::Write;

use super::age_file::check_stanzas;
use super::*;

fn seal(plain: &[u8], recipients: &[SealingKey]) -> Result<Vec<u8>, SealError> {
    super::seal(Suite::One, plain, recipients, 0)
}

fn open(payload: &[u8], recipients: usize, plain_len: u64, key: &DecryptionKey) -> Result<Vec<u8>, Rejection> {
    super::open(Suite::One, payload, recipients, plain_len, key)
}

fn key(seed: u8) -> DecryptionKey {
    DecryptionKey::from_seed(&[seed; 32]).unwrap()
}

/// Seals a ready-made "compressed" text, to play a sender who does not keep the rules.
fn seal_raw(compressed: &[u8], to: &DecryptionKey) -> Vec<u8> {
    let recipient = to.public().age_recipient().unwrap();
    let encryptor = age::Encryptor::with_recipients(std::iter::once(&recipient as &dyn age::Recipient)).unwrap();
    let mut writer = encryptor.wrap_output(Vec::new()).unwrap();
    writer.write_all(compressed).unwrap();
    writer.finish().unwrap()
}

fn noise(length: usize) -> Vec<u8> {
    let mut state = 1u64;
    (0..length)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 56) as u8
        })
        .collect()
}

#[test]
fn every_recipient_opens_it_and_nobody_else() {
    let (a, b, c) = (key(1), key(2), key(3));
    let payload = seal(b"plain", &[a.public(), b.public()]).unwrap();
    assert_eq!(open(&payload, 2, 5, &a).unwrap(), b"plain");
    assert_eq!(open(&payload, 2, 5, &b).unwrap(), b"plain");
    assert_eq!(open(&payload, 2, 5, &c), Err(Rejection::NotForUs));
    assert_eq!(open(&payload, 1, 5, &a), Err(Rejection::Malformed("收件人信封")));
}

#[test]
fn nobody_or_somebody_twice_is_no_list_of_recipients() {
    let a = key(1).public();
    assert_eq!(seal(b"", &[]), Err(SealError::Recipients));
    assert_eq!(seal(b"", &[a, a]), Err(SealError::Recipients));
}

#[test]
fn large_content_stays_within_the_window_of_old_pcs() {
    let plain = noise(10 << 20);
    let payload = seal(&plain, &[key(1).public()]).unwrap();
    assert!(open(&payload, 1, plain.len() as u64, &key(1)).unwrap() == plain);
}

#[test]
fn what_would_look_like_a_bomb_is_stored_instead() {
    let plain = vec![0; 3 << 20];
    let payload = seal(&plain, &[key(1).public()]).unwrap();
    assert!(payload.len() > 3 << 20);
    assert!(open(&payload, 1, plain.len() as u64, &key(1)).unwrap() == plain);
}

#[test]
fn a_bomb_is_refused_by_its_numbers_before_it_is_opened() {
    let plain = vec![0; 32 << 20];
    let bomb = seal_raw(&zstd::bulk::compress(&plain, 9).unwrap(), &key(1));
    assert_eq!(open(&bomb, 1, plain.len() as u64, &key(1)), Err(Rejection::TooLarge("压缩比异常")));
    // The same bomb announcing a harmless size is stopped by the size in its own frame.
    assert_eq!(open(&bomb, 1, 1000, &key(1)), Err(Rejection::Malformed("压缩数据")));
    assert_eq!(open(&bomb, 1, u64::MAX, &key(1)), Err(Rejection::TooLarge("解开后超过1GB")));
}

#[test]
fn frames_outside_the_format_are_refused() {
    let plain = noise(1000);
    let good = zstd::bulk::compress(&plain, 9).unwrap();
    let second_frame = [good.as_slice(), &good].concat();
    let skippable = [good.as_slice(), &[0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0]].concat();
    let no_size = zstd::stream::encode_all(plain.as_slice(), 9).unwrap();
    let mut dictionary = good.clone();
    dictionary[4] |= 1;
    let mut reserved = good.clone();
    reserved[4] |= 8;
    let mut huge_window = store(&plain);
    huge_window[5] = 21 << 3;
    let mut lying = store(&plain);
    lying[6..14].copy_from_slice(&999u64.to_le_bytes());
    assert_eq!(inflate(&good, 1000), Ok(plain.clone()));
    assert_eq!(inflate(&store(&plain), 1000), Ok(plain));
    for (bad, what) in [
        (&second_frame, "second frame"),
        (&skippable, "skippable frame"),
        (&no_size, "no content size"),
        (&dictionary, "dictionary"),
        (&reserved, "reserved bit"),
        (&huge_window, "2 GiB window"),
        (&lying, "untrue size"),
        (&Vec::new(), "nothing"),
    ] {
        assert_eq!(inflate(bad, 1000), Err(Rejection::Malformed("压缩数据")), "{what}");
    }
    assert_eq!(inflate(&lying, 999), Err(Rejection::Malformed("压缩数据")));
    for cut in 0..good.len() {
        assert!(inflate(&good[..cut], 1000).is_err(), "cut at {cut}");
    }
}

#[test]
fn password_stanzas_floods_and_other_envelopes_never_reach_the_library() {
    let fault = Err(Rejection::Malformed("收件人信封"));
    let head = "age-encryption.org/v1\n";
    let stanza = "-> X25519 AAAA\nBBBB\n";
    let scrypt = format!("{head}-> scrypt AAAA 30\nBBBB\n--- MAC\n");
    assert_eq!(check_stanzas(scrypt.as_bytes(), 1), fault);
    let ssh = format!("{head}{stanza}-> ssh-ed25519 AAAA BBBB\nCCCC\n--- MAC\n");
    assert_eq!(check_stanzas(ssh.as_bytes(), 1), fault);
    let flood = format!("{head}{}--- MAC\n", stanza.repeat(100_000));
    assert_eq!(check_stanzas(flood.as_bytes(), 64), fault);
    let grease = format!("{head}{stanza}{}--- MAC\n", "-> x-grease\n\n".repeat(2));
    assert_eq!(check_stanzas(grease.as_bytes(), 1), fault);
    let endless = format!("{head}{stanza}{}", "AAAA\n".repeat(1000));
    assert_eq!(check_stanzas(endless.as_bytes(), 1), fault);
    assert_eq!(check_stanzas(b"age-encryption.org/v2\n--- MAC\n", 0), fault);
    assert_eq!(check_stanzas(format!("{head}{stanza}--- MAC\n").as_bytes(), 1), Ok(()));
}

#[test]
fn a_missing_last_chunk_is_noticed() {
    let plain = noise(200_000);
    let payload = seal(&plain, &[key(1).public()]).unwrap();
    for cut in [1, 16, 17, 70_000, 140_000] {
        let short = &payload[..payload.len() - cut];
        assert_eq!(open(short, 1, plain.len() as u64, &key(1)), Err(Rejection::Damaged("密文")), "{cut} bytes");
    }
}

#[test]
fn the_most_that_comes_out_is_a_function_of_what_went_in() {
    for payload in [0, 1, 100, 5_242, 5_243, 1 << 20, 20 << 20, 21_474_836, 21_474_837, 2 << 30, u64::MAX] {
        let most = payload.saturating_mul(MAX_RATIO).saturating_add(MAX_RATIO - 1).clamp(RATIO_FREE, MAX_PLAIN);
        assert_eq!(within_ratio(most, payload), Ok(()), "{most} of {payload}");
        assert!(within_ratio(most + 1, payload).is_err(), "{} of {payload}", most + 1);
    }
}

#[test]
fn no_window_asks_for_more_than_8_mib() {
    let plain = noise(1000);
    let mut frame = store(&plain);
    for byte in 0..=u8::MAX {
        frame[5] = byte;
        let base = 1u64 << (10 + (byte >> 3));
        let window = base + base / 8 * u64::from(byte & 7);
        assert_eq!(content_size(&frame).is_some(), window <= 8 << 20, "window of {window}");
        assert_eq!(inflate(&frame, 1000).is_ok(), window <= 8 << 20, "window of {window}");
    }
    // A single segment needs as much as it holds.
    let single = |size: u64| [&ZSTD_MAGIC[..], &[0b1110_0000], &size.to_le_bytes()].concat();
    assert_eq!(content_size(&single(8 << 20)), Some(8 << 20));
    assert_eq!(content_size(&single((8 << 20) + 1)), None);
}

#[test]
fn the_longest_header_that_reaches_the_library_is_a_few_kilobytes() {
    let body = "A".repeat(128);
    let stanza = format!("-> X25519 {}\n{}", "A".repeat(118), format!("{body}\n").repeat(3));
    let grease = format!("-> x-grease\n{}", format!("{body}\n").repeat(3));
    let head = "age-encryption.org/v1\n";
    let longest = format!("{head}{}{}--- MAC\n", stanza.repeat(64), grease);
    assert_eq!(check_stanzas(longest.as_bytes(), 64), Ok(()));
    assert!(longest.len() < 34_000, "{}", longest.len());
    let fault = Err(Rejection::Malformed("收件人信封"));
    // One more of anything is refused: a stanza, a grease, a line, a byte.
    for more in [
        format!("{head}{}{grease}--- MAC\n", stanza.repeat(65)),
        format!("{head}{}{grease}{grease}--- MAC\n", stanza.repeat(64)),
        format!("{head}{}{grease}{body}\n--- MAC\n", stanza.repeat(64)),
        format!("{head}{}{grease}A--- MAC\n", stanza.repeat(64)),
        format!("{head}{}-> X25519 {}\n--- MAC\n", stanza.repeat(63), "A".repeat(119)),
    ] {
        assert_eq!(check_stanzas(more.as_bytes(), 64), fault);
    }
}
