//! Everything that can be said of a pack's text without a register: what an editor asks at every pause in typing.

use mingbai_coverage::Pack as Rules;
use mingbai_coverage::pack::Source;

use super::fault::faults;
use super::outline::Outline;
use super::{digest, example, said, within_size};
use crate::dto::{Coded, PackCheck, PackCheckRequest};
use crate::error::AppError;
use crate::office::Context;

pub(crate) fn check(_: &mut Context<'_>, request: PackCheckRequest) -> Result<PackCheck, AppError> {
    within_size(&request.toml)?;
    look(&request.toml, &request.examples, request.against.as_deref())
}

/// The same for a text that is at hand.
pub(super) fn look(text: &str, examples: &str, against: Option<&str>) -> Result<PackCheck, AppError> {
    let outline = Outline::of(text);
    let mut found = PackCheck { digest: digest(text), faults: faults(text, outline.as_ref()), ..PackCheck::default() };
    let Some(outline) = outline else { return Ok(found) };
    if let Ok(rules) = Rules::parse(text) {
        if let Some(before) = against.and_then(|text| Rules::parse(text).ok()) {
            found.changes = said::changes(&before, &rules);
        }
        found.head = Some(said::head(&rules));
        found.sentences = said::sentences(&rules, &outline);
        found.examples = example::run_all(&rules, examples)?;
        found.payers = said::payers(&rules);
        let identities = rules.identities.iter();
        found.identities = identities.map(|one| Coded { code: one.key.clone(), label: one.label.clone() }).collect();
        found.unofficial = rules.unofficial();
        found.untraceable = rules.sources.iter().filter_map(untraceable).collect();
        found.missing = rules.not_covered().into_iter().map(str::to_owned).collect();
        found.notes = rules.notes;
    }
    found.numbers = outline.numbers;
    Ok(found)
}

/// A document of which nobody could find the very text again.
fn untraceable(source: &Source) -> Option<String> {
    let lacking = match (&source.url, &source.sha256) {
        (None, None) => "没有网址，也没有文本摘要",
        (Some(_), None) => "没有文本摘要（sha256）",
        (None, Some(_)) => "没有网址",
        (Some(_), Some(_)) => return None,
    };
    Some(format!("{} {}：{lacking}", source.key, source.document))
}
