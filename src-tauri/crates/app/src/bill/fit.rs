//! The register's words made the pack's: certificates and bills name a disease as people write it, a pack by its key; a
//! transfer is a mark on a sheet here and a link to the bill before there.

use std::borrow::Cow;

use chrono::NaiveDate;
use mingbai_coverage::{
    Area, Bill, Certificate, Continuation, Continues, Disease, IdentityPeriod, Kind, Pack, Person as Insured,
};
use mingbai_domain::catalogue::{ChronicCertificate, Settlement};
use mingbai_domain::{Fen, RecordId};
use mingbai_store::{Reading, Row};

use super::class;
use crate::dto::Coded;
use crate::error::AppError;
use crate::office::coded;
use crate::policy::{ActivePack, Packs};

/// The certificates somebody holds, each naming its disease as the register does.
pub(super) fn certificates(reading: Reading<'_>, person: RecordId) -> Result<Vec<Certificate>, AppError> {
    let rows = reading.rows_where::<ChronicCertificate>("person", &person)?;
    let held = rows.into_iter().filter(|row| row.record.result.as_deref() == Some("approved"));
    let read = held.filter_map(|row| {
        let record = row.record;
        let from = record.issued_on.or(record.review_on).or(record.submitted_on)?;
        Some(Certificate { disease: record.disease?, from, until: record.valid_until })
    });
    Ok(read.collect())
}

/// What a pack knows of a disease as people write it: its own key or label, or the label with what they add to it.
fn known<'p>(pack: &'p Pack, kinds: &[Kind], said: &str) -> Option<&'p Disease> {
    let said = said.trim();
    let of_kind = || pack.diseases.iter().filter(|disease| kinds.contains(&disease.kind));
    let same = of_kind().find(|disease| disease.key == said || disease.label == said);
    // 高血压病 is 高血压, 2型糖尿病 is 糖尿病: only where one label alone lies in what was written.
    let mut within = of_kind().filter(|disease| said.contains(disease.label.as_str()));
    let only = within.next().filter(|_| within.next().is_none());
    same.or(only)
}

/// The key by which a pack calls what people write.
fn key(pack: &Pack, kinds: &[Kind], said: &str) -> Option<String> {
    known(pack, kinds, said).map(|disease| disease.key.clone())
}

/// The disease a certificate is applied for, where the pack has it.
pub(crate) fn certified<'p>(pack: &'p Pack, said: &str) -> Option<&'p Disease> {
    known(pack, &[Kind::ChronicOutpatient], said).or_else(|| known(pack, &[Kind::TwoDisease], said))
}

/// A person as this pack sees them. A certificate of a disease the pack does not list is none to it, nor is a class of insured
/// people that it does not tell apart.
pub(crate) fn person<'p>(pack: &Pack, insured: &'p Insured) -> Cow<'p, Insured> {
    let knows = |code: &str| pack.identities.iter().any(|identity| identity.key == code);
    let means = |period: &IdentityPeriod| !class::is_derived(&period.identity) || knows(&period.identity);
    if insured.certificates.is_empty() && insured.identities.iter().all(means) {
        return Cow::Borrowed(insured);
    }
    let mut identities: Vec<IdentityPeriod> =
        insured.identities.iter().filter(|period| means(period)).cloned().collect();
    if knows(class::SPECIAL_DISEASE) {
        let special = insured.certificates.iter();
        let special = special.filter(|held| key(pack, &[Kind::ChronicOutpatient], &held.disease).is_some());
        identities.extend(special.map(|held| IdentityPeriod {
            identity: class::SPECIAL_DISEASE.to_owned(),
            from: Some(held.from),
            until: held.until,
        }));
    }
    let mut certificates: Vec<Certificate> = Vec::new();
    for held in &insured.certificates {
        for kind in [Kind::ChronicOutpatient, Kind::TwoDisease] {
            certificates
                .extend(key(pack, &[kind], &held.disease).map(|disease| Certificate { disease, ..held.clone() }));
        }
    }
    Cow::Owned(Insured { identities, certificates, ..insured.clone() })
}

