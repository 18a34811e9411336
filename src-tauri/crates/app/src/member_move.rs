//! Somebody who is on the register elsewhere moves into a household: their stay there ends and one begins here, as one
//! action. Both households keep what was.

use mingbai_domain::catalogue::{Household, Membership, Person};
use mingbai_domain::code;
use mingbai_store::Row;

use crate::dto::{MemberMoveRequest, MemberMoved};
use crate::error::{AppError, ErrorCode};
use crate::household::parse_id;
use crate::office::Context;
use crate::record::BATCH;

/// Why the stay elsewhere ended: 其他转出.
const LEFT: &str = "08";

pub(crate) fn run(context: &mut Context<'_>, request: MemberMoveRequest) -> Result<MemberMoved, AppError> {
    let today = context.host.today();
    let on = request.on.unwrap_or(today);
    let reading = context.read()?;
    let person = reading.canonical(parse_id(&request.person)?)?;
    let household = parse_id(&request.household)?;
    let who = reading.get::<Person>(person)?.ok_or_else(|| AppError::not_found("人"))?.record;
    let home = reading.get::<Household>(household)?.ok_or_else(|| AppError::not_found("户"))?.record;
    let relation = code::find("relation", &request.relation).map(|one| one.code);
    let relation = relation.or_else(|| code::resolve("relation", &request.relation)).unwrap_or_default().to_owned();
    if relation.is_empty() {
        return Err(AppError::invalid("relation", "请先选转入以后与户主的关系；还没有转入"));
    }
    if on > today {
        return Err(AppError::invalid("on", "转入日期在今天以后，没有转入，请核对"));
    }
    let refuse = |said: &str| Err(AppError::new(ErrorCode::Conflict, said));
    if who.died_on.is_some() || who.deleted == Some(true) {
        return refuse("这个人已登记死亡或删除，没有转入，资料没有变。请核对是不是同一个人");
    }
    if home.deleted == Some(true) {
        return refuse("这一户已经删除，没有转入，资料没有变");
    }
    let stays = reading.rows_where::<Membership>("person", &person)?.into_iter();
    let stays: Vec<Row<Membership>> = stays.filter(|row| row.record.left_on.is_none()).collect();
    if stays.iter().any(|stay| stay.record.household == Some(household)) {
        return refuse("这个人已经在这一户，没有再登记一次");
    }
    if stays.iter().any(|stay| stay.record.joined_on.is_some_and(|joined| joined > on)) {
        return Err(AppError::invalid("on", "转入日期早于在原来那一户的转入日期，没有转入，请核对"));
    }
    let numbers = stays.iter().filter_map(|stay| stay.record.household);
    let mut left = Vec::new();
    let mut from = Vec::new();
    for id in numbers {
        left.push(id.to_string());
        from.extend(reading.get::<Household>(id)?.and_then(|row| row.record.number));
    }
    let name = who.name.unwrap_or_default();
    let to = home.number.unwrap_or_default();
    let typed = request.reason.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let why = typed.map_or_else(|| format!("{name} {} 转入 {to}", from.join("、")), str::to_owned);
    let committed = context.commit(&format!("{BATCH}move"), Some(&why), |txn| {
        for stay in stays {
            let ended = Membership { left_on: Some(on), left_reason: Some(LEFT.to_owned()), ..stay.record };
            txn.update(stay.id, &ended)?;
        }
        let here = Membership {
            household: Some(household),
            person: Some(person),
            relation: Some(relation),
            joined_on: Some(on),
            ..Membership::default()
        };
        txn.insert(None, &here)?;
        Ok::<_, AppError>(())
    })?;
    Ok(MemberMoved { left, entry: committed.entry.map(|written| written.entry.0) })
}
