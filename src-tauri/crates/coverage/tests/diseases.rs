//! 慢特病 and 两病: certificates, limits, several diseases, evidence. The numbers are those of the template, which is no
//! county's.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;

use common::{changed, day, pack, pack_text, stay};
use mingbai_coverage::{
    Bill, BillError, BillField, Certificate, Enrolment, History, Kind, Level, Pack, Person, Referral, Settlement,
    settle, settle_year,
};
use mingbai_domain::Fen;

fn yuan(yuan: i64) -> Fen {
    Fen::from_yuan(yuan)
}

/// Insured since 2020, certified for these diseases in 2025.
fn certified(diseases: &[&str]) -> Person {
    let certificate = |disease: &&str| Certificate {
        disease: (*disease).to_owned(),
        from: day(2025, 1, 10),
        until: Some(day(2025, 12, 31)),
    };
    Person {
        born: Some(day(1960, 1, 1)),
        enrolments: vec![Enrolment { late: Some(false), gap_years: Some(0), ..Enrolment::since(day(2020, 1, 1)) }],
        certificates: diseases.iter().map(certificate).collect(),
        ..Person::default()
    }
}

fn visit(kind: Kind, disease: &str, month: u32, total: i64) -> Bill {
    Bill { kind, level: Level::Township, disease: Some(disease.to_owned()), ..stay(2025, month, total) }
}

fn template(from: &str, to: &str) -> Pack {
    let text = pack_text("template.toml");
    assert!(text.contains(from), "{from}");
    Pack::parse(&text.replacen(from, to, 1)).unwrap()
}

fn paid(pack: &Pack, person: &Person, bills: &[Bill]) -> Vec<Fen> {
    let year = settle_year(pack, person, &History::empty(2025), bills);
    assert_eq!(year.refused, []);
    year.settlements.iter().map(|settlement| settlement.paid_by("basic")).collect()
}

#[test]
fn a_disease_of_its_own_share_is_paid_up_to_its_yearly_limit() {
    let person = certified(&["hypertension"]);
    let bills = [visit(Kind::TwoDisease, "hypertension", 2, 300), visit(Kind::TwoDisease, "hypertension", 5, 500)];
    // 300 × 60 %, then 500 × 60 % = 300 of which 220 are left of 400.
    assert_eq!(paid(&pack("template.toml"), &person, &bills), [yuan(180), yuan(220)]);
}

#[test]
fn a_monthly_limit_on_costs_counts_each_month_anew() {
    let person = certified(&["dialysis"]);
    let visit =
        |id: &str, month, total| Bill { id: id.to_owned(), ..visit(Kind::ChronicOutpatient, "dialysis", month, total) };
    let bills = [visit("a", 3, 4_000), visit("b", 3, 4_000), visit("c", 4, 4_000)];
    // 90 % of 4,000, of the 1,000 left in March, and of 4,000 in April.
    assert_eq!(paid(&pack("template.toml"), &person, &bills), [yuan(3_600), yuan(900), yuan(3_600)]);
}

#[test]
fn a_visit_of_last_december_settled_this_year_takes_nothing_from_the_december_to_come() {
    let threshold = "amount = { of_income = \"50%\" }";
    let settled = "year_of = \"settlement\"";
    let pack = changed("template.toml", &[("year_of = \"discharge\"", settled), (threshold, "amount = \"12000\"")]);
    let mut person = certified(&["dialysis"]);
    person.certificates[0].until = None;
    let visit = |on, settled_on| Bill {
        id: format!("{on}"),
        admitted_on: on,
        discharged_on: on,
        settled_on,
        ..visit(Kind::ChronicOutpatient, "dialysis", 12, 5_000)
    };
    let bills = [visit(day(2025, 12, 30), day(2026, 1, 4)), visit(day(2026, 12, 10), day(2026, 12, 11))];
    let year = settle_year(&pack, &person, &History::empty(2026), &bills);
    let paid: Vec<Fen> = year.settlements.iter().map(|settlement| settlement.paid_by("basic")).collect();
    assert_eq!(paid, [yuan(4_500), yuan(4_500)]);
}

