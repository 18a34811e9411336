//! Reading the register: the questions the screens, imports, cards and tables ask. Every function answers from the
//! projection and works inside a transaction as well as outside.

mod beyond;
mod bill_sums;
mod bills;
mod cards;
mod cells;
pub(crate) mod dependents;
mod files;
mod homes;
mod households;
mod list;
mod log;
mod narrow;
mod neighbours;
#[cfg(test)]
mod plans;
mod report;
mod residents;
mod review;
mod sorted;
mod todo;

pub use beyond::{Beyond, Elsewhere};
pub use bill_sums::BillSums;
pub use bills::{BillFilter, BillLine, counting, year_ends};
pub use cards::CardLine;
pub use cells::TodoCell;
pub use files::{HouseholdFile, PersonFile};
pub use homes::Home;
pub use households::{HouseholdFilter, HouseholdLine, VillageLine};
pub use log::OwnAction;
pub use narrow::{AWAY, Narrow, Narrowed};
pub use report::DiseaseLine;
pub use residents::Resident;
pub use review::{Doubt, DoubtKind, MergedPair};
pub use sorted::HouseholdColumn;
pub use todo::{ShareSum, TodoCount, TodoLine};

use chrono::NaiveDate;
use mingbai_domain::RecordId;
use rusqlite::Row as SqlRow;

/// Everybody on the register today: open membership, alive, neither person nor household deleted.
const RESIDENT: &str = "resident as (
    select p.id as person, p.name, p.sex, p.birth, p.citizen_id, p.health,
           coalesce(p.phone, h.phone) as phone, m.household, m.relation,
           h.number, h.village, h.village_group, v.name as village_name, v.code as village_code,
           (select hp.name from membership hm join person hp on hp.id = hm.person
             where hm.household = h.id and hm.relation = '02' and hm.left_on is null and coalesce(hp.deleted, 0) = 0
             order by hp.died_on is not null, hm.id limit 1) as head
      from membership m
      join person p on p.id = m.person
      join household h on h.id = m.household
      left join village v on v.id = h.village
     where m.left_on is null and coalesce(p.deleted, 0) = 0 and p.died_on is null and coalesce(h.deleted, 0) = 0
       and p.id not in (select loser from live_alias))";

/// How many live in the household `h` today: the condition of [`RESIDENT`], so that every count of people agrees.
/// A household nobody lives in counts as no household.
const PEOPLE: &str = "(select count(*) from membership lm join person lp on lp.id = lm.person
     where lm.household = h.id and lm.left_on is null and coalesce(lp.deleted, 0) = 0 and lp.died_on is null
       and lp.id not in (select loser from live_alias))";

/// Name of the head of the household `h`, a living one first.
const HEAD: &str = "(select hp.name from membership hm join person hp on hp.id = hm.person
     where hm.household = h.id and hm.relation = '02' and hm.left_on is null and coalesce(hp.deleted, 0) = 0
     order by hp.died_on is not null, hm.id limit 1)";

/// The one stay that a person `p` belongs to now: the newest, an open one first, so that somebody with two open stays
/// counts once and somebody who moved out is still found.
const NEWEST_STAY: &str = "(select nm.id from membership nm where nm.person = p.id
     order by nm.left_on is not null, nm.left_on desc, nm.joined_on desc, nm.id desc limit 1)";

/// The newest status of a household among some that is not deleted.
fn newest_status(household: &str, among: &str) -> String {
    format!(
        "(select s.status from household_status s where s.household = {household} and coalesce(s.deleted, 0) = 0
           and s.status {among} order by s.since desc, s.id desc limit 1)"
    )
}

/// 脱贫属性 of a household, as `mingbai_domain::poverty` tells it from its statuses.
fn poverty(household: &str) -> String {
    let said = newest_status(household, "in ('not_lifted', 'pre_lifted', 'lifted', 'returned')");
    let unstable = newest_status(household, "= 'unstable'");
    format!("coalesce({said}, case when {unstable} is not null then 'lifted' end)")
}

/// 监测属性 of a household.
fn monitored(household: &str) -> String {
    newest_status(household, "not in ('not_lifted', 'pre_lifted', 'lifted', 'returned')")
}

/// The status of a household that a list has room for.
fn shown_status(household: &str) -> String {
    let (poverty, monitored) = (poverty(household), monitored(household));
    format!("coalesce(nullif({monitored}, 'cleared'), {poverty}, {monitored})")
}

/// Statuses that count as 未脱贫 in the control totals.
const NOT_LIFTED: &str = "('not_lifted', 'pre_lifted', 'returned')";

/// Whether a fact's person is this one, or somebody who was found to be this one: their facts keep their own person and are
/// read through the merge.
fn whose(column: &str, person: &str) -> String {
    format!("({column} = {person} or {column} in (select id from same_person where root = {person}))")
}

/// Who stands for the person of a fact.
fn root(column: &str) -> String {
    format!("coalesce((select root from same_person where id = {column}), {column})")
}

fn id(row: &SqlRow<'_>, column: usize) -> rusqlite::Result<RecordId> {
    row.get::<_, [u8; 16]>(column).map(RecordId::from_bytes)
}

fn id_maybe(row: &SqlRow<'_>, column: usize) -> rusqlite::Result<Option<RecordId>> {
    Ok(row.get::<_, Option<[u8; 16]>>(column)?.map(RecordId::from_bytes))
}

/// A blob that stands for an id or, empty, for none.
fn id_or_none(row: &SqlRow<'_>, column: usize) -> rusqlite::Result<Option<RecordId>> {
    let bytes: Vec<u8> = row.get(column)?;
    Ok(<[u8; 16]>::try_from(bytes).ok().map(RecordId::from_bytes))
}

fn text(row: &SqlRow<'_>, column: usize) -> rusqlite::Result<String> {
    Ok(row.get::<_, Option<String>>(column)?.unwrap_or_default())
}

/// A stored ISO date; text that is none reads as nothing, as the projection only stores what the catalogue admits.
fn date(row: &SqlRow<'_>, column: usize) -> rusqlite::Result<Option<NaiveDate>> {
    let text: Option<String> = row.get(column)?;
    Ok(text.and_then(|t| NaiveDate::parse_from_str(&t, "%Y-%m-%d").ok()))
}

pub(crate) fn iso(day: NaiveDate) -> String {
    day.format("%Y-%m-%d").to_string()
}

fn blob(id: Option<RecordId>) -> Option<[u8; 16]> {
    id.map(|id| *id.as_bytes())
}

#[cfg(test)]
mod tests {
    use mingbai_domain::{code, poverty};

    #[test]
    fn what_sql_takes_for_the_track_of_poverty_is_what_the_code_table_says() {
        let codes = code::table("household_status").iter().filter(|status| poverty::is_of_poverty(status.code));
        let listed: Vec<String> = codes.map(|status| format!("'{}'", status.code)).collect();
        let listed = format!("({})", listed.join(", "));
        assert!(super::poverty("h.id").contains(&format!("s.status in {listed}")), "{listed}");
        assert!(super::monitored("h.id").contains(&format!("s.status not in {listed}")), "{listed}");
    }
}
