//! Proof of the whole house: what the journeys, the architecture tests and the browser tests share.
//!
//! Nothing here is shipped. The [`twin`] is the window's stand-in for a browser that can be driven by tests.

pub mod twin;
