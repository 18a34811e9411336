//! The demo county: made from a fixed seed, set up through the command table exactly as a county and its townships would,
//! and, when asked, the clerk's working day from roster to receipt.

use std::fs;
use std::path::{Path, PathBuf};

use mingbai_app::demo::{DemoError, DemoTownship, built_in_pack, care_files, county, county_lists, files, outside};
use mingbai_app::{App, AppError, DesktopHost, ErrorCode, Host};
use serde_json::{Value, json};

use crate::office::text;
use crate::out;
use crate::verbs::village;

/// Everybody's login and password in the demo county.
const LOGIN: &str = "demo";
/// The county's second operator: a policy pack is read by two.
const SECOND: &str = "demo2";
const PASSWORD: &str = "mingbai-demo";
const SEED: u64 = 20_260_101;

/// One office of the demo.
pub(crate) struct Office {
    app: App,
    folder: PathBuf,
}

impl Office {
    fn open(folder: PathBuf) -> Result<Self, AppError> {
        Ok(Self { app: App::new(DesktopHost::new(&folder))?, folder })
    }

    pub(crate) fn call(&self, command: &str, payload: Value) -> Result<Value, AppError> {
        self.app.rpc(command, payload)
    }

    fn set_up(&self, kind: &str, county: &str, unit: &str, area: &str, name: &str) -> Result<Value, AppError> {
        self.call(
            "setup_office",
            json!({
                "kind": kind, "county_name": county, "unit_name": unit, "area": area,
                "operator_name": name, "login": LOGIN, "password": PASSWORD,
            }),
        )
    }
}

pub(crate) fn run(folder: &Path, journey: bool) -> Result<(), AppError> {
    let folder = std::path::absolute(folder).map_err(|error| AppError::file(folder, &error))?;
    if folder.read_dir().is_ok_and(|mut entries| entries.next().is_some()) {
        let message = format!("“{}”里已经有文件，没有覆盖。请换一个空目录", folder.display());
        return Err(AppError::new(ErrorCode::FileUnreadable, message));
    }
    let today = DesktopHost::new(&folder).today();
    let pack = built_in_pack()?;
    let told =
        county(SEED, today, &pack.rules).map_err(|error| AppError::new(ErrorCode::Internal, error.to_string()))?;
    let usb = folder.join("U盘");
    fs::create_dir_all(&usb).map_err(|error| AppError::file(&usb, &error))?;

    let office = Office::open(folder.join("county"))?;
    office.set_up("county", &told.name, &told.office, &told.code, "赵建国")?;
    put_in_force(&office, pack.text)?;
    put_lists(&office, &folder.join("县级名单"), today)?;
    let county_words = text(&office.call("session_get", json!({}))?["office"]["county_words"]).to_owned();
    out::line(&format!("县级已设置：{}。县的核对词：{county_words}", told.name));

    let mut townships = Vec::new();
    for (place, township) in told.townships.iter().enumerate() {
        let name = if place == 0 { "township-a" } else { "township-b" };
        let here = Office::open(folder.join(name))?;
        let operator = if place == 0 { "王玉梅" } else { "李海燕" };
        here.set_up("township", &told.name, &township.health_centre, &township.code, operator)?;
        enrol(&office, &here, &usb, &county_words)?;
        let sources = folder.join("来表").join(&township.name);
        fill(&here, township, &sources, today)?;
        crate::demo_work::work(&here, township, today)?;
        crate::demo_claims::chase(&here, today)?;
        out::line(&format!("{} 已入网并导入来表：{}", township.health_centre, here.folder.display()));
        townships.push((here, township));
    }
    let Some((first, told_first)) = townships.first() else { return Ok(()) };
    if journey {
        working_day(&office, first, told_first, &usb)?;
    }
    out::line(&format!(
        "演示数据在 {}；登录名 {LOGIN}（县级还有复核政策包的 {SECOND}），密码 {PASSWORD}",
        folder.display()
    ));
    Ok(())
}

/// The policy pack, read and passed by both operators of the county.
fn put_in_force(office: &Office, toml: &str) -> Result<(), AppError> {
    let second = json!({ "login": SECOND, "name": "孙丽华", "role": "county", "password": PASSWORD });
    office.call("operator_add", second)?;
    for login in [SECOND, LOGIN] {
        office.call("session_login", json!({ "login": login, "password": PASSWORD }))?;
        office.call("pack_review", json!({ "toml": toml, "verdict": "passed", "remarks": "" }))?;
    }
    office.call("pack_activate", json!({ "toml": toml }))?;
    Ok(())
}

