//! Writes the golden files of container version 1 into a folder, once: `golden FOLDER 1` those of suite 1 (`v1-…`),
//! `golden FOLDER 2` those of suite 2 (`s2-…`). Files already there are never replaced.

use std::error::Error;
use std::fs;
use std::path::Path;

use mingbai_bundle::{
    Ack, AckLevel, BundleDraft, Certificate, Checkpoint, CountyId, Direction, EnrolmentRequest, MembershipDraft,
    RangeDraft, RequestFacts, Role, Root, Suite, TrustStore, write, write_membership,
};
use mingbai_ledger::{Genesis, SetDigest};

fn main() -> Result<(), Box<dyn Error>> {
    const USAGE: &str = "usage: golden FOLDER 1|2";
    let folder = std::env::args().nth(1).ok_or(USAGE)?;
    let (suite, prefix) = match std::env::args().nth(2).as_deref() {
        Some("1") => (Suite::One, "v1"),
        Some("2") => (Suite::Two, "s2"),
        _ => return Err(USAGE.into()),
    };
    let seeds = [
        ("root", 1),
        ("ops", 2),
        ("county signing", 3),
        ("county sealing", 4),
        ("device signing", 5),
        ("device sealing", 6),
    ];
    let list: String =
        seeds.iter().map(|(name, seed)| format!("{name} = {}\n", format!("{seed:02x}").repeat(32))).collect();
    let signing = |seed| suite.signing_key(&[seed; 32]).ok_or("key");
    let (root_key, ops, county, device) = (signing(1)?, signing(2)?, signing(3)?, signing(5)?);
    let opening = |seed| suite.decryption_key(&[seed; 32]).ok_or("key");
    let (county_opening, device_opening) = (opening(4)?, opening(6)?);

    let id = CountyId(*b"goldenv1");
    let root = Root {
        county: id,
        version: 1,
        county_name: "示范县".into(),
        area: "159901".into(),
        suite: suite.number(),
        root_keys: vec![root_key.public()],
        threshold: 1,
        ops_keys: vec![ops.public()],
        sealing_key: county_opening.public(),
        holders: Vec::new(),
    };
    let request = EnrolmentRequest::sign(
        &RequestFacts {
            device: "公卫科1号机".into(),
            area: "159901101".into(),
            unit: "青山镇卫生院".into(),
            signing: device.public(),
            sealing: device_opening.public(),
            nonce: [7; 16],
        },
        &device,
    )?;
    let office = Certificate {
        county: id,
        serial: 1,
        device: "县办1号机".into(),
        unit: "示范县卫生健康局".into(),
        signing: county.public(),
        sealing: county_opening.public(),
        area: "159901".into(),
        roles: vec![Role::County],
        county_epoch: 1,
        renews: None,
    };
    let facts = request.facts();
    let township = Certificate {
        serial: 2,
        device: facts.device.clone(),
        unit: facts.unit.clone(),
        signing: facts.signing,
        sealing: facts.sealing,
        area: facts.area.clone(),
        roles: vec![Role::Township],
        ..office.clone()
    };
    let trust = TrustStore::found(root.sign(&[&root_key]))?.issue(&ops, office)?.issue(&ops, township)?;
    let membership = write_membership(
        &MembershipDraft { trust: &trust, serial: 2, request: &request, areas: Some(b"villages") },
        &ops,
    )?;

    let genesis = Genesis {
        device_key: device.public().log_key(),
        nonce: [8; 16],
        county: id.0,
        certificate: 2,
        continues: None,
    };
    let entries = vec![b"\xa1\x01\x01".to_vec(), b"\xa1\x01\x02".to_vec(), b"\xa1\x01\x03".to_vec()];
    let previous = genesis.head().hash;
    let head = RangeDraft::head_of(&genesis, 1, previous, &entries);
    let checkpoint = Checkpoint::sign(&device, head, 3, SetDigest::default());
    let bundle = write(
        &BundleDraft {
            direction: Direction::Up,
            county: id,
            sender: &device,
            recipients: &[county_opening.public()],
            bundle_no: 1,
            bundle_id: Some([9; 16]),
            part: (1, 1),
            app: "0.1.0",
            schema: 1,
            wall_ms: 1_700_000_000_000,
            hlc: 1_700_000_000_000 << 16,
            ranges: vec![RangeDraft { genesis: genesis.clone(), from: 1, previous, entries, checkpoint }],
            have: vec![head],
            acks: vec![Ack { head, level: AckLevel::Received }],
            trust: Some(trust.section()),
            state: None,
            policies: vec![b"policy".to_vec()],
            directives: Vec::new(),
            blobs: Vec::new(),
            snapshots: Vec::new(),
        },
        &mut |bytes| bytes.fill(0),
    )?;

    let words = format!("{}\n{}\n", request.words(), trust.words());
    let log = format!("{}\n", genesis.log_id());
    for (name, content) in [
        ("keys.txt", list.as_bytes()),
        ("trust.bin", &trust.encode()),
        ("request.mbq", request.bytes()),
        ("membership.mbm", &membership),
        ("up.mbx", &bundle),
        ("words.txt", words.as_bytes()),
        ("log.txt", log.as_bytes()),
    ] {
        let name = format!("{prefix}-{name}");
        let path = Path::new(&folder).join(&name);
        if path.exists() {
            return Err(format!("{name} exists; golden files are never replaced").into());
        }
        fs::write(path, content)?;
    }
    Ok(())
}
