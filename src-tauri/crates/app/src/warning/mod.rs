//! 预警: the year's self-pay of households and people against the county's lines, the 10 % rule with both denominators, the
//! share treated in the county, and who comes under 大病保险 or 医疗救助 next.

mod lines;
mod list;
mod year;

pub(crate) use lines::{Lines, Reach};
pub(crate) use list::list;
pub(crate) use year::Sums;

use std::collections::BTreeSet;
use std::sync::Arc;

use mingbai_coverage::Area;
use mingbai_domain::catalogue::Settlement;
use mingbai_domain::{Fen, RecordId};
use mingbai_store::query::BillFilter;

use crate::bill::year_of;
use crate::dto::{Tone, WarningArea, WarningCount, WarningListRequest, WarningRegion, WarningRequest, WarningShare};
use crate::error::AppError;
use crate::household::{basis_points, parse_id_maybe};
use crate::kept::Kept;
use crate::office::{Context, coded};
use list::Found;
use year::{PersonYear, is_ruled, years};

/// The years of everybody asked for, with the lines they are held against.
pub(crate) struct Looked {
    year: i32,
    lines: Lines,
    people: Vec<PersonYear>,
}

/// The year and village that were looked at last.
pub(crate) type LookedAt = Kept<(i32, Option<RecordId>), Looked>;

fn look(context: &mut Context<'_>, year: Option<i64>, village: Option<&String>) -> Result<Arc<Looked>, AppError> {
    let today = context.host.today();
    let asked = (year_of(year, today)?, parse_id_maybe(village)?);
    context.kept(
        |answers| &mut answers.warning,
        asked,
        |context, (year, village)| {
            let packs = context.packs()?;
            let filter = BillFilter { village: *village, ..BillFilter::default() };
            let reading = context.read()?;
            Ok(Looked {
                year: *year,
                lines: Lines::read(reading, today, *year)?,
                people: years(reading, &packs, &filter, (*year, today))?,
            })
        },
    )
}

/// The numbers of an area, each of which opens its list.
pub(crate) fn area(context: &mut Context<'_>, request: WarningRequest) -> Result<WarningArea, AppError> {
    let looked = look(context, request.year, request.village.as_ref())?;
    let Looked { year, lines, people } = &*looked;
    let households: BTreeSet<RecordId> = people.iter().map(|one| one.household).collect();
    let (mut paid, mut above) = (Fen::ZERO, Fen::ZERO);
    for one in people {
        paid += one.critical.0;
        above += one.critical.1;
    }
    let mut notes = vec![
        "自付按结算单上的实付算：政策范围内自付 = 政策范围内 − 各方支付；已经到账的年终结算从户、人的自付里减去，商业和职工补充保险付的也减去"
            .to_owned(),
        "10% 的口径照结算单：商业保险事后赔付的不减；年终结算不分单，按各单自付的比例减".to_owned(),
        format!("“接近”是到了线的 {}%；县里在“系统 → 县级名单”的“预警线”里改", lines.near),
    ];
    if lines.illness_poverty.is_none() {
        notes
            .push("没有上年人均可支配收入，因病致贫线没有算：请县里放一份“预警线”名单（income_per_capita）".to_owned());
    }
    let unjudged: usize = people.iter().map(|one| one.unjudged).sum();
    if unjudged > 0 {
        notes.push(format!("有 {unjudged} 张结算单政策包不能核对，大病、救助的累计里没有它们"));
    }
    Ok(WarningArea {
        year: i64::from(*year),
        bills: people.iter().map(|one| one.all.bills).sum(),
        people: people.len() as i64,
        households: households.len() as i64,
        lines: lines.shown(),
        counts: counts(&looked),
        shares: shares(people),
        regions: regions(people),
        critical_rate: basis_points(paid.0, above.0),
        self_pay_percent: lines.self_pay,
        critical_percent: lines.critical_rate,
        in_region_percent: lines.in_region,
        notes,
    })
}

