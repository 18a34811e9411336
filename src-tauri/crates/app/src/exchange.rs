//! 数据交换: 导出, 导入, 已确认, 缺, 待决定.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use mingbai_bundle::{EnrolmentRequest, inspect as inspect_bundle};
use mingbai_domain::catalogue::{self, Household, Membership, Person};
use mingbai_domain::{RecordId, Value, region};
use mingbai_store::{Conflict, Reading};
use mingbai_sync as sync;
use sync::{Confirmed, DeviceKeys, SyncError, keys};

use crate::dto::{
    BundleHousehold, BundleInspection, BundlePreview, BundleReport, ConflictList, ConflictResolveRequest, ConflictRow,
    ConflictValue, Direction, DriveRow, Empty, ExchangeRow, ExchangeStatus, ExportRequest, ExportView, FileRequest,
    IncomingRow, InspectionLine, OfficeKind, Tone, TownshipRow, TypeCount,
};
use crate::error::{AppError, ErrorCode};
use crate::office::{Context, author, local_time, read_file, write_file};
use crate::record::{parse_value, show_value};
use crate::session::actor;

impl From<SyncError> for AppError {
    fn from(error: SyncError) -> Self {
        match error {
            SyncError::Store(inner) => inner.into(),
            SyncError::Rejected(rejection) => {
                Self::new(ErrorCode::BundleRejected, rejection.to_string()).detail(rejection.code())
            }
            SyncError::NotEnrolled => Self::new(ErrorCode::NotEnrolled, error.to_string()),
            SyncError::NotCounty => Self::new(ErrorCode::NotPermitted, error.to_string()),
            SyncError::NoSuchUnit(_) | SyncError::NoRequest => Self::new(ErrorCode::NotFound, error.to_string()),
            SyncError::WordsDiffer => Self::new(ErrorCode::WordsDiffer, error.to_string()),
            SyncError::OutsideCounty(_) => Self::new(ErrorCode::Validation, error.to_string()),
            SyncError::Write(_) | SyncError::Membership(_) | SyncError::NoKeys => {
                Self::new(ErrorCode::Storage, error.to_string())
            }
        }
    }
}

/// How far the county has confirmed this PC's log.
pub(crate) fn confirmed(context: &Context<'_>) -> Result<Confirmed, AppError> {
    let reading = context.read()?;
    if context.profile()?.kind == OfficeKind::County {
        // The county confirms others; nobody confirms the county.
        return Ok(Confirmed::default());
    }
    Ok(sync::confirmed(reading)?)
}

fn types(counts: Vec<sync::TypeCount>) -> Vec<TypeCount> {
    counts.into_iter().map(|c| TypeCount { label: c.label.to_owned(), count: c.count as i64 }).collect()
}

pub(crate) fn status(context: &mut Context<'_>, _: Empty) -> Result<ExchangeStatus, AppError> {
    let confirmed = confirmed(context)?;
    let profile = context.profile()?.clone();
    let county = profile.kind == OfficeKind::County;
    let reading = context.read()?;
    let mut entries = Vec::new();
    if !county {
        for (_, stored) in sync::pending(reading)? {
            for one in stored {
                entries.push(one.decode()?);
            }
        }
    }
    let by_type = types(sync::summary::by_type(entries.iter()));
    let missing = reading.gaps()?.into_iter().map(|gap| {
        let device = reading.log(&gap.log).ok().flatten().map(|log| log.device).unwrap_or_default();
        format!("{device} 缺第 {}–{} 条", gap.from, gap.to)
    });
    let missing = missing.collect();
    let townships = if county { townships(context)? } else { Vec::new() };
    let drives = context.host.drives();
    let incoming = incoming(context, &drives)?;
    Ok(ExchangeStatus {
        enrolled: profile.enrolled,
        pending: confirmed.pending as i64,
        pending_by_type: by_type,
        confirmed_until: confirmed.until.map(|millis| local_time(context.host, millis)),
        confirmed_entries: confirmed.entries as i64,
        own_entries: confirmed.own as i64,
        recipient: profile.county_name,
        county_words: profile.county_words,
        drives: drives
            .into_iter()
            .map(|d| DriveRow { path: d.path.display().to_string(), label: d.label, free: d.free as i64 })
            .collect(),
        incoming,
        log: log(context)?,
        townships,
        conflicts: conflict_rows(context)?.len() as i64,
        missing,
    })
}

