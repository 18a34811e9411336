//! 明白卡: which households hold no current card.

use std::collections::HashMap;

use mingbai_domain::RecordId;
use mingbai_store::query::HouseholdFile;
use mingbai_store::{Reading, ShareRow, TodoRow, Worked};

use crate::card;
use crate::dto::Tone;
use crate::error::AppError;
use crate::todo::{Item, World};

pub(super) const ITEMS: [Item; 1] = [Item {
    key: "card_stale",
    label: "明白卡未发或要换",
    section: "明白卡",
    tone: Tone::Soon,
    unit: "户",
    definition: "没有发过卡，或发卡以后政策包更新、卡上的资料有变动、换了年度",
    on_desk: true,
    by_reason: true,
    reason: |line| line.detail.clone(),
    errand: Some(|line, _| match line.amount {
        Some(edition) => format!("明白卡是第{edition}版，{}，要换新卡", line.detail),
        None => "还没有发明白卡".to_owned(),
    }),
}];

/// The cards of these households beside what they show now.
pub(crate) fn of_cards(
    reading: Reading<'_>,
    files: &[HouseholdFile],
    world: &World,
    worked: &mut [Worked],
) -> Result<(), AppError> {
    let lived_in: Vec<RecordId> = files.iter().filter(|file| file.is_lived_in()).map(|file| file.id).collect();
    let places: HashMap<RecordId, usize> = files.iter().enumerate().map(|(place, file)| (file.id, place)).collect();
    for line in reading.cards_of(&lived_in)? {
        let why = card::stale(&line, world.packs.on(world.today), world.today);
        let Some(worked) = places.get(&line.household).and_then(|place| worked.get_mut(*place)) else { continue };
        worked.shares.push(ShareRow { indicator: "card", done: i64::from(why.is_none()), whole: 1, excluded: 0 });
        worked.rows.extend(why.map(|why| TodoRow {
            item: "card_stale",
            person: None,
            record: None,
            detail: why.to_owned(),
            due: line.issued_on,
            amount: line.card.map(|_| line.edition),
            severity: 9,
        }));
    }
    Ok(())
}
