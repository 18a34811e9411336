//! How each township stands at the county: last contact, what is confirmed, held, missing, not taken in, in conflict; and
//! whether its tables are the same as ours.

use std::collections::BTreeMap;

use mingbai_bundle::{Certificate, TrustStore};
use mingbai_store::Reading;
use mingbai_sync as sync;
use sync::compare::{Compared, Uneven};
use sync::scope::Scope;
use sync::{DeviceKeys, keys};

use super::aside::sender;
use crate::dto::{ComparedPc, ComparedRow, Tone, TownshipCompared, TownshipRequest, TownshipRow};
use crate::error::AppError;
use crate::office::{Context, author, local_time};
use crate::session::actor;

pub(super) fn townships(context: &Context<'_>) -> Result<Vec<TownshipRow>, AppError> {
    let open = context.opened()?;
    let reading = open.store.read();
    let Some(trust) = keys::trust(&open.store)? else { return Ok(Vec::new()) };
    let own = DeviceKeys::load(&open.store)?.signing.public();
    let imports = reading.imports(10_000)?;
    let (gaps, logs) = (reading.gaps()?, reading.logs()?);
    let mut rows: BTreeMap<String, TownshipRow> = BTreeMap::new();
    for certificate in trust.certificates().filter(|c| c.signing != own) {
        let row = rows.entry(certificate.area.clone()).or_insert_with(|| TownshipRow {
            area: certificate.area.clone(),
            name: certificate.unit.clone(),
            ..TownshipRow::default()
        });
        row.devices += i64::from(trust.revocation(certificate.serial).is_none());
        for log in logs.iter().filter(|log| !log.own) {
            let from = log.genesis.as_ref().and_then(|genesis| trust.certificate_of_log(genesis));
            if from.is_some_and(|c| c.serial == certificate.serial) {
                row.received += log.head.seq as i64;
                let acked = reading.acked(&log.id, sync::summary::APPLIED)?.map_or(0, |head| head.seq);
                row.confirmed += acked as i64;
                row.held += reading.waiting(&log.id)? as i64;
                row.aside += reading.aside_count(Some(&log.id))? as i64;
                row.missing += gaps.iter().filter(|g| g.log == log.id).map(|g| (g.to - g.from + 1) as i64).sum::<i64>();
            }
        }
    }
    for file in reading.rejected()? {
        if let Some(row) = sender(&trust, &file).and_then(|pc| rows.get_mut(&pc.area)) {
            row.rejected += 1;
        }
    }
    for bundle in sync::waiting(&open.store)? {
        if let Some(row) = rows.get_mut(&bundle.area) {
            row.waiting += 1;
        }
    }
    for row in rows.values_mut() {
        let last = imports.iter().find(|i| i.details.split('|').nth(1) == Some(&row.area));
        row.last_contact = last.map(|record| local_time(context.host, record.received_millis));
        let [a, b, c, d, e, f] = reading.population(Some(&row.area))?;
        (row.households, row.people) = (a + c + e, b + d + f);
        row.compared = compared(context, reading, &trust, &row.area)?;
    }
    for (kind, record, _) in reading.conflict_places()? {
        let scope = sync::scope::of(reading, kind, record)?;
        rows.values_mut().filter(|row| scope.touches(&row.area)).for_each(|row| row.conflicts += 1);
    }
    for doubt in reading.duplicates()? {
        let (kind, one) = doubt.record;
        let mut areas = Vec::new();
        for person in std::iter::once(one).chain(doubt.other) {
            if let Scope::Areas(codes) = sync::scope::of(reading, kind, person)? {
                areas.extend(codes);
            }
        }
        for row in rows.values_mut() {
            row.duplicates += i64::from(areas.iter().any(|code| code.starts_with(&row.area)));
        }
    }
    Ok(rows.into_values().collect())
}

/// The PCs of a township that count.
fn pcs<'t>(trust: &'t TrustStore, area: &str) -> impl Iterator<Item = &'t Certificate> {
    trust.certificates().filter(move |pc| pc.area == area && trust.revocation(pc.serial).is_none())
}

/// Compares what each PC of a township said of its tables in its last bundle with what they must be.
pub(crate) fn compare(context: &mut Context<'_>, request: TownshipRequest) -> Result<TownshipCompared, AppError> {
    let host = context.host;
    let random = |buffer: &mut [u8]| host.fill(buffer);
    let open = context.opened_mut()?;
    let author = author(host, Some(actor(open)), &random);
    let trust = keys::known_trust(&open.store)?;
    let mut rows = Vec::new();
    for pc in pcs(&trust, &request.area) {
        let compared = sync::compare::check(&mut open.store, &author, pc)?;
        let (device, said) = (pc.device.clone(), briefly(&compared).to_owned());
        rows.push(ComparedPc { device, said, detail: in_full(&compared), tone: tone(&compared) });
    }
    if rows.is_empty() {
        return Err(AppError::not_found("乡镇"));
    }
    Ok(TownshipCompared { pcs: rows })
}

/// What the last comparison of a township's PCs said: the gravest of them, at the time of the oldest.
fn compared(
    context: &Context<'_>,
    reading: Reading<'_>,
    trust: &TrustStore,
    area: &str,
) -> Result<Option<ComparedRow>, AppError> {
    let mut found: Vec<(u64, Compared)> = Vec::new();
    for pc in pcs(trust, area) {
        match sync::compare::checked(reading, pc)? {
            Some(checked) => found.push(checked),
            None => return Ok(None),
        }
    }
    let Some(at) = found.iter().map(|(at, _)| *at).min() else { return Ok(None) };
    let at = local_time(context.host, at);
    let gravest = found.iter().map(|(_, compared)| compared).max_by_key(|compared| weight(compared));
    Ok(gravest.map(|compared| ComparedRow { at, said: briefly(compared).to_owned(), tone: tone(compared) }))
}

fn weight(compared: &Compared) -> u8 {
    match compared {
        Compared::Agrees => 0,
        Compared::Nothing | Compared::Later | Compared::Unlike => 1,
        Compared::Differs(_) => 2,
    }
}

fn tone(compared: &Compared) -> Tone {
    match compared {
        Compared::Agrees => Tone::Done,
        Compared::Nothing | Compared::Later | Compared::Unlike => Tone::Soon,
        Compared::Differs(_) => Tone::Missing,
    }
}

fn briefly(compared: &Compared) -> &'static str {
    match compared {
        Compared::Agrees => "两边一致",
        Compared::Differs(_) => "两边不一致",
        Compared::Nothing | Compared::Later | Compared::Unlike => "暂时不能核对",
    }
}

/// What a comparison gave, in plain words, and what to do.
fn in_full(compared: &Compared) -> String {
    match compared {
        Compared::Agrees => String::new(),
        Compared::Differs(uneven) => {
            let line = |one: &Uneven| format!("{}对方 {} 条、本机 {} 条", one.label(), one.theirs, one.ours);
            let lines: Vec<String> = uneven.iter().map(line).collect();
            let what = if lines.is_empty() { "条数相同、内容有出入".to_owned() } else { lines.join("；") };
            format!(
                "{what}。请在本机和该乡镇各到“系统 › 核对与备份”点一次“开始核对”，有不一致就点“从保存的记录重新算一遍”，再请它导出一次"
            )
        }
        Compared::Nothing => "它还没有来过可以核对的数据包".to_owned(),
        Compared::Later => "它的数据包提到的内容还没有全部收到，等它下一个数据包".to_owned(),
        Compared::Unlike => "它用的是另一个版本，或者有内容没有采用。先处理未采用的，再请它导出一次".to_owned(),
    }
}
