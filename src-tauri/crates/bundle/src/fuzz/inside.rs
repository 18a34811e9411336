//! F2 and F5: what is inside a payload, as a hostile insider would have sealed it.

use mingbai_ledger::cbor::Decoder;
use mingbai_ledger::chain_hash;
use sha2::{Digest, Sha256};

use super::county::{County, counties};
use crate::read::open_inside;
use crate::rejection::Rejection;
use crate::seal::{self, within_ratio};
use crate::section::{self, HEADER_LENGTH, MAX_ENTRIES, Manifest, kind};
use crate::{Opened, Outer, TrustSection, TrustStore, inspect};

/// The sections before the end section, which is added with a hash and a count that are right. Every section reads back
/// as it was written; a whole payload under a matching outside yields only chained, signed entries.
pub fn section_stream(bytes: &[u8]) -> bool {
    let plain = [bytes, &end_of(bytes)].concat();
    let split = section::split(&plain);
    let Ok(sections) = &split else { return false };
    let framed: usize = sections.iter().map(|section| section.body.len() + HEADER_LENGTH).sum();
    assert_eq!(framed, bytes.len(), "sections are all there is");
    for part in sections {
        one_section(part.kind, part.body);
    }
    let Some(Ok(manifest)) = sections.first().map(|first| Manifest::decode(first.body)) else { return false };
    let mut accepted = false;
    for county in counties() {
        let sender = county.trust.signer(manifest.sender);
        if let Some(sender) = sender
            && let Ok(outer) = outside_of(&manifest, county)
            && let Ok(opened) = open_inside(outer, &plain, &county.trust, sender.clone())
        {
            opened_holds(&opened, &county.trust);
            accepted = true;
        }
    }
    accepted
}

/// The end section that fits.
fn end_of(bytes: &[u8]) -> Vec<u8> {
    let (mut rest, mut count) = (bytes, 0u32);
    while let Some((header, after)) = rest.split_first_chunk::<HEADER_LENGTH>() {
        let length = u32::from_be_bytes([header[2], header[3], header[4], header[5]]) as usize;
        count += 1;
        rest = after.get(length..).unwrap_or_default();
    }
    let mut end = vec![kind::END, 1, 0, 0, 0, 36];
    end.extend_from_slice(&count.to_be_bytes());
    end.extend_from_slice(&Sha256::digest(bytes));
    end
}

/// The outside an insider would sign to go with this manifest.
fn outside_of(manifest: &Manifest, county: &County) -> Result<Outer, Rejection> {
    Ok(Outer {
        county: manifest.county,
        sender: manifest.sender,
        bundle_id: manifest.bundle_id,
        bundle_no: manifest.bundle_no,
        direction: manifest.direction,
        part: manifest.part.0,
        parts: manifest.part.1,
        recipients: manifest.recipients.clone(),
        plain_len: manifest.plain_len,
        ..inspect(county.bundle)?
    })
}

/// What came out of a bundle stands up to being checked again in another way.
pub(super) fn opened_holds(opened: &Opened, trust: &TrustStore) {
    for range in &opened.ranges {
        assert_eq!(range.genesis.log_id(), range.range.log);
        let mut hash = range.range.previous;
        let mut seq = range.range.from;
        for entry in &range.entries {
            hash = chain_hash(&range.range.log, seq, &hash, &entry.bytes);
            assert_eq!((entry.seq, entry.hash), (seq, hash));
            seq += 1;
        }
        assert_eq!((seq - 1, hash), (range.range.to, range.checkpoint.head.hash));
        assert!(range.checkpoint.verifies(&range.device.signing) && opened.sender.covers(&range.device.area));
    }
    assert!(opened.trust.root().version >= trust.root().version);
    assert!(trust.revocations().all(|known| opened.trust.revocation(known.serial).is_some()));
}

/// Each section's own reader.
fn one_section(of: u8, body: &[u8]) {
    match of {
        kind::MANIFEST => one_spelling(body, Manifest::decode, Manifest::encode),
        kind::DICT => one_spelling(body, section::decode_dictionary, |logs| section::encode_dictionary(logs)),
        kind::CHECKPOINT => one_spelling(body, section::decode_checkpoints, |all| section::encode_checkpoints(all)),
        kind::ACK => one_spelling(body, section::decode_acks, |acks| section::encode_acks(acks)),
        kind::TRUST => one_spelling(body, TrustSection::decode, TrustSection::encode),
        kind::ENTRIES => {
            if let Ok((log, entries)) = section::decode_entries(body, MAX_ENTRIES) {
                let entries: Vec<Vec<u8>> = entries.into_iter().map(<[u8]>::to_vec).collect();
                let again = section::encode_entries(log, &entries);
                assert!(again.is_some_and(|again| again == body), "a section of entries has one spelling");
            }
        }
        _ => {}
    }
}

/// What decodes encodes to the bytes it came from, unless they hold keys that a reader may pass over.
pub(super) fn one_spelling<T: PartialEq + std::fmt::Debug>(
    body: &[u8],
    decode: impl Fn(&[u8]) -> Result<T, Rejection>,
    encode: impl Fn(&T) -> Vec<u8>,
) {
    if let Ok(value) = decode(body) {
        let again = encode(&value);
        assert!(again == body || has_optional_key(body), "a section has one spelling");
        assert_eq!(decode(&again).as_ref(), Ok(&value));
    }
}

fn has_optional_key(body: &[u8]) -> bool {
    let mut d = Decoder::new(body);
    let Ok(Some(entries)) = d.map() else { return false };
    (0..entries).any(|_| d.u64().is_ok_and(|key| key >= 128) || d.skip().is_err())
}

/// A zstd frame, announced as it announces itself and a byte shorter and longer: exactly so much comes out, or nothing.
pub fn inflated(bytes: &[u8]) -> bool {
    let Some(length) = seal::content_size(bytes) else {
        assert!(seal::inflate(bytes, 100).is_err(), "a frame without a size is refused");
        return false;
    };
    if within_ratio(length, bytes.len() as u64).is_err() {
        return false;
    }
    let plain = seal::inflate(bytes, length);
    for lie in [length.checked_sub(1), length.checked_add(1)].into_iter().flatten() {
        assert!(seal::inflate(bytes, lie).is_err(), "an untrue length is refused");
    }
    assert!(plain.as_ref().map_or(0, |plain| plain.len() as u64) <= length);
    plain.is_ok_and(|plain| plain.len() as u64 == length)
}
