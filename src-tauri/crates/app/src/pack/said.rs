//! What a pack says in sentences, and what two packs say differently.

use mingbai_coverage::Pack as Rules;
use mingbai_coverage::pack::Status;

use super::outline::Outline;
use crate::dto::{PackChange, PackHead, PackNumber, PackSentence};

pub(super) fn head(rules: &Rules, numbers: &[PackNumber]) -> PackHead {
    let with = |status: Status| numbers.iter().filter(|number| number.status == status.label()).count() as i64;
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
        reviewers: rules.reviewers.iter().flatten().cloned().collect(),
    }
}

/// The rules in words, payer by payer, each with its article and the line of its payer.
pub(super) fn sentences(rules: &Rules, outline: &Outline) -> Vec<PackSentence> {
    let line = |payer: &str| outline.payer_line(payer).and_then(|line| i64::try_from(line).ok());
    let lines = rules.benefit_lines(&[]).into_iter().map(|said| PackSentence {
        line: line(&said.payer),
        text: format!("{}：{}", said.title, said.text),
        article: said.article(),
        payer: said.payer,
    });
    lines.collect()
}

/// What changed from one text to the other, number by number, each with the article it rests on.
pub(super) fn changes(before: &Outline, after: &Outline) -> Vec<PackChange> {
    let mut old: Vec<Option<&PackNumber>> = before.numbers.iter().map(Some).collect();
    let mut found = Vec::new();
    for number in &after.numbers {
        let same = |old: &&mut Option<&PackNumber>| {
            old.is_some_and(|old| old.part == number.part && old.place == number.place)
        };
        let was = old.iter_mut().find(same).and_then(Option::take);
        if was.is_some_and(|was| was.value == number.value && was.article == number.article) {
            continue;
        }
        found.push(PackChange {
            part: number.part.clone(),
            place: number.place.clone(),
            before: was.map(|was| was.value.clone()).unwrap_or_default(),
            after: number.value.clone(),
            article_before: was.map(|was| was.article.clone()).unwrap_or_default(),
            article_after: number.article.clone(),
        });
    }
    found.extend(old.into_iter().flatten().map(|gone| PackChange {
        part: gone.part.clone(),
        place: gone.place.clone(),
        before: gone.value.clone(),
        after: String::new(),
        article_before: gone.article.clone(),
        article_after: String::new(),
    }));
    found
}
