//! F10: requests, membership files, and the words people read to each other.

use super::county::{County, counties};
use crate::container::put_trailer;
use crate::{EnrolmentRequest, Pin, open_membership, preview_membership, words as spoken};

/// A request or a membership file, as it is; and, as the body of a request, signed by the device whose key it names.
pub fn enrolment(bytes: &[u8]) -> bool {
    let as_is = EnrolmentRequest::open(bytes);
    if let Ok(request) = &as_is {
        assert_eq!(request.bytes(), bytes);
    }
    let mut accepted = as_is.is_ok();
    for county in counties() {
        let signed = signed(county, bytes);
        if let Ok(request) = EnrolmentRequest::open(&signed) {
            let facts = request.facts();
            assert_eq!(facts.signing, county.device_signing.public());
            let again = EnrolmentRequest::sign(facts, &county.device_signing).expect("what was read can be written");
            assert_eq!(again.facts(), facts);
            accepted = true;
        }
        accepted |= membership(county, bytes);
    }
    accepted
}

fn membership(county: &County, bytes: &[u8]) -> bool {
    let joined = open_membership(bytes, &county.device, &county.request, Pin::Known(&county.trust));
    if let Ok(joined) = &joined {
        assert_eq!(joined.trust.root(), county.trust.root());
        let preview = preview_membership(bytes, &county.device, &county.request).expect("what opens can be shown");
        assert_eq!((preview.certificate.serial, preview.words), (joined.certificate.serial, joined.trust.words()));
    }
    joined.is_ok()
}

/// A request with this body: its author holds the key and nothing else is wrong.
fn signed(county: &County, body: &[u8]) -> Vec<u8> {
    let mut file = b"\x89MBQ\r\n\x1a\n\0\x01".to_vec();
    file.extend_from_slice(&county.suite.number().to_be_bytes());
    file.extend_from_slice(&(body.len() as u32).to_be_bytes());
    file.extend_from_slice(body);
    let signature = county.device_signing.sign_as(b"mbx/request/1", &file);
    file.extend_from_slice(&signature);
    put_trailer(&mut file);
    file
}

/// The eight words of the county of suite 1, typed like this. Only letters count, all of them, in order.
pub fn words(bytes: &[u8]) -> bool {
    const SAID: &str = include_str!("../../../../../tests/golden/bundle/v1-words.txt");
    let typed = String::from_utf8_lossy(bytes);
    let said = SAID.lines().last().unwrap_or_default();
    let same = spoken::same(&typed, said);
    let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).collect::<Vec<_>>();
    assert_eq!(same, letters(&typed) == letters(said));
    assert_eq!(same, spoken::same(said, &typed), "it does not matter who reads and who types");
    assert!(!spoken::same(&typed, ""), "no words are nobody's words");
    same
}
