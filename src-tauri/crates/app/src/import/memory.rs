//! What clerks of this PC said about files: columns by layout, labels by kind of file. Local, inside the encrypted file,
//! never sent anywhere.

use std::collections::BTreeMap;

use mingbai_sheets::{Mapping, Memory, Profile, Source};
use mingbai_store::Reading;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::vocabulary::Told;
use crate::error::{AppError, ErrorCode};

/// A label and the code that the clerk chose for it, by column.
pub(super) type Aliases = BTreeMap<String, BTreeMap<String, String>>;

#[derive(Debug, Serialize, Deserialize)]
struct KeptSource {
    labels: Vec<String>,
    columns: BTreeMap<String, Option<String>>,
}

fn sources_of(kind: &Profile) -> String {
    format!("mapping/{}/", kind.key)
}

/// Where the answers about a layout are kept: under its labels in order, so that columns may change places.
pub(super) fn source_key(kind: &Profile, source: &Source) -> String {
    let digest = Sha256::digest(source.labels.join("\n"));
    let name: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("{}{name}", sources_of(kind))
}

pub(super) fn aliases_key(kind: &Profile) -> String {
    format!("alias/{}", kind.key)
}

/// Everything said about a kind of file.
pub(super) fn recall(reading: Reading<'_>, kind: &Profile, vocabulary: &[Told]) -> Result<Memory, AppError> {
    let mut memory = Memory::default();
    for (_, bytes) in reading.states(&sources_of(kind))? {
        let kept: KeptSource = from_bytes(&bytes)?;
        memory.sources.push(Source { labels: kept.labels, mapping: Mapping { labels: kept.columns } });
    }
    for (column, said) in aliases(reading, kind)? {
        let Some(told) = vocabulary.iter().find(|told| told.column == column) else { continue };
        let choices: BTreeMap<String, String> =
            told.labels.choices().into_iter().map(|choice| (choice.code, choice.label)).collect();
        let read = said.into_iter().filter_map(|(label, code)| Some((label, choices.get(&code)?.clone())));
        memory.readings.insert(column, read.collect());
    }
    Ok(memory)
}

/// The codes chosen for labels of a kind of file.
pub(super) fn aliases(reading: Reading<'_>, kind: &Profile) -> Result<Aliases, AppError> {
    reading.state(&aliases_key(kind))?.map_or_else(|| Ok(Aliases::new()), |bytes| from_bytes(&bytes))
}

pub(super) fn source_bytes(source: Source) -> Result<Vec<u8>, AppError> {
    to_bytes(&KeptSource { labels: source.labels, columns: source.mapping.labels })
}

pub(super) fn to_bytes(kept: &impl Serialize) -> Result<Vec<u8>, AppError> {
    serde_json::to_vec(kept).map_err(|error| broken(&error))
}

pub(super) fn from_bytes<T: for<'d> Deserialize<'d>>(bytes: &[u8]) -> Result<T, AppError> {
    serde_json::from_slice(bytes).map_err(|error| broken(&error))
}

fn broken(error: &serde_json::Error) -> AppError {
    let said = "这台电脑记住的导入设置读写不了，登记数据没有变。请重新打开程序再试；仍不行请找县里";
    AppError::new(ErrorCode::Internal, said).detail(error.to_string())
}
