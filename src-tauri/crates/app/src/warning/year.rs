//! A person's year of bills, summed as the lines look at it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use mingbai_coverage::{Column, PayerAmount, Person as Insured};
use mingbai_domain::catalogue::Settlement;
use mingbai_domain::{Fen, RecordId};
use mingbai_store::query::BillFilter;
use mingbai_store::{Reading, Row};

use crate::bill::{Judged, JudgedYear, Windows, YearEnd, fit, insured_by, judge_year};
use crate::dto::Coded;
use crate::error::AppError;
use crate::policy::Packs;
use crate::threshold::{self, Threshold};

/// What bills come to. `rule` is of bills in the county, in hospital or for a chronic illness: those of the 10 % rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sums {
    pub(crate) bills: i64,
    pub(crate) total: Fen,
    pub(crate) in_scope: Fen,
    pub(crate) personal: Fen,
    pub(crate) in_scope_personal: Fen,
}

impl Sums {
    pub(crate) fn add(&mut self, other: &Self) {
        self.bills += other.bills;
        self.total += other.total;
        self.in_scope += other.in_scope;
        self.personal += other.personal;
        self.in_scope_personal += other.in_scope_personal;
    }

    /// What was really paid on one bill. What the sheet leaves open follows from what it says: the parts make the whole.
    pub(crate) fn of(record: &Settlement) -> Self {
        let of = |amount: Option<Fen>| amount.unwrap_or_default();
        let total = of(record.total);
        let outside = of(record.own_expense) + of(record.over_limit) + of(record.pre_self_pay);
        let in_scope = record.in_scope.unwrap_or((total - outside).at_least_zero());
        let paid = of(record.paid_basic) + of(record.paid_critical) + of(record.paid_aid) + of(record.paid_other);
        let rest = (total - paid - of(record.hospital_borne)).at_least_zero();
        let personal = record.paid_personal.unwrap_or(rest);
        let in_scope_personal = (in_scope - paid).at_least_zero().min(personal);
        Self { bills: 1, total, in_scope, personal, in_scope_personal }
    }
}

impl Sums {
    /// As [`Sums::of`], less what commercial and employees' insurance paid: what the family is left to bear.
    fn burden(record: &Settlement) -> Self {
        let sums = Self::of(record);
        let personal = (sums.personal - record.paid_back_later()).at_least_zero();
        let commercial = record.paid_commercial.unwrap_or_default();
        let in_scope_personal = (sums.in_scope - record.paid() - commercial).at_least_zero().min(personal);
        Self { personal, in_scope_personal, ..sums }
    }

    /// Takes off what was paid later and on no bill.
    fn less(&mut self, paid: Fen) {
        self.personal = (self.personal - paid).at_least_zero();
        self.in_scope_personal = (self.in_scope_personal - paid).at_least_zero();
    }
}

/// Whether the limit of one tenth is for this bill.
pub(crate) fn is_ruled(record: &Settlement) -> bool {
    record.hospital_area.as_deref() == Some("county")
        && matches!(record.care_kind.as_deref(), Some("inpatient" | "chronic_outpatient"))
}

/// One person's year.
pub(crate) struct PersonYear {
    pub(crate) person: RecordId,
    pub(crate) household: RecordId,
    pub(crate) name: String,
    pub(crate) village: String,
    /// What they are today, as the pack sees it.
    pub(crate) identities: Vec<Coded>,
    pub(crate) bills: Vec<Row<Settlement>>,
    /// How many of them no pack can settle.
    pub(crate) unjudged: usize,
    /// What the family is left to bear, by all bills.
    pub(crate) all: Sums,
    /// By the sheets of the bills that the limit of one tenth is for.
    pub(crate) ruled: Sums,
    /// What the sheets of all bills left to the person.
    sheets: Fen,
    /// Lines of payers that begin above a yearly amount.
    pub(crate) thresholds: Vec<Threshold>,
    /// What 大病保险 really paid, and what lay above its line.
    pub(crate) critical: (Fen, Fen),
    /// What payers that settle once a year still owe at its end, and who.
    pub(crate) at_end: Option<(Fen, String)>,
}