/// What somebody is on a day, as this pack sees and calls it; without a pack, what is on file.
pub(crate) fn held(pack: Option<&Pack>, insured: &Insured, on: NaiveDate) -> Vec<Coded> {
    let known = pack.map_or(Cow::Borrowed(insured), |pack| person(pack, insured));
    let called = |code: String| {
        let own = pack.and_then(|pack| pack.identities.iter().find(|identity| identity.key == code));
        let label = own.map(|identity| identity.label.clone());
        // Classes of insured people have no name but a pack's.
        let label = label.or_else(|| (!class::is_derived(&code)).then(|| coded("aid_identity", &code).label))?;
        Some(Coded { code, label })
    };
    known.held_between(on, on).into_iter().filter_map(called).collect()
}

/// A bill as this pack reads it. A disease the pack does not list keeps its own words, so that the refusal names it.
pub(crate) fn bill<'b>(pack: &Pack, bill: &'b Bill) -> Cow<'b, Bill> {
    match bill.disease.as_deref().and_then(|said| key(pack, &[bill.kind], said)) {
        Some(disease) => Cow::Owned(Bill { disease: Some(disease), ..bill.clone() }),
        None => Cow::Borrowed(bill),
    }
}

/// The pack a bill falls under: the one in force on the very day by which it counts bills.
pub(crate) fn pack_of<'p>(packs: &'p Packs, bill: &Bill) -> Option<&'p ActivePack> {
    let days = [bill.settled_on, bill.discharged_on, bill.admitted_on];
    let mut found = days.into_iter().filter_map(|day| packs.on(day));
    found.find(|pack| packs.on(pack.rules.day_of(bill)).is_some_and(|other| other.id == pack.id))
}

/// What a sheet leaves open that decides money, for the clerk to fill in; nothing is guessed for it.
pub(crate) fn blank(record: &Settlement) -> Option<String> {
    let no = |text: &Option<String>| text.as_deref().is_none_or(|text| text.trim().is_empty());
    let near = record.hospital_area.as_deref() == Some(Area::County.code());
    let open = [
        (no(&record.care_kind), "就诊类别"),
        (no(&record.hospital_level), "机构级别"),
        (no(&record.hospital_area), "就诊地"),
        (no(&record.referral) && !near && !no(&record.hospital_area), "转诊"),
        (record.in_scope.is_none() && !outside_known(record), "政策范围内"),
    ];
    let names: Vec<&str> = open.into_iter().filter_map(|(open, name)| open.then_some(name)).collect();
    (!names.is_empty()).then(|| format!("没有填{}，不能核对；请补上再看", names.join("、")))
}

/// Whether all of the total that is outside the policy's scope is known: an amount nobody gave is not nothing.
pub(super) fn outside_known(record: &Settlement) -> bool {
    let classes = record.items.as_deref().is_some_and(|items| !items.trim().is_empty());
    record.own_expense.is_some() && record.over_limit.is_some() && (record.pre_self_pay.is_some() || classes)
}

/// 先行自付 as the sheet says, or as what is left of the total; unknown where neither can be had.
pub(super) fn preselfpay(record: &Settlement) -> Option<Fen> {
    record.pre_self_pay.or_else(|| {
        let outside = record.own_expense.unwrap_or_default() + record.over_limit.unwrap_or_default();
        Some(record.total? - outside - record.in_scope?).filter(|left| *left >= Fen::ZERO)
    })
}

/// The stays a person has left, with the numbers of their bills.
pub(crate) fn stays<'r>(rows: impl Iterator<Item = &'r Row<Settlement>>) -> Vec<(NaiveDate, String)> {
    let stays = rows.filter(|row| row.record.care_kind.as_deref() == Some("inpatient"));
    stays.filter_map(|row| Some((row.record.discharged_on?, row.id.to_string()))).collect()
}

/// The disease a bill of 慢特病 or 两病 is for: what the sheet says, or its diagnosis.
pub(super) fn disease(kind: Kind, record: &Settlement) -> Option<String> {
    if !matches!(kind, Kind::ChronicOutpatient | Kind::TwoDisease) {
        return None;
    }
    let said = [&record.care_disease, &record.disease].into_iter().flatten();
    said.map(|text| text.trim().to_owned()).find(|text| !text.is_empty())
}

