//! The worked examples of the shipped packs, to the fen.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;

use std::collections::BTreeMap;

use common::{examples, pack};
use mingbai_coverage::case::Expected;
use mingbai_coverage::{PayerAmount, run_case};
use mingbai_domain::Fen;

fn assert_payers(name: &str, payers: &[PayerAmount], expected: &Expected) {
    let paid: BTreeMap<&str, Fen> =
        payers.iter().filter(|p| p.amount != Fen::ZERO).map(|p| (p.key.as_str(), p.amount)).collect();
    let due: BTreeMap<&str, Fen> =
        expected.payers.iter().map(|(key, yuan)| (key.as_str(), Fen::parse(yuan).unwrap())).collect();
    assert_eq!(paid, due, "{name}");
}

#[test]
fn every_worked_example_comes_out_to_the_fen() {
    let examples = examples();
    assert_eq!(examples.len(), 21);
    for (name, case) in examples {
        let pack = pack(case.pack.as_deref().unwrap());
        let report = run_case(&pack, &case).unwrap();
        assert_eq!(report.refused, [], "{name}");
        let mut checked = 0;
        for settlement in &report.settlements {
            let expected = &case.expect[&settlement.bill];
            assert_payers(&name, &settlement.payers, expected);
            assert_eq!(settlement.in_scope_personal, expected.in_scope_personal, "{name}");
            for (found, due) in [(settlement.in_scope, expected.in_scope), (settlement.personal, expected.personal)] {
                assert!(due.is_none_or(|due| due == found), "{name}: {found} instead of {due:?}");
            }
            for (found, due) in [
                (settlement.ratio_of_total, expected.ratio_of_total),
                (settlement.ratio_in_scope, expected.ratio_in_scope),
            ] {
                assert!(due.is_none() || due == found, "{name}: {found:?} instead of {due:?}");
            }
            assert!(settlement.identities_hold(), "{name}");
            assert!(settlement.checks.iter().all(|check| check.holds), "{name}: {:?}", settlement.checks);
            checked += 1;
        }
        if let Some(annual) = &report.annual {
            let expected = &case.expect["year_end"];
            assert_payers(&name, &annual.payers, expected);
            assert_eq!(annual.in_scope_personal, expected.in_scope_personal, "{name}");
            checked += 1;
        }
        assert_eq!(checked, case.expect.len(), "{name}: every expectation is looked at");
    }
}

#[test]
fn every_step_says_its_formula_and_article() {
    let (_, case) = examples().into_iter().find(|(name, _)| name.contains("E1-beijing")).unwrap();
    let report = run_case(&pack("beijing.toml"), &case).unwrap();
    let lines: Vec<String> = report.settlements[0].steps.iter().map(|step| step.line()).collect();
    let paid: Vec<&String> =
        lines.iter().filter(|line| line.contains("支付 = (") || line.contains("个人支付")).collect();
    assert_eq!(
        paid,
        [
            "基本医保（住院）支付 = (180,000.00 − 1,300.00) × 75% = 134,025.00（京人社农合发〔2017〕250号 第二十一条）",
            "大病保险支付 = (45,975.00 − 15,202.00) × (60% + 5%) = 20,002.45（大病保险2019年起付金额和比例（公开转述） 报销比例，待核实；京医保发〔2022〕37号 五）",
            "个人支付 = 200,000.00 − 176,104.12 = 23,895.88",
        ]
    );
    assert!(
        lines.contains(
            &"医疗救助（住院）支付 = 25,972.55 × 85% = 22,076.67（京医保发〔2022〕37号 六（二）3）".to_owned()
        )
    );
}

#[test]
fn what_is_said_to_the_family_is_two_plain_sentences() {
    let (_, case) = examples().into_iter().find(|(name, _)| name.contains("E8")).unwrap();
    let report = run_case(&pack("wulanchabu.toml"), &case).unwrap();
    assert_eq!(
        report.settlements[0].said,
        [
            "这次住院一共花了120,000.00元，基本医保付了75,220.00元、大病保险付了16,757.00元、\
             民政医疗救助（超过3万元）付了12,818.40元、政府重特大疾病补助付了1,281.84元，自己要付13,922.76元。",
            "自己负担的钱里，不在医保目录的3,000.00元，按规定先由自己付的9,000.00元，报销范围内要自己承担的1,922.76元。",
        ]
    );
}

#[test]
fn every_settlement_writes_out_its_three_identities_with_the_figures() {
    let (_, case) = examples().into_iter().find(|(name, _)| name.contains("E1-beijing")).unwrap();
    let report = run_case(&pack("beijing.toml"), &case).unwrap();
    let checks: Vec<&str> = report.settlements[0].checks.iter().map(|check| check.text.as_str()).collect();
    assert_eq!(
        checks,
        [
            "总费用 200,000.00 = 全自费 12,000.00 + 超限价 0.00 + 先行自付 8,000.00 + 政策范围内 180,000.00",
            "政策范围内 180,000.00 = 各支付方 176,104.12 + 范围内个人负担 3,895.88",
            "个人支付 23,895.88 = 总费用 200,000.00 − 各支付方 176,104.12 − 医院承担 0.00",
        ]
    );
}