/// Bundles lying in the root of a removable drive.
fn incoming(context: &Context<'_>, drives: &[crate::host::Drive]) -> Result<Vec<IncomingRow>, AppError> {
    let store = &context.opened()?.store;
    let mut rows = Vec::new();
    for drive in drives {
        let files = std::fs::read_dir(&drive.path).into_iter().flatten().flatten().map(|entry| entry.path());
        for path in files.filter(|path| path.extension().is_some_and(|e| e.eq_ignore_ascii_case("mbx"))) {
            let Ok(bytes) = std::fs::read(&path) else { continue };
            if let Ok(found) = sync::preview(store, &bytes) {
                rows.push(IncomingRow {
                    path: path.display().to_string(),
                    title: format!("{} 第 {} 号", found.sender.unit, found.number),
                    detail: format!("{} · 签名有效 · 新内容 {} 条", local_time(context.host, found.written), found.new),
                    known: found.already.is_some(),
                });
            }
        }
    }
    Ok(rows)
}

/// 交换记录, newest first.
fn log(context: &Context<'_>) -> Result<Vec<ExchangeRow>, AppError> {
    const MOST: u64 = 200;
    let reading = context.read()?;
    let mut rows: Vec<(u64, ExchangeRow)> = Vec::new();
    let own: Vec<_> = reading.logs()?.into_iter().filter(|l| l.own).collect();
    for record in reading.exports(MOST)? {
        let mut parts = record.details.split('|');
        let number = parts.next().and_then(|n| n.parse().ok());
        let file = parts.nth(1).unwrap_or_default().to_owned();
        // An export is confirmed when every own entry there was at that time has been confirmed.
        let waiting = own.iter().any(|log| {
            let until = reading.acked(&log.id, sync::summary::APPLIED).ok().flatten().map_or(0, |head| head.seq);
            let later = reading.entries_after(&log.id, until, 1).unwrap_or_default();
            later.first().and_then(|e| e.decode().ok()).is_some_and(|e| e.hlc.millis() <= record.created_millis)
        });
        let county = context.profile()?.kind == OfficeKind::County;
        let (outcome, tone) = match (county, waiting) {
            (true, _) => ("已写出", Tone::Neutral),
            (false, true) => ("等县里确认", Tone::Neutral),
            (false, false) => ("已确认", Tone::Done),
        };
        rows.push((
            record.created_millis,
            ExchangeRow {
                at: local_time(context.host, record.created_millis),
                direction: Direction::Out,
                peer: record.recipient,
                number,
                entries: Some(record.entries as i64),
                outcome: outcome.to_owned(),
                tone,
                file,
                ..ExchangeRow::default()
            },
        ));
    }
    for record in reading.imports(MOST)? {
        let counts = &record.counts;
        let total: u64 = counts.counts().iter().sum();
        let (outcome, tone) = if counts.held > 0 {
            ("有缺，等补齐", Tone::Soon)
        } else if counts.deferred + counts.unapplied > 0 {
            ("有未采用", Tone::Waiting)
        } else {
            ("已导入", Tone::Done)
        };
        rows.push((
            record.received_millis,
            ExchangeRow {
                at: local_time(context.host, record.received_millis),
                direction: Direction::In,
                peer: record.sender,
                number: record.details.split('|').next().and_then(|n| n.parse().ok()),
                entries: Some(total as i64),
                new: Some(counts.new as i64),
                duplicate: Some(counts.duplicate as i64),
                held: Some(counts.held as i64),
                deferred: Some(counts.deferred as i64),
                unapplied: Some(counts.unapplied as i64),
                outcome: outcome.to_owned(),
                tone,
                file: String::new(),
            },
        ));
    }
    for record in reading.quarantined(MOST)? {
        rows.push((
            record.received_millis,
            ExchangeRow {
                at: local_time(context.host, record.received_millis),
                direction: Direction::In,
                peer: if record.sender.is_empty() { "身份不明".to_owned() } else { record.sender },
                outcome: format!("拒收，已隔离保存：{}", record.reason),
                tone: Tone::Missing,
                file: record.file_name,
                ..ExchangeRow::default()
            },
        ));
    }
    rows.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    Ok(rows.into_iter().map(|(_, row)| row).collect())
}

