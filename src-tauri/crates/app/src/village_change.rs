//! 并村、分村: the county joins two villages or parts one, in one action that one undo takes back. What became of which
//! village stands in a list of the county's (村名变更), so that a roster that names the old village finds the new one; what a
//! village says of itself (`successor`) is shown and moves nobody.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use mingbai_domain::catalogue::{CountyList, Hamlet, Household, Record, RiskLead, Village, VillageStaff};
use mingbai_domain::value::FieldValue;
use mingbai_domain::{FieldId, RecordId, region};
use mingbai_store::{Reading, Row, Txn};

use crate::county_list;
use crate::dto::{VillageJoinRequest, VillageMoved, VillageSplitRequest};
use crate::error::{AppError, ErrorCode};
use crate::household::parse_id;
use crate::office::Context;
use crate::todo::items::waits;

/// The head of the list, as it is kept.
const HEAD: &str = "原村\t原区划代码\t现村\t现区划代码\t日期\t方式";
const JOINED: &str = "并入";
const PARTED: &str = "分出";

/// What became of a village.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) old_name: String,
    pub(crate) old_code: String,
    pub(crate) new_name: String,
    pub(crate) new_code: String,
    pub(crate) on: Option<NaiveDate>,
    /// Whether the old village is no more; otherwise the new one was parted from it.
    pub(crate) joined: bool,
}

impl Change {
    fn parse(line: &str) -> Option<Self> {
        let columns: Vec<&str> = line.split('\t').map(str::trim).collect();
        let [old_name, old_code, new_name, new_code, on, how] = columns.as_slice() else { return None };
        Some(Self {
            old_name: (*old_name).to_owned(),
            old_code: (*old_code).to_owned(),
            new_name: (*new_name).to_owned(),
            new_code: (*new_code).to_owned(),
            on: on.parse().ok(),
            joined: *how != PARTED,
        })
    }

    fn body(&self) -> String {
        let on = self.on.map(|on| on.to_string()).unwrap_or_default();
        let how = if self.joined { JOINED } else { PARTED };
        let line = [&self.old_name, &self.old_code, &self.new_name, &self.new_code, &on, how].join("\t");
        format!("{HEAD}\n{line}")
    }
}

/// Why a list of renamed villages cannot be used.
pub(crate) fn check(body: &str) -> Result<(), String> {
    let lines = body.lines().enumerate().skip(1).filter(|(_, line)| !line.trim().is_empty());
    for (number, line) in lines {
        let known = Change::parse(line).is_some_and(|change| {
            !change.old_name.is_empty() && region::is_code(&change.new_code) && change.new_code.len() == 12
        });
        if !known {
            return Err(format!("第 {} 行不是“{}”：{line}", number + 1, HEAD.replace('\t', "、")));
        }
    }
    Ok(())
}

/// Everything the county says became of villages, the oldest first.
pub(crate) fn changes(reading: Reading<'_>, today: NaiveDate) -> Result<Vec<Change>, AppError> {
    let lists = county_list::in_force(reading, "village", today)?;
    let lines = lists.iter().flat_map(|list| list.body.as_deref().unwrap_or_default().lines().skip(1));
    Ok(lines.filter_map(Change::parse).collect())
}

/// Villages by every name they are known by: their own, and those of the villages that became part of them.
#[derive(Default)]
pub(crate) struct Names {
    /// By short name.
    pub(crate) by_name: HashMap<String, RecordId>,
    /// Names that several villages bear today.
    pub(crate) shared: HashSet<String>,
    names: HashMap<RecordId, String>,
    /// A village and one that was parted from it.
    parted: HashSet<(RecordId, RecordId)>,
}

impl Names {
    pub(crate) fn read(reading: Reading<'_>, today: NaiveDate) -> Result<Self, AppError> {
        Ok(Self::of(&reading.all::<Village>()?, &changes(reading, today)?))
    }