/// The stay a bill marked as a transfer or as a further part goes on with: the newest that ended on its first day or the day
/// before.
pub(super) fn continued(row: &Row<Settlement>, earlier: &[(NaiveDate, String)]) -> Option<Continues> {
    let how = match (row.record.transferred, row.record.continued) {
        (Some(true), _) => Continuation::Transfer,
        (_, Some(true)) => Continuation::Period,
        _ => return None,
    };
    let admitted = row.record.admitted_on?;
    let near = |left: NaiveDate| (0..=1).contains(&(admitted - left).num_days());
    let before = earlier.iter().filter(|(left, id)| near(*left) && *id != row.id.to_string()).max()?;
    Some(Continues { bill: before.1.clone(), how })
}

#[cfg(test)]
mod tests {
    use mingbai_coverage::{Kind, Pack};
    use mingbai_domain::Fen;
    use mingbai_domain::catalogue::Settlement;

    use mingbai_coverage::Continuation;
    use mingbai_domain::RecordId;
    use mingbai_store::Row;

    use super::{blank, continued, key, preselfpay};

    #[test]
    fn a_further_part_of_a_stay_goes_on_with_the_one_that_ended_the_day_before_and_an_ordinary_stay_with_none() {
        let day = |text: &str| text.parse().unwrap();
        let part = |continued, transferred| Row {
            id: RecordId::from_bytes([7; 16]),
            record: Settlement {
                admitted_on: Some(day("2026-04-01")),
                continued,
                transferred,
                ..Settlement::default()
            },
            changed: mingbai_ledger::Hlc::default(),
            conflict: false,
            void: false,
        };
        let left = [(day("2026-01-01"), "long ago".to_owned()), (day("2026-03-31"), "before".to_owned())];
        let found = |continued, transferred| super::continued(&part(continued, transferred), &left);
        let goes_on = found(Some(true), None).unwrap();
        assert_eq!((goes_on.bill.as_str(), goes_on.how), ("before", Continuation::Period));
        assert_eq!(found(None, Some(true)).unwrap().how, Continuation::Transfer);
        assert_eq!(found(None, None), None);
        assert_eq!(continued(&part(Some(true), None), &left[..1]), None, "too long ago");
    }

    #[test]
    fn what_people_write_of_a_disease_finds_the_packs_own_name_and_never_one_of_two() {
        let pack = Pack::parse(include_str!("../../../../../assets/packs/beijing.toml")).unwrap();
        let kinds = [Kind::ChronicOutpatient];
        let [one, other, ..] = &pack.diseases[..] else { panic!("Beijing lists its special diseases") };
        let find = |said: &str| key(&pack, &kinds, said);
        assert_eq!(find(&one.label), Some(one.key.clone()));
        assert_eq!(find(&format!(" {}（门诊）", one.label)), Some(one.key.clone()));
        assert_eq!(find("骨折"), None);
        assert_eq!(find(&format!("{}、{}", one.label, other.label)), None, "a cell that names both names neither");
    }

    #[test]
    fn what_decides_money_is_asked_for_where_the_sheet_leaves_it_open() {
        let said = |text: &str| Some(text.to_owned());
        let mut bill = Settlement {
            care_kind: said("inpatient"),
            hospital_level: said("level3"),
            hospital_area: said("county"),
            total: Some(Fen(1_000)),
            own_expense: Some(Fen(100)),
            in_scope: Some(Fen(850)),
            ..Settlement::default()
        };
        assert_eq!((blank(&bill), preselfpay(&bill)), (None, Some(Fen(50))));
        bill.hospital_area = said("province");
        assert!(blank(&bill).unwrap().contains("转诊"), "far from home it matters who sent the patient");
        bill.referral = said("referred");
        bill.in_scope = None;
        assert_eq!(preselfpay(&bill), None);
        assert!(blank(&bill).unwrap().contains("政策范围内"), "what nobody gave is not nothing");
        (bill.over_limit, bill.pre_self_pay) = (Some(Fen(0)), Some(Fen(50)));
        assert_eq!(blank(&bill), None, "it follows from the rest");
    }
}
