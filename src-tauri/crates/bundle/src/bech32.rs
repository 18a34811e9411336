//! Bech32 (BIP-173) for one purpose: age takes and shows its X25519 keys only in this spelling, we keep them as 32 bytes.

use zeroize::Zeroizing;

const ALPHABET: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const GENERATOR: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
const CHECKSUM: usize = 6;

fn polymod(values: impl Iterator<Item = u8>) -> u32 {
    values.fold(1, |sum, value| {
        let top = sum >> 25;
        let mut next = ((sum & 0x01ff_ffff) << 5) ^ u32::from(value);
        for (bit, generator) in GENERATOR.iter().enumerate() {
            if (top >> bit) & 1 == 1 {
                next ^= generator;
            }
        }
        next
    })
}

/// 32 bytes with a lower-case prefix, in lower case.
pub(crate) fn encode(prefix: &str, bytes: &[u8; 32]) -> Zeroizing<String> {
    let mut groups = Zeroizing::new(Vec::with_capacity(64));
    let (mut held, mut bits) = (0u32, 0);
    for byte in bytes {
        held = (held << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            groups.push(((held >> bits) & 31) as u8);
        }
        held &= (1 << bits) - 1;
    }
    if bits > 0 {
        groups.push(((held << (5 - bits)) & 31) as u8);
    }
    let expanded = prefix.bytes().map(|b| b >> 5).chain([0]).chain(prefix.bytes().map(|b| b & 31));
    let sum = polymod(expanded.chain(groups.iter().copied()).chain([0; CHECKSUM])) ^ 1;
    let mut text = Zeroizing::new(String::with_capacity(prefix.len() + 64));
    text.push_str(prefix);
    text.push('1');
    let checksum = (0..CHECKSUM).map(|i| ((sum >> (5 * (5 - i))) & 31) as u8);
    for group in groups.iter().copied().chain(checksum) {
        text.push(char::from(ALPHABET[usize::from(group & 31)]));
    }
    text
}

/// The 32 bytes of a spelling that age itself produced; its checksum is not looked at again.
pub(crate) fn decode(prefix: &str, text: &str) -> Option<[u8; 32]> {
    let body = text.strip_prefix(prefix)?.strip_prefix('1')?.as_bytes();
    let body = body.get(..body.len().checked_sub(CHECKSUM)?)?;
    let mut bytes = Vec::with_capacity(32);
    let (mut held, mut bits) = (0u32, 0);
    for letter in body {
        let value = ALPHABET.iter().position(|a| a == letter)?;
        held = ((held << 5) | u32::try_from(value).ok()?) & 0xfff;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(((held >> bits) & 0xff) as u8);
        }
    }
    bytes.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn age_reads_what_we_spell_and_we_read_what_age_spells() {
        for seed in [[0x11; 32], [0xfe; 32], std::array::from_fn(|i| i as u8)] {
            let text = encode("age-secret-key-", &seed).to_uppercase();
            let identity: age::x25519::Identity = text.parse().unwrap();
            let public = identity.to_public().to_string();
            let bytes = decode("age", &public).unwrap();
            assert_eq!(encode("age", &bytes).as_str(), public);
        }
        assert_eq!(decode("age", "nonsense"), None);
    }
}
