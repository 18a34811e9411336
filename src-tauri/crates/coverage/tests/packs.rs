//! The shipped packs: complete, honest about their sources, and right where a machine once read them wrong.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;

use common::{PACKS, pack, pack_text, stay};
use mingbai_coverage::pack::Status;
use mingbai_coverage::pack::{PACK_SWITCHES, PAYER_SWITCHES};
use mingbai_coverage::{BenefitLine, Column, History, Kind, Level, Pack, PackError, Person, Referral, settle};
use mingbai_domain::Fen;
use toml::{Table, Value};

#[test]
fn every_shipped_pack_is_accepted() {
    for name in PACKS {
        assert!(!pack(name).unofficial().is_empty(), "{name} still has values to verify");
    }
}

/// Deletes every key of the pack, one at a time, wherever it stands, and parses the rest.
fn deletions(value: &Value, path: &[String], found: &mut Vec<Vec<String>>) {
    match value {
        Value::Table(table) => {
            for (key, inner) in table {
                let mut longer = path.to_vec();
                longer.push(key.clone());
                found.push(longer.clone());
                deletions(inner, &longer, found);
            }
        }
        Value::Array(values) => {
            for (i, inner) in values.iter().enumerate() {
                let mut longer = path.to_vec();
                longer.push(i.to_string());
                deletions(inner, &longer, found);
            }
        }
        _ => {}
    }
}

fn without(value: &mut Value, path: &[String]) {
    let (last, parents) = path.split_last().unwrap();
    let mut at = value;
    for step in parents {
        at = match at {
            Value::Table(table) => table.get_mut(step).unwrap(),
            Value::Array(values) => &mut values[step.parse::<usize>().unwrap()],
            _ => unreachable!("a path leads through tables and arrays"),
        };
    }
    at.as_table_mut().unwrap().remove(last);
}

/// Conditions restrict a row; leaving one out is a wider row, not a missing switch. `[payer.refs]` only overrides.
fn is_condition(path: &[String]) -> bool {
    let last = path.last().unwrap().as_str();
    let conditions = [
        "kind",
        "level",
        "area",
        "referral",
        "identity",
        "without_identity",
        "nth_from",
        "nth_to",
        "total_over",
        "total_from",
        "total_up_to",
        "age_from",
        "age_to",
        "major",
        "disease",
        "base_over",
        "base_from",
        "base_up_to",
        "times",
        "less",
        "minus",
    ];
    (path.len() > 1 && conditions.contains(&last)) || path.windows(2).any(|pair| pair[1] == "refs" && pair[0] != "refs")
}

#[test]
fn a_pack_that_omits_any_switch_is_refused_by_name() {
    for name in PACKS {
        let whole: Table = toml::from_str(&pack_text(name)).unwrap();
        let whole = Value::Table(whole);
        let mut paths = Vec::new();
        deletions(&whole, &[], &mut paths);
        let mut refused = 0;
        for path in paths.iter().filter(|path| !is_condition(path) || path.last().unwrap() == "refs") {
            let mut cut = whole.clone();
            without(&mut cut, path);
            let text = toml::to_string(&cut).unwrap();
            let key = path.last().unwrap();
            match Pack::parse(&text) {
                Err(PackError::MissingSwitch { key: missing, place, label }) => {
                    assert_eq!(missing, key, "{name} {path:?}");
                    assert!(!place.is_empty() && !label.is_empty());
                }
                other => panic!("{name} without {path:?}: {other:?}"),
            }
            refused += 1;
        }
        assert!(refused > 100, "{name}: only {refused} switches tried");
    }
}

#[test]
fn every_switch_of_a_payer_is_in_the_shipped_packs_and_has_a_chinese_name() {
    let whole: Table = toml::from_str(&pack_text("wulanchabu.toml")).unwrap();
    for payer in whole["payer"].as_array().unwrap() {
        let keys: Vec<&String> = payer.as_table().unwrap().keys().collect();
        assert_eq!(keys.len(), PAYER_SWITCHES.len());
        assert!(PAYER_SWITCHES.iter().all(|(key, label)| keys.iter().any(|k| k == key) && !label.is_ascii()));
    }
    let refs = whole["refs"].as_table().unwrap();
    assert!(PACK_SWITCHES.iter().all(|(key, _)| refs.contains_key(*key)));
}