fn townships(context: &Context<'_>) -> Result<Vec<TownshipRow>, AppError> {
    let open = context.opened()?;
    let reading = open.store.read();
    let Some(trust) = keys::trust(&open.store)? else { return Ok(Vec::new()) };
    let own = DeviceKeys::load(&open.store)?.signing.public();
    let imports = reading.imports(10_000)?;
    let conflicts = conflict_rows(context)?;
    let mut rows: BTreeMap<String, TownshipRow> = BTreeMap::new();
    for certificate in trust.certificates().filter(|c| c.signing != own) {
        let row = rows.entry(certificate.area.clone()).or_insert_with(|| TownshipRow {
            area: certificate.area.clone(),
            name: certificate.unit.clone(),
            ..TownshipRow::default()
        });
        row.devices += 1;
        for log in reading.logs()?.into_iter().filter(|log| !log.own) {
            let from = log.genesis.as_ref().and_then(|genesis| trust.certificate_of_log(genesis));
            if from.is_some_and(|c| c.serial == certificate.serial) {
                row.received += log.head.seq as i64;
                let acked = reading.acked(&log.id, sync::summary::APPLIED)?.map_or(0, |head| head.seq);
                row.confirmed += acked as i64;
                let gaps = reading.gaps()?;
                row.missing += gaps.iter().filter(|g| g.log == log.id).map(|g| (g.to - g.from + 1) as i64).sum::<i64>();
            }
        }
    }
    for row in rows.values_mut() {
        let last = imports.iter().find(|i| i.details.split('|').nth(1) == Some(&row.area));
        row.last_contact = last.map(|record| local_time(context.host, record.received_millis));
        row.held = imports
            .iter()
            .filter(|i| i.details.split('|').nth(1) == Some(&row.area))
            .map(|i| i.counts.held as i64)
            .sum();
        let [a, b, c, d] = reading.population(Some(&row.area))?;
        (row.households, row.people) = (a + c, b + d);
        row.conflicts = conflicts.iter().filter(|conflict| conflict.area.starts_with(&row.area)).count() as i64;
    }
    Ok(rows.into_values().collect())
}

pub(crate) fn export(context: &mut Context<'_>, request: ExportRequest) -> Result<ExportView, AppError> {
    let folder = if request.folder.is_empty() {
        context.office.folder("输出")?
    } else {
        let folder = PathBuf::from(&request.folder);
        if !folder.is_dir() {
            return Err(AppError::invalid("folder", "找不到这个文件夹，请重新选择U盘或文件夹"));
        }
        folder
    };
    let county = context.profile()?.kind == OfficeKind::County;
    let host = context.host;
    let random = |buffer: &mut [u8]| host.fill(buffer);
    let open = context.opened_mut()?;
    let author = author(host, Some(actor(open)), &random);
    let written = match (county, &request.area) {
        (false, _) => sync::export_up(&mut open.store, &author)?,
        (true, Some(area)) => sync::export_down(&mut open.store, &author, area)?,
        (true, None) => return Err(AppError::invalid("area", "请选定要发给哪个乡镇")),
    };
    let path = folder.join(&written.name);
    write_file(&path, &written.bytes)?;
    Ok(ExportView {
        files: vec![path.display().to_string()],
        entries: written.entries as i64,
        by_type: types(written.by_type),
        bytes: written.bytes.len() as i64,
        number: written.number as i64,
        recipient: written.recipient,
    })
}