#[test]
fn a_limit_on_costs_is_used_by_what_a_payer_looks_at_and_by_nothing_else() {
    let person = certified(&["dialysis"]);
    let only_level2 = "levels = \"any\"\nratio = \"none\"\nref = \"S1 第八条\"\n\n# ---- 十一";
    let pack = template(only_level2, &only_level2.replace("\"any\"", "[\"level2\"]"));
    let visit =
        |id: &str, level| Bill { id: id.to_owned(), level, ..visit(Kind::ChronicOutpatient, "dialysis", 3, 4_000) };
    let bills = [visit("a", Level::Level3), visit("b", Level::Level2), visit("c", Level::Level2)];
    // Nothing is paid at level 3; 80 % of 4,000 and of the 1,000 that are left.
    assert_eq!(paid(&pack, &person, &bills), [Fen::ZERO, yuan(3_200), yuan(800)]);
}

/// Two payers in a row never pay more together than the limit lets count.
#[test]
fn who_pays_on_what_others_left_finds_of_the_costs_that_count_only_what_they_did_not_pay() {
    let person = certified(&["dialysis"]);
    let bound = |text: &str| {
        text.replacen(
            "payers = [\"basic\"]\nlimit = \"5000\"",
            "payers = [\"basic\", \"critical\"]\nlimit = \"5000\"",
            1,
        )
    };
    let text = bound(&pack_text("template.toml"));
    assert_ne!(text, pack_text("template.toml"));
    let free = common::in_payer(
        &text,
        "critical",
        &[("amount = { of_income = \"50%\" }", "amount = \"0\""), ("share = \"60%\"", "share = \"100%\"")],
    );
    let bill = visit(Kind::ChronicOutpatient, "dialysis", 3, 8_000);
    let settled = settle(&Pack::parse(&free).unwrap(), &person, &History::empty(2025), &bill).unwrap();
    // 5,000 of 8,000 count: 90 % of them, then all of the 500 that are left of them; 3,000 stay.
    assert_eq!((settled.paid_by("basic"), settled.paid_by("critical")), (yuan(4_500), yuan(500)));
    assert_eq!(settled.in_scope_personal, yuan(3_000));
}

#[test]
fn limits_of_several_diseases_stand_alone_add_up_or_only_the_highest_counts_as_the_pack_says() {
    let person = certified(&["hypertension", "diabetes"]);
    let bills = [visit(Kind::TwoDisease, "hypertension", 2, 1_000), visit(Kind::TwoDisease, "diabetes", 3, 1_000)];
    for (switch, expected) in [("each_own", [400, 500]), ("added_up", [600, 300]), ("highest", [500, 0])] {
        let pack = template("several_diseases = \"highest\"", &format!("several_diseases = \"{switch}\""));
        assert_eq!(paid(&pack, &person, &bills), expected.map(yuan), "{switch}");
    }
}

#[test]
fn without_a_certificate_valid_on_the_day_the_visit_is_ordinary_or_not_covered_as_the_pack_says() {
    let before_the_certificate = Bill {
        admitted_on: day(2025, 1, 5),
        discharged_on: day(2025, 1, 5),
        ..visit(Kind::TwoDisease, "hypertension", 1, 300)
    };
    let settled = |pack: &Pack, person: &Person, bill: &Bill| -> Settlement {
        settle(pack, person, &History::empty(2025), bill).unwrap()
    };
    let person = certified(&["hypertension"]);
    let ordinary = settled(&pack("template.toml"), &person, &before_the_certificate);
    assert_eq!(ordinary.paid_by("basic"), yuan(270), "90 % like any visit at a township");
    assert_eq!(ordinary.cautions(), ["就诊日没有有效的“高血压”认定，按普通门诊计算"]);
    let refusing = template("uncertified = \"as_outpatient\"", "uncertified = \"not_covered\"");
    let refused = settled(&refusing, &person, &before_the_certificate);
    assert_eq!(refused.paid(), Fen::ZERO);
    assert!(refused.steps.iter().any(|step| step.formula == "不予支付：就诊日没有有效的“高血压”认定"));
    let expired = certified(&[]);
    assert_eq!(settled(&refusing, &expired, &visit(Kind::TwoDisease, "hypertension", 3, 300)).paid(), Fen::ZERO);
}

