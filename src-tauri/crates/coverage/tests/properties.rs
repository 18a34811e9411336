//! What must hold for every bill the engine accepts.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::Datelike;
use common::{PACKS, day, stay};
use mingbai_coverage::{
    Area, Bill, History, Item, Kind, Level, Pack, Person, Referral, Settlement, YearAccount, YearSettlement,
    settle_annual, settle_year,
};
use mingbai_domain::Fen;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop, prop_oneof, proptest};
use proptest::sample::{select, subsequence};

/// Every shipped pack, read once.
static SHIPPED: LazyLock<BTreeMap<&str, Pack>> =
    LazyLock::new(|| PACKS.iter().map(|name| (*name, common::pack(name))).collect());

fn pack(name: &str) -> &'static Pack {
    &SHIPPED[name]
}

/// Levels, areas and kinds for which every shipped pack that pays them has rules.
fn bills(year: i32) -> impl Strategy<Value = Vec<Bill>> {
    let money = prop_oneof![0_i64..200_000, 0_i64..5_000_000, 0_i64..60_000_000];
    let one = (
        money,
        (0_i64..40, 0_i64..20, 0_i64..30),
        select(vec![Kind::Inpatient, Kind::Inpatient, Kind::ChronicOutpatient, Kind::Outpatient]),
        select(vec![Level::Level3, Level::Level3, Level::Level2, Level::Level1, Level::Township]),
        select(Area::ALL.to_vec()),
        select(Referral::ALL.to_vec()),
        any::<bool>(),
        0_i64..3,
    );
    prop::collection::vec(one, 1..5).prop_map(move |drawn| {
        drawn
            .into_iter()
            .zip(1..)
            .map(|((total, parts, kind, level, area, referral, major_disease, hospital), month)| Bill {
                kind,
                level,
                area,
                referral,
                total: Fen(total),
                ownpay: Fen(total * parts.0 / 100),
                overlimit: Fen(total * parts.1 / 100),
                preselfpay: Some(Fen(total * parts.2 / 100)),
                hospital_borne: Fen(total * parts.0 * hospital / 400),
                major_disease,
                ..stay(year, month, 0)
            })
            .collect()
    })
}

fn aid_identities(pack: &Pack) -> Vec<String> {
    pack.identities.iter().filter(|identity| identity.aid).map(|identity| identity.key.clone()).collect()
}

/// The first year of a pack.
fn year_of(name: &str) -> i32 {
    pack(name).from.year()
}

fn cases() -> impl Strategy<Value = (&'static str, Vec<String>, Vec<Bill>)> {
    select(PACKS.to_vec()).prop_flat_map(|name| {
        let keys = aid_identities(pack(name));
        let bills = bills(year_of(name)).prop_map(move |bills| at_known_levels(name, bills));
        (Just(name), subsequence(keys.clone(), 0..=keys.len()), bills)
    })
}

/// 乌兰察布's pack speaks of level 3 only; bills elsewhere would just be refused.
fn at_known_levels(name: &str, bills: Vec<Bill>) -> Vec<Bill> {
    let known = |bill: Bill| if name == "wulanchabu.toml" { Bill { level: Level::Level3, ..bill } } else { bill };
    bills.into_iter().map(known).collect()
}

fn settled(pack: &Pack, identities: &[String], bills: &[Bill], year: i32) -> YearSettlement {
    settle_year(pack, &holding(identities), &History::empty(year), bills)
}

/// Somebody of forty who has always held these identities.
fn holding(identities: &[String]) -> Person {
    let held: Vec<&str> = identities.iter().map(String::as_str).collect();
    Person { born: Some(day(1977, 7, 1)), ..Person::holding(&held) }
}

/// A cap as the pack's text states it.
struct Cap {
    /// Payers that share it.
    payers: Vec<String>,
    amount: Fen,
    yearly: bool,
}

/// The caps that bind somebody with these identities: of every payer the first row that asks for nothing but identities
/// and holds.
fn caps(name: &str, identities: &[String]) -> Vec<Cap> {
    let table: toml::Table = toml::from_str(&common::pack_text(name)).unwrap();
    let payers = table["payer"].as_array().unwrap();
    let mut caps = Vec::new();
    for payer in payers {
        let rows = payer["cap"].as_array().unwrap();
        let held = |row: &toml::Value| {
            let named =
                row.get("identity").map(|list| list.as_array().unwrap().iter().filter_map(|word| word.as_str()));
            named.is_none_or(|mut named| named.any(|key| identities.iter().any(|held| held == key)))
        };
        // A payer that is not for this person says nothing of a cap.
        let Some(row) = rows.iter().find(|row| held(row)) else { continue };
        assert!(row.as_table().unwrap().keys().all(|key| ["identity", "amount", "per", "ref"].contains(&key.as_str())));
        if !matches!(row["amount"].as_str(), Some("none" | "unknown")) {
            let sharing = payers.iter().filter(|other| other["cap_pool"] == payer["cap_pool"]);
            caps.push(Cap {
                payers: sharing.map(|other| other["key"].as_str().unwrap().to_owned()).collect(),
                amount: Fen::parse(row["amount"].as_str().unwrap()).unwrap(),
                yearly: row["per"].as_str() == Some("year"),
            });
        }
    }
    caps
}

