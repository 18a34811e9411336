//! The switches of a pack in Chinese.

use super::disease::{Disease, LimitOn};
use super::enrol::{Straddle, WaitFor, WaitLength, Waiting};
use super::payer::{
    AboveCap, AnnualBase, Band, Bands, Base, Counting, Most, Payer, Period, Repeat, Settle, Shift, Threshold,
};
use super::statement::Part;
use super::switch::{
    CeilingOf, ContinuedStay, CrossYear, IdentityChange, IdentityMoment, MultiIdentity, Rounding, SeveralDiseases,
    Transfer, Uncertified, Unreferred, YearOf,
};
use super::table::Row;
use crate::settle::rule::{bands_in_words, yuan_in_words};
use crate::vocabulary::Level;

pub(super) const fn year_of(year: YearOf) -> &'static str {
    match year {
        YearOf::Admission => "按入院日期",
        YearOf::Discharge => "按出院日期",
        YearOf::Settlement => "按结算日期",
    }
}

pub(super) const fn cross_year(cross: CrossYear) -> &'static str {
    match cross {
        CrossYear::Whole => "整张票据归一个年度",
        CrossYear::Split => "按12月31日前后拆成两张票据分别计算",
    }
}

pub(super) const fn multi_identity(multi: MultiIdentity) -> &'static str {
    match multi {
        MultiIdentity::EachRule => "每条规定各取写在前面、待遇最高的一行",
        MultiIdentity::Highest => "只算待遇最高的一种身份",
    }
}

pub(super) const fn identity_moment(moment: IdentityMoment) -> &'static str {
    match moment {
        IdentityMoment::Stay => "住院期间任何一天具有即可",
        IdentityMoment::Admission => "以入院当天为准",
        IdentityMoment::Settlement => "以结算当天为准",
    }
}

pub(super) const fn identity_change(change: IdentityChange) -> &'static str {
    match change {
        IdentityChange::LaterBills => "只影响以后的票据",
        IdentityChange::WholeYear => {
            "按年累计的支付方按全年累计重算，此前少付的在以后的票据里补，补不足的年终支付（有总报销比例上限或者要扣除商业保险赔付的不另补）"
        }
    }
}

pub(super) const fn rounding(rounding: Rounding) -> &'static str {
    match rounding {
        Rounding::HalfUpFen => "四舍五入到分",
        Rounding::HalfUpJiao => "四舍五入到角",
        Rounding::HalfUpYuan => "四舍五入到元",
        Rounding::DownFen => "不足一分的舍去",
    }
}

pub(super) const fn unreferred(unreferred: Unreferred) -> &'static str {
    match unreferred {
        Unreferred::AsUsual => "照常支付，另有规定的从其规定",
        Unreferred::AsOrdinary => "按普通居民支付，不享受困难身份的待遇",
        Unreferred::NotCovered => "不予支付",
    }
}

pub(super) const fn ceiling_of(of: CeilingOf) -> &'static str {
    match of {
        CeilingOf::Total => "医疗总费用",
        CeilingOf::InScope => "政策范围内费用",
    }
}

pub(super) const fn continued_stay(continued: ContinuedStay) -> &'static str {
    match continued {
        ContinuedStay::Again => "后一期按再次住院计算起付线",
        ContinuedStay::Once => "后一期接着算：起付线只补前面没有负担完的，按次的分段和封顶线与前面各期合在一起",
    }
}

pub(super) const fn transfer(transfer: Transfer) -> &'static str {
    match transfer {
        Transfer::NewAdmission => "按另一次住院计算",
        Transfer::OneAdmission => {
            "算一次住院：转出医院已发生基金支付的，起付线按转出医院，否则按转入医院，已负担的不再负担，按次的分段和封顶线合在一起"
        }
    }
}

pub(super) const fn several_diseases(several: SeveralDiseases) -> &'static str {
    match several {
        SeveralDiseases::EachOwn => "各病种限额分别使用",
        SeveralDiseases::AddedUp => "各病种限额相加后合用",
        SeveralDiseases::Highest => "只用限额最高的一种，合用",
    }
}

pub(super) const fn uncertified(uncertified: Uncertified) -> &'static str {
    match uncertified {
        Uncertified::NotCovered => "没有有效认定的，不予支付",
        Uncertified::AsOutpatient => "没有有效认定的，按普通门诊",
    }
}

fn period(period: Period) -> &'static str {
    match period {
        Period::Bill => "按次",
        Period::Year => "按年累计",
    }
}

