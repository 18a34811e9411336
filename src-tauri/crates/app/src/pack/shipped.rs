//! The packs that come with the program, with their worked examples, and one from a file. The county looks at what a pack says,
//! and at what it leaves open, before every township computes by it.

use std::path::Path;

use mingbai_coverage::Pack as Rules;
use mingbai_domain::catalogue::Pack;
use serde_json::Value;

use super::{LONGEST, is_withdrawn, said};
use crate::dto::{Empty, FileRequest, PackOffer, PackOfferList, PackSource};
use crate::error::{AppError, ErrorCode};
use crate::office::{Context, read_file};

/// A file of `assets/packs` with its text.
macro_rules! assets {
    ($($name:literal)*) => { [$(($name, include_str!(concat!("../../../../../assets/packs/", $name))),)*] };
}

/// The packs, described in `assets/packs/README.md`.
const SHIPPED: &[(&str, &str)] = &assets! {
    "wulanchabu.toml"
    "beijing.toml"
    "jiamusi-2018.toml"
    "changshun-2017.toml"
    "nanchang-2025.toml"
    "shangluo-2023.toml"
    "anhui-351-180.toml"
    "chongqing-2025.toml"
};

/// A pack to fill in, every switch with a word about it.
const TEMPLATE: &str = include_str!("../../../../../assets/packs/template.toml");

/// Their worked examples.
const EXAMPLES: &[(&str, &str)] = &assets! {
    "examples/A1-anhui-351.json"
    "examples/B1-beijing-transfer-within-24h.json"
    "examples/B2-beijing-home-bed.json"
    "examples/B3-beijing-waiting-period.json"
    "examples/B4-beijing-over-new-year.json"
    "examples/B5-beijing-broken-insurance.json"
    "examples/E1-beijing-subsistence.json"
    "examples/E12-jiamusi-ordinary-level3.json"
    "examples/E12-jiamusi-registered-poor-level3.json"
    "examples/E12-jiamusi-registered-poor-township.json"
    "examples/E13-changshun-25000.json"
    "examples/E13-changshun-80000.json"
    "examples/E3-beijing-ordinary.json"
    "examples/E4-beijing-extreme-poverty.json"
    "examples/E6-beijing-illness-poverty.json"
    "examples/E8-wulanchabu-registered-poor.json"
    "examples/N1-nanchang-ordinary.json"
    "examples/N2-nanchang-subsistence.json"
    "examples/N3-nanchang-fourth-stay-at-72.json"
    "examples/S1-shangluo-level3.json"
    "examples/S2-shangluo-over-the-cap.json"
};

/// The examples of one shipped pack, as a list of case files; of a pack that is not shipped, none.
fn examples_of(file: &str) -> String {
    let cases = EXAMPLES.iter().filter_map(|(_, text)| serde_json::from_str::<Value>(text).ok());
    let own: Vec<Value> = cases.filter(|case| case.get("pack").and_then(Value::as_str) == Some(file)).collect();
    if own.is_empty() { String::new() } else { Value::Array(own).to_string() }
}

pub(crate) fn shipped(context: &mut Context<'_>, _: Empty) -> Result<PackOfferList, AppError> {
    let held = held(context)?;
    let rows = SHIPPED.iter().map(|(file, text)| offer((*text).to_owned(), examples_of(file), &held));
    Ok(PackOfferList { rows: rows.collect::<Result<_, _>>()?, template: TEMPLATE.to_owned() })
}

pub(crate) fn read(context: &mut Context<'_>, request: FileRequest) -> Result<PackOffer, AppError> {
    let path = Path::new(&request.path);
    let refused =
        |why| AppError::new(ErrorCode::PackIncomplete, format!("{why}，没有任何改动。请选政策包文件（.toml）"));
    if std::fs::metadata(path).map_err(|error| AppError::file(path, &error))?.len() > LONGEST as u64 {
        return Err(refused("这个文件太大，不是政策包"));
    }
    let text = String::from_utf8(read_file(path)?).map_err(|_| refused("这个文件不是文字，不是政策包"))?;
    // Windows 记事本 writes a mark in front.
    let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
    let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let own = SHIPPED.iter().any(|(name, shipped)| *name == file && *shipped == text);
    offer(text, if own { examples_of(&file) } else { String::new() }, &held(context)?)
}

/// The text of every pack that counts.
pub(super) fn held(context: &Context<'_>) -> Result<Vec<String>, AppError> {
    let held = context.read()?.all::<Pack>()?.into_iter().filter(|row| !is_withdrawn(&row.record));
    Ok(held.filter_map(|row| row.record.body).collect())
}

fn offer(toml: String, examples: String, held: &[String]) -> Result<PackOffer, AppError> {
    let rules = Rules::parse(&toml)?;
    let sources = rules.sources.iter().map(|source| PackSource {
        title: source.title.clone(),
        document: source.document.clone(),
        status: source.status.label().to_owned(),
    });
    Ok(PackOffer { head: said::head(&rules), kept: held.contains(&toml), sources: sources.collect(), examples, toml })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::{EXAMPLES, SHIPPED, examples_of};

    #[test]
    fn every_pack_and_example_of_the_assets_comes_with_the_program() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../assets/packs");
        let named = |below: &str, end: &str| -> BTreeSet<String> {
            let files = std::fs::read_dir(folder.join(below)).unwrap();
            let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
            names.filter(|name| name.ends_with(end)).map(|name| format!("{below}{name}")).collect()
        };
        let listed =
            |list: &[(&str, &str)]| -> BTreeSet<String> { list.iter().map(|(name, _)| (*name).to_owned()).collect() };
        let mut packs = named("", ".toml");
        assert!(packs.remove("template.toml"), "the template is offered by itself");
        assert_eq!(listed(SHIPPED), packs);
        assert_eq!(listed(EXAMPLES), named("examples/", ".json"));
        assert!(examples_of("beijing.toml").contains("因病致贫"), "an example goes with its pack");
    }
}
