//! What was written for and waits on the desk: for an answer, or for the money after it.

use std::collections::HashSet;

use chrono::NaiveDate;
use mingbai_domain::RecordId;
use mingbai_domain::catalogue::{Record, Settlement};
use mingbai_store::query::BillFilter;
use mingbai_store::{Reading, TodoRow};

use crate::bill;
use crate::claim;
use crate::error::AppError;
use crate::todo::World;

/// Whose bills somebody has written for, and it is not decided yet.
pub(super) fn written_for(reading: Reading<'_>, world: &World) -> Result<HashSet<RecordId>, AppError> {
    let open = world.claims.bills.values().map(|row| &row.record);
    let open = open.filter(|claim| claim.state.as_deref() != Some(claim::CLOSED));
    let mut people = HashSet::new();
    for person in open.filter_map(|claim| claim.person) {
        people.insert(reading.canonical(person)?);
    }
    Ok(people)
}

/// Letters nobody has answered for too long, and answers nobody has acted upon, of whatever year the bills are.
pub(super) fn rows(reading: Reading<'_>, household: RecordId, world: &World) -> Result<Vec<TodoRow>, AppError> {
    let home = BillFilter { household: Some(household), replaced: true, ..BillFilter::default() };
    let judged = bill::judge(reading, &world.packs, &home)?;
    let left = claim::Left::of(&judged);
    let mut rows = Vec::new();
    for one in &judged {
        let (row, state) = claim::bill_standing(reading, &world.packs, &world.claims, &left, one)?;
        let Some(claim) = row.map(|row| &row.record) else { continue };
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let (item, detail) = match state {
            claim::Standing::In(claim::SENT) => {
                let late = |sent: NaiveDate| (world.today - sent).num_days() > claim::PATIENCE;
                let Some(sent) = claim.sent_on.filter(|sent| late(*sent)) else { continue };
                ("claim_late", format!("{sent} {}", text(&claim.paid_to)))
            }
            claim::Standing::In(claim::ANSWERED) => {
                ("claim_answered", format!("{}：{}", text(&claim.paid_to), text(&claim.answer)))
            }
            _ => continue,
        };
        rows.push(TodoRow {
            item,
            person: Some(one.line.person),
            record: Some((Settlement::TYPE.id, one.line.bill.id)),
            detail,
            due: claim.answered_on.or(claim.sent_on),
            amount: claim.amount.map(|amount| amount.0),
            severity: 4,
        });
    }
    Ok(rows)
}