/// Everything one payer says.
pub(super) fn payer(part: &mut Part<'_>, payer: &Payer) {
    when(part, payer);
    let base = match payer.base {
        Base::InScope => "政策范围内费用",
        Base::Remaining => "前面各支付方支付后余下的政策范围内费用",
    };
    let plain = |part: &mut Part<'_>, switch, label, value: &str| {
        part.say(switch, label, None, value, Vec::new(), payer.cite(switch));
    };
    plain(part, "base", "计算基数", base);
    let preselfpay = if payer.base_includes_preselfpay { "含先行自付" } else { "不含先行自付" };
    plain(part, "base_includes_preselfpay", "基数是否含先行自付", preselfpay);
    let compensation = if payer.less_compensation { "扣除" } else { "不扣除" };
    plain(part, "less_compensation", "基数是否扣除商业保险等已赔付", compensation);
    let settle = match payer.settle {
        Settle::Immediate => "随每次结算",
        Settle::Annual => "年终一次结算，身份以年末为准",
        Settle::Application => "一年一次，次年内由本人申请，身份以申请时为准",
    };
    plain(part, "settle", "结算时间", settle);
    match payer.annual_base {
        AnnualBase::NotAnnual => {}
        AnnualBase::InTurn => plain(part, "annual_base", "年终结算的基数", "轮到它时余下的，不扣后面各支付方"),
        AnnualBase::AfterImmediate => plain(part, "annual_base", "年终结算的基数", "其他支付方都支付后余下的"),
    }
    let counting = match payer.admission_count {
        Counting::SameLevel => "同级医院合计",
        Counting::AnyLevel => "各级医院合计",
    };
    plain(part, "admission_count", "住院次数怎样算", counting);
    plain(part, "deductible_period", "起付线按次还是按年", period(payer.deductible_period));
    deductible(part, payer);
    let mode = match payer.bands {
        Bands::Flat => "不分段",
        Bands::Absolute => "按计算基数本身分段，起付线以下不支付",
        Bands::Excess => "按起付线以上的部分分段",
    };
    plain(part, "segment_mode", "分段方式", mode);
    plain(part, "segment_scope", "分段按次还是按年", period(payer.band_scope));
    for row in &payer.ratio {
        let value =
            if row.value.is_empty() { UNKNOWN.to_owned() } else { format!("支付{}", bands_in_words(&row.value)) };
        part.say("ratio", "支付比例", Some(&row.when), value, band_numbers(&row.value), &row.citation);
    }
    for (rows, switch, label, word) in
        [(&payer.bonus, "bonus", "比例提高", "提高"), (&payer.reduction, "reduction", "比例降低", "降低")]
    {
        for row in rows {
            let (value, numbers) = shift(&row.value, word);
            part.say(switch, label, Some(&row.when), value, numbers, &row.citation);
        }
    }
    for row in &payer.cap {
        let per = if row.value.per == Period::Year { "每年" } else { "每次" };
        let (value, numbers) = match row.value.amount {
            Most::Open => ("不封顶".to_owned(), Vec::new()),
            Most::Unknown => (UNKNOWN.to_owned(), Vec::new()),
            Most::Fixed(amount) => (format!("{per}最高{}", yuan_in_words(amount)), vec![yuan_in_words(amount)]),
        };
        part.say("cap", "封顶线", Some(&row.when), value, numbers, &row.citation);
    }
    let sharing: Vec<&str> = part
        .pack
        .payers
        .iter()
        .filter(|other| other.cap_pool == payer.cap_pool && other.key != payer.key)
        .map(|other| other.label.as_str())
        .collect();
    let sharing =
        if sharing.is_empty() { "单独使用".to_owned() } else { format!("与{}合用", sharing.join("、")) };
    plain(part, "cap_pool", "封顶线与谁合用", &sharing);
    let above = match payer.above_cap {
        AboveCap::EntersNext => "进入后面的支付方",
        AboveCap::StaysPersonal => "由个人负担，不进入后面的支付方",
    };
    plain(part, "above_cap", "超封顶线部分是否进入下一环", above);
}

const UNKNOWN: &str = "没有取得";

fn when(part: &mut Part<'_>, payer: &Payer) {
    if payer.when.is_empty() {
        part.say("when", "适用条件", None, "一律适用", Vec::new(), payer.cite("when"));
    }
    for condition in &payer.when {
        part.say("when", "适用条件", Some(condition), "适用", Vec::new(), payer.cite("when"));
    }
}

fn deductible(part: &mut Part<'_>, payer: &Payer) {
    for row in &payer.deductible {
        let (value, numbers) = match &row.value.amount {
            Threshold::Fixed(amount) => (yuan_in_words(*amount), vec![yuan_in_words(*amount)]),
            Threshold::OfIncome(share) => (format!("上年居民人均可支配收入的{share}"), vec![share.to_string()]),
            Threshold::Unknown => (UNKNOWN.to_owned(), Vec::new()),
        };
        part.say("deductible", "起付线", Some(&row.when), value, numbers, &row.citation);
        repeat(part, row);
    }
    for row in &payer.deductible_scale {
        let value = format!("起付线按{}计算", row.value);
        let numbers = vec![row.value.to_string()];
        part.say("deductible_scale", "起付线打折", Some(&row.when), value, numbers, &row.citation);
    }
}