impl PersonYear {
    pub(crate) fn records(&self) -> impl Iterator<Item = &Settlement> {
        self.bills.iter().map(|bill| &bill.record)
    }

    /// Takes in what was paid at the year's end: it is money of the year that the person did not have to pay, on no bill.
    fn close(&mut self, end: &YearEnd) {
        let paid: Fen = end.payments.iter().map(|row| row.record.paid()).sum();
        // It is told for the year and not by bill: the bills of the 10 % rule take their share of what was left to pay.
        self.ruled.less(share(paid, self.ruled.personal, self.sheets));
        self.all.less(paid);
        if self.critical.1 > Fen::ZERO {
            self.critical.0 += end.payments.iter().filter_map(|row| row.record.paid_critical).sum::<Fen>();
        }
        let owed = || end.parts.iter().flat_map(|part| &part.lines).filter(|line| line.due > line.paid);
        let names: Vec<&str> = owed().map(|line| line.label.as_str()).collect();
        if !names.is_empty() {
            self.at_end = Some((owed().map(|line| line.due - line.paid).sum(), names.join("、")));
        }
    }

    /// The payer that begins next and what is missing to it.
    pub(crate) fn next(&self) -> Option<&Threshold> {
        self.thresholds.iter().filter(|one| one.room() > Fen::ZERO).min_by_key(|one| one.room())
    }
}

/// The share of an amount that a part has in a whole, rounded down.
fn share(amount: Fen, part: Fen, whole: Fen) -> Fen {
    let exact = i128::from(amount.0) * i128::from(part.0);
    let share = exact.checked_div(i128::from(whole.0)).and_then(|share| i64::try_from(share).ok());
    share.map_or(Fen::ZERO, Fen)
}

/// Everybody's year behind a filter, in the order of the people.
pub(crate) fn years(
    reading: Reading<'_>,
    packs: &Packs,
    filter: &BillFilter,
    (year, today): (i32, NaiveDate),
) -> Result<Vec<PersonYear>, AppError> {
    let JudgedYear { bills, ends, insured } = judge_year(reading, packs, filter, year, today)?;
    let mut people: BTreeMap<RecordId, Vec<Judged>> = BTreeMap::new();
    for judged in bills {
        people.entry(judged.line.person).or_default().push(judged);
    }
    let (mut years, windows) = (BTreeMap::new(), Windows::default());
    for (person, bills) in people {
        // Where nothing could be settled nobody's identities were asked for.
        let who = match insured.get(&person) {
            Some(known) => known.clone(),
            None => insured_by(reading, &windows, person)?,
        };
        years.insert(person, of_person(packs, person, &who, bills, today));
    }
    for end in &ends {
        if let Some(year) = years.get_mut(&end.person) {
            year.close(end);
        }
    }
    Ok(years.into_values().collect())
}

