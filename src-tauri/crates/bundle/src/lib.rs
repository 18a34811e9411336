//! Files on a USB stick: the sealed, signed `.mbx` bundle, the trust behind its signatures, and the two small files by
//! which a device joins a county.
//!
//! Bytes in, bytes and records out: no paths, no clock, no environment. Randomness is handed in by the caller, except
//! for what sealing draws from the operating system itself. All formats are final; they grow by section types, features,
//! suites and optional map keys, never by change.

mod bech32;
mod container;
mod enrol;
#[cfg(any(test, feature = "fuzz"))]
pub mod fuzz;
mod keys;
mod read;
mod rejection;
mod seal;
mod section;
mod suite;
mod trust;
mod wire;
mod word_list;
pub mod words;
mod write;

#[cfg(test)]
mod tests;

pub use container::{Direction, MAGIC, MAX_FILE, MAX_HEADER, MAX_PARTS, Outer, VERSION, inspect};
pub use enrol::{
    EnrolmentRequest, Joined, MembershipDraft, MembershipError, Pin, Preview, Renewal, RequestFacts, open_membership,
    preview_membership, write_membership,
};
pub use keys::{CountyId, DecryptionKey, KeyId, SealingKey, SigningKey, VerifyingKey};
pub use read::{Opened, OpenedEntry, OpenedRange, peek, salvage, verify, verify_and_open};
pub use rejection::{Rejection, TrustFault};
pub use seal::{MAX_PLAIN, MAX_RECIPIENTS, SealError};
pub use section::{Ack, AckLevel, Checkpoint, Manifest, Range, StateSummary, UnknownSection};
pub use suite::Suite;
pub use trust::{
    Certificate, FeedProof, KeySignature, Merged, Revocation, Role, Root, Signed, Standing, Statement, TrustFile,
    TrustSection, TrustStore,
};
pub use write::{BundleDraft, RangeDraft, WriteError, most_len, write};
