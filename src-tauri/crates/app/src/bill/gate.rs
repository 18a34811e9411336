//! The one gate every settlement passes before it is written: typed from its sheet, changed in the general form, many at once,
//! or out of a file. What does not pass is refused with the fields at fault, and nothing of it is written.

use mingbai_domain::RecordId;
use mingbai_domain::catalogue::Settlement;
use mingbai_store::Reading;

use super::check::{may_correct, problems, refuse_twice};
use super::figures::{Fault, Figures, Rule, beside, impossible};
use crate::error::{AppError, ErrorCode};
use crate::policy::Packs;

/// 住院天数 that a paper can have: nobody stays longer in hospital, what says so is a day or a number of something else.
pub(crate) const STAY_DAYS: std::ops::RangeInclusive<i64> = 0..=3_660;

/// What whoever writes a settlement says along with it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Vouched<'v> {
    /// 票面如此: the paper itself contradicts itself so. That makes no amount possible which no paper can have.
    pub(crate) as_printed: bool,
    /// Why two papers bear one number.
    pub(crate) reason: Option<&'v str>,
    /// Whether a 结算单号 alone tells papers apart, as in an insurer's own file; otherwise a shared 票据号 is asked about too.
    pub(crate) number_decides: bool,
}

/// The gate of one action: it also remembers what goes through it and is not written yet.
pub(crate) struct Gate {
    packs: Packs,
    through: Vec<(Option<RecordId>, Settlement)>,
}

impl Gate {
    /// Nothing has gone through yet; the packs say what the item classes of a bill come to.
    pub(crate) fn new(packs: &Packs) -> Self {
        Self { packs: packs.clone(), through: Vec::new() }
    }

    /// Lets a settlement through as it would stand, or says why not. What `stored` holds already was let through before and
    /// is not asked about again.
    pub(crate) fn admit(
        &mut self,
        reading: Reading<'_>,
        id: Option<RecordId>,
        stored: Option<&Settlement>,
        bill: &Settlement,
        vouched: Vouched<'_>,
    ) -> Result<(), AppError> {
        let amounts = |bill: &Settlement| beside(bill).map(|(.., amount)| amount);
        if stored.is_some_and(|stored| Figures::of(stored) == Figures::of(bill) && stored.items == bill.items) {
            // What stands in no identity breaks none: a figure more is no reason to ask about the others again.
            if stored.is_none_or(|stored| amounts(stored) != amounts(bill)) {
                agree(&impossible(beside(bill)))?;
            }
        } else {
            let mut problems = problems(reading, &self.packs, id, bill)?;
            problems.retain(|fault| fault.rule == Rule::Amount || !vouched.as_printed);
            agree(&problems)?;
        }
        let days = |bill: &Settlement| bill.stay_days;
        if days(bill).is_some_and(|days| !STAY_DAYS.contains(&days)) && stored.and_then(days) != days(bill) {
            return Err(AppError::invalid("stay_days", "没有保存：住院天数不会是这样，请按票面改"));
        }
        if bill.discharged_on.is_some() && bill.admitted_on > bill.discharged_on {
            return Err(AppError::invalid("discharged_on", "出院日期早于入院日期"));
        }
        let links = |bill: &Settlement| (bill.corrects, bill.reversal == Some(true), bill.person);
        if stored.is_none_or(|stored| links(stored) != links(bill)) {
            may_correct(reading, id, bill)?;
        }
        if stored.is_none_or(|stored| numbers(stored) != numbers(bill)) {
            refuse_twice(reading, id, bill, vouched)?;
        }
        self.beside(id, bill, vouched)?;
        self.through.push((id, bill.clone()));
        Ok(())
    }

    /// Whether the same paper goes through twice in one action.
    fn beside(&self, id: Option<RecordId>, bill: &Settlement, vouched: Vouched<'_>) -> Result<(), AppError> {
        let others = || self.through.iter().filter(|(other, _)| id.is_none() || *other != id).map(|(_, other)| other);
        if bill.corrects.is_some() && others().any(|other| other.corrects == bill.corrects) {
            return Err(AppError::invalid("corrects", "同一批里有两张冲销的是同一张结算单"));
        }
        if bill.reversal == Some(true) || vouched.reason.is_some_and(|reason| !reason.trim().is_empty()) {
            return Ok(());
        }
        let counts = || others().filter(|other| other.reversal != Some(true));
        let own = number(&bill.number);
        if own.is_some() && counts().any(|other| number(&other.number) == own) {
            return Err(AppError::invalid("number", "结算单号和同一批里的另一张相同"));
        }
        let own = number(&bill.invoice).filter(|_| !(vouched.number_decides && bill.number.is_some()));
        if own.is_some() && counts().any(|other| number(&other.invoice) == own) {
            return Err(AppError::invalid("invoice", "票据号和同一批里的另一张相同"));
        }
        Ok(())
    }
}

fn numbers(bill: &Settlement) -> (Option<&str>, Option<&str>) {
    (number(&bill.number), number(&bill.invoice))
}

fn number(typed: &Option<String>) -> Option<&str> {
    typed.as_deref().map(str::trim).filter(|typed| !typed.is_empty())
}

/// Refuses figures that contradict each other, every fault with its field.
fn agree(problems: &[Fault]) -> Result<(), AppError> {
    let Some(first) = problems.first() else { return Ok(()) };
    let next = match first.rule {
        Rule::Amount => "票面上不会有这样的金额，请改过来再保存",
        _ => "票面确实这样写的，请在录入结算单的页上勾选“票面如此”再保存",
    };
    let error = AppError::new(ErrorCode::Validation, format!("没有保存：{}。{next}", first.said));
    let each = |error: AppError, fault: &Fault| error.field(fault.field.unwrap_or("total"), fault.said.clone());
    Err(problems.iter().fold(error, each))
}
