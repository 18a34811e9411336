//! Division codes: choosing a place by its names instead of typing its code, and taking a township's villages from the
//! official list in one action.

use mingbai_domain::catalogue::{Record, Village};
use mingbai_domain::division::{self, Division};
use mingbai_domain::value::FieldValue;
use mingbai_domain::{RecordId, region};
use mingbai_store::initials;

use crate::demo;
use crate::dto::{
    AdoptRequest, AdoptView, AreaRequest, AreaView, DivisionList, DivisionRequest, DivisionRow, OfficeKind,
};
use crate::error::{AppError, ErrorCode};
use crate::office::Context;

/// Townships and villages, one compressed text a province.
const PROVINCES: [(&str, &[u8]); 31] = [
    ("11", include_bytes!("../../../../assets/divisions/11.zst")),
    ("12", include_bytes!("../../../../assets/divisions/12.zst")),
    ("13", include_bytes!("../../../../assets/divisions/13.zst")),
    ("14", include_bytes!("../../../../assets/divisions/14.zst")),
    ("15", include_bytes!("../../../../assets/divisions/15.zst")),
    ("21", include_bytes!("../../../../assets/divisions/21.zst")),
    ("22", include_bytes!("../../../../assets/divisions/22.zst")),
    ("23", include_bytes!("../../../../assets/divisions/23.zst")),
    ("31", include_bytes!("../../../../assets/divisions/31.zst")),
    ("32", include_bytes!("../../../../assets/divisions/32.zst")),
    ("33", include_bytes!("../../../../assets/divisions/33.zst")),
    ("34", include_bytes!("../../../../assets/divisions/34.zst")),
    ("35", include_bytes!("../../../../assets/divisions/35.zst")),
    ("36", include_bytes!("../../../../assets/divisions/36.zst")),
    ("37", include_bytes!("../../../../assets/divisions/37.zst")),
    ("41", include_bytes!("../../../../assets/divisions/41.zst")),
    ("42", include_bytes!("../../../../assets/divisions/42.zst")),
    ("43", include_bytes!("../../../../assets/divisions/43.zst")),
    ("44", include_bytes!("../../../../assets/divisions/44.zst")),
    ("45", include_bytes!("../../../../assets/divisions/45.zst")),
    ("46", include_bytes!("../../../../assets/divisions/46.zst")),
    ("50", include_bytes!("../../../../assets/divisions/50.zst")),
    ("51", include_bytes!("../../../../assets/divisions/51.zst")),
    ("52", include_bytes!("../../../../assets/divisions/52.zst")),
    ("53", include_bytes!("../../../../assets/divisions/53.zst")),
    ("54", include_bytes!("../../../../assets/divisions/54.zst")),
    ("61", include_bytes!("../../../../assets/divisions/61.zst")),
    ("62", include_bytes!("../../../../assets/divisions/62.zst")),
    ("63", include_bytes!("../../../../assets/divisions/63.zst")),
    ("64", include_bytes!("../../../../assets/divisions/64.zst")),
    ("65", include_bytes!("../../../../assets/divisions/65.zst")),
];

/// The text of the province that a code lies in; nothing for one that is not in the list.
fn province(code: &str) -> Result<Option<String>, AppError> {
    let Some((_, frame)) = PROVINCES.iter().find(|(digits, _)| code.starts_with(digits)) else { return Ok(None) };
    let text = zstd::decode_all(*frame).map(String::from_utf8);
    let broken = || AppError::new(ErrorCode::Internal, "区划表读不出来，数据没有变；可以直接填代码");
    Ok(Some(text.map_err(|error| broken().detail(error.to_string()))?.map_err(|_| broken())?))
}

fn rows(found: Vec<Division<'_>>) -> DivisionList {
    let row =
        |one: Division<'_>| DivisionRow { initials: initials(one.name), name: one.name.to_owned(), code: one.code };
    DivisionList { rows: found.into_iter().map(row).collect() }
}

/// Codes and names right below a county or a township: the demo's own, or the official list's; nothing where neither has it.
pub(crate) fn below(parent: &str) -> Result<Vec<(String, String)>, AppError> {
    let of_demo = demo::areas().filter(|area| area.code.len() == parent.len() + 3 && area.code.starts_with(parent));
    let of_demo: Vec<_> = of_demo.map(|area| (area.code.to_owned(), area.name.to_owned())).collect();
    if !of_demo.is_empty() {
        return Ok(of_demo);
    }
    let text = province(parent)?.unwrap_or_default();
    Ok(division::within(&text, parent).into_iter().map(|one| (one.code, one.name.to_owned())).collect())
}

pub(crate) fn list(_: &mut Context<'_>, request: DivisionRequest) -> Result<DivisionList, AppError> {
    let parent = request.parent.as_str();
    match parent.len() {
        0 | 2 | 4 => Ok(rows(division::below(parent))),
        6 | 9 => Ok(province(parent)?.map(|text| rows(division::within(&text, parent))).unwrap_or_default()),
        _ => Err(AppError::invalid("parent", "区划代码应为2、4、6或9位数字")),
    }
}