fn of_person(packs: &Packs, person: RecordId, insured: &Insured, bills: Vec<Judged>, today: NaiveDate) -> PersonYear {
    let (mut all, mut ruled, mut sheets) = (Sums::default(), Sums::default(), Fen::ZERO);
    for judged in &bills {
        let sums = Sums::of(&judged.line.bill.record);
        all.add(&Sums::burden(&judged.line.bill.record));
        sheets += sums.personal;
        if is_ruled(&judged.line.bill.record) {
            ruled.add(&sums);
        }
    }
    // The last bill in its turn carries the year to date.
    let last = bills.iter().filter(|one| one.due.is_some()).max_by_key(|one| one.turn);
    let pack = last.and_then(|one| one.pack.clone()).or_else(|| packs.on(today).cloned());
    let settled = last.and_then(|one| one.due.as_ref()).map(|(settlement, _)| settlement.clone());
    let identities = fit::held(pack.as_ref().map(|pack| &*pack.rules), insured, today);
    let codes: Vec<String> = identities.iter().map(|one| one.code.clone()).collect();
    let mut year = PersonYear {
        person,
        household: bills.first().map_or(person, |one| one.line.household),
        name: bills.first().map(|one| one.line.name.clone()).unwrap_or_default(),
        village: bills.first().map(|one| one.line.village_name.clone()).unwrap_or_default(),
        identities,
        all,
        ruled,
        sheets,
        thresholds: Vec::new(),
        critical: (Fen::ZERO, Fen::ZERO),
        at_end: None,
        unjudged: bills.iter().filter(|one| one.due.is_none()).count(),
        bills: bills.into_iter().map(|one| one.line.bill).collect(),
    };
    if let (Some(settlement), Some(pack)) = (settled, pack) {
        let payers: &[PayerAmount] = &settlement.payers;
        let (rules, history) = (&pack.rules, &settlement.after);
        let critical = threshold::critical(rules, &codes, history, payers);
        let aid = threshold::aid(rules, &codes, history, payers);
        let keys: BTreeSet<&str> =
            payers.iter().filter(|one| one.column == Column::Critical).map(|one| one.key.as_str()).collect();
        let state = keys.iter().map(|key| history.payer(key));
        let above: Fen = state.map(|state| state.base - state.deductible).sum();
        if critical.as_ref().is_some_and(|line| line.room() == Fen::ZERO) {
            let paid = year.records().map(|bill| bill.paid_critical.unwrap_or_default()).sum();
            year.critical = (paid, above.at_least_zero());
        }
        year.thresholds = critical.into_iter().chain(aid).collect();
    }
    year
}

#[cfg(test)]
mod tests {
    use mingbai_domain::Fen;
    use mingbai_domain::catalogue::Settlement;

    use super::{Sums, is_ruled, share};

    #[test]
    fn what_a_sheet_leaves_open_follows_from_what_it_says() {
        let bill = Settlement {
            total: Some(Fen(100_000)),
            own_expense: Some(Fen(5_000)),
            pre_self_pay: Some(Fen(5_000)),
            paid_basic: Some(Fen(60_000)),
            paid_aid: Some(Fen(10_000)),
            ..Settlement::default()
        };
        let sums = Sums::of(&bill);
        assert_eq!((sums.in_scope, sums.personal, sums.in_scope_personal), (Fen(90_000), Fen(30_000), Fen(20_000)));
        // What a payer gave on money outside the catalogues makes nobody's own share negative.
        let generous = Settlement { paid_other: Some(Fen(30_000)), ..bill };
        assert_eq!(Sums::of(&generous).in_scope_personal, Fen::ZERO);
    }

    #[test]
    fn commercial_insurance_is_taken_off_a_familys_burden_once_whether_it_paid_on_the_sheet_or_later() {
        let later = Settlement {
            total: Some(Fen(100_000)),
            in_scope: Some(Fen(90_000)),
            own_expense: Some(Fen(10_000)),
            paid_basic: Some(Fen(60_000)),
            paid_personal: Some(Fen(40_000)),
            paid_commercial: Some(Fen(15_000)),
            ..Settlement::default()
        };
        let on_sheet = Settlement { paid_personal: Some(Fen(25_000)), ..later.clone() };
        for bill in [later, on_sheet] {
            let burden = Sums::burden(&bill);
            assert_eq!((burden.personal, burden.in_scope_personal), (Fen(25_000), Fen(15_000)));
        }
    }

    #[test]
    fn what_came_at_the_years_end_is_shared_among_the_bills_by_what_they_left_to_pay() {
        assert_eq!(share(Fen(1_000), Fen(3_000), Fen(4_000)), Fen(750));
        assert_eq!(share(Fen(1_000), Fen::ZERO, Fen::ZERO), Fen::ZERO);
    }

    #[test]
    fn the_limit_of_one_tenth_is_for_stays_and_chronic_care_in_the_county() {
        let bill = |area: &str, kind: &str| Settlement {
            hospital_area: Some(area.to_owned()),
            care_kind: Some(kind.to_owned()),
            ..Settlement::default()
        };
        assert!(is_ruled(&bill("county", "inpatient")) && is_ruled(&bill("county", "chronic_outpatient")));
        assert!(!is_ruled(&bill("city", "inpatient")) && !is_ruled(&bill("county", "outpatient")));
    }
}
