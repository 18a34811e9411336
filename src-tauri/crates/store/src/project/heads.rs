//! The live writes of one row, packed: for each field its number, how many writes are live, and their dots.
//! One live write per field is the normal case and takes four or five bytes.

use std::ops::Range;

use mingbai_domain::FieldId;

use crate::error::{Result, StoreError};

/// One field write by its local name: the entry's number and which write of it.
pub(crate) type Dot = (i64, u32);

/// The number that stands for the whole body of a fact.
pub(crate) const BODY: FieldId = 0;

/// Live writes by field, each list ascending: the fields in order with where their dots end, and all dots in one list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Heads {
    fields: Vec<(FieldId, usize)>,
    dots: Vec<Dot>,
}

impl Heads {
    /// Where a field stands, or where it would, with its range of dots.
    fn place(&self, field: FieldId) -> (usize, Range<usize>, bool) {
        let at = self.fields.partition_point(|(known, _)| *known < field);
        let start = at.checked_sub(1).and_then(|before| self.fields.get(before)).map_or(0, |(_, end)| *end);
        match self.fields.get(at) {
            Some((known, end)) if *known == field => (at, start..*end, true),
            _ => (at, start..start, false),
        }
    }

    pub(crate) fn of(&self, field: FieldId) -> &[Dot] {
        self.dots.get(self.place(field).1).unwrap_or_default()
    }

    /// The live writes of every field.
    pub(crate) fn all(&self) -> &[Dot] {
        &self.dots
    }

    pub(crate) fn set(&mut self, field: FieldId, dots: &[Dot]) {
        let (at, range, known) = self.place(field);
        let (before, after) = (range.len(), dots.len());
        self.dots.splice(range.clone(), dots.iter().copied());
        if !known {
            self.fields.insert(at, (field, range.end));
        }
        for (_, end) in self.fields.iter_mut().skip(at) {
            *end = *end - before + after;
        }
    }

    pub(crate) fn pack(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.fields.len() * 5);
        let mut start = 0;
        for (field, end) in &self.fields {
            let dots = self.dots.get(start..*end).unwrap_or_default();
            put(&mut out, u64::from(*field));
            put(&mut out, dots.len() as u64);
            for (entry, index) in dots {
                put(&mut out, entry.unsigned_abs());
                put(&mut out, u64::from(*index));
            }
            start = *end;
        }
        out
    }

    pub(crate) fn unpack(mut bytes: &[u8]) -> Result<Self> {
        let broken = StoreError::Inconsistent("记录的来源标记无法读取");
        let mut heads = Self::default();
        while let Some(field) = take(&mut bytes) {
            let mut read = || take(&mut bytes);
            let whole = (|| {
                let field = FieldId::try_from(field).ok()?;
                for _ in 0..read()? {
                    heads.dots.push((i64::try_from(read()?).ok()?, u32::try_from(read()?).ok()?));
                }
                heads.fields.last().is_none_or(|(last, _)| *last < field).then_some(field)
            })();
            let Some(field) = whole else { return Err(broken) };
            heads.fields.push((field, heads.dots.len()));
        }
        if bytes.is_empty() { Ok(heads) } else { Err(broken) }
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
        heads.set(1, &[(90, 0)]);
        assert_eq!(heads.pack().len(), 4);
        heads.set(13, &[(1, 7), (1_234_567, 300)]);
        assert_eq!(Heads::unpack(&heads.pack()).unwrap(), heads);
    }

    #[test]
    fn a_field_keeps_its_live_writes_whatever_is_written_beside_it() {
        let mut heads = Heads::default();
        heads.set(9, &[(5, 0)]);
        heads.set(2, &[(1, 0), (2, 0)]);
        heads.set(4, &[(3, 1)]);
        heads.set(2, &[(7, 7)]);
        heads.set(9, &[(5, 0), (6, 0)]);
        assert_eq!((heads.of(2), heads.of(4), heads.of(9)), (&[(7, 7)][..], &[(3, 1)][..], &[(5, 0), (6, 0)][..]));
        assert_eq!(heads.of(3), []);
        assert_eq!(Heads::unpack(&heads.pack()).unwrap(), heads);
    }

    #[test]
    fn heads_cut_short_are_refused() {
        let mut heads = Heads::default();
        heads.set(300, &[(1_000_000, 1)]);
        let packed = heads.pack();
        for cut in 1..packed.len() {
            assert!(Heads::unpack(&packed[..cut]).is_err(), "{cut}");
        }
    }
}