/// Packs, people and payers of which the payer looks at nothing but the whole year.
fn cumulative() -> impl Strategy<Value = (&'static str, Vec<String>, &'static str)> {
    select(vec![
        ("changshun-2017.toml", Vec::new(), "critical"),
        ("anhui-351-180.toml", vec!["registered_poor".to_owned()], "backstop"),
    ])
}

/// Stays of these amounts, one a month.
fn stays(name: &str, fen: &[i64]) -> Vec<Bill> {
    let year = year_of(name);
    let months = fen.iter().zip(1..);
    months.map(|(fen, month)| Bill { total: Fen(*fen), ..stay(year, month, 0) }).collect()
}

fn config() -> ProptestConfig {
    ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn no_payer_is_negative_and_the_identities_hold_to_the_fen((name, identities, bills) in cases()) {
        let year = settled(pack(name), &identities, &bills, year_of(name));
        assert_eq!(year.settlements.len() + year.refused.len(), bills.len());
        for settlement in &year.settlements {
            assert!(settlement.payers.iter().all(|payer| payer.amount >= Fen::ZERO && payer.on_preselfpay >= Fen::ZERO));
            assert!(settlement.identities_hold(), "{settlement:?}");
            assert!(settlement.personal >= Fen::ZERO);
            assert!(settlement.steps.iter().all(|step| !step.label.is_empty() && !step.formula.is_empty()));
        }
    }

    #[test]
    fn amounts_are_the_same_with_and_without_an_explanation((name, identities, bills) in cases()) {
        let (pack, year) = (pack(name), year_of(name));
        let explained = settled(pack, &identities, &bills, year);
        let (person, opening) = (holding(&identities), History::empty(year));
        let mut account = YearAccount::new(pack);
        account.open(&person, &opening);
        let mut told = 0;
        account.settle_all(&bills, |index, outcome| {
            told += 1;
            match outcome {
                Ok(amounts) => {
                    let settlement = explained.settlements.iter().find(|s| s.bill == bills[index].id).unwrap();
                    let payers = settlement.payers.iter().map(|p| (p.amount, p.on_preselfpay, p.applies));
                    assert!(amounts.payers.iter().map(|p| (p.amount, p.on_preselfpay, p.applies)).eq(payers));
                    assert_eq!(amounts.personal, settlement.personal);
                    assert_eq!(amounts.in_scope_personal, settlement.in_scope_personal);
                }
                Err(error) => assert!(explained.refused.iter().any(|r| r.index == index && r.error == error)),
            }
        });
        assert_eq!(told, bills.len());
        assert_eq!(account.closing(), explained.closing);
        let end = day(year, 12, 31);
        let annual = settle_annual(pack, &person, &explained.closing, end).unwrap();
        let paid: Fen = account.settle_annual(end).unwrap().iter().map(|share| share.amount).sum();
        assert_eq!(paid, annual.payers.iter().map(|payer| payer.amount).sum());
        assert_eq!(account.closing(), annual.after);
    }

    #[test]
    fn caps_are_never_exceeded((name, identities, bills) in cases()) {
        // Ten times as large, so that the caps of a year are met.
        let bills: Vec<Bill> =
            bills.into_iter().map(|bill| Bill { total: Fen(bill.total.0 * 10), hospital_borne: Fen::ZERO, ..bill }).collect();
        let year = settled(pack(name), &identities, &bills, year_of(name));
        for cap in caps(name, &identities) {
            let paid_on = |settlement: &Settlement| cap.payers.iter().map(|key| settlement.paid_by(key)).sum::<Fen>();
            let yearly: Fen = year.settlements.iter().map(paid_on).sum();
            assert!(!cap.yearly || yearly <= cap.amount, "{:?} paid {yearly}", cap.payers);
            for settlement in &year.settlements {
                assert!(paid_on(settlement) <= cap.amount, "{:?} on one bill: {settlement:?}", cap.payers);
            }
        }
    }

    #[test]
    fn the_ceiling_is_kept_on_every_bill((identities, bills) in (
        subsequence(vec!["extreme_poverty".to_owned(), "subsistence".to_owned(), "registered_poor".to_owned()], 0..=3),
        bills(2019).prop_map(|bills| at_known_levels("wulanchabu.toml", bills)),
    )) {
        for settlement in settled(pack("wulanchabu.toml"), &identities, &bills, 2019).settlements {
            assert!(settlement.paid().0 * 10 <= settlement.total.0 * 9, "{settlement:?}");
        }
    }

    /// All seven packs promise it: an aid identity only ever lowers a deductible, raises a share, lifts a cap or adds a
    /// payer. One pair is no promise: 北京's 因病致贫 aid also looks at 先行自付 and is for people without another aid
    /// identity, so that a family with much 先行自付 may get less as 低保 than as 因病致贫. Nobody begins with it here.
    #[test]
    fn a_better_identity_never_costs_more((name, mut identities, bills) in cases(), pick in any::<prop::sample::Index>()) {
        let pack = pack(name);
        let year = year_of(name);
        identities.retain(|key| key != "illness_poverty");
        // A hospital that bears more than a better-off family still owes would be refused.
        let bills: Vec<Bill> = bills.into_iter().map(|bill| Bill { hospital_borne: Fen::ZERO, ..bill }).collect();
        let personal = |identities: &[String]| {
            let settled = settled(pack, identities, &bills, year);
            let annual = settle_annual(pack, &holding(identities), &settled.closing, day(year, 12, 31)).unwrap();
            let at_end: Fen = annual.payers.iter().map(|payer| payer.amount).sum();
            (settled.refused.len(), settled.settlements.iter().map(|s| s.personal).sum::<Fen>() - at_end)
        };
        let before = personal(&identities);
        let keys = aid_identities(pack);
        identities.push(keys[pick.index(keys.len())].clone());
        let after = personal(&identities);
        assert_eq!(before.0, after.0, "no bill is refused for being poor");
        assert!(after.1 <= before.1, "{} > {}", after.1, before.1);
    }

    /// 长顺's critical-illness insurance is the only payer of an ordinary resident there, 安徽's backstop the only one of a
    /// stay there; both look at the whole year.
    #[test]
    fn a_cumulative_tier_pays_the_same_however_the_bill_is_split(
        (name, identity, payer) in cumulative(),
        parts in prop::collection::vec(0_i64..9_000_000, 1..6),
    ) {
        let whole = settled(pack(name), &identity, &stays(name, &[parts.iter().sum()]), year_of(name));
        let split = settled(pack(name), &identity, &stays(name, &parts), year_of(name));
        assert_eq!(split.closing.payer(payer), whole.closing.payer(payer));
        assert_eq!(split.closing.in_scope_personal, whole.closing.in_scope_personal);
    }

    #[test]
    fn a_cumulative_tier_pays_the_same_in_whatever_order_the_stays_happened(
        (name, identity, payer) in cumulative(),
        parts in prop::collection::vec(0_i64..9_000_000, 2..6),
        turn in 1_usize..5,
    ) {
        let mut turned = parts.clone();
        let places = turned.len();
        turned.rotate_left(turn % places);
        let first = settled(pack(name), &identity, &stays(name, &parts), year_of(name)).closing;
        let other = settled(pack(name), &identity, &stays(name, &turned), year_of(name)).closing;
        assert_eq!(first.payer(payer), other.payer(payer));
        assert_eq!(first.in_scope_personal, other.in_scope_personal);
    }

    #[test]
    fn a_year_comes_out_the_same_in_whatever_order_its_bills_are_handed_in((name, identities, bills) in cases()) {
        let year = settled(pack(name), &identities, &bills, year_of(name));
        let backwards: Vec<Bill> = bills.iter().rev().cloned().collect();
        let again = settled(pack(name), &identities, &backwards, year_of(name));
        assert_eq!(year.settlements, again.settlements);
        assert_eq!(year.closing, again.closing);
    }

    #[test]
    fn items_and_their_printed_share_settle_alike(class_b in 0_i64..3_000_000, implant in 0_i64..3_000_000) {
        let pack = pack("wulanchabu.toml");
        let total = Fen(class_b + implant + 100_000);
        let items = vec![
            Item { class: "class_b".to_owned(), amount: Fen(class_b) },
            Item { class: "imported_implant".to_owned(), amount: Fen(implant) },
        ];
        let derived = Bill { total, items, preselfpay: None, ..stay(2020, 1, 0) };
        let first = settled(pack, &[], std::slice::from_ref(&derived), 2020);
        let share = first.settlements[0].preselfpay;
        let printed = Bill { items: Vec::new(), preselfpay: Some(share), ..derived };
        let second = settled(pack, &[], &[printed], 2020);
        assert_eq!(first.closing, second.closing);
        // 20 % and 50 %, half-up: twenty times the share differs from the exact sum by at most ten.
        assert!((share.0 * 20 - class_b * 4 - implant * 10).abs() <= 10);
    }
}