pub(crate) fn preview(context: &mut Context<'_>, request: FileRequest) -> Result<BundlePreview, AppError> {
    let path = Path::new(&request.path);
    let bytes = read_file(path)?;
    let store = &context.opened()?.store;
    let found = sync::preview(store, &bytes)?;
    let reading = store.read();
    let mut households: BTreeMap<String, (Option<RecordId>, i64)> = BTreeMap::new();
    for ((kind, id), changes) in &found.records {
        if let Some((household, title)) = household_of(reading, *kind, *id)? {
            let entry = households.entry(title).or_insert((Some(household), 0));
            entry.1 += *changes as i64;
        }
    }
    let own: Vec<_> = reading.logs()?.into_iter().filter(|log| log.own).map(|log| log.id).collect();
    let confirms = found.confirms.iter().filter(|head| own.contains(&head.log)).map(|head| head.seq).max();
    Ok(BundlePreview {
        path: request.path,
        sender: found.sender.unit,
        recipient: context.profile()?.unit_name.clone(),
        number: found.number as i64,
        bytes: bytes.len() as i64,
        written_at: local_time(context.host, found.written),
        entries: found.entries as i64,
        new: found.new as i64,
        duplicate: found.duplicate as i64,
        held: found.held as i64,
        by_type: types(found.by_type),
        households: households
            .into_iter()
            .map(|(title, (household, changes))| BundleHousehold {
                household: household.map(|id| id.to_string()),
                title,
                changes,
            })
            .collect(),
        confirms: confirms.unwrap_or_default() as i64,
        already: found.already.map(|millis| local_time(context.host, millis)),
        problem: None,
    })
}

/// The household a record belongs to, with what the clerk calls it; nothing for records of no household here.
fn household_of(reading: Reading<'_>, kind: u16, id: RecordId) -> Result<Option<(RecordId, String)>, AppError> {
    use mingbai_domain::value::FieldValue;
    let Some(kind) = catalogue::by_id(kind) else { return Ok(None) };
    let values = reading.values(kind.id, id)?.unwrap_or_default();
    let refers = |column: &str| kind.column(column).and_then(|f| RecordId::from_value(values.get(&f.id)?).ok());
    let household = if kind.table == "household" { Some(id) } else { refers("household") };
    let household = match household {
        Some(household) => Some(household),
        None => {
            let person = if kind.table == "person" { Some(id) } else { refers("person") };
            match person {
                Some(person) => {
                    let homes = reading.rows_where::<Membership>("person", &person)?;
                    homes.into_iter().find(|row| row.record.left_on.is_none()).and_then(|row| row.record.household)
                }
                None => None,
            }
        }
    };
    let Some(household) = household else { return Ok(None) };
    let Some(row) = reading.get::<Household>(household)? else { return Ok(None) };
    let number = row.record.number.unwrap_or_default();
    let mut head = String::new();
    for membership in reading.rows_where::<Membership>("household", &household)? {
        if membership.record.relation.as_deref() == Some(mingbai_domain::relation::HEAD)
            && let Some(person) = membership.record.person.map(|id| reading.get::<Person>(id)).transpose()?.flatten()
        {
            head = person.record.name.unwrap_or_default();
        }
    }
    Ok(Some((household, format!("{head}户 {number}"))))
}

