//! `mingbai pack …` as somebody runs it who writes a new county's pack: the real program, no data directory.

#![expect(clippy::unwrap_used, reason = "a test that cannot get its data has failed")]

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// What the program answered.
struct Answer {
    done: bool,
    out: String,
    person: String,
}

fn mingbai(arguments: &[&Path]) -> Answer {
    let run = Command::new(env!("CARGO_BIN_EXE_mingbai")).arg("pack").args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Answer { done: run.status.success(), out: text(run.stdout), person: text(run.stderr) }
}

fn packs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../assets/packs")
}

fn beijing() -> String {
    std::fs::read_to_string(packs().join("beijing.toml")).unwrap()
}

/// Writes a pack somewhere and runs a command on it.
fn with(toml: &str, command: &str) -> (tempfile::TempDir, PathBuf, Answer) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("我县.toml");
    std::fs::write(&file, toml).unwrap();
    let answer = mingbai(&[Path::new(command), &file]);
    (folder, file, answer)
}

#[test]
fn every_shipped_pack_passes_the_check_and_its_worked_examples_come_out() {
    let mut files: Vec<PathBuf> = std::fs::read_dir(packs()).unwrap().map(|file| file.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|end| end == "toml"));
    let arguments: Vec<&Path> = std::iter::once(Path::new("check")).chain(files.iter().map(PathBuf::as_path)).collect();
    let answer = mingbai(&arguments);
    assert!(answer.done, "{}", answer.person);
    // A partial pack that settles nothing, and the template, have no examples of their own.
    let examples = std::fs::read_dir(packs().join("examples")).unwrap().map(|file| file.unwrap().path());
    let of = |path: PathBuf| -> serde_json::Value { serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap() };
    let worked: std::collections::BTreeSet<String> = examples.map(|path| of(path)["pack"].to_string()).collect();
    assert!(worked.len() > 5, "{worked:?}");
    assert_eq!(answer.out.matches("都对得上").count(), worked.len(), "{}", answer.out);
    assert!(answer.out.contains("不是照官方原文写的") && answer.out.contains("大病保险"), "{}", answer.out);
    assert!(answer.out.contains("两名县级操作员"), "{}", answer.out);
}

#[test]
fn the_check_names_every_fault_with_its_line_and_fails() {
    let broken = beijing().replacen("above_cap = \"enters_next\"\n", "", 1).replacen(
        "column = \"critical\"",
        "column = \"crit\"",
        1,
    );
    let (_folder, _, answer) = with(&broken, "check");
    assert!(!answer.done);
    let refusal: Value = serde_json::from_str(&answer.out).unwrap();
    assert_eq!(refusal["code"], "PACK_INCOMPLETE");
    let fields = refusal["fields"].as_array().unwrap();
    assert_eq!(fields.len(), 2, "{refusal}");
    let line = broken.lines().position(|line| line.contains("\"crit\"")).unwrap() + 1;
    assert!(fields[1]["field"].as_str().unwrap().ends_with(&format!("第{line}行")), "{refusal}");
    for word in ["支付方“基本医保（住院）”", "above_cap", "支付方“大病保险”", "column"] {
        assert!(answer.person.contains(word), "{word}: {}", answer.person);
    }
}

#[test]
fn a_ratio_that_contradicts_an_official_example_fails_the_check() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("beijing.toml");
    std::fs::write(&file, beijing().replace("share = \"75%\"", "share = \"76%\"")).unwrap();
    let examples = packs().join("examples");
    let answer = mingbai(&[Path::new("check"), &file, Path::new("--examples"), &examples]);
    assert!(!answer.done);
    assert!(answer.person.contains("算例") && answer.person.contains("134,025.00"), "{}", answer.person);
}

#[test]
fn the_rules_are_told_payer_by_payer_with_their_articles_and_printed_for_two_signatures() {
    let folder = tempfile::tempdir().unwrap();
    let sheet = folder.path().join("复核表.pdf");
    let answer = mingbai(&[Path::new("explain"), &packs().join("beijing.toml"), Path::new("--sheet"), &sheet]);
    assert!(answer.done, "{}", answer.person);
    for word in ["基本医保（住院）", "京人社农合发〔2017〕250号 第二十一条", "75%"] {
        assert!(answer.out.contains(word), "{word}: {}", answer.out);
    }
    assert!(std::fs::read(&sheet).unwrap().starts_with(b"%PDF-"));
}

#[test]
fn swapped_shares_stand_in_the_table_of_differences_with_their_articles() {
    let row = |share: &str, article: &str| {
        format!(
            "{{ identity = [\"retrenched_worker\"], bands = [{{ up_to = \"none\", share = \"{share}\" }}], ref = \"S3 {article}\" }}"
        )
    };
    let swapped = beijing()
        .replace(&row("80%", "六（一）2"), &row("85%", "六（一）2"))
        .replace(&row("85%", "六（二）2"), &row("80%", "六（二）2"));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("抽取.toml");
    std::fs::write(&file, swapped).unwrap();
    let answer = mingbai(&[Path::new("diff"), &packs().join("beijing.toml"), &file]);
    assert!(answer.done, "{}", answer.person);
    let rows: Vec<&str> = answer.out.lines().filter(|line| line.contains("精减退职老职工")).collect();
    assert_eq!(rows.len(), 2, "{}", answer.out);
    assert!(rows[0].contains("医疗救助（门诊）") && rows[0].contains("六（一）2"), "{}", rows[0]);
    assert!(rows[1].contains("医疗救助（住院）") && rows[1].contains("六（二）2"), "{}", rows[1]);
    let same = mingbai(&[Path::new("diff"), &file, &file]);
    assert!(same.done && same.out.contains("一样"), "{}", same.out);
}

#[test]
fn an_example_shows_what_must_come_out_beside_what_does() {
    let case = packs().join("examples/E1-beijing-subsistence.json");
    let right = mingbai(&[Path::new("example"), &packs().join("beijing.toml"), &case]);
    assert!(right.done, "{}", right.person);
    assert!(right.out.contains("134,025.00") && !right.out.contains('✗'), "{}", right.out);
    let (_folder, file, _) = with(&beijing().replace("share = \"75%\"", "share = \"76%\""), "explain");
    let wrong = mingbai(&[Path::new("example"), &file, &case]);
    assert!(!wrong.done && wrong.out.contains('✗'), "{}", wrong.out);
}