#[test]
fn a_disease_treated_at_a_level_its_rule_does_not_name_is_not_paid() {
    let bill = Bill { level: Level::Level3, ..visit(Kind::TwoDisease, "hypertension", 2, 300) };
    let settled = settle(&pack("template.toml"), &certified(&["hypertension"]), &History::empty(2025), &bill).unwrap();
    assert_eq!(settled.paid_by("basic"), Fen::ZERO);
    assert!(settled.steps.iter().any(|step| step.key == "basic.not_applied" && step.formula.contains("机构级别")));
}

#[test]
fn a_bill_whose_rules_hang_on_the_disease_is_refused_without_it() {
    let bill = Bill { disease: None, ..visit(Kind::TwoDisease, "hypertension", 2, 300) };
    let refused = |bill: &Bill| {
        settle(&pack("template.toml"), &certified(&["hypertension"]), &History::empty(2025), bill).unwrap_err()
    };
    assert_eq!(refused(&bill), BillError::DiseaseMissing { kind: "两病门诊" });
    let unknown = Bill { disease: Some("gout".to_owned()), ..bill };
    assert_eq!(refused(&unknown).field(), BillField::Disease);
    // A disease of the other kind is not this kind's.
    let other = Bill { disease: Some("dialysis".to_owned()), ..unknown };
    assert_eq!(refused(&other).to_string(), "政策包没有把“dialysis”列为两病门诊病种");
}

#[test]
fn a_disease_only_a_rule_asks_for_has_to_be_named_too() {
    let asks = "{ kind = [\"chronic_outpatient\"], disease = [\"dialysis\"] }";
    let beijing =
        changed("beijing.toml", &[("when = [{ kind = [\"chronic_outpatient\"] }", &format!("when = [{asks}"))]);
    let bill = Bill { kind: Kind::ChronicOutpatient, ..stay(2023, 3, 10_000) };
    let error = settle(&beijing, &Person::ordinary(), &History::empty(2023), &bill).unwrap_err();
    assert_eq!(error, BillError::DiseaseMissing { kind: "门诊慢特病" });
}

#[test]
fn beijing_pays_its_special_diseases_as_inpatient_only_to_the_registered() {
    let beijing = pack("beijing.toml");
    let bill = Bill { kind: Kind::ChronicOutpatient, disease: Some("dialysis".to_owned()), ..stay(2023, 3, 10_000) };
    let registered = Person {
        certificates: vec![Certificate { disease: "dialysis".to_owned(), from: day(2023, 1, 1), until: None }],
        ..Person::default()
    };
    let paid = |person: &Person, bill: &Bill| settle(&beijing, person, &History::empty(2023), bill).unwrap();
    // 京人社农合发〔2017〕250号第二十六条、第二十一条：(10,000 − 1,300) × 75 %.
    assert_eq!(paid(&registered, &bill).paid_by("basic_special"), yuan(6_525));
    // Not registered it is an outpatient visit, and of an adult nobody referred to level 3 nothing is paid (第十四条).
    assert_eq!(paid(&Person::ordinary(), &bill).paid(), Fen::ZERO);
    let referred = Bill { referral: Referral::Referred, ..bill.clone() };
    // 第二十条：(10,000 − 550) × 50 %, at most 3,000 a year.
    assert_eq!(paid(&Person::ordinary(), &referred).paid(), yuan(3_000));
    let unnamed = paid(&registered, &Bill { disease: None, ..bill });
    assert_eq!(unnamed.paid_by("basic_special"), yuan(6_525));
    assert!(unnamed.cautions().contains(&"没有填病种，没有核对认定"));
}

#[test]
fn the_pack_says_which_documents_are_missing_for_a_certificate() {
    let pack = pack("template.toml");
    let hypertension = pack.disease("hypertension").unwrap();
    assert_eq!(hypertension.lacking("诊断证明、血压记录").unwrap(), ["缺出院记录，或者血压记录2份"]);
    assert_eq!(hypertension.lacking("诊断证明、血压记录2份").unwrap(), Vec::<String>::new());
    assert_eq!(pack.disease("dialysis").unwrap().lacking(""), None, "the pack says nothing");
    let broken = pack_text("template.toml").replacen("诊断证明 and (出院记录", "诊断证明 and ((出院记录", 1);
    let error = Pack::parse(&broken).unwrap_err().to_string();
    assert_eq!(error, "政策包的“病种”第1行的“认定材料”写法不对：第30个字处应为右括号");
}