/// Where the first six digits of a citizen id lie.
pub(crate) fn area(context: &mut Context<'_>, request: AreaRequest) -> Result<AreaView, AppError> {
    Ok(area_of(context, &request.code))
}

/// The place of a county's code: that of this office by its own name, the demo's from its own table.
pub(crate) fn area_of(context: &Context<'_>, code: &str) -> AreaView {
    let own = context.office.profile.as_ref().filter(|profile| profile.area.get(..6) == Some(code));
    if let Some(profile) = own {
        return AreaView { name: profile.county_name.clone(), known: true };
    }
    if let Some(area) = demo::areas().find(|area| area.code == code && area.level == "county") {
        return AreaView { name: area.name.to_owned(), known: true };
    }
    let (name, known) = division::whole_name(code);
    AreaView { name, known }
}

/// What the official list calls these villages; refuses a code it does not have or that lies elsewhere.
fn named(area: &str, codes: &[String]) -> Result<Vec<(String, String)>, AppError> {
    let mut codes: Vec<&String> = codes.iter().collect();
    codes.sort();
    codes.dedup();
    let mut named = Vec::with_capacity(codes.len());
    for township in codes.chunk_by(|one, other| one.get(..9) == other.get(..9)) {
        let parent = township.first().and_then(|code| code.get(..9)).unwrap_or_default();
        let text = province(parent)?.unwrap_or_default();
        let villages = division::within(&text, parent);
        for code in township {
            let village = villages.iter().find(|village| village.code == **code);
            let Some(village) = village.filter(|_| region::contains(area, code)) else {
                let said = format!("“{code}”不是本单位辖区里的村，没有登记任何村");
                return Err(AppError::new(ErrorCode::Validation, said).field("codes", "请重新选择"));
            };
            named.push((village.code.clone(), region::everyday_village_name(village.name)));
        }
    }
    Ok(named)
}

/// Registers villages of the official list: one that is on the register by name only gets its code.
pub(crate) fn adopt(context: &mut Context<'_>, request: AdoptRequest) -> Result<AdoptView, AppError> {
    let profile = context.profile()?;
    let county = profile.kind == OfficeKind::County;
    let named = named(&profile.area, &request.codes)?;
    let known = context.read()?.all::<Village>()?;
    let code_field = Village::TYPE.column("code").map(|field| field.id).unwrap_or_default();
    let mut answer = AdoptView::default();
    let (mut fresh, mut coded): (Vec<Village>, Vec<(RecordId, String)>) = (Vec::new(), Vec::new());
    for (code, name) in named {
        if known.iter().any(|row| row.record.code.as_ref() == Some(&code)) {
            answer.known += 1;
            continue;
        }
        let township: String = code.chars().take(9).collect();
        let same = |row: &&mingbai_store::Row<Village>| {
            let here = row.record.township.as_ref() == Some(&township) || (row.record.township.is_none() && !county);
            let short = |name: &str| region::short_village_name(name).to_owned();
            here && row.record.code.is_none() && row.record.name.as_deref().map(short) == Some(short(&name))
        };
        if let Some(row) = known.iter().find(same) {
            coded.push((row.id, code));
        } else {
            let village =
                Village { code: Some(code), name: Some(name), township: Some(township), ..Village::default() };
            fresh.push(village);
        }
    }
    (answer.made, answer.coded) = (count(fresh.len()), count(coded.len()));
    if !fresh.is_empty() || !coded.is_empty() {
        context.commit("village_adopt", None, |txn| {
            for village in &fresh {
                txn.insert(None, village)?;
            }
            for (id, code) in coded {
                txn.set_field(Village::TYPE.id, id, code_field, code.to_value())?;
            }
            Ok(())
        })?;
    }
    Ok(answer)
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use mingbai_domain::division::{below, within};

    use super::{PROVINCES, province};

    #[test]
    fn every_township_and_village_of_the_country_is_there_under_its_parent() {
        let (mut townships, mut villages) = (0, 0);
        let mut seen = BTreeSet::new();
        for one in below("") {
            let text = province(&one.code).unwrap().unwrap();
            for county in below(&one.code).iter().flat_map(|prefecture| below(&prefecture.code)) {
                let found = within(&text, &county.code);
                assert!(!found.is_empty(), "{}", county.code);
                townships += found.len();
                assert!(found.iter().all(|township| township.code.starts_with(&county.code)));
            }
            // Each township's own villages are read in one pass over the text: the lines are numbered within it.
            villages += text.lines().filter(|line| !line.starts_with(['=', '#'])).count();
            assert!(seen.insert(one.code));
        }
        assert_eq!((townships, villages, seen.len()), (41_352, 620_573, PROVINCES.len()));
    }

    #[test]
    fn a_township_has_its_villages_and_no_others() {
        let text = province("150921").unwrap().unwrap();
        let township = within(&text, "150921").remove(0);
        let villages = within(&text, &township.code);
        assert!(villages.len() > 5 && villages.iter().all(|village| village.code.starts_with(&township.code)));
        assert!(villages.windows(2).all(|pair| pair[0].code < pair[1].code));
        assert_eq!(province("990000").unwrap(), None);
    }
}
