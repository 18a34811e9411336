//! What lies in a village or under a division code, hanging on nobody: it belongs to its township and reaches every PC there.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use common::{A, B, Office, count, exchange, family, places};
use mingbai_domain::RecordId;
use mingbai_domain::catalogue::{
    Activity, Campaign, CountyList, FindingDecision, Hamlet, HomeVisit, Issue, PackDraft, PackReview, RiskLead,
    Village, VillageStaff,
};

const COUNTY: &str = "159901";

fn village(office: &mut Office, code: &str) -> RecordId {
    office.act(|txn| txn.insert(None, &Village { code: Some(code.into()), ..Village::default() }))
}

/// The county, two PCs of one centre and one of another, knowing of each other.
fn centre() -> (Office, Office, Office, Office) {
    let (mut county, mut first, mut other) = places();
    let mut second = Office::township(&mut county, 4, A);
    for office in [&mut first, &mut second, &mut other] {
        exchange(&mut county, office);
    }
    (county, first, second, other)
}

#[test]
fn a_villages_activity_reaches_the_townships_second_pc_and_no_other_township() {
    let (mut county, mut first, mut second, mut other) = centre();
    let code = format!("{A}001");
    let here = village(&mut first, &code);
    first.act(|txn| {
        txn.insert(None, &Hamlet { village: Some(here), name: Some("一组".into()), ..Hamlet::default() })?;
        let staff = VillageStaff { village: Some(here), name: Some("张医生".into()), ..VillageStaff::default() };
        txn.insert(None, &staff)?;
        let area = Some(A.to_owned());
        txn.insert(None, &Activity { area: area.clone(), village: Some(here), ..Activity::default() })?;
        // Nobody said in which village.
        txn.insert(None, &Activity { area: area.clone(), ..Activity::default() })?;
        txn.insert(None, &RiskLead { area, name: Some("李四".into()), ..RiskLead::default() })
    });
    exchange(&mut county, &mut first);
    for office in [&mut second, &mut other] {
        exchange(&mut county, office);
    }
    let here = |office: &Office| {
        (count::<Hamlet>(office), count::<VillageStaff>(office), count::<Activity>(office), count::<RiskLead>(office))
    };
    assert_eq!(here(&second), (1, 1, 2, 1));
    assert_eq!(here(&other), (0, 0, 0, 0));
}

#[test]
fn what_the_county_writes_under_its_own_code_and_its_lists_reach_every_township() {
    let (mut county, mut first, _, mut other) = centre();
    county.act(|txn| {
        let named = |area: &str, name: &str| Campaign {
            area: Some(area.into()),
            name: Some(name.into()),
            ..Campaign::default()
        };
        txn.insert(None, &named(COUNTY, "扶贫日"))?;
        txn.insert(None, &named(B, "二镇补报"))?;
        // What is being written of a pack, and who has read it, is nobody's but the county's.
        txn.insert(None, &PackDraft { name: Some("明年的".into()), ..PackDraft::default() })?;
        txn.insert(None, &PackReview { digest: Some("ab".into()), ..PackReview::default() })?;
        txn.insert(None, &CountyList { name: Some("30种大病".into()), ..CountyList::default() })
    });
    for office in [&mut first, &mut other] {
        exchange(&mut county, office);
    }
    assert_eq!((count::<Campaign>(&first), count::<CountyList>(&first)), (1, 1));
    assert_eq!((count::<Campaign>(&other), count::<CountyList>(&other)), (2, 1));
    for office in [&first, &other] {
        assert_eq!((count::<PackDraft>(office), count::<PackReview>(office)), (0, 0));
    }
}

#[test]
fn what_hangs_on_a_household_moves_with_it_and_leads_nowhere_in_the_new_place() {
    let (mut county, mut first, _, mut other) = centre();
    let moving = family(&mut first, A, "张三");
    let there = village(&mut other, &format!("{B}001"));
    first.act(|txn| {
        let visit =
            HomeVisit { household: Some(moving.household), problem: Some("看病远".into()), ..HomeVisit::default() };
        let visit = txn.insert(None, &visit)?;
        let issue = Issue { household: Some(moving.household), home_visit: Some(visit), ..Issue::default() };
        txn.insert(None, &issue)?;
        let found =
            FindingDecision { person: Some(moving.person), rule: Some("F19".into()), ..FindingDecision::default() };
        txn.insert(None, &found)
    });
    for office in [&mut first, &mut other] {
        exchange(&mut county, office);
    }
    county.act(|txn| {
        let moved = mingbai_domain::catalogue::Household { village: Some(there), ..Default::default() };
        txn.update(moving.household, &moved)
    });
    exchange(&mut county, &mut other);
    let have = (count::<HomeVisit>(&other), count::<Issue>(&other), count::<FindingDecision>(&other));
    assert_eq!(have, (1, 1, 1));
    assert!(other.store.read().doubts().unwrap().is_empty(), "{:?}", other.store.read().doubts().unwrap());
}