#[test]
fn the_refusal_is_one_sentence_naming_payer_and_switch() {
    let text = pack_text("wulanchabu.toml").replacen("segment_mode = \"flat\"\n", "", 1);
    assert_eq!(
        Pack::parse(&text).unwrap_err().to_string(),
        "支付方“大病保险”没有写明“分段方式”（segment_mode），政策包不能用，请补上后再导入"
    );
}

#[test]
fn misspelt_contradictory_and_broken_packs_are_refused() {
    let good = pack_text("wulanchabu.toml");
    for (from, to, sentence) in [
        (
            "cap_pool = \"critical\"",
            "cap_pool = \"critical\"\ncap_pol = \"x\"",
            "支付方“大病保险”有不认识的写法“cap_pol”，请核对拼写，或先升级程序",
        ),
        (
            "amount = \"14000\"",
            "amount = 14000.0",
            "支付方“大病保险”的“起付线”第2行的“起付线金额”（amount）写错了，应为用引号括起的金额（元），如“1200”",
        ),
        (
            "segment_mode = \"absolute\"",
            "segment_mode = \"flat\"",
            "支付方“基本医保”写明不分段（flat），每行只能有一段且不设上限",
        ),
        (
            "{ up_to = \"70000\", share = \"70%\" }",
            "{ up_to = \"20000\", share = \"70%\" }",
            "支付方“基本医保”的分段上限必须逐段升高，且最后一段不设上限",
        ),
        ("cut = [\"government\"", "cut = [\"goverment\"", "政策包提到了不存在的支付方“goverment”"),
        ("ref = \"S1 住院分段比例\"", "ref = \"S9 某条\"", "支付方“基本医保”的“支付比例”第1行引用了没有列出的文件“S9”"),
        ("reviewers = \"none\"", "reviewers = [\"张三\", \"张三\"]", "政策包必须由两个不同的人复核"),
        (
            "identity = [\"subsistence\"], bands",
            "identity = [\"dibao\"], bands",
            "支付方“民政医疗救助（3万元以下）”的“支付比例”第2行用到了没有列出的身份“dibao”",
        ),
    ] {
        assert!(good.contains(from), "{from}");
        let error = Pack::parse(&good.replacen(from, to, 1)).unwrap_err();
        assert_eq!(error.to_string(), sentence);
    }
    let broken = good.replacen("region = \"乌兰察布市\"", "region = 乌兰察布市", 1);
    assert!(matches!(Pack::parse(&broken), Err(PackError::NotToml { line: 3, .. })));
}

#[test]
fn retrenched_workers_get_80_outpatient_and_85_inpatient_never_the_reverse() {
    let pack = pack("beijing.toml");
    let person = Person::holding(&["retrenched_worker"]);
    let mut bill = stay(2023, 3, 10_000);
    bill.level = Level::Level1;
    let settled = settle(&pack, &person, &History::empty(2023), &bill).unwrap();
    // (10,000 − 300) × 80 % = 7,760; 2,240 × 85 %.
    assert_eq!(settled.paid_by("aid_inpatient"), Fen::from_yuan(1_904));
    bill.kind = Kind::Outpatient;
    bill.total = Fen::from_yuan(1_100);
    let settled = settle(&pack, &person, &History::empty(2023), &bill).unwrap();
    // (1,100 − 100) × 55 % = 550; 550 × 80 %.
    assert_eq!(settled.paid_by("aid_outpatient"), Fen::from_yuan(440));
}

#[test]
fn benefit_lines_print_exactly_what_the_pack_says() {
    let lines = pack("wulanchabu.toml").benefit_lines(&["registered_poor".to_owned()]);
    let printed: Vec<String> = lines.iter().map(|line| format!("{}：{}", line.title, line.text)).collect();
    assert_eq!(
        printed,
        [
            "基本医保·住院·三级：起付线1,200元，报3万元以下65%，3万元至7万元70%，7万元至20万元75%，20万元以上80%，每年最高16万元",
            "大病保险·住院：全年起付线7,000元，报65%，不封顶",
            "民政医疗救助（超过3万元）·住院：单次总费用超过3万元，报80%，每年最高10万元",
            "政府重特大疾病补助·住院：单次总费用超过3万元，报3万元以下40%，3万元至5万元50%，5万元以上60%，每年最高5万元",
            "合计：各项合计不超过医疗总费用的90%",
        ]
    );
    let ordinary = pack("beijing.toml").benefit_lines(&[]);
    assert!(ordinary.iter().any(|line| line.text == "起付线1,300元，报75%，每年最高20万元"));
    assert!(ordinary.iter().all(|line| line.column != Some(Column::Aid)));
}

