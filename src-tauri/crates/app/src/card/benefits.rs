//! What the pack in force gives a family: a table for those most of them are, sentences for whom it is otherwise.

use std::cmp::Reverse;

use chrono::{Datelike, NaiveDate};
use mingbai_coverage::{BenefitLine, Column, Kind, Level, Person as Insured};
use mingbai_domain::Fen;
use mingbai_paper::{BenefitRow, Benefits, Sentence};
use mingbai_store::Reading;

use crate::bill::{fit, insured};
use crate::error::AppError;
use crate::member::Member;
use crate::policy::ActivePack;

/// Members to whom the pack gives the same.
struct Group {
    names: Vec<String>,
    /// Codes and labels of what any of them is: aid identities, and classes of insured people the pack tells apart.
    identities: Vec<(String, String)>,
    lines: Vec<BenefitLine>,
}

impl Group {
    fn who(&self) -> String {
        let labels: Vec<&str> = self.identities.iter().map(|(_, label)| label.as_str()).collect();
        in_a_row(&labels)
    }

    /// What they are and most are not; what they are, where that is nothing.
    fn beside(&self, most: &Self) -> String {
        let own = self.identities.iter().filter(|one| !most.identities.contains(one));
        let own: Vec<&str> = own.map(|(_, label)| label.as_str()).collect();
        if own.is_empty() { self.who() } else { in_a_row(&own) }
    }
}

fn in_a_row(labels: &[&str]) -> String {
    if labels.is_empty() { "普通居民".to_owned() } else { labels.join("、") }
}

/// Most members' table of hospital levels with the sentences under it, and what is otherwise for the others, exactly as the
/// pack says it: a card promises nobody what only another of the family holds.
pub(super) fn benefits(
    reading: Reading<'_>,
    pack: Option<&ActivePack>,
    living: &[&Member],
    today: NaiveDate,
) -> Result<Benefits, AppError> {
    let Some(pack) = pack else { return Ok(Benefits::default()) };
    let mut groups = groups(reading, pack, living, today)?;
    // Of groups as large as each other the first, for it has who comes first in the family.
    groups.sort_by_key(|group| Reverse(group.names.len()));
    let most = if groups.is_empty() { group_of_nobody(pack) } else { groups.remove(0) };
    let rows = stays(&most.lines).map(|line| BenefitRow {
        level: levels(line),
        deductible: if line.deductible == Fen::ZERO { "不用先自己出".to_owned() } else { yuan(line.deductible) },
        ratio: line.share_range.clone(),
    });
    let (tiered, others) = below_the_table(&most.lines);
    let mut sentences: Vec<Sentence> =
        in_words(tiered).chain(in_words(others)).map(|text| Sentence::marked(&text)).collect();
    for group in &groups {
        sentences.extend(otherwise(group, &most));
    }
    Ok(Benefits { scope: format!("{}年，{}", today.year(), most.who()), rows: rows.collect(), sentences })
}

fn group_of_nobody(pack: &ActivePack) -> Group {
    Group { names: Vec::new(), identities: Vec::new(), lines: pack.rules.benefit_lines(&[]) }
}

/// The living by what the pack gives them, in the order of the family.
fn groups(
    reading: Reading<'_>,
    pack: &ActivePack,
    living: &[&Member],
    today: NaiveDate,
) -> Result<Vec<Group>, AppError> {
    let mut groups: Vec<Group> = Vec::new();
    for member in living {
        // A certificate names a disease, and a card lies open in the house.
        let insured = Insured { certificates: Vec::new(), ..insured(reading, member.person.id)? };
        let held = fit::held(Some(&pack.rules), &insured, today);
        let codes: Vec<String> = held.iter().map(|one| one.code.clone()).collect();
        let lines = pack.rules.benefit_lines(&codes);
        let place = groups.iter().position(|group| group.lines == lines).unwrap_or_else(|| {
            groups.push(Group { names: Vec::new(), identities: Vec::new(), lines });
            groups.len() - 1
        });
        if let Some(group) = groups.get_mut(place) {
            group.names.push(member.name());
            group.identities.extend(held.into_iter().map(|one| (one.code, one.label)));
            group.identities.sort();
            group.identities.dedup();
        }
    }
    Ok(groups)
}

