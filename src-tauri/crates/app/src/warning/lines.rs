//! The county's lines: how much of its own money a household may have to spend before somebody must look.

use chrono::NaiveDate;
use mingbai_domain::Fen;
use mingbai_store::Reading;

use crate::dto::WarningLine;
use crate::error::AppError;
use crate::quality::Limits;

/// Columns: year (empty for every year), key, value, source.
const SHIPPED: &str = include_str!("../../../../../assets/rules/warning.tsv");
/// The kind of the county's own lists.
const KIND: &str = "warning";

/// The lines of one year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lines {
    /// 因病致贫: a share of last year's income, of a household's in-scope self-pay.
    pub(crate) illness_poverty: Option<Fen>,
    /// 防返贫监测: an amount of a household's whole self-pay, where the county has one.
    pub(crate) monitoring: Option<Fen>,
    /// From how many percent of a line somebody is near it.
    pub(crate) near: i64,
    /// Most a person pays of bills in the county, percent.
    pub(crate) self_pay: i64,
    /// Least that 大病保险 pays above its line, percent.
    pub(crate) critical_rate: i64,
    /// Least share of visits in the county, percent.
    pub(crate) in_region: i64,
    /// Share of the income that makes the line, percent.
    illness_percent: i64,
    income: Option<Fen>,
}

impl Lines {
    pub(crate) fn read(reading: Reading<'_>, today: NaiveDate, year: i32) -> Result<Self, AppError> {
        Ok(Self::of(&Limits::with(SHIPPED, reading, KIND, today)?, year))
    }

    /// What is shipped, without a county's own.
    #[cfg(test)]
    pub(crate) fn shipped() -> Self {
        Self::of(&Limits::of(SHIPPED), 2026)
    }

    fn of(limits: &Limits, year: i32) -> Self {
        let percent = |key, or| limits.number(key, year).filter(|share| (1..=100).contains(share)).unwrap_or(or);
        let illness_percent = percent("illness_poverty_percent", 25);
        let income = limits.money("income_per_capita", year).filter(|income| *income > Fen::ZERO);
        let of_income = |income: Fen| Fen(income.0.saturating_mul(illness_percent) / 100);
        Self {
            illness_poverty: limits.money("illness_poverty_line", year).or(income.map(of_income)),
            monitoring: limits.money("monitoring_line", year),
            near: percent("near_percent", 80),
            self_pay: percent("self_pay_percent", 10),
            critical_rate: percent("critical_rate_percent", 50),
            in_region: percent("in_region_percent", 95),
            illness_percent,
            income,
        }
    }

    /// The lines as the page shows them.
    pub(crate) fn shown(&self) -> Vec<WarningLine> {
        let line = |key: &str, label: &str, amount: Option<Fen>, source: String| WarningLine {
            key: key.to_owned(),
            label: label.to_owned(),
            amount: amount.map(|amount| amount.0),
            source,
        };
        let said = match self.income {
            Some(income) => format!("上年居民人均可支配收入 {income} 元的 {}%", self.illness_percent),
            None if self.illness_poverty.is_some() => "县里定的".to_owned(),
            None => format!("上年居民人均可支配收入的 {}%；县里还没有登记收入", self.illness_percent),
        };
        let monitoring = if self.monitoring.is_some() { "县里定的" } else { "县里没有定" };
        vec![
            line("illness_poverty", "因病致贫线（户，政策范围内自付）", self.illness_poverty, said),
            line("monitoring", "防返贫监测线（户，个人支付）", self.monitoring, monitoring.to_owned()),
        ]
    }

    /// Whether an amount has reached a line or is near it.
    pub(crate) fn against(&self, amount: Fen, line: Fen) -> Reach {
        if amount >= line {
            Reach::Over
        } else if i128::from(amount.0) * 100 >= i128::from(line.0) * i128::from(self.near) {
            Reach::Near
        } else {
            Reach::Below
        }
    }

    /// Whether a share passes the limit of self-pay: exactly the limit does not.
    pub(crate) fn too_much(&self, personal: Fen, total: Fen) -> bool {
        total > Fen::ZERO && i128::from(personal.0) * 100 > i128::from(total.0) * i128::from(self.self_pay)
    }
}

/// How far an amount is from a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reach {
    Below,
    Near,
    Over,
}

#[cfg(test)]
mod tests {
    use mingbai_domain::Fen;

    use super::{Lines, Reach, SHIPPED};
    use crate::quality::Limits;

    fn lines(own: &str) -> Lines {
        let mut limits = Limits::of(SHIPPED);
        limits.take(own);
        Lines::of(&limits, 2026)
    }

    #[test]
    fn without_the_countys_word_on_income_there_is_no_line_and_with_it_a_quarter_of_it() {
        assert_eq!(lines("").illness_poverty, None);
        let county = lines("2026\tincome_per_capita\t24000\t县统计公报\n\tnear_percent\t90\t县里定的");
        assert_eq!(county.illness_poverty, Some(Fen::from_yuan(6_000)));
        assert_eq!(county.near, 90);
        assert_eq!(lines("2025\tincome_per_capita\t24000\t上年的").illness_poverty, None);
    }

    #[test]
    fn near_begins_at_its_share_of_the_line_and_over_at_the_line_itself() {
        let lines = lines("");
        let line = Fen(10_000);
        assert_eq!(lines.against(Fen(7_999), line), Reach::Below);
        assert_eq!(lines.against(Fen(8_000), line), Reach::Near);
        assert_eq!(lines.against(Fen(10_000), line), Reach::Over);
        assert!(!lines.too_much(Fen(1_000), Fen(10_000)) && lines.too_much(Fen(1_001), Fen(10_000)));
    }
}
