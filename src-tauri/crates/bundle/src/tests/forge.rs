//! The tools of a hostile insider: whoever holds an enrolled key can seal and sign anything.

use mingbai_ledger::cbor::Writer;

use super::world::{Desk, World, draft, fill, honest};
use crate::container::{self, Frame, Outer};
use crate::seal;
use crate::section::{self, Manifest, Sections, kind};
use crate::{BundleDraft, Direction, Rejection, SealingKey, Suite, write};

/// The sections after the manifest: type, critical, body.
pub(super) type Inside = Vec<(u8, bool, Vec<u8>)>;

/// Who forges what reaches whom.
pub(super) struct Insider<'w> {
    pub(super) from: &'w Desk,
    pub(super) to: &'w Desk,
}

/// Township A against the county, as in almost every forgery.
pub(super) fn insider(world: &World) -> Insider<'_> {
    Insider { from: &world.a, to: &world.county }
}

impl Insider<'_> {
    /// Opens `file`, lets `edit` change manifest, sections and outside, and seals and signs it again.
    pub(super) fn reforge(&self, file: &[u8], edit: impl FnOnce(&mut Manifest, &mut Inside, &mut Outer)) -> Vec<u8> {
        let mut outer = frame(file).outer;
        let plain = self.plain(file);
        let sections = section::split(&plain).unwrap();
        let mut manifest = Manifest::decode(sections[0].body).unwrap();
        let mut inside: Inside = sections[1..].iter().map(|s| (s.kind, true, s.body.to_vec())).collect();
        edit(&mut manifest, &mut inside, &mut outer);
        // Several rounds settle the length of a payload that states its own length.
        let mut plain = Vec::new();
        for _ in 0..4 {
            let mut all = Sections::new();
            all.push(kind::MANIFEST, true, &manifest.encode()).unwrap();
            inside.iter().for_each(|(kind, critical, body)| all.push(*kind, *critical, body).unwrap());
            plain = all.finish().unwrap();
            manifest.plain_len = plain.len() as u64;
        }
        self.sealed(&plain, &outer)
    }

    /// The payload of a file, decrypted and inflated.
    pub(super) fn plain(&self, file: &[u8]) -> Vec<u8> {
        let frame = frame(file);
        let outer = &frame.outer;
        outer.suite.open(frame.payload, outer.recipients.len(), outer.plain_len, &self.to.opening).unwrap()
    }

    /// These bytes as the payload of a file with this outside.
    pub(super) fn sealed(&self, plain: &[u8], outer: &Outer) -> Vec<u8> {
        let payload = outer.suite.seal(plain, &[self.to.opening.public()]).unwrap();
        self.signed(&payload, &Outer { plain_len: plain.len() as u64, ..outer.clone() })
    }

    /// Bytes that claim to be compressed, enveloped as they are.
    pub(super) fn enveloped(&self, compressed: &[u8], outer: &Outer) -> Vec<u8> {
        let payload = seal::close(outer.suite, compressed, &[self.to.opening.public()]).unwrap();
        self.signed(&payload, outer)
    }

    /// A payload as it is, under this outside and the insider's good signature.
    pub(super) fn signed(&self, payload: &[u8], outer: &Outer) -> Vec<u8> {
        container::assemble(outer, &self.from.signing, payload)
    }
}

pub(super) fn frame(file: &[u8]) -> Frame<'_> {
    container::frame(file).unwrap()
}

/// A's honest file with `edit` done to its inside, sealed and signed again.
pub(super) fn edited(world: &World, edit: impl FnOnce(&mut Manifest, &mut Inside, &mut Outer)) -> Vec<u8> {
    insider(world).reforge(&honest(world), edit)
}

/// What A would write, were it not for `edit`.
pub(super) fn written(world: &World, edit: impl FnOnce(&mut BundleDraft<'_>)) -> Vec<u8> {
    let to: [SealingKey; 1] = [world.county.opening.public()];
    let mut draft = draft(world, &world.a, &to, Direction::Up);
    edit(&mut draft);
    write(&draft, &mut fill).unwrap()
}

/// A's honest file with other bytes somewhere in its signed header, signed again.
pub(super) fn header_edited(world: &World, at: usize, bytes: &[u8]) -> Vec<u8> {
    with_header(world, honest(world), at, bytes)
}

/// A file with some bytes of its header exchanged, signed again by an enrolled key.
pub(super) fn with_header(world: &World, mut file: Vec<u8>, at: usize, bytes: &[u8]) -> Vec<u8> {
    let signed = signed_length(&file);
    file[at..at + bytes.len()].copy_from_slice(bytes);
    let message = [b"mbx/outer/1".as_slice(), &file[..signed]].concat();
    file[signed + 2..signed + 66].copy_from_slice(&world.a.signing.sign(&message));
    file
}

/// How many bytes of an honest file of one recipient the signature covers.
pub(super) fn signed_length(file: &[u8]) -> usize {
    112 + 8 * usize::from(file[61])
}

/// The first section of a type.
pub(super) fn body(inside: &mut Inside, of: u8) -> &mut Vec<u8> {
    &mut inside.iter_mut().find(|(kind, ..)| *kind == of).unwrap().2
}

/// The file with a section more, announced in the manifest.
pub(super) fn with_section(world: &World, kind: u8, body: Vec<u8>) -> Vec<u8> {
    edited(world, |manifest, inside, _| {
        inside.push((kind, true, body));
        manifest.sections = section::count(inside.iter().map(|(kind, ..)| *kind));
    })
}

/// The header of a payload's envelope, and the sealed chunks after it.
pub(super) fn chunks(suite: Suite, payload: &[u8]) -> (&[u8], Vec<&[u8]>) {
    let header = match suite {
        Suite::One => {
            let mac = payload.windows(5).position(|w| w == b"\n--- ").unwrap() + 5;
            mac + payload[mac..].iter().position(|b| *b == b'\n').unwrap() + 1 + 16
        }
        Suite::Two => 8 + 2 + 8 + 113 + 7,
    };
    let (header, sealed) = payload.split_at(header);
    (header, sealed.chunks((64 << 10) + 16).collect())
}

/// Bytes that do not compress.
pub(super) fn noise(length: usize) -> Vec<u8> {
    (0u32..).flat_map(|n| Suite::One.hash(&n.to_be_bytes())).take(length).collect()
}

/// A signed document as it stands in a trust section, with whatever signatures: key id and signature.
pub(super) fn put_signed(w: &mut Writer, bytes: &[u8], signatures: &[([u8; 8], [u8; 64])]) {
    w.array(2).bytes(bytes).array(signatures.len());
    for (key, signature) in signatures {
        w.array(2).bytes(key).bytes(signature);
    }
}

/// What a reason says beyond its code.
pub(super) fn detail(rejection: &Rejection) -> &'static str {
    match rejection {
        Rejection::TooLarge(what)
        | Rejection::Damaged(what)
        | Rejection::Malformed(what)
        | Rejection::ManifestMismatch(what) => what,
        _ => "",
    }
}
