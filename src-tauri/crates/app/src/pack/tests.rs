//! What an editor is told of a text: every fault at its line, every number with its article.

use super::check::look;
use crate::demo::built_in_pack;

fn text() -> &'static str {
    built_in_pack().unwrap().text
}

/// The number, from 1, of the first line that begins so, at or after another.
fn line(text: &str, after: &str, begins: &str) -> i64 {
    let start = text.lines().position(|line| line.starts_with(after)).unwrap();
    let found = text.lines().skip(start).position(|line| line.starts_with(begins)).unwrap();
    (start + found + 1) as i64
}

#[test]
fn a_whole_pack_has_no_fault_and_its_numbers_stand_where_it_says() {
    let found = look(text(), "", None).unwrap();
    assert_eq!(found.faults, []);
    assert!(found.numbers.len() > 40, "{}", found.numbers.len());
    let units: Vec<u16> = text().encode_utf16().collect();
    for number in &found.numbers {
        let there = String::from_utf16(&units[number.from as usize..number.to as usize]).unwrap();
        assert_eq!(there, number.value, "{number:?}");
        assert!(text().lines().nth(number.line as usize - 1).unwrap().contains(&number.value), "{number:?}");
        assert!(!number.article.is_empty(), "{number:?}");
    }
}

#[test]
fn faults_of_several_payers_are_all_told_each_at_its_line() {
    let broken = text().replacen("segment_scope = \"admission\"", "", 1).replacen("above_cap = \"enters_next\"", "", 1);
    let (head, tail) = broken.rsplit_once("settle = \"immediate\"").unwrap();
    let broken = format!("{head}settle = \"some day\"{tail}");
    let found = look(&broken, "", None).unwrap();
    assert_eq!(found.faults.len(), 3, "{:?}", found.faults);
    let payer = line(&broken, "[[payer]]", "[[payer]]");
    let missing = |key: &str| found.faults.iter().find(|fault| fault.message.contains(key)).unwrap().line;
    assert_eq!((missing("segment_scope"), missing("above_cap")), (payer, payer), "{:?}", found.faults);
    assert_eq!(missing("（settle）"), line(&broken, "settle = \"some day\"", "settle"), "the line of the word itself");
}

#[test]
fn a_text_that_is_no_toml_is_marked_at_the_line_where_it_ends_to_be() {
    let broken = text().replacen("rounding = \"half_up_fen\"", "rounding = 四舍五入", 1);
    let found = look(&broken, "", None).unwrap();
    assert_eq!(found.faults.len(), 1);
    assert_eq!(found.faults[0].line, line(&broken, "rounding", "rounding"));
}

#[test]
fn a_reference_to_a_document_that_is_not_listed_is_marked_at_its_row() {
    let at = text().find("[[payer]]").unwrap();
    let (head, payers) = text().split_at(at);
    let broken = format!("{head}{}", payers.replacen("amount = ", "ref = \"S9 第一条\", amount = ", 1));
    let broken = {
        // The row had a reference of its own, which stands behind the first now.
        let row = broken.lines().position(|line| line.contains("S9")).unwrap();
        let lines = broken.lines().enumerate().map(|(place, line)| match line.rsplit_once(", ref = ") {
            Some((before, after)) if place == row => format!("{before} }}{}", after.rsplit_once(" }").unwrap().1),
            _ => line.to_owned(),
        });
        lines.collect::<Vec<_>>().join("\n")
    };
    let found = look(&broken, "", None).unwrap();
    let row = broken.lines().position(|line| line.contains("S9")).unwrap() as i64 + 1;
    assert_eq!(found.faults.iter().map(|fault| fault.line).collect::<Vec<_>>(), [row], "{:?}", found.faults);
    assert!(found.faults[0].message.contains("S9"), "{:?}", found.faults);
}

/// 北京 as a machine once took it from its official text: the shares of 精减退职老职工 for 门诊 and 住院 swapped.
pub(super) fn swapped() -> String {
    let right = BEIJING;
    let row = |share: &str, article: &str| {
        format!(
            "{{ identity = [\"retrenched_worker\"], bands = [{{ up_to = \"none\", share = \"{share}\" }}], ref = \"S3 {article}\" }}"
        )
    };
    let (outpatient, inpatient) = (row("80%", "六（一）2"), row("85%", "六（二）2"));
    assert!(right.contains(&outpatient) && right.contains(&inpatient), "the rows stand in the pack");
    let half = right.replace(&outpatient, &row("85%", "六（一）2"));
    half.replace(&inpatient, &row("80%", "六（二）2"))
}

const BEIJING: &str = include_str!("../../../../../assets/packs/beijing.toml");

#[test]
fn two_shares_that_were_swapped_are_both_told_with_the_article_they_rest_on() {
    let found = look(&swapped(), "", Some(BEIJING)).unwrap();
    assert_eq!(found.faults, [], "nothing but its documents tells that it is wrong");
    let changes: Vec<(&str, &str, &str)> =
        found.changes.iter().map(|it| (it.before.as_str(), it.after.as_str(), it.article_after.as_str())).collect();
    let document = "京医保发〔2022〕37号";
    let articles = [format!("{document} 六（一）2"), format!("{document} 六（二）2")];
    let told = [("支付80%", "支付85%", articles[0].as_str()), ("支付85%", "支付80%", articles[1].as_str())];
    assert_eq!(changes, told);
}

#[test]
fn a_rule_in_words_leads_to_its_line() {
    let found = look(BEIJING, "", None).unwrap();
    let share = found.sentences.iter().find(|it| {
        it.part.contains("医疗救助（门诊）") && it.text.contains("精减退职老职工") && it.text.contains("80%")
    });
    let line = usize::try_from(share.unwrap().line.unwrap()).unwrap();
    let text = BEIJING.lines().nth(line - 1).unwrap();
    assert!(text.contains("retrenched_worker") && text.contains("80%"), "{line}: {text}");
    let rule = found.sentences.iter().find(|it| it.text.starts_with("跨年度住院")).unwrap();
    assert!(BEIJING.lines().nth(usize::try_from(rule.line.unwrap()).unwrap() - 1).unwrap().starts_with("cross_year"));
}
