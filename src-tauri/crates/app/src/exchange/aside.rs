//! 未采用: what was received and not taken in, entries and whole files, and what people decide about it.

use std::collections::BTreeMap;

use mingbai_bundle::TrustStore;
use mingbai_domain::catalogue::{self, RecordType};
use mingbai_domain::{RecordId, Value, Values};
use mingbai_ledger::{Entry, Head, Op};
use mingbai_store::{Aside, EntryNo, Quarantined, Reading};
use mingbai_sync as sync;
use sync::aside::Answer;
use sync::keys;

use super::coming::{Coming, household_of};
use super::taking;
use crate::dto::{AsideAnswer, AsideDecision, AsideKind, AsideList, AsideRequest, AsideRow, Empty, OfficeKind, Page};
use crate::error::{AppError, ErrorCode};
use crate::office::{Context, author, local_time};
use crate::record::show_value;
use crate::restricted::{HIDDEN, hides_any};
use crate::session::actor;

/// Files first, there are few; then entries, the newest first.
pub(crate) fn aside(context: &mut Context<'_>, page: Page) -> Result<AsideList, AppError> {
    let (offset, limit) = page.bounds();
    let store = &context.opened()?.store;
    let reading = store.read();
    let trust = keys::trust(store)?;
    let files = reading.rejected()?;
    let entries = reading.aside_count(None)?;
    let mut rows = Vec::new();
    for file in files.iter().skip(offset as usize).take(limit as usize) {
        rows.push(file_row(context, trust.as_ref(), file));
    }
    let (past, room) = (offset.saturating_sub(files.len() as u64), limit - rows.len() as u64);
    for entry in reading.aside(past, room)? {
        rows.push(entry_row(context, reading, &entry)?);
    }
    Ok(AsideList { rows, files: files.len() as i64, entries: entries as i64 })
}

/// Which unit's PC a file that was turned away names as its sender; whether it really is, nobody knows.
pub(super) fn sender<'t>(trust: &'t TrustStore, file: &Quarantined) -> Option<&'t mingbai_bundle::Certificate> {
    trust.certificates().find(|pc| !file.sender.is_empty() && pc.signing.id().to_string() == file.sender)
}

/// The same, in words.
pub(super) fn sender_said(trust: Option<&TrustStore>, file: &Quarantined) -> String {
    let pc = trust.and_then(|trust| sender(trust, file));
    pc.map_or_else(|| "身份不明".to_owned(), |pc| pc.unit.clone())
}

fn file_row(context: &Context<'_>, trust: Option<&TrustStore>, file: &Quarantined) -> AsideRow {
    AsideRow {
        kind: AsideKind::File,
        id: file.id,
        who: sender_said(trust, file),
        at: local_time(context.host, file.received_millis),
        what: format!("文件 {}", file.file_name),
        reason: file.reason.clone(),
        code: file.code.clone(),
        ..AsideRow::default()
    }
}

fn entry_row(context: &Context<'_>, reading: Reading<'_>, aside: &Aside) -> Result<AsideRow, AppError> {
    let county = context.profile()?.kind == OfficeKind::County;
    let clerk = context.opened()?.operator.role.code == "clerk";
    let (_, stored) = reading.entry(aside.entry)?;
    let row = AsideRow {
        kind: AsideKind::Entry,
        id: aside.entry.0,
        who: aside.device.clone(),
        reason: aside.reason.clone(),
        later: aside.later,
        adoptable: county && !aside.later,
        ..AsideRow::default()
    };
    Ok(match stored.decode() {
        Ok(entry) => {
            let (what, household) = told(reading, clerk, &entry)?;
            let at = local_time(context.host, entry.hlc.millis());
            let adoptable = row.adoptable && entry.origin.is_none();
            AsideRow { at, what, household: household.map(|id| id.to_string()), adoptable, ..row }
        }
        Err(_) => {
            let (at, what) = (local_time(context.host, aside.received_millis), "本版本读不出来的内容".to_owned());
            AsideRow { at, what, ..row }
        }
    })
}

/// What an entry says, in words, and the household it is about.
fn told(reading: Reading<'_>, clerk: bool, entry: &Entry) -> Result<(String, Option<RecordId>), AppError> {
    const MOST: usize = 3;
    let mut said: BTreeMap<(u16, RecordId), Values> = BTreeMap::new();
    let mut others = Vec::new();
    for op in &entry.ops {
        match (op, op.record()) {
            (Op::Set { writes, .. }, Some(record)) => {
                let values = writes.iter().map(|(field, write)| (*field, write.value.clone()));
                said.entry(record).or_default().extend(values);
            }
            (Op::Fact { body, .. } | Op::Amend { body: Some(body), .. }, Some(record)) => {
                said.entry(record).or_default().extend(body.clone());
            }
            (_, Some(record)) => drop(said.entry(record).or_default()),
            (Op::Merge { .. }, _) => others.push("合并两个人"),
            (Op::Unmerge { .. }, _) => others.push("拆开合并过的人"),
            (Op::Ack { .. } | Op::Refused { .. }, _) => others.push("回执"),
            (Op::Unknown(_), _) => others.push("本版本读不出来的内容"),
            _ => {}
        }
    }
    let coming = Coming::of(&said);
    let (mut lines, mut household) = (Vec::new(), None);
    for ((kind, id), values) in said.iter().take(MOST) {
        let Some(kind) = catalogue::by_id(*kind) else { continue };
        let here = household_of(reading, kind.id, *id)?;
        household = household.or(here.as_ref().map(|(household, _)| *household));
        let title = here.or_else(|| coming.household_of(kind.id, *id)).map(|(_, title)| format!("（{title}）"));
        lines.push(format!(
            "{}{}：{}",
            kind.label,
            title.unwrap_or_default(),
            values_said(reading, clerk, kind, *id, values)?
        ));
    }
    if said.len() > MOST {
        lines.push(format!("等 {} 条", said.len()));
    }
    others.dedup();
    lines.extend(others.into_iter().map(str::to_owned));
    let what = if lines.is_empty() { "没有登记内容".to_owned() } else { lines.join("；") };
    Ok((what, household))
}