/// Every list with its length, in the order of the page.
const LISTS: [(&str, &str, &str, Tone); 7] = [
    ("household", "over", "户：超过预警线", Tone::Missing),
    ("household", "near", "户：接近预警线", Tone::Soon),
    ("household", "tenth", "户：自付占比超标", Tone::Soon),
    ("person", "tenth", "人：自付占比超标", Tone::Soon),
    ("bill", "tenth", "单：自付占比超标", Tone::Soon),
    ("person", "next", "人：快到大病、救助线", Tone::Waiting),
    ("household", "all", "全部有账单的户", Tone::Neutral),
];

fn counts(looked: &Looked) -> Vec<WarningCount> {
    let count = |(by, show, label, tone): &(&str, &str, &str, Tone)| {
        let request = WarningListRequest { by: (*by).to_owned(), show: (*show).to_owned(), ..Default::default() };
        let found = Found::of(looked, &request);
        let money = found.rows.iter().map(|row| row.in_scope_personal).sum();
        WarningCount {
            by: (*by).to_owned(),
            show: (*show).to_owned(),
            label: (*label).to_owned(),
            count: found.rows.len() as i64,
            money: (*show != "next").then_some(money),
            tone: *tone,
        }
    };
    LISTS.iter().map(count).collect()
}

fn share(key: &str, label: &str, people: &[PersonYear], takes: impl Fn(&Settlement) -> bool) -> WarningShare {
    let (mut sums, mut whose) = (Sums::default(), 0);
    for person in people {
        let mut any = false;
        for bill in person.records().filter(|bill| takes(bill)) {
            sums.add(&Sums::of(bill));
            any = true;
        }
        whose += i64::from(any);
    }
    WarningShare {
        key: key.to_owned(),
        label: label.to_owned(),
        bills: sums.bills,
        people: whose,
        total: sums.total.0,
        in_scope: sums.in_scope.0,
        personal: sums.personal.0,
        in_scope_personal: sums.in_scope_personal.0,
        of_total: basis_points(sums.personal.0, sums.total.0),
        of_in_scope: basis_points(sums.in_scope_personal.0, sums.in_scope.0),
    }
}

/// Lines of the shares: their key and what stands before them.
const SHARES: [(&str, &str); 5] = [
    ("rule", "县域内住院和门诊慢特病（10% 的口径）"),
    ("inpatient", "全部住院"),
    ("chronic", "全部门诊慢特病"),
    ("outpatient", "普通门诊"),
    ("all", "合计"),
];

/// Whether a bill belongs to a line of the shares.
fn is_of(bill: &Settlement, share: &str) -> bool {
    let kind = bill.care_kind.as_deref();
    match share {
        "rule" => is_ruled(bill),
        "inpatient" => kind == Some("inpatient"),
        "chronic" => kind == Some("chronic_outpatient"),
        "outpatient" => kind == Some("outpatient"),
        _ => true,
    }
}

fn shares(people: &[PersonYear]) -> Vec<WarningShare> {
    SHARES.iter().map(|(key, label)| share(key, label, people, |bill| is_of(bill, key))).collect()
}

fn regions(people: &[PersonYear]) -> Vec<WarningRegion> {
    let of = |code: Option<&str>| share("", "", people, |bill| code.is_none_or(|code| area_of(bill) == code));
    let all = of(None);
    let mut codes: Vec<&str> = Area::ALL.iter().map(|area| area.code()).collect();
    codes.push("");
    let rows = codes.into_iter().map(|code| {
        let sums = of(Some(code));
        WarningRegion {
            area: if code.is_empty() {
                crate::dto::Coded { code: String::new(), label: "没有填写".to_owned() }
            } else {
                coded("hospital_area", code)
            },
            bills: sums.bills,
            people: sums.people,
            total: sums.total,
            personal: sums.personal,
            bills_share: basis_points(sums.bills, all.bills),
            money_share: basis_points(sums.total, all.total),
        }
    });
    rows.filter(|row| row.bills > 0 || row.area.code == "county").collect()
}

/// 就诊地 of a bill; nothing where it is not filled in.
fn area_of(bill: &Settlement) -> &str {
    bill.hospital_area.as_deref().unwrap_or_default()
}