#[test]
fn a_card_promises_no_open_end_where_no_source_says_so_and_names_no_payer_that_never_pays() {
    let changshun = pack("changshun-2017.toml").benefit_lines(&["registered_poor".to_owned()]);
    assert!(!changshun.is_empty());
    let unsure = |line: &&BenefitLine| line.citations.iter().any(|one| one.status == Status::Unverified);
    assert!(changshun.iter().filter(unsure).all(|line| !line.text.contains("不封顶")), "{changshun:?}");
    let child = pack("beijing.toml").benefit_lines(&["student_child".to_owned()]);
    assert!(child.iter().all(|line| line.column != Some(Column::Aid)), "{child:?}");
}

#[test]
fn an_unreferred_stay_is_not_covered_where_the_pack_says_so() {
    let mut bill = stay(2023, 3, 10_000);
    bill.referral = Referral::Unreferred;
    let settled = settle(&pack("beijing.toml"), &Person::ordinary(), &History::empty(2023), &bill).unwrap();
    assert_eq!(settled.paid(), Fen::ZERO);
    // Nothing of it counts; that there was a stay is known to the bill that goes on with it.
    assert_eq!(settled.before, History { last_stay: None, ..settled.after.clone() });
    assert!(settled.steps.iter().any(|step| step.formula == "不予支付：没有按规定转诊、备案"));
}

#[test]
fn the_six_questions_texts_leave_open_have_to_be_answered_and_each_answer_is_a_statement_with_its_source() {
    for name in PACKS {
        let statements = pack(name).statements();
        let told =
            |switch: &str| statements.iter().any(|told| told.switch == switch && !told.citation.document.is_empty());
        // 分段按超过部分还是本身; 超封顶是否进入大病; 年中身份变化; 上限的分母; 谁先谁后.
        for switch in ["segment_mode", "above_cap", "identity_change", "ceiling", "settle", "column"] {
            assert!(told(switch), "{name} says nothing of {switch}");
        }
    }
    for (file, key, label) in [
        ("beijing.toml", "segment_mode = \"excess\"", "分段方式"),
        ("beijing.toml", "above_cap = \"enters_next\"", "超封顶线部分是否进入下一环"),
        ("wulanchabu.toml", "of = \"total\"", "上限的分母"),
        ("beijing.toml", "identity_change = \"later_bills\"", "年中身份变化"),
        ("beijing.toml", ", bands = \"all\"", "哪几段"),
        ("beijing.toml", "annual_base = \"after_immediate\"", "年终结算的基数"),
    ] {
        let text = pack_text(file);
        assert!(text.contains(key), "{key}");
        let error = Pack::parse(&text.replacen(key, "", 1)).unwrap_err();
        assert!(error.to_string().contains(&format!("没有写明“{label}”")), "{error}");
    }
}

#[test]
fn an_ordinary_and_a_major_disease_are_aided_by_different_shares_and_a_referral_waives_the_threshold() {
    let changshun = pack("changshun-2017.toml");
    let person = Person::holding(&["registered_poor"]);
    let aid = |bill: &mingbai_coverage::Bill| {
        let settled = settle(&changshun, &person, &History::empty(2017), bill).unwrap();
        (settled.paid_by("critical"), settled.paid_by("aid"))
    };
    let ordinary = stay(2017, 3, 17_000);
    // (17,000 − 7,000) × 60 %, then 70 % or all of the rest.
    assert_eq!(aid(&ordinary), (Fen::from_yuan(6_000), Fen::from_yuan(7_700)));
    let major = mingbai_coverage::Bill { major_disease: true, ..ordinary.clone() };
    assert_eq!(aid(&major), (Fen::from_yuan(6_000), Fen::from_yuan(11_000)));
    let referred = mingbai_coverage::Bill { referral: Referral::Referred, ..ordinary };
    assert_eq!(aid(&referred).0, Fen::from_yuan(10_200));
}
