//! Sentences a village doctor can read out: what was paid by whom, and why the rest stays.

use mingbai_domain::Fen;

use crate::settle::{PayerAmount, Settlement};
use crate::vocabulary::Kind;

pub(crate) fn bill(kind: Kind, settlement: &Settlement) -> [String; 2] {
    let visit = match kind {
        Kind::Inpatient => "这次住院",
        Kind::HomeBed => "这次家庭病床",
        Kind::Observation => "这次急诊留观",
        Kind::ChronicOutpatient => "这次慢特病门诊",
        Kind::TwoDisease => "这次两病门诊",
        Kind::Outpatient => "这次门诊",
    };
    let mut shares: Vec<String> = paid(&settlement.payers);
    if settlement.hospital_borne > Fen::ZERO {
        shares.push(format!("医院承担{}元", settlement.hospital_borne));
    }
    let shares = if shares.is_empty() { "没有能报销的部分".to_owned() } else { shares.join("、") };
    let first = format!("{visit}一共花了{}元，{shares}，自己要付{}元。", settlement.total, settlement.personal);

    let outside = [
        ("不在医保目录的", settlement.ownpay),
        ("超过限价的", settlement.overlimit),
        ("按规定先由自己付的", settlement.preselfpay_personal),
    ];
    let mut reasons: Vec<String> = outside
        .iter()
        .filter(|(_, amount)| *amount > Fen::ZERO)
        .map(|(what, amount)| format!("{what}{amount}元"))
        .collect();
    if settlement.in_scope_personal > Fen::ZERO {
        reasons.push(format!("报销范围内要自己承担的{}元", settlement.in_scope_personal));
    }
    let mut second = if reasons.is_empty() {
        "这次不用自己负担费用".to_owned()
    } else {
        format!("自己负担的钱里，{}", reasons.join("，"))
    };
    if settlement.hospital_borne > Fen::ZERO && !reasons.is_empty() {
        second.push_str(&format!("，其中{}元由医院承担", settlement.hospital_borne));
    }
    second.push('。');
    [first, second]
}

pub(crate) fn annual(year: i32, payers: &[PayerAmount], left: Fen) -> String {
    let shares = paid(payers);
    let shares = if shares.is_empty() { "没有可支付的部分".to_owned() } else { shares.join("、") };
    format!("{year}年年终结算，{shares}，报销范围内全年还要自己承担{left}元。")
}

fn paid(payers: &[PayerAmount]) -> Vec<String> {
    payers
        .iter()
        .filter(|payer| payer.amount > Fen::ZERO)
        .map(|payer| format!("{}付了{}元", payer.label, payer.amount))
        .collect()
}
