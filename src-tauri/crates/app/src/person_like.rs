//! The same person elsewhere, said while somebody is typed in: nobody is registered twice by a slip of the finger.

use std::collections::BTreeSet;

use mingbai_domain::catalogue::Person;
use mingbai_domain::{CitizenId, citizen_id, code, name};
use mingbai_store::Row;

use crate::dto::{LikeList, LikeRequest, LikeRow};
use crate::error::AppError;
use crate::household::parse_id_maybe;
use crate::office::Context;
use crate::search;

/// People who are or may be the same as whoever is typed in: those of the same citizen id, or, while there is none, those
/// of the same name born on the same day. Somebody of whom no id is on file may have the one that is typed.
pub(crate) fn find(context: &mut Context<'_>, request: LikeRequest) -> Result<LikeList, AppError> {
    let reading = context.read()?;
    let own = parse_id_maybe(request.person.as_ref())?.map(|id| reading.canonical(id)).transpose()?;
    let typed = CitizenId::parse(&request.citizen_id).ok();
    let mut found: Vec<Row<Person>> = Vec::new();
    if let Some(id) = &typed {
        found = reading.rows_where("citizen_id", &id.as_str().to_owned())?;
    }
    let birth = typed.as_ref().map(CitizenId::birth).or(request.birth);
    if let (Some(birth), named) = (birth, name::normalise(&request.name))
        && !named.is_empty()
    {
        let mut alike: Vec<Row<Person>> = reading.rows_where("name", &named)?;
        let unknown = |row: &Row<Person>| row.record.citizen_id.as_deref().unwrap_or_default().is_empty();
        alike.retain(|row| row.record.birth == Some(birth) && (typed.is_none() || unknown(row)));
        found.extend(alike);
    }
    let (mut rows, mut seen) = (Vec::new(), BTreeSet::from_iter(own));
    for row in found {
        let person = reading.canonical(row.id)?;
        if !seen.insert(person) {
            continue;
        }
        let home = search::home(context, person)?;
        let same_id = typed.as_ref().is_some_and(|id| row.record.citizen_id.as_deref() == Some(id.as_str()));
        rows.push(LikeRow {
            person: person.to_string(),
            household: home.household.map(|id| id.to_string()),
            name: row.record.name.unwrap_or_default(),
            relation: code::label("relation", &home.relation).to_owned(),
            place: home.place,
            citizen_id: citizen_id::mask(row.record.citizen_id.as_deref().unwrap_or_default()),
            same_id,
        });
    }
    Ok(LikeList { rows })
}
