//! Deterministic CBOR (RFC 8949 §4.2.1), restricted: no floats, no tags, no indefinite lengths, map keys are ascending
//! unsigned integers, text is NFC, depth at most 8. [`check`] refuses everything else before anything is parsed, so that
//! one meaning has exactly one spelling and `decode(b) = x` implies `encode(x) = b`.

pub use minicbor::Decoder;
use minicbor::Encoder;
use minicbor::data::Type;
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// Nesting allowed in anything signed.
pub const MAX_DEPTH: usize = 8;

/// Why bytes are not deterministic CBOR of our kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CborError {
    /// The bytes end early, or a length points past them.
    #[error("数据不完整")]
    Truncated,
    /// More bytes than one item.
    #[error("数据后有多余内容")]
    Trailing,
    /// A number or length not in its shortest form.
    #[error("数字不是最短写法")]
    NotShortest,
    /// Indefinite length, float, tag or simple value that we never write.
    #[error("含有不允许的数据类型")]
    Forbidden,
    /// Map keys not ascending unsigned integers.
    #[error("键未按顺序排列或重复")]
    Keys,
    /// Text that is not UTF-8 in NFC.
    #[error("文字编码不规范")]
    Text,
    /// Nested too deep.
    #[error("嵌套过深")]
    Depth,
    /// Another type or value than the format wants.
    #[error("内容与格式不符")]
    Shape,
}

impl From<minicbor::decode::Error> for CborError {
    fn from(error: minicbor::decode::Error) -> Self {
        if error.is_end_of_input() { Self::Truncated } else { Self::Shape }
    }
}

/// Checks that `bytes` is exactly one item in the deterministic form.
///
/// # Errors
/// [`CborError`] naming the first violation.
pub fn check(bytes: &[u8]) -> Result<(), CborError> {
    let rest = item(bytes, 0)?;
    if rest.is_empty() { Ok(()) } else { Err(CborError::Trailing) }
}

/// Reads an initial byte with its argument; refuses anything but the shortest spelling.
fn head(bytes: &[u8]) -> Result<(u8, u64, &[u8]), CborError> {
    let (&first, rest) = bytes.split_first().ok_or(CborError::Truncated)?;
    let (major, info) = (first >> 5, first & 0x1f);
    let width = match info {
        0..=23 => return Ok((major, u64::from(info), rest)),
        24 => 1,
        25 => 2,
        26 => 4,
        27 => 8,
        _ => return Err(CborError::Forbidden),
    };
    let (argument, rest) = rest.split_at_checked(width).ok_or(CborError::Truncated)?;
    let value = argument.iter().fold(0, |sum, b| (sum << 8) | u64::from(*b));
    let least = match width {
        1 => 24,
        2 => 1 << 8,
        4 => 1 << 16,
        _ => 1 << 32,
    };
    if value < least { Err(CborError::NotShortest) } else { Ok((major, value, rest)) }
}

fn item(bytes: &[u8], depth: usize) -> Result<&[u8], CborError> {
    if depth > MAX_DEPTH {
        return Err(CborError::Depth);
    }
    let first = *bytes.first().ok_or(CborError::Truncated)?;
    if first >> 5 == 7 {
        return if matches!(first, 0xf4..=0xf6) {
            bytes.get(1..).ok_or(CborError::Truncated)
        } else {
            Err(CborError::Forbidden)
        };
    }
    let (major, value, mut rest) = head(bytes)?;
    match major {
        0 | 1 => Ok(rest),
        2 | 3 => {
            let length = usize::try_from(value).map_err(|_| CborError::Truncated)?;
            let (body, rest) = rest.split_at_checked(length).ok_or(CborError::Truncated)?;
            if major == 3 && !std::str::from_utf8(body).is_ok_and(is_nfc) {
                return Err(CborError::Text);
            }
            Ok(rest)
        }
        4 => {
            for _ in 0..value {
                rest = item(rest, depth + 1)?;
            }
            Ok(rest)
        }
        5 => {
            let mut last = None;
            for _ in 0..value {
                let (major, key, after) = head(rest)?;
                if major != 0 || last.is_some_and(|previous| key <= previous) {
                    return Err(CborError::Keys);
                }
                last = Some(key);
                rest = item(after, depth + 1)?;
            }
            Ok(rest)
        }
        _ => Err(CborError::Forbidden),
    }
}

/// Writes the deterministic form. Writing into memory cannot fail, so nothing here returns an error.
#[derive(Debug, Default)]
pub struct Writer(Vec<u8>);

