//! The writing half of F6: a county lives through whatever the bytes say, one step a byte, and a device in the field
//! follows it. What the county once said is never taken back, and what is kept can always be read.

use super::county::signing;
use crate::{
    Certificate, CountyId, KeyId, Merged, Rejection, Revocation, Role, Root, Signed, SigningKey, Suite, TrustFault,
    TrustSection, TrustStore,
};

/// Most steps of one life: each verifies everything again.
const STEPS: usize = 10;

struct Life {
    suite: Suite,
    holders: [SigningKey; 3],
    ops: SigningKey,
    ops_seed: u8,
    county: TrustStore,
    device: TrustStore,
    past: Vec<TrustSection>,
}

/// Bytes as the life of a county: the first chooses the suite and the threshold, each other a step.
pub fn trust_chain(bytes: &[u8]) -> bool {
    let Some((first, steps)) = bytes.split_first() else { return false };
    let mut life = Life::begin(*first);
    for step in steps.iter().take(STEPS) {
        let before = life.county.clone();
        life.step(*step);
        assert!(life.county.root().version >= before.root().version);
        assert!(before.revocations().all(|known| life.county.revocation(known.serial) == Some(known)));
        assert_eq!(TrustStore::decode(&life.county.encode()).as_ref(), Ok(&life.county), "what is kept can be read");
    }
    let (followed, _) = life.device.merge(&life.county.section()).expect("a device can follow");
    assert_eq!(followed, life.county, "and knows then what the county knows");
    life.county.root().version > 1
}

impl Life {
    fn begin(choice: u8) -> Self {
        let suite = if choice & 0x80 == 0 { Suite::One } else { Suite::Two };
        let holders = [1, 2, 3].map(|seed| signing(suite, seed));
        let ops = signing(suite, 20);
        let root = Root {
            county: CountyId([9; 8]),
            version: 1,
            county_name: "示范县".into(),
            area: "159901".into(),
            suite: suite.number(),
            root_keys: holders.iter().map(SigningKey::public).collect(),
            threshold: u64::from(choice % 3) + 1,
            ops_keys: vec![ops.public()],
            sealing_key: suite.decryption_key(&[4; 32]).expect("a seed of one repeated byte is a key").public(),
            holders: Vec::new(),
        };
        let county = TrustStore::found(root.sign(&holders.iter().collect::<Vec<_>>())).expect("the first root is good");
        Self { suite, holders, ops, ops_seed: 20, device: county.clone(), county, past: Vec::new() }
    }

    fn certificate(&self, serial: u64, seed: u8) -> Certificate {
        Certificate {
            county: self.county.county(),
            serial,
            device: "1号机".into(),
            unit: "青山镇卫生院".into(),
            signing: signing(self.suite, seed).public(),
            sealing: self.county.root().sealing_key,
            area: "159901101".into(),
            roles: vec![Role::Township],
            county_epoch: 1,
            renews: None,
        }
    }

    fn step(&mut self, step: u8) {
        let choice = step >> 3;
        match step & 7 {
            0 | 1 => self.issue(choice),
            2 => self.revoke(choice),
            3 => self.hand_over(choice),
            4 => self.hear_the_past(choice),
            5 => self.hear_half(choice),
            6 => self.hear_a_thief(choice),
            _ => self.follow(),
        }
    }

    fn issue(&mut self, choice: u8) {
        self.past.push(self.county.section());
        let certificate = self.certificate(self.county.next_serial(), 40 + choice);
        self.county = self.county.issue(&self.ops, certificate).expect("the next serial is free");
    }

    fn revoke(&mut self, choice: u8) {
        let revocation = Revocation {
            county: self.county.county(),
            number: self.county.next_revocation(),
            serial: u64::from(choice) % self.county.next_serial(),
            cuts: Vec::new(),
            reason: "换机".into(),
        };
        if self.county.revocation(revocation.serial).is_none() {
            self.county = self.county.revoke(&self.ops, revocation).expect("the next number is free");
        }
    }

    /// The next root, signed by as many holders as the choice has bits; perhaps with a new ops key.
    fn hand_over(&mut self, choice: u8) {
        let old = self.county.root();
        let new_seed = self.ops_seed + (choice >> 3);
        let new_ops = signing(self.suite, new_seed);
        let root = Root { version: old.version + 1, ops_keys: vec![new_ops.public()], ..old.clone() };
        let by: Vec<&SigningKey> =
            self.holders.iter().enumerate().filter(|(at, _)| choice >> at & 1 == 1).map(|(_, key)| key).collect();
        let enough = by.len() as u64 >= old.threshold;
        match self.county.advance(&new_ops, root.sign(&by)) {
            Ok(county) => {
                assert!(enough, "a threshold of holders signs a root");
                self.past.push(self.county.section());
                (self.county, self.ops, self.ops_seed) = (county, new_ops, new_seed);
            }
            Err(refused) => assert!(!enough && refused == Rejection::Trust(TrustFault::RootUnsigned), "{refused:?}"),
        }
    }

    /// An old section changes nothing.
    fn hear_the_past(&self, choice: u8) {
        if let Some(old) = self.past.get(usize::from(choice) % self.past.len().max(1)) {
            let (same, merged) = self.county.merge(old).expect("the past was true");
            assert_eq!(same, self.county);
            assert_eq!((merged.roots, merged.certificates, merged.revocations), (0, 0, 0));
        }
    }

    /// Documents held back are missed, or were known before.
    fn hear_half(&self, choice: u8) {
        let whole = self.county.section();
        let mut half = whole.clone();
        half.certificates.retain(|c| c.value().serial & 1 == u64::from(choice & 1));
        half.revocations.retain(|r| r.value().number & 1 == u64::from(choice & 1));
        assert_eq!(self.county.merge(&half), Ok((self.county.clone(), Merged::default())));
        let all = half == whole;
        match self.device.merge(&half) {
            Ok((heard, _)) => assert!(all || heard == self.device || self.knew(&whole, &half)),
            Err(refused) => assert_eq!(refused, Rejection::Trust(TrustFault::Incomplete)),
        }
    }

    /// Whether the device already had everything that `half` leaves out of `whole`.
    fn knew(&self, whole: &TrustSection, half: &TrustSection) -> bool {
        let certificates = whole.certificates.iter().filter(|c| !half.certificates.contains(c));
        let revocations = whole.revocations.iter().filter(|r| !half.revocations.contains(r));
        certificates.map(|c| c.value().serial).all(|serial| self.device.certificate(serial).is_some())
            && revocations.map(|r| r.value().serial).all(|serial| self.device.revocation(serial).is_some())
    }

    /// Somebody without an ops key certifies a device of his own.
    fn hear_a_thief(&self, choice: u8) {
        let thief = signing(self.suite, 200);
        let certificate = self.certificate(self.county.next_serial(), 90 + choice);
        let key: KeyId = certificate.signing.id();
        let certificates = vec![Signed::new(certificate, &[&thief])];
        let (same, merged) = self
            .county
            .merge(&TrustSection { certificates, ..TrustSection::default() })
            .expect("a document of an unknown key is passed over");
        assert_eq!((&same, merged.outdated), (&self.county, 1));
        assert!(same.signer(key).is_none());
    }

    fn follow(&mut self) {
        let (followed, _) = self.device.merge(&self.county.section()).expect("a device can follow");
        assert_eq!(followed, self.county);
        self.device = followed;
    }
}
