//! Bundles out: what is written where; and what any file is, read without keys. Taking them in is in [`super::taking`].

use std::path::{Path, PathBuf};

use mingbai_bundle::{EnrolmentRequest, inspect as inspect_bundle};
use mingbai_sync as sync;
use sync::SyncError;

use super::drives::read_chosen;
use super::{mail, types};
use crate::dto::{BundleInspection, ExportRequest, ExportView, FileRequest, InspectionLine, OfficeKind};
use crate::error::{AppError, ErrorCode};
use crate::office::{Context, author, read_file, write_file};
use crate::session::actor;

/// Where it is kept whom the last mail was addressed to.
const MAIL_TO: &str = "mail_to";

/// Whom the last mail was addressed to.
pub(super) fn mail_to(context: &Context<'_>) -> Result<String, AppError> {
    let kept = context.read()?.state(MAIL_TO)?.unwrap_or_default();
    Ok(String::from_utf8(kept).unwrap_or_default())
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
    let mail = request.mail == Some(true);
    let to = request.mail_to.as_deref().unwrap_or_default().trim();
    if mail && !to.is_empty() && !mail::is_address(to) {
        return Err(AppError::invalid("mail_to", "收件邮箱写得不对，请核对，或留空以后在邮箱里填"));
    }
    let most = request.most_bytes.and_then(|bytes| u64::try_from(bytes).ok());
    let most = if mail { most.map(mail::fitting) } else { most };
    let profile = context.profile()?.clone();
    let target = match (profile.kind, request.siblings, &request.area) {
        (OfficeKind::Township, Some(true), _) => sync::Target::Siblings,
        (OfficeKind::Township, _, _) => sync::Target::County,
        (OfficeKind::County, _, Some(area)) => sync::Target::Township(area),
        (OfficeKind::County, _, None) => return Err(AppError::invalid("area", "请选定要发给哪个乡镇")),
    };
    let host = context.host;
    let random = |buffer: &mut [u8]| host.fill(buffer);
    let open = context.opened_mut()?;
    let author = author(host, Some(actor(open)), &random);
    let written = sync::export(&mut open.store, &author, target, most)?;
    let bundle = written.bundle;
    if mail {
        open.store.set_state(MAIL_TO, to.as_bytes())?;
    }
    let (number, recipient) = (written.number, written.recipient.clone());
    let (entries, by_type) = (written.entries as i64, types(written.by_type.clone()));
    let mut files = written.into_files();
    if mail {
        let parts = files.len();
        for (at, file) in files.iter_mut().enumerate() {
            let (unit, part, now) = (profile.unit_name.as_str(), (at + 1, parts), host.now());
            let draft = mail::Draft { to, unit, recipient: &recipient, number, part, now };
            file.bytes = mail::draft(&draft, &file.name, &file.bytes)?;
            file.name = file.name.replace(".mbx", ".eml");
        }
    }
    let paths = write_all(&folder, &files).inspect_err(|_| {
        // What was to be told of is that the stick is full; that nothing was written stands in the list as far as it can.
        drop(context.opened_mut().map(|open| sync::export::note_unwritten(&mut open.store, &author, &bundle)));
    })?;
    Ok(ExportView {
        files: paths.iter().map(|path| path.display().to_string()).collect(),
        entries,
        by_type,
        bytes: files.iter().map(|file| file.bytes.len() as i64).sum(),
        number: number as i64,
        recipient,
    })
}

/// Writes all files of a bundle and reads each back; where one cannot be written none of them stays.
fn write_all(folder: &Path, files: &[sync::File]) -> Result<Vec<PathBuf>, AppError> {
    let paths: Vec<PathBuf> = files.iter().map(|file| folder.join(&file.name)).collect();
    // The name carries the bundle's own random id: a file of that name is somebody else's doing and stays as it is.
    if paths.iter().any(|path| path.symlink_metadata().is_ok()) {
        return Err(AppError::invalid("folder", "文件夹里已有同名文件，没有覆盖它。请换一个文件夹再导出"));
    }
    for (at, (path, file)) in paths.iter().zip(files).enumerate() {
        if let Err(error) = write_proven(path, &file.bytes) {
            paths.iter().take(at + 1).for_each(|written| drop(std::fs::remove_file(written)));
            return Err(error);
        }
    }
    Ok(paths)
}

/// Writes a file and compares what can be read of it afterwards: a bad stick must not pass for a good copy.
pub(super) fn write_proven(path: &Path, bytes: &[u8]) -> Result<(), AppError> {
    write_file(path, bytes)?;
    if read_file(path)? == bytes {
        return Ok(());
    }
    drop(std::fs::remove_file(path));
    let why = "写下的文件读回来不一样，这个U盘或磁盘可能坏了，数据没有变。请换一个再试";
    Err(AppError::new(ErrorCode::Storage, why))
}

pub(crate) fn inspect(_: &mut Context<'_>, request: FileRequest) -> Result<BundleInspection, AppError> {
    let path = Path::new(&request.path);
    let (bytes, is_mail) =
        (read_chosen(path, &[])?, path.extension().is_some_and(|end| end.eq_ignore_ascii_case("eml")));
    let bytes = mail::attached(is_mail, &bytes)?.map_or(bytes, |(_, inside)| inside);
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
            line("签名与加密", format!("{}，签名还没有核实", said(outer.suite))),
            line("发送方密钥", outer.sender.to_string()),
            line("收件方密钥", outer.recipients.iter().map(ToString::to_string).collect::<Vec<_>>().join("、")),
            line("文件大小", format!("{} 字节", outer.file_len)),
            line("解开后大小", format!("{} 字节", outer.plain_len)),
        ],
    })
}

/// What the algorithms of a file are called.
fn said(suite: mingbai_bundle::Suite) -> &'static str {
    match suite {
        mingbai_bundle::Suite::One => "通用算法",
        mingbai_bundle::Suite::Two => "国密算法",
    }
}