    fn of(villages: &[Row<Village>], changes: &[Change]) -> Self {
        let mut names = Self::default();
        let by_code: HashMap<&str, RecordId> =
            villages.iter().filter_map(|row| Some((row.record.code.as_deref()?, row.id))).collect();
        let ended: HashMap<&str, &Change> =
            changes.iter().filter(|change| change.joined).map(|change| (change.old_code.as_str(), change)).collect();
        for row in villages {
            let short = short(row.record.name.as_deref().unwrap_or_default());
            names.names.insert(row.id, short.clone());
            let gone = row.record.code.as_deref().is_some_and(|code| !code.is_empty() && ended.contains_key(code));
            if !gone && names.by_name.insert(short.clone(), row.id).is_some() {
                names.shared.insert(short);
            }
        }
        // An old name counts only where nobody bears it today.
        for change in changes.iter().filter(|change| change.joined) {
            if let Some(heir) = by_code.get(heir(change, &ended)) {
                names.by_name.entry(short(&change.old_name)).or_insert(*heir);
            }
        }
        for change in changes.iter().filter(|change| !change.joined) {
            if let (Some(old), Some(new)) =
                (by_code.get(change.old_code.as_str()), by_code.get(change.new_code.as_str()))
            {
                names.parted.insert((*old, *new));
            }
        }
        names
    }

    /// The short name of a village.
    pub(crate) fn name(&self, id: RecordId) -> &str {
        self.names.get(&id).map_or("", String::as_str)
    }

    /// Where a household lies of which a list says a village: a list made before its village was parted still means the
    /// one it lies in.
    pub(crate) fn meant(&self, said: RecordId, lies: Option<RecordId>) -> RecordId {
        lies.filter(|lies| self.parted.contains(&(said, *lies))).unwrap_or(said)
    }
}

/// The code of the village that stands for one that ended, however often it was joined since.
fn heir<'c>(change: &'c Change, ended: &HashMap<&str, &'c Change>) -> &'c str {
    let (mut code, mut left) = (change.new_code.as_str(), ended.len());
    while let Some(next) = ended.get(code).filter(|_| left > 0) {
        (code, left) = (next.new_code.as_str(), left - 1);
    }
    code
}

fn short(name: &str) -> String {
    region::short_village_name(name).to_owned()
}

fn column(kind: &mingbai_domain::catalogue::RecordType, column: &str) -> FieldId {
    kind.column(column).map(|field| field.id).unwrap_or_default()
}

/// A village that may be joined or parted: it stands, and its code is known.
fn standing(reading: Reading<'_>, id: &str, field: &str) -> Result<(RecordId, Village, String), AppError> {
    let id = parse_id(id)?;
    let village = reading.get::<Village>(id)?.ok_or_else(|| AppError::not_found("村"))?.record;
    if village.ended_on.is_some() {
        return Err(AppError::invalid(field, "这个村已经撤并，村和户都没有变"));
    }
    let code = village.code.clone().filter(|code| code.len() == 12);
    let code = code.ok_or_else(|| AppError::invalid(field, "先给这个村登记12位区划代码，村和户都没有变"))?;
    Ok((id, village, code))
}

fn move_all(txn: &mut Txn<'_>, households: &[RecordId], into: RecordId) -> Result<(), AppError> {
    for household in households {
        txn.set_field(Household::TYPE.id, *household, column(Household::TYPE, "village"), into.to_value())?;
    }
    Ok(())
}

fn told(change: &Change, today: NaiveDate) -> CountyList {
    let how = if change.joined { JOINED } else { PARTED };
    let name = match change.joined {
        true => format!("{}{how}{}", change.old_name, change.new_name),
        false => format!("{}从{}{how}", change.new_name, change.old_name),
    };
    CountyList {
        kind: Some("village".to_owned()),
        name: Some(name),
        version: Some(today.to_string()),
        effective_from: change.on,
        effective_until: None,
        body: Some(change.body()),
        source: Some("县里办理".to_owned()),
        unverified: None,
        deleted: None,
    }
}