pub(crate) fn import(context: &mut Context<'_>, request: FileRequest) -> Result<BundleReport, AppError> {
    let source = Path::new(&request.path);
    let bytes = read_file(source)?;
    let name = source.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let stamp = context.host.now().format("%Y%m%d%H%M%S").to_string();
    let conflicts_before = conflict_rows(context)?.len();
    let host = context.host;
    let random = |buffer: &mut [u8]| host.fill(buffer);
    let open = context.opened_mut()?;
    let author = author(host, Some(actor(open)), &random);
    let accepted = match sync::accept(&mut open.store, &author, &bytes, &name) {
        Ok(accepted) => accepted,
        Err(SyncError::Rejected(rejection)) => {
            // A refused file is kept whole: it may be evidence, and a newer version may read it.
            write_file(&context.office.folder("隔离")?.join(format!("{stamp}-{name}")), &bytes)?;
            return Err(SyncError::Rejected(rejection).into());
        }
        Err(other) => return Err(other.into()),
    };
    if !accepted.already {
        write_file(&context.office.folder("收件")?.join(format!("{stamp}-{name}")), &bytes)?;
    }
    context.forget_pack();
    let counts = &accepted.ingested;
    let conflicts = conflict_rows(context)?.len().saturating_sub(conflicts_before);
    Ok(BundleReport {
        sender: accepted.sender.unit,
        number: accepted.number as i64,
        entries: accepted.entries as i64,
        new: counts.new as i64,
        duplicate: counts.duplicate as i64,
        held: counts.held as i64,
        deferred: counts.deferred as i64,
        unapplied: counts.unapplied as i64,
        confirmed: accepted.confirmed as i64,
        conflicts: conflicts as i64,
        already: accepted.already,
        conservation: format!(
            "文件 {} 条 = 新 {} + 重复 {} + 暂存 {} + 待升级 {} + 未采用 {}",
            accepted.entries, counts.new, counts.duplicate, counts.held, counts.deferred, counts.unapplied
        ),
    })
}

pub(crate) fn inspect(_: &mut Context<'_>, request: FileRequest) -> Result<BundleInspection, AppError> {
    let bytes = read_file(Path::new(&request.path))?;
    let line = |label: &str, value: String| InspectionLine { label: label.to_owned(), value };
    if let Ok(request) = EnrolmentRequest::open(&bytes) {
        let facts = request.facts();
        return Ok(BundleInspection {
            kind: "入网申请".to_owned(),
            lines: vec![
                line("单位", facts.unit.clone()),
                line("区划代码", facts.area.clone()),
                line("电脑", facts.device.clone()),
                line("核对词", request.words()),
            ],
        });
    }
    let outer = inspect_bundle(&bytes).map_err(SyncError::from)?;
    let direction = match outer.direction {
        mingbai_bundle::Direction::Up => "乡镇 → 县",
        mingbai_bundle::Direction::Down => "县 → 乡镇",
        mingbai_bundle::Direction::Sibling => "同一单位的两台电脑之间",
    };
    Ok(BundleInspection {
        kind: "数据包".to_owned(),
        lines: vec![
            line("方向", direction.to_owned()),
            line("编号", format!("第 {} 号", outer.bundle_no)),
            line("分份", format!("{} / {}", outer.part, outer.parts)),
            line("签名与加密", format!("套件 {}（未验证）", outer.suite.number())),
            line("发送方密钥", outer.sender.to_string()),
            line("收件方密钥", outer.recipients.iter().map(ToString::to_string).collect::<Vec<_>>().join("、")),
            line("文件大小", format!("{} 字节", outer.file_len)),
            line("解开后大小", format!("{} 字节", outer.plain_len)),
        ],
    })
}

pub(crate) fn conflicts(context: &mut Context<'_>, _: Empty) -> Result<ConflictList, AppError> {
    Ok(ConflictList { rows: conflict_rows(context)?.into_iter().map(|row| row.row).collect() })
}

/// One conflict as shown, with where it lies.
pub(crate) struct ConflictLine {
    pub(crate) row: ConflictRow,
    area: String,
    conflict: Conflict,
}

