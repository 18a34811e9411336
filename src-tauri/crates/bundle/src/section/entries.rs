//! Entries exactly as their author wrote them, and the dictionary that says which logs they belong to.

use mingbai_ledger::Genesis;
use mingbai_ledger::cbor::Writer;

use super::MAX_ROWS;
use crate::rejection::Rejection;
use crate::wire::{self, Fixed};

/// The genesis of every log with entries in this file; a section of entries names its log by place in this list.
pub(crate) fn encode_dictionary(logs: &[Genesis]) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.map(1).uint(1).array(logs.len());
    for genesis in logs {
        writer.bytes(&genesis.encode());
    }
    writer.finish()
}

pub(crate) fn decode_dictionary(body: &[u8]) -> Result<Vec<Genesis>, Rejection> {
    let mut logs = None;
    wire::fields(body, |key, d| {
        match key {
            1 => {
                logs = Some(wire::list(d, MAX_ROWS, |d| {
                    let genesis = Genesis::decode(d.bytes()?)?;
                    wire::within_count(genesis.certificate)?;
                    wire::within_count(genesis.continues.map_or(0, |head| head.seq))?;
                    Ok(genesis)
                })?);
            }
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    wire::required(logs)
}

/// `u32 log index | u32 n | n × (u32 length | entry bytes)`; `None` when a number does not fit.
pub(crate) fn encode_entries(log: usize, entries: &[Vec<u8>]) -> Option<Vec<u8>> {
    let total: usize = entries.iter().map(|entry| entry.len() + 4).sum();
    let mut body = Vec::with_capacity(total + 8);
    body.extend_from_slice(&u32::try_from(log).ok()?.to_be_bytes());
    body.extend_from_slice(&u32::try_from(entries.len()).ok()?.to_be_bytes());
    for entry in entries {
        body.extend_from_slice(&u32::try_from(entry.len()).ok()?.to_be_bytes());
        body.extend_from_slice(entry);
    }
    Some(body)
}

/// The log's place in the dictionary, and the entries in order, of which there is still `room` for so many. An entry takes
/// many times more memory than the five bytes it may have here, so its number is bounded and not only its bytes.
pub(crate) fn decode_entries(body: &[u8], room: usize) -> Result<(usize, Vec<&[u8]>), Rejection> {
    const FAULT: Rejection = Rejection::Malformed("记录段落");
    let mut at = Fixed::new(body);
    let log = usize::try_from(at.u32().ok_or(FAULT)?).map_err(|_| FAULT)?;
    let count = at.u32().ok_or(FAULT)?;
    if usize::try_from(count).map_or(true, |count| count > room) {
        return Err(Rejection::TooLarge("记录过多"));
    }
    let mut entries = Vec::new();
    for _ in 0..count {
        let length = usize::try_from(at.u32().ok_or(FAULT)?).map_err(|_| FAULT)?;
        if length == 0 {
            return Err(FAULT);
        }
        entries.push(at.slice(length).ok_or(FAULT)?);
    }
    if at.position() == body.len() { Ok((log, entries)) } else { Err(FAULT) }
}
