//! `mingbai pack …`: what a pack says and where it is wrong, for whoever writes one. No data directory is needed.

use std::path::{Path, PathBuf};

use mingbai_app::error::FieldProblem;
use mingbai_app::{App, AppError, ErrorCode};
use serde_json::{Value, json};

use crate::args::Pack;
use crate::office::{open, text};
use crate::out;
use crate::verbs::{Scratch, parse, read_text, write};

pub(crate) fn run(verb: &Pack) -> Result<(), AppError> {
    // Every command runs in some office; a fresh one is made and thrown away.
    let nowhere = Scratch::new()?;
    let app = open(&nowhere.0)?;
    match verb {
        Pack::Check { files, examples } => check(&app, files, examples.as_deref()),
        Pack::Explain { file, sheet } => explain(&app, file, sheet.as_deref()),
        Pack::Diff { old, new } => diff(&app, old, new),
        Pack::Example { file, cases } => example(&app, file, cases),
    }
}

/// A pack's text. Windows 记事本 writes a mark in front.
fn pack_text(path: &Path) -> Result<String, AppError> {
    let whole = read_text(path)?;
    Ok(whole.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(whole))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// Lines under a heading, if there are any.
fn listed(heading: &str, lines: &[Value]) {
    if !lines.is_empty() {
        out::line(&format!("  {heading}"));
        lines.iter().for_each(|line| out::line(&format!("    {}", text(line))));
    }
}

fn check(app: &App, files: &[PathBuf], examples: Option<&Path>) -> Result<(), AppError> {
    let mut problems: Vec<FieldProblem> = Vec::new();
    for file in files {
        let toml = pack_text(file)?;
        let cases = cases_of(file, examples)?;
        let found = app
            .rpc("pack_check", json!({ "toml": toml, "examples": Value::Array(cases).to_string(), "against": null }))?;
        let shown = file.display();
        for fault in list(&found["faults"]) {
            let place = format!("{shown} 第{}行", fault["line"]);
            problems.push(FieldProblem { field: place, message: text(&fault["message"]).to_owned() });
        }
        let results = list(&found["examples"]);
        for failing in results.iter().filter(|one| one["holds"] != true) {
            let message = format!("算例“{}”对不上：{}", text(&failing["title"]), differences(failing).join("；"));
            problems.push(FieldProblem { field: shown.to_string(), message });
        }
        if list(&found["faults"]).is_empty() {
            tell(&shown.to_string(), &found, results);
        }
    }
    if problems.is_empty() {
        return Ok(());
    }
    problems.iter().for_each(|one| out::person(&format!("{}：{}", one.field, one.message)));
    let message = format!("查出 {} 处要改的，没有改动任何文件", problems.len());
    Err(AppError { fields: problems, ..AppError::new(ErrorCode::PackIncomplete, message) })
}

/// A whole pack in a few lines: how well it is founded, what it leaves out, who read it.
fn tell(file: &str, found: &Value, results: &[Value]) {
    let head = &found["head"];
    out::line(&format!("{file}：{}", named(head)));
    out::line(&format!(
        "  写法完整{}。数字：官方 {} 个，转述 {} 个，待核实 {} 个",
        if head["partial"] == true { "，但只有一部分规定" } else { "" },
        head["official"],
        head["quoted"],
        head["unverified"],
    ));
    listed("没有取得的部分：", list(&found["missing"]));
    listed("不是照官方原文写的：", list(&found["unofficial"]));
    listed("来源不全：", list(&found["untraceable"]));
    listed("还不完整的地方：", list(&found["notes"]));
    let silent = results.iter().filter(|one| one["expects"] != true).count();
    let said = match (results.len(), silent) {
        (0, _) => "没有算例：请按文件里的例子写几个（政策包旁边的 examples/*.json）".to_owned(),
        (all, 0) => format!("算例 {all} 个，都对得上"),
        (all, silent) => format!("算例 {all} 个，{silent} 个没有写应得的结果，其余都对得上"),
    };
    out::line(&format!("  {said}"));
    let reviewers: Vec<&str> = list(&head["reviewers"]).iter().map(text).collect();
    let read = if reviewers.is_empty() { "没有写".to_owned() } else { reviewers.join("、") };
    out::line(&format!("  复核人：{read}。启用以前，还要两名县级操作员在登记簿里复核通过"));
}

fn named(head: &Value) -> String {
    let until = head["effective_until"].as_str().map(|day| format!("，到 {day}")).unwrap_or_default();
    let (region, name, version) = (text(&head["region"]), text(&head["name"]), text(&head["version"]));
    format!("{region} {name} {version}，{} 起{until}", text(&head["effective_from"]))
}

/// The case files that say they belong to a pack.
fn cases_of(file: &Path, examples: Option<&Path>) -> Result<Vec<Value>, AppError> {
    let beside = file.with_file_name("examples");
    let folder = examples.unwrap_or(&beside);
    if examples.is_none() && !folder.is_dir() {
        return Ok(Vec::new());
    }
    let entries = std::fs::read_dir(folder).map_err(|error| AppError::file(folder, &error))?;
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "json"));
    paths.sort();
    let mut cases = Vec::new();
    for path in paths {
        let case = parse(&read_text(&path)?)?;
        let own = case["pack"].as_str().is_some_and(|named| file.file_name().is_some_and(|name| name == named));
        if own || (examples.is_some() && case["pack"].is_null()) {
            cases.push(case);
        }
    }
    Ok(cases)
}

