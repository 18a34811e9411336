//! What the screen shows of a comparison: numbers, kinds, and rows. A restricted disease is named to nobody here.

use chrono::NaiveDate;
use mingbai_domain::restricted::gives_away;
use mingbai_domain::{citizen_id, code};

use super::decide::{Ledger, village};
use super::differences::{Difference, ELSEWHERE, NO_ID, SIMILAR};
use super::matching::How;
use super::side::{Side, Someone};
use super::take::About;
use super::{Compared, keep_compared, prepared};
use crate::dto::{
    CompareGroup, CompareRow, CompareRows, CompareRowsRequest, CompareRunRequest, CompareSide, CompareState,
    CompareView, Population,
};
use crate::error::AppError;
use crate::office::{Context, coded};
use crate::restricted::HIDDEN;
use mingbai_store::OutsideList;

/// Kinds in the order of the screen, each with what it means.
const GROUPS: [(&str, &str, &str); 11] = [
    ("M1", "M1 因病而无病种", "致贫原因有因病，全户在两边都没有登记病种"),
    ("M2", "M2 有病种而非因病", "有大病、慢病，致贫原因里没有因病"),
    ("M2-93", "M2-93 重点病种而非因病", "患县里重点病种目录里的病，致贫原因里没有因病"),
    ("M3", "M3 病种不一致", "两边都写了病，写的不是同一种"),
    ("M4", "M4 致贫原因不一致", "两边都写了致贫原因，主要、次要合起来不一样"),
    ("field", "栏目不一致", "同一个人，姓名、证件、村、户编号、属性、标识等写得不一样"),
    (SIMILAR, "可能是同一人", "写法相近，请人确认；不确认就不算同一人"),
    ("only_ours", "只在本方", "本方有，对方名单里没有"),
    ("only_theirs", "只在对方", "对方名单里有，本方没有"),
    (ELSEWHERE, "别处的人", "对方名单里写的乡镇不是本乡镇，或村不在本辖区；如果是村名写法不同，请改名单后重新导入"),
    (NO_ID, "没有证件号码的", "没有证件号码或号码不对，又对不上的人，两边分开列"),
];

/// What a kind is called.
pub(crate) fn group_label(key: &str) -> &str {
    GROUPS.iter().find(|(group, ..)| *group == key).map_or(key, |(_, label, _)| label)
}

fn of_side(side: &Side, list: Option<&(OutsideList, About)>, totals: &Population, today: NaiveDate) -> CompareSide {
    let without_id = side.people.iter().filter(|someone| someone.citizen_id.is_empty()).count();
    CompareSide {
        source: coded("list_source", &side.source),
        file: list.map(|(list, _)| list.list.file.clone()).unwrap_or_default(),
        as_of: list.map_or(Some(today), |(list, _)| list.list.as_of),
        rows: side.rows() as i64,
        repeated: side.repeated as i64,
        totals: totals.clone(),
        without_id: without_id as i64,
    }
}

/// The numbers of a comparison.
pub(crate) fn view(context: &Context<'_>, compared: &Compared) -> Result<CompareView, AppError> {
    let ledger = Ledger::read(context.read()?)?;
    let matched = &compared.matched;
    let mut groups: Vec<CompareGroup> = Vec::new();
    for (key, label, about) in GROUPS {
        let mut group = CompareGroup {
            key: key.to_owned(),
            label: label.to_owned(),
            about: about.to_owned(),
            ..CompareGroup::default()
        };
        for row in compared.differences.rows.iter().filter(|row| row.group == key) {
            group.all += 1;
            match ledger.about(row).0 {
                CompareState::Waiting => group.waiting += 1,
                CompareState::Decided => group.decided += 1,
                CompareState::Fresh | CompareState::All => group.fresh += 1,
            }
        }
        groups.push(group);
    }
    let by = |how: How| matched.pairs.iter().filter(|(_, _, by)| *by == how).count() as i64;
    let rows = &compared.differences.rows;
    let mut differing: Vec<usize> = rows
        .iter()
        .filter(|row| matches!(row.kind, "field" | "M3") && row.group != SIMILAR)
        .filter_map(|row| row.at.0)
        .collect();
    differing.sort_unstable();
    differing.dedup();
    let today = context.host.today();
    let [ours, theirs] = &compared.lists;
    Ok(CompareView {
        ours: of_side(&compared.ours, ours.as_ref(), &compared.totals[0], today),
        theirs: of_side(&compared.theirs, theirs.as_ref(), &compared.totals[1], today),
        ran_at: compared.at.clone(),
        matched: matched.pairs.len() as i64,
        by_id: by(How::Id),
        by_birth: by(How::Birth),
        by_word: by(How::Confirmed),
        similar: matched.proposals.len() as i64,
        only_ours: (matched.only_ours.len() - compared.differences.out_of_scope) as i64,
        only_theirs: (matched.only_theirs.len() - compared.differences.elsewhere) as i64,
        elsewhere: compared.differences.elsewhere as i64,
        out_of_scope: compared.differences.out_of_scope as i64,
        agreeing: (matched.pairs.len() - differing.len()) as i64,
        groups,
        remarks: compared.remarks.clone(),
    })
}

