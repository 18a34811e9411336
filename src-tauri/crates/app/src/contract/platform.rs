//! 录入平台: somebody entered these people's records; from now on they count as entered.

use std::collections::BTreeSet;

use super::Files;
use crate::dto::{PlatformMarkRequest, RecordBatchSaved, RecordSaveRequest};
use crate::error::{AppError, ErrorCode};
use crate::household::parse_id;
use crate::office::Context;
use crate::record;
use crate::todo::World;
use crate::todo::items::open_records;

pub(crate) fn mark(context: &mut Context<'_>, request: PlatformMarkRequest) -> Result<RecordBatchSaved, AppError> {
    let today = context.host.today();
    if request.on > today {
        return Err(AppError::invalid("on", "录入日期在今天以后，没有保存，请改日期"));
    }
    let packs = context.packs()?;
    let reading = context.read()?;
    let world = World::read(reading, today, packs)?;
    let people = request.people.iter().map(|id| parse_id(id)).collect::<Result<BTreeSet<_>, _>>()?;
    let files = Files::of_people(reading, &people)?;
    let mut wanted = Vec::new();
    for person in files.0.values().flat_map(|file| file.residents()).filter(|person| people.contains(&person.id)) {
        let records = open_records(person, &world).into_iter();
        let theirs = records.filter(|one| !one.done && one.table == request.table && one.platform == request.platform);
        wanted.extend(theirs.map(|one| {
            RecordSaveRequest {
                table: one.table.to_owned(),
                id: Some(one.id.to_string()),
                fields: [
                    ("platform".to_owned(), one.platform.to_owned()),
                    ("platform_on".to_owned(), request.on.to_string()),
                ]
                .into(),
                ..Default::default()
            }
        }));
    }
    if wanted.is_empty() {
        let message = "这些人在这个平台没有还没录入的记录，什么都没有改。请刷新名单再看";
        return Err(AppError::new(ErrorCode::NotFound, message));
    }
    let reason = format!("登记已录入{} {} 条", request.platform, wanted.len());
    record::save_all(context, &request.table, wanted, Some(reason))
}
