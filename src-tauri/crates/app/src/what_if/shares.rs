//! How much of a planned visit lies outside the catalogues and is paid first: as said, or as on the bills on file.

use chrono::{Months, NaiveDate};
use mingbai_coverage::Kind;
use mingbai_domain::{Fen, RecordId};
use mingbai_store::Reading;
use mingbai_store::query::BillSums;

use crate::dto::PlanRequest;
use crate::error::AppError;
use crate::household::basis_points;

/// Bills older than this say little of what is done today.
const LOOK_BACK: Months = Months::new(24);
/// Basis points of everything.
const WHOLE: i64 = 10_000;

/// Both shares in basis points, and where each comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shares {
    pub(crate) outside: i64,
    pub(crate) outside_from: String,
    pub(crate) pre: i64,
    pub(crate) pre_from: String,
}

/// The shares of a request: what is said counts, then the person's own bills, then those of everybody here.
pub(super) fn of(
    reading: Reading<'_>,
    request: &PlanRequest,
    kind: Kind,
    person: RecordId,
    today: NaiveDate,
) -> Result<Shares, AppError> {
    for (field, said) in [("outside", request.outside), ("pre_self_pay", request.pre_self_pay)] {
        if said.is_some_and(|share| !(0..=WHOLE).contains(&share)) {
            return Err(AppError::invalid(field, "比例要在0%到100%之间"));
        }
    }
    if request.outside.unwrap_or_default() + request.pre_self_pay.unwrap_or_default() > WHOLE {
        return Err(AppError::invalid("pre_self_pay", "目录外和先行自付的比例合起来超过了100%"));
    }
    let since = today.checked_sub_months(LOOK_BACK).unwrap_or(today);
    let own = reading.bill_sums(since, kind.code(), Some(person))?;
    let area = reading.bill_sums(since, kind.code(), None)?;
    let (outside, outside_from) = share(request.outside, &own, &area, |sums| sums.outside);
    let (pre, pre_from) = share(request.pre_self_pay, &own, &area, |sums| sums.pre_self_pay);
    // One said and one found may pass the whole together; the one that was found gives way.
    let (outside, pre) = match request.outside {
        Some(_) => (outside, pre.min(WHOLE - outside)),
        None => (outside.min(WHOLE - pre), pre),
    };
    Ok(Shares { outside, outside_from, pre, pre_from })
}

fn share(said: Option<i64>, own: &BillSums, area: &BillSums, part: fn(&BillSums) -> Fen) -> (i64, String) {
    if let Some(said) = said {
        return (said, "自己填的".to_owned());
    }
    let of = |sums: &BillSums| basis_points(part(sums).0, sums.total.0);
    if let Some(share) = of(own) {
        return (share.clamp(0, WHOLE), format!("按本人近两年{}张同类结算单", own.bills));
    }
    if let Some(share) = of(area) {
        return (share.clamp(0, WHOLE), format!("本人没有同类结算单，按本地近两年{}张", area.bills));
    }
    (0, "没有同类结算单可参考，按0算".to_owned())
}

#[cfg(test)]
mod tests {
    use mingbai_domain::Fen;
    use mingbai_store::query::BillSums;

    use super::share;

    #[test]
    fn what_is_said_counts_then_the_persons_own_bills_then_those_of_everybody() {
        let sums = |bills, outside| BillSums {
            bills,
            total: Fen(if bills == 0 { 0 } else { 100_000 }),
            outside: Fen(outside),
            pre_self_pay: Fen::ZERO,
        };
        let (none, own, area) = (BillSums::default(), sums(2, 3_000), sums(90, 5_000));
        let of = |said, own: &BillSums, area: &BillSums| share(said, own, area, |sums| sums.outside).0;
        assert_eq!(of(Some(120), &own, &area), 120);
        assert_eq!(of(None, &own, &area), 300);
        assert_eq!(of(None, &none, &area), 500);
        assert_eq!(share(None, &none, &none, |sums| sums.outside), (0, "没有同类结算单可参考，按0算".to_owned()));
    }
}
