//! One search box everywhere: name, pinyin initials, id number, telephone, village, household number.

use mingbai_domain::catalogue::{Household, Membership, Person, Village};
use mingbai_domain::{RecordId, citizen_id, code};
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
            let home = home(context, hit.record)?;
            hits.push(SearchHit {
                kind: HitKind::Person,
                household: home.household.map(|id| id.to_string()),
                person: Some(hit.record.to_string()),
                title: person.record.name.unwrap_or_default(),
                detail: format!(
                    "{} · {} · {}",
                    home.place,
                    code::label("relation", &home.relation),
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

/// Where somebody lives.
pub(crate) struct Home {
    /// Their household.
    pub(crate) household: Option<RecordId>,
    /// What they are to its head, as a code.
    pub(crate) relation: String,
    /// Village, group and household number.
    pub(crate) place: String,
}

/// The newest stay of a person, an open one first: the same that the person's page shows.
pub(crate) fn home(context: &Context<'_>, person: RecordId) -> Result<Home, AppError> {
    let memberships = context.read()?.rows_where::<Membership>("person", &person)?;
    let order = |m: &Row<Membership>| (m.record.left_on.is_none(), m.record.left_on, m.record.joined_on, m.id);
    let stay = memberships.into_iter().max_by_key(order);
    let household = stay.as_ref().and_then(|m| m.record.household);
    Ok(Home {
        household,
        relation: stay.and_then(|m| m.record.relation).unwrap_or_default(),
        place: household.map(|id| place(context, id)).transpose()?.unwrap_or_default(),
    })
}

fn place(context: &Context<'_>, household: RecordId) -> Result<String, AppError> {
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
