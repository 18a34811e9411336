//! F3 and F4: deterministic CBOR, entries and geneses.

use mingbai_ledger::cbor::{self, CborError, Decoder, Writer};
use mingbai_ledger::{Entry, Genesis};
use minicbor::data::Type;

/// Any bytes as one item: what the check accepts comes out the same when it is decoded and written again.
pub fn cbor(bytes: &[u8]) -> bool {
    if cbor::check(bytes).is_err() {
        return false;
    }
    let mut writer = Writer::new();
    let mut decoder = Decoder::new(bytes);
    copy(&mut decoder, &mut writer).expect("what was checked can be decoded");
    assert!(writer.finish() == bytes, "an item has one spelling");
    assert_eq!(decoder.position(), bytes.len());
    true
}

fn copy(d: &mut Decoder<'_>, w: &mut Writer) -> Result<(), CborError> {
    match d.datatype()? {
        Type::Null => {
            d.null()?;
            w.null();
        }
        Type::Bool => {
            w.bool(d.bool()?);
        }
        Type::Bytes => {
            w.bytes(d.bytes()?);
        }
        Type::String => {
            w.text(d.str()?);
        }
        Type::Array => {
            let items = cbor::array(d)?;
            w.array(usize::try_from(items).map_err(|_| CborError::Truncated)?);
            for _ in 0..items {
                copy(d, w)?;
            }
        }
        Type::Map => {
            let entries = cbor::map(d)?;
            w.map(usize::try_from(entries).map_err(|_| CborError::Truncated)?);
            for _ in 0..entries {
                w.uint(d.u64()?);
                copy(d, w)?;
            }
        }
        Type::U8 | Type::U16 | Type::U32 | Type::U64 => {
            w.uint(d.u64()?);
        }
        // The format reaches −2^64; the writer and everything that reads fields stop at −2^63.
        _ => {
            let number = i128::from(d.int()?);
            if let Ok(number) = i64::try_from(number) {
                w.int(number);
            } else {
                let far = u64::try_from(-1 - number).map_err(|_| CborError::Shape)?;
                w.raw(&[0x3b]).raw(&far.to_be_bytes());
            }
        }
    }
    Ok(())
}

/// An entry and a genesis: what decodes encodes to the same bytes, and names no dot it does not have.
pub fn entry(bytes: &[u8]) -> bool {
    let genesis = Genesis::decode(bytes);
    if let Ok(genesis) = &genesis {
        assert!(genesis.encode() == bytes, "a genesis has one spelling");
        assert_eq!(genesis.head().log, genesis.log_id());
    }
    let entry = Entry::decode(bytes);
    if let Ok(entry) = &entry {
        assert!(entry.encode() == bytes, "an entry has one spelling");
        let dots = entry.ops_with_dots().map(|(first, op)| (first, op.dots())).collect::<Vec<_>>();
        assert!(dots.windows(2).all(|pair| pair[0].0 + pair[0].1 == pair[1].0), "dots are counted without gaps");
    }
    entry.is_ok() || genesis.is_ok()
}
