//! Who acts, when, and where randomness comes from: everything the store may not make up itself.

use mingbai_domain::RecordId;
use mingbai_ledger::Head;

use crate::log::EntryNo;

/// An operator as entered into the log's roster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The operator record.
    pub operator: RecordId,
    /// Name at the time.
    pub name: String,
    /// Role at the time.
    pub role: String,
}

/// The circumstances of one action.
#[derive(Clone)]
pub struct Author<'a> {
    /// The operator; nothing when the program acts by itself.
    pub actor: Option<Actor>,
    /// The machine's clock, milliseconds since 1970 UTC.
    pub wall_millis: u64,
    /// Fills bytes with randomness.
    pub random: &'a dyn Fn(&mut [u8]),
}

/// The entry an action left in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its local number, for undo and history.
    pub entry: EntryNo,
    /// The own log's new head.
    pub head: Head,
    /// The records it touched, by type number.
    pub touched: Vec<(u16, RecordId)>,
}

/// What a commit gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Committed<T> {
    /// What the closure returned.
    pub value: T,
    /// The entry; nothing when nothing was written.
    pub entry: Option<Written>,
}
