//! Whom this installation believes: the county's chain of roots, the devices it certified, and those it revoked.
//!
//! The rules are TUF's (spec §5.3) without expiry dates, because clocks in the field are wrong: a root follows exactly
//! on the one before and is signed by a threshold of the old and of the new holders; counters never decrease; what is
//! once known is never unlearned.

mod certificate;
mod documents;
mod file;
mod issue;
mod root;
mod section;
mod store;
mod trust_file;

pub use certificate::{Certificate, Revocation, Role, Statement};
#[cfg(any(test, feature = "fuzz"))]
pub(crate) use documents::Document;
pub use documents::{KeySignature, Signed};
pub(crate) use documents::{one_suite, sealing_key, verifying_key};
pub use root::{Root, Standing};
pub use section::TrustSection;
pub use store::{Merged, TrustStore};
pub use trust_file::{FeedProof, TrustFile};
