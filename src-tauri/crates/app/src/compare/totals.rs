//! Control totals: households and people by 脱贫属性, what a sheet says of itself, and whether both agree (domain A-12:
//! 303户1110人 = 未脱贫136户478人 + 已脱贫167户632人).

use std::collections::HashMap;

use mingbai_domain::poverty::Standing;
use mingbai_sheets::value::{half_width, tidy};
use serde::{Deserialize, Serialize};

use super::side::{Side, homes};
use crate::dto::Population;

/// Whom a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Whom {
    All,
    Open,
    Lifted,
}

impl Whom {
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::All => "合计",
            Self::Open => "未脱贫",
            Self::Lifted => "已脱贫",
        }
    }
}

/// One number a sheet gives of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Said {
    /// `第1113行`.
    pub(crate) place: String,
    pub(crate) whom: Whom,
    pub(crate) households: Option<i64>,
    pub(crate) people: Option<i64>,
}

/// Where somebody's household stands, for counting.
fn class(status: &str) -> Option<Whom> {
    let standing: Standing<'_> = [status].into_iter().filter(|status| !status.is_empty()).collect();
    if standing.is_open() { Some(Whom::Open) } else { standing.is_lifted().then_some(Whom::Lifted) }
}

/// Counts a side. The first member whose row says how the household stands speaks for all of it.
pub(crate) fn count(side: &Side) -> Population {
    let mut total = Population::default();
    let households = homes(&side.people);
    let mut standing: HashMap<&str, Option<Whom>> = HashMap::new();
    for (home, members) in &households {
        let said = members.iter().find_map(|at| class(&side.people[*at].status));
        standing.insert(home, said);
        total.households += 1;
        match said {
            Some(Whom::Open) => total.not_lifted_households += 1,
            Some(_) => total.lifted_households += 1,
            None => total.other_households += 1,
        }
    }
    for someone in &side.people {
        let home = someone.home();
        let of_home = home.as_deref().and_then(|home| standing.get(home).copied().flatten());
        total.people += 1;
        match of_home.or_else(|| class(&someone.status)) {
            Some(Whom::Open) => total.not_lifted_people += 1,
            Some(_) => total.lifted_people += 1,
            None => total.other_people += 1,
        }
    }
    total
}

/// `303户1110人＝未脱贫136户478人＋已脱贫167户632人`.
pub(crate) fn words(total: &Population) -> String {
    let mut parts = vec![
        format!("未脱贫{}户{}人", total.not_lifted_households, total.not_lifted_people),
        format!("已脱贫{}户{}人", total.lifted_households, total.lifted_people),
    ];
    if total.other_households + total.other_people > 0 {
        parts.push(format!("其他{}户{}人", total.other_households, total.other_people));
    }
    format!("{}户{}人＝{}", total.households, total.people, parts.join("＋"))
}

/// Numbers of households and people in a line of a sheet: `合计303户1,110人（其中未脱贫136户478人，已脱贫167户632人）`. A number
/// that says neither of whom it is nor that it is a total says nothing here.
pub(crate) fn read(text: &str, place: &str) -> Vec<Said> {
    let text: Vec<char> = half_width(&tidy(text)).chars().filter(|c| !c.is_whitespace()).collect();
    let mut found: Vec<Said> = Vec::new();
    // A line that tells the lifted apart is about the whole list, whatever its first words are.
    let split = text.windows(2).any(|two| *two == ['脱', '贫']);
    let (mut label, mut at) = (String::new(), 0);
    // A number of people that directly follows one of households belongs to it.
    let mut open: Option<usize> = None;
    while let Some(character) = text.get(at) {
        if !character.is_ascii_digit() {
            label.push(*character);
            at += 1;
            continue;
        }
        let digits: String =
            text[at..].iter().take_while(|c| c.is_ascii_digit() || **c == ',').filter(|c| **c != ',').collect();
        at += text[at..].iter().take_while(|c| c.is_ascii_digit() || **c == ',').count();
        let unit = text.get(at).copied();
        let (Ok(number), Some('户' | '人')) = (digits.parse::<i64>(), unit) else {
            label.clear();
            open = None;
            continue;
        };
        at += 1;
        let joins = label.chars().all(|c| matches!(c, ',' | '、' | ';' | '，'));
        match (open, unit) {
            (Some(before), Some('人')) if joins => {
                if let Some(said) = found.get_mut(before) {
                    said.people = Some(number);
                }
                open = None;
            }
            _ => {
                open = None;
                let followed = unit == Some('户') && text.get(at..).is_some_and(people_follow);
                if let Some(whom) = whom(&label, followed && split) {
                    let households = Some(number).filter(|_| unit == Some('户'));
                    let people = Some(number).filter(|_| unit == Some('人'));
                    found.push(Said { place: place.to_owned(), whom, households, people });
                    open = Some(found.len() - 1).filter(|_| unit == Some('户'));
                }
            }
        }
        label.clear();
    }
    found
}

