//! What a replay of a fuzz corpus needs: the files of a target, and mutations drawn from a fixed seed. A run that fails
//! prints target, file and number, and fails again.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// The files of a target's folder, by name.
pub(super) fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap_or_else(|failure| panic!("{}: {failure}", folder.display()))
        .map(|entry| {
            let entry = entry.unwrap();
            (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap())
        })
        .collect();
    files.sort();
    files
}

/// Marsaglia's xorshift64.
pub(super) struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    /// One to three changes: a bit, a byte, a cut, a piece twice, a piece of another file, a number tweaked.
    fn mutated(&mut self, from: &[u8], other: &[u8]) -> Vec<u8> {
        let mut bytes = from.to_vec();
        for _ in 0..=self.below(3) {
            let at = self.below(bytes.len());
            let to = (at + 1 + self.below(16)).min(bytes.len());
            match self.below(7) {
                0 | 1 if at < bytes.len() => bytes[at] ^= 1 << self.below(8),
                2 if at < bytes.len() => bytes[at] = self.next() as u8,
                3 => bytes.truncate(at),
                4 if at < to => bytes.extend_from_within(at..to),
                5 => {
                    let start = self.below(other.len());
                    let end = (start + self.below(64)).min(other.len());
                    bytes.splice(at..to.max(at), other[start..end].iter().copied());
                }
                _ if at < bytes.len() => bytes[at] = bytes[at].wrapping_add([1, 0xff, 0x80, 0x10][self.below(4)]),
                _ => bytes.push(self.next() as u8),
            }
        }
        bytes
    }
}

/// Runs a target over so many mutations of its corpus; how many were accepted.
pub(super) fn mutate(name: &str, target: &dyn Fn(&[u8]) -> bool, files: &[(String, Vec<u8>)], count: u32) -> usize {
    let mut draw = Draw(0x6d69_6e67_6261_6921);
    let mut accepted = 0;
    for number in 0..count {
        let (file, from) = &files[draw.below(files.len())];
        let (_, other) = &files[draw.below(files.len())];
        let bytes = draw.mutated(from, other);
        match catch_unwind(AssertUnwindSafe(|| target(&bytes))) {
            Ok(good) => accepted += usize::from(good),
            Err(_) => panic!("{name}: mutation {number} of {file}: {bytes:02x?}"),
        }
    }
    accepted
}
