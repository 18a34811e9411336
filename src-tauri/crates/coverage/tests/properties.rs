//! What must hold for every bill the engine accepts.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;

use std::collections::BTreeMap;
use std::sync::LazyLock;

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

fn year_of(name: &str) -> i32 {
    match name {
        "beijing.toml" => 2023,
        "wulanchabu.toml" => 2020,
        "jiamusi-2018.toml" => 2018,
        _ => 2017,
    }
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
    let held: Vec<&str> = identities.iter().map(String::as_str).collect();
    settle_year(pack, &Person::holding(&held), &History::empty(year), bills)
}

/// Every yearly cap of the packs: payers sharing it, the cap in yuan, and whom it does not bind.
const CAPS: &[(&str, &[&str], i64, &[&str])] = &[
    ("beijing.toml", &["basic_inpatient", "basic_special"], 200_000, &[]),
    ("beijing.toml", &["basic_outpatient_primary", "basic_outpatient_upper"], 3_000, &[]),
    ("beijing.toml", &["aid_inpatient"], 160_000, &["extreme_poverty", "disabled_returnee", "retrenched_worker"]),
    ("beijing.toml", &["aid_outpatient"], 8_000, &["extreme_poverty", "disabled_returnee", "retrenched_worker"]),
    ("wulanchabu.toml", &["basic"], 160_000, &[]),
    ("wulanchabu.toml", &["critical"], 500_000, &["registered_poor"]),
    ("wulanchabu.toml", &["aid_small"], 10_000, &[]),
    ("wulanchabu.toml", &["aid_large"], 100_000, &[]),
    ("wulanchabu.toml", &["government"], 50_000, &[]),
    ("jiamusi-2018.toml", &["basic"], 80_000, &[]),
    ("jiamusi-2018.toml", &["critical"], 200_000, &["extreme_poverty", "subsistence", "registered_poor"]),
];

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
        let held: Vec<&str> = identities.iter().map(String::as_str).collect();
        let (person, opening) = (Person::holding(&held), History::empty(year));
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
        let year = settled(pack(name), &identities, &bills, year_of(name));
        for (_, payers, cap, free) in CAPS.iter().filter(|(of, ..)| *of == name) {
            if identities.iter().any(|identity| free.contains(&identity.as_str())) {
                continue;
            }
            let paid: Fen = payers.iter().map(|key| year.closing.payer(key).paid).sum();
            assert!(paid <= Fen::from_yuan(*cap), "{payers:?} paid {paid}");
        }
    }

    #[test]
    fn the_ceiling_is_kept_on_every_bill((identities, bills) in (
        subsequence(vec!["extreme_poverty".to_owned(), "subsistence".to_owned(), "registered_poor".to_owned()], 0..=3),
        bills(2020).prop_map(|bills| at_known_levels("wulanchabu.toml", bills)),
    )) {
        for settlement in settled(pack("wulanchabu.toml"), &identities, &bills, 2020).settlements {
            assert!(settlement.paid().0 * 10 <= settlement.total.0 * 9, "{settlement:?}");
        }
    }

    #[test]
    fn a_better_identity_never_costs_more((name, mut identities, bills) in cases(), pick in any::<prop::sample::Index>()) {
        let pack = pack(name);
        let personal = |year: &YearSettlement| year.settlements.iter().map(|s: &Settlement| s.personal).sum::<Fen>();
        let before = settled(pack, &identities, &bills, year_of(name));
        let keys = aid_identities(pack);
        identities.push(keys[pick.index(keys.len())].clone());
        let after = settled(pack, &identities, &bills, year_of(name));
        // Bills on which a hospital bears more than a better-off family still owes are refused; compare like with like.
        if before.refused.is_empty() && after.refused.is_empty() {
            assert!(personal(&after) <= personal(&before), "{} > {}", personal(&after), personal(&before));
        }
    }

    /// 长顺's critical-illness insurance is the only payer of an ordinary resident there, and it is cumulative.
    #[test]
    fn a_cumulative_tier_pays_the_same_however_the_bill_is_split(parts in prop::collection::vec(0_i64..9_000_000, 1..6)) {
        let pack = pack("changshun-2017.toml");
        let bill = |fen: i64, month: u32| Bill {
            total: Fen(fen),
            admitted_on: day(2017, month, 1),
            ..stay(2017, month, 0)
        };
        let split: Vec<Bill> = parts.iter().zip(1..).map(|(fen, month)| bill(*fen, month)).collect();
        let whole = settled(pack, &[], &[bill(parts.iter().sum(), 1)], 2017);
        let split = settled(pack, &[], &split, 2017);
        assert_eq!(split.closing.payer("critical"), whole.closing.payer("critical"));
        assert_eq!(split.closing.in_scope_personal, whole.closing.in_scope_personal);
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