/// Whether a number of people comes next: `1110人`.
fn people_follow(rest: &[char]) -> bool {
    let digits = rest.iter().skip_while(|c| matches!(c, ',' | '、' | '，'));
    let after = digits.clone().find(|c| !c.is_ascii_digit() && **c != ',');
    digits.clone().next().is_some_and(char::is_ascii_digit) && after == Some(&'人')
}

fn whom(label: &str, followed: bool) -> Option<Whom> {
    if label.contains("未脱贫") || label.contains("预脱贫") {
        Some(Whom::Open)
    } else if label.contains("脱贫户") || label.ends_with("脱贫") || label.contains("已脱贫") {
        Some(Whom::Lifted)
    } else {
        let total = ["合计", "总计", "共计", "累计", "总数"].iter().any(|word| label.contains(word));
        (total || label.ends_with('共') || label.ends_with("共有") || followed && !label.contains("其中"))
            .then_some(Whom::All)
    }
}

/// Whether what the sheet says of itself agrees with itself and with what was counted in it. `rows` are its rows, which a
/// sheet with several rows a person may give for its people.
///
/// # Errors
/// The sentence that names the numbers.
pub(crate) fn reconcile(total: &Population, said: &[Said], rows: usize) -> Result<(), String> {
    let rows = i64::try_from(rows).unwrap_or(i64::MAX);
    // A list without 户编号 or 脱贫属性 has nothing to count these by.
    let (has_homes, has_classes) = (total.households > 0, total.not_lifted_people + total.lifted_people > 0);
    let blocks = in_blocks(total, said);
    for one in said.iter().filter(|one| has_classes || one.whom == Whom::All) {
        if blocks && one.whom == Whom::All {
            continue;
        }
        let (households, people) = match one.whom {
            Whom::All => (total.households, total.people),
            Whom::Open => (total.not_lifted_households, total.not_lifted_people),
            Whom::Lifted => (total.lifted_households, total.lifted_people),
        };
        let place = format!("{}写的{}", one.place, one.whom.words());
        if let Some(number) = one.households.filter(|number| has_homes && *number != households) {
            return Err(format!("{place}是{number}户，名单里数出来是{households}户"));
        }
        let of_rows = |number: i64| one.whom == Whom::All && number == rows;
        if let Some(number) = one.people.filter(|number| *number != people && !of_rows(*number)) {
            return Err(format!("{place}是{number}人，名单里数出来是{people}人"));
        }
    }
    let (other_homes, other_people) = if has_classes { (total.other_households, total.other_people) } else { (0, 0) };
    let parts = |pick: fn(&Said) -> Option<i64>| {
        let of = |whom| said.iter().filter(move |one| one.whom == whom).find_map(pick);
        of(Whom::All).zip(of(Whom::Open)).zip(of(Whom::Lifted)).map(|((all, open), lifted)| (all, open, lifted))
    };
    let sums = [(parts(|one| one.households), other_homes, "户"), (parts(|one| one.people), other_people, "人")];
    for (numbers, other, unit) in sums {
        if let Some((all, open, lifted)) = numbers.filter(|(all, open, lifted)| *all != open + lifted + other) {
            let sum = open + lifted;
            return Err(format!("表上写的合计{all}{unit}，而未脱贫{open}{unit}＋已脱贫{lifted}{unit}＝{sum}{unit}"));
        }
    }
    Ok(())
}

/// Whether a list says several totals, one a village or a sheet, that add up to what was counted; a total of all may stand
/// beside them.
fn in_blocks(total: &Population, said: &[Said]) -> bool {
    let adds_up = |pick: fn(&Said) -> Option<i64>, counted: i64| {
        let all: Vec<i64> = said.iter().filter(|one| one.whom == Whom::All).filter_map(pick).collect();
        let sum: i64 = all.iter().sum();
        all.is_empty() || all.len() > 1 && (sum == counted || all.contains(&counted) && sum == 2 * counted)
    };
    let several = said.iter().filter(|one| one.whom == Whom::All).count() > 1;
    several && adds_up(|one| one.households, total.households) && adds_up(|one| one.people, total.people)
}

