//! How a file crosses between the page and the shell, in both directions: four bytes of big-endian length, that many bytes
//! of JSON `{"mime","name"}`, then the data.

use mingbai_app::Bytes;
use serde::Deserialize;
use serde_json::json;

/// What stands before the data. The media type is for the page; the shell goes by the name.
#[derive(Debug, Deserialize, PartialEq, Eq)]
pub(crate) struct Head {
    /// The file's name, proposed to the clerk.
    pub(crate) name: String,
}

/// Puts a file of the command table into a frame.
pub(crate) fn pack(file: &Bytes) -> Vec<u8> {
    let head = json!({ "mime": file.mime, "name": file.name }).to_string().into_bytes();
    // A file name and a media type are a few hundred bytes.
    let length = u32::try_from(head.len()).unwrap_or(u32::MAX);
    [&length.to_be_bytes(), head.as_slice(), file.data.as_slice()].concat()
}

/// Takes a frame apart; `None` when it is not one.
pub(crate) fn unpack(frame: &[u8]) -> Option<(Head, &[u8])> {
    let (length, rest) = frame.split_first_chunk::<4>()?;
    let (head, data) = rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
    Some((serde_json::from_slice(head).ok()?, data))
}

#[cfg(test)]
mod tests {
    use mingbai_app::Bytes;

    use super::{Head, pack, unpack};

    #[test]
    fn a_file_travels_with_its_name() {
        let frame =
            pack(&Bytes { mime: "application/pdf", name: "明白卡.pdf".to_owned(), data: b"%PDF-1.7".to_vec() });
        assert_eq!(unpack(&frame), Some((Head { name: "明白卡.pdf".to_owned() }, b"%PDF-1.7".as_slice())));
    }

    #[test]
    fn what_is_cut_short_is_no_frame() {
        let frame = pack(&Bytes { mime: "text/csv", name: "a".to_owned(), data: Vec::new() });
        for end in 0..frame.len() {
            assert_eq!(unpack(&frame[..end]), None, "{end} of {} bytes", frame.len());
        }
    }
}
