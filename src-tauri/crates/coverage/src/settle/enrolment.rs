//! Who pays nothing on a bill because the person is not insured that day, or has to wait.

use chrono::{Datelike, Months, NaiveDate};

use super::chain::Chain;
use crate::bill::{Bill, BillError};
use crate::pack::Citation;
use crate::pack::condition::Look;
use crate::pack::enrol::{Straddle, WaitFor, WaitLength, Waiting};
use crate::pack::resolved::PayerPlace;
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
    /// Why a payer pays nothing; `None` when it pays.
    #[inline]
    pub(super) fn reason<'p>(&self, chain: &Chain<'_, 'p>, place: usize) -> Option<Why<'p>> {
        if self.uninsured.is_empty() && self.waiting.is_empty() { None } else { self.search(chain, place) }
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
    /// Looks at the enrolment in force on the day of admission of somebody whose enrolments are known.
    pub(super) fn blocked(&self, bill: &Bill, case: &Case) -> Result<Blocked, BillError> {
        let mut blocked = Blocked::default();
        let Some(enrolment) = self.holder.enrolled_on(bill.admitted_on) else {
            blocked.uninsured = self.pack.resolved.insured_only;
            return Ok(blocked);
        };
        let held = self.holder.held_between(bill.admitted_on, bill.admitted_on);
        for (place, waiting) in self.pack.waiting.iter().enumerate() {
            let exempt = waiting.exempt.iter().filter_map(|key| self.pack.identity(key));
            if enrolment.special || exempt.into_iter().any(|identity| held.contains(identity)) {
                continue;
            }
            let Some(until) = last_day(waiting, enrolment).filter(|until| bill.admitted_on <= *until) else { continue };
            let concerned = waiting.straddle == Straddle::Split && self.concerns(place, case);
            if concerned && bill.discharged_on > until {
                return Err(BillError::StraddlesWaiting { until });
            }
            blocked.waiting.push((place, until));
        }
        Ok(blocked)
    }

    /// Whether a waiting period keeps any payer from this very bill.
    fn concerns(&self, period: usize, case: &Case) -> bool {
        let waits = self.pack.resolved.waiting.get(period).copied().unwrap_or_default();
        let payers = (0..).map(PayerPlace).zip(&self.pack.payers);
        payers
            .filter(|(place, _)| waits.contains(*place))
            .any(|(_, payer)| payer.mismatch(case, Look::Everything).is_none())
    }

    /// Whether the pack asks about enrolment and nothing is known of it.
    pub(super) fn enrolment_not_known(&self) -> bool {
        let asked = !self.pack.waiting.is_empty() || !self.pack.insured_only.is_empty();
        asked && !self.holder.enrolment_known()
    }
}

/// The last day somebody enrolled like this waits; `None` when they do not wait at all.
fn last_day(waiting: &Waiting, enrolment: &Enrolment) -> Option<NaiveDate> {
    let gap = enrolment.gap_years > 0;
    let waits = match waiting.applies_to {
        WaitFor::Late => enrolment.late,
        WaitFor::Gap => gap,
        WaitFor::LateOrGap => enrolment.late || gap,
    };
    if !waits {
        return None;
    }
    let months = match &waiting.length {
        WaitLength::YearEnd => return NaiveDate::from_ymd_opt(enrolment.from.year(), 12, 31),
        WaitLength::Months { fixed, per_gap_year, per_repaid_year, least } => {
            let more = enrolment.gap_years.saturating_mul(*per_gap_year);
            let fewer = enrolment.repaid_years.saturating_mul(*per_repaid_year);
            // Paying for missed years shortens the variable part only.
            let months = fixed.saturating_add(more.saturating_sub(fewer));
            match least {
                Some((years, least)) if enrolment.gap_years >= *years => months.max(*least),
                _ => months,
            }
        }
    };
    enrolment.from.checked_add_months(Months::new(months)).and_then(|first_day| first_day.pred_opt())
}