#[cfg(test)]
mod tests {
    use super::{Said, Whom, read, reconcile, words};
    use crate::dto::Population;

    fn said(whom: Whom, households: i64, people: i64) -> Said {
        Said { place: "表头".to_owned(), whom, households: Some(households), people: Some(people) }
    }

    #[test]
    fn totals_of_villages_are_held_against_the_list_by_their_sum() {
        let one = |households, people| said(Whom::All, households, people);
        let villages = [one(100, 400), one(203, 710)];
        assert_eq!(reconcile(&lvhe(), &villages, 1110), Ok(()));
        assert_eq!(reconcile(&lvhe(), &[one(100, 400), one(203, 710), one(303, 1110)], 1110), Ok(()));
        assert!(reconcile(&lvhe(), &[one(100, 400), one(203, 711)], 1110).is_err());
        assert!(reconcile(&lvhe(), &[one(303, 1111)], 1110).is_err());
    }

    fn lvhe() -> Population {
        Population {
            households: 303,
            people: 1110,
            not_lifted_households: 136,
            not_lifted_people: 478,
            lifted_households: 167,
            lifted_people: 632,
            ..Population::default()
        }
    }

    #[test]
    fn a_sheet_says_303_households_are_136_and_167_and_1110_people_are_478_and_632() {
        let line = "吕合镇扶贫部门数据303户1,110人(其中未脱贫136户478人，已脱贫167户632人)";
        let found = read(line, "表头");
        assert_eq!(found, [said(Whom::All, 303, 1110), said(Whom::Open, 136, 478), said(Whom::Lifted, 167, 632)]);
        assert_eq!(reconcile(&lvhe(), &found, 1110), Ok(()));
        assert_eq!(words(&lvhe()), "303户1110人＝未脱贫136户478人＋已脱贫167户632人");
    }

    #[test]
    fn numbers_that_count_something_else_are_no_totals() {
        for line in [
            "每村不少于2人",
            "王庄村12户40人",
            "公共卫生服务对象12人",
            "2026年11月制",
            "联系电话 13912345678",
            "其中危房户12户",
            "户均3人",
        ] {
            assert_eq!(read(line, "说明"), [], "{line}");
        }
        assert_eq!(read("共计 1110 人", "第9行").first().map(|one| one.people), Some(Some(1110)));
    }

    #[test]
    fn a_list_that_does_not_add_up_is_refused_with_its_numbers() {
        let wrong = reconcile(&lvhe(), &read("合计303户1112人", "第9行"), 1110).unwrap_err();
        assert!(wrong.contains("1112人") && wrong.contains("1110人") && wrong.contains("第9行"), "{wrong}");
        let parts = read("合计303户1110人，未脱贫136户478人，已脱贫166户632人", "表头");
        let wrong = reconcile(&lvhe(), &parts, 1110).unwrap_err();
        assert!(wrong.contains("166户") && wrong.contains("167户"), "{wrong}");
        let mut counted = lvhe();
        (counted.lifted_households, counted.other_households) = (166, 1);
        let parts = [said(Whom::All, 303, 1110), said(Whom::Open, 136, 478), said(Whom::Lifted, 166, 632)];
        assert_eq!(reconcile(&counted, &parts, 1110), Ok(()), "a household that says neither is one of all");
    }

    #[test]
    fn a_list_without_household_numbers_or_statuses_is_held_to_what_can_be_counted_in_it() {
        let counted = Population { people: 1110, other_people: 1110, ..Population::default() };
        let right = read("合计303户1110人，未脱贫136户478人，已脱贫167户632人", "表头");
        assert_eq!(reconcile(&counted, &right, 1110), Ok(()));
        let parts = read("合计303户1110人，未脱贫136户478人，已脱贫166户632人", "表头");
        assert!(reconcile(&counted, &parts, 1110).is_err(), "its own sum is wrong");
    }

    #[test]
    fn a_sheet_with_a_row_for_every_disease_may_count_its_rows() {
        assert_eq!(reconcile(&lvhe(), &read("合计1200人", "第9行"), 1200), Ok(()));
    }
}