/// The county's own lists: what is paid for whose insurance, and from which amount a household must be looked after.
fn put_lists(office: &Office, folder: &Path, today: chrono::NaiveDate) -> Result<(), AppError> {
    fs::create_dir_all(folder).map_err(|error| AppError::file(folder, &error))?;
    for list in county_lists(today) {
        let path = folder.join(format!("{}.tsv", list.name));
        fs::write(&path, list.text).map_err(|error| AppError::file(&path, &error))?;
        office.call(
            "county_list_put",
            json!({
                "path": path, "kind": list.kind, "name": list.name, "version": today.format("%Y").to_string(),
                "effective_from": today.format("%Y-01-01").to_string(), "effective_until": null, "source": "演示数据",
                "unverified": false,
            }),
        )?;
    }
    Ok(())
}

/// Request → approval → membership, with the words compared on both sides, then the county's first bundle with the pack.
fn enrol(county: &Office, township: &Office, usb: &Path, county_words: &str) -> Result<(), AppError> {
    let request = township.call("enrolment_request", json!({ "folder": usb }))?;
    let seen = county.call("enrolment_inspect", json!({ "path": request["path"] }))?;
    let approve = json!({ "path": request["path"], "words": request["words"], "folder": usb });
    let approved = county.call("enrolment_approve", approve)?;
    township.call("enrolment_accept", json!({ "path": approved["path"], "words": county_words }))?;
    let sent = county.call("exchange_export", json!({ "folder": usb, "area": seen["area"] }))?;
    township.call("exchange_import", json!({ "path": sent["files"][0] }))?;
    Ok(())
}

/// Registers villages and teams, writes the township's source files and takes them in one after the other.
fn fill(office: &Office, township: &DemoTownship, sources: &Path, today: chrono::NaiveDate) -> Result<(), AppError> {
    for place in &township.villages {
        let team = &place.team;
        save(
            office,
            "village",
            json!({
                "code": place.code, "name": place.name, "township": township.code, "clinic": place.clinic,
                "doctor_name": team.village_doctor, "doctor_phone": team.village_phone,
            }),
        )?;
        save(
            office,
            "team",
            json!({
                "name": team.name, "village_doctor": team.village_doctor, "village_phone": team.village_phone,
                "village_clinic": place.clinic, "township_doctor": team.township_doctor,
                "township_phone": team.township_phone, "county_doctor": team.county_doctor,
                "county_phone": team.county_phone, "county_hospital": team.county_hospital,
            }),
        )?;
    }
    fs::create_dir_all(sources).map_err(|error| AppError::file(sources, &error))?;
    let broken = |error: DemoError| AppError::new(ErrorCode::Internal, error.to_string());
    let mut written = files(township, today).map_err(broken)?;
    written.extend(care_files(township, today).map_err(broken)?);
    for file in written {
        let path = sources.join(&file.name);
        fs::write(&path, &file.bytes).map_err(|error| AppError::file(&path, &error))?;
        if file.later {
            continue;
        }
        let request = |dry_run: bool| json!({ "kind": file.profile, "path": path, "dry_run": dry_run });
        let seen = office.call("import_sheet", request(true))?;
        let done = office.call("import_sheet", request(false))?;
        out::line(&format!(
            "  {}：{}{}",
            file.name,
            counts(&done),
            if seen["counts"] == done["counts"] { "" } else { "（与预览不同）" }
        ));
    }
    for list in outside(township, today).map_err(broken)? {
        let path = sources.join(&list.file.name);
        fs::write(&path, &list.file.bytes).map_err(|error| AppError::file(&path, &error))?;
        let taken = office.call("compare_take", json!({ "path": path, "source": list.source, "as_of": today }))?;
        let seen = office.call("compare_run", json!({ "ours": null, "theirs": taken["id"] }))?;
        out::line(&format!(
            "  {}：比对对上 {} 人，只在本方 {}，只在对方 {}",
            list.file.name, seen["matched"], seen["only_ours"], seen["only_theirs"]
        ));
    }
    Ok(())
}

fn save(office: &Office, table: &str, fields: Value) -> Result<(), AppError> {
    office.call(
        "record_save",
        json!({ "table": table, "id": null, "household": null, "fields": fields, "reason": null }),
    )?;
    Ok(())
}

fn counts(view: &Value) -> String {
    let c = &view["counts"];
    format!(
        "读入 {} = 新增 {} + 变更 {} + 相同 {} + 拒收 {}",
        c["read"], c["new"], c["changed"], c["same"], c["rejected"]
    )
}