/// Joins a village to another: its households, its hamlets, whoever works there and leads not yet told go over; it stands
/// on file with the day it ended and where it went.
pub(crate) fn join(context: &mut Context<'_>, request: VillageJoinRequest) -> Result<VillageMoved, AppError> {
    let today = context.host.today();
    let reading = context.read()?;
    let (from, old, old_code) = standing(reading, &request.from, "from")?;
    let (into, new, new_code) = standing(reading, &request.into, "into")?;
    if from == into {
        return Err(AppError::invalid("into", "并入的是同一个村，请另选一个"));
    }
    if old_code.get(..9) != new_code.get(..9) {
        return Err(AppError::invalid("into", "两个村不在同一个乡镇，村和户都没有变。跨乡镇请逐户迁出、迁入"));
    }
    let on = day(request.on, today)?;
    let households = reading.ids_where(Household::TYPE, "village", &from)?;
    let hamlets = reading.rows_where::<Hamlet>("village", &from)?;
    let staff = reading.rows_where::<VillageStaff>("village", &from)?;
    let mut leads = reading.rows_where::<RiskLead>("village", &from)?;
    leads.retain(|row| waits(&row.record));
    let change = Change {
        old_name: old.name.clone().unwrap_or_default(),
        old_code,
        new_name: new.name.clone().unwrap_or_default(),
        new_code: new_code.clone(),
        on: Some(on),
        joined: true,
    };
    let list = told(&change, today);
    let said = format!("{}，{} 户", list.name.as_deref().unwrap_or_default(), households.len());
    context.commit("batch_village_join", Some(&said), |txn| {
        move_all(txn, &households, into)?;
        for row in &hamlets {
            txn.set_field(Hamlet::TYPE.id, row.id, column(Hamlet::TYPE, "village"), into.to_value())?;
        }
        for row in staff.iter().filter(|row| row.record.until.is_none()) {
            txn.set_field(VillageStaff::TYPE.id, row.id, column(VillageStaff::TYPE, "village"), into.to_value())?;
        }
        for row in &leads {
            txn.set_field(RiskLead::TYPE.id, row.id, column(RiskLead::TYPE, "village"), into.to_value())?;
        }
        if let (Some(one), Some(other)) = (old.population, new.population) {
            txn.set_field(Village::TYPE.id, into, column(Village::TYPE, "population"), (one + other).to_value())?;
        }
        txn.set_field(Village::TYPE.id, from, column(Village::TYPE, "ended_on"), on.to_value())?;
        txn.set_field(Village::TYPE.id, from, column(Village::TYPE, "successor"), new_code.to_value())?;
        txn.insert(None, &list)?;
        Ok(())
    })?;
    Ok(VillageMoved { village: into.to_string(), households: households.len() as i64, said })
}

/// Parts a village: some of its 村民小组 with their households become a village of their own.
pub(crate) fn split(context: &mut Context<'_>, request: VillageSplitRequest) -> Result<VillageMoved, AppError> {
    let today = context.host.today();
    let reading = context.read()?;
    let (from, old, old_code) = standing(reading, &request.from, "from")?;
    let (code, name) = (request.code.trim().to_owned(), request.name.trim().to_owned());
    if code.len() != 12 || !region::is_code(&code) || code.get(..9) != old_code.get(..9) {
        let said =
            format!("新村的区划代码应是 {} 开头的12位数字，村和户都没有变", old_code.get(..9).unwrap_or_default());
        return Err(AppError::invalid("code", said));
    }
    if name.is_empty() {
        return Err(AppError::invalid("name", "请填写新村的村名"));
    }
    let on = day(request.on, today)?;
    let known = reading.rows_where::<Village>("code", &code)?;
    if code == old_code || known.iter().any(|row| row.record.ended_on.is_some()) {
        return Err(AppError::invalid("code", "这个区划代码已经是别的村用过的，村和户都没有变"));
    }
    let chosen: HashSet<&str> = request.groups.iter().map(String::as_str).collect();
    let here = reading.rows_where::<Household>("village", &from)?;
    let of_group = |row: &&Row<Household>| chosen.contains(row.record.village_group.as_deref().unwrap_or_default());
    let households: Vec<RecordId> = here.iter().filter(of_group).map(|row| row.id).collect();
    if households.is_empty() {
        return Err(
            AppError::new(ErrorCode::Validation, "选的村民小组里没有户，村和户都没有变").field("groups", "请另选")
        );
    }
    let mut hamlets = reading.rows_where::<Hamlet>("village", &from)?;
    hamlets.retain(|row| chosen.contains(row.record.name.as_deref().unwrap_or_default()));
    let change = Change {
        old_name: old.name.clone().unwrap_or_default(),
        old_code: old_code.clone(),
        new_name: known.first().and_then(|row| row.record.name.clone()).unwrap_or_else(|| name.clone()),
        new_code: code.clone(),
        on: Some(on),
        joined: false,
    };
    let list = told(&change, today);
    let said = format!("{}，{} 户", list.name.as_deref().unwrap_or_default(), households.len());
    let (township, known) = (old_code.chars().take(9).collect(), known.first().map(|row| row.id));
    let made = context.commit("batch_village_split", Some(&said), |txn| {
        let into = match known {
            Some(id) => id,
            None => {
                let village =
                    Village { code: Some(code), name: Some(name), township: Some(township), ..Village::default() };
                txn.insert(None, &village)?
            }
        };
        move_all(txn, &households, into)?;
        for row in &hamlets {
            txn.set_field(Hamlet::TYPE.id, row.id, column(Hamlet::TYPE, "village"), into.to_value())?;
        }
        txn.insert(None, &list)?;
        Ok(into)
    })?;
    Ok(VillageMoved { village: made.value.to_string(), households: households.len() as i64, said })
}

