//! F1: the outer header and the frame; and the envelope under it.

use super::county::counties;
use crate::container::{self, put_trailer};
use crate::seal::{self, MAX_RECIPIENTS};
use crate::{Suite, inspect, verify, verify_and_open};

/// A whole file. What has a frame is spelled exactly as we would spell it; what opens is what its outside announced.
pub fn outer(bytes: &[u8]) -> bool {
    let framed = container::frame(bytes);
    if let Ok(frame) = &framed {
        let outer = &frame.outer;
        let mut again = container::header(outer);
        again.extend_from_slice(&64u16.to_be_bytes());
        again.extend_from_slice(&frame.signature);
        again.extend_from_slice(frame.payload);
        put_trailer(&mut again);
        assert!(again == bytes, "a frame has one spelling");
        assert!(outer.recipients.len() <= MAX_RECIPIENTS && outer.part <= outer.parts && outer.part > 0);
        assert_eq!(outer.payload_len, frame.payload.len() as u64);
        assert_eq!(inspect(bytes).as_ref(), Ok(outer));
    }
    for county in counties() {
        let verified = verify(bytes, &county.trust);
        assert!(verified.is_err() || framed.is_ok(), "nothing is verified without a frame");
        if let Ok(opened) = verify_and_open(bytes, &county.trust, &county.office) {
            let (outer, sender) = verified.expect("what opens has been verified");
            assert_eq!((&outer, &sender), (&opened.outer, &opened.sender));
            super::inside::opened_holds(&opened, &county.trust);
        }
    }
    framed.is_ok()
}

/// A payload for one recipient, under either suite. It opens or is refused; a header that reaches the age library is short.
pub fn envelope(bytes: &[u8]) -> bool {
    let mut opened = false;
    for county in counties() {
        // The content's length is not known out here: whatever the frame inside announces is as good as any.
        let compressed = seal::decrypt(county.suite, bytes, 1, &county.office);
        if let Some(length) = compressed.ok().as_deref().and_then(seal::content_size) {
            let plain = county.suite.open(bytes, 1, length, &county.office);
            assert!(plain.as_ref().is_ok_and(|plain| plain.len() as u64 == length) || plain.is_err());
            opened |= plain.is_ok();
        }
        let wrong = match county.suite {
            Suite::One => Suite::Two,
            Suite::Two => Suite::One,
        };
        assert!(wrong.open(bytes, 1, 100, &county.office).is_err(), "a key opens nothing of the other suite");
    }
    opened
}