/// The differences of a kind and a state, in the order of villages and households.
pub(crate) fn chosen<'c>(
    compared: &'c Compared,
    ledger: &Ledger,
    group: Option<&str>,
    state: CompareState,
) -> Vec<&'c Difference> {
    let rank = |row: &Difference| GROUPS.iter().position(|(group, ..)| *group == row.group);
    let rows = compared.differences.rows.iter();
    let mut rows: Vec<&Difference> = rows
        .filter(|row| group.is_none_or(|group| group == row.group))
        .filter(|row| state == CompareState::All || ledger.about(row).0 == state)
        .collect();
    rows.sort_by_key(|row| {
        let someone = about(compared, row);
        (rank(row), &someone.village_key, &someone.number, &someone.name, &row.field, &row.subject)
    });
    rows
}

/// Whom a difference is about, as our side writes them where it knows them.
pub(crate) fn about<'c>(compared: &'c Compared, row: &Difference) -> &'c Someone {
    match row.at {
        (Some(i), _) => &compared.ours.people[i],
        (None, j) => &compared.theirs.people[j.unwrap_or_default()],
    }
}

/// What may be shown of what a side says.
pub(crate) fn open(text: &str) -> String {
    if !gives_away(text) {
        return text.to_owned();
    }
    let parts = text.split_inclusive(['、', '；', '：']).map(|part| {
        let (word, end) = match part.char_indices().last() {
            Some((at, end @ ('、' | '；' | '：'))) => (part.get(..at).unwrap_or_default(), Some(end)),
            _ => (part, None),
        };
        let word = if gives_away(word) { HIDDEN } else { word };
        format!("{word}{}", end.map(String::from).unwrap_or_default())
    });
    parts.collect()
}

/// Rows of a comparison; it is worked out now if that was not done yet.
pub(crate) fn rows(context: &mut Context<'_>, request: CompareRowsRequest) -> Result<CompareRows, AppError> {
    const MOST: i64 = 1000;
    let compared = prepared(context, CompareRunRequest { ours: request.ours, theirs: request.theirs })?;
    let ledger = Ledger::read(context.read()?)?;
    let found = chosen(&compared, &ledger, request.group.as_deref(), request.state);
    let offset = usize::try_from(request.offset).unwrap_or_default();
    let limit = usize::try_from(request.limit.clamp(1, MOST)).unwrap_or_default();
    let rows = found.iter().skip(offset).take(limit).map(|row| line(&compared, &ledger, row)).collect();
    let total = found.len() as i64;
    keep_compared(context, compared)?;
    Ok(CompareRows { rows, total })
}

fn line(compared: &Compared, ledger: &Ledger, row: &Difference) -> CompareRow {
    let someone = about(compared, row);
    let (state, known) = ledger.about(row);
    let record = known.map(|row| &row.record);
    let decision = record.and_then(|record| record.decision.as_deref());
    let changed = state == CompareState::Fresh;
    let before = decision.filter(|_| changed).map(|decision| {
        let on = record.and_then(|record| record.decided_on).map(|day| day.to_string()).unwrap_or_default();
        let reason = record.and_then(|record| record.reason.clone()).unwrap_or_default();
        format!("{on} 定过“{}”（{reason}），之后有一边变了", code::label("difference_decision", decision))
    });
    let held = record.filter(|_| !changed);
    CompareRow {
        key: row.subject.clone(),
        group: row.group.to_owned(),
        kind: coded("difference_kind", row.kind),
        field: row.field.clone(),
        state,
        name: someone.name.clone(),
        citizen_id: citizen_id::mask(&someone.citizen_id),
        birth: someone.birth,
        village: village(someone),
        household_number: someone.number.clone(),
        person: someone.person.map(|id| id.to_string()),
        household: someone.household.map(|id| id.to_string()),
        their_row: row.at.1.and_then(|j| compared.theirs.people.get(j)).map(|someone| someone.row),
        ours: open(&row.ours),
        theirs: open(&row.theirs),
        decision: decision.filter(|_| !changed).map(|decision| coded("difference_decision", decision)),
        reason: held.and_then(|record| record.reason.clone()).unwrap_or_default(),
        decided_on: held.and_then(|record| record.decided_on),
        reported_on: held.and_then(|record| record.reported_on),
        before: before.unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::open;

    #[test]
    fn a_restricted_disease_is_left_out_of_what_is_shown_and_the_others_stay() {
        assert_eq!(open("致贫原因：因病；病种：高血压、肺结核"), "致贫原因：因病；病种：高血压、限制查看");
        assert_eq!(open("精神二级"), "限制查看");
        assert_eq!(open("胃癌"), "胃癌");
    }
}