/// How further stays change this row's deductible. The row's own condition is told once, with its amount.
fn repeat(part: &mut Part<'_>, row: &Row<super::payer::Deductible>) {
    let (value, numbers, citation) = match &row.value.repeat {
        Repeat::Same => return,
        Repeat::Minus { amount, floor, citation } => {
            let (amount, floor) = (yuan_in_words(*amount), yuan_in_words(*floor));
            (format!("再次住院每次减{amount}，最低{floor}"), vec![amount, floor], citation)
        }
        Repeat::Times { share, citation } => (format!("第2次住院起按首次的{share}"), vec![share.to_string()], citation),
        Repeat::Less { shares, citation } => {
            let shares: Vec<String> = shares.iter().map(ToString::to_string).collect();
            (format!("第2次住院起依次降低{}，以后不再变", shares.join("、")), shares, citation)
        }
    };
    let case = row.when.in_words(part.pack);
    let value = match case.as_str() {
        "" if part.has_cases("deductible") => format!("其他情况，{value}"),
        "" => value,
        case => format!("{case}，{value}"),
    };
    part.say("repeat", "多次住院", None, value, numbers, citation);
}

fn shift(shift: &Shift, word: &str) -> (String, Vec<String>) {
    let points = shift.points.to_string();
    let plain = points.trim_end_matches('%').to_owned();
    let mut numbers = vec![points];
    if shift.bands.is_empty() {
        return (format!("各段{word}{plain}个百分点"), numbers);
    }
    let bands: Vec<String> = shift.bands.iter().map(ToString::to_string).collect();
    let value = format!("第{}段{word}{plain}个百分点", bands.join("、"));
    numbers.extend(bands);
    (value, numbers)
}

fn band_numbers(bands: &[Band]) -> Vec<String> {
    bands.iter().flat_map(|band| band.up_to.map(yuan_in_words).into_iter().chain([band.share.to_string()])).collect()
}

/// One disease and its numbers.
pub(super) fn disease(disease: &Disease, payers: &str) -> (String, Vec<String>) {
    let mut parts = vec![format!("{}（{}）", disease.label, disease.kind.label())];
    let mut numbers = Vec::new();
    if let Some(limit) = disease.limit {
        let per = if disease.monthly { "每月" } else { "每年" };
        let what = match disease.limit_on {
            LimitOn::Paid => "最高支付",
            LimitOn::InScope => "最高计入费用",
        };
        parts.push(format!("{payers}{per}{what}{}", yuan_in_words(limit)));
        numbers.push(yuan_in_words(limit));
    }
    if let Some(ratio) = disease.ratio {
        parts.push(format!("支付比例{ratio}"));
        numbers.push(ratio.to_string());
    }
    if !disease.levels.is_empty() {
        let levels: Vec<&str> =
            Level::ALL.iter().filter(|level| disease.levels.contains(**level)).map(|level| level.label()).collect();
        parts.push(format!("限{}", levels.join("、")));
    }
    parts.push(if disease.certificate { "须先认定".to_owned() } else { "不须认定".to_owned() });
    if let Some(evidence) = &disease.evidence {
        parts.push(format!("认定材料：{evidence}"));
        numbers.extend(evidence.numbers());
    }
    (parts.join("，"), numbers)
}

/// One waiting period and its numbers.
pub(super) fn waiting(waiting: &Waiting, payers: &str, exempt: &[String]) -> (String, Vec<String>) {
    let who = match waiting.applies_to {
        WaitFor::Late => "未在集中参保期内参保的",
        WaitFor::Gap => "未连续参保的",
        WaitFor::LateOrGap => "未在集中参保期内参保或未连续参保的",
    };
    let mut numbers = Vec::new();
    let length = match &waiting.length {
        WaitLength::YearEnd => "至参保当年年底".to_owned(),
        WaitLength::Months { fixed, per_gap_year, per_repaid_year, least } => {
            numbers.extend([fixed, per_gap_year, per_repaid_year].map(ToString::to_string));
            let mut text = format!("{fixed}个月，每断保1年加{per_gap_year}个月，每补缴1年减{per_repaid_year}个月");
            if let Some((years, months)) = least {
                numbers.extend([years.to_string(), months.to_string()]);
                text = format!("{text}，断保{years}年以上的不少于{months}个月");
            }
            text
        }
    };
    let window = match waiting.closes {
        None => "集中参保期截止日由县里每年写明".to_owned(),
        Some(closes) => {
            let year = if closes.year_before { "上年" } else { "当年" };
            format!("集中参保期到{year}{}月{}日", closes.month, closes.day)
        }
    };
    let newborn = if waiting.newborn_days == 0 {
        String::new()
    } else {
        numbers.push(waiting.newborn_days.to_string());
        format!("；出生后{}天内参保的从出生起享受，不等待", waiting.newborn_days)
    };
    let straddle = match waiting.straddle {
        Straddle::Split => "跨过等待期的住院按等待期前后拆开",
        Straddle::ByAdmission => "跨过等待期的住院以入院日为准",
    };
    let exempt = if exempt.is_empty() { String::new() } else { format!("；{}不等待", exempt.join("、")) };
    (format!("{who}等待{length}，等待期内{payers}不支付；{window}；{straddle}{exempt}{newborn}"), numbers)
}