/// The fields an entry writes, as a page shows them.
fn values_said(
    reading: Reading<'_>,
    clerk: bool,
    kind: &'static RecordType,
    id: RecordId,
    values: &Values,
) -> Result<String, AppError> {
    const MOST: usize = 5;
    let known = reading.values(kind.id, id)?.unwrap_or_default();
    if clerk && (hides_any(kind, values) || hides_any(kind, &known)) {
        return Ok(HIDDEN.to_owned());
    }
    let said = kind.fields.iter().filter_map(|field| values.get(&field.id).map(|value| (field, value)));
    let said = said.filter_map(|(field, value)| {
        let shown = if *value == Value::Null { "空".to_owned() } else { show_value(reading, field, value) };
        (!shown.is_empty()).then(|| format!("{} {shown}", field.label))
    });
    let said: Vec<String> = said.collect();
    let more = if said.len() > MOST { " 等" } else { "" };
    let shown = said.iter().take(MOST).map(String::as_str).collect::<Vec<_>>().join("、");
    Ok(if said.is_empty() { "作废或没有改动".to_owned() } else { format!("{shown}{more}") })
}

fn gone() -> AppError {
    sync::SyncError::NoSuchAside.into()
}

fn head(context: &Context<'_>, id: i64) -> Result<Head, AppError> {
    let (log, stored) = context.read()?.entry(EntryNo(id)).map_err(|_| gone())?;
    Ok(Head { log: log.id, seq: stored.seq, hash: stored.hash })
}

impl From<Answer> for AsideAnswer {
    fn from(answer: Answer) -> Self {
        match answer {
            Answer::Taken => Self { taken: true, said: "已采用".to_owned() },
            Answer::Aside(reason) => Self { taken: false, said: format!("仍未采用：{reason}") },
        }
    }
}

/// Asks again, with what is known and trusted by now.
pub(crate) fn retry(context: &mut Context<'_>, request: AsideRequest) -> Result<AsideAnswer, AppError> {
    if request.kind == AsideKind::File {
        return retry_file(context, request.id);
    }
    let head = head(context, request.id)?;
    let answer = decide(context, |store, author, _| sync::aside::retry(store, author, &head))?;
    context.forget_pack();
    Ok(answer.into())
}

fn retry_file(context: &mut Context<'_>, id: i64) -> Result<AsideAnswer, AppError> {
    let file = context.read()?.rejected()?.into_iter().find(|file| file.id == id).ok_or_else(gone)?;
    let answer = match taking::again(context, &file) {
        Ok(report) => AsideAnswer { taken: true, said: report.part.unwrap_or(report.conservation) },
        Err(error) if error.code == ErrorCode::BundleRejected => AsideAnswer { taken: false, said: error.message },
        Err(error) => return Err(error),
    };
    let result = if answer.taken { "已导入" } else { "仍被拒收" };
    let note = format!("再试拒收的文件“{}”：{result}", file.file_name);
    context.commit("aside_retry", None, |txn| Ok(txn.note(&note)?))?;
    if answer.taken {
        taking::try_again(context);
    }
    Ok(answer)
}

/// The county takes an entry in after all, for a reason.
pub(crate) fn adopt(context: &mut Context<'_>, request: AsideDecision) -> Result<AsideAnswer, AppError> {
    if request.kind == AsideKind::File {
        return Err(AppError::new(
            ErrorCode::NotPermitted,
            "整个文件不能这样采用，没有改动。请用“再试”，或让发送方重新导出",
        ));
    }
    let head = head(context, request.id)?;
    let answer =
        decide(context, |store, author, who| sync::aside::adopt(store, author, &head, (who, &request.reason)))?;
    context.forget_pack();
    Ok(answer.into())
}

/// Takes a row off the list, for a reason. What it is about stays kept.
pub(crate) fn leave(context: &mut Context<'_>, request: AsideDecision) -> Result<Empty, AppError> {
    let reason = request.reason.as_str();
    if request.kind == AsideKind::File {
        decide(context, |store, author, who| sync::aside::leave_file_out(store, author, request.id, (who, reason)))?;
    } else {
        let head = head(context, request.id)?;
        decide(context, |store, author, who| sync::aside::leave_out(store, author, &head, (who, reason)))?;
    }
    Ok(Empty {})
}

/// Runs a decision as the operator who is logged in.
fn decide<T>(
    context: &mut Context<'_>,
    decision: impl FnOnce(&mut mingbai_store::Store, &mingbai_store::Author<'_>, &str) -> Result<T, sync::SyncError>,
) -> Result<T, AppError> {
    let host = context.host;
    let random = |buffer: &mut [u8]| host.fill(buffer);
    let open = context.opened_mut()?;
    let actor = actor(open);
    let who = actor.name.clone();
    Ok(decision(&mut open.store, &author(host, Some(actor), &random), &who)?)
}