/// What an example says and what came out, where they differ.
fn differences(result: &Value) -> Vec<String> {
    let mut said = Vec::new();
    for bill in list(&result["bills"]) {
        said.extend(bill["problem"].as_str().map(str::to_owned));
        for line in list(&bill["lines"]).iter().filter(|line| line["differs"] == true) {
            let expected = line["expected"].as_str().unwrap_or_default();
            said.push(format!("{}应为{expected}，算出{}", text(&line["label"]), text(&line["found"])));
        }
    }
    said
}

/// The check of a text that has to be whole.
fn whole(app: &App, file: &Path, examples: &str, against: Option<String>) -> Result<Value, AppError> {
    let asked = json!({ "toml": pack_text(file)?, "examples": examples, "against": against });
    let found = app.rpc("pack_check", asked)?;
    let Some(first) = list(&found["faults"]).first() else { return Ok(found) };
    let message = format!("“{}”第{}行：{}", file.display(), first["line"], text(&first["message"]));
    Err(AppError::new(ErrorCode::PackIncomplete, message))
}

fn explain(app: &App, file: &Path, sheet: Option<&Path>) -> Result<(), AppError> {
    let found = whole(app, file, "", None)?;
    out::line(&named(&found["head"]));
    let mut part = "";
    for sentence in list(&found["sentences"]) {
        if text(&sentence["part"]) != part {
            part = text(&sentence["part"]);
            out::line(&format!("\n{part}"));
        }
        let article = text(&sentence["article"]);
        let article = if article.is_empty() { String::new() } else { format!("（{article}）") };
        out::line(&format!("  {}{article}", text(&sentence["text"])));
    }
    if let Some(path) = sheet {
        write(path, &app.bytes("pack_sheet", json!({ "toml": pack_text(file)? }))?.data)?;
        out::person(&format!("复核表已写到“{}”", path.display()));
    }
    Ok(())
}

fn diff(app: &App, old: &Path, new: &Path) -> Result<(), AppError> {
    let before = whole(app, old, "", None)?;
    let found = whole(app, new, "", Some(pack_text(old)?))?;
    out::line(&format!("原来：{}", named(&before["head"])));
    out::line(&format!("新的：{}", named(&found["head"])));
    let changes = list(&found["changes"]);
    if changes.is_empty() {
        out::line("数字都一样");
        return Ok(());
    }
    let or = |value: &Value| if text(value).is_empty() { "（没有）".to_owned() } else { text(value).to_owned() };
    let mut rows = vec![["哪一部分", "哪一项", "原来", "新的", "依据"].map(str::to_owned)];
    rows.extend(changes.iter().map(|change| {
        let article = ["article_after", "article_before"].map(|key| text(&change[key]));
        let article = article.into_iter().find(|article| !article.is_empty()).unwrap_or_default();
        [
            or(&change["part"]),
            text(&change["place"]).to_owned(),
            or(&change["before"]),
            or(&change["after"]),
            article.to_owned(),
        ]
    }));
    out::table(&rows);
    Ok(())
}

fn example(app: &App, file: &Path, cases: &[PathBuf]) -> Result<(), AppError> {
    let read = cases.iter().map(|path| parse(&read_text(path)?)).collect::<Result<Vec<Value>, AppError>>()?;
    let found = whole(app, file, &Value::Array(read).to_string(), None)?;
    let mut problems = Vec::new();
    for result in list(&found["examples"]) {
        out::line(text(&result["title"]));
        for bill in list(&result["bills"]) {
            let mut rows = vec![["", "应得", "算出", ""].map(str::to_owned)];
            rows.extend(list(&bill["lines"]).iter().map(|line| {
                let mark = if line["differs"] == true { "✗ 不一样" } else { "" };
                let expected = line["expected"].as_str().unwrap_or("—");
                [text(&line["label"]), expected, text(&line["found"]), mark].map(str::to_owned)
            }));
            out::table(&rows);
        }
        let message = differences(result).join("；");
        if result["holds"] != true {
            problems.push(FieldProblem { field: text(&result["title"]).to_owned(), message });
        }
    }
    if problems.is_empty() {
        return Ok(());
    }
    problems.iter().for_each(|one| out::person(&format!("{}：{}", one.field, one.message)));
    let message = format!("{} 个算例对不上", problems.len());
    Err(AppError { fields: problems, ..AppError::new(ErrorCode::BillImpossible, message) })
}
