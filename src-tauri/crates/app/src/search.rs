//! One search box everywhere: name, pinyin initials, id number, telephone, village, household number.

use mingbai_domain::catalogue::{Household, Membership, Person, Village};
use mingbai_domain::{citizen_id, code};
use mingbai_store::{HitKind as Found, Row};

use crate::dto::{HitKind, SearchHit, SearchRequest, SearchView};
use crate::error::AppError;
use crate::office::Context;

/// Longest list a search gives.
const LONGEST: i64 = 200;

pub(crate) fn find(context: &mut Context<'_>, request: SearchRequest) -> Result<SearchView, AppError> {
    let text = request.text.trim();
    if text.is_empty() {
        return Ok(SearchView::default());
    }
    let limit = usize::try_from(request.limit.clamp(1, LONGEST)).unwrap_or(20);
    let reading = context.read()?;
    let found = reading.search(text, limit + 1)?;
    let more = found.len() > limit;
    let mut hits = Vec::new();
    for hit in found.into_iter().take(limit) {
        let matched = matched(hit.kind).to_owned();
        if let Some(village) =
            (hit.record_type == 15).then(|| reading.get::<Village>(hit.record)).transpose()?.flatten()
        {
            hits.push(SearchHit {
                kind: HitKind::Village,
                village: Some(hit.record.to_string()),
                title: village.record.name.unwrap_or_default(),
                detail: village.record.code.unwrap_or_default(),
                matched,
                ..SearchHit::default()
            });
        } else if let Some(person) =
            (hit.record_type == 2).then(|| reading.get::<Person>(hit.record)).transpose()?.flatten()
        {
            // The newest stay, an open one first: the same that the person's page shows.
            let memberships = reading.rows_where::<Membership>("person", &hit.record)?;
            let order = |m: &&Row<Membership>| (m.record.left_on.is_none(), m.record.left_on, m.record.joined_on, m.id);
            let open = memberships.iter().max_by_key(order);
            let household = open.and_then(|m| m.record.household);
            let relation = open.and_then(|m| m.record.relation.clone()).unwrap_or_default();
            let place = match household {
                Some(id) => place(context, id)?,
                None => String::new(),
            };
            hits.push(SearchHit {
                kind: HitKind::Person,
                household: household.map(|id| id.to_string()),
                person: Some(hit.record.to_string()),
                title: person.record.name.unwrap_or_default(),
                detail: format!(
                    "{place} · {} · {}",
                    code::label("relation", &relation),
                    citizen_id::mask(person.record.citizen_id.as_deref().unwrap_or_default())
                ),
                matched,
                ..SearchHit::default()
            });
        } else {
            hits.push(SearchHit {
                kind: HitKind::Household,
                household: Some(hit.record.to_string()),
                title: place(context, hit.record)?,
                matched,
                ..SearchHit::default()
            });
        }
    }
    Ok(SearchView { hits, more })
}

fn place(context: &Context<'_>, household: mingbai_domain::RecordId) -> Result<String, AppError> {
    let reading = context.read()?;
    let Some(row) = reading.get::<Household>(household)? else { return Ok(String::new()) };
    let village = row.record.village.map(|id| reading.get::<Village>(id)).transpose()?.flatten();
    let village = village.and_then(|v| v.record.name).unwrap_or_default();
    let group = row.record.village_group.unwrap_or_default();
    Ok(format!("{village}{group} {}", row.record.number.unwrap_or_default()))
}

fn matched(kind: Found) -> &'static str {
    match kind {
        Found::Name => "姓名",
        Found::Pinyin => "拼音",
        Found::CitizenId => "身份证号",
        Found::Phone => "电话",
        Found::Number => "编号",
        Found::Village => "村",
    }
}