/// What the pack gives some of the family otherwise than most.
fn otherwise(group: &Group, most: &Group) -> Vec<Sentence> {
    let mut told: Vec<String> = Vec::new();
    let same = |line: &BenefitLine| most.lines.contains(line);
    if !stays(&group.lines).all(same) {
        let each = stays(&group.lines).map(|line| {
            let deductible = match line.deductible {
                Fen::ZERO => "不用先自己出，".to_owned(),
                amount => format!("先自己出 {}，剩下的", yuan(amount)),
            };
            format!("{}{deductible}报{}", levels(line), line.share_range)
        });
        told.push(format!("住院：{}。", each.collect::<Vec<_>>().join("；")));
    }
    // Shares that rise with the bill are told where they are not those of the others.
    let (mut tiered, mut others) = below_the_table(&group.lines);
    tiered.retain(|line| !most.lines.iter().any(|other| is_stay(other) && other.shares == line.shares));
    let differs = |line: &&BenefitLine| group.lines.iter().any(|other| told_together(line, other) && !same(other));
    others.retain(differs);
    told.extend(in_words(tiered).chain(in_words(others)).map(|text| format!("：{text}")));
    let mut without: Vec<&str> = Vec::new();
    for line in most.lines.iter().filter(|line| line.column.is_some()) {
        let has = group.lines.iter().any(|other| other.payer == line.payer);
        if !has && !without.contains(&line.payer.as_str()) {
            without.push(&line.payer);
        }
    }
    if !without.is_empty() {
        told.push(format!("：没有{}。", without.join("、")));
    }
    let names = group.names.join("、");
    let whom = |(place, text)| match place {
        0 => Sentence::marked(&format!("**{names}**（{}）{text}", group.beside(most))),
        _ => Sentence::marked(&format!("**{names}**{text}")),
    };
    told.into_iter().enumerate().map(whom).collect()
}

fn is_stay(line: &BenefitLine) -> bool {
    line.column == Some(Column::Basic) && line.kinds.contains(&Kind::Inpatient)
}

fn stays(lines: &[BenefitLine]) -> impl Iterator<Item = &BenefitLine> {
    lines.iter().filter(|line| is_stay(line))
}

/// A stay whose shares rise with the bill says so below the table, where there is room; then everything that is no stay.
fn below_the_table(lines: &[BenefitLine]) -> (Vec<&BenefitLine>, Vec<&BenefitLine>) {
    let tiered = stays(lines).filter(|line| line.shares != line.share_range);
    (tiered.collect(), lines.iter().filter(|line| !is_stay(line)).collect())
}

/// Whether two lines are of one payer and the same care, and differ by the hospital's level.
fn told_together(one: &BenefitLine, other: &BenefitLine) -> bool {
    one.payer == other.payer && one.kinds == other.kinds
}

/// One sentence for each payer and kind of care; what holds at every level of hospital is said once.
fn in_words(lines: Vec<&BenefitLine>) -> impl Iterator<Item = String> {
    let together: Vec<String> = lines.chunk_by(|one, other| told_together(one, other)).filter_map(in_one).collect();
    together.into_iter()
}

fn in_one(lines: &[&BenefitLine]) -> Option<String> {
    let first = lines.first()?;
    let kinds: Vec<&str> = first.kinds.iter().map(|kind| kind.label()).collect();
    let of = if kinds.is_empty() || kinds.len() == Kind::ALL.len() {
        String::new()
    } else {
        format!("（{}）", kinds.join("、"))
    };
    let whole = |text: &str| match text.rsplit_once('，') {
        Some((own, last)) => (own.to_owned(), Some(last.to_owned())),
        None => (text.to_owned(), None),
    };
    let parts: Vec<_> = lines.iter().map(|line| (levels(line), whole(&line.text))).collect();
    let last = parts.first().and_then(|(_, (_, last))| last.clone());
    let same = lines.len() > 1 && last.is_some() && parts.iter().all(|(_, (_, other))| *other == last);
    let said = if lines.len() == 1 && first.levels.is_empty() {
        first.text.clone()
    } else if same {
        let each: Vec<String> = parts.iter().map(|(level, (own, _))| format!("{level}{own}")).collect();
        format!("{}；{}", each.join("；"), last.unwrap_or_default())
    } else {
        let each: Vec<String> = lines.iter().map(|line| format!("{}{}", levels(line), line.text)).collect();
        each.join("；")
    };
    Some(format!("**{}**{of}：{said}。", first.payer))
}

fn levels(line: &BenefitLine) -> String {
    if line.levels.is_empty() {
        return "各级医院".to_owned();
    }
    line.levels.iter().map(|level| hospital(*level)).collect::<Vec<_>>().join("、")
}

/// A hospital level as a family knows it.
fn hospital(level: Level) -> &'static str {
    match level {
        Level::Village => "村卫生室",
        Level::Township => "乡镇卫生院",
        Level::Level1 => "一级医院",
        Level::Level2 => "县医院（二级）",
        Level::Level3 => "市医院（三级）",
        Level::Unrated => "未定级医院",
    }
}

fn yuan(amount: Fen) -> String {
    let text = amount.to_string();
    format!("{} 元", text.strip_suffix(".00").unwrap_or(&text))
}
