//! The plain verbs, each a thin word for commands of the table.

use std::fs;
use std::io::Read;
use std::path::Path;

use mingbai_app::command::{Permission, Run, find};
use mingbai_app::{App, AppError, Bytes, ErrorCode};
use serde_json::{Value, json};

use crate::args::{Bundle, Call, Cards, Import, Init, OfficeKind, Report, Settle, Verb};
use crate::office::{log_in, open, password, text};
use crate::{demo, out, pack};

pub(crate) fn run(verb: Verb) -> Result<(), AppError> {
    match verb {
        Verb::Init(init) => set_up(&init),
        Verb::Call(call) => call_any(&call),
        Verb::Import(import) => take_in(&import),
        Verb::Settle(settle) => work_out(&settle),
        Verb::Pack(verb) => pack::run(&verb),
        Verb::Cards(cards) => print_cards(&cards),
        Verb::Report(report) => write_report(&report),
        Verb::Bundle(bundle) => exchange(&bundle),
        Verb::Verify(data) => {
            let found = log_in(&data.data)?.rpc("ledger_verify", json!({}))?;
            out::json(&found);
            if found["ok"] == true {
                return Ok(());
            }
            Err(AppError::new(
                ErrorCode::DatabaseDamaged,
                "核对发现不一致，数据没有改动。请用最近的备份恢复，并保留原文件",
            ))
        }
        Verb::Demo(wish) => demo::run(&wish.folder, wish.journey),
    }
}

fn read(path: &Path) -> Result<Vec<u8>, AppError> {
    fs::read(path).map_err(|error| AppError::file(path, &error))
}

pub(crate) fn read_text(path: &Path) -> Result<String, AppError> {
    String::from_utf8(read(path)?).map_err(|_| {
        AppError::new(ErrorCode::FileUnreadable, format!("“{}”不是 UTF-8 文字文件，没有执行", path.display()))
    })
}

pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), AppError> {
    fs::write(path, bytes).map_err(|error| AppError::file(path, &error))
}

fn set_up(init: &Init) -> Result<(), AppError> {
    let kind = match init.kind {
        OfficeKind::Township => "township",
        OfficeKind::County => "county",
    };
    let request = json!({
        "kind": kind, "county_name": init.county, "unit_name": init.unit, "area": init.area,
        "operator_name": init.name, "login": init.login, "password": password()?,
    });
    out::json(&open(&init.data.data)?.rpc("setup_office", request)?);
    out::person("请把恢复码（recovery_code）抄下来锁好，只显示这一次。");
    Ok(())
}

fn call_any(call: &Call) -> Result<(), AppError> {
    let request = match call.request.as_deref() {
        None => json!({}),
        Some("-") => {
            let mut typed = String::new();
            std::io::stdin().read_to_string(&mut typed).map_err(|e| AppError::file(Path::new("标准输入"), &e))?;
            parse(&typed)?
        }
        Some(typed) => parse(typed)?,
    };
    let known = find(&call.name);
    let app = match known.map(|command| command.permission) {
        Some(Permission::Anybody) | None => open(&call.data.data)?,
        Some(_) => log_in(&call.data.data)?,
    };
    match known.map(|command| command.run) {
        Some(Run::Bytes(_)) => keep(&app.bytes(&call.name, request)?, call.out.as_deref()),
        _ => {
            out::json(&app.rpc(&call.name, request)?);
            Ok(())
        }
    }
}

pub(crate) fn parse(typed: &str) -> Result<Value, AppError> {
    serde_json::from_str(typed)
        .map_err(|error| AppError::new(ErrorCode::InvalidRequest, "请求不是 JSON，没有执行").detail(error.to_string()))
}

/// Writes an answer that is a file, and says where.
fn keep(bytes: &Bytes, to: Option<&Path>) -> Result<(), AppError> {
    let path = to.map_or_else(|| Path::new(&bytes.name).to_path_buf(), Path::to_path_buf);
    write(&path, &bytes.data)?;
    out::json(&json!({ "path": path.display().to_string(), "bytes": bytes.data.len(), "mime": bytes.mime }));
    Ok(())
}

fn take_in(import: &Import) -> Result<(), AppError> {
    let app = log_in(&import.data.data)?;
    let path = std::path::absolute(&import.file).unwrap_or_else(|_| import.file.clone());
    let request = json!({ "kind": import.kind.word(), "path": path, "dry_run": import.dry_run });
    if let Some(problems) = &import.problems {
        write(problems, &app.bytes("import_problems", request.clone())?.data)?;
    }
    out::json(&app.rpc("import_sheet", request)?);
    Ok(())
}

