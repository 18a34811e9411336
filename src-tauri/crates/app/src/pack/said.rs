//! What a pack says in sentences, each at its line, and what two packs say differently.

use std::collections::HashMap;

use mingbai_coverage::Pack as Rules;
use mingbai_coverage::pack::{Change, Status};

use super::outline::Outline;
use crate::dto::{Coded, PackChange, PackHead, PackSentence};

pub(super) fn head(rules: &Rules) -> PackHead {
    let numbers = rules.numbers();
    let with = |status: Status| numbers.iter().filter(|number| number.citation.status == status).count() as i64;
    PackHead {
        name: rules.name.clone(),
        version: rules.version.clone(),
        region: rules.region.clone(),
        effective_from: rules.from,
        effective_until: rules.until,
        official: with(Status::Official),
        quoted: with(Status::Quoted),
        unverified: with(Status::Unverified),
        status: crate::policy::status(rules),
        partial: rules.is_partial(),
        reviewers: rules.reviewers.iter().flatten().cloned().collect(),
    }
}

/// The rules in words, part by part, each with its article and the line that says so.
pub(super) fn sentences(rules: &Rules, outline: &Outline) -> Vec<PackSentence> {
    let mut met: HashMap<(String, &str), usize> = HashMap::new();
    let statements = rules.statements().into_iter().map(|said| {
        let nth = met.entry((said.part.clone(), said.switch)).or_default();
        let line = outline.switch_line(&said.part, said.switch, *nth);
        *nth += 1;
        PackSentence {
            text: said.sentence(),
            article: said.citation.text(),
            official: said.citation.status == Status::Official,
            line: line.and_then(|line| i64::try_from(line).ok()),
            part: said.place,
        }
    });
    statements.collect()
}

/// The payers in their order, by the key that examples name them with.
pub(super) fn payers(rules: &Rules) -> Vec<Coded> {
    let mut found: Vec<Coded> = Vec::new();
    for said in rules.statements() {
        let Some(key) = said.part.strip_prefix("payer.") else { continue };
        if found.last().is_none_or(|last| last.code != key) {
            found.push(Coded { code: key.to_owned(), label: said.place });
        }
    }
    found
}

/// What changed from one pack to the other, rule by rule, each with the article it rests on.
pub(super) fn changes(before: &Rules, after: &Rules) -> Vec<PackChange> {
    let told = |change: Change| PackChange {
        part: change.place,
        place: [change.label, change.when.as_str()]
            .into_iter()
            .filter(|said| !said.is_empty())
            .collect::<Vec<_>>()
            .join("："),
        before: change.old.unwrap_or_default(),
        after: change.new.unwrap_or_default(),
        article_before: change.old_article,
        article_after: change.new_article,
    };
    after.difference(before).into_iter().map(told).collect()
}
