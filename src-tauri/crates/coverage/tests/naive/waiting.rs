//! Who is not insured, and who has to wait after enrolling late or after years without insurance.

use chrono::{Datelike, Months, NaiveDate};
use mingbai_coverage::{Bill, Enrolment};
use toml::{Table, Value};

use super::Life;
use super::rows::{Facts, applies, rows, text};

fn strings(value: &Value) -> Vec<String> {
    value.as_array().expect("a list").iter().map(|word| word.as_str().expect("text").to_owned()).collect()
}

/// The last day of waiting; `None` for somebody who does not wait.
fn last_day(waiting: &Table, enrolment: &Enrolment) -> Option<NaiveDate> {
    let broken = enrolment.gap_years > 0;
    let waits = match text(waiting, "applies_to") {
        "late" => enrolment.late,
        "gap" => broken,
        _ => enrolment.late || broken,
    };
    if !waits {
        return None;
    }
    let Some(length) = waiting["months"].as_table() else {
        return NaiveDate::from_ymd_opt(enrolment.from.year(), 12, 31);
    };
    let number = |table: &Table, key: &str| table[key].as_integer().expect("a number");
    let (gap, repaid) = (i64::from(enrolment.gap_years), i64::from(enrolment.repaid_years));
    let variable = gap * number(length, "per_gap_year") - repaid * number(length, "per_repaid_year");
    let mut months = number(length, "fixed") + variable.max(0);
    if let Some(least) = length["least"].as_table()
        && gap >= number(least, "gap_years")
    {
        months = months.max(number(least, "months"));
    }
    let first_day = enrolment.from + Months::new(u32::try_from(months).expect("months"));
    first_day.pred_opt()
}

impl Life<'_> {
    /// Payers that pay nothing on a bill whatever it says; `None` for a stay that goes on beyond the waiting of a payer it is
    /// for, and has to come in two parts. Somebody of whom no enrolment is known counts as insured.
    pub(super) fn unpaid(&self, bill: &Bill, facts: &Facts<'_>) -> Option<Vec<String>> {
        let day = bill.admitted_on;
        let insured = self.person.enrolments.iter().filter(|e| e.from <= day && e.until.is_none_or(|last| day <= last));
        let Some(enrolment) = insured.max_by_key(|enrolment| enrolment.from) else {
            let known = !self.person.enrolments.is_empty();
            return Some(if known { strings(&self.pack["insured_only"]) } else { Vec::new() });
        };
        let mut unpaid = Vec::new();
        for waiting in rows(self.pack, "waiting_period") {
            let exempt = strings(&waiting["exempt"]).into_iter().any(|key| {
                let held = self.person.identities.iter().filter(|period| period.identity == key);
                let mut held = held.filter(|period| period.from.is_none_or(|from| from <= day));
                held.any(|period| period.until.is_none_or(|until| day <= until))
            });
            let until = last_day(waiting, enrolment).filter(|until| day <= *until);
            let Some(until) = until.filter(|_| !exempt && !enrolment.special) else { continue };
            let waits = strings(&waiting["payers"]);
            let mut concerned = rows(self.pack, "payer").into_iter().filter(|payer| applies(payer, facts));
            let concerned = concerned.any(|payer| waits.iter().any(|key| key == text(payer, "key")));
            if text(waiting, "straddle") == "split" && concerned && bill.discharged_on > until {
                return None;
            }
            unpaid.extend(waits);
        }
        Some(unpaid)
    }
}
