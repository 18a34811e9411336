//! PCs made from one disk image, and keys that change hands between them.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use common::{A, Office, across, centre, exchange, family, renewed};
use mingbai_bundle::{EnrolmentRequest, RequestFacts};
use mingbai_domain::catalogue::Operator;
use mingbai_sync::{DeviceKeys, SyncError, Target, confirmed, enrol, export};

#[test]
fn pcs_of_one_disk_image_that_met_each_other_still_send_everything_each_of_them_wrote() {
    let (mut county, mut first, mut second) = centre();
    family(&mut first, A, "张三");
    exchange(&mut county, &mut first);
    let mut copy = first.copy();
    let (here, there) = (family(&mut first, A, "李四"), family(&mut copy, A, "王五"));
    let more = family(&mut copy, A, "赵六");
    for number in 0..20 {
        family(&mut first, A, &format!("这边{number}"));
        family(&mut copy, A, &format!("那边{number}"));
    }
    renewed(&mut county, &mut copy);
    renewed(&mut county, &mut first);
    let down = county.down(A);
    copy.take(&down);
    let met = across(&mut copy);
    first.take(&met);
    // Its old log now has two branches here, and the county has confirmed neither.
    let whole = first.up();
    let mut by_parts = county.copy();
    assert_eq!(county.take(&whole).ingested.unapplied, 0);
    let names = |office: &Office| [here, there, more].map(|one| office.name(one.person));
    let all = ["李四", "王五", "赵六"].map(|name| Some(name.to_owned()));
    assert_eq!(names(&county), all);
    let most = whole.bytes.len() as u64 * 3 / 4;
    let parts = first.with(|store, author| export(store, author, Target::County, Some(most))).unwrap().into_files();
    assert!(parts.len() > 1);
    for part in parts {
        by_parts.try_take(&part.bytes).unwrap();
    }
    assert_eq!(names(&by_parts), all);
    let met = across(&mut first);
    second.take(&met);
    assert_eq!(names(&second), all);
    let down = county.down(A);
    first.take(&down);
    assert_eq!(confirmed(first.store.read()).unwrap().pending, 0);
    assert_eq!(county.take(&first.up()).ingested.duplicate, 0, "what the county has is not carried again");
}

#[test]
fn keys_that_have_ended_are_not_asked_for_again_and_keys_that_follow_each_other_in_a_ring_hang_nobody() {
    let (mut county, mut first, _) = centre();
    let old = DeviceKeys::load(&first.store).unwrap();
    renewed(&mut county, &mut first);
    let new = DeviceKeys::load(&first.store).unwrap();
    let serial = county.trust().signer(new.signing.id()).unwrap().serial;
    let facts = RequestFacts {
        device: "前台".into(),
        area: A.into(),
        unit: "卫生院".into(),
        signing: old.signing.public(),
        sealing: old.decryption.public(),
        nonce: [5; 16],
    };
    let back = EnrolmentRequest::renew(&facts, (serial, Vec::new()), &new.signing, &old.signing).unwrap();
    let answer = enrol::approve(&mut county.store, &back, &back.words());
    assert!(matches!(answer, Err(SyncError::RenewalRefused)), "{answer:?}");
    // A county that had granted it before goes on all the same.
    let named = |key: &DeviceKeys| -> String {
        let hex: String = key.signing.public().log_key().iter().map(|byte| format!("{byte:02x}")).collect();
        format!("renewed/{hex}")
    };
    for (of, before) in [(&new, &old), (&old, &new)] {
        county.store.set_state(&named(of), &before.signing.public().log_key()).unwrap();
    }
    let clerk = |role: &str| Operator { role: Some(role.into()), ..Operator::default() };
    let operator = first.act(|txn| txn.insert(None, &clerk("clerk")));
    first.act(|txn| txn.update(operator, &clerk("head")));
    assert_eq!(exchange(&mut county, &mut first).ingested.unapplied, 0);
    let stands = county.store.read().get::<Operator>(operator).unwrap().unwrap().record;
    assert_eq!(stands.role, clerk("head").role);
}

#[test]
fn what_a_neighbour_wrote_is_handed_on_although_much_of_it_waits_behind_a_gap() {
    let (mut county, mut first, mut second) = centre();
    let early = family(&mut first, A, "张三");
    let met = across(&mut first);
    second.take(&met);
    // A copy of the second PC hears one more word and says so; the second itself never does.
    let mut copy = second.copy();
    family(&mut first, A, "李四");
    let met = across(&mut first);
    copy.take(&met);
    let said = across(&mut copy);
    first.take(&said);
    for number in 0..9 {
        family(&mut first, A, &format!("后来{number}"));
        let met = across(&mut first);
        assert!(second.take(&met).ingested.held > 0, "what comes later waits");
    }
    drop(first);
    let up = second.up();
    county.take(&up);
    assert_eq!(county.name(early.person).as_deref(), Some("张三"));
}
