//! A small county: an office, two townships, and a neighbour county nobody here knows.

use mingbai_ledger::cbor::Writer;
use mingbai_ledger::{Genesis, Head, SetDigest};

use crate::{
    BundleDraft, Certificate, Checkpoint, CountyId, DecryptionKey, Direction, RangeDraft, Role, Root, SealingKey,
    Signed, SigningKey, Statement, Suite, TrustStore, write,
};

pub(super) struct Desk {
    pub(super) serial: u64,
    pub(super) signing: SigningKey,
    pub(super) opening: DecryptionKey,
}

pub(super) struct World {
    pub(super) root_key: SigningKey,
    pub(super) ops: SigningKey,
    pub(super) county: Desk,
    pub(super) a: Desk,
    pub(super) b: Desk,
    pub(super) trust: TrustStore,
}

pub(super) const SUITES: [Suite; 2] = [Suite::One, Suite::Two];

pub(super) fn signing(seed: u8) -> SigningKey {
    signing_in(Suite::One, seed)
}

pub(super) fn signing_in(suite: Suite, seed: u8) -> SigningKey {
    suite.signing_key(&[seed; 32]).unwrap()
}

pub(super) fn opening(seed: u8) -> DecryptionKey {
    opening_in(Suite::One, seed)
}

pub(super) fn opening_in(suite: Suite, seed: u8) -> DecryptionKey {
    suite.decryption_key(&[seed; 32]).unwrap()
}

pub(super) fn desk(serial: u64, seed: u8) -> Desk {
    desk_in(Suite::One, serial, seed)
}

pub(super) fn desk_in(suite: Suite, serial: u64, seed: u8) -> Desk {
    Desk { serial, signing: signing_in(suite, seed), opening: opening_in(suite, seed + 1) }
}

pub(super) fn root(base: u8) -> Root {
    root_in(Suite::One, base)
}

pub(super) fn root_in(suite: Suite, base: u8) -> Root {
    Root {
        county: CountyId([base; 8]),
        version: 1,
        county_name: "示范县".into(),
        area: "159901".into(),
        suite: suite.number(),
        root_keys: vec![signing_in(suite, base).public()],
        threshold: 1,
        ops_keys: vec![signing_in(suite, base + 1).public()],
        sealing_key: opening_in(suite, base + 11).public(),
        holders: Vec::new(),
    }
}

pub(super) fn certificate(county: CountyId, desk: &Desk, area: &str, roles: &[Role]) -> Certificate {
    Certificate {
        county,
        serial: desk.serial,
        device: format!("{}号机", desk.serial),
        unit: "青山镇卫生院".into(),
        signing: desk.signing.public(),
        sealing: desk.opening.public(),
        area: area.into(),
        roles: roles.to_vec(),
        county_epoch: 1,
        renews: None,
    }
}

/// The county built on key seeds from `base` on.
pub(super) fn world_at(base: u8) -> World {
    build(Suite::One, base)
}

/// The county of the same name and seeds in either suite.
pub(super) fn world_in(suite: Suite) -> World {
    build(suite, 10)
}

fn build(suite: Suite, base: u8) -> World {
    let (root_key, ops) = (signing_in(suite, base), signing_in(suite, base + 1));
    let desk = |serial, seed| desk_in(suite, serial, seed);
    let (county, a, b) = (desk(1, base + 10), desk(2, base + 20), desk(3, base + 30));
    let root = root_in(suite, base);
    let id = root.county;
    let township = [Role::Township, Role::Sibling];
    let trust = TrustStore::found(root.sign(&[&root_key])).unwrap();
    let trust = trust.issue(&ops, certificate(id, &county, "159901", &[Role::County])).unwrap();
    let trust = trust.issue(&ops, certificate(id, &a, "159901101", &township)).unwrap();
    let trust = trust.issue(&ops, certificate(id, &b, "159901102", &township)).unwrap();
    World { root_key, ops, county, a, b, trust }
}

pub(super) fn world() -> World {
    world_at(10)
}

pub(super) fn genesis(world: &World, desk: &Desk) -> Genesis {
    Genesis {
        device_key: desk.signing.public().log_key(),
        nonce: [desk.serial as u8; 16],
        county: world.trust.county().0,
        certificate: desk.serial,
        continues: None,
    }
}

pub(super) fn entries(from: u64, count: u64) -> Vec<Vec<u8>> {
    let entry = |seq| {
        let mut writer = Writer::new();
        writer.map(1).uint(1).uint(seq);
        writer.finish()
    };
    (from..from + count).map(entry).collect()
}

/// The first `count` entries of a desk's log.
pub(super) fn range(genesis: &Genesis, key: &SigningKey, count: u64) -> RangeDraft {
    let previous = genesis.head().hash;
    range_after(genesis, key, Head { seq: 0, hash: previous, ..genesis.head() }, count)
}

pub(super) fn range_after(genesis: &Genesis, key: &SigningKey, after: Head, count: u64) -> RangeDraft {
    let from = after.seq + 1;
    let entries = entries(from, count);
    let head = RangeDraft::head_of(genesis, from, after.hash, &entries);
    let checkpoint = Checkpoint::sign(key, head, head.seq, SetDigest::default());
    RangeDraft { genesis: genesis.clone(), from, previous: after.hash, entries, checkpoint }
}

pub(super) fn draft<'a>(
    world: &World,
    sender: &'a Desk,
    recipients: &'a [SealingKey],
    direction: Direction,
) -> BundleDraft<'a> {
    BundleDraft {
        direction,
        county: world.trust.county(),
        sender: &sender.signing,
        recipients,
        bundle_no: 7,
        bundle_id: None,
        part: (1, 1),
        app: "0.1.0",
        schema: 1,
        wall_ms: 1_700_000_000_000,
        hlc: 9,
        ranges: vec![range(&genesis(world, sender), &sender.signing, 2)],
        have: Vec::new(),
        acks: Vec::new(),
        trust: None,
        state: None,
        policies: Vec::new(),
        directives: Vec::new(),
        blobs: Vec::new(),
        snapshots: Vec::new(),
    }
}

pub(super) fn fill(bytes: &mut [u8]) {
    bytes.fill(0x5a);
}

/// What township A sends the county on an ordinary day.
pub(super) fn honest(world: &World) -> Vec<u8> {
    let to = [world.county.opening.public()];
    write(&draft(world, &world.a, &to, Direction::Up), &mut fill).unwrap()
}

/// The newest statement of a store under another version number.
pub(super) fn statement_at(trust: &TrustStore, version: u64, ops: &SigningKey) -> Signed<Statement> {
    Signed::new(Statement { version, ..trust.statement().unwrap().clone() }, &[ops])
}
