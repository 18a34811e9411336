//! 参保: who has to wait, what the year costs and who helps to pay it.

use chrono::NaiveDate;
use mingbai_domain::Fen;
use serde::Serialize;

use super::Pack;
use super::condition::Condition;
use super::resolved::Known;
use super::section::{PackError, Section};
use super::source::Citation;

/// Whom a waiting period meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WaitFor {
    /// 未在集中参保期内参保.
    Late,
    /// 未连续参保.
    Gap,
    /// Either.
    LateOrGap,
}

/// How long it lasts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum WaitLength {
    /// To 31 December of the year of enrolment.
    YearEnd,
    Months {
        fixed: u32,
        /// More for each year of the gap.
        per_gap_year: u32,
        /// Fewer for each of them paid for afterwards.
        per_repaid_year: u32,
        /// From so many years of gap on, at least so many months.
        least: Option<(u32, u32)>,
    },
}

/// What happens to a bill that begins inside the waiting period and ends after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Straddle {
    Split,
    ByAdmission,
}

/// 集中参保期截止: the last day of the yearly window, in the insured year or in the year before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Closing {
    pub(crate) year_before: bool,
    pub(crate) month: u32,
    pub(crate) day: u32,
}

impl Closing {
    /// The day for an insured year.
    pub(crate) fn of(self, year: i32) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(year - i32::from(self.year_before), self.month, self.day)
    }
}

/// 待遇等待期.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Waiting {
    pub(crate) payers: Vec<String>,
    /// The bills it is for; an empty one is for all.
    pub(crate) when: Condition,
    pub(crate) applies_to: WaitFor,
    pub(crate) length: WaitLength,
    /// `None`: the county is asked every year.
    pub(crate) closes: Option<Closing>,
    /// 出生后参保: whoever enrols within so many days of birth is insured from birth and never waits; 0 where there is no such rule.
    pub(crate) newborn_days: u32,
    pub(crate) straddle: Straddle,
    /// Identities that never wait.
    pub(crate) exempt: Vec<String>,
    pub(crate) citation: Citation,
}

/// 上年居民人均可支配收入, by the year it is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Income {
    pub(crate) year: i32,
    pub(crate) amount: Fen,
    pub(crate) citation: Citation,
}

/// What a person pays for a year, before help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PremiumRow {
    pub(crate) year: i32,
    pub(crate) tier: String,
    pub(crate) amount: Fen,
    pub(crate) citation: Citation,
}

/// 参保资助.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SubsidyRow {
    pub(crate) year: i32,
    pub(crate) tier: String,
    pub(crate) identity: Vec<String>,
    pub(crate) amount: Fen,
    pub(crate) citation: Citation,
}

/// What enrolment costs one person in one year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Premium {
    /// 个人缴费标准.
    pub amount: Fen,
    /// 资助, the highest of the identities held.
    pub subsidy: Fen,
    /// 自付.
    pub own: Fen,
    /// Where it says so.
    pub citations: Vec<Citation>,
}

impl Pack {
    /// The tiers of a year, in the pack's order.
    #[must_use]
    pub fn tiers(&self, year: i32) -> Vec<&str> {
        self.premiums.iter().filter(|row| row.year == year).map(|row| row.tier.as_str()).collect()
    }

    /// What a year of insurance costs a person holding these identities, in fen; `None` when the pack does not say.
    #[must_use]
    pub fn premium(&self, year: i32, tier: &str, identities: &[String]) -> Option<Premium> {
        let row = self.premiums.iter().find(|row| row.year == year && row.tier == tier)?;
        let helps = self.subsidies.iter().filter(|subsidy| subsidy.year == year && subsidy.tier == tier);
        let help = helps
            .filter(|subsidy| subsidy.identity.iter().any(|identity| identities.contains(identity)))
            .max_by_key(|subsidy| subsidy.amount);
        let subsidy = help.map_or(Fen::ZERO, |help| help.amount.min(row.amount));
        let citations = std::iter::once(&row.citation).chain(help.map(|help| &help.citation)).cloned().collect();
        Some(Premium { amount: row.amount, subsidy, own: row.amount - subsidy, citations })
    }
}