/// Everything two sides have written differently.
pub(crate) fn conflict_rows(context: &Context<'_>) -> Result<Vec<ConflictLine>, AppError> {
    const MOST: u64 = 1_000;
    let reading = context.read()?;
    let mut lines = Vec::new();
    for (place, conflict) in reading.conflicts(MOST)?.into_iter().enumerate() {
        let Some(kind) = catalogue::by_id(conflict.record_type) else { continue };
        let field = kind.field(conflict.field);
        let show = |value: &Value| field.map_or_else(|| kind.label.to_owned(), |f| show_value(reading, f, value));
        let who = household_of(reading, conflict.record_type, conflict.record)?;
        let person = (kind.table == "person").then(|| reading.get::<Person>(conflict.record)).transpose()?.flatten();
        let name = person.and_then(|row| row.record.name);
        let area = match sync::scope::of(reading, conflict.record_type, conflict.record)? {
            sync::scope::Scope::Area(area) => area,
            _ => String::new(),
        };
        let values: Vec<ConflictValue> = conflict
            .values
            .iter()
            .map(|value| ConflictValue {
                value: show(&value.value),
                by: value.author.name.clone().unwrap_or_else(|| value.author.device.clone()),
                at: local_time(context.host, value.author.when.millis()),
                county: value.author.county,
            })
            .collect();
        let shown = conflict.values.iter().find(|v| v.shown).map(|v| show(&v.value)).unwrap_or_default();
        lines.push(ConflictLine {
            row: ConflictRow {
                id: place as i64,
                record: conflict.record.to_string(),
                table: kind.table.to_owned(),
                who: name.unwrap_or_else(|| who.as_ref().map(|(_, title)| title.clone()).unwrap_or_default()),
                village: village_name(reading, &area)?,
                field: field.map_or_else(|| "整条记录".to_owned(), |f| f.label.to_owned()),
                values,
                shown,
            },
            area,
            conflict,
        });
    }
    Ok(lines)
}

fn village_name(reading: Reading<'_>, code: &str) -> Result<String, AppError> {
    if !region::is_code(code) {
        return Ok(String::new());
    }
    let found = reading.rows_where::<catalogue::Village>("code", &code.to_owned())?;
    Ok(found.into_iter().next().and_then(|row| row.record.name).unwrap_or_default())
}

pub(crate) fn resolve(context: &mut Context<'_>, request: ConflictResolveRequest) -> Result<Empty, AppError> {
    let lines = conflict_rows(context)?;
    let line = lines.into_iter().find(|line| line.row.id == request.id).ok_or_else(|| AppError::not_found("待决定"))?;
    let missing = || AppError::not_found("待决定");
    let kind = catalogue::by_id(line.conflict.record_type).ok_or_else(missing)?;
    let field = kind
        .field(line.conflict.field)
        .ok_or_else(|| AppError::new(ErrorCode::NotPermitted, "这条事实有两种更正，请打开本人记录改成正确的一种"))?;
    let guarded = field.merge != catalogue::Merge::Contact;
    if guarded && context.profile()?.kind != OfficeKind::County {
        let message = format!("“{}”由县里决定。两个值都已保留，县里处理后会随数据包回来", field.label);
        return Err(AppError::new(ErrorCode::NotPermitted, message));
    }
    // One of the values as shown, or a third one as typed.
    let shown = line.row.values.iter().position(|value| value.value == request.value);
    let value = match shown.and_then(|place| line.conflict.values.get(place)) {
        Some(chosen) => chosen.value.clone(),
        None => parse_value(field, &request.value)?,
    };
    let (record_type, record, field) = (line.conflict.record_type, line.conflict.record, field.id);
    context.commit("conflict_resolve", None, |txn| Ok(txn.set_field(record_type, record, field, value)?))?;
    Ok(Empty {})
}
