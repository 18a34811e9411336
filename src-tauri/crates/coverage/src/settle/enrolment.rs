//! Who pays nothing on a bill because the person is not insured that day, or has to wait.

use chrono::{Datelike, Months, NaiveDate};

use super::chain::Chain;
use crate::bill::{Bill, BillError};
use crate::pack::Citation;
use crate::pack::condition::Look;
use crate::pack::enrol::{Straddle, WaitFor, WaitLength, Waiting};
use crate::pack::resolved::{Insured, PayerPlace, is_newborn};
use crate::pack::situation::Case;
use crate::person::Enrolment;
use crate::set::Set;

/// Payers that pay nothing on this bill, and why.
#[derive(Debug, Default)]
pub(super) struct Blocked {
    /// Payers of the insured alone, when the person is not insured.
    uninsured: Set<PayerPlace>,
    /// Places of the waiting periods the bill falls into, with their last day.
    waiting: Vec<(usize, NaiveDate)>,
    /// Whether nothing at all is recorded of an enrolment that a rule asks for.
    unrecorded: bool,
    /// What else is not known of the enrolment though a rule asks for it.
    not_known: Vec<&'static str>,
}

/// Why a payer pays nothing on a bill.
pub(super) enum Why<'p> {
    Uninsured(&'p Citation),
    Waiting(&'p Waiting, NaiveDate),
}

impl<'p> Why<'p> {
    pub(super) fn words(&self) -> String {
        match self {
            Self::Uninsured(_) => "就诊时没有参保".to_owned(),
            Self::Waiting(_, until) => format!("待遇等待期至{until}，等待期内不支付"),
        }
    }

    pub(super) fn citation(&self) -> &'p Citation {
        match self {
            Self::Uninsured(citation) => citation,
            Self::Waiting(waiting, _) => &waiting.citation,
        }
    }
}

impl Blocked {
    /// What is not known of the enrolment, for the reader of a bill.
    pub(super) fn not_known(&self) -> impl Iterator<Item = &'static str> {
        let unrecorded = self.unrecorded.then_some("没有这一年的参保记录，不能核对等待期，按正常参保计算");
        unrecorded.into_iter().chain(self.not_known.iter().copied())
    }

    /// Whether it keeps nobody from paying.
    pub(super) fn nobody(&self) -> bool {
        self.uninsured.is_empty() && self.waiting.is_empty()
    }

    /// Why a payer pays nothing; `None` when it pays.
    #[inline]
    pub(super) fn reason<'p>(&self, chain: &Chain<'_, 'p>, place: usize) -> Option<Why<'p>> {
        if self.nobody() { None } else { self.search(chain, place) }
    }

    fn search<'p>(&self, chain: &Chain<'_, 'p>, place: usize) -> Option<Why<'p>> {
        let pack = chain.pack;
        let payer = PayerPlace(u8::try_from(place).ok()?);
        if self.uninsured.contains(payer) {
            return pack.switch("insured_only").map(|(_, citation)| Why::Uninsured(citation));
        }
        let waits = |(place, _): &&(usize, NaiveDate)| {
            pack.resolved.waiting.get(*place).is_some_and(|payers| payers.contains(payer))
        };
        let (period, until) = self.waiting.iter().filter(waits).max_by_key(|(_, until)| *until)?;
        Some(Why::Waiting(pack.waiting.get(*period)?, *until))
    }
}

impl Chain<'_, '_> {
    /// Looks at the enrolment in force on the day of admission of somebody whose enrolments are known; `blocked` comes as
    /// nobody.
    #[inline(always)]
    pub(super) fn block(&self, bill: &Bill, case: &Case, blocked: &mut Blocked) -> Result<(), BillError> {
        let asked = !self.pack.waiting.is_empty() || !self.pack.insured_only.is_empty();
        // Where nothing is said of insurance there is nothing to look at; 职工医保 concerns every pack, whatever it asks.
        if self.holder.is_unrecorded() || (!asked && self.holder.employees.is_empty()) {
            blocked.unrecorded = asked;
            return Ok(());
        }
        self.block_by_record(bill, case, asked, blocked)
    }

