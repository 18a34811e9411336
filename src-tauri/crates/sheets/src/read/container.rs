//! A look into the container before the real reader opens it: what it holds, how large it will become.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::{Limits, too_many_bytes, too_many_cells};
use crate::error::SheetError;

/// No workbook has more parts than this.
const MOST_PARTS: usize = 10_000;

/// Refuses a zip that is no .xlsx, that is damaged or encrypted, or that declares more content than the bounds allow.
/// The reader stops at the declared size of each part, so the declaration cannot be exceeded by lying.
pub(super) fn check_zip(bytes: &[u8], name: &str, limits: Limits) -> Result<(), SheetError> {
    let damaged = || SheetError::Damaged { name: name.to_owned() };
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    if archive.len() > MOST_PARTS {
        return Err(too_many_bytes(name, limits));
    }
    let mut total = 0_u64;
    let mut kind = Kind::Other;
    for index in 0..archive.len() {
        let part = archive.by_index_raw(index).map_err(|_| damaged())?;
        if part.encrypted() {
            return Err(SheetError::Encrypted { name: name.to_owned() });
        }
        total = total.saturating_add(part.size());
        if total > limits.bytes {
            return Err(too_many_bytes(name, limits));
        }
        kind = kind.or(&String::from_utf8_lossy(part.name_raw()).replace('\\', "/").to_ascii_lowercase());
    }
    let found = match kind {
        Kind::Xlsx => return check_string_count(&mut archive, name, limits),
        Kind::Xlsb => "二进制工作簿.xlsb",
        Kind::Ods => "OpenDocument表格",
        Kind::Word => "Word文档",
        Kind::Slides => "演示文稿",
        Kind::Other => "普通压缩包",
    };
    Err(SheetError::NotASpreadsheet { name: name.to_owned(), found })
}

/// The table of shared strings says how many it holds, and the reader makes room for as many: a false number must not
/// pass. Each string takes at least `<si/>`.
fn check_string_count(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str, limits: Limits) -> Result<(), SheetError> {
    let wanted = (0..archive.len()).find(|&index| {
        archive.by_index_raw(index).is_ok_and(|part| {
            String::from_utf8_lossy(part.name_raw()).to_ascii_lowercase().ends_with("sharedstrings.xml")
        })
    });
    let Some(index) = wanted else { return Ok(()) };
    let damaged = |_| SheetError::Damaged { name: name.to_owned() };
    let part = archive.by_index(index).map_err(damaged)?;
    let most = part.size() / 5;
    let mut head = Vec::new();
    part.take(4096).read_to_end(&mut head).map_err(|_| SheetError::Damaged { name: name.to_owned() })?;
    let head = String::from_utf8_lossy(&head);
    let declared = head.split_once("uniqueCount=").map(|(_, rest)| {
        rest.trim_start_matches(['"', '\'']).chars().take_while(char::is_ascii_digit).collect::<String>()
    });
    match declared {
        Some(digits) if !digits.is_empty() && digits.parse::<u64>().map_or(true, |count| count > most) => {
            Err(too_many_cells(name, limits))
        }
        _ => Ok(()),
    }
}

/// What the parts of a zip say it is.
#[derive(Clone, Copy)]
enum Kind {
    Other,
    Xlsx,
    Xlsb,
    Ods,
    Word,
    Slides,
}

impl Kind {
    fn or(self, part: &str) -> Self {
        match part {
            "xl/workbook.xml" => Self::Xlsx,
            "xl/workbook.bin" => Self::Xlsb,
            "word/document.xml" => Self::Word,
            "ppt/presentation.xml" => Self::Slides,
            "content.xml" => Self::Ods,
            // Some exporters name the workbook part differently and point to it from the relations.
            _ if part.starts_with("xl/worksheets/") && part.ends_with(".xml") && matches!(self, Self::Other) => {
                Self::Xlsx
            }
            _ => self,
        }
    }
}

/// Refuses a compound file (the old Office container) that is an encrypted workbook or not a workbook.
pub(super) fn check_compound(bytes: &[u8], name: &str) -> Result<(), SheetError> {
    let holds = |stream: &str| {
        let wanted: Vec<u8> = stream.encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes.windows(wanted.len()).any(|window| window == wanted)
    };
    if holds("EncryptedPackage") || holds("EncryptionInfo") {
        return Err(SheetError::Encrypted { name: name.to_owned() });
    }
    if holds("Workbook") || holds("Book") {
        return Ok(());
    }
    let found = if holds("WordDocument") { "Word文档" } else { "其他程序的文件" };
    Err(SheetError::NotASpreadsheet { name: name.to_owned(), found })
}
