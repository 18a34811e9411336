//! Proof of the whole house: what the journeys, the architecture tests and the browser tests share.
//!
//! Nothing here is shipped. The [`twin`] is the window's stand-in for a browser that can be driven by tests; the
//! [`offices`] are the demo county's, under a test's own clock; [`rounds`] are what they do over and over.

pub mod offices;
pub mod rounds;
pub mod twin;