pub(super) fn read_waiting(s: &mut Section, known: &Known) -> Result<Vec<Waiting>, PackError> {
    let mut periods = Vec::new();
    for mut row in s.rows("waiting_period", "待遇等待期")? {
        let citation = known.citation(&mut row)?;
        let payers = row.texts("payers", "等待期内不支付的支付方")?;
        let applies_to = row.choice(
            "applies_to",
            "哪些人要等待",
            &[("late", WaitFor::Late), ("gap", WaitFor::Gap), ("late_or_gap", WaitFor::LateOrGap)],
        )?;
        let length = match row.section_or("months", "等待几个月", "year_end")? {
            None => WaitLength::YearEnd,
            Some(mut months) => {
                let length = WaitLength::Months {
                    fixed: months.count("fixed", "固定等待期月数")?,
                    per_gap_year: months.count("per_gap_year", "每断保一年增加月数")?,
                    per_repaid_year: months.count("per_repaid_year", "每补缴一年减少月数")?,
                    least: match months.section_or("least", "最短等待期", "none")? {
                        None => None,
                        Some(mut least) => {
                            let pair =
                                (least.count("gap_years", "断保年数达到")?, least.count("months", "不少于月数")?);
                            least.finish()?;
                            Some(pair)
                        }
                    },
                };
                months.finish()?;
                length
            }
        };
        let when = Condition::read_lists(&mut row, known)?;
        periods.push(Waiting {
            payers,
            when,
            applies_to,
            length,
            closes: read_closing(&mut row)?,
            newborn_days: row.count("newborn_days", "出生后多少天内参保的不等待")?,
            straddle: row.choice(
                "straddle",
                "跨过等待期的住院",
                &[("split", Straddle::Split), ("by_admission", Straddle::ByAdmission)],
            )?,
            exempt: row.identities("exempt", "不设等待期的身份", known)?,
            citation,
        });
        row.finish()?;
    }
    Ok(periods)
}

fn read_closing(row: &mut Section) -> Result<Option<Closing>, PackError> {
    let Some(mut closes) = row.section_or("closes", "集中参保期截止", "asked")? else { return Ok(None) };
    let year_before = closes.choice("year", "在哪一年", &[("before", true), ("same", false)])?;
    let text = closes.text("day", "月日")?;
    let parts = text.split_once('-').and_then(|(month, day)| Some((month.parse().ok()?, day.parse().ok()?)));
    let read = parts.map(|(month, day)| Closing { year_before, month, day });
    let wrong = || closes.wrong("day", "月日", "月-日，如“11-30”");
    let closing = read.filter(|closing| closing.of(2001).is_some()).ok_or_else(wrong)?;
    closes.finish()?;
    Ok(Some(closing))
}

pub(super) fn read_incomes(s: &mut Section, known: &Known) -> Result<Vec<Income>, PackError> {
    let mut incomes = Vec::new();
    for mut row in s.rows("income", "居民人均可支配收入")? {
        incomes.push(Income {
            year: row.year("year", "年度")?,
            amount: row.amount("amount", "金额")?,
            citation: known.citation(&mut row)?,
        });
        row.finish()?;
    }
    Ok(incomes)
}

pub(super) fn read_premiums(s: &mut Section, known: &Known) -> Result<Vec<PremiumRow>, PackError> {
    let mut premiums = Vec::new();
    for mut row in s.rows("premium", "个人缴费标准")? {
        premiums.push(PremiumRow {
            year: row.year("year", "年度")?,
            tier: row.text("tier", "档次")?,
            amount: row.amount("amount", "金额")?,
            citation: known.citation(&mut row)?,
        });
        row.finish()?;
    }
    Ok(premiums)
}

pub(super) fn read_subsidies(s: &mut Section, known: &Known) -> Result<Vec<SubsidyRow>, PackError> {
    let mut subsidies = Vec::new();
    for mut row in s.rows("premium_subsidy", "参保资助")? {
        subsidies.push(SubsidyRow {
            year: row.year("year", "年度")?,
            tier: row.text("tier", "档次")?,
            identity: row.identities("identity", "身份", known)?,
            amount: row.amount("amount", "金额")?,
            citation: known.citation(&mut row)?,
        });
        row.finish()?;
    }
    Ok(subsidies)
}
