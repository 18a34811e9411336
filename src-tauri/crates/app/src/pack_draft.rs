//! A policy pack before it is in force: those that come with the program, and one from a file. The county looks at what it
//! says, and at what it leaves open, before every township computes by it.

use std::path::Path;

use mingbai_coverage::Pack as Rules;
use mingbai_domain::catalogue::Pack;

use crate::dto::{Empty, FileRequest, PackDraft, PackDraftList, PackSource};
use crate::error::{AppError, ErrorCode};
use crate::office::{Context, read_file};
use crate::policy::{is_withdrawn, status};

/// The packs that come with the program, described in `assets/packs/README.md`.
const SHIPPED: [&str; 8] = [
    include_str!("../../../../assets/packs/wulanchabu.toml"),
    include_str!("../../../../assets/packs/beijing.toml"),
    include_str!("../../../../assets/packs/jiamusi-2018.toml"),
    include_str!("../../../../assets/packs/changshun-2017.toml"),
    include_str!("../../../../assets/packs/nanchang-2025.toml"),
    include_str!("../../../../assets/packs/shangluo-2023.toml"),
    include_str!("../../../../assets/packs/anhui-351-180.toml"),
    include_str!("../../../../assets/packs/chongqing-2025.toml"),
];

/// No pack is a tenth of this; a larger file was chosen by mistake.
const LARGEST: u64 = 1 << 20;

pub(crate) fn shipped(context: &mut Context<'_>, _: Empty) -> Result<PackDraftList, AppError> {
    let held = held(context)?;
    let rows = SHIPPED.into_iter().map(|text| draft(text.to_owned(), &held)).collect::<Result<_, _>>()?;
    Ok(PackDraftList { rows })
}

pub(crate) fn read(context: &mut Context<'_>, request: FileRequest) -> Result<PackDraft, AppError> {
    let path = Path::new(&request.path);
    let refused =
        |why| AppError::new(ErrorCode::PackIncomplete, format!("{why}，没有任何改动。请选政策包文件（.toml）"));
    if std::fs::metadata(path).map_err(|error| AppError::file(path, &error))?.len() > LARGEST {
        return Err(refused("这个文件太大，不是政策包"));
    }
    let text = String::from_utf8(read_file(path)?).map_err(|_| refused("这个文件不是文字，不是政策包"))?;
    // Windows 记事本 writes a mark in front.
    let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
    draft(text, &held(context)?)
}

/// The text of every pack that counts.
fn held(context: &mut Context<'_>) -> Result<Vec<String>, AppError> {
    let held = context.read()?.all::<Pack>()?.into_iter().filter(|row| !is_withdrawn(&row.record));
    Ok(held.filter_map(|row| row.record.body).collect())
}

fn draft(toml: String, held: &[String]) -> Result<PackDraft, AppError> {
    let rules = Rules::parse(&toml)?;
    let sources = rules.sources.iter().map(|source| PackSource {
        title: source.title.clone(),
        document: source.document.clone(),
        status: source.status.label().to_owned(),
    });
    Ok(PackDraft {
        kept: held.contains(&toml),
        name: rules.name.clone(),
        version: rules.version.clone(),
        region: rules.region.clone(),
        effective_from: rules.from,
        effective_until: rules.until,
        status: status(&rules),
        notes: rules.notes.clone(),
        unofficial: rules.unofficial(),
        sources: sources.collect(),
        toml,
    })
}
