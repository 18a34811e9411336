//! The live writes of one row, packed: for each field its number, how many writes are live, and their dots.
//! One live write per field is the normal case and takes four or five bytes.

use std::collections::BTreeMap;

use mingbai_domain::FieldId;

use crate::error::{Result, StoreError};

/// One field write by its local name: the entry's number and which write of it.
pub(crate) type Dot = (i64, u32);

/// The number that stands for the whole body of a fact.
pub(crate) const BODY: FieldId = 0;

/// Live writes by field, each list ascending.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Heads(BTreeMap<FieldId, Vec<Dot>>);

impl Heads {
    pub(crate) fn of(&self, field: FieldId) -> &[Dot] {
        self.0.get(&field).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn set(&mut self, field: FieldId, dots: Vec<Dot>) {
        self.0.insert(field, dots);
    }

    pub(crate) fn pack(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.0.len() * 5);
        for (field, dots) in &self.0 {
            put(&mut out, u64::from(*field));
            put(&mut out, dots.len() as u64);
            for (entry, index) in dots {
                put(&mut out, entry.unsigned_abs());
                put(&mut out, u64::from(*index));
            }
        }
        out
    }

    pub(crate) fn unpack(mut bytes: &[u8]) -> Result<Self> {
        let broken = StoreError::Inconsistent("记录的来源标记无法读取");
        let mut read = || take(&mut bytes);
        let mut heads = BTreeMap::new();
        while let Some(field) = read() {
            let whole = (|| {
                let count = read()?;
                let dots = (0..count)
                    .map(|_| Some((i64::try_from(read()?).ok()?, u32::try_from(read()?).ok()?)))
                    .collect::<Option<Vec<_>>>()?;
                Some((FieldId::try_from(field).ok()?, dots))
            })();
            let Some((field, dots)) = whole else { return Err(broken) };
            heads.insert(field, dots);
        }
        if bytes.is_empty() { Ok(Self(heads)) } else { Err(broken) }
    }
}

/// Seven bits a byte, lowest first.
fn put(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn take(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for (position, byte) in bytes.iter().enumerate().take(10) {
        value |= u64::from(byte & 0x7f) << (7 * position);
        if byte & 0x80 == 0 {
            *bytes = bytes.get(position + 1..)?;
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::Heads;

    #[test]
    fn packed_heads_read_back_and_one_live_write_takes_few_bytes() {
        let mut heads = Heads::default();
        heads.set(1, vec![(90, 0)]);
        assert_eq!(heads.pack().len(), 4);
        heads.set(13, vec![(1, 7), (1_234_567, 300)]);
        assert_eq!(Heads::unpack(&heads.pack()).unwrap(), heads);
    }

    #[test]
    fn heads_cut_short_are_refused() {
        let mut heads = Heads::default();
        heads.set(300, vec![(1_000_000, 1)]);
        let packed = heads.pack();
        for cut in 1..packed.len() {
            assert!(Heads::unpack(&packed[..cut]).is_err(), "{cut}");
        }
    }
}