    fn block_by_record(&self, bill: &Bill, case: &Case, asked: bool, blocked: &mut Blocked) -> Result<(), BillError> {
        let waits = |waiting: &Waiting| {
            let held = self.holder.held_between(bill.admitted_on, bill.admitted_on);
            let mut exempt = waiting.exempt.iter().filter_map(|key| self.pack.identity(key));
            !exempt.any(|identity| held.contains(identity))
        };
        self.check_whole_stay(bill, case)?;
        let enrolment = match self.holder.insured_on(bill.admitted_on) {
            Insured::Yes(enrolment) => enrolment,
            Insured::No => {
                blocked.uninsured = self.pack.resolved.insured_only;
                return Ok(());
            }
            Insured::Employees => {
                return Err(BillError::EmployeesInsured { year: bill.admitted_on.year() });
            }
            Insured::NotKnown => {
                let mut periods = self.pack.waiting.iter().enumerate();
                if self.holder.registered && periods.any(|(place, one)| waits(one) && self.concerns(place, case)) {
                    return Err(BillError::EnrolmentUnknown { year: bill.admitted_on.year() });
                }
                blocked.unrecorded = asked;
                return Ok(());
            }
        };
        for (place, waiting) in self.pack.waiting.iter().enumerate() {
            let born = self.holder.born.filter(|born| is_newborn(enrolment, *born, waiting.newborn_days));
            if !waiting.when.holds(case) || enrolment.special || born.is_some() || !waits(waiting) {
                continue;
            }
            let until = last_day(waiting, enrolment, bill.admitted_on.year(), &mut blocked.not_known);
            let Some(until) = until.filter(|until| bill.admitted_on <= *until) else { continue };
            let concerned = waiting.straddle == Straddle::Split && self.concerns(place, case);
            if concerned && bill.discharged_on > until {
                return Err(BillError::StraddlesWaiting { until });
            }
            blocked.waiting.push((place, until));
        }
        Ok(())
    }

    /// Whether a waiting period keeps any payer from this very bill.
    fn concerns(&self, period: usize, case: &Case) -> bool {
        let is_for = |waiting: &Waiting| waiting.when.holds(case);
        self.pack.waiting.get(period).is_some_and(is_for)
            && self.any_applies(self.pack.resolved.waiting.get(period).copied().unwrap_or_default(), case)
    }

    /// Whether any of these payers is for this very bill.
    fn any_applies(&self, payers: Set<PayerPlace>, case: &Case) -> bool {
        let all = (0..).map(PayerPlace).zip(&self.pack.payers);
        all.filter(|(place, _)| payers.contains(*place))
            .any(|(_, payer)| payer.mismatch(case, Look::Everything).is_none())
    }

    /// A stay during which insurance begins or ends has to come in two bills, where somebody who pays
    /// for the insured only would pay one of them.
    fn check_whole_stay(&self, bill: &Bill, case: &Case) -> Result<(), BillError> {
        if bill.discharged_on == bill.admitted_on {
            return Ok(());
        }
        if let Some(next) = self.holder.changes_between(bill.admitted_on, bill.discharged_on)
            && self.any_applies(self.pack.resolved.insured_only, case)
        {
            let last = next.pred_opt().unwrap_or(next);
            return Err(BillError::StraddlesInsurance { last, next });
        }
        Ok(())
    }
}

/// The last day somebody enrolled like this waits; `None` when they do not wait at all. What would have to be known for it
/// and is not is noted, and does not make anybody wait.
fn last_day(
    waiting: &Waiting,
    enrolment: &Enrolment,
    year: i32,
    not_known: &mut Vec<&'static str>,
) -> Option<NaiveDate> {
    let by_months = waiting.length != WaitLength::YearEnd;
    if let Some(entitled) = enrolment.entitled_from.filter(|_| by_months) {
        return entitled.pred_opt();
    }
    let closes = waiting.closes.and_then(|closes| closes.of(year));
    let late = enrolment.paid_on.zip(closes).map(|(paid, closes)| paid > closes).or(enrolment.late);
    let gap = enrolment.gap_years.map(|years| years > 0);
    let (asks_late, asks_gap) = (waiting.applies_to != WaitFor::Gap, waiting.applies_to != WaitFor::Late);
    let (is_late, is_broken) = (asks_late && late == Some(true), asks_gap && gap == Some(true));
    let mut note = |said: &'static str| {
        if !not_known.contains(&said) {
            not_known.push(said);
        }
    };
    if is_late && !is_broken && enrolment.from_employees {
        note("由职工医保转来，没有停保日期，不能核对等待期，按不等待计算；医保定了待遇起始日期的，请登记在参保里");
        return None;
    }
    if !is_late && !is_broken {
        if asks_late && late.is_none() {
            match enrolment.paid_on {
                None => note("没有缴费日期，按集中参保期内参保计算"),
                Some(_) => note("没有集中参保期的截止日，按集中参保期内参保计算"),
            }
        }
        if asks_gap && gap.is_none() {
            note("没有上一年的参保记录，按没有断保计算");
        }
        return None;
    }
    let gap_years = enrolment.gap_years.unwrap_or_default();
    let months = match &waiting.length {
        WaitLength::YearEnd => return NaiveDate::from_ymd_opt(enrolment.from.year(), 12, 31),
        WaitLength::Months { fixed, per_gap_year, per_repaid_year, least } => {
            let more = gap_years.saturating_mul(*per_gap_year);
            let fewer = enrolment.repaid_years.saturating_mul(*per_repaid_year);
            // Paying for missed years shortens the variable part only.
            let months = fixed.saturating_add(more.saturating_sub(fewer));
            match least {
                Some((years, least)) if gap_years >= *years => months.max(*least),
                _ => months,
            }
        }
    };
    enrolment.from.checked_add_months(Months::new(months)).and_then(|first_day| first_day.pred_opt())
}