impl Writer {
    /// An empty buffer.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn put(&mut self, write: impl FnOnce(&mut Encoder<&mut Vec<u8>>)) -> &mut Self {
        write(&mut Encoder::new(&mut self.0));
        self
    }

    /// An unsigned integer.
    pub fn uint(&mut self, value: u64) -> &mut Self {
        self.put(|e| drop(e.u64(value)))
    }

    /// A signed integer.
    pub fn int(&mut self, value: i64) -> &mut Self {
        self.put(|e| drop(e.i64(value)))
    }

    /// Bytes.
    pub fn bytes(&mut self, value: &[u8]) -> &mut Self {
        self.put(|e| drop(e.bytes(value)))
    }

    /// Text, brought to NFC.
    pub fn text(&mut self, value: &str) -> &mut Self {
        if is_nfc(value) {
            return self.put(|e| drop(e.str(value)));
        }
        let value: String = value.nfc().collect();
        self.put(|e| drop(e.str(&value)))
    }

    /// Yes or no.
    pub fn bool(&mut self, value: bool) -> &mut Self {
        self.put(|e| drop(e.bool(value)))
    }

    /// Nothing.
    pub fn null(&mut self) -> &mut Self {
        self.put(|e| drop(e.null()))
    }

    /// The head of an array of this many items.
    pub fn array(&mut self, items: usize) -> &mut Self {
        self.put(|e| drop(e.array(items as u64)))
    }

    /// The head of a map of this many entries; the caller writes the keys in ascending order.
    pub fn map(&mut self, entries: usize) -> &mut Self {
        self.put(|e| drop(e.map(entries as u64)))
    }

    /// An item that is already in the deterministic form.
    pub fn raw(&mut self, item: &[u8]) -> &mut Self {
        self.0.extend_from_slice(item);
        self
    }

    /// The bytes written.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        self.0
    }
}

/// A decoder over bytes that [`check`] accepted.
///
/// # Errors
/// What [`check`] refuses.
pub fn decoder(bytes: &[u8]) -> Result<Decoder<'_>, CborError> {
    check(bytes)?;
    Ok(Decoder::new(bytes))
}

/// Exactly `n` bytes.
///
/// # Errors
/// [`CborError::Shape`] for any other length.
pub fn fixed<const N: usize>(decoder: &mut Decoder<'_>) -> Result<[u8; N], CborError> {
    decoder.bytes()?.try_into().map_err(|_| CborError::Shape)
}

/// The definite length of an array.
///
/// # Errors
/// [`CborError::Shape`] when no array stands here.
pub fn array(decoder: &mut Decoder<'_>) -> Result<u64, CborError> {
    decoder.array()?.ok_or(CborError::Forbidden)
}

/// The definite length of a map.
///
/// # Errors
/// [`CborError::Shape`] when no map stands here.
pub fn map(decoder: &mut Decoder<'_>) -> Result<u64, CborError> {
    decoder.map()?.ok_or(CborError::Forbidden)
}

/// Whether a null stands here; takes it if so.
///
/// # Errors
/// [`CborError::Truncated`] at the end of the bytes.
pub fn null(decoder: &mut Decoder<'_>) -> Result<bool, CborError> {
    if decoder.datatype()? == Type::Null {
        decoder.null()?;
        return Ok(true);
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::{CborError, Writer, check};

    #[test]
    fn what_we_write_passes_our_own_check() {
        let mut writer = Writer::new();
        writer.map(2).uint(1).text("䶮·𠅤").uint(30).array(4).int(-500).bytes(&[7; 30]).bool(true).null();
        assert_eq!(check(&writer.finish()), Ok(()));
    }

    #[test]
    fn every_other_spelling_is_refused() {
        for (bytes, error) in [
            (&[0x18, 0x05][..], CborError::NotShortest),
            (&[0x9f, 0xff], CborError::Forbidden),
            (&[0xf9, 0x00, 0x00], CborError::Forbidden),
            (&[0xc0, 0x00], CborError::Forbidden),
            (&[0xa2, 0x01, 0x00, 0x01, 0x00], CborError::Keys),
            (&[0xa2, 0x02, 0x00, 0x01, 0x00], CborError::Keys),
            (&[0xa1, 0x61, 0x61, 0x00], CborError::Keys),
            (&[0x63, 0x65, 0xcc, 0x81], CborError::Text),
            (&[0x61, 0xff], CborError::Text),
            (&[0x00, 0x00], CborError::Trailing),
            (&[0x9b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], CborError::Truncated),
            (&[0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], CborError::Truncated),
            (&[], CborError::Truncated),
        ] {
            assert_eq!(check(bytes), Err(error), "{bytes:02x?}");
        }
        assert_eq!(check(&[0x81; 10_000]), Err(CborError::Depth));
    }
}