fn day(on: NaiveDate, today: NaiveDate) -> Result<NaiveDate, AppError> {
    if on > today { Err(AppError::invalid("on", "日期在今天以后，村和户都没有变")) } else { Ok(on) }
}

#[cfg(test)]
mod tests {
    use mingbai_domain::RecordId;
    use mingbai_domain::catalogue::Village;
    use mingbai_ledger::Hlc;
    use mingbai_store::Row;

    use super::{Change, Names, check};

    fn village(number: u8, name: &str) -> Row<Village> {
        let (code, name) = (Some(format!("1599011010{number:02}")), Some(name.to_owned()));
        let record = Village { code, name, ..Village::default() };
        Row { id: RecordId::from_bytes([number; 16]), record, changed: Hlc(0), conflict: false, void: false }
    }

    fn change(line: &str) -> Change {
        Change::parse(&line.replace(' ', "\t")).unwrap()
    }

    #[test]
    fn an_old_name_means_the_village_that_stands_for_it_however_often_it_was_joined() {
        let villages = [village(1, "李坡村"), village(2, "王庄"), village(3, "赵村")];
        let changes = [
            change("李坡 159901101001 王庄 159901101002 2024-03-01 并入"),
            change("王庄 159901101002 赵村 159901101003 2026-03-01 并入"),
        ];
        let names = Names::of(&villages, &changes);
        let last = Some(&villages[2].id);
        assert_eq!(["李坡", "王庄", "赵村"].map(|name| names.by_name.get(name) == last), [true; 3]);
        assert!(names.shared.is_empty());
        assert_eq!(names.name(villages[0].id), "李坡");
    }

    #[test]
    fn two_villages_that_are_said_to_be_joined_to_each_other_end_nowhere_and_hang_nobody() {
        let villages = [village(1, "李坡"), village(2, "王庄")];
        let changes = [
            change("李坡 159901101001 王庄 159901101002 2024-03-01 并入"),
            change("王庄 159901101002 李坡 159901101001 2024-03-01 并入"),
        ];
        assert_eq!(Names::of(&villages, &changes).by_name.len(), 2);
    }

    #[test]
    fn a_village_that_bears_an_old_name_today_keeps_it_and_a_list_made_before_a_parting_means_both() {
        let villages = [village(1, "李坡"), village(2, "王庄")];
        let renamed = change("李坡 159901101009 王庄 159901101002 2024-03-01 并入");
        let parted = change("李坡 159901101001 王庄 159901101002 2025-03-01 分出");
        let names = Names::of(&villages, &[renamed, parted]);
        let [old, new] = [villages[0].id, villages[1].id];
        assert_eq!(names.by_name.get("李坡"), Some(&old));
        assert_eq!(
            (names.meant(old, Some(new)), names.meant(old, Some(old)), names.meant(new, Some(old))),
            (new, old, new)
        );
    }

    #[test]
    fn a_list_of_renamed_villages_without_the_new_code_is_refused_with_its_line() {
        let head = "原村\t原区划代码\t现村\t现区划代码\t日期\t方式";
        assert!(check(&format!("{head}\n李坡\t\t王庄\t159901101002\t2024-03-01\t并入")).is_ok());
        assert!(check(&format!("{head}\n李坡\t\t王庄\t15990\t2024-03-01\t并入")).unwrap_err().contains("第 2 行"));
    }
}
