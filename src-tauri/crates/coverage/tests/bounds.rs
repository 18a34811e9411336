//! Bounds on what is paid: ceilings, limits of diseases, floors of deductibles, and what a whole year makes up for.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;

use common::{changed, day, deductible, holding, in_payer, insured, one, pack_text, stay, yuan};
use mingbai_coverage::{
    Bill, Certificate, History, IdentityPeriod, Kind, Level, Pack, Person, Settlement, settle_year,
};
use mingbai_domain::Fen;

fn since_march(identity: &str, year: i32) -> Person {
    let from = Some(day(year, 3, 1));
    Person {
        identities: vec![IdentityPeriod { identity: identity.to_owned(), from, until: None }],
        ..Person::default()
    }
}

fn formula<'s>(settlement: &'s Settlement, key: &str) -> &'s str {
    settlement.steps.iter().find(|step| step.key == key).map(|step| step.formula.as_str()).unwrap()
}

#[test]
fn a_ceiling_that_is_passed_although_everybody_named_is_cut_says_so() {
    let everybody = "cut = [\"government\", \"aid_large\", \"aid_small\", \"critical\", \"basic\"]";
    let few = changed("wulanchabu.toml", &[(everybody, "cut = [\"government\"]")]);
    let settled = one(&few, &Person::holding(&["extreme_poverty"]), &stay(2020, 3, 100_000));
    let over = settled.paid() - yuan(90_000);
    assert!(over > Fen::ZERO);
    let told = settled.cautions().into_iter().find(|caution| caution.contains("总报销上限90,000.00")).unwrap();
    assert!(told.contains(&format!("多{over}元")), "{told}");
    let whole = one(&changed("wulanchabu.toml", &[]), &Person::holding(&["extreme_poverty"]), &stay(2020, 3, 100_000));
    assert!(!whole.cautions().iter().any(|caution| caution.contains("总报销上限")));
}

#[test]
fn a_ceiling_that_could_not_be_kept_is_no_pack() {
    let everybody = "cut = [\"government\", \"aid_large\", \"aid_small\", \"critical\", \"basic\"]";
    let nobody = pack_text("wulanchabu.toml").replacen(everybody, "cut = []", 1);
    let error = Pack::parse(&nobody).unwrap_err().to_string();
    assert!(error.contains("扣减顺序（cut）却一个支付方也没有"), "{error}");
    let ceiling = "\n[ceiling]\nshare = \"90%\"\nof = \"total\"\ncut = [\"aid\"]\nwhen = \"always\"\nref = \"E\"\n";
    let beside = pack_text("template.toml").replacen("\nceiling = \"none\"", "\n", 1) + ceiling;
    let error = Pack::parse(&beside).unwrap_err().to_string();
    assert!(error.contains("总报销比例上限（ceiling）和年终结算的支付方“因病致贫救助”"), "{error}");
}

/// Costs above a disease's limit are nobody's where what is above the cap stays with the person.
#[test]
fn costs_above_the_limit_of_a_disease_enter_the_next_payer_only_where_the_pack_lets_them() {
    let bill = Bill {
        kind: Kind::ChronicOutpatient,
        level: Level::Level2,
        disease: Some("dialysis".to_owned()),
        ..stay(2025, 3, 8_000)
    };
    let certificates = vec![Certificate { disease: "dialysis".to_owned(), from: day(2025, 1, 1), until: None }];
    let person = Person { certificates, ..insured() };
    let next = |above_cap: &str| {
        let changes = [("above_cap = \"enters_next\"", above_cap)];
        let pack = Pack::parse(&in_payer(&pack_text("template.toml"), "basic", &changes)).unwrap();
        let settled = one(&pack, &person, &bill);
        assert_eq!(settled.paid_by("basic"), yuan(4_000), "80 % of the 5,000 of a month");
        assert_eq!(settled.in_scope_personal, yuan(4_000));
        settled.after.payer("critical").base
    };
    assert_eq!(next("above_cap = \"enters_next\""), yuan(4_000));
    assert_eq!(next("above_cap = \"stays_personal\""), yuan(1_000));
}

#[test]
fn what_halves_a_deductible_halves_what_repeated_stays_have_left_of_it() {
    let stays = [stay(2025, 1, 5_000), stay(2025, 2, 5_000), stay(2025, 3, 5_000)];
    let at_home = stays.map(|bill| Bill { kind: Kind::HomeBed, level: Level::Township, ..bill });
    let template = Pack::parse(&pack_text("template.toml")).unwrap();
    let year = settle_year(&template, &insured(), &History::empty(2025), &at_home);
    // 200 × 50 %; (200 − 50) × 50 %; (200 − 100) × 50 %.
    let borne: Vec<Fen> = year.settlements.iter().map(|settled| deductible(settled, "basic")).collect();
    assert_eq!(borne, [yuan(100), yuan(75), yuan(50)]);
    assert_eq!(
        formula(&year.settlements[1], "basic.deductible"),
        "(200.00 − 50.00 × 1) × 50%（第2次住院，打折以前最低100.00）"
    );
    let raised = pack_text("template.toml").replacen("floor = \"100\"", "floor = \"300\"", 1);
    let error = Pack::parse(&raised).unwrap_err().to_string();
    assert!(error.contains("最低额（floor）高于首次起付线"), "{error}");
}

#[test]
fn what_the_whole_year_makes_due_beyond_the_bill_at_hand_is_told() {
    let whole = pack_text("jiamusi-2018.toml")
        .replace("2018-01-01", "2017-01-01")
        .replace("identity_change = \"later_bills\"", "identity_change = \"whole_year\"");
    let pack = Pack::parse(&whole).unwrap();
    let person = since_march("registered_poor", 2017);
    let settled = |april: i64| {
        let bills = [stay(2017, 1, 40_000), stay(2017, 4, april)];
        settle_year(&pack, &person, &History::empty(2017), &bills).settlements.pop().unwrap()
    };
    let (large, small) = (settled(40_000), settled(1_500));
    let told = |settled: &Settlement| settled.cautions().into_iter().any(|told| told.contains("只能在以后的票据里补"));
    assert!(told(&small), "{:#?}", small.steps);
    assert!(!told(&large));
}

#[test]
fn what_was_never_given_is_not_said_to_be_counted_already() {
    let pack = Pack::parse(&pack_text("beijing.toml")).unwrap();
    let words = |person: &Person| {
        let bills = [stay(2023, 1, 80_000), stay(2023, 4, 20_000)];
        let year = settle_year(&pack, person, &History::empty(2023), &bills);
        formula(&year.settlements[1], "critical.amount").to_owned()
    };
    let gained = words(&since_march("subsistence", 2023));
    assert!(gained.contains("按现在的规定此前应计") && !gained.contains("此前已计"), "{gained}");
    let always = words(&holding("subsistence"));
    assert!(always.contains("此前已计"), "{always}");
}
