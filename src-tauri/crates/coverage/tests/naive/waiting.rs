//! Who is not insured, and who has to wait after enrolling late or after years without insurance.

use chrono::{Datelike, Months, NaiveDate};
use mingbai_coverage::{Bill, Enrolment};
use toml::{Table, Value};

use super::Life;
use super::met::Met;
use super::rows::{Facts, applies, holds, rows, text};

fn strings(value: &Value) -> Vec<String> {
    value.as_array().expect("a list").iter().map(|word| word.as_str().expect("text").to_owned()).collect()
}

/// The last day of waiting; `None` for somebody who does not wait.
fn last_day(waiting: &Table, enrolment: &Enrolment, year: i32) -> Option<NaiveDate> {
    if let (Some(_), Some(entitled)) = (waiting["months"].as_table(), enrolment.entitled_from) {
        return entitled.pred_opt();
    }
    let closing = waiting["closes"].as_table().map(|closes| {
        let of = year - i32::from(text(closes, "year") == "before");
        format!("{of}-{}", text(closes, "day")).parse::<NaiveDate>().expect("a day")
    });
    let by_day = enrolment.paid_on.zip(closing).map(|(paid, closing)| paid > closing);
    // Nobody knows when 职工医保 ended, so coming over from it late is no reason to wait.
    let late = by_day.or(enrolment.late).unwrap_or(false) && !enrolment.from_employees;
    let broken = enrolment.gap_years.is_some_and(|years| years > 0);
    let waits = match text(waiting, "applies_to") {
        "late" => late,
        "gap" => broken,
        _ => late || broken,
    };
    if !waits {
        return None;
    }
    let Some(length) = waiting["months"].as_table() else {
        return NaiveDate::from_ymd_opt(enrolment.from.year(), 12, 31);
    };
    let number = |table: &Table, key: &str| table[key].as_integer().expect("a number");
    let (gap, repaid) = (i64::from(enrolment.gap_years.unwrap_or(0)), i64::from(enrolment.repaid_years));
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
    /// for or over the first or last day of insurance, and has to come in two parts, and for one of somebody with 职工医保.
    /// Somebody of whom no enrolment is known counts as insured, unless the register itself was asked.
    pub(super) fn unpaid(&self, bill: &Bill, facts: &Facts<'_>, met: &mut Vec<Met>) -> Option<Vec<String>> {
        let day = bill.admitted_on;
        let newborn = |enrolment: &Enrolment, days: i64| {
            let age = self.person.born.map(|born| (enrolment.paid_on.unwrap_or(enrolment.from) - born).num_days());
            days > 0 && age.is_some_and(|age| age >= 0 && age <= days)
        };
        let days = |waiting: &Table| waiting["newborn_days"].as_integer().expect("days");
        let most = rows(self.pack, "waiting_period").into_iter().map(days).max().unwrap_or(0);
        let begins = |e: &Enrolment| if newborn(e, most) { self.person.born.expect("a birth date") } else { e.from };
        let all = &self.person.enrolments;
        let on =
            |day: NaiveDate| all.iter().filter(move |e| begins(e) <= day && e.until.is_none_or(|last| day <= last));
        let known_not = |day: NaiveDate| {
            let this_year = |other: NaiveDate| other.year() == day.year();
            let by_enrolment = all.iter().any(|e| {
                (this_year(begins(e)) && day < begins(e)) || e.until.is_some_and(|last| this_year(last) && last < day)
            });
            let said = self.person.uninsured.iter().any(|period| (period.from..=period.until).contains(&day));
            on(day).next().is_none() && !self.person.employees.contains(&day.year()) && (by_enrolment || said)
        };
        let insured_only = strings(&self.pack["insured_only"]);
        let for_any = |keys: &[String]| {
            let mut payers = rows(self.pack, "payer").into_iter().filter(|payer| applies(payer, facts));
            payers.any(|payer| keys.iter().any(|key| key == text(payer, "key")))
        };
        // 待遇享受前后的费用分别结清：day by day, as far as it is known.
        let out = bill.discharged_on;
        let known = day.iter_days().take_while(|day| *day <= out).filter_map(|day| match on(day).next() {
            Some(_) => Some(true),
            None => known_not(day).then_some(false),
        });
        let mut known = known.collect::<Vec<_>>();
        known.dedup();
        if known.len() > 1 && for_any(&insured_only) {
            met.push(Met::StraddlesInsurance);
            met.extend((known.len() > 2).then_some(Met::InsuredBetween));
            return None;
        }
        let free_of_waiting = |waiting: &Table| {
            strings(&waiting["exempt"]).into_iter().any(|key| {
                let held = self.person.identities.iter().filter(|period| period.identity == key);
                let mut held = held.filter(|period| period.from.is_none_or(|from| from <= day));
                held.any(|period| period.until.is_none_or(|until| day <= until))
            })
        };
        let Some(enrolment) = on(day).max_by_key(|enrolment| begins(enrolment)) else {
            if self.person.employees.contains(&day.year()) {
                return None;
            }
            if known_not(day) {
                met.push(Met::NotInsured);
                return Some(insured_only);
            }
            // Who has looked the whole register through and found nothing cannot say that nobody waits.
            let waits = |waiting: &&Table| holds(waiting, facts) && !free_of_waiting(waiting);
            let mut asked = rows(self.pack, "waiting_period").into_iter().filter(waits);
            if self.person.registered && asked.any(|waiting| for_any(&strings(&waiting["payers"]))) {
                met.push(Met::NothingRegistered);
                return None;
            }
            return Some(Vec::new());
        };
        let mut unpaid = Vec::new();
        for waiting in rows(self.pack, "waiting_period") {
            if !holds(waiting, facts) {
                met.push(Met::WaitOfOthers);
                continue;
            }
            let until = last_day(waiting, enrolment, day.year()).filter(|until| day <= *until);
            let free = free_of_waiting(waiting) || enrolment.special || newborn(enrolment, days(waiting));
            let Some(until) = until.filter(|_| !free) else { continue };
            let waits = strings(&waiting["payers"]);
            if text(waiting, "straddle") == "split" && for_any(&waits) && bill.discharged_on > until {
                return None;
            }
            unpaid.extend(waits);
        }
        Some(unpaid)
    }
}
