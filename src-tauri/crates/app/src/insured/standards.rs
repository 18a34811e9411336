//! 参保资助标准: what people of a category pay themselves and what is paid for them, as the county's lists have it.

use chrono::NaiveDate;
use mingbai_coverage::Pack;
use mingbai_domain::{Fen, code};
use mingbai_store::Reading;

use crate::county_list;
use crate::error::AppError;

/// The kind of the county's own lists.
const KIND: &str = "subsidy";

/// What one category pays and gets in one year. A line: year, category, way, own payment, subsidy, source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Standard {
    pub(crate) year: i64,
    /// A code of `aid_identity`; `ordinary` for whoever holds none.
    pub(crate) identity: String,
    /// 全额, 定额 or 不资助.
    pub(crate) way: &'static str,
    pub(crate) own_payment: Fen,
    pub(crate) subsidy: Fen,
    pub(crate) source: String,
}

/// The standards of all years, the newest list last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Standards(Vec<Standard>);

/// Ways of subsidy as a list may write them.
const WAYS: [&str; 3] = ["全额", "定额", "不资助"];

impl Standards {
    /// Why a list cannot be used: the first line at fault.
    pub(crate) fn check(text: &str) -> Result<(), String> {
        Self::parse(text).map(drop)
    }

    /// # Errors
    /// The first line that says no year, category, way or amounts.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let lines = text.lines().enumerate().skip(1).filter(|(_, line)| !line.trim().is_empty());
        let read = |(number, line): (usize, &str)| {
            standard(line).ok_or_else(|| {
                format!("第 {} 行写得不对（应是 年度、类别、方式、个人缴费、资助金额、依据）：{line}", number + 1)
            })
        };
        lines.map(read).collect::<Result<Vec<_>, _>>().map(Self)
    }

    /// The standards in force on a day.
    pub(crate) fn read(reading: Reading<'_>, today: NaiveDate) -> Result<Self, AppError> {
        let lists = county_list::in_force(reading, KIND, today)?;
        let read = lists.iter().filter_map(|list| Self::parse(list.body.as_deref()?).ok());
        Ok(Self(read.flat_map(|list| list.0).collect()))
    }

    /// The standard for somebody who holds these identities in a year: the one with the highest subsidy; of two lists of the
    /// same category the newer.
    pub(crate) fn of(&self, year: i64, identities: &[String]) -> Option<&Standard> {
        let held = identities.iter().filter_map(|identity| self.line(year, identity));
        held.max_by_key(|standard| standard.subsidy).or_else(|| self.line(year, "ordinary"))
    }

    fn line(&self, year: i64, identity: &str) -> Option<&Standard> {
        self.0.iter().rev().find(|one| one.year == year && one.identity == identity)
    }

    /// The standards of a year, one a category.
    pub(crate) fn of_year(&self, year: i64) -> Vec<&Standard> {
        let mut found: Vec<&Standard> = Vec::new();
        for one in self.0.iter().rev().filter(|one| one.year == year) {
            if !found.iter().any(|known| known.identity == one.identity) {
                found.push(one);
            }
        }
        found.reverse();
        found
    }
}

impl Standard {
    /// What a pack says of a year's first tier for somebody who holds these identities.
    pub(crate) fn of_pack(pack: &Pack, year: i64, identities: &[String]) -> Option<Self> {
        let of_year = i32::try_from(year).ok()?;
        let premium = pack.premium(of_year, pack.tiers(of_year).first()?, identities)?;
        let way = match (premium.subsidy, premium.own) {
            (Fen::ZERO, _) => "不资助",
            (_, Fen::ZERO) => "全额",
            _ => "定额",
        };
        let sources: Vec<String> = premium.citations.iter().map(mingbai_coverage::pack::Citation::text).collect();
        Some(Self {
            year,
            identity: identities.first().cloned().unwrap_or_else(|| "ordinary".to_owned()),
            way,
            own_payment: premium.own,
            subsidy: premium.subsidy,
            source: sources.join("；"),
        })
    }
}

fn standard(line: &str) -> Option<Standard> {
    let mut columns = line.split('\t').map(str::trim);
    let year = columns.next()?.parse().ok().filter(|year| (1990..=2200).contains(year))?;
    let identity = code::resolve("aid_identity", columns.next()?)?.to_owned();
    let said = columns.next()?;
    let way = WAYS.into_iter().find(|way| *way == said)?;
    let money = |text: &str| Fen::parse(text).ok().filter(|amount| *amount >= Fen::ZERO);
    let (own_payment, subsidy) = (money(columns.next()?)?, money(columns.next()?)?);
    let source = columns.next().filter(|source| !source.is_empty())?.to_owned();
    Some(Standard { year, identity, way, own_payment, subsidy, source })
}

#[cfg(test)]
mod tests {
    use mingbai_domain::Fen;

    use super::Standards;

    const EXAMPLE: &str = include_str!("../../../../../assets/lists/subsidy-chongqing-2025.tsv");

    fn held(codes: &[&str]) -> Vec<String> {
        codes.iter().map(|&code| code.to_owned()).collect()
    }

    #[test]
    fn the_example_list_reads_and_own_payment_and_subsidy_of_every_category_make_the_premium() {
        let standards = Standards::parse(EXAMPLE).unwrap();
        let of_year = standards.of_year(2025);
        assert!(of_year.len() >= 6);
        assert!(of_year.iter().all(|one| one.own_payment + one.subsidy == Fen::from_yuan(400)));
        assert_eq!(standards.of(2025, &held(&["subsistence"])).unwrap().own_payment, Fen::from_yuan(40));
        assert_eq!(standards.of(2024, &held(&["subsistence"])), None);
    }

    #[test]
    fn somebody_of_two_categories_gets_the_higher_subsidy_and_somebody_of_none_the_ordinary_line() {
        let standards = Standards::parse(EXAMPLE).unwrap();
        let both = standards.of(2025, &held(&["monitored", "extreme_poverty"])).unwrap();
        assert_eq!(both.identity, "extreme_poverty");
        assert_eq!(standards.of(2025, &[]).unwrap().subsidy, Fen::ZERO);
    }

    #[test]
    fn a_line_without_a_category_the_register_knows_is_named() {
        let wrong = "年度\t类别\t方式\t个人缴费\t资助金额\t依据\n2025\t困难户\t定额\t40\t360\t文件";
        assert!(Standards::check(wrong).unwrap_err().starts_with("第 2 行"));
    }
}
