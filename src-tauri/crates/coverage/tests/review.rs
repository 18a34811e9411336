//! What two reviewers rely on: every number of a pack with its article, the pack in sentences, and what changed.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;

use common::{PACKS, pack, pack_text};
use mingbai_coverage::{Change, Number, Pack};
use toml::{Table, Value};

/// Keys whose values are names, words or days and never numbers of a rule.
const NOT_NUMBERS: &[&str] = &[
    "region", "name", "version", "from", "until", "notes", "key", "label", "title", "document", "url", "sha256", "year",
];

/// Every number written in a pack, `1200`, `75%`, `90`.
fn written(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Table(table) => {
            for (key, inner) in table.iter().filter(|(key, _)| !NOT_NUMBERS.contains(&key.as_str())) {
                if key == "evidence" {
                    let words = inner.as_str().unwrap().split(|c: char| !c.is_ascii_digit());
                    found.extend(words.filter(|word| !word.is_empty()).map(str::to_owned));
                } else {
                    written(inner, found);
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|inner| written(inner, found)),
        Value::Integer(number) => found.push(number.to_string()),
        Value::String(text) if text.trim_end_matches('%').parse::<f64>().is_ok() => found.push(text.clone()),
        _ => {}
    }
}

/// `1,200元` and `3万元` as they stand in the file.
fn as_written(number: &str) -> String {
    let plain = number.trim_end_matches('元').replace(',', "");
    match plain.strip_suffix('万') {
        Some(wan) => format!("{wan}0000"),
        None => plain,
    }
}

fn reviewed() -> Vec<&'static str> {
    PACKS.iter().copied().chain(["template.toml"]).collect()
}

#[test]
fn every_number_in_every_pack_has_an_article_behind_it() {
    for name in reviewed() {
        let mut in_file = Vec::new();
        written(&Value::Table(toml::from_str::<Table>(&pack_text(name)).unwrap()), &mut in_file);
        let numbers = pack(name).numbers();
        let mut cited: Vec<String> = numbers.iter().map(|number| as_written(&number.number)).collect();
        in_file.sort();
        cited.sort();
        assert_eq!(cited, in_file, "{name}: every number of the file is listed once");
        for Number { place, label, number, citation, .. } in &numbers {
            let sourced = !citation.document.is_empty() && !citation.article.is_empty();
            assert!(sourced, "{name}: {place} {label} {number} has no source");
        }
    }
}

#[test]
fn a_pack_is_explained_in_chinese_sentences_with_the_article_behind_each() {
    let chapters = pack("beijing.toml").explain();
    let titles: Vec<&str> = chapters.iter().map(|chapter| chapter.title.as_str()).collect();
    assert_eq!(titles[..3], ["总的规定", "住院怎样算", "几个支付方合用的封顶线"]);
    assert!(titles.contains(&"支付方“医疗救助（门诊）”"));
    let template = pack("template.toml").explain();
    let lines: Vec<String> =
        chapters.iter().chain(&template).flat_map(|chapter| &chapter.sentences).map(|s| s.line()).collect();
    for line in [
        "长期住院分期结算：不是特殊病种备案，住院超过90天的，每90天结算一次。（京人社农合发〔2017〕250号 第二十四条、第二十七条）",
        "起付线：村卫生室或乡镇卫生院或一级，300元。（京人社农合发〔2017〕250号 第二十一条）",
        "多次住院：三级，第2次住院起按首次的50%。（京人社农合发〔2017〕250号 第二十一条）",
        "起付线打折：家庭病床，起付线按50%计算。（京人社农合发〔2017〕250号 第二十二条）",
        "比例提高：特困供养人员或低保对象或生活困难补助人员或低收入家庭救助人员，各段提高5个百分点。（京医保发〔2022〕37号 五）",
        "支付比例：支付3万元以下30%，3万元至5万元40%，5万元以上50%。（京医保发〔2023〕9号 三）",
        "支付比例：其他情况，支付65%。（示例县医保〔2024〕1号 第六条，待核实）",
        "24小时内转院：算一次住院：转出医院已发生基金支付的，起付线按转出医院，否则按转入医院，已负担的不再负担，按次的分段和封顶线合在一起。（京人社农合发〔2017〕250号 第二十五条）",
    ] {
        assert!(lines.iter().any(|told| told == line), "{line}\nnot in\n{}", lines.join("\n"));
    }
}

#[test]
fn every_statement_of_every_pack_is_said_in_chinese() {
    for name in reviewed() {
        for statement in pack(name).statements() {
            let sentence = statement.sentence();
            assert!(
                sentence.ends_with('。') && !sentence.contains("“”") && !sentence.contains("，，"),
                "{name}: {sentence}"
            );
            let without_numbers = sentence.replace(|c: char| c.is_ascii_digit() || ":%., ".contains(c), "");
            assert!(!without_numbers.contains(|c: char| c.is_ascii_alphabetic()), "{name}: {sentence}");
        }
    }
}

fn changed(from: &str, to: &str) -> Vec<Change> {
    let old = pack_text("jiamusi-2018.toml");
    assert!(old.contains(from), "{from}");
    Pack::parse(&old.replacen(from, to, 1)).unwrap().difference(&Pack::parse(&old).unwrap())
}

#[test]
fn what_changed_between_two_packs_is_a_table_with_both_articles() {
    assert_eq!(pack("beijing.toml").difference(&pack("beijing.toml")), []);
    let changes = changed(
        "amount = \"400\", repeat = \"same\", ref = \"S1 二级\"",
        "amount = \"450\", repeat = \"same\", ref = \"E 新文件\"",
    );
    assert_eq!(changes.len(), 1);
    let change = &changes[0];
    assert_eq!((change.place.as_str(), change.label, change.when.as_str()), ("支付方“基本医保”", "起付线", "二级"));
    assert_eq!((change.old.as_deref(), change.new.as_deref()), (Some("400元"), Some("450元")));
    assert_eq!(change.old_article, "佳木斯市政府网站在线访谈答复 二级，转述");
    assert_eq!(change.new_article, "按算例推定 新文件，待核实");
}

#[test]
fn a_row_that_is_dropped_or_added_is_a_row_of_the_table() {
    let row = "    { level = [\"level2\"], amount = \"400\", repeat = \"same\", ref = \"S1 二级\" },\n";
    let dropped = changed(row, "");
    assert_eq!(dropped.len(), 1);
    assert_eq!((dropped[0].old.as_deref(), dropped[0].new.as_deref()), (Some("400元"), None));
    let added = changed(row, &format!("{row}{}", row.replace("level2", "unrated").replace("400", "350")));
    assert_eq!(added.len(), 1);
    assert_eq!(
        (added[0].when.as_str(), added[0].old.as_deref(), added[0].new.as_deref()),
        ("未定级", None, Some("350元"))
    );
}

#[test]
fn a_payer_that_comes_or_goes_is_told_with_all_its_rules() {
    let text = pack_text("changshun-2017.toml");
    let whole = Pack::parse(&text).unwrap();
    let (before_the_last, _) = text.rsplit_once("[[payer]]").unwrap();
    let without = Pack::parse(before_the_last).unwrap();
    let gone = without.difference(&whole);
    assert!(gone.iter().all(|change| change.place == "支付方“精准医疗救助”" && change.new.is_none()));
    assert!(gone.iter().any(|change| change.label == "支付比例" && change.old.as_deref() == Some("支付100%")));
    let come = whole.difference(&without);
    assert_eq!(come.len(), gone.len());
    assert!(come.iter().all(|change| change.old.is_none() && change.old_article.is_empty()));
}
