//! F11: what lies outside the database: the mark, and a key under its holder's password.

use std::sync::LazyLock;

use mingbai_bundle::CountyId;
use mingbai_ledger::{EntryHash, Head, LogId};
use mingbai_store::Cost;
use mingbai_sync::holders::{self, HolderFile};
use mingbai_sync::mark::Mark;

use super::Seed;
use crate::common::Office;

const PASSWORD: &str = "baoguanren-mima";
/// What one guess costs in these files; opening a file that asks for more is not for a fuzzer.
const CHEAP: Cost = Cost { memory_kib: 64, passes: 1, lanes: 1 };

/// A mark; what is accepted has one spelling.
pub fn mark(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let mark = Mark::decode(text);
    if let Some(mark) = &mark {
        assert_eq!(mark.encode(), text);
    }
    mark.is_some()
}

/// A holder's file of one county, always the same.
static HOLDER: LazyLock<(CountyId, HolderFile)> = LazyLock::new(|| {
    let trust = Office::county().trust();
    let file = holders::make(&trust, "主任", PASSWORD, CHEAP, &|bytes: &mut [u8]| bytes.fill(7)).unwrap();
    (trust.county(), file)
});

/// A holder's file: it opens only if it is the one that was made, however it is spelt, and says only what was sealed.
pub fn holder(bytes: &[u8]) -> bool {
    let looked = holders::look(bytes);
    let cheap = [r#""memory_kib": 64,"#, r#""passes": 1,"#, r#""lanes": 1"#];
    let text = String::from_utf8_lossy(bytes);
    if looked.is_err() || !cheap.iter().all(|cost| text.contains(cost)) {
        return false;
    }
    let (county, file) = &*HOLDER;
    let opened = holders::open(bytes, *county, PASSWORD);
    if let Ok((holder, key)) = &opened {
        assert_eq!((holder, key.public()), (&file.holder, file.holder.key));
        assert_eq!(&looked.unwrap(), holder);
    }
    opened.is_ok()
}

pub(super) fn seeds() -> Vec<Seed> {
    let mark = Mark(Head { log: LogId([7; 16]), seq: 41, hash: EntryHash([0xab; 32]) }).encode();
    let file = &HOLDER.1.bytes;
    let spaced = mark.replace(' ', "  ");
    // Past failure: words behind the hash, capitals and a plus sign were overlooked.
    vec![
        ("mark", "mark", mark.clone().into_bytes()),
        ("mark", "words-behind", format!("{} x\n", mark.trim_end()).into_bytes()),
        ("mark", "capitals", mark.to_uppercase().into_bytes()),
        ("mark", "plus", mark.replace(" 41 ", " +41 ").into_bytes()),
        ("mark", "spaced", spaced.into_bytes()),
        ("holder", "whole", file.clone()),
        ("holder", "cut-off", file.iter().copied().take(file.len() / 2).collect()),
        ("holder", "renamed", String::from_utf8_lossy(file).replace("主任", "院长").into_bytes()),
        ("holder", "dear", String::from_utf8_lossy(file).replace(": 64,", ": 4294967295,").into_bytes()),
    ]
}
