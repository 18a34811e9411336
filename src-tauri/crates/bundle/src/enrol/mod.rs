//! Joining a county: the device's request goes up, a membership file comes back. Both are named by eight words that
//! the two clerks read to each other, so that nobody on the way can put in keys of their own.

mod membership;
mod request;

pub use membership::{
    Joined, MembershipDraft, MembershipError, Pin, Preview, open_membership, preview_membership, write_membership,
};
pub use request::{EnrolmentRequest, Renewal, RequestFacts};