fn work_out(settle: &Settle) -> Result<(), AppError> {
    let bills: Value = parse(&read_text(&settle.bills)?)?;
    // Settling needs no data directory; a fresh one is made and thrown away because every command runs in some office.
    let nowhere = Scratch::new()?;
    let app = open(&nowhere.0)?;
    let answer = app.rpc("bill_settle", json!({ "pack": read_text(&settle.pack)?, "bills": bills }))?;
    out::json(&answer["result"]);
    Ok(())
}

/// A directory of this process alone, removed at the end.
pub(crate) struct Scratch(pub(crate) std::path::PathBuf);

impl Scratch {
    pub(crate) fn new() -> Result<Self, AppError> {
        let path = std::env::temp_dir().join(format!("mingbai-settle-{}", std::process::id()));
        fs::create_dir_all(&path).map_err(|error| AppError::file(&path, &error))?;
        Ok(Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Left-overs in the system's temporary folder do no harm.
        drop(fs::remove_dir_all(&self.0));
    }
}

/// The id of a village by name, code or id.
pub(crate) fn village(app: &App, named: &str) -> Result<String, AppError> {
    let villages = app.rpc("village_list", json!({}))?;
    let rows = villages["rows"].as_array().cloned().unwrap_or_default();
    let found = rows.iter().find(|row| [&row["id"], &row["code"], &row["name"]].iter().any(|v| text(v) == named));
    found.map(|row| text(&row["id"]).to_owned()).ok_or_else(|| AppError::not_found("村"))
}

fn print_cards(cards: &Cards) -> Result<(), AppError> {
    let app = log_in(&cards.data.data)?;
    let village = cards.village.as_deref().map(|named| village(&app, named)).transpose()?;
    let household = match &cards.household {
        Some(number) => {
            let asked = json!({ "village": null, "status": null, "text": number, "offset": 0, "limit": 2 });
            let found = app.rpc("household_list", asked)?;
            let first =
                found["rows"].as_array().and_then(|rows| rows.iter().find(|row| text(&row["number"]) == number));
            Some(first.map(|row| text(&row["id"]).to_owned()).ok_or_else(|| AppError::not_found("户"))?)
        }
        None => None,
    };
    let request = json!({
        "village": village, "household": household, "changed_only": cards.changed, "record": cards.record,
    });
    if let (Some(path), false) = (&cards.out, cards.record) {
        return keep(&app.bytes("card_pdf", request)?, Some(path));
    }
    let made = app.rpc("card_print", request)?;
    if let Some(path) = &cards.out {
        let from = Path::new(text(&made["path"]));
        fs::copy(from, path).map_err(|error| AppError::file(path, &error))?;
    }
    out::json(&made);
    Ok(())
}

fn write_report(report: &Report) -> Result<(), AppError> {
    let app = log_in(&report.data.data)?;
    let Some(key) = &report.key else {
        out::json(&app.rpc("report_list", json!({}))?);
        return Ok(());
    };
    let request = json!({ "key": key });
    match &report.out {
        Some(path) => keep(&app.bytes("report_xlsx", request)?, Some(path)),
        None => {
            out::json(&app.rpc("report_write", request)?);
            Ok(())
        }
    }
}

fn exchange(bundle: &Bundle) -> Result<(), AppError> {
    match bundle {
        Bundle::Export { data, folder, area, siblings, most, mail } => {
            let app = log_in(&data.data)?;
            let request = json!({
                "folder": folder, "area": area, "siblings": siblings, "most_bytes": most.map(|mb| mb.saturating_mul(1 << 20)),
                "mail": mail.is_some(), "mail_to": mail,
            });
            out::json(&app.rpc("exchange_export", request)?);
        }
        Bundle::Drives { data } => out::json(&log_in(&data.data)?.rpc("exchange_drives", json!({}))?),
        Bundle::Import { data, file, preview } => {
            let app = log_in(&data.data)?;
            let command = if *preview { "exchange_preview" } else { "exchange_import" };
            out::json(&app.rpc(command, json!({ "path": file }))?);
        }
        Bundle::Inspect { file } => {
            let nowhere = Scratch::new()?;
            out::json(&open(&nowhere.0)?.rpc("exchange_inspect", json!({ "path": file }))?);
        }
    }
    Ok(())
}
