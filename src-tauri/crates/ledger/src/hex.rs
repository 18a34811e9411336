//! Bytes in hexadecimal digits, as names of files and of local state carry them.

/// Two lower-case digits a byte.
#[must_use]
pub fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes of an even number of digits, in either case; nothing for any other text.
#[must_use]
pub fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.chars().map(|c| c.to_digit(16).map(|d| d as u8)).collect::<Option<_>>()?;
    let pairs = digits.chunks_exact(2);
    pairs.remainder().is_empty().then(|| pairs.map(|pair| pair.iter().fold(0, |sum, d| sum << 4 | d)).collect())
}

#[cfg(test)]
mod tests {
    use super::{from_hex, to_hex};

    #[test]
    fn digits_read_back_as_the_bytes_they_were_made_of_and_nothing_else_is_read() {
        let bytes = [0, 1, 0x7f, 0x80, 0xff];
        assert_eq!(to_hex(&bytes), "00017f80ff");
        assert_eq!(from_hex("00017F80ff"), Some(bytes.to_vec()));
        assert_eq!(["0", "0g", "００", "0 "].map(from_hex), [None, None, None, None]);
    }
}
