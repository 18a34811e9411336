//! The places that are compared, and the bill a planned visit would make at each.

use chrono::NaiveDate;
use mingbai_coverage::{Area, Bill, Kind, Level, Referral};
use mingbai_domain::Fen;

/// A hospital as the rules see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) key: &'static str,
    pub(crate) label: &'static str,
    pub(crate) level: Level,
    pub(crate) area: Area,
    pub(crate) referral: Referral,
}

const fn place(key: &'static str, label: &'static str, level: Level, area: Area, referral: Referral) -> Place {
    Place { key, label, level, area, referral }
}

/// The places, the nearest first; the last two are as far away as is asked.
pub(crate) fn places(far: Area) -> [Place; 6] {
    let (referred, unreferred) = match far {
        Area::Outside => ("省外三级医院，办了转诊", "省外三级医院，没办转诊"),
        _ => ("省里三级医院，办了转诊", "省里三级医院，没办转诊"),
    };
    [
        place("township", "乡镇卫生院", Level::Township, Area::County, Referral::None),
        place("county", "县医院（二级）", Level::Level2, Area::County, Referral::None),
        place("city", "市医院（三级），办了转诊", Level::Level3, Area::City, Referral::Referred),
        place("city_unreferred", "市医院（三级），没办转诊", Level::Level3, Area::City, Referral::Unreferred),
        place("far", referred, Level::Level3, far, Referral::Referred),
        place("far_unreferred", unreferred, Level::Level3, far, Referral::Unreferred),
    ]
}

/// A planned visit: what it costs and of what, the same wherever it takes place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Visit {
    pub(crate) kind: Kind,
    pub(crate) on: NaiveDate,
    pub(crate) total: Fen,
    pub(crate) ownpay: Fen,
    pub(crate) preselfpay: Fen,
}

impl Visit {
    /// A visit of this total with these shares in basis points, each rounded half-up to the fen; together they never pass
    /// the total.
    pub(crate) fn new(kind: Kind, on: NaiveDate, total: Fen, outside: i64, pre: i64) -> Self {
        let ownpay = share_of(total, outside);
        let preselfpay = share_of(total, pre).min(total - ownpay);
        Self { kind, on, total, ownpay, preselfpay }
    }

    /// The bill it would make at a place.
    pub(crate) fn at(&self, place: &Place) -> Bill {
        let days = [self.on, self.on, self.on];
        let bill = Bill::new(place.key, self.kind, place.level, place.area, place.referral, days, self.total);
        Bill { ownpay: self.ownpay, preselfpay: Some(self.preselfpay), ..bill }
    }
}

/// A share in basis points of an amount, half-up.
fn share_of(amount: Fen, basis_points: i64) -> Fen {
    let exact = i128::from(amount.0) * i128::from(basis_points);
    Fen(i64::try_from((exact + 5_000).div_euclid(10_000)).unwrap_or(amount.0))
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use mingbai_coverage::{Area, History, Kind, Pack, Person, settle};
    use mingbai_domain::Fen;
    use proptest::prelude::*;

    use super::{Visit, places};
    use crate::what_if::{Plan, Standing};

    fn pack() -> Pack {
        Pack::parse(crate::demo::built_in_pack().unwrap().text).unwrap()
    }

    fn day() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 22).unwrap()
    }

    fn plan(visit: Visit, identities: &[&str], far: Area) -> Plan {
        let pack = crate::policy::ActivePack { id: String::new(), rules: std::sync::Arc::new(pack()) };
        let standing = Standing { insured: Person::holding(identities), history: History::empty(2026) };
        Plan::of(visit, pack, standing, far)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn whatever_is_planned_nobody_pays_less_than_nothing_and_the_parts_make_the_total(
            total in 1_i64..200_000_000, outside in 0_i64..=10_000, pre in 0_i64..=10_000, poor in any::<bool>(),
        ) {
            let visit = Visit::new(Kind::Inpatient, day(), Fen(total), outside, pre);
            prop_assert!(visit.ownpay + visit.preselfpay <= visit.total);
            let identities: &[&str] = if poor { &["registered_poor"] } else { &[] };
            let plan = plan(visit, identities, Area::Province);
            // This pack says nothing of hospitals below the third level: there nothing is worked out.
            let settled: Vec<_> = plan.outcomes.iter().filter_map(|one| one.settled.as_ref().ok()).collect();
            prop_assert_eq!(settled.len(), 4);
            for settlement in settled {
                prop_assert!(settlement.personal >= Fen::ZERO);
                prop_assert!(settlement.identities_hold());
                prop_assert_eq!(settlement.paid() + settlement.personal, Fen(total));
            }
        }

        #[test]
        fn a_referral_never_costs_the_person_more(total in 1_i64..200_000_000, poor in any::<bool>()) {
            let identities: &[&str] = if poor { &["registered_poor"] } else { &[] };
            let visit = Visit::new(Kind::Inpatient, day(), Fen(total), 500, 500);
            let plan = plan(visit, identities, Area::Outside);
            let personal = |key: &str| {
                let found = plan.outcomes.iter().find(|one| one.place.key == key).unwrap();
                found.settled.as_ref().unwrap().personal
            };
            prop_assert!(personal("city") <= personal("city_unreferred"));
            prop_assert!(personal("far") <= personal("far_unreferred"));
        }
    }

    #[test]
    fn the_plan_gives_what_settling_the_same_bill_gives() {
        let visit = Visit::new(Kind::Inpatient, day(), Fen::from_yuan(20_000), 300, 400);
        let plan = plan(visit.clone(), &["registered_poor"], Area::Province);
        let city = places(Area::Province)[2];
        let bill = visit.at(&city);
        let alone = settle(&pack(), &Person::holding(&["registered_poor"]), &History::empty(2026), &bill).unwrap();
        assert_eq!(plan.outcomes[2].settled.as_ref().unwrap(), &alone);
        assert_eq!((bill.ownpay, bill.preselfpay), (Fen::from_yuan(600), Some(Fen::from_yuan(800))));
    }
}
