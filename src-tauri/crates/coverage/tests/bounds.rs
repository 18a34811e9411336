//! Bounds on what is paid: ceilings, limits of diseases, floors of deductibles, and what a whole year makes up for.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;

use chrono::NaiveDate;
use common::{changed, day, deductible, holding, in_payer, insured, one, pack_text, stay, yuan};
use mingbai_coverage::{
    Bill, Certificate, History, IdentityPeriod, Kind, Level, Pack, Person, Settlement, settle_annual, settle_year,
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

/// 低保 from July, counted for the whole year: 20,000 of January are over no threshold of an ordinary resident.
#[test]
fn what_the_whole_year_makes_due_beyond_its_bills_is_paid_at_its_end_also_without_a_later_bill() {
    let whole_year = "identity_change = \"whole_year\"";
    let pack = changed("beijing.toml", &[("identity_change = \"later_bills\"", whole_year)]);
    let from = Some(day(2023, 7, 1));
    let identities = vec![IdentityPeriod { identity: "subsistence".to_owned(), from, until: None }];
    let person = Person { identities, ..insured() };
    // Left after basic insurance: 1,300 + 25 % of 74,800 = 20,000, then 650 + 25 % of 5,400 = 2,000.
    let bills = [stay(2023, 1, 76_100), stay(2023, 7, 6_050)];
    let ended = |bills: &[Bill]| {
        let year = settle_year(&pack, &person, &History::empty(2023), bills);
        let end = settle_annual(&pack, &person, &year.closing, day(2023, 12, 31)).unwrap();
        let critical = |key: &str| key == "critical";
        let on_bills: Fen = year.settlements.iter().map(|settled| settled.paid_by("critical")).sum();
        let at_end: Fen = end.payers.iter().filter(|payer| critical(&payer.key)).map(|payer| payer.amount).sum();
        (on_bills, at_end, end)
    };
    // (22,000 − 15,202) × 65 % = 4,418.70: what the bill of July leaves to the person, and the rest.
    let (on_bills, at_end, end) = ended(&bills);
    assert_eq!((on_bills, at_end), (yuan(2_000), Fen(241_870)));
    assert_eq!(end.in_scope_personal, Fen(2_000_000 - 241_870));
    let step = end.steps.iter().find(|step| step.key == "critical.made_good").unwrap();
    assert!(step.formula.contains("此前已计2,000.00，还应支付2,418.70"), "{}", step.formula);
    // (20,000 − 15,202) × 65 %, though no bill came after July.
    assert_eq!((ended(&bills[..1]).0, ended(&bills[..1]).1), (Fen::ZERO, Fen(311_870)));

    let forward = common::pack("beijing.toml");
    let year = settle_year(&forward, &person, &History::empty(2023), &bills);
    let end = settle_annual(&forward, &person, &year.closing, day(2023, 12, 31)).unwrap();
    assert!(end.payers.iter().all(|payer| payer.key != "critical"), "where a change counts for later bills only");
}

/// Two payers of the rest, one after the other, both by the whole year.
fn two_of_the_rest() -> Pack {
    let text = pack_text("template.toml");
    let whole = text.replacen("identity_change = \"later_bills\"", "identity_change = \"whole_year\"", 1);
    let basic = [(
        "bonus = [{ identity = [\"extreme_poverty\", \"subsistence\"], points = \"5%\", bands = \"all\", ref = \"S2 第三条\" }]",
        "bonus = []",
    )];
    let mut aid = text
        .split("key = \"aid\"")
        .nth(1)
        .unwrap()
        .lines()
        .filter(|line| ["when = ", "deductible = ", "cap = "].iter().any(|key| line.starts_with(key)));
    let [when, deductible, cap] = [(); 3].map(|()| aid.next().unwrap());
    let share = |share: &str| format!("bands = [{{ up_to = \"none\", share = \"{share}\" }}], ref = \"S2 第四条\" }},");
    let aid = [
        (when, "when = \"always\""),
        ("less_compensation = true", "less_compensation = false"),
        ("deductible_period = \"admission\"", "deductible_period = \"year\""),
        (deductible, "deductible = [{ amount = \"3000\", repeat = \"same\", ref = \"S2 第四条\" }]"),
        ("segment_scope = \"admission\"", "segment_scope = \"year\""),
        (
            &format!("{{ identity = [\"extreme_poverty\"], {}", share("100%")),
            &format!("{{ identity = [\"subsistence\"], {}", share("70%")),
        ),
        (&format!("{{ total_over = \"30000\", {}", share("80%")), ""),
        (&format!("{{ {}", share("70%")), &format!("{{ {}", share("30%"))),
        (cap, "cap = [{ amount = \"none\", per = \"year\", ref = \"S2 第四条\" }]"),
    ];
    Pack::parse(&in_payer(&in_payer(&whole, "basic", &basic), "aid", &aid)).unwrap()
}

/// Of two payers of the rest the later one looks at what the other leaves when the year ends, as on any bill.
#[test]
fn whoever_becomes_poor_in_december_ends_the_year_as_whoever_was_poor_all_along() {
    let pack = two_of_the_rest();
    let over_the_year = |from: Option<NaiveDate>| {
        let identities = vec![IdentityPeriod { identity: "subsistence".to_owned(), from, until: None }];
        let person = Person { identities, ..insured() };
        let year = settle_year(&pack, &person, &History::empty(2025), &[stay(2025, 2, 90_000)]);
        let end = settle_annual(&pack, &person, &year.closing, day(2025, 12, 31)).unwrap();
        ["critical", "aid"].map(|key| {
            let at_end: Fen = end.payers.iter().filter(|payer| payer.key == key).map(|payer| payer.amount).sum();
            year.settlements[0].paid_by(key) + at_end
        })
    };
    let always = over_the_year(None);
    assert!(always.iter().all(|paid| *paid > Fen::ZERO), "{always:?}");
    assert_eq!(over_the_year(Some(day(2025, 12, 1))), always);
}

/// A ceiling is kept bill by bill: what would pass it later is told and not paid.
#[test]
fn beside_a_ceiling_nothing_is_made_good_later_and_the_reader_is_told() {
    let pack = changed(
        "jiamusi-2018.toml",
        &[
            ("2018-01-01", "2017-01-01"),
            ("identity_change = \"later_bills\"", "identity_change = \"whole_year\""),
            (
                "ceiling = \"none\"",
                "ceiling = { share = \"99%\", of = \"total\", cut = [\"basic\"], when = \"always\", ref = \"E\" }",
            ),
        ],
    );
    let person = since_march("registered_poor", 2017);
    let settled = |april: i64| {
        let bills = [stay(2017, 1, 40_000), stay(2017, 4, april)];
        settle_year(&pack, &person, &History::empty(2017), &bills).settlements.pop().unwrap()
    };
    let told = |settled: &Settlement| settled.cautions().into_iter().any(|told| told.contains("年终不另补"));
    assert!(told(&settled(1_500)), "{:#?}", settled(1_500).steps);
    assert!(!told(&settled(40_000)));
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
