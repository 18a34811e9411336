//! 交换记录: what went out, what came in, what was turned away and what somebody left out.

use mingbai_sync as sync;
use sync::keys;

use super::aside::sender_said;
use crate::dto::{Direction, ExchangeRow, OfficeKind, Tone};
use crate::error::AppError;
use crate::office::{Context, local_time};

/// Most rows of 交换记录.
const MOST: usize = 200;

/// 交换记录, the newest first, and whether there is older than what is listed.
pub(super) fn log(context: &Context<'_>) -> Result<(Vec<ExchangeRow>, bool), AppError> {
    const LOOK: u64 = MOST as u64 + 1;
    let store = &context.opened()?.store;
    let (reading, trust) = (store.read(), keys::trust(store)?);
    let mut rows: Vec<(u64, ExchangeRow)> = Vec::new();
    let county = context.profile()?.kind == OfficeKind::County;
    for record in reading.exports(LOOK)? {
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
    for record in reading.imports(LOOK)? {
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
    for record in reading.quarantined(LOOK)? {
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
                peer: sender_said(trust.as_ref(), &record),
                outcome,
                tone,
                file: record.file_name,
                ..ExchangeRow::default()
            },
        ));
    }
    for out in reading.left_out(LOOK)? {
        rows.push((
            out.at_millis,
            ExchangeRow {
                at: local_time(context.host, out.at_millis),
                direction: Direction::In,
                peer: out.device,
                entries: Some(1),
                outcome: format!("不采用第 {} 条：{}（{}）", out.head.seq, out.why, out.who),
                tone: Tone::Neutral,
                ..ExchangeRow::default()
            },
        ));
    }
    rows.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let older = rows.len() > MOST;
    Ok((rows.into_iter().take(MOST).map(|(_, row)| row).collect(), older))
}
