//! 政策包 from its documents to its last day: looked at, drafted, read by two people, put in force, ended. What a bill of a day
//! is settled by is in [`crate::policy`]; what a pack means is the rule engine's.

mod activate;
mod check;
mod draft;
mod example;
mod fault;
mod list;
mod outline;
mod review;
mod said;
mod sheet;
mod shipped;
#[cfg(test)]
mod tests;

pub(crate) use activate::{activate, end, withdraw};
pub(crate) use check::check;
pub(crate) use draft::{draft, drop_draft, save_draft, send_draft, unread};
pub(crate) use example::settle;
pub(crate) use list::{get, list};
pub(crate) use review::review;
pub(crate) use sheet::{print_sheet, sheet};
pub(crate) use shipped::{read, shipped};

use mingbai_coverage::Pack as Rules;
use mingbai_domain::catalogue::Pack;
use sha2::{Digest, Sha256};

use crate::error::{AppError, ErrorCode};

/// No pack is a tenth of this; a larger text came in by mistake.
const LONGEST: usize = 1 << 20;

/// What names a text: SHA-256 in hex. A changed letter is another text.
fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether the county took a pack back: it ends before it begins.
fn is_withdrawn(pack: &Pack) -> bool {
    matches!((pack.effective_from, pack.effective_until), (Some(from), Some(until)) if until < from)
}

/// Refuses what is no text of a pack's size.
fn within_size(text: &str) -> Result<(), AppError> {
    if text.len() > LONGEST {
        return Err(AppError::new(ErrorCode::PackIncomplete, "这份文字太长，不是政策包，没有任何改动"));
    }
    Ok(())
}

/// `乌兰察布市 城乡居民健康扶贫四道保障 2019.2`.
fn title(rules: &Rules) -> String {
    format!("{} {} {}", rules.region, rules.name, rules.version)
}
