//! The exchange screen: what waits, what is confirmed, what is missing, what went out and came in.

use mingbai_sync as sync;
use sync::{Confirmed, DeviceKeys, keys};

use super::bundle::mail_to;
use super::township::townships;
use super::{listed, types};
use crate::dto::{Direction, Empty, ExchangeRow, ExchangeStatus, OfficeKind, Tone, WaitingRequest, WaitingRow};
use crate::error::AppError;
use crate::office::{Context, author, local_time};
use crate::session::actor;

/// How far the county has confirmed this PC's log.
pub(crate) fn confirmed(context: &Context<'_>) -> Result<Confirmed, AppError> {
    let reading = context.read()?;
    if context.profile()?.kind == OfficeKind::County {
        // The county confirms others; nobody confirms the county.
        return Ok(Confirmed::default());
    }
    Ok(sync::confirmed(reading)?)
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
        format!("缺：{device} 第 {}–{} 条，后面的先存着，等对方再发来", gap.from, gap.to)
    });
    let missing = missing.chain(refused(context)?).collect();
    let townships = if county { townships(context)? } else { Vec::new() };
    let (siblings, mail_to, waiting) = (siblings(context)?, mail_to(context)?, waiting(context)?);
    Ok(ExchangeStatus {
        enrolled: profile.enrolled,
        pending: confirmed.pending as i64,
        pending_by_type: by_type,
        confirmed_until: confirmed.until.map(|millis| local_time(context.host, millis)),
        confirmed_entries: confirmed.entries as i64,
        own_entries: confirmed.own as i64,
        recipient: profile.county_name,
        county_words: profile.county_words,
        siblings,
        mail_to,
        waiting,
        log: log(context)?,
        townships,
        conflicts: reading.conflict_count()? as i64,
        missing,
    })
}

/// What the county received from this PC and did not take in, and a slow clock as the county's last bundle proves it.
fn refused(context: &Context<'_>) -> Result<Vec<String>, AppError> {
    let reading = context.read()?;
    let mut lines = Vec::new();
    for word in sync::refused(reading)? {
        let entries = reading.entries_after(&word.entry.log, word.entry.seq.saturating_sub(1), 2)?;
        let what = match entries.iter().find(|stored| stored.hash == word.entry.hash) {
            Some(stored) => {
                let entry = stored.decode()?;
                let labels = sync::summary::by_type(std::iter::once(&entry)).into_iter().map(|count| count.label);
                let labels = labels.collect::<Vec<_>>().join("、");
                format!("（{} {labels}）", local_time(context.host, entry.hlc.millis()))
            }
            None => String::new(),
        };
        let state = if word.later { "县里收到、待县里升级后采用" } else { "县里收到、未采用" };
        lines.push(format!("{state}：本机第 {} 条{what}，原因：{}", word.entry.seq, word.reason));
    }
    let unheard = sync::devices::unheard(&context.opened()?.store)?;
    if unheard > 0 {
        lines.push(format!(
            "有 {unheard} 次保存是用县里已经忘记的旧密钥写的，县里收不到，本机还在：请告诉县里，并照登记本把这些内容再录一遍"
        ));
    }
    // A bundle travels for hours at the least; clocks that differ by less say nothing.
    const SLOW: i64 = 10 * 60 * 1000;
    if let Some(slow) = sync::held::county_offset(reading)?.filter(|millis| *millis > SLOW) {
        lines.push(format!("本机时钟比县里慢至少 {} 分钟，请核对电脑的日期和时间", slow / 60_000));
    }
    Ok(lines)
}

/// How many other PCs of this centre are known to have joined.
fn siblings(context: &Context<'_>) -> Result<i64, AppError> {
    let store = &context.opened()?.store;
    if context.profile()?.kind == OfficeKind::County {
        return Ok(0);
    }
    let (Some(trust), own) = (keys::trust(store)?, DeviceKeys::load(store)?.signing.public()) else { return Ok(0) };
    let area = trust.signer(own.id()).map(|own| own.area.clone()).unwrap_or_default();
    Ok(sync::held::devices(&trust, &area, &own).len() as i64)
}

/// Bundles of which some parts are here and others not, in words.
fn waiting(context: &Context<'_>) -> Result<Vec<WaitingRow>, AppError> {
    let waiting = sync::waiting(&context.opened()?.store)?;
    let line = |one: sync::WaitingBundle| {
        let missing = listed(&one.missing);
        let text = format!(
            "{} 第 {} 号共 {} 份，还缺第 {missing} 份，齐了再按任何一份导入",
            one.sender, one.number, one.parts
        );
        WaitingRow { id: one.id, text }
    };
    Ok(waiting.into_iter().map(line).collect())
}

/// Waits no longer for the rest of a bundle.
pub(crate) fn give_up(context: &mut Context<'_>, request: WaitingRequest) -> Result<Empty, AppError> {
    let host = context.host;
    let random = |buffer: &mut [u8]| host.fill(buffer);
    let open = context.opened_mut()?;
    let author = author(host, Some(actor(open)), &random);
    sync::parts::give_up(&mut open.store, &author, &request.id)?;
    Ok(Empty {})
}

/// 交换记录, newest first.
fn log(context: &Context<'_>) -> Result<Vec<ExchangeRow>, AppError> {
    const MOST: u64 = 200;
    let reading = context.read()?;
    let mut rows: Vec<(u64, ExchangeRow)> = Vec::new();
    let county = context.profile()?.kind == OfficeKind::County;
    for record in reading.exports(MOST)? {
        let mut parts = record.details.split('|');
        let number = parts.next().and_then(|n| n.parse().ok());
        let file = parts.nth(1).unwrap_or_default().to_owned();
        let (outcome, tone) = match (county, sync::export::is_confirmed(reading, &record)?) {
            _ if sync::export::is_unwritten(&record) => ("没有写成文件，请再导出一次", Tone::Missing),
            (true, _) => ("已写出", Tone::Neutral),
            (false, false) => ("等县里确认", Tone::Neutral),
            (false, true) => ("已确认", Tone::Done),
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
        let forks: u64 = record.details.split('|').nth(2).and_then(|n| n.parse().ok()).unwrap_or_default();
        let (outcome, tone) = if forks > 0 {
            ("同一编号有两种内容，两份都已保留", Tone::Soon)
        } else if counts.held > 0 {
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
        let (outcome, tone) = match &record.retired {
            Some((who, why)) if who.is_empty() => (format!("先拒收，后来{why}"), Tone::Done),
            Some((who, why)) => (format!("拒收，不采用：{why}（{who}）"), Tone::Neutral),
            None => (format!("拒收，已隔离保存：{}", record.reason), Tone::Missing),
        };
        rows.push((
            record.received_millis,
            ExchangeRow {
                at: local_time(context.host, record.received_millis),
                direction: Direction::In,
                peer: if record.sender.is_empty() { "身份不明".to_owned() } else { record.sender },
                outcome,
                tone,
                file: record.file_name,
                ..ExchangeRow::default()
            },
        ));
    }
    rows.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    Ok(rows.into_iter().map(|(_, row)| row).collect())
}