/// What a clerk and the county do with it: cards, table, bundle, receipt, verification.
fn working_day(county: &Office, clerk: &Office, told: &DemoTownship, usb: &Path) -> Result<(), AppError> {
    let desk = clerk.call("desk_get", json!({}))?;
    let p = &desk["population"];
    out::line(&format!(
        "工作台：{} 户 {} 人（未脱贫 {} 户 {} 人，已脱贫 {} 户 {} 人）",
        p["households"],
        p["people"],
        p["not_lifted_households"],
        p["not_lifted_people"],
        p["lifted_households"],
        p["lifted_people"]
    ));
    for item in desk["items"].as_array().into_iter().flatten() {
        out::line(&format!(
            "  {} {} {}：{}",
            text(&item["label"]),
            item["count"],
            text(&item["unit"]),
            text(&item["parts"])
        ));
    }
    let hits = clerk.call("search", json!({ "text": "zfs", "limit": 5 }))?;
    let household = hits["hits"][0]["household"].clone();
    let page = clerk.call("household_get", json!({ "id": household }))?;
    out::line(&format!(
        "户档案：{}户，{} 人，要办 {} 件",
        text(&page["head"]),
        size(&page["members"]),
        size(&page["todos"])
    ));
    let bills = clerk
        .call("bill_list", json!({ "year": null, "village": null, "short_only": true, "offset": 0, "limit": 3 }))?;
    for bill in bills["rows"].as_array().into_iter().flatten() {
        let why = clerk.call("bill_explain", json!({ "id": bill["id"] }))?;
        out::line(&format!("应报未报：{} {}：{}", text(&bill["name"]), text(&bill["hospital"]), text(&bill["why"])));
        for step in why["steps"].as_array().into_iter().flatten() {
            out::line(&format!("    {} = {}", text(&step["label"]), text(&step["formula"])));
        }
    }
    let first = told.villages.first().map(|v| v.name.clone()).unwrap_or_default();
    let id = village(&clerk.app, &first)?;
    let printed =
        clerk.call("card_print", json!({ "village": id, "household": null, "changed_only": false, "record": true }))?;
    out::line(&format!(
        "明白卡：{first} {} 户 {} 页 → {}",
        printed["households"],
        printed["pages"],
        text(&printed["path"])
    ));
    let preview = clerk.call("card_preview", json!({ "household": household }))?;
    out::line(&format!("预览：{}户 第 {} 版，{} 页", text(&page["head"]), preview["edition"], size(&preview["pages"])));
    let report = clerk.call("report_write", json!({ "key": "disease_by_village" }))?;
    out::line(&format!("报表：{}", text(&report["path"])));

    let up = clerk.call("exchange_export", json!({ "folder": usb, "area": null }))?;
    out::line(&format!(
        "导出给县里：第 {} 号，{} 条，{} 字节 → {}",
        up["number"],
        up["entries"],
        up["bytes"],
        text(&up["files"][0])
    ));
    let seen = county.call("exchange_preview", json!({ "path": up["files"][0] }))?;
    out::line(&format!(
        "县里先看：{} 发来，新 {} 条，涉及 {} 户",
        text(&seen["sender"]),
        seen["new"],
        size(&seen["households"])
    ));
    let taken = county.call("exchange_import", json!({ "path": up["files"][0] }))?;
    out::line(&format!("县里导入：{}", text(&taken["conservation"])));
    let down = county.call("exchange_export", json!({ "folder": usb, "area": told.code }))?;
    let receipt = clerk.call("exchange_import", json!({ "path": down["files"][0] }))?;
    let status = clerk.call("exchange_status", json!({}))?;
    out::line(&format!(
        "收到县里回执：确认 {} 条；共 {} 条中已确认 {} 条，还有 {} 条未确认",
        receipt["confirmed"], status["own_entries"], status["confirmed_entries"], status["pending"]
    ));
    for (who, office) in [("乡镇", clerk), ("县里", county)] {
        let checked = office.call("ledger_verify", json!({}))?;
        out::line(&format!(
            "核对{who}：{} 条日志，{} 张表逐行重建，{} 处不同",
            checked["entries"],
            size(&checked["tables"]),
            checked["differences"]
        ));
        if checked["ok"] != true {
            return Err(AppError::new(ErrorCode::DatabaseDamaged, format!("核对{who}发现不一致")));
        }
    }
    Ok(())
}

fn size(value: &Value) -> usize {
    value.as_array().map_or(0, Vec::len)
}
